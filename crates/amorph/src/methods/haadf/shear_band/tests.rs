#![allow(clippy::unwrap_used)]
use super::*;
use crate::core::data::Extent;
use crate::method::Constants;
use crate::sim::haadf::ShearBandStrip;

fn map(strip: &ShearBandStrip) -> Map {
    let values = strip.record().unwrap() + 150.0;
    let (rows, columns) = values.dim();
    let extent = Extent::metres(columns as f64 * strip.pixel, rows as f64 * strip.pixel);
    Map::new("intensity", values, Unit::one(), Some(extent))
}

fn method() -> ShearBand {
    ShearBand { band_width: Some(Quantity::parse("20 nm").unwrap()), surrogates: 99, ..ShearBand::default() }
}

fn run(method: &ShearBand, map: Map, constants: Constants) -> Result<Outcome, MethodError> {
    let dataset = Dataset::of_maps(vec![map], constants);
    method.run(&method.check(&dataset)?, &Ctx::new(5))
}

fn dark() -> Constants {
    Constants::default().with_quantity("dark_level", "150").unwrap()
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

#[test]
fn wavelength_and_heights_are_found() {
    let outcome = run(&method(), map(&ShearBandStrip::default()), dark()).unwrap();
    assert!((value(&outcome, "wavelength_band") - 150e-9).abs() < 4.5e-9, "{}", value(&outcome, "wavelength_band"));
    assert!((value(&outcome, "amplitude_dense") - 0.03).abs() < 0.008);
    assert!((value(&outcome, "amplitude_dilated") - 0.06).abs() < 0.008);
    assert!((value(&outcome, "band_row") - 32.0).abs() <= 1.0, "{}", value(&outcome, "band_row"));
    assert_eq!(value(&outcome, "p_wave"), 0.01);
    assert_eq!(outcome.figures.len(), 2);
}

#[test]
fn the_intervals_cover() {
    let mut covered = [0; 3];
    for seed in 0..40 {
        let strip = ShearBandStrip { shape: (64, 300), seed, ..ShearBandStrip::default() };
        let band = Band { row: 32.0, half_width: 2.5 };
        let excess = algorithm::profile(&strip.record().unwrap().view(), band).unwrap().excess;
        let x: Vec<f64> = (0..300).map(|column| (f64::from(column) + 0.5) * strip.pixel).collect();
        let wavelength = algorithm::strongest_wave(&excess, strip.pixel).1;
        let found = algorithm::half_waves(&x, &excess, wavelength).unwrap();
        let values = [found.wavelength, found.dense, found.dilated];
        let truth = [strip.wavelength, strip.amplitude_dense, strip.amplitude_dilated];
        for (index, covered) in covered.iter_mut().enumerate() {
            *covered += usize::from((values[index] - truth[index]).abs() < 1.96 * found.errors[index]);
        }
    }
    // 38 of 40 are expected; below 34 has a probability of 0.3 %.
    assert!(covered.iter().all(|covered| *covered >= 34), "{covered:?}");
}

#[test]
fn a_band_without_waves_has_none() {
    let flat = ShearBandStrip { amplitude_dense: 0.0, amplitude_dilated: 0.0, ..ShearBandStrip::default() };
    let outcome = run(&ShearBand { band_row: Some(32.0), ..method() }, map(&flat), dark()).unwrap();
    assert!(outcome.estimate("wavelength_band").is_none());
    assert!(outcome.notes.iter().any(|note| note.code == "no_wave"));
}

#[test]
fn a_short_band_warns() {
    let short = ShearBandStrip { shape: (64, 110), counts: 2e4, ..ShearBandStrip::default() };
    let outcome = run(&ShearBand { band_row: Some(32.0), ..method() }, map(&short), dark()).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "few_periods"));
}

#[test]
fn trouble_is_named() {
    let strip = ShearBandStrip { shape: (64, 100), ..ShearBandStrip::default() };
    let error = |method: &ShearBand, constants| run(method, map(&strip), constants).unwrap_err().to_string();
    assert!(error(&ShearBand::default(), dark()).contains("band_width is not stated"));
    assert!(error(&method(), Constants::default()).contains("dark_level"));
    assert!(error(&method(), dark().with_choice("intensity_scale", "display")).contains("display"));
    assert!(error(&ShearBand { band_row: Some(2.0), ..method() }, dark()).contains("too little matrix"));
    assert!(error(&ShearBand { band_row: Some(99.0), ..method() }, dark()).contains("not among the 64 rows"));
    let bright = Constants::default().with_quantity("dark_level", "1e6").unwrap();
    assert!(error(&method(), bright).contains("not above its dark level"));
    let narrow = ShearBandStrip { shape: (64, 20), ..ShearBandStrip::default() };
    assert!(run(&method(), map(&narrow), dark()).is_err());
}
