//! Speed of the virtual annular detector on a scan in the page cache: `bench_annular [file.npy]`.
//!
//! Without a file 10000 patterns of 128 x 128 unsigned 16-bit pixels (328 MB) are written to the temporary directory.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use amorph::core::ctx::Ctx;
use amorph::core::data::{Pixels, Scan4d};
use amorph::method::{Constants, Dataset, Method, MethodError};
use amorph::methods::stem::annular_sum::AnnularSum;

const SIDE: usize = 128;
const SCAN: usize = 100;

fn write_scan(path: &Path) -> std::io::Result<()> {
    let header = format!("{{'descr': '<u2', 'fortran_order': False, 'shape': ({SCAN}, {SCAN}, {SIDE}, {SIDE}), }}\n");
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    file.write_all(b"\x93NUMPY\x01\x00")?;
    file.write_all(&(header.len() as u16).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    for i in 0..(SCAN * SCAN * SIDE * SIDE) as u64 {
        file.write_all(&((i.wrapping_mul(2_654_435_761) >> 16) as u16 % 1000).to_le_bytes())?;
    }
    file.flush()
}

fn best(scan: &Scan4d) -> Result<(f64, f64), MethodError> {
    let dataset = Dataset::of_scan(scan.clone(), Constants::default());
    let method = AnnularSum::between(20.0, 40.0);
    let (mut seconds, mut mean) = (f64::INFINITY, 0.0);
    for _ in 0..7 {
        let start = Instant::now();
        let outcome = method.run(&method.check(&dataset)?, &Ctx::new(0))?;
        seconds = seconds.min(start.elapsed().as_secs_f64());
        mean = outcome.estimate("mean_annular_sum").map_or(f64::NAN, |estimate| estimate.value);
    }
    Ok((seconds, mean))
}

fn report(what: &str, scan: &Scan4d) -> Result<(), MethodError> {
    let (seconds, mean) = best(scan)?;
    let bytes = (scan.n_present * scan.frame_bytes()) as f64;
    println!("{what}: {:.0} patterns/s, {:.2} GB/s, mean {mean}", scan.n_present as f64 / seconds, bytes / seconds / 1e9);
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).map_or_else(|| std::env::temp_dir().join("bench_annular.npy"), PathBuf::from);
    if !path.exists() {
        write_scan(&path)?;
    }
    let scan = amorph::io::open_npy_scan(&path)?;
    report("file in the page cache", &scan)?;
    let mut pixels = Pixels::empty(scan.pixel);
    scan.read(0..scan.n_present, &mut pixels)?;
    report("in memory", &Scan4d::of_pixels(scan.shape(), pixels))?;
    Ok(())
}
