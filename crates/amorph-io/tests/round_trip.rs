//! What is written is read again: bit for bit where the format can hold it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use amorph_core::data::{ConstantStatus, Data, Map, Metadata};
use amorph_io::formats::gwy::{Container, Object, Value};
use amorph_io::formats::npy;
use amorph_io::testfiles::{
    Depth, IbwNumbers, MdtFrames, NidBits, ParkNumbers, ParkScan, SlowAxis, WsxmNumbers, WsxmScan, ibw_bytes, jpk_bytes,
    mdt_bytes, nanoscope_bytes, nid_bytes, park_bytes, sxm_bytes, wsxm_bytes,
};
use amorph_io::{ChannelInfo, open, open_bytes};
use common::{both_ways, map, maps, maps_of, note};
use ndarray::Array2;

fn same_bits(left: &Array2<f64>, right: &Array2<f64>) -> bool {
    left.dim() == right.dim() && left.iter().zip(right).all(|(a, b)| a.to_bits() == b.to_bits())
}

#[test]
fn gwy_keeps_every_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.gwy");
    let mut written = maps();
    written[1].mask = Some(Array2::from_shape_fn((12, 16), |(row, column)| row > column));
    written[1].values[[3, 4]] = f64::NAN;
    written[2].levelled_by_instrument = Some("flatten order 1".into());
    written[2].least_significant_bit = Some(1.25e-13);
    let mut metadata = Metadata::default();
    metadata.push("note", "SpringConstant", "27.9");
    amorph_io::write_gwy(&path, &written, &metadata).unwrap();
    let loaded = open(&path).unwrap();
    for (index, (written, read)) in written.iter().zip(maps_of(&loaded)).enumerate() {
        assert!(same_bits(&written.values, &read.values));
        assert_eq!((&written.mask, &written.unit, &written.extent), (&read.mask, &read.unit, &read.extent));
        assert_eq!((&written.quantity, written.direction, index), (&read.quantity, read.direction, read.index));
        assert_eq!(
            (&written.levelled_by_instrument, written.least_significant_bit),
            (&read.levelled_by_instrument, read.least_significant_bit)
        );
    }
    assert_eq!(loaded.metadata.get("note::SpringConstant"), Some("27.9"));
}

#[test]
fn rewriting_a_gwy_file_keeps_what_amorph_does_not_know() {
    let mut container = Container::of_maps(&maps(), &Metadata::default());
    let mut exotic = Object::new("SomeModule");
    exotic.set("list", Value::Longs(vec![1, -2]));
    exotic.set("names", Value::Texts(vec![b"a".to_vec(), b"\xff".to_vec()]));
    exotic.set("inner", Value::Objects(vec![Object::new("Leaf")]));
    exotic.set("not a number", Value::Double(f64::from_bits(0x7ff8_dead_beef_0001)));
    container.set("/0/exotic", Value::Object(exotic));
    let bytes = container.to_bytes();
    let mut again = Container::parse("f", &bytes).unwrap();
    assert_eq!(again.to_bytes(), bytes);
    again.set_map(1, &map("phase", "deg", 7.0));
    let changed = Container::parse("f", &again.to_bytes()).unwrap();
    // Compared as bytes, because NaN is not equal to itself.
    let only = |container: &Container| {
        let mut root = Object::new("x");
        root.set("exotic", container.get("/0/exotic").unwrap().clone());
        Container { root }.to_bytes()
    };
    assert_eq!(only(&changed), only(&container));
    assert_ne!(changed.to_bytes(), bytes);
}

#[test]
fn npy_and_csv_keep_every_bit_and_gsf_every_float() {
    let folder = tempfile::tempdir().unwrap();
    let mut written = map("dissipated_energy", "J", 1.3e-17);
    written.values[[2, 2]] = f64::NAN;
    let statistics = |map: &Map| {
        let info = ChannelInfo::of(map);
        [info.min, info.max, info.mean, info.rms]
    };
    let expected = statistics(&written);
    let paths = ["f.npy", "f.csv", "f.gsf", "f.gwy"].map(|name| folder.path().join(name));
    amorph_io::write_npy(&paths[0], &written).unwrap();
    amorph_io::write_csv(&paths[1], &written).unwrap();
    amorph_io::write_gsf(&paths[2], &written).unwrap();
    amorph_io::write_gwy(&paths[3], std::slice::from_ref(&written), &Metadata::default()).unwrap();
    for (path, bits) in paths.iter().zip([true, true, false, true]) {
        let loaded = open(path).unwrap();
        let read = &maps_of(&loaded)[0];
        let label = path.display();
        assert_eq!((read.quantity.as_str(), read.direction), ("dissipated_energy", written.direction), "{label}");
        assert_eq!((&read.unit, read.size().unwrap()), (&written.unit, written.size().unwrap()), "{label}");
        assert_eq!(read.invalid.len(), 1, "{label}");
        if bits {
            assert!(
                same_bits(&read.values.mapv(f64::abs), &written.values.mapv(f64::abs)) || read.values[[2, 2]].is_nan(),
                "{label}"
            );
            let equal = read.values.iter().zip(&written.values).all(|(a, b)| a == b || a.is_nan() && b.is_nan());
            assert!(equal, "{label}");
        }
        for (read, expected) in statistics(read).iter().zip(expected) {
            assert!((read - expected).abs() < 1e-6 * (expected.abs() + written.values[[0, 0]].abs()), "{label}");
        }
    }
    let raw = npy::read_f64(&paths[0]).unwrap();
    npy::write_f64(&paths[0], &raw).unwrap();
    assert!(same_bits(&raw, &npy::read_f64(&paths[0]).unwrap()));
    assert!(
        std::fs::read_dir(folder.path()).unwrap().all(|entry| !entry.unwrap().file_name().to_string_lossy().ends_with(".part"))
    );
}

