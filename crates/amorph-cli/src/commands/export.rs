use std::path::{Path, PathBuf};
use std::process::ExitCode;

use amorph::core::data::{Map, Metadata};
use amorph::core::dossier::{Dossier, ResultRecord};
use amorph::study::{self, Content, Study};
use amorph_report::{Theme, csv, png, svg};

use crate::args::{Export, ExportFormat};
use crate::failure::{Failure, write};

const DEFAULT: &[ExportFormat] =
    &[ExportFormat::Svg, ExportFormat::Csv, ExportFormat::Json, ExportFormat::Gwy, ExportFormat::Npy];

/// Writes figures, tables, estimates and maps of a study into a folder.
pub fn run(arguments: &Export) -> Result<ExitCode, Failure> {
    let study = Study::open(&arguments.study, &arguments.overrides)?;
    let dossier = study::dossier(&study, Content::Everything)?;
    let formats = if arguments.format.is_empty() { DEFAULT } else { &arguments.format };
    let wants = |format: ExportFormat| formats.contains(&format);
    let mut count = 0;
    if wants(ExportFormat::Json) {
        write(&arguments.to.join("study.json"), amorph_report::json::dossier(&dossier)?)?;
        count += 1;
    }
    if wants(ExportFormat::Csv) {
        write(&arguments.to.join("estimates.csv"), csv::estimates(all_results(&dossier)))?;
        count += 1;
    }
    for result in all_results(&dossier) {
        count += export_result(result, &folder_of(&arguments.to, result), &wants)?;
    }
    eprintln!("{count} files written to {}", arguments.to.display());
    Ok(ExitCode::SUCCESS)
}

fn all_results(dossier: &Dossier) -> impl Iterator<Item = &ResultRecord> {
    dossier.results.iter().chain(&dossier.comparisons)
}

/// `<to>/<state>/<item>/<method>`, with names that every file system accepts.
fn folder_of(to: &Path, result: &ResultRecord) -> PathBuf {
    let clean = |name: &str| name.replace(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '.'), "_");
    let parts = [&result.state, &result.item, &result.method];
    parts.into_iter().filter(|part| !part.is_empty()).fold(to.to_owned(), |folder, part| folder.join(clean(part)))
}

fn export_result(result: &ResultRecord, folder: &Path, wants: &dyn Fn(ExportFormat) -> bool) -> Result<usize, Failure> {
    let mut count = 0;
    for figure in &result.outcome.figures {
        if wants(ExportFormat::Svg) {
            write(&folder.join(format!("{}.svg", figure.key)), svg::render(figure, &result.outcome.maps, Theme::Print)?)?;
            count += 1;
        }
        if wants(ExportFormat::Png) {
            let picture = png::render(figure, &result.outcome.maps, Theme::Light, 2.0)?;
            write(&folder.join(format!("{}.png", figure.key)), picture)?;
            count += 1;
        }
    }
    if wants(ExportFormat::Csv) {
        for table in &result.outcome.tables {
            write(&folder.join(format!("{}.csv", table.key)), csv::table(table))?;
            count += 1;
        }
    }
    for map in &result.outcome.maps {
        count += export_map(map, folder, wants)?;
    }
    Ok(count)
}

fn export_map(map: &Map, folder: &Path, wants: &dyn Fn(ExportFormat) -> bool) -> Result<usize, Failure> {
    let path = |extension: &str| folder.join(format!("{}.{extension}", map.quantity));
    let mut count = 0;
    if wants(ExportFormat::Npy) || wants(ExportFormat::Gwy) {
        std::fs::create_dir_all(folder).map_err(|source| Failure::Write { path: folder.display().to_string(), source })?;
    }
    if wants(ExportFormat::Npy) {
        amorph::io::write_npy(&path("npy"), map)?;
        count += 1;
    }
    // Gwyddion files hold images in space; spectra go out as arrays.
    if wants(ExportFormat::Gwy) && map.size().is_ok() {
        amorph::io::write_gwy(&path("gwy"), std::slice::from_ref(map), &Metadata::default())?;
        count += 1;
    }
    Ok(count)
}
