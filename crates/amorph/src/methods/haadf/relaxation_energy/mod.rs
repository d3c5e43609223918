//! `haadf.relaxation_energy`: how relaxation times change with temperature.

pub mod algorithm;
mod domains;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::Point;
use self::domains::Domain;
use super::constants::GLASS_TRANSITION;
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Refusal, Scope, output};

/// Activation energies of the relaxation times of the object, or of its core and skin, from series of frames at several temperatures.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RelaxationEnergy {}

/// The times of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// What its keys end with.
    suffix: &'static str,
    name: &'static str,
    /// By rising temperature.
    points: Vec<Point>,
}

/// What the method works on.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    regions: Vec<Region>,
    /// By rising temperature.
    domains: Vec<Domain>,
    /// Items and why they are left out.
    left_out: Vec<String>,
    /// K.
    glass_transition: Option<f64>,
}

/// Regions of `haadf.relaxation_map`.
const REGIONS: [(&str, &str); 3] = [("", "object"), ("_core", "core"), ("_skin", "skin")];
/// Fewest temperatures.
const FEWEST: usize = 2;

/// Why there is no energy.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RelaxationEnergyError {
    /// Too few series with a time and its error.
    #[error("{found} temperatures have a relaxation time with an error; at least {FEWEST} are needed ({left_out})")]
    TooFew {
        /// Temperatures found.
        found: usize,
        /// What was left out.
        left_out: String,
    },
}

impl Refusal for RelaxationEnergyError {
    fn hint(&self) -> String {
        match self {
            Self::TooFew { .. } => {
                "put \"haadf.relaxation_map\" before it, state `temperature` in the measurement of every series, and record at temperatures where times are between two frames and a tenth of the record".to_owned()
            }
        }
    }
}

impl Method for RelaxationEnergy {
    const INFO: MethodInfo = MethodInfo {
        id: "haadf.relaxation_energy",
        family: "haadf",
        version: 2,
        title: "Activation energy of relaxation times",
        summary: "Lines of Arrhenius through the relaxation times of fluctuating images at several temperatures, for the object or its core and skin, with the error that the temperatures allow; the law of Vogel, Fulcher and Tammann from five temperatures on. Whether the distance over which places relax alike changes with temperature.",
        doc: include_str!("doc.md"),
        technique: "haadf",
        scope: Scope::State,
        after: &["haadf.relaxation_map"],
        constants: &[GLASS_TRANSITION.key],
        outputs: &[
            output("relaxation_energy", "E", "J", "activation energy of the object"),
            output("relaxation_energy_core", "E_core", "J", "activation energy of the core"),
            output("relaxation_energy_skin", "E_skin", "J", "activation energy of the skin"),
            output("reduced_energy", "E/RTg", "", "the same over the gas constant times the glass transition temperature"),
            output("reduced_energy_core", "E_core/RTg", "", "the same of the core"),
            output("reduced_energy_skin", "E_skin/RTg", "", "the same of the skin"),
            output("vogel_temperature", "T_0", "K", "temperature of the law of Vogel, Fulcher and Tammann, object"),
            output("vogel_temperature_core", "T_0,core", "K", "the same of the core"),
            output("vogel_temperature_skin", "T_0,skin", "K", "the same of the skin"),
            output(
                "domain_growth",
                "d ln ξ_τ/dT",
                "1/K",
                "relative change per kelvin of the distance over which places relax alike; negative where it grows on cooling",
            ),
            output("p_domain_growth", "p", "", "p value of it where nothing changes"),
        ],
        covers: &["Q19-4.1-e"],
        references: &[
            "P. Zhang, J. J. Maldonis, Z. Liu, J. Schroers, P. M. Voyles, Nat. Commun. 9, 1129 (2018), doi:10.1038/s41467-018-03604-2",
            "Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 4.1",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let glass_transition = dataset.constants.positive(&GLASS_TRANSITION)?.map(|tg| tg.value);
        let mut left_out = Vec::new();
        let mut domains: Vec<Domain> = Vec::new();
        let mut regions: Vec<Region> =
            REGIONS.iter().map(|(suffix, name)| Region { suffix, name, points: Vec::new() }).collect();
        for upstream in dataset.upstream.iter().filter(|upstream| upstream.method == "haadf.relaxation_map") {
            let Some(temperature) = upstream.outcome.estimate("temperature").map(|estimate| estimate.value) else {
                left_out.push(format!("{}: no temperature is stated", upstream.item));
                continue;
            };
            domains.extend(Domain::of(temperature, &upstream.outcome));
            let mut any = false;
            for region in &mut regions {
                let Some(tau) = upstream.outcome.estimate(&format!("tau0{}", region.suffix)) else { continue };
                any = true;
                match tau.std_error.filter(|error| *error > 0.0 && tau.value > 0.0) {
                    Some(error) => region.points.push(Point { temperature, tau: tau.value, ln_error: error / tau.value }),
                    None => left_out.push(format!("{}: the time of the {} has no error", upstream.item, region.name)),
                }
            }
            if !any {
                left_out.push(format!("{}: its times are bounds only", upstream.item));
            }
        }
        let different = |region: &Region| {
            let mut all: Vec<f64> = region.points.iter().map(|point| point.temperature).collect();
            all.sort_by(f64::total_cmp);
            all.dedup();
            all.len()
        };
        let found = regions.iter().map(different).max().unwrap_or(0);
        regions.retain(|region| different(region) >= FEWEST);
        if regions.is_empty() {
            let left_out = if left_out.is_empty() { "no series".to_owned() } else { left_out.join("; ") };
            return Err(RelaxationEnergyError::TooFew { found, left_out }.into());
        }
        for region in &mut regions {
            region.points.sort_by(|a, b| a.temperature.total_cmp(&b.temperature));
        }
        domains.sort_by(|a, b| a.temperature.total_cmp(&b.temperature));
        Ok(Input { regions, domains, left_out, glass_transition })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        Ok(report::outcome(input))
    }
}
