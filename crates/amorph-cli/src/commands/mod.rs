//! One file per subcommand.

pub mod card;
pub mod check;
pub mod completions;
pub mod convert;
pub mod demo;
pub mod export;
pub mod formats;
pub mod generate;
pub mod info;
mod info_traces;
pub mod literature;
pub mod method;
pub mod new;
pub mod papers;
pub mod report;
pub mod run;
pub mod simulate;
pub mod theory;
