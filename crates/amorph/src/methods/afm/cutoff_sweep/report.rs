//! Slopes with intervals, the table, and the answer in words.

use super::algorithm::{Line, Point, largest_deviation_p, sweep};
use super::{CutoffSweep, Input, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::method::MethodError;
use crate::methods::afm::regions::ENOUGH;
use crate::methods::afm::regions::null::{Comparison, NO_NULL, NullModel};
use crate::methods::afm::regions::statistics::{Mean, Summary};

/// A number that is followed over the cut-offs.
pub(super) struct Followed {
    pub key: &'static str,
    pub label: &'static str,
    pub unit: &'static str,
    pub read: fn(&Summary) -> f64,
    mean: fn(&Summary) -> Mean,
    /// Whether it says something about shape and needs enough regions.
    pub shape: bool,
}

pub(super) const FOLLOWED: [Followed; 4] = [
    Followed { key: "aspect", label: "mean aspect ratio", unit: "", read: |s| s.aspect.value, mean: |s| s.aspect, shape: true },
    Followed { key: "req", label: "mean equivalent radius", unit: "m", read: |s| s.req.value, mean: |s| s.req, shape: true },
    Followed {
        key: "req_by_area",
        label: "mean equivalent radius by area",
        unit: "m",
        read: |s| s.req_by_area.value,
        mean: |s| s.req_by_area,
        shape: true,
    },
    Followed {
        key: "count",
        label: "number of regions",
        unit: "",
        read: |s| s.count as f64,
        mean: |s| Mean::root_of_count(s.count),
        shape: false,
    },
];

/// The sweep of a map and of its surrogates.
pub(super) struct Swept<'a> {
    method: &'a CutoffSweep,
    pub points: Vec<Point>,
    /// Empty without a null model.
    pub null: Vec<Vec<Point>>,
}

pub(super) fn outcome(method: &CutoffSweep, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let valid = input.map.valid();
    let valid = valid.view();
    let values = input.map.values.mapv(|value| input.map.unit.to_si(value));
    let measure = |values: &ndarray::Array2<f64>| sweep(values, &valid, input.pitch, &input.rules, method.min_pixels);
    let points = measure(&values).ok_or_else(|| {
        let message =
            "the values do not add up to a positive sum, so no pixels hold a share of it; use mode = 'area'".to_owned();
        MethodError::Parameters { method: "dafm.cutoff_sweep", message }
    })?;
    let model = NullModel::fit(&values, &valid, input.pitch);
    let null = match &model {
        Some(model) => model.each(method.surrogates, ctx, |mut field| {
            model.impose(&mut field);
            measure(&field)
        })?,
        None => Vec::new(),
    };
    let swept = Swept { method, points, null: null.into_iter().flatten().collect() };
    let mut outcome =
        Outcome { tables: vec![swept.table()], figures: vec![figures::sweep(&swept, method)], ..Outcome::default() };
    match &model {
        Some(model) if !swept.null.is_empty() => {
            outcome.notes.push(Note::info("null_model", model.describe(swept.null.len())));
            let (estimates, notes) = swept.slopes();
            outcome.estimates = estimates;
            outcome.notes.extend(notes);
            outcome.notes.extend(swept.over_all());
        }
        _ => outcome.notes.push(Note::refused("no_null_model", NO_NULL)),
    }
    Ok(outcome)
}

