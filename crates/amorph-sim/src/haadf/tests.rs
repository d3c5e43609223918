#![allow(clippy::unwrap_used)]
use ndarray::Array2;

use super::*;

#[test]
fn a_shell_field_has_unit_variance_and_its_wavelength() {
    let (n, pixel, length) = (256, 1.0, 12.0);
    let mut variance = 0.0;
    let (mut weighted, mut total) = (0.0, 0.0);
    for seed in 0..4 {
        let field = shell_field((n, n), pixel, length, 0.1, seed).unwrap();
        variance += field.iter().map(|v| v * v).sum::<f64>() / (n * n) as f64 / 4.0;
        let spectrum = amorph_core::fft::power_spectrum(
            &field.view(),
            (pixel, pixel),
            amorph_core::fft::Window::Hann,
            amorph_core::fft::Sides::Two,
        );
        for bin in spectrum.radial(1.0 / n as f64) {
            weighted += bin.frequency * bin.density;
            total += bin.density;
        }
    }
    // About 2 pi 21^2 0.2 modes in the shell of each field.
    assert!((variance - 1.0).abs() < 0.1, "{variance}");
    // The mean of the spectrum over wave number lies at 1/L.
    assert!((weighted / total * length - 1.0).abs() < 0.02, "{}", weighted / total * length);
}

#[test]
fn a_blur_is_a_gaussian_and_keeps_what_is_even() {
    let mut point = Array2::zeros((41, 41));
    point[(20, 20)] = 1.0;
    let blurred = gaussian_blur(&point.view(), 1.0, 6.0);
    let variance = 36.0 / (8.0 * 2f64.ln());
    assert!((blurred[(20, 20)] * 2.0 * std::f64::consts::PI * variance - 1.0).abs() < 1e-3);
    assert!(
        (blurred[(20, 23)] / blurred[(20, 20)] - 0.5).abs() < 1e-3 && (blurred[(23, 20)] - blurred[(20, 23)]).abs() < 1e-12
    );
    let even = gaussian_blur(&Array2::from_elem((9, 7), 3.0).view(), 1.0, 6.0);
    assert!(even.iter().all(|value| (value - 3.0).abs() < 1e-12));
}

#[test]
fn a_film_shows_what_was_put_in() {
    let film = Film { shape: (48, 64), volume_fraction: Some(0.3), ..Film::default() };
    let images = film.record().unwrap();
    assert!((images.volume_fraction - 0.3).abs() < 1e-3);
    assert!((images.fraction.mean().unwrap() - 0.35).abs() < 0.02);
    assert!((images.haadf.mean().unwrap() / 5000.0 - 1.0).abs() < 0.01);
    assert!(images.correlation > 0.5, "{}", images.correlation);
    assert_eq!(images, film.record().unwrap());
    assert!(Film { wedge: 2.0, ..film }.record().is_err());
}

#[test]
fn a_spectrum_has_the_zero_loss_share_of_its_thickness() {
    for t_over_lambda in [0.1, 0.8] {
        let instrument = LowLoss { t_over_lambda, last: 900.0, ..LowLoss::default() };
        let expected = instrument.expected().unwrap();
        let total: f64 = expected.iter().sum();
        let zero: f64 = expected.iter().zip(instrument.energies()).filter(|(_, e)| *e < 2.5).map(|(i, _)| i).sum();
        // A small share of the single losses lies below 2.5 eV.
        assert!((zero / total - (-t_over_lambda).exp()).abs() < 0.006, "{} {}", zero / total, (-t_over_lambda).exp());
        assert!((total / 4e5 - 1.0).abs() < 0.005);
    }
    let counted = LowLoss::default().record().unwrap();
    assert_eq!(counted.len(), LowLoss::default().energies().len());
    assert!(LowLoss { step: 0.0, ..LowLoss::default() }.expected().is_err());
}

