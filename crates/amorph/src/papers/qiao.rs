//! Qiao et al. 2019, but for Table 1.

use super::Table;
use crate::theory::constants::ELEMENTARY_CHARGE as EV;
use crate::theory::cooperativity::donth_berthier_ratio;
use crate::theory::defects::{annealed_fraction, defect_density_slope, interstitialcy_concentration};
use crate::theory::ductility::modulus_ratio;
use crate::theory::elasticity_and_yield::{csm_barrier, csm_volume, hertz_depth, johnson_samwer_yield, young_modulus};
use crate::theory::energy_and_length::barrier_ratio;
use crate::theory::flow_instability::meniscus_wavelength_printed;
use crate::theory::relaxation_rules::{
    attempt_time_from_peak, energy_from_glass_transition, fast_beta_frequency, fast_beta_frequency_printed, fast_beta_rule,
    fragility_from_energy, maxwell_modulus, maxwell_time, peak_energy, peak_frequency,
};
use crate::theory::rfot::{rfot_bead_volume, rfot_kappa, rfot_modulus};
use crate::theory::two_phase::{activated_fraction, coupling_from_modulus_loss, modulus_coupling};
use crate::theory::viscoelastic_functions::{
    havriliak_negami_loss_peak, high_frequency_exponent, kww_loss_peak, stretching_from_havriliak_negami,
};

/// Shape of the loss peak of metallic glasses after Havriliak and Negami.
const HN: (f64, f64) = (0.95, 0.41);
/// Printed factor between the cooperative numbers.
pub(super) const PRINTED_FACTOR: f64 = 6.45;
/// Shear moduli, Pa: Vitreloy-like glasses, Vit105, the film of Idrissi et al.
const MODULI: (f64, f64, f64) = (37e9, 30e9, 25.714e9);
const KATO: (f64, f64, f64) = (0.04 * EV, 548.0, 1e14);

pub(super) fn add(table: &mut Table) {
    relaxation(table);
    spectra(table);
    cooperative_shear(table);
    defects(table);
    liquid_like_regions(table);
    strength_and_flow(table);
}

fn relaxation(table: &mut Table) {
    for multiple in [50.0, 170.0] {
        table.add(format!("Q19.fragility.{multiple}"), move |_| {
            fragility_from_energy(energy_from_glass_transition(multiple, 700.0)?, 700.0)
        });
        for tg in [461.0, 700.0] {
            table.add(format!("Q19.Ealpha.{tg}.{multiple}"), move |_| energy_from_glass_transition(multiple, tg));
        }
    }
    for tg in [461.0, 700.0] {
        table.add(format!("Q19.Ebeta.{tg}"), move |a| energy_from_glass_transition(a.beta_multiple, tg));
    }
    table.add("Q19.Ebeta.Tg05", |a| Ok(0.5 * EV / energy_from_glass_transition(a.beta_multiple, 1.0)?));
    table.add("Q19.etaTg", |_| maxwell_modulus(1e12, 100.0));
    table.add("X18", |_| maxwell_time(1e12, MODULI.1));
    let (energy, temperature, prefactor) = KATO;
    table.add("Q19.kato", move |_| fast_beta_frequency(energy, temperature, prefactor));
    table.add("Q19.kato.2pi", move |_| fast_beta_frequency(energy, temperature, std::f64::consts::TAU * prefactor));
    table.add("Q19.kato.plus", move |_| fast_beta_frequency_printed(energy, temperature, prefactor));
    table.add("Q19.fast.lo", |_| barrier_ratio(0.25 * EV, 0.05 * EV));
    table.add("Q19.fast.hi", |_| barrier_ratio(0.25 * EV, 0.03 * EV));
    table.add("Q19.fastbeta.f298", |a| {
        peak_frequency(fast_beta_rule(energy_from_glass_transition(a.beta_multiple, 461.0)?, 0.5)?, a.temperature, 1e-14)
    });
    table.add("Q19.fastbeta.X2", |_| peak_energy(1.0, 0.40 * 461.0, 1e-14));
    table.add("Q19.tau0.250K", |_| attempt_time_from_peak(EV, 1.0, 250.0));
    for energy in [3.7, 1.7] {
        table.add(format!("Q19.nanowire.{energy}"), move |_| fragility_from_energy(energy * EV, 507.0));
    }
}

