use std::io::{Cursor, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use amorph_core::data::{Loaded, Source};
use amorph_core::outcome::Note;
use sha2::{Digest, Sha256};

use crate::IoError;
use crate::formats::{self, Format, Input, Reader};
use crate::maps::Parsed;
use crate::sidecar::{self, Sidecar};
use crate::traces::{TraceInput, TraceOptions};

/// Reads any supported file, with its sidecar `<file>.json` where there is one.
///
/// The format is recognised by content. Values are in SI (phases in degrees), row 0 is the top of the image. The
/// SHA-256 in the source covers the file and, after it, the sidecar. The pixels of a scan stay in the file.
///
/// # Errors
/// [`IoError`]; see its variants.
pub fn open(path: &Path) -> Result<Loaded, IoError> {
    open_with(path, &TraceOptions::default())
}

/// As [`open`], with what the user says about traces: columns, units, segments.
///
/// Long traces are read in pieces; they take little more memory than their numbers.
///
/// # Errors
/// As [`open`].
pub fn open_with(path: &Path, options: &TraceOptions) -> Result<Loaded, IoError> {
    open_hashing(path, options, Hashing::Always)
}

/// As [`open_with`], for a look at what a file holds: in at most 50 ms for frames of any size, because files above 16 MiB are
/// not hashed. Their `sha256` is empty then.
///
/// # Errors
/// As [`open`].
pub fn look_with(path: &Path, options: &TraceOptions) -> Result<Loaded, IoError> {
    open_hashing(path, options, Hashing::IfShort)
}

/// Whether the content of files of frames is hashed, which takes as long as reading them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hashing {
    Always,
    IfShort,
}

/// Files up to this size are hashed in a few milliseconds.
const SHORT: u64 = 16 << 20;

impl Hashing {
    /// SHA-256 of these files in turn, as far as they exist.
    pub(crate) fn of(self, paths: &[&Path], length: u64) -> Result<String, IoError> {
        if self == Self::IfShort && length > SHORT {
            return Ok(String::new());
        }
        let mut hash = Sha256::new();
        let mut buffer = vec![0; (1 << 20).min(length as usize + 1)];
        for path in paths {
            let refused = |source| IoError::Read { file: path.display().to_string(), source };
            let mut file = match std::fs::File::open(path) {
                Ok(file) => file,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(source) => return Err(refused(source)),
            };
            loop {
                match file.read(&mut buffer).map_err(refused)? {
                    0 => break,
                    count => hash.update(&buffer[..count]),
                }
            }
        }
        Ok(format!("{:x}", hash.finalize()))
    }
}

