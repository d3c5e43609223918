//! Series of TIA (Emispec); the layout is in `SPEC.md`.

use std::ops::Range;
use std::sync::Arc;

use amorph_core::data::{DataError, FrameSource, Metadata, Pixels};
use amorph_core::outcome::Note;

use super::{Format, Reader};
use crate::IoError;
use crate::bytes::{Cursor, Element, latin1};
use crate::frames::pixels::read_pixels;
use crate::frames::{AxisKind, Cube, FrameInput, RawAxis, Storage, unreadable};
use crate::maps::Parsed;

pub(crate) const FORMAT: Format = Format {
    id: "ser",
    title: "TIA series",
    endings: &[".ser"],
    magic: "`II`, then 0x0197",
    channels: "an image, a spectrum, or a series of them",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(b"II\x97\x01"),
    read: Reader::Frames(read),
};

/// Version from which offsets have 64 bits.
const WIDE: u16 = 0x0220;
/// Bytes of a name or a unit.
const TEXT_MAX: u32 = 4096;

/// A walk through the header, which is short, but whose end is not known before it is read.
struct Walk<'a, 'b> {
    input: &'a FrameInput<'b>,
    at: u64,
}

impl Walk<'_, '_> {
    fn bytes(&mut self, count: u64, part: &str) -> Result<Vec<u8>, IoError> {
        let bytes = self.input.take(self.at, count, part)?;
        self.at += count;
        Ok(bytes)
    }

    fn u16(&mut self, part: &str) -> Result<u16, IoError> {
        Cursor::new(self.input.file, &self.bytes(2, part)?, false).u16(part)
    }

    fn u32(&mut self, part: &str) -> Result<u32, IoError> {
        Cursor::new(self.input.file, &self.bytes(4, part)?, false).u32(part)
    }

    fn u64(&mut self, part: &str) -> Result<u64, IoError> {
        Cursor::new(self.input.file, &self.bytes(8, part)?, false).u64(part)
    }

    fn f64(&mut self, part: &str) -> Result<f64, IoError> {
        Cursor::new(self.input.file, &self.bytes(8, part)?, false).f64(part)
    }

    fn text(&mut self, part: &str) -> Result<String, IoError> {
        let length = self.u32(part)?;
        if length > TEXT_MAX {
            return Err(self.input.field(part, format!("{length} bytes"), "at most 4096 bytes"));
        }
        self.bytes(u64::from(length), part).map(|bytes| latin1(&bytes))
    }

    /// Position 0 and step of a calibration given at one element, as offset and step.
    fn calibration(&mut self, part: &str) -> Result<(f64, f64), IoError> {
        let (offset, step, element) = (self.f64(part)?, self.f64(part)?, self.u32(part)?);
        Ok((offset - step * f64::from(element), step))
    }
}

/// What stands before the pixels of every element.
struct Head {
    axes: Vec<RawAxis>,
    element: Element,
    /// Bytes before the pixels.
    bytes: u64,
}

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let mut walk = Walk { input, at: 4 };
    let version = walk.u16("the version")?;
    let data_type = walk.u32("the type of the data")?;
    let is_image = match data_type {
        0x4122 => true,
        0x4120 => false,
        other => return Err(input.field("the type of the data", format!("{other:#x}"), "0x4120 (spectra) or 0x4122 (images)")),
    };
    walk.u32("the type of the tags")?;
    let (total, valid) = (walk.u32("the number of elements")?, walk.u32("the number of valid elements")?);
    let at_offsets = if version >= WIDE { walk.u64("the offsets")? } else { u64::from(walk.u32("the offsets")?) };
    let n_dimensions = walk.u32("the number of dimensions")?;
    if n_dimensions > 4 {
        return Err(input.field("the number of dimensions", n_dimensions.to_string(), "at most 4"));
    }
    let mut series = Vec::new();
    for _ in 0..n_dimensions {
        let n = walk.u32("a dimension")? as usize;
        let (offset, step) = walk.calibration("a dimension")?;
        let (name, unit) = (walk.text("a description")?, walk.text("a unit")?);
        let unit = if unit.eq_ignore_ascii_case("number") { String::new() } else { unit };
        series.push(RawAxis { name, unit, scale: Some(step), offset: Some(offset), n, kind: None });
    }
    series.reverse();
    let valid = valid.min(total);
    let offsets = offsets(input, at_offsets, valid, version >= WIDE)?;
    let Some(first) = offsets.first() else {
        return Err(IoError::NoImages { file: input.file.to_owned(), found: Vec::new() });
    };
    let head = head(input, *first, is_image)?;
    let mut metadata = Metadata::default();
    metadata.push("header", "elements", &format!("{valid} of {total}"));
    let (cube, notes) = cube(input, series, head, &offsets)?;
    let mut parsed = cube.parsed(input, Some(format!("{version:#06x}")), metadata)?;
    parsed.notes.extend(notes);
    Ok(Some(parsed))
}

fn offsets(input: &FrameInput<'_>, at: u64, count: u32, wide: bool) -> Result<Vec<u64>, IoError> {
    let size = if wide { 8 } else { 4 };
    let bytes = input.take(at, u64::from(count) * size, "the offsets of the elements")?;
    let mut cursor = Cursor::new(input.file, &bytes, false);
    (0..count).map(|_| if wide { cursor.u64("an offset") } else { cursor.u32("an offset").map(u64::from) }).collect()
}

