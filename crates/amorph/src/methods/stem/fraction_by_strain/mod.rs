//! The share of patterns with reflections over strain, with scans as replicates.

pub mod algorithm;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

pub use input::{Lack, Region};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Refusal, Scope, output};

/// Whether the share of patterns with reflections changes with strain, and which change could have been seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FractionByStrain {
    /// What counts as one independent piece of information.
    pub unit: Replicate,
    /// Strain from which on a change is looked for in a second test, for instance that at yield; none if absent.
    pub threshold_strain: Option<f64>,
}

/// What counts as one independent piece of information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Replicate {
    /// A scan: right for statements about the foils that were measured.
    Region,
    /// A foil, its scans taken together: needed for statements about the material; each strain needs several foils.
    Foil,
}

impl Default for FractionByStrain {
    fn default() -> Self {
        Self { unit: Replicate::Region, threshold_strain: None }
    }
}

/// The scans of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Those that are used.
    pub regions: Vec<Region>,
    /// Those that drifted too far.
    pub drifted: Vec<Region>,
    /// Scans whose strain is not stated, or that have no patterns.
    pub left_out: Vec<(String, Lack)>,
}

/// Why there is no share over strain.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoFraction {
    /// Nothing to start from.
    #[error("no scan has a result of stem.bragg_detection with a strain ({without_strain} have none stated)")]
    Nothing {
        /// Scans with patterns whose strain is not stated.
        without_strain: usize,
    },
    /// Foils as replicates without their numbers.
    #[error("unit = \"foil\", but {scans} scans do not say which foil they are of")]
    NoFoil {
        /// Scans without a number.
        scans: usize,
    },
    /// A threshold that is none.
    #[error("threshold_strain is {value}; it must be a number such as 0.045")]
    Threshold {
        /// What was given.
        value: f64,
    },
}

impl Refusal for NoFraction {
    fn hint(&self) -> String {
        match self {
            Self::Nothing { without_strain: 0 } => "put \"stem.bragg_detection\" into the methods of the scans".to_owned(),
            Self::Nothing { .. } => "state the strain of every measurement: strain = \"5 %\"".to_owned(),
            Self::NoFoil { .. } => "state the foil of every measurement: foil = 3".to_owned(),
            Self::Threshold { .. } => "strains are plain numbers: 0.045 is 4.5 %".to_owned(),
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("br_fraction_slope", "df/dε", "", "change of the share of flagged patterns per unit of strain"),
    output("br_fraction_change", "Δf", "", "share at the largest strain minus that at the smallest"),
    output("br_fraction_slope_corrected", "", "", "the slope of the shares with both error rates taken off"),
    output("br_fraction_slope_adjusted", "", "", "the slope with the brightness of the halo (thickness, dose) taken off"),
    output("rho_overdispersion", "ρ", "", "correlation of two patterns of one unit beyond that of the strain"),
    output("effective_patterns", "", "", "independent patterns that these are worth"),
    output(
        "minimum_detectable_difference",
        "",
        "",
        "change between two strains that is found in four of five such experiments",
    ),
    output("trend_p_permutation", "p", "", "probability of so large a trend by exchanging units among strains"),
    output("trend_p_betabinomial", "p", "", "probability of so large a likelihood ratio of a logistic trend"),
    output("trend_p_above_threshold", "p", "", "the same exchange for a change above threshold_strain alone"),
    output("means_p_permutation", "p", "", "probability of means so far apart, in whatever order"),
    output("trend_z_naive", "z", "", "Cochran and Armitage's z, patterns taken as independent"),
    output("neighbour_correlation", "", "", "correlation of the flags of neighbouring positions, mean over scans"),
    output("thickness_correlation", "", "", "correlation of flag and thickness within scans, mean over scans"),
    output("n_regions", "R", "", "scans used"),
    output("n_patterns", "N", "", "patterns used"),
];

impl Method for FractionByStrain {
    const INFO: MethodInfo = MethodInfo {
        id: "stem.fraction_by_strain",
        family: "stem",
        version: 2,
        title: "Share of ordered patterns over strain",
        summary: "Share of patterns with Bragg reflections over strain, scans or foils as replicates: trend, overdispersion, and the change that could have been seen.",
        doc: include_str!("doc.md"),
        technique: "stem",
        scope: Scope::Study,
        after: &["stem.bragg_detection", "stem.drift"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["I19-22", "I19-23", "I19-25", "I19-42"],
        references: &[
            "P. Armitage, Biometrics 11, 375 (1955), doi:10.2307/3001775",
            "J. K. Haseman, L. L. Kupper, Biometrics 35, 281 (1979), doi:10.2307/2529950",
            "E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927), doi:10.1080/01621459.1927.10502953",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        if let Some(value) = self.threshold_strain.filter(|value| !value.is_finite()) {
            return Err(NoFraction::Threshold { value }.into());
        }
        let mut input = Input { regions: Vec::new(), drifted: Vec::new(), left_out: Vec::new() };
        for upstream in dataset.upstream.iter().filter(|upstream| upstream.method == "stem.bragg_detection") {
            let of_scan = |other: &&crate::method::Upstream| {
                other.method == "stem.drift" && other.state == upstream.state && other.item == upstream.item
            };
            let drift = dataset.upstream.iter().find(of_scan).map(|found| found.outcome.as_ref());
            match Region::of(upstream, drift) {
                Ok(region) if region.drift.is_some_and(|(_, accepted)| !accepted) => input.drifted.push(region),
                Ok(region) => input.regions.push(region),
                Err(lack) => input.left_out.push((format!("{}, {}", upstream.state, upstream.item), lack)),
            }
        }
        if input.regions.is_empty() {
            let without_strain = input.left_out.iter().filter(|(_, lack)| *lack == Lack::Strain).count();
            return Err(NoFraction::Nothing { without_strain }.into());
        }
        let scans = input.regions.iter().chain(&input.drifted).filter(|region| region.foil.is_none()).count();
        if self.unit == Replicate::Foil && scans > 0 {
            return Err(NoFraction::NoFoil { scans }.into());
        }
        Ok(input)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(self, input, ctx.seed))
    }
}
