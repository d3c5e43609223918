//! Which patterns of a nanobeam scan have Bragg reflections, and with what error rate that is said.

pub mod background;
pub mod classes;
mod error;
mod figures;
pub mod filter;
pub mod fold;
pub mod fraction;
pub mod geometry;
pub mod halo;
mod judgement;
pub mod nets;
pub mod null;
mod report;
pub mod selfcheck;
pub mod speckle;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_acceptance;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::background::Known;
use self::error::BraggError;
use self::halo::Halo;
use super::calibration::Calibration;
use super::{BEAM_VOLTAGE, CONVERGENCE_SEMI_ANGLE, FOIL, Q_PIXEL, SCAN_STEP, STRAIN};
use crate::core::ctx::Ctx;
use crate::core::data::Scan4d;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Patterns with Bragg reflections among patterns of speckle, at a stated false-discovery rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BraggDetection {
    /// Radius of a diffraction disk in detector pixels; from beam_voltage, convergence_semi_angle and q_pixel if absent.
    pub disk_radius: Option<f64>,
    /// Position [y, x] of the unscattered beam in detector pixels, counted from 0; found if absent.
    pub centre: Option<[f64; 2]>,
    /// Axes ratio (at least 1) and angle of the longer axis in degrees, from the detector's x axis towards y; found if absent.
    pub ellipse: Option<[f64; 2]>,
    /// Radius and standard deviation of the first halo in detector pixels; found if absent.
    pub halo: Option<[f64; 2]>,
    /// Detector pixels [row, column] that tell nothing, besides those that are found.
    pub masked_pixels: Vec<[usize; 2]>,
    /// Count from which on a pixel is saturated; the largest that its type can hold if absent.
    pub saturation: Option<f64>,
    /// Share of false ones among the flagged patterns that is accepted.
    #[schemars(range(min = 0.001, max = 0.5))]
    pub fdr_q: f64,
    /// Where the law of patterns without reflections comes from.
    pub null: NullModel,
    /// Share of the patterns, those with the lowest statistic, that the law is fitted to.
    #[schemars(range(min = 0.2, max = 0.5))]
    pub null_quantile: f64,
    /// Patterns without reflections that are simulated for the self-check.
    #[schemars(range(min = 200, max = 100000))]
    pub simulated: usize,
    /// Whether classes are given although the self-check says that the error rate is not the stated one.
    pub accept_uncalibrated: bool,
}

/// Where the law of patterns without reflections comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NullModel {
    /// From the flattest patterns of the scan.
    Empirical,
    /// From simulated speckle with the measured number of modes and grain.
    Parametric,
}

impl Default for BraggDetection {
    fn default() -> Self {
        Self {
            disk_radius: None,
            centre: None,
            ellipse: None,
            halo: None,
            masked_pixels: Vec::new(),
            saturation: None,
            fdr_q: 0.05,
            null: NullModel::Empirical,
            null_quantile: 0.35,
            simulated: 500,
            accept_uncalibrated: false,
        }
    }
}

/// A scan and what is known about its patterns.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    scan: &'a Scan4d,
    known: Known,
    masked: Vec<bool>,
    scan_step: Option<f64>,
    q_pixel: Option<f64>,
}

/// Patterns that an empirical and a parametric null need.
const FEWEST: [usize; 2] = [60, 10];

