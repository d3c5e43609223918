//! Scans of EMPAD detectors; the layout is in `SPEC.md`.

use std::sync::Arc;

use amorph_core::data::Metadata;

use super::{Format, Reader};
use crate::IoError;
use crate::bytes::{Element, latin1};
use crate::frames::{AxisKind, Cube, FileFrames, FrameInput, RawAxis};
use crate::maps::Parsed;

pub(crate) const FORMAT: Format = Format {
    id: "empad",
    title: "EMPAD scan",
    endings: &[".raw"],
    magic: "a file `.xml` of the same name that holds `<raw_file`",
    channels: "a scan with a pattern of 128 x 128 pixels at every point",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |_| false,
    read: Reader::Frames(read),
};

/// Rows and columns of a pattern, and the rows of metadata after it.
const SIDE: usize = 128;
const EXTRA_ROWS: usize = 2;

/// Whether a file has the description of an EMPAD scan beside it.
pub(crate) fn is_described(path: &std::path::Path) -> bool {
    let is_raw = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("raw"));
    let xml = path.with_extension("xml");
    is_raw && xml.is_file() && std::fs::read(xml).is_ok_and(|bytes| latin1(&bytes).contains("<raw_file"))
}

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let xml = input.companion("xml")?.map(|bytes| latin1(&bytes)).unwrap_or_default();
    // The settings of the scan that was taken, not of a preview.
    let acquired = xml.split_once("mode=\"acquire\"").map_or(xml.as_str(), |(_, rest)| rest);
    let size = |names: [&str; 2]| -> Option<usize> {
        names.iter().find_map(|name| element(acquired, name).or_else(|| element(&xml, name))?.trim().parse().ok())
    };
    let stated = size(["scan_resolution_y", "pix_y"]).zip(size(["scan_resolution_x", "pix_x"])).map(|(y, x)| [y, x]);
    let shape = input.scan_shape.or(stated);
    let Some([rows, columns]) = shape else {
        return Err(IoError::MissingField {
            file: input.file.to_owned(),
            field: "the shape of the scan".to_owned(),
            place: "the .xml (scan_resolution_y, scan_resolution_x, or pix_y, pix_x); state scan_shape in the measurement"
                .to_owned(),
        });
    };
    let source = FileFrames {
        file: input.file.to_owned(),
        storage: input.storage.clone(),
        first: 0,
        stride: ((SIDE + EXTRA_ROWS) * SIDE * Element::F32.size()) as u64,
        frame_len: SIDE * SIDE,
        element: Element::F32,
        big_endian: false,
        from_bottom: None,
    };
    let begun = input.storage.length().div_ceil(source.stride);
    let promised = (rows as u64).saturating_mul(columns as u64);
    if begun > promised {
        return Err(IoError::ScanShape {
            file: input.file.to_owned(),
            frames: begun as usize,
            given: Some([rows, columns]),
            factors: crate::frames::factors(begun as usize),
        });
    }
    let mut metadata = Metadata::default();
    for name in ["camera_length", "high_voltage", "exposure_time", "timestamp", "full_scan_field_of_view"] {
        if let Some(value) = element(&xml, name) {
            metadata.push("xml", name, value.trim());
        }
    }
    let cube = Cube {
        axes: vec![
            RawAxis::of(rows, AxisKind::Scan),
            RawAxis::of(columns, AxisKind::Scan),
            RawAxis::of(SIDE, AxisKind::Detector),
            RawAxis::of(SIDE, AxisKind::Detector),
        ],
        element: Element::F32,
        n_present: source.n_complete(),
        source: Arc::new(source),
        name: String::new(),
        value_unit: String::new(),
    };
    let input = FrameInput { scan_shape: None, ..*input };
    cube.parsed(&input, None, metadata).map(Some)
}

/// The text of the first element of this name.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let open = format!("<{name}");
    let mut rest = xml;
    while let Some((_, after)) = rest.split_once(&open) {
        if after.starts_with(['>', ' ', '\t', '\r', '\n']) {
            let (_, content) = after.split_once('>')?;
            return content.split_once('<').map(|(text, _)| text);
        }
        rest = after;
    }
    None
}
