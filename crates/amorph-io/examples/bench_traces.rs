//! Times reading of long traces: text, TDMS, a workbook; with the peak of memory in use against the numbers read.
//!
//! `cargo run --release -p amorph-io --example bench_traces [rows] [workbook.xls]`; keeps its text in the folder that
//! `AMORPH_BENCH_FOLDER` names, for `benches/peers_traces.py`.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use amorph_core::data::{Channel, Data, Recording, TraceQuantity};
use amorph_io::testfiles::{TdmsLayout, tdms_bytes};
use amorph_io::{list_channels, open};

/// Counts the bytes in use.
struct Counting;

static USED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system allocator unchanged; only counters are kept beside.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let used = USED.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(used, Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const REPEATS: usize = 5;

fn load(row: usize) -> f64 {
    let share = row as f64 * 1e-7;
    1e-3 * share.min(0.8) + 1e-6 * ((row * 7919) % 1009) as f64 / 1009.0
}

fn write_text(path: &Path, rows: usize) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    writeln!(out, "Time (s),Load (mN),Depth (nm)")?;
    for row in 0..rows {
        writeln!(out, "{:.4},{:.6},{:.6}", row as f64 * 1e-4, 1e3 * load(row), 3e5 * load(row).sqrt())?;
    }
    out.flush()
}

fn time(what: &str, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let bytes = std::fs::metadata(path)?.len() as f64;
    let mut times = Vec::new();
    let mut ratio = 0.0f64;
    for _ in 0..REPEATS {
        let before = USED.load(Ordering::Relaxed);
        PEAK.store(before, Ordering::Relaxed);
        let started = Instant::now();
        let loaded = open(path)?;
        times.push(started.elapsed().as_secs_f64());
        let Data::Record(record) = &loaded.data else { return Err("no record".into()) };
        let tables = record.tests.iter().flat_map(|test| &test.tables);
        let numbers: usize = tables.flat_map(|table| &table.channels).map(|channel| 8 * channel.values.len()).sum();
        ratio = ratio.max((PEAK.load(Ordering::Relaxed) - before) as f64 / numbers as f64);
    }
    times.sort_by(f64::total_cmp);
    let median = times[REPEATS / 2];
    println!("| {what} | {:.1} | {median:.4} | {:.0} | {ratio:.2} |", bytes / 1e6, bytes / 1e6 / median);
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let rows: usize = arguments.next().map_or(Ok(10_000_000), |text| text.parse())?;
    let folder = std::env::var_os("AMORPH_BENCH_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
    let text = folder.join("amorph-bench-traces.csv");
    write_text(&text, rows)?;
    println!("| file | MB | seconds (median of {REPEATS}) | MB/s | peak memory / numbers |\n|---|---|---|---|---|");
    time(&format!("text, {rows} rows of 3"), &text)?;
    let tdms = folder.join("amorph-bench-traces.tdms");
    {
        let channels = vec![
            Channel::new(TraceQuantity::Time, (0..rows).map(|row| row as f64 * 1e-4).collect()),
            Channel::new(TraceQuantity::Load, (0..rows).map(load).collect()),
            Channel::new(TraceQuantity::Depth, (0..rows).map(|row| 3e-4 * load(row).sqrt()).collect()),
        ];
        let layout = TdmsLayout { segments: 100, ..TdmsLayout::default() };
        std::fs::write(&tdms, tdms_bytes("a", &Recording::of_test(channels), layout))?;
    }
    time(&format!("TDMS, {rows} rows of 3"), &tdms)?;
    let started = Instant::now();
    let listed = list_channels(&tdms)?.map_or(0, |channels| channels.len());
    println!("\nlist of {listed} channels of that TDMS file: {:.2} ms", 1e3 * started.elapsed().as_secs_f64());
    for path in arguments {
        println!();
        time(&path, Path::new(&path))?;
    }
    std::fs::remove_file(&tdms)?;
    Ok(())
}
