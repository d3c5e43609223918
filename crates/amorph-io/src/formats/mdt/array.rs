use amorph_core::data::Extent;
use amorph_core::outcome::Note;
use amorph_core::unit::Unit;

use super::frame::{Frame, unit_of};
use super::{Image, title_parts, xml};
use crate::IoError;
use crate::bytes::{Cursor, Element, block_size, decode, latin1};
use crate::maps::{BlockBudget, Digits, flip_rows};
use crate::naming::recognise;
use crate::units::instrument_unit;

/// What is known about a dimension or a measurand: value = bias + scale * index or number.
struct Axis {
    unit: Unit,
    bias: f64,
    scale: f64,
    /// Number of points; only of dimensions.
    count: Option<u64>,
    data_type: i32,
}

/// Reads a frame of type 105 or 106; an image has two dimensions and one measurand.
pub(super) fn read(frame: &Frame<'_>, budget: &mut BlockBudget<'_>) -> Result<Image, IoError> {
    let mut cursor = frame.cursor();
    let header = cursor.u32("the size of the array header")? as usize;
    cursor.take(4 + 16 + 16 + 4, "the array header")?;
    let mut sizes = [0usize; 6];
    for size in &mut sizes {
        *size = cursor.u32("the array header")? as usize;
    }
    let [title, text, views, specification, source, variables] = sizes;
    cursor.seek(header, "the array header")?;
    let title = latin1(cursor.take(title, "the title")?);
    let text = xml::leaves(cursor.take(text, "the text")?);
    for (size, name) in [(specification, "the specification"), (views, "the views"), (source, "the source")] {
        cursor.take(size, name)?;
    }
    if cursor.u32("the size of the axes")? as usize != variables {
        return Err(frame.wrong("the size of the axes", variables.to_string(), "the size that is repeated in front of them"));
    }
    let skipped = cursor.u32("the axes")? as usize;
    let mut inside = cursor.clone();
    inside.take(8 + 4, "the axes")?;
    let (dimensions, measurands) = (inside.u32("the axes")? as usize, inside.u32("the axes")? as usize);
    cursor.take(skipped, "the axes")?;
    if dimensions != 2 || measurands != 1 {
        return Ok(Image::Other(format!("{title} ({dimensions} dimensions, {measurands} measurands)")));
    }
    let (x, y, z) = (Axis::read(&mut cursor)?, Axis::read(&mut cursor)?, Axis::read(&mut cursor)?);
    let (columns, rows) = (points(frame, &x, "columns")?, points(frame, &y, "rows")?);
    let element = element(frame, z.data_type)?;
    let needed = block_size(columns, rows, element.size() as u64).unwrap_or(u64::MAX);
    budget.take(needed)?;
    let bytes = cursor.take(needed as usize, &format!("the data of frame {} ({title})", frame.number))?;
    let mut values = decode(element, false, bytes);
    // Rows are stored from the bottom.
    flip_rows(&mut values, columns as usize);
    let (direction, signal) = title_parts(&title);
    let (columns, rows) = (columns as usize, rows as usize);
    let quantity = recognise(signal).0;
    let digits = Digits { quantity, element, columns, rows, values, scale: z.scale, offset: z.bias, unit: z.unit.clone() };
    let mut map = digits.into_map(extent(&x, &y, columns, rows));
    map.name = title;
    map.direction = direction;
    let mut notes = Vec::new();
    match &map.extent {
        Some(_) => notes.push(Note::info(
            "size_is_pixels_times_pitch",
            "width and height are the number of pixels times the pitch; the scan size in the frame's text counts one pitch less",
        )),
        None => {
            let message =
                format!("frame {} ({}) states no pitch in a unit of length; give the size in a sidecar", frame.number, map.name);
            notes.push(Note::warning("no_lateral_size", message));
        }
    }
    Ok(Image::Map { map: Box::new(map), text, notes })
}

impl Axis {
    /// Reads a calibration block and moves behind it.
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, IoError> {
        const NAME: &str = "an axis of the array";
        let total = cursor.u32(NAME)? as usize;
        let mut block = Cursor::new(cursor.file(), cursor.take(total.saturating_sub(4), NAME)?, false);
        let size = block.u32(NAME)? as usize;
        let mut texts = block.clone();
        texts.take(size, NAME)?;
        let mut lengths = [0usize; 3];
        for length in &mut lengths {
            *length = block.u32(NAME)? as usize;
        }
        let code = block.i64(NAME)?;
        block.take(8 + 8, NAME)?;
        let (bias, scale) = (block.f64(NAME)?, block.f64(NAME)?);
        let (first, last) = (block.u64(NAME)?, block.u64(NAME)?);
        let data_type = block.i32(NAME)?;
        let [name, comment, unit] = lengths;
        texts.take(name, NAME)?;
        texts.take(comment, NAME)?;
        let written = latin1(texts.take(unit, NAME)?);
        let unit = if written.trim().is_empty() { unit_of(code) } else { instrument_unit(&written) };
        let count = last.checked_sub(first).and_then(|steps| steps.checked_add(1));
        Ok(Self { unit, bias, scale, count, data_type })
    }
}

fn points(frame: &Frame<'_>, axis: &Axis, name: &str) -> Result<u64, IoError> {
    let fits = |count: &u64| (1..=1 << 24).contains(count);
    axis.count
        .filter(fits)
        .ok_or_else(|| frame.wrong(name, format!("{:?}", axis.count.unwrap_or(0)), "a number of points that an image can have"))
}

/// The number types: the sign tells signed from unsigned, the second byte counts the bits of a mantissa.
fn element(frame: &Frame<'_>, code: i32) -> Result<Element, IoError> {
    Ok(match code {
        -1 => Element::I8,
        1 => Element::U8,
        -2 => Element::I16,
        2 => Element::U16,
        -4 => Element::I32,
        4 => Element::U32,
        -8 => Element::I64,
        8 => Element::U64,
        -5892 => Element::F32,
        -13320 => Element::F64,
        other => {
            let found = format!("NT-MDT number type {other} of frame {}", frame.number);
            return Err(IoError::ElementType { file: frame.file.to_owned(), found });
        }
    })
}

/// Number of pixels times pitch.
fn extent(x: &Axis, y: &Axis, columns: usize, rows: usize) -> Option<Extent> {
    let side = |axis: &Axis, pixels: usize| {
        let size = axis.unit.to_si(axis.scale.abs() * pixels as f64);
        (axis.unit.is_compatible(&Unit::of("m")) && size > 0.0 && size.is_finite()).then_some(size)
    };
    Some(Extent::metres(side(x, columns)?, side(y, rows)?))
}
