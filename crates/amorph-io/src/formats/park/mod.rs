//! Images of Park Systems microscopes; the layout is in `SPEC.md`.

mod header;

use amorph_core::data::{ConstantStatus, Data, Direction, Extent, FoundConstant, Map, Metadata};
use amorph_core::outcome::Note;
use amorph_core::unit::{Quantity, Unit};

use self::header::Header;
use super::tiff::{self, Tiff};
use super::{ConstantPlace, Format, Input, Reader};
use crate::IoError;
use crate::bytes::{block_size, decode};
use crate::companions;
use crate::maps::{Digits, Parsed, flip_rows};
use crate::naming::recognise;
use crate::units::instrument_unit;

const MAGIC: u16 = 50432;
const VERSION: u16 = 50433;
const DATA: u16 = 50434;
const HEADER: u16 = 50435;

pub(crate) const FORMAT: Format = Format {
    id: "park",
    title: "Park Systems TIFF",
    endings: &[".tiff", ".tif"],
    magic: "TIFF with the private tag 50432",
    channels: "one: height and phase of a scan are separate files, which a study pairs",
    can_write: false,
    needs_sidecar: false,
    constants: &[
        ConstantPlace {
            key: "spring_constant",
            place: "not in the file; SmartScan, cantilever calibration (thermal or Sader)",
        },
        ConstantPlace { key: "quality_factor", place: "not in the file; SmartScan, NCM sweep, 'Q factor' of the resonance" },
        ConstantPlace { key: "resonance_frequency", place: "not in the file; SmartScan, NCM sweep, peak frequency" },
        ConstantPlace { key: "drive_frequency", place: "header field 'NCM frequency' (Hz), in files of version 2" },
        ConstantPlace {
            key: "free_amplitude",
            place: "not in the file in m; NCM sweep amplitude at the drive frequency, times the sensitivity",
        },
        ConstantPlace { key: "setpoint_amplitude", place: "header field 'set point', whose unit is not that of an amplitude" },
        ConstantPlace { key: "free_phase", place: "not in the file; NCM sweep phase at the drive frequency" },
        ConstantPlace { key: "phase_convention", place: "not in the file; see the manual of the controller" },
        ConstantPlace { key: "phase_reference", place: "not in the file; whether the phase was zeroed in the NCM sweep" },
    ],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| tiff::first_page_has(bytes, &[MAGIC]),
    read: Reader::Bytes(read),
};

fn read(input: &Input<'_>) -> Result<Parsed, IoError> {
    let tiff = Tiff::parse(input.file, input.bytes)?;
    let page = tiff.pages.first().ok_or_else(|| IoError::NoImages { file: input.file.to_owned(), found: Vec::new() })?;
    let version = page.count(VERSION).unwrap_or(0);
    let header = Header::parse(input.file, page.bytes(HEADER, "the Park header")?, version)?;
    let mut metadata = Metadata::default();
    for (tag, name) in [(305, "Software"), (tiff::DATE_TIME, "DateTime")] {
        if let Some(text) = page.text(tag) {
            metadata.push("tiff", name, &text);
        }
    }
    for (key, value) in header.entries() {
        metadata.push("header", key, &value);
    }
    let map = channel(input, &header, page.bytes(DATA, &format!("channel 0 ({})", header.source_name))?)?;
    let mut notes = Vec::new();
    if header.swapped_axes {
        let message = "the slow axis of this scan is x (swap flag of the header); rows are shown as stored";
        notes.push(Note::warning("axes_swapped", message));
    }
    let constants = header.ncm_frequency.filter(|value| *value > 0.0 && value.is_finite()).map(|frequency| FoundConstant {
        key: "drive_frequency".to_owned(),
        quantity: Quantity::si(frequency, Unit::of("Hz")),
        place: "header field 'NCM frequency'".to_owned(),
        status: ConstantStatus::Stated,
    });
    Ok(Parsed {
        format_version: Some(format!("{version:#010x}")),
        data: Data::Maps(vec![map]),
        metadata,
        constants: constants.into_iter().collect(),
        notes,
    })
}

fn channel(input: &Input<'_>, header: &Header, data: &[u8]) -> Result<Map, IoError> {
    let (columns, rows) = (header.columns as usize, header.rows as usize);
    let label = format!("0 ({})", header.source_name);
    let size = header.element.size() as u64;
    let needed = block_size(u64::from(header.columns), u64::from(header.rows), size);
    if needed != Some(data.len() as u64) {
        return Err(IoError::DataLength {
            file: input.file.to_owned(),
            channel: label,
            length: data.len() as u64,
            columns: u64::from(header.columns),
            rows: u64::from(header.rows),
        });
    }
    let mut values = decode(header.element, false, data);
    // Rows are stored from the bottom, whatever the scan direction says.
    flip_rows(&mut values, columns);
    let digits = Digits {
        quantity: recognise(&header.source_name).0,
        element: header.element,
        columns,
        rows,
        values,
        scale: header.gain * header.scale,
        offset: header.gain * header.offset,
        unit: instrument_unit(if header.unit.is_empty() { "um" } else { &header.unit }),
    };
    let mut map = digits.into_map(Some(Extent::metres(header.x_size * 1e-6, header.y_size * 1e-6)));
    map.name = header.source_name.clone();
    map.direction = Some(if header.forward { Direction::Trace } else { Direction::Retrace });
    map.levelled_by_instrument = Some(if header.auto_flatten { "auto flatten" } else { "none" }.to_owned());
    Ok(map)
}

/// Whether these first bytes may be those of a Park file.
pub(crate) fn may_be_park(head: &[u8]) -> bool {
    head.starts_with(b"II*\0")
}

/// Position (m) and time (s) of the scan, for finding its other channels.
pub(crate) fn place_and_time(metadata: &Metadata) -> ((f64, f64), Option<f64>) {
    let offset = |key: &str| metadata.get(key).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0) * 1e-6;
    let time = match metadata.get("DateTime").map(companions::numbers).as_deref() {
        Some([year, month, day, hour, minute, second]) => {
            Some(companions::seconds(*year, *month, *day, [*hour, *minute, *second]))
        }
        _ => None,
    };
    ((offset("x offset (um)"), offset("y offset (um)")), time)
}
