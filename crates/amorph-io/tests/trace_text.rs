//! Texts of traces in every dialect give the same SI values; units that nobody states are refused (spec 22, sections 7 and 8).

#![allow(clippy::unwrap_used, clippy::panic)]

use amorph_core::data::{Channel, Data, Record, Recording, Segment, SegmentKind, SegmentOrigin, TraceQuantity as Q};
use amorph_core::unit::Unit;
use amorph_io::testfiles::{
    TdmsLayout, TextDefect, TextDialect, TextEncoding, UnitPlace, delimited_bytes, hld_bytes, nanodma_bytes, tdms_bytes,
    triboscan_bytes,
};
use amorph_io::{
    ColumnMapping, ColumnPlace, DepthSign, SegmentRange, StatedSegment, TraceOptions, open_bytes, open_bytes_with,
};

fn recording(n: usize) -> Recording {
    let t = |i: usize| 0.01 * i as f64;
    let load = |i: usize| (1e-3 * t(i) / t(n)).min(0.8e-3);
    let channels = vec![
        Channel::new(Q::Time, (0..n).map(t).collect()),
        Channel::new(Q::Load, (0..n).map(load).collect()),
        Channel::new(Q::Depth, (0..n).map(|i| 1e-5 * load(i).sqrt() + 1e-12 * (i % 7) as f64).collect()),
        Channel::new(Q::Current, (0..n).map(|i| 1e-6 * (1.0 + 0.1 * (i as f64).sin())).collect()),
    ];
    Recording::of_test(channels)
}

fn record_of(bytes: &[u8], options: &TraceOptions) -> Record {
    match open_bytes_with("f.txt", bytes, None, options).unwrap_or_else(|error| panic!("{error}")).data {
        Data::Record(record) => record,
        other => panic!("a record is expected, found {}", other.kind()),
    }
}

fn table_of(bytes: &[u8]) -> Recording {
    record_of(bytes, &TraceOptions::default()).tests.remove(0).tables.remove(0)
}

fn message(text: &str) -> String {
    open_bytes("f.csv", text.as_bytes(), None).unwrap_err().to_string()
}

fn contains(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "'{part}' is not in: {message}");
    }
}

fn close(found: &Recording, expected: &Recording, rows: usize) {
    assert_eq!(found.n_rows(), rows);
    for channel in &expected.channels {
        let values = found.values(channel.quantity).unwrap_or_else(|error| panic!("{error}"));
        for (found, expected) in values.iter().zip(&channel.values) {
            let same = found.is_nan() && expected.is_nan() || (found - expected).abs() <= 1e-12 * expected.abs() + 1e-24;
            assert!(same, "{}: {found:e} is not {expected:e}", channel.quantity.word());
        }
    }
}

#[test]
fn every_dialect_gives_the_same_values() {
    const UNITS: [UnitPlace; 6] =
        [UnitPlace::Round, UnitPlace::Square, UnitPlace::Comma, UnitPlace::Underscore, UnitPlace::Slash, UnitPlace::Row];
    let expected = recording(60);
    let mut tried = 0;
    for (delimiter, decimal) in [(',', '.'), (';', '.'), (';', ','), ('\t', '.'), ('\t', ','), (' ', '.'), (' ', ',')] {
        for (encoding, byte_order_mark) in [
            (TextEncoding::Utf8, false),
            (TextEncoding::Utf8, true),
            (TextEncoding::Utf16, true),
            (TextEncoding::Latin1, false),
        ] {
            for units in UNITS {
                for line_end in ["\n", "\r\n", "\r"] {
                    let dialect = TextDialect {
                        delimiter,
                        decimal,
                        encoding,
                        byte_order_mark,
                        units,
                        line_end,
                        ..TextDialect::default()
                    };
                    let bytes = delimited_bytes(&expected, &dialect);
                    let found = open_bytes("f.txt", &bytes, None).unwrap_or_else(|error| panic!("{dialect:?}: {error}"));
                    let Data::Record(record) = found.data else { panic!("{dialect:?} is no record") };
                    close(&record.tests[0].tables[0], &expected, 60);
                    tried += 1;
                }
            }
        }
    }
    assert_eq!(tried, 7 * 4 * 6 * 3);
}

