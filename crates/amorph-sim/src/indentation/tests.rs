#![allow(clippy::unwrap_used)]
use amorph_core::data::{SegmentKind, TraceQuantity};
use approx::assert_relative_eq;

use super::*;

const GLASS: Body = Body::Kelvin { shear_modulus: 30e9, relaxation_time: 0.3e-3 };

fn quiet() -> Indenter {
    Indenter { depth_noise: 0.0, ..Indenter::default() }
}

fn depth(indenter: &Indenter, body: Body, load: &LoadFunction) -> Vec<f64> {
    indenter.indent(body, load, 1).unwrap().test.measurement().unwrap().values(TraceQuantity::Depth).unwrap().to_vec()
}

#[test]
fn the_ramp_follows_equation_3_9_and_convolution() {
    let (peak, rise, tau, modulus) = (800e-6, 1e-3, 0.3e-3, 30e9);
    let load = LoadFunction::trapezoid(peak, rise, 20e-3, 0.0);
    let found = depth(&quiet(), GLASS, &load);
    assert_eq!(found.len(), 631);
    let scale = quiet().factor() / modulus;
    let rate = peak / rise;
    for (i, h) in found.iter().enumerate() {
        let t = i as f64 / 30e3;
        let closed = if t <= rise {
            scale * rate * (t - tau * (1.0 - (-t / tau).exp()))
        } else {
            scale * rate * (rise - tau * (-t / tau).exp() * ((rise / tau).exp() - 1.0))
        };
        assert_relative_eq!(h.powf(1.5), closed, epsilon = 1e-10 * scale * peak);
        // Convolution of the compliance with the rate, by the midpoint rule in small steps.
        let end = t.min(rise);
        let steps = 4000;
        let sum: f64 = (0..steps).map(|k| GLASS.compliance(t - (f64::from(k) + 0.5) / f64::from(steps) * end)).sum();
        let convolved = quiet().factor() * rate * sum * end / f64::from(steps);
        assert_relative_eq!(h.powf(1.5), convolved, epsilon = 1e-6 * scale * peak);
    }
}

#[test]
fn hertz_gives_the_numbers_of_the_check() {
    let elastic = Body::Elastic { shear_modulus: 30e9 };
    let h = *depth(&quiet(), elastic, &LoadFunction::ramp(800e-6, 1e-3)).last().unwrap();
    assert_relative_eq!(h, 27.27e-9, max_relative = 2e-4);
    assert_relative_eq!((2e-6 * h).sqrt(), 233.6e-9, max_relative = 2e-4);
}

#[test]
fn a_stiff_spring_in_front_makes_a_kelvin_body() {
    let load = LoadFunction::trapezoid(800e-6, 1e-3, 5e-3, 0.0);
    let standard = Body::StandardLinear { instantaneous_modulus: 30e18, delayed_modulus: 30e9, relaxation_time: 0.3e-3 };
    for (a, b) in depth(&quiet(), standard, &load).iter().zip(depth(&quiet(), GLASS, &load)).skip(3) {
        assert_relative_eq!(*a, b, max_relative = 1e-6);
    }
}

#[test]
fn a_light_transducer_follows_and_a_heavy_one_rings() {
    let load = LoadFunction::trapezoid(800e-6, 1e-3, 10e-3, 0.0);
    let with = |mass: f64, damping: f64| Indenter { transducer: Some(Transducer { mass, damping, stiffness: 0.0 }), ..quiet() };
    for body in [GLASS, Body::StandardLinear { instantaneous_modulus: 60e9, delayed_modulus: 60e9, relaxation_time: 0.3e-3 }] {
        let (light, ideal) = (depth(&with(1e-8, 1e-2), body, &load), depth(&quiet(), body, &load));
        let largest = light.iter().zip(&ideal).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(largest < 0.2e-9, "{body:?}: {largest:e}");
    }
    let elastic = Body::Elastic { shear_modulus: 30e9 };
    let (heavy, ideal) = (depth(&with(0.25e-3, 0.01), elastic, &load), depth(&quiet(), elastic, &load));
    // The tip swings about the depth of rest: 0.25 g on 44 kN/m is 2.1 kHz.
    let crossings = heavy[60..].iter().zip(&ideal[60..]).map(|(a, b)| a > b).collect::<Vec<_>>();
    let turns = crossings.windows(2).filter(|pair| pair[0] != pair[1]).count() as f64;
    let frequency = 0.5 * turns / ((heavy.len() - 60) as f64 / 30e3);
    assert!((1.7e3..2.4e3).contains(&frequency), "{frequency}");
}

#[test]
fn what_the_instrument_adds_is_as_stated() {
    let load = LoadFunction::trapezoid(800e-6, 1e-3, 5e-3, 2e-3);
    let indenter = Indenter {
        contact_offset: 3e-9,
        drift_rate: 1e-7,
        approach_time: 2e-3,
        approach_speed: 1e-6,
        pop_ins: vec![PopIn { load: 400e-6, depth: 5e-9 }],
        ..quiet()
    };
    let indent = indenter.indent(Body::Elastic { shear_modulus: 30e9 }, &load, 1).unwrap();
    let recording = indent.test.measurement().unwrap();
    let (time, shown) = (recording.values(TraceQuantity::Time).unwrap(), recording.values(TraceQuantity::Depth).unwrap());
    assert_eq!(indent.contact, 60);
    assert_relative_eq!(shown[60], 3e-9 + 1e-7 * time[60], epsilon = 1e-15);
    assert_relative_eq!(indent.depth[0], -2e-9, epsilon = 1e-15);
    assert!(indent.depth[75] - indent.depth[74] > 5e-9);
    let kinds: Vec<SegmentKind> = recording.segments.iter().map(|segment| segment.kind).collect();
    assert_eq!(kinds, [SegmentKind::Approach, SegmentKind::Load, SegmentKind::Hold, SegmentKind::Unload]);
    assert_eq!(recording.segments.last().unwrap().end, recording.n_rows());
}

