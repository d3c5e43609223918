use std::path::Path;

use amorph_core::data::Map;

use super::{check, name_of};
use crate::IoError;
use crate::naming::recognise;
use crate::write::write_atomically;

/// How the digits of a Nanoscope file are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Depth {
    /// Two bytes, as before version 9.2.
    #[default]
    Two,
    /// Four bytes.
    Four,
    /// Four bytes with two stated in the header, as some versions after 9.2 do; the scale is that of two bytes.
    FourStatedAsTwo,
}

/// Sensitivity of the virtual scanner, nm/V.
const SENSITIVITY: f64 = 20.0;

/// Writes maps in m, V or deg as a Nanoscope file.
///
/// Values are rounded to the map's `least_significant_bit`, or, where it has none, to the finest step that fits; values
/// beyond the range saturate, as they do in the instrument.
///
/// # Errors
/// [`IoError::Unsupported`] for another unit or missing pixels, [`IoError::Map`] without a lateral size,
/// [`IoError::Shapes`], [`IoError::Write`].
pub fn write_nanoscope(path: &Path, maps: &[Map], depth: Depth) -> Result<(), IoError> {
    write_atomically(path, &nanoscope_bytes(&name_of(path), maps, depth)?)
}

/// The bytes of [`write_nanoscope`]; `file` appears in messages.
///
/// # Errors
/// As [`write_nanoscope`], without the writing.
pub fn nanoscope_bytes(file: &str, maps: &[Map], depth: Depth) -> Result<Vec<u8>, IoError> {
    check(file, maps)?;
    let mut digits = Vec::new();
    let mut sections = Vec::new();
    for map in maps {
        let step = step(map, depth);
        let raw = digitise(file, map, step, depth)?;
        sections.push(Image { map, hard: hard_scale(file, map, step, depth)?, length: raw.len() });
        digits.push(raw);
    }
    let mut start = 4096;
    let mut header = header(&sections, start, depth);
    while header.len() >= start {
        start *= 2;
        header = self::header(&sections, start, depth);
    }
    header.resize(start, 0);
    header.extend(digits.concat());
    Ok(header)
}

struct Image<'a> {
    map: &'a Map,
    /// Value and unit of the full scale, and the soft scale.
    hard: (f64, &'static str, &'static str),
    length: usize,
}

fn stated_bits(depth: Depth) -> i32 {
    if depth == Depth::Four { 32 } else { 16 }
}

fn greatest_digit(depth: Depth) -> f64 {
    2f64.powi(stated_bits(depth) - 1) - 1.0
}

/// Value of one digit.
fn step(map: &Map, depth: Depth) -> f64 {
    let greatest = map.values.iter().fold(0f64, |greatest, value| greatest.max(value.abs()));
    let finest = if greatest > 0.0 { greatest / (greatest_digit(depth) - 1.0) } else { 1e-12 };
    map.least_significant_bit.filter(|step| *step > 0.0).unwrap_or(finest)
}

/// The digits, from the bottom row.
fn digitise(file: &str, map: &Map, step: f64, depth: Depth) -> Result<Vec<u8>, IoError> {
    let mut bytes = Vec::new();
    let limit = greatest_digit(depth);
    for value in map.values.rows().into_iter().rev().flatten() {
        if !value.is_finite() {
            let found = format!("the {} map with missing pixels", map.name);
            return Err(IoError::Unsupported { file: file.to_owned(), found, remedy: "write .gwy or .npy" });
        }
        let digit = (value / step).round().clamp(-limit - 1.0, limit);
        match depth {
            Depth::Two => bytes.extend((digit as i16).to_le_bytes()),
            Depth::Four | Depth::FourStatedAsTwo => bytes.extend((digit as i32).to_le_bytes()),
        }
    }
    Ok(bytes)
}

/// Full scale, its unit and the soft scale it refers to.
fn hard_scale(file: &str, map: &Map, step: f64, depth: Depth) -> Result<(f64, &'static str, &'static str), IoError> {
    let full = step * 2f64.powi(stated_bits(depth));
    match map.unit.symbol() {
        "m" => Ok((full / (SENSITIVITY * 1e-9), "V", "Sens. Zsens")),
        "V" => Ok((full * 1e3, "mV", "Sens. Amplitude Error")),
        "deg" => Ok((full, "\u{ba}", "Sens. Phase")),
        other => Err(IoError::Unsupported {
            file: file.to_owned(),
            found: format!("the {} map in '{other}'", map.name),
            remedy: "a Nanoscope file holds m, V or deg",
        }),
    }
}

fn header(images: &[Image<'_>], start: usize, depth: Depth) -> Vec<u8> {
    let version = if depth == Depth::Two { "0x07200000" } else { "0x09300000" };
    let mut lines = vec![
        r"\*File list".to_owned(),
        format!(r"\Version: {version}"),
        format!(r"\Data length: {start}"),
        r"\*Scanner list".to_owned(),
        format!(r"\@Sens. Zsens: V {SENSITIVITY} nm/V"),
        r"\*Ciao scan list".to_owned(),
        r"\@Sens. Amplitude Error: V 1.000000 ".to_owned(),
        r"\@Sens. Phase: V 1.000000 ".to_owned(),
    ];
    let mut offset = start;
    for image in images {
        let map = image.map;
        let (rows, columns) = map.shape();
        let extent = map
            .extent
            .as_ref()
            .map_or((0.0, 0.0), |extent| (extent.unit.to_si(extent.x_size()), extent.unit.to_si(extent.y_size())));
        let (hard, unit, soft) = image.hard;
        let code = code(&map.quantity);
        lines.extend([
            r"\*Ciao image list".to_owned(),
            format!(r"\Data offset: {offset}"),
            format!(r"\Data length: {}", image.length),
            format!(r"\Bytes/pixel: {}", stated_bits(depth) / 8),
            format!(r"\Samps/line: {columns}"),
            format!(r"\Number of lines: {rows}"),
            format!(r"\Scan Size: {} {} nm", extent.0 * 1e9, extent.1 * 1e9),
        ]);
        if let Some(direction) = map.direction {
            let text = direction.to_string();
            lines.push(format!(r"\Line Direction: {}{}", text[..1].to_uppercase(), &text[1..]));
        }
        lines.extend([
            r"\Realtime Planefit: None".to_owned(),
            r"\Offline Planefit: None".to_owned(),
            format!(r#"\@2:Image Data: S [{code}] "{}""#, channel_name(map)),
            format!(r"\@2:Z scale: V [{soft}] (0 {unit}/LSB) {hard} {unit}"),
        ]);
        offset += image.length;
    }
    lines.push(r"\*File list end".to_owned());
    // Latin-1: the degree sign is one byte.
    let text = lines.join("\r\n") + "\r\n\u{1a}";
    text.chars().map(|character| u8::try_from(character).unwrap_or(b'?')).collect()
}

/// The name of the map, where it says what the map shows, else the instrument's name of its quantity.
fn channel_name(map: &Map) -> String {
    if recognise(&map.name).0 == map.quantity && map.name != map.quantity {
        map.name.clone()
    } else {
        code(&map.quantity).to_owned()
    }
}

fn code(quantity: &str) -> &'static str {
    match quantity {
        "height" => "Height",
        "height_sensor" => "ZSensor",
        "phase" => "Phase",
        "amplitude" => "Amplitude",
        "amplitude_error" => "AmplitudeError",
        "deflection" => "Deflection",
        "potential" => "Potential",
        _ => "Unnamed",
    }
}