#[test]
fn restarts_missing_blocks_and_cut_rows_are_mended_and_told() {
    let mut expected = recording(60);
    expected.channels[1].values[20..26].fill(f64::NAN);
    for missing in ["", "NaN", "NA", "--"] {
        let defects = vec![TextDefect::TimeRestart(40), TextDefect::Truncated];
        let dialect = TextDialect { delimiter: ';', missing, defects, ..TextDialect::default() };
        let found = table_of(&delimited_bytes(&expected, &dialect));
        close(&found, &expected, 59);
        let kinds: Vec<&str> = found.repairs.iter().map(|repair| repair.kind.as_str()).collect();
        assert_eq!(kinds, ["truncated", "time_restart", "missing"], "{:?}", found.repairs);
        assert_eq!((found.repairs[1].first, found.repairs[2].first, found.repairs[2].rows), (40, 20, 6));
        assert_eq!(found.repairs[0].text, "line 61: 1 of 4 fields, dropped");
    }
}

#[test]
fn a_unit_that_nobody_states_is_refused_with_the_line_that_says_it() {
    let expected = recording(30);
    let bytes = delimited_bytes(&expected, &TextDialect { units: UnitPlace::Nowhere, ..TextDialect::default() });
    let error = open_bytes("f.csv", &bytes, None).unwrap_err().to_string();
    contains(
        &error,
        &["f.csv: channel 'Time' (time) states no unit", "columns = { time = { column = \"Time\", unit = \"s\" } }"],
    );
    let mapping =
        |quantity, column, unit| ColumnMapping { quantity, column, unit: Some(Unit::of(unit)), scale: 1.0, offset: 0.0 };
    let columns = vec![
        mapping(Q::Time, ColumnPlace::Name("time".to_owned()), "s"),
        mapping(Q::Load, ColumnPlace::Number(2), "uN"),
        mapping(Q::Depth, ColumnPlace::Number(3), "nm"),
        mapping(Q::Current, ColumnPlace::Name("Current".to_owned()), "uA"),
    ];
    let found = record_of(&bytes, &TraceOptions { columns, ..TraceOptions::default() });
    close(&found.tests[0].tables[0], &expected, 30);
}

#[test]
fn bad_text_is_refused_in_words() {
    contains(
        &message("Time (s),Load (arb)\n0,1\n1,2\n"),
        &["'Load' (load)", "'arb'", "which is not known", "mN uN", "columns = { load"],
    );
    contains(&message("Time (s),Depth (A)\n0,1\n1,2\n"), &["'A'", "ampere or angstrom"]);
    contains(
        &message("Time (s),Load (mN),Load (uN)\n0,1,2\n1,2,3\n"),
        &["column 2 'Load' (mN) and column 3 'Load' (uN)", "columns = { load = { column = 2 } }"],
    );
    contains(&message("Time (s),Load (mN)\n0,1,2,5\n0,2,2,7\n"), &["line 2 ('0,1,2,5')", "decimal = \",\" and delimiter"]);
    contains(&message("Time (s);Load (mN)\n0,5;1.234,5\n1,5;2.345,5\n2,5;3.456,5\n"), &["marks of thousands"]);
    let binary = open_bytes_with(
        "f.csv",
        b"TDSm\x0e\0\0\0\0\0",
        None,
        &TraceOptions { format: Some("delimited".to_owned()), ..TraceOptions::default() },
    );
    contains(&binary.unwrap_err().to_string(), &["a binary file (LabVIEW TDMS) given as text"]);
    let wanted =
        ColumnMapping { quantity: Q::Load, column: ColumnPlace::Name("Force".to_owned()), unit: None, scale: 1.0, offset: 0.0 };
    let options = TraceOptions { columns: vec![wanted], ..TraceOptions::default() };
    let error = open_bytes_with("f.csv", b"Time (s),Load (mN)\n0,1\n1,2\n", None, &options).unwrap_err().to_string();
    contains(&error, &["columns.load names 'Force'", "1 'Time', 2 'Load'"]);
    let options = TraceOptions { tests: vec!["Test 9".to_owned()], ..TraceOptions::default() };
    let error = open_bytes_with("f.csv", b"Time (s),Load (mN)\n0,1\n1,2\n", None, &options).unwrap_err().to_string();
    contains(&error, &["there is no test 'Test 9'", "'f'"]);
}

