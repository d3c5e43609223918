#![allow(clippy::unwrap_used)]
use amorph_core::data::Pixels;

use super::*;

fn counts(scan: &Scan4d) -> Vec<u16> {
    let mut pixels = Pixels::empty(scan.pixel);
    scan.read(0..scan.n_present, &mut pixels).unwrap();
    let Pixels::U16(values) = pixels else { panic!("the camera writes u16") };
    values
}

fn small() -> Nbed {
    Nbed {
        scan: [6, 8],
        detector: [64, 60],
        centre: [31.0, 29.2],
        disk_radius: 3.0,
        halo_radius: 18.0,
        halo_width: 3.0,
        ..Nbed::default()
    }
}

#[test]
fn one_seed_gives_one_scan() {
    let (a, b) = (small().measure(5).unwrap(), small().measure(5).unwrap());
    assert_eq!(counts(&a.scan), counts(&b.scan));
    assert_eq!(a.truth, b.truth);
    assert_ne!(counts(&a.scan), counts(&small().measure(6).unwrap().scan));
    assert_eq!(a.scan.shape(), [6, 8, 64, 60]);
}

#[test]
fn mean_and_variance_over_patterns_are_those_of_the_halo_and_of_the_modes() {
    let gain = 3.0;
    let nbed = Nbed {
        scan: [30, 40],
        modes: 2.0,
        gain,
        direct_beam: 0.0,
        order: Order::Fraction { fraction: 0.0, overdispersion: 0.0 },
        ellipse: (1.2, 0.4),
        ..small()
    };
    let values = counts(&nbed.measure(1).unwrap().scan);
    let n = 1200.0;
    for pixel in [20 * 60 + 12, 45 * 60 + 40, 31 * 60 + 10] {
        let of_pixel: Vec<f64> = values.chunks_exact(64 * 60).map(|pattern| f64::from(pattern[pixel])).collect();
        let mean = of_pixel.iter().sum::<f64>() / n;
        let variance = of_pixel.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
        let halo = nbed.halo(nbed.distance([(pixel / 60) as f64, (pixel % 60) as f64]));
        let expected = gain * gain * (halo + halo * halo / 2.0);
        assert!((mean - gain * halo).abs() < 5.0 * (expected / n).sqrt(), "{mean} {}", gain * halo);
        assert!((variance / expected - 1.0).abs() < 0.4, "{variance} {expected}");
    }
}

#[test]
fn disks_stand_where_and_as_high_as_the_truth_says() {
    let nbed = Nbed {
        order: Order::Map((0..48).map(|i| i % 2 == 0).collect()),
        modes: 500.0,
        dose: 400.0,
        ellipse: (1.3, 1.0),
        amplitudes: (3.0, 5.0),
        ..small()
    };
    let scan = nbed.measure(2).unwrap();
    let values = counts(&scan.scan);
    for (truth, pattern) in scan.truth.iter().zip(values.chunks_exact(64 * 60)) {
        let n = match truth.class {
            OrderClass::OnAxis => 4,
            OrderClass::ThreeBeam => 2,
            OrderClass::TwoBeam => 1,
            OrderClass::None => 0,
        };
        assert_eq!(truth.reflections.len(), n);
        for reflection in &truth.reflections {
            let [y, x] = reflection.position;
            let k = nbed.distance([y, x]);
            assert!((k - 18.0).abs() <= 3.0 + 1e-9, "{k}");
            let (row, column) = (y.round() as usize, x.round() as usize);
            let halo = nbed.halo(nbed.distance([row as f64, column as f64]));
            let peak = reflection.amplitude * nbed.halo(k);
            let others = truth.reflections.iter().filter(|other| (other.position[0] - y).hypot(other.position[1] - x) < 8.0);
            if others.count() == 1 {
                let found = f64::from(pattern[row * 60 + column]);
                let error = (halo + peak + halo * halo / 500.0).sqrt();
                assert!((found - halo - peak).abs() < 6.0 * error, "{found} {halo} {peak}");
            }
        }
    }
    assert!(scan.truth.iter().step_by(2).all(|truth| truth.class != OrderClass::None));
    assert!(scan.truth.iter().skip(1).step_by(2).all(|truth| truth.class == OrderClass::None));
}

#[test]
fn the_stop_and_bad_pixels_show_constants_and_are_listed() {
    let nbed = Nbed { beam_stop: Some(BeamStop { angle: 0.0, half_width: 2.0 }), bad_pixels: 12, ..small() };
    let scan = nbed.measure(3).unwrap();
    assert!(scan.masked[31 * 60 + 50] && !scan.masked[31 * 60 + 5] && scan.masked[31 * 60 + 29]);
    let values = counts(&scan.scan);
    for (pixel, masked) in scan.masked.iter().enumerate() {
        if *masked {
            assert!(values.chunks_exact(64 * 60).all(|pattern| pattern[pixel] == values[pixel]));
        }
    }
    let plain = small().measure(3).unwrap();
    assert!(plain.masked.iter().all(|masked| !masked));
}

#[test]
fn regions_scatter_as_a_beta_binomial() {
    let nbed = |overdispersion| Nbed { order: Order::Fraction { fraction: 0.4, overdispersion }, scan: [10, 10], ..small() };
    for (rho, expected) in [(0.0, 0.24 / 100.0), (0.1, 0.24 / 100.0 * (1.0 + 99.0 * 0.1))] {
        let shares: Vec<f64> = (0..600)
            .map(|seed| {
                let ordered = nbed(rho).ordered(100, seed).unwrap();
                ordered.iter().filter(|ordered| **ordered).count() as f64 / 100.0
            })
            .collect();
        let variance = shares.iter().map(|share| (share - 0.4f64).powi(2)).sum::<f64>() / 600.0;
        assert!((variance / expected - 1.0).abs() < 5.0 * (2.0 / 600.0f64).sqrt() * 1.2, "{rho}: {variance} {expected}");
    }
}

#[test]
fn what_cannot_be_is_refused() {
    for wrong in [
        Nbed { dose: 0.0, ..small() },
        Nbed { modes: 0.5, ..small() },
        Nbed { friedel_fraction: 1.5, ..small() },
        Nbed { thickness: vec![1.0; 3], ..small() },
        Nbed { order: Order::Map(vec![true]), ..small() },
        Nbed { class_probabilities: [0.0; 3], ..small() },
        Nbed { order: Order::Fraction { fraction: 0.5, overdispersion: 1.0 }, ..small() },
    ] {
        assert!(wrong.measure(1).is_err(), "{wrong:?}");
    }
}