#[test]
fn a_masked_map_has_the_same_statistics_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let mut written = map("height", "m", 1e-9);
    written.mask = Some(Array2::from_shape_fn((12, 16), |(row, column)| row + column < 5));
    let statistics = |map: &Map| {
        let info = ChannelInfo::of(map);
        [info.min, info.max, info.mean, info.rms]
    };
    let expected = statistics(&written);
    let paths = ["f.npy", "f.csv", "f.gsf", "f.gwy"].map(|name| folder.path().join(name));
    amorph_io::write_npy(&paths[0], &written).unwrap();
    amorph_io::write_csv(&paths[1], &written).unwrap();
    amorph_io::write_gsf(&paths[2], &written).unwrap();
    amorph_io::write_gwy(&paths[3], std::slice::from_ref(&written), &Metadata::default()).unwrap();
    for path in paths {
        let loaded = open(&path).unwrap();
        for (read, expected) in statistics(&maps_of(&loaded)[0]).iter().zip(expected) {
            assert!((read / expected - 1.0).abs() < 1e-6, "{}: {read} is not {expected}", path.display());
        }
    }
}

#[test]
fn nanoscope_files_return_the_values_to_half_a_digit() {
    let written = vec![map("height", "m", 1e-9), map("phase", "deg", 3.0), map("amplitude_error", "V", 2e-3)];
    for (depth, bits) in [(Depth::Two, 16), (Depth::Four, 32), (Depth::FourStatedAsTwo, 16)] {
        let bytes = nanoscope_bytes("f", &written, depth).unwrap();
        let loaded = open_bytes("f", &bytes, None).unwrap();
        for (written, read) in written.iter().zip(maps_of(&loaded)) {
            assert_eq!((&written.quantity, &written.unit, written.direction), (&read.quantity, &read.unit, read.direction));
            let (expected, size) = (written.size().unwrap(), read.size().unwrap());
            assert!((size.0 / expected.0 - 1.0).abs() < 1e-12 && (size.1 / expected.1 - 1.0).abs() < 1e-12);
            let step = read.least_significant_bit.unwrap();
            let greatest = written.values.iter().fold(0f64, |greatest, value| greatest.max(value.abs()));
            assert!(step < 1.001 * greatest / 2f64.powi(bits - 1) + 1e-30);
            let error = written.values.iter().zip(&read.values).fold(0f64, |error, (a, b)| error.max((a - b).abs()));
            assert!(error <= 0.5001 * step, "{depth:?}: {error:e} with a step of {step:e}");
        }
        // What was read is on the grid of digits: writing it again gives the same bytes in the data.
        let again = nanoscope_bytes("f", maps_of(&loaded), depth).unwrap();
        assert_eq!(again[again.len() - 1000..], bytes[bytes.len() - 1000..]);
    }
}

#[test]
fn ibw_files_return_every_bit_in_both_byte_orders() {
    for (double, big_endian) in [(false, false), (false, true), (true, false), (true, true)] {
        let mut written = maps();
        if !double {
            written.iter_mut().for_each(|map| map.values.mapv_inplace(|value| f64::from(value as f32)));
        }
        let bytes = ibw_bytes("f", &written, &note(), IbwNumbers { double, big_endian }).unwrap();
        let loaded = open_bytes("f", &bytes, None).unwrap();
        for (written, read) in written.iter().zip(maps_of(&loaded)) {
            assert!(same_bits(&written.values, &read.values), "double {double}, big-endian {big_endian}");
            assert_eq!((&written.quantity, &written.unit, written.direction), (&read.quantity, &read.unit, read.direction));
            assert!((read.size().unwrap().0 / 400e-9 - 1.0).abs() < 1e-12);
        }
        let keys: Vec<&str> = loaded.constants.iter().map(|constant| constant.key.as_str()).collect();
        assert_eq!(keys, ["spring_constant", "quality_factor", "free_amplitude"]);
        assert!((loaded.constants[2].quantity.value - 0.8 * 4.1e-8).abs() < 1e-20);
    }
}

