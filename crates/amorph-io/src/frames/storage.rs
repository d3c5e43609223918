use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use crate::IoError;

/// Bytes that stay where they are and are read in ranges, from several threads.
#[derive(Debug, Clone)]
pub(crate) enum Storage {
    /// A file, and how long it was when it was opened.
    File(Arc<File>, u64),
    /// Bytes in memory.
    Memory(Arc<[u8]>),
}

impl Storage {
    /// A file on disk.
    ///
    /// # Errors
    /// [`IoError::Read`].
    pub(crate) fn open(path: &Path, name: &str) -> Result<Self, IoError> {
        let failed = |source| IoError::Read { file: name.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        Ok(Self::File(Arc::new(file), length))
    }

    /// How many bytes there are.
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::File(_, length) => *length,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// Fills `bytes` from `start`.
    pub(crate) fn fill(&self, bytes: &mut [u8], start: u64) -> std::io::Result<()> {
        match self {
            Self::File(file, _) => read_at(file, bytes, start),
            Self::Memory(all) => {
                let start = usize::try_from(start).unwrap_or(usize::MAX);
                let end = start.saturating_add(bytes.len());
                let found = all.get(start..end).ok_or(std::io::ErrorKind::UnexpectedEof)?;
                bytes.copy_from_slice(found);
                Ok(())
            }
        }
    }

    /// `count` bytes from `start`; nothing is allocated for bytes that are not there.
    ///
    /// # Errors
    /// [`IoError::Truncated`] with `part` as what is cut, [`IoError::Read`].
    pub(crate) fn take(&self, file: &str, start: u64, count: u64, part: &str) -> Result<Vec<u8>, IoError> {
        let left = self.length().saturating_sub(start);
        if count > left {
            return Err(IoError::Truncated { file: file.to_owned(), part: part.to_owned(), expected: count, found: left });
        }
        let mut bytes = vec![0; count as usize];
        self.fill(&mut bytes, start).map_err(|source| IoError::Read { file: file.to_owned(), source })?;
        Ok(bytes)
    }

    /// The first bytes, at most `count`.
    pub(crate) fn head(&self, file: &str, count: u64) -> Result<Vec<u8>, IoError> {
        self.take(file, 0, count.min(self.length()), "the beginning")
    }
}

impl hdf5_pure::Source for Storage {
    fn len(&self) -> u64 {
        self.length()
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> Result<(), hdf5_pure::FormatError> {
        let available = usize::try_from(self.length()).unwrap_or(usize::MAX);
        let expected = usize::try_from(offset).unwrap_or(usize::MAX).saturating_add(bytes.len());
        self.fill(bytes, offset).map_err(|_| hdf5_pure::FormatError::UnexpectedEof { expected, available })
    }
}

/// Fills `bytes` from a place in the file, without moving a position that threads share.
#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], start: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
}

/// Fills `bytes` from a place in the file; every call names its own position.
#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut start: u64) -> std::io::Result<()> {
    while !bytes.is_empty() {
        let count = std::os::windows::fs::FileExt::seek_read(file, bytes, start)?;
        if count == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[count..];
        start += count as u64;
    }
    Ok(())
}
