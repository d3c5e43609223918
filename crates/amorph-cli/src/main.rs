//! The `amorph` command: results to stdout, everything else to stderr.
//!
//! Exit codes: 0 done, 1 some analysis gave no result, 2 wrong usage, study or file.

mod args;
mod args_simulate;
mod args_theory;
mod commands;
mod failure;
mod generated;
mod progress;
mod show;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use failure::Failure;

fn main() -> ExitCode {
    failure::install();
    let arguments = Arguments::parse();
    match dispatch(arguments.command) {
        Ok(code) => code,
        Err(failure) => {
            failure.print();
            failure.exit_code()
        }
    }
}

fn dispatch(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Demo(arguments) => commands::demo::run(&arguments),
        Command::Simulate(arguments) => commands::simulate::run(&arguments),
        Command::Info(arguments) => commands::info::run(&arguments),
        Command::Convert(arguments) => commands::convert::run(&arguments),
        Command::Formats(arguments) => commands::formats::run(&arguments),
        Command::New(arguments) => commands::new::run(&arguments),
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Run(arguments) => commands::run::run(&arguments),
        Command::Report(arguments) => commands::report::run(&arguments),
        Command::Export(arguments) => commands::export::run(&arguments),
        Command::Card(arguments) => commands::card::run(&arguments),
        Command::Literature(arguments) => commands::literature::run(&arguments),
        Command::Method(arguments) => commands::method::run(&arguments),
        Command::Theory(arguments) => commands::theory::run(&arguments),
        Command::Papers(arguments) => commands::papers::run(&arguments),
        Command::Completions(arguments) => commands::completions::run(&arguments),
        Command::Generate(arguments) => commands::generate::run(&arguments),
    }
}
