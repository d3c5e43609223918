//! Files of electron microscopes: written ones are read back to the last bit, and every row of bad input (spec 32, section 7).
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::path::{Path, PathBuf};

use amorph_core::data::{AxisRole, Data, Loaded, Pixels, ScanAxis};
use amorph_io::testfiles::{
    blo_bytes, dectris_bytes, dectris_master_bytes, dm_bytes, emd_bytes, hspy_bytes, mat_bytes, mib_bytes, mrc_bytes, ramp,
    ser_bytes, tiff_bytes, velox_bytes, zspy_bytes, zspy_members,
};
use amorph_io::{
    FrameOptions, IoError, RawLayout, RawPixel, TraceOptions, look_with, open, open_bytes, open_bytes_with, open_with,
};
use common::{DM_AXES, HSPY_AXES};

/// Shape, roles and pixels, read in pieces that begin and end anywhere.
fn read(loaded: &Loaded) -> (Vec<usize>, Vec<AxisRole>, Vec<f64>) {
    let mut pixels = Pixels::empty(amorph_core::data::PixelType::U8);
    let mut values = Vec::new();
    let roles = |axes: &[ScanAxis]| axes.iter().map(|axis| axis.role).collect();
    match &loaded.data {
        Data::Scan(scan) => {
            for first in (0..scan.n_present).step_by(4) {
                scan.read(first..(first + 4).min(scan.n_present), &mut pixels).unwrap();
                values.extend(pixels.to_f64());
            }
            (scan.shape().to_vec(), roles(&scan.axes[..]), values)
        }
        Data::Stack(stack) => {
            for first in (0..stack.n_present).step_by(2) {
                stack.read(first..(first + 2).min(stack.n_present), &mut pixels).unwrap();
                values.extend(pixels.to_f64());
            }
            (stack.shape(), roles(&stack.axes), values)
        }
        Data::Maps(maps) => {
            let (rows, columns) = maps[0].shape();
            (vec![rows, columns], Vec::new(), maps[0].values.iter().copied().collect())
        }
        other => panic!("frames are expected, found {}", other.kind()),
    }
}

fn floats(values: &[u16]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

const SCAN: [AxisRole; 4] = [AxisRole::ScanY, AxisRole::ScanX, AxisRole::DetectorY, AxisRole::DetectorX];

fn options(frames: FrameOptions) -> TraceOptions {
    TraceOptions { frames, ..TraceOptions::default() }
}

/// What is there is read, as a scan of this shape where there is one.
fn partial(scan_shape: Option<[usize; 2]>) -> FrameOptions {
    FrameOptions { partial: true, scan_shape, ..FrameOptions::default() }
}

fn message(bytes: &[u8]) -> String {
    open_bytes("scan", bytes, None).unwrap_err().to_string()
}

fn contains(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "'{word}' is not in: {message}");
    }
}

#[test]
fn scans_are_read_back() {
    let shape = [2, 3, 4, 5];
    let values = ramp(&shape);
    for gzip in [false, true] {
        let loaded = open_bytes("a", &emd_bytes(shape, gzip, &values), None).unwrap();
        assert_eq!(read(&loaded), (shape.to_vec(), SCAN.to_vec(), floats(&values)), "gzip {gzip}");
        assert_eq!(loaded.source.format, "emd");
        let q = loaded.constants.iter().find(|constant| constant.key == "q_pixel").unwrap();
        assert!((q.quantity.value / 2e8 - 1.0).abs() < 1e-12);
    }
    let loaded = open_bytes("a", &hspy_bytes(&shape, &HSPY_AXES, &values), None).unwrap();
    assert_eq!(read(&loaded), (shape.to_vec(), SCAN.to_vec(), floats(&values)));
    assert_eq!((loaded.source.format.as_str(), loaded.source.format_version.as_deref()), ("hspy", Some("3.1")));
    let square = [2, 3, 6, 6];
    let values = ramp(&square);
    let loaded = open_bytes("a", &blo_bytes([2, 3, 6], true, &values), None).unwrap();
    assert_eq!(read(&loaded), (square.to_vec(), SCAN.to_vec(), floats(&values)));
    let loaded = open_bytes("a", &blo_bytes([2, 3, 6], false, &values), None).unwrap();
    assert_eq!(read(&loaded).2, values.iter().map(|value| f64::from(*value as u8)).collect::<Vec<_>>());
}

