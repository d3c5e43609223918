//! `amorph simulate`

mod afm;
mod ageing;
mod creep;
mod dma;
mod dsc;
mod haadf;
mod indentation;
mod interstitial;
mod nbed;
mod onchip;
mod pillar;
mod scattering;
mod stress_relaxation;
mod tomography;
mod xpcs;

use std::path::Path;
use std::process::ExitCode;

use amorph::simulate::WrittenFiles;
use amorph::synthesis::{SimulatedCard, to_toml};
use serde::Serialize;

use crate::args::{Simulate, SimulateCard, SimulateCommand};
use crate::failure::{self, Failure};

/// Writes a virtual measurement.
pub fn run(arguments: &Simulate) -> Result<ExitCode, Failure> {
    match &arguments.command {
        SimulateCommand::Afm(arguments) => afm::afm(arguments),
        SimulateCommand::Indentation(arguments) => indentation::indentation(arguments),
        SimulateCommand::Pillar(arguments) => pillar::pillar(arguments),
        SimulateCommand::Dma(arguments) => dma::dma(arguments),
        SimulateCommand::Ageing(arguments) => ageing::ageing(arguments),
        SimulateCommand::Creep(arguments) => creep::creep(arguments),
        SimulateCommand::StressRelaxation(arguments) => stress_relaxation::stress_relaxation(arguments),
        SimulateCommand::Xpcs(arguments) => xpcs::xpcs(arguments),
        SimulateCommand::Nbed(arguments) => nbed::nbed(arguments),
        SimulateCommand::Haadf(arguments) => haadf::haadf(arguments),
        SimulateCommand::Onchip(arguments) => onchip::onchip(arguments),
        SimulateCommand::Dsc(arguments) => dsc::dsc(arguments),
        SimulateCommand::Interstitial(arguments) => interstitial::interstitial(arguments),
        SimulateCommand::Scattering(arguments) => scattering::scattering(arguments),
        SimulateCommand::Tomography(arguments) => tomography::tomography(arguments),
        SimulateCommand::Card(arguments) => card(arguments),
    }
}

/// What was written: as JSON, or in a line and what to do next.
fn tell(written: &impl Serialize, as_json: bool, line: &str, study: &Path) -> ExitCode {
    if as_json {
        println!("{}", serde_json::to_string_pretty(written).unwrap_or_default());
    } else {
        println!("{line}");
        eprintln!("next: amorph run {}", study.display());
    }
    ExitCode::SUCCESS
}

/// What was written, for instruments whose files need no further word.
fn tell_files(written: &WrittenFiles, as_json: bool, what: &str, folder: &Path) -> ExitCode {
    let line = format!("{what} in {}, the truth in {}", folder.display(), written.truth.display());
    tell(written, as_json, &line, &written.study)
}

/// Prints or writes what every technique would find of one event.
fn card(arguments: &SimulateCard) -> Result<ExitCode, Failure> {
    let text = to_toml(&SimulatedCard::of_technique(arguments.seed, arguments.wrong.as_deref()).draw());
    match &arguments.output {
        Some(path) => failure::write(path, text)?,
        None => print!("{text}"),
    }
    Ok(ExitCode::SUCCESS)
}
