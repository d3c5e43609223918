//! `calorimetry.recovery_enthalpy`: the enthalpy that annealing took out of a glass, from a scan of it and one of the reference state.

pub mod algorithm;
mod figures;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CalorimetryError;
use super::constants::{HEAT_FLOW_SIGN, HEATING_RATE, REFERENCE_MASS, SAMPLE_MASS, SENSOR_LAG};
use super::lines::place;
use super::scans::{Masses, Scan, Scans, check_rate, doubt};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::{Recovered, difference, recovered};

/// Enthalpy between an annealed glass and its reference state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RecoveryEnthalpy {
    /// Lower limit of the integral, K; absent: `window` above the lowest temperature of both scans.
    pub integral_from: Option<f64>,
    /// Upper limit, K; absent: `window` below the highest temperature, or below crystallisation.
    pub integral_to: Option<f64>,
    /// Stretch outside of each limit that shows the baseline, K.
    pub window: f64,
    /// Relative error of the mass, and of the heat calibration.
    pub calibration_error: f64,
}

impl Default for RecoveryEnthalpy {
    fn default() -> Self {
        Self { integral_from: None, integral_to: None, window: 25.0, calibration_error: 0.02 }
    }
}

/// What [`RecoveryEnthalpy`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    aged: Scan,
    reference: Scan,
    limits: (f64, f64),
    notes: Vec<Note>,
}

/// Rates of both scans may differ by this share.
const RATE_SHARE: f64 = 0.02;
/// Smoothing for the search of crystallisation, K.
const SMOOTHING: f64 = 3.0;
/// Share of the window by which the limits are moved.
const MOVED: f64 = 0.25;

