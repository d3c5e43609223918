//! `indentation.dynamic_stiffness`: moduli and hardness over depth from continuous stiffness or dynamic tests.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::IndentationError;
use super::constants::AREA;
use crate::core::ctx::Ctx;
use crate::core::data::{Test, TraceQuantity};
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use crate::methods::indentation::oliver_pharr::algorithm::area;

/// Reduced moduli and hardness from the stiffness of an oscillation and the area of the contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DynamicStiffness {
    /// Smallest contact depth of the means; half of the largest where it is not stated.
    pub from_depth: Option<Quantity>,
    /// Largest contact depth of the means; the largest there is where it is not stated.
    pub to_depth: Option<Quantity>,
    /// Geometry factor of the contact depth: 0.75 paraboloid and Berkovich, 0.72 cone, 1 flat punch.
    pub epsilon: f64,
    /// Correction of the stiffness for tips that are no bodies of revolution: 1, or 1.034 for Berkovich.
    pub beta: f64,
}

impl Default for DynamicStiffness {
    fn default() -> Self {
        Self { from_depth: None, to_depth: None, epsilon: 0.75, beta: 1.0 }
    }
}

/// Samples of one test; NaN where there is no value.
#[derive(Debug, Clone)]
struct Samples {
    name: String,
    contact_depth: Vec<f64>,
    storage: Vec<f64>,
    loss: Vec<f64>,
    tangent: Vec<f64>,
    hardness: Vec<f64>,
    /// Largest relative difference to the moduli in the file.
    difference: Option<f64>,
}

/// What [`DynamicStiffness`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    tests: Vec<Samples>,
    lost: Vec<String>,
}

impl Method for DynamicStiffness {
    const INFO: MethodInfo = MethodInfo {
        id: "indentation.dynamic_stiffness",
        family: "indentation",
        version: 1,
        title: "Dynamic and continuous stiffness",
        summary: "Reduced storage and loss modulus, loss tangent and hardness over depth from the stiffness of an oscillation.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::Item,
        after: &[],
        constants: &[
            AREA[0].key,
            AREA[1].key,
            AREA[2].key,
            AREA[3].key,
            AREA[4].key,
            AREA[5].key,
            AREA[6].key,
            AREA[7].key,
            AREA[8].key,
        ],
        outputs: &[
            output("reduced_storage_modulus", "E'_r", "Pa", "mean over the range of depths"),
            output("reduced_loss_modulus", "E''_r", "Pa", "mean over the range of depths"),
            output("loss_tangent", "tan δ", "", "mean over the range of depths"),
            output("hardness", "H", "Pa", "mean over the range of depths"),
            output("n_tests", "n", "", "tests with a stiffness"),
        ],
        covers: &[],
        references: &["W. C. Oliver, G. M. Pharr, J. Mater. Res. 7, 1564 (1992)", "Qiao et al. (2019), review, section 5.3"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let wrong = |message: String| Err(MethodError::Parameters { method: Self::INFO.id, message });
        if !(0.5..=1.0).contains(&self.epsilon) || !(0.9..=1.2).contains(&self.beta) {
            return wrong(format!(
                "epsilon = {} must lie within 0.5 and 1, beta = {} within 0.9 and 1.2",
                self.epsilon, self.beta
            ));
        }
        for depth in [&self.from_depth, &self.to_depth].into_iter().flatten() {
            depth.unit.require(&Unit::of("m"))?;
        }
        if let (Some(from), Some(to)) = (&self.from_depth, &self.to_depth)
            && from.value >= to.value
        {
            return wrong(format!("from_depth = {from} must be smaller than to_depth = {to}"));
        }
        let mut coefficients = Vec::new();
        for info in &AREA {
            coefficients
                .push(dataset.constants.checked(info, |_| true, "must be finite")?.map_or(0.0, |quantity| quantity.value));
        }
        let (mut tests, mut lost) = (Vec::new(), Vec::new());
        for test in dataset.record()?.tests.iter().filter(|test| !test.ignored_by_instrument) {
            match self.samples(test, &coefficients) {
                Ok(samples) => tests.push(samples),
                Err(why) => lost.push(format!("{}: {why}", test.name)),
            }
        }
        if tests.is_empty() {
            let first = lost.first().cloned().unwrap_or_else(|| "there are none".to_owned());
            return Err(IndentationError::NoUsableTest { total: lost.len(), first }.into());
        }
        Ok(Input { tests, lost })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}

impl DynamicStiffness {
    fn samples(&self, test: &Test, coefficients: &[f64]) -> Result<Samples, String> {
        let recording = test.measurement().map_err(|error| error.to_string())?;
        let values = |quantity| recording.values(quantity).map_err(|error| error.to_string());
        let optional = |quantity| recording.values(quantity).ok();
        let stiffness = values(TraceQuantity::ContactStiffness)?;
        let n = stiffness.len();
        let load = optional(TraceQuantity::Load);
        let (depth, areas) = match (optional(TraceQuantity::ContactArea), optional(TraceQuantity::ContactDepth)) {
            // The area of the file rests on the calibration of the instrument.
            (Some(areas), Some(depth)) => (depth.to_vec(), areas.to_vec()),
            _ => {
                if coefficients.iter().all(|c| *c == 0.0) {
                    return Err(IndentationError::NoAreaFunction.to_string());
                }
                let (load, depth) = (values(TraceQuantity::Load)?, values(TraceQuantity::Depth)?);
                let of = |row: usize| depth[row] - self.epsilon * load[row] / stiffness[row];
                let contact: Vec<f64> = (0..n).map(of).collect();
                let areas = contact.iter().map(|depth| if *depth > 0.0 { area(coefficients, *depth) } else { f64::NAN });
                let areas = areas.collect();
                (contact, areas)
            }
        };
        // Before contact, and where nothing was computed, there is no modulus.
        let known = |row: usize| stiffness[row] > 0.0 && areas[row] > 0.0 && depth[row] > 0.0;
        let over =
            |of: &dyn Fn(usize) -> f64| (0..n).map(|row| if known(row) { of(row) } else { f64::NAN }).collect::<Vec<f64>>();
        let storage = over(&|row| algorithm::reduced_modulus(stiffness[row], areas[row], self.beta));
        let out_of_phase = optional(TraceQuantity::LossStiffness);
        let loss =
            over(&|row| out_of_phase.map_or(f64::NAN, |loss| algorithm::reduced_modulus(loss[row], areas[row], self.beta)));
        let stated = optional(TraceQuantity::TanDelta);
        let tangent = over(&|row| match (out_of_phase, stated) {
            (Some(loss), _) => loss[row] / stiffness[row],
            (None, Some(tangent)) => tangent[row],
            (None, None) => f64::NAN,
        });
        let hardness = over(&|row| load.map_or(f64::NAN, |load| load[row] / areas[row]));
        if storage.iter().filter(|value| value.is_finite()).count() < algorithm::FEWEST {
            return Err(format!("fewer than {} samples have a stiffness and an area", algorithm::FEWEST));
        }
        let difference = optional(TraceQuantity::ReducedStorageModulus).map(|stated| {
            let relative = |(own, stated): (&f64, &f64)| (own / stated - 1.0).abs();
            storage.iter().zip(stated).map(relative).filter(|d| d.is_finite()).fold(0.0, f64::max)
        });
        Ok(Samples { name: test.name.clone(), contact_depth: depth, storage, loss, tangent, hardness, difference })
    }
}
