#![allow(clippy::unwrap_used)]
use std::sync::Arc;

use serde::Deserialize;

use super::algorithm::{EnergyAxis, log_ratio, mean_free_path};
use super::*;
use crate::core::data::{AxisRole, Data, DataError, FrameSource, FrameStack, PixelType, Pixels, ScanAxis, Table};
use crate::core::unit::Unit;
use crate::method::Constants;
use crate::sim::haadf::LowLoss;

fn table(instrument: &LowLoss) -> Table {
    let joules = instrument.energies().iter().map(|e| Unit::of("eV").to_si(*e)).collect();
    Table::new("spectrum", "low loss").with_numbers("energy", "J", joules).with_numbers(
        "counts",
        "",
        instrument.record().unwrap(),
    )
}

fn run(table: Table, constants: Constants) -> Result<Outcome, MethodError> {
    let dataset = Dataset { constants, ..Dataset::of_table(table) };
    let method = Thickness::default();
    method.run(&method.check(&dataset)?, &Ctx::new(1))
}

fn stated() -> Constants {
    [
        ("beam_voltage", "200 kV"),
        ("convergence_semi_angle", "22 mrad"),
        ("collection_semi_angle", "28 mrad"),
        ("mass_density", "7.0 g/cm^3"),
    ]
    .into_iter()
    .fold(Constants::default(), |constants, (key, value)| constants.with_quantity(key, value).unwrap())
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

fn has_note(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

#[test]
fn thin_and_thick_foils_are_found() {
    for t_over_lambda in [0.05, 0.13, 0.5, 1.0, 1.8] {
        let outcome = run(table(&LowLoss { t_over_lambda, ..LowLoss::default() }), stated()).unwrap();
        let found = outcome.estimate("t_over_lambda").unwrap();
        // Three standard errors of counting, and half a per cent of what the method itself loses.
        let allowed = 3.0 * found.std_error.unwrap() + 0.005 * t_over_lambda;
        assert!((found.value - t_over_lambda).abs() < allowed, "{t_over_lambda}: {}", found.value);
        assert!((value(&outcome, "thickness") - found.value * 117.793e-9).abs() < 1e-12);
    }
}

#[test]
fn mean_free_paths_are_those_of_the_formula() {
    #[derive(Deserialize)]
    struct Golden {
        path: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Case {
        density: f64,
        mean_free_path: f64,
    }
    let golden: Golden = toml::from_str(include_str!("golden.toml")).unwrap();
    for case in golden.path {
        let found = mean_free_path(200e3, 22e-3, 28e-3, case.density * 1e3) * 1e9;
        assert!((found / case.mean_free_path - 1.0).abs() < 1e-8, "{found}");
    }
}

#[test]
fn the_interval_covers() {
    for t_over_lambda in [0.13, 1.0] {
        let covered = (0..100)
            .filter(|seed| {
                let instrument = LowLoss { t_over_lambda, seed: *seed, step: 0.25, ..LowLoss::default() };
                let axis = EnergyAxis { first: instrument.first, step: instrument.step };
                let found = log_ratio(&instrument.record().unwrap(), axis).unwrap();
                (found.t_over_lambda - t_over_lambda).abs() < 1.96 * found.counting_error
            })
            .count();
        // 95 of 100 are expected; below 88 has a probability of 0.2 %.
        assert!(covered >= 88, "{t_over_lambda}: {covered}");
    }
}

#[test]
fn a_shifted_axis_a_dark_level_and_a_scale_change_nothing() {
    let instrument = LowLoss::default();
    let counts = instrument.record().unwrap();
    let axis = EnergyAxis { first: instrument.first, step: instrument.step };
    let reference = log_ratio(&counts, axis).unwrap();
    let shifted = log_ratio(&counts, EnergyAxis { first: axis.first + 3.0, ..axis }).unwrap();
    assert!((shifted.t_over_lambda - reference.t_over_lambda).abs() < 1e-3);
    let lifted: Vec<f64> = counts.iter().map(|count| 7.0 * count + 40.0).collect();
    let lifted = log_ratio(&lifted, axis).unwrap();
    assert!((lifted.t_over_lambda - reference.t_over_lambda).abs() < 2e-3);
    assert!((lifted.counting_error / reference.counting_error - 1.0 / 7f64.sqrt()).abs() < 0.01);
}

#[derive(Debug)]
struct Frames(Vec<f32>, usize);

impl FrameSource for Frames {
    fn read(&self, frames: std::ops::Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        *pixels = Pixels::F32(self.0[frames.start * self.1..frames.end * self.1].to_vec());
        Ok(())
    }
}

/// A spectrum image with a wedge along x, the axes in the order given by `energy`.
fn spectrum_image(energy: usize) -> Dataset {
    let (rows, columns) = (2, 4);
    let instrument = |place: usize| LowLoss {
        t_over_lambda: 0.3 + 0.1 * (place % columns) as f64,
        seed: place as u64,
        last: 120.0,
        ..LowLoss::default()
    };
    let spectra: Vec<Vec<f64>> = (0..rows * columns).map(|place| instrument(place).record().unwrap()).collect();
    let channels = spectra[0].len();
    let axis = |role: AxisRole| match role {
        AxisRole::Energy => {
            ScanAxis { step: Some(0.2), offset: Some(-20.0), unit: Unit::of("eV"), ..ScanAxis::new(role, channels) }
        }
        AxisRole::ScanY => ScanAxis { step: Some(2.0), unit: Unit::of("nm"), ..ScanAxis::new(role, rows) },
        _ => ScanAxis { step: Some(2.0), unit: Unit::of("nm"), ..ScanAxis::new(role, columns) },
    };
    let mut roles = vec![AxisRole::ScanY, AxisRole::ScanX];
    roles.insert(energy, AxisRole::Energy);
    let axes: Vec<ScanAxis> = roles.iter().map(|role| axis(*role)).collect();
    let shape: Vec<usize> = axes.iter().map(|axis| axis.n).collect();
    let mut values = Vec::new();
    for i in 0..shape[0] {
        for j in 0..shape[1] {
            for k in 0..shape[2] {
                let at = |role: AxisRole| [i, j, k][roles.iter().position(|r| *r == role).unwrap()];
                values.push(spectra[at(AxisRole::ScanY) * columns + at(AxisRole::ScanX)][at(AxisRole::Energy)] as f32);
            }
        }
    }
    let source = Arc::new(Frames(values, shape[1] * shape[2]));
    let stack = FrameStack::new("image", axes, PixelType::F32, shape[0], source).unwrap();
    Dataset { label: "image".to_owned(), data: vec![Data::Stack(stack)], constants: stated(), ..Dataset::default() }
}

#[test]
fn a_spectrum_image_gives_a_map_in_any_order_of_axes() {
    let method = Thickness::default();
    let outcomes: Vec<Outcome> = [0, 2]
        .into_iter()
        .map(|energy| {
            let dataset = spectrum_image(energy);
            method.run(&method.check(&dataset).unwrap(), &Ctx::new(1)).unwrap()
        })
        .collect();
    assert_eq!(outcomes[0].maps, outcomes[1].maps);
    let map = &outcomes[0].maps[0];
    assert_eq!(map.shape(), (2, 4));
    assert!((map.size().unwrap().0 - 8e-9).abs() < 1e-15);
    for ((_, column), found) in map.values.indexed_iter() {
        assert!((found - (0.3 + 0.1 * column as f64)).abs() < 0.012, "{found}");
    }
    assert!((value(&outcomes[0], "t_over_lambda") - 0.45).abs() < 0.005);
    assert!((value(&outcomes[0], "t_over_lambda_sd") - 0.1195).abs() < 0.005);
    assert!(outcomes[0].estimate("t_over_lambda").unwrap().no_interval.is_some());
}

#[test]
fn trouble_is_named() {
    let beyond = LowLoss { first: 5.0, zlp_shift: 0.0, ..LowLoss::default() };
    assert!(run(table(&beyond), stated()).unwrap_err().to_string().contains("no zero-loss peak"));
    let mut no_unit = table(&LowLoss::default());
    no_unit.columns[0].unit = Unit::one();
    assert!(run(no_unit, stated()).unwrap_err().to_string().contains("'energy' has no usable unit"));
    let mut falling = table(&LowLoss::default());
    if let crate::core::data::ColumnValues::Numbers(values) = &mut falling.columns[0].values {
        values[7] = 0.0;
    }
    assert!(run(falling, stated()).unwrap_err().to_string().contains("do not rise in equal steps"));
    let mut saturated = table(&LowLoss::default());
    if let crate::core::data::ColumnValues::Numbers(values) = &mut saturated.columns[1].values {
        let top = values.iter().copied().fold(0.0, f64::max);
        values.iter_mut().for_each(|value| *value = value.min(0.7 * top));
    }
    assert!(has_note(&run(saturated, stated()).unwrap(), "saturated"));
    let outcome = run(table(&LowLoss { t_over_lambda: 2.4, ..LowLoss::default() }), Constants::default()).unwrap();
    assert!(has_note(&outcome, "thick") && has_note(&outcome, "no_mean_free_path"));
    assert!(outcome.estimate("thickness").is_none());
    let wrong_angle = stated().with_quantity("collection_semi_angle", "0.028 mrad").unwrap();
    let wrong_angle = wrong_angle.with_quantity("convergence_semi_angle", "0.022 mrad").unwrap();
    assert!(has_note(&run(table(&LowLoss::default()), wrong_angle).unwrap(), "implausible_mean_free_path"));
    let nothing = Table::new("empty", "").with_numbers("energy", "J", vec![0.0; 3]).with_numbers("counts", "", vec![0.0; 3]);
    assert!(run(nothing, stated()).is_err());
}
