//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use crate::args_simulate::{
    SimulateAfm, SimulateAgeing, SimulateCreep, SimulateDma, SimulateDsc, SimulateHaadf, SimulateIndentation,
    SimulateInterstitial, SimulateNbed, SimulateOnchip, SimulatePillar, SimulateScattering, SimulateStressRelaxation,
    SimulateTomography, SimulateXpcs,
};
pub use crate::args_theory::{Eval, Papers, Theory, TheoryCommand};

/// From instrument files of metallic glasses to physical parameters with honest intervals.
#[derive(Parser)]
#[command(name = "amorph", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  amorph demo                          see it work on a virtual film: no data needed
  amorph simulate afm --drift-x '0.05 nm/s'   what drift does to an analysis, with the truth known
  amorph info scan.ibw                 what a file holds, and which constants it lacks
  amorph new afm > study.toml          a commented study to fill in
  amorph check study.toml              what is still missing
  amorph run study.toml                compute everything and write the report
  amorph card --example                what four papers say about one film, as a card
  amorph literature --alloy Zr70Ni30   published values, with their sources
  amorph method show dafm.dissipation  equations, parameters, references
  amorph theory list                   every closed-form model; `amorph theory eval` computes one with its errors
  amorph papers --disagree             what the source papers print and what their formulas give";

/// The subcommands.
#[derive(Subcommand)]
pub enum Command {
    /// Measure a virtual film with a virtual instrument, analyse it and report
    Demo(Demo),
    /// Write virtual measurements: instrument files, their truth, and a study
    Simulate(Simulate),
    /// Show what is in instrument files
    Info(Info),
    /// Write maps of instrument files in other formats
    Convert(Convert),
    /// List file formats, or show one
    Formats(Formats),
    /// Print a commented starter study
    New(New),
    /// Check a study without running it
    Check(Check),
    /// Run a study: results store and report
    Run(Run),
    /// Write the report of a study that was run
    Report(Report),
    /// Export figures, tables and maps of a study that was run
    Export(Export),
    /// Put the findings of all techniques on one card and test whether they agree
    Card(Card),
    /// Find published values
    Literature(Literature),
    /// List methods, or show one
    Method(Method),
    /// List, show or evaluate closed-form models
    Theory(Theory),
    /// Recompute every number of the source papers
    Papers(Papers),
    /// Print shell completions
    Completions(Completions),
    /// Write the files that are generated from the registry
    #[command(hide = true)]
    Generate(Generate),
}

/// `amorph demo`
#[derive(Args)]
#[command(after_help = "\
Makes two states of a virtual Zr-Ni film with known truth, writes their images as instrument files, analyses
them as a study and writes a report that says whether the truth was found. Takes less than a minute.

  amorph demo                 into the folder amorph-demo
  amorph demo --folder /tmp/d into another folder")]
pub struct Demo {
    /// Folder to write to
    #[arg(long, default_value = "amorph-demo")]
    pub folder: PathBuf,
    /// Sites per state
    #[arg(long, default_value_t = 4)]
    pub sites: usize,
    /// Seed of the virtual film
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Items worked on at once
    #[arg(long, short)]
    pub jobs: Option<usize>,
    /// Print the results as JSON
    #[arg(long)]
    pub json: bool,
}

/// `amorph simulate`
#[derive(Args)]
pub struct Simulate {
    /// What to do.
    #[command(subcommand)]
    pub command: SimulateCommand,
}

