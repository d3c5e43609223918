//! `info`, `formats` and `convert` on files of several makers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};

use amorph::core::data::{Data, Direction, Extent, Map};
use amorph::core::unit::Unit;
use amorph::io::testfiles::{NidBits, ParkScan, write_jpk, write_nid, write_park};
use amorph::io::{ChannelInfo, open};
use assert_cmd::Command;
use ndarray::Array2;
use serde_json::Value;

fn amorph() -> Command {
    let mut command = Command::cargo_bin("amorph").unwrap();
    command.env("NO_COLOR", "1").env("COLUMNS", "200");
    command
}

fn map(quantity: &str, unit: &str, scale: f64, direction: Direction) -> Map {
    let values = Array2::from_shape_fn((24, 32), |(row, column)| {
        scale * ((row * 32 + column) as f64 * 0.37).sin() + scale * (row as f64 - 0.3 * column as f64)
    });
    let mut map = Map::new(quantity, values, Unit::of(unit), Some(Extent::metres(400e-9, 300e-9)));
    map.direction = Some(direction);
    map
}

/// A folder with a JPK, a Nanosurf and a Park file.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let maps = [
        map("height", "m", 1e-9, Direction::Trace),
        map("height", "m", 1.2e-9, Direction::Retrace),
        map("phase", "deg", 3.0, Direction::Trace),
    ];
    write_jpk(&folder.path().join("scan.jpk"), &maps).unwrap();
    write_nid(&folder.path().join("scan.nid"), &maps, NidBits::ThirtyTwo).unwrap();
    write_park(&folder.path().join("scan.tiff"), &maps[0], &ParkScan::default()).unwrap();
    folder
}

fn told(output: &[u8]) -> String {
    String::from_utf8_lossy(output).into_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn maps(path: &Path) -> Vec<Map> {
    match open(path).unwrap().data {
        Data::Maps(maps) => maps,
        other => panic!("maps are expected, found {}", other.kind()),
    }
}

#[test]
fn formats_are_listed_and_shown() {
    let list = told(&amorph().arg("formats").assert().success().get_output().stdout);
    for format in amorph::io::formats() {
        assert!(list.contains(format.id), "{} is not in: {list}", format.id);
        let one = told(&amorph().args(["formats", format.id]).assert().success().get_output().stdout);
        assert!(format.constants.iter().all(|constant| one.contains(constant.key)), "{one}");
        assert!(one.contains(format.layout.lines().next().unwrap()), "{one}");
    }
    amorph().args(["formats", ".stp"]).assert().success();
    let json = amorph().args(["formats", "--json"]).assert().success().get_output().stdout.clone();
    let listed: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), amorph::io::formats().len());
    assert!(listed[0]["constants"][0]["place"].is_string());
    let unknown = told(&amorph().args(["formats", "parc"]).assert().code(2).get_output().stderr);
    assert!(unknown.contains("did you mean 'park'?"), "{unknown}");
}

#[test]
fn many_files_get_one_line_each_and_a_broken_one_stops_none() {
    let folder = folder();
    std::fs::write(folder.path().join("broken.spm"), b"\\*File list\r\n").unwrap();
    let files: Vec<PathBuf> = names(folder.path()).iter().map(|name| folder.path().join(name)).collect();
    let output = amorph().arg("info").args(&files).assert().code(2).get_output().clone();
    let lines: Vec<String> = told(&output.stdout).lines().map(str::to_owned).collect();
    let line = |word: &str| lines.iter().find(|line| line.contains(word)).unwrap();
    for (word, format) in [("scan.jpk", "jpk"), ("scan.nid", "nid"), ("scan.tiff", "park")] {
        assert!(line(word).contains(format) && line(word).contains("32 × 24"), "{lines:?}");
    }
    assert!(told(&output.stderr).contains("broken.spm"));
    let full = told(&amorph().arg("info").arg("--full").args(&files[1..3]).assert().success().get_output().stdout);
    assert!(full.contains("LSB") && full.contains("invalid") && full.contains("drive_frequency"), "{full}");
}

