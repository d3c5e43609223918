//! Detector frames, images and spectra of electron microscopes: what all their formats share.
//!
//! A reader describes an array of any number of axes by a [`Cube`]; its pixels stay in the file and are read in ranges.

mod axes;
mod cube;
mod fortran;
mod load;
mod options;
pub(crate) mod pixels;
mod source;
mod storage;

pub use options::{FrameOptions, RawLayout, RawPixel};

pub(crate) use axes::{AxisKind, RawAxis};
pub(crate) use cube::{Cube, DECODED_PER_BYTE, factors, several};
pub(crate) use fortran::FortranFrames;
pub(crate) use load::{open_bytes_if_frames, open_if_frames};
pub(crate) use source::{FileFrames, Laid, Undecoded, unreadable};
pub(crate) use storage::Storage;

use std::path::Path;

use crate::IoError;
use crate::traces::TraceOptions;

/// What a reader of frames is given.
pub(crate) struct FrameInput<'a> {
    /// Name of the file, for messages.
    pub file: &'a str,
    /// Where it is, where it is a file.
    pub path: Option<&'a Path>,
    /// Its bytes.
    pub storage: &'a Storage,
    /// The first of them.
    pub head: &'a [u8],
    /// What the user says.
    pub options: &'a TraceOptions,
    /// Rows and columns of the scan, from the user or the sidecar.
    pub scan_shape: Option<[usize; 2]>,
}

/// Bytes of a companion that are read; headers are far shorter.
const COMPANION_MAX: u64 = 1 << 20;

impl FrameInput<'_> {
    /// A file of the same name with another ending; `None` where there is none.
    ///
    /// # Errors
    /// [`IoError::Read`] for one that is there and cannot be read.
    pub(crate) fn companion(&self, ending: &str) -> Result<Option<Vec<u8>>, IoError> {
        let Some(path) = self.path.map(|path| path.with_extension(ending)) else { return Ok(None) };
        if !path.is_file() {
            return Ok(None);
        }
        let name = path.display().to_string();
        Storage::open(&path, &name)?.head(&name, COMPANION_MAX).map(Some)
    }

    /// Bytes of the file, where they are there.
    ///
    /// # Errors
    /// [`IoError::Truncated`] with `part` as what is cut.
    pub(crate) fn take(&self, start: u64, count: u64, part: &str) -> Result<Vec<u8>, IoError> {
        self.storage.take(self.file, start, count, part)
    }

    /// An error about a field of this file.
    pub(crate) fn field(&self, field: &str, found: impl Into<String>, needed: &'static str) -> IoError {
        IoError::Field { file: self.file.to_owned(), field: field.to_owned(), found: found.into(), needed }
    }
}
