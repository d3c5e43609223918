use std::path::Path;

use amorph_core::data::{Loaded, Source};
use amorph_core::outcome::Note;
use sha2::{Digest, Sha256};

use crate::IoError;
use crate::formats::{self, Input};
use crate::sidecar::{self, Sidecar};

/// Reads any supported file, with its sidecar `<file>.json` where there is one.
///
/// The format is recognised by content. Values are in SI (phases in degrees), row 0 is the top of the image. The
/// SHA-256 in the source covers the file and, after it, the sidecar. The pixels of a scan stay in the file.
///
/// # Errors
/// [`IoError`]; see its variants.
pub fn open(path: &Path) -> Result<Loaded, IoError> {
    if let Some(scan) = crate::scan::open_if_scan(path)? {
        return Ok(scan);
    }
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| IoError::Read { file: file.clone(), source })?;
    let sidecar_path = sidecar::path_of(path);
    let sidecar = match std::fs::read(&sidecar_path) {
        Ok(bytes) => Some((sidecar_path.display().to_string(), bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(source) => return Err(IoError::Read { file: sidecar_path.display().to_string(), source }),
    };
    let sidecar = sidecar.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    open_bytes(&file, &bytes, sidecar)
}

/// Reads a file that is already in memory; `name` appears in messages, `sidecar` is the name and text of its sidecar.
///
/// # Errors
/// As [`open`].
pub fn open_bytes(name: &str, bytes: &[u8], sidecar: Option<(&str, &[u8])>) -> Result<Loaded, IoError> {
    if bytes.is_empty() {
        return Err(IoError::Empty { file: name.to_owned() });
    }
    let mut hash = Sha256::new();
    hash.update(bytes);
    let mut parsed_sidecar: Option<Sidecar> = None;
    if let Some((sidecar_name, text)) = sidecar {
        hash.update(text);
        parsed_sidecar = Some(sidecar::parse(sidecar_name, text)?);
    }
    let format = formats::recognise(bytes).ok_or_else(|| unknown(name, bytes))?;
    let input = Input { file: name, bytes, sidecar: parsed_sidecar.as_ref() };
    let mut parsed = (format.read)(&input)?;
    if let Some(sidecar) = &parsed_sidecar
        && !format.needs_sidecar
    {
        parsed.notes.extend(sidecar.apply(&mut parsed.data)?);
    }
    Ok(Loaded {
        source: Source {
            path: name.to_owned(),
            sha256: format!("{:x}", hash.finalize()),
            format: format.id.to_owned(),
            format_version: parsed.format_version,
        },
        data: parsed.data,
        metadata: parsed.metadata,
        constants: parsed.constants,
        notes: parsed.notes,
    })
}

/// Notes about files that are byte for byte the same under several names.
pub fn duplicate_notes(sources: &[Source]) -> Vec<Note> {
    let mut notes = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        if let Some(first) = sources[..index].iter().find(|earlier| earlier.sha256 == source.sha256) {
            let message = format!(
                "{} and {} have the same content (SHA-256 {}); count them once",
                first.path, source.path, source.sha256
            );
            notes.push(Note::warning("same_file_again", message));
        }
    }
    notes
}

fn unknown(name: &str, bytes: &[u8]) -> IoError {
    let head = &bytes[..bytes.len().min(12)];
    let text: String = head.iter().map(|&byte| if byte.is_ascii_graphic() { char::from(byte) } else { '.' }).collect();
    let hexadecimal: Vec<String> = head.iter().map(|byte| format!("{byte:02x}")).collect();
    let readable = formats::formats().iter().map(|format| format.label()).collect();
    let magic = format!("'{text}' ({})", hexadecimal.join(" "));
    match other_format(bytes) {
        Some(found) => IoError::Unsupported {
            file: name.to_owned(),
            found: format!("{found} (first bytes {magic})"),
            remedy: "open the microscope's original file in Gwyddion and save it as .gwy or .gsf",
        },
        None => IoError::UnknownFormat { file: name.to_owned(), magic, supported: readable },
    }
}

/// Formats that are recognised but have no reader, so that the message can name them.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 6] = [
        (b"?*File list", "a Nanoscope file in its text variant"),
        (b"II*\0", "a little-endian TIFF picture that holds neither Park Systems nor JPK data"),
        (b"MM\0*", "a big-endian TIFF picture that holds neither Park Systems nor JPK data"),
        (b"PK\x03\x04", "a ZIP archive (JPK keeps force curves in one)"),
        (b"\x89HDF", "an HDF5 file (Nanosurf .nhf, Asylum .ardf and others)"),
        (b"ISO/TC 201 SPM data transfer format", "an ISO 28600 text file"),
    ];
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name)
}
