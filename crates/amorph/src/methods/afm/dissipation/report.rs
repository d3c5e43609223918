//! The outcome: maps, estimates with their two kinds of error, and what the reader must know.

use crate::theory::constants::ELEMENTARY_CHARGE;
use ndarray::Array2;

use super::algorithm::{Spread, per_pixel};
use super::calibration::{Calibration, Reference};
use super::input::{AmplitudeSource, Input};
use super::noise::{DirectionNoise, direction_noise};
use super::{Dissipation, DissipationError, Form, PhaseMap, figures};
use crate::core::data::{Map, Table};
use crate::core::image::spatial_mean;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::method::MethodError;

/// Below this ratio of the amplitudes the higher harmonics are mentioned.
const LOW_AMPLITUDE_RATIO: f64 = 0.2;
/// Share of pixels on each side of 90 deg above which two regimes are present.
const MIXED_REGIME: f64 = 1e-3;

/// The maps of one evaluation.
pub(super) struct Evaluation {
    pub lag: Array2<f64>,
    pub free_lag: f64,
    pub energy: Array2<f64>,
    pub normalised: Array2<f64>,
    pub virial: Array2<f64>,
    pub force: Array2<f64>,
    pub ratio: Array2<f64>,
}

/// Numbers of an evaluation, in the order of [`Evaluation::summary`].
const N_SUMMARY: usize = 8;

impl Evaluation {
    fn of(form: Form, calibration: &Calibration, stored: &Array2<f64>, amplitude: &Array2<f64>) -> Self {
        let lag = calibration.lag(stored);
        let cantilever = calibration.cantilever;
        let map = |f: &dyn Fn(f64, f64) -> f64| per_pixel(amplitude.view(), lag.map.view(), f);
        let energy = map(&|a, phi| calibration.energy(form, a, phi, lag.free));
        let scale = amplitude.mapv(|a| cantilever.energy_scale(a));
        Self {
            normalised: &energy / &scale,
            energy,
            virial: map(&|a, phi| cantilever.virial(a, phi)),
            force: map(&|_, phi| cantilever.elastic_force_by_qiao_2019(phi)),
            ratio: map(&|a, phi| if phi.is_finite() { a / cantilever.free_amplitude } else { f64::NAN }),
            lag: lag.map,
            free_lag: lag.free,
        }
    }

    /// Mean energy, its deviation and relative variation, then the means of the other maps.
    fn summary(&self) -> [f64; N_SUMMARY] {
        let energy = Spread::of(&self.energy);
        let mean = |map: &Array2<f64>| Spread::of(map).mean;
        let relative = energy.sd / energy.mean.abs();
        let [normalised, virial, force] = [&self.normalised, &self.virial, &self.force].map(mean);
        [energy.mean, energy.sd, relative, normalised, virial, force, mean(&self.ratio), mean(&self.lag)]
    }
}

pub(super) fn outcome(method: &Dissipation, input: &Input<'_>) -> Result<Outcome, MethodError> {
    let evaluation = Evaluation::of(method.form, &input.calibration, &input.stored, &input.amplitude);
    let spread = Spread::of(&evaluation.energy);
    if spread.fraction_negative > method.max_negative_fraction {
        let (fraction, allowed) = (spread.fraction_negative, method.max_negative_fraction);
        return Err(DissipationError::NegativeEnergy { fraction, allowed, mean: spread.mean }.into());
    }
    let energy = derived(input.phase, "dissipated_energy", "J", evaluation.energy.clone());
    energy.require_structure()?;
    let attractive = fraction_attractive(&evaluation.lag);
    let noise = noise(method.form, input, &evaluation);
    let mut outcome = Outcome {
        estimates: estimates(method, input, &evaluation, attractive),
        tables: vec![reference_scan(method.form, input)],
        notes: notes(method, input, &evaluation, attractive),
        ..Outcome::default()
    };
    if let Some(noise) = &noise {
        outcome.estimates.extend(noise_estimates(noise, spread.sd));
        outcome.notes.push(noise_note(noise, input));
    }
    outcome.maps = vec![
        energy,
        derived(input.phase, "normalised_dissipation", "", evaluation.normalised),
        derived(input.phase, "phase_lag", "deg", evaluation.lag),
    ];
    outcome.maps.extend(input.height.cloned());
    outcome.figures = figures::all(&outcome, input);
    Ok(outcome)
}

fn derived(phase: &Map, quantity: &str, unit: &str, values: Array2<f64>) -> Map {
    Map { direction: phase.direction, ..Map::new(quantity, values, Unit::of(unit), phase.extent.clone()) }
}

fn fraction_attractive(lag: &Array2<f64>) -> f64 {
    let finite = || lag.iter().filter(|value| value.is_finite());
    finite().filter(|value| **value > 90.0).count() as f64 / finite().count() as f64
}

