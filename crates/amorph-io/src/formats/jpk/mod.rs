//! Images of JPK microscopes; the layout is in `SPEC.md`.

mod channel;
mod constants;

use amorph_core::data::{Data, Metadata};
use amorph_core::outcome::Note;

use super::tiff::{self, Page, Tiff};
use super::{ConstantPlace, Format, Input, Reader};
use crate::IoError;
use crate::maps::{BlockBudget, Channels, Parsed};

/// Text of all directories that is kept; no file seen has more than 10 kB, but damaged ones may point to the same text often.
const TEXT_MAX: usize = 256 << 10;
/// Tags of the first directory.
const FILE_VERSION: u16 = 0x8000;
const MODE: u16 = 0x8030;
const X_SIZE: u16 = 0x8042;
const Y_SIZE: u16 = 0x8043;
const REFLECTED: u16 = 0x8045;
/// Tags of a channel.
const CHANNEL: u16 = 0x8050;
const RETRACE: u16 = 0x8051;
const DISPLAY_NAME: u16 = 0x8052;
const SLOTS: u16 = 0x8080;
const DEFAULT_SLOT: u16 = 0x8081;

pub(crate) const FORMAT: Format = Format {
    id: "jpk",
    title: "JPK image",
    endings: &[".jpk", ".jpk-qi-image"],
    magic: "TIFF with the private tags 0x8000 or 0x8042",
    channels: "all of a scan, trace and retrace",
    can_write: false,
    needs_sidecar: false,
    constants: &[
        ConstantPlace { key: "spring_constant", place: "tag 0x8011, where tag 0x8012 says calibrated; calibration manager" },
        ConstantPlace { key: "quality_factor", place: "not in image files; calibration manager, thermal noise fit" },
        ConstantPlace { key: "resonance_frequency", place: "not in image files; calibration manager, thermal noise fit" },
        ConstantPlace { key: "drive_frequency", place: "tag 0x8037, in AC modes" },
        ConstantPlace {
            key: "free_amplitude",
            place: "the feedback settings (tag 0x803e), reference-amplitude (V), times the sensitivity of the amplitude channel",
        },
        ConstantPlace { key: "setpoint_amplitude", place: "tag 0x8033 (V), times the sensitivity of the amplitude channel" },
        ConstantPlace {
            key: "amplitude_sensitivity",
            place: "ratio of the slots distanceamplitude and voltsamplitude of the amplitude channel",
        },
        ConstantPlace {
            key: "free_phase",
            place: "not in the file; phase after retracting, or the tune at the drive frequency",
        },
        ConstantPlace { key: "phase_convention", place: "not in the file; the zero of the lock-in phase is arbitrary" },
        ConstantPlace { key: "phase_reference", place: "not in the file; the zero of the lock-in phase is arbitrary" },
    ],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| tiff::first_page_has(bytes, &[FILE_VERSION, X_SIZE]),
    read: Reader::Bytes(read),
};

fn read(input: &Input<'_>) -> Result<Parsed, IoError> {
    let tiff = Tiff::parse(input.file, input.bytes)?;
    let [head, pages @ ..] = &tiff.pages[..] else {
        return Err(IoError::NoImages { file: input.file.to_owned(), found: Vec::new() });
    };
    let mut channels = Channels::default();
    let mut metadata = Metadata::default();
    let mut room = TEXT_MAX;
    describe(head, "file", &mut metadata, &mut room);
    let mut budget = BlockBudget::new(input.file, input.bytes);
    for (index, page) in pages.iter().enumerate() {
        describe(page, &format!("channel {index}"), &mut metadata, &mut room);
        channels.add(channel::read(input, head, page, index, &mut budget));
    }
    if let Some(damage) = tiff.damage {
        channels.add(Err(damage));
    }
    if head.number(REFLECTED).is_some_and(|flag| flag != 0.0) {
        let message =
            "the scan grid is reflected (tag 0x8045); no such file was at hand, so compare the image with the instrument's";
        channels.notes.push(Note::warning("orientation_unverified", message));
    }
    let (maps, notes) = channels.finish(input.file)?;
    Ok(Parsed {
        format_version: head.text(FILE_VERSION),
        data: Data::Maps(maps),
        metadata,
        constants: constants::found(head, pages),
        notes,
    })
}

/// Keeps the private tags of a directory; texts of `key : value` lines entry by entry. `room` is what may still be kept.
fn describe(page: &Page<'_>, section: &str, metadata: &mut Metadata, room: &mut usize) {
    for tag in page.tags().filter(|tag| *tag >= 0x8000) {
        let Some(left) = room.checked_sub(page.stored(tag)) else { continue };
        let Some(text) = page.printed(tag) else { continue };
        *room = left;
        let name = format!("0x{tag:04x}{}", tag_name(tag).map(|name| format!(" ({name})")).unwrap_or_default());
        let lines: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once(" : ")).collect();
        if lines.is_empty() {
            metadata.push(section, &name, &text);
        }
        for (key, value) in lines {
            metadata.push(section, key, value);
        }
    }
}

fn tag_name(tag: u16) -> Option<&'static str> {
    const NAMES: [(u16, &str); 36] = [
        (0x8000, "file version"),
        (0x8001, "program version"),
        (0x8003, "start date"),
        (0x8004, "name"),
        (0x8005, "comment"),
        (0x8006, "end date"),
        (0x8007, "sample"),
        (0x8008, "identifier"),
        (0x8009, "account"),
        (0x8010, "cantilever comment"),
        (0x8011, "spring constant, N/m"),
        (0x8012, "spring constant is calibrated"),
        (0x8013, "cantilever shape"),
        (0x8014, "tip radius"),
        (0x8030, "mode"),
        (0x8031, "proportional gain"),
        (0x8032, "integral gain"),
        (0x8033, "set point, V"),
        (0x8035, "reference amplitude, V"),
        (0x8036, "drive amplitude, V"),
        (0x8037, "drive frequency, Hz"),
        (0x8038, "phase shift, rad"),
        (0x8040, "x of the grid, m"),
        (0x8041, "y of the grid, m"),
        (0x8042, "width of the grid, m"),
        (0x8043, "height of the grid, m"),
        (0x8044, "angle of the grid, rad"),
        (0x8045, "grid is reflected"),
        (0x8046, "columns"),
        (0x8047, "rows"),
        (0x8049, "line rate, Hz"),
        (0x804b, "motion"),
        (CHANNEL, "channel"),
        (RETRACE, "retrace"),
        (DISPLAY_NAME, "display name"),
        (DEFAULT_SLOT, "default slot"),
    ];
    NAMES.iter().find(|(known, _)| *known == tag).map(|(_, name)| *name)
}
