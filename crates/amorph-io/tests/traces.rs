//! Every shared file of traces against the values stated for it (spec 22, section 8), and the export that is read back bit for bit.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use amorph_core::data::{Data, Loaded, Record, Recording, RecordingRole, SegmentKind, SegmentOrigin, TraceQuantity as Q};
use amorph_io::{TraceOptions, TracePreset, open_bytes_with, open_with, record_bytes};

fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/events");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: ../shared/data/events is absent");
    None
}

fn micro_materials() -> TraceOptions {
    TraceOptions { preset: TracePreset::find("micro-materials"), ..TraceOptions::default() }
}

fn options_of(file: &str) -> TraceOptions {
    if file.starts_with("micromaterials") { micro_materials() } else { TraceOptions::default() }
}

fn load(folder: &Path, file: &str) -> Loaded {
    open_with(&folder.join(file), &options_of(file)).unwrap_or_else(|error| panic!("{error}"))
}

fn record(loaded: &Loaded) -> &Record {
    match &loaded.data {
        Data::Record(record) => record,
        other => panic!("a record is expected, found {}", other.kind()),
    }
}

fn max(table: &Recording, quantity: Q) -> (f64, usize) {
    let values = table.values(quantity).unwrap_or_else(|error| panic!("{error}"));
    let best = values.iter().enumerate().filter(|(_, v)| v.is_finite()).max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
    (*best.1, best.0)
}

fn close(found: f64, expected: f64) {
    // The stated values are printed with six or seven digits.
    assert!((found / expected - 1.0).abs() < 5e-6, "{found:e} is not {expected:e}");
}

#[test]
fn triboscan_text_has_its_stated_values() {
    let Some(folder) = shared() else { return };
    let loaded = load(&folder, "hysitron_RobinSteel0000LC.txt");
    assert_eq!(loaded.source.format, "triboscan");
    let table = record(&loaded).tests[0].measurement().unwrap();
    assert_eq!((table.n_rows(), table.channels.len()), (5304, 5));
    let (load, row) = max(table, Q::Load);
    let time = table.values(Q::Time).unwrap();
    close(load, 3000.027e-6);
    close(time[row], 13.5367);
    close(max(table, Q::Depth).0, 159.745e-9);
    let depth = table.values(Q::Depth).unwrap();
    let least = depth.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    assert!((least.1 + 49.21e-9).abs() < 0.005e-9 && (time[least.0] - 1.001).abs() < 5e-4);
    let quantities: Vec<Q> = table.channels.iter().map(|channel| channel.quantity).collect();
    assert_eq!(quantities, [Q::Depth, Q::Load, Q::Time, Q::Other, Q::Other]);
    assert_eq!(table.channels[1].unit_in_file, "\u{b5}N");
    let sampling = amorph_core::trace::sampling(time);
    assert!((sampling.step_median - 5.005e-3).abs() < 1e-6 && (sampling.step_max - 9.997e-3).abs() < 2e-6, "{sampling:?}");
}

#[test]
fn hysitron_records_have_all_their_blocks() {
    let Some(folder) = shared() else { return };
    let loaded = load(&folder, "hysitron_Exp-50mN_0000.hld");
    let test = &record(&loaded).tests[0];
    let shapes: Vec<_> = test.tables.iter().map(|table| (table.role, table.n_rows(), table.channels.len())).collect();
    assert_eq!(shapes, [(RecordingRole::Approach, 312, 3), (RecordingRole::Drift, 913, 2), (RecordingRole::Test, 1068, 8)]);
    let table = test.measurement().unwrap();
    let lengths: Vec<usize> = table.segments.iter().map(|segment| segment.len()).collect();
    assert_eq!(lengths, [400, 268, 200, 200]);
    let kinds: Vec<SegmentKind> = table.segments.iter().map(|segment| segment.kind).collect();
    assert_eq!(kinds, [SegmentKind::Hold, SegmentKind::Hold, SegmentKind::Load, SegmentKind::Unload]);
    assert_eq!(table.segments[2].demand, Some([100e-6, 50000e-6].map(|x: f64| (x * 1e6).round() * 1e-6)));
    assert!(table.segments.iter().all(|segment| segment.origin == SegmentOrigin::File));
    let (force, row) = max(table, Q::Load);
    close(force, 50213.71e-6);
    assert!((table.values(Q::Time).unwrap()[row] - 5.687).abs() < 1e-3);
    close(max(table, Q::Depth).0, 568.333e-9);
    assert_eq!(test.head.get("Drift Rate"), Some("0.03648 nm/s"));
    assert_eq!(test.head.get("Tip C1"), Some("-329697 nm^2/nm"));
    let constant = |key: &str| loaded.constants.iter().find(|found| found.key == key).map(|found| found.quantity.value);
    assert_eq!((constant("area_c1"), constant("area_c5"), constant("area_c6")), (Some(-329697.0), Some(-2.66038e9), None));
    assert!((constant("temperature").unwrap() - 296.15).abs() < 1e-9);

    let loaded = load(&folder, "nanodent_experiment_a.hld");
    let table = record(&loaded).tests[0].measurement().unwrap();
    assert_eq!((table.n_rows(), table.channels.len()), (2800, 8));
    let time = table.values(Q::Time).unwrap();
    let (force, row) = max(table, Q::Load);
    close(force, 3517.44e-6_f64.max(0.0));
    close(time[row], 10.1045);
    let (depth, row) = max(table, Q::Depth);
    close(depth, 118.014e-9);
    close(time[row], 11.2006);
    // The steps between rows 0 and 403 are of 10 ms, those after of 5 ms.
    let stretches = amorph_core::trace::sampling(time).stretches;
    assert_eq!((stretches[0].first, stretches[0].end), (0, 404), "{stretches:?}");
    assert!((stretches[0].step - 0.01).abs() < 1e-5 && (stretches[1].step - 0.005).abs() < 1e-5, "{stretches:?}");
}

