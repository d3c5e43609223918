//! Frames of Merlin (Medipix) detectors; the layout is in `SPEC.md`.

use std::sync::Arc;

use amorph_core::data::Metadata;
use amorph_core::outcome::Note;

use super::{Format, Reader};
use crate::IoError;
use crate::bytes::{Element, latin1};
use crate::frames::{AxisKind, Cube, FileFrames, FrameInput, RawAxis};
use crate::maps::Parsed;

pub(crate) const FORMAT: Format = Format {
    id: "mib",
    title: "Merlin detector frames",
    endings: &[".mib"],
    magic: "`MQ1,`",
    channels: "a series of frames; its `.hdr` is read too, the shape of the scan comes from the study",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(b"MQ1,"),
    read: Reader::Frames(read),
};

/// Names of the first fields of a frame's header.
const FIELDS: [&str; 11] = [
    "id",
    "sequence",
    "header bytes",
    "chips",
    "width",
    "height",
    "pixel type",
    "chip layout",
    "counter select",
    "time stamp",
    "exposure (s)",
];
/// A header of 16 chips has a few kilobytes.
const HEADER_MAX: u64 = 1 << 16;

/// What the header of a frame says.
struct Header {
    fields: Vec<String>,
    bytes: u64,
    width: usize,
    height: usize,
    element: Element,
}

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let mut metadata = Metadata::default();
    let companion = input.companion("hdr")?.map(|bytes| latin1(&bytes));
    let stated = |key: &str| {
        let mut lines = companion.as_deref().unwrap_or_default().lines();
        lines.find_map(|line| line.strip_prefix(key)?.split_once(':').map(|(_, value)| value.trim().to_owned()))
    };
    let header = header(input, &stated)?;
    for (name, value) in FIELDS.iter().zip(&header.fields) {
        metadata.push("first frame", name, value.trim());
    }
    for line in companion.as_deref().unwrap_or_default().lines() {
        if let Some((key, value)) = line.split_once(":\t").or_else(|| line.split_once(':')) {
            metadata.push("hdr", key.trim(), value.trim());
        }
    }
    let frame_len = header.width.checked_mul(header.height).filter(|len| *len > 0);
    let frame_len = frame_len.ok_or_else(|| too_large(input, &header))?;
    let pixels = (frame_len as u64).checked_mul(header.element.size() as u64);
    let stride = pixels.and_then(|bytes| bytes.checked_add(header.bytes)).ok_or_else(|| too_large(input, &header))?;
    let source = FileFrames {
        file: input.file.to_owned(),
        storage: input.storage.clone(),
        first: header.bytes,
        stride,
        frame_len,
        element: header.element,
        big_endian: true,
        from_bottom: Some(header.width),
    };
    let n_present = source.n_complete();
    if n_present == 0 {
        return Err(IoError::Truncated {
            file: input.file.to_owned(),
            part: format!("frame 0 of {} x {} pixels", header.width, header.height),
            expected: stride,
            found: input.storage.length(),
        });
    }
    let begun = input.storage.length().div_ceil(stride);
    let mut notes = Vec::new();
    let promised = stated("Frames in Acquisition (Number)").and_then(|text| text.parse::<u64>().ok());
    let n_frames = promised.filter(|count| *count > 0 && *count < 1 << 32).unwrap_or(begun).max(begun);
    check_last(input, &source, &header, n_present, &mut notes);
    let cube = Cube {
        axes: vec![
            RawAxis { name: "frame".to_owned(), ..RawAxis::of(n_frames as usize, AxisKind::Time) },
            RawAxis::of(header.height, AxisKind::Detector),
            RawAxis::of(header.width, AxisKind::Detector),
        ],
        element: header.element,
        n_present,
        source: Arc::new(source),
        name: String::new(),
        value_unit: "counts".to_owned(),
    };
    let mut parsed = cube.parsed(input, None, metadata)?;
    parsed.notes.extend(notes);
    Ok(Some(parsed))
}

fn too_large(input: &FrameInput<'_>, header: &Header) -> IoError {
    IoError::TooLarge {
        file: input.file.to_owned(),
        field: "the frame header".to_owned(),
        claimed: format!("{} x {} pixels", header.width, header.height),
        available: input.storage.length(),
    }
}

fn header(input: &FrameInput<'_>, stated: &dyn Fn(&str) -> Option<String>) -> Result<Header, IoError> {
    let text = latin1(&input.head[..input.head.len().min(1024)]);
    let fields: Vec<String> = text.split(',').map(str::to_owned).collect();
    let number = |index: usize| -> Result<u64, IoError> {
        let found = fields.get(index).map_or("", |field| field.trim());
        found.parse().map_err(|_| input.field(FIELDS[index], found, "a whole number"))
    };
    let (bytes, width, height) = (number(2)?, number(4)?, number(5)?);
    if !(16..=HEADER_MAX).contains(&bytes) {
        return Err(input.field(FIELDS[2], bytes.to_string(), "16 to 65536"));
    }
    if width == 0 || height == 0 || width > 1 << 20 || height > 1 << 20 {
        return Err(input.field("width and height", format!("{width} x {height}"), "1 to 1048576 pixels each"));
    }
    let kind = fields.get(6).map_or("", |field| field.trim());
    let element = match kind {
        "U08" => Element::U8,
        "U16" => Element::U16,
        "U32" => Element::U32,
        "R64" => {
            let depth = stated("Counter Depth (number)").unwrap_or_else(|| "of unknown depth".to_owned());
            return Err(IoError::Unsupported {
                file: input.file.to_owned(),
                found: format!("raw Medipix data (R64, counter depth {depth})"),
                remedy: "record or export the frames as U08, U16 or U32 with the Merlin software",
            });
        }
        other => return Err(input.field(FIELDS[6], other, "U08, U16, U32 or R64")),
    };
    Ok(Header { bytes, width: width as usize, height: height as usize, element, fields })
}

/// The header of the last frame must look like the first; a sequence with gaps is said.
fn check_last(input: &FrameInput<'_>, source: &FileFrames, header: &Header, n_present: u64, notes: &mut Vec<Note>) {
    let last = n_present - 1;
    let start = last * source.stride;
    let Ok(bytes) = input.take(start, header.bytes.min(64), "the last header") else { return };
    let text = latin1(&bytes);
    let mut fields = text.split(',');
    if fields.next() != Some("MQ1") {
        let message = format!(
            "{}: frame {last} does not begin with a header: frames differ in size, or the file is damaged; what is read after the first differing frame is wrong",
            input.file
        );
        notes.push(Note::warning("frame_headers", message));
        return;
    }
    let sequence = |text: Option<&str>| text.and_then(|text| text.trim().parse::<u64>().ok());
    let (first, found) = (sequence(header.fields.get(1).map(String::as_str)), sequence(fields.next()));
    if let (Some(first), Some(found)) = (first, found)
        && found != first.saturating_add(last)
    {
        let message = format!(
            "{}: the {n_present} frames are numbered {first} to {found}; frames were lost or numbered anew",
            input.file
        );
        notes.push(Note::warning("frame_numbers", message));
    }
}
