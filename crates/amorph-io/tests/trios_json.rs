//! JSON of TRIOS: values of a real export, what a small one must give, and what is refused (spec 42, sections 3.3 and 4).

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use amorph_core::data::{Data, Loaded, Record, TraceQuantity as Q};
use amorph_io::{TraceOptions, open, open_bytes, open_bytes_with};

const TEXT: &str = include_str!("common/trios.json");

fn record(loaded: &Loaded) -> &Record {
    match &loaded.data {
        Data::Record(record) => record,
        other => panic!("a record is expected, found {}", other.kind()),
    }
}

fn close(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-12, "{found} {expected}");
}

fn has(loaded: &Loaded, code: &str) -> bool {
    loaded.notes.iter().any(|note| note.code == code)
}

fn refused(text: &str) -> String {
    open_bytes("sweep.json", text.as_bytes(), None).unwrap_err().to_string()
}

#[test]
fn a_real_export_has_its_published_numbers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/relax/trios_tadatakit_dataset.json");
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return;
    }
    let loaded = open(&path).unwrap();
    assert_eq!(loaded.source.format, "trios_json");
    assert!(loaded.source.format_version.as_deref().is_some_and(|url| url.ends_with("TRIOSJSONExportSchema")));
    assert_eq!(loaded.metadata.get("Gap"), Some("1.0 mm"));
    assert_eq!(loaded.metadata.get("Type"), Some("AresG2"));
    // 1000 g/cm³: the density of water in kg/m³ with another unit.
    assert!(has(&loaded, "density_implausible"), "{:?}", loaded.notes);
    assert!(!loaded.metadata.entries.iter().any(|entry| entry.value == "AG"), "operators are private");
    let tests = &record(&loaded).tests;
    assert_eq!(tests.len(), 1);
    assert!(tests[0].name.contains("Amplitude - 1"), "{}", tests[0].name);
    let table = tests[0].measurement().unwrap();
    let first = |quantity| table.values(quantity).unwrap()[0];
    close(first(Q::AngularFrequency), 6.282_999_992_370_61);
    close(first(Q::Frequency), 0.999_970_495_700_836);
    close(first(Q::StorageModulus), 27_083.798_828_125);
    close(first(Q::LossModulus), 26_604.990_234_375);
    close(first(Q::Temperature), 29.997_499_465_942_4 + 273.15);
    close(first(Q::TanDelta), 0.982_321_262_359_619);
    close(first(Q::Strain), 2.990_043_503_814_38e-5);
    close(table.values(Q::StorageModulus).unwrap()[1], 26_741.224_609_375);
}

#[test]
fn every_step_of_the_results_is_a_test() {
    let loaded = open_bytes("sweep.json", TEXT.as_bytes(), None).unwrap();
    let tests = &record(&loaded).tests;
    let names: Vec<&str> = tests.iter().map(|test| test.name.as_str()).collect();
    assert_eq!(names, ["step 1: Frequency sweep (180.0 °C)", "step 2: Frequency sweep (200.0 °C)"]);
    let table = tests[0].measurement().unwrap();
    assert_eq!(table.n_rows(), 3);
    close(table.values(Q::StorageModulus).unwrap()[2], 31.5e9);
    let loss = table.values(Q::LossModulus).unwrap();
    close(loss[0], 410e6);
    assert!(loss[1].is_nan() && loss[2].is_nan(), "rows may lack keys, and null is missing");
    close(table.values(Q::Temperature).unwrap()[0], 453.25);
    let others: Vec<&str> = table.channels.iter().filter(|c| c.quantity == Q::Other).map(|c| c.name.as_str()).collect();
    assert_eq!(others, ["Range", "Raw phase"], "numbers are kept, texts are not, a raw phase is no phase");
    // The second step is named by 200 °C and lies at 196; `Return` has no rows.
    for code in ["step_temperature", "no_data_rows", "density_implausible"] {
        assert!(has(&loaded, code), "{code}: {:?}", loaded.notes);
    }
    assert_eq!(loaded.metadata.get("Width"), Some("2.5 mm"));
    assert_eq!(loaded.metadata.get("Geometry"), Some("tension"));
    assert_eq!(loaded.metadata.get("Notes"), Some("as cast\r\n"));
    let one = TraceOptions { tests: vec!["step 2: Frequency sweep (200.0 °C)".to_owned()], ..TraceOptions::default() };
    assert_eq!(record(&open_bytes_with("sweep.json", TEXT.as_bytes(), None, &one).unwrap()).tests.len(), 1);
}

/// Order of keys, blanks and a byte-order mark do not matter.
#[test]
fn the_order_of_the_parts_does_not_matter() {
    let loaded = open_bytes("sweep.json", TEXT.as_bytes(), None).unwrap();
    let value: serde_json::Value = serde_json::from_str(TEXT).unwrap();
    let processed = &value["Results"]["Processed"];
    let turned = format!(
        "\u{feff} {{\"Results\":{{\"Processed\":{{\"Rows\":{},\"ColumnHeaders\":{},\"ResultsSteps\":{}}}}},\"Schema\":{}}}",
        processed["Rows"], processed["ColumnHeaders"], processed["ResultsSteps"], value["Schema"]
    );
    let other = open_bytes("sweep.json", turned.as_bytes(), None).unwrap();
    for (a, b) in record(&loaded).tests.iter().zip(&record(&other).tests) {
        assert_eq!(a.name, b.name);
        let (a, b) = (a.measurement().unwrap(), b.measurement().unwrap());
        for quantity in [Q::AngularFrequency, Q::StorageModulus, Q::Temperature] {
            assert_eq!(a.values(quantity).unwrap(), b.values(quantity).unwrap());
        }
    }
}

