//! One exponent for the sizes of several samples, each with a cut-off of its own.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::Profile;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Refusal, Scope, output};

/// A common exponent of several size distributions, and whether they have one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CommonExponent {}

/// A sample: what it is called and what its likelihood says of the exponent.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub(super) name: String,
    pub(super) n: f64,
    pub(super) profile: Profile,
}

/// Two samples or more.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    pub(super) samples: Vec<Sample>,
}

/// Why there is no common exponent.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
enum CommonError {
    /// Too few samples.
    #[error("a common exponent needs at least two size distributions with a cut-off; found: {found}")]
    TooFew { found: usize },
    /// No maximum.
    #[error("the likelihoods of the exponents have no common maximum or no ends of an interval")]
    NoMaximum,
}

impl Refusal for CommonError {
    fn hint(&self) -> String {
        match self {
            Self::TooFew { .. } => {
                "put events.size_distribution with model = \"truncated_power_law\" before it, for several files or states"
                    .to_owned()
            }
            Self::NoMaximum => "look at the exponents of the samples one by one".to_owned(),
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("common_exponent", "α", "", "exponent that all samples share, each with a cut-off of its own"),
    output("common_exponent_ratio", "2 ln LR", "", "twice the log-likelihood ratio of own exponents against a common one"),
    output("common_exponent_p", "p", "", "probability of a larger ratio where the exponent is common"),
];

impl Method for CommonExponent {
    const INFO: MethodInfo = MethodInfo {
        id: "events.common_exponent",
        family: "events",
        version: 1,
        title: "Common exponent of event sizes",
        summary: "One exponent for several samples or stresses with cut-offs of their own, and a test whether they share it.",
        doc: include_str!("doc.md"),
        technique: "events",
        scope: Scope::Study,
        after: &["events.size_distribution"],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Y12-15"],
        references: &["A. Clauset, C. R. Shalizi, M. E. J. Newman, SIAM Rev. 51, 661 (2009), doi:10.1137/070710111"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let of_sizes = dataset.upstream.iter().filter(|upstream| upstream.method == "events.size_distribution");
        let sample = |upstream: &crate::method::Upstream| {
            let table = upstream.outcome.table("exponent_profile")?;
            let column = |name: &str| table.numbers(name).ok().map(|(_, values)| values.to_vec());
            let name = if upstream.item.is_empty() {
                upstream.state.clone()
            } else {
                format!("{}, {}", upstream.state, upstream.item)
            };
            let n = upstream.outcome.estimate("size_exponent")?.n?;
            Some(Sample { name, n, profile: Profile::new(column("exponent")?, column("ln_likelihood")?)? })
        };
        let samples: Vec<Sample> = of_sizes.filter_map(sample).collect();
        if samples.len() < 2 {
            return Err(CommonError::TooFew { found: samples.len() }.into());
        }
        Ok(Input { samples })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let profiles: Vec<&Profile> = input.samples.iter().map(|sample| &sample.profile).collect();
        let common = algorithm::common(&profiles).ok_or(CommonError::NoMaximum)?;
        Ok(report::outcome(input, &common))
    }
}
