//! One curve of energy against amplitude from images or tables, and the cantilever it belongs to.

use super::models::{Point, Setting};
use super::{FEWEST_SETPOINTS, Mechanism, MechanismError, SMALLEST_RANGE};
use crate::core::outcome::Outcome;
use crate::core::unit::Quantity;
use crate::method::{ConstantInfo, Dataset, Method, MethodError, Upstream};
use crate::methods::afm::amplitude_sweep::{self, AmplitudeSweep};
use crate::methods::afm::{
    self,
    stated::{Required, Stated},
};
use crate::sim::oscillator::Drive;

/// What [`Mechanism`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    /// The points, from the smallest ratio to the largest.
    pub(super) points: Vec<Point>,
    pub(super) setting: Setting,
    /// Whether the drive frequency was stated; else it is taken at resonance.
    pub(super) drive_stated: bool,
    /// Where the points come from.
    pub(super) source: &'static str,
}

/// Ratios closer than this are one set point.
const ONE_SETPOINT: f64 = 0.01;
/// Constants of one curve may differ by this much, relatively.
const SAME_CONSTANT: f64 = 0.01;

pub(super) fn collect(method: &Mechanism, dataset: &Dataset) -> Result<Input, MethodError> {
    let (mut points, source) = points(dataset)?;
    points.retain(|point| point.ratio.is_finite() && point.energy.is_finite() && point.ratio > 0.02);
    points.sort_by(|a, b| a.ratio.total_cmp(&b.ratio));
    require_range(&points)?;
    let (drive, angular_frequency, drive_stated) = cantilever(dataset)?;
    let setting = Setting {
        drive,
        angular_frequency,
        surface_energy: method.surface_energy.value,
        contact_distance: method.contact_distance.value,
        range: method.range.value,
        modulus: method.reduced_modulus.as_ref().map(|quantity| quantity.value),
        radius: method.tip_radius.as_ref().map(|quantity| quantity.value),
    };
    if !points.iter().all(|point| point.std_error.is_some()) {
        points.iter_mut().for_each(|point| point.std_error = None);
    }
    Ok(Input { points, setting, drive_stated, source })
}

fn points(dataset: &Dataset) -> Result<(Vec<Point>, &'static str), MethodError> {
    let tables: Vec<Point> =
        dataset.upstream.iter().filter(|u| u.method == AmplitudeSweep::INFO.id).flat_map(of_sweep).collect();
    if !tables.is_empty() {
        return Ok((tables, "dafm.amplitude_sweep"));
    }
    let images: Vec<Point> = dataset.upstream.iter().filter(|u| u.method == "dafm.dissipation").filter_map(of_image).collect();
    if !images.is_empty() {
        return Ok((images, "dafm.dissipation"));
    }
    if dataset.table().is_err() {
        return Err(MechanismError::NoData.into());
    }
    let sweep = AmplitudeSweep::default().check(dataset)?;
    let point = |p: &amplitude_sweep::SweepPoint| Point { ratio: p.ratio, energy: p.energy, std_error: p.std_error };
    Ok((sweep.points().iter().map(point).collect(), "table"))
}

fn of_image(upstream: &Upstream) -> Option<Point> {
    let energy = upstream.outcome.estimate("dissipated_energy_mean")?;
    let ratio = upstream.outcome.estimate("amplitude_ratio")?.value;
    Some(Point { ratio, energy: energy.value, std_error: energy.std_error.filter(|error| *error > 0.0) })
}

fn of_sweep(upstream: &Upstream) -> Vec<Point> {
    let column = |name: &str| {
        let table = upstream.outcome.table(amplitude_sweep::TABLE)?;
        Some(table.numbers(name).ok()?.1.to_vec())
    };
    let columns = column("amplitude_ratio").zip(column("dissipated_energy")).zip(column("std_error"));
    let Some(((ratio, energy), error)) = columns else { return Vec::new() };
    let point =
        |((ratio, energy), error): ((f64, f64), f64)| Point { ratio, energy, std_error: (error > 0.0).then_some(error) };
    ratio.into_iter().zip(energy).zip(error).map(point).collect()
}

fn require_range(points: &[Point]) -> Result<(), MechanismError> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Err(MechanismError::NoData) };
    let mut found = 1;
    let mut at = first.ratio;
    for point in points {
        if point.ratio - at > ONE_SETPOINT {
            found += 1;
            at = point.ratio;
        }
    }
    if found < FEWEST_SETPOINTS || last.ratio - first.ratio < SMALLEST_RANGE {
        return Err(MechanismError::TooFewSetpoints { found, lowest: first.ratio, highest: last.ratio });
    }
    Ok(())
}

/// The cantilever: from the constants of the state, else from those that the images were evaluated with.
fn cantilever(dataset: &Dataset) -> Result<(Drive, f64, bool), MethodError> {
    let mut stated = Stated::new(dataset, Mechanism::INFO.id);
    let mut value = |info: &'static ConstantInfo, required: Required| match recorded(dataset, info)? {
        Some(value) => Ok::<f64, MethodError>(value),
        None => Ok(stated.positive(info, required)?.value),
    };
    let spring_constant = value(&afm::SPRING_CONSTANT, Required::Always)?;
    let quality_factor = value(&afm::QUALITY_FACTOR, Required::Always)?;
    let free_amplitude = value(&afm::FREE_AMPLITUDE, Required::Always)?;
    let resonance = value(&afm::RESONANCE_FREQUENCY, Required::Always)?;
    let drive = value(&afm::DRIVE_FREQUENCY, Required::IfStated)?;
    stated.finish()?;
    let frequency_ratio = if drive > 0.0 { drive / resonance } else { 1.0 };
    let cantilever = Drive { spring_constant, quality_factor, free_amplitude, frequency_ratio };
    Ok((cantilever, std::f64::consts::TAU * resonance, drive > 0.0))
}

/// A constant as the images of the state were evaluated with, which knows of the files as well; all must agree.
fn recorded(dataset: &Dataset, info: &'static ConstantInfo) -> Result<Option<f64>, MechanismError> {
    let of = |outcome: &Outcome| {
        let record = outcome.provenance.constants.iter().find(|record| record.key == info.key)?;
        Quantity::parse(&record.value).ok().map(|quantity| quantity.value)
    };
    let values: Vec<f64> = dataset.upstream.iter().filter_map(|upstream| of(&upstream.outcome)).collect();
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if high - low > SAME_CONSTANT * high.abs() {
        return Err(MechanismError::ConstantsDiffer { key: info.key, low, high });
    }
    Ok(values.first().copied())
}
