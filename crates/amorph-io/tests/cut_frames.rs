//! Files of frames that are cut short: refused with what is missing, and read as far as they go when that is asked for.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use amorph_core::data::{Data, Loaded, Pixels};
use amorph_io::testfiles::{
    blo_bytes, dectris_bytes, dm_bytes, emd_bytes, hspy_bytes, mib_bytes, mrc_bytes, npy_scan_bytes, ramp, ser_bytes,
    tiff_bytes,
};
use amorph_io::{FrameOptions, IoError, TraceOptions, open, open_bytes, open_bytes_with, open_with};
use common::{DM_AXES, HSPY_AXES};

/// What is there is read, as a scan of this shape where there is one.
fn partial(scan_shape: Option<[usize; 2]>) -> TraceOptions {
    options(FrameOptions { partial: true, scan_shape, ..FrameOptions::default() })
}

fn options(frames: FrameOptions) -> TraceOptions {
    TraceOptions { frames, ..TraceOptions::default() }
}

fn message(bytes: &[u8]) -> String {
    open_bytes("scan", bytes, None).unwrap_err().to_string()
}

fn contains(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "'{word}' is not in: {message}");
    }
}

/// Reads every frame that is there.
fn read(loaded: &Loaded) {
    let mut pixels = Pixels::empty(amorph_core::data::PixelType::U8);
    match &loaded.data {
        Data::Scan(scan) => scan.read(0..scan.n_present, &mut pixels).unwrap(),
        Data::Stack(stack) => stack.read(0..stack.n_present, &mut pixels).unwrap(),
        other => panic!("frames are expected, found {}", other.kind()),
    }
}

#[test]
fn what_is_cut_says_how_much_is_there() {
    let file = mib_bytes([6, 5, 7], 2, &ramp(&[6, 5, 7]));
    contains(&message(&file[..file.len() - 3]), &["scan is cut short", "promises 6 frames", "holds 5", "partial = true"]);
    let loaded = open_bytes_with("scan", &file[..file.len() - 3], None, &partial(None)).unwrap();
    let Data::Stack(stack) = &loaded.data else { panic!("a stack is expected") };
    assert_eq!((stack.n_frames(), stack.n_present), (6, 5));
    let said: String = loaded.notes.iter().map(|note| note.message.clone()).collect();
    contains(&said, &["scan: the header promises 6 frames, but the file holds 5"]);
    contains(&message(&file[..400]), &["scan", "frame 0 of 7 x 5", "454 bytes", "400"]);
    let file = blo_bytes([2, 3, 6], false, &ramp(&[2, 3, 6, 6]));
    contains(&message(&file[..file.len() - 50]), &["promises 6 frames", "holds 4"]);
    let Data::Scan(scan) = open_bytes_with("scan", &file[..file.len() - 50], None, &partial(None)).unwrap().data else {
        panic!("a scan is expected")
    };
    assert_eq!((scan.n_frames(), scan.n_present), (6, 4));
    contains(&message(&file[..30]), &["scan", "the header", "64 bytes", "30"]);
    let file = dm_bytes(4, &[6, 7], &DM_AXES[1..], &ramp(&[6, 7]));
    contains(&message(&file[..file.len() - 200]), &["scan", "bytes"]);
    let file = emd_bytes([2, 3, 4, 5], false, &ramp(&[2, 3, 4, 5]));
    contains(&message(&file[..100]), &["scan"]);
}

#[test]
fn every_format_refuses_what_is_cut_and_reads_it_when_asked() {
    let npy = npy_scan_bytes([2, 3, 4, 5], &ramp(&[2, 3, 4, 5]));
    let files = [
        ("npy", npy, 6),
        ("mrc", mrc_bytes([6, 4, 5], false, false, &ramp(&[6, 4, 5])), 6),
        ("ser", ser_bytes([6, 4, 5], false, &ramp(&[6, 4, 5])), 6),
        ("tiff", tiff_bytes([6, 4, 5], false, &ramp(&[6, 4, 5])), 6),
        ("mib", mib_bytes([6, 4, 5], 2, &ramp(&[6, 4, 5])), 6),
        ("blo", blo_bytes([2, 3, 5], false, &ramp(&[2, 3, 5, 5])), 6),
        ("emd", emd_bytes([2, 3, 4, 5], false, &ramp(&[2, 3, 4, 5])), 6),
        ("hspy", hspy_bytes(&[2, 3, 4, 5], &HSPY_AXES, &ramp(&[2, 3, 4, 5])), 6),
        ("dectris", dectris_bytes([6, 4, 5], false, &ramp(&[6, 4, 5])), 6),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, n) in files {
        let mut n_read = 0;
        for lost in 1..bytes.len().min(120) {
            let path = folder.path().join(format!("scan.{name}"));
            std::fs::write(&path, &bytes[..bytes.len() - lost]).unwrap();
            let Err(error) = open(&path) else {
                // What was lost is no frame: a list or a description behind them.
                assert_eq!(present(&open(&path).unwrap()), (n, n), "{name}, {lost} bytes lost");
                continue;
            };
            assert!(error.to_string().contains(&format!("scan.{name}")), "{error}");
            let IoError::FramesMissing { promised, found, .. } = error else { continue };
            let loaded = open_with(&path, &partial(None)).unwrap();
            assert_eq!(present(&loaded).0, found as usize, "{name}, {lost} bytes lost");
            assert!(promised.is_none() || loaded.notes.iter().any(|note| note.code == "frames_missing"), "{name}");
            // The frames that are there can be read.
            read(&loaded);
            n_read += 1;
        }
        // Files that end with a description cannot be read without it.
        assert!(n_read > 0 || ["ser", "emd", "hspy", "dectris"].contains(&name), "{name}");
    }
}

/// Frames that are there, and that there should be.
fn present(loaded: &Loaded) -> (usize, usize) {
    match &loaded.data {
        Data::Scan(scan) => (scan.n_present, scan.n_frames()),
        Data::Stack(stack) => (stack.n_present, stack.n_frames()),
        other => panic!("frames are expected, found {}", other.kind()),
    }
}

#[test]
fn a_scan_that_was_stopped_early_is_read_when_asked() {
    let file = mib_bytes([10, 4, 5], 2, &ramp(&[10, 4, 5]));
    let shape = |partial| options(FrameOptions { partial, scan_shape: Some([3, 4]), ..FrameOptions::default() });
    let error = open_bytes_with("scan", &file, None, &shape(false)).unwrap_err().to_string();
    contains(&error, &["10 frames", "3 x 4", "partial = true"]);
    let loaded = open_bytes_with("scan", &file, None, &shape(true)).unwrap();
    assert_eq!(present(&loaded), (10, 12));
    assert!(loaded.notes.iter().any(|note| note.code == "frames_missing" && note.message.contains("12 positions")));
    // A shape that no file of this length can mean stays an error, and so do frames that are too many.
    for scan_shape in [[1 << 20, 1 << 20], [3, 3]] {
        let wrong = partial(Some(scan_shape));
        contains(&open_bytes_with("scan", &file, None, &wrong).unwrap_err().to_string(), &["10 frames"]);
    }
}
