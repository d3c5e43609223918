//! `dafm.two_state_energy`: activation energy from the correlation lengths of two states, without an assumed interaction length.

pub mod algorithm;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::activation_energy::algorithm::{BOLTZMANN, SizeScaling};
use super::activation_energy::given::{known_energy, require_positive};
use super::activation_energy::sites::{SiteLength, combine};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Refusal, Scope, output};
use algorithm::{Measured, TwoStates};

/// Activation energy and interaction length from the correlation lengths of two states whose events differ in dimension.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TwoStateEnergy {
    /// States whose events are localised (of the lower dimension), for instance those after plastic flow; each is combined with
    /// the other state.
    pub localised: Vec<String>,
    /// State whose events are not localised (of the upper dimension), for instance as deposited.
    pub isotropic: Option<String>,
    /// Temperature of the experiment; has no default.
    pub temperature: Option<Quantity>,
    /// Exponent a of the energy per particle, ε N^(a-1); the default is that of Lu et al. 2016.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub exponent: f64,
    /// Dimension of localised events.
    pub lower_dimension: f64,
    /// Dimension of events that are not localised.
    pub upper_dimension: f64,
    /// Interaction length λ of the one-state estimates that are listed beside; the default is the value that Lu et al. 2016 assume.
    pub interaction_length: Quantity,
    /// Energy known from another experiment: gives the dimension of each state and the ratios of predicted to measured lengths.
    pub reference_energy: Option<Quantity>,
    /// Frequency of that experiment.
    pub reference_frequency: Option<Quantity>,
    /// Frequency at which the tip taps; with `reference_frequency`, the known energy is converted to it.
    pub measurement_frequency: Option<Quantity>,
    /// Attempt frequency ω; with `measurement_frequency` it gives a barrier of its own, kT ln(2ω/f).
    pub attempt_frequency: Option<Quantity>,
    /// Barrier W of a shear transformation zone, for the ratio ε/W.
    pub shear_transformation_barrier: Option<Quantity>,
}

impl Default for TwoStateEnergy {
    fn default() -> Self {
        Self {
            localised: Vec::new(),
            isotropic: None,
            temperature: None,
            exponent: 0.4,
            lower_dimension: 2.0,
            upper_dimension: 3.0,
            interaction_length: Quantity::si(1e-9, Unit::of("nm")),
            reference_energy: None,
            reference_frequency: None,
            measurement_frequency: None,
            attempt_frequency: None,
            shear_transformation_barrier: None,
        }
    }
}

/// A state and its length.
#[derive(Debug, Clone)]
pub struct StateInput {
    state: String,
    measured: Measured,
}

/// What [`TwoStateEnergy`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    localised: Vec<StateInput>,
    isotropic: StateInput,
    temperature: Quantity,
    model: TwoStates,
    /// The one-state model with the assumed interaction length.
    scaling: SizeScaling,
    /// The known energy at the frequency of the tip where both frequencies are given, J.
    known_energy: Option<f64>,
}

/// Why there is no energy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TwoStateError {
    /// The study does not say which state is which.
    #[error("it is not stated which state has {which} events")]
    StateNotStated {
        /// Which are meant.
        which: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// States with a correlation length.
        known: Vec<String>,
    },
    /// A state without a correlation length.
    #[error("no image of the state '{state}' has a correlation length")]
    NoLength {
        /// The state.
        state: String,
        /// States with a correlation length.
        known: Vec<String>,
    },
    /// The temperature is missing.
    #[error("the temperature is not stated")]
    NoTemperature,
}

