//! `calorimetry.rate_kinetics`: activation energy from the temperatures of an event at several heating or cooling rates.

pub mod algorithm;
mod figures;
mod input;
pub mod peaks;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constants::{HEAT_FLOW_SIGN, HEATING_RATE, RATE_EVENT, SAMPLE_MASS, SENSOR_LAG};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, OutputInfo, Scope, output};
use algorithm::Form;
pub use input::{Input, Series};

/// Activation energy from several rates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RateKinetics {
    /// Equation whose energy is reported with an interval; absent: `kissinger` for a reaction, `moynihan` for a glass transition.
    pub equation: Option<Equation>,
    /// Standard error of a temperature, for instance "0.5 K"; it is added to the errors of the table. Absent, without errors in the
    /// table: the scatter about the law counts.
    pub temperature_error: Option<Quantity>,
    /// Rate at which glass transition and fragility are given.
    pub reference_rate: Quantity,
    /// Fit of the law of Vogel, Fulcher and Tammann to the rates of a glass transition, beside the straight one.
    pub vft: bool,
    /// Probability below which curvature speaks against one energy.
    pub significance: f64,
    /// Half of the width over which scans are smoothed in the search for their exotherm or their step, K.
    pub smoothing: f64,
    /// Conversions at which the exotherms of scans are read, for instance [0.1, 0.3, 0.5, 0.7, 0.9]; absent: their tops alone.
    pub conversions: Vec<f64>,
}

impl Default for RateKinetics {
    fn default() -> Self {
        let reference_rate = Quantity::si(20.0 / 60.0, Unit::of("K/min"));
        let (equation, temperature_error, conversions) = (None, None, Vec::new());
        Self { equation, temperature_error, reference_rate, vft: false, significance: 0.05, smoothing: 3.0, conversions }
    }
}

/// What happens at the temperatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A reaction, such as crystallisation.
    Reaction,
    /// A glass transition.
    GlassTransition,
}

/// `ln(q/T^k) = c - B E/(R T)` with k and B.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Equation {
    /// k = 2, B = 1: exact for the peak of a reaction of first order.
    Kissinger,
    /// k = 1, B = 1.
    Boswell,
    /// k = 0, B = 1.052: Ozawa, Flynn and Wall, with Doyle's approximation.
    Ozawa,
    /// k = 1.92, B = 1.0008: temperatures of equal conversion.
    Starink,
    /// The logarithm of the rate of conversion itself at equal conversion, B = 1; needs the column `conversion_rate`.
    Friedman,
    /// k = 0, B = 1: rates of cooling over the glass transition or the fictive temperature.
    Moynihan,
}

impl Equation {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Kissinger, Self::Boswell, Self::Ozawa, Self::Starink, Self::Friedman, Self::Moynihan];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kissinger => "kissinger",
            Self::Boswell => "boswell",
            Self::Ozawa => "ozawa",
            Self::Starink => "starink",
            Self::Friedman => "friedman",
            Self::Moynihan => "moynihan",
        }
    }

    /// k and B.
    pub fn form(self) -> Form {
        let (power, factor) = match self {
            Self::Kissinger => (2.0, 1.0),
            Self::Boswell => (1.0, 1.0),
            Self::Ozawa => (0.0, 1.052),
            Self::Starink => (1.92, 1.0008),
            Self::Friedman | Self::Moynihan => (0.0, 1.0),
        };
        Form { power, factor }
    }

    /// Key and symbol of its energy.
    fn energy(self) -> (&'static str, &'static str) {
        match self {
            Self::Kissinger => ("kissinger_energy", "E"),
            Self::Boswell => ("boswell_energy", "E"),
            Self::Ozawa => ("ozawa_energy", "E"),
            Self::Starink => ("starink_energy", "E"),
            Self::Friedman => ("friedman_energy", "E"),
            Self::Moynihan => ("moynihan_enthalpy", "Δh*"),
        }
    }
}

