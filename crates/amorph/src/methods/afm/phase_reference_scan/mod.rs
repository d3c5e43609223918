//! `dafm.phase_reference_scan`: the energy of one image under every phase reference, and the spread as a systematic error.

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::method::{ConstantValue, Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};
use crate::methods::afm::dissipation::{AmplitudeError, Dissipation, Form, PhaseMap};

/// Energy of an image under each of the three phase references.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PhaseReferenceScan {
    /// Formula for the energy.
    pub form: Form,
    /// Which phase map to use.
    pub phase: PhaseMap,
    /// What an amplitude-error map holds.
    pub amplitude_error: AmplitudeError,
}

impl Default for PhaseReferenceScan {
    fn default() -> Self {
        let usual = Dissipation::default();
        Self { form: usual.form, phase: usual.phase, amplitude_error: usual.amplitude_error }
    }
}

/// Why there is no scan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PhaseReferenceError {
    /// Not a single reference gives an energy.
    #[error("no phase reference gives an energy: {}", reasons.join("; "))]
    NoneApplies {
        /// What each of them says.
        reasons: Vec<String>,
    },
}

impl Refusal for PhaseReferenceError {
    fn hint(&self) -> String {
        "check free_phase, phase_convention and the frequencies".to_owned()
    }
}

/// The references, with what each assumes.
const REFERENCES: [(&str, &str, &str); 3] = [
    ("absolute", "dissipated_energy_absolute", "the stored phase has a true zero"),
    ("free_is_90", "dissipated_energy_free_is_90", "the free phase is 90 deg, driven at resonance"),
    ("free_is_model", "dissipated_energy_free_is_model", "the free phase is that of the oscillator at f/f0 and Q"),
];

/// The energy under one reference.
struct Reading {
    reference: &'static str,
    key: &'static str,
    outcome: Outcome,
}

impl Method for PhaseReferenceScan {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.phase_reference_scan",
        family: "afm",
        version: 1,
        title: "Energy under every phase reference",
        summary: "Evaluates one image under each of the three phase references and gives their spread as a systematic error.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &["dafm.topography"],
        constants: &[
            "phase_convention",
            "free_phase",
            "spring_constant",
            "quality_factor",
            "resonance_frequency",
            "drive_frequency",
            "free_amplitude",
            "setpoint_amplitude",
            "amplitude_sensitivity",
        ],
        outputs: &[
            output(
                "dissipated_energy_centre",
                "E",
                "J",
                "middle between the lowest and the highest reading, half their distance as systematic error",
            ),
            output("dissipated_energy_absolute", "E_abs", "J", "mean energy if the stored phase has a true zero"),
            output("dissipated_energy_free_is_90", "E_90", "J", "mean energy if the phase in free air is 90 deg"),
            output(
                "dissipated_energy_free_is_model",
                "E_mod",
                "J",
                "mean energy if the phase in free air is that of the oscillator",
            ),
            output("phase_reference_spread", "ΔE/E", "", "half the distance of the readings over their middle"),
        ],
        covers: &["L16-02"],
        references: &["Cleveland, Anczykowski, Schmid, Elings, Appl. Phys. Lett. 72, 2613 (1998)"],
    };

    type Input<'a> = &'a Dataset;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<&'a Dataset, MethodError> {
        // What is missing or impossible for every reference; the refusal of a single one is a result.
        match self.energy().check(&under(dataset, "absolute")) {
            Ok(_) | Err(MethodError::Refused(_)) => Ok(dataset),
            Err(error) => Err(error),
        }
    }

    fn run(&self, dataset: &&Dataset, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let mut readings = Vec::new();
        let mut reasons = Vec::new();
        for (reference, key, _) in REFERENCES {
            ctx.check_cancelled()?;
            let variant = under(dataset, reference);
            match self.energy().check(&variant).and_then(|input| self.energy().run(&input, ctx)) {
                Ok(outcome) => readings.push(Reading { reference, key, outcome }),
                Err(MethodError::Refused(reason)) => reasons.push(format!("{reference}: {reason}")),
                Err(error) => return Err(error),
            }
        }
        if readings.is_empty() {
            return Err(PhaseReferenceError::NoneApplies { reasons }.into());
        }
        let mut outcome = Outcome {
            estimates: estimates(&readings),
            tables: vec![table(&readings)],
            figures: vec![figure(&readings)],
            notes: notes(&readings),
            ..Outcome::default()
        };
        outcome.notes.extend(reasons.into_iter().map(|reason| Note::info("reference_does_not_apply", reason)));
        Ok(outcome)
    }
}