fn open_hashing(path: &Path, options: &TraceOptions, hashing: Hashing) -> Result<Loaded, IoError> {
    if let Some(store) = formats::zspy::open_if_zarr(path, options, hashing)? {
        return Ok(store);
    }
    if let Some(scan) = crate::scan::open_if_scan(path, options, hashing)? {
        return Ok(scan);
    }
    if let Some(frames) = crate::frames::open_if_frames(path, options, hashing)? {
        return Ok(frames);
    }
    let file = path.display().to_string();
    let failed = |source| IoError::Read { file: file.clone(), source };
    let sidecar_path = sidecar::path_of(path);
    let sidecar = match std::fs::read(&sidecar_path) {
        Ok(bytes) => Some((sidecar_path.display().to_string(), bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(source) => return Err(IoError::Read { file: sidecar_path.display().to_string(), source }),
    };
    if sidecar.is_none()
        && let Some(loaded) = open_traces(path, &file, options)?
    {
        return Ok(loaded);
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    let sidecar = sidecar.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    open_bytes_with(&file, &bytes, sidecar, options)
}

/// Reads a file of traces without holding it in memory; `None` where the first bytes tell another format.
fn open_traces(path: &Path, file: &str, options: &TraceOptions) -> Result<Option<Loaded>, IoError> {
    let failed = |source| IoError::Read { file: file.to_owned(), source };
    let mut source = std::fs::File::open(path).map_err(failed)?;
    let length = source.metadata().map_err(failed)?.len();
    let mut head = Vec::new();
    source.by_ref().take(formats::HEAD as u64).read_to_end(&mut head).map_err(failed)?;
    // The names of the members of an archive stand at its end.
    let whole_needed = head.starts_with(b"PK") || head.is_empty();
    let format = if whole_needed { None } else { formats::recognise(&head, options, false) };
    let Some((format, Reader::Traces(read))) = format.map(|format| (format, &format.read)) else { return Ok(None) };
    sets_fit(file, format, options)?;
    if format.id == formats::delimited::FORMAT.id
        && let Some(layout) = formats::delimited::long::is_long(file, &head, length, options)?
    {
        let (parsed, hash) = formats::delimited::long::open(path, file, &head, layout, options)?;
        return Ok(Some(loaded(file, format, hash, parsed)));
    }
    source.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match source.read(&mut piece).map_err(failed)? {
            0 => break,
            n => hash.update(&piece[..n]),
        }
    }
    drop(piece);
    let parsed = read(&mut TraceInput { file, source: &mut source, length, head: &head, options })?;
    Ok(Some(loaded(file, format, format!("{:x}", hash.finalize()), parsed)))
}

/// Only plain text has curves beside each other that the file does not tell apart.
fn sets_fit(file: &str, format: &Format, options: &TraceOptions) -> Result<(), IoError> {
    if options.sets.is_empty() || format.id == formats::delimited::FORMAT.id {
        return Ok(());
    }
    let problem =
        format!("are for text with curves beside each other; this is {}, which tells its tests apart itself", format.title);
    Err(IoError::TraceOption { file: file.to_owned(), option: "sets", problem })
}

/// Group, channel and number of samples.
type ListedChannel = (String, String, u64);

/// Groups, channels and numbers of samples of a TDMS file, from its heads alone; `None` for other formats, whose contents are not
/// known before they are read.
///
/// # Errors
/// [`IoError::Read`], and what is wrong with the heads.
pub fn list_channels(path: &Path) -> Result<Option<Vec<ListedChannel>>, IoError> {
    let file = path.display().to_string();
    let failed = |source| IoError::Read { file: file.clone(), source };
    let mut source = std::fs::File::open(path).map_err(failed)?;
    let length = source.metadata().map_err(failed)?.len();
    let mut head = [0; 4];
    if length < 4 || source.read_exact(&mut head).is_err() || head != *b"TDSm" {
        return Ok(None);
    }
    formats::tdms::list(&file, &mut source, length).map(Some)
}

/// Reads a file that is already in memory; `name` appears in messages, `sidecar` is the name and text of its sidecar.
///
/// # Errors
/// As [`open`].
pub fn open_bytes(name: &str, bytes: &[u8], sidecar: Option<(&str, &[u8])>) -> Result<Loaded, IoError> {
    open_bytes_with(name, bytes, sidecar, &TraceOptions::default())
}

/// As [`open_bytes`], with what the user says about traces.
///
/// # Errors
/// As [`open`].
pub fn open_bytes_with(
    name: &str,
    bytes: &[u8],
    sidecar: Option<(&str, &[u8])>,
    options: &TraceOptions,
) -> Result<Loaded, IoError> {
    if bytes.is_empty() {
        return Err(IoError::Empty { file: name.to_owned() });
    }
    if let Some(frames) = crate::frames::open_bytes_if_frames(name, bytes, sidecar, options)? {
        return Ok(frames);
    }
    let mut hash = Sha256::new();
    hash.update(bytes);
    let mut parsed_sidecar: Option<Sidecar> = None;
    if let Some((sidecar_name, text)) = sidecar {
        hash.update(text);
        parsed_sidecar = Some(sidecar::parse(sidecar_name, text)?);
    }
    let format = formats::recognise(bytes, options, sidecar.is_some()).ok_or_else(|| unknown(name, bytes))?;
    sets_fit(name, format, options)?;
    let mut parsed = match &format.read {
        Reader::Bytes(read) => read(&Input { file: name, bytes, sidecar: parsed_sidecar.as_ref(), options })?,
        Reader::Traces(read) => {
            let head = &bytes[..bytes.len().min(formats::HEAD)];
            let mut source = Cursor::new(bytes);
            read(&mut TraceInput { file: name, source: &mut source, length: bytes.len() as u64, head, options })?
        }
        Reader::Frames(_) => return Err(unknown(name, bytes)),
    };
    if let Some(sidecar) = &parsed_sidecar
        && !format.needs_sidecar
    {
        parsed.notes.extend(sidecar.apply(&mut parsed.data)?);
    }
    Ok(loaded(name, format, format!("{:x}", hash.finalize()), parsed))
}

fn loaded(name: &str, format: &Format, sha256: String, parsed: Parsed) -> Loaded {
    Loaded {
        source: Source { path: name.to_owned(), sha256, format: format.id.to_owned(), format_version: parsed.format_version },
        data: parsed.data,
        metadata: parsed.metadata,
        constants: parsed.constants,
        notes: parsed.notes,
    }
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
    let head = &bytes[..bytes.len().min(16)];
    let text: String = head.iter().map(|&byte| if byte.is_ascii_graphic() { char::from(byte) } else { '.' }).collect();
    let hexadecimal: Vec<String> = head.iter().map(|byte| format!("{byte:02x}")).collect();
    let readable = formats::formats().iter().map(|format| format.label()).collect();
    let magic = format!("'{text}' ({})", hexadecimal.join(" "));
    if name.to_ascii_lowercase().ends_with(".hys") {
        return IoError::Unsupported {
            file: name.to_owned(),
            found: format!("TriboScan's own binary file (first bytes {magic})"),
            remedy: "export the test as text in TriboScan (File > Export) and open that",
        };
    }
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if ["raw", "bin"].contains(&ending.as_str()) {
        return IoError::raw_without_shape(name, bytes.len() as u64);
    }
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
    const MAGIC: [(&[u8], &str); 4] = [
        (b"?*File list", "a Nanoscope file in its text variant"),
        (b"II*\0", "a little-endian TIFF file without a complete page"),
        (b"MM\0*", "a big-endian TIFF file without a complete page"),
        (b"ISO/TC 201 SPM data transfer format", "an ISO 28600 text file"),
    ];
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name)
}
