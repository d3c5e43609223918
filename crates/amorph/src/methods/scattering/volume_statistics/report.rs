//! What is said about the grey values of a volume.

use super::algorithm::{Mixture, depth, extents, fill_long_waves, moments, slope, undo_window};
use super::chords::{Chords, mean};
use super::{Level, VolumeStatistics};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::unit::{Unit, format_significant};
use crate::method::MethodError;
use crate::methods::scattering::percolation::algorithm::{Clusters, Ordered, Rules, ends, rank_p};
use crate::methods::scattering::random_fields::{amplitudes, gaussian};
use crate::methods::scattering::volume::{Cut, NoVolume, Phase, Volume};

/// Shells of the profile.
const SHELLS: usize = 12;
/// Cells of the histogram.
const CELLS: usize = 64;
/// Below this p value a change with depth is named.
const NAMED: f64 = 0.05;
/// Below this distance a mixture has one maximum.
const TWO_MAXIMA: f64 = 2.0;

/// Voxels of the object with their depth, and the same of random fields.
struct Profile {
    rows: Vec<usize>,
    /// Voxels.
    depth: Vec<f64>,
    slope: f64,
    correlation: f64,
    p: f64,
    /// Mean grey values over the shells: of the volume, and of every random field in standard deviations.
    own: Vec<f64>,
    random: Vec<Vec<f64>>,
}

impl Profile {
    fn shell(&self, depth: f64) -> usize {
        ((depth / self.deepest() * SHELLS as f64) as usize).min(SHELLS - 1)
    }

    fn deepest(&self) -> f64 {
        self.depth.iter().copied().fold(0.0, f64::max)
    }

    fn means(&self, value: &dyn Fn(usize) -> f64) -> Vec<f64> {
        let mut sums = [[0.0; 2]; SHELLS];
        for (row, depth) in self.rows.iter().zip(&self.depth) {
            let sum = &mut sums[self.shell(*depth)];
            sum[0] += value(*row);
            sum[1] += 1.0;
        }
        sums.iter().map(|sum| sum[0] / sum[1]).collect()
    }
}

/// `noise` is the standard deviation of half the difference of two halves, where there are two.
pub(super) fn outcome(
    method: &VolumeStatistics,
    volume: &Volume,
    noise: Option<f64>,
    ctx: &Ctx,
) -> Result<Outcome, MethodError> {
    let (cut, mixture) = cut(method, volume)?;
    let inside: Vec<f64> =
        volume.values.iter().zip(&cut.object).filter(|(_, object)| **object).map(|(value, _)| f64::from(*value)).collect();
    let moments = moments(&inside);
    let mut profile = surface(volume, &cut);
    let n = cut.set.iter().filter(|set| **set).count();
    let all_ends = ends(volume.shape, &cut.object);
    let extent = all_ends.iter().map(|(first, last)| last + 1 - first).min().unwrap_or(1);
    let mut amplitudes = amplitudes(volume.shape, &volume.values, &cut.object);
    undo_window(&mut amplitudes, &cut.object);
    fill_long_waves(&mut amplitudes, extent);
    let shape_of = |set: &[bool]| {
        let clusters = Clusters::new(volume.shape, set, all_ends, Rules { axes: 1, periodic: false });
        extents(volume.shape, &clusters.labels, method.smallest_region).map(elongations)
    };
    let own_shape = shape_of(&cut.set);
    let own_chords = Chords::new(volume.shape, &cut.set, &cut.object);
    let (mut correlations, mut shapes, mut chords) = (Vec::new(), Vec::new(), Vec::new());
    for index in 0..method.surrogates {
        ctx.check_cancelled()?;
        let field = gaussian(&amplitudes, derive_seed(ctx.seed, &["volume_statistics".into(), index.into()]));
        let set = Ordered::new(volume.shape, &field, &cut.object, all_ends).first(n);
        shapes.extend(shape_of(&set));
        chords.push(Chords::new(volume.shape, &set, &cut.object));
        if let Some(profile) = &mut profile {
            let values: Vec<f64> = profile.rows.iter().map(|row| f64::from(field[*row])).collect();
            let [mean, deviation, ..] = self::moments(&values);
            correlations.push(slope(&profile.depth, &values).1);
            let means = profile.means(&|row| (f64::from(field[row]) - mean) / deviation);
            profile.random.push(means);
        }
        ctx.report((method.surrogates + index + 1) as u64, 2 * method.surrogates as u64);
    }
    if let Some(profile) = &mut profile {
        profile.p = rank_p(profile.correlation, &correlations);
    }
    let mut estimates = of_values(volume, &cut, &moments, mixture.as_ref());
    let mut notes = notes(method, volume, profile.as_ref(), mixture.as_ref());
    if let Some(noise) = noise {
        let (found, note) = of_halves(moments[1], noise);
        estimates.extend(found);
        notes.push(note);
    }
    estimates.extend(profile.iter().flat_map(|profile| of_profile(volume, profile)));
    let keys = ["elongation_z", "elongation_y", "elongation_x"];
    let one = "one volume: its few largest regions decide; random fields of the same spectrum stand in the table";
    estimates.extend(
        own_shape
            .into_iter()
            .flat_map(|shape| keys.into_iter().zip(shape))
            .map(|(key, value)| Estimate::without_interval(key, "", value, "", one)),
    );
    estimates.extend(of_chords(volume, &own_chords));
    let histogram = histogram(&inside, cut.level);
    let mut tables = vec![histogram.0];
    let mut figures = vec![histogram.1];
    if let Some(profile) = &profile {
        let (table, figure) = drawn(volume, profile, &moments);
        tables.push(table);
        figures.push(figure);
    }
    tables.push(of_shape(own_shape, &shapes));
    tables.push(chord_table(volume, &own_chords, &chords));
    Ok(Outcome { estimates, tables, figures, notes, ..Outcome::default() })
}

