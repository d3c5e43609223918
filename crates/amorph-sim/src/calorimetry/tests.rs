#![allow(clippy::unwrap_used)]
use super::*;
use amorph_core::constants::GAS;
use amorph_core::data::TraceQuantity;

const RATE: f64 = 20.0 / 60.0;

/// The textbook sum over all earlier steps with the relaxation time at the end of every step, as the specification's numbers were made.
fn textbook(tnm: &Tnm, step: f64) -> (f64, f64) {
    let n = (200.0 / step) as usize;
    let mut temperatures: Vec<f64> = (0..=n).map(|i| 700.0 - step * i as f64).collect();
    temperatures.extend((1..=n).map(|i| 500.0 + step * i as f64));
    let mut fictive = vec![700.0];
    let mut reduced = vec![0.0f64; temperatures.len()];
    for i in 1..temperatures.len() {
        let passed = step / RATE / tnm.ln_time(temperatures[i], fictive[i - 1]).exp();
        let mut sum = 700.0;
        for k in 1..=i {
            reduced[k] += passed;
            sum += (temperatures[k] - temperatures[k - 1]) * (1.0 - (-reduced[k].powf(tnm.exponent)).exp());
        }
        fictive.push(sum);
    }
    (fictive[n], fictive[n..].windows(2).map(|pair| (pair[1] - pair[0]) / step).fold(0.0, f64::max))
}

#[test]
fn the_stretched_exponential_is_a_sum_of_exponentials() {
    for exponent in [0.2, 0.3, 0.45, 0.5, 0.7, 0.9, 1.0] {
        let kernel = StretchedKernel::new(exponent).unwrap();
        let worst = (0..3000).map(|i| (-30.0 + 0.03 * f64::from(i)).exp());
        let worst = worst.map(|u| (kernel.at(u) - (-u.powf(exponent)).exp()).abs()).fold(0.0, f64::max);
        assert!(worst < 2e-4 && (kernel.at(0.0) - 1.0).abs() < 1e-12, "{exponent}: {worst:.2e}");
    }
    assert!(StretchedKernel::new(0.1).is_err() && StretchedKernel::new(f64::NAN).is_err());
}

/// Acceptance of specification 45, section 3.5.
#[test]
fn fictive_temperatures_are_those_of_the_textbook_sum() {
    let tnm = Dsc::default().relaxing[0].tnm;
    let [coarse, middle, fine] = [2.0, 1.0, 0.5].map(|step| textbook(&tnm, step));
    for (found, expected) in [coarse, middle, fine].into_iter().zip([624.417, 624.497, 624.536]) {
        assert!((found.0 - expected).abs() < 6e-4, "{} {expected}", found.0);
    }
    // Richardson's limit of the textbook sum, whose error is of first order.
    let limit = 2.0 * fine.0 - middle.0;
    let kernel = StretchedKernel::new(tnm.exponent).unwrap();
    let nodes: Vec<(f64, f64)> =
        [700.0, 500.0, 700.0].into_iter().enumerate().map(|(i, t)| (i as f64 * 200.0 / RATE, t)).collect();
    let found = tnm.fictive(&kernel, &nodes);
    assert!((found.temperature[1] - limit).abs() < 0.01, "{} {limit}", found.temperature[1]);
    let exact = tnm.fictive_with_step(&kernel, &nodes, 0.02);
    assert!((found.temperature[1] - exact.temperature[1]).abs() < 0.01);
    assert!((found.temperature[2] - 700.0).abs() < 0.01, "{}", found.temperature[2]);
}

#[test]
fn a_hold_relaxes_towards_equilibrium() {
    let tnm = Dsc::default().relaxing[0].tnm;
    let kernel = StretchedKernel::new(tnm.exponent).unwrap();
    let at = |duration: f64| {
        let nodes = [(0.0, 700.0), (600.0, 500.0), (900.0, 600.0), (900.0 + duration, 600.0)];
        tnm.fictive(&kernel, &nodes).temperature[3]
    };
    let found: Vec<f64> = [60.0, 600.0, 6000.0, 1e6].into_iter().map(at).collect();
    assert!(found.windows(2).all(|pair| pair[1] < pair[0]), "{found:?}");
    assert!((found[3] - 600.0).abs() < 0.05, "{found:?}");
}

