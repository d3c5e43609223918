//! Speed of the size distribution: `bench_size_distribution [sizes.csv]` (one size per line; written if absent).

use std::time::Instant;

use amorph::core::ctx::Ctx;
use amorph::core::stats::power_law::{Distribution, Sums, bootstrap_p, intervals, ks_distance};
use amorph::methods::events::size_distribution::blurred::{Blurred, Detection};
use amorph::methods::events::size_distribution::scan;
use amorph::sim::events::truncated_power_law;

fn best<T>(repeats: usize, mut work: impl FnMut() -> T) -> f64 {
    (0..repeats).fold(f64::INFINITY, |seconds, _| {
        let start = Instant::now();
        std::hint::black_box(work());
        seconds.min(start.elapsed().as_secs_f64())
    })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for n in [10_000, 100_000] {
        let mut sizes = truncated_power_law(1.5, 1.0, 20.0, n, 1)?;
        sizes.sort_unstable_by(f64::total_cmp);
        if let Some(path) = std::env::args().nth(1).filter(|_| n == 10_000) {
            std::fs::write(path, sizes.iter().map(|size| format!("{size}\n")).collect::<String>())?;
        }
        let ln_y: Vec<f64> = sizes.iter().map(|size| size.ln()).collect();
        let pass = best(20, || sizes.iter().map(|size| size.ln()).collect::<Vec<f64>>());
        let fit = best(20, || Sums::of_logarithms(&ln_y).fit());
        let sums = Sums::of_logarithms(&ln_y);
        let found = sums.fit();
        let profile = best(20, || intervals(&sums, &found));
        println!(
            "n = {n}: logarithms {:.3} ms, sums and fit {:.3} ms, intervals {:.3} ms",
            pass * 1e3,
            fit * 1e3,
            profile * 1e3
        );
        println!("  alpha {:.5}, xc {:.4}", found.law.alpha, 1.0 / found.law.lambda);
        let detection =
            Detection { most: 0.97, mu: -0.2, width: 0.2, of_true_size: false, bias: 0.0, spread: 0.1, smallest: 0.4 };
        let blurred = best(3, || Blurred::detected(&sizes, &detection).fit());
        let scanned = best(3, || scan::truncated_power_law(&sizes));
        let exact = best(1, || scan::power_law(&sizes));
        println!(
            "  with efficiency and errors {:.1} ms; xmin scan: truncated {:.0} ms, pure with every candidate {:.0} ms",
            blurred * 1e3,
            scanned * 1e3,
            exact * 1e3
        );
        if n == 10_000 {
            let distance = ks_distance(&Distribution::of(found.law), &ln_y);
            let start = Instant::now();
            let p = bootstrap_p(found.law, n, distance, 1000, Sums::fit, &Ctx::new(1))?;
            let seconds = start.elapsed().as_secs_f64();
            println!("  goodness of fit, B = 1000: {seconds:.3} s on {} threads, p = {p:.3}", rayon::current_num_threads());
        }
    }
    Ok(())
}
