//! From the outcomes of single images to states with sites.

use super::DistributionsByState;
use super::error::StatesError;
use crate::core::outcome::Outcome;
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, Upstream};
use crate::methods::afm::distribution::levels::{Levels, TABLE};

/// All states with distributions, in the order of the study.
#[derive(Debug, Clone)]
pub struct Input {
    /// What is distributed, for instance `dissipated_energy`.
    pub quantity: String,
    /// Its unit.
    pub unit: Unit,
    /// The states.
    pub states: Vec<State>,
    /// Index of the state that the others are compared with.
    pub reference: usize,
    /// Index of the state whose spread is noise.
    pub noise: Option<usize>,
}

/// A state and its sites.
#[derive(Debug, Clone)]
pub struct State {
    /// Its name.
    pub name: String,
    /// Its sites.
    pub sites: Vec<Site>,
}

/// One image.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its distribution.
    pub levels: Levels,
    /// Its numbers, by key.
    numbers: Vec<(String, f64)>,
}

impl Site {
    /// A number of this site.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.numbers.iter().find(|(known, _)| known == key).map(|(_, value)| *value).filter(|value| value.is_finite())
    }
}

impl State {
    /// A number of all sites; `None` unless every site has it.
    pub fn numbers(&self, key: &str) -> Option<Vec<f64>> {
        self.sites.iter().map(|site| site.number(key)).collect()
    }
}

pub(super) fn collect(method: &DistributionsByState, dataset: &Dataset) -> Result<Input, MethodError> {
    check_parameters(method)?;
    let (quantity, unit, states) = states(dataset)?;
    let index = |wanted: &String| {
        let found = || states.iter().map(|state: &State| state.name.clone()).collect();
        let position = states.iter().position(|state| state.name == *wanted);
        position.ok_or_else(|| StatesError::NoSuchState { wanted: wanted.clone(), found: found() })
    };
    let noise = method.noise_state.as_ref().map(index).transpose()?;
    let reference = match &method.reference {
        Some(wanted) => index(wanted)?,
        None => (0..states.len()).find(|state| Some(*state) != noise).unwrap_or(0),
    };
    Ok(Input { quantity, unit, states, reference, noise })
}

fn check_parameters(method: &DistributionsByState) -> Result<(), MethodError> {
    let wrong = |message: String| Err(MethodError::Parameters { method: DistributionsByState::INFO.id, message });
    if !(method.low_tail > 0.0 && method.low_tail <= 0.5) {
        return wrong(format!("low_tail = {}; it must be above 0 and at most 0.5", method.low_tail));
    }
    if !(method.area_fraction > 0.0 && method.area_fraction <= 0.5) {
        return wrong(format!("area_fraction = {}; it must be above 0 and at most 0.5", method.area_fraction));
    }
    if method.permutations < 999 {
        return wrong(format!("permutations = {} is too few; at least 999 are needed", method.permutations));
    }
    Ok(())
}

/// Quantity, unit and states of all level tables among the outcomes.
pub(crate) fn states(dataset: &Dataset) -> Result<(String, Unit, Vec<State>), MethodError> {
    let mut states: Vec<State> = Vec::new();
    let mut shown: Option<(String, Unit)> = None;
    for upstream in dataset.upstream.iter().filter(|upstream| upstream.method == "dafm.distribution") {
        let Some(table) = upstream.outcome.table(TABLE) else { continue };
        let unit = table.numbers("level")?.0.clone();
        let Some(levels) = Levels::from_table(table)? else { continue };
        let quantity = quantity(&upstream.outcome);
        match &shown {
            Some((first, first_unit)) if *first != quantity || *first_unit != unit => {
                return Err(StatesError::MixedMaps { first: first.clone(), second: quantity }.into());
            }
            Some(_) => {}
            None => shown = Some((quantity, unit)),
        }
        let site = Site { levels, numbers: numbers(dataset, upstream) };
        match states.iter_mut().find(|state| state.name == upstream.state) {
            Some(state) => state.sites.push(site),
            None => states.push(State { name: upstream.state.clone(), sites: vec![site] }),
        }
    }
    let (quantity, unit) = shown.ok_or(StatesError::NoDistributions)?;
    Ok((quantity, unit, states))
}

fn quantity(outcome: &Outcome) -> String {
    outcome.provenance.parameters["map"].as_str().unwrap_or("dissipated_energy").to_owned()
}

/// The estimates of the distribution, and the noise that the dissipation of the same image tells.
fn numbers(dataset: &Dataset, of: &Upstream) -> Vec<(String, f64)> {
    let same = dataset.upstream.iter().filter(|other| {
        other.item == of.item && other.state == of.state && ["dafm.distribution", "dafm.dissipation"].contains(&&*other.method)
    });
    same.flat_map(|other| &other.outcome.estimates).map(|estimate| (estimate.key.clone(), estimate.value)).collect()
}
