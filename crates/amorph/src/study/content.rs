//! What the files of an item hold, as one digest.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::plan::hex;

/// Files of this size or more are read once for all plans of a study, bytes.
const LONG: u64 = 16 << 20;

/// A file as it was when it was read: its length, and when it was last changed.
type Stamp = (PathBuf, u64, Option<SystemTime>);

/// Digests of long files that were read for this study.
#[derive(Debug, Default)]
pub(super) struct Contents {
    known: Mutex<BTreeMap<Vec<Stamp>, String>>,
}

impl Contents {
    /// Digest of the files of an item, each followed by its sidecar and companions. Long files are not read again unless their length
    /// or time has changed. `None` where `cancel` became true before the end.
    pub(super) fn digest(&self, paths: &[PathBuf], cancel: &AtomicBool) -> Option<String> {
        let stamps = stamps(paths);
        let is_long = length(&stamps) >= LONG;
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if is_long && let Some(digest) = known().get(&stamps) {
            return Some(digest.clone());
        }
        let digest = content_hash(paths, cancel)?;
        if is_long {
            known().insert(stamps, digest.clone());
        }
        Some(digest)
    }
}

/// What stands for the digest of files that are not read.
pub(super) fn unread(paths: &[PathBuf]) -> String {
    let mut hasher = Sha256::new();
    for (path, length, _) in stamps(paths) {
        hasher.update(format!("not read: {}, {length} bytes\n", path.display()));
    }
    hex(&hasher.finalize())
}

/// Whether reading the files takes longer than a look at them.
pub(super) fn is_long(paths: &[PathBuf]) -> bool {
    length(&stamps(paths)) >= LONG
}

fn length(stamps: &[Stamp]) -> u64 {
    stamps.iter().map(|(_, length, _)| *length).fold(0, u64::saturating_add)
}

fn stamps(paths: &[PathBuf]) -> Vec<Stamp> {
    let stamp = |path: PathBuf| {
        let data = path.metadata().ok()?;
        data.is_file().then(|| (path, data.len(), data.modified().ok()))
    };
    paths.iter().flat_map(|path| parts(path)).filter_map(stamp).collect()
}

/// A file, its sidecar, and its companions, whether they exist or not.
fn parts(path: &Path) -> Vec<PathBuf> {
    let mut sidecar = path.as_os_str().to_owned();
    sidecar.push(".json");
    let mut parts = vec![path.to_owned(), PathBuf::from(sidecar)];
    parts.extend(crate::io::companions(path));
    parts
}

/// SHA-256 of files, each followed by its sidecar and companions, read in pieces.
fn content_hash(paths: &[PathBuf], cancel: &AtomicBool) -> Option<String> {
    let mut hasher = Sha256::new();
    for path in paths {
        for (index, part) in parts(path).iter().enumerate() {
            // A missing sidecar is the usual case and adds nothing; of a folder the files in it count.
            let may_lack = index == 1 || part.is_dir();
            match hash_file(&mut hasher, part, cancel) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(_) if may_lack => {}
                Err(error) => hasher.update(error.to_string()),
            }
        }
    }
    Some(hex(&hasher.finalize()))
}

/// False where it was cancelled.
fn hash_file(hasher: &mut Sha256, path: &Path, cancel: &AtomicBool) -> std::io::Result<bool> {
    let mut file = std::fs::File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        if cancel.load(Ordering::Relaxed) {
            return Ok(false);
        }
        match file.read(&mut buffer)? {
            0 => return Ok(true),
            n => hasher.update(&buffer[..n]),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn digest(path: &Path) -> String {
        Contents::default().digest(&[path.to_owned()], &AtomicBool::new(false)).unwrap()
    }

    #[test]
    fn what_stands_beside_a_file_is_part_of_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scan.mib");
        std::fs::write(&path, "frames").unwrap();
        let alone = digest(&path);
        // SHA-256 of the bytes alone.
        assert_eq!(alone, hex(&Sha256::digest(b"frames")));
        std::fs::write(folder.path().join("scan.hdr"), "HDR, 4 frames").unwrap();
        let described = digest(&path);
        std::fs::write(folder.path().join("scan.hdr"), "HDR, 8 frames").unwrap();
        let otherwise = digest(&path);
        assert!(alone != described && described != otherwise);
        assert_eq!(otherwise, hex(&Sha256::digest(b"framesHDR, 8 frames")));
        // A file of another instrument beside it changes nothing.
        std::fs::write(folder.path().join("scan.xml"), "<a/>").unwrap();
        assert_eq!(digest(&path), otherwise);
        // Files of a folder in the order of their paths.
        let store = folder.path().join("store");
        std::fs::create_dir(&store).unwrap();
        std::fs::write(store.join("b"), "2").unwrap();
        std::fs::write(store.join("a"), "1").unwrap();
        assert_eq!(digest(&store), hex(&Sha256::digest(b"12")));
    }

    #[test]
    fn long_files_are_read_once_and_again_when_they_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.bin");
        let file = std::fs::File::create(&path).unwrap();
        file.set_len(LONG).unwrap();
        let (contents, paths) = (Contents::default(), [path.clone()]);
        let (go, stop) = (AtomicBool::new(false), AtomicBool::new(true));
        assert!(is_long(&paths) && contents.digest(&paths, &stop).is_none());
        let first = contents.digest(&paths, &go).unwrap();
        // Nothing is read, so nothing can be stopped.
        assert_eq!(contents.digest(&paths, &stop), Some(first.clone()));
        file.set_len(LONG + 1).unwrap();
        assert!(contents.digest(&paths, &stop).is_none());
        assert_ne!(contents.digest(&paths, &go).unwrap(), first);
        assert_ne!(unread(&paths), first);
    }
}
