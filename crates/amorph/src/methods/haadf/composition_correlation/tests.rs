#![allow(clippy::unwrap_used)]
use serde::Deserialize;

use super::algorithm::{Contrast, fisher_interval, fractions, partial, ranks};
use super::*;
use crate::core::data::Extent;
use crate::method::Constants;
use crate::sim::haadf::{Film, FilmImages};

fn map(quantity: &str, values: &Array2<f64>, film: &Film) -> Map {
    let (rows, columns) = values.dim();
    let extent = Extent::metres(columns as f64 * film.pixel, rows as f64 * film.pixel);
    Map::new(quantity, values.clone(), Unit::one(), Some(extent))
}

fn film() -> Film {
    Film { shape: (96, 112), layers: 14, thickness: 7e-9, ..Film::default() }
}

fn maps(film: &Film, images: &FilmImages) -> Vec<Map> {
    vec![
        map("intensity", &(&images.haadf + 100.0), film),
        map("element_a", &images.edges[0], film),
        map("element_b", &images.edges[1], film),
    ]
}

fn constants() -> Constants {
    [
        ("dark_level", "100"),
        ("mean_fraction_a", "0.35"),
        ("atomic_number_a", "28"),
        ("atomic_number_b", "40"),
        ("contrast_exponent", "1.7 +- 0.15"),
    ]
    .into_iter()
    .fold(Constants::default(), |constants, (key, value)| constants.with_quantity(key, value).unwrap())
    .with_choice("intensity_scale", "linear")
}

fn run(maps: Vec<Map>, constants: Constants) -> Result<Outcome, MethodError> {
    let method = CompositionCorrelation { surrogates: 99, ..CompositionCorrelation::default() };
    let dataset = Dataset::of_maps(maps, constants);
    method.run(&method.check(&dataset)?, &Ctx::new(3))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

#[test]
fn profiles_follow_a_line_over_both_maps() {
    let film = film();
    let images = film.record().unwrap();
    let dataset = Dataset::of_maps(maps(&film, &images), constants());
    let at = |column: f64, row: f64| [column, row].map(|pixels| Quantity::si(pixels * film.pixel, Unit::of("nm")));
    // Along the middles of the pixels of the row 10 from the bottom, three rows wide.
    let method = CompositionCorrelation {
        surrogates: 99,
        profile_from: Some(at(0.5, 10.5)),
        profile_to: Some(at(100.5, 10.5)),
        profile_width: Some(Quantity::si(3.0 * film.pixel, Unit::of("nm"))),
        ..CompositionCorrelation::default()
    };
    let outcome = method.run(&method.check(&dataset).unwrap(), &Ctx::new(3)).unwrap();
    let table = outcome.table("profile").unwrap();
    let (_, found) = table.numbers("intensity").unwrap();
    let row = images.haadf.nrows() - 11;
    assert_eq!(found.len(), 101);
    for (column, value) in found.iter().enumerate() {
        let expected = (row - 1..=row + 1).map(|row| images.haadf[(row, column)] + 100.0).sum::<f64>() / 3.0;
        assert!((value - expected).abs() < 1e-6 * expected, "{column}: {value} {expected}");
    }
    let (_, fraction) = table.numbers("atomic_fraction_a").unwrap();
    assert!(fraction.iter().all(|share| (0.0..=1.0).contains(share)));
    assert!(outcome.figures.iter().any(|figure| figure.key == "profile"));
    let refused = |method: CompositionCorrelation| method.check(&dataset).unwrap_err().to_string();
    assert!(refused(CompositionCorrelation { profile_to: None, ..method.clone() }).contains("profile_to"));
    assert!(refused(CompositionCorrelation { profile_to: Some(at(500.0, 10.0)), ..method.clone() }).contains("leaves the map"));
    assert!(refused(CompositionCorrelation { profile_to: Some(at(1.0, 10.5)), ..method }).contains("two pixels"));
}

#[test]
fn correlation_and_density_of_a_film_are_found() {
    let film = film();
    let images = film.record().unwrap();
    let outcome = run(maps(&film, &images), constants()).unwrap();
    assert_eq!(value(&outcome, "p_surrogate"), 0.01);
    assert!(value(&outcome, "pearson_r") < value(&outcome, "corrected_r"));
    assert!((value(&outcome, "corrected_r") - images.correlation).abs() < 0.08, "{}", value(&outcome, "corrected_r"));
    // Density follows the composition by `1 + coupling (c - mean)`.
    let sd = value(&outcome, "fraction_sd");
    let expected = (1.0 + film.density_coupling * sd) / (1.0 - film.density_coupling * sd);
    assert!((value(&outcome, "number_density_ratio") - expected).abs() < 0.02 * expected, "{expected}");
    assert!(outcome.estimate("number_density_ratio").unwrap().systematic_error.unwrap() > 0.0);
    assert_eq!(outcome.figures.len(), 3);
    assert_eq!(outcome.tables.len(), 1);
}

/// Without coupling to the density, Ni-rich places are dark.
#[test]
fn equal_density_makes_the_light_element_dark() {
    let film = Film { density_coupling: 0.0, ..film() };
    let outcome = run(maps(&film, &film.record().unwrap()), constants()).unwrap();
    assert!(value(&outcome, "pearson_r") < -0.2);
    assert!((value(&outcome, "number_density_ratio") - 1.0).abs() < 0.02, "{}", value(&outcome, "number_density_ratio"));
}

#[test]
fn independent_maps_are_not_correlated() {
    let film = film();
    let images = film.record().unwrap();
    let other = Film { seed: 2, ..film.clone() }.record().unwrap();
    let maps = maps(&film, &FilmImages { haadf: other.haadf, ..images });
    let outcome = run(maps, constants()).unwrap();
    assert!(value(&outcome, "p_surrogate") > 0.01);
    let interval = outcome.estimate("pearson_r").unwrap().interval.unwrap();
    assert!(interval.lo < 0.0 && interval.hi > 0.0);
}

#[test]
fn a_wedge_is_taken_off_and_a_thickness_map_explains_it() {
    let film = Film { wedge: 0.3, density_coupling: 1.2, ..film() };
    let images = film.record().unwrap();
    let mut all = maps(&film, &images);
    let relative = images.relative_thickness.clone();
    all.push(map("relative_thickness", &relative, &film));
    let outcome = run(all.clone(), constants()).unwrap();
    assert!(value(&outcome, "pearson_r_raw").abs() < 0.6 * value(&outcome, "pearson_r").abs());
    let method = CompositionCorrelation { surrogates: 99, background: Background::None, ..CompositionCorrelation::default() };
    let dataset = Dataset::of_maps(all, constants());
    let raw = method.run(&method.check(&dataset).unwrap(), &Ctx::new(3)).unwrap();
    assert!((value(&raw, "partial_r") - value(&outcome, "pearson_r")).abs() < 0.05);
}

#[test]
fn what_is_missing_is_named() {
    let film = film();
    let images = film.record().unwrap();
    let no_mean = run(maps(&film, &images), Constants::default()).unwrap_err();
    assert!(no_mean.to_string().contains("mean_fraction_a"));
    let mean = || Constants::default().with_quantity("mean_fraction_a", "35 %").unwrap();
    let outcome = run(maps(&film, &images), mean()).unwrap();
    assert!(outcome.estimate("number_density_ratio").is_none());
    assert!(outcome.notes.iter().any(|note| note.code == "intensity_scale_not_stated"));
    let outcome = run(maps(&film, &images), mean().with_choice("intensity_scale", "linear")).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "dark_level_not_stated"));
    let display = run(maps(&film, &images), constants().with_choice("intensity_scale", "display")).unwrap();
    assert!(display.notes.iter().any(|note| note.code == "display_values"));
    let mut cropped = maps(&film, &images);
    cropped[1].values = Array2::from_elem((20, 20), 1.0);
    assert!(run(cropped, mean()).is_err());
    let too_much = Constants::default().with_quantity("mean_fraction_a", "1.2").unwrap();
    assert!(run(maps(&film, &images), too_much).is_err());
}

