//! What is said about trace files that hold no test, are damaged, or leave out what is needed (spec 22, section 7).

#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::Write as _;

use amorph_core::data::{Data, Loaded, Record, RecordingRole, TraceQuantity as Q};
use amorph_io::{TraceOptions, TracePreset, open_bytes, open_bytes_with};
use hdf5_pure::{AttrValue, FileBuilder};
use zip::write::SimpleFileOptions;

fn contains(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "'{part}' is not in: {message}");
    }
}

fn refusal(name: &str, bytes: &[u8]) -> String {
    open_bytes(name, bytes, None).unwrap_err().to_string()
}

fn record(loaded: Loaded) -> (Record, Vec<String>) {
    let notes = loaded.notes.into_iter().map(|note| note.message).collect();
    match loaded.data {
        Data::Record(record) => (record, notes),
        other => panic!("a record is expected, found {}", other.kind()),
    }
}

fn archive(members: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Rows of a sheet as the XML of a workbook; texts stand in the cells.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let (mut list, mut relations, mut members) = (String::new(), String::new(), Vec::new());
    for (index, (name, rows)) in sheets.iter().enumerate() {
        let id = index + 1;
        list += &format!("<sheet name=\"{name}\" sheetId=\"{id}\" r:id=\"rId{id}\"/>");
        relations +=
            &format!("<Relationship Id=\"rId{id}\" Type=\"{relation}/worksheet\" Target=\"worksheets/sheet{id}.xml\"/>");
        let cell = |text: &&str| match text.parse::<f64>() {
            Ok(value) => format!("<c><v>{value}</v></c>"),
            Err(_) => format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"),
        };
        let row = |cells: &&[&str]| format!("<row>{}</row>", cells.iter().map(cell).collect::<String>());
        let data: String = rows.iter().map(row).collect();
        members.push((
            format!("xl/worksheets/sheet{id}.xml"),
            format!("<worksheet xmlns=\"{main}\"><sheetData>{data}</sheetData></worksheet>"),
        ));
    }
    members.push((
        "xl/workbook.xml".to_owned(),
        format!("<workbook xmlns=\"{main}\" xmlns:r=\"{relation}\"><sheets>{list}</sheets></workbook>"),
    ));
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    members.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!("<Relationships xmlns=\"{package}\">{relations}</Relationships>"),
    ));
    let whole = format!("<Relationship Id=\"rId1\" Type=\"{relation}/officeDocument\" Target=\"xl/workbook.xml\"/>");
    members.push(("_rels/.rels".to_owned(), format!("<Relationships xmlns=\"{package}\">{whole}</Relationships>")));
    let members: Vec<(&str, &str)> = members.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    archive(&members)
}

/// An HDF5 file of one test; units and counts of segments where given.
fn hdf5(group: &str, unit: Option<&str>, indices: Option<&[f64]>) -> Vec<u8> {
    let mut file = FileBuilder::new();
    let mut test = file.create_group(group);
    let mut data = test.create_group("data");
    let ramp: Vec<f64> = (0..40).map(f64::from).collect();
    for (name, step) in [("time", 0.1), ("force", 0.5), ("displacement", 20.0)] {
        let values: Vec<f64> = ramp.iter().map(|row| row * step).collect();
        let set = data.create_dataset(name).with_f64_data(&values);
        if let Some(unit) = unit {
            let unit = match name {
                "time" => "s",
                "force" => unit,
                _ => "nm",
            };
            set.set_attr("unit", AttrValue::String(unit.to_owned()));
        }
    }
    if let Some(indices) = indices {
        data.create_dataset("indices").with_f64_data(indices);
    }
    let data = data.finish();
    test.add_group(data);
    file.add_group(test.finish());
    file.finish().unwrap()
}

#[test]
fn a_workbook_without_tests_lists_its_sheets() {
    let bytes = workbook(&[("Results", &[&["Sample", "Modulus"], &["1", "85"]]), ("Required Inputs", &[&["a", "b"]])]);
    contains(&refusal("book.xlsx", &bytes), &["book.xlsx", "Results", "Required Inputs"]);
}

#[test]
fn sheets_of_tests_are_read_and_others_left_out() {
    let rows: Vec<Vec<String>> =
        (0..30).map(|row| vec![(0.1 * f64::from(row)).to_string(), (2 * row).to_string(), (3 * row).to_string()]).collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let mut sheet: Vec<&[&str]> = vec![&["Time", "Load", "Depth"], &["s", "mN", "nm"]];
    sheet.extend(rows.iter().map(Vec::as_slice));
    let (record, _) =
        record(open_bytes("book.xlsx", &workbook(&[("Results", &[&["x"]]), ("Test 002", &sheet)]), None).unwrap());
    assert_eq!(record.tests.len(), 1);
    assert_eq!(record.tests[0].name, "Test 002");
    let loads = record.tests[0].measurement().unwrap().values(Q::Load).unwrap();
    assert!((loads[10] - 20e-3).abs() < 1e-15);
}