#[test]
fn series_are_read_back_and_become_scans_by_their_shape() {
    let shape = [6, 5, 7];
    let values = ramp(&shape);
    let series = vec![AxisRole::Time, AxisRole::DetectorY, AxisRole::DetectorX];
    for bytes in [1, 2, 4] {
        let file = mib_bytes(shape, bytes, &values);
        let expected: Vec<f64> = values.iter().map(|value| f64::from(if bytes == 1 { value % 256 } else { *value })).collect();
        assert_eq!(read(&open_bytes("a", &file, None).unwrap()), (shape.to_vec(), series.clone(), expected.clone()));
        let shaped = options(FrameOptions { scan_shape: Some([2, 3]), ..FrameOptions::default() });
        let loaded = open_bytes_with("a", &file, None, &shaped).unwrap();
        assert_eq!(read(&loaded), (vec![2, 3, 5, 7], SCAN.to_vec(), expected.clone()));
        // One frame before, one after each of two rows: positions are frames 1, 2, 4, 5 (the last way back is not recorded).
        let flying = FrameOptions { scan_shape: Some([2, 2]), skip_frames: 1, flyback_frames: 1, ..FrameOptions::default() };
        let picked: Vec<f64> = [1, 2, 4, 5].iter().flat_map(|frame| expected[frame * 35..(frame + 1) * 35].to_vec()).collect();
        assert_eq!(read(&open_bytes_with("a", &file, None, &options(flying)).unwrap()).2, picked);
    }
    let small = [3, 4, 5];
    let values = ramp(&small);
    for big_endian in [false, true] {
        let loaded = open_bytes("a", &mrc_bytes(small, false, big_endian, &values), None).unwrap();
        assert_eq!(read(&loaded), (small.to_vec(), vec![AxisRole::Time, AxisRole::ScanY, AxisRole::ScanX], floats(&values)));
        let loaded = open_bytes("a", &mrc_bytes(small, true, big_endian, &values), None).unwrap();
        assert_eq!(read(&loaded).1[0], AxisRole::Depth);
    }
    let shaped = options(FrameOptions { scan_shape: Some([1, 3]), ..FrameOptions::default() });
    let loaded = open_bytes_with("a", &mrc_bytes(small, false, false, &values), None, &shaped).unwrap();
    assert_eq!(read(&loaded), (vec![1, 3, 4, 5], SCAN.to_vec(), floats(&values)));
    for (is_packed, big_endian) in [(false, false), (true, false), (false, true), (true, true)] {
        let loaded = open_bytes("a", &mat_bytes(small, is_packed, big_endian, &values), None).unwrap();
        assert_eq!(read(&loaded), (small.to_vec(), vec![AxisRole::Depth, AxisRole::ScanY, AxisRole::ScanX], floats(&values)));
    }
    for wide in [false, true] {
        let loaded = open_bytes("a", &ser_bytes(small, wide, &values), None).unwrap();
        assert_eq!((read(&loaded).0, read(&loaded).2), (small.to_vec(), floats(&values)));
    }
    for big_endian in [false, true] {
        let loaded = open_bytes("a", &tiff_bytes(small, big_endian, &values), None).unwrap();
        assert_eq!(read(&loaded), (small.to_vec(), vec![AxisRole::Time, AxisRole::ScanY, AxisRole::ScanX], floats(&values)));
        assert!((loaded.constants[0].quantity.value / 0.5e-9 - 1.0).abs() < 1e-12);
        let loaded = open_bytes_with("a", &tiff_bytes(small, big_endian, &values), None, &shaped).unwrap();
        assert_eq!(read(&loaded).0, [1, 3, 4, 5]);
        let loaded = open_bytes("a", &tiff_bytes([1, 4, 5], big_endian, &values[..20]), None).unwrap();
        assert_eq!(read(&loaded), (vec![4, 5], vec![], floats(&values[..20])));
    }
    let one = ser_bytes([1, 4, 5], false, &values[..20]);
    assert_eq!(read(&open_bytes("a", &one, None).unwrap()), (vec![4, 5], vec![], floats(&values[..20])));
    let loaded = open_bytes("a", &velox_bytes(small, &values), None).unwrap();
    assert_eq!(read(&loaded), (small.to_vec(), vec![AxisRole::Time, AxisRole::ScanY, AxisRole::ScanX], floats(&values)));
    let loaded = open_bytes("a", &velox_bytes([1, 4, 5], &values[..20]), None).unwrap();
    assert_eq!(read(&loaded), (vec![4, 5], vec![], floats(&values[..20])));
    let Data::Maps(maps) = &loaded.data else { panic!("a map is expected") };
    assert_eq!(maps[0].name, "HAADF");
    assert!((maps[0].pixel_pitch().unwrap().0 / 2e-10 - 1.0).abs() < 1e-9);
}

