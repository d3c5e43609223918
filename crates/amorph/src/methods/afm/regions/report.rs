//! Numbers, their intervals, comparison with the null model, notes.

use super::algorithm::{Found, Search, Threshold};
use super::null::{Comparison, NO_NULL, NullModel};
use super::statistics::{Mean, Summary};
use super::{Input, Regions, figures, tables};
use crate::core::ctx::{Cancelled, Ctx};
use crate::core::data::DataError;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::normal_quantile;
use crate::method::MethodError;

/// Least number of regions for a statement about their shape.
pub(in crate::methods::afm) const ENOUGH: usize = 20;

/// A number of the summary.
pub(super) struct Quantity {
    pub key: &'static str,
    symbol: &'static str,
    pub unit: &'static str,
    words: &'static str,
    pub read: fn(&Summary) -> f64,
    /// The number with its scatter, for the interval.
    mean: fn(&Summary) -> Mean,
    /// Whether it says something about shape and needs enough regions.
    pub shape: bool,
    /// Whether its comparison with the null model is put in words.
    told: bool,
}

impl Quantity {
    const fn shape(
        (key, symbol, unit): (&'static str, &'static str, &'static str),
        words: &'static str,
        read: fn(&Summary) -> f64,
        mean: fn(&Summary) -> Mean,
    ) -> Self {
        Self { key, symbol, unit, words, read, mean, shape: true, told: false }
    }

    const fn told(self) -> Self {
        Self { told: true, ..self }
    }
}

/// No mean over regions.
const NOT_A_MEAN: Mean = Mean { value: f64::NAN, std_error: f64::NAN };

pub(super) const QUANTITIES: [Quantity; 10] = [
    Quantity {
        key: "hdr_count",
        symbol: "N",
        unit: "",
        words: "number of regions",
        read: |s| s.count as f64,
        mean: |s| Mean::root_of_count(s.count),
        shape: false,
        told: true,
    },
    Quantity::shape(("hdr_aspect", "a", ""), "mean aspect ratio", |s| s.aspect.value, |s| s.aspect).told(),
    Quantity::shape(("hdr_req", "R_eq", "m"), "mean equivalent radius", |s| s.req.value, |s| s.req).told(),
    Quantity::shape(
        ("hdr_req_by_area", "R_eq,A", "m"),
        "mean equivalent radius weighted by area",
        |s| s.req_by_area.value,
        |s| s.req_by_area,
    )
    .told(),
    Quantity::shape(("hdr_angle_order", "S_2", ""), "order of the orientations", |s| s.angle_order, |_| NOT_A_MEAN).told(),
    Quantity::shape(
        ("hdr_aspect_by_area", "a_A", ""),
        "mean aspect ratio weighted by area",
        |s| s.aspect_by_area.value,
        |s| s.aspect_by_area,
    ),
    Quantity::shape(
        ("hdr_bounding_length", "L_b", "m"),
        "mean length of the least bounding rectangle",
        |s| s.bounding_length.value,
        |s| s.bounding_length,
    ),
    Quantity::shape(
        ("hdr_bounding_width", "W_b", "m"),
        "mean width of the least bounding rectangle",
        |s| s.bounding_width.value,
        |s| s.bounding_width,
    ),
    Quantity::shape(("hdr_feret_max", "F_max", "m"), "mean largest width", |s| s.feret_max.value, |s| s.feret_max),
    Quantity::shape(("hdr_feret_min", "F_min", "m"), "mean smallest width", |s| s.feret_min.value, |s| s.feret_min),
];

/// The regions of one surrogate.
pub(super) struct Surrogate {
    pub found: Found,
    /// Share of the usable pixels of the Gaussian field above the level that the threshold is for the map on the average.
    exceedance: f64,
}

/// A map, its regions and those of its surrogates.
struct Analysed<'a> {
    method: &'a Regions,
    input: &'a Input<'a>,
    found: &'a Found,
    summary: Summary,
    null: Option<&'a [Surrogate]>,
}

