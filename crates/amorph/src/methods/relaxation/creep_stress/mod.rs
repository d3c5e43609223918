//! `relaxation.creep_stress`: how the rate of creep grows with stress: stress exponent, rate sensitivity, activation volume.

pub mod algorithm;
mod figures;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::algorithm::Rates;
use super::RelaxationError;
use super::constants::{TAYLOR_FACTOR, TEMPERATURE};
use crate::core::ctx::Ctx;
use crate::core::outcome::{Note, Outcome};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};

/// Rates of creep over stress.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CreepStress {}

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    rates: Rates,
    names: Vec<String>,
    /// Whether the rates are those of flow; else those at the end of the hold.
    is_flow: bool,
    temperature: f64,
    taylor_factor: f64,
    notes: Vec<Note>,
}

/// Fewest stresses.
const FEWEST: usize = 3;
/// Range of stresses below which an exponent rests on little.
const NARROW: f64 = 1.2;

const OUTPUTS: &[OutputInfo] = &[
    output("stress_exponent", "n", "", "of strain rate ~ stress^n; 1 is Newtonian"),
    output("rate_sensitivity_m", "m", "", "1/n"),
    output("newtonian_p", "p", "", "probability of an exponent as far from 1 where the flow is Newtonian"),
    output("activation_volume", "V", "m^3", "of strain rate ~ sinh(σV/(M kT)), with the stated Taylor factor M"),
    output("creep_viscosity", "η", "Pa s", "stress over rate of all tests, where Newtonian flow is not ruled out"),
    output("rate_scatter", "s", "", "scatter of ln rate between tests beyond their own errors"),
];

impl Method for CreepStress {
    const INFO: MethodInfo = MethodInfo {
        id: "relaxation.creep_stress",
        family: "relaxation",
        version: 1,
        title: "Creep over stress",
        summary: "Stress exponent, rate sensitivity and activation volume from creep tests at several stresses; whether the flow is Newtonian, and the scatter between tests.",
        doc: include_str!("doc.md"),
        technique: "creep",
        scope: Scope::State,
        after: &["relaxation.creep"],
        constants: &[TEMPERATURE.key, TAYLOR_FACTOR.key],
        outputs: OUTPUTS,
        covers: &["Q19-2.1-n", "Q19-misc-h"],
        references: &[
            "F. Spaepen, Acta Metall. 25, 407 (1977), doi:10.1016/0001-6160(77)90232-2",
            "R. C. Paule, J. Mandel, J. Res. Natl. Bur. Stand. 87, 377 (1982), doi:10.6028/jres.087.022",
            "J. Hartung, G. Knapp, Stat. Med. 20, 3875 (2001), doi:10.1002/sim.1009",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let constants = &dataset.constants;
        let stated = [(&TEMPERATURE, constants.positive(&TEMPERATURE)?), (&TAYLOR_FACTOR, constants.positive(&TAYLOR_FACTOR)?)];
        let [temperature, taylor_factor] = constants.required(Self::INFO.id, stated)?;
        let mut notes = Vec::new();
        let of = |key| tests(dataset, key);
        let (flows, ends) = (of("creep_rate"), of("final_rate"));
        let is_flow = flows.len() == ends.len();
        let used = if is_flow { flows } else { ends };
        let mut stresses: Vec<f64> = used.iter().map(|test| test.1[0]).collect();
        stresses.sort_by(f64::total_cmp);
        stresses.dedup_by(|a, b| (*a / *b - 1.0).abs() < 0.01);
        if stresses.len() < FEWEST {
            let what =
                "different stresses with a rate of creep (put relaxation.creep before this, one file per stress)".to_owned();
            return Err(RelaxationError::TooFew { what, found: stresses.len(), needed: FEWEST }.into());
        }
        if !is_flow {
            let text = "not every hold identifies its flow: the rates are those at the ends of the holds, which hold retarded strain; the longer a hold, the less";
            notes.push(Note::warning("rates_not_steady", text));
        }
        if stresses[stresses.len() - 1] < NARROW * stresses[0] {
            notes.push(Note::warning(
                "narrow_stresses",
                "the stresses differ by less than a fifth: the exponent rests on little",
            ));
        }
        let rates = Rates {
            ln_stresses: used.iter().map(|test| test.1[0].ln()).collect(),
            ln_rates: used.iter().map(|test| test.1[1].ln()).collect(),
            // Without errors of their own all tests weigh the same.
            errors: used.iter().map(|test| (test.1[2] / test.1[1]).max(1e-6)).collect(),
        };
        let names = used.into_iter().map(|test| test.0).collect();
        Ok(Input { rates, names, is_flow, temperature: temperature.value, taylor_factor: taylor_factor.value, notes })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(input)
    }
}

/// Name, stress, rate and standard error of the rate of every test whose rate is above zero.
fn tests(dataset: &Dataset, key: &str) -> Vec<(String, [f64; 3])> {
    let creeps = dataset.upstream.iter().filter(|upstream| upstream.method == "relaxation.creep");
    let of = |upstream: &crate::method::Upstream| {
        let (stress, rate) = (upstream.outcome.estimate("creep_stress")?, upstream.outcome.estimate(key)?);
        let row = [stress.value, rate.value, rate.std_error.unwrap_or(0.0)];
        (row[0] > 0.0 && row[1] > 0.0 && row.iter().all(|v| v.is_finite())).then(|| (upstream.item.clone(), row))
    };
    creeps.filter_map(of).collect()
}
