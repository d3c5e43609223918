//! Numbers, notes and tables.

use ndarray::{Array2, ArrayView2};

use super::algorithm::{Chance, Contrast, chance, fisher_interval, fractions, partial, pearson, ranks};
use super::{CompositionCorrelation, Input, figures, usable};
use crate::core::ctx::Ctx;
use crate::core::data::{Map, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::{Unit, format_significant};
use crate::core::whittle::SpectralGrid;
use crate::method::MethodError;
use crate::methods::haadf::brightness::GreyScale;
use crate::methods::haadf::characteristic_length::algorithm::{Effort, with_peak, without_peak};
use crate::methods::haadf::characteristic_length::analysis::TAPER;
use crate::methods::haadf::characteristic_length::rings::Rings;
use crate::methods::haadf::preparation::{level, variance};
use crate::theory::instruments::z_contrast_density_ratio;

/// Quantity of the map of the atomic fraction.
pub(super) const FRACTION_MAP: &str = "atomic_fraction_a";
/// Quantity of the image that is correlated.
pub(super) const IMAGE_MAP: &str = "levelled_intensity";
/// Exponents of the contrast that the table always shows.
const EXPONENTS: [f64; 3] = [1.6, 1.7, 2.0];
/// Least share of structure in the variance of a map for a correction of noise.
const LEAST_RELIABILITY: f64 = 0.1;

/// Image and fraction as they are compared.
pub(super) struct Found {
    pub image: Array2<f64>,
    pub fraction: Array2<f64>,
    pub r: f64,
    pub chance: Chance,
    /// Share of structure, not noise, in the variance of image and fraction.
    pub reliability: [f64; 2],
    pub contrast: Option<Contrast>,
}

pub(super) fn outcome(method: &CompositionCorrelation, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let pitch = input.image.map.pixel_pitch().unwrap_or((1.0, 1.0));
    let raw = usable(&input.image.map);
    let fraction = fractions(&usable(input.elements[0]).view(), &usable(input.elements[1]).view(), input.mean_fraction);
    let levelled = |map: &Array2<f64>| {
        let valid = map.mapv(f64::is_finite);
        level(&map.view(), &valid.view(), pitch, method.background, 0.0).map_or_else(|| map.clone(), |found| found.values)
    };
    let (image, composition) = (levelled(&raw), levelled(&fraction));
    let r = pearson(&image.view(), &composition.view());
    let chance = chance(&image.view(), &composition.view(), pitch, method.surrogates, ctx)?;
    let reliability = [&image, &composition].map(|map| reliability(&map.view(), pitch));
    let mut found = Found { r, chance, reliability, contrast: None, image, fraction: composition };
    found.contrast = contrast(input, &raw, &fraction, &found);
    let raw_r = pearson(&raw.view(), &fraction.view());
    let mut estimates = correlations(&found, raw_r);
    estimates.extend(given_thickness(input, &found, &levelled));
    estimates.extend(densities(input, &found));
    let notes = notes(input, &found);
    let map = |quantity: &str, values: &Array2<f64>, unit: Unit| Map {
        quantity: quantity.to_owned(),
        name: quantity.to_owned(),
        unit,
        mask: None,
        array: None,
        least_significant_bit: None,
        values: values.clone(),
        ..input.image.map.as_ref().clone()
    };
    let maps = vec![map(IMAGE_MAP, &found.image, input.image.map.unit.clone()), map(FRACTION_MAP, &fraction, Unit::one())];
    let mut figures = figures::all(input, &found, &fraction);
    let mut tables: Vec<Table> = density_table(input, &found).into_iter().collect();
    if let Some(line) = &input.line {
        let (distance, [brightness, of_a]) =
            (line.distances(pitch), [&raw, &fraction].map(|map| line.means(&map.view(), pitch)));
        figures.push(figures::profile(input, &distance, &brightness, &of_a));
        tables.push(
            Table::new("profile", "Brightness and atomic fraction of A along the line, averaged across it")
                .with_numbers("distance", "m", distance)
                .with_numbers("intensity", input.image.map.unit.symbol(), brightness)
                .with_numbers(FRACTION_MAP, "", of_a),
        );
    }
    Ok(Outcome { estimates, tables, figures, maps, notes, ..Outcome::default() })
}

/// Share of the variance that is not white noise, from the floor of the fitted spectrum; NaN where none can be fitted.
fn reliability(values: &ArrayView2<'_, f64>, pitch: (f64, f64)) -> f64 {
    let valid = values.mapv(f64::is_finite);
    let Some(grid) = SpectralGrid::new(&valid.view(), pitch, TAPER, 0) else { return f64::NAN };
    let data = Rings::new(&grid, 0.0).average(&grid.periodogram(values));
    let fits = with_peak(&data, Effort::Fine).into_iter().chain(without_peak(&data, Effort::Fine));
    let best = fits.min_by(|a, b| a.bic.total_cmp(&b.bic));
    best.map_or(f64::NAN, |fit| 1.0 - fit.noise_variance() / variance(values, &valid.view()))
}

impl Found {
    /// What noise leaves of a correlation; `None` where a map is nearly all noise.
    fn attenuation(&self) -> Option<f64> {
        let enough = self.reliability.iter().all(|share| *share > LEAST_RELIABILITY);
        enough.then(|| (self.reliability[0] * self.reliability[1]).sqrt())
    }

    /// The correlation of the structures, with its interval.
    fn corrected(&self) -> Option<(f64, Option<(f64, f64)>)> {
        let attenuation = self.attenuation()?;
        let value = |r: f64| (r / attenuation).clamp(-1.0, 1.0);
        let interval = fisher_interval(self.r, self.chance.n_effective).map(|(lo, hi)| (value(lo), value(hi)));
        Some((value(self.r), interval))
    }
}

fn correlations(found: &Found, raw_r: f64) -> Vec<Estimate> {
    let n = found.chance.n_effective;
    let few = "fewer than five independent pairs";
    let with = |key: &str, symbol: &str, r: f64| match fisher_interval(r, n) {
        Some(ends) => Estimate::with_interval(key, symbol, r, "", ends, Basis::Bootstrap).n(n),
        None => Estimate::without_interval(key, symbol, r, "", few).n(n),
    };
    let without = |key: &str, symbol: &str, value: f64, why: &str| Estimate::without_interval(key, symbol, value, "", why);
    let spearman = pearson(&ranks(&found.image.view()).view(), &ranks(&found.fraction.view()).view());
    let mut estimates = vec![
        with("pearson_r", "r", found.r),
        without("pearson_r_raw", "r_raw", raw_r, "slow variations in common have few independent pairs"),
        without("spearman_r", "ρ_S", spearman, "the interval of pearson_r holds for it approximately").n(n),
        without("p_surrogate", "p", found.chance.p, "a probability").n(found.chance.coefficients.len() as f64),
        without("n_effective", "n_eff", n, "from the spectra of both maps"),
    ];
    if let Some((r, _)) = found.corrected() {
        let why = "the noise floor of both maps has an error of its own that is not followed";
        estimates.push(without("corrected_r", "r_c", r, why).n(n));
    }
    estimates
}

fn given_thickness(input: &Input<'_>, found: &Found, levelled: &impl Fn(&Array2<f64>) -> Array2<f64>) -> Option<Estimate> {
    let thickness = levelled(&usable(input.thickness?));
    let with_image = pearson(&found.image.view(), &thickness.view());
    let with_fraction = pearson(&found.fraction.view(), &thickness.view());
    let r = partial(found.r, with_image, with_fraction);
    let n = found.chance.n_effective - 1.0;
    r.is_finite().then(|| match fisher_interval(r, n) {
        Some(ends) => Estimate::with_interval("partial_r", "r_t", r, "", ends, Basis::Bootstrap).n(n),
        None => Estimate::without_interval("partial_r", "r_t", r, "", "fewer than five independent pairs"),
    })
}

fn contrast(input: &Input<'_>, raw: &Array2<f64>, fraction: &Array2<f64>, found: &Found) -> Option<Contrast> {
    found.attenuation()?;
    let dark = input.image.dark_level.filter(|_| input.image.scale == GreyScale::Linear)?;
    let mean = |map: &Array2<f64>| {
        let used: Vec<f64> = map.iter().copied().filter(|v| v.is_finite()).collect();
        used.iter().sum::<f64>() / used.len().max(1) as f64
    };
    let above = mean(raw) - dark;
    let sd =
        |map: &Array2<f64>, reliability: f64| (reliability * variance(&map.view(), &map.mapv(f64::is_finite).view())).sqrt();
    (above > 0.0).then(|| Contrast {
        fraction: mean(fraction),
        fraction_sd: sd(&found.fraction, found.reliability[1]),
        intensity_sd: sd(&found.image, found.reliability[0]) / above,
    })
}

fn densities(input: &Input<'_>, found: &Found) -> Vec<Estimate> {
    let mut estimates = Vec::new();
    let one_field = "from the fitted noise floor of one field";
    if let Some(contrast) = &found.contrast {
        estimates.push(Estimate::without_interval("fraction_sd", "σ_c", contrast.fraction_sd, "", one_field));
    }
    let (Some(numbers), Some(exponent)) = (input.atomic_numbers, &input.exponent) else { return estimates };
    if let Some((contrast, (r, interval))) = found.contrast.as_ref().zip(found.corrected()) {
        let ratio = |r: f64, g: f64| contrast.density_ratio(r, numbers, g);
        let value = ratio(r, exponent.value);
        let why = "few independent pairs, or a noise floor that is not known well enough";
        let mut estimate = Estimate::without_interval("number_density_ratio", "n_1/n_2", value, "", why);
        if let Some((lo, hi)) = interval {
            estimate = estimate.std_error(0.25 * (ratio(hi, exponent.value) - ratio(lo, exponent.value)).abs());
        }
        if let Some(error) = exponent.std_error {
            estimate =
                estimate.systematic_error(0.5 * (ratio(r, exponent.value + error) - ratio(r, exponent.value - error)).abs());
        }
        estimates.push(estimate.flag("equal_thickness_assumed"));
    }
    let (light, heavy) = (numbers[0].min(numbers[1]), numbers[0].max(numbers[1]));
    if let Ok(ratio) = z_contrast_density_ratio(light, heavy, exponent.value) {
        let mut estimate =
            Estimate::without_interval("pure_density_ratio", "(Z_B/Z_A)^g", ratio, "", "a closed form of the constants");
        if let Some(error) = exponent.std_error {
            estimate = estimate.systematic_error(ratio * (heavy / light).ln() * error);
        }
        estimates.push(estimate);
    }
    estimates
}

/// Density ratios for the usual exponents: of what is measured, and of pure phases.
fn density_table(input: &Input<'_>, found: &Found) -> Option<Table> {
    let numbers = input.atomic_numbers?;
    let (contrast, (r, _)) = found.contrast.as_ref().zip(found.corrected())?;
    let (light, heavy) = (numbers[0].min(numbers[1]), numbers[0].max(numbers[1]));
    Some(
        Table::new("density_ratio", "Ratio of atoms per volume by exponent of the contrast")
            .with_numbers("contrast_exponent", "", EXPONENTS.to_vec())
            .with_numbers("number_density_ratio", "", EXPONENTS.map(|g| contrast.density_ratio(r, numbers, g)).to_vec())
            .with_numbers("pure_density_ratio", "", EXPONENTS.map(|g| (heavy / light).powf(g)).to_vec()),
    )
}

fn notes(input: &Input<'_>, found: &Found) -> Vec<Note> {
    let mut notes = Vec::new();
    let percent = |share: f64| format_significant(100.0 * share, 2);
    let [image, fraction] = found.reliability;
    if found.attenuation().is_some() {
        notes.push(Note::info(
            "noise_share",
            format!(
                "{} % of the variance of the image and {} % of that of the atomic fraction are white noise",
                percent(1.0 - image),
                percent(1.0 - fraction)
            ),
        ));
    } else {
        notes.push(Note::warning(
            "nearly_all_noise",
            "image or atomic fraction are nearly all noise; correlations are not corrected for it, and no density is given",
        ));
    }
    if input.image.scale == GreyScale::Display {
        notes.push(Note::refused("display_values", "no density from values made for display; use the raw counts"));
    } else if input.image.scale == GreyScale::Unknown {
        notes.push(Note::refused(
            "intensity_scale_not_stated",
            "no density without intensity_scale = \"linear\": values made for display have none",
        ));
    } else if input.image.dark_level.is_none() {
        notes.push(Note::refused(
            "dark_level_not_stated",
            "no density without dark_level, the reading of the detector without beam",
        ));
    } else if input.atomic_numbers.is_none() || input.exponent.is_none() {
        notes
            .push(Note::info("no_density", "for a density ratio state atomic_number_a, atomic_number_b and contrast_exponent"));
    } else {
        notes.push(Note::info(
            "density_is_inferred",
            "a density ratio is an inference: it needs equal thickness, no channelling, and a known exponent of the contrast",
        ));
    }
    notes
}
