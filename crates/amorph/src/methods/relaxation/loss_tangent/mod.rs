//! `relaxation.loss_tangent`: the loss tangent over temperature with the error of every reading, for the comparison of states.

pub mod algorithm;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::{Curve, phase_error};
use super::RelaxationError;
use super::spectra::Spectra;
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Loss tangents over temperature.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LossTangent {
    /// Standard error of the phase, rad; absent: from what readings are off their neighbours.
    pub phase_error: Option<f64>,
}

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    curves: Vec<Curve>,
    phase_error: f64,
    stated: bool,
    notes: Vec<Note>,
}

/// Frequencies that differ by less than this share are one curve, and fewest readings of one.
pub(super) const SAME: f64 = 0.02;
const FEWEST: usize = 10;
/// Name of the table that `relaxation.tangent_by_state` reads.
pub(super) const TABLE: &str = "loss_tangent";

const OUTPUTS: &[OutputInfo] = &[output("phase_error", "σ_δ", "", "standard error of a phase, rad")];

impl Method for LossTangent {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.loss_tangent",
        family: "relaxation",
        version: 1,
        title: "Loss tangent over temperature",
        summary: "The loss tangent at every frequency over temperature, with the error of every reading; what the comparison of states works on.",
        doc: include_str!("doc.md"),
        technique: "dma",
        scope: Scope::Item,
        after: &[],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Q19-2.1-m", "Q19-2.1-o"],
        references: &["J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        if self.phase_error.is_some_and(|error| error.is_nan() || error <= 0.0) {
            let message = "phase_error must be above 0 rad; leave it out to have it estimated".to_owned();
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let spectra = Spectra::read(dataset)?;
        let mut readings = spectra.readings;
        if readings.iter().any(|reading| reading.temperature.is_nan()) {
            return Err(RelaxationError::NoTemperature.into());
        }
        readings.sort_by(|a, b| a.omega.total_cmp(&b.omega));
        let mut bare: Vec<(f64, Vec<(f64, f64)>)> = Vec::new();
        for reading in readings {
            let row = (reading.temperature, reading.loss / reading.storage);
            match bare.last_mut() {
                Some((omega, rows)) if reading.omega <= *omega * (1.0 + SAME) => rows.push(row),
                _ => bare.push((reading.omega, vec![row])),
            }
        }
        bare.retain(|(_, rows)| rows.len() >= FEWEST);
        if bare.is_empty() {
            let what = "temperatures at one frequency".to_owned();
            return Err(RelaxationError::TooFew { what, found: 1, needed: FEWEST }.into());
        }
        let columns: Vec<(Vec<f64>, Vec<f64>)> = bare
            .iter_mut()
            .map(|(_, rows)| {
                rows.sort_by(|a, b| a.0.total_cmp(&b.0));
                rows.iter().copied().unzip()
            })
            .collect();
        let too_few = || RelaxationError::TooFew {
            what: "readings with two neighbours of other temperatures on either side (or state phase_error)".to_owned(),
            found: 0,
            needed: 10,
        };
        let error = self.phase_error.or_else(|| phase_error(&columns)).filter(|error| *error > 0.0).ok_or_else(too_few)?;
        let frequencies = bare.iter().map(|(omega, _)| omega / (2.0 * std::f64::consts::PI));
        let curve = |(frequency, (temperatures, values)): (f64, (Vec<f64>, Vec<f64>))| Curve {
            frequency,
            errors: values.iter().map(|value| error * (1.0 + value * value)).collect(),
            temperatures,
            values,
        };
        let curves = frequencies.zip(columns).map(curve).collect();
        Ok(Input { curves, phase_error: error, stated: self.phase_error.is_some(), notes: spectra.notes })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
        let why = if input.stated { "as stated" } else { "from the median departure of readings from their neighbours" };
        outcome.estimates.push(Estimate::without_interval("phase_error", "σ_δ", input.phase_error, "", why));
        let column = |of: fn(&Curve) -> &[f64]| input.curves.iter().flat_map(|curve| of(curve).iter().copied()).collect();
        let frequencies = input.curves.iter().flat_map(|curve| std::iter::repeat_n(curve.frequency, curve.values.len()));
        outcome.tables.push(
            Table::new(TABLE, "Loss tangents by frequency and temperature")
                .with_numbers("frequency", "Hz", frequencies.collect())
                .with_numbers("temperature", "K", column(|curve| &curve.temperatures))
                .with_numbers("loss_tangent", "", column(|curve| &curve.values))
                .with_numbers("std_error", "", column(|curve| &curve.errors)),
        );
        let mut panel = Panel::new("", Axis::linear("temperature", Unit::of("K")), Axis::linear("loss tangent", Unit::one()));
        for (k, curve) in input.curves.iter().enumerate() {
            let name = format!("{:.3} Hz", curve.frequency);
            let role = Role::Series(u16::try_from(k).unwrap_or(u16::MAX));
            panel.marks.push(Mark::points(&name, role, curve.temperatures.clone(), curve.values.clone()));
        }
        outcome.figures.push(Figure {
            key: "loss_tangent".to_owned(),
            title: "Loss tangent over temperature".to_owned(),
            caption: format!(
                "Loss tangent at every frequency; the standard error of a phase is {:.2e} rad.",
                input.phase_error
            ),
            panels: vec![panel],
        });
        Ok(outcome)
    }
}
