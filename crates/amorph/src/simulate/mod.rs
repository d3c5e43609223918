//! Virtual measurements: instrument files, the truth behind them, and a study that compares the two.

mod afm;
mod ageing;
mod calorimetry;
mod creep;
mod dma;
mod haadf;
mod indentation;
mod instruments;
mod interstitial;
mod lessons;
mod nbed;
mod nbed_atoms;
mod onchip;
mod photon_correlation;
mod pillar;
mod scattering;
mod stress_relaxation;
mod study_text;
mod tables;
#[cfg(test)]
mod tests;
mod tomography;

pub use afm::{AfmMeasurement, FileFormat, Written};
pub use ageing::AgeingMeasurement;
pub use calorimetry::DscMeasurement;
pub use creep::CreepMeasurement;
pub use dma::{DmaMeasurement, WrittenDma};
pub use haadf::HaadfMeasurement;
pub use indentation::{IndentationMeasurement, WrittenIndents};
pub use instruments::{Instrument, instruments};
pub use interstitial::InterstitialMeasurement;
pub use nbed::{NbedMeasurement, WrittenScans};
pub use nbed_atoms::AtomMeasurement;
pub use onchip::OnchipMeasurement;
pub use photon_correlation::PhotonMeasurement;
pub use pillar::{PillarMeasurement, WrittenPillars};
pub use scattering::ScatteringMeasurement;
pub use stress_relaxation::StressRelaxationMeasurement;
pub use tomography::TomographyMeasurement;

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::io::IoError;
use crate::sim::SimulationError;
use crate::sim::afm::Microscope;

/// Amplitude sensitivity of the virtual photodiode, m/V.
const SENSITIVITY: f64 = 40e-9;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// A file cannot be written.
    #[error(transparent)]
    File(#[from] IoError),
    /// The specimen cannot be made or scanned.
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    /// Values that make no image or volume.
    #[error(transparent)]
    Data(#[from] crate::core::data::DataError),
    /// A folder or a text file cannot be written.
    #[error("cannot write '{path}': {source}")]
    Write {
        /// The path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A study is there already.
    #[error("'{path}' exists already; choose another folder or remove it")]
    Exists {
        /// The study.
        path: String,
    },
    /// Nothing to measure.
    #[error("0 sites; at least one is needed")]
    NoSites,
    /// Shares that do not belong to strains.
    #[error("{shares} shares for {strains} strains; give one for all, or one per strain")]
    Shares {
        /// How many shares.
        shares: usize,
        /// How many strains.
        strains: usize,
    },
    /// A model of atoms without a cell.
    #[error("'{path}' does not state the sides of its cell; give them, for instance --cell '2.8 nm'")]
    NoCell {
        /// The model.
        path: String,
    },
    /// Nothing to press.
    #[error("0 tests; at least one is needed")]
    NoTests,
}

/// The files of a virtual measurement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrittenFiles {
    /// What the instrument wrote.
    pub files: Vec<PathBuf>,
    /// What is true of the specimen.
    pub truth: PathBuf,
    /// The study that analyses the files.
    pub study: PathBuf,
}

/// The place of the study in a folder.
///
/// # Errors
/// [`SimulateError::Exists`]: an existing study is never overwritten.
pub(crate) fn new_study(folder: &Path) -> Result<PathBuf, SimulateError> {
    let study = folder.join("study.toml");
    if study.exists() { Err(SimulateError::Exists { path: study.display().to_string() }) } else { Ok(study) }
}

/// What an Asylum microscope writes below its images.
pub(crate) fn asylum_note(microscope: &Microscope) -> Vec<(&'static str, String)> {
    vec![
        ("ImagingMode", "AC Mode".to_owned()),
        ("SpringConstant", microscope.spring_constant.to_string()),
        ("ThermalQ", microscope.quality_factor.to_string()),
        ("ResFreq1", microscope.resonance_frequency.to_string()),
        ("DriveFrequency", microscope.drive_frequency.to_string()),
        ("AmpInvOLS", SENSITIVITY.to_string()),
        ("FreeAirAmplitude", (microscope.free_amplitude / SENSITIVITY).to_string()),
        ("AmplitudeSetpointVolts", (microscope.setpoint_amplitude / SENSITIVITY).to_string()),
        ("FreeAirPhase", microscope.free_phase().to_string()),
    ]
}

pub(crate) fn write_text(path: &Path, text: impl AsRef<[u8]>) -> Result<(), SimulateError> {
    std::fs::write(path, text).map_err(|source| SimulateError::Write { path: path.display().to_string(), source })
}

pub(crate) fn make_folder(path: &Path) -> Result<(), SimulateError> {
    std::fs::create_dir_all(path).map_err(|source| SimulateError::Write { path: path.display().to_string(), source })
}
