//! Images of Nanosurf microscopes; the layout is in `SPEC.md`.

mod channel;

use amorph_core::data::{ConstantStatus, Data, FoundConstant, Metadata};
use amorph_core::unit::{Quantity, Unit};

use super::ini::Ini;
use super::{ConstantPlace, Format, Input, Reader};
use crate::IoError;
use crate::bytes::latin1;
use crate::maps::{Channels, Parsed};

/// No header seen exceeds 50 kB.
const HEADER_MAX: usize = 512 << 10;
const END: &[u8] = b"\n#!";

pub(crate) const FORMAT: Format = Format {
    id: "nid",
    title: "Nanosurf image",
    endings: &[".nid"],
    magic: "[DataSet]",
    channels: "all of a scan, forward and backward",
    can_write: false,
    needs_sidecar: false,
    constants: &[
        ConstantPlace {
            key: "spring_constant",
            place: "section Calibration\\Cantilever holds the nominal value of the type; thermal tuning dialogue",
        },
        ConstantPlace { key: "quality_factor", place: "not in the file; thermal tuning or frequency sweep dialogue" },
        ConstantPlace {
            key: "resonance_frequency",
            place: "section Calibration\\Cantilever holds the nominal value of the type; frequency sweep dialogue",
        },
        ConstantPlace { key: "drive_frequency", place: "section DataSet-Info, 'Vibration freq.'" },
        ConstantPlace {
            key: "free_amplitude",
            place: "section Parameters\\ZFeedback, RefAmplitude (V); the sensitivity in m/V is not in the file",
        },
        ConstantPlace { key: "setpoint_amplitude", place: "'Setpoint' in per cent of the free amplitude" },
        ConstantPlace { key: "free_phase", place: "not in the file as a measured phase; frequency sweep dialogue" },
        ConstantPlace { key: "phase_convention", place: "not in the file; see the manual of the controller" },
        ConstantPlace {
            key: "phase_reference",
            place: "AutoCalPhase = 1 in Parameters\\ZFeedback: the phase was zeroed by the software",
        },
    ],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(b"[DataSet]"),
    read: Reader::Bytes(read),
};

fn read(input: &Input<'_>) -> Result<Parsed, IoError> {
    let searched = &input.bytes[..input.bytes.len().min(HEADER_MAX)];
    let end = searched.windows(END.len()).position(|window| window == END).ok_or_else(|| IoError::Truncated {
        file: input.file.to_owned(),
        part: "the header (its end mark '#!')".to_owned(),
        expected: searched.len() as u64 + 1,
        found: searched.len() as u64,
    })?;
    let header = Ini::parse(&latin1(&input.bytes[..end]), '=');
    let mut metadata = Metadata::default();
    for section in &header.sections {
        for (key, value) in &section.entries {
            metadata.push(&section.name, key, value);
        }
    }
    let mut channels = Channels::default();
    let mut start = end + END.len();
    for (index, name) in blocks(&header).iter().enumerate() {
        match channel::Block::parse(input, &header, name, index) {
            Ok(block) => {
                match block.is_image() {
                    true => {
                        channels.notes.extend(block.unfinished());
                        channels.add(block.read(start));
                    }
                    false => channels.leave_out(block.describe()),
                }
                start = start.saturating_add(block.bytes() as usize);
            }
            // Without its size nothing behind this block can be found.
            Err(error) => {
                channels.add(Err(error));
                break;
            }
        }
    }
    let (maps, notes) = channels.finish(input.file)?;
    Ok(Parsed {
        format_version: header.get("DataSet", "Version").map(str::to_owned),
        data: Data::Maps(maps),
        metadata,
        constants: constants(&header),
        notes,
    })
}

/// Sections of the data blocks, in the order of the blocks: `Gr0-Ch0`, `Gr0-Ch1`, ..., `Gr1-Ch0`, ...
///
/// The counts in the header are those of possible channels: only the keys that are there count.
fn blocks(header: &Ini) -> Vec<String> {
    let Some(section) = header.section("DataSet") else { return Vec::new() };
    let place = |key: &str| {
        let (group, channel) = key.strip_prefix("Gr")?.split_once("-Ch")?;
        Some((group.parse::<u32>().ok()?, channel.parse::<u32>().ok()?))
    };
    let mut found: Vec<((u32, u32), &String)> =
        section.entries.iter().filter_map(|(key, value)| Some((place(key)?, value))).collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, name)| name.clone()).collect()
}

/// The drive frequency of dynamic modes; the cantilever's values are those of its type.
fn constants(header: &Ini) -> Vec<FoundConstant> {
    let mut found = Vec::new();
    let mut state = |key: &str, text: Option<String>, unit: &str, place: &str, status: ConstantStatus| {
        let value = text.and_then(|text| Quantity::parse_as(&text, &Unit::of(unit)).ok()).map(|quantity| quantity.value);
        if let Some(value) = value.filter(|value| *value > 0.0 && value.is_finite()) {
            let quantity = Quantity::si(value, Unit::of(unit));
            found.push(FoundConstant { key: key.to_owned(), quantity, place: place.to_owned(), status });
        }
    };
    let info = |key: &str| header.get("DataSet-Info", key).map(str::to_owned);
    if info("Op. mode").is_some_and(|mode| mode.contains("Dynamic") || mode.contains("Phase")) {
        let place = "DataSet-Info, 'Vibration freq.'";
        state("drive_frequency", info("Vibration freq."), "Hz", place, ConstantStatus::Stated);
    }
    let cantilever = "DataSet\\Calibration\\Cantilever";
    let name = header.get(cantilever, "Name").unwrap_or("unknown");
    let nominal =
        ConstantStatus::Placeholder { reason: format!("the nominal value of the cantilever type {name}, not a calibration") };
    // `D[48]*[N/m]`
    let property = |key: &str| {
        let (value, unit) = header.get(cantilever, key)?.strip_prefix("D[")?.split_once("]*[")?;
        Some(format!("{value} {}", unit.strip_suffix(']')?))
    };
    state("spring_constant", property("Prop0"), "N/m", "Calibration\\Cantilever, Prop0", nominal.clone());
    state("resonance_frequency", property("Prop1"), "Hz", "Calibration\\Cantilever, Prop1", nominal);
    found
}
