//! Every channel of the shared reference files against Gwyddion 2.62 (spec 12, section 8).

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use amorph_core::data::{ConstantStatus, Data, Loaded, Map};
use amorph_io::open;
use serde_json::Value;

fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/afm");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: ../shared/data/afm is absent");
    None
}

fn maps(loaded: &Loaded) -> &[Map] {
    match &loaded.data {
        Data::Maps(maps) => maps,
        other => panic!("maps are expected, found {}", other.kind()),
    }
}

/// Gwyddion labels the millivolts of di-1's amplitude error "V"; ours are volts.
fn factor(file: &str, index: usize) -> f64 {
    if file == "di-1.di" && index == 3 { 1e-3 } else { 1.0 }
}

/// Of NT-MDT arrays Gwyddion shows 255 pitches as the width of 256 pixels; ours is the full pixel box, as everywhere.
const PIXEL_BOX_OVER_SCAN: f64 = 256.0 / 255.0;

fn check_channel(file: &str, map: &Map, golden: &Value) {
    let number = |key: &str| golden[key].as_f64().unwrap();
    let scale = factor(file, map.index);
    let label = format!("{file} [{}] {}", map.index, map.name);
    let (ny, nx) = map.shape();
    assert_eq!((nx as f64, ny as f64), (number("nx"), number("ny")), "{label}");
    assert_eq!(map.unit.symbol(), golden["unit"].as_str().unwrap(), "{label}");
    let extent = map.extent.as_ref().unwrap();
    let pitches = if file.ends_with(".mdt") { PIXEL_BOX_OVER_SCAN } else { 1.0 };
    assert!((extent.x_size() / number("x_size") / pitches - 1.0).abs() < 1e-9, "{label}");
    assert!((extent.y_size() / number("y_size") / pitches - 1.0).abs() < 1e-9, "{label}");
    assert_eq!(extent.unit.symbol(), golden["xy_unit"].as_str().unwrap(), "{label}");
    let values = &map.values;
    let count = values.len() as f64;
    let mean = values.sum() / count;
    let rms = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
    // A flat channel has no range: its value counts.
    let range = Some((number("max") - number("min")) * scale).filter(|range| *range > 0.0).unwrap_or(number("max").abs());
    let measured = [
        ("min", values.iter().copied().fold(f64::INFINITY, f64::min)),
        ("max", values.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
        ("mean", mean),
        ("rms", rms),
        ("z_tl", values[[0, 0]]),
        ("z_tr", values[[0, nx - 1]]),
        ("z_bl", values[[ny - 1, 0]]),
        ("z_br", values[[ny - 1, nx - 1]]),
    ];
    for (key, value) in measured {
        let expected = number(key) * scale;
        assert!((value - expected).abs() < 1e-6 * range, "{label} {key}: {value:e} is not {expected:e}");
    }
}

#[test]
fn every_channel_agrees_with_gwyddion() {
    let Some(folder) = shared() else { return };
    let golden: Value = serde_json::from_slice(&std::fs::read(folder.join("golden.json")).unwrap()).unwrap();
    let golden = golden.as_object().unwrap();
    let files: Vec<&String> = golden.keys().filter(|key| !key.starts_with('_')).collect();
    assert_eq!(files.len(), 13);
    let mut channels = 0;
    for file in files {
        let loaded = open(&folder.join(file)).unwrap();
        let golden = golden[file].as_array().unwrap();
        assert_eq!(maps(&loaded).len(), golden.len(), "{file}");
        for (map, golden) in maps(&loaded).iter().zip(golden) {
            check_channel(file, map, golden);
            channels += 1;
        }
    }
    assert_eq!(channels, 4 + 3 + 4 + 2 + 1 + 10 + 6 + 1 + 4 + 1 + 18 + 2 + 1);
}

#[test]
fn names_directions_and_levelling_are_those_of_the_files() {
    let Some(folder) = shared() else { return };
    let listed = |file: &str| -> Vec<String> {
        let loaded = open(&folder.join(file)).unwrap();
        let text = |map: &Map| {
            let direction = map.direction.map_or("-".to_owned(), |direction| direction.to_string());
            let levelled = map.levelled_by_instrument.clone().unwrap_or("-".to_owned());
            format!("{} | {} | {direction} | {levelled}", map.name, map.quantity)
        };
        maps(&loaded).iter().map(text).collect()
    };
    assert_eq!(
        listed("di-1.di"),
        [
            "Height | height | trace | realtime line, offline full",
            "Height | height | retrace | realtime line, offline none",
            "Phase | phase | trace | realtime none, offline none",
            "Amplitude Error | amplitude_error | trace | realtime line, offline none",
        ]
    );
    assert_eq!(listed("di-4.di")[0], "Height Sensor | height_sensor | retrace | realtime bow, offline full");
    assert_eq!(
        listed("AR_20211011.ibw"),
        [
            "HeightRetrace | height | retrace | flatten order 1",
            "AmplitudeRetrace | amplitude | retrace | none",
            "PhaseRetrace | phase | retrace | none",
            "ZSensorRetrace | height_sensor | retrace | flatten order 1",
        ]
    );
    assert_eq!(listed("tuxu_test.gwy"), ["Test | unknown | - | -"]);
}

#[test]
fn the_constants_of_the_asylum_file_reproduce_its_dissipated_energy() {
    let Some(folder) = shared() else { return };
    let loaded = open(&folder.join("AR_20211011.ibw")).unwrap();
    let constant = |key: &str| {
        let found = loaded.constants.iter().find(|constant| constant.key == key).unwrap();
        assert_eq!(found.status, ConstantStatus::Stated);
        found.quantity.value
    };
    assert_eq!(constant("spring_constant"), 27.952);
    assert!((constant("free_amplitude") - 33.2723e-9).abs() < 1e-13);
    assert!((constant("setpoint_amplitude") - 0.74347 * 41.497e-9).abs() < 1e-15);
    assert!((constant("free_phase").to_degrees() - 70.714).abs() < 1e-12);
    // Equation 2 of spec 10 with the absolute phase: 79.0986 eV. The tune's Q = 391.72 would give 95.1 eV.
    let (amplitude, phase) = (&maps(&loaded)[1].values, &maps(&loaded)[2].values);
    let ratio = constant("drive_frequency") / constant("resonance_frequency");
    let prefactor = std::f64::consts::PI * constant("spring_constant") / constant("quality_factor") * ratio;
    let energy = |(a, s): (&f64, &f64)| {
        let lag = constant("free_amplitude") * s.to_radians().sin() / (a * constant("free_phase").sin());
        prefactor * a * a * (lag - 1.0) / 1.602_176_634e-19
    };
    let mean = amplitude.iter().zip(phase).map(energy).sum::<f64>() / amplitude.len() as f64;
    assert!((mean / 79.0986 - 1.0).abs() < 1e-5, "{mean}");
}

#[test]
fn the_synthetic_field_has_its_variance() {
    let Some(folder) = shared() else { return };
    let golden: Value = serde_json::from_slice(&std::fs::read(folder.join("golden_stats.json")).unwrap()).unwrap();
    let loaded = open(&folder.join("grf_512_xi4px.npy")).unwrap();
    let map = &maps(&loaded)[0];
    assert_eq!((map.quantity.as_str(), map.unit.symbol(), map.shape()), ("dissipated_energy", "J", (512, 512)));
    assert_eq!(map.size().unwrap(), (512e-9, 512e-9));
    let in_ev: Vec<f64> = map.values.iter().map(|value| value / 1.602_176_634e-19).collect();
    let mean = in_ev.iter().sum::<f64>() / in_ev.len() as f64;
    let variance = in_ev.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / in_ev.len() as f64;
    assert!((variance / golden["variance_population"].as_f64().unwrap() - 1.0).abs() < 1e-12, "{variance}");
}

#[test]
fn channels_of_other_makers_are_named_and_directed() {
    let Some(folder) = shared() else { return };
    let listed = |file: &str| -> Vec<String> {
        let loaded = open(&folder.join(file)).unwrap();
        let direction = |map: &Map| map.direction.map_or("-".to_owned(), |direction| direction.to_string());
        maps(&loaded).iter().map(|map| format!("{} | {} | {}", map.name, map.quantity, direction(map))).collect()
    };
    assert_eq!(listed("Park_20210916_034.tiff"), ["Topography | height | trace"]);
    let jpk = listed("topostats_file.jpk");
    assert_eq!(
        jpk[..5],
        [
            "Height | height | retrace",
            "Height (measured) | height_sensor | retrace",
            "Lock-In Amplitude | amplitude | retrace",
            "Lock-In Phase | phase | retrace",
            "Error Signal | amplitude_error | retrace",
        ]
    );
    assert!(jpk[5..].iter().all(|line| line.ends_with("| trace")), "{jpk:?}");
    assert_eq!(
        listed("NanoSurf_20160301.nid"),
        [
            "Z-Axis | height | trace",
            "Amplitude | amplitude | trace",
            "Z-Axis | height | retrace",
            "Amplitude | amplitude | retrace"
        ]
    );
    assert_eq!(listed("stp-1.stp"), ["Topography | height | trace"]);
    let sxm = listed("A151216.sxm");
    assert_eq!(sxm[..2], ["Z | height | trace", "Z | height | retrace"]);
    assert_eq!(sxm[6..8], ["Phase | phase | trace", "Phase | phase | retrace"]);
    assert_eq!(
        sxm[10..13],
        [
            "Frequency_Shift | frequency_shift | trace",
            "Frequency_Shift | frequency_shift | retrace",
            "Excitation | excitation | trace"
        ]
    );
    assert_eq!(listed("GaAs_map.mdt"), ["1F:Iprobe | unknown | trace", "1B:Iprobe | unknown | retrace"]);
    let curves = open(&folder.join("GaAs_map.mdt")).unwrap();
    assert!(curves.notes.iter().any(|note| note.code == "unsupported_frames" && note.message.contains("frame 3: curves")));
}

#[test]
fn constants_are_found_where_the_makers_keep_them() {
    let Some(folder) = shared() else { return };
    let constant = |file: &str, key: &str, is_stated: bool| {
        let loaded = open(&folder.join(file)).unwrap();
        let found = loaded.constants.iter().find(|constant| constant.key == key).unwrap();
        assert_eq!(found.status == ConstantStatus::Stated, is_stated, "{file} {key}");
        found.quantity.value
    };
    let near = |value: f64, expected: f64| assert!((value / expected - 1.0).abs() < 1e-6, "{value} is not {expected}");
    near(constant("Park_20210916_034.tiff", "drive_frequency", true), 280_655.021_421);
    near(constant("topostats_file.jpk", "drive_frequency", true), 88_378.885_107);
    near(constant("topostats_file.jpk", "amplitude_sensitivity", true), 1.554_761_111e-16 / 1.045_032_173e-8);
    // The feedback held the amplitude at its set point: the mean of the amplitude map is 25.806 nm.
    let setpoint = constant("topostats_file.jpk", "setpoint_amplitude", true);
    assert!((setpoint / 25.806e-9 - 1.0).abs() < 0.005, "{setpoint}");
    near(constant("topostats_file.jpk", "free_amplitude", true) * 0.905_433_519, setpoint);
    near(constant("NanoSurf_20160301.nid", "drive_frequency", true), 187_396.0);
    near(constant("NanoSurf_20160301.nid", "spring_constant", false), 48.0);
    near(constant("stp-1.stp", "quality_factor", false), 484.64);
    near(constant("stp-1.stp", "spring_constant", false), 0.02869);
    near(constant("A151216.sxm", "quality_factor", true), 53_561.0);
    near(constant("A151216.sxm", "resonance_frequency", true), 22_631.2);
    near(constant("GaAs_map.mdt", "resonance_frequency", false), 55_350.0);
}

#[test]
fn tables_of_the_folder_are_read() {
    let Some(folder) = shared() else { return };
    let loaded = open(&folder.join("dissipation_sim_viscoelastic.csv")).unwrap();
    let Data::Table(table) = &loaded.data else { panic!("a table is expected") };
    let (_, lags) = table.numbers("lag_deg").unwrap();
    assert_eq!((table.columns.len(), lags[3]), (6, 88.98));
}
