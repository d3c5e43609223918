//! Images of NT-MDT microscopes; the layout is in `SPEC.md`.

mod array;
mod frame;
mod scanned;
mod xml;

use amorph_core::data::{ConstantStatus, Data, Direction, FoundConstant, Map, Metadata};
use amorph_core::outcome::Note;
use amorph_core::unit::{Quantity, Unit};

use self::frame::{Frame, Kind};
use super::{ConstantPlace, Format, Input, Reader};
use crate::IoError;
use crate::bytes::Cursor;
use crate::maps::{BlockBudget, Channels, Parsed};

const MAGIC: &[u8] = b"\x01\xb0\x93\xff";
/// Metadata that are kept; ten images with all their settings have fewer.
const ENTRIES_MAX: usize = 50_000;
/// Where the first frame begins.
const FRAMES: usize = 33;

pub(crate) const FORMAT: Format = Format {
    id: "mdt",
    title: "NT-MDT image",
    endings: &[".mdt"],
    magic: "01 B0 93 FF",
    channels: "all of a scan, one frame each; curves are left out",
    can_write: false,
    needs_sidecar: false,
    constants: &[
        ConstantPlace {
            key: "spring_constant",
            place: "frame text, Probe/Stiffness: whether nominal or measured is not told; Nova, probe calibration",
        },
        ConstantPlace {
            key: "quality_factor",
            place: "frame text, Probe/QualityFactor: whether measured is not told; Nova, resonance",
        },
        ConstantPlace {
            key: "resonance_frequency",
            place: "frame text, Probe/ResFreq (kHz): whether measured is not told; Nova, resonance",
        },
        ConstantPlace { key: "drive_frequency", place: "not in the file under a known name; Nova, resonance" },
        ConstantPlace { key: "free_amplitude", place: "not in the file in m; Nova, Mag after lift-off, times the sensitivity" },
        ConstantPlace { key: "setpoint_amplitude", place: "not in the file in m; Nova, set point, times the sensitivity" },
        ConstantPlace { key: "free_phase", place: "not in the file; Nova, phase after lift-off" },
        ConstantPlace { key: "phase_convention", place: "not in the file; see the manual of the controller" },
        ConstantPlace { key: "phase_reference", place: "not in the file; whether the phase was zeroed before the scan" },
    ],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(MAGIC),
    read: Reader::Bytes(read),
};

fn read(input: &Input<'_>) -> Result<Parsed, IoError> {
    let mut cursor = Cursor::new(input.file, input.bytes, false);
    cursor.seek(12, "the file header")?;
    let last = usize::from(cursor.u16("the number of frames")?);
    cursor.seek(FRAMES, "the file header")?;
    let mut channels = Channels::default();
    let mut metadata = Metadata::default();
    let mut constants = Vec::new();
    let mut budget = BlockBudget::new(input.file, input.bytes);
    let mut index = 0;
    for number in 0..=last {
        let frame = match Frame::parse(&mut cursor, number) {
            Ok(frame) => frame,
            Err(error) => {
                channels.add(Err(error));
                break;
            }
        };
        let image = match frame.kind {
            Kind::Scanned => scanned::read(&frame, &mut budget),
            Kind::Array => array::read(&frame, &mut budget),
            Kind::Text => continue,
            Kind::Other(name) => {
                channels.leave_out(format!("frame {number}: {name}"));
                continue;
            }
        };
        match image {
            Ok(Image::Map { map, text, notes }) => {
                describe(&frame, &text, &mut metadata);
                if constants.is_empty() {
                    constants = probe(&text);
                }
                channels.notes.extend(notes);
                channels.add(Ok(Map { index, ..*map }));
                index += 1;
            }
            Ok(Image::Other(name)) => channels.leave_out(format!("frame {number}: {name}")),
            Err(error) => channels.add(Err(error)),
        }
    }
    let (maps, notes) = channels.finish(input.file)?;
    Ok(Parsed { format_version: None, data: Data::Maps(maps), metadata, constants, notes })
}

/// What a frame with data holds.
enum Image {
    /// A map, the leaves of its XML text, and what there is to say about it.
    Map { map: Box<Map>, text: Vec<(String, String)>, notes: Vec<Note> },
    /// Something else, by name.
    Other(String),
}

fn describe(frame: &Frame<'_>, text: &[(String, String)], metadata: &mut Metadata) {
    let section = format!("frame {}", frame.number);
    metadata.push(&section, "version", &frame.version);
    metadata.push(&section, "date", &frame.date);
    for (key, value) in text.iter().take(ENTRIES_MAX.saturating_sub(metadata.entries.len())) {
        metadata.push(&section, key, value);
    }
}

/// Direction and signal of a title such as `1F:Height`: pass, forward or backward, signal.
fn title_parts(title: &str) -> (Option<Direction>, &str) {
    let Some((head, signal)) = title.split_once(':') else { return (None, title) };
    let direction = match head.trim_start_matches(|character: char| character.is_ascii_digit()) {
        "F" => Some(Direction::Trace),
        "B" => Some(Direction::Retrace),
        _ => return (None, title),
    };
    (direction, signal.trim())
}

/// The values of the probe table: nominal ones of its type until somebody replaced them.
fn probe(text: &[(String, String)]) -> Vec<FoundConstant> {
    let mut found = Vec::new();
    for (key, leaf, unit, factor) in [
        ("spring_constant", "Probe/Stiffness", "N/m", 1.0),
        ("quality_factor", "Probe/QualityFactor", "", 1.0),
        ("resonance_frequency", "Probe/ResFreq", "Hz", 1e3),
    ] {
        let value = text.iter().find(|(name, _)| name.ends_with(leaf)).and_then(|(_, value)| value.parse::<f64>().ok());
        if let Some(value) = value.filter(|value| *value > 0.0 && value.is_finite()) {
            found.push(FoundConstant {
                key: key.to_owned(),
                quantity: Quantity::si(value * factor, Unit::of(unit)),
                place: format!("frame text, {leaf}"),
                status: ConstantStatus::Placeholder {
                    reason: "the probe table holds nominal values until they are replaced; the file does not tell which"
                        .to_owned(),
                },
            });
        }
    }
    found
}
