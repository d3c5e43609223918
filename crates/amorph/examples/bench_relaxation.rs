//! Speed and accuracy of the relaxation methods: `bench_relaxation FOLDER [seeds]`.
//!
//! Writes virtual isotherms into the folder for `benches/peers_relaxation.py` and prints, for the same data, the time of a master curve
//! of 10 x 50 readings and how far its shifts are from the truth, the time of a relaxation-time spectrum and of a joint fit of 100
//! readings.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use amorph::core::ctx::Ctx;
use amorph::core::data::{Record, TraceQuantity};
use amorph::core::outcome::Outcome;
use amorph::method::{Constants, Dataset, find};
use amorph::sim::relaxation::{Dma, DmaNoise, Process, Shape, TimeLaw};
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

/// Temperature of the master curve, K.
const REFERENCE: f64 = 470.0;
/// Times that every piece of work is done; the median counts.
const REPEATS: usize = 9;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("bench_relaxation FOLDER [seeds]")?;
    let seeds: u64 = arguments.next().map_or(Ok(10), |text| text.parse())?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;

    let (mut seconds, mut best, mut squares, mut n) = (Vec::new(), f64::INFINITY, 0.0, 0.0);
    for seed in 1..=seeds {
        let dma = Dma { noise: DmaNoise::Relative(0.01), ..Dma::default() };
        let record = dma.measure(seed)?.record;
        std::fs::write(folder.join(format!("isotherms_{seed}.csv")), isotherms(&record, &dma)?)?;
        let dataset = dataset(record);
        let parameters = json!({"reference_temperature": REFERENCE});
        let outcome = timed("relaxation.master_curve", &parameters, &dataset, &mut seconds, &mut best)?;
        let (_, found) = outcome.tables[0].numbers("shift_factor_log10")?;
        for (shift, temperature) in found.iter().zip(&dma.temperatures).filter(|(_, t)| **t != REFERENCE) {
            squares += (shift - truth(&dma, *temperature)).powi(2);
            n += 1.0;
        }
    }
    let error = f64::sqrt(squares / n);
    tell("master curve, 10 x 50 readings, two noise models", &mut seconds, best);
    println!("  its shifts: root mean square error {error:.5} decades over {seeds} sets");

    let process =
        Process { strength: 0.7, shape: Shape::HavriliakNegami { alpha: 0.6, gamma: 1.0 }, time: TimeLaw::Constant(0.3) };
    let one = Dma {
        processes: vec![process],
        temperatures: vec![REFERENCE],
        frequencies: (3e-4, 1e3),
        points: 100,
        noise: DmaNoise::Relative(0.01),
        ..Dma::default()
    };
    std::fs::write(folder.join("spectrum.csv"), isotherms(&one.measure(1)?.record, &one)?)?;
    let dataset = dataset(one.measure(1)?.record);
    for (method, what) in [
        ("relaxation.time_spectrum", "relaxation-time spectrum of 100 readings, with its band"),
        ("relaxation.spectrum_fit", "joint fits of 100 readings, every model, with profile intervals"),
    ] {
        let (mut seconds, mut best) = (Vec::new(), f64::INFINITY);
        timed(method, &json!({}), &dataset, &mut seconds, &mut best)?;
        tell(what, &mut seconds, best);
    }
    Ok(())
}

fn dataset(record: Record) -> Dataset {
    Dataset::of_record(record, Constants::default().with_choice("modulus_kind", "tensile"))
}

/// log10 of the true shift.
fn truth(dma: &Dma, temperature: f64) -> f64 {
    let time = dma.processes[0].time;
    (time.at(temperature) / time.at(REFERENCE)).log10()
}

fn timed(
    method: &str,
    parameters: &Value,
    dataset: &Dataset,
    seconds: &mut Vec<f64>,
    best: &mut f64,
) -> Result<Outcome, Failure> {
    let method = find(method).ok_or("no such method")?;
    let mut last = None;
    for _ in 0..REPEATS {
        let start = Instant::now();
        last = Some(method.run(parameters, dataset, &Ctx::new(1))?);
        let taken = start.elapsed().as_secs_f64();
        *best = best.min(taken);
        seconds.push(taken);
    }
    last.ok_or_else(|| "nothing was run".into())
}

fn tell(what: &str, seconds: &mut [f64], best: f64) {
    seconds.sort_by(f64::total_cmp);
    println!("{what}: median {:.1} ms, best {:.1} ms", 1e3 * seconds[seconds.len() / 2], 1e3 * best);
}

fn isotherms(record: &Record, dma: &Dma) -> Result<String, Failure> {
    let trace = record.tests[0].measurement()?;
    let column = |quantity| trace.values(quantity).map(<[f64]>::to_vec);
    let temperature = column(TraceQuantity::Temperature)?;
    let frequency = column(TraceQuantity::Frequency)?;
    let (storage, loss) = (column(TraceQuantity::StorageModulus)?, column(TraceQuantity::LossModulus)?);
    let mut text = "temperature_K,angular_frequency_rad_s,storage_Pa,loss_Pa,true_shift_log10\n".to_owned();
    for i in 0..temperature.len() {
        let omega = std::f64::consts::TAU * frequency[i];
        let shift = if dma.temperatures.len() > 1 { truth(dma, temperature[i]) } else { 0.0 };
        writeln!(text, "{},{omega:.9e},{:.9e},{:.9e},{shift:.9}", temperature[i], storage[i], loss[i])?;
    }
    Ok(text)
}
