//! Nanoscope images of Bruker, Veeco and Digital Instruments; the layout is in `SPEC.md`.

mod channel;
mod header;

use amorph_core::data::{ConstantStatus, Data, FoundConstant, Metadata};
use amorph_core::outcome::Note;
use amorph_core::unit::{Quantity, Unit};

use self::header::{Header, Section};
use super::{ConstantPlace, Format, Input, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::units::instrument_unit;

pub(crate) const FORMAT: Format = Format {
    id: "nanoscope",
    title: "Bruker/Veeco Nanoscope",
    endings: &[".spm", ".000", ".di"],
    magic: r"\*File list (or \*EC File list)",
    channels: "all of a scan, trace or retrace",
    can_write: false,
    needs_sidecar: false,
    constants: &[
        ConstantPlace {
            key: "spring_constant",
            place: "not in image files; Thermal Tune result, or 'Spring Constant' in force files and the Cantilever Parameters window",
        },
        ConstantPlace { key: "quality_factor", place: "not in image files; Cantilever Tune window, 'Q' of the tune curve" },
        ConstantPlace { key: "resonance_frequency", place: "not in image files; Cantilever Tune window, peak frequency" },
        ConstantPlace { key: "drive_frequency", place: r"'\@2:CantFrequency' in the scan list" },
        ConstantPlace {
            key: "free_amplitude",
            place: "not in image files; Cantilever Tune window, amplitude at the drive frequency, times the amplitude sensitivity",
        },
        ConstantPlace {
            key: "setpoint_amplitude",
            place: r"'\@2:TMSetAmplitude' (V) times '\@Sens. AmplSens'; the latter must have been calibrated",
        },
        ConstantPlace {
            key: "free_phase",
            place: "not in image files; phase after lift-off, or the tune curve at the drive frequency",
        },
        ConstantPlace {
            key: "phase_convention",
            place: "not in the file; see the manual of the controller (older ones store 90 deg minus the lag)",
        },
        ConstantPlace { key: "phase_reference", place: "not in the file; whether 'Zero phase' was pressed before the scan" },
    ],
    layout: include_str!("SPEC.md"),
    recognises,
    read: Reader::Bytes(read),
};

fn recognises(bytes: &[u8]) -> bool {
    bytes.starts_with(br"\*File list") || bytes.starts_with(br"\*EC File list")
}

fn read(input: &Input<'_>) -> Result<Parsed, IoError> {
    let header = Header::parse(input)?;
    let mut metadata = Metadata::default();
    for section in &header.sections {
        for (key, value) in &section.entries {
            metadata.push(&section.name, key, value);
        }
    }
    let mut notes = header.unsupported_notes();
    let images: Vec<&Section> = header.images().collect();
    let mut block_bytes = 0u64;
    let (mut maps, mut failures) = (Vec::new(), Vec::new());
    for (index, section) in images.iter().enumerate() {
        match channel::read(input, &header, section, index, &mut block_bytes) {
            Ok((map, channel_notes)) => {
                maps.push(map);
                notes.extend(channel_notes);
            }
            Err(error) => failures.push(error),
        }
    }
    if maps.is_empty() {
        let found = header.unsupported().map(|section| section.name.clone()).collect();
        return Err(failures.into_iter().next().unwrap_or(IoError::NoImages { file: input.file.to_owned(), found }));
    }
    notes.extend(failures.iter().map(|error| Note::warning("channel_unreadable", error.to_string())));
    Ok(Parsed {
        format_version: header.version.clone(),
        data: Data::Maps(maps),
        metadata,
        constants: constants(&header),
        notes,
    })
}

/// The constants that image files do state: the drive frequency, and the set point where the amplitude is calibrated.
fn constants(header: &Header) -> Vec<FoundConstant> {
    let mut found = Vec::new();
    let mut state = |key: &str, value: f64, unit: &str, place: &str| {
        if value.is_finite() && value > 0.0 {
            let quantity = Quantity::si(value, Unit::of(unit));
            found.push(FoundConstant {
                key: key.to_owned(),
                quantity,
                place: place.to_owned(),
                status: ConstantStatus::Stated,
            });
        }
    };
    if let Some(frequency) = header.setting("@2:CantFrequency") {
        let unit = instrument_unit(&frequency.unit);
        if unit.is_compatible(&Unit::of("Hz")) {
            state("drive_frequency", unit.to_si(frequency.number), "Hz", r"\@2:CantFrequency");
        }
    }
    if let Some(setpoint) = header.setting("@2:TMSetAmplitude")
        && let Some(sensitivity) = setpoint.soft.as_deref().and_then(|soft| header.soft_scale(soft))
    {
        let unit = instrument_unit(&format!("{} {}", setpoint.unit, sensitivity.unit));
        if unit.is_compatible(&Unit::of("m")) {
            let value = unit.to_si(setpoint.number * sensitivity.number);
            state("setpoint_amplitude", value, "m", r"\@2:TMSetAmplitude times its amplitude sensitivity");
        }
    }
    found
}
