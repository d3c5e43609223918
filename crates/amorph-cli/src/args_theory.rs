//! `amorph theory` and `amorph papers`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `amorph theory`
#[derive(Args)]
pub struct Theory {
    /// What to do.
    #[command(subcommand)]
    pub command: TheoryCommand,
}

/// The subcommands of `amorph theory`.
#[derive(Subcommand)]
pub enum TheoryCommand {
    /// List all models
    List {
        /// Only this group
        group: Option<String>,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Show equation, arguments, validity and source of a model
    #[command(after_help = "  amorph theory show lu_length")]
    Show {
        /// The model
        model: String,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Evaluate a model, with the errors of its inputs
    #[command(after_help = "\
  amorph theory eval lu_energy length='4.10 +- 0.05 nm' temperature='298 K' interaction_length='1.0 +- 0.1 nm' dimension=3 \\
      --systematic interaction_length
  amorph theory eval barrier_from_duration duration='1 ms' temperature='300 K' attempt_frequency='1.5e13 1/s'

Values carry their unit; `+-` states a standard error. Errors are carried to first order, and by Monte Carlo where a
relative error exceeds 20 %. Errors of the arguments named with --systematic are kept apart.")]
    Eval(Eval),
}

/// `amorph theory eval`
#[derive(Args)]
pub struct Eval {
    /// The model
    pub model: String,
    /// Arguments of the model
    #[arg(value_name = "KEY=VALUE")]
    pub values: Vec<String>,
    /// Argument whose error is systematic: a calibration, an assumption
    #[arg(long, value_name = "KEY")]
    pub systematic: Vec<String>,
    /// Seed of the Monte Carlo
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// `amorph papers`
#[derive(Args)]
#[command(after_help = "\
  amorph papers --paper L16
  amorph papers --disagree
  amorph papers --coverage
  amorph papers --out papers       an HTML page with the tables and the figures, and the figures as PNG

Papers: L16 (Lu et al. 2016), Y12 (Yang et al. 2014), I19 (Idrissi et al. 2019), Q19 (Qiao et al. 2019).")]
pub struct Papers {
    /// Only this paper: L16, Y12, I19, Q19
    #[arg(long)]
    pub paper: Option<String>,
    /// Only the numbers that do not agree
    #[arg(long)]
    pub disagree: bool,
    /// What covers each row of the inventory of the papers, or why nothing does
    #[arg(long, conflicts_with = "disagree")]
    pub coverage: bool,
    /// Folder to write an HTML page and the figures to
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Print as JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print as CSV
    #[arg(long)]
    pub csv: bool,
}
