//! Estimates of every pair of states, the other routes to the same energy beside them, and the caveats.

use super::algorithm::{Carried, Measured};
use super::{Input, StateInput, TwoStateEnergy, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::{Unit, format_significant};
use crate::methods::afm::activation_energy::algorithm::{attempt_frequency, barrier_from_frequency};

const NO_INTERVAL: &str = "a state has neither three sites nor an image whose correlation length has an interval";

pub(super) fn outcome(method: &TwoStateEnergy, input: &Input) -> Outcome {
    let mut outcome = Outcome::default();
    let several = input.localised.len() > 1;
    for pair in &input.localised {
        let suffix = if several { format!("@{}", pair.state) } else { String::new() };
        let energy = input.model.energy(&pair.measured, &input.isotropic.measured);
        let range = input.model.interaction_length(&pair.measured, &input.isotropic.measured);
        let n = (pair.measured.n_sites + input.isotropic.measured.n_sites) as f64;
        let temperature = input.temperature.relative_error().unwrap_or(0.0);
        let found = estimate(&format!("two_state_energy{suffix}"), "ε", "J", &energy, n);
        outcome.estimates.push(with_systematic(found, energy.value * temperature));
        outcome.estimates.push(estimate(&format!("two_state_interaction_length{suffix}"), "λ", "m", &range, n));
        outcome.estimates.extend(barrier_ratio(method, &suffix, &energy, n));
        outcome.estimates.extend(against_known(input, pair, "localised", input.model.lower, &suffix));
        outcome.figures.push(figures::crossing(input, &pair.state, &pair.measured, &energy, &range));
        outcome.notes.extend(notes_of_pair(input, pair, &energy));
    }
    outcome.estimates.extend(against_known(input, &input.isotropic, "isotropic", input.model.upper, ""));
    outcome.tables = vec![states_table(input), routes_table(method, input)];
    outcome.notes.extend(notes(method, input));
    outcome
}

fn estimate(key: &str, symbol: &str, unit: &str, carried: &Carried, n: f64) -> Estimate {
    let basis = if carried.from_scatter { Basis::Replicate } else { Basis::Bootstrap };
    let estimate = match carried.interval {
        Some(interval) => Estimate::with_interval(key, symbol, carried.value, unit, interval, basis),
        None => Estimate::without_interval(key, symbol, carried.value, unit, NO_INTERVAL),
    };
    let estimate = estimate.n(n).flag("model_dependent");
    match carried.relative_error {
        Some(error) => estimate.std_error(carried.value * error),
        None => estimate,
    }
}

fn with_systematic(estimate: Estimate, systematic: f64) -> Estimate {
    if systematic > 0.0 { estimate.systematic_error(systematic) } else { estimate }
}

/// `ε/W` with the error of the given barrier as systematic.
fn barrier_ratio(method: &TwoStateEnergy, suffix: &str, energy: &Carried, n: f64) -> Option<Estimate> {
    let barrier = method.shear_transformation_barrier.as_ref()?;
    let scaled = |value: f64| value / barrier.value;
    let interval = energy.interval.map(|(lo, hi)| (scaled(lo), scaled(hi)));
    let ratio = Carried { value: scaled(energy.value), interval, ..*energy };
    let found = estimate(&format!("barrier_ratio{suffix}"), "ε/W", "", &ratio, n);
    Some(with_systematic(found, ratio.value * barrier.relative_error().unwrap_or(0.0)))
}

/// Dimension and ratio of lengths of one state at the known energy; the errors are those of the length of the state.
fn against_known(input: &Input, state: &StateInput, which: &str, dimension: f64, suffix: &str) -> Vec<Estimate> {
    let Some(known) = input.known_energy else { return Vec::new() };
    let scaling = &input.scaling;
    let (symbol, ratio_symbol) = if which == "localised" { ("d₂", "l_model/l₂") } else { ("d₃", "l_model/l₃") };
    let length = state.measured.length;
    let lowest = length.interval.map_or(length.length, |(lo, _)| lo);
    let mut found = Vec::new();
    if lowest > scaling.interaction_length && known > scaling.thermal_energy {
        let of_length = |length: f64| scaling.dimension(known, length);
        found.push(monotone(&format!("dimension_{which}{suffix}"), symbol, state, of_length));
    }
    let predicted = scaling.length_from_energy(known, dimension);
    found.push(monotone(&format!("length_ratio_{which}{suffix}"), ratio_symbol, state, |length| predicted / length));
    found
}

/// A falling function of the length of one state.
fn monotone(key: &str, symbol: &str, state: &StateInput, f: impl Fn(f64) -> f64) -> Estimate {
    let Measured { length, n_sites } = state.measured;
    let value = f(length.length);
    let slope = (f(length.length * 1.0001) - f(length.length * 0.9999)) / (2e-4 * value);
    let carried = Carried {
        value,
        relative_error: length.relative_error.map(|error| (slope * error).abs()),
        interval: length.interval.map(|(lo, hi)| (f(hi), f(lo))),
        from_scatter: length.from_scatter,
    };
    estimate(key, symbol, "", &carried, n_sites as f64)
}

fn states_table(input: &Input) -> Table {
    let states: Vec<(&StateInput, f64)> = std::iter::once((&input.isotropic, input.model.upper))
        .chain(input.localised.iter().map(|state| (state, input.model.lower)))
        .collect();
    let column = |of: &dyn Fn(&Measured) -> f64| states.iter().map(|(state, _)| of(&state.measured)).collect::<Vec<f64>>();
    Table::new("two_state_lengths", "Correlation length of the states (geometric mean over sites)")
        .with_text("state", states.iter().map(|(state, _)| state.state.clone()).collect())
        .with_numbers("dimension assumed", "", states.iter().map(|(_, dimension)| *dimension).collect())
        .with_numbers("sites", "", column(&|m| m.n_sites as f64))
        .with_numbers("correlation_length", "m", column(&|m| m.length.length))
        .with_numbers("interval_lo", "m", column(&|m| m.length.interval.map_or(f64::NAN, |(lo, _)| lo)))
        .with_numbers("interval_hi", "m", column(&|m| m.length.interval.map_or(f64::NAN, |(_, hi)| hi)))
}

/// One route to the energy of the elementary event.
struct Route {
    name: String,
    energy: f64,
    /// What it assumes of the interaction length, m.
    interaction_length: f64,
    /// Attempt frequency that it assumes, or that its energy implies at the frequency of the tip, 1/s.
    attempt_frequency: f64,
    assumes: String,
}

/// Every route to the energy that the inputs allow, each with its attempt frequency.
fn routes_table(method: &TwoStateEnergy, input: &Input) -> Table {
    let thermal = input.scaling.thermal_energy;
    let tapping = method.measurement_frequency.as_ref().map(|f| f.value);
    let implied = |energy: f64| tapping.map_or(f64::NAN, |f| attempt_frequency(thermal, energy, f));
    let mut routes = Vec::new();
    for pair in &input.localised {
        let energy = input.model.energy(&pair.measured, &input.isotropic.measured).value;
        routes.push(Route {
            name: format!("two states: {} and {}", pair.state, input.isotropic.state),
            energy,
            interaction_length: input.model.interaction_length(&pair.measured, &input.isotropic.measured).value,
            attempt_frequency: implied(energy),
            assumes: "same ε and λ in both states, dimensions".to_owned(),
        });
    }
    let one_state = |state: &StateInput, dimension: f64| {
        let energy = input.scaling.energy_from_length(state.measured.length.length, dimension);
        Route {
            name: format!("one state: {}", state.state),
            energy,
            interaction_length: input.scaling.interaction_length,
            attempt_frequency: implied(energy),
            assumes: format!("λ = {}, d = {dimension}", method.interaction_length),
        }
    };
    routes.push(one_state(&input.isotropic, input.model.upper));
    routes.extend(input.localised.iter().map(|state| one_state(state, input.model.lower)));
    if let (Some(attempt), Some(tapping)) = (&method.attempt_frequency, tapping) {
        routes.push(Route {
            name: "frequency of the tip".to_owned(),
            energy: barrier_from_frequency(thermal, attempt.value, tapping),
            interaction_length: f64::NAN,
            attempt_frequency: attempt.value,
            assumes: format!(
                "ω = {attempt}: a factor of 10 in it is {:.3} eV",
                Unit::of("eV").convert_si(thermal * 10f64.ln())
            ),
        });
    }
    routes.extend(input.known_energy.map(|energy| known_route(method, energy, implied(energy))));
    let column = |of: &dyn Fn(&Route) -> f64| routes.iter().map(of).collect::<Vec<f64>>();
    Table::new("energy_routes", "Routes to the activation energy")
        .with_text("route", routes.iter().map(|route| route.name.clone()).collect())
        .with_numbers("energy", "J", column(&|route| route.energy))
        .with_numbers("interaction_length", "m", column(&|route| route.interaction_length))
        .with_numbers("attempt_frequency", "1/s", column(&|route| route.attempt_frequency))
        .with_text("assumes", routes.iter().map(|route| route.assumes.clone()).collect())
}

fn known_route(method: &TwoStateEnergy, energy: f64, implied: f64) -> Route {
    let assumes = match (&method.reference_energy, &method.reference_frequency, &method.measurement_frequency) {
        (Some(energy), Some(f1), Some(f2)) => format!("{energy} at {f1}, converted to {f2}"),
        _ => "as stated, not converted: give both frequencies".to_owned(),
    };
    Route { name: "reference energy".to_owned(), energy, interaction_length: f64::NAN, attempt_frequency: implied, assumes }
}

fn notes_of_pair(input: &Input, pair: &StateInput, energy: &Carried) -> Vec<Note> {
    let mut notes = Vec::new();
    if pair.measured.length.length < input.isotropic.measured.length.length {
        let message = format!(
            "the length of '{}' is below that of '{}': the energy comes out below kT and has no meaning. Either the dimensions are \
             assigned the wrong way round, or the states differ in energy",
            pair.state, input.isotropic.state
        );
        notes.push(Note::warning("energy_below_thermal", message));
    } else if energy.interval.is_some_and(|(lo, _)| lo < input.model.thermal_energy) {
        let message =
            format!("the interval of the energy of '{}' reaches below kT: the two lengths are not resolved", pair.state);
        notes.push(Note::warning("lengths_not_resolved", message));
    }
    notes
}

fn notes(method: &TwoStateEnergy, input: &Input) -> Vec<Note> {
    let mut notes = vec![Note::warning(
        "model_dependent",
        format!(
            "the energy follows from one power law (a = {}), dimensions {} and {} that the maps do not decide, and the same energy and \
             interaction length in all states; one per cent in the ratio of lengths is {:.1} % in the energy",
            method.exponent,
            input.model.lower,
            input.model.upper,
            input.model.power()
        ),
    )];
    if let Some(known) = input.known_energy {
        let ratio = |state: &StateInput, d: f64| input.scaling.length_from_energy(known, d) / state.measured.length.length;
        let localised = input.localised.iter().map(|state| ratio(state, input.model.lower));
        let ratios: Vec<String> = std::iter::once(ratio(&input.isotropic, input.model.upper))
            .chain(localised)
            .map(|ratio| format_significant(ratio, 3))
            .collect();
        notes.push(Note::info(
            "ratio_instead_of_agreement",
            format!(
                "with {:.3} eV and an interaction length of {} the model predicts {} times the measured lengths. Lu et al. call factors of \
                 1.27 and 1.22 very good agreement",
                Unit::of("eV").convert_si(known),
                method.interaction_length,
                ratios.join(" and ")
            ),
        ));
    }
    let states = input.localised.iter().chain(std::iter::once(&input.isotropic));
    let few: Vec<&str> = states.filter(|s| !s.measured.length.from_scatter).map(|s| s.state.as_str()).collect();
    if !few.is_empty() {
        notes.push(Note::warning(
            "few_sites",
            format!(
                "fewer than 3 sites in {}: the interval is that of the image(s) and knows nothing of the variation between sites",
                few.join(", ")
            ),
        ));
    }
    notes
}
