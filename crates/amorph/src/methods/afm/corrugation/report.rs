use std::f64::consts::FRAC_PI_2;

use super::algorithm::{
    LineSpectra, Lines, Peak, autocorrelation, coherence, crossing_distance, first_maximum, line_spectra, lines_along,
    meniscus_length, meniscus_wavelength,
};
use super::null::{Null, null};
use super::{Corrugation, CorrugationError, Input, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::image::polynomial_background;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::{derive_seed, rng};
use crate::core::stats::{Moments, student_t_quantile};
use crate::core::unit::format_significant;
use crate::method::MethodError;
use rand::RngExt;

/// A peak is claimed when this share of spectra without one stands out as far.
const SIGNIFICANT: f64 = 0.05;
/// Fewest blocks of a bootstrap.
const BLOCKS_MIN: usize = 8;
const LONG_CRESTS: &str =
    "the crests are so long that the map holds fewer than 8 independent blocks of lines; map a longer area along the crests";
/// Bins by which the peak of a replicate may lie beside the measured one.
const REPLICATE_REACH: usize = 3;

/// One direction of the map.
pub(super) struct Direction {
    pub name: &'static str,
    pub lines: Lines,
    pub spectra: LineSpectra,
    pub density: Vec<f64>,
    pub null: Null,
    pub peak: Option<Measured>,
    /// First maximum of the autocorrelation, m.
    pub autocorrelation_period: Option<f64>,
    /// Mean distance of crossings, m.
    pub profile_period: Option<f64>,
}

/// A peak with its errors, where the map holds enough independent blocks of lines.
#[derive(Clone, Copy)]
pub(super) struct Measured {
    pub peak: Peak,
    errors: Option<Errors>,
}

/// Standard errors of the logarithms of period and amplitude.
#[derive(Clone, Copy)]
struct Errors {
    log_period: f64,
    log_amplitude: f64,
    t: f64,
    n_blocks: usize,
}

pub(super) fn outcome(method: &Corrugation, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let values = input.map.values.mapv(|value| input.map.unit.to_si(value));
    let levelled = polynomial_background(&values.view(), None, 2, false).map_err(CorrugationError::from)?.values;
    let along = direction(method, input, &levelled, "along", input.direction, ctx)?;
    ctx.check_cancelled()?;
    let across = direction(method, input, &levelled, "across", input.direction + FRAC_PI_2, ctx)?;
    let mut outcome = Outcome::default();
    outcome.estimates.extend(estimates(&along, ""));
    outcome.estimates.extend(estimates(&across, "_across"));
    let claimed = along.peak.or(across.peak);
    outcome.estimates.extend(checks(if along.peak.is_some() { &along } else { &across }));
    outcome.estimates.extend(claimed.map(|found| needed_length(method, &found.peak)));
    outcome.tables =
        vec![peaks_table(&[&along, &across]), model_table(method, claimed.map(|found| 1.0 / found.peak.frequency))];
    outcome.notes = notes(method, &[&along, &across]);
    outcome.figures = figures::figures(&[&along, &across]);
    let (map, figure) = figures::spectrum_map(&levelled, input.pitch);
    outcome.maps.push(map);
    outcome.figures.push(figure);
    Ok(outcome)
}

fn direction(
    method: &Corrugation,
    input: &Input<'_>,
    levelled: &ndarray::Array2<f64>,
    name: &'static str,
    angle: f64,
    ctx: &Ctx,
) -> Result<Direction, MethodError> {
    let lines = lines_along(&levelled.view(), input.pitch, angle);
    let found = lines.values.ncols().min(lines.values.nrows());
    let too_small = CorrugationError::TooSmall { found, needed: 64.max(2 * method.blocks) };
    let spectra = line_spectra(&lines, method.blocks).ok_or(too_small)?;
    let density = spectra.mean(0..method.blocks);
    let highest = spectra.highest(&density);
    let seed = derive_seed(ctx.seed, &[name.into()]);
    let null = null(&spectra, &density, highest.1, method.surrogates, seed);
    let peak = spectra.peak(&density, highest).filter(|_| null.p <= SIGNIFICANT);
    let peak = peak.map(|peak| Measured { peak, errors: bootstrap(method, &lines, peak, seed) });
    let step = lines.step;
    Ok(Direction {
        name,
        autocorrelation_period: peak.and_then(|_| first_maximum(&autocorrelation(&lines))).map(|lag| lag * step),
        profile_period: peak.and_then(|found| crossing_distance(&lines, 1.0 / found.peak.frequency)),
        lines,
        spectra,
        density,
        null,
        peak,
    })
}

/// Draws blocks of lines with replacement, blocks of at least two independent lines; the peak of each replicate is looked for near
/// the measured one.
fn bootstrap(method: &Corrugation, lines: &Lines, peak: Peak, seed: u64) -> Option<Errors> {
    let coherence = coherence(lines, peak.frequency);
    let n = method.blocks.min((0.5 * coherence.independent_lines()) as usize);
    if n < BLOCKS_MIN {
        return None;
    }
    let spectra = line_spectra(lines, n)?;
    let (mut periods, mut amplitudes) = (Vec::new(), Vec::new());
    for replicate in 0..method.replicates {
        let mut generator = rng(derive_seed(seed, &["blocks".into(), replicate.into()]));
        let drawn: Vec<usize> = (0..n).map(|_| generator.random_range(0..n)).collect();
        let density = spectra.mean(drawn.into_iter());
        let near = peak.index.saturating_sub(REPLICATE_REACH)..(peak.index + REPLICATE_REACH + 1).min(density.len() - 1);
        let Some(index) = near.max_by(|a, b| density[*a].total_cmp(&density[*b])) else { continue };
        if let Some(found) = spectra.peak(&density, (index, peak.ratio)) {
            periods.push(-found.frequency.ln());
            amplitudes.push(found.amplitude.ln());
        }
    }
    // Blocks are few and touch: Student's quantile, the factor between drawing and sampling, what neighbours share.
    let correction = (n as f64 / (n as f64 - 1.0) / coherence.share_between_blocks(n)).sqrt();
    Some(Errors {
        log_period: Moments::of(&periods).ok()?.std_dev * correction,
        log_amplitude: Moments::of(&amplitudes).ok()?.std_dev * correction,
        t: student_t_quantile(0.975, n as f64 - 1.0).ok()?,
        n_blocks: n,
    })
}

fn estimates(direction: &Direction, suffix: &str) -> Vec<Estimate> {
    let Some(found) = &direction.peak else { return Vec::new() };
    let mark = if suffix.is_empty() { "" } else { "_⊥" };
    let with_error = |key: &str, symbol: &str, value: f64, log_error: fn(&Errors) -> f64| {
        let (key, symbol) = (format!("{key}{suffix}"), format!("{symbol}{mark}"));
        let Some(errors) = &found.errors else {
            return Estimate::without_interval(&key, &symbol, value, "m", LONG_CRESTS);
        };
        let half = errors.t * log_error(errors);
        let interval = (value * (-half).exp(), value * half.exp());
        Estimate::with_interval(&key, &symbol, value, "m", interval, Basis::Bootstrap)
            .std_error(value * log_error(errors))
            .n(errors.n_blocks as f64)
    };
    let why = "the width of the peak contains that of the window";
    let quality = found.peak.frequency / found.peak.width;
    vec![
        with_error("corrugation_period", "λ", 1.0 / found.peak.frequency, |errors| errors.log_period),
        with_error("corrugation_amplitude", "A", found.peak.amplitude, |errors| errors.log_amplitude),
        Estimate::without_interval(&format!("corrugation_quality{suffix}"), &format!("f/Δf{mark}"), quality, "", why),
    ]
}

/// Two other ways to the same period, without intervals.
fn checks(direction: &Direction) -> Vec<Estimate> {
    let why = "a check of the period";
    let checks = [
        ("autocorrelation_period", "λ_acf", direction.autocorrelation_period),
        ("profile_period", "λ_z", direction.profile_period),
    ];
    checks
        .into_iter()
        .filter_map(|(key, symbol, value)| Some(Estimate::without_interval(key, symbol, value?, "m", why)))
        .collect()
}

fn needed_length(method: &Corrugation, peak: &Peak) -> Estimate {
    let [soft, stiff] = &method.youngs_modulus;
    let strength = 0.05 * (soft.value + stiff.value);
    let needed = meniscus_length(1.0 / peak.frequency, method.surface_energy.value, strength);
    let why = "by the model alone; its range over the moduli is in the table";
    Estimate::without_interval("meniscus_length_needed", "δ", needed, "m", why).flag("model_dependent")
}

fn peaks_table(directions: &[&Direction]) -> Table {
    let column = |of: &dyn Fn(&Direction) -> f64| directions.iter().map(|direction| of(direction)).collect::<Vec<f64>>();
    let peak = |of: fn(&Peak) -> f64| move |direction: &Direction| direction.peak.map_or(f64::NAN, |found| of(&found.peak));
    Table::new("corrugation", "Highest bin above a falling spectrum, along and across the crack")
        .with_text("direction", directions.iter().map(|direction| direction.name.to_owned()).collect())
        .with_numbers("p", "", column(&|direction| direction.null.p))
        .with_numbers("height over background", "", column(&|direction| direction.spectra.highest(&direction.density).1))
        .with_numbers("reached by chance in 5 %", "", column(&|direction| direction.null.ratio_95))
        .with_numbers("period", "m", column(&peak(|peak| 1.0 / peak.frequency)))
        .with_numbers("amplitude", "m", column(&peak(|peak| peak.amplitude)))
        .with_numbers("width", "1/m", column(&peak(|peak| peak.width)))
        .with_numbers("autocorrelation", "m", column(&|direction| direction.autocorrelation_period.unwrap_or(f64::NAN)))
        .with_numbers("profile", "m", column(&|direction| direction.profile_period.unwrap_or(f64::NAN)))
}

/// The meniscus model over its range, and the length it needs for the published and for the measured period.
fn model_table(method: &Corrugation, measured: Option<f64>) -> Table {
    let [soft, stiff] = &method.youngs_modulus;
    let [short, long] = &method.meniscus_length;
    let gamma = method.surface_energy.value;
    let mut rows = vec![("Dy-based glass, Qiao et al. 2019", 65e-9), ("Mg-based glass, Qiao et al. 2019", 92e-9)];
    rows.extend(measured.map(|period| ("this map", period)));
    let model =
        (meniscus_wavelength(gamma, short.value, 0.1 * stiff.value), meniscus_wavelength(gamma, long.value, 0.1 * soft.value));
    let needed = |modulus: f64| rows.iter().map(|(_, period)| meniscus_length(*period, gamma, 0.1 * modulus)).collect();
    Table::new("meniscus_model", "Meniscus model λ = 2π √(γ δ/σ_th) against observed periods")
        .with_text("surface", rows.iter().map(|(name, _)| (*name).to_owned()).collect())
        .with_numbers("period", "m", rows.iter().map(|(_, period)| *period).collect())
        .with_numbers("model from", "m", vec![model.0; rows.len()])
        .with_numbers("model to", "m", vec![model.1; rows.len()])
        .with_numbers("length needed from", "m", needed(soft.value))
        .with_numbers("length needed to", "m", needed(stiff.value))
}

fn notes(method: &Corrugation, directions: &[&Direction]) -> Vec<Note> {
    let mut notes = Vec::new();
    for direction in directions {
        if let Some(found) = direction.peak {
            let period = 1.0 / found.peak.frequency;
            let differs = |other: Option<f64>| other.is_some_and(|other| (other / period - 1.0).abs() > 0.2);
            if differs(direction.autocorrelation_period) || differs(direction.profile_period) {
                let message = format!(
                    "{} the crack the spectrum gives {} nm, the autocorrelation {} nm and the profiles {} nm: not one clean period",
                    direction.name,
                    format_significant(period * 1e9, 3),
                    format_significant(direction.autocorrelation_period.unwrap_or(f64::NAN) * 1e9, 3),
                    format_significant(direction.profile_period.unwrap_or(f64::NAN) * 1e9, 3)
                );
                notes.push(Note::warning("periods_disagree", message));
            }
        } else {
            notes.push(Note::refused(
                "no_ring",
                format!(
                    "{} the crack no bin stands out from a falling spectrum (p = {:.3}): no period is claimed",
                    direction.name, direction.null.p
                ),
            ));
        }
    }
    let [soft, stiff] = &method.youngs_modulus;
    let [short, long] = &method.meniscus_length;
    let gamma = method.surface_energy.value;
    notes.push(Note::warning(
        "meniscus_model",
        format!(
            "the meniscus model 2π √(γ δ/σ_th) gives {:.2} to {:.2} nm with δ = {short} to {long}, σ_th = E/10 and E = {soft} to {stiff}; the published 65 and 92 nm \
             would need δ of {:.2} to {:.2} and {:.2} to {:.2} µm, a thousand atoms instead of one. It does not explain them with its own constants",
            meniscus_wavelength(gamma, short.value, 0.1 * stiff.value) * 1e9,
            meniscus_wavelength(gamma, long.value, 0.1 * soft.value) * 1e9,
            meniscus_length(65e-9, gamma, 0.1 * soft.value) * 1e6,
            meniscus_length(65e-9, gamma, 0.1 * stiff.value) * 1e6,
            meniscus_length(92e-9, gamma, 0.1 * soft.value) * 1e6,
            meniscus_length(92e-9, gamma, 0.1 * stiff.value) * 1e6,
        ),
    ));
    notes
}