#[test]
fn nanodma_text_names_the_reduced_modulus_and_leaves_out_what_was_not_computed() {
    let Some(folder) = shared() else { return };
    let loaded = load(&folder, "hysitron_dma.txt");
    assert_eq!(loaded.source.format_version.as_deref(), Some("1.00"));
    let table = record(&loaded).tests[0].measurement().unwrap();
    assert_eq!((table.n_rows(), table.channels.len()), (3098, 25));
    let frequency = table.values(Q::Frequency).unwrap();
    assert!(frequency.iter().all(|f| *f == 205.0));
    let storage = table.values(Q::ReducedStorageModulus).unwrap();
    let loss = table.values(Q::ReducedLossModulus).unwrap();
    assert_eq!(storage.iter().filter(|value| value.is_nan()).count(), 9);
    let median = |values: &[f64]| {
        let mut finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        amorph_core::stats::median_in_place(&mut finite)
    };
    close(median(storage), 147.463e9);
    close(median(loss), 0.284997e9);
    let (stiffness, area) = (table.values(Q::ContactStiffness).unwrap(), table.values(Q::ContactArea).unwrap());
    let row = 100;
    let from_contact = 0.5 * stiffness[row] * (std::f64::consts::PI / area[row]).sqrt();
    assert!((storage[row] / from_contact - 1.0).abs() < 1e-4);
}

#[test]
fn the_workbook_has_twelve_tests_with_markers_and_sentinels() {
    let Some(folder) = shared() else { return };
    let loaded = load(&folder, "agilent_Popin.xls");
    let tests = &record(&loaded).tests;
    let names: Vec<&str> = tests.iter().map(|test| test.name.as_str()).collect();
    assert_eq!(names.len(), 12);
    assert_eq!((names[0], names[11]), ("Test 012", "Test 001"));
    let head = &tests[0].head;
    assert_eq!(
        (head.get("Surface Marker"), head.get("END"), head.get("Unloading Marker")),
        (Some("0"), Some("375"), Some("425"))
    );
    let table = tests[0].measurement().unwrap();
    assert_eq!(table.segments[0].kind, SegmentKind::Load);
    assert_eq!((table.segments[0].first, table.segments[0].end), (0, 375));
    assert_eq!(table.segments.last().unwrap().kind, SegmentKind::Unload);
    let factor = |quantity| table.channel(quantity).unwrap().factor;
    assert_eq!((factor(Q::Load), factor(Q::Depth), factor(Q::Time)), (1e-3, 1e-9, 1.0));
    for test in tests {
        let repairs = &test.measurement().unwrap().repairs;
        let sentinels: usize = repairs.iter().filter(|repair| repair.kind == "sentinel").map(|repair| repair.rows).sum();
        assert!((5..=24).contains(&sentinels), "{}: {sentinels}", test.name);
        let all = test.tables.iter().flat_map(|table| &table.channels).flat_map(|channel| &channel.values);
        assert!(all.into_iter().all(|value| value.is_nan() || value.abs() < 1e300));
    }
    let auxiliary: Vec<&str> = tests[0].tables[1..].iter().map(|table| table.name.as_str()).collect();
    assert!(auxiliary.contains(&"Results"), "{auxiliary:?}");
    assert!(tests[0].tables[1..].iter().all(|table| table.role == RecordingRole::Auxiliary));
    let only = TraceOptions { tests: vec!["Test 004".to_owned()], ..TraceOptions::default() };
    let loaded = open_with(&folder.join("agilent_Popin.xls"), &only).unwrap();
    assert_eq!(record(&loaded).tests.len(), 1);
}

#[test]
fn a_method_file_is_refused_as_one() {
    let Some(folder) = shared() else { return };
    let error = amorph_io::open(&folder.join("agilent_CSM.txt")).unwrap_err().to_string();
    assert!(error.contains("a method file, which describes how to measure and holds no measurement"), "{error}");
}

