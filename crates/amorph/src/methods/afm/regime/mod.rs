//! `dafm.regime`: the set point at which the tip passes from attraction to repulsion.

pub mod algorithm;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{Bootstrap, BootstrapKind, Resampling};
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};

/// Amplitude ratio at which the mean lag crosses 90 deg, from images at several set points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Regime {
    /// Resamples of the images.
    #[schemars(range(min = 1000))]
    pub bootstrap: usize,
}

impl Default for Regime {
    fn default() -> Self {
        Self { bootstrap: 2000 }
    }
}

/// One image.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    item: String,
    ratio: f64,
    lag: f64,
}

/// Why there is no regime to tell.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RegimeError {
    /// Fewer than three images.
    #[error("{found} images of this state have an amplitude ratio and a mean lag; {FEWEST} are needed")]
    TooFewImages {
        /// Images found.
        found: usize,
    },
    /// All at one set point.
    #[error("all {found} images are at A/A0 = {ratio:.3}")]
    OneSetpoint {
        /// Images found.
        found: usize,
        /// Their ratio.
        ratio: f64,
    },
}

const FEWEST: usize = 3;
/// Images from which resampling them gives an interval that covers.
const FEWEST_FOR_INTERVAL: usize = 12;
/// Level at which the percentiles of the resamples are read for a 95 % interval: an isotonic curve is rough, resamples repeat its
/// corners, and 95 % of them cover in 83 to 88 %.
const CALIBRATED_LEVEL: f64 = 0.995;
/// Lag between the regimes, deg.
const LEVEL: f64 = 90.0;

impl Refusal for RegimeError {
    fn hint(&self) -> String {
        match self {
            Self::TooFewImages { .. } => {
                "put \"dafm.dissipation\" before it, and image one area at several set points".to_owned()
            }
            Self::OneSetpoint { .. } => {
                "image the same area at other set points, for instance A/A0 from 0.4 to 0.95".to_owned()
            }
        }
    }
}

impl Method for Regime {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.regime",
        family: "afm",
        version: 1,
        title: "Attractive and repulsive regime",
        summary: "Finds the amplitude ratio at which the mean lag of the images of a state crosses 90 degrees.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::State,
        after: &["dafm.dissipation"],
        constants: &[],
        outputs: &[
            output("regime_crossing_ratio", "(A/A0)_90", "", "amplitude ratio at which the mean lag crosses 90 deg"),
            output("fraction_images_attractive", "", "", "share of the images with a mean lag above 90 deg"),
        ],
        covers: &["L16-03"],
        references: &[
            "Lu et al., Sci. Rep. 6, 29357 (2016)",
            "R. E. Barlow et al., Statistical Inference under Order Restrictions (1972)",
        ],
    };

    type Input<'a> = Vec<Image>;

    fn check(&self, dataset: &Dataset) -> Result<Vec<Image>, MethodError> {
        if self.bootstrap < 1000 {
            let message = format!("bootstrap = {}; at least 1000 resamples are needed", self.bootstrap);
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let image = |upstream: &crate::method::Upstream| {
            let value =
                |key: &str| upstream.outcome.estimate(key).map(|estimate| estimate.value).filter(|value| value.is_finite());
            Some(Image { item: upstream.item.clone(), ratio: value("amplitude_ratio")?, lag: value("mean_lag")? })
        };
        let outcomes = dataset.upstream.iter().filter(|upstream| upstream.method == "dafm.dissipation");
        let mut images: Vec<Image> = outcomes.filter_map(image).collect();
        images.sort_by(|a, b| a.ratio.total_cmp(&b.ratio).then(a.lag.total_cmp(&b.lag)));
        let found = images.len();
        if found < FEWEST {
            return Err(RegimeError::TooFewImages { found }.into());
        }
        let ratio = images[0].ratio;
        if images[found - 1].ratio - ratio < 0.01 {
            return Err(RegimeError::OneSetpoint { found, ratio }.into());
        }
        Ok(images)
    }

    fn run(&self, images: &Vec<Image>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let points: Vec<(f64, f64)> = images.iter().map(|image| (image.ratio, image.lag)).collect();
        let attractive = images.iter().filter(|image| image.lag > LEVEL).count() as f64 / images.len() as f64;
        let counted = "a count over the images";
        let mut outcome = Outcome {
            estimates: vec![Estimate::without_interval("fraction_images_attractive", "", attractive, "", counted)],
            tables: vec![table(images)],
            ..Outcome::default()
        };
        match algorithm::crossing(&points, LEVEL) {
            Some(ratio) => outcome.estimates.insert(0, self.crossing(ratio, &points, ctx.seed)),
            None => outcome.notes.push(one_side(&points, attractive)),
        }
        outcome.figures = vec![figure(&points, outcome.estimate("regime_crossing_ratio"))];
        Ok(outcome)
    }
}

