//! Numbers, notes and tables.

use super::algorithm::{Geometry, Model, SpectrumFit};
use super::analysis::{DECISIVE, Findings, PERIODS, Plan, SIGNIFICANT, Verdict, analyse};
use super::error::LengthError;
use super::{CharacteristicLength, Input, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{Map, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::core::unit::format_significant;
use crate::method::MethodError;
use crate::methods::haadf::brightness::{Brightness, GreyScale};
use crate::methods::haadf::preparation::{Background, Levelled, level};

/// Quantity of the image without its background.
pub(super) const LEVELLED_MAP: &str = "levelled_intensity";
/// Least standard deviation of the peak, in rings, for an interval.
const NARROWEST: f64 = 2.3;
/// Least share of the amplitude at the peak that the probe must leave for an interval.
const LEFT_BY_PROBE: f64 = 0.1;

pub(super) fn outcome(method: &CharacteristicLength, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let valid = input.image.map.valid();
    let no_fit = || LengthError::NoFit { rings: "few".to_owned() };
    let levelled = level(&input.image.map.values.view(), &valid.view(), input.pitch, method.background, input.background_width)
        .ok_or_else(no_fit)?;
    let plan = Plan {
        pitch: input.pitch,
        lowest: levelled.lowest,
        geometry: input.geometry,
        surrogates: method.surrogates,
        view: input.view,
    };
    let findings = analyse(&levelled.values.view(), &plan, ctx)?.ok_or_else(no_fit)?;
    let mean = mean(&input.image.map);
    let mut notes = judgement(&findings);
    notes.extend(remarks(method, input, &levelled, &findings));
    let image = Map {
        quantity: LEVELLED_MAP.to_owned(),
        name: LEVELLED_MAP.to_owned(),
        mask: None,
        array: None,
        values: levelled.values.clone(),
        ..input.image.map.as_ref().clone()
    };
    let mut estimates = lengths(&findings);
    estimates.extend(contrast(input, &findings, mean));
    estimates.push(Estimate::without_interval(
        "background_share",
        "",
        levelled.removed,
        "",
        "follows from the image and the chosen background without error",
    ));
    Ok(Outcome {
        estimates,
        tables: vec![table(&findings)],
        figures: figures::all(&image, &findings),
        maps: vec![image],
        notes,
        ..Outcome::default()
    })
}

fn mean(map: &Map) -> f64 {
    let values = map.valid_values();
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn interval_of(key: &str, symbol: &str, value: f64, ln_error: f64, why_none: &str) -> Estimate {
    if !ln_error.is_finite() {
        return Estimate::without_interval(key, symbol, value, "m", why_none);
    }
    let ends = (value * (-NORMAL_95 * ln_error).exp(), value * (NORMAL_95 * ln_error).exp());
    Estimate::with_interval(key, symbol, value, "m", ends, Basis::Likelihood).std_error(value * ln_error)
}

fn lengths(findings: &Findings) -> Vec<Estimate> {
    let verdict = findings.verdict();
    let check = "a check; lengths of the autocorrelation depend on the type of structure";
    let mut estimates = Vec::new();
    if verdict == Verdict::Yes {
        let width = findings.shell.shape[1] / findings.shell.shape[0] * findings.periods;
        let length = if width < NARROWEST {
            let why = "the peak is narrower than what the coverage of the interval was measured for";
            Estimate::without_interval("length_psd", "L", findings.length(), "m", why)
        } else if findings.left_by_probe() < LEFT_BY_PROBE {
            let why = "the probe leaves less than a tenth of the amplitude at this length: its stated width decides";
            Estimate::without_interval("length_psd", "L", findings.length(), "m", why)
        } else {
            interval_of("length_psd", "L", findings.length(), findings.shell.ln_errors[0], "the likelihood is flat")
        };
        estimates.push(length.n(findings.data.n_modes()));
    }
    let decided = "a decision between two models";
    let has = f64::from(u8::from(verdict == Verdict::Yes));
    if verdict != Verdict::FieldTooSmall {
        estimates.push(Estimate::without_interval("has_characteristic_length", "", has, "", decided));
    }
    estimates.push(Estimate::without_interval("peak_advantage", "ΔBIC", findings.advantage, "", decided));
    if let Some(null) = &findings.null {
        estimates
            .push(Estimate::without_interval("p_no_length", "p", null.p, "", "a probability").n(null.advantages.len() as f64));
    }
    if verdict == Verdict::Yes {
        let width = findings.shell.shape[1] / findings.shell.shape[0];
        estimates.push(Estimate::without_interval("periods", "N", findings.periods, "", "follows from the length"));
        let why = "the width of a peak depends on the model of its foot";
        estimates.push(Estimate::without_interval("peak_width", "w/k_0", width, "", why));
        if let Some(acf) = &findings.autocorrelation {
            let lengths = [
                ("length_acf", "L_max", acf.from_maximum),
                ("length_acf_minimum", "2 r_min", acf.from_minimum),
                ("length_acf_zero", "4 r_0", acf.from_zero),
                ("xi_envelope", "ξ", acf.envelope),
            ];
            let given = lengths.into_iter().filter_map(|(key, symbol, length)| Some((key, symbol, length?)));
            estimates.extend(given.map(|(key, symbol, length)| Estimate::without_interval(key, symbol, length, "m", check)));
        }
        if let Some(fit) = &findings.teubner_strey {
            let why = "its coverage has not been measured on enough images; the standard error is that of the likelihood";
            for (index, (key, symbol)) in [("teubner_strey_d", "d"), ("teubner_strey_xi", "ξ")].into_iter().enumerate() {
                let estimate = Estimate::without_interval(key, symbol, fit.shape[index], "m", why).flag("model_dependent");
                let error = fit.shape[index] * fit.ln_errors[index];
                estimates.push(if error.is_finite() { estimate.std_error(error) } else { estimate });
            }
        }
    }
    // A length of any random image, with or without a peak.
    if let Some(integral) = findings.autocorrelation.as_ref().and_then(|acf| acf.integral) {
        estimates.push(Estimate::without_interval("integral_length", "ℓ", integral, "m", check));
    }
    estimates
}

fn contrast(input: &Input<'_>, findings: &Findings, mean: f64) -> Vec<Estimate> {
    let signal = (findings.variance - findings.noise_variance).max(0.0).sqrt();
    let unit = input.image.map.unit.symbol();
    let one_field = "one field; compare several fields of the same state";
    let mut estimates = Vec::new();
    if let Some(dark) = input.image.dark_level.filter(|dark| mean > *dark && input.image.scale == GreyScale::Linear) {
        estimates.push(Estimate::without_interval("contrast_sd", "σ_s/I", signal / (mean - dark), "", one_field));
    }
    estimates.push(Estimate::without_interval("signal_sd", "σ_s", signal, unit, one_field));
    let noise = findings.noise_variance.max(0.0).sqrt();
    estimates.push(Estimate::without_interval("noise_sd", "σ_n", noise, unit, "the floor of the fitted spectrum"));
    estimates
}

fn judgement(findings: &Findings) -> Vec<Note> {
    let periods = format_significant(findings.periods, 2);
    match findings.verdict() {
        Verdict::Yes if findings.periods < PERIODS.1 => vec![Note::warning(
            "small_field",
            format!(
                "only {periods} wavelengths fit across the smaller side; {} are needed for a length one can rely on",
                PERIODS.1
            ),
        )],
        Verdict::Yes => Vec::new(),
        Verdict::FieldTooSmall => vec![Note::refused(
            "insufficient_field",
            format!(
                "the peak would have {periods} wavelengths across the smaller side; fewer than {} cannot be told from slow variations; take a larger field",
                PERIODS.0
            ),
        )],
        Verdict::No => {
            let p = findings.null.as_ref().map_or(String::new(), |null| {
                format!(", and {} of simulated images without a peak do as well", format_significant(null.p, 2))
            });
            vec![Note::refused(
                "no_characteristic_length",
                format!(
                    "no characteristic length: a peak makes the criterion of Bayes better by {} (more than {DECISIVE} and p < {SIGNIFICANT} are needed){p}",
                    format_significant(findings.advantage, 2)
                ),
            )]
        }
    }
}

fn remarks(method: &CharacteristicLength, input: &Input<'_>, levelled: &Levelled, findings: &Findings) -> Vec<Note> {
    let mut notes = Vec::new();
    let total = input.image.map.values.len() as f64;
    let missing = 1.0 - input.image.map.valid_values().len() as f64 / total;
    if missing > 0.2 {
        let message = format!(
            "{:.0} % of the pixels are missing; they are unknown, not zero, and the interval is wider",
            100.0 * missing
        );
        notes.push(Note::warning("missing_pixels", message));
    }
    if method.background == Background::Gaussian && findings.verdict() == Verdict::Yes {
        let ratio = input.background_width / findings.length();
        if ratio < 4.0 {
            let message = format!(
                "the background is only {} lengths wide; taking it off makes a peak of its own; at least 4 are needed",
                format_significant(ratio, 2)
            );
            notes.push(Note::warning("narrow_background", message));
        }
    }
    if findings.verdict() == Verdict::Yes && input.geometry.is_none() {
        notes.push(Note::info(
            "geometry_not_stated",
            "Teubner and Strey's lengths are not given: state geometry = \"projection\" or \"slice\", which changes them",
        ));
    }
    if findings.shell.model == Model::ShellOnBackground {
        notes.push(Note::info(
            "peak_on_background",
            "the peak stands on a background that falls with the wave number, as of sharp interfaces or an uneven foil",
        ));
    }
    if input.view.probe > 0.0 && findings.verdict() == Verdict::Yes {
        let message = format!(
            "the probe leaves {:.0} % of the amplitude at this length, which is allowed for; contrasts are those of the image, behind the probe",
            100.0 * findings.left_by_probe()
        );
        notes.push(Note::info("probe_allowed_for", message));
    }
    if findings.verdict() == Verdict::Yes && input.geometry == Some(Geometry::Projection) && input.view.thickness == 0.0 {
        notes.push(Note::info(
            "foil_thickness_not_stated",
            "the projection is taken for that of a foil without end: one of ten lengths is found a few percent too long; state foil_thickness",
        ));
    }
    notes.extend(brightness_note(&input.image));
    let share = format_significant(100.0 * levelled.removed, 2);
    notes.push(Note::info("background_removed", format!("{share} % of the variance went with the background")));
    notes
}

/// What the scale of the image allows.
fn brightness_note(image: &Brightness<'_>) -> Option<Note> {
    match (image.scale, image.dark_level) {
        (GreyScale::Display, _) => {
            Some(Note::warning("display_values", "the values are made for display; lengths are given, contrasts are not"))
        }
        (GreyScale::Unknown, Some(_)) => Some(Note::info(
            "intensity_scale_not_stated",
            "the contrast is not given: state intensity_scale = \"linear\" where the values follow the counts",
        )),
        (_, None) => {
            Some(Note::info("dark_level_not_stated", "the contrast is not given: state dark_level, the reading without beam"))
        }
        (GreyScale::Linear, Some(_)) => image.is_inverted.then(|| {
            Note::info("gamma_undone", "the stated gamma is undone; values are proportional to counts, in a unit of their own")
        }),
    }
}

fn table(findings: &Findings) -> Table {
    let data = &findings.data;
    let of = |fit: &SpectrumFit| data.frequency.iter().map(|k| fit.at(*k)).collect::<Vec<f64>>();
    Table::new("radial_spectrum", "Spectrum by frequency (cycles per metre): variance per pixel, as measured and as fitted")
        .with_numbers("frequency", "1/m", data.frequency.clone())
        .with_numbers("power", "", data.power.clone())
        .with_numbers("modes", "", data.modes.clone())
        .with_numbers("with_peak", "", of(&findings.shell))
        .with_numbers("without_peak", "", of(&findings.plain))
}
