//! `dafm.resonance_curve`: quality factor and resonance frequency from a measured resonance.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::ctx::Ctx;
use crate::core::data::{ColumnValues, DataError, Table};
use crate::core::fit::FitError;
use crate::core::outcome::Outcome;
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};

use algorithm::{Background, Curve};

/// Quality factor and resonance frequency from amplitude against frequency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ResonanceCurve {
    /// Column with the frequency; `frequency` or `f` if absent.
    pub frequency: Option<String>,
    /// Column with the amplitude or the power; `amplitude`, `power` or the second column of numbers if absent.
    pub amplitude: Option<String>,
    /// What that column holds.
    pub ordinate: Ordinate,
    /// What is added to the response of the oscillator.
    pub background: BackgroundKind,
}

/// What the ordinate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ordinate {
    /// Amplitude, of a driven sweep.
    Amplitude,
    /// Power, of a thermal spectrum: its root is fitted.
    Power,
}

/// What is added to the response of the oscillator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BackgroundKind {
    /// Nothing.
    None,
    /// A constant power, of noise that has nothing to do with the drive.
    Power,
    /// A constant response to the same drive, in phase and out of phase: the motion of the holder.
    Coherent,
}

impl Default for ResonanceCurve {
    fn default() -> Self {
        Self { frequency: None, amplitude: None, ordinate: Ordinate::Amplitude, background: BackgroundKind::Power }
    }
}

/// What [`ResonanceCurve`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) curve: Curve,
    pub(super) unit: Unit,
    pub(super) n_dropped: usize,
}

/// Why there is no resonance.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ResonanceError {
    /// Too few points.
    #[error("{found} points hold a frequency and an amplitude; {needed} are needed")]
    TooFewPoints {
        /// Points found.
        found: usize,
        /// Points needed.
        needed: usize,
    },
    /// The largest amplitude lies at the end of the sweep.
    #[error("the largest amplitude is at {frequency:.6e} Hz, at an end of the sweep ({low:.6e} to {high:.6e} Hz)")]
    PeakAtEnd {
        /// Where, Hz.
        frequency: f64,
        /// First frequency, Hz.
        low: f64,
        /// Last frequency, Hz.
        high: f64,
    },
    /// The peak does not stand out.
    #[error("the largest amplitude is {ratio:.2} times the median: no resonance stands out")]
    NoPeak {
        /// Largest amplitude over the median.
        ratio: f64,
    },
    /// The fit failed.
    #[error("the curve of a driven oscillator does not fit: {0}")]
    Fit(#[from] FitError),
}

/// Fewest points of a resonance curve.
pub(super) const FEWEST: usize = 10;
/// A peak must exceed the median by this factor.
pub(super) const STANDS_OUT: f64 = 1.5;

impl Refusal for ResonanceError {
    fn hint(&self) -> String {
        match self {
            Self::TooFewPoints { .. } => {
                "sweep with at least ten points, most of them within the width f0/Q of the resonance".to_owned()
            }
            Self::PeakAtEnd { .. } => "sweep a range with the resonance inside".to_owned(),
            Self::NoPeak { .. } => "sweep a wider range than the width f0/Q, or drive harder".to_owned(),
            Self::Fit(_) => "try another `background`, or cut the sweep to one resonance".to_owned(),
        }
    }
}

impl Method for ResonanceCurve {
    const INFO: MethodInfo = MethodInfo {
        id: "dafm.resonance_curve",
        family: "afm",
        version: 1,
        title: "Quality factor from a resonance curve",
        summary: "Fits a driven oscillator with background to a resonance curve and gives quality factor and resonance frequency with intervals.",
        doc: include_str!("doc.md"),
        technique: "afm",
        scope: Scope::Item,
        after: &[],
        constants: &[],
        outputs: &[
            output("quality_factor", "Q", "", "quality factor of the fitted oscillator"),
            output("resonance_frequency", "f0", "Hz", "resonance frequency of the fitted oscillator"),
            output(
                "quality_factor_by_width",
                "f/FWHM",
                "",
                "frequency of the peak over the full width of the power at half its maximum",
            ),
            output("background_share", "b/A_max", "", "background over the amplitude at resonance"),
        ],
        covers: &["Q19-3.3.1-b"],
        references: &["Qiao et al. (2019), review, section 3.3.1"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let table = dataset.table()?;
        let (unit, frequency) = self.column(table, self.frequency.as_deref(), &["frequency", "f", "Frequency"], None)?;
        if !unit.is_compatible(&Unit::of("Hz")) {
            let found = unit.to_string();
            return Err(DataError::WrongUnit { map: "frequency".to_owned(), found, expected: "Hz".to_owned() }.into());
        }
        let usual = ["amplitude", "power", "Amplitude", "Power"];
        let (ordinate, values) = self.column(table, self.amplitude.as_deref(), &usual, Some(1))?;
        let pairs = frequency.iter().zip(&values).map(|(f, a)| (*f, *a));
        let root = |(f, a): (f64, f64)| if self.ordinate == Ordinate::Power { (f, a.sqrt()) } else { (f, a) };
        let points: Vec<(f64, f64)> = pairs.map(root).filter(|(f, a)| f.is_finite() && *f > 0.0 && *a >= 0.0).collect();
        let n_dropped = values.len() - points.len();
        Ok(Input {
            curve: Curve::new(points)?,
            unit: if self.ordinate == Ordinate::Power { Unit::one() } else { ordinate },
            n_dropped,
        })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}

impl ResonanceCurve {
    /// A column in SI: the stated one, else the first of the usual names, else by its place among the columns of numbers.
    fn column(
        &self,
        table: &Table,
        stated: Option<&str>,
        usual: &[&str],
        place: Option<usize>,
    ) -> Result<(Unit, Vec<f64>), MethodError> {
        let is_number = |column: &&crate::core::data::Column| matches!(column.values, ColumnValues::Numbers(_));
        let numbers = || table.columns.iter().filter(is_number).map(|column| column.name.as_str());
        let named = || usual.iter().find_map(|name| numbers().find(|column| column == name));
        let Some(name) = stated.or_else(named).or_else(|| place.and_then(|place| numbers().nth(place))) else {
            let found = table.columns.iter().map(|column| column.name.clone()).collect();
            return Err(DataError::NoSuchColumn { wanted: usual[0].to_owned(), found }.into());
        };
        let (unit, values) = table.numbers(name)?;
        Ok((unit.clone(), values.iter().map(|value| unit.to_si(*value)).collect()))
    }

    pub(super) fn model(&self) -> Background {
        match self.background {
            BackgroundKind::None => Background::None,
            BackgroundKind::Power => Background::Power,
            BackgroundKind::Coherent => Background::Coherent,
        }
    }
}
