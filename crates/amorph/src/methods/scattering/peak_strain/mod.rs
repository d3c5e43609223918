//! `scattering.peak_strain`: the strain tensor from the shift of the first halo over the azimuth.

pub mod algorithm;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::patterns::{Names, Pattern, PatternError, is_plausible, read};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Strain from the place of a peak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PeakStrain {
    /// Column of the scattering vector.
    pub q: String,
    /// Column of the azimuth; zero along the load axis.
    pub azimuth: String,
    /// Column of the intensity.
    pub intensity: String,
    /// Column of its standard error; it may be absent.
    pub intensity_error: String,
    /// The range of the peak; a third around the highest value where left out.
    pub range: Option<[Quantity; 2]>,
    /// The place of the peak without load. Without it strains are relative to the mean of the sectors, and only differences mean something.
    pub reference: Option<Quantity>,
}

impl Default for PeakStrain {
    fn default() -> Self {
        let [q, azimuth, intensity, intensity_error] = ["q", "azimuth", "intensity", "intensity_error"].map(str::to_owned);
        Self { q, azimuth, intensity, intensity_error, range: None, reference: None }
    }
}

/// What [`PeakStrain`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) pattern: Pattern,
    /// First and one past the last value of the peak.
    pub(super) rows: std::ops::Range<usize>,
    pub(super) is_plausible: bool,
}

const OUTPUTS: &[OutputInfo] = &[
    output("eps11", "e₁₁", "", "strain along azimuth zero"),
    output("eps22", "e₂₂", "", "strain across it"),
    output("eps12", "e₁₂", "", "shear"),
    output("strain_difference", "e₁₁-e₂₂", "", "difference, which needs no reference"),
    output("principal_azimuth", "φ₁", "rad", "azimuth of the larger principal strain"),
    output("mean_peak_q", "Q₁", "1/m", "mean place of the peak"),
];

impl Method for PeakStrain {
    const INFO: MethodInfo = MethodInfo {
        id: "scattering.peak_strain",
        family: "scattering",
        version: 1,
        title: "Strain from the first halo",
        summary: "The place of the first halo in every sector of the azimuth, and the strain tensor that its shift means.",
        doc: include_str!("doc.md"),
        technique: "scattering",
        scope: Scope::Item,
        after: &[],
        constants: &[],
        outputs: OUTPUTS,
        covers: &["Q19-3.1-b"],
        references: &[
            "H. F. Poulsen, J. A. Wert, J. Neuefeind, V. Honkimäki, M. Daymond, Nat. Mater. 4, 33 (2005), doi:10.1038/nmat1266",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let names = Names { q: &self.q, azimuth: Some(&self.azimuth), value: &self.intensity, error: &self.intensity_error };
        let pattern = read(dataset.table()?, &names)?;
        let sectors = pattern.azimuths.len();
        if sectors < 4 {
            return Err(PatternError::TooFew { what: "sectors", found: sectors, needed: 4 }.into());
        }
        let n = pattern.q.len();
        let mean: Vec<f64> =
            (0..n).map(|k| pattern.values.iter().map(|values| values[k]).sum::<f64>() / sectors as f64).collect();
        let [from, to] = match &self.range {
            Some([from, to]) => {
                from.unit.require(&Unit::of("1/m"))?;
                to.unit.require(&Unit::of("1/m"))?;
                [from.value, to.value]
            }
            None => {
                let highest = (0..n).max_by(|a, b| mean[*a].total_cmp(&mean[*b])).map_or(0.0, |place| pattern.q[place]);
                [highest / 1.2, highest * 1.2]
            }
        };
        if let Some(reference) = &self.reference {
            reference.unit.require(&Unit::of("1/m"))?;
            if !(reference.value > 0.0 && reference.value.is_finite()) {
                let needed = "greater than zero";
                return Err(PatternError::Parameter { name: "reference", found: reference.value, needed }.into());
            }
        }
        let rows = pattern.q.partition_point(|q| *q < from)..pattern.q.partition_point(|q| *q <= to);
        if rows.len() < 8 {
            return Err(PatternError::TooFew { what: "values in the range of the peak", found: rows.len(), needed: 8 }.into());
        }
        Ok(Input { is_plausible: is_plausible(&pattern.q, &mean), pattern, rows })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}
