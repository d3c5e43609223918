//! `indentation.transition_energy`: the energy behind the transition between localised and homogeneous flow.

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::IndentationError;
use super::constants::SHEAR_MODULUS;
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::fit::{LinearFit, LinearLeastSquares, straight_line};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::student_t_quantile;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use crate::theory::constants::BOLTZMANN;
use crate::theory::elasticity_and_yield::{csm_barrier, johnson_samwer_barrier};

/// Activation energy from the strain rates and temperatures at which the mode of deformation changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TransitionEnergy {
    /// Column of temperatures.
    pub temperature: String,
    /// Column of strain rates.
    pub rate: String,
    /// Column of standard errors of the strain rates; all logarithms count alike where it is absent.
    pub rate_error: String,
    /// Volume of a zone, for its barrier; needs the constant shear_modulus too.
    pub zone_volume: Option<Quantity>,
    /// Shear strain γc at which a zone yields.
    pub critical_strain: f64,
    /// Correction ζ for the confinement by the matrix.
    pub zeta: f64,
}

impl Default for TransitionEnergy {
    fn default() -> Self {
        Self {
            temperature: "temperature".to_owned(),
            rate: "rate".to_owned(),
            rate_error: "rate_std".to_owned(),
            zone_volume: None,
            critical_strain: 0.027,
            zeta: 3.0,
        }
    }
}

/// What [`TransitionEnergy`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    temperature: Vec<f64>,
    rate: Vec<f64>,
    /// Standard errors of ln rate, where the table has them.
    error: Option<Vec<f64>>,
    shear_modulus: Option<f64>,
}

/// Fewest transitions: two for the line and one for its error.
const FEWEST: usize = 3;

