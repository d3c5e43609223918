//! Numbers, comparison with the null model, notes and tables.

use super::algorithm::{Found, Search, Summary};
use super::null::{self, Comparison};
use super::{Input, Regions, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{DataError, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::FieldModel;
use crate::method::MethodError;

/// Least number of regions for a statement about their shape.
pub(super) const ENOUGH: usize = 20;
/// Sizes of the table beside the chosen one, pixels.
const SIZES: [u64; 3] = [4, 8, 16];
const SINGLE_IMAGE: &str = "one image: the scatter between sites gives the interval; compare with the null band instead";

/// A number of the summary: key, symbol, unit, how it is read.
struct Quantity {
    key: &'static str,
    symbol: &'static str,
    unit: &'static str,
    words: &'static str,
    read: fn(&Summary) -> f64,
    /// Whether it says something about shape and needs enough regions.
    shape: bool,
}

const QUANTITIES: [Quantity; 5] = [
    Quantity { key: "hdr_count", symbol: "N", unit: "", words: "number of regions", read: |s| s.count as f64, shape: false },
    Quantity { key: "hdr_aspect", symbol: "a", unit: "", words: "mean aspect ratio", read: |s| s.aspect, shape: true },
    Quantity { key: "hdr_req", symbol: "R_eq", unit: "m", words: "mean equivalent radius", read: |s| s.req, shape: true },
    Quantity {
        key: "hdr_req_by_area",
        symbol: "R_eq,A",
        unit: "m",
        words: "mean equivalent radius weighted by area",
        read: |s| s.req_by_area,
        shape: true,
    },
    Quantity {
        key: "hdr_angle_order",
        symbol: "S_2",
        unit: "",
        words: "order of the orientations",
        read: |s| s.angle_order,
        shape: true,
    },
];

pub(super) fn outcome(method: &Regions, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let valid = input.map.valid();
    let search = Search {
        valid: &valid.view(),
        pitch: input.pitch,
        threshold: input.threshold,
        connectivity: input.connectivity,
        shape: input.shape,
        min_pixels: method.min_pixels,
    };
    let values = input.map.values.mapv(|value| input.map.unit.to_si(value));
    let Some((found, labelling, outlines)) = search.run(&values) else {
        let message =
            "the values do not add up to a positive sum, so no pixels hold a share of it; use mode = 'area'".to_owned();
        return Err(MethodError::Parameters { method: "dafm.regions", message });
    };
    if found.n_all == 0 {
        let map = input.map.quantity.clone();
        return Err(DataError::TooFewValues { map, valid: 0, total: values.len(), needed: 1 }.into());
    }
    let summary = found.summary(method.min_pixels);
    let model = null::fit(&values, &search, input.size);
    let null = match &model {
        Some(model) => null::draw(&values, &search, model, method.surrogates, ctx)?,
        None => None,
    };
    let mut outcome = Outcome {
        estimates: estimates(&found, &summary),
        tables: vec![sizes_table(&found, method.min_pixels), regions_table(&found, method.min_pixels)],
        notes: notes(method, &found, &summary),
        maps: vec![input.map.clone()],
        ..Outcome::default()
    };
    outcome.notes.extend(match (&null, &model) {
        (Some(null), Some(model)) => {
            let (table, notes) = compare(method, &summary, null, model);
            outcome.tables.push(table);
            notes
        }
        _ => vec![Note::refused("no_null_model", NO_NULL)],
    });
    let outlines = figures::outlines(&search, &values, &labelling, outlines, &found, method.min_pixels);
    outcome.figures = figures::all(input, &found, null.as_deref().unwrap_or(&[]), method.min_pixels, outlines);
    Ok(outcome)
}

const NO_NULL: &str = "no stationary field fits this map (xi exceeds the image, or a trend), so there is no null model: nothing can be \
                       said about the shape of the regions";

fn estimates(found: &Found, summary: &Summary) -> Vec<Estimate> {
    let fraction = Estimate::without_interval("hdr_area_fraction", "A_f", found.area_fraction, "", SINGLE_IMAGE);
    let one = |quantity: &Quantity| {
        let value = (quantity.read)(summary);
        let wanted = value.is_finite() && (!quantity.shape || summary.count >= ENOUGH);
        wanted.then(|| {
            let mut estimate = Estimate::without_interval(quantity.key, quantity.symbol, value, quantity.unit, SINGLE_IMAGE);
            estimate.basis = if quantity.shape { Basis::Replicate } else { Basis::Exact };
            estimate.n(summary.count as f64)
        })
    };
    QUANTITIES.iter().filter_map(one).chain([fraction]).collect()
}

fn notes(method: &Regions, found: &Found, summary: &Summary) -> Vec<Note> {
    let mut notes = vec![Note::info(
        "definition",
        format!(
            "{} of {} regions have at least {} pixels and do not touch the border ({} of that size do and are left out; the others \
             carry border weights). Neighbours: {}",
            summary.count, found.n_all, method.min_pixels, found.n_border, method.connectivity
        ),
    )];
    if summary.count < ENOUGH {
        let text = format!(
            "{} regions of at least {} pixels; at least {ENOUGH} are needed to speak of their shape, size or orientation",
            summary.count, method.min_pixels
        );
        notes.push(Note::refused("few_regions", text));
    }
    notes
}

/// The null band of every number, in a table and in words.
fn compare(method: &Regions, summary: &Summary, null: &[Found], model: &FieldModel) -> (Table, Vec<Note>) {
    let nulls: Vec<Summary> = null.iter().map(|found| found.summary(method.min_pixels)).collect();
    let mut rows: Vec<(&Quantity, Comparison)> = Vec::new();
    for quantity in QUANTITIES.iter().filter(|quantity| !quantity.shape || summary.count >= ENOUGH) {
        let values: Vec<f64> = nulls.iter().map(quantity.read).collect();
        if let Some(comparison) = Comparison::new((quantity.read)(summary), &values) {
            rows.push((quantity, comparison));
        }
    }
    let number = |read: fn(&Comparison) -> f64| rows.iter().map(|(_, c)| read(c)).collect::<Vec<f64>>();
    let text = |read: &dyn Fn(&(&Quantity, Comparison)) -> String| rows.iter().map(read).collect::<Vec<String>>();
    let table = Table::new("null_comparison", "Regions of the map and of isotropic noise with the same correlation (SI units)")
        .with_text("quantity", text(&|(quantity, _)| quantity.key.to_owned()))
        .with_text("unit", text(&|(quantity, _)| quantity.unit.to_owned()))
        .with_numbers("value", "", number(|c| c.value))
        .with_numbers("null_mean", "", number(|c| c.mean))
        .with_numbers("null_lo", "", number(|c| c.band.0))
        .with_numbers("null_hi", "", number(|c| c.band.1))
        .with_numbers("p", "", number(|c| c.p))
        .with_text("verdict", text(&|(_, c)| c.verdict().to_owned()));
    let mut notes = vec![Note::info(
        "null_model",
        format!(
            "null model: {} isotropic Gaussian fields with the values of the map (rank by rank), xi = {:.3e} m, alpha = {:.2}; same mask, \
             threshold and smallest size",
            null.len(),
            model.xi_major,
            model.alpha
        ),
    )];
    notes.extend(rows.iter().map(|(quantity, c)| {
        let message = format!(
            "{}: {:.4e} against {:.4e} [{:.4e}, {:.4e}] in noise, p = {:.3}: {}",
            quantity.words,
            c.value,
            c.mean,
            c.band.0,
            c.band.1,
            c.p,
            c.verdict()
        );
        Note::info(quantity.key, message)
    }));
    (table, notes)
}

fn sizes_table(found: &Found, min_pixels: u64) -> Table {
    let mut sizes: Vec<u64> = SIZES.into_iter().chain([min_pixels]).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let summaries: Vec<Summary> = sizes.iter().map(|size| found.summary(*size)).collect();
    let column = |read: fn(&Summary) -> f64| summaries.iter().map(read).collect::<Vec<f64>>();
    Table::new("by_size", "Regions by their least number of pixels")
        .with_numbers("min_pixels", "", sizes.iter().map(|size| *size as f64).collect())
        .with_numbers("count", "", column(|s| s.count as f64))
        .with_numbers("aspect", "", column(|s| s.aspect))
        .with_numbers("aspect_by_area", "", column(|s| s.aspect_by_area))
        .with_numbers("req", "m", column(|s| s.req))
        .with_numbers("req_by_area", "m", column(|s| s.req_by_area))
        .with_numbers("angle_order", "", column(|s| s.angle_order))
}

fn regions_table(found: &Found, min_pixels: u64) -> Table {
    let column = |read: fn(&super::algorithm::Measured) -> f64| found.of_size(min_pixels).map(read).collect::<Vec<f64>>();
    Table::new("regions", "The regions")
        .with_numbers("x", "m", column(|r| r.moments.centroid[0]))
        .with_numbers("y", "m", column(|r| r.moments.centroid[1]))
        .with_numbers("pixels", "", column(|r| r.n_pixels as f64))
        .with_numbers("area", "m^2", column(|r| r.moments.area))
        .with_numbers("req", "m", column(|r| r.moments.equivalent_radius()))
        .with_numbers("major_diameter", "m", column(|r| r.moments.diameters()[0]))
        .with_numbers("minor_diameter", "m", column(|r| r.moments.diameters()[1]))
        .with_numbers("aspect", "", column(|r| r.moments.aspect()))
        .with_numbers("angle", "rad", column(|r| r.moments.angle()))
        .with_numbers("border_weight", "", column(|r| r.weight))
}
