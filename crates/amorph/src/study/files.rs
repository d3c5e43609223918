//! From the `files` of a measurement to its items.

use std::path::{Path, PathBuf};

use super::node::Span;
use super::problem::{Problem, ProblemKind};
use super::reader::Group;
use crate::io::{ScanPart, scan_part, scans};

/// The items of a measurement: what the study states together, and for the rest every file of its own, but for files of
/// one channel, which are put together by scan.
pub(super) fn find(folder: &Path, groups: Vec<Group>, problems: &mut Vec<Problem>) -> Vec<Vec<PathBuf>> {
    let mut together: Vec<Vec<PathBuf>> = Vec::new();
    let mut loose: Vec<(PathBuf, Span)> = Vec::new();
    for group in groups {
        match group {
            Group::Pattern(pattern, span) => {
                let found = matching(folder, pattern, &span, problems);
                loose.extend(found.into_iter().map(|path| (path, span.clone())));
            }
            Group::Together(names, span) => {
                together.push(names.into_iter().flat_map(|name| matching(folder, name, &span, problems)).collect());
            }
        }
    }
    loose.retain(|(path, _)| !together.iter().flatten().any(|stated| stated == path));
    together.extend(by_scan(loose, problems));
    together
}

fn matching(folder: &Path, pattern: String, span: &Span, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let full = folder.join(&pattern);
    let mut found: Vec<_> = match full.is_file() {
        true => vec![full],
        false => glob::glob(&full.to_string_lossy()).map(|paths| paths.flatten().collect()).unwrap_or_default(),
    };
    // A zarr store is a folder.
    let is_data = |path: &Path| path.is_file() || path.join(".zgroup").is_file();
    found.retain(|path| is_data(path) && path.extension().is_none_or(|extension| extension != "json"));
    if found.is_empty() {
        let folder = match folder.as_os_str().is_empty() {
            true => "the current folder".to_owned(),
            false => folder.display().to_string(),
        };
        problems.push(Problem { span: span.clone(), kind: ProblemKind::NoFiles { pattern, folder } });
    }
    found
}

/// Items in the order of their first files.
fn by_scan(files: Vec<(PathBuf, Span)>, problems: &mut Vec<Problem>) -> Vec<Vec<PathBuf>> {
    let parts: Vec<ScanPart> = files.iter().filter_map(|(path, _)| scan_part(path)).collect();
    let groups = scans(&parts).unwrap_or_else(|doubt| {
        let span = files.first().map(|(_, span)| span.clone()).unwrap_or_default();
        problems.push(Problem { span, kind: ProblemKind::DoubtfulScan(doubt) });
        Vec::new()
    });
    let mut items: Vec<Vec<PathBuf>> = Vec::new();
    for (path, _) in files {
        if items.iter().flatten().any(|known| *known == path) {
            continue;
        }
        let group = groups.iter().find(|group| group.contains(&path));
        items.push(group.cloned().unwrap_or_else(|| vec![path]));
    }
    items
}