#[test]
fn frames_written_as_npy_come_back_with_their_axes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.npy");
    let shape = [2, 3, 4, 5];
    let files = [
        emd_bytes(shape, false, &ramp(&shape)),
        hspy_bytes(&shape, &HSPY_AXES, &ramp(&shape)),
        blo_bytes([2, 3, 6], false, &ramp(&[2, 3, 6, 6])),
        dm_bytes(4, &[4, 3, 5], &DM_AXES, &ramp(&[4, 3, 5])),
        mrc_bytes([3, 4, 5], true, true, &ramp(&[3, 4, 5])),
        mib_bytes([6, 5, 7], 4, &ramp(&[6, 5, 7])),
    ];
    for (number, bytes) in files.iter().enumerate() {
        let first = open_bytes("a", bytes, None).unwrap();
        let seen = std::cell::Cell::new((0, 0));
        amorph_io::write_frames(&path, &first.data, &first.metadata, |done, total| seen.set((done, total))).unwrap();
        assert!(seen.get().0 == seen.get().1 && seen.get().0 > 1, "{number}");
        let again = open(&path).unwrap();
        assert_eq!(read(&again), read(&first), "{number}");
        let axes = |loaded: &Loaded| match &loaded.data {
            Data::Scan(scan) => scan.axes.to_vec(),
            Data::Stack(stack) => stack.axes.clone(),
            other => panic!("frames are expected, found {}", other.kind()),
        };
        assert_eq!(axes(&again), axes(&first), "{number}");
        let said = |loaded: &Loaded| -> Vec<_> {
            loaded.metadata.entries.iter().filter(|entry| entry.section != "axes").cloned().collect()
        };
        assert_eq!(said(&again), said(&first), "{number}");
        // Nothing but the file and its sidecar is left.
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
    // Of what is cut the whole rows are written.
    let cut = open_bytes_with("a", &files[5][..files[5].len() - 10], None, &options(partial(None))).unwrap();
    assert_eq!(amorph_io::whole_rows(&cut.data), Some((5, 6)));
    amorph_io::write_frames(&path, &cut.data, &cut.metadata, |_, _| {}).unwrap();
    let (shape, _, pixels) = read(&open(&path).unwrap());
    assert_eq!((shape, pixels), (vec![5, 5, 7], read(&open_bytes("a", &files[5], None).unwrap()).2[..175].to_vec()));
    let cut = open_bytes_with("a", &files[5][..files[5].len() / 2], None, &options(partial(Some([1, 6])))).unwrap();
    let refused = amorph_io::write_frames(&path, &cut.data, &cut.metadata, |_, _| {}).unwrap_err().to_string();
    contains(&refused, &["3 frames are there and no row is whole"]);
    let sidecar = r#"{ "format": "amorph-scan-1", "axes": [{ "role": "time" }] }"#;
    std::fs::write(amorph_io::sidecar::path_of(&path), sidecar).unwrap();
    contains(&open(&path).unwrap_err().to_string(), &["out.npy.json", "1 axes", "every axis"]);
}

