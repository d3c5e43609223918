#![allow(clippy::unwrap_used)]
use std::ops::Range;
use std::path::PathBuf;

use amorph_core::data::{PixelType, Pixels};
use sha2::{Digest as _, Sha256};

use super::*;

/// A `.npy` file, version 1, as NumPy writes it.
fn npy(descr: &str, fortran: bool, shape: &str, data: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({shape}), }}\n");
    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(data);
    bytes
}

fn written(directory: &tempfile::TempDir, bytes: &[u8]) -> PathBuf {
    let path = directory.path().join("scan.npy");
    std::fs::write(&path, bytes).unwrap();
    path
}

fn frames(scan: &Scan4d, frames: Range<usize>) -> Pixels {
    let mut pixels = Pixels::empty(scan.pixel);
    scan.read(frames, &mut pixels).unwrap();
    pixels
}

#[test]
fn every_type_and_both_byte_orders_are_read() {
    let directory = tempfile::tempdir().unwrap();
    macro_rules! check {
        ($type:ty, $kind:ident, $descr:literal) => {
            let values: Vec<$type> = (0..60u8).map(|i| <$type>::from(i) * (100 as $type)).collect();
            let little: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            let big: Vec<u8> = values.iter().flat_map(|value| value.to_be_bytes()).collect();
            for (order, data) in [("<", little), (">", big)] {
                let path = written(&directory, &npy(&format!("{order}{}", $descr), false, "2, 3, 2, 5", &data));
                let scan = open_npy_scan(&path).unwrap();
                assert_eq!((scan.shape(), scan.n_present, scan.pixel), ([2, 3, 2, 5], 6, PixelType::$kind));
                assert_eq!(frames(&scan, 0..6), Pixels::$kind(values.clone()));
                assert_eq!(frames(&scan, 4..5), Pixels::$kind(values[40..50].to_vec()));
            }
        };
    }
    check!(u16, U16, "u2");
    check!(u32, U32, "u4");
    check!(i16, I16, "i2");
    check!(i32, I32, "i4");
    check!(f32, F32, "f4");
    check!(f64, F64, "f8");
    let whole: Vec<u8> = (0..60i64).flat_map(|i| (i - 7).to_le_bytes()).collect();
    let scan = open_npy_scan(&written(&directory, &npy("<i8", false, "2, 3, 2, 5", &whole))).unwrap();
    assert_eq!(frames(&scan, 0..6), Pixels::F64((0..60).map(|i| f64::from(i) - 7.0).collect()));
    let beyond = [(1i64 << 60).to_le_bytes(), [0; 8]].concat();
    let scan = open_npy_scan(&written(&directory, &npy("<i8", false, "1, 1, 1, 2", &beyond))).unwrap();
    let refused = scan.read(0..1, &mut Pixels::empty(PixelType::F64)).unwrap_err().to_string();
    assert!(refused.contains("beyond the whole numbers"), "{refused}");
    let signed: Vec<u8> = (0..60u8).map(|i| i.wrapping_sub(9)).collect();
    let scan = open_npy_scan(&written(&directory, &npy("|i1", false, "2, 3, 2, 5", &signed))).unwrap();
    assert_eq!(frames(&scan, 0..6), Pixels::I16((0..60).map(|i| i - 9).collect()));
    let bytes: Vec<u8> = (0..60).collect();
    let scan = open_npy_scan(&written(&directory, &npy("|u1", false, "2, 3, 2, 5", &bytes))).unwrap();
    assert_eq!(frames(&scan, 1..3), Pixels::U8((10..30).collect()));
}

#[test]
fn fortran_order_is_read() {
    let directory = tempfile::tempdir().unwrap();
    // Scan 3 x 4, frames 2 x 5: all lengths differ, and so do all values.
    let shape = [3, 4, 2, 5];
    let value = |y: usize, x: usize, row: usize, column: usize| (1000 * y + 100 * x + 10 * row + column) as u16;
    let mut stored = Vec::new();
    for column in 0..5 {
        for row in 0..2 {
            for x in 0..4 {
                stored.extend((0..3).map(|y| value(y, x, row, column)));
            }
        }
    }
    let mut expected = Vec::new();
    for (y, x) in (0..3).flat_map(|y| (0..4).map(move |x| (y, x))) {
        expected.extend((0..10).map(|pixel| value(y, x, pixel / 5, pixel % 5)));
    }
    let little: Vec<u8> = stored.iter().flat_map(|value| value.to_le_bytes()).collect();
    let big: Vec<u8> = stored.iter().flat_map(|value| value.to_be_bytes()).collect();
    for (order, data) in [("<u2", little), (">u2", big)] {
        let scan = open_npy_scan(&written(&directory, &npy(order, true, "3, 4, 2, 5", &data))).unwrap();
        assert_eq!((scan.shape(), scan.n_present), (shape, 12));
        assert_eq!(frames(&scan, 0..12), Pixels::U16(expected.clone()));
        assert_eq!(frames(&scan, 5..7), Pixels::U16(expected[50..70].to_vec()));
    }
}

