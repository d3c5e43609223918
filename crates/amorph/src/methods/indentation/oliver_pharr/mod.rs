//! `indentation.oliver_pharr`: stiffness, reduced modulus and hardness from the unloading.

pub mod algorithm;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{AREA, DRIFT_RATE, FRAME_COMPLIANCE, POISSON_RATIO, TIP_MODULUS, TIP_POISSON_RATIO};
use super::{Curve, IndentationError, Tried};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Oliver and Pharr's analysis of unloading curves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OliverPharr {
    /// Upper and lower end of the fitted loads over the peak load.
    pub window: [f64; 2],
    /// Geometry factor of the contact depth: 0.75 paraboloid and Berkovich, 0.72 cone, 1 flat punch.
    pub epsilon: f64,
    /// Correction of the stiffness for tips that are no bodies of revolution: 1, or 1.034 for Berkovich.
    pub beta: f64,
    /// Whether the creep that goes on while the load falls is taken off the compliance; it is read from the end of the hold.
    pub creep_correction: bool,
}

impl Default for OliverPharr {
    fn default() -> Self {
        Self { window: [0.95, 0.2], epsilon: 0.75, beta: 1.0, creep_correction: false }
    }
}

/// What [`OliverPharr`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    curves: Vec<Tried>,
    /// Empty where no area function is stated: then stiffness only.
    area: Vec<f64>,
    drift_rate: f64,
    frame_compliance: f64,
    /// Poisson's ratio, and modulus and Poisson's ratio of the tip.
    sample: Option<(f64, f64, f64)>,
}

impl Method for OliverPharr {
    const INFO: MethodInfo = MethodInfo {
        id: "indentation.oliver_pharr",
        family: "indentation",
        version: 1,
        title: "Hardness and modulus by Oliver and Pharr",
        summary: "Contact stiffness, reduced modulus and hardness from the unloading, with the spread over fit windows.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::Item,
        after: &[],
        constants: &[
            AREA[0].key,
            AREA[1].key,
            AREA[2].key,
            AREA[3].key,
            AREA[4].key,
            AREA[5].key,
            AREA[6].key,
            AREA[7].key,
            AREA[8].key,
            DRIFT_RATE.key,
            FRAME_COMPLIANCE.key,
            POISSON_RATIO.key,
            TIP_MODULUS.key,
            TIP_POISSON_RATIO.key,
        ],
        outputs: &[
            output("contact_stiffness", "S", "N/m", "dP/dh at the start of the unloading"),
            output("unloading_exponent", "m", "", "exponent of the unloading"),
            output("contact_depth", "h_c", "m", "depth of the contact at the peak load"),
            output("hardness", "H", "Pa", "peak load over projected area"),
            output("reduced_modulus", "E_r", "Pa", "reduced modulus of sample and tip"),
            output("young_modulus", "E", "Pa", "Young's modulus of the sample"),
            output("n_tests", "n", "", "tests with an unloading"),
        ],
        covers: &[],
        references: &[
            "W. C. Oliver, G. M. Pharr, J. Mater. Res. 7, 1564 (1992)",
            "G. Feng, A. H. W. Ngan, J. Mater. Res. 17, 660 (2002)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let [upper, lower] = self.window;
        let wrong = |message: String| Err(MethodError::Parameters { method: Self::INFO.id, message });
        if !(0.0 < lower && lower < upper && upper <= 1.0) {
            return wrong(format!("window = [{upper}, {lower}] must fall within 1 and 0"));
        }
        if !(0.5..=1.0).contains(&self.epsilon) || !(0.9..=1.2).contains(&self.beta) {
            return wrong(format!(
                "epsilon = {} must lie within 0.5 and 1, beta = {} within 0.9 and 1.2",
                self.epsilon, self.beta
            ));
        }
        let mut area = Vec::new();
        for info in &AREA {
            area.push(dataset.constants.checked(info, |_| true, "must be finite")?.map_or(0.0, |quantity| quantity.value));
        }
        if area.iter().all(|c| *c == 0.0) {
            area.clear();
        }
        let value = |quantity: Option<crate::core::unit::Quantity>| quantity.map(|quantity| quantity.value);
        let tip =
            value(dataset.constants.positive(&TIP_MODULUS)?).zip(value(dataset.constants.poisson_ratio(&TIP_POISSON_RATIO)?));
        let sample = value(dataset.constants.poisson_ratio(&POISSON_RATIO)?)
            .zip(tip)
            .map(|(sample, (modulus, ratio))| (sample, modulus, ratio));
        let frame_compliance = value(dataset.constants.checked(&FRAME_COMPLIANCE, |_| true, "must be finite")?).unwrap_or(0.0);
        let curves = Curve::all(dataset)?;
        if curves.iter().all(Result::is_err) {
            let first = curves.iter().find_map(|curve| curve.as_ref().err()).map(|(name, why)| format!("{name}: {why}"));
            let first = first.unwrap_or_else(|| "there are none".to_owned());
            return Err(IndentationError::NoUsableTest { total: curves.len(), first }.into());
        }
        Ok(Input {
            curves,
            area,
            drift_rate: value(dataset.constants.checked(&DRIFT_RATE, |_| true, "must be finite")?).unwrap_or(0.0),
            frame_compliance,
            sample,
        })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}
