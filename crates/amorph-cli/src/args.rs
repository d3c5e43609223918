//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

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
  amorph info scan.ibw                 what a file holds, and which constants it lacks
  amorph new afm > study.toml          a commented study to fill in
  amorph check study.toml              what is still missing
  amorph run study.toml                compute everything and write the report
  amorph method show dafm.dissipation  equations, parameters, references";

/// The subcommands.
#[derive(Subcommand)]
pub enum Command {
    /// Measure a virtual film with a virtual instrument, analyse it and report
    Demo(Demo),
    /// Show what is in instrument files
    Info(Info),
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
    /// List methods, or show one
    Method(Method),
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

/// `amorph info`
#[derive(Args)]
#[command(after_help = "\
  amorph info scan.ibw
  amorph info --json scans/*.spm > channels.json")]
pub struct Info {
    /// Instrument files
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Print as JSON, with all metadata
    #[arg(long)]
    pub json: bool,
    /// Also print everything the files say
    #[arg(long)]
    pub metadata: bool,
}

/// `amorph new`
#[derive(Args)]
#[command(after_help = "  amorph new afm > study.toml")]
pub struct New {
    /// Technique: afm, events, stem
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