#[test]
fn all_channels_are_drawn_on_one_sheet() {
    let folder = folder();
    let scan = folder.path().join("scan.jpk");
    let png = folder.path().join("sheet.png");
    amorph().arg("info").arg(&scan).arg("--picture").arg(&png).assert().success();
    assert!(std::fs::read(&png).unwrap().starts_with(b"\x89PNG"));
    let svg = folder.path().join("sheet.svg");
    amorph().arg("info").arg(&scan).arg("--picture").arg(&svg).assert().success();
    let drawing = std::fs::read_to_string(&svg).unwrap();
    assert!(drawing.contains("100 nm") && drawing.contains("Lock-In Phase") && drawing.contains(">°<"));
    let wrong = amorph().arg("info").arg(&scan).arg("--picture").arg(folder.path().join("sheet.gif")).assert().code(2);
    assert!(told(&wrong.get_output().stderr).contains(".png or .svg"));
}

#[test]
fn a_scan_is_drawn_and_a_cut_one_only_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let pixels: Vec<u16> = (0..2 * 3 * 8 * 6).map(|i| (i % 13) as u16).collect();
    let bytes = amorph::io::testfiles::npy_scan_bytes([2, 3, 8, 6], &pixels);
    std::fs::write(at("scan.npy"), &bytes).unwrap();
    amorph().arg("info").arg(at("scan.npy")).arg("--picture").arg(at("sheet.svg")).assert().success();
    let drawing = std::fs::read_to_string(at("sheet.svg")).unwrap();
    for name in ["frame 0", "frame 3", "frame 5", "mean of all frames", "log10 of the mean", "sum of every frame"] {
        assert!(drawing.contains(name), "{name}");
    }
    std::fs::write(at("cut.npy"), &bytes[..bytes.len() - 20]).unwrap();
    let refused = amorph().arg("info").arg(at("cut.npy")).assert().code(2);
    let message = told(&refused.get_output().stderr);
    assert!(message.contains("promises 6 frames, but holds 5") && message.contains("--partial"), "{message}");
    let shown = told(&amorph().args(["info", "--partial"]).arg(at("cut.npy")).assert().success().get_output().stdout);
    assert!(shown.contains("5 of 6") && shown.contains("absent, not zero"), "{shown}");
    amorph().arg("convert").arg(at("cut.npy")).arg("--to").arg(at("out.npy")).assert().code(2);
    let written = amorph().args(["convert", "--partial"]).arg(at("cut.npy")).arg("--to").arg(at("out.npy")).assert().success();
    assert!(told(&written.get_output().stderr).contains("1 of 2 rows are whole"));
    let again = told(&amorph().arg("info").arg(at("out.npy")).assert().success().get_output().stdout);
    assert!(again.contains("3 of 3"), "{again}");
}

#[test]
fn four_dimensional_scans_show_shape_type_and_size() {
    let folder = tempfile::tempdir().unwrap();
    let header = "{'descr': '<u2', 'fortran_order': False, 'shape': (3, 4, 16, 8), }\n";
    let mut bytes = [&b"\x93NUMPY\x01\x00"[..], &(header.len() as u16).to_le_bytes(), header.as_bytes()].concat();
    bytes.resize(bytes.len() + 3 * 4 * 16 * 8 * 2, 0);
    let path = folder.path().join("scan.npy");
    std::fs::write(&path, bytes).unwrap();
    let text = told(&amorph().arg("info").arg(&path).assert().success().get_output().stdout);
    for word in ["scan_y", "detector_x", "uint16", "3.000 KiB", "12 of 12", "3 x 4 positions, frames of 16 x 8"] {
        assert!(text.contains(word), "{word} is not in: {text}");
    }
    let json = amorph().args(["info", "--json"]).arg(&path).assert().success().get_output().stdout.clone();
    let listed: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(listed[0]["scan"]["shape"], serde_json::json!([3, 4, 16, 8]));
}

