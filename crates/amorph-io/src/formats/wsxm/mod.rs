//! Images of WSxM; the layout is in `SPEC.md`.

use amorph_core::data::{ConstantStatus, Data, Extent, FoundConstant, Map, Metadata};
use amorph_core::outcome::Note;
use amorph_core::unit::{Quantity, Unit};

use super::ini::Ini;
use super::{ConstantPlace, Format, Input, Reader};
use crate::IoError;
use crate::bytes::{Element, block_size, decode, latin1};
use crate::companions;
use crate::maps::{Digits, Parsed};
use crate::naming::recognise;
use crate::units::instrument_unit;

const MAGIC: &[u8] = b"WSxM file copyright";
const END: &[u8] = b"[Header end]";
/// No header seen exceeds 10 kB.
const HEADER_MAX: usize = 512 << 10;
const GENERAL: &str = "General Info";

pub(crate) const FORMAT: Format = Format {
    id: "wsxm",
    title: "WSxM image",
    endings: &[".stp", ".top"],
    magic: "WSxM file copyright",
    channels: "one: height and phase of a scan are separate files, which a study pairs",
    can_write: false,
    needs_sidecar: false,
    constants: &[
        ConstantPlace { key: "spring_constant", place: "'Force constant' of General Info, typed in: state it in the study" },
        ConstantPlace {
            key: "quality_factor",
            place: "'Quality factor (Q)' of Dynamic settings, typed in or fitted: state it in the study",
        },
        ConstantPlace { key: "resonance_frequency", place: "'Resonance frequency' of Dynamic settings: state it in the study" },
        ConstantPlace { key: "drive_frequency", place: "not in the file; the dynamic settings window" },
        ConstantPlace { key: "free_amplitude", place: "not in the file in m; resonance curve, times the sensitivity" },
        ConstantPlace { key: "setpoint_amplitude", place: "'Set Point' of Control (V), times the sensitivity" },
        ConstantPlace { key: "free_phase", place: "not in the file; resonance curve at the drive frequency" },
        ConstantPlace { key: "phase_convention", place: "not in the file; see the manual of the controller" },
        ConstantPlace { key: "phase_reference", place: "not in the file; whether the phase was zeroed before the scan" },
    ],
    layout: include_str!("SPEC.md"),
    recognises: is_wsxm,
    read: Reader::Bytes(read),
};

fn read(input: &Input<'_>) -> Result<Parsed, IoError> {
    let searched = &input.bytes[..input.bytes.len().min(HEADER_MAX)];
    let end = searched.windows(END.len()).position(|window| window == END).ok_or_else(|| IoError::Truncated {
        file: input.file.to_owned(),
        part: "the header (its line '[Header end]')".to_owned(),
        expected: searched.len() as u64 + 1,
        found: searched.len() as u64,
    })?;
    let text = latin1(&input.bytes[..end]);
    let kind = text.lines().nth(1).unwrap_or_default().trim();
    if kind != "SxM Image file" {
        let found = vec![if kind.is_empty() { "nothing that is named".to_owned() } else { kind.to_owned() }];
        return Err(IoError::NoImages { file: input.file.to_owned(), found });
    }
    let header = Ini::parse(&text, ':');
    let mut metadata = Metadata::default();
    for section in &header.sections {
        for (key, value) in &section.entries {
            metadata.push(&section.name, key, value);
        }
    }
    let fields = Fields { file: input.file, header: &header };
    let mut notes = Vec::new();
    let map = fields.map(input.bytes, &mut notes)?;
    Ok(Parsed {
        format_version: header.get("Miscellaneous", "Version").map(str::to_owned),
        data: Data::Maps(vec![map]),
        metadata,
        constants: fields.constants(),
        notes,
    })
}

/// Whether these first bytes are those of a WSxM file.
pub(crate) fn is_wsxm(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// Position (m) and time (s) of the scan, for finding its other channels.
pub(crate) fn place_and_time(metadata: &Metadata) -> ((f64, f64), Option<f64>) {
    let offset = |key: &str| {
        let (number, unit) = metadata.get(key)?.split_once(' ')?;
        let unit = instrument_unit(unit);
        unit.is_compatible(&Unit::of("m")).then(|| number.parse().ok().map(|value| unit.to_si(value))).flatten()
    };
    // Day, month, year, and the time of day.
    let time = match metadata.get("Acquisition time").map(companions::numbers).as_deref() {
        Some([day, month, year, hour, minute, second]) => {
            Some(companions::seconds(*year, *month, *day, [*hour, *minute, *second]))
        }
        _ => None,
    };
    ((offset("X Offset").unwrap_or(0.0), offset("Y Offset").unwrap_or(0.0)), time)
}

struct Fields<'a> {
    file: &'a str,
    header: &'a Ini,
}