/// What two halves of the projections share, and what they do not.
fn of_halves(deviation: f64, noise: f64) -> (Vec<Estimate>, Note) {
    let shared = deviation.powi(2) - noise.powi(2);
    let fact = "a property of this volume; how volumes of the same glass scatter is not known from it";
    let mut found = vec![Estimate::without_interval("g_std_noise", "", noise, "", fact)];
    let note = if shared > 0.0 {
        found.push(Estimate::without_interval("g_std_structure", "", shared.sqrt(), "", fact));
        let message = format!(
            "the mean of two halves was studied: {} % of its variance is noise that they do not share",
            format_significant(100.0 * (noise / deviation).powi(2), 2)
        );
        Note::info("halves", message)
    } else {
        let message =
            "two halves of the projections share nothing: what varies in the volume is noise, or the halves are not aligned";
        Note::warning("only_noise", message)
    };
    (found, note)
}

fn of_chords(volume: &Volume, chords: &Chords) -> Vec<Estimate> {
    let (scale, unit) = (volume.voxel.unwrap_or(1.0), if volume.voxel.is_some() { "m" } else { "" });
    let one = "one volume; random fields of the same spectrum stand in the table";
    let found = [("chord_length", "ℓ", mean(chords.set)), ("chord_length_rest", "ℓ'", mean(chords.rest))];
    let one_of = |(key, symbol, value): (&str, &str, f64)| Estimate::without_interval(key, symbol, value * scale, unit, one);
    found.into_iter().filter(|(_, _, value)| value.is_finite()).map(one_of).collect()
}

fn chord_table(volume: &Volume, own: &Chords, random: &[Chords]) -> Table {
    let (scale, unit) = (volume.voxel.unwrap_or(1.0), if volume.voxel.is_some() { "m" } else { "" });
    let over = |fold: &dyn Fn(&mut dyn Iterator<Item = f64>) -> f64| -> Vec<f64> {
        (0..3).map(|axis| scale * fold(&mut random.iter().map(|chords| chords.set[axis]))).collect()
    };
    let n = random.len() as f64;
    let scaled = |along: [f64; 3]| along.iter().map(|length| scale * length).collect::<Vec<f64>>();
    Table::new(
        "chords",
        "Mean chords along each axis, in the set and in the rest of the object, and in the sets of random fields",
    )
    .with_text("axis", ["z", "y", "x"].map(str::to_owned).to_vec())
    .with_numbers("set", unit, scaled(own.set))
    .with_numbers("rest", unit, scaled(own.rest))
    .with_numbers("random_mean", unit, over(&|chords| chords.sum::<f64>() / n))
    .with_numbers("random_least", unit, over(&|chords| chords.fold(f64::NAN, f64::min)))
    .with_numbers("random_most", unit, over(&|chords| chords.fold(f64::NAN, f64::max)))
}

/// The set by quantile, grey value or mixture.
fn cut(method: &VolumeStatistics, volume: &Volume) -> Result<(Cut, Option<Mixture>), MethodError> {
    if method.level == Level::Quantile {
        return Ok((volume.cut(method.object_above, method.phase, method.quantile)?, None));
    }
    let belongs = |value: f32| value.is_finite() && method.object_above.is_none_or(|above| f64::from(value) > above);
    let mixture = if method.level == Level::Mixture {
        let values: Vec<f64> = volume.values.iter().filter(|value| belongs(**value)).map(|value| f64::from(*value)).collect();
        Some(Mixture::of(&values).ok_or(NoVolume::EmptyOrFull { share: 0.0 })?)
    } else {
        None
    };
    let level = mixture.map_or_else(|| method.level_value.unwrap_or(f64::NAN), |mixture| mixture.level);
    let object: Vec<bool> = volume.values.iter().map(|value| belongs(*value)).collect();
    let in_phase = |value: f32| match method.phase {
        Phase::High => f64::from(value) > level,
        Phase::Low => f64::from(value) < level,
    };
    let set = volume.values.iter().zip(&object).map(|(value, object)| *object && in_phase(*value)).collect();
    let cut = Cut { object, set, level };
    let share = cut.fraction();
    if share > 0.0 && share < 1.0 { Ok((cut, mixture)) } else { Err(NoVolume::EmptyOrFull { share }.into()) }
}

