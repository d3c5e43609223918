//! Yang et al. 2014 (rows Y12).

use super::Table;
use crate::theory::activation_volume::{activation_probability, activation_volume_density};
use crate::theory::elasticity_and_yield::pillar_stress;
use crate::theory::instruments::samples_in_event;
use crate::theory::numerics::integral_to_infinity;
use crate::theory::resistivity::{cylinder_resistance, kato_expansion, strain_coefficient};
use crate::theory::transition_kinetics::{barrier_from_duration, stress_bias, two_state_transition};
use crate::theory::{TheoryError, constants::BOLTZMANN};

/// Diameter at which all loads and stresses of the paper agree.
const DIAMETER: f64 = 2.074e-6;
/// Temperature at which the paper's energy is computed, K.
const TEMPERATURE: f64 = 300.0;
const MILLISECOND: f64 = 1e-3;
/// Half of 296 MPa, and 100 Å^3.
const BIAS: (f64, f64) = (148e6, 100e-30);

pub(super) fn add(table: &mut Table) {
    for load in [1000.0, 2000.0, 2500.0, 7000.0] {
        table.add(format!("Y12.stress.{load}uN"), move |_| pillar_stress(load * 1e-6, DIAMETER));
    }
    table.add("Y12.kato", |_| kato_expansion(700.0));
    for (name, attempts) in [("debye", 1.5e13), ("implied", 1.25e11)] {
        table.add(format!("Y12.DG.{name}"), move |_| barrier_from_duration(MILLISECOND, TEMPERATURE, attempts));
    }
    let (stress, volume) = BIAS;
    table.add("Y12.tauVkT", move |a| stress_bias(stress, volume, a.temperature));
    // The steady state does not depend on barrier and attempts.
    table.add("Y12.pss", move |a| Ok(two_state_transition(0.0, 0.0, 0.0, volume, stress, a.temperature, 1.0)?.steady_state));
    table.add("Y12.eq4", |a| equation_four(a.temperature));
    table.add("Y12.strain.coef", |_| strain_coefficient(1.0 / 3.0));
    table.add("Y12.Rpillar", |_| Ok(5.0 / cylinder_resistance(2e-6, 5e-6, 2e-6)?));
    table.add("Y12.dur.samples", |_| samples_in_event(MILLISECOND, 1e3));
}

/// Relative difference between eq. 4 and the integral that it is.
fn equation_four(temperature: f64) -> Result<f64, TheoryError> {
    let (mean, share, stress) = (20e-30, 0.2, 148e6);
    let from = 2.0 * mean;
    let closed = activation_probability(from, mean, mean, share, stress, temperature)?.probability;
    let integral = integral_to_infinity(|excess| {
        let volume = from + mean * excess;
        let density = activation_volume_density(volume, mean, mean, share).unwrap_or(0.0);
        mean * density * stress * volume / (BOLTZMANN * temperature)
    });
    Ok((integral / closed - 1.0).abs())
}
