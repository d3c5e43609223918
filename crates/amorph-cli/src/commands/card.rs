use std::path::Path;
use std::process::ExitCode;

use amorph::core::data::Table;
use amorph::core::dossier::Dossier;
use amorph::synthesis::{EXAMPLE, Selection, card_dossier};
use amorph_report::{Theme, png, svg};

use crate::args::Card;
use crate::failure::{Failure, write};
use crate::show;

/// Columns of the findings that fit a terminal; the page has all of them.
const SHOWN: [&str; 6] = ["finding", "value", "compared as", "95 % interval, systematics in", "pull", "verdict"];

/// Makes a heterogeneity card.
pub fn run(arguments: &Card) -> Result<ExitCode, Failure> {
    let Some(file) = arguments.file.as_ref().filter(|_| !arguments.example) else {
        print!("{EXAMPLE}");
        return Ok(ExitCode::SUCCESS);
    };
    let selection = Selection { sample: arguments.sample.clone(), state: arguments.state.clone() };
    let dossier = card_dossier(file, &selection)?;
    if arguments.json {
        println!("{}", amorph_report::json::dossier(&dossier)?);
    } else {
        print!("{}", text(&dossier));
        show::warnings(&dossier);
    }
    if let Some(path) = &arguments.out {
        write(path, amorph_report::html::report(&dossier)?)?;
        eprintln!("card: {}", path.display());
    }
    if let Some(path) = &arguments.picture {
        picture(&dossier, path)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn text(dossier: &Dossier) -> String {
    let tables = dossier.comparisons.iter().flat_map(|result| &result.outcome.tables);
    let shown = tables.map(|table| format!("\n{}\n{}\n", table.title, show::plain_table(&narrow(table))));
    format!("{}\n{}", dossier.title, shown.collect::<String>())
}

fn narrow(table: &Table) -> Table {
    let mut table = table.clone();
    if table.key.starts_with("findings") {
        table.columns.retain(|column| SHOWN.contains(&column.name.as_str()));
    }
    table
}

/// Draws the figures of the card; of several states the first, and the others with a number before the ending.
fn picture(dossier: &Dossier, path: &Path) -> Result<(), Failure> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    if !matches!(ending.as_str(), "png" | "svg") {
        let problem = "a picture ends in .png or .svg".to_owned();
        return Err(Failure::Target { path: path.display().to_string(), problem });
    }
    let figures = dossier.comparisons.iter().flat_map(|result| &result.outcome.figures);
    for (index, figure) in figures.enumerate() {
        let path = if index == 0 { path.to_owned() } else { path.with_extension(format!("{}.{ending}", index + 1)) };
        if ending == "png" {
            write(&path, png::render(figure, &[], Theme::Light, 2.0)?)?;
        } else {
            write(&path, svg::render(figure, &[], Theme::Print)?)?;
        }
        eprintln!("picture: {}", path.display());
    }
    Ok(())
}
