//! `calorimetry.cooperative_number`: how many atoms relax together, from the width of the glass transition in temperature.

pub mod algorithm;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CalorimetryError;
use super::constants::{ATOMIC_VOLUME, FRAGILITY, MOLAR_MASS, STRETCHING};
use super::scans::needed;
use crate::core::ctx::Ctx;
use crate::core::data::TraceQuantity;
use crate::core::outcome::{Note, Outcome};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Number of atoms that relax together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CooperativeNumber {
    /// How the reciprocal step of the heat capacity is formed.
    pub reciprocal: Reciprocal,
    /// Where the fitted range begins, K; absent: with the record.
    pub fit_from: Option<f64>,
    /// Where it ends, K; absent: with the record.
    pub fit_to: Option<f64>,
    /// Widths from the middle at which the lines of glass and liquid begin.
    pub gap: f64,
    /// Length of those lines, K.
    pub line: f64,
    /// Relative error of the absolute heat capacity.
    pub calibration_error: f64,
    /// States that a transition below 400 K is meant; otherwise it is taken for degrees Celsius.
    pub below_400_kelvin: bool,
}

/// `Δ(1/cp)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reciprocal {
    /// `1/cp_glass - 1/cp_liquid`.
    Exact,
    /// `(cp_liquid - cp_glass)/cp²` with their mean.
    SmallStep,
}

impl Default for CooperativeNumber {
    fn default() -> Self {
        Self {
            reciprocal: Reciprocal::Exact,
            fit_from: None,
            fit_to: None,
            gap: 3.0,
            line: 30.0,
            calibration_error: 0.02,
            below_400_kelvin: false,
        }
    }
}

/// What [`CooperativeNumber`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) temperature: Vec<f64>,
    pub(super) real: Vec<f64>,
    pub(super) loss: Vec<f64>,
    /// kg/mol.
    pub(super) molar_mass: f64,
    pub(super) stretching: Option<f64>,
    pub(super) fragility: Option<f64>,
    pub(super) atomic_volume: Option<f64>,
    pub(super) notes: Vec<Note>,
}

const OUTPUTS: &[OutputInfo] = &[
    output(
        "donth_width",
        "δT",
        "K",
        "standard deviation of the normal curve through the imaginary heat capacity over temperature",
    ),
    output("dynamic_glass_transition", "Tα", "K", "its middle, at the frequency of the modulation"),
    output("specific_heat_glass", "cp,g", "J/(kg K)", "of the glass, at that temperature"),
    output("specific_heat_liquid", "cp,l", "J/(kg K)", "of the liquid, there"),
    output("cooperative_number", "Nα", "", "R T² Δ(1/cp)/(m0 δT²), atoms"),
    output("cooperative_diameter", "", "m", "of a sphere with so many atoms"),
    output("berthier_number", "Nc", "", "(R/(m0 Δcp)) T² ((β/e) d ln τ/dT)², a lower bound, atoms"),
    output("implied_fragility", "m", "", "T w/(β δT ln 10): fragility that width and stretching exponent imply"),
];

impl Method for CooperativeNumber {
    const INFO: MethodInfo = MethodInfo {
        id: "calorimetry.cooperative_number",
        family: "calorimetry",
        version: 1,
        title: "Cooperative number",
        summary: "How many atoms relax together by the temperature fluctuation of Donth, from a modulated calorimeter, beside the lower bound of Berthier.",
        doc: include_str!("doc.md"),
        technique: "dsc",
        scope: Scope::Item,
        after: &[],
        constants: &[MOLAR_MASS.key, STRETCHING.key, FRAGILITY.key, ATOMIC_VOLUME.key],
        outputs: OUTPUTS,
        covers: &["Q19-4.2-af"],
        references: &[
            "E. Donth, J. Non-Cryst. Solids 53, 325 (1982), doi:10.1016/0022-3093(82)90089-8",
            "L. Berthier et al., Science 310, 1797 (2005), doi:10.1126/science.1120714",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let wrong = |message: &str| MethodError::Parameters { method: Self::INFO.id, message: message.to_owned() };
        if !(self.gap >= 1.0 && self.gap.is_finite() && self.line > 0.0 && (0.0..1.0).contains(&self.calibration_error)) {
            return Err(wrong("gap must be at least 1, line above 0, calibration_error within 0 and 1"));
        }
        let constants = &dataset.constants;
        let [mass] = constants.required(Self::INFO.id, [(&MOLAR_MASS, constants.positive(&MOLAR_MASS)?)])?;
        let positive = |info| constants.positive(info).map(|found| found.map(|quantity| quantity.value));
        let within = |value: f64| (0.1..=1.0).contains(&value);
        let stretching = constants.checked(&STRETCHING, within, "must lie between 0.1 and 1")?.map(|found| found.value);
        let (fragility, atomic_volume) = (positive(&FRAGILITY)?, positive(&ATOMIC_VOLUME)?);
        let record = dataset.record()?;
        let test = record.tests.iter().find(|test| !test.ignored_by_instrument);
        let missing = || CalorimetryError::NoColumn { what: dataset.label.clone(), column: "temperature" };
        let test = test.ok_or_else(missing)?;
        let table = test.measurement().map_err(MethodError::Data)?;
        let column = |quantity| needed(&test.name, table, quantity);
        let temperature = column(TraceQuantity::Temperature)?;
        let (real, loss) = (column(TraceQuantity::SpecificHeat)?, column(TraceQuantity::SpecificHeatLoss)?);
        let inside = |t: f64| self.fit_from.is_none_or(|from| t >= from) && self.fit_to.is_none_or(|to| t <= to);
        let n = temperature.len().min(real.len()).min(loss.len());
        let mut rows: Vec<usize> = (0..n)
            .filter(|i| temperature[*i].is_finite() && real[*i].is_finite() && loss[*i].is_finite() && inside(temperature[*i]))
            .collect();
        // Modulated scans run down as well as up.
        rows.sort_by(|a, b| temperature[*a].total_cmp(&temperature[*b]));
        if rows.len() < 40 {
            return Err(CalorimetryError::TooFew { what: "rows with all three numbers", found: rows.len(), needed: 40 }.into());
        }
        let pick = |values: &[f64]| rows.iter().map(|i| values[*i]).collect::<Vec<f64>>();
        let mut notes = Vec::new();
        if rows.len() < n {
            let text = format!("{} rows without numbers or outside of the fitted range are left out", n - rows.len());
            notes.push(Note::info("rows_left_out", text));
        }
        notes.extend(super::scans::doubt(real));
        Ok(Input {
            temperature: pick(temperature),
            real: pick(real),
            loss: pick(loss),
            molar_mass: mass.value,
            stretching,
            fragility,
            atomic_volume,
            notes,
        })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}