#[test]
fn closed_forms() {
    // By hand: (0.63 - 0.7 0.2) / sqrt(0.51 0.96).
    assert!((partial(0.63, 0.7, 0.2) - 0.700_29).abs() < 1e-4);
    let (lo, hi) = fisher_interval(0.5, 103.0).unwrap();
    // tanh(atanh 0.5 -+ 0.195996).
    assert!((lo - 0.339_31).abs() < 1e-4 && (hi - 0.632_34).abs() < 1e-4, "{lo} {hi}");
    let a = Array2::from_shape_vec((1, 4), vec![3.0, 1.0, 3.0, f64::NAN]).unwrap();
    let found = ranks(&a.view());
    assert_eq!([found[(0, 0)], found[(0, 1)], found[(0, 2)]], [1.5, 0.0, 1.5]);
    assert!(found[(0, 3)].is_nan());
    let (a, b) = (Array2::from_elem((2, 2), 50.0), Array2::from_elem((2, 2), 400.0));
    assert!(fractions(&a.view(), &b.view(), 0.35).iter().all(|c| (c - 0.35).abs() < 1e-12));
    // Equal brightness of pure phases: c from 0 to 1 needs the ratio (40/28)^g.
    let pure = Contrast { fraction: 0.5, fraction_sd: 0.5, intensity_sd: 0.0 };
    assert!((pure.density_ratio(1.0, [28.0, 40.0], 1.7) - (40f64 / 28.0).powf(1.7)).abs() < 1e-12);
}

#[test]
fn pure_phases_need_the_published_ratio() {
    #[derive(Deserialize)]
    struct Golden {
        pure: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Case {
        exponent: f64,
        ratio: f64,
    }
    let golden: Golden = toml::from_str(include_str!("golden.toml")).unwrap();
    let film = film();
    let images = film.record().unwrap();
    for case in golden.pure {
        let constants = constants().with_quantity("contrast_exponent", &case.exponent.to_string()).unwrap();
        let outcome = run(maps(&film, &images), constants).unwrap();
        assert!((value(&outcome, "pure_density_ratio") - case.ratio).abs() < 1e-4);
    }
}
