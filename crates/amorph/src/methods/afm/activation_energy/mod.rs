//! `dafm.activation_energy`: activation energy of the elementary event from the correlation length.

pub mod algorithm;
mod figures;
pub(super) mod given;
mod report;
pub(super) mod sites;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Constants, Dataset, Method, MethodError, MethodInfo, OutputInfo, Refusal, Scope, output};
use crate::methods::afm;
use algorithm::{BOLTZMANN, SizeScaling};
use given::{known_energy, require_positive};
use sites::SiteLength;

/// Activation energy of the elementary plastic event from the correlation length of the dissipation map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ActivationEnergy {
    /// Interaction length λ; the default is the value that Lu et al. 2016 assume.
    pub interaction_length: Quantity,
    /// Exponent a of the energy per particle, ε N^(a-1); the default is that of Lu et al. 2016.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub exponent: f64,
    /// Dimensions of the event to report: 2 (localised into planes), 3, or both.
    pub dimensions: Vec<u8>,
    /// Energy known from another experiment, for comparison and for the dimension.
    pub reference_energy: Option<Quantity>,
    /// Frequency of that experiment.
    pub reference_frequency: Option<Quantity>,
    /// Frequency at which the tip taps; with `reference_frequency`, the known energy is converted to it.
    pub measurement_frequency: Option<Quantity>,
    /// Attempt frequency ω of the event; with `measurement_frequency` it gives a barrier of its own, kT ln(2ω/f).
    pub attempt_frequency: Option<Quantity>,
}

impl Default for ActivationEnergy {
    fn default() -> Self {
        Self {
            interaction_length: Quantity::si(1e-9, Unit::of("nm")),
            exponent: 0.4,
            dimensions: vec![2, 3],
            reference_energy: None,
            reference_frequency: None,
            measurement_frequency: None,
            attempt_frequency: None,
        }
    }
}

/// What [`ActivationEnergy`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    sites: Vec<SiteLength>,
    temperature: Quantity,
    scaling: SizeScaling,
}

/// Why there is no activation energy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActivationEnergyError {
    /// No image of the state has a correlation length.
    #[error("none of the {n_outcomes} outcomes of dafm.correlation_length in this state holds a correlation length")]
    NoCorrelationLength {
        /// Outcomes of `dafm.correlation_length` that are there.
        n_outcomes: usize,
    },
}

impl Refusal for ActivationEnergyError {
    fn hint(&self) -> String {
        match self {
            Self::NoCorrelationLength { n_outcomes: 0 } => "put \"dafm.correlation_length\" before it in `methods`".to_owned(),
            Self::NoCorrelationLength { .. } => {
                "the notes of dafm.correlation_length say why no image of this state resolves a length".to_owned()
            }
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("correlation_length", "ξ", "m", "geometric mean over the sites of the state"),
    output("activation_energy_2d", "ε₂", "J", "activation energy if the events are two-dimensional"),
    output("activation_energy_3d", "ε₃", "J", "activation energy if the events are three-dimensional"),
    output("event_particles_2d", "N₂*", "", "particles of an event, two-dimensional"),
    output("event_particles_3d", "N₃*", "", "particles of an event, three-dimensional"),
    output("event_dimension", "d", "", "dimension at which the length agrees with the reference energy"),
    output("reference_energy_at_measurement_frequency", "ε_ref", "J", "reference energy at the frequency of the tip"),
    output("barrier_from_frequency", "ΔG", "J", "barrier that the frequency and the attempt frequency imply"),
];

impl Method for ActivationEnergy {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.activation_energy",
        family: "afm",
        version: 1,
        title: "Activation energy from the correlation length",
        summary: "Reads the correlation length of a state as the size of a thermally bounded plastic event and gives its energy.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::State,
        after: &["dafm.correlation_length"],
        constants: &["temperature"],
        outputs: OUTPUTS,
        covers: &["L16-21", "L16-22", "L16-23", "L16-24", "L16-25", "L16-27", "L16-29", "L16-30", "L16-31"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "Hentschel, Karmakar, Lerner, Procaccia, Phys. Rev. Lett. 104, 025501 (2010)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        self.require_possible()?;
        let temperature = temperature(&dataset.constants)?;
        let scaling = SizeScaling {
            thermal_energy: BOLTZMANN * temperature.value,
            interaction_length: self.interaction_length.value,
            exponent: self.exponent,
        };
        let outcomes = || dataset.upstream.iter().filter(|upstream| upstream.method == "dafm.correlation_length");
        let site = |upstream: &crate::method::Upstream| {
            let estimate = upstream.outcome.estimate("correlation_length").filter(|e| e.value.is_finite() && e.value > 0.0)?;
            let interval = estimate.interval.map(|interval| (interval.lo, interval.hi)).filter(|(lo, _)| *lo > 0.0);
            Some(SiteLength { item: upstream.item.clone(), length: estimate.value, interval })
        };
        let sites: Vec<SiteLength> = outcomes().filter_map(site).collect();
        if sites.is_empty() {
            return Err(ActivationEnergyError::NoCorrelationLength { n_outcomes: outcomes().count() }.into());
        }
        Ok(Input { sites, temperature, scaling })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}

impl ActivationEnergy {
    fn require_possible(&self) -> Result<(), MethodError> {
        let wrong = |message: String| MethodError::Parameters { method: Self::INFO.id, message };
        if !(0.0..1.0).contains(&self.exponent) {
            return Err(wrong(format!("exponent = {} must be at least 0 and below 1", self.exponent)));
        }
        if self.dimensions.is_empty() || self.dimensions.iter().any(|d| !matches!(d, 2 | 3)) {
            return Err(wrong(format!("dimensions = {:?} must be [2], [3] or [2, 3]", self.dimensions)));
        }
        let quantities = [
            ("interaction_length", Some(&self.interaction_length), "m"),
            ("reference_energy", self.reference_energy.as_ref(), "J"),
            ("reference_frequency", self.reference_frequency.as_ref(), "Hz"),
            ("measurement_frequency", self.measurement_frequency.as_ref(), "Hz"),
            ("attempt_frequency", self.attempt_frequency.as_ref(), "1/s"),
        ];
        require_positive(Self::INFO.id, &quantities)
    }

    /// The energy known otherwise, J, at the frequency of the tip where both frequencies are given.
    fn known_energy(&self, thermal_energy: f64) -> Option<f64> {
        let (from, to) = (self.reference_frequency.as_ref(), self.measurement_frequency.as_ref());
        known_energy(thermal_energy, self.reference_energy.as_ref(), from, to)
    }
}

fn temperature(constants: &Constants) -> Result<Quantity, MethodError> {
    let info = &afm::TEMPERATURE;
    let missing =
        || MethodError::MissingConstants { method: ActivationEnergy::INFO.id, missing: vec![constants.missing(info)] };
    let stated = constants.quantity(info)?.cloned().ok_or_else(missing)?;
    if stated.value <= 0.0 {
        return Err(MethodError::BadConstant {
            key: info.key,
            found: stated.to_string(),
            reason: "must be above absolute zero",
            expected: info.kind.describe(),
        });
    }
    Ok(stated)
}