impl Regime {
    fn crossing(&self, ratio: f64, points: &[(f64, f64)], seed: u64) -> Estimate {
        let (key, symbol, n) = ("regime_crossing_ratio", "(A/A0)_90", points.len());
        match interval(points, self.bootstrap, seed) {
            Some((ends, error)) if n >= FEWEST_FOR_INTERVAL => {
                Estimate::with_interval(key, symbol, ratio, "", ends, Basis::Bootstrap).std_error(error).n(n as f64)
            }
            Some(_) => {
                let why = format!("{n} images; resampling them gives an interval that covers from {FEWEST_FOR_INTERVAL} on");
                Estimate::without_interval(key, symbol, ratio, "", &why).n(n as f64)
            }
            None => {
                let why = "too many resamples of the images lie on one side of 90 deg";
                Estimate::without_interval(key, symbol, ratio, "", why).n(n as f64)
            }
        }
    }
}

/// 95 % interval and standard error of the crossing by resampling the images.
pub(super) fn interval(points: &[(f64, f64)], resamples: usize, seed: u64) -> Option<((f64, f64), f64)> {
    let bootstrap = Bootstrap { kind: BootstrapKind::Percentile, level: CALIBRATED_LEVEL, ..Bootstrap::new(resamples, seed) };
    let statistic = |indices: &[usize]| {
        let drawn: Vec<(f64, f64)> = indices.iter().map(|&index| points[index]).collect();
        algorithm::crossing(&drawn, LEVEL)
    };
    let found = bootstrap.interval(Resampling::Independent { n: points.len() }, statistic).ok()?;
    Some(((found.lower, found.upper), found.std_error))
}

fn one_side(points: &[(f64, f64)], attractive: f64) -> Note {
    let lags = points.iter().map(|(_, lag)| *lag);
    let (low, high) = (lags.clone().fold(f64::INFINITY, f64::min), lags.fold(f64::NEG_INFINITY, f64::max));
    let side = match attractive {
        1.0 => "all images are attractive",
        0.0 => "all images are repulsive",
        _ => "the lag does not rise with the amplitude",
    };
    Note::refused(
        "no_crossing",
        format!("{side} (mean lag {low:.2} to {high:.2} deg): the crossing of 90 deg lies outside these set points"),
    )
}

fn table(images: &[Image]) -> Table {
    let side = |image: &Image| if image.lag > LEVEL { "attractive" } else { "repulsive" };
    Table::new("set_points", "Mean lag of each image")
        .with_text("item", images.iter().map(|image| image.item.clone()).collect())
        .with_numbers("amplitude_ratio", "", images.iter().map(|image| image.ratio).collect())
        .with_numbers("mean_lag", "deg", images.iter().map(|image| image.lag).collect())
        .with_text("regime", images.iter().map(|image| side(image).to_owned()).collect())
}

fn figure(points: &[(f64, f64)], crossing: Option<&Estimate>) -> Figure {
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|(ratio, lag)| (*ratio, lag.to_radians())).unzip();
    let (fit_x, fit_y) = algorithm::rising_curve(points).iter().map(|(ratio, lag)| (*ratio, lag.to_radians())).unzip();
    let mut panel = Panel::new("", Axis::linear("A/A0", Unit::one()), Axis::linear("mean lag", Unit::of("deg")))
        .with(Mark::line("rising curve", Role::Model, fit_x, fit_y))
        .with(Mark::points("images", Role::Data, x, y))
        .with(Mark::Rule { name: "90 deg".to_owned(), role: Role::Null, axis: RuleAxis::Y, at: LEVEL.to_radians() });
    if let Some(crossing) = crossing {
        panel = panel.with(Mark::Rule {
            name: "crossing".to_owned(),
            role: Role::Highlight,
            axis: RuleAxis::X,
            at: crossing.value,
        });
    }
    Figure {
        key: "regime".to_owned(),
        title: "Mean lag against amplitude".to_owned(),
        caption: "Mean lag of each image, the rising curve closest to them, and where it crosses 90 deg: attraction above, repulsion below.".to_owned(),
        panels: vec![panel],
    }
}
