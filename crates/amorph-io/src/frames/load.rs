//! Finding the reader of frames, and putting together what it finds.

use std::path::{Path, PathBuf};

use amorph_core::data::{Loaded, Source};
use amorph_core::outcome::Note;
use sha2::{Digest, Sha256};

use super::{FrameInput, Storage};
use crate::IoError;
use crate::formats::{Format, HEAD, Reader, empad, formats, raw_frames};
use crate::maps::Parsed;
use crate::open::Hashing;
use crate::sidecar::{self, ScanSidecar};
use crate::traces::TraceOptions;

/// Opens a file of frames, images or spectra without reading their pixels; `None` where it is none.
pub(crate) fn open_if_frames(path: &Path, options: &TraceOptions, hashing: Hashing) -> Result<Option<Loaded>, IoError> {
    let file = path.display().to_string();
    // What cannot be opened is reported by the readers of whole files.
    let Ok(storage) = Storage::open(path, &file) else { return Ok(None) };
    let Ok(head) = storage.head(&file, HEAD as u64) else { return Ok(None) };
    if !candidates(options, &head, Some(path)) {
        return Ok(None);
    }
    let sidecar_path = sidecar::path_of(path);
    let sidecar_name = sidecar_path.display().to_string();
    let sidecar = match std::fs::read(&sidecar_path) {
        Ok(bytes) => Some((sidecar_name.as_str(), bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(source) => return Err(IoError::Read { file: sidecar_name, source }),
    };
    let sidecar = sidecar.as_ref().map(|(name, bytes)| (*name, bytes.as_slice()));
    let Some((format, mut parsed)) = read(&file, Some(path), &storage, &head, options, sidecar)? else { return Ok(None) };
    parsed.notes.extend(other_ending(path, format));
    let companions = crate::companions::companions(path);
    let mut parts: Vec<&Path> = vec![path, &sidecar_path];
    parts.extend(companions.iter().map(|path| path.as_path()));
    // A short master file may stand for long data files.
    let length = |path: &PathBuf| path.metadata().map_or(0, |data| data.len());
    let all = companions.iter().map(length).fold(storage.length(), u64::saturating_add);
    let sha256 = hashing.of(&parts, all)?;
    Ok(Some(loaded(&file, format, sha256, parsed)))
}

/// As [`open_if_frames`], of bytes in memory.
pub(crate) fn open_bytes_if_frames(
    file: &str,
    bytes: &[u8],
    sidecar: Option<(&str, &[u8])>,
    options: &TraceOptions,
) -> Result<Option<Loaded>, IoError> {
    let head = &bytes[..bytes.len().min(HEAD)];
    if !candidates(options, head, None) {
        return Ok(None);
    }
    let storage = Storage::Memory(bytes.into());
    let Some((format, parsed)) = read(file, None, &storage, head, options, sidecar)? else { return Ok(None) };
    let mut hash = Sha256::new();
    hash.update(bytes);
    sidecar.iter().for_each(|(_, text)| hash.update(text));
    Ok(Some(loaded(file, format, format!("{:x}", hash.finalize()), parsed)))
}

/// Whether a reader of frames may know these bytes.
fn candidates(options: &TraceOptions, head: &[u8], path: Option<&Path>) -> bool {
    formats().iter().any(|format| fits(format, options, head, path))
}

fn fits(format: &Format, options: &TraceOptions, head: &[u8], path: Option<&Path>) -> bool {
    let Reader::Frames(_) = format.read else { return false };
    match &options.format {
        Some(id) => format.id == id,
        None if format.id == raw_frames::FORMAT.id => options.frames.raw.is_some(),
        None if format.id == empad::FORMAT.id => options.frames.raw.is_none() && path.is_some_and(empad::is_described),
        None => (format.recognises)(head),
    }
}

fn read(
    file: &str,
    path: Option<&Path>,
    storage: &Storage,
    head: &[u8],
    options: &TraceOptions,
    sidecar: Option<(&str, &[u8])>,
) -> Result<Option<(&'static Format, Parsed)>, IoError> {
    let scan_sidecar = sidecar.and_then(|(name, text)| ScanSidecar::parse(name, text).transpose()).transpose()?;
    let scan_shape = options.frames.scan_shape.or(scan_sidecar.as_ref().and_then(|sidecar| sidecar.scan_shape));
    let input = FrameInput { file, path, storage, head, options, scan_shape };
    for format in formats().iter().filter(|format| fits(format, options, head, path)) {
        let Reader::Frames(read) = format.read else { continue };
        let Some(mut parsed) = read(&input)? else { continue };
        if let Some(sidecar) = &scan_sidecar {
            parsed.metadata.entries.extend(sidecar.metadata.iter().cloned());
        }
        if let (Some((name, text)), None) = (sidecar, &scan_sidecar) {
            let corrections = sidecar::parse(name, text)?;
            parsed.notes.extend(corrections.apply(&mut parsed.data)?);
        }
        return Ok(Some((*format, parsed)));
    }
    Ok(None)
}

/// An ending that belongs to another format is said; the content counts.
fn other_ending(path: &Path, format: &Format) -> Option<Note> {
    let ending = format!(".{}", path.extension()?.to_str()?.to_ascii_lowercase());
    if format.endings.contains(&ending.as_str()) {
        return None;
    }
    let other = formats().iter().find(|other| other.endings.contains(&ending.as_str()))?;
    let message =
        format!("the ending {ending} is that of {}, but the content is {}; the content counts", other.title, format.title);
    Some(Note::info("ending", message))
}

fn loaded(file: &str, format: &Format, sha256: String, parsed: Parsed) -> Loaded {
    Loaded {
        source: Source { path: file.to_owned(), sha256, format: format.id.to_owned(), format_version: parsed.format_version },
        data: parsed.data,
        metadata: parsed.metadata,
        constants: parsed.constants,
        notes: parsed.notes,
    }
}
