//! Estimates with intervals carried through the power law, the comparison with Table 1 of Lu et al., and the caveats.

use super::algorithm::barrier_from_frequency;
use super::sites::{StateLength, combine};
use super::{ActivationEnergy, ActivationEnergyError, Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::method::MethodError;

const NO_INTERVAL: &str = "the correlation length of the state has no interval";

pub(super) fn outcome(method: &ActivationEnergy, input: &Input) -> Result<Outcome, MethodError> {
    let state = combine(&input.sites).ok_or(ActivationEnergyError::NoCorrelationLength { n_outcomes: 0 })?;
    let mut estimates = Vec::new();
    for &dimension in &method.dimensions {
        estimates.push(energy(method, input, &state, dimension));
    }
    estimates.push(from_interval(input, &state, "correlation_length", "ξ", "m", |length| length));
    for &dimension in &method.dimensions {
        let (key, symbol) = if dimension == 2 { ("event_particles_2d", "N₂*") } else { ("event_particles_3d", "N₃*") };
        let particles = |length: f64| (length / input.scaling.interaction_length).powi(i32::from(dimension));
        estimates.push(from_interval(input, &state, key, symbol, "", particles).flag("model_dependent"));
    }
    estimates.extend(other_routes(method, input, &state));
    Ok(Outcome {
        figures: vec![figures::length_against_energy(method, input, &state)],
        notes: notes(method, input, &state),
        tables: vec![sites_table(input), length_table(input, &state)],
        estimates,
        ..Outcome::default()
    })
}

/// A function of the length that rises or falls throughout: its interval is that of the length, transformed.
fn from_interval(input: &Input, state: &StateLength, key: &str, symbol: &str, unit: &str, f: impl Fn(f64) -> f64) -> Estimate {
    let value = f(state.length);
    let basis = if state.from_scatter { Basis::Replicate } else { Basis::Bootstrap };
    let interval = state.interval.map(|(lo, hi)| (f(lo), f(hi))).filter(|(a, b)| a.is_finite() && b.is_finite());
    let estimate = match interval {
        Some((a, b)) => Estimate::with_interval(key, symbol, value, unit, (a.min(b), a.max(b)), basis),
        None => Estimate::without_interval(key, symbol, value, unit, NO_INTERVAL),
    };
    let relative_slope = (f(state.length * 1.0001) - f(state.length * 0.9999)) / 2e-4;
    let estimate = estimate.n(input.sites.len() as f64);
    match state.relative_error {
        Some(error) => estimate.std_error((relative_slope * error).abs()),
        None => estimate,
    }
}

fn energy(method: &ActivationEnergy, input: &Input, state: &StateLength, dimension: u8) -> Estimate {
    let (key, symbol) = if dimension == 2 { ("activation_energy_2d", "ε₂") } else { ("activation_energy_3d", "ε₃") };
    let d = f64::from(dimension);
    let estimate = from_interval(input, state, key, symbol, "J", |length| input.scaling.energy_from_length(length, d));
    let power = input.scaling.power(d);
    let from_range = power * method.interaction_length.relative_error().unwrap_or(0.0);
    let from_temperature = input.temperature.relative_error().unwrap_or(0.0);
    let systematic = estimate.value * from_range.hypot(from_temperature);
    let estimate = estimate.flag("model_dependent");
    if systematic > 0.0 { estimate.systematic_error(systematic) } else { estimate }
}

fn other_routes(method: &ActivationEnergy, input: &Input, state: &StateLength) -> Vec<Estimate> {
    let thermal = input.scaling.thermal_energy;
    let mut found = Vec::new();
    if let Some(known) = method.known_energy(thermal) {
        let resolvable = state.interval.is_none_or(|(lo, _)| lo > input.scaling.interaction_length);
        if resolvable && state.length > input.scaling.interaction_length && known > thermal {
            let dimension = |length: f64| input.scaling.dimension(known, length);
            found.push(from_interval(input, state, "event_dimension", "d", "", dimension).flag("model_dependent"));
        }
        let why = "computed from the stated energy and frequencies";
        let key = "reference_energy_at_measurement_frequency";
        found.push(Estimate::without_interval(key, "ε_ref", known, "J", why));
    }
    if let (Some(attempt), Some(frequency)) = (&method.attempt_frequency, &method.measurement_frequency) {
        let barrier = barrier_from_frequency(thermal, attempt.value, frequency.value);
        let why = "computed from the stated frequencies";
        found.push(Estimate::without_interval("barrier_from_frequency", "ΔG", barrier, "J", why).flag("model_dependent"));
    }
    found
}

fn sites_table(input: &Input) -> Table {
    let column = |value: fn(&super::SiteLength) -> f64| input.sites.iter().map(value).collect();
    Table::new("sites", "Correlation length of each site")
        .with_text("item", input.sites.iter().map(|site| site.item.clone()).collect())
        .with_numbers("correlation_length", "m", column(|site| site.length))
        .with_numbers("interval_lo", "m", column(|site| site.interval.map_or(f64::NAN, |(lo, _)| lo)))
        .with_numbers("interval_hi", "m", column(|site| site.interval.map_or(f64::NAN, |(_, hi)| hi)))
}

/// Table 1 of Lu et al. 2016 with the temperature and interaction length of this state, beside the measured length.
fn length_table(input: &Input, state: &StateLength) -> Table {
    let energies: Vec<f64> = (3..=10).map(|tenths| Unit::of("eV").to_si(f64::from(tenths) / 10.0)).collect();
    let lengths = |d: f64| energies.iter().map(|&energy| input.scaling.length_from_energy(energy, d)).collect::<Vec<f64>>();
    let ratio = |d: f64| lengths(d).iter().map(|length| length / state.length).collect();
    Table::new("length_at_energy", "Length that the model gives for an energy, and its ratio to the measured length")
        .with_numbers("activation_energy", "J", energies.clone())
        .with_numbers("length_2d", "m", lengths(2.0))
        .with_numbers("length_3d", "m", lengths(3.0))
        .with_numbers("ratio_2d", "", ratio(2.0))
        .with_numbers("ratio_3d", "", ratio(3.0))
}

fn notes(method: &ActivationEnergy, input: &Input, state: &StateLength) -> Vec<Note> {
    let scaling = &input.scaling;
    let half_ev = Unit::of("eV").to_si(0.5);
    let model = |d: f64| scaling.length_from_energy(half_ev, d) * 1e9;
    let mut notes = vec![Note::warning(
        "model_dependent",
        format!(
            "the energy follows from one power law with an assumed interaction length ({}) and exponent ({}); a tenth in the length is {:.0} % \
             in the energy for d = 2 and {:.0} % for d = 3",
            method.interaction_length,
            method.exponent,
            10.0 * scaling.power(2.0),
            10.0 * scaling.power(3.0)
        ),
    )];
    notes.push(Note::info(
        "ratio_instead_of_agreement",
        format!(
            "for 0.5 eV the model gives {:.2} nm (d = 3) and {:.2} nm (d = 2); the measured {:.2} nm differs by factors {:.2} and {:.2}. Lu et al. \
             call factors of 1.27 and 1.22 very good agreement; the map alone does not decide the dimension",
            model(3.0),
            model(2.0),
            state.length * 1e9,
            model(3.0) / (state.length * 1e9),
            model(2.0) / (state.length * 1e9)
        ),
    ));
    if method.interaction_length.std_error.is_none() {
        let message = "the interaction length has no stated error, so the systematic error of the energy lacks its main part; write \"1.0 +- 0.2 nm\"";
        notes.push(Note::warning("interaction_length_without_error", message));
    }
    if state.length < scaling.interaction_length {
        let message =
            "the correlation length is below the interaction length: the energy comes out below kT and has no meaning";
        notes.push(Note::warning("energy_below_thermal", message));
    }
    if !state.from_scatter {
        let n = input.sites.len();
        notes.push(Note::warning(
            "few_sites",
            format!("{n} site(s): the interval is that of the image(s) and knows nothing of the variation between sites; measure at least 3, better 10"),
        ));
    }
    notes
}
