use std::path::{Path, PathBuf};
use std::process::ExitCode;

use amorph::core::dossier::Dossier;
use amorph::study::{self, Content, Study};

use crate::args::{Report, ReportItems};
use crate::failure::{self, Failure};

/// Writes the report of a study from its store.
pub fn run(arguments: &Report) -> Result<ExitCode, Failure> {
    let study = Study::open(&arguments.study, &arguments.overrides)?;
    let content = match arguments.items {
        ReportItems::Representative => Content::Report,
        ReportItems::All => Content::Everything,
    };
    let dossier = study::dossier(&study, content)?;
    let path = arguments.output.clone().unwrap_or_else(|| path_beside(&arguments.study));
    write(&dossier, &path)?;
    Ok(ExitCode::SUCCESS)
}

/// `study.toml` is reported in `study.html`.
pub fn path_beside(study: &Path) -> PathBuf {
    study.with_extension("html")
}

/// Renders and writes the report.
pub fn write(dossier: &Dossier, path: &Path) -> Result<(), Failure> {
    let page = amorph_report::html::report(dossier)?;
    failure::write(path, page)?;
    eprintln!("report: {}", path.display());
    Ok(())
}
