//! Images of Nanonis controllers; the layout is in `SPEC.md`.

mod header;

use amorph_core::data::{ConstantStatus, Data, Direction, Extent, FoundConstant, Map, Metadata};
use amorph_core::unit::{Quantity, Unit};

use self::header::Header;
use super::{ConstantPlace, Format, Input, Reader};
use crate::IoError;
use crate::bytes::{Element, block_size, decode};
use crate::maps::{Channels, Parsed, flip_rows, image, note_invalid};
use crate::naming::recognise;
use crate::units::{instrument_unit, kept_unit};

pub(crate) const FORMAT: Format = Format {
    id: "sxm",
    title: "Nanonis image",
    endings: &[".sxm"],
    magic: ":NANONIS_VERSION:",
    channels: "all of a scan, forward and backward",
    can_write: false,
    needs_sidecar: false,
    constants: &[
        ConstantPlace {
            key: "spring_constant",
            place: "not in the file; the data sheet of the sensor or a thermal calibration",
        },
        ConstantPlace { key: "quality_factor", place: "'Oscillation Control>PLL-Setup Q-Factor'" },
        ConstantPlace { key: "resonance_frequency", place: "'Oscillation Control>Center Frequency (Hz)'" },
        ConstantPlace {
            key: "drive_frequency",
            place: "frequency modulation: the centre frequency plus the map of the frequency shift",
        },
        ConstantPlace { key: "free_amplitude", place: "not in the file; an amplitude map after lift-off" },
        ConstantPlace { key: "setpoint_amplitude", place: "'Oscillation Control>Amplitude Setpoint (m)'" },
        ConstantPlace { key: "free_phase", place: "not in the file; 'Reference Phase' zeroes the phase on resonance" },
        ConstantPlace { key: "phase_convention", place: "not in the file; see the manual of the controller" },
        ConstantPlace { key: "phase_reference", place: "'Oscillation Control>Reference Phase (deg)' was subtracted" },
        ConstantPlace { key: "temperature", place: ":REC_TEMP: is typed in, 290 K where nobody did" },
    ],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(b":NANONIS_VERSION:"),
    read: Reader::Bytes(read),
};

fn read(input: &Input<'_>) -> Result<Parsed, IoError> {
    let header = Header::parse(input)?;
    let mut metadata = Metadata::default();
    for (key, value) in &header.blocks {
        match key.split_once('>') {
            Some((module, key)) => metadata.push(module, key, value),
            None => metadata.push("", key, value),
        }
    }
    let scan = Scan::of(&header, input.bytes.len() as u64)?;
    let mut channels = Channels::default();
    let mut position = header.data;
    let mut index = 0;
    for channel in header.channels()? {
        for direction in channel.directions() {
            channels.add(scan.read(input, &channel, *direction, index, position));
            position = position.saturating_add(scan.bytes as usize);
            index += 1;
        }
    }
    let (maps, notes) = channels.finish(input.file)?;
    Ok(Parsed {
        format_version: header.get("NANONIS_VERSION").map(|text| text.trim().to_owned()),
        data: Data::Maps(maps),
        metadata,
        constants: constants(&header),
        notes,
    })
}

/// What all channels share.
struct Scan {
    columns: usize,
    rows: usize,
    bytes: u64,
    extent: Extent,
    /// The first row stored is the lowest one.
    upwards: bool,
    big_endian: bool,
}

impl Scan {
    fn of(header: &Header, available: u64) -> Result<Self, IoError> {
        let [columns, rows] = header.two("SCAN_PIXELS", |word| word.parse::<usize>().ok().filter(|count| *count > 0))?;
        let [width, height] =
            header.two("SCAN_RANGE", |word| word.parse::<f64>().ok().filter(|size| *size > 0.0 && size.is_finite()))?;
        let kind = header.required("SCANIT_TYPE")?;
        let mut words = kind.split_whitespace();
        let big_endian = match (words.next(), words.next()) {
            (Some("FLOAT"), Some("MSBFIRST")) => true,
            (Some("FLOAT"), Some("LSBFIRST")) => false,
            _ => return Err(header.wrong("SCANIT_TYPE", kind.trim(), "FLOAT MSBFIRST or FLOAT LSBFIRST")),
        };
        let upwards = match header.required("SCAN_DIR")?.trim() {
            "up" => true,
            "down" => false,
            other => return Err(header.wrong("SCAN_DIR", other, "up or down")),
        };
        let bytes = block_size(columns as u64, rows as u64, 4).ok_or_else(|| IoError::TooLarge {
            file: header.file.clone(),
            field: "SCAN_PIXELS".to_owned(),
            claimed: format!("{columns} x {rows} pixels"),
            available: available / 4,
        })?;
        Ok(Self { columns, rows, bytes, extent: Extent::metres(width, height), upwards, big_endian })
    }

    fn read(
        &self,
        input: &Input<'_>,
        channel: &header::Channel,
        direction: Direction,
        index: usize,
        position: usize,
    ) -> Result<Map, IoError> {
        let available = input.bytes.len().saturating_sub(position) as u64;
        if self.bytes > available {
            let part = format!("the data of channel {index} ({}, {direction})", channel.name);
            return Err(IoError::Truncated { file: input.file.to_owned(), part, expected: self.bytes, found: available });
        }
        let block = &input.bytes[position..position + self.bytes as usize];
        let mut values = decode(Element::F32, self.big_endian, block);
        if self.upwards {
            flip_rows(&mut values, self.columns);
        }
        if direction == Direction::Retrace {
            values.chunks_exact_mut(self.columns).for_each(<[f64]>::reverse);
        }
        let (unit, factor) = kept_unit(&instrument_unit(&channel.unit));
        values.iter_mut().for_each(|value| *value *= factor);
        let (quantity, _) = recognise(&channel.name);
        let mut map = Map::new(quantity, image(self.rows, self.columns, values), unit, Some(self.extent.clone()));
        map.name = channel.name.clone();
        map.index = index;
        map.direction = Some(direction);
        note_invalid(&mut map);
        Ok(map)
    }
}

/// What the oscillation controller was told.
fn constants(header: &Header) -> Vec<FoundConstant> {
    let mut found = Vec::new();
    for (key, name, unit) in [
        ("quality_factor", "PLL-Setup Q-Factor", ""),
        ("resonance_frequency", "Center Frequency (Hz)", "Hz"),
        ("setpoint_amplitude", "Amplitude Setpoint (m)", "m"),
    ] {
        let place = format!("Oscillation Control>{name}");
        let value = header.get(&place).and_then(|text| text.trim().replacen(',', ".", 1).parse::<f64>().ok());
        if let Some(value) = value.filter(|value| *value > 0.0 && value.is_finite()) {
            let quantity = Quantity::si(value, Unit::of(unit));
            found.push(FoundConstant { key: key.to_owned(), quantity, place, status: ConstantStatus::Stated });
        }
    }
    found
}
