//! Texts whose rows stay in the file give the same numbers as those that are read at once.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::PathBuf;

use amorph_core::data::{Data, LongRecord, Recording, SegmentKind, TraceQuantity as Q};
use amorph_io::{SegmentRange, StatedSegment, TraceOptions, open, open_with};

const ROWS: usize = 40_000;

/// Ends of lines of two kinds, remarks, empty lines and a short row within, and a last row that is cut off.
fn text() -> String {
    let mut text = String::from("Operator: N. N.\nTime (s),Load (mN),Current (uA)\n");
    for row in 0..ROWS {
        let end = if row % 3 == 0 { "\r\n" } else { "\n" };
        let current = if row == 20_000 { String::new() } else { format!(",{}", 1.0 + 1e-3 * (row % 11) as f64) };
        text += &format!("{:.3},{:.4}{current}{end}", 1e-3 * row as f64, 0.1 * row as f64);
        if row % 9000 == 17 {
            text += "# a remark\n\n";
        }
    }
    text + "40.000,4"
}

fn file(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("amorph-long-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("trace.csv");
    std::fs::write(&path, text()).unwrap();
    path
}

fn long(path: &std::path::Path, options: &TraceOptions) -> LongRecord {
    let options = TraceOptions { in_stretches: Some(true), ..options.clone() };
    match open_with(path, &options).unwrap().data {
        Data::LongRecord(record) => record,
        other => panic!("a long record is expected, found {}", other.kind()),
    }
}

fn whole(path: &std::path::Path) -> Recording {
    match open(path).unwrap().data {
        Data::Record(mut record) => record.tests.remove(0).tables.remove(0),
        other => panic!("a record is expected, found {}", other.kind()),
    }
}

#[test]
fn rows_read_in_stretches_are_those_of_the_whole() {
    let path = file("same");
    let (record, whole) = (long(&path, &TraceOptions::default()), whole(&path));
    assert_eq!((record.n_rows, whole.n_rows()), (ROWS, ROWS));
    assert_eq!(record.channels.len(), 3);
    for (first, end) in [(0, 10), (16_380, 16_390), (19_998, 20_003), (32_768, 32_769), (ROWS - 3, ROWS), (5, 5)] {
        let part = record.read(first..end).unwrap();
        for (part, whole) in part.channels.iter().zip(&whole.channels) {
            assert_eq!(part.quantity, whole.quantity);
            let same = |(a, b): (&f64, &f64)| a == b || a.is_nan() && b.is_nan();
            assert_eq!(part.values.len(), end - first);
            assert!(part.values.iter().zip(&whole.values[first..end]).all(same), "rows {first} to {end}: {part:?}");
        }
    }
    assert!(record.read(20_000..20_001).unwrap().values(Q::Current).unwrap()[0].is_nan());
    assert_eq!(open(&path).unwrap().source.sha256, {
        let options = TraceOptions { in_stretches: Some(true), ..TraceOptions::default() };
        open_with(&path, &options).unwrap().source.sha256
    });
    let beyond = record.read(0..ROWS + 1).unwrap_err().to_string();
    assert!(beyond.contains("the record has 40000"), "{beyond}");
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
}

#[test]
fn stated_segments_are_found_by_time_and_by_row() {
    let path = file("segments");
    let segment = |kind, range| StatedSegment { kind, range };
    let segments = vec![
        segment(SegmentKind::Load, SegmentRange::Time(0.0, 17.5)),
        segment(SegmentKind::Hold, SegmentRange::Rows(17_500, 30_000)),
    ];
    let record = long(&path, &TraceOptions { segments, ..TraceOptions::default() });
    let places: Vec<_> = record.segments.iter().map(|segment| (segment.first, segment.end)).collect();
    assert_eq!(places, [(0, 17_500), (17_500, 30_000)]);
    let segments = vec![segment(SegmentKind::Load, SegmentRange::Rows(10, 50_000))];
    let options = TraceOptions { segments, in_stretches: Some(true), ..TraceOptions::default() };
    let error = open_with(&path, &options).unwrap_err().to_string();
    assert!(error.contains("there are 40000 rows"), "{error}");
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
}

#[test]
fn a_file_that_became_shorter_is_an_error_and_no_panic() {
    let path = file("shorter");
    let record = long(&path, &TraceOptions::default());
    std::fs::write(&path, &text()[..100_000]).unwrap();
    let error = record.read(30_000..30_010).unwrap_err().to_string();
    assert!(error.contains("shorter than when it was opened") && error.contains("30000"), "{error}");
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
}
