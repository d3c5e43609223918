//! `relaxation.prony`: a relaxation modulus over time as a sum of few exponentials with weights of zero or more.

pub mod algorithm;
mod figures;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RelaxationError;
use super::constants::{MODULUS_KIND, modulus_kind};
use super::log_spectrum::Response;
use super::numerics::runs_test;
use super::spectra::{Isotherm, chosen};
use super::time_curves;
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::unit::Probability;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::{Series, series};

/// A series of exponentials through a relaxation modulus over time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Prony {
    /// Isotherm to use, K; absent: the middle one.
    pub temperature: Option<f64>,
    /// Gap that parts two isotherms, K.
    pub temperature_tolerance: f64,
    /// Times per decade among which terms are found; absent: as many as the readings support.
    pub terms_per_decade: Option<f64>,
}

impl Default for Prony {
    fn default() -> Self {
        Self { temperature: None, temperature_tolerance: 1.0, terms_per_decade: None }
    }
}

/// What [`Prony`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    isotherm: Isotherm,
    kind: &'static str,
    notes: Vec<Note>,
}

/// Fewest readings of a series.
const FEWEST: usize = 12;
/// Below this probability the signs of the residuals are not random.
const NOT_RANDOM: f64 = 0.01;

impl Method for Prony {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.prony",
        family: "relaxation",
        version: 1,
        title: "Prony series",
        summary: "Relaxation modulus over time as a sum of exponentials with weights of zero or more, as many as the readings support, and the modulus at once.",
        doc: include_str!("doc.md"),
        technique: "dma",
        scope: Scope::Item,
        after: &[],
        constants: &[MODULUS_KIND.key],
        outputs: &[
            output("modulus_unrelaxed", "M_0", "Pa", "sum of the series at t = 0: what no time of the series has relaxed"),
            output("modulus_first", "M(t_1)", "Pa", "series at the time of the first reading"),
            output("modulus_relaxed", "M_r", "Pa", "modulus that never relaxes, as far as the readings tell"),
            output("n_terms", "n", "", "number of exponentials"),
            output("relative_residual", "rms", "", "root of the mean square of series over reading less 1"),
        ],
        covers: &["Q19-2.1.1-m"],
        references: &[
            "C. L. Lawson, R. J. Hanson, Solving Least Squares Problems, Prentice-Hall (1974)",
            "J. D. Ferry, Viscoelastic Properties of Polymers, 3rd ed., Wiley (1980)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let spacing = self.terms_per_decade.is_none_or(|terms| (0.2..=6.0).contains(&terms));
        if !(spacing && self.temperature_tolerance > 0.0) {
            let message = "temperature_tolerance must be above 0, terms_per_decade within 0.2 and 6".to_owned();
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let kind = modulus_kind(dataset, Self::INFO.id)?;
        let (response, spectra) = time_curves::read(dataset)?;
        if response != Response::Relaxation {
            return Err(RelaxationError::NotOverTime.into());
        }
        let mut isotherms = spectra.isotherms(self.temperature_tolerance)?;
        let index = chosen(&isotherms, self.temperature, self.temperature_tolerance)?;
        let mut isotherm = isotherms.swap_remove(index);
        // By rising time.
        isotherm.readings.reverse();
        let found = isotherm.readings.len();
        if found < FEWEST {
            let what = format!("readings of {}", isotherm.label());
            return Err(RelaxationError::TooFew { what, found, needed: FEWEST }.into());
        }
        Ok(Input { isotherm, kind, notes: spectra.notes })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let (times, values) = readings(&input.isotherm);
        let failed = || RelaxationError::NotFitted {
            what: input.isotherm.label(),
            reason: "no sum of exponentials with weights of zero or more follows the readings".to_owned(),
        };
        let found = series(&times, &values, self.terms_per_decade).ok_or_else(failed)?;
        let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
        estimates(&found, times[0], &mut outcome);
        outcome.tables.push(table(&found));
        notes(input, &found, &times, &mut outcome);
        outcome.figures = vec![figures::series(&times, &values, &found, &input.isotherm)];
        Ok(outcome)
    }
}

/// Times (s) and moduli (Pa).
fn readings(isotherm: &Isotherm) -> (Vec<f64>, Vec<f64>) {
    isotherm.readings.iter().map(|reading| (1.0 / reading.omega, reading.storage)).unzip()
}

fn estimates(found: &Series, first: f64, outcome: &mut Outcome) {
    let why = "what relaxes before the first reading is not in it, and the times of the series are chosen by a criterion; it is at least M(t_1)";
    let (at_once, std) = (found.modulus(0.0), found.modulus_std(0.0));
    outcome.estimates.push(Estimate::without_interval("modulus_unrelaxed", "M_0", at_once, "Pa", why).std_error(std));
    let why = "the times and their number are chosen by a criterion, which the error does not know";
    let at_first = Estimate::without_interval("modulus_first", "M(t_1)", found.modulus(first), "Pa", why);
    outcome.estimates.push(at_first.std_error(found.modulus_std(first)));
    let why = "times beyond the last reading look like a modulus that never relaxes";
    let at_rest = Estimate::without_interval("modulus_relaxed", "M_r", found.at_rest, "Pa", why);
    outcome.estimates.push(found.at_rest_std().map_or_else(|| at_rest.clone(), |std| at_rest.clone().std_error(std)));
    let why = "a count that a criterion decides";
    outcome.estimates.push(Estimate::without_interval("n_terms", "n", found.n_terms() as f64, "", why));
    let why = "a property of the fit";
    outcome.estimates.push(Estimate::without_interval("relative_residual", "rms", found.rms(), "", why));
}

fn table(found: &Series) -> Table {
    let total = found.modulus(0.0);
    let terms = 0..found.n_terms();
    Table::new(
        "prony_series",
        "Exponentials of the series by rising time; their strengths and the modulus at rest add up to M_0",
    )
    .with_numbers("relaxation_time", "s", found.times.clone())
    .with_numbers("strength", "Pa", found.strengths.clone())
    .with_numbers("std_error", "Pa", terms.clone().map(|k| found.strength_std(k)).collect())
    .with_numbers("share", "", terms.map(|k| found.strengths[k] / total).collect())
}

fn notes(input: &Input, found: &Series, times: &[f64], outcome: &mut Outcome) {
    let decades = (times[times.len() - 1] / times[0]).log10();
    let text = format!(
        "{} modulus: {} exponentials over {decades:.1} decades, among {} times to the decade by the Bayesian criterion; relative residuals have an rms of {:.3} %",
        input.kind,
        found.n_terms(),
        found.per_decade,
        100.0 * found.rms()
    );
    outcome.notes.push(Note::info("series", text));
    let text = "M_0 holds nothing that relaxes before the first reading: no reading tells of it";
    outcome.notes.push(Note::info("extrapolated", text));
    if found.inflation > 1.0 {
        let text = format!(
            "neighbouring residuals are alike (correlation {:.2}): all errors are multiplied by {:.2}",
            found.correlation, found.inflation
        );
        outcome.notes.push(Note::warning("correlated_residuals", text));
    }
    if let Some(p) = runs_test(&found.residuals).filter(|p| *p < NOT_RANDOM) {
        let text = format!(
            "the signs of the residuals are not random (p {p:.1e}): the readings err little beside what a series of separate times can follow, or are smoothed",
            p = Probability(p)
        );
        outcome.notes.push(Note::warning("residuals_not_random", text));
    }
}