fn spectra(table: &mut Table) {
    for beta in [0.3, 0.5, 0.7, 1.0] {
        table.add(format!("Q19.KWW.peak.b{beta:.1}"), move |_| Ok(kww_loss_peak(beta)?.position));
        table.add(format!("Q19.KWW.height.b{beta:.1}"), move |_| Ok(kww_loss_peak(beta)?.height));
        table.add(format!("Q19.KWW.fwhm.b{beta:.1}"), move |_| Ok(kww_loss_peak(beta)?.width));
    }
    table.add("Q19.HN.wing", |_| high_frequency_exponent(HN.0, HN.1));
    table.add("Q19.HN.peak", |_| Ok(havriliak_negami_loss_peak(HN.0, HN.1)?.position));
    table.add("Q19.HNKWW", |_| stretching_from_havriliak_negami(high_frequency_exponent(HN.0, HN.1)?));
}

fn cooperative_shear(table: &mut Table) {
    const CUBIC_NANOMETRE: f64 = 1e-27;
    table.add("Q19.CSM.pernm3", |a| Ok(csm_barrier(MODULI.0, a.critical_strain, a.zeta, CUBIC_NANOMETRE)? / CUBIC_NANOMETRE));
    table.add("Q19.CSM.volume", |a| {
        csm_volume(energy_from_glass_transition(a.beta_multiple, 623.0)?, MODULI.0, a.critical_strain, a.zeta)
    });
    for energy in [0.3, 0.5] {
        table.add(format!("Q19.X3.{energy}"), move |a| csm_volume(energy * EV, MODULI.2, a.critical_strain, a.zeta));
    }
    for nu in [0.31, 0.32] {
        table.add(format!("Q19.GB.{nu}"), move |_| modulus_ratio(nu));
    }
    for tg in [461.0, 623.0, 673.0, 750.0] {
        table.add(format!("Q19.JS.{tg}"), move |a| johnson_samwer_yield(a.temperature, tg, 0.036, 0.016));
    }
}

fn defects(table: &mut Table) {
    for (name, ratio) in [("0.8", 0.8), ("0.6", 0.6), ("D22", 0.9)] {
        table.add(format!("Q19.interst.{name}"), move |_| interstitialcy_concentration(1.0, ratio, 1.0, 20.0));
    }
    for name in ["slope", "meas"] {
        table.add(format!("Q19.density.{name}"), |_| defect_density_slope(1.6, 1.0, 17.0));
    }
    table.add("Q19.dcfrac", |_| annealed_fraction(0.0023, 0.0112));
    table.add("Q19.dcfrac.hi", |_| annealed_fraction(0.0023, 0.0255));
}

fn liquid_like_regions(table: &mut Table) {
    table.add("Q19.STZ10", |_| activated_fraction(0.01, 0.243));
    table.add("Q19.relax.alpha", |_| coupling_from_modulus_loss(0.24));
    // α is proportional to β.
    table.add("Q19.relax.beta", |a| {
        Ok(coupling_from_modulus_loss(0.24)? / modulus_coupling(MODULI.1, 1.0, 1e-27, a.temperature)?)
    });
    // As printed; nothing to compute but its place against the limit.
    table.add("Q19.NG", |_| Ok(0.29));
    table.add("Q19.Trg", |_| Ok(553.0 / 0.8));
    table.add("Q19.isoset", |_| Ok((718.0 - 638.0) / 5.0 + 1.0));
    table.add("Q19.645", |_| donth_berthier_ratio(1.0, 1.0, 1.07));
    let width = std::f64::consts::E / PRINTED_FACTOR.sqrt();
    for product in [0.07, 0.14] {
        table.add(format!("Q19.ratio.{product}"), move |_| donth_berthier_ratio(product, 1.0, width));
    }
}

fn strength_and_flow(table: &mut Table) {
    table.add("Q19.hertz", |_| hertz_depth(800e-6, 2e-6, MODULI.1, 0.363));
    table.add("Q19.vit105.E", |_| young_modulus(MODULI.1, 0.363));
    for modulus in [40.0, 70.0] {
        for opening in [0.1, 0.4] {
            table.add(format!("Q19.meniscus.E{modulus}.d{opening}"), move |_| {
                meniscus_wavelength_printed(1.0, opening * 1e-9, modulus * 1e9)
            });
        }
    }
    table.add("Q19.kappa", |_| rfot_kappa(0.3));
    table.add("Q19.kappa.04", |_| rfot_kappa(0.4));
    table.add("Q19.G55", |_| rfot_modulus(937.0, 1700e-30));
    table.add("Q19.bead", |_| rfot_bead_volume(937.0, MODULI.0));
}
