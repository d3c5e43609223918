//! What is said about the correlation of a set of voxels.

use super::DensityCorrelation;
use super::algorithm::{Correlation, correlation, farthest_p, length, of_gaussian_level, padded};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::stats::normal_quantile;
use crate::core::unit::{Unit, format_significant};
use crate::method::MethodError;
use crate::methods::scattering::box_counting::algorithm::line;
use crate::methods::scattering::percolation::algorithm::{Ordered, ends};
use crate::methods::scattering::random_fields::mixed;
use crate::methods::scattering::volume::{Cut, NoVolume, Volume};

/// Radius from which on the mass is fitted: below, the lattice bends it.
const FIRST: f64 = 3.0;

/// Ratio of neighbouring radii in the fit of the mass.
const STEP: f64 = 1.2;

/// Difference from a Gaussian field that is named: such fields of 48³ voxels themselves differ by 0.016 ± 0.008 or less.
const NAMED: f64 = 0.05;

/// What was measured.
struct Found {
    own: Correlation,
    random: Vec<Correlation>,
    /// Correlation of a Gaussian field with that of the grey values, cut at the same share.
    gaussian: Vec<f64>,
    /// Slope of the mass, and how much it changes.
    slope: Option<(f64, f64)>,
}

impl Found {
    fn of(method: &DensityCorrelation, volume: &Volume, cut: &Cut, ctx: &Ctx) -> Result<Self, MethodError> {
        let shape = volume.shape;
        // A quarter of the shortest side.
        let reach = shape.iter().copied().min().unwrap_or(0) / 4;
        let needed = 16 * padded(shape, reach).iter().product::<usize>() + 20 * cut.object.len();
        let allowed = 32 * ctx.memory_limit;
        if needed > allowed {
            return Err(NoVolume::TooLarge { needed: needed >> 20, allowed: allowed >> 20 }.into());
        }
        let of = |set: &[bool]| correlation(shape, &|i| f64::from(u8::from(set[i])), &cut.object, reach);
        let own = of(&cut.set);
        let n = cut.set.iter().filter(|set| **set).count();
        let grey = correlation(shape, &|i| f64::from(volume.values[i]), &cut.object, reach);
        // The share is between 0 and 1: it was checked when the set was cut.
        let level = normal_quantile(cut.fraction()).unwrap_or(f64::NAN);
        let gaussian = grey.normalised.iter().map(|rho| of_gaussian_level(*rho, level, cut.fraction())).collect();
        let mut random = Vec::new();
        for index in 0..method.surrogates {
            ctx.check_cancelled()?;
            let seed = derive_seed(ctx.seed, &["density_correlation".into(), index.into()]);
            let order = mixed(cut.object.len(), seed);
            random.push(of(&Ordered::new(shape, &order, &cut.object, ends(shape, &cut.object)).first(n)));
            ctx.report((method.surrogates + index + 1) as u64, 2 * method.surrogates as u64);
        }
        let slope = slope(&own);
        Ok(Self { own, random, gaussian, slope })
    }

    /// Among volumes of mixed voxels.
    fn p(&self) -> f64 {
        let curves: Vec<&[f64]> = std::iter::once(&self.own).chain(&self.random).map(|one| &one.normalised[..]).collect();
        farthest_p(&curves)
    }

    /// Largest difference from the Gaussian field.
    fn beyond(&self) -> f64 {
        self.own.normalised.iter().zip(&self.gaussian).map(|(own, gaussian)| (own - gaussian).abs()).fold(0.0, f64::max)
    }
}

/// Slope of the logarithm of the mass over that of the radius, a sphere reaching half a voxel beyond its last layer.
fn slope(own: &Correlation) -> Option<(f64, f64)> {
    let (mut x, mut y): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for (k, mass) in own.mass.iter().enumerate() {
        let radius = (k as f64 + 0.5).ln();
        if k as f64 >= FIRST && x.last().is_none_or(|last| radius - last >= STEP.ln()) {
            x.push(radius);
            y.push(mass.ln());
        }
    }
    line(&x, &y).map(|line| (line.slope, line.bend))
}

pub(super) fn outcome(method: &DensityCorrelation, volume: &Volume, cut: &Cut, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let found = Found::of(method, volume, cut, ctx)?;
    let scale = volume.voxel.unwrap_or(1.0);
    Ok(Outcome {
        estimates: estimates(method, volume, cut, &found),
        notes: notes(method, volume, &found),
        figures: vec![figure(&found, scale, volume.voxel.is_some())],
        tables: vec![table(&found, scale, volume.voxel.is_some())],
        ..Outcome::default()
    })
}

