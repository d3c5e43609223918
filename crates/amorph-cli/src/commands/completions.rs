use std::process::ExitCode;

use clap::CommandFactory;

use crate::args::{Arguments, Completions};
use crate::failure::Failure;

/// Prints the completions of a shell.
pub fn run(arguments: &Completions) -> Result<ExitCode, Failure> {
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "amorph", &mut std::io::stdout());
    Ok(ExitCode::SUCCESS)
}
