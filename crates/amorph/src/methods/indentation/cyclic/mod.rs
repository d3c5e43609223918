//! `indentation.cyclic`: energy lost per cycle, the loss peak over frequency, and the activation energy behind it.

pub mod algorithm;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{ATTEMPT_FREQUENCY, ENERGY_CONVENTION, TEMPERATURE};
use super::{Curve, IndentationError};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::{Cycle, cycles, frequency};

/// Loops of cyclic indentation: one test per frequency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Cyclic {
    /// A barrier known at another frequency, for the conversion between frequencies; needs `known_frequency` too.
    pub known_energy: Option<Quantity>,
    /// The frequency at which that barrier holds.
    pub known_frequency: Option<Quantity>,
    /// The frequency to which it is converted.
    pub new_frequency: Option<Quantity>,
}

/// How a frequency becomes the time of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Convention {
    Peak,
    Paper,
}

/// Cycles at one frequency.
#[derive(Debug, Clone)]
struct Series {
    name: String,
    frequency: f64,
    cycles: Vec<Cycle>,
    /// Load and depth of the middle cycle.
    drawn: (Vec<f64>, Vec<f64>),
}

/// What [`Cyclic`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    series: Vec<Series>,
    lost: Vec<String>,
    temperature: Option<f64>,
    attempt_frequency: Option<f64>,
    convention: Option<Convention>,
    /// Known barrier (J) with its frequency, and the new frequency (Hz).
    conversion: Option<(f64, f64, f64)>,
}

/// Fewest cycles, without the first.
const FEWEST: usize = 3;

impl Method for Cyclic {
    const INFO: MethodInfo = MethodInfo {
        id: "indentation.cyclic",
        family: "indentation",
        version: 1,
        title: "Cyclic indentation",
        summary: "Energy lost per cycle, loss tangent over frequency with its relaxation time, and the activation energy.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::Item,
        after: &[],
        constants: &[TEMPERATURE.key, ATTEMPT_FREQUENCY.key, ENERGY_CONVENTION.key],
        outputs: &[
            output("loss_tangent", "tan δ", "", "loss tangent, where there is one frequency"),
            output("energy_per_cycle", "ΔW", "J", "energy lost per cycle, where there is one frequency"),
            output("relaxation_time", "τ", "s", "of the loss peak"),
            output("peak_height", "tan δ", "", "height of the loss peak"),
            output("activation_energy", "ΔG", "J", "kT ln(2 ω τ) of the loss peak"),
            output("activation_energy_by_definition", "ΔG", "J", "kT ln(2 ω/f) of the test frequency: no measurement"),
            output("converted_energy", "ΔG", "J", "a known barrier at another frequency"),
        ],
        covers: &["L16-28", "L16-29", "L16-30"],
        references: &["Lu et al. (2016)", "Y. Yang, J. F. Zeng, J. C. Ye, J. Lu, Appl. Phys. Lett. 97, 261905 (2010)"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let curves = Curve::all(dataset)?;
        let total = curves.len();
        let (mut series, mut lost) = (Vec::new(), Vec::new());
        for curve in curves {
            let name = |curve: &Curve| curve.name.clone();
            match curve {
                Ok(curve) => match Series::of(&curve) {
                    Some(found) => series.push(found),
                    None => lost.push(format!("{}: fewer than {} whole cycles after the first", name(&curve), FEWEST)),
                },
                Err((name, why)) => lost.push(format!("{name}: {why}")),
            }
        }
        if series.is_empty() {
            let first = lost.into_iter().next().unwrap_or_else(|| "there are none".to_owned());
            return Err(IndentationError::NoUsableTest { total, first }.into());
        }
        series.sort_by(|a, b| a.frequency.total_cmp(&b.frequency));
        let value =
            |info| -> Result<Option<f64>, MethodError> { Ok(dataset.constants.positive(info)?.map(|quantity| quantity.value)) };
        let convention = dataset.constants.choice(&ENERGY_CONVENTION)?;
        Ok(Input {
            series,
            lost,
            temperature: value(&TEMPERATURE)?,
            attempt_frequency: value(&ATTEMPT_FREQUENCY)?,
            convention: convention.map(|word| if word == "paper" { Convention::Paper } else { Convention::Peak }),
            conversion: self.conversion()?,
        })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(input)
    }
}

impl Cyclic {
    fn conversion(&self) -> Result<Option<(f64, f64, f64)>, MethodError> {
        let all = [&self.known_energy, &self.known_frequency, &self.new_frequency];
        match all {
            [Some(energy), Some(known), Some(new)] => {
                energy.unit.require(&Unit::of("J"))?;
                known.unit.require(&Unit::of("Hz"))?;
                new.unit.require(&Unit::of("Hz"))?;
                Ok(Some((energy.value, known.value, new.value)))
            }
            [None, None, None] => Ok(None),
            _ => {
                let message = "known_energy, known_frequency and new_frequency belong together".to_owned();
                Err(MethodError::Parameters { method: Self::INFO.id, message })
            }
        }
    }
}

impl Series {
    fn of(curve: &Curve) -> Option<Self> {
        let found = frequency(&curve.time, &curve.load)?;
        let cycles = cycles(&curve.time, &curve.load, &curve.depth, found);
        if cycles.len() < FEWEST {
            return None;
        }
        let per_cycle = (curve.time.len() as f64 / ((curve.time[curve.time.len() - 1] - curve.time[0]) * found)) as usize;
        let from = curve.time.len() / 2;
        let to = (from + per_cycle + 1).min(curve.time.len());
        let drawn = (curve.load[from..to].to_vec(), curve.depth[from..to].to_vec());
        Some(Self { name: curve.name.clone(), frequency: found, cycles, drawn })
    }
}