impl Method for RecoveryEnthalpy {
    const INFO: MethodInfo = MethodInfo {
        id: "calorimetry.recovery_enthalpy",
        family: "calorimetry",
        version: 1,
        title: "Recovery enthalpy",
        summary: "Enthalpy that annealing took out of a glass, from its scan less that of the reference state, with drift and 1/f noise in its interval.",
        doc: include_str!("doc.md"),
        technique: "dsc",
        scope: Scope::Item,
        after: &[],
        constants: &[HEAT_FLOW_SIGN.key, SAMPLE_MASS.key, REFERENCE_MASS.key, HEATING_RATE.key, SENSOR_LAG.key],
        outputs: &[
            output(
                "recovery_enthalpy",
                "ΔH",
                "J/kg",
                "integral of the difference; above zero where annealing took enthalpy out",
            ),
            output("limits_effect", "", "J/kg", "spread of the enthalpy over limits moved by a quarter of the window"),
            output("baseline_integral", "", "J/kg", "what the baseline took out of the integral"),
        ],
        covers: &["Q19-2.2.1-a"],
        references: &[
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
            "C. T. Moynihan et al., J. Am. Ceram. Soc. 59, 12 (1976), doi:10.1111/j.1151-2916.1976.tb09376.x",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        if !(self.window > 0.0 && self.window.is_finite() && (0.0..1.0).contains(&self.calibration_error)) {
            let message = "window must be above 0, calibration_error within 0 and 1".to_owned();
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let scans = Scans::read(dataset, Self::INFO.id, Masses::ReferenceAfter)?;
        let heatings = scans.heatings();
        let [first, .., last] = heatings.as_slice() else {
            let what = "heating scans: an enthalpy of annealing needs a reference scan";
            return Err(CalorimetryError::TooFew { what, found: heatings.len(), needed: 2 }.into());
        };
        let (aged, reference) = ((*first).clone(), (*last).clone());
        check_rate(dataset, &aged)?;
        if (aged.rate / reference.rate - 1.0).abs() > RATE_SHARE {
            return Err(CalorimetryError::DifferentRates { first: aged.rate, second: reference.rate }.into());
        }
        let mut notes = scans.notes.clone();
        let text = format!("{} less {}", aged.name, reference.name);
        notes.push(Note::info("scans", text));
        notes.extend(doubt(&aged.heat_capacity));
        let limits = self.limits(&aged, &reference, &mut notes)?;
        for scan in [&aged, &reference] {
            scan.whole_within(limits)?;
        }
        Ok(Input { aged, reference, limits, notes })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let curve = |scan: &Scan| (scan.temperature.clone(), scan.heat_capacity.clone());
        let ((ax, ay), (rx, ry)) = (curve(&input.aged), curve(&input.reference));
        let (x, d) = difference((&ax, &ay), (&rx, &ry));
        let found = recovered(&x, &d, input.limits, self.window)?;
        let effect = self.limits_effect(&x, &d, input.limits);
        let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
        self.estimates(&found, effect, &mut outcome);
        if found.interval.1 < 0.0 {
            let text = "the enthalpy is below zero: the annealed sample comes first, the reference last; or the reference was the older one";
            outcome.notes.push(Note::warning("negative_enthalpy", text));
        }
        let text = format!(
            "integral from {:.1} to {:.1} K; noise of the difference {:.2} J/(kg K) white and {:.2} J/(kg K) of 1/f",
            input.limits.0, input.limits.1, found.white, found.flicker
        );
        outcome.notes.push(Note::info("limits", text));
        outcome.tables.push(
            Table::new("difference", "Heat capacity of the annealed sample less that of the reference")
                .with_numbers("temperature", "K", x.clone())
                .with_numbers("specific_heat_difference", "J/(kg K)", d.clone()),
        );
        outcome.figures = vec![figures::difference(&input.aged, &input.reference, (&x, &d), input.limits, self.window)];
        Ok(outcome)
    }
}

impl RecoveryEnthalpy {
    /// Limits that leave a window on both sides within both scans.
    fn limits(&self, aged: &Scan, reference: &Scan, notes: &mut Vec<Note>) -> Result<(f64, f64), MethodError> {
        let (a, r) = (aged.range(), reference.range());
        let lo = a.0.max(r.0);
        let mut hi = a.1.min(r.1);
        let ends = [aged, reference].map(|scan| place(&scan.temperature, &scan.heat_capacity, SMOOTHING));
        let crystallised = ends.into_iter().flatten().filter(|place| place.crystallises).map(|place| place.end);
        let end = crystallised.fold(f64::INFINITY, f64::min);
        if end < hi {
            hi = end;
            notes.push(Note::info("crystallisation", format!("both scans are used up to {hi:.1} K, before an exotherm")));
        }
        let limits = (self.integral_from.unwrap_or(lo + self.window), self.integral_to.unwrap_or(hi - self.window));
        if limits.1 < limits.0 + self.window {
            let message = format!("from {:.1} to {:.1} K is no range to integrate over", limits.0, limits.1);
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        // The windows must be there for the most part.
        let needed = 0.6 * self.window;
        for (what, range) in [("the annealed scan", a), ("the reference scan", r)] {
            let missing = if range.0 > limits.0 - needed {
                Some((limits.0 - self.window, range.0))
            } else if range.1 < limits.1 + needed {
                Some((range.1, limits.1 + self.window))
            } else {
                None
            };
            if let Some((missing_lo, missing_hi)) = missing {
                let what = what.to_owned();
                return Err(CalorimetryError::NotCovered { what, lo: range.0, hi: range.1, missing_lo, missing_hi }.into());
            }
        }
        Ok(limits)
    }

    /// Standard deviation over limits moved inwards.
    fn limits_effect(&self, x: &[f64], d: &[f64], limits: (f64, f64)) -> f64 {
        let step = MOVED * self.window;
        let moved = (0..9).filter_map(|k| {
            let shift = |k: i32| step * f64::from(k - 1);
            recovered(x, d, (limits.0 + shift(k % 3), limits.1 + shift(k / 3)), 0.75 * self.window).ok()
        });
        let values: Vec<f64> = moved.map(|found| found.enthalpy).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt()
    }

    fn estimates(&self, found: &Recovered, effect: f64, outcome: &mut Outcome) {
        let systematic = (self.calibration_error * found.enthalpy).hypot(effect);
        let enthalpy =
            Estimate::with_interval("recovery_enthalpy", "ΔH", found.enthalpy, "J/kg", found.interval, Basis::Likelihood);
        outcome.estimates.push(enthalpy.std_error(found.std).systematic_error(systematic));
        let why = "part of the systematic error of the enthalpy";
        outcome.estimates.push(Estimate::without_interval("limits_effect", "", effect, "J/kg", why));
        let why = "its error is that of the enthalpy";
        outcome.estimates.push(Estimate::without_interval("baseline_integral", "", found.baseline, "J/kg", why));
    }
}
