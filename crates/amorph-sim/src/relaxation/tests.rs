#![allow(clippy::unwrap_used)]
use super::*;
use amorph_core::data::TraceQuantity;

/// Table of the specification: peak position, height of the loss.
#[test]
fn the_peaks_of_the_stretched_exponential_are_those_published() {
    for (beta, position, height) in [(0.4, 0.6950, 0.22215), (0.5, 0.7371, 0.27349), (0.7, 0.8327, 0.37060), (1.0, 1.0, 0.5)] {
        let shape = Shape::Kww { beta };
        let loss = |x: f64| shape.susceptibility(x, 300.0).1;
        assert!((loss(position) - height).abs() < 1e-5, "{beta}: {}", loss(position));
        assert!(loss(0.98 * position) < loss(position) && loss(1.02 * position) < loss(position), "{beta}");
    }
}

#[test]
fn a_noiseless_measurement_is_the_model() {
    let dma = Dma { noise: DmaNoise::Relative(0.0), ..Dma::default() };
    let test = dma.measure(1).unwrap();
    let table = test.record.tests[0].measurement().unwrap();
    let values = |quantity| table.values(quantity).unwrap();
    for row in [0, 17, 499] {
        let omega = 2.0 * std::f64::consts::PI * values(TraceQuantity::Frequency)[row];
        let (storage, loss) = dma.modulus(omega, values(TraceQuantity::Temperature)[row]);
        assert!((values(TraceQuantity::StorageModulus)[row] / storage - 1.0).abs() < 1e-12);
        assert!((values(TraceQuantity::LossModulus)[row] / loss - 1.0).abs() < 1e-12);
    }
    assert_eq!(test.times[0].len(), 10);
    let vft: f64 = 1e-13 * (2800.0f64 / 90.0).exp();
    assert!((test.times[0][4] / vft - 1.0).abs() < 1e-12);
}

#[test]
fn impossible_samples_are_refused() {
    let base = Dma::default();
    let heavy = Process { strength: 1.1, ..base.processes[0] };
    assert!(Dma { processes: vec![heavy], ..base.clone() }.measure(1).is_err());
    let wide = Process { shape: Shape::HavriliakNegami { alpha: 1.0, gamma: 1.2 }, ..base.processes[0] };
    assert!(Dma { processes: vec![wide], ..base.clone() }.measure(1).is_err());
    assert!(Dma { temperatures: vec![-1.0], ..base }.measure(1).is_err());
}

/// A Kelvin element and a dashpot under a ramp, in closed form.
#[test]
fn creep_after_a_ramp_is_its_closed_form() {
    let creep = Creep {
        retardation: Retardation::Stretched { compliance: 5e-12, time: 300.0, exponent: 1.0 },
        ramp_time: 40.0,
        noise: 0.0,
        ..Creep::default()
    };
    for t in [50.0f64, 400.0, 3000.0] {
        let gone = ((-(t - 40.0) / 300.0).exp() - (-t / 300.0).exp()) * 300.0 / 40.0;
        let exact = 500e6 * (1e-11 + 5e-12 * (1.0 - gone) + (t - 20.0) / 1e15);
        assert!((creep.strain(t) / exact - 1.0).abs() < 1e-4, "{t}");
    }
    assert!(Creep { viscosity: 0.0, ..creep }.measure(1).is_err());
}

#[test]
fn isotherms_over_time_are_one_curve_at_reduced_times() {
    let law = IsothermsOverTime { noise: 0.0, ..IsothermsOverTime::default() };
    let factor = law.time.at(470.0) / law.time.at(480.0);
    assert!((law.value(1000.0 * factor, 470.0) / law.value(1000.0, 480.0) - 1.0).abs() < 1e-12);
    let record = law.measure(1).unwrap();
    let table = record.tests[0].measurement().unwrap();
    let values = table.values(TraceQuantity::CreepCompliance).unwrap();
    assert_eq!(values.len(), 240);
    assert!((values[239] / law.value(1e4, 485.0) - 1.0).abs() < 1e-12);
    let relaxing = ResponseOverTime::Relaxation { at_rest: 1e9, relaxing: 2e9 };
    let modulus = IsothermsOverTime { response: relaxing, ..law.clone() };
    assert!((modulus.value(0.0, 470.0) / 3e9 - 1.0).abs() < 1e-12);
    assert!(IsothermsOverTime { times: (0.0, 1.0), ..law }.measure(1).is_err());
}

#[test]
fn laws_that_cannot_be_are_refused() {
    let measured = |law| StressRelaxation { law, ..StressRelaxation::default() }.measure(1);
    assert!(measured(StressLaw::Logarithmic { slope: f64::INFINITY, start: 2.0 }).is_err());
    assert!(measured(StressLaw::Logarithmic { slope: 2e7, start: 0.0 }).is_err());
    assert!(measured(StressLaw::Stretched { remnant: 0.4, time: -1.0, exponent: 0.5 }).is_err());
    assert!(measured(StressLaw::Stretched { remnant: 0.4, time: 300.0, exponent: 0.5 }).is_ok());
}
