//! Does the affine share of a strain depend on the stress?

pub mod algorithm;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::{Trend, trend};
use super::anisotropic_pdf::AnisotropicPdf;
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::core::unit::{Probability, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};

/// Fewest loads for a slope.
const FEWEST: usize = 3;
/// Below this p value the scatter is more than the errors say, or the slope more than none.
const NAMED: f64 = 0.05;

/// Affine share of the strain over several loads: weighted mean, and whether it changes with the stress.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AffineShareByStress {}

/// What [`AffineShareByStress`] works on.
#[derive(Debug, Clone, Default)]
pub struct Input {
    names: Vec<String>,
    stress: Vec<f64>,
    share: Vec<f64>,
    error: Vec<f64>,
}

/// Why there is no trend.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
enum NoTrend {
    /// Too few.
    #[error(
        "{found} patterns have an affine share with its error and an applied stress; {FEWEST} at different stresses are needed"
    )]
    TooFew { found: usize },
}

impl Refusal for NoTrend {
    fn hint(&self) -> String {
        "state applied_stress in every measurement, for instance \"800 MPa\", and put \"scattering.anisotropic_pdf\" with an anelastic_shape or an applied_strain before it".to_owned()
    }
}

impl Method for AffineShareByStress {
    const INFO: MethodInfo = MethodInfo {
        id: "scattering.affine_share_by_stress",
        family: "scattering",
        version: 1,
        title: "Affine share over stress",
        summary: "Weighted mean of the affine share of the strain over several loads, and a test whether it changes with the stress.",
        doc: include_str!("doc.md"),
        technique: "scattering",
        scope: Scope::Study,
        after: &["scattering.anisotropic_pdf"],
        constants: &[],
        outputs: &[
            output("affine_fraction_mean", "z", "", "weighted mean of the affine share over all loads"),
            output("affine_fraction_slope", "dz/dσ", "1/Pa", "change of the affine share with the stress"),
            output("p_slope", "p", "", "probability of so large a change by the errors alone"),
            output("p_scatter", "p", "", "probability of so much scatter about the line by the errors alone"),
        ],
        covers: &["Q19-3.1-g"],
        references: &[
            "W. Dmowski, T. Iwashita, C.-P. Chuang, J. Almer, T. Egami, Phys. Rev. Lett. 105, 205502 (2010), doi:10.1103/PhysRevLett.105.205502",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let mut input = Input::default();
        for upstream in dataset.upstream.iter().filter(|upstream| upstream.method == AnisotropicPdf::INFO.id) {
            let value = |key: &str| upstream.outcome.estimate(key);
            let (Some(share), Some(stress)) = (value("affine_fraction_z"), value("applied_stress")) else { continue };
            if let Some(error) = share.std_error.filter(|error| *error > 0.0 && share.value.is_finite()) {
                input.names.push(format!("{}, {}", upstream.state, upstream.item));
                input.stress.push(stress.value);
                input.share.push(share.value);
                input.error.push(error);
            }
        }
        let mut different = input.stress.clone();
        different.sort_unstable_by(f64::total_cmp);
        different.dedup();
        if different.len() < FEWEST { Err(NoTrend::TooFew { found: input.stress.len() }.into()) } else { Ok(input) }
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let too_few = NoTrend::TooFew { found: input.stress.len() };
        let found = trend(&input.stress, &input.share, &input.error).ok_or(too_few)?;
        let table = Table::new("shares", "Affine share of every pattern")
            .with_text("pattern", input.names.clone())
            .with_numbers("applied_stress", "Pa", input.stress.clone())
            .with_numbers("affine_fraction_z", "", input.share.clone())
            .with_numbers("std_error", "", input.error.clone());
        Ok(Outcome {
            estimates: estimates(input, &found),
            tables: vec![table],
            figures: vec![figure(input, &found)],
            notes: notes(&found),
            ..Outcome::default()
        })
    }
}

fn estimates(input: &Input, found: &Trend) -> Vec<Estimate> {
    let n = input.share.len() as f64;
    let test = "a probability, not a quantity";
    let one = |key: &str, symbol: &str, (value, error): (f64, f64), unit: &str| {
        let estimate = if found.p_scatter < NAMED {
            let why = "the shares scatter more than their errors say";
            Estimate::without_interval(key, symbol, value, unit, why)
        } else {
            let interval = (value - NORMAL_95 * error, value + NORMAL_95 * error);
            Estimate::with_interval(key, symbol, value, unit, interval, Basis::Propagated)
        };
        estimate.std_error(error).n(n)
    };
    vec![
        one("affine_fraction_mean", "z", found.mean, ""),
        one("affine_fraction_slope", "dz/dσ", found.slope, "1/Pa"),
        Estimate::without_interval("p_slope", "p", found.p_slope, "", test),
        Estimate::without_interval("p_scatter", "p", found.p_scatter, "", test),
    ]
}

fn figure(input: &Input, found: &Trend) -> Figure {
    let ends = input.stress.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), s| (lo.min(*s), hi.max(*s)));
    let line = [ends.0, ends.1].map(|stress| found.intercept + found.slope.0 * stress);
    let mut order: Vec<usize> = (0..input.stress.len()).collect();
    order.sort_by(|a, b| input.stress[*a].total_cmp(&input.stress[*b]));
    let column = |value: &dyn Fn(usize) -> f64| order.iter().map(|k| value(*k)).collect::<Vec<f64>>();
    let x = column(&|k| input.stress[k]);
    let end = |sign: f64| column(&|k| input.share[k] + sign * NORMAL_95 * input.error[k]);
    let panel =
        Panel::new("", Axis::linear("stress", Unit::of("MPa")), Axis::linear("affine share of the strain", Unit::one()))
            .with(Mark::Band { name: "95 %".to_owned(), role: Role::Data, x: x.clone(), lo: end(-1.0), hi: end(1.0) })
            .with(Mark::points("patterns", Role::Data, x, column(&|k| input.share[k])))
            .with(Mark::line("weighted line", Role::Model, vec![ends.0, ends.1], line.to_vec()));
    Figure {
        key: "affine_share".to_owned(),
        title: "Affine share over stress".to_owned(),
        caption: "Affine share of the strain of every pattern with its 95 % interval, and the weighted line.".to_owned(),
        panels: vec![panel],
    }
}

fn notes(found: &Trend) -> Vec<Note> {
    let mut notes = Vec::new();
    if found.p_scatter < NAMED {
        let message = format!(
            "the shares scatter about the line more than their errors say (p {}): specimens differ, or an error is missing",
            Probability(found.p_scatter)
        );
        notes.push(Note::warning("scatter", message));
    }
    let p = Probability(found.p_slope);
    notes.push(if found.p_slope < NAMED {
        Note::info("changes", format!("the affine share changes with the stress (p {p}): its mean stands for no load"))
    } else {
        Note::info("no_change", format!("the affine share does not change with the stress beyond its errors (p {p})"))
    });
    notes
}
