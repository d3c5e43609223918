//! Files of calorimeters.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use amorph_core::data::{Data, Loaded, Record, TraceQuantity as Q};
use amorph_io::{open, open_bytes};

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
    assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
}

#[test]
fn a_netzsch_text_with_decimal_commas_is_read() {
    let Some(path) = shared("netzsch5_firescipy_sta.csv") else { return };
    let loaded = open(&path).unwrap();
    assert_eq!(loaded.source.format, "netzsch");
    assert_eq!(loaded.source.format_version.as_deref(), Some("NETZSCH5"));
    assert_eq!(loaded.metadata.get("EXO"), Some("-1"));
    assert_eq!(loaded.metadata.get("encoding"), Some("Windows-1252"));
    assert!(loaded.notes.iter().any(|note| note.code == "exo_mark"));
    let test = &record(&loaded).tests[0];
    assert_eq!(test.head.get("sample_mass"), Some("5.28 mg"));
    let table = test.measurement().unwrap();
    assert_eq!((table.n_rows(), table.channels.len()), (5, 5));
    close(table.values(Q::Temperature).unwrap()[0], 29.958 + 273.15);
    close(table.values(Q::SpecificHeatFlow).unwrap()[0], 76.7);
    close(table.values(Q::Time).unwrap()[4], 2.406_47 * 60.0);
    close(table.values(Q::SpecificHeatFlow).unwrap()[4], 110.35);
    close(table.values(Q::Temperature).unwrap()[4], 31.958 + 273.15);
}

const TEXT: &str = "#FORMAT:\tNETZSCH5\n#DECIMAL:\tPOINT\n#SEPARATOR:\tTAB\n#SAMPLE MASS /mg:\t12,5\n#EXO:\t1\n\
##Temp./°C\tTime/min\tDSC/(mW/mg)\tGas Flow(purge1)/(ml/min)\tSegment\n30\t0\t0.1\t50\t1\n31\t0.1\t0.2\t50\t1\n30.5\t0.2\t-0.1\t50\t2\n";

#[test]
fn segments_of_a_netzsch_text_are_tests() {
    let loaded = open_bytes("ribbon.txt", TEXT.as_bytes(), None).unwrap();
    let tests = &record(&loaded).tests;
    assert_eq!(tests.len(), 2);
    assert_eq!(tests[0].measurement().unwrap().n_rows(), 2);
    assert_eq!(tests[1].name, "ribbon segment 2");
    assert_eq!(tests[1].head.get("sample_mass"), Some("12.5 mg"));
    assert!(tests[0].measurement().unwrap().channels.iter().any(|channel| channel.name == "Gas Flow(purge1)"));
    let microvolts = TEXT.replace("DSC/(mW/mg)", "DSC/(uV/mg)");
    let loaded = open_bytes("ribbon.txt", microvolts.as_bytes(), None).unwrap();
    assert!(!record(&loaded).tests[0].measurement().unwrap().has(Q::SpecificHeatFlow));
}

#[test]
fn a_netzsch_text_without_its_statements_is_refused() {
    for (gone, wanted) in
        [("#DECIMAL:\tPOINT\n", "DECIMAL"), ("#SEPARATOR:\tTAB\n", "SEPARATOR"), ("##Temp", "names the columns")]
    {
        let text = TEXT.replace(gone, "");
        let error = open_bytes("ribbon.txt", text.as_bytes(), None).unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
    }
    let empty = TEXT.split("30\t0\t").next().unwrap();
    assert!(open_bytes("ribbon.txt", empty.as_bytes(), None).unwrap_err().to_string().contains("no data rows"));
}

#[test]
fn damaged_netzsch_text_never_panics() {
    let bytes = TEXT.as_bytes();
    for cut in 0..bytes.len() {
        let _whatever = open_bytes("ribbon.txt", &bytes[..cut], None);
        let mut flipped = bytes.to_vec();
        flipped[cut] ^= 0x15;
        let _whatever = open_bytes("ribbon.txt", &flipped, None);
    }
}

#[test]
fn heat_flow_of_trios_and_of_plain_text_is_known_by_its_unit() {
    let trios = "[Version]\nTA Instruments LIMS export format version\t0\n[Step]\nStep name\tRamp\nNumber of points\t2\n\
Variables\tTime\tTemperature\tHeat Flow (Normalized)\nUnits\tmin\t°C\tW/g\nData point\t0\t148\t0.25\nData point\t1\t149\t0.26\n";
    let loaded = open_bytes("ramp.txt", trios.as_bytes(), None).unwrap();
    close(record(&loaded).tests[0].measurement().unwrap().values(Q::SpecificHeatFlow).unwrap()[1], 260.0);
    let plain = "Temperature (°C);Heat flow (mW)\n100,5;1,25\n101,5;1,5\n102,5;1,75\n";
    let loaded = open_bytes("ramp.csv", plain.as_bytes(), None).unwrap();
    let table = record(&loaded).tests[0].measurement().unwrap();
    close(table.values(Q::HeatFlow).unwrap()[0], 1.25e-3);
    close(table.values(Q::Temperature).unwrap()[0], 373.65);
}