#[test]
fn depth_against_load_is_refused_until_its_sign_is_stated() {
    let mut upside = recording(200);
    upside.channels[2].values.iter_mut().for_each(|value| *value = -*value);
    let bytes = delimited_bytes(&upside, &TextDialect::default());
    let error = open_bytes("f.csv", &bytes, None).unwrap_err().to_string();
    contains(&error, &["the depth sign appears inverted", "depth_sign = \"inverted\""]);
    let options = |sign| TraceOptions { depth_sign: Some(sign), ..TraceOptions::default() };
    close(&record_of(&bytes, &options(DepthSign::AsWritten)).tests[0].tables[0], &upside, 200);
    close(&record_of(&bytes, &options(DepthSign::Inverted)).tests[0].tables[0], &recording(200), 200);
}

#[test]
fn ragged_rows_constant_channels_and_lost_micro_signs_are_told() {
    let mut text = "Time (s),Load (N),Current (A)\n".to_owned();
    for i in 0..30 {
        text += &if i == 7 { format!("{i},{}\n", 0.1 * f64::from(i)) } else { format!("{i},{},5\n", 0.1 * f64::from(i)) };
    }
    let loaded = open_bytes("f.csv", text.as_bytes(), None).unwrap();
    let notes: Vec<&str> = loaded.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(notes, ["unit_range", "constant_channel"], "{:?}", loaded.notes);
    let Data::Record(record) = &loaded.data else { panic!() };
    let table = &record.tests[0].tables[0];
    assert!(table.channels[2].values[7].is_nan());
    contains(&table.repairs[0].text, &["lines 9"]);
}

#[test]
fn stated_segments_replace_those_found() {
    let bytes = delimited_bytes(&recording(200), &TextDialect::default());
    let by =
        |range| TraceOptions { segments: vec![StatedSegment { kind: SegmentKind::Load, range }], ..TraceOptions::default() };
    let found = record_of(&bytes, &by(SegmentRange::Time(0.0, 0.5)));
    let segment = &found.tests[0].tables[0].segments[0];
    assert_eq!((segment.first, segment.end, segment.origin), (0, 50, SegmentOrigin::Stated));
    let error = open_bytes_with("f.csv", &bytes, None, &by(SegmentRange::Rows(5, 500))).unwrap_err().to_string();
    contains(&error, &["segments state a load over rows 5 to 500", "200 rows"]);
}

#[test]
fn lists_of_sizes_stay_tables() {
    for text in ["size\n1\n2\n", "time (s),size (nm)\n1,2\n3,4\n", "name,depth (nm)\na,1\nb,2\n", "x (nm),y (nm)\n1,2\n3,4\n"] {
        let loaded = open_bytes("f.csv", text.as_bytes(), None).unwrap();
        assert_eq!(loaded.source.format, "text", "{text}");
    }
}

