use std::process::ExitCode;

use amorph::method::{nearest, technique, techniques};

use crate::args::New;
use crate::failure::{Failure, write};

/// Prints or writes a commented starter study.
pub fn run(arguments: &New) -> Result<ExitCode, Failure> {
    let word = arguments.technique.as_str();
    let technique = technique(word).ok_or_else(|| Failure::Unknown {
        what: "technique",
        word: word.to_owned(),
        nearest: nearest(word, techniques().iter().map(|technique| technique.id)).map(str::to_owned),
    })?;
    match &arguments.output {
        None => print!("{}", technique.starter),
        Some(path) if path.exists() => return Err(Failure::Exists { path: path.display().to_string() }),
        Some(path) => {
            write(path, technique.starter)?;
            eprintln!("wrote {}; next: fill it in, then `amorph check {}`", path.display(), path.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}
