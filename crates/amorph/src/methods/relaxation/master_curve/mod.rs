//! `relaxation.master_curve`: isotherms on one causal master curve, of moduli over frequency or of a response over time, with the covariance
//! of their shifts.

pub mod algorithm;
mod figures;
mod law;
pub mod left_out;
mod report;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_prediction;
#[cfg(test)]
mod tests_over_time;
mod time_figures;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RelaxationError;
use super::constants::{GLASS_TRANSITION, MODULUS_KIND, THERMAL_EXPANSION, modulus_kind};
use super::log_spectrum::{NoiseModel, Response};
use super::spectra::{Isotherm, chosen};
use super::time_curves;
use crate::core::ctx::Ctx;
use crate::core::outcome::{Note, Outcome};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::{Superposed, Verticals, superpose};

/// One master curve of storage and loss modulus, or of a creep compliance or relaxation modulus, and a shift for every temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MasterCurve {
    /// Temperature whose isotherm is not shifted, K; absent: the isotherm whose loss peak lies nearest the middle of its frequencies.
    pub reference_temperature: Option<f64>,
    /// Gap that parts two isotherms, K.
    pub temperature_tolerance: f64,
    /// Factor of the modulus between temperatures.
    pub vertical: Vertical,
    /// How readings err; a response over time errs by a share of itself.
    pub noise: Noise,
    /// Overlap that ties two isotherms, decades of frequency or time.
    pub least_overlap: f64,
    /// Law that gives a shift to isotherms behind a gap of overlap.
    pub bridge: Bridge,
    /// Whether each isotherm is predicted from the others.
    pub leave_one_out: bool,
}

/// Law across a gap of overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bridge {
    /// None: isotherms behind a gap are unidentified.
    None,
    /// One energy.
    Arrhenius,
    /// Vogel, Fulcher and Tammann, or Williams, Landel and Ferry.
    Vft,
}

/// Factor of the modulus between temperatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Vertical {
    /// None.
    None,
    /// One for every temperature, found along with the shifts.
    Free,
    /// Density times temperature, as entropic elasticity has it; needs thermal_expansion.
    Entropic,
}

/// How readings err.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Noise {
    /// Whichever of the other two has the higher evidence.
    Best,
    /// A share of the modulus and an angle of the phase.
    ModulusAndPhase,
    /// A share of the storage and a share of the loss modulus.
    Relative,
}

impl Noise {
    /// The model, where one is stated.
    pub fn model(self) -> Option<NoiseModel> {
        match self {
            Self::Best => None,
            Self::ModulusAndPhase => Some(NoiseModel::ModulusAndPhase),
            Self::Relative => Some(NoiseModel::Relative),
        }
    }
}

impl Default for MasterCurve {
    fn default() -> Self {
        Self {
            reference_temperature: None,
            temperature_tolerance: 1.0,
            vertical: Vertical::None,
            noise: Noise::Best,
            least_overlap: 0.3,
            bridge: Bridge::None,
            leave_one_out: false,
        }
    }
}

/// What [`MasterCurve`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    response: Response,
    isotherms: Vec<Isotherm>,
    reference: usize,
    verticals: Verticals,
    kind: &'static str,
    glass_transition: Option<f64>,
    notes: Vec<Note>,
}

/// Fewest readings of an isotherm.
const FEWEST_READINGS: usize = 4;
/// Fewest isotherms.
const FEWEST_ISOTHERMS: usize = 3;

