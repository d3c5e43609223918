//! MRC images, stacks and volumes; the layout is in `SPEC.md`.

use std::sync::Arc;

use amorph_core::data::Metadata;

use super::{Format, Reader};
use crate::IoError;
use crate::bytes::{Cursor, Element, latin1};
use crate::frames::{AxisKind, Cube, FileFrames, FrameInput, RawAxis};
use crate::maps::Parsed;

pub(crate) const FORMAT: Format = Format {
    id: "mrc",
    title: "MRC2014",
    endings: &[".mrc", ".mrcs", ".map"],
    magic: "`MAP ` at byte 208",
    channels: "an image, a stack or a volume; with `scan_shape` a scan",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.get(208..211).is_some_and(|mark| mark == b"MAP"),
    read: Reader::Frames(read),
};

const HEADER: u64 = 1024;

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let head = input.take(0, HEADER, "the header")?;
    let big_endian = match head[212] {
        0x44 => false,
        0x11 => true,
        // Old programs leave the stamp empty; a mode is a small number in one of the orders.
        _ => head[12] == 0 && head[15] != 0,
    };
    let mut cursor = Cursor::new(input.file, &head, big_endian);
    let mut sizes = [0usize; 3];
    for (size, name) in sizes.iter_mut().zip(["nx", "ny", "nz"]) {
        let n = cursor.i32(name)?;
        *size = usize::try_from(n).ok().filter(|n| *n > 0).ok_or_else(|| input.field(name, n.to_string(), "one or more"))?;
    }
    let mode = cursor.i32("mode")?;
    let element = match mode {
        0 => Element::I8,
        1 => Element::I16,
        2 => Element::F32,
        6 => Element::U16,
        other => return Err(input.field("mode", other.to_string(), "0 (int8), 1 (int16), 2 (float32) or 6 (uint16)")),
    };
    cursor.seek(28, "mx")?;
    let mut intervals = [0i32; 3];
    for interval in &mut intervals {
        *interval = cursor.i32("mx, my, mz")?;
    }
    let mut cell = [0f32; 3];
    for length in &mut cell {
        *length = cursor.f32("the cell")?;
    }
    cursor.seek(88, "ispg")?;
    let space_group = cursor.i32("ispg")?;
    let extended = cursor.i32("nsymbt")?;
    let extended = u64::try_from(extended).map_err(|_| input.field("nsymbt", extended.to_string(), "zero or more"))?;
    let mut metadata = Metadata::default();
    metadata.push("header", "mode", &mode.to_string());
    metadata.push("header", "space group", &space_group.to_string());
    metadata.push(
        "header",
        "extended header",
        &format!("{extended} bytes of type '{}'", latin1(&head[104..108]).trim_end_matches('\0')),
    );
    for label in head[224..].chunks(80).map(latin1).map(|label| label.trim_matches(['\0', ' ']).to_owned()) {
        if !label.is_empty() {
            metadata.push("header", "label", &label);
        }
    }
    let axis = |index: usize, name: &str, kind: AxisKind| {
        let step = f64::from(cell[index]) / f64::from(intervals[index]);
        let calibrated = step.is_finite() && step > 0.0;
        let axis = RawAxis::of(sizes[index], kind);
        if calibrated { axis.calibrated(name, step, "Å") } else { RawAxis { name: name.to_owned(), ..axis } }
    };
    let mut axes = vec![axis(1, "y", AxisKind::Scan), axis(0, "x", AxisKind::Scan)];
    if sizes[2] > 1 || input.scan_shape.is_some() {
        let series = match space_group {
            0 => RawAxis { name: "frame".to_owned(), ..RawAxis::of(sizes[2], AxisKind::Time) },
            _ => axis(2, "z", AxisKind::Depth),
        };
        axes.insert(0, series);
    }
    let frame_len = sizes[0].checked_mul(sizes[1]);
    let stride = frame_len.and_then(|len| len.checked_mul(element.size()));
    let (Some(frame_len), Some(stride)) = (frame_len, stride) else {
        let (file, field) = (input.file.to_owned(), "nx, ny".to_owned());
        return Err(IoError::TooLarge { file, field, claimed: format!("{sizes:?}"), available: input.storage.length() });
    };
    let source = FileFrames {
        file: input.file.to_owned(),
        storage: input.storage.clone(),
        first: HEADER + extended,
        stride: stride as u64,
        frame_len,
        element,
        big_endian,
        from_bottom: None,
    };
    let n_present = source.n_complete().min(sizes[2] as u64);
    let cube = Cube { axes, element, n_present, source: Arc::new(source), name: String::new(), value_unit: String::new() };
    cube.parsed(input, None, metadata).map(Some)
}