fn estimates(method: &Dissipation, input: &Input<'_>, evaluation: &Evaluation, attractive: f64) -> Vec<Estimate> {
    let values = evaluation.summary();
    let systematic = systematic_errors(method.form, input);
    let pitch = input.phase.pixel_pitch().unwrap_or((1.0, 1.0));
    let with_calibration = |estimate: Estimate, index: usize| match input.errors.is_empty() {
        true => estimate,
        false => estimate.systematic_error(systematic[index]),
    };
    let mean_of = |key: &str, symbol: &str, unit: &str, map: &Array2<f64>, index: usize| {
        let spatial = spatial_mean(map.view(), pitch);
        let estimate = match spatial.and_then(|spatial| spatial.interval) {
            Some(interval) => Estimate::with_interval(key, symbol, values[index], unit, interval, Basis::Replicate),
            None => {
                let why = spatial.map_or("all pixels are equal".to_owned(), |spatial| spatial.no_interval());
                Estimate::without_interval(key, symbol, values[index], unit, &why)
            }
        };
        let estimate = match spatial {
            Some(spatial) => estimate.std_error(spatial.std_error).n(spatial.n_effective),
            None => estimate,
        };
        with_calibration(estimate, index)
    };
    let spread_of = |key: &str, symbol: &str, unit: &str, index: usize| {
        let why = "a description of this image; dafm.distribution gives intervals of spread and shape";
        with_calibration(Estimate::without_interval(key, symbol, values[index], unit, why), index)
    };
    let counted = |key: &str, symbol: &str, value: f64| {
        Estimate::without_interval(key, symbol, value, "", "a count over the pixels of this image")
    };
    let negative = Spread::of(&evaluation.energy).fraction_negative;
    vec![
        mean_of("dissipated_energy_mean", "⟨E⟩", "J", &evaluation.energy, 0),
        spread_of("dissipated_energy_sd", "σ_E", "J", 1),
        spread_of("dissipated_energy_cv", "σ_E/⟨E⟩", "", 2),
        mean_of("normalised_dissipation_mean", "⟨E*⟩", "", &evaluation.normalised, 3),
        counted("fraction_attractive", "f_att", attractive),
        counted("fraction_negative", "f_neg", negative),
        mean_of("mean_force_virial", "V", "J", &evaluation.virial, 4),
        mean_of("mean_elastic_force_qiao2019", "F", "N", &evaluation.force, 5),
        mean_of("amplitude_ratio", "A/A_f", "", &evaluation.ratio, 6),
        mean_of("mean_lag", "⟨φ⟩", "deg", &evaluation.lag, 7),
    ]
}

/// What the other direction of the scan says about the noise of the energy.
fn noise(form: Form, input: &Input<'_>, evaluation: &Evaluation) -> Option<DirectionNoise> {
    let other = input.other_direction.as_ref()?;
    let backwards = Evaluation::of(form, &input.calibration, &other.stored, &other.amplitude);
    direction_noise(&evaluation.energy, &backwards.energy)
}

fn noise_estimates(noise: &DirectionNoise, sd: f64) -> [Estimate; 2] {
    let why = "what differs between trace and retrace for other reasons than noise is in it, so it is an upper bound";
    let noise_sd = Estimate::without_interval("dissipated_energy_noise_sd", "σ_n", noise.sd, "J", why);
    let material = (sd * sd - noise.sd * noise.sd).max(0.0).sqrt();
    let why = "a lower bound: the noise taken off is an upper bound";
    [noise_sd, Estimate::without_interval("dissipated_energy_material_sd", "σ_m", material, "J", why)]
}

fn noise_note(noise: &DirectionNoise, input: &Input<'_>) -> Note {
    let direction = input.phase.direction.map(|direction| direction.to_string()).unwrap_or_default();
    Note::info(
        "noise_from_trace_and_retrace",
        format!(
            "the energy is that of the {direction}; against the other direction it scatters by {:.3} eV (sd of the difference over √2, after a shift \
             of {} pixels), and its mean differs by {:.3} eV",
            noise.sd / ELEMENTARY_CHARGE,
            noise.shift,
            noise.offset.abs() / ELEMENTARY_CHARGE
        ),
    )
}

/// Effect of one standard error of each constant on each number, added in squares (central differences).
fn systematic_errors(form: Form, input: &Input<'_>) -> [f64; N_SUMMARY] {
    let mut variance = [0.0; N_SUMMARY];
    for error in &input.errors {
        let moved = |sign: f64| {
            let (calibration, factor) = error.apply(sign, &input.calibration);
            let amplitude = input.amplitude.mapv(|a| factor * a);
            Evaluation::of(form, &calibration, &input.stored, &amplitude).summary()
        };
        for ((sum, high), low) in variance.iter_mut().zip(moved(1.0)).zip(moved(-1.0)) {
            *sum += (0.5 * (high - low)).powi(2);
        }
    }
    variance.map(f64::sqrt)
}

