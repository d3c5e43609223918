//! Speed of the anelastic contact: `bench_indentation [curves.csv]` (three lines per curve: time, load, depth; written for the peer).

use std::time::Instant;

use amorph::core::data::TraceQuantity;
use amorph::methods::indentation::anelastic_contact::algorithm::{Loading, Model, Workspace, kelvin_intervals};
use amorph::sim::indentation::{Indenter, LoadFunction, Sites};

type Curve = [Vec<f64>; 3];

fn loading(curve: &Curve) -> Loading<'_> {
    Loading { time: &curve[0], load: &curve[1], depth: &curve[2], drift: false, offset: true }
}

fn best(repeats: usize, mut work: impl FnMut()) -> f64 {
    (0..repeats).fold(f64::INFINITY, |seconds, _| {
        let start = Instant::now();
        work();
        seconds.min(start.elapsed().as_secs_f64())
    })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let load = LoadFunction::trapezoid(800e-6, 1e-3, 20e-3, 0.0);
    let (record, _) = Sites::default().measure(&Indenter::default(), &load, 1)?;
    let mut curves: Vec<Curve> = Vec::new();
    for test in &record.tests {
        let recording = test.measurement()?;
        let values = |quantity| recording.values(quantity).map(<[f64]>::to_vec);
        curves.push([values(TraceQuantity::Time)?, values(TraceQuantity::Load)?, values(TraceQuantity::Depth)?]);
    }
    if let Some(path) = std::env::args().nth(1) {
        let line =
            |values: &Vec<f64>| values.iter().map(|value| format!("{value:e}")).collect::<Vec<String>>().join(",") + "\n";
        std::fs::write(path, curves.iter().flatten().map(line).collect::<String>())?;
    }
    let mut space = Workspace::default();
    let fit = best(30, || {
        for curve in &curves {
            std::hint::black_box(loading(curve).fit(Model::Kelvin, &mut space));
        }
    });
    println!("fit of {} curves of {} points, one thread: {:.2} ms", curves.len(), curves[0][0].len(), fit * 1e3);
    let fits: Vec<_> = curves.iter().filter_map(|curve| loading(curve).fit(Model::Kelvin, &mut space)).collect();
    let intervals = best(5, || {
        for (curve, fit) in curves.iter().zip(&fits) {
            std::hint::black_box(kelvin_intervals(&loading(curve), fit, &mut space));
        }
    });
    println!("profile intervals, one thread: {:.2} ms", intervals * 1e3);
    Ok(())
}
