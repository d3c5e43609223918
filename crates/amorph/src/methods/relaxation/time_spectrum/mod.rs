//! `relaxation.time_spectrum`: the spectrum of relaxation times behind storage and loss modulus.

pub mod algorithm;
mod figures;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RelaxationError;
use super::constants::{ATTEMPT_FREQUENCY, MODULUS_KIND, modulus_kind};
use super::log_spectrum::NoiseModel;
use super::master_curve::Noise;
use super::numerics::runs_test;
use super::spectra::{Isotherm, Spectra, chosen};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Probability;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use crate::theory::constants::BOLTZMANN;
use algorithm::{Spectrum, spectrum};

/// The spectrum of relaxation times that storage and loss have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TimeSpectrum {
    /// Isotherm to use, K; absent: the one whose loss peak lies nearest the middle of its frequencies.
    pub temperature: Option<f64>,
    /// Gap that parts two isotherms, K.
    pub temperature_tolerance: f64,
    /// How readings err.
    pub noise: Noise,
    /// Whether a modulus may remain that never relaxes.
    pub plateau: bool,
    /// Times per decade at which the spectrum is found.
    pub nodes_per_decade: f64,
}

impl Default for TimeSpectrum {
    fn default() -> Self {
        Self { temperature: None, temperature_tolerance: 1.0, noise: Noise::Best, plateau: true, nodes_per_decade: 4.0 }
    }
}

/// What [`TimeSpectrum`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    isotherm: Isotherm,
    kind: &'static str,
    attempt_frequency: Option<f64>,
    notes: Vec<Note>,
}

/// Fewest readings of a spectrum.
const FEWEST: usize = 8;
/// Below this probability the signs of the residuals are not random.
const NOT_RANDOM: f64 = 0.01;

