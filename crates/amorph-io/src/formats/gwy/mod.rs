//! Gwyddion's native files; the layout is in `SPEC.md`.

mod container;
mod fields;

use std::path::Path;

use amorph_core::data::{Data, Map, Metadata};
use amorph_core::outcome::Note;

pub use self::container::{Container, Object, Value};
use super::{ConstantPlace, Format, Input, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::write::write_atomically;

/// Formats without an instrument: the constants are with whatever wrote the original file.
pub(crate) const CONSTANTS: &[ConstantPlace] = &[
    ConstantPlace { key: "spring_constant", place: "not in the file; the instrument's original file or its thermal-tune log" },
    ConstantPlace { key: "quality_factor", place: "not in the file; the instrument's original file or its tune curve" },
    ConstantPlace { key: "resonance_frequency", place: "not in the file; the instrument's tune curve" },
    ConstantPlace { key: "drive_frequency", place: "not in the file; the instrument's original file" },
    ConstantPlace {
        key: "free_amplitude",
        place: "not in the file; the amplitude after lift-off, times the amplitude sensitivity",
    },
    ConstantPlace { key: "setpoint_amplitude", place: "not in the file; the instrument's original file" },
    ConstantPlace { key: "free_phase", place: "not in the file; the phase after lift-off" },
    ConstantPlace { key: "phase_convention", place: "not in the file; the manual of the instrument" },
    ConstantPlace { key: "phase_reference", place: "not in the file; whether the phase was zeroed before the scan" },
];

pub(crate) const FORMAT: Format = Format {
    id: "gwy",
    title: "Gwyddion native",
    endings: &[".gwy"],
    magic: "GWYP",
    channels: "any number",
    can_write: true,
    needs_sidecar: false,
    constants: CONSTANTS,
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(container::MAGIC),
    read: Reader::Bytes(read),
};

fn read(input: &Input<'_>) -> Result<Parsed, IoError> {
    let (container, damage) = Container::salvage(input.file, input.bytes)?;
    let (maps, mut failures) = container.maps(input.file);
    failures.extend(damage);
    if maps.is_empty() {
        let found = container.contents();
        return Err(failures.into_iter().next().unwrap_or(IoError::NoImages { file: input.file.to_owned(), found }));
    }
    let notes = failures.iter().map(|error| Note::warning("channel_unreadable", error.to_string())).collect();
    Ok(Parsed { format_version: None, data: Data::Maps(maps), metadata: container.metadata(), constants: Vec::new(), notes })
}

/// Writes maps as the channels of a `.gwy` file, with `metadata` kept for every channel.
///
/// Data, masks and units come back bit for bit; quantity, direction and levelling are kept as channel metadata. To
/// change a channel of an existing file and keep everything else in it, use [`Container`].
///
/// # Errors
/// [`IoError::Write`].
pub fn write_gwy(path: &Path, maps: &[Map], metadata: &Metadata) -> Result<(), IoError> {
    write_atomically(path, &Container::of_maps(maps, metadata).to_bytes())
}
