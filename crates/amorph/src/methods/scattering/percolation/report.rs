//! What is said about the clusters of a set of voxels.

use ndarray::Array2;
use rayon::prelude::*;

use super::algorithm::{Clusters, Ends, Ordered, Rules, ends, euler_number, rank_p};
use super::{Neighbours, Percolation, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{Extent, Map, Table};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::unit::{Unit, format_significant};
use crate::method::MethodError;
use crate::methods::scattering::random_fields::{amplitudes, gaussian, mixed};
use crate::methods::scattering::volume::{Cut, Phase, Volume};

/// Bytes per voxel of one random volume while it is made and searched.
const PER_VOXEL: usize = 40;

/// Sizes per factor of two at which clusters are counted.
const PER_OCTAVE: i32 = 2;

/// Below this p value a difference is named.
const LEVEL: f64 = 0.05;

/// Numbers of one volume that are compared with random ones.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub spans: [bool; 3],
    pub largest_share: f64,
    pub n_clusters: f64,
    pub mean_size: f64,
    /// Voxels.
    pub length: f64,
    pub euler: f64,
    /// NaN where nothing spans.
    pub threshold: f64,
    /// Clusters of at least each size.
    pub at_least: Vec<f64>,
}

/// A number of a volume.
type Number = fn(&Measured) -> f64;

const COMPARED: [(&str, Number); 7] = [
    ("percolation_threshold", |m| m.threshold),
    ("largest_cluster_share", |m| m.largest_share),
    ("n_clusters", |m| m.n_clusters),
    ("mean_cluster_size", |m| m.mean_size),
    ("correlation_length_cluster", |m| m.length),
    ("euler_number", |m| m.euler),
    ("axes_spanned", |m| m.spans.iter().filter(|spans| **spans).count() as f64),
];

/// What was measured.
pub(super) struct Found {
    pub own: Measured,
    pub sizes: Vec<f64>,
    pub random: Vec<Measured>,
    pub fields: Vec<Measured>,
}

/// How a volume is searched.
struct Search<'a> {
    shape: [usize; 3],
    object: &'a [bool],
    ends: Ends,
    rules: Rules,
    sizes: &'a [f64],
}

impl Search<'_> {
    fn measured(&self, ordered: &Ordered<'_>, set: &[bool]) -> (Measured, Clusters) {
        let clusters = Clusters::new(self.shape, set, self.ends, self.rules);
        let measured = Measured {
            spans: clusters.spans(),
            largest_share: clusters.largest_share(),
            n_clusters: clusters.all.len() as f64,
            mean_size: clusters.mean_size(),
            length: clusters.correlation_length(),
            euler: euler_number(self.shape, set, self.rules.axes == 3),
            threshold: ordered.threshold(self.rules).unwrap_or(f64::NAN),
            at_least: clusters.at_least(self.sizes),
        };
        (measured, clusters)
    }

    /// Of a random field, of which as many voxels are in the set.
    fn of_field(&self, values: &[f32], n: usize) -> Measured {
        let ordered = Ordered::new(self.shape, values, self.object, self.ends);
        self.measured(&ordered, &ordered.first(n)).0
    }
}

pub(super) fn outcome(method: &Percolation, volume: &Volume, cut: &Cut, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let n = cut.set.iter().filter(|set| **set).count();
    let mut sizes: Vec<f64> = (0..64 * PER_OCTAVE)
        .map(|k| 2f64.powf(f64::from(k) / f64::from(PER_OCTAVE)).round())
        .take_while(|size| *size <= n as f64)
        .collect();
    sizes.dedup();
    let rules = Rules { axes: method.neighbours.axes(), periodic: method.periodic };
    let search =
        Search { shape: volume.shape, object: &cut.object, ends: ends(volume.shape, &cut.object), rules, sizes: &sizes };
    let sign = if method.phase == Phase::High { 1.0 } else { -1.0 };
    let values: Vec<f32> = volume.values.iter().map(|value| sign * value).collect();
    let ordered = Ordered::new(volume.shape, &values, &cut.object, search.ends);
    let (own, clusters) = search.measured(&ordered, &cut.set);
    let (random, fields) = nulls(method, &search, &values, n, ctx)?;
    let maps = vec![slice(volume, &clusters)];
    let found = Found { own, sizes: sizes.clone(), random, fields };
    let scale = volume.voxel.unwrap_or(1.0);
    Ok(Outcome {
        estimates: estimates(volume, cut, &found),
        notes: notes(method, volume, cut, &found),
        figures: vec![figures::sizes(&found), figures::thresholds(&found, cut.fraction()), figures::slice(&maps[0])],
        tables: vec![compared(&found, scale), by_size(&found), by_neighbours(method, &search, &cut.set)],
        maps,
        ..Outcome::default()
    })
}

