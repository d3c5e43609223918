use std::io::Write as _;
use std::path::Path;

use crate::IoError;

/// Writes a whole file: to a temporary name beside it, then renamed, so that nobody ever sees half a file.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), IoError> {
    let failed = |source| IoError::Write { file: path.display().to_string(), source };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = std::fs::File::create(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&temporary, path));
    written.map_err(|error| {
        // The error to report is the first one; the half-written file is of no use to anybody.
        let _ = std::fs::remove_file(&temporary);
        failed(error)
    })
}
