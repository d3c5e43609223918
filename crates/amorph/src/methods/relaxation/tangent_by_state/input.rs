use super::TangentByState;
use super::algorithm::Curve;
use crate::core::data::Table;
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::loss_tangent::{SAME, TABLE};

/// What the method works on: one frequency after the other.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) frequencies: Vec<AtFrequency>,
    /// Which frequency the estimates belong to.
    pub(super) middle: usize,
    pub(super) notes: Vec<Note>,
}

/// The curves at one frequency.
#[derive(Debug, Clone)]
pub(super) struct AtFrequency {
    /// Hz.
    pub frequency: f64,
    /// Range that all curves have, K.
    pub range: (f64, f64),
    /// The state that the others are compared with.
    pub reference: State,
    pub states: Vec<State>,
}

/// Curves of the specimens of a state.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub name: String,
    pub curves: Vec<Curve>,
}

/// Fewest kelvins and readings to compare.
const FEWEST: usize = 5;

/// One specimen: its state, and its curves by frequency.
type Specimen = (String, Vec<(f64, Curve)>);

pub(super) fn input(parameters: &TangentByState, dataset: &Dataset) -> Result<Input, MethodError> {
    let specimens = specimens(dataset)?;
    let mut names: Vec<&String> = Vec::new();
    for (name, _) in &specimens {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let not_fitted = |reason: String| RelaxationError::NotFitted { what: "the comparison of states".to_owned(), reason };
    if names.len() < 2 {
        let what = "states with loss tangents (put relaxation.loss_tangent into `methods` of each)".to_owned();
        return Err(RelaxationError::TooFew { what, found: names.len(), needed: 2 }.into());
    }
    let reference = match &parameters.reference {
        None => names[0].clone(),
        Some(wanted) if names.contains(&wanted) => wanted.clone(),
        Some(wanted) => {
            let known = names.iter().map(|name| name.as_str()).collect::<Vec<&str>>().join(", ");
            return Err(not_fitted(format!("the reference '{wanted}' is none of the states {known}")).into());
        }
    };
    let mut notes = Vec::new();
    let mut frequencies = Vec::new();
    for (frequency, _) in specimens.iter().find(|(name, _)| *name == reference).map_or(&[][..], |(_, curves)| curves) {
        let close = |other: f64| (other / frequency - 1.0).abs() <= SAME;
        let of = |name: &String| -> Vec<Curve> {
            let own = specimens.iter().filter(|(state, _)| state == name);
            own.filter_map(|(_, curves)| curves.iter().find(|(other, _)| close(*other)).map(|(_, curve)| curve.clone()))
                .collect()
        };
        let state = |name: &String| State { name: name.clone(), curves: of(name) };
        let states: Vec<State> = names
            .iter()
            .filter(|name| ***name != reference)
            .map(|name| state(name))
            .filter(|state| !state.curves.is_empty())
            .collect();
        if states.is_empty() {
            continue;
        }
        let reference = state(&reference);
        let all = || states.iter().chain(std::iter::once(&reference)).flat_map(|state| &state.curves);
        let ends = |curve: &Curve| (curve.temperatures[0], curve.temperatures[curve.temperatures.len() - 1]);
        let lo = all().map(|curve| ends(curve).0).fold(f64::NEG_INFINITY, f64::max);
        let hi = all().map(|curve| ends(curve).1).fold(f64::INFINITY, f64::min);
        let range = (
            parameters.from.as_ref().map_or(lo, |from| from.value.max(lo)),
            parameters.to.as_ref().map_or(hi, |to| to.value.min(hi)),
        );
        let inside = |curve: &Curve| curve.temperatures.iter().filter(|t| (range.0..=range.1).contains(*t)).count();
        if all().any(|curve| inside(curve) < FEWEST) {
            let text = format!("at {frequency:.4} Hz the curves have fewer than {FEWEST} temperatures in common: not compared");
            notes.push(Note::warning("no_common_range", text));
            continue;
        }
        frequencies.push(AtFrequency { frequency: *frequency, range, reference, states });
    }
    if frequencies.is_empty() {
        let reason = "no frequency (to 2 %) has curves of two states that share a range of temperatures".to_owned();
        return Err(not_fitted(reason).into());
    }
    let middle = frequencies.len() / 2;
    Ok(Input { frequencies, middle, notes })
}

fn specimens(dataset: &Dataset) -> Result<Vec<Specimen>, MethodError> {
    let mut all = Vec::new();
    for upstream in dataset.upstream.iter().filter(|upstream| upstream.method == "relaxation.loss_tangent") {
        let Some(table) = upstream.outcome.table(TABLE) else { continue };
        let curves = curves(table)?;
        if !curves.is_empty() {
            all.push((upstream.state.clone(), curves));
        }
    }
    Ok(all)
}

/// Rows of a table, frequency by frequency as they were written.
fn curves(table: &Table) -> Result<Vec<(f64, Curve)>, MethodError> {
    let column = |name: &str| table.numbers(name).map(|(_, values)| values.to_vec());
    let (frequencies, temperatures) = (column("frequency")?, column("temperature")?);
    let (values, errors) = (column("loss_tangent")?, column("std_error")?);
    let mut curves: Vec<(f64, Curve)> = Vec::new();
    for (i, frequency) in frequencies.iter().enumerate() {
        if curves.last().is_none_or(|(last, _)| last != frequency) {
            curves.push((*frequency, Curve { temperatures: Vec::new(), values: Vec::new(), errors: Vec::new() }));
        }
        if let Some((_, curve)) = curves.last_mut() {
            curve.temperatures.push(temperatures[i]);
            curve.values.push(values[i]);
            curve.errors.push(errors[i]);
        }
    }
    Ok(curves)
}
