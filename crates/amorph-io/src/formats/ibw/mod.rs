//! Igor binary waves of Asylum Research microscopes; the layout is in `SPEC.md`.

mod constants;
mod wave;

use amorph_core::data::{Column, ColumnValues, Data, Extent, Map, Metadata, Table};
use amorph_core::outcome::Note;
use amorph_core::unit::Unit;

use self::wave::Wave;
use super::{ConstantPlace, Format, Input, Reader};
use crate::IoError;
use crate::bytes::decode;
use crate::maps::{Parsed, flip_rows, image, note_invalid};
use crate::naming::recognise;
use crate::units::{instrument_unit, kept_unit};

pub(crate) const FORMAT: Format = Format {
    id: "ibw",
    title: "Asylum Research Igor binary wave",
    endings: &[".ibw"],
    magic: "16-bit version number 5 or 2, in either byte order",
    channels: "all of a scan; a wave of one dimension is a curve",
    can_write: false,
    needs_sidecar: false,
    constants: &[
        ConstantPlace {
            key: "spring_constant",
            place: "note key SpringConstant; measured in the Thermal tab of the Master Panel",
        },
        ConstantPlace {
            key: "quality_factor",
            place: "note key ThermalQ (thermal fit) or TuneQResult (tune); Thermal and Tune tabs",
        },
        ConstantPlace { key: "resonance_frequency", place: "note key ResFreq1; Tune tab" },
        ConstantPlace { key: "drive_frequency", place: "note key DriveFrequency; Main tab" },
        ConstantPlace {
            key: "free_amplitude",
            place: "note keys FreeAirAmplitude (V) and AmpInvOLS (m/V); recorded on engaging",
        },
        ConstantPlace { key: "setpoint_amplitude", place: "note keys AmplitudeSetpointVolts (V) and AmpInvOLS (m/V)" },
        ConstantPlace { key: "free_phase", place: "note key FreeAirPhase (deg); recorded on engaging" },
        ConstantPlace { key: "temperature", place: "note key ThermalTemperature (K) of the thermal fit" },
        ConstantPlace { key: "phase_convention", place: "not in the file; Asylum stores the lag, 90 deg on resonance ('lag')" },
        ConstantPlace { key: "phase_reference", place: "not in the file; 'absolute' where FreeAirPhase was recorded" },
    ],
    layout: include_str!("SPEC.md"),
    recognises: wave::recognises,
    read: Reader::Bytes(read),
};

fn read(input: &Input<'_>) -> Result<Parsed, IoError> {
    let wave = Wave::parse(input.file, input.bytes)?;
    let note = constants::Keys::new(&wave.note);
    let mut metadata = Metadata::default();
    metadata.push("wave", "name", &wave.name);
    for (key, value) in note.entries() {
        metadata.push("note", key, value);
    }
    let (constants, mut notes) = note.constants();
    let data = if wave.dimensions[1] > 1 { Data::Maps(maps(&wave, &note, &mut notes)?) } else { Data::Table(curve(&wave)) };
    if matches!(data, Data::Maps(_)) {
        notes.push(Note::info(
            "size_is_pixels_times_pitch",
            "width and height are the number of pixels times the pitch; ScanSize in the note counts one pitch less",
        ));
    }
    Ok(Parsed { format_version: Some(wave.version.to_string()), data, metadata, constants, notes })
}