impl Swept<'_> {
    fn has_enough(&self, index: usize) -> bool {
        self.points[index].summary.count >= ENOUGH
    }

    /// The number at a cut-off of the map; NaN for shapes of too few regions.
    pub(super) fn value(&self, followed: &Followed, index: usize) -> f64 {
        if followed.shape && !self.has_enough(index) { f64::NAN } else { (followed.read)(&self.points[index].summary) }
    }

    /// Its place among the surrogates.
    pub(super) fn comparison(&self, followed: &Followed, index: usize) -> Option<Comparison> {
        let null: Vec<f64> = self.null.iter().map(|points| (followed.read)(&points[index].summary)).collect();
        Comparison::new(self.value(followed, index), &null)
    }

    /// Its 95 % interval.
    pub(super) fn interval(&self, followed: &Followed, index: usize) -> Option<(f64, f64)> {
        let null: Vec<Mean> = self.null.iter().map(|points| (followed.mean)(&points[index].summary)).collect();
        let wanted = !followed.shape || self.has_enough(index);
        let (lo, hi) = (followed.mean)(&self.points[index].summary).interval(&null).filter(|_| wanted)?;
        // Counts are compared by their square roots.
        let back = |end: f64| if followed.shape { end } else { end.max(0.0).powi(2) };
        Some((back(lo), back(hi)))
    }

    fn table(&self) -> Table {
        let all = || 0..self.points.len();
        let mut table = Table::new("sweep", "Regions at each cut-off, and the null model")
            .with_numbers("cutoff", "", self.method.cutoffs.clone())
            .with_numbers("threshold", "", self.points.iter().map(|point| point.threshold).collect());
        for followed in &FOLLOWED {
            let (key, unit) = (followed.key, followed.unit);
            let end = |read: fn((f64, f64)) -> f64| -> Vec<f64> {
                all().map(|index| self.interval(followed, index).map_or(f64::NAN, read)).collect()
            };
            let null = |read: fn(&Comparison) -> f64| -> Vec<f64> {
                all().map(|index| self.comparison(followed, index).as_ref().map_or(f64::NAN, read)).collect()
            };
            table = table.with_numbers(key, unit, all().map(|index| self.value(followed, index)).collect());
            if !self.null.is_empty() {
                table = table
                    .with_numbers(&format!("{key}_lo"), unit, end(|ends| ends.0))
                    .with_numbers(&format!("{key}_hi"), unit, end(|ends| ends.1))
                    .with_numbers(&format!("{key}_null"), unit, null(|c| c.mean))
                    .with_numbers(&format!("{key}_null_lo"), unit, null(|c| c.band.0))
                    .with_numbers(&format!("{key}_null_hi"), unit, null(|c| c.band.1));
                let p = |index: usize| match self.value(followed, index).is_finite() {
                    true => self.comparison(followed, index).map_or(f64::NAN, |c| c.p),
                    false => f64::NAN,
                };
                table = table.with_numbers(&format!("{key}_p"), "", all().map(p).collect());
            }
        }
        table
    }

    /// The line through the cut-offs where map and surrogates have enough regions, weighted by how many noise has on the average.
    fn line(&self) -> Option<Line> {
        let weight = |index: usize| {
            let counts = || self.null.iter().map(|points| points[index].summary.count);
            let enough = self.has_enough(index) && counts().all(|count| 2 * count >= ENOUGH);
            if enough { counts().sum::<usize>() as f64 } else { 0.0 }
        };
        Line::new(&self.method.cutoffs, &(0..self.points.len()).map(weight).collect::<Vec<f64>>())
    }

    fn slopes(&self) -> (Vec<Estimate>, Vec<Note>) {
        let Some(line) = self.line() else {
            let text = format!(
                "fewer than three cut-offs have {ENOUGH} or more regions of at least {} pixels, so no slope is given; scan a larger area",
                self.method.min_pixels
            );
            return (Vec::new(), vec![Note::refused("few_regions", text)]);
        };
        let aspect = |points: &[Point]| points.iter().map(|point| point.summary.aspect).collect::<Vec<Mean>>();
        let log_req = |points: &[Point]| {
            let log = |mean: Mean| Mean { value: mean.value.ln(), std_error: mean.std_error / mean.value };
            points.iter().map(|point| log(point.summary.req)).collect::<Vec<Mean>>()
        };
        let level = line.mean(&aspect(&self.points));
        let aspect = Slope::new(&line, &aspect(&self.points), self.null.iter().map(|points| aspect(points)));
        let req = Slope::new(&line, &log_req(&self.points), self.null.iter().map(|points| log_req(points)));
        let change = line.span() / level;
        let estimates = vec![
            aspect.estimate("hdr_aspect_slope", "da/dlnP", 0.0, 1.0),
            aspect.estimate("hdr_aspect_slope_excess", "Δ(da/dlnP)", aspect.expected(), 1.0),
            aspect.estimate("hdr_aspect_change", "Δa/a", 0.0, change),
            req.estimate("hdr_req_exponent", "dlnR/dlnP", 0.0, 1.0),
            req.estimate("hdr_req_exponent_excess", "Δ(dlnR/dlnP)", req.expected(), 1.0),
        ];
        let notes = vec![
            self.independence(&aspect, change),
            aspect.against_noise("cutoff_dependence", "slope of the mean aspect ratio against ln(cut-off)"),
            req.against_noise("req_exponent", "exponent of the mean equivalent radius against the cut-off"),
        ];
        (estimates, notes)
    }

    /// The claim of Lu et al. 2016, answered: is the aspect ratio the same at all cut-offs?
    fn independence(&self, aspect: &Slope, change: f64) -> Note {
        let tolerance = self.method.tolerance;
        let Some((lo, hi)) = aspect.interval.map(|(lo, hi)| (lo * change, hi * change)) else {
            return Note::refused("independence", "the slope has no interval, so nothing can be said about the cut-off");
        };
        let verdict = if lo > -tolerance && hi < tolerance {
            format!("independent of the cut-off within {:.0} %", 100.0 * tolerance)
        } else if lo > 0.0 || hi < 0.0 {
            "dependent on the cut-off".to_owned()
        } else {
            format!("neither shown to depend on the cut-off nor to be independent of it within {:.0} %", 100.0 * tolerance)
        };
        let text = format!(
            "from the lowest to the highest cut-off used, the mean aspect ratio changes by {:+.1} % [{:+.1}, {:+.1}]: {verdict}",
            100.0 * aspect.slope.value * change,
            100.0 * lo,
            100.0 * hi
        );
        Note::info("independence", text)
    }

    /// One probability per number for all cut-offs together.
    fn over_all(&self) -> Vec<Note> {
        let used: Vec<usize> = (0..self.points.len()).filter(|index| self.has_enough(*index)).collect();
        let note = |followed: &Followed| {
            let read = |points: &[Point]| used.iter().map(|i| (followed.read)(&points[*i].summary)).collect::<Vec<f64>>();
            let null: Vec<Vec<f64>> = self.null.iter().map(|points| read(points)).collect();
            let p = largest_deviation_p(&read(&self.points), &null)?;
            let verdict = if p < 0.05 { "differs from" } else { "is not distinguishable from" };
            let text = format!(
                "{} over all cut-offs with {ENOUGH} or more regions: {verdict} isotropic noise with the same correlation (p = {p:.3}, largest deviation)",
                followed.label
            );
            Some(Note::info(&format!("all_{}", followed.key), text))
        };
        FOLLOWED.iter().filter_map(note).collect()
    }
}

