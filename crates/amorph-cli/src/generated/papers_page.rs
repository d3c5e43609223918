use amorph::literature::Paper;
use amorph::papers::{Assumptions, Verdict, coverage, discrepancies, figures, verdicts};

/// The page of the recomputed papers: verdicts, coverage, discrepancies, figures.
pub fn page() -> String {
    let Ok(all) = verdicts(&Assumptions::default()) else { return String::new() };
    let agree = all.iter().filter(|verdict| verdict.agrees).count();
    let mut text = format!(
        "# The source papers, recomputed\n\nGenerated; `amorph papers` shows the same, `amorph papers --out <folder>` writes it \
         as a page with the figures.\n\nEvery number that the four source papers print, or that follows from what they print, is \
         computed anew by the [models](theory/index.md). {agree} of {} agree within the rounding of the printed digits or the \
         printed range. The others say why not.\n",
        all.len()
    );
    for tag in ["L16", "Y12", "I19", "Q19"] {
        let reference = Paper::from_tag(tag).map(Paper::reference).unwrap_or_default();
        text.push_str(&format!("\n## {tag}\n\n{reference}.\n\n"));
        text.push_str("| what | published | computed | unit | agrees | why not |\n|---|---|---|---|---|---|\n");
        text.extend(all.iter().filter(|verdict| verdict.claim.paper.starts_with(tag)).map(row));
    }
    text.push_str("\n## Figures\n\nDrawn from the models by `make papers`.\n");
    for figure in figures() {
        text.push_str(&format!(
            "\n### {}\n\n![{}](images/papers/{}.png)\n\n{}\n",
            figure.title, figure.title, figure.key, figure.caption
        ));
    }
    text.push_str("\n## Slips and contradictions\n\n| | what | where it is seen |\n|---|---|---|\n");
    text.extend(discrepancies().iter().map(|d| format!("| {} | {} | {} |\n", d.id, cell(d.what), cell(&d.shown.text()))));
    let rows = coverage();
    let covered = rows.iter().filter(|row| row.is_covered()).count();
    text.push_str(&format!(
        "\n## Coverage of the inventory\n\n{covered} of {} things in the papers that software can do are covered by a method, a model \
         or a virtual instrument that declares so; for the others the reason is given.\n\n| row | what | covered by, or why not |\n|---|---|---|\n",
        rows.len()
    ));
    for row in &rows {
        let covering: Vec<String> = row.covering().iter().map(|id| format!("`{id}`")).collect();
        let by = if row.is_covered() { covering.join(", ") } else { row.absence.unwrap_or_default().to_owned() };
        text.push_str(&format!("| {} | {} | {by} |\n", row.row.id, cell(&row.row.title)));
    }
    text
}

fn row(verdict: &Verdict) -> String {
    let claim = verdict.claim;
    format!(
        "| {} | {} | {} | {} | {} | {} |\n",
        cell(&claim.what),
        cell(&claim.published),
        verdict.shown(),
        claim.unit,
        verdict.word(),
        cell(&claim.why_not)
    )
}

/// Text that Markdown leaves as it is.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*").replace('_', "\\_").replace('<', "&lt;")
}