#[test]
fn written_instrument_files_are_read_back() {
    let mut expected = recording(300);
    let segment = |kind, first, end| Segment { kind, first, end, origin: SegmentOrigin::File, demand: None };
    expected.segments = vec![segment(SegmentKind::Load, 0, 240), segment(SegmentKind::Hold, 240, 300)];
    let rounded = |found: &Recording| {
        for channel in &found.channels {
            let Ok(values) = expected.values(channel.quantity) else { continue };
            // Six decimals of the unit of the file.
            let worst = values.iter().zip(&channel.values).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(worst <= 0.51e-6 * channel.factor, "{}: {worst:e}", channel.name);
        }
    };
    let lc = record_of(&triboscan_bytes(&expected).unwrap(), &TraceOptions::default());
    let table = lc.tests[0].measurement().unwrap();
    assert_eq!((table.n_rows(), table.channels.len(), table.repairs.len()), (300, 4, 0), "{:?}", table.repairs);
    assert!(table.has(Q::Current));
    rounded(table);
    let hld = record_of(&hld_bytes(&expected, 0.1e-9).unwrap(), &TraceOptions::default());
    assert_eq!(hld.tests[0].tables.len(), 3);
    let table = hld.tests[0].measurement().unwrap();
    rounded(table);
    let kinds: Vec<(SegmentKind, usize)> = table.segments.iter().map(|segment| (segment.kind, segment.end)).collect();
    assert_eq!(kinds, [(SegmentKind::Load, 240), (SegmentKind::Hold, 300)]);
}

#[test]
fn a_written_nanodma_text_is_read_back() {
    let mut expected = recording(50);
    let value = |i: usize| 70e9 + 1e9 * (i as f64).sin();
    expected
        .channels
        .push(Channel::new(Q::ReducedStorageModulus, (0..50).map(|i| if i == 3 { f64::NAN } else { value(i) }).collect()));
    expected.channels.push(Channel::new(Q::ReducedLossModulus, (0..50).map(|i| 1e-5 * value(i)).collect()));
    let bytes = nanodma_bytes(&expected).unwrap();
    let record = record_of(&bytes, &TraceOptions::default());
    let table = record.tests[0].measurement().unwrap();
    for quantity in [Q::Time, Q::Load, Q::Depth, Q::ReducedStorageModulus, Q::ReducedLossModulus] {
        let (found, truth) = (table.values(quantity).unwrap(), expected.values(quantity).unwrap());
        for (found, truth) in found.iter().zip(truth) {
            let factor = table.channel(quantity).unwrap().factor;
            assert!(
                (found.is_nan() && truth.is_nan()) || (found - truth).abs() <= 0.51e-6 * factor,
                "{quantity:?} {found} {truth}"
            );
        }
    }
    assert!(table.values(Q::ReducedStorageModulus).unwrap()[3].is_nan());
}

#[test]
fn tdms_of_every_layout_gives_the_same_values() {
    let expected = recording(101);
    for interleaved in [false, true] {
        for big_endian in [false, true] {
            for segments in [1, 2, 5] {
                let layout = TdmsLayout { interleaved, big_endian, segments, scaled: false };
                close(&table_of(&tdms_bytes("a", &expected, layout)), &expected, 101);
            }
        }
    }
    let scaled = table_of(&tdms_bytes("a", &expected, TdmsLayout { scaled: true, segments: 2, ..TdmsLayout::default() }));
    for channel in &expected.channels {
        let largest = channel.values.iter().fold(0.0f64, |a, b| a.max(b.abs()));
        let found = scaled.values(channel.quantity).unwrap();
        assert!(found.iter().zip(&channel.values).all(|(a, b)| (a - b).abs() <= 0.51 * largest / 32000.0));
    }
    assert_eq!(scaled.repairs.iter().filter(|repair| repair.kind == "scaled").count(), 4);
}

#[test]
fn a_segment_column_gives_segments() {
    let mut text = "Time (s);Load (mN);Segment\n".to_owned();
    for i in 0..90 {
        let load = [f64::from(i.min(30)), 30.0, 30.0 - f64::from(i - 59)][(i / 30) as usize];
        text += &format!("{};{load};{}\n", 0.1 * f64::from(i), i / 30);
    }
    let kinds: Vec<SegmentKind> = table_of(text.as_bytes()).segments.iter().map(|segment| segment.kind).collect();
    assert_eq!(kinds, [SegmentKind::Load, SegmentKind::Hold, SegmentKind::Unload]);
}
