//! A scan larger than the memory it may use. A program of its own, because the peak memory of a process is measured.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::io::{Seek as _, SeekFrom, Write as _};

use amorph::core::ctx::Ctx;
use amorph::core::data::Data;
use amorph::method::{Constants, Dataset, Method};
use amorph::methods::stem::annular_sum::AnnularSum;

const SIDE: usize = 128;
const SCAN: [usize; 2] = [64, 100];
const LIMIT: usize = 16 << 20;

/// Highest memory of this process so far, bytes.
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// 210 MB of zeros on paper, few on disk: in every hundredth frame one pixel of the annulus holds the number of the frame.
fn write_sparse(path: &std::path::Path) {
    let header = format!("{{'descr': '<u2', 'fortran_order': False, 'shape': ({}, {}, {SIDE}, {SIDE}), }}\n", SCAN[0], SCAN[1]);
    let mut file = std::fs::File::create(path).unwrap();
    file.write_all(b"\x93NUMPY\x01\x00").unwrap();
    file.write_all(&(header.len() as u16).to_le_bytes()).unwrap();
    file.write_all(header.as_bytes()).unwrap();
    let offset = file.stream_position().unwrap();
    let frame = (SIDE * SIDE * 2) as u64;
    let n_frames = SCAN[0] * SCAN[1];
    file.set_len(offset + frame * n_frames as u64).unwrap();
    for index in (0..n_frames).step_by(100) {
        // Row 64, column 100: 36.5 pixels from the middle.
        file.seek(SeekFrom::Start(offset + frame * index as u64 + (64 * SIDE as u64 + 100) * 2)).unwrap();
        file.write_all(&(index as u16).to_le_bytes()).unwrap();
    }
}

#[test]
fn memory_stays_within_the_limit_for_a_larger_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("large.npy");
    write_sparse(&path);
    let before = peak_memory();
    let loaded = amorph::io::open(&path).unwrap();
    let Data::Scan(scan) = loaded.data else { panic!("a scan is expected") };
    assert!(scan.n_present * scan.frame_bytes() > 12 * LIMIT);
    let dataset = Dataset::of_scan(scan, Constants::default());
    let method = AnnularSum::between(30.0, 40.0);
    let outcome = method.run(&method.check(&dataset).unwrap(), &Ctx::new(0).with_memory_limit(LIMIT)).unwrap();
    let grown = peak_memory() - before;
    assert!(grown < LIMIT, "{grown} bytes of memory were needed");
    for (index, value) in outcome.maps[0].values.iter().enumerate() {
        assert_eq!(*value, if index % 100 == 0 { index as f64 } else { 0.0 });
    }
}
