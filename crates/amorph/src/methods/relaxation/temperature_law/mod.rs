//! `relaxation.temperature_law`: relaxation times or viscosities over temperature, their law, fragility and kink.

pub mod algorithm;
mod figures;
mod input;
pub mod intervals;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{GLASS_TRANSITION, SHEAR_MODULUS};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
pub use input::{Input, Kind};

/// Laws of relaxation times over temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TemperatureLaw {
    /// Standard error of a temperature, for instance "0.5 K"; it is added to the errors of the values by the slope of the law.
    pub temperature_error: Option<Quantity>,
    /// Series simulated from the single law, for the test of a kink.
    pub draws: usize,
    /// Probability below which two branches are called a kink.
    pub significance: f64,
}

impl Default for TemperatureLaw {
    fn default() -> Self {
        Self { temperature_error: None, draws: 200, significance: 0.05 }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("vft_t0", "T0", "K", "of ln τ = A + B/(T - T0)"),
    output("vft_b", "B", "K", "of the same law"),
    output("vft_prefactor_log10", "log10 τ0", "", "A/ln 10: log10 of τ (s) or η (Pa s) at infinite temperature"),
    output("arrhenius_energy", "E", "J/mol", "of one Arrhenius law through all readings"),
    output("arrhenius_prefactor_log10", "log10 τ0", "", "log10 of its prefactor, s or Pa s"),
    output("glass_transition_tau100s", "Tg", "K", "temperature at which τ is 100 s"),
    output("glass_transition_eta1e12", "Tg", "K", "temperature at which η is 1e12 Pa s"),
    output("fragility_index", "m", "", "d log10 τ/d(Tg/T) at Tg: the stated one, else by the convention of the values"),
    output("apparent_energy", "E", "J/mol", "m R Tg ln 10"),
    output("apparent_energy_rtg", "E/R Tg", "", "m ln 10"),
    output("kink_temperature", "T_x", "K", "where two branches meet, if they are told from one law"),
    output("energy_below_kink", "E", "J/mol", "of the Arrhenius law below it"),
    output("kink_p", "p", "", "share of series without a kink that look as kinked"),
];

impl Method for TemperatureLaw {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.temperature_law",
        family: "relaxation",
        version: 1,
        title: "Relaxation times over temperature",
        summary: "VFT, MYEGA and Arrhenius laws and two branches through relaxation times, viscosities, peak frequencies or shifts; glass transition by convention, fragility, and a test before a kink is named.",
        doc: include_str!("doc.md"),
        technique: "relaxation_times",
        scope: Scope::Item,
        after: &[],
        constants: &[GLASS_TRANSITION.key, SHEAR_MODULUS.key],
        outputs: OUTPUTS,
        covers: &["Q19-2.1.1-b", "Q19-2.1.1-r", "Q19-2.1.1-s"],
        references: &[
            "H. Vogel, Phys. Z. 22, 645 (1921); G. S. Fulcher, J. Am. Ceram. Soc. 8, 339 (1925), doi:10.1111/j.1151-2916.1925.tb16731.x",
            "J. C. Mauro et al., PNAS 106, 19780 (2009), doi:10.1073/pnas.0911705106",
            "C. A. Angell, Science 267, 1924 (1995), doi:10.1126/science.267.5206.1924",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let fine = (50..=100_000).contains(&self.draws)
            && self.significance > 0.0
            && self.significance < 0.5
            && self.temperature_error.as_ref().is_none_or(|error| error.value >= 0.0);
        if !fine {
            let message =
                "draws must be 50 to 100000, significance between 0 and 0.5, temperature_error not negative".to_owned();
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        input::input(dataset, self.temperature_error.as_ref())
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input, ctx)
    }
}
