//! `dafm.amplitude_dependence`: whether the correlation length depends on the amplitude at which it was imaged.

pub mod algorithm;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, Upstream, output};

use algorithm::Trend;

/// Change of the correlation length with the amplitude, from images at several set points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AmplitudeDependence {
    /// Key of the quantity, for instance `correlation_length` or `r_1e`; it must be above zero.
    pub quantity: String,
    /// Method that gives it.
    pub of_method: String,
    /// The change over the measured range counts as negligible when its interval lies within this share.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub negligible: f64,
}

impl Default for AmplitudeDependence {
    fn default() -> Self {
        Self { quantity: "correlation_length".to_owned(), of_method: "dafm.correlation_length".to_owned(), negligible: 0.1 }
    }
}

/// One image.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    item: String,
    ratio: f64,
    value: f64,
    interval: Option<(f64, f64)>,
}

/// What [`AmplitudeDependence`] works on.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    images: Vec<Image>,
    unit: Unit,
}

/// Why there is no test.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AmplitudeDependenceError {
    /// Too few images have both numbers.
    #[error("{found} images of this state have both an amplitude ratio and {quantity}; {FEWEST} are needed")]
    TooFewImages {
        /// Images found.
        found: usize,
        /// The quantity.
        quantity: String,
    },
    /// The amplitudes are too alike.
    #[error("the amplitudes of the images lie between A/A0 = {low:.3} and {high:.3}; a range of {SMALLEST_RANGE} is needed")]
    RangeTooSmall {
        /// Smallest ratio.
        low: f64,
        /// Largest ratio.
        high: f64,
    },
}

const FEWEST: usize = 4;
const SMALLEST_RANGE: f64 = 0.1;

impl Refusal for AmplitudeDependenceError {
    fn hint(&self) -> String {
        match self {
            Self::TooFewImages { .. } => {
                "put \"dafm.dissipation\" and \"dafm.correlation_length\" before it, and image one area at four or more set points".to_owned()
            }
            Self::RangeTooSmall { .. } => "image the same area at other set points as well".to_owned(),
        }
    }
}