#[test]
fn frames_written_for_hyperspy_come_back_with_their_axes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.hspy");
    let shape = [2, 3, 4, 5];
    let files = [
        emd_bytes(shape, false, &ramp(&shape)),
        hspy_bytes(&shape, &HSPY_AXES, &ramp(&shape)),
        blo_bytes([2, 3, 6], false, &ramp(&[2, 3, 6, 6])),
        dm_bytes(4, &[4, 3, 5], &DM_AXES, &ramp(&[4, 3, 5])),
        mrc_bytes([3, 4, 5], true, true, &ramp(&[3, 4, 5])),
        mib_bytes([6, 5, 7], 4, &ramp(&[6, 5, 7])),
    ];
    for (number, bytes) in files.iter().enumerate() {
        let first = open_bytes("a", bytes, None).unwrap();
        amorph_io::write_frames_hspy(&path, &first.data, &first.metadata, |_, _| {}).unwrap();
        let again = open(&path).unwrap();
        assert_eq!(again.source.format, "hspy");
        let ((shape, _, pixels), (same_shape, _, same_pixels)) = (read(&first), read(&again));
        assert_eq!((shape, pixels), (same_shape, same_pixels), "{number}");
        let axes = |loaded: &Loaded| -> Vec<(String, Option<f64>, amorph_core::unit::Unit)> {
            let axes = match &loaded.data {
                Data::Scan(scan) => scan.axes.to_vec(),
                Data::Stack(stack) => stack.axes.clone(),
                other => panic!("frames are expected, found {}", other.kind()),
            };
            axes.into_iter().map(|axis| (axis.name, axis.step, axis.unit)).collect()
        };
        assert_eq!(axes(&again), axes(&first), "{number}");
    }
    let cut = open_bytes_with("a", &files[5][..files[5].len() - 10], None, &options(partial(Some([3, 2])))).unwrap();
    amorph_io::write_frames_hspy(&path, &cut.data, &cut.metadata, |_, _| {}).unwrap();
    assert_eq!(read(&open(&path).unwrap()).0, [2, 2, 5, 7]);
}

#[test]
fn what_a_file_says_about_the_instrument_is_carried_on() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let path = written(folder.path(), "scan.mib", &mib_bytes([6, 5, 7], 1, &ramp(&[6, 5, 7])));
    written(folder.path(), "scan.hdr", b"HDR,\nHigh voltage/kV:\t200\nGain:\t1.5\nGain:\t2\nSensor Material:\t\xb5m\nEnd");
    let first = open(&path).unwrap();
    amorph_io::write_frames(&at("out.npy"), &first.data, &first.metadata, |_, _| {}).unwrap();
    let again = open(&at("out.npy")).unwrap();
    assert_eq!((again.metadata.get("High voltage/kV"), again.metadata.get("Sensor Material")), (Some("200"), Some("µm")));
    amorph_io::write_frames_hspy(&at("out.hspy"), &first.data, &first.metadata, |_, _| {}).unwrap();
    let again = open(&at("out.hspy")).unwrap();
    // A slash would be a group within the group; names that come again are numbered.
    for (key, value) in [("High voltage-kV", "200"), ("Gain", "1.5"), ("Gain (2)", "2"), ("exposure (s)", "0.100000")] {
        assert_eq!(again.metadata.get(key), first.metadata.get(key).or(Some(value)), "{key}");
    }
    // HyperSpy has no axis of time without a unit: the frames are the same.
    let frames = |loaded: &Loaded| read(loaded).2;
    assert_eq!(frames(&again), frames(&first));
    // Texts of any length and number leave the pixels where they are.
    let mut long = first.metadata.clone();
    (0..3000).for_each(|i| long.push(&format!("section {}", i % 7), &format!("key {i}"), &"x".repeat(i)));
    long.push("", ".", "a\0b");
    amorph_io::write_frames_hspy(&at("out.hspy"), &first.data, &long, |_, _| {}).unwrap();
    assert_eq!(frames(&open(&at("out.hspy")).unwrap()), frames(&first));
}

