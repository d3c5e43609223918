//! Comparison of states with sites as replicates.

pub mod algorithm;
mod figures;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::core::unit::{format_estimate, format_significant};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope};

use algorithm::{Comparison, Descriptor, StateMean};

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
        version: 1,
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
        ],
    };

    type Input<'a> = Vec<Descriptor>;

    fn check(&self, dataset: &Dataset) -> Result<Vec<Descriptor>, MethodError> {
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
        let comparable: Vec<Descriptor> = descriptors.iter().filter(|descriptor| descriptor.is_comparable()).cloned().collect();
        if comparable.is_empty() {
            let counts = descriptors.iter().flat_map(|descriptor| descriptor.sites.iter().map(|(_, values)| values.len()));
            return Err(CannotCompare::TooFewSites { most: counts.max().unwrap_or(0) }.into());
        }
        Ok(comparable)
    }

    fn run(&self, input: &Vec<Descriptor>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let means: Vec<Vec<StateMean>> = input.iter().map(algorithm::state_means).collect();
        let comparisons = algorithm::comparisons(input, self.reference.as_deref(), self.permutations, ctx.seed);
        let mut outcome = Outcome {
            estimates: estimates(input, &means, &comparisons),
            tables: vec![means_table(input, &means), differences_table(&comparisons)],
            figures: figures::figures(input, &means),
            ..Outcome::default()
        };
        outcome.notes = notes(input, &comparisons);
        Ok(outcome)
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
        estimates.push(estimate.n((difference.n.0 + difference.n.1) as f64));
    }
    estimates
}

/// `4.100 ± 0.050 nm` in the unit that suits the largest of the values.
fn shown(value: f64, std_error: Option<f64>, unit: &Unit, largest: f64) -> String {
    let display = unit.preferred(largest);
    let ratio = unit.scale() / display.scale();
    let text = format_estimate(value * ratio, std_error.map(|error| error * ratio));
    if display.symbol().is_empty() { text } else { format!("{text} {display}") }
}

fn shown_interval(interval: Option<(f64, f64)>, unit: &Unit, largest: f64) -> String {
    let Some((lo, hi)) = interval else { return "—".to_owned() };
    let display = unit.preferred(largest);
    let ratio = unit.scale() / display.scale();
    let text = format!("[{}, {}]", format_significant(lo * ratio, 4), format_significant(hi * ratio, 4));
    if display.symbol().is_empty() { text } else { format!("{text} {display}") }
}

fn means_table(descriptors: &[Descriptor], means: &[Vec<StateMean>]) -> Table {
    let (mut quantity, mut state, mut n, mut mean, mut interval, mut scatter) =
        (vec![], vec![], vec![], vec![], vec![], vec![]);
    for (descriptor, means) in descriptors.iter().zip(means) {
        let largest = means.iter().map(|mean| mean.mean.abs()).fold(0.0, f64::max);
        for row in means {
            quantity.push(descriptor.name());
            state.push(row.state.clone());
            n.push(row.n as f64);
            mean.push(shown(row.mean, row.std_error, &descriptor.unit, largest));
            interval.push(shown_interval(row.interval, &descriptor.unit, largest));
            scatter.push(row.std_dev.map_or("—".to_owned(), |sd| shown(sd, None, &descriptor.unit, largest)));
        }
    }
    Table::new("state_means", "Means over sites (± standard error of the mean)")
        .with_text("quantity", quantity)
        .with_text("state", state)
        .with_numbers("sites", "", n)
        .with_text("mean", mean)
        .with_text("95 % interval", interval)
        .with_text("scatter between sites", scatter)
}

fn differences_table(comparisons: &[Comparison]) -> Table {
    let text = |of: &dyn Fn(&Comparison) -> String| comparisons.iter().map(of).collect::<Vec<_>>();
    let numbers = |of: &dyn Fn(&Comparison) -> f64| comparisons.iter().map(of).collect::<Vec<_>>();
    Table::new("state_differences", "Differences between states, sites as replicates")
        .with_text("quantity", text(&|c| c.name.clone()))
        .with_text("states", text(&|c| format!("{} − {}", c.state, c.reference)))
        .with_text("difference", text(&|c| shown(c.welch.difference, None, &c.unit, c.welch.difference)))
        .with_text(
            "95 % interval",
            text(&|c| shown_interval(Some((c.welch.lower, c.welch.upper)), &c.unit, c.welch.difference)),
        )
        .with_numbers("p (Welch)", "", numbers(&|c| c.welch.p_value))
        .with_numbers("p (permutation)", "", numbers(&|c| c.permutation_p))
        .with_numbers("p (Holm)", "", numbers(&|c| c.holm_p))
}

fn notes(descriptors: &[Descriptor], comparisons: &[Comparison]) -> Vec<Note> {
    let significant: Vec<String> = comparisons.iter().filter(|c| c.holm_p < 0.05).map(Comparison::label).collect();
    let message = match significant.as_slice() {
        [] => format!(
            "None of the {} differences is significant at the 5 % level once their number is taken into account (Holm). \
             The intervals say how large a difference could have gone unseen.",
            comparisons.len()
        ),
        list => {
            format!("Significant at the 5 % level after Holm's correction over {}: {}.", comparisons.len(), list.join("; "))
        }
    };
    let mut notes = vec![Note::info("holm", message)];
    let fewest = descriptors.iter().flat_map(|d| d.sites.iter().map(|(_, values)| values.len())).min().unwrap_or(0);
    if fewest < 5 {
        notes.push(Note::warning(
            "few_sites",
            format!("Some states have only {fewest} sites: their intervals assume that sites scatter normally, and permutation tests cannot give small probabilities."),
        ));
    }
    notes
}

#[cfg(test)]
mod tests;