/// As many volumes at a time as the memory allows; the answer does not depend on it.
fn nulls(
    method: &Percolation,
    search: &Search<'_>,
    values: &[f32],
    n: usize,
    ctx: &Ctx,
) -> Result<(Vec<Measured>, Vec<Measured>), MethodError> {
    let amplitudes = amplitudes(search.shape, values, search.object);
    let at_once = (16 * ctx.memory_limit / (PER_VOXEL * values.len())).clamp(1, rayon::current_num_threads());
    let (mut random, mut fields) = (Vec::new(), Vec::new());
    let all: Vec<usize> = (0..method.surrogates).collect();
    for indices in all.chunks(at_once) {
        ctx.check_cancelled()?;
        let one = |index: &usize| {
            let seed = derive_seed(ctx.seed, &["percolation".into(), (*index).into()]);
            (search.of_field(&mixed(values.len(), seed), n), search.of_field(&gaussian(&amplitudes, seed), n))
        };
        let found: Vec<(Measured, Measured)> = indices.par_iter().map(one).collect();
        for (mixed, field) in found {
            random.push(mixed);
            fields.push(field);
        }
        ctx.report((method.surrogates + random.len()) as u64, 2 * method.surrogates as u64);
    }
    Ok((random, fields))
}

fn numbers(of: &[Measured], read: fn(&Measured) -> f64) -> Vec<f64> {
    of.iter().map(read).filter(|value| value.is_finite()).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn estimates(volume: &Volume, cut: &Cut, found: &Found) -> Vec<Estimate> {
    let own = &found.own;
    let fact = "a property of this volume and of the level";
    let null = "of volumes without structure, to compare with";
    let unit = if volume.voxel.is_some() { "m" } else { "" };
    let length = own.length * volume.voxel.unwrap_or(1.0);
    let p = |key: &str, others: &[Measured], read: fn(&Measured) -> f64| {
        let value = rank_p(read(own), &others.iter().map(read).collect::<Vec<f64>>());
        (key.to_owned(), "p", value, "", "a rank among random volumes, counted without error", others.len())
    };
    let plain = |key: &str, symbol: &'static str, value: f64, why: &'static str| (key.to_owned(), symbol, value, "", why, 0);
    let mut all: Vec<_> = ["spans_z", "spans_y", "spans_x"]
        .into_iter()
        .zip(own.spans)
        .map(|(key, spans)| plain(key, "", f64::from(u8::from(spans)), fact))
        .collect();
    all.extend([
        plain("largest_cluster_share", "P", own.largest_share, fact),
        plain("n_clusters", "", own.n_clusters, fact),
        plain("mean_cluster_size", "S", own.mean_size, fact),
        ("correlation_length_cluster".to_owned(), "ξ", length, unit, "one volume: its few largest clusters decide", 0),
        plain("euler_number", "χ", own.euler, fact),
        plain("percolation_threshold", "p_c", own.threshold, "one volume: compare with random ones of the same size"),
        plain("null_random_threshold", "", mean(&numbers(&found.random, |m| m.threshold)), null),
        plain("null_field_threshold", "", mean(&numbers(&found.fields, |m| m.threshold)), null),
        p("p_random_threshold", &found.random, |m| m.threshold),
        p("p_random_largest", &found.random, |m| m.largest_share),
        p("p_field_threshold", &found.fields, |m| m.threshold),
        p("p_field_largest", &found.fields, |m| m.largest_share),
        plain("volume_fraction", "φ", cut.fraction(), fact),
        plain("n_voxels", "N", cut.object.iter().filter(|object| **object).count() as f64, "counted, without error"),
    ]);
    all.into_iter()
        .filter(|(_, _, value, ..)| value.is_finite())
        .map(|(key, symbol, value, unit, why, n)| {
            let estimate = Estimate::without_interval(&key, symbol, value, unit, why);
            if n > 0 { estimate.n(n as f64) } else { estimate }
        })
        .collect()
}

/// Every number of the volume beside those of random ones.
fn compared(found: &Found, scale: f64) -> Table {
    let factor = |key: &str| if key == "correlation_length_cluster" { scale } else { 1.0 };
    let column = |of: &dyn Fn(fn(&Measured) -> f64) -> f64, scaled: bool| {
        COMPARED.iter().map(|(key, read)| of(*read) * if scaled { factor(key) } else { 1.0 }).collect::<Vec<f64>>()
    };
    let least = |values: Vec<f64>| values.into_iter().fold(f64::NAN, f64::min);
    let most = |values: Vec<f64>| values.into_iter().fold(f64::NAN, f64::max);
    let p = |of: &[Measured], read: fn(&Measured) -> f64| rank_p(read(&found.own), &of.iter().map(read).collect::<Vec<f64>>());
    let mut table =
        Table::new("compared", "Numbers of this volume and of random ones; lengths in metres where voxels have a size")
            .with_text("number", COMPARED.iter().map(|(key, _)| (*key).to_owned()).collect())
            .with_numbers("volume", "", column(&|read| read(&found.own), true));
    for (name, of) in [("mixed", &found.random), ("field", &found.fields)] {
        table = table
            .with_numbers(&format!("{name}_mean"), "", column(&|read| mean(&numbers(of, read)), true))
            .with_numbers(&format!("{name}_least"), "", column(&|read| least(numbers(of, read)), true))
            .with_numbers(&format!("{name}_most"), "", column(&|read| most(numbers(of, read)), true))
            .with_numbers(&format!("{name}_p"), "", column(&|read| p(of, read), false));
    }
    table
}

fn by_size(found: &Found) -> Table {
    let of = |all: &[Measured]| {
        (0..found.sizes.len()).map(|i| mean(&all.iter().map(|m| m.at_least[i]).collect::<Vec<f64>>())).collect::<Vec<f64>>()
    };
    Table::new("sizes", "Clusters of at least so many voxels")
        .with_numbers("voxels", "", found.sizes.clone())
        .with_numbers("clusters", "", found.own.at_least.clone())
        .with_numbers("mixed_mean", "", of(&found.random))
        .with_numbers("field_mean", "", of(&found.fields))
}

/// The same set under every rule of touching.
fn by_neighbours(method: &Percolation, search: &Search<'_>, set: &[bool]) -> Table {
    let with = |neighbours: Neighbours| {
        let rules = Rules { axes: neighbours.axes(), periodic: method.periodic };
        Clusters::new(search.shape, set, search.ends, rules)
    };
    let all = Neighbours::ALL.map(with);
    let spans = |axis: usize| all.iter().map(|clusters| f64::from(u8::from(clusters.spans()[axis]))).collect();
    Table::new("neighbours", "The set under every rule of touching, and the threshold of an infinite lattice of random sites")
        .with_numbers("neighbours", "", Neighbours::ALL.iter().map(|neighbours| neighbours.count() as f64).collect())
        .with_numbers("clusters", "", all.iter().map(|clusters| clusters.all.len() as f64).collect())
        .with_numbers("largest_cluster_share", "", all.iter().map(Clusters::largest_share).collect())
        .with_numbers("spans_z", "", spans(0))
        .with_numbers("spans_y", "", spans(1))
        .with_numbers("spans_x", "", spans(2))
        .with_numbers(
            "lattice_threshold",
            "",
            Neighbours::ALL.iter().map(|neighbours| neighbours.lattice_threshold()).collect(),
        )
}

/// The slice in the middle: the largest cluster 0, every other one a colour of its own between 0.25 and 1; empty outside the set.
fn slice(volume: &Volume, clusters: &Clusters) -> Map {
    let [depth, rows, columns] = volume.shape;
    let extent = volume.voxel.map(|voxel| Extent::metres(columns as f64 * voxel, rows as f64 * voxel));
    let largest = (0..clusters.all.len()).max_by(|a, b| clusters.all[*a].size.total_cmp(&clusters.all[*b].size));
    let colour = |label: u32| match label.checked_sub(1) {
        None => f64::NAN,
        Some(index) if Some(index as usize) == largest => 0.0,
        // Neighbouring numbers far apart.
        Some(index) => 0.25 + 0.75 * (f64::from(index) * 0.618_034).fract(),
    };
    let value = |(y, x): (usize, usize)| colour(clusters.labels[(depth / 2 * rows + y) * columns + x]);
    Map::new("cluster_slice", Array2::from_shape_fn((rows, columns), value), Unit::one(), extent)
}

fn notes(method: &Percolation, volume: &Volume, cut: &Cut, found: &Found) -> Vec<Note> {
    let digits = |value: f64| format_significant(value, 3);
    let mut notes = Vec::new();
    let boundary = if method.periodic {
        "the volume is periodic: a cluster spans where it meets its own image"
    } else {
        "a cluster spans from the first to the last layer of the object"
    };
    notes.push(Note::info("touching", format!("{} neighbours touch; {boundary}", method.neighbours.count())));
    let own = found.own.threshold;
    if own.is_nan() {
        notes.push(Note::warning("object_in_pieces", "even the whole object does not span all axes: it has no threshold"));
    } else {
        for (code, words, of) in [
            ("mixed", "volumes of mixed voxels", &found.random),
            ("field", "Gaussian fields with this spectrum", &found.fields),
        ] {
            let others = numbers(of, |m| m.threshold);
            let p = rank_p(own, &others);
            let told = format!(
                "clusters span from a share of {} on, in {words} from {} on (p = {})",
                digits(own),
                digits(mean(&others)),
                digits(p)
            );
            let code = format!("{}_{code}", if p <= LEVEL { "unlike" } else { "as" });
            notes.push(Note::info(&code, told));
        }
        if cut.fraction() < own && found.own.spans.contains(&true) {
            notes.push(Note::info("spans_some", "the set spans some axes, not all"));
        }
    }
    if 2.0 / (method.surrogates as f64 + 1.0) > LEVEL {
        let text = format!(
            "with {} random volumes no p value is below {}",
            method.surrogates,
            digits(2.0 / (method.surrogates as f64 + 1.0))
        );
        notes.push(Note::info("few_surrogates", text));
    }
    if volume.voxel.is_none() {
        notes.push(Note::info("no_voxel_size", "voxel_size is not known: lengths are in voxels"));
    }
    notes
}
