//! Comparison of states with sites as replicates.

pub mod algorithm;
mod axes;
mod figures;
mod published;
mod tables;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::literature::Literature;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope};

use algorithm::{Comparison, Descriptor, StateMean};
use axes::AxialComparison;

/// Compares the states of a study quantity by quantity, with the site as the unit of replication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CompareStates {
    /// State that the others are compared with; the first of the study when absent.
    pub reference: Option<String>,
    /// Keys of the quantities to compare; all that every site gives when empty.
    pub quantities: Vec<String>,
    /// Number of random permutations, where not all can be tried.
    pub permutations: usize,
}

impl Default for CompareStates {
    fn default() -> Self {
        Self { reference: None, quantities: Vec::new(), permutations: 9999 }
    }
}

/// What is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Quantities with values.
    pub values: Vec<Descriptor>,
    /// Directions of lines.
    pub axes: Vec<Descriptor>,
    /// Names of what is not compared because it describes tests and null models.
    pub left_out: Vec<String>,
    /// Published values to show behind them.
    pub literature: Literature,
}

/// Reasons for not comparing.
#[derive(Debug, thiserror::Error)]
pub enum CannotCompare {
    /// Fewer than two states have results.
    #[error("only {found} state has results; a comparison needs two")]
    TooFewStates {
        /// States with results.
        found: usize,
    },
    /// The reference is not among the states.
    #[error("the reference state '{wanted}' has no results; states with results: {}", found.join(", "))]
    NoReference {
        /// The state asked for.
        wanted: String,
        /// States with results.
        found: Vec<String>,
    },
    /// No quantity has two sites in two states.
    #[error(
        "no quantity has at least two sites in two states (at most {most} sites in a state); single-site values are given with each image"
    )]
    TooFewSites {
        /// Largest number of sites of any state.
        most: usize,
    },
}

impl Refusal for CannotCompare {
    fn hint(&self) -> String {
        match self {
            Self::TooFewStates { .. } => "measure a second state, or remove [compare]".to_owned(),
            Self::NoReference { .. } => "correct `reference` under [method.\"compare.states\"]".to_owned(),
            Self::TooFewSites { .. } => {
                "measure at least three sites per state: pixels of one image are not replicates".to_owned()
            }
        }
    }
}

impl Method for CompareStates {
    const INFO: MethodInfo = MethodInfo {
        id: "compare.states",
        family: "compare",
        version: 2,
        title: "Comparison of states",
        summary: "Mean and scatter between sites per state, differences with intervals and tests, corrected for their number.",
        doc: include_str!("doc.md"),
        technique: "",
        scope: Scope::Study,
        after: &[],
        constants: &[],
        outputs: &[],
        covers: &["L16-37", "L16-41", "Q19-3.3.4-a", "Q19-3.3.2-a", "Q19-3.3.2-b"],
        references: &[
            "S. Holm, Scand. J. Stat. 6, 65 (1979)",
            "B. L. Welch, Biometrika 34, 28 (1947), doi:10.1093/biomet/34.1-2.28",
            "G. S. Watson, E. J. Williams, Biometrika 43, 344 (1956), doi:10.1093/biomet/43.3-4.344",
        ],
    };

    type Input<'a> = Compared;

    fn check(&self, dataset: &Dataset) -> Result<Compared, MethodError> {
        let descriptors = algorithm::descriptors(&dataset.upstream, &self.quantities);
        let mut states: Vec<String> = Vec::new();
        for (state, _) in descriptors.iter().flat_map(|descriptor| &descriptor.sites) {
            if !states.contains(state) {
                states.push(state.clone());
            }
        }
        if states.len() < 2 {
            return Err(CannotCompare::TooFewStates { found: states.len() }.into());
        }
        if let Some(wanted) = self.reference.as_ref().filter(|reference| !states.contains(reference)) {
            return Err(CannotCompare::NoReference { wanted: wanted.clone(), found: states }.into());
        }
        let asked_for = |descriptor: &Descriptor| self.quantities.contains(&descriptor.key);
        let (kept, left_out): (Vec<Descriptor>, Vec<Descriptor>) = descriptors
            .iter()
            .filter(|descriptor| descriptor.is_comparable())
            .cloned()
            .partition(|descriptor| descriptor.describes_the_material() || asked_for(descriptor));
        if kept.is_empty() {
            let counts = descriptors.iter().flat_map(|descriptor| descriptor.sites.iter().map(|(_, values)| values.len()));
            return Err(CannotCompare::TooFewSites { most: counts.max().unwrap_or(0) }.into());
        }
        let (axes, values) = kept.into_iter().partition(Descriptor::is_axial);
        Ok(Compared {
            values,
            axes,
            left_out: left_out.iter().map(Descriptor::name).collect(),
            literature: dataset.literature.clone(),
        })
    }

