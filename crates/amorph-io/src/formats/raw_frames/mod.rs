//! Bare numbers whose layout the user states; see `SPEC.md`.

use std::sync::Arc;

use amorph_core::data::Metadata;

use super::{Format, Reader};
use crate::IoError;
use crate::frames::{AxisKind, Cube, FileFrames, FrameInput, RawAxis};
use crate::maps::Parsed;

pub(crate) const FORMAT: Format = Format {
    id: "raw",
    title: "bare frames",
    endings: &[".raw", ".bin"],
    magic: "nothing: the study says `detector_shape`, `pixel` and `byte_order`",
    channels: "an image, a series of frames, or with `scan_shape` a scan",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |_| false,
    read: Reader::Frames(read),
};

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let length = input.storage.length();
    let layout = input.options.frames.raw.as_ref();
    let layout = layout.ok_or_else(|| IoError::raw_without_shape(input.file, length))?;
    let [rows, columns] = layout.detector_shape;
    let element = layout.pixel.0;
    let too_large = || IoError::TooLarge {
        file: input.file.to_owned(),
        field: "detector_shape".to_owned(),
        claimed: format!("{rows} x {columns}"),
        available: length / element.size() as u64,
    };
    let frame_len = rows.checked_mul(columns).filter(|len| *len > 0).ok_or_else(too_large)?;
    let frame_bytes = (frame_len as u64).checked_mul(element.size() as u64).ok_or_else(too_large)?;
    let stride = frame_bytes.checked_add(layout.gap_bytes).ok_or_else(too_large)?;
    let source = FileFrames {
        file: input.file.to_owned(),
        storage: input.storage.clone(),
        first: layout.header_bytes,
        stride,
        frame_len,
        element,
        big_endian: layout.big_endian,
        from_bottom: None,
    };
    let n_present = source.n_complete();
    if n_present == 0 {
        return Err(IoError::Truncated {
            file: input.file.to_owned(),
            part: format!("a frame of {rows} x {columns} pixels after {} bytes", layout.header_bytes),
            expected: frame_bytes,
            found: length.saturating_sub(layout.header_bytes),
        });
    }
    let begun = (length - layout.header_bytes).div_ceil(stride);
    let mut axes = vec![RawAxis::of(rows, AxisKind::Detector), RawAxis::of(columns, AxisKind::Detector)];
    if begun > 1 || input.scan_shape.is_some() {
        axes.insert(0, RawAxis { name: "frame".to_owned(), ..RawAxis::of(begun as usize, AxisKind::Time) });
    }
    let cube = Cube { axes, element, n_present, source: Arc::new(source), name: String::new(), value_unit: String::new() };
    cube.parsed(input, None, Metadata::default()).map(Some)
}
