//! `dafm.proliferation`: whether a treatment makes more regions of high dissipation, above one absolute level.

pub mod algorithm;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use crate::methods::afm::distributions_by_state::{State, StatesError, states};

/// Area fraction and number density of the regions above a fixed level, state by state, with the site as the unit of replication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Proliferation {
    /// State that gives the level and that the others are compared with; the first of the study when absent.
    pub reference: Option<String>,
    /// Share of the pixels of the reference, all sites together, that lies above the level.
    #[schemars(range(min = 0.001, max = 0.5))]
    pub area_fraction: f64,
    /// The level itself, such as "60 eV", instead of a share of the reference.
    pub threshold: Option<Quantity>,
    /// Number of random permutations of sites, where not all can be tried.
    #[schemars(range(min = 999))]
    pub permutations: usize,
}

impl Default for Proliferation {
    fn default() -> Self {
        Self { reference: None, area_fraction: 0.05, threshold: None, permutations: 9999 }
    }
}

/// All states with level tables.
#[derive(Debug, Clone)]
pub struct Input {
    /// What the level is a level of.
    pub quantity: String,
    /// Its unit.
    pub unit: Unit,
    /// The states, in the order of the study.
    pub states: Vec<State>,
    /// Index of the reference.
    pub reference: usize,
    /// The level, where it was given.
    pub threshold: Option<f64>,
}

impl Method for Proliferation {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.proliferation",
        family: "afm",
        version: 1,
        title: "Proliferation of regions of high dissipation",
        summary: "Asks whether a state has more area and more regions above one absolute level than the reference state.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Study,
        after: &["dafm.distribution"],
        constants: &[],
        outputs: &[
            output("hdr_area_fraction@state", "A_f", "", "share of the area above the level, mean over sites"),
            output("hdr_number_density@state", "n", "1/m^2", "regions per area above the level, mean over sites"),
            output("hdr_area_fraction@state-reference", "ΔA_f", "", "difference of the area fractions"),
            output("hdr_number_density@state-reference", "Δn", "1/m^2", "difference of the number densities"),
            output("hdr_area_ratio@state-reference", "A_f/A_f,0", "", "ratio of the area fractions"),
            output("hdr_number_ratio@state-reference", "n/n_0", "", "ratio of the number densities"),
        ],
        covers: &["L16-36"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "B. L. Welch, Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28",
            "S. Holm, Scand. J. Stat. 6, 65 (1979)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let wrong = |message: String| MethodError::Parameters { method: Self::INFO.id, message };
        if !(self.area_fraction > 0.0 && self.area_fraction <= 0.5) {
            return Err(wrong(format!("area_fraction = {}; it must be above 0 and at most 0.5", self.area_fraction)));
        }
        if self.permutations < 999 {
            return Err(wrong(format!("permutations = {} is too few; at least 999 are needed", self.permutations)));
        }
        let (quantity, unit, states) = states(dataset)?;
        let reference = match &self.reference {
            Some(wanted) => states.iter().position(|state| state.name == *wanted).ok_or_else(|| StatesError::NoSuchState {
                wanted: wanted.clone(),
                found: states.iter().map(|state| state.name.clone()).collect(),
            })?,
            None => 0,
        };
        let threshold = match &self.threshold {
            Some(level) => {
                level.unit.require(&unit)?;
                Some(level.value / unit.scale())
            }
            None => None,
        };
        Ok(Input { quantity, unit, states, reference, threshold })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