impl Refusal for TwoStateError {
    fn hint(&self) -> String {
        let list = |known: &[String]| match known {
            [] => "no state has a correlation length: put \"dafm.correlation_length\" into the methods of its measurement"
                .to_owned(),
            known => format!("states with a correlation length: {}", known.join(", ")),
        };
        match self {
            Self::StateNotStated { parameter, known, .. } => {
                format!("state `{parameter}` under [method.\"dafm.two_state_energy\"]; {}", list(known))
            }
            Self::NoLength { known, .. } => list(known),
            Self::NoTemperature => "state `temperature` under [method.\"dafm.two_state_energy\"], as in \"298 K\"".to_owned(),
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("two_state_energy", "ε", "J", "activation energy at which both states have the same energy and interaction length"),
    output("two_state_interaction_length", "λ", "m", "the interaction length that goes with it"),
    output("barrier_ratio", "ε/W", "", "that energy over the given barrier of a shear transformation zone"),
    output("dimension_localised", "d₂", "", "dimension of the localised events from the known energy and interaction length"),
    output("dimension_isotropic", "d₃", "", "dimension of the other events from the known energy and interaction length"),
    output("length_ratio_localised", "l_model/l₂", "", "length that the known energy predicts over the measured one"),
    output("length_ratio_isotropic", "l_model/l₃", "", "length that the known energy predicts over the measured one"),
];

impl Method for TwoStateEnergy {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.two_state_energy",
        family: "afm",
        version: 1,
        title: "Activation energy from two states",
        summary: "Combines the correlation lengths of two states into an activation energy that needs no assumed interaction length.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Study,
        after: &["dafm.correlation_length"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["L16-26", "L16-27", "L16-31", "L16-41"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "Hentschel, Karmakar, Lerner, Procaccia, Phys. Rev. Lett. 104, 025501 (2010)",
            "B. L. Welch, Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        self.require_possible()?;
        let known = known_states(dataset);
        let not_stated = |which, parameter| TwoStateError::StateNotStated { which, parameter, known: known.clone() };
        let isotropic = self.isotropic.as_ref().ok_or_else(|| not_stated("three-dimensional", "isotropic"))?;
        if self.localised.is_empty() {
            return Err(not_stated("localised", "localised").into());
        }
        let state = |name: &String| {
            let no_length = || TwoStateError::NoLength { state: name.clone(), known: known.clone() };
            Ok::<_, MethodError>(length_of(dataset, name).ok_or_else(no_length)?)
        };
        let temperature = self.temperature.clone().ok_or(TwoStateError::NoTemperature)?;
        let thermal_energy = BOLTZMANN * temperature.value;
        Ok(Input {
            localised: self.localised.iter().map(state).collect::<Result<_, _>>()?,
            isotropic: state(isotropic)?,
            temperature,
            model: TwoStates {
                thermal_energy,
                exponent: self.exponent,
                lower: self.lower_dimension,
                upper: self.upper_dimension,
            },
            scaling: SizeScaling { thermal_energy, interaction_length: self.interaction_length.value, exponent: self.exponent },
            known_energy: self.known_energy(thermal_energy),
        })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(self, input))
    }
}

impl TwoStateEnergy {
    fn require_possible(&self) -> Result<(), MethodError> {
        let wrong = |message: String| MethodError::Parameters { method: Self::INFO.id, message };
        if !(0.0..1.0).contains(&self.exponent) {
            return Err(wrong(format!("exponent = {} must be at least 0 and below 1", self.exponent)));
        }
        let (lower, upper) = (self.lower_dimension, self.upper_dimension);
        if !(lower > 0.0 && upper > lower && upper <= 3.0) {
            return Err(wrong(format!(
                "lower_dimension = {lower} and upper_dimension = {upper} must be positive, rising and at most 3"
            )));
        }
        if let Some(same) = self.localised.iter().find(|state| self.isotropic.as_ref() == Some(*state)) {
            return Err(wrong(format!("the state '{same}' is listed as localised and as isotropic")));
        }
        let quantities = [
            ("temperature", self.temperature.as_ref(), "K"),
            ("interaction_length", Some(&self.interaction_length), "m"),
            ("reference_energy", self.reference_energy.as_ref(), "J"),
            ("reference_frequency", self.reference_frequency.as_ref(), "Hz"),
            ("measurement_frequency", self.measurement_frequency.as_ref(), "Hz"),
            ("attempt_frequency", self.attempt_frequency.as_ref(), "1/s"),
            ("shear_transformation_barrier", self.shear_transformation_barrier.as_ref(), "J"),
        ];
        require_positive(Self::INFO.id, &quantities)
    }

    fn known_energy(&self, thermal_energy: f64) -> Option<f64> {
        let (from, to) = (self.reference_frequency.as_ref(), self.measurement_frequency.as_ref());
        known_energy(thermal_energy, self.reference_energy.as_ref(), from, to)
    }
}

fn site_lengths(dataset: &Dataset) -> impl Iterator<Item = (&str, SiteLength)> {
    let of_method = dataset.upstream.iter().filter(|upstream| upstream.method == "dafm.correlation_length");
    of_method.filter_map(|upstream| {
        let estimate = upstream.outcome.estimate("correlation_length").filter(|e| e.value.is_finite() && e.value > 0.0)?;
        let interval = estimate.interval.map(|interval| (interval.lo, interval.hi)).filter(|(lo, _)| *lo > 0.0);
        Some((upstream.state.as_str(), SiteLength { item: upstream.item.clone(), length: estimate.value, interval }))
    })
}

fn known_states(dataset: &Dataset) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for (state, _) in site_lengths(dataset) {
        if known.iter().all(|other| other != state) {
            known.push(state.to_owned());
        }
    }
    known
}

fn length_of(dataset: &Dataset, state: &str) -> Option<StateInput> {
    let sites: Vec<SiteLength> = site_lengths(dataset).filter(|(name, _)| *name == state).map(|(_, site)| site).collect();
    let measured = Measured { length: combine(&sites)?, n_sites: sites.len() };
    Some(StateInput { state: state.to_owned(), measured })
}
