use std::path::Path;
use std::process::ExitCode;

use amorph::study::{self, Content, RunSummary, Study};

use crate::args::Run;
use crate::commands::report;
use crate::failure::Failure;
use crate::{progress, show};

/// Runs a study, prints what came out and writes the report.
pub fn run(arguments: &Run) -> Result<ExitCode, Failure> {
    let study = Study::open(&arguments.study, &arguments.overrides)?;
    let options = study::RunOptions {
        memory_limit: arguments.memory.map(|mebibytes| mebibytes.saturating_mul(1 << 20)),
        ..progress::options(arguments.jobs)
    };
    let summary = study::run(&study, &options, progress::bars())?;
    let report = (!arguments.no_report).then(|| report::path_beside(&arguments.study));
    conclude(&study, &summary, report.as_deref(), arguments.json)
}

/// Prints the results, the warnings and the failures, writes the report, and says how it went.
pub fn conclude(study: &Study, summary: &RunSummary, report: Option<&Path>, json: bool) -> Result<ExitCode, Failure> {
    let dossier = study::dossier(study, Content::Report)?;
    if json {
        let everything = study::dossier(study, Content::Everything)?;
        println!("{}", serde_json::to_string_pretty(&everything).unwrap_or_default());
    } else {
        println!("{}", show::dossier(&dossier));
        show::warnings(&dossier);
    }
    show::failures(&summary.failures);
    if let Some(path) = report.filter(|_| !summary.cancelled) {
        report::write(&dossier, path)?;
    }
    let failed = summary.failures.len();
    eprintln!("{} results computed, {} taken from the store, {failed} without a result", summary.computed, summary.stored);
    if summary.cancelled {
        return Ok(ExitCode::from(130));
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
