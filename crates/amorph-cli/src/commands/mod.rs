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

use crate::failure::Failure;

/// What `--set` and `--partial` say about a file.
fn options(set: &[String], partial: bool) -> Result<amorph::io::TraceOptions, Failure> {
    let mut options = amorph::study::trace_options(&set.join("\n"))?;
    options.frames.partial |= partial;
    Ok(options)
}
