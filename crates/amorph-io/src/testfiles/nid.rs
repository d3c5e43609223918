use std::path::Path;

use amorph_core::data::{Direction, Map};

use super::digits::{Digits, channel_name, direction, latin1};
use super::{check, name_of};
use crate::IoError;
use crate::write::write_atomically;

/// Bits per number of a Nanosurf file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NidBits {
    /// 16 bits.
    #[default]
    Sixteen,
    /// 32 bits, as newer controllers write them.
    ThirtyTwo,
}

/// Writes maps of one shape as a Nanosurf image, trace maps in the forward group and retrace maps in the backward one.
///
/// # Errors
/// [`IoError::Unsupported`] for missing pixels, [`IoError::Map`] without a lateral size, [`IoError::Shapes`],
/// [`IoError::Write`].
pub fn write_nid(path: &Path, maps: &[Map], bits: NidBits) -> Result<(), IoError> {
    write_atomically(path, &nid_bytes(&name_of(path), maps, bits)?)
}

/// The bytes of [`write_nid`]; `file` appears in messages.
///
/// # Errors
/// As [`write_nid`], without the writing.
pub fn nid_bytes(file: &str, maps: &[Map], bits: NidBits) -> Result<Vec<u8>, IoError> {
    check(file, maps)?;
    let bits = if bits == NidBits::Sixteen { 16 } else { 32 };
    let mut list = String::from("[DataSet]\r\nVersion=2\r\nGroupCount=2\r\n");
    let (mut sections, mut data) = (String::new(), Vec::new());
    for (group, wanted) in [Direction::Trace, Direction::Retrace].into_iter().enumerate() {
        list += &format!("Gr{group}-Name=Scan {}\r\nGr{group}-Count=21\r\n", frame(wanted));
        for (channel, map) in maps.iter().filter(|map| direction(map) == wanted).enumerate() {
            // Channel numbers have gaps: the count is that of possible channels.
            let number = 2 * channel + 1;
            list += &format!("Gr{group}-Ch{number}=DataSet-{group}:{number}\r\n");
            let digits = Digits::of(file, map, bits)?;
            sections += &format!("[DataSet-{group}:{number}]\r\n{}", section(map, &digits, bits));
            for digit in &digits.values {
                data.extend(&digit.to_le_bytes()[..bits as usize / 8]);
            }
        }
    }
    let info = "[DataSet-Info]\r\nOp. mode=Dynamic Force\r\nVibration freq.=187.396kHz\r\n\
                [DataSet\\Calibration\\Cantilever]\r\nName=ACL-A\r\nProp0=D[48]*[N/m]\r\nProp1=D[190000]*[Hz]\r\n";
    Ok([latin1(&format!("{list}{info}{sections}\r\n#!")), data].concat())
}

fn frame(direction: Direction) -> &'static str {
    if direction == Direction::Trace { "forward" } else { "backward" }
}

fn section(map: &Map, digits: &Digits, bits: u32) -> String {
    let (rows, columns) = map.shape();
    let (width, height) = map.size().unwrap_or((f64::NAN, f64::NAN));
    let range = digits.step * 2f64.powi(bits as i32);
    let unit = if map.unit.symbol() == "deg" { "\u{b0}" } else { map.unit.symbol() };
    let name = channel_name(map, &["Z-Axis", "Z-Axis Sensor", "Amplitude", "Phase", "Deflection"]);
    [
        format!("Points={columns}"),
        format!("Lines={rows}"),
        format!("Frame=Scan {}", frame(direction(map))),
        format!("CurLine={}", rows - 1),
        "Dim0Unit=m".to_owned(),
        format!("Dim0Range={width:e}"),
        "Dim1Unit=m".to_owned(),
        format!("Dim1Range={height:e}"),
        format!("Dim2Name={name}"),
        format!("Dim2Unit={unit}"),
        format!("Dim2Range={range:e}"),
        format!("Dim2Min={:e}", digits.offset - 0.5 * range),
        "SaveMode=Binary".to_owned(),
        format!("SaveBits={bits}"),
        "SaveSign=Signed".to_owned(),
        "SaveOrder=Intel".to_owned(),
        String::new(),
    ]
    .join("\r\n")
}