    fn run(&self, input: &Compared, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let reference = self.reference.as_deref();
        let means: Vec<Vec<StateMean>> = input.values.iter().map(algorithm::state_means).collect();
        let mut comparisons = algorithm::comparisons(&input.values, reference, self.permutations, ctx.seed);
        let mut axial = axes::axial_comparisons(&input.axes, reference, self.permutations, ctx.seed);
        algorithm::correct(&mut comparisons, &mut axial);
        let mut tables = vec![tables::means(&input.values, &means), tables::differences(&comparisons)];
        if !input.axes.is_empty() {
            tables.push(tables::axes(&input.axes));
            tables.push(tables::turns(&axial));
        }
        Ok(Outcome {
            estimates: estimates(&input.values, &means, &comparisons),
            tables,
            figures: figures::figures(&input.values, &means, &comparisons, &input.literature),
            notes: notes(input, &comparisons, &axial),
            ..Outcome::default()
        })
    }
}

fn estimates(descriptors: &[Descriptor], means: &[Vec<StateMean>], comparisons: &[Comparison]) -> Vec<Estimate> {
    let mut estimates = Vec::new();
    for (descriptor, means) in descriptors.iter().zip(means) {
        for mean in means {
            let key = format!("{}@{}", descriptor.key, mean.state);
            let unit = descriptor.unit.symbol();
            let estimate = match mean.interval {
                Some(interval) => {
                    Estimate::with_interval(&key, &descriptor.symbol, mean.mean, unit, interval, Basis::Replicate)
                }
                None => Estimate::without_interval(&key, &descriptor.symbol, mean.mean, unit, "fewer than three sites"),
            };
            let estimate = match mean.std_error {
                Some(std_error) => estimate.std_error(std_error),
                None => estimate,
            };
            estimates.push(estimate.n(mean.n as f64));
        }
    }
    for difference in comparisons {
        let key = format!("{}@{}-{}", difference.key, difference.state, difference.reference);
        let symbol = format!("Δ{}", difference.symbol);
        let interval = (difference.welch.lower, difference.welch.upper);
        let value = difference.welch.difference;
        let estimate = Estimate::with_interval(&key, &symbol, value, difference.unit.symbol(), interval, Basis::Replicate);
        let n = (difference.n.0 + difference.n.1) as f64;
        estimates.push(estimate.n(n));
        if let Some(ratio) = difference.ratio {
            let key = format!("{}@{}/{}", difference.key, difference.state, difference.reference);
            let symbol = format!("{} ratio", difference.symbol);
            let estimate = Estimate::with_interval(&key, &symbol, ratio.value(), "", ratio.interval(), Basis::Replicate);
            estimates.push(estimate.n(n));
        }
    }
    estimates
}

fn notes(input: &Compared, comparisons: &[Comparison], axial: &[AxialComparison]) -> Vec<Note> {
    let of_values = comparisons.iter().filter(|c| c.holm_p < 0.05).map(Comparison::label);
    let of_axes = axial.iter().filter(|c| c.holm_p < 0.05).map(AxialComparison::label);
    let significant: Vec<String> = of_values.chain(of_axes).collect();
    let all = comparisons.len() + axial.len();
    let message = match significant.as_slice() {
        [] => format!(
            "None of the {all} differences is significant at the 5 % level once their number is taken into account (Holm). \
             The intervals say how large a difference could have gone unseen."
        ),
        list => format!("Significant at the 5 % level after Holm's correction over {all}: {}.", list.join("; ")),
    };
    let mut notes = vec![Note::info("holm", message)];
    let fewest = input.values.iter().flat_map(|d| d.sites.iter().map(|(_, values)| values.len())).min().unwrap_or(0);
    if fewest < 5 {
        notes.push(Note::warning(
            "few_sites",
            format!("Some states have only {fewest} sites: their intervals assume that sites scatter normally, and permutation tests cannot give small probabilities."),
        ));
    }
    if !input.axes.is_empty() {
        let names: Vec<String> = input.axes.iter().map(Descriptor::name).collect();
        notes.push(Note::info(
            "axial",
            format!(
                "Directions of lines are equal modulo 180°: {} are compared as doubled angles, by permutation of sites.",
                names.join(", ")
            ),
        ));
    }
    if !input.left_out.is_empty() {
        notes.push(Note::info(
            "not_compared",
            format!(
                "Not compared, because they describe null models and tests and not the material: {}.",
                input.left_out.join(", ")
            ),
        ));
    }
    notes
}

#[cfg(test)]
mod tests;
