//! `scattering.pair_distribution`: distances between atoms from a structure factor.

pub mod algorithm;
pub mod low_radius;
pub mod origin;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::Transform;
use self::origin::Extrapolation;
use super::constants::NUMBER_DENSITY;
use super::patterns::{Names, Pattern, PatternError, is_plausible, read, require_normalised};
use super::structure_factor::StructureFactor;
use super::transform::Window;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// The pair distribution of a normalised structure factor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PairDistribution {
    /// Column of the scattering vector, Q = 4π sin θ/λ.
    pub q: String,
    /// Column of the structure factor.
    pub structure_factor: String,
    /// Column of its standard error; it may be absent.
    pub structure_factor_error: String,
    /// Weight of large scattering vectors.
    pub window: Window,
    /// What stands for the structure factor between Q = 0 and its first Q.
    pub extrapolation: Extrapolation,
    /// Largest distance.
    pub largest_distance: Quantity,
    /// Step of the distances.
    pub step: Quantity,
    /// No two atoms are closer: maxima below are ripples.
    pub shortest_distance: Quantity,
    /// Steps in which what g(r) shows below the shortest distance is taken off the structure factor; none if zero.
    #[schemars(range(min = 0, max = 100))]
    pub low_r_steps: usize,
    /// Distances between which neighbours are counted; from half the first peak's distance to the first minimum where left out.
    pub coordination_range: Option<[Quantity; 2]>,
}

impl Default for PairDistribution {
    fn default() -> Self {
        let [q, structure_factor, structure_factor_error] = ["q", "s_q", "s_q_error"].map(str::to_owned);
        Self {
            q,
            structure_factor,
            structure_factor_error,
            window: Window::default(),
            extrapolation: Extrapolation::default(),
            largest_distance: Quantity::si(20e-10, Unit::of("Å")),
            step: Quantity::si(0.02e-10, Unit::of("Å")),
            shortest_distance: Quantity::si(1.5e-10, Unit::of("Å")),
            low_r_steps: 0,
            coordination_range: None,
        }
    }
}

/// What [`PairDistribution`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) pattern: Pattern,
    pub(super) number_density: Quantity,
    pub(super) is_plausible: bool,
}

const OUTPUTS: &[OutputInfo] = &[
    output("first_peak_q", "Q₁", "1/m", "where the structure factor is highest"),
    output("first_peak_r", "r₁", "m", "first peak of the pair distribution"),
    output("first_peak_height", "g₁", "", "its height, through the window"),
    output("ripple", "δg", "", "root mean square of g(r) below the shortest distance, where it must vanish"),
    output("ripple_before", "δg₀", "", "the same before the correction of small distances, where one was asked for"),
    output("low_r_change", "δS", "", "root mean square of what the correction of small distances took off S(Q)"),
    output("coordination_number", "CN", "", "neighbours in the range of the first shell"),
    output("resolution", "Δr", "m", "2π/Qmax: features closer than this are not told apart"),
];

impl PairDistribution {
    /// The transform that the parameters ask for, of a grid of Q (1/m) and a number density (1/m³).
    fn transform(&self, q: &[f64], number_density: f64) -> Transform {
        let transform = Transform::new(q, self.window, self.extrapolation, number_density);
        if self.low_r_steps == 0 {
            return transform;
        }
        transform.corrected_below(self.shortest_distance.value, self.low_r_steps, q, number_density)
    }
}

impl Method for PairDistribution {
    const INFO: MethodInfo = MethodInfo {
        id: "scattering.pair_distribution",
        family: "scattering",
        version: 3,
        title: "Pair distribution",
        summary: "g(r) with a band from the errors of S(Q), first peak, and neighbours of the first shell.",
        doc: include_str!("doc.md"),
        technique: "scattering",
        scope: Scope::Item,
        after: &["scattering.structure_factor"],
        constants: &[NUMBER_DENSITY.key],
        outputs: OUTPUTS,
        covers: &["Q19-3.1-c"],
        references: &[
            "T. Egami, S. J. L. Billinge, Underneath the Bragg Peaks, 2nd ed., Pergamon (2012)",
            "E. Lorch, J. Phys. C 2, 229 (1969), doi:10.1088/0022-3719/2/2/305",
            "R. Kaplow, S. L. Strong, B. L. Averbach, Phys. Rev. 138, A1336 (1965), doi:10.1103/PhysRev.138.A1336",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let computed = dataset.upstream.iter().find(|job| job.method == StructureFactor::INFO.id);
        let pattern = match computed.and_then(|job| job.outcome.table("structure_factor")) {
            Some(table) => read(table, &Names { q: "q", azimuth: None, value: "s_q", error: "s_q_error" })?,
            None => {
                let (value, error) = (&self.structure_factor, &self.structure_factor_error);
                read(dataset.table()?, &Names { q: &self.q, azimuth: None, value, error })?
            }
        };
        if pattern.q.len() < 20 {
            let what = "values of the structure factor";
            return Err(PatternError::TooFew { what, found: pattern.q.len(), needed: 20 }.into());
        }
        require_normalised(&pattern.values[0], &self.structure_factor)?;
        let parameter = |name, found: f64, needed| Err(PatternError::Parameter { name, found, needed }.into());
        for (name, quantity) in
            [("largest_distance", &self.largest_distance), ("step", &self.step), ("shortest_distance", &self.shortest_distance)]
        {
            quantity.unit.require(&Unit::of("m"))?;
            if !(quantity.value > 0.0 && quantity.value.is_finite()) {
                return parameter(name, quantity.value, "greater than zero");
            }
        }
        if self.largest_distance.value / self.step.value > 1e6 {
            return parameter("step", self.step.value, "at least a millionth of the largest distance");
        }
        if self.low_r_steps > 100 {
            return parameter("low_r_steps", self.low_r_steps as f64, "from 0 to 100");
        }
        if let Some([lo, hi]) = &self.coordination_range
            && !(lo.value >= 0.0 && hi.value > lo.value)
        {
            return parameter("coordination_range", lo.value, "two distances, the smaller first");
        }
        let [number_density] =
            dataset.constants.required(Self::INFO.id, [(&NUMBER_DENSITY, dataset.constants.positive(&NUMBER_DENSITY)?)])?;
        Ok(Input { is_plausible: is_plausible(&pattern.q, &pattern.values[0]), pattern, number_density })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(self, input))
    }
}
