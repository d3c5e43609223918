//! `calorimetry.specific_heat`: absolute heat capacity from the runs of a sample, of empty pans and of sapphire.

pub mod algorithm;
mod figures;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CalorimetryError;
use super::constants::{HEAT_FLOW_SIGN, HEATING_RATE, SAMPLE_MASS, SAPPHIRE_MASS, SENSOR_LAG};
use super::scans::{Masses, Scan, Scans, check_rate, doubt, needed};
use crate::core::ctx::Ctx;
use crate::core::data::{Data, Table, TraceQuantity};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::{Calibrated, Curve, calibrated, local};

/// Absolute heat capacity by sapphire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SpecificHeat {
    /// Temperature at which the heat capacity is given, K; absent: the middle of what all runs cover.
    pub temperature: Option<f64>,
    /// Half of the width over which it is averaged there by a straight line, K.
    pub half_width: f64,
    /// Relative error of a mass.
    pub mass_error: f64,
    /// Relative error of the heat capacity of sapphire.
    pub sapphire_error: f64,
}

impl Default for SpecificHeat {
    fn default() -> Self {
        Self { temperature: None, half_width: 5.0, mass_error: 0.002, sapphire_error: 0.002 }
    }
}

/// What [`SpecificHeat`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    /// Heats per kelvin of sample, empty pans and sapphire, J/K.
    runs: [Curve; 3],
    /// Heat capacity of sapphire, J/(kg K).
    reference: Curve,
    sample_mass: f64,
    sapphire_mass: f64,
    at: f64,
    notes: Vec<Note>,
}

/// The files of an item, in order.
const RUNS: [&str; 3] = ["the run of the sample", "the run of the empty pans", "the run of sapphire"];
/// Rates of the runs may differ by this share.
const RATE_SHARE: f64 = 0.02;
/// Heat that sapphire took up over that which the instrument shows: outside of this a mass, a unit or the order of the files is doubtful.
const USUAL: [f64; 2] = [0.8, 1.25];
/// Heat capacities of sapphire above the nitrogen range, J/(kg K): outside of this the table has another unit.
const OF_SAPPHIRE: [f64; 2] = [100.0, 1400.0];