/// The layers of an image wave.
fn maps(wave: &Wave<'_>, note: &constants::Keys, notes: &mut Vec<Note>) -> Result<Vec<Map>, IoError> {
    let [columns, rows, layers] = [wave.dimensions[0], wave.dimensions[1], wave.dimensions[2].max(1)];
    let layer_bytes = columns * rows * wave.element.size();
    let complete = (wave.data.len() / layer_bytes).min(layers);
    let truncated = |index: usize| IoError::Truncated {
        file: wave.file.to_owned(),
        part: format!("channel {index} ({})", layer_name(wave, index)),
        expected: layer_bytes as u64,
        found: (wave.data.len() - complete * layer_bytes) as u64,
    };
    if complete == 0 {
        return Err(truncated(0));
    }
    if complete < layers {
        notes.push(Note::warning("channel_unreadable", truncated(complete).to_string()));
    }
    let extent = extent(wave, columns, rows);
    if extent.is_none() {
        notes.push(Note::warning(
            "no_lateral_size",
            "the wave states no pixel pitch in a unit of length; give the size in a sidecar",
        ));
    }
    let layer = |index: usize| {
        let bytes = &wave.data[index * layer_bytes..(index + 1) * layer_bytes];
        let mut values = decode(wave.element, wave.big_endian, bytes);
        // The first index runs along x, the second along y from the bottom.
        flip_rows(&mut values, columns);
        let name = layer_name(wave, index);
        let (quantity, direction) = recognise(&name);
        let (unit, factor) = kept_unit(&layer_unit(wave, &name, layers));
        values.iter_mut().for_each(|value| *value *= factor);
        let mut map = Map::new(quantity, image(rows, columns, values), unit, extent.clone());
        map.name = name;
        map.index = index;
        map.direction = direction;
        map.levelled_by_instrument = note.levelling(index);
        note_invalid(&mut map);
        map
    };
    Ok((0..complete).map(layer).collect())
}

fn layer_name(wave: &Wave<'_>, index: usize) -> String {
    match wave.layer_names.get(index).filter(|name| !name.is_empty()) {
        Some(name) => name.clone(),
        None if wave.dimensions[2] <= 1 => wave.name.clone(),
        None => format!("layer {index}"),
    }
}

/// Asylum writes all layers into one wave, whose data unit holds for the first only: the unit follows from the name.
fn layer_unit(wave: &Wave<'_>, name: &str, layers: usize) -> Unit {
    const BY_NAME: [(&str, &str); 9] = [
        ("Height", "m"),
        ("ZSensor", "m"),
        ("Amplitude", "m"),
        ("Deflection", "m"),
        ("Phase", "deg"),
        ("Potential", "V"),
        ("Nap", "V"),
        ("Frequency", "Hz"),
        ("UserIn", "V"),
    ];
    match BY_NAME.iter().find(|(start, _)| name.starts_with(start)) {
        Some((_, unit)) => Unit::of(unit),
        None if layers == 1 && !wave.data_unit.is_empty() => instrument_unit(&wave.data_unit),
        None => Unit::unknown("unknown"),
    }
}

/// Number of pixels times pitch.
fn extent(wave: &Wave<'_>, columns: usize, rows: usize) -> Option<Extent> {
    let side = |axis: usize, pixels: usize| {
        let unit = instrument_unit(&wave.dimension_units[axis]);
        let size = unit.to_si(wave.pitch[axis] * pixels as f64).abs();
        (unit.is_compatible(&Unit::of("m")) && size > 0.0 && size.is_finite()).then_some(size)
    };
    Some(Extent::metres(side(0, columns)?, side(1, rows)?))
}

/// A wave of one dimension is a curve: its scaled index and its values, in the units of the file.
fn curve(wave: &Wave<'_>) -> Table {
    let count = (wave.data.len() / wave.element.size()).min(wave.dimensions[0]);
    let values = decode(wave.element, wave.big_endian, &wave.data[..count * wave.element.size()]);
    let positions: Vec<f64> = (0..count).map(|index| wave.offset + wave.pitch[0] * index as f64).collect();
    let column = |name: &str, unit: &str, values: Vec<f64>| {
        let (unit, factor) = kept_unit(&instrument_unit(unit));
        let values = values.into_iter().map(|value| value * factor).collect();
        Column { name: name.to_owned(), unit, values: ColumnValues::Numbers(values) }
    };
    let mut table = Table::new("wave", &wave.name);
    table.columns.push(column("position", &wave.dimension_units[0], positions));
    let name = if wave.name.is_empty() { "value" } else { &wave.name };
    table.columns.push(column(name, &wave.data_unit, values));
    table
}
