//! Everything a report shows about a study, as plain data.
//!
//! The study runner fills it from the store; the report renders it without knowing any method.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::outcome::{Note, Outcome};

/// A study with its results.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Dossier {
    /// Title of the study.
    pub title: String,
    /// What the study is about, in the user's words.
    pub description: String,
    /// Version of Amorph.
    pub amorph_version: String,
    /// When the report was made, as text; empty to leave it out.
    pub generated: String,
    /// Path of the study file.
    pub study_path: String,
    /// The study file as run.
    pub study_text: String,
    /// Command-line overrides.
    pub overrides: Vec<String>,
    /// Samples and their states.
    pub states: Vec<StateRecord>,
    /// What was run, in the order of the study.
    pub results: Vec<ResultRecord>,
    /// Comparisons between states.
    pub comparisons: Vec<ResultRecord>,
    /// What failed, and why.
    pub failures: Vec<FailureRecord>,
    /// The methods that were used, for the appendix.
    pub methods: Vec<MethodRecord>,
    /// Remarks about the study as a whole.
    pub notes: Vec<Note>,
}

impl Dossier {
    /// The item of a state that stands for the others: the one with the most results and, among those, with the numbers
    /// closest to the medians of the state.
    ///
    /// Distances are in median absolute deviations, averaged over all numbers that at least three items have.
    pub fn representative(&self, sample: &str, state: &str) -> Option<&str> {
        let here = |result: &&ResultRecord| !result.item.is_empty() && result.sample == sample && result.state == state;
        let results: Vec<&ResultRecord> = self.results.iter().filter(here).collect();
        let mut items: BTreeMap<&str, Standing> = BTreeMap::new();
        for result in &results {
            items.entry(&result.item).or_default().results += 1;
        }
        for (method, key) in numbers_of(&results) {
            let values: Vec<(&str, f64)> = results
                .iter()
                .filter(|result| result.method == method)
                .filter_map(|result| Some((result.item.as_str(), result.outcome.estimate(key)?.value)))
                .filter(|(_, value)| value.is_finite())
                .collect();
            add_distances(&mut items, &values);
        }
        let most = items.values().map(|item| item.results).max()?;
        let candidates = items.into_iter().filter(|(_, item)| item.results == most);
        candidates.min_by(|(_, a), (_, b)| a.mean_distance().total_cmp(&b.mean_distance())).map(|(name, _)| name)
    }
}

/// How close an item is to standing for its state.
#[derive(Default)]
struct Standing {
    results: usize,
    distance: f64,
    numbers: usize,
}

impl Standing {
    fn mean_distance(&self) -> f64 {
        self.distance / self.numbers.max(1) as f64
    }
}

/// Method and key of every number among the results, each once.
fn numbers_of<'a>(results: &[&'a ResultRecord]) -> Vec<(&'a str, &'a str)> {
    let pairs = results
        .iter()
        .flat_map(|result| result.outcome.estimates.iter().map(|estimate| (result.method.as_str(), estimate.key.as_str())));
    let mut numbers: Vec<(&str, &str)> = pairs.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn add_distances<'a>(items: &mut BTreeMap<&'a str, Standing>, values: &[(&'a str, f64)]) {
    /// One wild number should not decide alone.
    const MOST: f64 = 10.0;
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    };
    let median = middle(values.iter().map(|(_, value)| *value).collect());
    let deviation = middle(values.iter().map(|(_, value)| (value - median).abs()).collect());
    if values.len() < 3 || deviation.is_nan() || deviation <= 0.0 {
        return;
    }
    for (name, value) in values {
        if let Some(item) = items.get_mut(name) {
            item.distance += ((value - median).abs() / deviation).min(MOST);
            item.numbers += 1;
        }
    }
}

/// One state of one sample.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StateRecord {
    /// Sample.
    pub sample: String,
    /// State.
    pub state: String,
    /// What the study says about them: alloy, load, annealing ...
    pub facts: Vec<(String, String)>,
    /// Number of measured items (images, traces) in this state.
    pub n_items: usize,
}

/// One outcome and what it belongs to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ResultRecord {
    /// Key of the job; the anchor of its provenance.
    pub job: String,
    /// Method.
    pub method: String,
    /// Heading of the method.
    pub title: String,
    /// Sample.
    pub sample: String,
    /// State.
    pub state: String,
    /// The item (file) for results of one item; empty for those of a whole state.
    pub item: String,
    /// The result.
    pub outcome: Outcome,
    /// How much of it a report shows.
    #[serde(default)]
    pub shown: Shown,
}

/// How much of a result a report shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Numbers, notes, figures, tables and maps.
    #[default]
    InFull,
    /// Numbers, notes and small pictures of its maps, which are reduced; figures and tables are left out.
    InShort,
}

/// Something that could not be computed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FailureRecord {
    /// Method.
    pub method: String,
    /// State.
    pub state: String,
    /// Item; empty for a whole state.
    pub item: String,
    /// What was found, what was needed.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// What the appendix says about a method.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MethodRecord {
    /// Identifier, for instance `dafm.correlation_length`.
    pub id: String,
    /// Heading.
    pub title: String,
    /// One sentence.
    pub summary: String,
    /// Version.
    pub version: u32,
    /// Its `doc.md` (Markdown, equations in `$...$` and `$$...$$`).
    pub doc: String,
    /// References.
    pub references: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Estimate;

    fn result(item: &str, method: &str, value: f64) -> ResultRecord {
        let estimate = Estimate::without_interval("length", "l", value, "m", "a test");
        ResultRecord {
            method: method.to_owned(),
            sample: "film".to_owned(),
            state: "a".to_owned(),
            item: item.to_owned(),
            outcome: Outcome { estimates: vec![estimate], ..Outcome::default() },
            ..ResultRecord::default()
        }
    }

    #[test]
    fn the_item_in_the_middle_of_its_state_stands_for_it() {
        let of_items = [("one", 1.0), ("two", 2.1), ("three", 2.2), ("four", 9.0)].map(|(item, v)| result(item, "m", v));
        let dossier = Dossier { results: of_items.to_vec(), ..Dossier::default() };
        // The upper of the two middle values is taken as the median.
        assert_eq!(dossier.representative("film", "a"), Some("three"));
        assert_eq!(dossier.representative("film", "b"), None);
    }

    #[test]
    fn an_item_with_missing_results_stands_for_none() {
        let mut results = vec![result("one", "m", 1.0), result("two", "m", 2.0), result("three", "m", 9.0)];
        results.push(result("three", "n", 1.0));
        assert_eq!(Dossier { results, ..Dossier::default() }.representative("film", "a"), Some("three"));
    }
}
