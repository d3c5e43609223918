use super::figures::by_paper;
use super::{Assumptions, Shown, Verdict, coverage, discrepancies, verdicts};
use crate::core::data::Table;
use crate::core::dossier::{Dossier, ResultRecord, StateRecord};
use crate::core::outcome::{Note, Outcome};
use crate::literature::Paper;
use crate::theory::{TheoryError, short};

impl Verdict {
    /// The value to six digits, as in the reference table.
    pub fn shown(&self) -> String {
        short(self.computed)
    }

    /// `yes` or `no`.
    pub fn word(&self) -> &'static str {
        if self.agrees { "yes" } else { "no" }
    }
}

/// The value of a claim with its unit, as printed.
pub fn published_text(verdict: &Verdict) -> String {
    match verdict.claim.unit.as_str() {
        "-" => verdict.claim.published.clone(),
        unit => format!("{} {unit}", verdict.claim.published),
    }
}

/// The papers in the order of the inventory: tag and reference.
fn papers() -> Vec<(&'static str, &'static str, &'static str)> {
    let of = |tag: &'static str| Paper::from_tag(tag).map(|paper| (tag, paper.short(), paper.reference()));
    ["L16", "Y12", "I19", "Q19"].into_iter().filter_map(of).collect()
}

/// Tables of verdicts, coverage and discrepancies and the figures, for a report.
///
/// # Errors
/// [`TheoryError`] of the recomputed values.
pub fn dossier() -> Result<Dossier, TheoryError> {
    let all = verdicts(&Assumptions::default())?;
    let mut results = Vec::new();
    let mut states = Vec::new();
    for (tag, short, reference) in papers() {
        let of_paper: Vec<&Verdict> = all.iter().filter(|verdict| first_paper(verdict) == tag).collect();
        let disagree = of_paper.iter().filter(|verdict| !verdict.agrees).count();
        let note = format!(
            "{} of {} numbers agree; {disagree} do not, each with its reason.",
            of_paper.len() - disagree,
            of_paper.len()
        );
        let figures = by_paper().into_iter().filter(|(paper, _)| *paper == tag).map(|(_, figure)| figure).collect();
        states.push(state(short, "recomputed", reference));
        let outcome = Outcome {
            tables: vec![verdict_table(&of_paper)],
            figures,
            notes: vec![Note::info("agreement", note)],
            ..Outcome::default()
        };
        results.push(record(tag, short, "recomputed", "Published numbers, recomputed", outcome));
    }
    states.push(state("All papers", "inventory", "what covers each row, and where each slip is seen"));
    let outcome = Outcome { tables: vec![coverage_table(), discrepancy_table()], ..Outcome::default() };
    results.push(record("inventory", "All papers", "inventory", "Inventory", outcome));
    Ok(Dossier {
        title: "The source papers, recomputed".to_owned(),
        description: "Every number of the four source papers, from the closed-form models: published, computed, whether they agree, and why not.".to_owned(),
        amorph_version: crate::VERSION.to_owned(),
        states,
        results,
        ..Dossier::default()
    })
}

/// A claim of two papers stands with the first.
fn first_paper(verdict: &Verdict) -> &str {
    verdict.claim.paper.split('+').next().unwrap_or_default()
}

fn state(sample: &str, state: &str, facts: &str) -> StateRecord {
    let facts = vec![("reference".to_owned(), facts.to_owned())];
    StateRecord { sample: sample.to_owned(), state: state.to_owned(), facts, n_items: 0 }
}

fn record(job: &str, sample: &str, state: &str, title: &str, outcome: Outcome) -> ResultRecord {
    let [job, sample, state, title] = [job, sample, state, title].map(str::to_owned);
    ResultRecord { job, method: "papers".to_owned(), title, sample, state, outcome, ..ResultRecord::default() }
}

fn verdict_table(verdicts: &[&Verdict]) -> Table {
    let column = |text: &dyn Fn(&Verdict) -> String| verdicts.iter().map(|verdict| text(verdict)).collect::<Vec<_>>();
    Table::new("verdicts", "Published and computed")
        .with_text("what", column(&|v| v.claim.what.clone()))
        .with_text("published", column(&|v| v.claim.published.clone()))
        .with_text("computed", column(&|v| v.shown()))
        .with_text("unit", column(&|v| v.claim.unit.clone()))
        .with_text("agrees", column(&|v| v.word().to_owned()))
        .with_text("why not", column(&|v| v.claim.why_not.clone()))
}

fn coverage_table() -> Table {
    let rows = coverage();
    let by = |row: &super::Coverage| {
        if row.is_covered() { row.covering().join(", ") } else { row.absence.unwrap_or_default().to_owned() }
    };
    Table::new("coverage", "What covers each row of the inventory")
        .with_text("row", rows.iter().map(|row| row.row.id.clone()).collect())
        .with_text("what", rows.iter().map(|row| row.row.title.clone()).collect())
        .with_text("covered", rows.iter().map(|row| if row.is_covered() { "yes" } else { "no" }.to_owned()).collect())
        .with_text("by, or why not", rows.iter().map(by).collect())
}

impl Shown {
    /// Where, in words.
    pub fn text(&self) -> String {
        match self {
            Self::Claims(ids) => format!("recomputed: {}", ids.join(", ")),
            Self::Models(ids) => format!("right form in the model {}", ids.join(", ")),
            Self::Nowhere(why) => format!("not computed: {why}"),
        }
    }
}

fn discrepancy_table() -> Table {
    let all = discrepancies();
    Table::new("discrepancies", "Slips and contradictions of the papers")
        .with_text("id", all.iter().map(|d| d.id.to_owned()).collect())
        .with_text("what", all.iter().map(|d| d.what.to_owned()).collect())
        .with_text("where it is seen", all.iter().map(|d| d.shown.text()).collect())
}
