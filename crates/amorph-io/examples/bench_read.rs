//! Times reading of a 2048 x 2048 channel in every instrument format, and the listing of many files; warm cache.
//!
//! `cargo run --release -p amorph-io --example bench_read`

use std::path::Path;
use std::time::Instant;

use amorph_core::data::{Direction, Extent, Map, Metadata};
use amorph_core::unit::Unit;
use amorph_io::testfiles::{
    Depth, IbwNumbers, MdtFrames, NidBits, ParkScan, SlowAxis, WsxmNumbers, WsxmScan, write_ibw, write_jpk, write_mdt,
    write_nanoscope, write_nid, write_park, write_sxm, write_wsxm,
};
use amorph_io::{IoError, info, open, write_gwy};
use ndarray::Array2;

const SIDE: usize = 2048;
const REPEATS: usize = 7;
const FILES: usize = 200;

fn map(side: usize) -> Map {
    let values = Array2::from_shape_fn((side, side), |(row, column)| {
        1e-9 * ((row as f64 * 0.013).sin()
            + (column as f64 * 0.029).cos()
            + ((row * 7919 + column * 104_729) % 1000) as f64 * 1e-4)
    });
    let mut map = Map::new("height", values, Unit::of("m"), Some(Extent::metres(1e-6, 1e-6)));
    map.direction = Some(Direction::Trace);
    map
}

/// Seconds that this thread has been on a processor (Linux): says what the work costs, also on a machine that is busy.
fn processor_time() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|word| word.parse::<f64>().ok()).map_or(f64::NAN, |nanoseconds| nanoseconds * 1e-9)
}

/// Median over the repeats of wall time and processor time.
fn median(work: &dyn Fn() -> Result<(), IoError>) -> Result<[f64; 2], IoError> {
    let mut times: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..REPEATS {
        let (started, before) = (Instant::now(), processor_time());
        work()?;
        times[0].push(started.elapsed().as_secs_f64());
        times[1].push(processor_time() - before);
    }
    Ok(times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[REPEATS / 2]
    }))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let large = map(SIDE);
    type Writer = fn(&Path, &Map) -> Result<(), IoError>;
    let writers: [(&str, Writer); 9] = [
        ("nanoscope, 4-byte", |path, map| write_nanoscope(path, std::slice::from_ref(map), Depth::Four)),
        ("park, float", |path, map| write_park(path, map, &ParkScan::default())),
        ("jpk, 4-byte", |path, map| write_jpk(path, std::slice::from_ref(map))),
        ("nid, 4-byte", |path, map| write_nid(path, std::slice::from_ref(map), NidBits::ThirtyTwo)),
        ("wsxm, float", |path, map| write_wsxm(path, map, &WsxmScan { numbers: WsxmNumbers::Float, ..WsxmScan::default() })),
        ("sxm, float", |path, map| write_sxm(path, std::slice::from_ref(map), SlowAxis::Up)),
        ("ibw, float", |path, map| write_ibw(path, std::slice::from_ref(map), &[], IbwNumbers::default())),
        ("mdt, 8-byte", |path, map| write_mdt(path, std::slice::from_ref(map), MdtFrames::Arrays)),
        ("gwy, 8-byte", |path, map| write_gwy(path, std::slice::from_ref(map), &Metadata::default())),
    ];
    println!("| format | read, hashed and scaled, {SIDE}², wall (s) | processor (s) |\n|---|---|---|");
    for (name, write) in writers {
        let path = folder.path().join("large");
        write(&path, &large)?;
        let [wall, processor] = median(&|| open(&path).map(|_| ()))?;
        println!("| {name} | {wall:.3} | {processor:.3} |");
    }
    let maps = vec![map(256); 4];
    for index in 0..FILES {
        write_nid(&folder.path().join(format!("{index}.nid")), &maps, NidBits::Sixteen)?;
    }
    let list = || (0..FILES).try_for_each(|index| info(&folder.path().join(format!("{index}.nid"))).map(|_| ()));
    let [wall, processor] = median(&list)?;
    println!("\ninfo of {FILES} files of 4 channels of 256²: wall {wall:.3} s, processor {processor:.3} s");
    Ok(())
}
