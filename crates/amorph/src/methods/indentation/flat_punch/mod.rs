//! `indentation.flat_punch`: mean pressure, residual depth and stiffness below a flat punch.

pub mod algorithm;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{DRIFT_RATE, FILM_THICKNESS, HARDNESS, PUNCH_RADIUS};
use super::{Curve, IndentationError};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::student_t_quantile;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use crate::theory::elasticity_and_yield::punch_pressure;
use algorithm::{Press, press};

/// Pressing a flat punch into a film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
pub struct FlatPunch {}

/// What [`FlatPunch`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    curves: Vec<Curve>,
    lost: Vec<(String, String)>,
    radius: Quantity,
    drift_rate: f64,
    film_thickness: Option<f64>,
    hardness: Option<f64>,
}

impl Method for FlatPunch {
    const INFO: MethodInfo = MethodInfo {
        id: "indentation.flat_punch",
        family: "indentation",
        version: 1,
        title: "Flat punch",
        summary: "Mean pressure, residual depth and reduced modulus of a film below a flat punch.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::Item,
        after: &[],
        constants: &[PUNCH_RADIUS.key, DRIFT_RATE.key, FILM_THICKNESS.key, HARDNESS.key],
        outputs: &[
            output("mean_pressure", "p_m", "Pa", "largest load over the area of the punch"),
            output("residual_depth", "h_r", "m", "depth that is left when the load is off"),
            output("contact_stiffness", "S", "N/m", "slope at the start of the unloading"),
            output("reduced_modulus", "E*", "Pa", "S/(2a)"),
        ],
        covers: &["L16-32"],
        references: &["Lu et al. (2016)", "I. N. Sneddon, Int. J. Eng. Sci. 3, 47 (1965)"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let [radius] =
            dataset.constants.required(Self::INFO.id, [(&PUNCH_RADIUS, dataset.constants.positive(&PUNCH_RADIUS)?)])?;
        let (curves, lost): (Vec<_>, Vec<_>) = Curve::all(dataset)?.into_iter().partition(Result::is_ok);
        let curves: Vec<Curve> = curves.into_iter().flatten().collect();
        let lost: Vec<(String, String)> = lost.into_iter().filter_map(Result::err).collect();
        if curves.is_empty() {
            let first = lost.first().map_or_else(|| "there are none".to_owned(), |(name, why)| format!("{name}: {why}"));
            return Err(IndentationError::NoUsableTest { total: lost.len(), first }.into());
        }
        let value =
            |info| -> Result<Option<f64>, MethodError> { Ok(dataset.constants.positive(info)?.map(|quantity| quantity.value)) };
        Ok(Input {
            curves,
            lost,
            radius,
            drift_rate: dataset.constants.checked(&DRIFT_RATE, |_| true, "must be finite")?.map_or(0.0, |drift| drift.value),
            film_thickness: value(&FILM_THICKNESS)?,
            hardness: value(&HARDNESS)?,
        })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let pressed: Vec<Press> = input.curves.iter().map(|curve| press(curve, input.drift_rate)).collect();
        let mut outcome = Outcome {
            tables: vec![table(input, &pressed)?],
            figures: vec![figure(input)],
            notes: notes(input, &pressed)?,
            ..Outcome::default()
        };
        if let [only] = &pressed[..] {
            outcome.estimates = estimates(input, only)?;
        }
        Ok(outcome)
    }
}

fn pressure(input: &Input, load: f64) -> Result<f64, IndentationError> {
    punch_pressure(load, input.radius.value)
        .map_err(|error| IndentationError::NotFitted { what: "the mean pressure", reason: error.to_string() })
}

fn estimates(input: &Input, press: &Press) -> Result<Vec<Estimate>, IndentationError> {
    let value = pressure(input, press.peak_load)?;
    let relative = input.radius.relative_error();
    let why = "the largest load itself; the error of the radius is systematic";
    let mut mean = Estimate::without_interval("mean_pressure", "p_m", value, "Pa", why);
    mean.systematic_error = relative.map(|share| 2.0 * share * value);
    let mut estimates = vec![mean];
    if let Some(depth) = press.residual_depth {
        let why = "one reading at the end of the unloading";
        estimates.push(Estimate::without_interval("residual_depth", "h_r", depth, "m", why));
    }
    if let Some((stiffness, error, dof)) = press.stiffness {
        let t = student_t_quantile(0.975, dof).unwrap_or(f64::NAN);
        let of = |key: &str, symbol: &str, unit: &str, scale: f64| {
            let interval = (scale * (stiffness - t * error), scale * (stiffness + t * error));
            Estimate::with_interval(key, symbol, scale * stiffness, unit, interval, Basis::Likelihood).std_error(scale * error)
        };
        estimates.push(of("contact_stiffness", "S", "N/m", 1.0));
        let mut reduced = of("reduced_modulus", "E*", "Pa", 0.5 / input.radius.value);
        reduced.systematic_error = relative.map(|share| share * reduced.value);
        estimates.push(reduced);
    }
    Ok(estimates)
}

fn table(input: &Input, pressed: &[Press]) -> Result<Table, IndentationError> {
    let column = |of: &dyn Fn(&Press) -> f64| pressed.iter().map(of).collect::<Vec<f64>>();
    let mut pressures = Vec::new();
    for press in pressed {
        pressures.push(pressure(input, press.peak_load)?);
    }
    let stiffness = |press: &Press| press.stiffness.map_or(f64::NAN, |(stiffness, _, _)| stiffness);
    Ok(Table::new("tests", "Tests")
        .with_text("name", input.curves.iter().map(|curve| curve.name.clone()).collect())
        .with_numbers("peak_load", "N", column(&|press| press.peak_load))
        .with_numbers("mean_pressure", "Pa", pressures)
        .with_numbers("largest_depth", "m", column(&|press| press.largest_depth))
        .with_numbers("residual_depth", "m", column(&|press| press.residual_depth.unwrap_or(f64::NAN)))
        .with_numbers("contact_stiffness", "N/m", column(&stiffness))
        .with_numbers("reduced_modulus", "Pa", column(&|press| stiffness(press) * 0.5 / input.radius.value)))
}

fn notes(input: &Input, pressed: &[Press]) -> Result<Vec<Note>, IndentationError> {
    let mut notes: Vec<Note> =
        input.lost.iter().map(|(name, why)| Note::warning("test_lost", format!("{name}: {why}"))).collect();
    for (curve, press) in input.curves.iter().zip(pressed) {
        let mean = pressure(input, press.peak_load)?;
        if let Some(hardness) = input.hardness {
            let text = |what: &str| {
                format!(
                    "{}: mean pressure {:.2} GPa at a hardness of {:.2} GPa: {what}",
                    curve.name,
                    mean / 1e9,
                    hardness / 1e9
                )
            };
            if mean < hardness / 3.0 {
                notes.push(Note::warning("below_yield", text("below a third of it the film stays elastic")));
            } else if mean > 1.2 * hardness {
                notes.push(Note::warning(
                    "above_hardness",
                    text("no glass bears that; the contact is larger than the punch, or radius or load are wrong"),
                ));
            }
        }
        if input.film_thickness.is_some_and(|thickness| press.largest_depth > 0.3 * thickness) {
            let text = format!("{}: depth above 0.3 of the film thickness: the substrate bears the load", curve.name);
            notes.push(Note::warning("deep_in_film", text));
        }
    }
    if input.hardness.is_none() {
        notes.push(Note::info("no_hardness", "state hardness to judge whether the pressure is plausible"));
    }
    if pressed.iter().any(|press| press.stiffness.is_none()) {
        notes.push(Note::info("no_unloading", "a test without unloading has no stiffness and no residual depth"));
    }
    Ok(notes)
}

fn figure(input: &Input) -> Figure {
    let mut panel = Panel::new("", Axis::linear("depth", Unit::of("nm")), Axis::linear("load", Unit::of("mN")));
    for (number, curve) in input.curves.iter().take(8).enumerate() {
        let step = curve.load.len().div_ceil(400).max(1);
        let thin = |values: &[f64]| values.iter().step_by(step).copied().collect::<Vec<f64>>();
        panel = panel.with(Mark::line(&curve.name, Role::Series(number as u16), thin(&curve.depth), thin(&curve.load)));
    }
    Figure {
        key: "punch_curve".to_owned(),
        title: "Load over depth below the punch".to_owned(),
        caption: "An elastic film below a parallel flat punch loads along a straight line; a curved foot shows tilt."
            .to_owned(),
        panels: vec![panel],
    }
}
