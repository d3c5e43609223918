//! Whether ordered patterns lie in bright or in dark domains of an image of the same field.

pub mod algorithm;
mod figures;
mod input;
pub mod logistic;
mod report;
#[cfg(test)]
mod tests;

pub use input::{Lack, Scan};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::Level;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Refusal, Scope, output};

/// Order of the patterns against the brightness of an image, region by region, with chance from the maps themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Association {
    /// Which map on the grid of the scan is the image: that of stem.scan_image, of stem.annular_sum or of stem.virtual_image.
    pub image: String,
    /// What counts as bright.
    pub threshold: Threshold,
    /// Brightness above which a position is bright, with threshold = "value".
    pub value: Option<f64>,
    /// Ways of laying the maps over each other that are drawn where there are more.
    #[schemars(range(min = 999, max = 1000000))]
    pub surrogates: usize,
    /// Domains that lie above each other in the foil: its thickness over their size. Without it nothing is said about dilution.
    pub domains_through_foil: Option<f64>,
}

/// What counts as bright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// Above the median of the region: does not depend on contrast and gamma of the image.
    Median,
    /// Above the middle between the darkest and the brightest position of the region.
    MidRange,
    /// Above the middle between the first and the last hundredth.
    PercentileRange,
    /// Above `value`.
    Value,
}

impl Default for Association {
    fn default() -> Self {
        Self {
            image: "scan_image".to_owned(),
            threshold: Threshold::Median,
            value: None,
            surrogates: 9999,
            domains_through_foil: None,
        }
    }
}

/// The scans of a state.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Those that are used.
    pub scans: Vec<Scan>,
    /// Those that drifted too far.
    pub drifted: Vec<Scan>,
    /// Scans without patterns or image.
    pub left_out: Vec<(String, Lack)>,
}

/// Why nothing is said about order and brightness.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoAssociation {
    /// Nothing to start from.
    #[error("no scan has both judged patterns and a map '{image}' ({without_image} have patterns alone)")]
    Nothing {
        /// The map that is looked for.
        image: String,
        /// Scans with patterns.
        without_image: usize,
    },
    /// A margin is empty everywhere.
    #[error("in every scan all patterns are alike, or all positions are equally bright: there is nothing to compare")]
    OneClass,
    /// A parameter that cannot be.
    #[error("{name} is {value}; it must be {allowed}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// What was given.
        value: f64,
        /// What is possible.
        allowed: &'static str,
    },
    /// A threshold by value without one.
    #[error("threshold = \"value\" needs value")]
    NoValue,
}

impl Refusal for NoAssociation {
    fn hint(&self) -> String {
        match self {
            Self::Nothing { .. } => {
                "the methods of the scans need stem.bragg_detection and one that makes the image: stem.scan_image for an image file, or stem.annular_sum with image = \"annular_sum\"".to_owned()
            }
            Self::OneClass => "choose another threshold, or a state in which some patterns are ordered".to_owned(),
            Self::Parameter { .. } => "`amorph method show stem.association` lists the parameters".to_owned(),
            Self::NoValue => "give value in the unit of the image, or use threshold = \"median\"".to_owned(),
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("odds_ratio_mh", "OR", "", "odds of order at bright over those at dark positions, common to the regions"),
    output("odds_ratio_regions", "", "", "geometric mean of the odds ratios of the regions"),
    output(
        "p_spatial",
        "p",
        "",
        "probability of so large an excess between maps that keep their grains but have nothing in common",
    ),
    output("auc", "", "", "probability that an ordered position is brighter than another one of its region"),
    output("auc_p_spatial", "p", "", "the same probability for the ranks of the brightness"),
    output(
        "brightness_slope",
        "β",
        "",
        "change of the logarithm of the odds of order per standard deviation of the brightness",
    ),
    output("n_effective", "n_eff", "", "independent positions that would scatter as much: neighbours are ordered together"),
    output("design_effect", "", "", "variance of the excess over that of independent positions"),
    output("minimum_detectable_odds_ratio", "", "", "odds ratio that four of five such experiments tell from 1"),
    output("cmh_naive", "X²", "", "Cochran, Mantel and Haenszel's statistic, positions taken as independent"),
    output("p_naive", "p", "", "its probability"),
    output("fisher_p_naive", "p", "", "exact conditional probability, positions taken as independent"),
    output("share_ordered", "", "", "share of ordered positions"),
    output("share_bright", "", "", "share of bright positions"),
    output("n_regions", "R", "", "scans used"),
    output("n_patterns", "N", "", "positions used"),
];

impl Method for Association {
    const INFO: MethodInfo = MethodInfo {
        id: "stem.association",
        family: "stem",
        version: 2,
        title: "Order in bright and dark domains",
        summary: "Odds ratio of ordered patterns between bright and dark domains of an image of the same field, with a test that knows that both maps have grains.",
        doc: include_str!("doc.md"),
        technique: "stem",
        scope: Scope::State,
        after: &["stem.bragg_detection", "stem.scan_image", "stem.annular_sum", "stem.virtual_image", "stem.drift"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["I19-27", "I19-28"],
        references: &[
            "N. Mantel, W. Haenszel, J. Natl. Cancer Inst. 22, 719 (1959), doi:10.1093/jnci/22.4.719",
            "J. Robins, N. Breslow, S. Greenland, Biometrics 42, 311 (1986), doi:10.2307/2531052",
            "P. Clifford, S. Richardson, D. Hémon, Biometrics 45, 123 (1989), doi:10.2307/2532039",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        self.check_parameters()?;
        let mut input = Input { scans: Vec::new(), drifted: Vec::new(), left_out: Vec::new() };
        for upstream in dataset.upstream.iter().filter(|upstream| upstream.method == "stem.bragg_detection") {
            match Scan::of(upstream, &dataset.upstream, &self.image) {
                Ok(scan) if scan.drift_steps.is_some_and(|(_, accepted)| !accepted) => input.drifted.push(scan),
                Ok(scan) => input.scans.push(scan),
                Err(lack) => input.left_out.push((upstream.item.clone(), lack)),
            }
        }
        if input.scans.is_empty() {
            let without_image = input.left_out.iter().filter(|(_, lack)| *lack == Lack::Image).count();
            return Err(NoAssociation::Nothing { image: self.image.clone(), without_image }.into());
        }
        Ok(input)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input, ctx.seed).ok_or_else(|| NoAssociation::OneClass.into())
    }
}

impl Association {
    fn check_parameters(&self) -> Result<(), NoAssociation> {
        let wrong = |name, value, allowed| Err(NoAssociation::Parameter { name, value, allowed });
        if !(999..=1_000_000).contains(&self.surrogates) {
            return wrong("surrogates", self.surrogates as f64, "from 999 to 1000000");
        }
        if let Some(domains) = self.domains_through_foil.filter(|domains| !(*domains >= 1.0 && domains.is_finite())) {
            return wrong("domains_through_foil", domains, "at least 1");
        }
        match (self.threshold, self.value) {
            (Threshold::Value, None) => Err(NoAssociation::NoValue),
            (_, Some(value)) if !value.is_finite() => wrong("value", value, "a number"),
            _ => Ok(()),
        }
    }

    pub(super) fn level(&self) -> Level {
        match self.threshold {
            Threshold::Median => Level::Quantile(0.5),
            Threshold::MidRange => Level::Middle(0.0),
            Threshold::PercentileRange => Level::Middle(0.01),
            Threshold::Value => Level::Value(self.value.unwrap_or(f64::NAN)),
        }
    }
}