const OUTPUTS: &[OutputInfo] = &[
    output("kissinger_energy", "E", "J/mol", "activation energy by ln(q/T²) over 1/T"),
    output("kissinger_prefactor_log10", "log10 k0", "", "log10 of the prefactor k0 (1/s) of a reaction of first order"),
    output("boswell_energy", "E", "J/mol", "activation energy by ln(q/T) over 1/T"),
    output("ozawa_energy", "E", "J/mol", "activation energy by ln q over 1/T with Doyle's factor 1.052"),
    output("starink_energy", "E", "J/mol", "activation energy by ln(q/T^1.92) over 1/T with the factor 1.0008"),
    output("friedman_energy", "E", "J/mol", "activation energy by the logarithm of the rate of conversion over 1/T"),
    output("moynihan_enthalpy", "Δh*", "J/mol", "activation enthalpy by ln q over 1/T, factor 1"),
    output("curvature_p", "p", "", "probability of as much curvature by chance"),
    output("glass_transition_reference", "Tg", "K", "glass transition at the reference rate"),
    output("fragility_index", "m", "", "d log10 q/d(-Tg/T) at the reference rate"),
    output("vft_t0", "T0", "K", "of ln q = A - B/(T - T0)"),
    output("energy_range", "", "J/mol", "largest less smallest energy over the conversions"),
];

impl Method for RateKinetics {
    const INFO: MethodInfo = MethodInfo {
        id: "calorimetry.rate_kinetics",
        family: "calorimetry",
        version: 2,
        title: "Kinetics from several rates",
        summary: "Activation energy of crystallisation or of the glass transition from its temperatures at three or more rates, with a test whether one energy is enough.",
        doc: include_str!("doc.md"),
        technique: "rate_series",
        scope: Scope::Item,
        after: &[],
        constants: &[RATE_EVENT.key, HEAT_FLOW_SIGN.key, SAMPLE_MASS.key, HEATING_RATE.key, SENSOR_LAG.key],
        outputs: OUTPUTS,
        covers: &["Q19-misc-e"],
        references: &[
            "H. E. Kissinger, Anal. Chem. 29, 1702 (1957), doi:10.1021/ac60131a045",
            "T. Ozawa, Bull. Chem. Soc. Jpn. 38, 1881 (1965), doi:10.1246/bcsj.38.1881",
            "M. J. Starink, Thermochim. Acta 404, 163 (2003), doi:10.1016/S0040-6031(03)00144-8",
            "C. T. Moynihan, A. J. Easteal, J. Wilder, J. Tucker, J. Phys. Chem. 78, 2673 (1974), doi:10.1021/j100619a008",
            "J. C. Qiao et al., Prog. Mater. Sci. 104, 250 (2019)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let wrong = |message: &str| MethodError::Parameters { method: Self::INFO.id, message: message.to_owned() };
        let positive = |value: f64| value > 0.0 && value.is_finite();
        if !(positive(self.reference_rate.value)
            && positive(self.smoothing)
            && self.significance > 0.0
            && self.significance < 0.5
            && self.temperature_error.as_ref().is_none_or(|error| positive(error.value)))
        {
            return Err(wrong(
                "reference_rate, smoothing and temperature_error must be above 0, significance between 0 and 0.5",
            ));
        }
        let rising = self.conversions.windows(2).all(|pair| pair[0] < pair[1]);
        if !rising || self.conversions.iter().any(|share| !(0.02..=0.98).contains(share)) {
            return Err(wrong("conversions must rise, from 0.02 to 0.98"));
        }
        self.reference_rate.unit.require(&Unit::of("K/s"))?;
        if let Some(error) = &self.temperature_error {
            error.unit.require(&Unit::of("K"))?;
        }
        let input = input::input(self, dataset)?;
        let equation = self.equation(&input);
        if equation == Equation::Friedman && input.series.iter().any(|series| series.ln_speeds.is_none()) {
            return Err(wrong(
                "equation = \"friedman\" needs a table with the columns conversion and conversion_rate (1/s), or scans and their conversions",
            ));
        }
        if (equation == Equation::Moynihan) != (input.event == Event::GlassTransition) {
            return Err(wrong(
                "equation = \"moynihan\" belongs to rate_event = \"glass_transition\", the others to \"reaction\"",
            ));
        }
        Ok(input)
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        report::outcome(self, input)
    }
}

impl RateKinetics {
    fn equation(&self, input: &Input) -> Equation {
        let usual = if input.event == Event::Reaction { Equation::Kissinger } else { Equation::Moynihan };
        self.equation.unwrap_or(usual)
    }
}
