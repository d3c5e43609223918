//! Numbers, notes and tables.

use ndarray::Array2;
use rayon::prelude::*;

use super::algorithm::{LogRatio, NoRatio, log_ratio};
use super::error::ThicknessError;
use super::{Input, Thickness, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{Map, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::core::unit::{Unit, format_significant};
use crate::method::MethodError;
use crate::methods::haadf::spectra::Loaded;

/// Quantity of the map of t/lambda.
pub(super) const RATIO_MAP: &str = "t_over_lambda";
/// Relative error of a mean free path from the formula.
const PATH_ERROR: f64 = 0.2;
/// Thickness over the mean free path above which plural scattering escapes the spectrometer.
const THICK: f64 = 2.0;
/// Plausible mean free paths, m.
const PATHS: (f64, f64) = (20e-9, 400e-9);

pub(super) fn outcome(method: &Thickness, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let loaded = input.spectra.load(&(0..input.spectra.n_channels()), ctx)?;
    let axis = input.spectra.axis();
    let ratio = |spectrum: &[f32]| {
        let electrons: Vec<f64> = spectrum.iter().map(|count| f64::from(*count) / method.counts_per_electron).collect();
        log_ratio(&electrons, axis)
    };
    let total: Vec<f64> =
        loaded.counts.columns().into_iter().map(|column| column.iter().map(|v| f64::from(*v)).sum()).collect();
    let sum: Vec<f32> = total.iter().map(|count| *count as f32).collect();
    let whole = ratio(&sum).map_err(|reason| no_ratio(reason, input, sum.len()))?;
    let rows: Vec<Vec<f32>> = loaded.counts.rows().into_iter().map(|row| row.to_vec()).collect();
    let places: Vec<Result<LogRatio, NoRatio>> = rows.par_iter().map(|row| ratio(row)).collect();
    let mut outcome = Outcome { notes: notes(method, input, &whole), ..Outcome::default() };
    let good: Vec<&LogRatio> = places.iter().flatten().collect();
    if places.len() == 1 || good.is_empty() {
        outcome.estimates = one(input, &whole);
    } else {
        let failed = places.len() - good.len();
        if failed > 0 {
            let message =
                format!("{failed} of {} places give no ratio (no peak, or no counts); they are empty in the map", places.len());
            outcome.notes.push(Note::warning("places_without_ratio", message));
        }
        outcome.estimates = many(input, &good, &whole);
        outcome.maps.push(map(&loaded, &places));
    }
    outcome.estimates.push(Estimate::without_interval("beyond_axis", "", whole.beyond, "", "an extrapolation by a power law"));
    outcome.figures = figures::all(&total, axis, &whole, outcome.maps.first());
    outcome.tables = vec![methods_table(&whole)];
    Ok(outcome)
}

fn no_ratio(reason: NoRatio, input: &Input<'_>, n: usize) -> ThicknessError {
    let axis = input.spectra.axis();
    let reason = match reason {
        NoRatio::NoZeroLoss => "the highest peak is too wide for one",
        NoRatio::Cut => "the highest peak touches its beginning",
        NoRatio::Empty => "there are no counts above the dark level, or none beyond the peak",
    };
    ThicknessError::NoZeroLoss { first: axis.first, last: axis.first + axis.step * (n - 1) as f64, reason }
}

/// By how much the choice of the zero loss moves t/lambda.
fn spread(ratio: &LogRatio) -> f64 {
    (ratio.t_over_lambda - ratio.by_fit).abs()
}

fn absolute(input: &Input<'_>, ratio: f64, counting: Option<f64>) -> Vec<Estimate> {
    let Some(path) = input.mean_free_path else { return Vec::new() };
    let from_formula = "a formula whose own error (20 %) is common to all places";
    let thickness = Estimate::without_interval("thickness", "t", ratio * path, "m", from_formula);
    let thickness = match counting {
        Some(error) => thickness.std_error(error * path),
        None => thickness,
    };
    vec![
        thickness.systematic_error(PATH_ERROR * ratio * path),
        Estimate::without_interval("mean_free_path", "λ", path, "m", from_formula).systematic_error(PATH_ERROR * path),
    ]
}

fn one(input: &Input<'_>, ratio: &LogRatio) -> Vec<Estimate> {
    let (value, error) = (ratio.t_over_lambda, ratio.counting_error);
    let ends = (value - NORMAL_95 * error, value + NORMAL_95 * error);
    let estimate = Estimate::with_interval("t_over_lambda", "t/λ", value, "", ends, Basis::Counting);
    let mut estimates = vec![estimate.std_error(error).systematic_error(spread(ratio))];
    estimates.extend(absolute(input, value, Some(error)));
    estimates
}

fn many(input: &Input<'_>, good: &[&LogRatio], whole: &LogRatio) -> Vec<Estimate> {
    let n = good.len() as f64;
    let mean = good.iter().map(|ratio| ratio.t_over_lambda).sum::<f64>() / n;
    let variance = good.iter().map(|ratio| (ratio.t_over_lambda - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
    let counting = good.iter().map(|ratio| ratio.counting_error.powi(2)).sum::<f64>() / n;
    let field = "the mean of one field; its places are no repetitions";
    let mut estimates = vec![
        Estimate::without_interval("t_over_lambda", "t/λ", mean, "", field)
            .std_error((counting / n).sqrt())
            .systematic_error(spread(whole))
            .n(n),
    ];
    estimates.extend(absolute(input, mean, Some((counting / n).sqrt())));
    let sd = (variance - counting).max(0.0).sqrt();
    estimates.push(Estimate::without_interval("t_over_lambda_sd", "σ_{t/λ}", sd, "", field).n(n));
    estimates
}

fn map(loaded: &Loaded, places: &[Result<LogRatio, NoRatio>]) -> Map {
    let values = places.iter().map(|place| place.as_ref().map_or(f64::NAN, |ratio| ratio.t_over_lambda)).collect();
    let values = Array2::from_shape_vec(loaded.shape, values).unwrap_or_default();
    Map::new(RATIO_MAP, values, Unit::one(), loaded.extent.clone())
}

fn methods_table(ratio: &LogRatio) -> Table {
    let names = ["peak and mirrored flank", "Gaussian peak", "below the first minimum"];
    Table::new("zero_loss_choices", "Thickness over the mean free path by what is counted as zero loss (sum of all spectra)")
        .with_text("zero_loss", names.map(str::to_owned).to_vec())
        .with_numbers("t_over_lambda", "", vec![ratio.t_over_lambda, ratio.by_fit, ratio.by_minimum])
}

fn notes(method: &Thickness, input: &Input<'_>, ratio: &LogRatio) -> Vec<Note> {
    let mut notes = Vec::new();
    if ratio.saturated {
        notes.push(Note::warning(
            "saturated",
            "the top of the zero-loss peak is flat: the detector was saturated, and the thickness is too large",
        ));
    }
    if ratio.t_over_lambda > THICK {
        let message = format!(
            "t/lambda = {}: above {THICK} plural scattering leaves the spectrometer",
            format_significant(ratio.t_over_lambda, 3)
        );
        notes.push(Note::warning("thick", message));
    }
    if ratio.beyond > 0.02 {
        let message =
            format!("{} % of the electrons lie beyond the axis, by extrapolation", format_significant(100.0 * ratio.beyond, 2));
        notes.push(Note::warning("axis_too_short", message));
    }
    match input.mean_free_path {
        None => notes.push(Note::info(
            "no_mean_free_path",
            "for a thickness in nm state beam_voltage, convergence_semi_angle, collection_semi_angle and mass_density",
        )),
        Some(path) if !(PATHS.0..=PATHS.1).contains(&path) => notes.push(Note::warning(
            "implausible_mean_free_path",
            format!(
                "a mean free path of {} nm is not plausible; check the units of the angles",
                format_significant(path * 1e9, 3)
            ),
        )),
        Some(_) => {}
    }
    let message = format!(
        "zero loss at {} eV, {} eV wide; one electron is taken as {} counts",
        format_significant(ratio.zero, 3),
        format_significant(ratio.fwhm, 3),
        method.counts_per_electron
    );
    notes.push(Note::info("zero_loss", message));
    notes
}