#[test]
fn flicker_forgets_at_its_rate() {
    let tau = Array2::from_elem((6, 6), 4.0);
    let series = Flicker { tau, frames: 4000, interval: 0.5, counts: f64::INFINITY, drift: 0.0, seed: 3 }.record().unwrap();
    let lag = 4;
    let (mut product, mut square) = (0.0, 0.0);
    for row in 0..6 {
        for column in 0..6 {
            let values: Vec<f64> = (0..4000).map(|t| series[(t, row, column)] - 1.0).collect();
            product += values.iter().zip(&values[lag..]).map(|(a, b)| a * b).sum::<f64>();
            square += values.iter().map(|a| a * a).sum::<f64>();
        }
    }
    // exp(-2 t / tau) at t = 2 s.
    assert!((product / square - (-1.0f64).exp()).abs() < 0.02, "{}", product / square);
}

#[test]
fn a_strip_has_unequal_half_waves_in_its_band_only() {
    let strip = ShearBandStrip { counts: 1e8, wedge: 0.0, ..ShearBandStrip::default() };
    let image = strip.record().unwrap();
    let row = |row: usize| -> Vec<f64> { image.row(row).iter().map(|v| v / 1e8 - 1.0).collect() };
    let (inside, outside) = (row(32), row(5));
    let extreme = |values: &[f64], sign: f64| values.iter().map(|v| sign * v).fold(f64::MIN, f64::max);
    assert!((extreme(&inside, 1.0) - 0.03).abs() < 1e-3 && (extreme(&inside, -1.0) - 0.06).abs() < 1e-3);
    assert!(extreme(&outside, 1.0) < 1e-3);
}

#[test]
fn edges_hold_the_stated_electrons_and_composition() {
    let instrument = CoreLoss { shape: (24, 24), wedge: 0.1, ..CoreLoss::default() };
    let image = instrument.record().unwrap();
    let n = image.fraction.len() as f64;
    let mean = image.fraction.sum() / n;
    let sd = (image.fraction.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / n).sqrt();
    assert!((mean - 0.35).abs() < 1e-12 && (sd - 0.08).abs() < 1e-12);
    // Behind the edge of A, the background taken off as it is.
    let energies = instrument.energies();
    let inside = || (0..energies.len()).filter(|i| (855.0..=955.0).contains(&energies[*i]));
    let background: f64 = inside().map(|i| instrument.background * (energies[i] / 855.0).powf(-instrument.exponent)).sum();
    let counts = inside().map(|i| image.counts.index_axis(ndarray::Axis(2), i).sum()).sum::<f64>() / n;
    // 30000 counts of 576 positions have an error of 8.
    assert!((counts - background - 6000.0).abs() < 60.0, "{}", counts - background);
    assert!((instrument.cross_section(0, (855.0, 955.0)) * 0.35 - 6000.0).abs() < 1e-6);
    assert!(CoreLoss { mean_fraction: 1.0, ..instrument }.record().is_err());
}

#[test]
fn a_network_has_its_share_at_every_depth() {
    let network = PhaseNetwork { shape: (256, 400), illumination: 0.0, ..PhaseNetwork::default() };
    let image = network.record().unwrap();
    for strip in 0..4 {
        let rows = 64 * strip..64 * (strip + 1);
        let share = rows.clone().map(|row| image.bright.row(row).iter().filter(|inside| **inside).count()).sum::<usize>();
        let expected = rows.map(|row| network.fraction_at(row)).sum::<f64>() / 64.0;
        // About 100 domains in a strip.
        assert!((share as f64 / (64.0 * 400.0) - expected).abs() < 0.08, "{strip}");
    }
    let mean = |bright: bool| {
        let of = || image.counts.iter().zip(&image.bright).filter(|(_, inside)| **inside == bright).map(|(count, _)| *count);
        of().sum::<f64>() / of().count() as f64
    };
    assert!((400.0..440.0).contains(&mean(false)) && (560.0..600.0).contains(&mean(true)));
    assert!(PhaseNetwork { fraction: [0.5, 1.0], ..network }.record().is_err());
}