/// `None` where nothing lies outside the object.
fn surface(volume: &Volume, cut: &Cut) -> Option<Profile> {
    let rows: Vec<usize> = (0..cut.object.len()).filter(|i| cut.object[*i]).collect();
    if rows.len() == cut.object.len() {
        return None;
    }
    let all = depth(volume.shape, &cut.object);
    let depth: Vec<f64> = rows.iter().map(|row| f64::from(all[*row])).collect();
    let values: Vec<f64> = rows.iter().map(|row| f64::from(volume.values[*row])).collect();
    let (slope, correlation) = slope(&depth, &values);
    let mut profile = Profile { rows, depth, slope, correlation, p: f64::NAN, own: Vec::new(), random: Vec::new() };
    profile.own = profile.means(&|row| f64::from(volume.values[row]));
    correlation.is_finite().then_some(profile)
}

/// Mean length along each axis over the root mean square of those along the other two.
fn elongations(squares: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|axis| (squares[axis] / (0.5 * (squares[(axis + 1) % 3] + squares[(axis + 2) % 3]))).sqrt())
}

fn of_values(volume: &Volume, cut: &Cut, moments: &[f64; 4], mixture: Option<&Mixture>) -> Vec<Estimate> {
    let fact = "a property of this volume; how volumes of the same glass scatter is not known from it";
    let plain = |key: &str, symbol: &str, value: f64| Estimate::without_interval(key, symbol, value, "", fact);
    let mut found: Vec<Estimate> = ["g_mean", "g_std", "g_skewness", "g_kurtosis"]
        .into_iter()
        .zip(moments)
        .map(|(key, value)| plain(key, "", *value))
        .collect();
    found.extend(cut.relative_deviation(&volume.values).map(|value| plain("g_std_micro", "", value)));
    found.push(plain("level", "", cut.level));
    found.extend(mixture.map(|mixture| plain("mixture_separation", "", mixture.separation())));
    found.push(plain("volume_fraction", "φ", cut.fraction()));
    found
}

fn of_profile(volume: &Volume, profile: &Profile) -> Vec<Estimate> {
    let scale = volume.voxel.unwrap_or(1.0);
    let unit = |with: &'static str| if volume.voxel.is_some() { with } else { "" };
    let blocks = "intervals from blocks cover too seldom; p_radial is the test";
    let rank = "a rank among random fields, counted without error";
    let mut found = vec![
        Estimate::without_interval("radial_slope", "dg/dr", profile.slope / scale, unit("1/m"), blocks),
        Estimate::without_interval("radial_correlation", "r", profile.correlation, "", blocks),
        Estimate::without_interval("deepest", "", profile.deepest() * scale, unit("m"), "a property of this object"),
    ];
    if profile.p.is_finite() {
        found.push(Estimate::without_interval("p_radial", "p", profile.p, "", rank).n(profile.random.len() as f64));
    }
    found
}

fn histogram(inside: &[f64], level: f64) -> (Table, Figure) {
    let (lo, hi) = inside.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (lo.min(*v), hi.max(*v)));
    let width = (hi - lo) / CELLS as f64;
    let mut counts = vec![0.0; CELLS];
    inside.iter().for_each(|value| counts[(((value - lo) / width) as usize).min(CELLS - 1)] += 1.0);
    let middles: Vec<f64> = (0..CELLS).map(|cell| lo + (cell as f64 + 0.5) * width).collect();
    let table = Table::new("grey_values", "Voxels of the object by their grey value")
        .with_numbers("grey_value", "", middles.clone())
        .with_numbers("voxels", "", counts.clone());
    let panel = Panel::new("", Axis::linear("grey value", Unit::one()), Axis::linear("voxels", Unit::one()))
        .with(Mark::line("object", Role::Data, middles, counts))
        .with(Mark::Rule { name: "level".to_owned(), role: Role::Model, axis: crate::core::figure::RuleAxis::X, at: level });
    let figure = Figure {
        key: "grey_values".to_owned(),
        title: "Grey values".to_owned(),
        caption: "Voxels of the object by their grey value, and the level that divides dense from loose.".to_owned(),
        panels: vec![panel],
    };
    (table, figure)
}

