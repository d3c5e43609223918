use std::path::{Path, PathBuf};
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

/// Pages and modules of methods that no longer exist.
fn orphans(root: &Path, check: bool) -> Result<Vec<String>, Failure> {
    let known: Vec<PathBuf> = crate::generated::files().into_iter().map(|(path, _)| root.join(path)).collect();
    let mut orphans = Vec::new();
    for file in crate::generated::OWNED_FOLDERS.iter().flat_map(|folder| files_below(&root.join(folder))) {
        if known.contains(&file) {
            continue;
        }
        let path = file.display().to_string();
        match check {
            true => orphans.push(path),
            false => std::fs::remove_file(file).map_err(|source| Failure::Write { path, source })?,
        }
    }
    Ok(orphans)
}

/// All files below a folder but what Python keeps compiled.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path()).filter(|path| !path.ends_with("__pycache__"));
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
