use std::path::Path;
use std::process::ExitCode;

use crate::args::Generate;
use crate::failure::{Failure, write};

/// Writes every generated file, or says which are not fresh.
pub fn run(arguments: &Generate) -> Result<ExitCode, Failure> {
    let mut stale = Vec::new();
    for (path, text) in crate::generated::files() {
        let full = arguments.root.join(&path);
        let is_fresh = std::fs::read_to_string(&full).is_ok_and(|present| present == text);
        match (is_fresh, arguments.check) {
            (true, _) => {}
            (false, true) => stale.push(path),
            (false, false) => {
                write(&full, &text)?;
                eprintln!("wrote {path}");
            }
        }
    }
    stale.extend(orphans(&arguments.root, arguments.check)?);
    if stale.is_empty() { Ok(ExitCode::SUCCESS) } else { Err(Failure::Stale { files: stale }) }
}

/// Pages of methods that no longer exist.
fn orphans(root: &Path, check: bool) -> Result<Vec<String>, Failure> {
    let known: Vec<String> = crate::generated::files().into_iter().map(|(path, _)| path).collect();
    let mut orphans = Vec::new();
    for folder in crate::generated::OWNED_FOLDERS {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
        for entry in entries.flatten().filter(|entry| entry.path().is_file()) {
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if known.contains(&path) {
                continue;
            }
            match check {
                true => orphans.push(path),
                false => std::fs::remove_file(entry.path()).map_err(|source| Failure::Write { path, source })?,
            }
        }
    }
    Ok(orphans)
}