impl Method for SpecificHeat {
    const INFO: MethodInfo = MethodInfo {
        id: "calorimetry.specific_heat",
        family: "calorimetry",
        version: 1,
        title: "Absolute heat capacity",
        summary: "Heat capacity of a sample from its run, that of empty pans and that of sapphire, at one rate; the factor of the instrument beside it.",
        doc: include_str!("doc.md"),
        technique: "dsc",
        scope: Scope::Item,
        after: &[],
        constants: &[HEAT_FLOW_SIGN.key, SAMPLE_MASS.key, SAPPHIRE_MASS.key, HEATING_RATE.key, SENSOR_LAG.key],
        outputs: &[
            output("specific_heat", "cp", "J/(kg K)", "heat capacity of the sample at one temperature"),
            output("calibration_factor", "K", "", "heat that sapphire took up over that which the instrument shows, there"),
        ],
        covers: &[],
        references: &[
            "ASTM E1269-11, Standard Test Method for Determining Specific Heat Capacity by Differential Scanning Calorimetry",
            "D. A. Ditmars, S. Ishihara, S. S. Chang, G. Bernstein, E. D. West, J. Res. Natl. Bur. Stand. 87, 159 (1982), doi:10.6028/jres.087.012",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let wrong = |message: &str| MethodError::Parameters { method: Self::INFO.id, message: message.to_owned() };
        let share = |value: f64| (0.0..0.5).contains(&value);
        let fine = self.half_width > 0.0 && self.half_width.is_finite() && share(self.mass_error) && share(self.sapphire_error);
        if !fine {
            return Err(wrong("half_width must be above 0, mass_error and sapphire_error within 0 and 0.5"));
        }
        if dataset.data.len() > 4 {
            return Err(wrong(
                "an item holds more than four files; it needs the runs of sample, empty pans and sapphire and the heat capacity of sapphire, in this order",
            ));
        }
        let [_, _, _, table] = dataset.data.as_slice() else {
            let what = "files: a heat capacity needs the runs of sample, empty pans and sapphire and the heat capacity of sapphire, in this order";
            return Err(CalorimetryError::TooFew { what, found: dataset.data.len(), needed: 4 }.into());
        };
        let reference = reference(table)?;
        let (sample_mass, sapphire_mass) = masses(dataset)?;
        let runs = Dataset { data: dataset.data[..3].to_vec(), ..dataset.clone() };
        let scans = Scans::read(&runs, Self::INFO.id, Masses::OneSample)?;
        let mut notes = scans.notes.clone();
        let mut curves = Vec::new();
        let mut first: Option<&Scan> = None;
        for (file, what) in RUNS.into_iter().enumerate() {
            absolute(&runs.data[file], what)?;
            let missing = || CalorimetryError::NoRamp { what: format!("{what}, file {}", file + 1), needed: 20.0, rows: 0 };
            let scan = scans.heatings().into_iter().rfind(|scan| scan.file == file).ok_or_else(missing)?;
            check_rate(dataset, scan)?;
            let before = *first.get_or_insert(scan);
            if (scan.rate / before.rate - 1.0).abs() > RATE_SHARE {
                return Err(CalorimetryError::DifferentRates { first: before.rate, second: scan.rate }.into());
            }
            notes.push(Note::info("run", format!("{what}: {}", scan.name)));
            // Scans divide by the mass of the sample.
            curves.push(rising(&scan.temperature, scan.heat_capacity.iter().map(|value| value * sample_mass)));
        }
        let Ok(runs) = <[Curve; 3]>::try_from(curves) else { return Err(wrong("three runs are needed")) };
        let at = self.place(&runs, &reference)?;
        Ok(Input { runs, reference, sample_mass, sapphire_mass, at, notes })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let [sample, empty, sapphire] = &input.runs;
        let found = calibrated([sample, empty, sapphire], &input.reference, input.sample_mass, input.sapphire_mass);
        let unclear = || {
            let reason = format!("fewer than five samples within {:.1} K of {:.1} K", self.half_width, input.at);
            CalorimetryError::NotFitted { what: "the heat capacity".to_owned(), reason }
        };
        let (value, scatter) =
            local(&found.temperature, &found.specific_heat, input.at, self.half_width).ok_or_else(unclear)?;
        let (factor, _) = local(&found.temperature, &found.factor, input.at, self.half_width).ok_or_else(unclear)?;
        if factor.is_nan() || factor <= 0.0 {
            let what = "the run of sapphire".to_owned();
            let reason =
                "sapphire takes up less heat than the empty pans; are both exchanged, or is the sign wrong?".to_owned();
            return Err(CalorimetryError::NotFitted { what, reason }.into());
        }
        let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
        if !(USUAL[0]..=USUAL[1]).contains(&factor) {
            let text = format!(
                "sapphire took up {factor:.3} of the heat that the instrument shows; a mass, the unit of the heat flow or the order of the files may be wrong"
            );
            outcome.notes.push(Note::warning("calibration_unusual", text));
        }
        outcome.notes.extend(doubt(&found.specific_heat));
        let why = "what drifted between the three runs is seen by none of them";
        // Two masses, and sapphire.
        let systematic = value * (2.0 * self.mass_error.powi(2) + self.sapphire_error.powi(2)).sqrt();
        let n = found.temperature.iter().filter(|t| (*t - input.at).abs() <= self.half_width).count() as f64;
        let flag = format!("at_{:.0}_K", input.at);
        let heat = Estimate::without_interval("specific_heat", "cp", value, "J/(kg K)", why);
        outcome.estimates.push(heat.std_error(scatter / n.sqrt()).systematic_error(systematic).n(n).flag(&flag));
        outcome.estimates.push(Estimate::without_interval("calibration_factor", "K", factor, "", why).flag(&flag));
        outcome.tables.push(table(&found));
        outcome.figures = figures::all(&input.runs, &found, input.at);
        Ok(outcome)
    }
}

impl SpecificHeat {
    /// Where the heat capacity is given: within what all files cover.
    fn place(&self, runs: &[Curve; 3], reference: &Curve) -> Result<f64, MethodError> {
        let all = runs.iter().zip(RUNS).chain(std::iter::once((reference, "the table of sapphire")));
        let (mut lo, mut hi) = (f64::NEG_INFINITY, f64::INFINITY);
        for (curve, what) in all {
            let range = curve.range();
            if let Some(at) = self.temperature.filter(|at| *at - self.half_width < range.0 || *at + self.half_width > range.1) {
                let (missing_lo, missing_hi) = (at - self.half_width, at + self.half_width);
                let what = what.to_owned();
                return Err(CalorimetryError::NotCovered { what, lo: range.0, hi: range.1, missing_lo, missing_hi }.into());
            }
            if range.0 > hi || range.1 < lo {
                let (missing_lo, missing_hi) = (lo, hi);
                return Err(CalorimetryError::NotCovered {
                    what: what.to_owned(),
                    lo: range.0,
                    hi: range.1,
                    missing_lo,
                    missing_hi,
                }
                .into());
            }
            (lo, hi) = (lo.max(range.0), hi.min(range.1));
        }
        Ok(self.temperature.unwrap_or(0.5 * (lo + hi)))
    }
}

/// Sample and sapphire, kg.
fn masses(dataset: &Dataset) -> Result<(f64, f64), MethodError> {
    let of = |info| super::constants::optional(&dataset.constants, info);
    match (of(&SAMPLE_MASS)?, of(&SAPPHIRE_MASS)?) {
        (Some(sample), Some(sapphire)) => Ok((sample, sapphire)),
        (sample, sapphire) => {
            let infos = [(&SAMPLE_MASS, sample), (&SAPPHIRE_MASS, sapphire)];
            let missing =
                infos.into_iter().filter(|(_, found)| found.is_none()).map(|(info, _)| dataset.constants.missing(info));
            Err(MethodError::MissingConstants { method: SpecificHeat::INFO.id, missing: missing.collect() })
        }
    }
}

/// A run must hold its heat flow in watts: per mass hides by which mass the empty pans were divided.
fn absolute(data: &Data, what: &str) -> Result<(), MethodError> {
    let Data::Record(record) = data else { return Ok(()) };
    for test in record.tests.iter().filter(|test| !test.ignored_by_instrument) {
        let table = test.measurement().map_err(MethodError::Data)?;
        if table.values(TraceQuantity::HeatFlow).is_err() {
            let reason =
                "it has no heat flow in W or mW; one per mass hides by which mass the empty pans were divided".to_owned();
            return Err(CalorimetryError::NotFitted { what: what.to_owned(), reason }.into());
        }
    }
    Ok(())
}

/// The table of sapphire.
fn reference(data: &Data) -> Result<Curve, MethodError> {
    let what = "the table of sapphire";
    let missing = || CalorimetryError::NoColumn { what: what.to_owned(), column: "temperature and specific_heat" };
    let (x, y) = match data {
        Data::Record(record) => {
            let test = record.tests.first().ok_or_else(missing)?;
            let table = test.measurement().map_err(MethodError::Data)?;
            (
                needed(what, table, TraceQuantity::Temperature)?.to_vec(),
                needed(what, table, TraceQuantity::SpecificHeat)?.to_vec(),
            )
        }
        Data::Table(table) => (table.numbers_in("temperature", "K")?, table.numbers_in("specific_heat", "J/(kg K)")?),
        _ => return Err(missing().into()),
    };
    let curve = rising(&x, y.into_iter());
    if curve.x.len() < 2 {
        return Err(CalorimetryError::TooFewTemperatures { found: curve.x.len(), needed: 2 }.into());
    }
    if let Some(row) = curve.y.iter().position(|value| !(OF_SAPPHIRE[0]..=OF_SAPPHIRE[1]).contains(value)) {
        let rule = "J/(kg K) is no heat capacity of sapphire; one in J/(mol K) is to be divided by 0.10196 kg/mol";
        return Err(CalorimetryError::Impossible { row: row + 1, column: "specific_heat", value: curve.y[row], rule }.into());
    }
    Ok(curve)
}

/// Values by rising temperature, one for each; rows without a number are left out.
fn rising(x: &[f64], y: impl Iterator<Item = f64>) -> Curve {
    let mut rows: Vec<(f64, f64)> = x.iter().copied().zip(y).filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.dedup_by(|a, b| a.0 == b.0);
    let (x, y) = rows.into_iter().unzip();
    Curve { x, y }
}

fn table(found: &Calibrated) -> Table {
    Table::new(
        "specific_heat",
        "Heat capacity of the sample, and the heat that sapphire took up over that which the instrument shows",
    )
    .with_numbers("temperature", "K", found.temperature.clone())
    .with_numbers("specific_heat", "J/(kg K)", found.specific_heat.clone())
    .with_numbers("calibration_factor", "", found.factor.clone())
}
