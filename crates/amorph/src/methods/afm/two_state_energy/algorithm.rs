//! Energy and interaction length from the lengths of two states, without an assumed interaction length. Energies in J.
//!
//! Both follow from sums of logarithms of the two lengths, so that errors of lengths that scatter by a factor are carried exactly.

use crate::core::stats::student_t_quantile;
use crate::methods::afm::activation_energy::sites::StateLength;
use crate::theory::energy_and_length::two_state_power;

/// The length of a state and the number of sites it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Length and its errors.
    pub length: StateLength,
    /// Sites.
    pub n_sites: usize,
}

/// The model of both states: thermal energy, exponent, and the dimensions of their events.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoStates {
    /// `kT`, J.
    pub thermal_energy: f64,
    /// Exponent `a` of the energy per particle.
    pub exponent: f64,
    /// Dimension of the events of the state with localised events, `d2`.
    pub lower: f64,
    /// Dimension of the events of the other state, `d3` above `d2`.
    pub upper: f64,
}

/// A positive number with its errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Carried {
    /// Value.
    pub value: f64,
    /// Standard error over value.
    pub relative_error: Option<f64>,
    /// 95 % interval.
    pub interval: Option<(f64, f64)>,
    /// Whether the interval rests on the scatter between the sites of both states.
    pub from_scatter: bool,
}

impl TwoStates {
    /// `d2 d3 (1-a)/(d3-d2)`: relative error of the energy over relative error of the ratio of lengths; 3.6 for 2, 3 and 0.4.
    pub fn power(&self) -> f64 {
        two_state_power(self.exponent, self.lower, self.upper)
    }

    /// `ε = kT (l2/l3)^(d2 d3 (1-a)/(d3-d2))`, J.
    pub fn energy(&self, lower: &Measured, upper: &Measured) -> Carried {
        let power = self.power();
        product(self.thermal_energy, [(lower, power), (upper, -power)])
    }

    /// The `λ` at which both states have this energy: `ln λ = (d3 ln l3 - d2 ln l2)/(d3 - d2)`, m.
    pub fn interaction_length(&self, lower: &Measured, upper: &Measured) -> Carried {
        let difference = self.upper - self.lower;
        product(1.0, [(lower, -self.lower / difference), (upper, self.upper / difference)])
    }
}

/// `factor l_a^p_a l_b^p_b`.
///
/// Interval: where both states have their own scatter between sites, that of Welch for a sum of two means of logarithms (degrees
/// of freedom by Satterthwaite); else each side from the intervals of the states, added in squares.
fn product(factor: f64, terms: [(&Measured, f64); 2]) -> Carried {
    let value = terms.iter().fold(factor, |value, (state, power)| value * state.length.length.powf(*power));
    let from_scatter = terms.iter().all(|(state, _)| state.length.from_scatter);
    let squares: Option<Vec<f64>> =
        terms.iter().map(|(state, power)| state.length.relative_error.map(|error| (power * error).powi(2))).collect();
    let relative_error = squares.as_ref().map(|squares| squares.iter().sum::<f64>().sqrt());
    let sides = if from_scatter { welch_side(&terms, &squares) } else { side(&terms, false).zip(side(&terms, true)) };
    let interval = sides.map(|(below, above)| (value * (-below).exp(), value * above.exp()));
    Carried { value, relative_error, interval, from_scatter }
}

fn welch_side(terms: &[(&Measured, f64); 2], squares: &Option<Vec<f64>>) -> Option<(f64, f64)> {
    let squares = squares.as_ref()?;
    let total: f64 = squares.iter().sum();
    let fourth: f64 =
        terms.iter().zip(squares).map(|((state, _), square)| square * square / (state.n_sites as f64 - 1.0)).sum();
    let half = student_t_quantile(0.975, total * total / fourth).ok()? * total.sqrt();
    Some((half, half))
}

/// Distance in logarithm from the value to one end of the interval; an inverse power exchanges the ends of its state's interval.
fn side(terms: &[(&Measured, f64); 2], above: bool) -> Option<f64> {
    let square = |(state, power): &(&Measured, f64)| {
        let (lo, hi) = state.length.interval?;
        let end = if (*power > 0.0) == above { hi } else { lo };
        Some((power * (end / state.length.length).ln()).powi(2))
    };
    terms.iter().map(square).sum::<Option<f64>>().map(f64::sqrt)
}