impl PhaseReferenceScan {
    fn energy(&self) -> Dissipation {
        Dissipation {
            form: self.form,
            phase: self.phase,
            amplitude_error: self.amplitude_error,
            // Negative energies speak against a reference and are shown.
            max_negative_fraction: 1.0,
            ..Dissipation::default()
        }
    }
}

/// The dataset with a phase reference.
fn under(dataset: &Dataset, reference: &str) -> Dataset {
    let mut variant = dataset.clone();
    variant.constants.insert("phase_reference", ConstantValue::Choice(reference.to_owned()), "dafm.phase_reference_scan");
    variant
}

fn number(reading: &Reading, key: &str) -> f64 {
    reading.outcome.estimate(key).map_or(f64::NAN, |estimate| estimate.value)
}

fn estimates(readings: &[Reading]) -> Vec<Estimate> {
    let means: Vec<f64> = readings.iter().map(|reading| number(reading, "dissipated_energy_mean")).collect();
    let low = means.iter().copied().fold(f64::INFINITY, f64::min);
    let high = means.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (centre, half) = (0.5 * (low + high), 0.5 * (high - low));
    let why = "the spread of the references is systematic: they are not draws from one distribution";
    let mut estimates =
        vec![Estimate::without_interval("dissipated_energy_centre", "E", centre, "J", why).systematic_error(half)];
    for reading in readings {
        if let Some(mean) = reading.outcome.estimate("dissipated_energy_mean") {
            estimates.push(Estimate { key: reading.key.to_owned(), ..mean.clone() });
        }
    }
    estimates.push(Estimate::without_interval("phase_reference_spread", "ΔE/E", half / centre.abs(), "", why));
    estimates
}

fn table(readings: &[Reading]) -> Table {
    let column = |key: &str| readings.iter().map(|reading| number(reading, key)).collect::<Vec<f64>>();
    let assumes =
        |reading: &Reading| REFERENCES.iter().find(|(name, ..)| *name == reading.reference).map_or("", |(.., text)| text);
    Table::new("phase_references", "The same image under each phase reference")
        .with_text("phase_reference", readings.iter().map(|reading| reading.reference.to_owned()).collect())
        .with_text("assumes that", readings.iter().map(|reading| assumes(reading).to_owned()).collect())
        .with_numbers("mean", "J", column("dissipated_energy_mean"))
        .with_numbers("sd", "J", column("dissipated_energy_sd"))
        .with_numbers("relative variation", "", column("dissipated_energy_cv"))
        .with_numbers("mean_lag", "deg", column("mean_lag"))
        .with_numbers("fraction_attractive", "", column("fraction_attractive"))
        .with_numbers("fraction_negative", "", column("fraction_negative"))
}

/// Share of negative energies that a passive sample cannot have.
const IMPLAUSIBLE: f64 = 0.01;

fn notes(readings: &[Reading]) -> Vec<Note> {
    let negative = |reading: &&Reading| number(reading, "fraction_negative") > IMPLAUSIBLE;
    let implausible: Vec<&str> = readings.iter().filter(negative).map(|reading| reading.reference).collect();
    let mut notes = Vec::new();
    if !implausible.is_empty() {
        let message = format!(
            "more than 1 % of the pixels have a negative energy under {}: a passive sample returns none, so that this reference is not that of the image",
            implausible.join(", ")
        );
        notes.push(Note::warning("negative_energy", message));
    }
    if readings.len() > 1 {
        let message =
            "the readings differ by the choice of the phase reference alone; a tune or a lift-off on the same day decides it";
        notes.push(Note::info("systematic_spread", message));
    }
    notes
}

fn figure(readings: &[Reading]) -> Figure {
    let names = readings.iter().map(|reading| reading.reference.replace('_', " ")).collect();
    let means: Vec<f64> = readings.iter().map(|reading| number(reading, "dissipated_energy_mean")).collect();
    let sds: Vec<f64> = readings.iter().map(|reading| number(reading, "dissipated_energy_sd")).collect();
    let unit = Unit::of("J").preferred(means.iter().fold(0.0, |largest: f64, mean| largest.max(mean.abs())));
    let panel = Panel::new("", Axis::categories("phase reference", names), Axis::linear("dissipated energy per cycle", unit))
        .with(Mark::Points {
            name: "mean and standard deviation of the pixels".to_owned(),
            role: Role::Data,
            x: (0..means.len()).map(|i| i as f64).collect(),
            y_interval: means.iter().zip(&sds).map(|(mean, sd)| [mean - sd, mean + sd]).collect(),
            y: means,
            x_interval: Vec::new(),
        });
    Figure {
        key: "phase_references".to_owned(),
        title: "The same image under each phase reference".to_owned(),
        caption:
            "Mean energy of the pixels, bars of one standard deviation. The difference between the references is systematic."
                .to_owned(),
        panels: vec![panel],
    }
}
