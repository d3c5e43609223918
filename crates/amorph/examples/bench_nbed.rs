//! Speed of `stem.bragg_detection` on a scan in memory: `bench_nbed [patterns]`, 128 x 128 unsigned 16-bit pixels each.
//!
//! Reading alone is the matched filter with its peaks; the whole analysis has the background from a sample and the self-check too,
//! which cost the same for any number of patterns.

use std::time::Instant;

use amorph::core::ctx::Ctx;
use amorph::core::data::{Pixels, Scan4d};
use amorph::core::stream::{Shard, fold_scan};
use amorph::method::{Constants, Dataset, Method};
use amorph::methods::stem::bragg_detection::BraggDetection;
use amorph::methods::stem::bragg_detection::background::{Background, Known};
use amorph::methods::stem::bragg_detection::fold::{ReadFrames, sample};
use amorph::sim::nbed::Nbed;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted: usize = std::env::args().nth(1).map_or(Ok(9600), |text| text.parse())?;
    let part = Nbed { scan: [12, 20], ..Nbed::default() }.measure(1)?.scan;
    let mut pixels = Pixels::empty(part.pixel);
    part.read(0..part.n_present, &mut pixels)?;
    let Pixels::U16(values) = pixels else { return Err("the virtual camera writes u16".into()) };
    let copies = wanted.div_ceil(240);
    let scan = Scan4d::of_pixels([12 * copies, 20, 128, 128], Pixels::U16(values.repeat(copies)));
    let n = scan.n_present as f64;

    let start = Instant::now();
    let sample = sample(&scan)?;
    let known = Known { centre: None, ellipse: None, disk_radius: 5.0, halo: None };
    let masked = vec![false; 128 * 128];
    let background = Background::of(&sample, &known, &masked).map_err(|reason| format!("{reason:?}"))?;
    println!("background from a sample: {:.2} s", start.elapsed().as_secs_f64());

    let fold = ReadFrames { filter: &background.filter, saturation: f64::INFINITY };
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let start = Instant::now();
        fold_scan(&scan, &fold, Shard::WHOLE, &Ctx::new(0))?;
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("reading: {:.0} patterns/s", n / best);

    let dataset = Dataset::of_scan(scan, Constants::default());
    let method = BraggDetection { disk_radius: Some(5.0), ..BraggDetection::default() };
    let start = Instant::now();
    let outcome = method.run(&method.check(&dataset)?, &Ctx::new(0))?;
    let flagged = outcome.estimate("n_flagged").map_or(f64::NAN, |estimate| estimate.value);
    println!("whole analysis: {:.0} patterns/s, {flagged} flagged", n / start.elapsed().as_secs_f64());
    Ok(())
}
