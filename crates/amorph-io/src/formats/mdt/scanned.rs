use amorph_core::data::Extent;
use amorph_core::outcome::Note;
use amorph_core::unit::Unit;

use super::frame::{Frame, unit_of};
use super::{Image, title_parts, xml};
use crate::IoError;
use crate::bytes::{Cursor, Element, decode, latin1};
use crate::maps::{BlockBudget, Digits, flip_rows};
use crate::naming::recognise;

/// Axis scales (30 bytes) and the first scan variables.
const VARIABLES_MIN: usize = 36;
/// No title seen exceeds 100 characters.
const TITLE_MAX: usize = 4096;

/// One axis: where it starts, its step, its unit.
struct Scale {
    offset: f64,
    step: f64,
    unit: Unit,
}

impl Scale {
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, IoError> {
        let (offset, step) = (f64::from(cursor.f32("the axis scales")?), f64::from(cursor.f32("the axis scales")?));
        Ok(Self { offset, step, unit: unit_of(i64::from(cursor.i16("the axis scales")?)) })
    }
}

/// Reads a frame of type 0.
pub(super) fn read(frame: &Frame<'_>, budget: &mut BlockBudget<'_>) -> Result<Image, IoError> {
    if frame.variables < VARIABLES_MIN {
        return Err(frame.wrong("the size of the variables", frame.variables.to_string(), "at least 36 bytes"));
    }
    let mut cursor = frame.cursor();
    let (x, y, z) = (Scale::read(&mut cursor)?, Scale::read(&mut cursor)?, Scale::read(&mut cursor)?);
    let signal = cursor.u8("the scan variables")?;
    cursor.seek(frame.variables, "the scan variables")?;
    cursor.take(2, "the frame mode")?;
    let (columns, rows) = (usize::from(cursor.u16("the columns")?), usize::from(cursor.u16("the rows")?));
    let dots = usize::from(cursor.u16("the dots")?);
    if dots > 0 {
        cursor.take(14 + 16 * dots, "the dots")?;
    }
    if columns == 0 || rows == 0 {
        return Ok(Image::Other("points of spectroscopy".to_owned()));
    }
    let element = Element::I16;
    let label = format!("the data of frame {} ({})", frame.number, signal_name(signal));
    let bytes = cursor.take(columns * rows * element.size(), &label)?;
    budget.take(bytes.len() as u64)?;
    let mut values = decode(element, false, bytes);
    // Rows are stored from the bottom.
    flip_rows(&mut values, columns);
    let (title, text) = tail(&mut cursor);
    let name = if title.is_empty() { signal_name(signal).to_owned() } else { title };
    let (direction, word) = title_parts(&name);
    let quantity = match recognise(word).0 {
        "unknown" => recognise(signal_name(signal)).0,
        known => known,
    };
    // A step of zero or none at all means digits.
    let (scale, unit) = match z.step {
        step if step.is_finite() && step != 0.0 => (step, z.unit),
        _ => (1.0, Unit::unknown("digits")),
    };
    let offset = if z.offset.is_finite() { z.offset } else { 0.0 };
    let digits = Digits { quantity, element, columns, rows, values, scale, offset, unit };
    let mut map = digits.into_map(extent(&x, &y, columns, rows));
    map.direction = direction;
    let mut notes = Vec::new();
    if map.extent.is_none() {
        let message =
            format!("frame {} ({name}) states no steps in a unit of length; give the size in a sidecar", frame.number);
        notes.push(Note::warning("no_lateral_size", message));
    }
    map.name = name;
    Ok(Image::Map { map: Box::new(map), text, notes })
}

/// Number of pixels times step.
fn extent(x: &Scale, y: &Scale, columns: usize, rows: usize) -> Option<Extent> {
    let side = |axis: &Scale, pixels: usize| {
        let size = axis.unit.to_si(axis.step.abs() * pixels as f64);
        (axis.unit.is_compatible(&Unit::of("m")) && size > 0.0 && size.is_finite()).then_some(size)
    };
    Some(Extent::metres(side(x, columns)?, side(y, rows)?))
}

/// Title and XML text behind the data, both with their length in front; empty where they are not there.
fn tail(cursor: &mut Cursor<'_>) -> (String, Vec<(String, String)>) {
    let mut part = |limit: usize| {
        let length = cursor.u32("").ok().map(|length| length as usize).filter(|length| *length <= limit)?;
        cursor.take(length, "").ok()
    };
    let title = part(TITLE_MAX).map(latin1).filter(|title| title.chars().all(|c| !c.is_control())).unwrap_or_default();
    let text = part(usize::MAX).map(xml::leaves).unwrap_or_default();
    (title.trim().to_owned(), text)
}

/// The signal at the converter, by its code.
fn signal_name(code: u8) -> &'static str {
    const NAMES: [&str; 19] = [
        "Height",
        "DFL",
        "Lateral F",
        "Bias V",
        "Current",
        "FB-Out",
        "MAG",
        "MAG*Sin",
        "MAG*Cos",
        "RMS",
        "CalcMag",
        "Phase1",
        "Phase2",
        "CalcPhase",
        "Ex1",
        "Ex2",
        "HvX",
        "HvY",
        "Snap Back",
    ];
    NAMES.get(usize::from(code)).copied().unwrap_or("unknown signal")
}
