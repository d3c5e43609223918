use ndarray::Array2;

use super::algorithm::{Grid, Moran, grid, moran, variogram};
use super::length::{Length, MOST, correlation_length};
use super::{AnelasticMap, Field, Input, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{Extent, Map, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::stats::{Normality, RandomEffects, normality, pearson, random_effects};
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::methods::indentation::IndentationError;

/// What is known of one quantity.
pub(super) struct Analysed<'a> {
    pub field: &'a Field,
    pub effects: RandomEffects,
    pub normality: Option<Normality>,
    pub moran: Option<Moran>,
    /// Where the sites lie on a grid.
    pub grid: Option<Grid>,
    pub lags: Vec<super::algorithm::Lag>,
    pub length: Option<Length>,
}

/// Most sites whose pairs are all looked at.
const MOST_SITES: usize = 4096;

pub(super) fn outcome(method: &AnelasticMap, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let mut analysed = Vec::new();
    for field in &input.fields {
        ctx.check_cancelled()?;
        analysed.push(analyse(method, input, field, ctx.seed)?);
    }
    let mut outcome =
        Outcome { tables: vec![summary(&analysed), lost(input)], notes: notes(input, &analysed), ..Outcome::default() };
    outcome.tables.extend(correlations(&input.fields));
    for one in &analysed {
        outcome.estimates.extend(estimates(one));
        outcome.maps.extend(one.grid.as_ref().map(|grid| map(one.field, grid)));
    }
    outcome.figures = figures::all(&analysed);
    Ok(outcome)
}

fn analyse<'a>(method: &AnelasticMap, input: &Input, field: &'a Field, seed: u64) -> Result<Analysed<'a>, MethodError> {
    let effects = random_effects(&field.values, &field.errors)
        .map_err(|error| IndentationError::NotFitted { what: "the scatter between sites", reason: error.to_string() })?;
    let pairs = field.values.iter().zip(&field.errors);
    let standardised: Vec<f64> = pairs.map(|(v, e)| (v - effects.mean) / effects.sd.hypot(*e)).collect();
    // Records share no coordinates: neighbours exist within one of them only.
    let places = field.positions().filter(|places| !input.several_records && places.len() <= MOST_SITES);
    let seed = derive_seed(seed, &["moran".into(), field.quantity.key.into()]);
    let (moran, lags) = match &places {
        Some(places) => (moran(&field.values, places, method.permutations, seed), variogram(&field.values, places)),
        None => (None, Vec::new()),
    };
    let normality = normality(&standardised).ok();
    // Where the errors explain the scatter there is nothing that could be alike.
    let there = places.as_ref().filter(|_| effects.sd_interval.0 > 0.0);
    let length = there.and_then(|places| correlation_length(&field.values, &field.errors, places));
    Ok(Analysed { field, effects, normality, moran, grid: places.as_deref().and_then(grid), lags, length })
}

/// Mean squared standard error.
fn error_variance(field: &Field) -> f64 {
    field.errors.iter().map(|error| error * error).sum::<f64>() / field.errors.len() as f64
}

fn heterogeneity(field: &Field, sd: f64) -> f64 {
    sd * sd / (sd * sd + error_variance(field))
}

fn estimates(one: &Analysed<'_>) -> Vec<Estimate> {
    let (quantity, effects) = (one.field.quantity, &one.effects);
    let n = effects.n as f64;
    let key = |what: &str| format!("{}_{what}", quantity.key);
    let share = |sd: f64| heterogeneity(one.field, sd);
    let (mean, sd) = (format!("⟨{}⟩", quantity.symbol), format!("s_{}", quantity.symbol));
    let range = effects.sd_interval;
    let mut estimates = vec![
        Estimate::with_interval(&key("mean"), &mean, effects.mean, quantity.unit, effects.mean_interval, Basis::Replicate)
            .std_error(effects.mean_std_error)
            .n(n),
        Estimate::without_interval(
            &key("measured_sd"),
            &format!("sd {}", quantity.symbol),
            spread(&one.field.values),
            quantity.unit,
            "the scatter of these sites, the error of measurement included",
        )
        .n(n),
        Estimate::with_interval(&key("intrinsic_sd"), &sd, effects.sd, quantity.unit, range, Basis::Likelihood).n(n),
        Estimate::with_interval(
            &key("heterogeneity"),
            "",
            share(effects.sd),
            "",
            (share(range.0), share(range.1)),
            Basis::Likelihood,
        )
        .n(n),
    ];
    estimates.extend(one.length.and_then(|length| {
        let (name, symbol) = (key("correlation_length"), format!("ξ_{}", quantity.symbol));
        match length.interval {
            // Shorter than the sites are apart: a limit, which a note states.
            (lo, _) if lo <= 0.0 => None,
            (lo, hi) if hi.is_finite() => {
                Some(Estimate::with_interval(&name, &symbol, length.value, "m", (lo, hi), Basis::Likelihood).n(n))
            }
            _ => {
                let why = "the likelihood has no upper end: the map is too small for its structure";
                Some(Estimate::without_interval(&name, &symbol, length.value, "m", why).n(n))
            }
        }
    }));
    estimates
}

