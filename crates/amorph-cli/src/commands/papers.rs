use std::path::Path;
use std::process::ExitCode;

use amorph::papers::{self, Assumptions, Coverage, Verdict};
use amorph_report::{Theme, html, png};
use serde_json::{Value, json};

use crate::args::Papers;
use crate::failure::{Failure, write};
use crate::show;

/// Prints the recomputed numbers or the coverage, or writes them as a page with figures.
pub fn run(arguments: &Papers) -> Result<ExitCode, Failure> {
    if let Some(folder) = &arguments.out {
        return page(folder);
    }
    if arguments.coverage {
        coverage(arguments);
        return Ok(ExitCode::SUCCESS);
    }
    let wanted = |verdict: &Verdict| {
        arguments.paper.as_ref().is_none_or(|paper| verdict.claim.is_of(paper)) && !(arguments.disagree && verdict.agrees)
    };
    let known = ["L16", "Y12", "I19", "Q19"];
    if let Some(paper) = arguments.paper.as_ref().filter(|paper| !known.iter().any(|k| k.eq_ignore_ascii_case(paper))) {
        return Err(Failure::Unknown {
            what: "paper",
            word: format!("{paper}; there are {}", known.join(", ")),
            nearest: None,
        });
    }
    let verdicts: Vec<Verdict> = papers::verdicts(&Assumptions::default())?.into_iter().filter(wanted).collect();
    match (arguments.json, arguments.csv) {
        (true, _) => println!("{}", serde_json::to_string_pretty(&as_json(&verdicts)).unwrap_or_default()),
        (_, true) => print!("{}", as_csv(&verdicts)),
        _ => println!("{}", as_text(&verdicts, arguments.disagree)),
    }
    Ok(ExitCode::SUCCESS)
}

fn as_text(verdicts: &[Verdict], disagree: bool) -> String {
    let row = |verdict: &Verdict| {
        let claim = verdict.claim;
        let texts = [&claim.id, &claim.what, &claim.published, &verdict.shown(), &claim.unit, verdict.word(), &claim.why_not];
        texts.map(str::to_owned).to_vec()
    };
    let header = ["claim", "what", "published", "computed", "unit", "agrees", "why not"];
    let agree = verdicts.iter().filter(|verdict| verdict.agrees).count();
    let table = show::rows(&header, verdicts.iter().map(row));
    match disagree {
        true => format!("{table}\n\n{} do not agree", verdicts.len()),
        false => format!("{table}\n\n{agree} of {} agree", verdicts.len()),
    }
}

fn as_json(verdicts: &[Verdict]) -> Value {
    let one = |verdict: &Verdict| {
        let claim = verdict.claim;
        json!({
            "id": claim.id, "paper": claim.paper, "rows": claim.rows, "what": claim.what, "published": claim.published,
            "unit": claim.unit, "formula": claim.formula, "computed": verdict.computed, "accept_lo": claim.lo,
            "accept_hi": claim.hi, "agrees": verdict.agrees, "why_not": claim.why_not,
        })
    };
    verdicts.iter().map(one).collect()
}

/// The columns of the reference table of the papers.
fn as_csv(verdicts: &[Verdict]) -> String {
    let mut text =
        String::from("id,paper,inventory_row,what,published,unit,formula,computed,accept_lo,accept_hi,agrees,why_not\n");
    for verdict in verdicts {
        let claim = verdict.claim;
        let (lo, hi) = (claim.lo.to_string(), claim.hi.to_string());
        let fields = [
            claim.id.as_str(),
            &claim.paper,
            &claim.rows.join(" "),
            &claim.what,
            &claim.published,
            &claim.unit,
            &claim.formula,
            &verdict.shown(),
            &lo,
            &hi,
            verdict.word(),
            &claim.why_not,
        ];
        text.push_str(&(fields.map(quoted).join(",") + "\n"));
    }
    text
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

fn coverage(arguments: &Papers) {
    let of_paper = |row: &Coverage| {
        arguments.paper.as_ref().is_none_or(|paper| row.row.id.to_lowercase().starts_with(&paper.to_lowercase()))
    };
    let rows: Vec<Coverage> = papers::coverage().into_iter().filter(of_paper).collect();
    let by = |row: &Coverage| match row.absence {
        Some(reason) if !row.is_covered() => reason.to_owned(),
        _ => row.covering().join(", "),
    };
    if arguments.json {
        let one = |row: &Coverage| {
            json!({
                "id": row.row.id, "title": row.row.title, "kind": row.row.kind, "methods": row.methods, "models": row.models,
                "simulators": row.simulators, "absence": row.absence,
            })
        };
        let all: Value = rows.iter().map(one).collect();
        println!("{}", serde_json::to_string_pretty(&all).unwrap_or_default());
        return;
    }
    if arguments.csv {
        println!("id,title,kind,covered,by_or_why_not");
        for row in &rows {
            let covered = if row.is_covered() { "yes" } else { "no" };
            println!("{}", [&row.row.id, &row.row.title, &row.row.kind, covered, &by(row)].map(quoted).join(","));
        }
        return;
    }
    let line = |row: &Coverage| {
        let covered = if row.is_covered() { "yes" } else { "no" };
        vec![row.row.id.clone(), row.row.title.clone(), covered.to_owned(), by(row)]
    };
    println!("{}", show::rows(&["row", "what", "covered", "by, or why not"], rows.iter().map(line)));
    println!("\n{} of {} rows are covered", rows.iter().filter(|row| row.is_covered()).count(), rows.len());
}

/// The page, and every figure beside it as a picture.
fn page(folder: &Path) -> Result<ExitCode, Failure> {
    write(&folder.join("papers.html"), html::report(&papers::dossier()?)?)?;
    let figures = papers::figures();
    for figure in &figures {
        write(&folder.join(format!("{}.png", figure.key)), png::render(figure, &[], Theme::Light, 2.0)?)?;
    }
    eprintln!("papers.html and {} figures written to {}", figures.len(), folder.display());
    Ok(ExitCode::SUCCESS)
}
