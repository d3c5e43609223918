//! Writes a report of a made-up study, and one of its figures as SVG and PNG, into a folder.
//!
//! `cargo run -p amorph-report --example sample -- out`

#[path = "../tests/common/mod.rs"]
mod common;

use std::path::PathBuf;

use amorph_report::{Theme, html, png, svg};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "sample-report".to_owned()));
    std::fs::create_dir_all(&folder)?;
    let dossier = common::dossier();
    std::fs::write(folder.join("report.html"), html::report(&dossier)?)?;
    let outcomes = dossier.results.iter().take(3).chain(&dossier.comparisons).map(|result| &result.outcome);
    for (outcome, figure) in outcomes.flat_map(|outcome| outcome.figures.iter().map(move |figure| (outcome, figure))) {
        for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            let stem = folder.join(format!("{}-{name}", figure.key));
            std::fs::write(stem.with_extension("svg"), svg::render(figure, &outcome.maps, theme)?)?;
            std::fs::write(stem.with_extension("png"), png::render(figure, &outcome.maps, theme, 2.0)?)?;
        }
    }
    Ok(())
}
