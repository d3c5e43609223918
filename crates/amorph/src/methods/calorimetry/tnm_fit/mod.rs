//! `calorimetry.tnm_fit`: structural relaxation from heating scans after different thermal histories.

pub mod algorithm;
mod figures;
pub mod history;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{HEAT_FLOW_SIGN, HEATING_RATE, SAMPLE_MASS, SENSOR_LAG};
use super::scans::{Masses, Scans, check_rate};
use crate::core::ctx::Ctx;
use crate::core::outcome::{Note, Outcome};
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
use history::Prepared;

/// Parameters of Tool, Narayanaswamy and Moynihan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TnmFit {
    /// How the relaxation time goes with temperature and fictive temperature.
    pub model: Model,
    /// Rate of the cooling before every heating scan, in their order, for instance ["5 K/min", "20 K/min", "80 K/min"]; absent where the
    /// record holds the cooling.
    pub cooling_rates: Vec<Quantity>,
    /// Annealing temperature before every scan; absent without annealing.
    pub annealing_temperatures: Vec<Quantity>,
    /// Annealing time before every scan, zero for none.
    pub annealing_times: Vec<Quantity>,
    /// Whether the sample was cold between cooling and annealing.
    pub annealed_from_cold: bool,
    /// Temperature of the liquid from which the sample was cooled; absent: the end of the scan.
    pub liquid_temperature: Option<Quantity>,
    /// Where the fitted range begins, K.
    pub fit_from: Option<f64>,
    /// Where it ends, K.
    pub fit_to: Option<f64>,
    /// Width of the bins of a scan, K.
    pub bin: f64,
}

impl Default for TnmFit {
    fn default() -> Self {
        Self {
            model: Model::Narayanaswamy,
            cooling_rates: Vec::new(),
            annealing_temperatures: Vec::new(),
            annealing_times: Vec::new(),
            annealed_from_cold: false,
            liquid_temperature: None,
            fit_from: None,
            fit_to: None,
            bin: 1.5,
        }
    }
}

/// How the relaxation time goes with temperature and fictive temperature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Tool, Narayanaswamy and Moynihan: `x Δh*/(R T) + (1 - x) Δh*/(R Tf)`.
    Narayanaswamy,
    /// Adam and Gibbs, by Scherer: `Q/(T (1 - T2/Tf))`; Δh* and x are those at Tg.
    AdamGibbs,
}

impl Model {
    fn law(self) -> algorithm::Law {
        match self {
            Self::Narayanaswamy => algorithm::Law::Narayanaswamy,
            Self::AdamGibbs => algorithm::Law::AdamGibbs,
        }
    }
}

/// What [`TnmFit`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    prepared: Prepared,
    notes: Vec<Note>,
}

const OUTPUTS: &[OutputInfo] = &[
    output("glass_transition_tau100s", "Tg", "K", "temperature at which the relaxation time in equilibrium is 100 s"),
    output("tnm_enthalpy", "Δh*", "J/mol", "activation enthalpy"),
    output(
        "tnm_nonlinearity",
        "x",
        "",
        "share of the temperature in the relaxation time; the fictive temperature has the rest",
    ),
    output("tnm_exponent", "β", "", "stretching exponent"),
    output("tnm_prefactor_ln", "ln A", "", "ln of the prefactor in s, for programs: it goes with Δh*"),
    output("fragility_index", "m", "", "Δh*/(R Tg ln 10)"),
    output("tnm_misfit", "", "", "root mean square of what is left, over the step of the heat capacity"),
    output("kauzmann_temperature", "T2", "K", "of Adam and Gibbs: (1 - x) Tg"),
    output("histories", "", "", "thermal histories that differ"),
];

impl Method for TnmFit {
    const INFO: MethodInfo = MethodInfo {
        id: "calorimetry.tnm_fit",
        family: "calorimetry",
        version: 2,
        title: "Structural relaxation from scans",
        summary: "Activation enthalpy, nonlinearity and stretching exponent of Tool, Narayanaswamy and Moynihan, or of Adam and Gibbs, from three or more heating scans after different coolings or annealings.",
        doc: include_str!("doc.md"),
        technique: "dsc",
        scope: Scope::Item,
        after: &[],
        constants: &[HEAT_FLOW_SIGN.key, SAMPLE_MASS.key, HEATING_RATE.key, SENSOR_LAG.key],
        outputs: OUTPUTS,
        covers: &["Q19-2.1-b"],
        references: &[
            "A. Q. Tool, J. Am. Ceram. Soc. 29, 240 (1946), doi:10.1111/j.1151-2916.1946.tb11592.x",
            "O. S. Narayanaswamy, J. Am. Ceram. Soc. 54, 491 (1971), doi:10.1111/j.1151-2916.1971.tb12186.x",
            "C. T. Moynihan, A. J. Easteal, M. A. DeBolt, J. Tucker, J. Am. Ceram. Soc. 59, 12 (1976), doi:10.1111/j.1151-2916.1976.tb09376.x",
            "G. W. Scherer, J. Am. Ceram. Soc. 67, 504 (1984)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let wrong = |message: &str| MethodError::Parameters { method: Self::INFO.id, message: message.to_owned() };
        for (list, unit) in [(&self.cooling_rates, "K/s"), (&self.annealing_temperatures, "K"), (&self.annealing_times, "s")] {
            list.iter().try_for_each(|quantity| quantity.unit.require(&Unit::of(unit)))?;
        }
        if let Some(liquid) = &self.liquid_temperature {
            liquid.unit.require(&Unit::of("K"))?;
        }
        if self.annealing_temperatures.len() != self.annealing_times.len() {
            return Err(wrong("annealing_temperatures and annealing_times must be as many, one pair for every scan"));
        }
        let fine = self.bin > 0.0
            && self.bin <= 5.0
            && self.cooling_rates.iter().all(|rate| rate.value.abs() > 0.0 && rate.value.is_finite())
            && self.annealing_times.iter().all(|time| time.value >= 0.0 && time.value.is_finite())
            && self.annealing_temperatures.iter().all(|at| at.value > 0.0 && at.value.is_finite());
        if !fine {
            return Err(wrong("bin must be above 0 and at most 5 K, rates and temperatures above 0, times not negative"));
        }
        let scans = Scans::read(dataset, Self::INFO.id, Masses::OneSample)?;
        scans.heatings().first().map_or(Ok(()), |scan| check_rate(dataset, scan))?;
        let prepared = history::prepare(self, &scans)?;
        if prepared.pieces.is_empty() {
            return Err(super::CalorimetryError::TooFew { what: "heating scans", found: 0, needed: 1 }.into());
        }
        Ok(Input { prepared, notes: scans.notes.clone() })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self.model.law(), &input.prepared, &input.notes)
    }
}