impl Method for AmplitudeDependence {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.amplitude_dependence",
        family: "afm",
        version: 1,
        title: "Correlation length against amplitude",
        summary: "Asks whether a length found in images of one area changes with the amplitude at which they were taken.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::State,
        after: &["dafm.dissipation", "dafm.correlation_length"],
        constants: &[],
        outputs: &[
            output("log_slope", "d ln ξ/d(A/A0)", "", "slope of the logarithm of the length against the amplitude ratio"),
            output("relative_change", "Δξ/ξ", "", "relative change from the smallest to the largest amplitude"),
            output("amplitude_slope", "dξ/d(A/A0)", "m", "slope of the length at its geometric mean"),
        ],
        covers: &["L16-20"],
        references: &["Lu et al., Sci. Rep. 6, 29357 (2016)"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        if !(self.negligible > 0.0 && self.negligible <= 1.0) {
            let message = format!("negligible = {} must be above 0 and at most 1", self.negligible);
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let of = |method: &'static str| move |upstream: &&Upstream| upstream.method == method;
        let mut unit = Unit::of("m");
        let mut images = Vec::new();
        for upstream in dataset.upstream.iter().filter(|upstream| upstream.method == self.of_method) {
            let same_item = dataset.upstream.iter().filter(of("dafm.dissipation")).find(|other| other.item == upstream.item);
            let ratio = same_item.and_then(|other| other.outcome.estimate("amplitude_ratio"));
            let (Some(ratio), Some(estimate)) = (ratio, upstream.outcome.estimate(&self.quantity)) else { continue };
            if ratio.value.is_finite() && estimate.value > 0.0 && estimate.value.is_finite() {
                let interval = estimate.interval.map(|interval| (interval.lo, interval.hi));
                unit = estimate.unit.clone();
                images.push(Image { item: upstream.item.clone(), ratio: ratio.value, value: estimate.value, interval });
            }
        }
        let found = images.len();
        if found < FEWEST {
            return Err(AmplitudeDependenceError::TooFewImages { found, quantity: self.quantity.clone() }.into());
        }
        let low = images.iter().map(|image| image.ratio).fold(f64::INFINITY, f64::min);
        let high = images.iter().map(|image| image.ratio).fold(f64::NEG_INFINITY, f64::max);
        if high - low < SMALLEST_RANGE {
            return Err(AmplitudeDependenceError::RangeTooSmall { low, high }.into());
        }
        Ok(Input { images, unit })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let ratios: Vec<f64> = input.images.iter().map(|image| image.ratio).collect();
        let values: Vec<f64> = input.images.iter().map(|image| image.value).collect();
        let Some(trend) = Trend::of(&ratios, &values) else {
            let (found, quantity) = (values.len(), self.quantity.clone());
            return Err(AmplitudeDependenceError::TooFewImages { found, quantity }.into());
        };
        Ok(Outcome {
            estimates: estimates(&trend, input, values.len()),
            tables: vec![table(input, &self.quantity)],
            figures: vec![figure(&trend, input, &self.quantity)],
            notes: vec![self.verdict(&trend)],
            ..Outcome::default()
        })
    }
}

impl AmplitudeDependence {
    fn verdict(&self, trend: &Trend) -> Note {
        let (low, high) = trend.change_interval();
        let range = format!(
            "{} changes by {:.1} % ({:.1} to {:.1} %) from A/A0 = {:.3} to {:.3}",
            self.quantity,
            100.0 * trend.change(),
            100.0 * low,
            100.0 * high,
            trend.low,
            trend.high
        );
        let limit = 100.0 * self.negligible;
        if low > -self.negligible && high < self.negligible {
            return Note::info(
                "amplitude_dependence_negligible",
                format!("{range}: less than {limit} % either way, negligible"),
            );
        }
        if low > 0.0 || high < 0.0 {
            return Note::warning(
                "amplitude_dependence",
                format!("{range}: images at different set points are not comparable"),
            );
        }
        let message =
            format!("{range}: no dependence is seen, but {limit} % are not excluded; more images or a wider range are needed");
        Note::warning("amplitude_dependence_undecided", message)
    }
}

fn estimates(trend: &Trend, input: &Input, n: usize) -> Vec<Estimate> {
    let n = n as f64;
    let interval = trend.slope_interval();
    let with = |key: &str, symbol: &str, value: f64, unit: &str, ends: (f64, f64)| {
        Estimate::with_interval(key, symbol, value, unit, ends, Basis::Replicate).n(n)
    };
    let mean = trend.mean();
    vec![
        with("relative_change", "Δξ/ξ", trend.change(), "", trend.change_interval()),
        with("log_slope", "d ln ξ/d(A/A0)", trend.slope, "", interval).std_error(trend.slope_error),
        with("amplitude_slope", "dξ/d(A/A0)", mean * trend.slope, input.unit.symbol(), (mean * interval.0, mean * interval.1)),
    ]
}

fn table(input: &Input, quantity: &str) -> Table {
    let column = |value: fn(&Image) -> f64| input.images.iter().map(value).collect::<Vec<f64>>();
    Table::new("images", "Each image")
        .with_text("item", input.images.iter().map(|image| image.item.clone()).collect())
        .with_numbers("amplitude_ratio", "", column(|image| image.ratio))
        .with_numbers(quantity, input.unit.symbol(), column(|image| image.value))
}

fn figure(trend: &Trend, input: &Input, quantity: &str) -> Figure {
    let images = &input.images;
    let ends = |image: &Image| image.interval.map_or([image.value; 2], |(lo, hi)| [lo, hi]);
    let x: Vec<f64> = (0..=40).map(|i| trend.low + (trend.high - trend.low) * f64::from(i) / 40.0).collect();
    let (lo, hi) = x.iter().map(|ratio| trend.band(*ratio)).unzip();
    let y = x.iter().map(|ratio| trend.at(*ratio)).collect();
    let unit = input.unit.preferred(trend.mean());
    let panel = Panel::new("", Axis::linear("A/A0", Unit::one()), Axis::linear(&quantity.replace('_', " "), unit))
        .with(Mark::Band { name: "95 %".to_owned(), role: Role::Model, x: x.clone(), lo, hi })
        .with(Mark::line("trend", Role::Model, x, y))
        .with(Mark::Points {
            name: "images".to_owned(),
            role: Role::Data,
            x: images.iter().map(|image| image.ratio).collect(),
            y: images.iter().map(|image| image.value).collect(),
            y_interval: images.iter().map(ends).collect(),
            x_interval: Vec::new(),
        });
    Figure {
        key: "amplitude_dependence".to_owned(),
        title: "Length against amplitude".to_owned(),
        caption: "Each image with its own 95 % interval, and the straight line through the logarithms with its 95 % band."
            .to_owned(),
        panels: vec![panel],
    }
}