#[test]
fn heat_flow_adds_up_to_the_enthalpy() {
    let dsc = Dsc { noise: 0.0, baseline: [0.0; 3], ..Dsc::default() };
    let test = dsc.measure(1).unwrap();
    let table = test.record.tests[0].measurement().unwrap();
    let flow = table.values(TraceQuantity::SpecificHeatFlow).unwrap();
    let heat: f64 = (1..flow.len()).map(|i| 0.5 * (flow[i] + flow[i - 1]) * (test.time[i] - test.time[i - 1])).sum();
    let enthalpy = test.enthalpy[test.enthalpy.len() - 1] - test.enthalpy[0];
    assert!((heat / enthalpy - 1.0).abs() < 1e-4, "{heat} {enthalpy}");
    let top = test.heat_capacity.iter().zip(&test.temperature).map(|(c, t)| c - dsc.liquid_at(*t)).fold(0.0, f64::max);
    assert!(top > 20.0, "an overshoot is expected: {top}");
}

#[test]
fn sign_mass_and_lag_are_those_asked_for() {
    let quiet = Dsc { noise: 0.0, ..Dsc::default() };
    let flow =
        |dsc: &Dsc, quantity| dsc.measure(1).unwrap().record.tests[0].measurement().unwrap().values(quantity).unwrap().to_vec();
    let plain = flow(&quiet, TraceQuantity::SpecificHeatFlow);
    let turned = flow(&Dsc { sign: HeatSign::ExoUp, per_mass: false, ..quiet.clone() }, TraceQuantity::HeatFlow);
    assert!((turned[100] + plain[100] * quiet.mass).abs() < 1e-12);
    let lagging = flow(&Dsc { lag: 6.0, ..quiet.clone() }, TraceQuantity::SpecificHeatFlow);
    let top = |values: &[f64]| (0..values.len()).max_by(|a, b| values[*a].total_cmp(&values[*b])).unwrap();
    assert!(top(&lagging) > top(&plain));
    let program = Program { start: 700.0, stages: vec![Stage::Ramp { to: 500.0, rate: 0.0 }], recorded_from: 0 };
    assert!(Dsc { program, ..quiet }.measure(1).is_err());
}

#[test]
fn a_reaction_of_first_order_peaks_where_kissinger_says() {
    let reaction = Crystallisation { prefactor: 1e15, energy: 250e3, enthalpy: 40e3 };
    for rate in [5.0 / 60.0, 40.0 / 60.0] {
        let program = Program::cycle(950.0, 480.0, rate, rate);
        let dsc = Dsc { crystallisation: Some(reaction), noise: 0.0, interval: 0.02 / rate, program, ..Dsc::default() };
        let test = dsc.measure(1).unwrap();
        let flow = test.record.tests[0].measurement().unwrap().values(TraceQuantity::SpecificHeatFlow).unwrap();
        let least = (0..flow.len()).min_by(|a, b| flow[*a].total_cmp(&flow[*b])).unwrap();
        let t = test.temperature[least];
        let condition = (reaction.energy * rate / (GAS * t * t)) / (reaction.prefactor * (-reaction.energy / (GAS * t)).exp());
        assert!((condition - 1.0).abs() < 0.02, "{t} {condition}");
    }
}

#[test]
fn moduli_follow_the_concentration() {
    let sample = Interstitial { noise: 0.0, ..Interstitial::default() };
    let test = sample.measure(1).unwrap();
    let modulus = |record: &amorph_core::data::Record| {
        record.tests[0].measurement().unwrap().values(TraceQuantity::ShearModulus).unwrap().to_vec()
    };
    let (glass, crystal) = (modulus(&test.glass), modulus(&test.crystal));
    for i in [0, 150, 280] {
        let c = (crystal[i] / glass[i]).ln() / (sample.alpha * sample.beta);
        assert!((c - test.concentration[i]).abs() < 1e-12);
        let slope = (sample.concentration_at(test.temperature[i] + 0.01).0
            - sample.concentration_at(test.temperature[i] - 0.01).0)
            / 0.02;
        assert!((slope - sample.concentration_at(test.temperature[i]).1).abs() < 1e-9);
    }
    assert!(Interstitial { beta: 0.0, ..sample }.measure(1).is_err());
}
