//! Options of `amorph simulate haadf`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::Args;

use super::quantity;

/// `amorph simulate haadf`
#[derive(Args)]
#[command(after_help = "\
Writes film.gwy (counts of an annular detector, and of the edges of elements A and B), truth.gwy (the true fraction of A and atoms per
area), and study.toml.

  amorph simulate haadf --out film
  amorph simulate haadf --length '6 nm' --pixel '0.31 nm' --dose 400     few electrons: is there still a length?
  amorph simulate haadf --phases 0.3                                     two phases instead of a wave
  amorph simulate haadf --wedge 0.3                                      a foil that grows thicker: brightness is not composition
  amorph run film/study.toml")]
pub struct SimulateHaadf {
    /// Folder to write to
    #[arg(long, default_value = "amorph-film")]
    pub out: PathBuf,
    /// Rows of the images
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u64).range(32..=4096))]
    pub rows: u64,
    /// Columns of the images
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u64).range(32..=4096))]
    pub columns: u64,
    /// Size of a pixel
    #[arg(long, default_value = "0.3 nm", value_parser = quantity("m"))]
    pub pixel: Quantity,
    /// Thickness of the film
    #[arg(long, default_value = "15 nm", value_parser = quantity("m"))]
    pub thickness: Quantity,
    /// Layers in which it is made
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=512))]
    pub layers: u64,
    /// Wavelength of the composition
    #[arg(long, default_value = "2.5 nm", value_parser = quantity("m"))]
    pub length: Quantity,
    /// Width of its shell of wave numbers over the wave number
    #[arg(long, default_value_t = 0.25)]
    pub relative_width: f64,
    /// Volume fraction of a phase rich in A, for two phases with interfaces
    #[arg(long)]
    pub phases: Option<f64>,
    /// Mean atomic fraction of A
    #[arg(long, default_value_t = 0.35)]
    pub mean_fraction: f64,
    /// Standard deviation of the atomic fraction of A
    #[arg(long, default_value_t = 0.08)]
    pub amplitude: f64,
    /// Relative change of the number density per unit of the fraction of A
    #[arg(long, default_value_t = 1.6, allow_hyphen_values = true)]
    pub density_coupling: f64,
    /// Relative change of the thickness from left to right
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true)]
    pub wedge: f64,
    /// Full width at half maximum of the probe; 0 for none
    #[arg(long, default_value = "0.5 nm", value_parser = quantity("m"))]
    pub probe: Quantity,
    /// Electrons per pixel of the annular image
    #[arg(long, default_value_t = 5000.0)]
    pub dose: f64,
    /// Seed of film and noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}