fn head(input: &FrameInput<'_>, at: u64, is_image: bool) -> Result<Head, IoError> {
    let mut walk = Walk { input, at };
    let x = walk.calibration("the calibration of an element")?;
    let y = if is_image { Some(walk.calibration("the calibration of an element")?) } else { None };
    let kind = walk.u16("the type of a pixel")?;
    let element = match kind {
        1 => Element::U8,
        2 => Element::U16,
        3 => Element::U32,
        4 => Element::I8,
        5 => Element::I16,
        6 => Element::I32,
        7 => Element::F32,
        8 => Element::F64,
        other => return Err(IoError::ElementType { file: input.file.to_owned(), found: format!("{other} of TIA") }),
    };
    let axis = |(offset, step): (f64, f64), n: u32, name: &str| RawAxis {
        name: name.to_owned(),
        scale: Some(step),
        offset: Some(offset),
        n: n as usize,
        ..RawAxis::default()
    };
    let columns = walk.u32("the size of an element")?;
    let axes = match y {
        None => vec![RawAxis { unit: "eV".to_owned(), ..axis(x, columns, "energy") }],
        Some(y) => {
            let rows = walk.u32("the size of an element")?;
            vec![axis(y, rows, "y"), axis(x, columns, "x")]
        }
    };
    Ok(Head { axes, element, bytes: walk.at - at })
}

fn cube(input: &FrameInput<'_>, series: Vec<RawAxis>, head: Head, offsets: &[u64]) -> Result<(Cube, Vec<Note>), IoError> {
    let too_large = || IoError::TooLarge {
        file: input.file.to_owned(),
        field: "the size of an element".to_owned(),
        claimed: format!("{:?}", head.axes.iter().map(|axis| axis.n).collect::<Vec<_>>()),
        available: input.storage.length(),
    };
    let element_len = head.axes.iter().try_fold(1usize, |product, axis| product.checked_mul(axis.n)).ok_or_else(too_large)?;
    let mut notes = Vec::new();
    let mut axes = series;
    let product = axes.iter().try_fold(1usize, |product, axis| product.checked_mul(axis.n));
    if product != Some(offsets.len()) {
        // An interrupted series has fewer elements than its dimensions say.
        if let Some(promised) = product.filter(|n| *n > offsets.len() && !input.options.frames.partial) {
            let (file, found) = (input.file.to_owned(), offsets.len() as u64);
            return Err(IoError::FramesMissing { file, promised: Some(promised as u64), found });
        }
        if axes.len() > 1 || product.is_some_and(|n| n > 1) {
            let message = format!(
                "{}: the dimensions promise {product:?} elements, the file holds {}; they are read as a series",
                input.file,
                offsets.len()
            );
            notes.push(Note::warning("frames_missing", message));
        }
        axes = vec![RawAxis { name: "frame".to_owned(), ..RawAxis::of(offsets.len(), AxisKind::Time) }];
    }
    axes.retain(|axis| axis.n != 1);
    if head.axes.len() == 2 {
        let message = format!(
            "{}: a .ser file does not say the unit of its pixels (m, or 1/m for patterns); it is in the .emi file; state it in the study",
            input.file
        );
        notes.push(Note::info("unit_missing", message));
    }
    let inner = head.axes.len();
    axes.extend(head.axes);
    let per_frame = if inner == 1 && axes.len() > 1 { axes[axes.len() - 2].n } else { 1 };
    let size = element_len as u64 * head.element.size() as u64;
    let complete = |offset: &&u64| offset.checked_add(head.bytes + size).is_some_and(|end| end <= input.storage.length());
    let n_complete = offsets.iter().take_while(complete).count();
    let source = Elements {
        file: input.file.to_owned(),
        storage: input.storage.clone(),
        offsets: offsets.to_vec(),
        head_bytes: head.bytes,
        element_len,
        per_frame,
        element: head.element,
    };
    let cube = Cube {
        axes,
        element: head.element,
        n_present: (n_complete / per_frame) as u64,
        source: Arc::new(source),
        name: String::new(),
        value_unit: String::new(),
    };
    Ok((cube, notes))
}

/// Images or spectra at places of their own; a frame of spectra is a row of them.
#[derive(Debug)]
struct Elements {
    file: String,
    storage: Storage,
    offsets: Vec<u64>,
    head_bytes: u64,
    element_len: usize,
    per_frame: usize,
    element: Element,
}

impl FrameSource for Elements {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        let first = frames.start * self.per_frame;
        for index in first..frames.end * self.per_frame {
            let frame = index / self.per_frame;
            let offset = self.offsets.get(index).ok_or_else(|| unreadable(&self.file, frame, &"it is not in the file"))?;
            let at = (index - first) * self.element_len;
            let start = offset.saturating_add(self.head_bytes);
            read_pixels(&self.storage, self.element, false, start, pixels, at..at + self.element_len)
                .map_err(|error| unreadable(&self.file, frame, &error))?;
        }
        Ok(())
    }
}
