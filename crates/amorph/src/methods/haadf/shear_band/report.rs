//! Numbers, notes and the table.

use rayon::prelude::*;

use super::algorithm::{HalfWaves, Profile, half_waves, profile, red_noise, strongest_wave};
use super::error::BandError;
use super::{Input, ShearBand, figures};
use crate::core::ctx::{Cancelled, Ctx};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::{derive_seed, standard_normals};
use crate::core::stats::NORMAL_95;
use crate::core::unit::format_significant;
use crate::method::MethodError;

/// Probability in red noise below which there is a wave.
const SIGNIFICANT: f64 = 0.05;
/// Wavelengths along the band below which a warning is given.
const FEW_PERIODS: f64 = 4.0;

pub(super) fn outcome(method: &ShearBand, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let (rows, columns) = input.values.dim();
    let found = profile(&input.values.view(), input.band);
    let found = found.ok_or(BandError::NoMatrix { width: 2.0 * input.band.half_width, row: input.band.row, rows })?;
    let (x, y): (Vec<f64>, Vec<f64>) = found
        .excess
        .iter()
        .enumerate()
        .filter(|(_, excess)| excess.is_finite())
        .map(|(column, excess)| ((column as f64 + 0.5) * input.pitch.1, *excess))
        .unzip();
    if x.len() < columns / 2 || x.len() < super::SHORTEST {
        return Err(BandError::TooShort { columns: x.len(), needed: super::SHORTEST }.into());
    }
    let (explained, wavelength) = strongest_wave(&found.excess, input.pitch.1);
    let p = chance(&found.excess, input.pitch.1, explained, method.surrogates, ctx)?;
    let waves = if p < SIGNIFICANT { half_waves(&x, &y, wavelength) } else { None };
    let length = x[x.len() - 1] - x[0];
    let mut estimates = vec![];
    if let Some(waves) = &waves {
        estimates = numbers(waves, length);
    }
    let n = method.surrogates as f64;
    estimates.push(Estimate::without_interval("p_wave", "p", p, "", "a probability").n(n));
    let found_how = if input.is_found { "the row around which the image varies most" } else { "stated" };
    estimates.push(Estimate::without_interval("band_row", "y_b", input.band.row, "", found_how));
    Ok(Outcome {
        estimates,
        tables: vec![
            Table::new("band_profile", "Relative excess of the band over the matrix along the band")
                .with_numbers("position", "m", x.clone())
                .with_numbers("excess", "", y.clone()),
        ],
        figures: figures::all(input, &x, &y, waves.as_ref()),
        maps: vec![input.map.clone()],
        notes: notes(p, waves.as_ref(), length, &found),
        ..Outcome::default()
    })
}

fn chance(y: &[f64], pitch: f64, explained: f64, n: usize, ctx: &Ctx) -> Result<f64, Cancelled> {
    let one = |index: usize| {
        ctx.check_cancelled()?;
        let deviates = standard_normals(derive_seed(ctx.seed, &["haadf_shear_band".into(), index.into()]), y.len());
        Ok(usize::from(strongest_wave(&red_noise(y, &deviates), pitch).0 >= explained))
    };
    let above: Vec<usize> = (0..n).into_par_iter().map(one).collect::<Result<_, Cancelled>>()?;
    Ok((above.into_iter().sum::<usize>() + 1) as f64 / (n + 1) as f64)
}

fn numbers(waves: &HalfWaves, length: f64) -> Vec<Estimate> {
    let with = |key: &str, symbol: &str, value: f64, error: f64, unit: &str| {
        let ends = (value - NORMAL_95 * error, value + NORMAL_95 * error);
        Estimate::with_interval(key, symbol, value, unit, ends, Basis::Likelihood).std_error(error)
    };
    let [wavelength, dense, dilated] = waves.errors;
    let ratio = waves.dense / waves.dilated;
    let relative = (dense / waves.dense).hypot(dilated / waves.dilated);
    vec![
        with("wavelength_band", "λ_b", waves.wavelength, wavelength, "m"),
        with("amplitude_dense", "A_+", waves.dense, dense, ""),
        with("amplitude_dilated", "A_-", waves.dilated, dilated, ""),
        Estimate::without_interval(
            "amplitude_ratio",
            "A_+/A_-",
            ratio,
            "",
            "the distribution of a ratio is skewed; see both heights",
        )
        .std_error((ratio * relative).abs()),
        Estimate::without_interval("periods", "N", length / waves.wavelength, "", "follows from the wavelength"),
    ]
}

fn notes(p: f64, waves: Option<&HalfWaves>, length: f64, profile: &Profile) -> Vec<Note> {
    let mut notes = vec![Note::info(
        "equal_thickness",
        format!(
            "the excess is that of {} rows of the band over {} rows of matrix; it is one of density if the foil is equally thick across the band",
            profile.band_rows, profile.matrix_rows
        ),
    )];
    match waves {
        None if p >= SIGNIFICANT => {
            let message = format!("no wave: red noise gives one as strong with probability {}", format_significant(p, 2));
            notes.push(Note::refused("no_wave", message));
        }
        None => notes.push(Note::refused("no_fit", "half waves cannot be fitted to the profile; look at the figure")),
        Some(waves) => {
            let periods = length / waves.wavelength;
            if periods < FEW_PERIODS {
                let message = format!(
                    "only {} wavelengths along the band; at least {FEW_PERIODS} are needed",
                    format_significant(periods, 2)
                );
                notes.push(Note::warning("few_periods", message));
            }
            if waves.residual_correlation > 0.3 {
                let message = format!(
                    "neighbouring residuals are correlated ({}): the profile is not made of half waves alone; errors are widened",
                    format_significant(waves.residual_correlation, 2)
                );
                notes.push(Note::warning("correlated_residuals", message));
            }
        }
    }
    notes
}
