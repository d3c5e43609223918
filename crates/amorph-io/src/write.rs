use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use crate::IoError;

/// Writes a whole file: to a temporary name beside it, then renamed, so that nobody ever sees half a file.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), IoError> {
    let failed = |source| IoError::Write { file: path.display().to_string(), source };
    stream_atomically(path, |file| file.write_all(bytes).map_err(failed))
}

/// As [`write_atomically`], of bytes that come one after the other.
pub(crate) fn stream_atomically(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), IoError>,
) -> Result<(), IoError> {
    let failed = |source| IoError::Write { file: path.display().to_string(), source };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = File::create(&temporary).map_err(failed).and_then(|file| {
        let mut file = BufWriter::new(file);
        write(&mut file)?;
        file.flush().and_then(|()| file.get_ref().sync_all()).map_err(failed)?;
        std::fs::rename(&temporary, path).map_err(failed)
    });
    written.inspect_err(|_| {
        // The error to report is the first one; the half-written file is of no use to anybody.
        let _ = std::fs::remove_file(&temporary);
    })
}
