//! Numbers, comparison with the null model, notes and tables.

use ndarray::Array2;

use super::algorithm::{BoxCount, Cluster, Found, Search, box_count};
use super::sizes::{FEWEST, Rival, SizeFit};
use super::{Clusters, ClustersError, Input, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{Map, Table};
use crate::core::image::Labelling;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::methods::afm::regions::null::{Comparison, NullModel};

/// Radii at which the cumulated number of clusters is compared with the null model.
const RADII: usize = 40;
/// Bins of the histogram per decade of radius.
const BINS_PER_DECADE: f64 = 10.0;
const SINGLE_IMAGE: &str = "one image: the scatter between sites gives the interval; compare with the null band instead";
const SELECTED: &str = "the smallest radius was chosen by the data; `dafm.cluster_sizes` gives the interval between sites, a given `r_min` that \
                        of the likelihood";

/// Everything that is measured on one map.
pub(super) struct Measured {
    pub found: Found,
    pub fit: Option<SizeFit>,
    pub boxes: Option<BoxCount>,
    /// Clusters at least as large as each radius.
    pub cumulated: Vec<f64>,
}

impl Measured {
    fn of(method: &Clusters, input: &Input<'_>, found: Found, labelling: &Labelling, radii: &[f64]) -> Self {
        let clusters = found.of_size(method.min_pixels);
        let fit = match input.r_min {
            Some(r_min) => SizeFit::above(clusters, r_min),
            None => SizeFit::choose(clusters, method.min_pixels),
        };
        let boxes = box_count(&labelling.to_map(), found.largest);
        let cumulated = found.cumulated(radii);
        Self { found, fit, boxes, cumulated }
    }
}

/// A number that is compared with the null model.
struct Compared {
    key: &'static str,
    unit: &'static str,
    words: &'static str,
    read: fn(&Measured) -> f64,
}

const COMPARED: [Compared; 7] = [
    Compared {
        key: "cluster_exponent",
        unit: "",
        words: "exponent",
        read: |m| m.fit.as_ref().map_or(f64::NAN, SizeFit::alpha),
    },
    Compared { key: "cluster_cutoff", unit: "m", words: "cut-off", read: |m| m.fit.as_ref().map_or(f64::NAN, SizeFit::cutoff) },
    Compared {
        key: "largest_cluster_fraction",
        unit: "",
        words: "share of the largest cluster",
        read: |m| m.found.largest_fraction,
    },
    Compared { key: "spans_x", unit: "", words: "spanning along x", read: |m| f64::from(u8::from(m.found.spans_x)) },
    Compared { key: "spans_y", unit: "", words: "spanning along y", read: |m| f64::from(u8::from(m.found.spans_y)) },
    Compared { key: "spans_both", unit: "", words: "spanning along both", read: |m| f64::from(u8::from(m.found.spans_both)) },
    Compared {
        key: "box_dimension",
        unit: "",
        words: "box dimension",
        read: |m| m.boxes.as_ref().map_or(f64::NAN, |b| b.dimension),
    },
];

pub(super) fn outcome(method: &Clusters, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let valid = input.map.valid();
    let view = valid.view();
    let search = Search { valid: &view, pitch: input.pitch, level: input.level, connectivity: input.connectivity };
    let values = input.map.values.mapv(|value| input.map.unit.to_si(value));
    let (found, labelling) = searched(&search, &values, input)?;
    let radii = radii(&found, method.min_pixels);
    let measured = Measured::of(method, input, found, &labelling, &radii);
    let null_model = NullModel::fit(&values, &view, input.pitch);
    let null = match &null_model {
        Some(model) => {
            let measure = |mut field: Array2<f64>| {
                model.impose(&mut field);
                let (found, labelling) = search.run(&field)?;
                Some(Measured::of(method, input, found, &labelling, &radii))
            };
            model.each(method.surrogates, ctx, measure)?.into_iter().flatten().collect()
        }
        None => Vec::new(),
    };
    let rivals = match &measured.fit {
        Some(fit) => Rival::all(measured.found.of_size(method.min_pixels), fit),
        None => Vec::new(),
    };
    let mut notes = notes(method, input, &measured, &rivals);
    let mut tables = vec![clusters_table(&measured, method.min_pixels), histogram_table(&measured, method.min_pixels)];
    tables.extend(measured.boxes.as_ref().map(|boxes| boxes_table(boxes, input.pitch)));
    match &null_model {
        Some(model) => {
            let (table, more) = compare(&measured, &null);
            tables.push(table);
            notes.push(Note::info("null_model", model.describe(null.len())));
            notes.extend(more);
        }
        None => notes.push(Note::refused("no_null_model", NO_NULL)),
    }
    let mask = mask_map(&search, &values, input);
    let figures = figures::all(method, input, &measured, &null, &radii, &rivals);
    Ok(Outcome { estimates: estimates(input, &measured), tables, notes, maps: vec![mask], figures, ..Outcome::default() })
}

const NO_NULL: &str = "no stationary field fits this map (xi exceeds the image, or a trend), so there is no null model: noise with the same \
                       correlation may have the same clusters";

fn searched(search: &Search<'_>, values: &Array2<f64>, input: &Input<'_>) -> Result<(Found, Labelling), MethodError> {
    let finite = || values.iter().zip(search.valid).filter(|(_, valid)| **valid).map(|(value, _)| *value);
    let map = input.map.quantity.clone();
    let lowest = finite().fold(f64::INFINITY, f64::min);
    let nothing = |level| ClustersError::NothingBelow { map: map.clone(), level, lowest };
    let (found, labelling) = search.run(values).ok_or_else(|| nothing(f64::NAN))?;
    if found.largest == 0 {
        return Err(nothing(found.level).into());
    }
    if found.area_fraction >= 1.0 {
        let highest = finite().fold(f64::NEG_INFINITY, f64::max);
        return Err(ClustersError::EverythingBelow { map, level: found.level, highest }.into());
    }
    Ok((found, labelling))
}

/// Radii from the smallest cluster that counts to somewhat above the largest inside, evenly spaced in the logarithm.
fn radii(found: &Found, min_pixels: u64) -> Vec<f64> {
    let clusters = found.of_size(min_pixels);
    let (Some(first), Some(last)) = (clusters.first(), clusters.last()) else { return Vec::new() };
    let ratio = 1.5 * last.radius / first.radius;
    (0..RADII).map(|i| first.radius * ratio.powf(i as f64 / (RADII - 1) as f64)).collect()
}

fn estimates(input: &Input<'_>, measured: &Measured) -> Vec<Estimate> {
    let found = &measured.found;
    let one = |key: &str, symbol: &str, value: f64| Estimate::without_interval(key, symbol, value, "", SINGLE_IMAGE);
    let flag = |key: &str, symbol: &str, spans: bool| {
        Estimate::without_interval(key, symbol, f64::from(u8::from(spans)), "", "seen or not seen in this image")
    };
    let mut estimates = measured.fit.as_ref().map_or(Vec::new(), |fit| size_estimates(input, fit));
    let count = found.of_size(measured.fit.as_ref().map_or(1, |fit| fit.smallest)).len();
    estimates.extend([
        one("dense_area_fraction", "A_d", found.area_fraction),
        one("dense_cluster_count", "N", count as f64),
        flag("spans_x", "P_x", found.spans_x),
        flag("spans_y", "P_y", found.spans_y),
        flag("spans_both", "P_xy", found.spans_both),
        one("largest_cluster_fraction", "P_∞", found.largest_fraction),
    ]);
    estimates.extend(measured.boxes.as_ref().map(|boxes| {
        let estimate = one("box_dimension", "D_b", boxes.dimension);
        if decades(boxes) < 1.0 { estimate.flag("range_below_a_decade") } else { estimate }
    }));
    estimates
}

/// Decades of the sides of the boxes.
fn decades(boxes: &BoxCount) -> f64 {
    let ends = boxes.sides.last().zip(boxes.sides.first());
    ends.map_or(0.0, |(last, first)| (*last as f64 / *first as f64).log10())
}

/// Exponent and cut-off; intervals by profile likelihood where the smallest radius was given.
fn size_estimates(input: &Input<'_>, fit: &SizeFit) -> Vec<Estimate> {
    let intervals = fit.intervals();
    let given = intervals.filter(|_| input.r_min.is_some());
    let n = fit.sums.n;
    let number = |key: &str, symbol: &str, value: f64, unit: &str, interval: Option<(f64, f64)>| match interval {
        Some(interval) => Estimate::with_interval(key, symbol, value, unit, interval, Basis::Likelihood).n(n),
        None => Estimate::without_interval(key, symbol, value, unit, SELECTED).n(n),
    };
    let mut estimates = vec![number("cluster_exponent", "α", fit.alpha(), "", given.map(|found| found.alpha))];
    match intervals.filter(|found| found.lambda.0 > 0.0) {
        Some(found) => {
            let ends = (fit.r_min / found.lambda.1, fit.r_min / found.lambda.0);
            estimates.push(number("cluster_cutoff", "R_c", fit.cutoff(), "m", given.map(|_| ends)));
        }
        None => estimates.extend(intervals.map(|found| {
            let why = "itself a one-sided bound at 95 %: the clusters do not exclude a pure power law";
            let bound = fit.r_min / found.lambda_below;
            Estimate::without_interval("cluster_cutoff_lower_bound", "R_c", bound, "m", why).n(n).flag("not_identified")
        })),
    }
    let why = if input.r_min.is_some() { "given" } else { "chosen where law and clusters are closest" };
    estimates.push(Estimate::without_interval("cluster_r_min", "R_min", fit.r_min, "m", why).n(fit.n as f64));
    estimates
}

fn notes(method: &Clusters, input: &Input<'_>, measured: &Measured, rivals: &[Rival]) -> Vec<Note> {
    let found = &measured.found;
    let mut notes = vec![Note::info(
        "definition",
        format!(
            "dense: {} at or below {:.4e} {} ({:.1} % of the area); {} clusters inside, {} touch the border and are left out (the others carry \
             border weights). Neighbours: {}",
            input.map.quantity.replace('_', " "),
            found.level,
            Unit::of(input.map.unit.symbol()),
            100.0 * found.area_fraction,
            found.clusters.len(),
            found.n_border,
            method.connectivity
        ),
    )];
    match &measured.fit {
        Some(fit) => {
            notes.push(Note::info("sizes", fit_words(fit)));
            notes.extend(rivals.iter().map(|rival| Note::info("rival", rival.verdict())));
        }
        None => notes.push(Note::refused(
            "few_clusters",
            format!(
                "{} clusters of at least {} pixels inside; {FEWEST} above the smallest radius are needed for a law of their sizes. Pool the \
                 sites of a state with \"dafm.cluster_sizes\"",
                found.of_size(method.min_pixels).len(),
                method.min_pixels
            ),
        )),
    }
    notes.push(match &measured.boxes {
        Some(boxes) => box_note(boxes, input.pitch),
        None => Note::refused("no_box_dimension", "the largest cluster is too small for boxes of four sizes"),
    });
    notes
}

pub(crate) fn fit_words(fit: &SizeFit) -> String {
    let decades = (fit.r_max / fit.r_min).log10();
    let narrow = if decades < 1.0 { ": less than a decade, which no power law can be read from with certainty" } else { "" };
    format!(
        "R^-α exp(-R/Rc) fitted to {} clusters from R = {:.3e} m ({} pixels) to {:.3e} m, {decades:.2} decades{narrow}; the cumulated number \
         falls as R^-{:.2} below the cut-off. Distance between law and clusters D = {:.3}",
        fit.n,
        fit.r_min,
        fit.smallest,
        fit.r_max,
        fit.alpha() - 1.0,
        fit.ks
    )
}

fn box_note(boxes: &BoxCount, pitch: (f64, f64)) -> Note {
    let side = (pitch.0 * pitch.1).sqrt();
    let ends = boxes.sides.last().zip(boxes.sides.first());
    let (high, low) = ends.map_or((0.0, 0.0), |(high, low)| (*high as f64 * side, *low as f64 * side));
    let text = format!(
        "box dimension {:.3} over boxes of {low:.2e} to {high:.2e} m ({:.2} decades); slopes between neighbouring sides {:.2} to {:.2}",
        boxes.dimension,
        decades(boxes),
        boxes.slopes.0,
        boxes.slopes.1
    );
    match decades(boxes) < 1.0 {
        true => Note::warning(
            "box_dimension",
            format!(
                "{text}. The range is below a decade: the number describes this cluster, it does not show that the cluster is a fractal"
            ),
        ),
        false => Note::info("box_dimension", text),
    }
}

/// The null band of every number, in a table and in words.
fn compare(measured: &Measured, null: &[Measured]) -> (Table, Vec<Note>) {
    let mut rows: Vec<(&Compared, Comparison)> = Vec::new();
    for compared in &COMPARED {
        let value = (compared.read)(measured);
        let values: Vec<f64> = null.iter().map(compared.read).collect();
        let comparison = Comparison::new(value, &values).filter(|_| value.is_finite());
        rows.extend(comparison.map(|comparison| (compared, comparison)));
    }
    let number = |read: fn(&Comparison) -> f64| rows.iter().map(|(_, c)| read(c)).collect::<Vec<f64>>();
    let text = |read: &dyn Fn(&(&Compared, Comparison)) -> String| rows.iter().map(read).collect::<Vec<String>>();
    let table =
        Table::new("null_comparison", "Clusters of the map and of isotropic noise with the same correlation (SI units)")
            .with_text("quantity", text(&|(compared, _)| compared.key.to_owned()))
            .with_text("unit", text(&|(compared, _)| compared.unit.to_owned()))
            .with_numbers("value", "", number(|c| c.value))
            .with_numbers("null_mean", "", number(|c| c.mean))
            .with_numbers("null_lo", "", number(|c| c.band.0))
            .with_numbers("null_hi", "", number(|c| c.band.1))
            .with_numbers("p", "", number(|c| c.p))
            .with_text("verdict", text(&|(_, c)| c.verdict().to_owned()));
    let note = |(compared, c): &(&Compared, Comparison)| {
        let (value, mean, low, high, p) = (c.value, c.mean, c.band.0, c.band.1, c.p);
        Note::info(
            compared.key,
            format!(
                "{}: {value:.4e} against {mean:.4e} [{low:.4e}, {high:.4e}] in noise, p = {p:.3}: {}",
                compared.words,
                c.verdict()
            ),
        )
    };
    let notes = rows.iter().map(note).collect();
    (table, notes)
}

fn clusters_table(measured: &Measured, min_pixels: u64) -> Table {
    let clusters = measured.found.of_size(min_pixels);
    let column = |read: fn(&Cluster) -> f64| clusters.iter().map(read).collect::<Vec<f64>>();
    Table::new("clusters", "The clusters inside the image, smallest first")
        .with_numbers("pixels", "", column(|c| c.n_pixels as f64))
        .with_numbers("radius", "m", column(|c| c.radius))
        .with_numbers("border_weight", "", column(|c| c.weight))
}

/// Counts in bins of equal width in the logarithm, divided by the width of the bin as well.
fn histogram_table(measured: &Measured, min_pixels: u64) -> Table {
    let clusters = measured.found.of_size(min_pixels);
    let (low, high) = match (clusters.first(), clusters.last()) {
        (Some(first), Some(last)) => (super::sizes::lower_edge(first), 1.0001 * last.radius),
        _ => (1.0, 1.0),
    };
    let bins = ((high / low).log10() * BINS_PER_DECADE).ceil().max(0.0) as usize;
    let edges: Vec<f64> = (0..=bins).map(|i| low * (high / low).powf(i as f64 / bins.max(1) as f64)).collect();
    let above = measured.found.cumulated(&edges);
    let pairs = || edges.windows(2).zip(above.windows(2));
    Table::new("size_histogram", "Clusters by radius, border weights included")
        .with_numbers("from", "m", pairs().map(|(edge, _)| edge[0]).collect())
        .with_numbers("to", "m", pairs().map(|(edge, _)| edge[1]).collect())
        .with_numbers("clusters", "", pairs().map(|(_, above)| above[0] - above[1]).collect())
        .with_numbers(
            "clusters_per_width",
            "1/m",
            pairs().map(|(edge, above)| (above[0] - above[1]) / (edge[1] - edge[0])).collect(),
        )
        .with_numbers("at_least_as_large", "", pairs().map(|(_, above)| above[0]).collect())
}

fn boxes_table(boxes: &BoxCount, pitch: (f64, f64)) -> Table {
    let side = (pitch.0 * pitch.1).sqrt();
    Table::new("boxes", "Boxes that cover the largest cluster")
        .with_numbers("side_pixels", "", boxes.sides.iter().map(|n| *n as f64).collect())
        .with_numbers("side", "m", boxes.sides.iter().map(|n| *n as f64 * side).collect())
        .with_numbers("boxes", "", boxes.counts.clone())
}

/// 1 where dense, 0 elsewhere, missing where the map is.
fn mask_map(search: &Search<'_>, values: &Array2<f64>, input: &Input<'_>) -> Map {
    let dense = search.mask(values).map_or_else(|| Array2::from_elem(values.dim(), false), |(mask, _)| mask);
    let shown = Array2::from_shape_fn(values.dim(), |at| match (search.valid[at], dense[at]) {
        (false, _) => f64::NAN,
        (true, dense) => f64::from(u8::from(dense)),
    });
    Map::new("dense_mask", shown, Unit::one(), input.map.extent.clone())
}
