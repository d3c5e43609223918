//! Files of mechanical spectrometers: TRIOS, RepTate and plain text, against the values stated for them (spec 42).

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use amorph_core::data::{Data, Loaded, Record, TraceQuantity as Q};
use amorph_core::unit::Unit;
use amorph_io::{ColumnMapping, ColumnPlace, TraceOptions, open, open_bytes, open_with};

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/relax").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    None
}

fn record(loaded: &Loaded) -> &Record {
    match &loaded.data {
        Data::Record(record) => record,
        other => panic!("a record is expected, found {}", other.kind()),
    }
}

fn close(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-6, "{found} {expected}");
}

fn has(loaded: &Loaded, code: &str) -> bool {
    loaded.notes.iter().any(|note| note.code == code)
}

#[test]
fn trios_text_has_one_test_per_step() {
    let Some(path) = shared("trios_lims_ares_tts.txt") else { return };
    let loaded = open(&path).unwrap();
    assert_eq!(loaded.source.format, "trios");
    assert_eq!(loaded.metadata.get("Procedure name"), Some("TTS - 0000.00.00"));
    let tests = &record(&loaded).tests;
    assert!(tests.len() > 10 && tests[1].name.contains("140.0"), "{}", tests.len());
    let table = tests[0].measurement().unwrap();
    assert_eq!(table.n_rows(), 17);
    let first = |quantity| table.values(quantity).unwrap()[0];
    close(first(Q::AngularFrequency), 0.628_318_548_202_515);
    close(first(Q::Frequency), 0.100_000_001_490_116);
    close(first(Q::StorageModulus), 10_044.287_109_375);
    close(first(Q::LossModulus), 3_285.563_720_703_13);
    close(first(Q::Temperature), 149.977_996_826_172 + 273.15);
    assert!(!has(&loaded, "points_missing") && !has(&loaded, "step_temperature"), "{:?}", loaded.notes);
}

const TEXT: &str = "[Version]\nTA Instruments LIMS export format version\t0\n[Header]\nInstrument name\tx\n[Step]\nStep name\tFrequency sweep (150.0 °C)\n\
Number of points\t3\nVariables\tTemperature\tAngular frequency\tStorage modulus\tLoss modulus\nUnits\t°C\trad/s\tPa\tPa\n\
Data point\t148\t1\t200\t100\nData point\t148\t2\t210\t90\n[Step]\nStep name\tempty\nNumber of points\t0\n";

#[test]
fn a_step_that_is_cut_or_misnamed_is_kept_with_a_warning() {
    let loaded = open_bytes("sweep.txt", TEXT.as_bytes(), None).unwrap();
    assert_eq!(record(&loaded).tests.len(), 1);
    for code in ["points_missing", "step_temperature", "no_data_rows"] {
        assert!(has(&loaded, code), "{code}: {:?}", loaded.notes);
    }
    let headless = open_bytes("sweep.txt", TEXT.split("Data point").next().unwrap().as_bytes(), None);
    assert!(headless.unwrap_err().to_string().contains("no [Step] holds data points"));
    let unitless = TEXT.replace("\t°C\trad/s", "\t°C\t");
    let error = open_bytes("sweep.txt", unitless.as_bytes(), None).unwrap_err().to_string();
    assert!(error.contains("Angular frequency") && error.contains("angular_frequency"), "{error}");
}

#[test]
fn damaged_trios_text_never_panics() {
    let bytes = TEXT.as_bytes();
    for cut in 0..bytes.len() {
        let _whatever = open_bytes("sweep.txt", &bytes[..cut], None);
        let mut flipped = bytes.to_vec();
        flipped[cut] ^= 0x15;
        let _whatever = open_bytes("sweep.txt", &flipped, None);
    }
}

#[test]
fn a_frequency_in_radians_is_an_angular_one() {
    let plain = "Freq [rad/s],G' [Pa],G'' [Pa]\n1,3,0.1\n2,3.1,0.1\n";
    let loaded = open_bytes("sweep.csv", plain.as_bytes(), None).unwrap();
    let table = record(&loaded).tests[0].measurement().unwrap();
    assert!(!table.has(Q::Frequency));
    close(table.values(Q::AngularFrequency).unwrap()[1], 2.0);
    close(table.values(Q::StorageModulus).unwrap()[1], 3.1);
    close(table.values(Q::LossModulus).unwrap()[1], 0.1);
}

/// Units that are no units (`N-m`, `Pa-s`) and blanks of both kinds: RepTate's files need a mapping by number.
#[test]
fn columns_by_number_read_what_names_do_not() {
    let Some(folder) = shared("reptate_PI88k") else { return };
    let by_number = |quantity, number, unit: &str| ColumnMapping {
        quantity,
        column: ColumnPlace::Number(number),
        unit: Some(Unit::of(unit)),
        scale: 1.0,
        offset: 0.0,
    };
    let columns = vec![
        by_number(Q::AngularFrequency, 1, "rad/s"),
        by_number(Q::StorageModulus, 2, "Pa"),
        by_number(Q::LossModulus, 3, "Pa"),
        by_number(Q::Temperature, 4, "degC"),
    ];
    let options = TraceOptions { columns, ..TraceOptions::default() };
    let loaded = open_with(&folder.join("PI88K-09_FS_-45C_PP-10.osc"), &options).unwrap();
    let table = record(&loaded).tests[0].measurement().unwrap();
    close(table.values(Q::AngularFrequency).unwrap()[1], 68.129);
    close(table.values(Q::StorageModulus).unwrap()[0], 3.3393e6);
    close(table.values(Q::LossModulus).unwrap()[0], 8.5878e6);
    close(table.values(Q::Temperature).unwrap()[0], 273.15 - 44.999);
}

#[test]
fn moduli_over_frequency_are_read_by_their_names_and_by_a_mapping() {
    let plain =
        "angular_frequency [rad/s],storage_modulus [GPa],loss_modulus [GPa],temperature [degC]\n1,3,0.1,20\n2,3.1,0.1,20\n";
    let loaded = open_bytes("sweep.csv", plain.as_bytes(), None).unwrap();
    let table = record(&loaded).tests[0].measurement().unwrap();
    close(table.values(Q::StorageModulus).unwrap()[1], 3.1e9);
    close(table.values(Q::Temperature).unwrap()[0], 293.15);
    let Some(path) = shared("pyvisco_freq_user_raw.csv") else { return };
    let by_name = |quantity, name: &str| ColumnMapping {
        quantity,
        column: ColumnPlace::Name(name.to_owned()),
        unit: None,
        scale: 1.0,
        offset: 0.0,
    };
    let columns = vec![by_name(Q::Frequency, "f"), by_name(Q::Temperature, "T")];
    let loaded = open_with(&path, &TraceOptions { columns, ..TraceOptions::default() }).unwrap();
    let table = record(&loaded).tests[0].measurement().unwrap();
    assert_eq!(table.n_rows(), 210);
    let first = |quantity| table.values(quantity).unwrap()[0];
    close(first(Q::Frequency), 0.1);
    close(first(Q::StorageModulus), 8_097.175_545e6);
    close(first(Q::LossModulus), 93.074_490_45e6);
    close(first(Q::Temperature), 273.15 - 49.9612);
}