impl Fields<'_> {
    fn text(&self, section: &str, key: &str) -> Result<&str, IoError> {
        self.header.get(section, key).ok_or_else(|| IoError::MissingField {
            file: self.file.to_owned(),
            field: key.to_owned(),
            place: format!("the section [{section}] of the header"),
        })
    }

    fn wrong(&self, field: &str, found: &str, needed: &'static str) -> IoError {
        IoError::Field { file: self.file.to_owned(), field: field.to_owned(), found: found.to_owned(), needed }
    }

    fn count(&self, section: &str, key: &str) -> Result<usize, IoError> {
        let text = self.text(section, key)?;
        text.parse().ok().filter(|count| *count > 0).ok_or_else(|| self.wrong(key, text, "a positive whole number"))
    }

    /// `600 nm`: the number and the unit.
    fn quantity(&self, section: &str, key: &str) -> Result<(f64, Unit), IoError> {
        let text = self.text(section, key)?;
        let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
        let number = number.trim().replacen(',', ".", 1).parse().ok().filter(|value: &f64| value.is_finite());
        Ok((number.ok_or_else(|| self.wrong(key, text, "a number with its unit"))?, instrument_unit(unit)))
    }

    fn element(&self) -> Result<Element, IoError> {
        match self.header.get(GENERAL, "Image Data Type") {
            Some("double") => Ok(Element::F64),
            Some("float") => Ok(Element::F32),
            // Files from before 2005 do not name the type.
            Some("short" | "integer") | None => Ok(Element::I16),
            Some(other) => Err(IoError::ElementType { file: self.file.to_owned(), found: format!("'{other}'") }),
        }
    }

    fn block<'b>(&self, bytes: &'b [u8], columns: usize, rows: usize, element: Element) -> Result<&'b [u8], IoError> {
        let start = self.count("", "Image header size")?;
        let available = bytes.len().saturating_sub(start) as u64;
        let needed = block_size(columns as u64, rows as u64, element.size() as u64).ok_or_else(|| IoError::TooLarge {
            file: self.file.to_owned(),
            field: "Number of columns times Number of rows".to_owned(),
            claimed: format!("{columns} x {rows} pixels"),
            available: available / element.size() as u64,
        })?;
        if needed > available {
            let part = format!("the data of channel 0 ({})", self.name());
            return Err(IoError::Truncated { file: self.file.to_owned(), part, expected: needed, found: available });
        }
        Ok(&bytes[start..start + needed as usize])
    }

    fn name(&self) -> &str {
        self.header.get(GENERAL, "Acquisition channel").unwrap_or("unnamed")
    }

    fn map(&self, bytes: &[u8], notes: &mut Vec<Note>) -> Result<Map, IoError> {
        let (columns, rows) = (self.count(GENERAL, "Number of columns")?, self.count(GENERAL, "Number of rows")?);
        let element = self.element()?;
        let mut values = decode(element, false, self.block(bytes, columns, rows, element)?);
        // The first number is that of the lower right corner.
        values.reverse();
        let (amplitude, unit) = self.quantity(GENERAL, "Z Amplitude")?;
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let range = finite().fold(f64::NEG_INFINITY, f64::max) - finite().fold(f64::INFINITY, f64::min);
        // The numbers may be in any unit: only their range is that of the header.
        let scale = if range > 0.0 && range.is_finite() {
            amplitude / range
        } else {
            let message = "all values are equal: the header gives only their range, so they are shown as zero";
            notes.push(Note::warning("flat_channel", message));
            0.0
        };
        let (quantity, direction) = recognise(self.name());
        let digits = Digits { quantity, element, columns, rows, values, scale, offset: 0.0, unit };
        let mut map = digits.into_map(self.extent()?);
        if scale == 0.0 {
            map.least_significant_bit = None;
        }
        map.name = self.name().to_owned();
        let stated = self.header.get(GENERAL, "X scanning direction").and_then(|text| recognise(text).1);
        map.direction = stated.or(direction);
        map.levelled_by_instrument = self.header.get(GENERAL, "Image processes").map(str::to_ascii_lowercase);
        if map.extent.is_none() {
            notes.push(Note::warning(
                "no_lateral_size",
                "X Amplitude or Y Amplitude is not a length; give the size in a sidecar",
            ));
        }
        Ok(map)
    }

    fn extent(&self) -> Result<Option<Extent>, IoError> {
        let side = |key: &str| {
            let (size, unit) = self.quantity("Control", key)?;
            let size = Some(unit.to_si(size)).filter(|size| unit.is_compatible(&Unit::of("m")) && *size > 0.0);
            Ok::<_, IoError>(size)
        };
        Ok(side("X Amplitude")?.zip(side("Y Amplitude")?).map(|(width, height)| Extent::metres(width, height)))
    }

    /// What the user once typed in: kept, but not trusted as a calibration.
    fn constants(&self) -> Vec<FoundConstant> {
        let mut found = Vec::new();
        for (key, section, name, unit) in [
            ("spring_constant", GENERAL, "Force constant", "N/m"),
            ("quality_factor", "Dynamic settings", "Quality factor (Q)", ""),
            ("resonance_frequency", "Dynamic settings", "Resonance frequency", "Hz"),
        ] {
            let Some((number, written)) = self.header.get(section, name).and(self.quantity(section, name).ok()) else {
                continue;
            };
            let value = written.to_si(number);
            if written.is_compatible(&Unit::of(unit)) && value > 0.0 {
                found.push(FoundConstant {
                    key: key.to_owned(),
                    quantity: Quantity::si(value, Unit::of(unit)),
                    place: format!("[{section}] {name}"),
                    status: ConstantStatus::Placeholder {
                        reason: "WSxM keeps what was once typed in; whether it was measured for this cantilever is not told"
                            .to_owned(),
                    },
                });
            }
        }
        found
    }
}