/// A slope of the map among those of its surrogates.
struct Slope {
    slope: Mean,
    interval: Option<(f64, f64)>,
    comparison: Option<Comparison>,
}

impl Slope {
    fn new(line: &Line, map: &[Mean], null: impl Iterator<Item = Vec<Mean>>) -> Self {
        let slope = line.slope(map);
        let null: Vec<Mean> = null.map(|values| line.slope(&values)).collect();
        let values: Vec<f64> = null.iter().map(|slope| slope.value).collect();
        Self { slope, interval: slope.interval(&null), comparison: Comparison::new(slope.value, &values) }
    }

    fn expected(&self) -> f64 {
        self.comparison.map_or(f64::NAN, |comparison| comparison.mean)
    }

    /// The slope minus `offset`, times `factor`.
    fn estimate(&self, key: &str, symbol: &str, offset: f64, factor: f64) -> Estimate {
        let scaled = |value: f64| (value - offset) * factor;
        match self.interval {
            Some((lo, hi)) => {
                Estimate::with_interval(key, symbol, scaled(self.slope.value), "", (scaled(lo), scaled(hi)), Basis::Bootstrap)
            }
            None => {
                let why = "fewer than nine in ten surrogates have regions at every cut-off";
                Estimate::without_interval(key, symbol, scaled(self.slope.value), "", why)
            }
        }
    }

    fn against_noise(&self, code: &str, words: &str) -> Note {
        let Some(c) = &self.comparison else {
            return Note::refused(code, format!("{words}: no surrogate has a slope"));
        };
        let text = format!(
            "{words}: {:+.4} against {:+.4} [{:+.4}, {:+.4}] in noise, p = {:.3}: {}",
            c.value,
            c.mean,
            c.band.0,
            c.band.1,
            c.p,
            c.verdict()
        );
        Note::info(code, text)
    }
}