/// The subcommands of `amorph simulate`.
#[derive(Subcommand)]
pub enum SimulateCommand {
    /// A film under a tapping-mode microscope
    Afm(Box<SimulateAfm>),
    /// A map of indents by a sphere on a film that relaxes
    Indentation(Box<SimulateIndentation>),
    /// Pillars pressed with an electrical contact: spikes of the resistivity and pop-ins
    Pillar(Box<SimulatePillar>),
    /// A ribbon in a mechanical spectrometer: modulus over frequency and temperature
    Dma(Box<SimulateDma>),
    /// Glasses that age in a mechanical spectrometer: a loss peak of double wells, and a loss tangent over time
    Ageing(Box<SimulateAgeing>),
    /// Creep tests of one glass at several stresses
    Creep(Box<SimulateCreep>),
    /// A stress that falls at constant strain
    StressRelaxation(Box<SimulateStressRelaxation>),
    /// The intensity correlation of speckles over the delay
    Xpcs(Box<SimulateXpcs>),
    /// Scans of diffraction patterns of foils at several strains: speckle, and reflections where clusters are ordered
    Nbed(Box<SimulateNbed>),
    /// A film whose composition varies, under an annular detector and a spectrometer
    Haadf(Box<SimulateHaadf>),
    /// A chip of tensile tests: displacements of structures over days
    Onchip(Box<SimulateOnchip>),
    /// Heating scans of a glass after coolings and an annealing
    Dsc(Box<SimulateDsc>),
    /// The shear modulus of a glass with defects, and of its crystal, over temperature
    Interstitial(Box<SimulateInterstitial>),
    /// The structure factor of a glass under load, in sectors
    Scattering(Box<SimulateScattering>),
    /// A reconstructed volume of a set whose dimension is known
    Tomography(Box<SimulateTomography>),
    /// One event as every technique would report it, as a card
    Card(SimulateCard),
}