#[test]
fn what_is_wrong_is_named() {
    let unit = refused(&TEXT.replace("\"Name\": \"GPa\"", "\"Name\": \"furlong\""));
    assert!(unit.contains("'Storage modulus'") && unit.contains("furlong") && unit.contains("columns ="), "{unit}");
    let unitless = refused(&TEXT.replace(", \"Unit\": { \"Name\": \"GPa\" }", ""));
    assert!(unitless.contains("'Storage modulus'") && unitless.contains("states no unit"), "{unitless}");
    let headless = refused(&TEXT.replace("\"ColumnHeaders\"", "\"Headers\""));
    assert!(headless.contains("Results.Processed.ColumnHeaders is missing"), "{headless}");
    let rowless = refused(&TEXT.replace("\"Rows\"", "\"Lines\""));
    assert!(rowless.contains("Rows holds no numbers"), "{rowless}");
    let flat = refused(&TEXT.replace("\"Unit\": { \"Name\": \"GPa\" }", "\"Unit\": \"GPa\""));
    assert!(flat.contains("ColumnHeaders.'Storage modulus_GPa'.Unit") && flat.contains("\"GPa\""), "{flat}");
    let numbered = refused(&TEXT.replace("\"DisplayName\": \"Storage modulus\"", "\"DisplayName\": 7"));
    assert!(numbered.contains("'Storage modulus_GPa'.DisplayName") && numbered.contains("a text"), "{numbered}");
    let list = refused(&TEXT.replace("\"Rows\": [", "\"Rows\": [ 3,"));
    assert!(list.contains("Results.Processed.Rows") && list.contains("a row"), "{list}");
    let steps = refused(&TEXT.replace("\"Id\": \"b\", ", ""));
    assert!(steps.contains("Results.Processed.ResultsSteps") && steps.contains("lacks Id or Name"), "{steps}");
    let results = refused("{\"Schema\":{\"Url\":\"TRIOSJSONExportSchema\"},\"Results\":[]}");
    assert!(results.contains("the object Results"), "{results}");
}

#[test]
fn a_text_among_numbers_is_missing_and_said() {
    let loaded = open_bytes("sweep.json", TEXT.replace(": 31.0,", ": \"31.0\",").as_bytes(), None).unwrap();
    assert!(record(&loaded).tests[0].measurement().unwrap().values(Q::StorageModulus).unwrap()[1].is_nan());
    let note = loaded.notes.iter().find(|note| note.code == "cells_no_numbers").unwrap();
    assert!(note.message.contains("'Storage modulus'") && note.message.contains("row 2"), "{}", note.message);
    let unlisted = open_bytes("sweep.json", TEXT.replace("\"Range\": {", "\"Ranges\": {").as_bytes(), None).unwrap();
    assert!(has(&unlisted, "columns_unlisted"));
}

/// Rows before a cut are kept and the cut is said; a cut before the first of them is an error.
#[test]
fn a_cut_file_keeps_its_complete_rows() {
    let at = |text: &str| TEXT.find(text).unwrap();
    let loaded = open_bytes("sweep.json", &TEXT.as_bytes()[..at("\"Storage modulus_GPa\": 31.5")], None).unwrap();
    assert_eq!(record(&loaded).tests[0].measurement().unwrap().n_rows(), 2);
    assert!(has(&loaded, "cut_short"));
    let early = refused(&TEXT[..at("\"Temperature_°C\": {")]);
    assert!(early.contains("Results.Processed.ColumnHeaders") && early.contains("damaged"), "{early}");
    for cut in (0..TEXT.len()).filter(|cut| TEXT.is_char_boundary(*cut)) {
        let kept = open_bytes("sweep.json", &TEXT.as_bytes()[..cut], None);
        let ends = TEXT[cut..].trim().is_empty();
        // Never numbers of a cut file without a word.
        assert!(kept.is_err() || ends || has(kept.as_ref().unwrap(), "cut_short"), "{cut}");
    }
}

#[test]
fn rows_that_hold_nothing_claim_no_memory() {
    let headers: String = (0..400).map(|i| format!("\"c{i}\":{{}},")).collect();
    let rows: String = (0..400).map(|i| format!("{{\"c{i}\":1}},")).collect();
    let empty = "{},".repeat(20_000);
    let text = format!(
        "{{\"Schema\":\"TRIOSJSONExportSchema\",\"Results\":{{\"Processed\":{{\"ColumnHeaders\":{{{headers}\"last\":{{}}}},\"Rows\":[{rows}{empty}{{}}]}}}}}}"
    );
    let error = refused(&text);
    assert!(error.contains("Results.Processed.Rows") && error.contains("cells"), "{error}");
}