#[test]
fn four_bytes_with_two_stated_follow_the_resolution_in_parentheses() {
    let written = [map("phase", "deg", 3.0)];
    let bytes = nanoscope_bytes("f", &written, Depth::Four).unwrap();
    let end = bytes.iter().position(|byte| *byte == 0x1a).unwrap();
    let text: String = bytes[..end].iter().map(|byte| char::from(*byte)).collect();
    let full: f64 = text.rsplit_once("/LSB) ").unwrap().1.split(' ').next().unwrap().parse().unwrap();
    let stated = |resolution: f64| {
        let text = text.replace("Bytes/pixel: 4", "Bytes/pixel: 2").replace("(0 ", &format!("({resolution:e} "));
        let mut file: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap()).collect();
        file.push(0x1a);
        file.resize(4096, 0);
        file.extend(&bytes[4096..]);
        open_bytes("f", &file, None).unwrap()
    };
    // Full scale over 2^32 digits: the two bytes stated are not true.
    let loaded = stated(full / 2f64.powi(32));
    let error = written[0].values.iter().zip(&maps_of(&loaded)[0].values).fold(0f64, |e, (a, b)| e.max((a - b).abs()));
    assert!(error < 1e-7 && loaded.notes.is_empty(), "{error} {:?}", loaded.notes);
    // Anything else leaves the scale of two bytes, and digits beyond it are told.
    let loaded = stated(full / 2f64.powi(16));
    assert!((maps_of(&loaded)[0].values[[3, 3]] / written[0].values[[3, 3]] / 65_536.0 - 1.0).abs() < 1e-6);
    assert_eq!(loaded.notes[0].code, "scale_uncertain");
}

/// Quantity, unit, direction, size, place of every pixel, and values to `tolerance` of the range.
fn same_maps(label: &str, bytes: &[u8], written: &[Map], tolerance: f64) {
    let loaded = open_bytes(label, bytes, None).unwrap_or_else(|error| panic!("{label}: {error}"));
    assert_eq!(maps_of(&loaded).len(), written.len(), "{label}");
    for (index, (written, read)) in written.iter().zip(maps_of(&loaded)).enumerate() {
        assert_eq!(
            (&written.quantity, &written.unit, written.direction, index),
            (&read.quantity, &read.unit, read.direction, read.index),
            "{label}"
        );
        let (expected, size) = (written.size().unwrap(), read.size().unwrap());
        assert!((size.0 / expected.0 - 1.0).abs() < 1e-6 && (size.1 / expected.1 - 1.0).abs() < 1e-6, "{label}");
        assert_eq!(written.shape(), read.shape(), "{label}");
        let info = ChannelInfo::of(written);
        let error = written.values.iter().zip(&read.values).fold(0f64, |error, (a, b)| error.max((a - b).abs()));
        assert!(error <= tolerance * (info.max - info.min), "{label}: {error:e}");
        assert!(read.invalid.is_empty() && read.mask.is_none(), "{label}: {:?}", read.invalid);
    }
}

const SINGLE: f64 = 2e-7;
const SIXTEEN: f64 = 1.0 / 60_000.0;
const THIRTY_TWO: f64 = 1e-9;

#[test]
fn files_of_one_channel_return_size_place_and_unit() {
    for map in [map("height", "m", 1e-9), map("phase", "deg", 3.0), map("amplitude", "m", 2e-9), map("deflection", "V", 0.1)] {
        for (numbers, tolerance) in
            [(ParkNumbers::Float, SINGLE), (ParkNumbers::Short, SIXTEEN), (ParkNumbers::Long, THIRTY_TWO)]
        {
            let bytes = park_bytes("f", &map, &ParkScan { numbers, ..ParkScan::default() }).unwrap();
            same_maps(&format!("park {numbers:?}"), &bytes, std::slice::from_ref(&map), tolerance);
        }
        for (numbers, tolerance) in
            [(WsxmNumbers::Double, 1e-12), (WsxmNumbers::Float, SINGLE), (WsxmNumbers::Short, 2.0 * SIXTEEN)]
        {
            let bytes = wsxm_bytes("f", &map, &WsxmScan { numbers, ..WsxmScan::default() }).unwrap();
            let mut expected = map.clone();
            if numbers == WsxmNumbers::Short {
                // The format keeps no zero; the digits were written around the middle of the range.
                let info = ChannelInfo::of(&map);
                expected.values.mapv_inplace(|value| value - 0.5 * (info.min + info.max));
            }
            same_maps(&format!("wsxm {numbers:?}"), &bytes, &[expected], tolerance);
        }
    }
}