fn drawn(volume: &Volume, profile: &Profile, moments: &[f64; 4]) -> (Table, Figure) {
    let known = volume.voxel.is_some();
    let scale = profile.deepest() / SHELLS as f64 * volume.voxel.unwrap_or(1.0);
    // A shell may hold no voxel.
    let shells: Vec<usize> = (0..SHELLS).filter(|shell| profile.own[*shell].is_finite()).collect();
    let x: Vec<f64> = shells.iter().map(|shell| (*shell as f64 + 0.5) * scale).collect();
    let own: Vec<f64> = shells.iter().map(|shell| profile.own[*shell]).collect();
    let end = |fold: fn(f64, f64) -> f64| -> Vec<f64> {
        let of = |shell: &usize| profile.random.iter().map(|means| means[*shell]).fold(f64::NAN, fold);
        shells.iter().map(|shell| moments[0] + moments[1] * of(shell)).collect()
    };
    let (lo, hi) = (end(f64::min), end(f64::max));
    let table =
        Table::new("profile", "Mean grey value by depth below the surface, with the least and the most of random fields")
            .with_numbers("depth", if known { "m" } else { "" }, x.clone())
            .with_numbers("grey_value", "", own.clone())
            .with_numbers("random_least", "", lo.clone())
            .with_numbers("random_most", "", hi.clone());
    let axis = if known { Axis::linear("depth", Unit::of("nm")) } else { Axis::linear("depth (voxels)", Unit::one()) };
    let panel = Panel::new("", axis, Axis::linear("mean grey value", Unit::one()))
        .with(Mark::Band { name: "random fields of this spectrum".to_owned(), role: Role::Null, x: x.clone(), lo, hi })
        .with(Mark::points("volume", Role::Data, x, own));
    let figure = Figure {
        key: "radial_profile".to_owned(),
        title: "From the surface to the centre".to_owned(),
        caption: "Mean grey value of shells by their distance from the surface; the band goes from the least to the most of Gaussian fields with the spectrum of the volume."
            .to_owned(),
        panels: vec![panel],
    };
    (table, figure)
}

fn of_shape(own: Option<[f64; 3]>, random: &[[f64; 3]]) -> Table {
    let own = own.unwrap_or([f64::NAN; 3]);
    let end = |fold: fn(f64, f64) -> f64| -> Vec<f64> {
        (0..3).map(|axis| random.iter().map(|shape| shape[axis]).fold(f64::NAN, fold)).collect()
    };
    let mean = |axis: usize| random.iter().map(|shape| shape[axis]).sum::<f64>() / random.len() as f64;
    Table::new("elongation", "Length of regions along each axis over that along the other two, and the same of random fields")
        .with_text("axis", ["z", "y", "x"].map(str::to_owned).to_vec())
        .with_numbers("volume", "", own.to_vec())
        .with_numbers("random_mean", "", (0..3).map(mean).collect())
        .with_numbers("random_least", "", end(f64::min))
        .with_numbers("random_most", "", end(f64::max))
}

fn notes(method: &VolumeStatistics, volume: &Volume, profile: Option<&Profile>, mixture: Option<&Mixture>) -> Vec<Note> {
    let digits = |value: f64| format_significant(value, 3);
    let mut notes = Vec::new();
    match profile {
        None => notes.push(Note::info(
            "no_surface",
            "nothing lies outside the object: there is no profile from surface to centre. State object_above, the grey value of the air",
        )),
        Some(profile) if profile.p <= NAMED => notes.push(Note::warning(
            "gradient",
            format!(
                "grey values change from the surface to the centre (p = {}); hardening of the beam does the same: measure an even body of this size",
                digits(profile.p)
            ),
        )),
        Some(profile) => notes.push(Note::info(
            "no_gradient",
            format!("random fields of this spectrum change as much from surface to centre (p = {})", digits(profile.p)),
        )),
    }
    if let Some(mixture) = mixture.filter(|mixture| mixture.separation() < TWO_MAXIMA) {
        notes.push(Note::warning(
            "one_maximum",
            format!(
                "the two parts lie {} standard deviations apart: there is one maximum, and the level depends on its tails",
                digits(mixture.separation())
            ),
        ));
    }
    if 2.0 / (method.surrogates as f64 + 1.0) > NAMED {
        let least = digits(2.0 / (method.surrogates as f64 + 1.0));
        notes.push(Note::info(
            "few_surrogates",
            format!("with {} random fields no p value is below {least}", method.surrogates),
        ));
    }
    if volume.voxel.is_none() {
        notes.push(Note::info("no_voxel_size", "voxel_size is not known: lengths are in voxels"));
    }
    notes
}
