//! Speed of anelastic contact and mixtures: `bench_indentation [FOLDER]` writes the curves and the map there for the peers.

use std::time::Instant;

use amorph::core::data::TraceQuantity;
use amorph::core::stats::{MixtureFit, line_clusters};
use amorph::methods::indentation::anelastic_contact::algorithm::{Loading, Model, Workspace, kelvin_intervals};
use amorph::sim::indentation::{ClassMap, Indenter, LoadFunction, Sites};
use rayon::prelude::*;

type Curve = [Vec<f64>; 3];
type Failure = Box<dyn std::error::Error>;

fn loading(curve: &Curve) -> Loading<'_> {
    Loading { time: &curve[0], load: &curve[1], depth: &curve[2], drift: false, offset: true }
}

/// Median of the seconds of several runs.
fn median(repeats: usize, mut work: impl FnMut()) -> f64 {
    let mut seconds: Vec<f64> = (0..repeats)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[repeats / 2]
}

fn curves() -> Result<Vec<Curve>, Failure> {
    let load = LoadFunction::trapezoid(800e-6, 1e-3, 20e-3, 0.0);
    let (record, _) = Sites::default().measure(&Indenter::default(), &load, 1)?;
    let mut curves = Vec::new();
    for test in &record.tests {
        let recording = test.measurement()?;
        let values = |quantity| recording.values(quantity).map(<[f64]>::to_vec);
        curves.push([values(TraceQuantity::Time)?, values(TraceQuantity::Load)?, values(TraceQuantity::Depth)?]);
    }
    Ok(curves)
}

fn contacts(curves: &[Curve]) {
    let mut space = Workspace::default();
    let seconds = median(15, || {
        for curve in curves {
            std::hint::black_box(loading(curve).fit(Model::Kelvin, &mut space));
        }
    });
    println!("fit of {} curves of {} points, one thread: {:.2} ms", curves.len(), curves[0][0].len(), seconds * 1e3);
    let fits: Vec<_> = curves.iter().filter_map(|curve| loading(curve).fit(Model::Kelvin, &mut space)).collect();
    let seconds = median(5, || {
        for (curve, fit) in curves.iter().zip(&fits) {
            std::hint::black_box(kelvin_intervals(&loading(curve), fit, &mut space));
        }
    });
    println!("their profile intervals, one thread: {:.2} ms", seconds * 1e3);
    let sites = 128 * 128;
    let seconds = median(3, || {
        let fitted = (0..sites).into_par_iter().map_init(Workspace::default, |space, site| {
            loading(&curves[site % curves.len()]).fit(Model::Kelvin, space).map_or(0.0, |fit| fit.scale)
        });
        std::hint::black_box(fitted.sum::<f64>());
    });
    println!("fit of {sites} curves, {} threads: {seconds:.2} s", rayon::current_num_threads());
}

fn mixtures(values: &[f64]) -> Result<(), Failure> {
    for k in [3, 6] {
        let fit = MixtureFit { starts: 1, tolerance: 0.0, iterations: 200, ..MixtureFit::default() };
        let from = MixtureFit { starts: 1, ..MixtureFit::default() }.fit(values, k)?;
        let mut iterations = 0;
        let seconds = median(7, || iterations = fit.refit(values, &from).map_or(0, |mixture| mixture.iterations));
        println!(
            "mixture of {k}, {} values, {iterations} iterations: {:.4} ms each",
            values.len(),
            1e3 * seconds / iterations as f64
        );
    }
    let fit = MixtureFit::default();
    let seconds = median(3, || {
        (1..=6).for_each(|k| drop(std::hint::black_box(fit.fit(values, k))));
    });
    println!("mixtures of 1 to 6 components, 20 starts, converged: {seconds:.3} s on {} threads", rayon::current_num_threads());
    let seconds = median(7, || drop(std::hint::black_box(line_clusters(values, 3))));
    println!("exact k-means of 3 groups: {:.3} ms", 1e3 * seconds);
    Ok(())
}

fn main() -> Result<(), Failure> {
    let curves = curves()?;
    let map = ClassMap { shape: (78, 78), ..ClassMap::default() }.measure(1)?.map;
    let values: Vec<f64> = map.valid_values();
    if let Some(folder) = std::env::args().nth(1) {
        let line =
            |values: &Vec<f64>| values.iter().map(|value| format!("{value:e}")).collect::<Vec<String>>().join(",") + "\n";
        std::fs::create_dir_all(&folder)?;
        std::fs::write(format!("{folder}/curves.csv"), curves.iter().flatten().map(line).collect::<String>())?;
        std::fs::write(format!("{folder}/moduli.csv"), line(&values))?;
    }
    contacts(&curves);
    mixtures(&values)
}