#[test]
fn files_of_several_channels_return_size_place_and_unit() {
    let both = both_ways();
    // Groups: all trace maps, then all retrace maps.
    let grouped = [both[0].clone(), both[2].clone(), both[1].clone(), both[3].clone()];
    for (bits, tolerance) in [(NidBits::Sixteen, SIXTEEN), (NidBits::ThirtyTwo, THIRTY_TWO)] {
        same_maps(&format!("nid {bits:?}"), &nid_bytes("f", &both, bits).unwrap(), &grouped, tolerance);
    }
    for slow in [SlowAxis::Up, SlowAxis::Down] {
        same_maps(&format!("sxm {slow:?}"), &sxm_bytes("f", &both, slow).unwrap(), &both, SINGLE);
        same_maps(&format!("sxm {slow:?}"), &sxm_bytes("f", &maps(), slow).unwrap(), &maps(), SINGLE);
    }
    same_maps("jpk", &jpk_bytes("f", &both).unwrap(), &both, THIRTY_TWO);
    same_maps("mdt arrays", &mdt_bytes("f", &both, MdtFrames::Arrays).unwrap(), &both, 1e-12);
    // Steps and offsets of scanned frames are 32-bit floats.
    same_maps("mdt scanned", &mdt_bytes("f", &both, MdtFrames::Scanned).unwrap(), &both, SIXTEEN + SINGLE);
}

#[test]
fn digits_tell_their_step_and_floats_do_not() {
    let one = map("height", "m", 1e-9);
    let step = |bytes: &[u8]| maps_of(&open_bytes("f", bytes, None).unwrap())[0].least_significant_bit;
    let range = ChannelInfo::of(&one).max - ChannelInfo::of(&one).min;
    let short = park_bytes("f", &one, &ParkScan { numbers: ParkNumbers::Short, ..ParkScan::default() }).unwrap();
    for bytes in [short, nid_bytes("f", std::slice::from_ref(&one), NidBits::Sixteen).unwrap()] {
        let step = step(&bytes).unwrap();
        assert!((step * 1.9 * 32_767.0 / range - 1.0).abs() < 1e-9, "{step:e}");
    }
    assert_eq!(step(&park_bytes("f", &one, &ParkScan::default()).unwrap()), None);
    assert_eq!(step(&sxm_bytes("f", &[one], SlowAxis::Up).unwrap()), None);
}

#[test]
fn jpk_files_state_the_amplitudes_of_the_feedback() {
    let loaded = open_bytes("f", &jpk_bytes("f", &maps()).unwrap(), None).unwrap();
    let value = |key: &str| loaded.constants.iter().find(|constant| constant.key == key).unwrap().quantity.value;
    assert!((value("amplitude_sensitivity") / 15e-9 - 1.0).abs() < 1e-12);
    assert!((value("free_amplitude") / 30e-9 - 1.0).abs() < 1e-12);
    assert!((value("setpoint_amplitude") / 22.5e-9 - 1.0).abs() < 1e-12);
}

#[test]
fn an_uncalibrated_cantilever_is_a_placeholder() {
    let note = [("SpringConstant", "1".to_owned()), ("ThermalQ", "20".to_owned())];
    let bytes = ibw_bytes("f", &maps(), &note, IbwNumbers::default()).unwrap();
    let loaded = open_bytes("f", &bytes, None).unwrap();
    assert!(loaded.constants.iter().all(|constant| matches!(constant.status, ConstantStatus::Placeholder { .. })));
    assert_eq!(loaded.constants.len(), 2);
    let info = amorph_io::FileInfo::of(&loaded);
    assert_eq!((info.constants.found.len(), info.constants.placeholders.len()), (0, 2));
    assert!(info.constants.absent.iter().any(|place| place.key == "free_phase" && place.place.contains("FreeAirPhase")));
}

#[test]
fn version_2_waves_are_tables() {
    for big_endian in [false, true] {
        let loaded = open_bytes("f", &common::wave_2(big_endian), None).unwrap();
        let Data::Table(table) = &loaded.data else { panic!("a table is expected") };
        let (unit, position) = table.numbers("position").unwrap();
        assert_eq!((unit.symbol(), position[10]), ("s", 0.51));
        let (unit, values) = table.numbers("abc").unwrap();
        assert_eq!((unit.symbol(), values[10], values.len()), ("V", 2.5, 40));
        assert_eq!(loaded.metadata.get("Key"), Some("12.5"));
    }
}
