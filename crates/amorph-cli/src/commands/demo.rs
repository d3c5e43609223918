use std::process::ExitCode;

use amorph::demo::{self, DemoOptions};
use amorph::study::{self, Study};

use crate::args::Demo;
use crate::commands::{report, run};
use crate::failure::Failure;
use crate::progress;

/// Writes the files of a virtual film, then does what `amorph run` does.
pub fn run(arguments: &Demo) -> Result<ExitCode, Failure> {
    eprintln!("measuring a virtual Zr-Ni film into {}", arguments.folder.display());
    let path = demo::write(
        &arguments.folder,
        &DemoOptions { seed: arguments.seed, sites: arguments.sites, ..DemoOptions::default() },
    )?;
    let study = Study::open(&path, &[])?;
    let summary = study::run(&study, &progress::options(arguments.jobs), progress::bars())?;
    let report = report::path_beside(&path);
    let code = run::conclude(&study, &summary, Some(&report), arguments.json)?;
    eprintln!("open {} in a browser; the study is {}", report.display(), path.display());
    Ok(code)
}