#[test]
fn zarr_archives_are_read_without_unpacking() {
    let shape = [3, 4, 5, 7];
    let values = ramp(&shape);
    for (root, packed, deflated) in [("", false, false), ("ramp.zspy/", true, false), ("a/b/", false, true)] {
        let members = zspy_members(&shape, &HSPY_AXES, packed, &values);
        let loaded = open_bytes("ramp.zspy", &zspy_bytes(root, &members, deflated), None).unwrap();
        assert_eq!(read(&loaded), (shape.to_vec(), SCAN.to_vec(), floats(&values)), "{root}");
        assert_eq!(loaded.source.format, "zspy");
    }
    let members = zspy_members(&shape, &HSPY_AXES, false, &values);
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "ramp.zspy", &zspy_bytes("", &members, false));
    let loaded = open(&path).unwrap();
    let Data::Scan(scan) = &loaded.data else { panic!("a scan is expected") };
    assert!((scan.axes[3].usable_step("1/m").unwrap() / 0.05e9 - 1.0).abs() < 1e-12);
    assert!(loaded.notes.iter().all(|note| note.code != "ending"), "{:?}", loaded.notes);
    // A chunk that is absent holds the fill value.
    let without: Vec<_> = members.iter().filter(|(name, _)| !name.ends_with("/2.3.0.0")).cloned().collect();
    let mut expected = floats(&values);
    expected[11 * 35..].fill(0.0);
    assert_eq!(read(&open_bytes("ramp.zspy", &zspy_bytes("", &without, true), None).unwrap()).2, expected);
    // The index of an archive stands at its end.
    let whole = zspy_bytes("", &members, false);
    message(&whole[..whole.len() - 40]);
    // An archive that holds something else is none of this.
    let other = zspy_bytes("", &[("Experiments/readme.txt".to_owned(), b"nothing".to_vec())], false);
    assert!(!message(&other).contains("zarr"));
}

#[test]
fn a_master_file_brings_the_data_files_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let values = ramp(&[6, 5, 7]);
    let series = vec![AxisRole::Time, AxisRole::DetectorY, AxisRole::DetectorX];
    for gzip in [false, true] {
        let loaded = open_bytes("a", &dectris_bytes([6, 5, 7], gzip, &values), None).unwrap();
        assert_eq!(
            (loaded.source.format.as_str(), read(&loaded)),
            ("dectris", (vec![6, 5, 7], series.clone(), floats(&values)))
        );
    }
    let master = written(folder.path(), "s_master.h5", &dectris_master_bytes());
    let alone = amorph_io::open(&master).unwrap_err().to_string();
    contains(&alone, &["s_master.h5", "s_data_000001.h5", "same folder"]);
    written(folder.path(), "s_data_000001.h5", &dectris_bytes([4, 5, 7], true, &values[..140]));
    written(folder.path(), "s_data_000002.h5", &dectris_bytes([2, 5, 7], true, &values[140..]));
    let loaded = amorph_io::open(&master).unwrap();
    assert_eq!(read(&loaded), (vec![6, 5, 7], series, floats(&values)));
    let shaped = options(FrameOptions { scan_shape: Some([2, 3]), ..FrameOptions::default() });
    let loaded = amorph_io::open_with(&master, &shaped).unwrap();
    assert_eq!(read(&loaded), (vec![2, 3, 5, 7], SCAN.to_vec(), floats(&values)));
    // The data files are part of the content.
    let digest = loaded.source.sha256.clone();
    assert_eq!(amorph_io::companions(&master).len(), 2);
    let other: Vec<u16> = values[140..].iter().map(|value| value ^ 1).collect();
    written(folder.path(), "s_data_000002.h5", &dectris_bytes([2, 5, 7], true, &other));
    assert_ne!(amorph_io::open(&master).unwrap().source.sha256, digest);
    // A data file of another size is not part of the series.
    written(folder.path(), "s_data_000002.h5", &dectris_bytes([2, 7, 5], true, &values[140..]));
    contains(&amorph_io::open(&master).unwrap_err().to_string(), &["s_data_000002.h5", "shape"]);
}