impl Method for TransitionEnergy {
    const INFO: MethodInfo = MethodInfo {
        id: "indentation.transition_energy",
        family: "indentation",
        version: 1,
        title: "Energy of the transition of flow",
        summary: "Activation energy of the transition between localised and homogeneous flow from pairs of temperature and strain rate.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::Item,
        after: &[],
        constants: &[SHEAR_MODULUS.key],
        outputs: &[
            output("transition_energy", "E_s", "J", "slope of ln rate over -1/kT"),
            output("zone_barrier", "W_0", "J", "barrier of a zone, prefactor 8/π²"),
            output("zone_barrier_johnson_samwer", "W_0", "J", "barrier of a zone, prefactor 4R = 1"),
            output("transition_over_barrier", "E_s/W_0", "", "with the prefactor 8/π²"),
            output("transition_over_barrier_johnson_samwer", "E_s/W_0", "", "with the prefactor 4R = 1"),
            output("volume_of_energy", "Ω", "m^3", "zone whose barrier E_s would be, prefactor 8/π²"),
            output("volume_of_energy_johnson_samwer", "Ω", "m^3", "the same with the prefactor 4R = 1"),
            output("n_transitions", "n", "", "pairs of temperature and rate"),
        ],
        covers: &["Q19-2.2.3-g", "Q19-2.2.3-h"],
        references: &[
            "Qiao et al. (2019), review, section 2.2.3",
            "W. L. Johnson, K. Samwer, Phys. Rev. Lett. 95, 195501 (2005)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        if !(self.critical_strain > 0.0 && self.zeta > 0.0) {
            let message = format!("critical_strain = {} and zeta = {} must lie above 0", self.critical_strain, self.zeta);
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        if let Some(volume) = &self.zone_volume {
            volume.unit.require(&Unit::of("m^3"))?;
        }
        let table = dataset.table()?;
        let (all_t, all_r) = (table.numbers_in(&self.temperature, "K")?, table.numbers_in(&self.rate, "1/s")?);
        let has_errors = table.has(&self.rate_error);
        let all_e = if has_errors { Some(table.numbers_in(&self.rate_error, "1/s")?) } else { None };
        let usable = |row: &usize| {
            let error = all_e.as_ref().is_none_or(|errors| errors[*row] > 0.0);
            all_t[*row] > 0.0 && all_t[*row].is_finite() && all_r[*row] > 0.0 && all_r[*row].is_finite() && error
        };
        let rows: Vec<usize> = (0..all_t.len()).filter(usable).collect();
        if rows.len() < FEWEST {
            let what = "transitions with temperature and rate above zero".to_owned();
            return Err(IndentationError::TooFewPoints { what, found: rows.len(), needed: FEWEST }.into());
        }
        let temperature: Vec<f64> = rows.iter().map(|row| all_t[*row]).collect();
        let (lo, hi) = temperature.iter().fold((f64::INFINITY, 0.0), |a: (f64, f64), t| (a.0.min(*t), a.1.max(*t)));
        if hi < lo * (1.0 + 1e-6) {
            let rule = "is the only temperature: one temperature says nothing about a barrier";
            return Err(IndentationError::Impossible { what: "temperature", value: lo, rule }.into());
        }
        Ok(Input {
            temperature,
            rate: rows.iter().map(|row| all_r[*row]).collect(),
            error: all_e.map(|errors| rows.iter().map(|row| errors[*row] / all_r[*row]).collect()),
            shear_modulus: dataset.constants.positive(&SHEAR_MODULUS)?.map(|quantity| quantity.value),
        })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let (x, y) = (inverse_thermal(&input.temperature), input.rate.iter().map(|rate| rate.ln()).collect::<Vec<f64>>());
        let weights = input.error.as_ref().map(|errors| errors.iter().map(|error| error.powi(-2)).collect());
        // In units of the mean, so that both columns of the design are alike in size.
        let unit = x.iter().sum::<f64>() / x.len() as f64;
        let scaled: Vec<f64> = x.iter().map(|x| x / unit).collect();
        let failed = |reason: String| IndentationError::NotFitted { what: "ln rate over 1/kT", reason };
        let problem = LinearLeastSquares { weights, ..LinearLeastSquares::default() };
        let fit = straight_line(&scaled, &y, &problem).map_err(|error| failed(error.to_string()))?;
        let (energy, error) = (-fit.coefficients[1] / unit, fit.std_errors[1] / unit);
        let t = student_t_quantile(0.975, fit.dof as f64).map_err(|error| failed(error.to_string()))?;
        let interval = (energy - t * error, energy + t * error);
        let n = x.len() as f64;
        let basis = Basis::Replicate;
        let mut estimates = vec![
            Estimate::with_interval("transition_energy", "E_s", energy, "J", interval, basis).std_error(error).n(n),
            Estimate::without_interval("n_transitions", "n", n, "", "counted, without error"),
        ];
        let mut notes = Vec::new();
        if interval.0 <= 0.0 {
            let text = "the interval of the energy holds zero: these rates and temperatures show no barrier";
            notes.push(Note::warning("no_barrier", text));
        } else {
            self.zones(input, energy, error, interval, &mut estimates, &mut notes)?;
        }
        Ok(Outcome {
            estimates,
            tables: vec![table(input, &fit, &scaled)],
            figures: vec![figure(input, &fit, unit)],
            notes,
            ..Outcome::default()
        })
    }
}

impl TransitionEnergy {
    /// Barrier of the stated zone and zone of the found energy, with both prefactors in use.
    fn zones(
        &self,
        input: &Input,
        energy: f64,
        error: f64,
        interval: (f64, f64),
        estimates: &mut Vec<Estimate>,
        notes: &mut Vec<Note>,
    ) -> Result<(), MethodError> {
        let Some(modulus) = input.shear_modulus else {
            notes.push(Note::info("no_modulus", "state shear_modulus, and zone_volume, to compare with the barrier of a zone"));
            return Ok(());
        };
        let failed = |error: crate::theory::TheoryError| IndentationError::NotFitted {
            what: "the barrier of a zone",
            reason: error.to_string(),
        };
        let per_volume = [
            csm_barrier(modulus, self.critical_strain, self.zeta, 1e-27).map_err(failed)? / 1e-27,
            johnson_samwer_barrier(modulus, self.critical_strain, self.zeta, 1e-27, 0.25, 0.0).map_err(failed)? / 1e-27,
        ];
        for (suffix, per_volume) in ["", "_johnson_samwer"].into_iter().zip(per_volume) {
            let scaled = |key: &str, symbol: &str, unit: &str, factor: f64| {
                let interval = (factor * interval.0, factor * interval.1);
                Estimate::with_interval(&format!("{key}{suffix}"), symbol, factor * energy, unit, interval, Basis::Replicate)
                    .std_error(factor * error)
                    .flag("model_dependent")
            };
            estimates.push(scaled("volume_of_energy", "Ω", "m^3", 1.0 / per_volume));
            if let Some(volume) = &self.zone_volume {
                let barrier = per_volume * volume.value;
                let why = "from stated numbers; the errors of critical strain and ζ are not known";
                let key = format!("zone_barrier{suffix}");
                estimates.push(Estimate::without_interval(&key, "W_0", barrier, "J", why).flag("model_dependent"));
                estimates.push(scaled("transition_over_barrier", "E_s/W_0", "", 1.0 / barrier));
            }
        }
        Ok(())
    }
}

fn inverse_thermal(temperature: &[f64]) -> Vec<f64> {
    temperature.iter().map(|t| 1.0 / (BOLTZMANN * t)).collect()
}

fn table(input: &Input, fit: &LinearFit, x: &[f64]) -> Table {
    let fitted = x.iter().map(|x| (fit.coefficients[0] + fit.coefficients[1] * x).exp()).collect();
    Table::new("transitions", "Transitions and the fit")
        .with_numbers("temperature", "K", input.temperature.clone())
        .with_numbers("rate", "1/s", input.rate.clone())
        .with_numbers("fitted_rate", "1/s", fitted)
}

fn figure(input: &Input, fit: &LinearFit, unit: f64) -> Figure {
    let inverse = |t: f64| 1.0 / t;
    let (lo, hi) = input.temperature.iter().fold((f64::INFINITY, 0.0), |a: (f64, f64), t| (a.0.min(*t), a.1.max(*t)));
    let ends = [lo, hi];
    let line =
        ends.iter().map(|t| (fit.coefficients[0] + fit.coefficients[1] / (BOLTZMANN * t * unit)).exp()).collect::<Vec<f64>>();
    let panel = Panel::new("", Axis::linear("1/T", Unit::of("1/K")), Axis::log("strain rate", Unit::of("1/s")))
        .with(Mark::points(
            "transitions",
            Role::Data,
            input.temperature.iter().copied().map(inverse).collect(),
            input.rate.clone(),
        ))
        .with(Mark::line("one energy", Role::Model, ends.iter().copied().map(inverse).collect(), line));
    Figure {
        key: "transition".to_owned(),
        title: "Transition between localised and homogeneous flow".to_owned(),
        caption: "The slope is the energy over Boltzmann's constant; above the line flow is localised, below it homogeneous."
            .to_owned(),
        panels: vec![panel],
    }
}