/// `amorph info`
#[derive(Args)]
#[command(after_help = "\
  amorph info scan.ibw
  amorph info scan.ibw --picture sheet.png
  amorph info scan.mib --set 'scan_shape=[64, 64]' --picture sheet.png
  amorph info scans/*.spm
  amorph info --json scans/*.spm > channels.json

Of several files each gets one line; a file that cannot be read does not stop the others.")]
pub struct Info {
    /// Instrument files
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Show everything of each of several files
    #[arg(long)]
    pub full: bool,
    /// Draw all channels on one sheet, .png or .svg; of a scan three frames, their mean, its logarithm and the sum at every position
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
    /// Print as JSON, with all metadata
    #[arg(long)]
    pub json: bool,
    /// Also print everything the files say
    #[arg(long)]
    pub metadata: bool,
    /// Only groups, channels and numbers of samples, from the head of the file (TDMS)
    #[arg(long)]
    pub list: bool,
    /// Show the complete frames of a file that is cut short, which is refused otherwise
    #[arg(long)]
    pub partial: bool,
    /// What a study says about traces or frames, for instance 'preset="micro-materials"' or 'scan_shape=[64, 64]'
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
}

/// `amorph convert`
#[derive(Args)]
#[command(after_help = "\
  amorph convert scan.ibw --to scan.gwy
  amorph convert scan.ibw --channel phase --to phase.csv
  amorph convert scan.di --channel 'Height trace' --to height.npy
  amorph convert scans/*.spm --to converted/ --format gwy

A .gwy file holds all channels with masks and metadata. Files of the other formats hold one channel; .npy and .csv get
a sidecar with units and sizes, .gsf keeps 32-bit floats, and masked pixels become missing ones.
Scans and stacks of frames are written in their own type of pixels: as one .npy with the axes and all metadata (voltage,
dwell, camera length ...) beside it, as a .hspy with both inside, or as a .tif with a page for every frame.
Traces are written as one .csv in SI with everything about them, from which the same numbers are read again.")]
pub struct Convert {
    /// Instrument files
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Channel by index, name, or name and direction; all by default
    #[arg(long, short, value_name = "CHANNEL")]
    pub channel: Vec<String>,
    /// File to write (.gwy, .gsf, .npy, .csv, .tif), or folder
    #[arg(long, value_name = "PATH")]
    pub to: PathBuf,
    /// What to write into a folder; gwy by default
    #[arg(long, value_enum)]
    pub format: Option<MapFormat>,
    /// Write the whole rows of a scan whose file is cut short, which is refused otherwise
    #[arg(long)]
    pub partial: bool,
    /// What a study says about traces, for instance 'depth_sign="inverted"'
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Overwrite files that exist
    #[arg(long)]
    pub force: bool,
}

/// Formats in which maps are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MapFormat {
    /// Gwyddion native: all channels, masks, metadata
    Gwy,
    /// Gwyddion Simple Field: one channel, 32-bit floats
    Gsf,
    /// NumPy array with a sidecar
    Npy,
    /// Text with a sidecar
    Csv,
    /// TIFF, a page for every frame; only of scans and stacks of frames
    Tif,
    /// HyperSpy signal with its axes; only of scans and stacks of frames
    Hspy,
}

impl MapFormat {
    /// The format of files with this ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        if ending == "tiff" {
            return Some(Self::Tif);
        }
        [Self::Gwy, Self::Gsf, Self::Npy, Self::Csv, Self::Tif, Self::Hspy].into_iter().find(|format| format.ending() == ending)
    }

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gwy => "gwy",
            Self::Gsf => "gsf",
            Self::Npy => "npy",
            Self::Csv => "csv",
            Self::Tif => "tif",
            Self::Hspy => "hspy",
        }
    }

    /// Whether units and sizes go into a file beside it.
    pub fn has_sidecar(self) -> bool {
        matches!(self, Self::Npy | Self::Csv)
    }
}

/// `amorph formats`
#[derive(Args)]
#[command(after_help = "\
  amorph formats
  amorph formats nid          where its constants are, how it is laid out")]
pub struct Formats {
    /// A format, by its short name or an ending
    pub format: Option<String>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// `amorph new`
#[derive(Args)]
#[command(after_help = "  amorph new afm > study.toml")]
pub struct New {
    /// Technique: afm, indentation, pillar, events, dma, dsc, stem ...; an unknown one lists them all
    pub technique: String,
    /// File to write instead of printing; an existing file is never overwritten
    #[arg(long, short)]
    pub output: Option<PathBuf>,
}

/// `amorph check`
#[derive(Args)]
#[command(after_help = "  amorph check study.toml")]
pub struct Check {
    /// The study
    pub study: PathBuf,
    /// Change a value: measurement.<state>.<key>=<value>, method.<method>.<parameter>=<value>
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
}

/// `amorph run`
#[derive(Args)]
#[command(after_help = "\
  amorph run study.toml
  amorph run study.toml --set 'measurement.3 N.free_phase=70 deg'
  amorph run study.toml --set method.dafm.regions.area_fraction=0.1 --jobs 4

Results that are already computed are not computed again; a run that was stopped or killed resumes. Overrides given
with --set are recorded in the results.")]
pub struct Run {
    /// The study
    pub study: PathBuf,
    /// Change a value: measurement.<state>.<key>=<value>, method.<method>.<parameter>=<value>
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
    /// Items worked on at once (all processors by default); results do not depend on it
    #[arg(long, short)]
    pub jobs: Option<usize>,
    /// Memory that streaming methods (4-D scans) may hold at a time, MiB
    #[arg(long, value_name = "MIB")]
    pub memory: Option<usize>,
    /// Do not write the report
    #[arg(long)]
    pub no_report: bool,
    /// Print the results as JSON
    #[arg(long)]
    pub json: bool,
}

/// `amorph report`
#[derive(Args)]
#[command(after_help = "\
  amorph report study.toml
  amorph report study.toml -o for-my-supervisor.html
  amorph report study.toml --items all")]
pub struct Report {
    /// The study
    pub study: PathBuf,
    /// The overrides that the study was run with
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
    /// File to write; beside the study by default
    #[arg(long, short)]
    pub output: Option<PathBuf>,
    /// Items whose figures and tables are shown
    #[arg(long, value_enum, default_value_t = ReportItems::Representative)]
    pub items: ReportItems,
}

/// Items that a report shows in full.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportItems {
    /// One item of each state, the closest to its medians
    Representative,
    /// Every item; the file grows with their number
    All,
}

/// `amorph export`
#[derive(Args)]
#[command(after_help = "\
  amorph export study.toml --to results
  amorph export study.toml --to figures --format svg --format png")]
pub struct Export {
    /// The study
    pub study: PathBuf,
    /// The overrides that the study was run with
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub overrides: Vec<String>,
    /// Folder to write to
    #[arg(long)]
    pub to: PathBuf,
    /// What to write; everything but PNG by default
    #[arg(long, value_enum)]
    pub format: Vec<ExportFormat>,
}

/// What can be exported.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Figures as SVG
    Svg,
    /// Figures as PNG
    Png,
    /// Estimates and tables as CSV
    Csv,
    /// Everything but pixels as JSON
    Json,
    /// Maps as Gwyddion files
    Gwy,
    /// Maps as NumPy arrays with a sidecar
    Npy,
}

/// `amorph simulate card`
#[derive(Args)]
#[command(after_help = "\
  amorph simulate card > card.toml
  amorph simulate card --seed 7 --wrong creep > card.toml

Draws one event (barrier, volume, length) and what every technique would find of it, errors and shared systematics
included. With --wrong one technique errs by five of its standard errors.")]
pub struct SimulateCard {
    /// Seed of all errors
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Technique whose barrier is wrong
    #[arg(long, value_name = "TECHNIQUE", value_parser = ["afm", "cyclic_indentation", "resistance", "creep", "dma", "simulation"])]
    pub wrong: Option<String>,
    /// File to write instead of printing
    #[arg(long, short)]
    pub output: Option<PathBuf>,
}

/// `amorph card`
#[derive(Args)]
#[command(after_help = "\
  amorph card --example > card.toml
  amorph card card.toml --out card.html
  amorph card study.toml --state as-deposited --picture card.png

A card file lists findings of any technique (docs/card.md); of a study the results that are stored are taken.")]
pub struct Card {
    /// Card file or study
    #[arg(required_unless_present = "example")]
    pub file: Option<PathBuf>,
    /// Sample of the study
    #[arg(long)]
    pub sample: Option<String>,
    /// State of the study; a card for each when absent
    #[arg(long)]
    pub state: Option<String>,
    /// Write the card as one HTML file that opens offline
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Draw the card, .png or .svg
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
    /// Print a card of what four papers say about Zr-Ni films
    #[arg(long)]
    pub example: bool,
}

/// `amorph literature`
#[derive(Args)]
#[command(after_help = "\
  amorph literature shear band
  amorph literature --alloy Zr70Ni30 --quantity activation_energy
  amorph literature --paper L16 --csv > lu2016.csv
  amorph literature --file mine.csv correlation

Papers: L16 Lu et al. 2016, Q19 Qiao et al. 2019, I19 Idrissi et al. 2019, Y12 Yang et al. 2014. Values of a file of
one's own stand after them; a study shows them in its figures with `literature = \"mine.csv\"` under [study].")]
pub struct Literature {
    /// Words that must all occur in quantity, alloy, condition or source
    pub words: Vec<String>,
    /// Alloy, its elements in any order, or part of its name
    #[arg(long)]
    pub alloy: Option<String>,
    /// Quantity, or the key of an estimate
    #[arg(long)]
    pub quantity: Option<String>,
    /// Paper, by its short name or part of its reference
    #[arg(long)]
    pub paper: Option<String>,
    /// CSV file of further values
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Print as JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print as CSV, with all columns
    #[arg(long)]
    pub csv: bool,
}

/// `amorph method`
#[derive(Args)]
pub struct Method {
    /// What to do.
    #[command(subcommand)]
    pub command: MethodCommand,
}

/// The subcommands of `amorph method`.
#[derive(Subcommand)]
pub enum MethodCommand {
    /// List all methods
    List {
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Show equations, parameters, constants and references of a method
    #[command(after_help = "  amorph method show dafm.correlation_length")]
    Show {
        /// The method
        method: String,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
}

/// `amorph completions`
#[derive(Args)]
#[command(after_help = "\
  amorph completions bash > ~/.local/share/bash-completion/completions/amorph
  amorph completions zsh > ~/.zfunc/_amorph")]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `amorph generate`
#[derive(Args)]
pub struct Generate {
    /// Root of the repository
    #[arg(long, default_value = ".")]
    pub root: PathBuf,
    /// Only check that the files are fresh
    #[arg(long)]
    pub check: bool,
}