#[test]
fn digital_micrograph_is_read_back_with_its_axes() {
    for version in [3, 4] {
        let shape = [3, 4, 5];
        let values = ramp(&shape);
        let loaded = open_bytes("a", &dm_bytes(version, &shape, &DM_AXES, &values), None).unwrap();
        let roles = vec![AxisRole::Energy, AxisRole::ScanY, AxisRole::ScanX];
        assert_eq!(read(&loaded), (shape.to_vec(), roles, floats(&values)));
        assert_eq!(loaded.source.format_version, Some(version.to_string()));
        let Data::Stack(stack) = &loaded.data else { panic!("a stack is expected") };
        assert_eq!((stack.axes[0].step, stack.axes[0].offset), (Some(1.0), Some(300.0)));
        let axes = [(0.5, 0.0, "nm"), (0.5, 0.0, "nm"), (0.1, 0.0, "1/nm"), (0.1, 0.0, "1/nm")];
        let four = [2, 3, 4, 5];
        let loaded = open_bytes("a", &dm_bytes(version, &four, &axes, &ramp(&four)), None).unwrap();
        assert_eq!(read(&loaded), (four.to_vec(), SCAN.to_vec(), floats(&ramp(&four))));
        // Stored the other way round, the axes keep their places: nothing is swapped silently.
        let turned = [axes[2], axes[3], axes[0], axes[1]];
        let loaded = open_bytes("a", &dm_bytes(version, &four, &turned, &ramp(&four)), None).unwrap();
        assert_eq!(read(&loaded).1, [SCAN[2], SCAN[3], SCAN[0], SCAN[1]]);
    }
}

#[test]
fn bare_frames_need_a_layout() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frames.raw");
    let shape = [6, 4, 5];
    let values = ramp(&shape);
    let mut bytes = vec![9; 10];
    for frame in values.chunks(20) {
        bytes.extend(frame.iter().flat_map(|value| value.to_be_bytes()));
        bytes.extend([7; 4]);
    }
    std::fs::write(&path, &bytes).unwrap();
    contains(&open(&path).unwrap_err().to_string(), &["frames.raw", "274 bytes", "detector_shape", "scan_shape"]);
    let layout = |detector_shape| RawLayout {
        detector_shape,
        pixel: RawPixel::parse("uint16").unwrap(),
        big_endian: true,
        header_bytes: 10,
        gap_bytes: 4,
    };
    let said = |shape, scan_shape| options(FrameOptions { raw: Some(layout(shape)), scan_shape, ..FrameOptions::default() });
    let loaded = open_with(&path, &said([4, 5], Some([3, 2]))).unwrap();
    assert_eq!(read(&loaded), (vec![3, 2, 4, 5], SCAN.to_vec(), floats(&values)));
    contains(&open_with(&path, &said([4, 5], Some([4, 2]))).unwrap_err().to_string(), &["6 frames", "4 x 2", "2 x 3"]);
    contains(&open_with(&path, &said([40, 50], None)).unwrap_err().to_string(), &["40 x 50", "4000 bytes", "264"]);
    contains(&open_with(&path, &said([usize::MAX, 2], None)).unwrap_err().to_string(), &["detector_shape"]);
    let square = folder.path().join("square.raw");
    std::fs::write(&square, vec![0xfe; 3 * 64 * 64 * 2]).unwrap();
    contains(&open(&square).unwrap_err().to_string(), &["3 of 64 x 64 uint16"]);
}

