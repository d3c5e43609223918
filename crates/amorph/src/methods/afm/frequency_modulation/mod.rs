//! `dafm.frequency_modulation`: energy per cycle from the excitation of a self-driven cantilever.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::{DataError, Map};
use crate::core::outcome::Outcome;
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};
use crate::methods::afm::{
    self,
    stated::{Required, Stated},
};

use algorithm::SelfDriven;

/// Energy dissipated per cycle in frequency modulation, from the excitation that keeps the amplitude.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FrequencyModulation {
    /// Share of pixels with negative energy above which the result is refused: a passive sample cannot return energy.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub max_negative_fraction: f64,
}

impl Default for FrequencyModulation {
    fn default() -> Self {
        Self { max_negative_fraction: 0.01 }
    }
}

/// What [`FrequencyModulation`] works on.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    pub(super) map: &'a Map,
    /// Excitation over that in free air; NaN where it cannot be used.
    pub(super) excitation_ratio: Array2<f64>,
    pub(super) cantilever: SelfDriven,
    /// Relative standard errors of spring constant, quality factor, amplitude and free excitation.
    pub(super) relative_errors: [Option<f64>; 4],
}

/// Why there is no energy.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FrequencyModulationError {
    /// Less excitation than in air in too many pixels.
    #[error(
        "the excitation is below that in free air in {:.2} % of the pixels (mean ratio {mean_ratio:.4}), which makes the energy negative; at most {:.2} % are accepted",
        100.0 * fraction, 100.0 * allowed
    )]
    NegativeEnergy {
        /// Share of pixels.
        fraction: f64,
        /// The share that is accepted.
        allowed: f64,
        /// Mean excitation over that in free air.
        mean_ratio: f64,
    },
}

impl Refusal for FrequencyModulationError {
    fn hint(&self) -> String {
        "excitation_free must be the excitation at this amplitude with the tip lifted off, in the unit of the channel; max_negative_fraction raises the \
         limit where the noise itself is that large"
            .to_owned()
    }
}

impl Method for FrequencyModulation {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.frequency_modulation",
        family: "afm",
        version: 1,
        title: "Energy dissipated per cycle in frequency modulation",
        summary: "Turns the excitation channel of a self-driven cantilever into the energy that the sample takes in each cycle.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &[],
        constants: &["spring_constant", "quality_factor", "oscillation_amplitude", "excitation_free"],
        outputs: &[
            output("dissipated_energy_mean", "⟨E⟩", "J", "mean energy dissipated per cycle"),
            output("dissipated_energy_sd", "σ_E", "J", "standard deviation of the energy over the pixels"),
            output("excitation_ratio_mean", "⟨Exc/Exc0⟩", "", "mean excitation over that in free air"),
            output("intrinsic_loss", "E0", "J", "energy that air and cantilever take in a cycle"),
            output("fraction_negative", "f_neg", "", "share of pixels with negative energy"),
        ],
        covers: &["L16-01"],
        references: &["B. Anczykowski, B. Gotsmann, H. Fuchs, J. P. Cleveland, V. B. Elings, Appl. Surf. Sci. 140, 376 (1999)"],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let map = dataset.map("excitation")?;
        map.require_structure()?;
        if !map.unit.is_compatible(&Unit::of("V")) {
            let found = map.unit.to_string();
            return Err(DataError::WrongUnit { map: map.quantity.clone(), found, expected: "V".to_owned() }.into());
        }
        let mut constants = Stated::new(dataset, Self::INFO.id);
        let spring_constant = constants.positive(&afm::SPRING_CONSTANT, Required::Always)?;
        let quality_factor = constants.positive(&afm::QUALITY_FACTOR, Required::Always)?;
        let amplitude = constants.positive(&afm::OSCILLATION_AMPLITUDE, Required::Always)?;
        let free = constants.positive(&afm::EXCITATION_FREE, Required::Always)?;
        constants.finish()?;
        let scale = map.unit.scale() / free.value;
        let usable = map.valid();
        let ratio = |value: &f64, usable: &bool| if *usable { scale * value } else { f64::NAN };
        Ok(Input {
            map,
            excitation_ratio: ndarray::Zip::from(&map.values).and(&usable).map_collect(ratio),
            cantilever: SelfDriven {
                spring_constant: spring_constant.value,
                quality_factor: quality_factor.value,
                amplitude: amplitude.value,
            },
            relative_errors: [&spring_constant, &quality_factor, &amplitude, &free].map(|quantity| quantity.relative_error()),
        })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}