fn estimates(method: &DensityCorrelation, volume: &Volume, cut: &Cut, found: &Found) -> Vec<Estimate> {
    let unit = if volume.voxel.is_some() { "m" } else { "" };
    let scale = volume.voxel.unwrap_or(1.0);
    let one = "one volume: its scatter among volumes of the same glass is not known from it";
    let plain = |key: &str, symbol: &str, value: f64, why: &str| Estimate::without_interval(key, symbol, value, "", why);
    let mut estimates = Vec::new();
    let whole: Vec<f64> = (0..found.own.along[0].len()).map(|k| k as f64).collect();
    let curves = [
        ("correlation_length", "ξ", &found.own.distance, &found.own.normalised),
        ("correlation_length_z", "ξ_z", &whole, &found.own.along[0]),
        ("correlation_length_y", "ξ_y", &whole, &found.own.along[1]),
        ("correlation_length_x", "ξ_x", &whole, &found.own.along[2]),
    ];
    for (key, symbol, distance, curve) in curves {
        let found = length(distance, curve);
        estimates.extend(found.map(|value| Estimate::without_interval(key, symbol, value * scale, unit, one)));
    }
    if let Some((slope, _)) = found.slope.filter(|(_, bend)| bend.abs() <= method.tolerance) {
        estimates.push(plain("mass_exponent", "D", slope, one));
    }
    let rank = "a rank among random volumes, counted without error";
    let n = found.random.len() as f64;
    estimates.push(plain("p_random_correlation", "p", found.p(), rank).n(n));
    let null = "of a field without other structure, to compare with";
    let gaussian = length(&found.own.distance, &found.gaussian);
    estimates.extend(gaussian.map(|value| Estimate::without_interval("gaussian_length", "ξ_G", value * scale, unit, null)));
    estimates.push(plain("beyond_gaussian", "", found.beyond(), one));
    estimates.push(plain("volume_fraction", "φ", cut.fraction(), "a property of this volume and of the level"));
    let deviation = cut.relative_deviation(&volume.values);
    estimates
        .extend(deviation.map(|value| plain("g_std_micro", "", value, "structure and noise of the reconstruction together")));
    estimates
}

/// Least and most of the correlations of random volumes at every distance.
fn band(all: &[Correlation]) -> (Vec<f64>, Vec<f64>) {
    let places = 0..all.first().map_or(0, |one| one.normalised.len());
    let end = |fold: fn(f64, f64) -> f64| {
        places.clone().map(|k| all.iter().map(|one| one.normalised[k]).fold(f64::NAN, fold)).collect()
    };
    (end(f64::min), end(f64::max))
}

fn table(found: &Found, scale: f64, known: bool) -> Table {
    let unit = if known { "m" } else { "" };
    let random = band(&found.random);
    let own = &found.own;
    Table::new("correlation", "Pairs in the set by their distance, with the least and the most of volumes of mixed voxels")
        .with_numbers("distance", unit, own.distance.iter().map(|r| r * scale).collect())
        .with_numbers("both_in_set", "", own.both.clone())
        .with_numbers("correlation", "", own.normalised.clone())
        .with_numbers("along_z", "", own.along[0].clone())
        .with_numbers("along_y", "", own.along[1].clone())
        .with_numbers("along_x", "", own.along[2].clone())
        .with_numbers("mass", "", own.mass.clone())
        .with_numbers("mixed_least", "", random.0)
        .with_numbers("mixed_most", "", random.1)
        .with_numbers("gaussian_field", "", found.gaussian.clone())
}

fn figure(found: &Found, scale: f64, known: bool) -> Figure {
    let axis = || if known { Axis::linear("distance", Unit::of("nm")) } else { Axis::linear("distance (voxels)", Unit::one()) };
    let x: Vec<f64> = found.own.distance.iter().map(|r| r * scale).collect();
    let (lo, hi) = band(&found.random);
    let panel = Panel::new("", axis(), Axis::linear("correlation", Unit::one()))
        .with(Mark::Band { name: "mixed voxels".to_owned(), role: Role::Reference, x: x.clone(), lo, hi })
        .with(Mark::line("Gaussian field", Role::Null, x.clone(), found.gaussian.clone()))
        .with(Mark::points("volume", Role::Data, x.clone(), found.own.normalised.clone()));
    Figure {
        key: "correlation".to_owned(),
        title: "Correlation of regions".to_owned(),
        caption: "Correlation of the set over distance; the line is that of a Gaussian field with the correlation of the grey values, the band goes from the least to the most of volumes of mixed voxels."
            .to_owned(),
        panels: vec![panel],
    }
}

fn notes(method: &DensityCorrelation, volume: &Volume, found: &Found) -> Vec<Note> {
    let digits = |value: f64| format_significant(value, 3);
    let mut notes = Vec::new();
    if length(&found.own.distance, &found.own.normalised).is_none() {
        notes.push(Note::refused(
            "no_length",
            "the correlation does not fall to 1/e within a quarter of the shortest side: use a larger volume",
        ));
    }
    if let Some((slope, bend)) = found.slope.filter(|(_, bend)| bend.abs() > method.tolerance) {
        let text =
            format!("no exponent: the slope of the mass is {} on average and changes by {}", digits(slope), digits(bend));
        notes.push(Note::refused("no_scaling", text));
    }
    let beyond = found.beyond();
    let (code, words) = if beyond > NAMED { ("unlike_field", "differs from") } else { ("as_field", "is") };
    let text = format!(
        "the correlation {words} that of a Gaussian field with the correlation of the grey values (largest difference {})",
        digits(beyond)
    );
    notes.push(Note::info(code, text));
    if volume.voxel.is_none() {
        notes.push(Note::info("no_voxel_size", "voxel_size is not known: lengths are in voxels"));
    }
    notes
}
