//! Blockfiles of NanoMEGAS; the layout is in `SPEC.md`.

use std::sync::Arc;

use amorph_core::data::Metadata;

use super::{Format, Reader};
use crate::IoError;
use crate::bytes::{Cursor, Element, latin1};
use crate::frames::{AxisKind, Cube, FileFrames, FrameInput, RawAxis};
use crate::maps::Parsed;

pub(crate) const FORMAT: Format = Format {
    id: "blo",
    title: "NanoMEGAS blockfile",
    endings: &[".blo"],
    magic: "`IMGBLO`",
    channels: "a scan with a diffraction pattern at every point",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(b"IMGBLO"),
    read: Reader::Frames(read),
};

/// Bytes of the fixed header that are used.
const HEADER: usize = 64;
/// Bytes before the pixels of every pattern.
const PATTERN_HEADER: u64 = 6;

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let head = input.take(0, HEADER as u64, "the header")?;
    let mut cursor = Cursor::new(input.file, &head, false);
    cursor.seek(6, "the header")?;
    let magic = cursor.u16("the magic number")?;
    let element = match magic {
        258 => Element::U8,
        259 => Element::U16,
        other => return Err(input.field("the magic number", other.to_string(), "258 (8 bits) or 259 (16 bits)")),
    };
    let (at_image, at_patterns) = (cursor.u32("offset_vbf")?, cursor.u32("offset_dp")?);
    cursor.seek(20, "the header")?;
    let side = usize::from(cursor.u16("the size of a pattern")?);
    cursor.seek(24, "the header")?;
    let (nx, ny) = (usize::from(cursor.u16("NX")?), usize::from(cursor.u16("NY")?));
    cursor.seek(30, "the header")?;
    let (step_x, step_y) = (cursor.f64("step_x")?, cursor.f64("step_y")?);
    let energy = cursor.u32("the beam energy")?;
    let pixels_per_metre = cursor.u16("pixels per centimetre")?;
    let camera_length = cursor.u32("the camera length")?;
    let mut metadata = Metadata::default();
    metadata.push("header", "magic", &magic.to_string());
    metadata.push("header", "beam energy as written (V)", &energy.to_string());
    metadata.push("header", "detector pixels per cm, times 100", &pixels_per_metre.to_string());
    metadata.push("header", "camera length as written", &camera_length.to_string());
    metadata.push("header", "virtual bright field at byte", &at_image.to_string());
    // A free text stands between the numbers and the image.
    let note = input.take(240, u64::from(at_image).saturating_sub(240).min(2048), "the note").unwrap_or_default();
    for line in latin1(&note).split('\0').next().unwrap_or_default().lines() {
        if let Some((key, value)) = line.split_once(':') {
            metadata.push("note", key.trim(), value.trim());
        }
    }
    let frame_len = side * side;
    let source = FileFrames {
        file: input.file.to_owned(),
        storage: input.storage.clone(),
        first: u64::from(at_patterns) + PATTERN_HEADER,
        stride: PATTERN_HEADER + (frame_len * element.size()) as u64,
        frame_len,
        element,
        big_endian: false,
        from_bottom: None,
    };
    let scan = |name: &str, n: usize, step: f64| RawAxis::of(n, AxisKind::Scan).calibrated(name, step, "nm");
    // Zero pixels per centimetre means that nobody has calibrated the camera.
    let detector = |name: &str| match pixels_per_metre {
        0 => RawAxis { name: name.to_owned(), ..RawAxis::of(side, AxisKind::Detector) },
        density => RawAxis::of(side, AxisKind::Detector).calibrated(name, 100.0 / f64::from(density), "cm"),
    };
    let cube = Cube {
        axes: vec![scan("y", ny, step_y), scan("x", nx, step_x), detector("dy"), detector("dx")],
        element,
        n_present: source.n_complete().min((nx * ny) as u64),
        source: Arc::new(source),
        name: String::new(),
        value_unit: String::new(),
    };
    cube.parsed(input, Some(magic.to_string()), metadata).map(Some)
}
