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
    println!("| format | read, hashed and scaled, {SIDE}² (s) |\n|---|---|");
    for (name, write) in writers {
        let path = folder.path().join("large");
        write(&path, &large)?;
        let mut times: Vec<f64> = Vec::new();
        for _ in 0..REPEATS {
            let started = Instant::now();
            open(&path)?;
            times.push(started.elapsed().as_secs_f64());
        }
        times.sort_by(f64::total_cmp);
        println!("| {name} | {:.3} |", times[REPEATS / 2]);
    }
    let maps = vec![map(256); 4];
    for index in 0..FILES {
        write_nid(&folder.path().join(format!("{index}.nid")), &maps, NidBits::Sixteen)?;
    }
    let started = Instant::now();
    for index in 0..FILES {
        info(&folder.path().join(format!("{index}.nid")))?;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("\ninfo of {FILES} files of 4 channels of 256²: {seconds:.3} s, {:.0} files/s", FILES as f64 / seconds);
    Ok(())
}