#[test]
fn empad_scans_are_read_by_their_description() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.raw");
    let mut bytes = Vec::new();
    for frame in 0..6 {
        for pixel in 0..130 * 128 {
            bytes.extend(((frame * 100_000 + pixel) as f32).to_le_bytes());
        }
    }
    std::fs::write(&path, &bytes).unwrap();
    let xml = |y: usize| {
        format!(
            "<root><raw_file filename=\"scan.raw\"/><scan_parameters mode=\"search\"><scan_resolution_x>9</scan_resolution_x></scan_parameters><scan_parameters mode=\"acquire\"><scan_resolution_x>3</scan_resolution_x><scan_resolution_y>{y}</scan_resolution_y></scan_parameters></root>"
        )
    };
    std::fs::write(folder.path().join("scan.xml"), xml(2)).unwrap();
    let loaded = open(&path).unwrap();
    let (shape, _, values) = read(&loaded);
    assert_eq!((shape, loaded.source.format.as_str()), (vec![2, 3, 128, 128], "empad"));
    assert_eq!((values[128 * 128 - 1], values[128 * 128]), (16_383.0, 100_000.0));
    std::fs::write(folder.path().join("scan.xml"), xml(1)).unwrap();
    contains(&open(&path).unwrap_err().to_string(), &["6 frames", "1 x 3"]);
    std::fs::write(folder.path().join("scan.xml"), xml(3)).unwrap();
    contains(&open(&path).unwrap_err().to_string(), &["scan.raw", "promises 9 frames", "6 whole", "--partial"]);
    let Data::Scan(scan) = open_with(&path, &options(partial(None))).unwrap().data else { panic!("a scan is expected") };
    assert_eq!((scan.n_frames(), scan.n_present), (9, 6));
}

#[test]
fn absurd_headers_are_refused_before_anything_is_allocated() {
    let text = |from: &str, to: &str| {
        let bytes = mib_bytes([6, 5, 7], 2, &ramp(&[6, 5, 7]));
        let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
        [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
    };
    contains(&message(&text("U16", "R64")), &["R64", "counter depth", "U08, U16 or U32"]);
    contains(&message(&text("U16", "U77")), &["pixel type", "'U77'"]);
    contains(&message(&text("00384", "00000")), &["header bytes", "'0'"]);
    contains(&message(&text("0007,0005", "9999999,5")), &["width and height"]);
    contains(&message(&text("0007,0005", "-7,5")), &["width", "'-7'"]);
    let mut bytes = blo_bytes([2, 3, 6], false, &ramp(&[2, 3, 6, 6]));
    bytes[6] = 77;
    contains(&message(&bytes), &["magic number", "'333'", "258"]);
    let mut bytes = mrc_bytes([3, 4, 5], false, false, &ramp(&[3, 4, 5]));
    bytes[..4].copy_from_slice(&(-5i32).to_le_bytes());
    contains(&message(&bytes), &["nx", "'-5'"]);
    bytes[..12].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f].repeat(3));
    contains(&message(&bytes), &["the header is damaged"]);
    let mut bytes = mrc_bytes([3, 4, 5], false, false, &ramp(&[3, 4, 5]));
    bytes[12] = 4;
    contains(&message(&bytes), &["mode", "'4'"]);
    // A tree of groups without end, and more tags than there are bytes.
    let mut deep = vec![0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1];
    (0..100).for_each(|_| deep.extend([20, 0, 1, b'a', 1, 0, 0, 0, 0, 1]));
    contains(&message(&deep), &["nested more than 64 deep"]);
    let many = [0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0x7f, 0xff, 0xff, 0xff];
    contains(&message(&many), &["the number of tags", "2147483647"]);
    let negative = [0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0xff, 0xff, 0xff, 0xff];
    contains(&message(&negative), &["the number of tags", "'-1'"]);
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn the_content_counts_and_not_the_ending() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "scan.blo", &mib_bytes([6, 5, 7], 1, &ramp(&[6, 5, 7])));
    let loaded = open(&path).unwrap();
    let note = loaded.notes.iter().find(|note| note.code == "ending").unwrap();
    contains(&note.message, &[".blo", "NanoMEGAS", "Merlin"]);
    let unknown = written(folder.path(), "scan.mib", b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10");
    contains(
        &open(&unknown).unwrap_err().to_string(),
        &["scan.mib", "unknown format", "0f 10", "Merlin detector frames", "NanoMEGAS"],
    );
    let empty = written(folder.path(), "empty.mib", b"");
    assert!(matches!(open(&empty), Err(IoError::Empty { .. })));
    contains(&open(folder.path()).unwrap_err().to_string(), &["cannot read"]);
    contains(&open(&folder.path().join("none.mib")).unwrap_err().to_string(), &["none.mib"]);
}

