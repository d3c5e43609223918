use std::process::ExitCode;

use amorph::study::{Study, check};

use crate::args::Check;
use crate::failure::Failure;
use crate::show;

/// Checks the study file, opens every data file, and asks every method whether it has what it needs.
pub fn run(arguments: &Check) -> Result<ExitCode, Failure> {
    let study = Study::open(&arguments.study, &arguments.overrides)?;
    let failures = check(&study);
    if failures.is_empty() {
        let files: usize = study.measurements.iter().map(|measurement| measurement.items.iter().flatten().count()).sum();
        println!("{}: complete ({files} files, {} states)", arguments.study.display(), study.states.len());
        return Ok(ExitCode::SUCCESS);
    }
    show::failures(&failures);
    Ok(ExitCode::from(1))
}