impl Method for BraggDetection {
    const INFO: MethodInfo = MethodInfo {
        id: "stem.bragg_detection",
        family: "stem",
        version: 3,
        title: "Patterns with Bragg reflections",
        summary: "Which patterns of a nanobeam scan have Bragg reflections, at a stated and checked false-discovery rate, and of which class.",
        doc: include_str!("doc.md"),
        technique: "stem",
        scope: Scope::Item,
        after: &[],
        constants: &[SCAN_STEP.key, Q_PIXEL.key, BEAM_VOLTAGE.key, CONVERGENCE_SEMI_ANGLE.key, STRAIN.key, FOIL.key],
        outputs: &[
            output("br_fraction_corrected", "f", "", "share of patterns with reflections, corrected for both error rates"),
            output("br_fraction_flagged", "", "", "share of patterns that are flagged"),
            output("br_fraction_mixture", "1 - π0", "", "share of patterns that the law of the flattest does not explain"),
            output("n_flagged", "", "", "patterns that are flagged"),
            output("n_patterns", "N", "", "patterns that can be judged"),
            output("n_on_axis", "", "", "patterns with two pairs of reflections or more"),
            output("n_zone_axis_nets", "", "", "patterns on axis with a third reflection at the sum or difference of two"),
            output(
                "n_zone_axis_nets_chance",
                "",
                "",
                "as many would have one by chance, their lines turned against each other",
            ),
            output("n_three_beam", "", "", "patterns with one pair of reflections"),
            output("n_two_beam", "", "", "patterns with reflections whose partner is excluded"),
            output("n_partner_unknown", "", "", "flagged patterns whose partners are hidden or too weak to be excluded"),
            output("fdr_q", "q", "", "false-discovery rate asked for"),
            output("threshold", "T*", "", "statistic above which patterns are flagged"),
            output("null_loc", "", "", "location of the law of patterns without reflections"),
            output("null_scale", "", "", "scale of the law of patterns without reflections"),
            output("selfcheck_fpr", "", "", "share of simulated patterns without reflections that the rule flags"),
            output("selfcheck_ks", "", "", "largest distance between the law and simulated patterns"),
            output("found_share", "", "", "share of disks of the measured intensities that the rule finds"),
            output("bragg_power", "A80", "", "intensity of a disk over the background that is found in four of five patterns"),
            output("speckle_modes_M", "M", "", "independent modes of the speckle: one over its relative variance"),
            output("speckle_grain", "", "", "radius of a grain of the speckle, detector pixels"),
            output("friedel_correlation", "C2", "", "correlation of opposite disk means in patterns without reflections"),
            output("centre_y", "", "", "row of the unscattered beam, detector pixels"),
            output("centre_x", "", "", "column of the unscattered beam, detector pixels"),
            output("ellipse_ratio", "", "", "longer over shorter axis of the halo"),
            output("halo_radius", "k0", "", "radius of the first halo, detector pixels"),
            output("disk_radius", "R", "", "radius of a diffraction disk, detector pixels"),
        ],
        covers: &["I19-20", "I19-24"],
        references: &[
            "Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57, 289 (1995), doi:10.1111/j.2517-6161.1995.tb02031.x",
            "W. J. Rogan, B. Gladen, Am. J. Epidemiol. 107, 71 (1978), doi:10.1093/oxfordjournals.aje.a112510",
            "B. Efron, J. Am. Stat. Assoc. 99, 96 (2004), doi:10.1198/016214504000000089",
            "A. Hirata et al., Nat. Mater. 10, 28 (2011), doi:10.1038/nmat2897",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        let scan = dataset.scan()?;
        self.check_parameters(scan)?;
        let calibration = Calibration::of(dataset)?;
        let disk_radius = self.disk_radius.or(calibration.disk_radius).ok_or(BraggError::NoDiskRadius)?;
        if !(disk_radius >= 1.0 && disk_radius.is_finite()) {
            let (name, allowed) = ("disk_radius", "at least one pixel");
            return Err(BraggError::Parameter { name, value: disk_radius, allowed }.into());
        }
        let (found, needed) = (scan.n_present, FEWEST[usize::from(self.null == NullModel::Parametric)]);
        if found < needed {
            return Err(BraggError::TooFewPatterns { found, needed }.into());
        }
        let [_, _, rows, columns] = scan.shape();
        let mut masked = vec![false; rows * columns];
        for [y, x] in &self.masked_pixels {
            let (y, x) = (*y, *x);
            if y >= rows || x >= columns {
                return Err(BraggError::NoSuchPixel { y, x, rows, columns }.into());
            }
            masked[y * columns + x] = true;
        }
        let known = Known {
            centre: self.centre,
            ellipse: self.ellipse.map(|[ratio, angle]| [ratio, angle.to_radians()]),
            disk_radius,
            halo: self.halo.map(|[radius, width]| Halo { radius, width }),
        };
        Ok(Input { scan, known, masked, scan_step: calibration.scan_step, q_pixel: calibration.q_pixel })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        let judged = judgement::judge_scan(self, input, ctx)?;
        report::outcome(self, input, &judged)
    }
}

impl BraggDetection {
    fn check_parameters(&self, scan: &Scan4d) -> Result<(), MethodError> {
        let wrong = |name, value, allowed| Err(BraggError::Parameter { name, value, allowed }.into());
        if !(0.001..=0.5).contains(&self.fdr_q) {
            return wrong("fdr_q", self.fdr_q, "from 0.001 to 0.5");
        }
        if !(0.2..=0.5).contains(&self.null_quantile) {
            return wrong("null_quantile", self.null_quantile, "from 0.2 to 0.5");
        }
        if !(200..=100_000).contains(&self.simulated) {
            return wrong("simulated", self.simulated as f64, "from 200 to 100000");
        }
        let [_, _, rows, columns] = scan.shape();
        if let Some(outside) =
            self.centre.into_iter().flatten().zip([rows, columns]).find(|(at, n)| !(0.0..*n as f64).contains(at))
        {
            return wrong("centre", outside.0, "on the detector");
        }
        if let Some([ratio, angle]) = self.ellipse
            && !((1.0..=2.0).contains(&ratio) && angle.is_finite())
        {
            return wrong("ellipse", ratio, "a ratio from 1 to 2 and an angle in degrees");
        }
        match self.halo {
            Some([radius, width]) if !(radius > 0.0 && width > 0.0 && width < radius && radius.is_finite()) => {
                wrong("halo", radius, "a radius and a smaller width, both greater than zero")
            }
            _ => Ok(()),
        }
    }
}