#[test]
fn a_damaged_workbook_is_named_as_one() {
    let mut bytes = workbook(&[("Test 001", &[&["Time"], &["s"], &["1"]])]);
    let half = bytes.len() / 2;
    bytes.truncate(half);
    contains(&refusal("book.xlsx", &bytes), &["book.xlsx"]);
}

#[test]
fn an_archive_keeps_what_it_can_and_names_the_rest() {
    let table: String = (0..40).map(|row| format!("{}\t{}\t{}\r\n", 0.1 * f64::from(row), 10 * row, 2 * row)).collect();
    let bytes = archive(&[("1000nm 1 10 20.txt", &table), ("__MACOSX/._x.txt", &table), ("read me.txt", "nothing but words")]);
    let options = TraceOptions { preset: TracePreset::find("micro-materials"), ..TraceOptions::default() };
    let (found, notes) = record(open_bytes_with("a.zip", &bytes, None, &options).unwrap());
    assert_eq!(found.tests.len(), 1);
    assert!(notes.iter().any(|note| note.contains("__MACOSX")), "{notes:?}");
    // The same without the preset: columns without names or units are not guessed.
    contains(&refusal("a.zip", &bytes), &["a.zip", "preset"]);
    // One member is damaged: the checksum does not fit; the other stays.
    let mut bytes = archive(&[("1000nm 1 10 20.txt", &table), ("1000nm 2 10 30.txt", &table)]);
    let second = bytes.windows(18).rposition(|window| window == &b"1000nm 2 10 30.txt"[..18]).unwrap();
    let first_copy = bytes.windows(18).position(|window| window == &b"1000nm 2 10 30.txt"[..18]).unwrap();
    assert!(first_copy < second);
    bytes[first_copy + 40] ^= 0xff;
    let (found, notes) = record(open_bytes_with("a.zip", &bytes, None, &options).unwrap());
    assert_eq!(found.tests.len(), 1);
    assert!(notes.iter().any(|note| note.contains("member 2")), "{notes:?}");
    contains(&refusal("b.zip", &archive(&[("../escapes.txt", &table)])), &["b.zip", "../escapes.txt"]);
}

#[test]
fn members_above_the_limit_are_refused() {
    let table: String = (0..4000).map(|row| format!("{}\t{}\t{}\r\n", 0.1 * f64::from(row), 10 * row, 2 * row)).collect();
    let options =
        TraceOptions { preset: TracePreset::find("micro-materials"), member_limit: Some(1000), ..TraceOptions::default() };
    let error = open_bytes_with("a.zip", &archive(&[("big.txt", &table)]), None, &options).unwrap_err().to_string();
    contains(&error, &["big.txt", "1000"]);
}

#[test]
fn hdf5_without_tests_lists_its_groups() {
    let mut file = FileBuilder::new();
    let mut group = file.create_group("entry");
    group.create_dataset("counts").with_f64_data(&[1.0, 2.0]);
    file.add_group(group.finish());
    contains(&refusal("scan.h5", &file.finish().unwrap()), &["scan.h5", "group 'entry'", "force, displacement and time"]);
}

#[test]
fn hdf5_without_units_is_refused_with_the_line_that_says_them() {
    contains(&refusal("t.hdf5", &hdf5("test_1", None, None)), &["t.hdf5", "unit", "columns"]);
    contains(&refusal("t.hdf5", &hdf5("test_1", Some("(arb)"), None)), &["t.hdf5", "(arb)", "columns"]);
}

#[test]
fn rows_beyond_the_segments_of_hdf5_are_kept_apart() {
    let (found, _) = record(open_bytes("t.hdf5", &hdf5("test_1", Some("mN"), Some(&[15.0, 5.0, 10.0])), None).unwrap());
    let tables = &found.tests[0].tables;
    assert_eq!(tables.iter().map(|table| table.n_rows()).collect::<Vec<_>>(), [30, 10]);
    assert_eq!(tables[1].role, RecordingRole::Auxiliary);
    assert!((tables[0].values(Q::Load).unwrap()[29] - 14.5e-3).abs() < 1e-15);
}

#[test]
fn truncated_hdf5_is_damaged_and_no_more() {
    let bytes = hdf5("test_1", Some("mN"), None);
    for length in [600, bytes.len() / 2, bytes.len() - 1] {
        if let Err(error) = open_bytes("t.hdf5", &bytes[..length], None) {
            contains(&error.to_string(), &["t.hdf5"]);
        }
    }
}

#[test]
fn files_that_cannot_be_read_say_what_to_export() {
    contains(&refusal("a.hys", b"\x00\x01\x02\x03\x04\x05\x06\x07"), &["a.hys", "export", "text"]);
    let index = b"<?xml version=\"1.0\"?>\n<usi:tdm xmlns:usi=\"http://www.ni.com\" version=\"1.0\"></usi:tdm>";
    contains(&refusal("a.tdm", index), &["a.tdm", "TDMS"]);
    contains(&refusal("a.csv", b""), &["a.csv is empty"]);
}
