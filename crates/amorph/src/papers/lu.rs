//! Lu et al. 2016.

use super::{Assumptions, Table};
use crate::theory::constants::ELEMENTARY_CHARGE as EV;
use crate::theory::elasticity_and_yield::punch_pressure;
use crate::theory::energy_and_length::{lu_consistency, lu_dimension, lu_energy, lu_length, lu_particles, lu_two_state};
use crate::theory::instruments::{tapping_dissipation, tapping_energy_scale, tapping_force_scale};
use crate::theory::transition_kinetics::{attempt_frequency_from_barrier, barrier_shift};
use crate::theory::{Given, TheoryError, find, propagate};

const AS_DEPOSITED: f64 = 4.10e-9;
const AS_DEPOSITED_ERROR: f64 = 0.05e-9;
const AFTER_40_MN: f64 = 9.27e-9;
const AFTER_3_N: f64 = 9.70e-9;
/// Energy by cyclic indentation, and its frequency.
const INDENTATION: (f64, f64) = (0.62 * EV, 1e3);
/// Spring constant, quality factor, free amplitude, set point.
const TAPPING: [f64; 4] = [40.0, 700.0, 20e-9, 3e-9];

pub(super) fn add(table: &mut Table) {
    for d in [2.0, 3.0] {
        for tenths in 3..=10u8 {
            let energy = f64::from(tenths) / 10.0;
            table.add(format!("L16.table1.d{d}.eps{energy:.1}"), move |a| length(a, energy * EV, d));
        }
    }
    table.add("L16.eps.asdep", |a| energy(a, AS_DEPOSITED, 3.0));
    table.add("L16.eps.40mN", |a| energy(a, AFTER_40_MN, 2.0));
    table.add("L16.eps.3N", |a| energy(a, AFTER_3_N, 2.0));
    table.add("L16.eps.asdep.se", error_of_energy);
    for (state, lower) in [("40mN", AFTER_40_MN), ("3N", AFTER_3_N)] {
        let shared = move |a: &Assumptions| lu_two_state(AS_DEPOSITED, lower, a.temperature, 3.0, 2.0, a.size_exponent);
        table.add(format!("L16.twostate.eps.{state}"), move |a| Ok(shared(a)?.energy));
        table.add(format!("L16.twostate.lambda.{state}"), move |a| Ok(shared(a)?.interaction_length));
    }
    let (barrier, frequency) = INDENTATION;
    table.add("L16.eps100kHz", move |a| barrier_shift(barrier, frequency, 1e5, a.temperature));
    table.add("L16.eps300kHz", move |a| barrier_shift(barrier, frequency, 3e5, a.temperature));
    table.add("L16.omega", move |a| attempt_frequency_from_barrier(barrier, frequency, a.temperature));
    table.add("L16.Nstar", |a| lu_particles(0.5 * EV, a.temperature, a.size_exponent));
    for (state, measured, d) in [("asdep", AS_DEPOSITED, 3.0), ("3N", AFTER_3_N, 2.0)] {
        let of = move |a: &Assumptions| lu_dimension(0.5 * EV, measured, a.temperature, a.interaction_length, a.size_exponent);
        table.add(format!("L16.dim.{state}"), of);
        table.add(format!("L16.ratio.{state}"), move |a| {
            lu_consistency(0.5 * EV, measured, a.temperature, a.interaction_length, d, a.size_exponent)
        });
    }
    let [stiffness, quality, free, setpoint] = TAPPING;
    table.add("L16.Edis.prefactor", move |_| tapping_energy_scale(stiffness, quality, free, setpoint));
    table.add("L16.Edis.max", move |_| tapping_dissipation(stiffness, quality, free, setpoint, std::f64::consts::FRAC_PI_2));
    table.add("L16.F0", move |_| tapping_force_scale(stiffness, quality, free));
    table.add("L16.punch.40mN", |_| punch_pressure(40e-3, 5e-6));
    table.add("L16.punch.3N", |_| punch_pressure(3.0, 5e-6));
}

fn length(a: &Assumptions, energy: f64, dimension: f64) -> Result<f64, TheoryError> {
    lu_length(energy, a.temperature, a.interaction_length, dimension, a.size_exponent)
}

fn energy(a: &Assumptions, length: f64, dimension: f64) -> Result<f64, TheoryError> {
    lu_energy(length, a.temperature, a.interaction_length, dimension, a.size_exponent)
}

/// Standard error of the energy by the error of the length alone.
fn error_of_energy(a: &Assumptions) -> Result<f64, TheoryError> {
    let Some(model) = find("lu_energy") else { return Ok(f64::NAN) };
    let exact = [a.temperature, a.interaction_length, 3.0, a.size_exponent].map(Given::exact);
    let given = [&[Given::with_error(AS_DEPOSITED, AS_DEPOSITED_ERROR)][..], &exact[..]].concat();
    let result = propagate(model, &given, 0)?;
    Ok(result.estimates.first().and_then(|estimate| estimate.std_error).unwrap_or(f64::NAN))
}
