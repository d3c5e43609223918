//! `indentation.rate_jump`: rate sensitivity, activation volume and the volume of a shear transformation zone.

pub mod algorithm;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::IndentationError;
use super::constants::{ATOMIC_VOLUME, GLASS_TRANSITION, TEMPERATURE};
use crate::core::ctx::Ctx;
use crate::core::data::{Test, TraceQuantity};
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::{Samples, stretches, without_transients};

/// Rate sensitivity from hardness over depth at strain rates that jump.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RateJump {
    /// Share of the depth after a jump that is left out.
    pub transient: f64,
    /// Prefactor R of the barrier 4 R G γc² ζ Ω: 1/4 (Johnson and Samwer) or 2/π² (a sinusoidal barrier).
    pub barrier_prefactor: f64,
    /// Correction ζ for the confinement by the matrix.
    pub zeta: f64,
    /// Shear strain γc at which a zone yields.
    pub critical_strain: f64,
    /// Athermal shear strength over shear modulus, τc/G.
    pub athermal_strength: f64,
    /// Slope of the strength, in units of the modulus, over (T/Tg)^(2/3).
    pub thermal_slope: f64,
    /// Zone volume over activation volume for the second way to the zone volume.
    pub zone_factor: f64,
}

impl Default for RateJump {
    fn default() -> Self {
        Self {
            transient: 0.02,
            barrier_prefactor: 0.25,
            zeta: 3.0,
            critical_strain: 0.027,
            athermal_strength: 0.036,
            thermal_slope: 0.016,
            zone_factor: 10.0,
        }
    }
}

/// What [`RateJump`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    tests: Vec<(String, Samples)>,
    temperature: Option<f64>,
    glass_transition: Option<f64>,
    atomic_volume: Option<f64>,
}

/// Factor between rates that counts as a jump.
const JUMP: f64 = 1.5;
/// Fewest samples of a test after transients.
const FEWEST: usize = 12;

impl Method for RateJump {
    const INFO: MethodInfo = MethodInfo {
        id: "indentation.rate_jump",
        family: "indentation",
        version: 1,
        title: "Strain-rate jumps",
        summary: "Rate sensitivity of the hardness, activation volume and zone volume from strain rates that jump within a test.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::Item,
        after: &[],
        constants: &[TEMPERATURE.key, GLASS_TRANSITION.key, ATOMIC_VOLUME.key],
        outputs: &[
            output("rate_sensitivity", "m", "", "d ln H/d ln (strain rate)"),
            output("hardness", "H", "Pa", "at the mean depth and the geometric mean of the rates"),
            output("activation_volume", "V*", "m^3", "3 sqrt(3) kT/(m H)"),
            output("stz_volume", "Ω", "m^3", "zone volume by the barrier of Johnson and Samwer"),
            output("stz_volume_by_factor", "Ω", "m^3", "zone volume as a multiple of the activation volume"),
            output("stz_diameter", "d", "m", "diameter of a sphere of the zone volume"),
            output("stz_atoms", "n", "", "atoms in the zone volume"),
        ],
        covers: &["I19-12", "I19-13", "I19-14"],
        references: &[
            "W. L. Johnson, K. Samwer, Phys. Rev. Lett. 95, 195501 (2005)",
            "D. Pan, A. Inoue, T. Sakurai, M. W. Chen, PNAS 105, 14769 (2008)",
            "Idrissi et al. (2019)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        self.check_parameters()?;
        let mut tests = Vec::new();
        let mut reasons = Vec::new();
        let mut most_rates = 0;
        for test in dataset.record()?.tests.iter().filter(|test| !test.ignored_by_instrument) {
            match samples(test) {
                Ok(all) => {
                    most_rates = most_rates.max(1 + all.stretch.last().copied().unwrap_or(0));
                    let kept = without_transients(&all, self.transient);
                    if kept.stretch.last() > kept.stretch.first() && kept.depth.len() >= FEWEST {
                        tests.push((test.name.clone(), kept));
                    }
                }
                Err(why) => reasons.push(format!("{}: {why}", test.name)),
            }
        }
        if tests.is_empty() {
            return Err(match reasons.into_iter().next() {
                Some(first) if most_rates == 0 => {
                    IndentationError::NoUsableTest { total: dataset.record()?.tests.len(), first }.into()
                }
                _ => IndentationError::SingleRate { found: most_rates }.into(),
            });
        }
        let value =
            |info| -> Result<Option<f64>, MethodError> { Ok(dataset.constants.positive(info)?.map(|quantity| quantity.value)) };
        let (temperature, glass_transition) = (value(&TEMPERATURE)?, value(&GLASS_TRANSITION)?);
        if let (Some(t), Some(tg)) = (temperature, glass_transition)
            && t >= tg
        {
            let rule = "must be below the glass transition temperature: above it there is no athermal strength";
            return Err(IndentationError::Impossible { what: "temperature", value: t, rule }.into());
        }
        Ok(Input { tests, temperature, glass_transition, atomic_volume: value(&ATOMIC_VOLUME)? })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}

impl RateJump {
    fn check_parameters(&self) -> Result<(), MethodError> {
        let positive = [
            self.barrier_prefactor,
            self.zeta,
            self.critical_strain,
            self.athermal_strength,
            self.thermal_slope,
            self.zone_factor,
        ];
        let fine = (0.0..0.5).contains(&self.transient) && positive.iter().all(|value| *value > 0.0 && value.is_finite());
        let message = "transient must lie within 0 and 0.5, every constant of the barrier above 0".to_owned();
        if fine { Ok(()) } else { Err(MethodError::Parameters { method: Self::INFO.id, message }) }
    }
}

/// Depth, hardness and strain rate of a test.
fn samples(test: &Test) -> Result<Samples, String> {
    let recording = test.measurement().map_err(|error| error.to_string())?;
    let values = |quantity| recording.values(quantity).map_err(|error| error.to_string());
    let (depth, hardness, rate) =
        (values(TraceQuantity::Depth)?, values(TraceQuantity::Hardness)?, values(TraceQuantity::StrainRate)?);
    let usable = |row: &usize| depth[*row] > 0.0 && hardness[*row] > 0.0 && rate[*row] > 0.0;
    let rows: Vec<usize> = (0..depth.len()).filter(usable).collect();
    let pick = |values: &[f64], of: fn(f64) -> f64| rows.iter().map(|row| of(values[*row])).collect::<Vec<f64>>();
    let rates = pick(rate, |x| x);
    Ok(Samples {
        depth: pick(depth, |x| x),
        ln_hardness: pick(hardness, f64::ln),
        ln_rate: pick(rate, f64::ln),
        stretch: stretches(&rates, JUMP),
    })
}