impl Method for MasterCurve {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.master_curve",
        family: "relaxation",
        version: 3,
        title: "Time-temperature superposition",
        summary: "Shifts of isotherms from one master curve of storage and loss, or of creep or stress relaxation over time, that obeys causality, with their covariance and a test of the superposition.",
        doc: include_str!("doc.md"),
        technique: "dma",
        scope: Scope::Item,
        after: &[],
        constants: &[MODULUS_KIND.key, THERMAL_EXPANSION.key, GLASS_TRANSITION.key],
        outputs: &[
            output("wlf_c1", "C1", "", "first constant of Williams, Landel and Ferry at the reference temperature"),
            output("wlf_c2", "C2", "K", "second constant at the reference temperature"),
            output("vft_b", "B", "K", "of ln τ = A + B/(T - T0): C1 C2 ln 10"),
            output("vft_t0", "T0", "K", "reference temperature less C2"),
            output("shift_energy", "E", "J/mol", "of an Arrhenius law of the shifts"),
            output("fragility_index", "m", "", "d log10 τ/d(Tg/T) at the stated Tg"),
            output("superposition_p", "p", "", "probability of so different widths of the isotherms under one master curve"),
            output("modulus_noise", "σ_r", "", "relative error of a modulus, of a storage modulus, or of a reading over time"),
            output("phase_noise", "σ_δ", "rad", "error of a phase; absent where loss errs by a share of itself"),
        ],
        covers: &["Q19-2.1.1-o", "Q19-2.1.1-p"],
        references: &[
            "M. L. Williams, R. F. Landel, J. D. Ferry, J. Am. Chem. Soc. 77, 3701 (1955), doi:10.1021/ja01619a008",
            "D. J. C. MacKay, Neural Computation 4, 415 (1992), doi:10.1162/neco.1992.4.3.415",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        self.check_parameters()?;
        let kind = modulus_kind(dataset, Self::INFO.id)?;
        let (response, spectra) = time_curves::read(dataset)?;
        if spectra.readings.iter().any(|reading| reading.temperature.is_nan()) {
            return Err(RelaxationError::NoTemperature.into());
        }
        let all = spectra.isotherms(self.temperature_tolerance)?;
        let mut notes = spectra.notes;
        let (isotherms, short): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|isotherm| isotherm.readings.len() >= FEWEST_READINGS);
        for isotherm in short {
            let text = format!("{}: {} readings are too few for a shift", isotherm.label(), isotherm.readings.len());
            notes.push(Note::warning("short_isotherm", text));
        }
        if isotherms.len() < FEWEST_ISOTHERMS {
            let what = format!("isotherms with {FEWEST_READINGS} readings or more");
            return Err(RelaxationError::TooFew { what, found: isotherms.len(), needed: FEWEST_ISOTHERMS }.into());
        }
        let replicates: usize = isotherms.iter().map(Isotherm::replicates).sum();
        if replicates > 0 {
            let text = format!(
                "{replicates} readings repeat a frequency or time at the same temperature; they are kept as replicates"
            );
            notes.push(Note::info("replicates", text));
        }
        let reference = chosen(&isotherms, self.reference_temperature, self.temperature_tolerance)?;
        let verticals = self.verticals(dataset, &isotherms, reference)?;
        let glass_transition = dataset.constants.quantity(&GLASS_TRANSITION)?.map(|quantity| quantity.value);
        let verticals = if response == Response::Creep { verticals.inverse() } else { verticals };
        Ok(Input { response, isotherms, reference, verticals, kind, glass_transition, notes })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let over_time = input.response != Response::Dynamic;
        let of = |isotherm: &Isotherm| if over_time { isotherm.curve_over_time() } else { isotherm.curve() };
        let curves: Vec<_> = input.isotherms.iter().map(of).collect();
        let noise = self.noise.model();
        if over_time && noise == Some(NoiseModel::ModulusAndPhase) {
            let reason = "a response over time has no phase; leave `noise` out";
            return Err(RelaxationError::NotFitted { what: "the master curve".to_owned(), reason: reason.to_owned() }.into());
        }
        if !over_time && noise.is_some_and(|noise| noise.ln_density(&curves).is_none()) {
            let reason =
                "some readings have a loss of zero or less, which is no share of itself; use noise = \"modulus_and_phase\"";
            return Err(RelaxationError::NotFitted { what: "the master curve".to_owned(), reason: reason.to_owned() }.into());
        }
        let temperature = input.isotherms[input.reference].temperature;
        let none = || RelaxationError::NoOverlap { reference: temperature, decades: self.least_overlap };
        let superposed: Superposed =
            superpose(input.response, &curves, input.reference, &input.verticals, noise, self.least_overlap)
                .ok_or_else(none)?;
        ctx.check_cancelled()?;
        let left_out = || left_out::left_out(input.response, &curves, &input.verticals, self.least_overlap, &superposed);
        let predicted = self.leave_one_out.then(left_out);
        report::outcome(self, input, &superposed, predicted.as_deref())
    }
}

impl MasterCurve {
    fn check_parameters(&self) -> Result<(), MethodError> {
        let fine = self.temperature_tolerance > 0.0
            && self.temperature_tolerance.is_finite()
            && (0.05..=3.0).contains(&self.least_overlap);
        let message = "temperature_tolerance must be above 0, least_overlap within 0.05 and 3 decades".to_owned();
        if fine { Ok(()) } else { Err(MethodError::Parameters { method: Self::INFO.id, message }) }
    }

    fn verticals(&self, dataset: &Dataset, isotherms: &[Isotherm], reference: usize) -> Result<Verticals, MethodError> {
        let t_ref = isotherms[reference].temperature;
        let held = match self.vertical {
            Vertical::Free => return Ok(Verticals::Free),
            Vertical::None => vec![0.0; isotherms.len()],
            Vertical::Entropic => {
                let constants = &dataset.constants;
                let missing = || MethodError::MissingConstants {
                    method: Self::INFO.id,
                    missing: vec![constants.missing(&THERMAL_EXPANSION)],
                };
                let expansion = constants.quantity(&THERMAL_EXPANSION)?.ok_or_else(missing)?.value;
                let factor = |t: f64| t / t_ref * (1.0 - expansion * (t - t_ref));
                let factors: Vec<f64> = isotherms.iter().map(|isotherm| factor(isotherm.temperature).ln()).collect();
                if factors.iter().any(|factor| !factor.is_finite()) {
                    let found = expansion.to_string();
                    let reason = "leaves no density at one of the temperatures";
                    let expected = THERMAL_EXPANSION.kind.describe();
                    return Err(MethodError::BadConstant { key: THERMAL_EXPANSION.key, found, reason, expected });
                }
                factors
            }
        };
        Ok(Verticals::Held(held))
    }
}