#[test]
fn a_look_at_a_long_file_is_short() {
    let folder = tempfile::tempdir().unwrap();
    // 4 GiB of holes behind one header.
    let path = written(folder.path(), "long.mib", &mib_bytes([1, 256, 256], 2, &ramp(&[1, 256, 256])));
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_len(4 << 30).unwrap();
    // Its last frame is cut.
    contains(&look_with(&path, &TraceOptions::default()).unwrap_err().to_string(), &["long.mib", "partial"]);
    let loaded = look_with(&path, &options(partial(None))).unwrap();
    let Data::Stack(stack) = &loaded.data else { panic!("a stack is expected") };
    assert_eq!(stack.n_present as u64, (4u64 << 30) / (384 + 2 * 65536));
    // Nothing of its 4 GiB was hashed.
    assert!(loaded.source.sha256.is_empty());
    // Frames that carry no header are said.
    assert!(loaded.notes.iter().any(|note| note.code == "frame_headers"));
}

#[test]
fn a_sidecar_gives_the_shape_of_a_scan() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "scan.mib", &mib_bytes([6, 5, 7], 1, &ramp(&[6, 5, 7])));
    written(folder.path(), "scan.mib.json", br#"{ "format": "amorph-scan-1", "scan_shape": [3, 2] }"#);
    assert_eq!(read(&open(&path).unwrap()).0, [3, 2, 5, 7]);
    let shaped = options(FrameOptions { scan_shape: Some([2, 3]), ..FrameOptions::default() });
    assert_eq!(read(&open_with(&path, &shaped).unwrap()).0, [2, 3, 5, 7]);
    written(folder.path(), "scan.mib.json", br#"{ "format": "amorph-scan-1", "scan_shape": [4, 2] }"#);
    contains(&open(&path).unwrap_err().to_string(), &["6 frames", "4 x 2"]);
    // The words of a file in another encoding are kept.
    written(folder.path(), "scan.hdr", b"HDR,\nSensor Material:\t\xb5m \xc5\nEnd");
    std::fs::remove_file(folder.path().join("scan.mib.json")).unwrap();
    assert_eq!(open(&path).unwrap().metadata.get("Sensor Material"), Some("µm Å"));
}

#[test]
fn a_slice_that_is_not_there_is_an_error() {
    let file = mib_bytes([6, 5, 7], 1, &ramp(&[6, 5, 7]));
    let said = options(FrameOptions { slice: Some(1), ..FrameOptions::default() });
    contains(&open_bytes_with("scan", &file, None, &said).unwrap_err().to_string(), &["slice", "6 time x 5 detector_y"]);
}

#[test]
fn an_array_of_three_axes_is_a_stack_until_a_scan_shape_is_stated() {
    let folder = tempfile::tempdir().unwrap();
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 2, 3), }";
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    let padded = format!("{header:<117}\n");
    bytes.extend(u16::try_from(padded.len()).unwrap().to_le_bytes());
    bytes.extend(padded.bytes());
    bytes.extend((0..36u8).flat_map(|value| f32::from(value).to_le_bytes()));
    let path = written(folder.path(), "volume.npy", &bytes);
    let loaded = open(&path).unwrap();
    let Data::Stack(stack) = &loaded.data else { panic!("a stack is expected") };
    assert_eq!((stack.shape(), stack.n_present), (vec![6, 2, 3], 6));
    let shaped = options(FrameOptions { scan_shape: Some([2, 3]), ..FrameOptions::default() });
    let Data::Scan(scan) = open_with(&path, &shaped).unwrap().data else { panic!("a scan is expected") };
    assert_eq!(scan.shape(), [2, 3, 2, 3]);
}