/// What the same image gives under each phase reference.
fn reference_scan(form: Form, input: &Input<'_>) -> Table {
    let evaluate = |reference: Reference| {
        let calibration = Calibration { reference, ..input.calibration };
        let possible = calibration.require_meaning(form, f64::INFINITY).is_ok();
        possible.then(|| Spread::of(&Evaluation::of(form, &calibration, &input.stored, &input.amplitude).energy))
    };
    let spreads = Reference::ALL.map(evaluate);
    let column = |value: fn(&Spread) -> f64| spreads.iter().map(|s| s.as_ref().map_or(f64::NAN, value)).collect();
    Table::new("phase_reference_scan", "The same image under each phase reference (missing where it does not apply)")
        .with_text("phase_reference", Reference::ALL.map(|reference| reference.name().to_owned()).to_vec())
        .with_numbers("mean", "J", column(|s| s.mean))
        .with_numbers("sd", "J", column(|s| s.sd))
        .with_numbers("fraction_negative", "", column(|s| s.fraction_negative))
}

fn notes(method: &Dissipation, input: &Input<'_>, evaluation: &Evaluation, attractive: f64) -> Vec<Note> {
    let calibration = &input.calibration;
    let mut notes = vec![Note::info(
        "phase_convention",
        format!(
            "phase read as '{}', reference '{}', free phase {:.3} deg as stored, lag in free air {:.3} deg, formula '{}'",
            calibration.convention.name(),
            calibration.reference.name(),
            calibration.free_phase,
            evaluation.free_lag,
            method.form.name()
        ),
    )];
    notes.extend(amplitude_note(input.amplitude_source));
    if method.phase == PhaseMap::Corrected {
        notes.push(Note::info(
            "phase_corrected",
            "the phase was freed of its correlation with the height by dafm.topography first",
        ));
    }
    let quality = calibration.cantilever.quality_factor;
    if calibration.reference == Reference::FreeIs90 && calibration.detuning() > 0.1 / quality {
        notes.push(Note::warning(
            "drive_off_resonance",
            format!(
                "the phase was set to 90 deg in air, but |f/f0 - 1| = {:.2e} exceeds 1/(10 Q) = {:.2e}; the free lag of the model is {:.2} deg. \
                 Compare the table phase_reference_scan",
                calibration.detuning(),
                0.1 / quality,
                calibration.cantilever.free_lag()
            ),
        ));
    }
    if attractive > MIXED_REGIME && 1.0 - attractive > MIXED_REGIME {
        notes.push(Note::warning(
            "bistable_or_mixed_regime",
            format!(
                "{:.2} % of the pixels have a lag above 90 deg (attractive), the rest below (repulsive): sin(lag) folds there, so the order of \
                 the pixels and percentile thresholds depend on the phase reference",
                100.0 * attractive
            ),
        ));
    }
    let ratio = Spread::of(&evaluation.ratio).mean;
    if ratio < LOW_AMPLITUDE_RATIO {
        notes.push(Note::info(
            "higher_harmonics",
            format!(
                "the mean amplitude is {ratio:.3} of the free one: the higher harmonics grow. In virtual taps at A/A_f = 0.15 the second harmonic has \
                 0.5 % (Q 400) to 2.5 % (Q 60) of the amplitude, and this formula misses 0.1 to 1.2 % of the energy"
            ),
        ));
    }
    if input.directions_differ {
        let message =
            "phase and amplitude were recorded in different directions: their pixels are not of the same passage of the tip";
        notes.push(Note::warning("directions_differ", message));
    }
    if !input.without_error.is_empty() {
        notes.push(Note::warning(
            "constants_without_error",
            format!(
                "stated without an error, and so absent from the systematic error: {}. Write them as \"40 +- 4 N/m\"",
                input.without_error.join(", ")
            ),
        ));
    }
    let pitch = input.phase.pixel_pitch().unwrap_or((1.0, 1.0));
    if spatial_mean(evaluation.energy.view(), pitch).is_some_and(|spatial| spatial.line_noise) {
        notes.push(Note::warning(
            "scan_line_noise",
            "offsets between scan lines dominate the uncertainty of the mean; they are in its interval, and in the spread of the energy as well",
        ));
    }
    notes.push(Note::info(
        "assumptions",
        "one harmonic, damping by the medium as in free air, Q above about 10 (air or vacuum); higher harmonics carry energy when A/A_f is small",
    ));
    notes
}

fn amplitude_note(source: AmplitudeSource) -> Option<Note> {
    match source {
        AmplitudeSource::Measured => None,
        AmplitudeSource::SetpointAndError => {
            Some(Note::info("amplitude_from_setpoint", "amplitude of each pixel = set point and the recorded amplitude error"))
        }
        AmplitudeSource::SetpointAlone => Some(Note::warning(
            "feedback_error_becomes_dissipation",
            "the amplitude was taken as the set point everywhere: the feedback error becomes dissipation. Give an amplitude or amplitude-error map",
        )),
    }
}