#[test]
fn maps_are_converted_and_nothing_is_overwritten_unasked() {
    let folder = folder();
    let path = |name: &str| folder.path().join(name);
    let convert = |from: &str, arguments: &[&str], to: &str| {
        amorph().arg("convert").arg(path(from)).args(arguments).arg("--to").arg(path(to)).assert()
    };
    let original = maps(&path("scan.jpk"));
    convert("scan.jpk", &[], "all.gwy").success();
    let converted = maps(&path("all.gwy"));
    assert_eq!(converted.len(), 3);
    for (original, converted) in original.iter().zip(&converted) {
        assert!(original.values == converted.values && original.direction == converted.direction);
        assert_eq!((&original.unit, &original.quantity), (&converted.unit, &converted.quantity));
    }
    let refused = told(&convert("scan.jpk", &[], "all.gwy").code(2).get_output().stderr);
    assert!(refused.contains("--force"), "{refused}");
    convert("scan.jpk", &["--force"], "all.gwy").success();

    let statistics = |map: &Map| {
        let info = ChannelInfo::of(map);
        [info.min, info.max, info.mean, info.rms]
    };
    let expected = statistics(&original[1]);
    for name in ["height.csv", "height.npy", "height.gsf", "height.gwy"] {
        convert("scan.jpk", &["--channel", "height retrace"], name).success();
        for (read, expected) in statistics(&maps(&path(name))[0]).iter().zip(expected) {
            assert!((read - expected).abs() < 1e-6 * expected.abs().max(1e-9), "{name}: {read} is not {expected}");
        }
    }
    // The sidecar is guarded like the file.
    std::fs::remove_file(path("height.csv")).unwrap();
    convert("scan.jpk", &["--channel", "1"], "height.csv").code(2);

    let ambiguous = told(&convert("scan.jpk", &["--channel", "height"], "h.npy").code(2).get_output().stderr);
    assert!(ambiguous.contains("[0]") && ambiguous.contains("[1]") && ambiguous.contains("retrace"), "{ambiguous}");
    let several = told(&convert("scan.jpk", &[], "several.csv").code(2).get_output().stderr);
    assert!(several.contains("--channel"), "{several}");
    let ending = told(&convert("scan.jpk", &[], "scan.tiff.png").code(2).get_output().stderr);
    assert!(ending.contains(".gwy"), "{ending}");
}

#[test]
fn several_files_go_into_a_folder() {
    let folder = folder();
    let to = folder.path().join("converted");
    let files = ["scan.jpk", "scan.nid", "scan.tiff"].map(|name| folder.path().join(name));
    amorph().arg("convert").args(&files).arg("--to").arg(&to).assert().success();
    assert_eq!(names(&to), ["scan.jpk.gwy", "scan.nid.gwy", "scan.tiff.gwy"]);
    let arrays = folder.path().join("arrays");
    amorph().arg("convert").args(&files[2..]).args(["--format", "npy", "--to"]).arg(&arrays).assert().success();
    assert_eq!(names(&arrays), ["scan.tiff_0_Topography_trace.npy", "scan.tiff_0_Topography_trace.npy.json"]);
    std::fs::write(folder.path().join("broken.jpk"), b"MM\0*").unwrap();
    let broken = [folder.path().join("broken.jpk"), files[0].clone()];
    let output = amorph().arg("convert").args(&broken).arg("--to").arg(folder.path().join("rest")).assert().code(2);
    assert!(told(&output.get_output().stderr).contains("broken.jpk"));
    assert_eq!(names(&folder.path().join("rest")), ["scan.jpk.gwy"]);
    amorph().arg("convert").args(&files).arg("--to").arg(folder.path().join("one.gwy")).assert().code(2);
}