#[test]
fn maps_have_their_moments_and_gaps() {
    let sites = Sites { shape: (40, 50), missing: 0.1, cross_correlation: 0.6, ..Sites::default() };
    let truth = sites.truth(4).unwrap();
    let n = truth.shear_modulus.len() as f64;
    let mean = truth.shear_modulus.sum() / n;
    assert!((mean - 30e9).abs() < 4.0 * 2e9 / n.sqrt());
    let x = truth.shear_modulus.mapv(|g| (g - 30e9) / 2e9);
    let y = truth.relaxation_time.mapv(|t| (t - 0.3e-3) / 0.05e-3);
    assert!(((&x * &y).sum() / n - 0.6).abs() < 0.08);
    let small = Sites { shape: (5, 5), missing: 0.2, ..Sites::default() };
    let (record, truth) = small.measure(&Indenter::default(), &LoadFunction::ramp(800e-6, 1e-3), 2).unwrap();
    let missing = truth.missing.iter().filter(|missing| **missing).count();
    assert_eq!(record.tests.len(), 25 - missing);
    assert!(missing > 0);
}

#[test]
fn a_viscoelastic_tap_is_smaller_and_loses_energy() {
    let tap = Tap { radius: 10e-9, poisson_ratio: 0.36, peak_load: 50e-9, duration: 1e-6, samples: 4000 };
    let elastic = tap.on(Body::Elastic { shear_modulus: 15e9 }).unwrap();
    let standard = Body::StandardLinear { instantaneous_modulus: 30e9, delayed_modulus: 30e9, relaxation_time: 0.3e-6 };
    let viscoelastic = tap.on(standard).unwrap();
    assert!(elastic.dissipated.abs() < 1e-3 * viscoelastic.dissipated);
    assert!(viscoelastic.interaction_size < elastic.interaction_size);
    assert!(viscoelastic.dissipated > 0.0);
}

#[test]
fn the_other_instruments_tell_their_truth() {
    let classes = ClassMap { shape: (64, 64), ..ClassMap::default() }.measure(3).unwrap();
    let share = classes.labels.iter().filter(|label| **label == 1).count() as f64 / 4096.0;
    assert!((share - 0.5).abs() < 0.01, "{share}");
    let cyclic = Cycles { depth_noise: 0.0, drift_per_cycle: 0.0, ..Cycles::default() }.measure(1).unwrap();
    let top = cyclic.loss_tangents.iter().copied().fold(0.0, f64::max);
    assert!(top <= 0.05 && top > 0.045);
    let spread = Loss { peak: 0.05, relaxation_time: 1e-3, spread: 1e-6 };
    assert_relative_eq!(spread.tangent(40.0), Loss { spread: 0.0, ..spread }.tangent(40.0), max_relative = 1e-9);
    let unloading = Unloading { noise: (0.0, 0.0), ..Unloading::default() }.measure(1).unwrap();
    assert_relative_eq!(unloading.stiffness, 1.3 * 50e-3 / 400e-9, max_relative = 1e-12);
    let jump = RateJump { noise: 0.0, transient: 0.0, depth_trend: 0.0, ..RateJump::default() }.measure(1).unwrap();
    let recording = jump.record.tests[0].measurement().unwrap();
    let hardness = recording.values(TraceQuantity::Hardness).unwrap();
    let slope = (hardness[0] / hardness[150]).ln() / 10f64.ln();
    assert_relative_eq!(slope, 0.02, max_relative = 1e-9);
    let strength = Strength::Weibull { scale: 0.4e-3, shape: 5.0 };
    let loads = PopInLoads { strength, n: 4000, peak_load: 0.5e-3, detection_limit: 0.1e-3 }.sample(1).unwrap();
    let below = loads.truth.iter().filter(|load| **load < 0.4e-3).count() as f64 / 4000.0;
    assert!((below - (1.0 - (-1f64).exp())).abs() < 0.03);
    let cyclic_load = LoadFunction::cyclic(0.2, 1.0, 2.0, 3);
    assert_relative_eq!(cyclic_load.at(2.0), 1.0);
    assert_relative_eq!(LoadFunction::rate_jumps(&[(1.0, 1.0), (0.1, 2.0)]).duration(), 11.0);
}

#[test]
fn impossible_measurements_are_refused() {
    let load = LoadFunction::ramp(1e-3, 1e-3);
    let refused = |indenter: Indenter| indenter.indent(GLASS, &load, 1).unwrap_err().to_string();
    assert!(refused(Indenter { radius: 0.0, ..quiet() }).starts_with("`radius` is 0"));
    assert!(refused(Indenter { poisson_ratio: 0.6, ..quiet() }).starts_with("`poisson_ratio` is 0.6"));
    let backwards = LoadFunction { corners: vec![(0.0, 0.0), (0.0, 1.0)] };
    assert!(quiet().indent(GLASS, &backwards, 1).is_err());
    assert!(Sites { missing: 2.0, ..Sites::default() }.truth(1).is_err());
}