fn map(field: &Field, grid: &Grid) -> Map {
    let mut values = Array2::from_elem(grid.shape, f64::NAN);
    for (value, cell) in field.values.iter().zip(&grid.cells) {
        values[[cell.0, cell.1]] = *value;
    }
    let around = |origin: f64, n: usize, pitch: f64| [origin - 0.5 * pitch, origin + (n as f64 - 0.5) * pitch];
    let extent = Extent {
        x: around(grid.origin[0], grid.shape.1, grid.pitch.1),
        y: around(grid.origin[1], grid.shape.0, grid.pitch.0),
        unit: Unit::of("m"),
    };
    Map::new(field.quantity.key, values, Unit::of(field.quantity.unit), Some(extent))
}

fn summary(analysed: &[Analysed<'_>]) -> Table {
    let column = |of: &dyn Fn(&Analysed<'_>) -> f64| analysed.iter().map(of).collect::<Vec<f64>>();
    let test = |of: fn(&Normality) -> f64| column(&move |one| one.normality.as_ref().map_or(f64::NAN, of));
    Table::new("scatter", "Scatter between sites, in per cent of the mean, and tests")
        .with_text("quantity", analysed.iter().map(|one| one.field.quantity.title.to_owned()).collect())
        .with_numbers("sites", "", column(&|one| one.effects.n as f64))
        .with_numbers("measured_sd", "%", column(&|one| spread(&one.field.values) / one.effects.mean))
        .with_numbers("measurement_error", "%", column(&|one| error_variance(one.field).sqrt() / one.effects.mean))
        .with_numbers("intrinsic_sd", "%", column(&|one| one.effects.sd / one.effects.mean))
        .with_numbers("anderson_darling_p", "", test(|n| n.anderson_darling_p))
        .with_numbers("skewness", "", test(|n| n.skewness))
        .with_numbers("skewness_p", "", test(|n| n.skewness_p))
        .with_numbers("correlation_length", "m", column(&|one| one.length.map_or(f64::NAN, |l| l.value)))
        .with_numbers("length_lo", "m", column(&|one| one.length.map_or(f64::NAN, |l| l.interval.0)))
        .with_numbers("length_hi", "m", column(&|one| one.length.map_or(f64::NAN, |l| l.interval.1)))
        .with_numbers("moran_i", "", column(&|one| one.moran.map_or(f64::NAN, |m| m.value)))
        .with_numbers("moran_p", "", column(&|one| one.moran.map_or(f64::NAN, |m| m.p)))
}

fn spread(values: &[f64]) -> f64 {
    crate::core::stats::Moments::of(values).map_or(f64::NAN, |moments| moments.std_dev)
}

fn lost(input: &Input) -> Table {
    Table::new("lost_sites", "Sites without a value in every map")
        .with_text("name", input.lost.iter().map(|(name, _)| name.clone()).collect())
        .with_text("reason", input.lost.iter().map(|(_, reason)| reason.clone()).collect())
}

/// Observed correlations of the quantities over sites where all are known.
fn correlations(fields: &[Field]) -> Option<Table> {
    let n = fields.first()?.values.len();
    if fields.len() < 2 || fields.iter().any(|field| field.values.len() != n) {
        return None;
    }
    let mut table = Table::new(
        "correlations",
        "Correlation over sites; the error of G, t_c and η is shared, so that part of it is the measurement's",
    )
    .with_text("quantity", fields.iter().map(|field| field.quantity.title.to_owned()).collect());
    for other in fields {
        let with = |field: &Field| pearson(&field.values, &other.values, 0.95).map_or(f64::NAN, |found| found.r);
        table = table.with_numbers(other.quantity.key, "", fields.iter().map(with).collect());
    }
    Some(table)
}

fn notes(input: &Input, analysed: &[Analysed<'_>]) -> Vec<Note> {
    let mut notes = Vec::new();
    for one in analysed {
        let title = one.field.quantity.title;
        if one.effects.sd_interval.0 == 0.0 {
            let text =
                format!("the scatter of the {title} is explained by the error of measurement: no heterogeneity is shown");
            notes.push(Note::warning("no_heterogeneity", text));
        }
        if let Some(normality) = one.normality.filter(|test| test.anderson_darling_p < 0.05) {
            let text =
                format!("the {title} is not normal over the sites (Anderson-Darling p = {:.3})", normality.anderson_darling_p);
            notes.push(Note::info("not_normal", text));
        }
        if let Some(moran) = one.moran.filter(|moran| moran.p < 0.05) {
            let text = format!(
                "neighbours are alike in {title} (Moran's I = {:.2}, p = {:.3}): sites are not independent, the interval of the mean is too short",
                moran.value, moran.p
            );
            notes.push(Note::warning("correlated_sites", text));
        }
    }
    for one in analysed {
        if let Some(length) = one.length.filter(|length| length.interval.0 <= 0.0 && length.interval.1.is_finite()) {
            let text = format!(
                "the {} of neighbouring sites is not shown to be alike: its correlation length is below {:.0} nm (95 %)",
                one.field.quantity.title,
                1e9 * length.interval.1
            );
            notes.push(Note::info("length_limit", text));
        }
    }
    if analysed.iter().any(|one| one.field.values.len() > MOST) && analysed.iter().any(|one| !one.lags.is_empty()) {
        let text =
            format!("more than {MOST} sites: no correlation length; make a map of the modulus and use dafm.correlation_length");
        notes.push(Note::info("no_length", text));
    }
    if analysed.iter().all(|one| one.grid.is_none()) {
        let text = "the places are unknown, on one line or on no grid: lists, no maps";
        notes.push(Note::info("no_grid", text));
    }
    if !input.lost.is_empty() {
        let text = format!("{} of {} sites have no value in every map; see the table", input.lost.len(), input.n_sites);
        notes.push(Note::info("lost_sites", text));
    }
    notes
}