pub(super) fn outcome(method: &Regions, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let valid = input.map.valid();
    let valid = valid.view();
    let search = input.rules.search(&valid, input.pitch, method.min_pixels);
    let values = input.map.values.mapv(|value| input.map.unit.to_si(value));
    let (mut found, labelling, outlines) = search.run(&values).ok_or_else(|| {
        let message =
            "the values do not add up to a positive sum, so no pixels hold a share of it; use mode = 'area'".to_owned();
        MethodError::Parameters { method: "dafm.regions", message }
    })?;
    if found.n_all == 0 {
        let map = input.map.quantity.clone();
        return Err(DataError::TooFewValues { map, valid: 0, total: values.len(), needed: 1 }.into());
    }
    let outlines = outlines.unwrap_or_else(|| figures::trace(&search, &values, &labelling, &found));
    found.measure_bounds(&outlines, method.min_pixels);
    let model = NullModel::fit(&values, &valid, input.pitch);
    let null = match &model {
        Some(model) => draw(model, &search, found.area_fraction, method.surrogates, ctx)?,
        None => None,
    };
    let summary = found.summary(method.min_pixels);
    let analysed = Analysed { method, input, found: &found, summary, null: null.as_deref() };
    let mut outcome = Outcome {
        estimates: analysed.estimates(),
        notes: analysed.notes(),
        maps: vec![input.map.clone()],
        ..Outcome::default()
    };
    let null: Vec<&Found> = null.iter().flatten().map(|surrogate| &surrogate.found).collect();
    let mut compared = None;
    match (&model, null.is_empty()) {
        (Some(model), false) => {
            let (table, notes) = analysed.compare(&null);
            compared = Some(table);
            outcome.notes.push(Note::info("null_model", model.describe(null.len())));
            outcome.notes.extend(notes);
        }
        _ => outcome.notes.push(Note::refused("no_null_model", NO_NULL)),
    }
    outcome.tables = vec![tables::by_size(&found, &null, method.min_pixels)];
    outcome.tables.extend(compared);
    outcome.tables.push(tables::regions(&found, method.min_pixels));
    let rings = found.of_size(method.min_pixels).flat_map(|region| outlines.rings(region.label)).collect();
    outcome.figures = figures::all(input, &found, &null, method.min_pixels, rings);
    Ok(outcome)
}

fn draw(
    model: &NullModel<'_>,
    search: &Search<'_>,
    share: f64,
    n: usize,
    ctx: &Ctx,
) -> Result<Option<Vec<Surrogate>>, Cancelled> {
    let level = normal_quantile(1.0 - share).map_or(f64::NAN, |z| z * model.std_dev());
    let surrogates = model.each(n, ctx, |mut field| {
        let usable = || field.iter().zip(search.valid).filter(|(_, valid)| **valid).map(|(value, _)| *value);
        let exceedance = usable().filter(|value| *value > level).count() as f64 / usable().count() as f64;
        model.impose(&mut field);
        let (mut found, labelling, outlines) = search.run(&field)?;
        let outlines = outlines.unwrap_or_else(|| figures::trace(search, &field, &labelling, &found));
        found.measure_bounds(&outlines, search.min_pixels);
        Some(Surrogate { found, exceedance })
    })?;
    Ok(surrogates.into_iter().collect())
}

const NO_SURROGATES: &str = "no stationary field was fitted, so there are no surrogates";