#[test]
fn all_header_versions_are_read() {
    let directory = tempfile::tempdir().unwrap();
    for version in [2u8, 3] {
        let first = npy("<u2", false, "1, 2, 1, 2", &[1, 0, 2, 0, 3, 0, 4, 0]);
        let mut bytes = first[..6].to_vec();
        bytes.extend([version, 0]);
        bytes.extend(u32::from(u16::from_le_bytes([first[8], first[9]])).to_le_bytes());
        bytes.extend(&first[10..]);
        let scan = open_npy_scan(&written(&directory, &bytes)).unwrap();
        assert_eq!(frames(&scan, 0..2), Pixels::U16(vec![1, 2, 3, 4]));
    }
}

#[test]
fn frames_longer_than_a_chunk_are_whole() {
    let directory = tempfile::tempdir().unwrap();
    let values: Vec<u16> = (0..2 * 150 * 201u32).map(|i| (i * 7919 % 65521) as u16).collect();
    let data: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let scan = open_npy_scan(&written(&directory, &npy("<u2", false, "1, 2, 150, 201", &data))).unwrap();
    assert_eq!(frames(&scan, 0..2), Pixels::U16(values));
}

#[test]
fn a_cut_file_gives_its_complete_frames() {
    let directory = tempfile::tempdir().unwrap();
    let path = written(&directory, &npy("<u2", false, "3, 4, 2, 2", &[1; 5 * 8 + 3]));
    let refused = crate::open(&path).unwrap_err().to_string();
    assert!(refused.contains("promises 12 frames, but holds 5 whole ones"), "{refused}");
    let frames = crate::FrameOptions { partial: true, ..crate::FrameOptions::default() };
    let loaded = crate::open_with(&path, &TraceOptions { frames, ..TraceOptions::default() }).unwrap();
    let Data::Scan(scan) = &loaded.data else { panic!("a scan is expected") };
    assert_eq!((scan.n_frames(), scan.n_present), (12, 5));
    assert_eq!(loaded.notes[1].code, "frames_missing");
    assert!(loaded.notes[1].message.ends_with("promises 12 frames, but the file holds 5; the others are absent, not zero"));
    assert_eq!(loaded.source.sha256, format!("{:x}", Sha256::digest(std::fs::read(&path).unwrap())));
    // Cut further while it is open: an error that names the frame.
    std::fs::File::options().write(true).open(&path).unwrap().set_len(90).unwrap();
    let error = scan.read(4..5, &mut Pixels::empty(scan.pixel)).unwrap_err();
    assert!(error.to_string().starts_with("cannot read frame 4 of "), "{error}");
}

#[test]
fn a_stack_needs_a_scan_shape() {
    let directory = tempfile::tempdir().unwrap();
    let path = written(&directory, &npy("|u1", false, "12, 2, 2", &[7; 48]));
    let message = open_npy_scan(&path).unwrap_err().to_string();
    assert!(message.contains("is a stack of 12 frames; reshape"), "{message}");
    assert!(message.ends_with("rows x columns = 12, for instance 3 x 4, 2 x 6, 1 x 12"), "{message}");
    let sidecar = sidecar::path_of(&path);
    std::fs::write(&sidecar, r#"{ "format": "amorph-scan-1", "scan_shape": [5, 2] }"#).unwrap();
    assert!(open_npy_scan(&path).unwrap_err().to_string().contains("12 frames, but scan_shape is 5 x 2;"));
    std::fs::write(&sidecar, r#"{ "format": "amorph-scan-1", "scan_shape": [4, 3] }"#).unwrap();
    assert_eq!(open_npy_scan(&path).unwrap().shape(), [4, 3, 2, 2]);
    std::fs::write(&sidecar, r#"{ "format": "amorph-scan-1", "shape": [4, 3] }"#).unwrap();
    assert!(matches!(open_npy_scan(&path), Err(IoError::SidecarSyntax { .. })));
}

#[test]
fn what_is_not_supported_says_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let message = |bytes: &[u8]| crate::open(&written(&directory, bytes)).unwrap_err().to_string();
    assert!(message(&npy("<u2", true, "2, 2, 2, 2", &[0; 16])).contains("the first of 4 frames"));
    assert!(message(&npy("<u2", false, "0, 2, 2, 2", &[])).contains("at least one element"));
    assert!(message(&npy("<u2", false, "4294967296, 4294967296, 2, 2", &[0; 16])).contains("shape"));
    assert!(message(&npy("<u2", false, "1000000, 1000000, 2, 2", &[0; 16])).contains("the header is damaged"));
}

#[test]
fn damaged_headers_never_panic() {
    let directory = tempfile::tempdir().unwrap();
    let good = npy("<u2", false, "3, 4, 2, 2", &[3; 96]);
    for position in 0..good.len() - 96 {
        for byte in [0, b'9', 0xff, good[position] ^ 1] {
            let mut bytes = good.clone();
            bytes[position] = byte;
            // An error or a scan whose frames can be read.
            if let Ok(scan) = open_npy_scan(&written(&directory, &bytes)) {
                scan.read(0..scan.n_present.min(2), &mut Pixels::empty(scan.pixel)).unwrap();
            }
        }
    }
    for length in 0..good.len() {
        let path = written(&directory, &good[..length]);
        let scan = open_npy_scan(&path);
        assert!(scan.is_err() || length >= good.len() - 96, "{length} bytes");
    }
}