#[test]
fn hdf5_tests_are_in_the_order_of_their_numbers() {
    let Some(folder) = shared() else { return };
    let loaded = load(&folder, "fischer_N1_1.hdf5");
    let tests = &record(&loaded).tests;
    let names: Vec<&str> = tests.iter().map(|test| test.name.as_str()).collect();
    let expected: Vec<String> = (1..=16).map(|number| format!("test_{number}")).collect();
    assert_eq!(names, expected);
    let first = tests[0].measurement().unwrap();
    assert_eq!(first.n_rows(), 2381);
    assert_eq!(first.values(Q::Time).unwrap()[0], 0.0);
    assert!(first.repairs.iter().any(|repair| repair.kind == "unwritten"));
    close(max(first, Q::Load).0, 14.9316e-3);
    close(max(first, Q::Depth).0, 4.23136e-6);
    close(max(tests[12].measurement().unwrap(), Q::Depth).0, 5.7313e-6);
    assert_eq!(loaded.metadata.get("original_md5sum"), Some("1851612602e3b6b15c6eeb033203f56b"));
    assert!(loaded.metadata.get("name_folder").is_some());
}

#[test]
fn the_archive_needs_its_preset_and_then_has_39_tests() {
    let Some(folder) = shared() else { return };
    let path = folder.join("micromaterials_multipleIndentations.zip");
    let error = amorph_io::open(&path).unwrap_err().to_string();
    assert!(error.contains("preset = \"micro-materials\""), "{error}");
    let loaded = load(&folder, "micromaterials_multipleIndentations.zip");
    let tests = &record(&loaded).tests;
    assert_eq!(tests.len(), 39);
    assert_eq!(tests[0].name, "1000nmXX 1 6958 -4555");
    assert_eq!(tests[0].head.get("y"), Some("-4555"));
    let first = tests[0].measurement().unwrap();
    assert_eq!(first.n_rows(), 886);
    let time = first.values(Q::Time).unwrap();
    assert_eq!(time.iter().filter(|t| **t == 0.0).count(), 21);
    assert!(first.repairs.iter().any(|repair| repair.kind == "time_repeated" && repair.rows == 20));
    close(max(first, Q::Depth).0, 1018.606e-9);
    close(max(first, Q::Load).0, 123.333e-3);
    let last = tests[38].measurement().unwrap();
    assert_eq!(last.n_rows(), 853);
    close(max(last, Q::Load).0, 75.668e-3);
}

#[test]
fn tdms_of_two_segments_is_whole() {
    let Some(folder) = shared() else { return };
    let loaded = load(&folder, "synthetic_ecr.tdms");
    let test = &record(&loaded).tests[0];
    assert_eq!((test.name.as_str(), test.head.get("voltage_V")), ("ECR", Some("5")));
    let table = test.measurement().unwrap();
    assert_eq!(table.n_rows(), 6000);
    let load = table.values(Q::Load).unwrap();
    let rounded: Vec<f64> = load[..3].iter().map(|value| (value * 1e7).round() / 1e7).collect();
    assert_eq!(rounded, [0.0, 6e-7, 1.2e-6]);
    close(max(table, Q::Load).0, 1200e-6);
    assert!((table.values(Q::Current).unwrap().iter().sum::<f64>() - 0.012161351).abs() < 1e-9);
    let depth = table.values(Q::Depth).unwrap();
    close(depth[5999], -0.071_964_698_500_878e-9);
    let time = table.values(Q::Time).unwrap();
    assert!((time[5999] - 5.999).abs() < 1e-12);
    assert!(!table.segments.is_empty() && table.segments[0].origin == SegmentOrigin::Detected);
}

fn same(a: &Record, b: &Record, file: &str) {
    assert_eq!(a.tests.len(), b.tests.len(), "{file}");
    for (a, b) in a.tests.iter().zip(&b.tests) {
        assert_eq!((&a.name, &a.head, a.tables.len()), (&b.name, &b.head, b.tables.len()), "{file}");
        for (a, b) in a.tables.iter().zip(&b.tables) {
            assert_eq!((&a.name, a.role, &a.segments, &a.repairs), (&b.name, b.role, &b.segments, &b.repairs), "{file}");
            for (a, b) in a.channels.iter().zip(&b.channels) {
                assert_eq!((&a.name, a.quantity, &a.unit_in_file, a.factor), (&b.name, b.quantity, &b.unit_in_file, b.factor));
                let bits = |values: &[f64]| values.iter().map(|v| if v.is_nan() { 0 } else { v.to_bits() }).collect::<Vec<_>>();
                assert!(bits(&a.values) == bits(&b.values), "{file}: {}", a.name);
            }
        }
    }
}

#[test]
fn every_shared_file_is_exported_and_read_back_bit_for_bit() {
    let Some(folder) = shared() else { return };
    for file in [
        "agilent_Popin.xls",
        "fischer_N1_1.hdf5",
        "hysitron_Exp-50mN_0000.hld",
        "hysitron_RobinSteel0000LC.txt",
        "hysitron_dma.txt",
        "micromaterials_multipleIndentations.zip",
        "nanodent_experiment_a.hld",
        "synthetic_ecr.tdms",
    ] {
        let loaded = load(&folder, file);
        let bytes = record_bytes(&loaded, record(&loaded));
        let again = open_bytes_with("again.csv", &bytes, None, &TraceOptions::default()).unwrap();
        assert_eq!(again.source.format, "amorph-traces");
        same(record(&loaded), record(&again), file);
    }
}