impl Analysed<'_> {
    fn estimates(&self) -> Vec<Estimate> {
        let summaries: Option<Vec<Summary>> =
            self.null.map(|null| null.iter().map(|surrogate| surrogate.found.summary(self.method.min_pixels)).collect());
        let wanted = |q: &&Quantity| (q.read)(&self.summary).is_finite() && (!q.shape || self.summary.count >= ENOUGH);
        let one = |quantity: &Quantity| self.estimate(quantity, summaries.as_deref());
        let mut estimates: Vec<Estimate> = QUANTITIES.iter().filter(wanted).map(one).collect();
        estimates.insert(1, self.area_fraction());
        estimates
    }

    fn estimate(&self, quantity: &Quantity, null: Option<&[Summary]>) -> Estimate {
        let value = (quantity.read)(&self.summary);
        let without = |why: &str| Estimate::without_interval(quantity.key, quantity.symbol, value, quantity.unit, why);
        let estimate = match null {
            _ if quantity.key == "hdr_angle_order" => {
                without("never negative, so compare it with its null band; see dafm.orientation for the direction")
            }
            None => without(NO_SURROGATES),
            Some(_) if matches!(self.input.rules.threshold, Threshold::At(_)) => {
                without("at a given threshold the area above it varies from image to image; compare sites")
            }
            Some(null) => {
                let means: Vec<Mean> = null.iter().map(quantity.mean).collect();
                // Counts are compared by their square roots.
                let back = |end: f64| if quantity.shape { end } else { end.max(0.0).powi(2) };
                match (quantity.mean)(&self.summary).interval(&means) {
                    Some((lo, hi)) => {
                        let interval = (back(lo), back(hi));
                        Estimate::with_interval(quantity.key, quantity.symbol, value, quantity.unit, interval, Basis::Bootstrap)
                    }
                    None => without("fewer than nine in ten surrogates have regions"),
                }
            }
        };
        estimate.n(self.summary.count as f64)
    }

    /// The share of the area: a choice in mode `area`, a property of the values in mode `energy`, a measurement at a given threshold.
    fn area_fraction(&self) -> Estimate {
        let (key, symbol, share) = ("hdr_area_fraction", "A_f", self.found.area_fraction);
        let without = |why: &str| Estimate::without_interval(key, symbol, share, "", why);
        match (self.input.rules.threshold, self.null) {
            (Threshold::AreaShare(_), _) => without("chosen"),
            (Threshold::ValueShare(_), _) => without("it follows from the distribution of the values"),
            (Threshold::At(_), None) => without(NO_SURROGATES),
            (Threshold::At(_), Some(null)) => {
                let logit = |share: f64| (share / (1.0 - share)).ln();
                let surrogates: Vec<Mean> = null.iter().map(|s| Mean::plain(logit(s.exceedance))).collect();
                match Mean::plain(logit(share)).interval(&surrogates) {
                    Some((lo, hi)) => {
                        let back = |end: f64| 1.0 / (1.0 + (-end).exp());
                        Estimate::with_interval(key, symbol, share, "", (back(lo), back(hi)), Basis::Bootstrap)
                    }
                    None => without("some surrogates have no pixel above the threshold"),
                }
            }
        }
    }

    fn notes(&self) -> Vec<Note> {
        let (method, found, summary) = (self.method, self.found, &self.summary);
        let mut notes = vec![Note::info(
            "definition",
            format!(
                "{} of {} regions have at least {} pixels and do not touch the border ({} of that size do and are left out; the others \
                 carry border weights). Neighbours: {}",
                summary.count, found.n_all, method.min_pixels, found.n_border, method.connectivity
            ),
        )];
        notes.extend(few_regions(summary.count, method.min_pixels));
        notes
    }

    /// The null band of every number, in a table and in words.
    fn compare(&self, null: &[&Found]) -> (crate::core::data::Table, Vec<Note>) {
        let nulls: Vec<Summary> = null.iter().map(|found| found.summary(self.method.min_pixels)).collect();
        let mut rows: Vec<(&Quantity, Comparison)> = Vec::new();
        for quantity in QUANTITIES.iter().filter(|quantity| !quantity.shape || self.summary.count >= ENOUGH) {
            let values: Vec<f64> = nulls.iter().map(quantity.read).collect();
            if let Some(comparison) = Comparison::new((quantity.read)(&self.summary), &values) {
                rows.push((quantity, comparison));
            }
        }
        let told = rows.iter().filter(|(quantity, _)| quantity.told);
        let notes = told.map(|(quantity, c)| {
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
        });
        let notes = notes.collect();
        (tables::null_comparison(&rows), notes)
    }
}

/// The refusal of statements on the shape of fewer than 20 regions.
pub(in crate::methods::afm) fn few_regions(count: usize, min_pixels: u64) -> Option<Note> {
    (count < ENOUGH).then(|| {
        let text = format!(
            "{count} regions of at least {min_pixels} pixels; at least {ENOUGH} are needed to speak of their shape, size or orientation"
        );
        Note::refused("few_regions", text)
    })
}
