//! Idrissi et al. 2019.

use super::Table;
use crate::theory::TheoryError;
use crate::theory::activation_volume::{
    activation_volume, log_law_rate, log_law_strain, sphere_diameter, stress_after, stz_volume, stz_volume_ratio,
};
use crate::theory::elasticity_and_yield::{
    elastic_yield_strain, isotropic_constants, johnson_samwer_yield, shear_yield_strain,
};
use crate::theory::instruments::{binomial_error, electron_wavelength, probe_size, raster_patterns, z_contrast_density_ratio};

const SENSITIVITY: f64 = 0.03;
const YIELD_STRESS: f64 = 3.25e9;
const YOUNG: f64 = 72e9;
const POISSON: f64 = 0.40;
/// Two hours and 51 days, s.
const TIMES: (f64, f64) = (2.0 * 3600.0, 51.0 * 86_400.0);
const LAST_RATE: f64 = 1e-9;
const VOLTAGE: f64 = 200e3;

pub(super) fn add(table: &mut Table) {
    for (name, factor) in [("3.06", 3.06), ("sqrt3", 3f64.sqrt()), ("1", 1.0)] {
        table.add(format!("I19.V.M{name}"), move |a| activation_volume(SENSITIVITY, YIELD_STRESS, a.temperature, factor));
    }
    for volume in [100.0, 200.0] {
        table.add(format!("I19.STZ.{volume}"), move |_| stz_volume(volume * 1e-30, 10.0));
    }
    for volume in [1.0, 2.0] {
        table.add(format!("I19.STZ.length.{volume}"), move |_| sphere_diameter(volume * 1e-27));
    }
    let (first, last) = TIMES;
    // rate = (A1/L)/t, read backwards.
    let slope = move || Ok::<f64, TheoryError>(LAST_RATE / log_law_rate(1.0, last)?);
    table.add("I19.A1L", move |_| slope());
    table.add("I19.rate2h", move |_| log_law_rate(slope()?, first));
    table.add("I19.straingain", move |_| log_law_strain(slope()?, first, last));
    table.add("I19.drop", move |_| Ok(stress_after(YIELD_STRESS, first, last, SENSITIVITY)? / YIELD_STRESS));
    table.add("I19.G", |_| Ok(isotropic_constants(YOUNG, POISSON)?.shear_modulus));
    table.add("I19.B", |_| Ok(isotropic_constants(YOUNG, POISSON)?.bulk_modulus));
    table.add("I19.elastic", |_| elastic_yield_strain(YIELD_STRESS, YOUNG));
    table.add("I19.lambda", |_| electron_wavelength(VOLTAGE));
    table.add("I19.probe", |_| probe_size(VOLTAGE, 3.8e-3));
    table.add("I19.patterns", |_| raster_patterns(4e-9, 0.4e-9, 4.0 * 8.0));
    table.add("I19.hadf", |_| z_contrast_density_ratio(28.0, 40.0, 1.7));
    table.add("I19.binom", |_| binomial_error(0.5, 800.0));
    table.add("I19.X11", |_| shear_yield_strain(YIELD_STRESS, 25.714e9));
    table.add("Q19.pan.Rroot", |a| {
        // The stress of yielding at 0.47 Tg, over the strength without thermal agitation.
        let stress_ratio = johnson_samwer_yield(0.47, 1.0, 0.036, 0.016)? / 0.036;
        stz_volume_ratio(0.25, a.zeta, a.critical_strain, 1.0 / 0.036, stress_ratio)
    });
}