impl Method for TimeSpectrum {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.time_spectrum",
        family: "relaxation",
        version: 1,
        title: "Spectrum of relaxation times",
        summary: "Continuous spectrum of relaxation times from storage and loss together, its strength, mean and width, and which of its peaks are evident.",
        doc: include_str!("doc.md"),
        technique: "dma",
        scope: Scope::Item,
        after: &[],
        constants: &[MODULUS_KIND.key, ATTEMPT_FREQUENCY.key],
        outputs: &[
            output("relaxation_strength", "ΔM", "Pa", "what relaxes with times between the inverse frequencies of the data"),
            output("mean_time", "τ_g", "s", "geometric mean time of that, weighted by the spectrum"),
            output("time_width", "σ(log10 τ)", "", "standard deviation of log10 of the times"),
            output("n_peaks", "n", "", "evident maxima of the spectrum"),
            output("modulus_relaxed", "M_r", "Pa", "modulus that never relaxes, as far as the data tell"),
            output("smoothing_strength", "λ", "", "strength of the prior on the curvature of ln H, by evidence"),
            output("modulus_noise", "σ_r", "", "relative error of a modulus, or of a storage modulus"),
            output("phase_noise", "σ_δ", "rad", "error of a phase; absent where loss errs by a share of itself"),
        ],
        covers: &["Q19-2.1.1-m"],
        references: &[
            "D. J. C. MacKay, Neural Computation 4, 415 (1992), doi:10.1162/neco.1992.4.3.415",
            "A. Takeh, S. Shanbhag, Appl. Rheol. 23, 24628 (2013), doi:10.3933/applrheol-23-24628",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let fine = self.temperature_tolerance > 0.0 && (3.0..=12.0).contains(&self.nodes_per_decade);
        if !fine {
            let message = "temperature_tolerance must be above 0, nodes_per_decade within 3 and 12".to_owned();
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let kind = modulus_kind(dataset, Self::INFO.id)?;
        let spectra = Spectra::read(dataset)?;
        let mut isotherms = spectra.isotherms(self.temperature_tolerance)?;
        let index = chosen(&isotherms, self.temperature, self.temperature_tolerance)?;
        let isotherm = isotherms.swap_remove(index);
        let found = isotherm.readings.len();
        if found < FEWEST {
            let what = format!("readings of {}", isotherm.label());
            return Err(RelaxationError::TooFew { what, found, needed: FEWEST }.into());
        }
        let attempt_frequency = dataset.constants.quantity(&ATTEMPT_FREQUENCY)?.map(|quantity| quantity.value);
        Ok(Input { isotherm, kind, attempt_frequency, notes: spectra.notes })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let curve = input.isotherm.curve();
        let failed = || RelaxationError::NotFitted {
            what: input.isotherm.label(),
            reason: "no spectrum of positive weights follows both moduli".to_owned(),
        };
        let found = spectrum(&curve, self.noise.model(), self.plateau, self.nodes_per_decade).ok_or_else(failed)?;
        let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
        estimates(self, &found, &mut outcome);
        outcome.tables.push(table(input, &found));
        notes(input, &found, &mut outcome);
        outcome.figures = vec![figures::spectrum(&input.isotherm, &found)];
        Ok(outcome)
    }
}

fn estimates(method: &TimeSpectrum, found: &Spectrum, outcome: &mut Outcome) {
    let solution = &found.solution;
    let logarithmic = |key: &str, symbol: &str, unit: &str, (value, std): (f64, f64)| {
        let ends = ((value - 1.96 * std).exp(), (value + 1.96 * std).exp());
        Estimate::with_interval(key, symbol, value.exp(), unit, ends, Basis::Likelihood).std_error(value.exp() * std)
    };
    outcome.estimates.push(logarithmic("relaxation_strength", "ΔM", "Pa", found.ln_strength));
    outcome.estimates.push(logarithmic("mean_time", "τ_g", "s", found.mean_ln_time));
    let (width, std) = (found.width.0 / std::f64::consts::LN_10, found.width.1 / std::f64::consts::LN_10);
    let why = "narrow spectra come out broader than they are; the error does not know by how much";
    outcome.estimates.push(Estimate::without_interval("time_width", "σ(log10 τ)", width, "", why).std_error(std));
    outcome.estimates.push(Estimate::without_interval(
        "n_peaks",
        "n",
        found.peaks.len() as f64,
        "",
        "a count of maxima that pass a test",
    ));
    if method.plateau {
        let plateau = solution.ln_spectrum.last().map_or(f64::NAN, |theta| theta.exp() * solution.step);
        let why = "times beyond the window look like a modulus that never relaxes";
        outcome.estimates.push(Estimate::without_interval("modulus_relaxed", "M_r", plateau, "Pa", why));
    }
    let why = "found by evidence; its own error is not carried";
    outcome.estimates.push(Estimate::without_interval("smoothing_strength", "λ", solution.strength, "", why));
    outcome.estimates.push(Estimate::without_interval("modulus_noise", "σ_r", solution.noise[0], "", why));
    if found.noise == NoiseModel::ModulusAndPhase {
        outcome.estimates.push(Estimate::without_interval("phase_noise", "σ_δ", solution.noise[1], "rad", why));
    }
}

fn table(input: &Input, found: &Spectrum) -> Table {
    let solution = &found.solution;
    let nodes = 0..solution.smooth;
    let time = |j: usize| solution.ln_times[j].exp();
    let table = Table::new(
        "relaxation_spectrum",
        "Spectrum of relaxation times per unit of ln τ; spread: two standard deviations of the posterior",
    )
    .with_numbers("relaxation_time", "s", nodes.clone().map(time).collect())
    .with_numbers("spectrum", "Pa", nodes.clone().map(|j| solution.ln_spectrum[j].exp()).collect())
    .with_numbers(
        "spread_lo",
        "Pa",
        nodes.clone().map(|j| (solution.ln_spectrum[j] - 2.0 * solution.std_of(j)).exp()).collect(),
    )
    .with_numbers(
        "spread_hi",
        "Pa",
        nodes.clone().map(|j| (solution.ln_spectrum[j] + 2.0 * solution.std_of(j)).exp()).collect(),
    )
    .with_numbers(
        "in_window",
        "",
        nodes.clone().map(|j| f64::from(u8::from(j >= found.window.0 && j < found.window.1))).collect(),
    );
    match input.attempt_frequency.filter(|_| input.isotherm.temperature.is_finite()) {
        None => table,
        Some(attempt) => {
            let thermal = BOLTZMANN * input.isotherm.temperature;
            let energy = nodes.clone().map(|j| thermal * (attempt.ln() + solution.ln_times[j])).collect();
            let density = nodes.map(|j| solution.ln_spectrum[j].exp() / thermal).collect();
            table.with_numbers("energy", "J", energy).with_numbers("energy_density", "Pa/J", density)
        }
    }
}

fn notes(input: &Input, found: &Spectrum, outcome: &mut Outcome) {
    let solution = &found.solution;
    let text = format!(
        "{}, {} modulus; strength, mean and width count times from {:.3e} to {:.3e} s",
        input.isotherm.label(),
        input.kind,
        solution.ln_times[found.window.0].exp(),
        solution.ln_times[found.window.1 - 1].exp()
    );
    outcome.notes.push(Note::info("window", text));
    let text = format!("the data determine {:.1} of {} parameters", solution.effective, solution.n_parameters);
    outcome.notes.push(Note::info("smoothing", text));
    let runs = solution.residuals.iter().flatten().filter_map(|channel| runs_test(channel)).fold(f64::NAN, f64::min);
    let rms = 100.0 * solution.rms();
    if runs < NOT_RANDOM {
        let text = format!(
            "storage and loss do not follow from one spectrum of positive weights within their errors (rms {rms:.2} %, signs of residuals p {runs:.1e}): drift, \
             inertia or a compliance of the instrument",
            runs = Probability(runs)
        );
        outcome.notes.push(Note::warning("kramers_kronig", text));
    } else {
        outcome.notes.push(Note::info(
            "kramers_kronig",
            format!("storage and loss follow from one spectrum, rms of residuals {rms:.2} %"),
        ));
    }
    if solution.inflation > 1.0 {
        let text = format!("neighbouring residuals are alike: all errors are multiplied by {:.2}", solution.inflation);
        outcome.notes.push(Note::warning("correlated_residuals", text));
    }
    if !solution.converged {
        outcome.notes.push(Note::warning("not_converged", "the fit still moved at its last step"));
    }
}
