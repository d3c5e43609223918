use super::algorithm::Point;
use super::{NoRelation, Relation};
use crate::core::outcome::{Estimate, Note};
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Fact, MethodError, Upstream};

/// Fewest states.
const FEWEST: usize = 4;

/// What [`Relation`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) points: Vec<Point>,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) notes: Vec<Note>,
}

/// One of the two quantities.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    /// Its key.
    pub key: String,
    /// SI unit.
    pub unit: Unit,
    pub logarithmic: bool,
}

impl Axis {
    /// For people: `fragility index`.
    pub fn name(&self) -> String {
        self.key.replace('_', " ")
    }
}

/// A number of a state, in SI, with its standard error.
struct Value {
    state: String,
    value: f64,
    error: f64,
}

pub(super) fn input(method: &Relation, dataset: &Dataset) -> Result<Input, MethodError> {
    let x = values("x", &method.x, dataset)?;
    let y = values("y", &method.y, dataset)?;
    let mut notes = Vec::new();
    let mut points = Vec::new();
    let axis =
        |(key, unit, _): &(String, Unit, Vec<Value>), logarithmic| Axis { key: key.clone(), unit: unit.clone(), logarithmic };
    let (x_axis, y_axis) = (axis(&x, method.x_logarithmic), axis(&y, method.y_logarithmic));
    for own in &x.2 {
        let Some(other) = y.2.iter().find(|other| other.state == own.state) else {
            let text = format!("state '{}' has no {}: left out", own.state, y_axis.key);
            notes.push(Note::info("one_quantity_only", text));
            continue;
        };
        let (x, x_error) = of(own, &x_axis)?;
        let (y, y_error) = of(other, &y_axis)?;
        points.push(Point { state: own.state.clone(), x, y, x_error, y_error });
    }
    if points.len() < FEWEST {
        let (x, y) = (x_axis.key, y_axis.key);
        return Err(NoRelation::TooFew { found: points.len(), needed: FEWEST, x, y }.into());
    }
    Ok(Input { points, x: x_axis, y: y_axis, notes })
}

/// The value and its standard error, or those of its decadic logarithm.
fn of(value: &Value, axis: &Axis) -> Result<(f64, f64), MethodError> {
    if !axis.logarithmic {
        return Ok((value.value, value.error));
    }
    if value.value <= 0.0 {
        let (wanted, state) = (axis.key.clone(), value.state.clone());
        return Err(NoRelation::NoLogarithm { wanted, state, value: value.value }.into());
    }
    Ok((value.value.log10(), value.error / value.value / std::f64::consts::LN_10))
}

/// Values by state, with the key without its method, and their unit.
fn values(axis: &'static str, wanted: &str, dataset: &Dataset) -> Result<(String, Unit, Vec<Value>), MethodError> {
    if wanted.is_empty() {
        return Err(NoRelation::NoKey { axis, known: known(dataset) }.into());
    }
    let (method, key) = wanted.split_once(':').map_or((None, wanted), |(method, key)| (Some(method), key));
    let is_meant = |upstream: &&Upstream| {
        !upstream.state.is_empty()
            && method.is_none_or(|method| upstream.method == method)
            && upstream.outcome.estimate(key).is_some()
    };
    let found: Vec<&Upstream> = dataset.upstream.iter().filter(is_meant).collect();
    let mut methods: Vec<String> = Vec::new();
    for upstream in &found {
        if !methods.contains(&upstream.method) {
            methods.push(upstream.method.clone());
        }
    }
    if methods.len() > 1 {
        return Err(NoRelation::Ambiguous { axis, wanted: key.to_owned(), methods }.into());
    }
    if !found.is_empty() {
        return of_estimates(key, &found);
    }
    let facts: Vec<&Fact> = dataset.facts.iter().filter(|fact| method.is_none() && fact.key == key).collect();
    if facts.is_empty() {
        return Err(NoRelation::Unknown { axis, wanted: wanted.to_owned(), known: known(dataset) }.into());
    }
    of_facts(key, &facts)
}

fn of_estimates(key: &str, found: &[&Upstream]) -> Result<(String, Unit, Vec<Value>), MethodError> {
    let mut states: Vec<(String, Vec<Estimate>)> = Vec::new();
    for upstream in found {
        let Some(estimate) = upstream.outcome.estimate(key).filter(|estimate| estimate.value.is_finite()) else { continue };
        match states.iter_mut().find(|(state, _)| *state == upstream.state) {
            Some((_, estimates)) => estimates.push(estimate.clone()),
            None => states.push((upstream.state.clone(), vec![estimate.clone()])),
        }
    }
    let unit = states.first().map_or_else(Unit::one, |(_, estimates)| estimates[0].unit.clone());
    let value = |(state, estimates): (String, Vec<Estimate>)| {
        let n = estimates.len() as f64;
        let mean = estimates.iter().map(|estimate| estimate.value).sum::<f64>() / n;
        let error = if estimates.len() > 1 {
            let variance = estimates.iter().map(|estimate| (estimate.value - mean).powi(2)).sum::<f64>() / (n - 1.0);
            (variance / n).sqrt()
        } else {
            estimates[0].std_error.unwrap_or(f64::NAN)
        };
        Value { state, value: mean, error }
    };
    Ok((key.to_owned(), unit, states.into_iter().map(value).collect()))
}

fn of_facts(key: &str, facts: &[&Fact]) -> Result<(String, Unit, Vec<Value>), MethodError> {
    let mut values = Vec::new();
    let mut unit: Option<Unit> = None;
    for Fact { state, text, .. } in facts {
        let quantity = Quantity::parse(text).map_err(|error| NoRelation::NoQuantity {
            state: state.clone(),
            wanted: key.to_owned(),
            found: text.clone(),
            why: error.to_string(),
        })?;
        let own = quantity.unit.clone();
        let first = unit.get_or_insert_with(|| own.clone());
        if !own.is_compatible(first) {
            let (first, other) = (first.symbol().to_owned(), own.symbol().to_owned());
            return Err(NoRelation::Units { wanted: key.to_owned(), first, other, state: state.clone() }.into());
        }
        values.push(Value { state: state.clone(), value: quantity.value, error: quantity.std_error.unwrap_or(0.0) });
    }
    let unit = unit.map_or_else(Unit::one, |unit| Unit::of(&unit.dimension().base_units()));
    Ok((key.to_owned(), unit, values))
}

/// Keys that could be meant.
fn known(dataset: &Dataset) -> Vec<String> {
    let estimates =
        dataset.upstream.iter().flat_map(|upstream| upstream.outcome.estimates.iter().map(|estimate| estimate.key.clone()));
    let facts = dataset.facts.iter().map(|fact| fact.key.clone());
    let mut known: Vec<String> = estimates.chain(facts).collect();
    known.sort();
    known.dedup();
    known
}
