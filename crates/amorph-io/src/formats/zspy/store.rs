//! Where the parts of a zarr store are: files in folders, or members of one zip archive.

use std::collections::BTreeSet;
use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use zip::ZipArchive;

use crate::frames::Storage;

/// Bytes of a description that are read.
const TEXT_MAX: u64 = 4 << 20;

/// A zarr store.
#[derive(Debug)]
pub(super) enum Store {
    Folder(PathBuf),
    Archive(Box<Archive>),
}

/// A store in one archive, perhaps in a folder of it.
#[derive(Debug)]
pub(super) struct Archive {
    file: String,
    /// What stands before the names of the parts: nothing, or a folder and `/`.
    root: String,
    names: BTreeSet<String>,
    members: Mutex<ZipArchive<BufReader<Reader>>>,
}

impl Store {
    /// The store in an archive; `None` where it holds none, or is no archive.
    pub(super) fn in_archive(file: &str, storage: &Storage) -> Option<Self> {
        let members = ZipArchive::new(BufReader::new(Reader { storage: storage.clone(), at: 0 })).ok()?;
        let names: BTreeSet<String> = members.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
        let roots = names.iter().filter_map(|name| name.strip_suffix(".zgroup"));
        let holds_signals = |root: &&str| {
            let within = format!("{root}Experiments/");
            names.range(within.clone()..).next().is_some_and(|name| name.starts_with(&within))
        };
        let root = roots.filter(holds_signals).min_by_key(|root| root.len())?.to_owned();
        Some(Self::Archive(Box::new(Archive { file: file.to_owned(), root, names, members: Mutex::new(members) })))
    }

    /// How a part is called in messages.
    pub(super) fn place(&self, part: &str) -> String {
        match self {
            Self::Folder(folder) => folder.join(part).display().to_string(),
            Self::Archive(archive) => format!("{}, {}{part}", archive.file, archive.root),
        }
    }

    /// Whether there is a part of this name.
    pub(super) fn has(&self, part: &str) -> bool {
        match self {
            Self::Folder(folder) => folder.join(part).is_file(),
            Self::Archive(archive) => archive.names.contains(&format!("{}{part}", archive.root)),
        }
    }

    /// The content of a part; `None` where it is absent. More than `limit` bytes are an error.
    pub(super) fn read(&self, part: &str, limit: u64) -> Result<Option<Vec<u8>>, String> {
        let read = match self {
            Self::Folder(folder) => match std::fs::File::open(folder.join(part)) {
                Ok(file) => limited(file, limit),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => Err(error.to_string()),
            },
            Self::Archive(archive) => match archive.read(part, limit) {
                Some(read) => read,
                None => return Ok(None),
            },
        };
        read.map(Some).map_err(|reason| format!("{}: {reason}", self.place(part)))
    }

    /// A description in JSON, where there is one that can be read.
    pub(super) fn json(&self, part: &str) -> Option<serde_json::Value> {
        serde_json::from_slice(&self.read(part, TEXT_MAX).ok()??).ok()
    }

    /// Names of the folders in a folder, in order.
    pub(super) fn folders(&self, part: &str) -> Vec<String> {
        let found: BTreeSet<String> = match self {
            Self::Folder(folder) => {
                let entries = std::fs::read_dir(folder.join(part)).into_iter().flatten().flatten();
                entries.filter(|entry| entry.path().is_dir()).filter_map(|entry| entry.file_name().into_string().ok()).collect()
            }
            Self::Archive(archive) => {
                let within = format!("{}{part}/", archive.root);
                let inside = archive.names.range(within.clone()..).map_while(|name| name.strip_prefix(&within));
                inside.filter_map(|rest| Some(rest.split_once('/')?.0.to_owned())).collect()
            }
        };
        found.into_iter().collect()
    }
}

impl Archive {
    fn read(&self, part: &str, limit: u64) -> Option<Result<Vec<u8>, String>> {
        let name = format!("{}{part}", self.root);
        let mut members = self.members.lock().unwrap_or_else(PoisonError::into_inner);
        let index = members.index_for_name_raw(name.as_bytes())?;
        Some(match members.by_index(index) {
            Ok(member) => limited(member, limit),
            Err(error) => Err(error.to_string()),
        })
    }
}

/// All bytes, at most `limit`.
pub(super) fn limited(reader: impl Read, limit: u64) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut out).map_err(|error| error.to_string())?;
    if out.len() as u64 > limit {
        return Err(format!("it holds more than the {limit} bytes that its description allows"));
    }
    Ok(out)
}

/// Bytes of a file, one after the other.
#[derive(Debug)]
struct Reader {
    storage: Storage,
    at: u64,
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = self.storage.length().saturating_sub(self.at);
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        self.storage.fill(&mut buffer[..count], self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.storage.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = target.ok_or(ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
