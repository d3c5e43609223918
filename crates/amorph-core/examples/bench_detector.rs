//! Times the search for events in a long record of coloured, drifting noise, next to `benches/peer_detector.py` on the same record.
//!
//! `cargo run --release -p amorph-core --example bench_detector [samples] [record.f64]`

use std::io::Write as _;
use std::time::Instant;

use amorph_core::ctx::Ctx;
use amorph_core::random::standard_normals;
use amorph_core::series::{Detector, FalseAlarms};

const REPEATS: usize = 5;

/// ln I: memory 0.7, a random walk, and an event in every two hundred samples.
fn record(n: usize) -> Vec<f64> {
    let (white, walk) = (standard_normals(1, n), standard_normals(2, n));
    let (mut slow, mut coloured) = (0.0, 0.0);
    let mut values: Vec<f64> = white
        .iter()
        .zip(&walk)
        .map(|(white, walk)| {
            slow += 3e-5 * walk;
            coloured = 0.7 * coloured + 7e-5 * white;
            slow + coloured
        })
        .collect();
    for (index, t) in (100..n.saturating_sub(10)).step_by(200).enumerate() {
        let size = 5e-4 * (1.0 + (index % 17) as f64) * if index % 2 == 0 { 1.0 } else { -1.0 };
        values[t..t + 1 + index % 4].iter_mut().for_each(|value| *value += size);
    }
    values
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let n: usize = arguments.next().map_or(Ok(10_000_000), |text| text.parse())?;
    let values = record(n);
    if let Some(path) = arguments.next() {
        let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
        for value in &values {
            out.write_all(&value.to_le_bytes())?;
        }
        out.flush()?;
    }
    let detector = Detector::spikes(8, FalseAlarms::PerRecord(0.05));
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..REPEATS {
        let started = Instant::now();
        found = detector.detect(&values, 1, &Ctx::new(1))?.spikes.len();
        times.push(started.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    let planted = (100..n.saturating_sub(10)).step_by(200).count();
    println!("amorph: {n} samples, {:.3} s (median of {REPEATS}), {found} events found of {planted}", times[REPEATS / 2]);
    Ok(())
}
