//! Sites with two states under stress, flip by flip.

use amorph_core::random::{Rng, rng};
use rand::RngExt;
use rand_distr::{Distribution, Exp1};

use crate::SimulationError;

/// Sites that flip forward at `r exp(+x)` and back at `r exp(-x)`, `x = stress volume/(kT)`, all with one rate `r = ω exp(-ΔG/kT)`.
///
/// Volumes are exponentially distributed above the smallest one. What flips forward relaxes the stress on all sites by the coupling over their
/// number. In units of `kT` over the mean volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoState {
    /// Number of sites.
    pub sites: usize,
    /// Flips per second of a site without stress, 1/s.
    pub rate: f64,
    /// Stress times mean volume over the thermal energy.
    pub stress: f64,
    /// Stress that one full turn of all sites forward would take off, in the same unit.
    pub coupling: f64,
    /// Smallest volume over the mean excess of volumes above it; the spread vanishes where `spread` is false.
    pub smallest_volume: f64,
    /// Whether volumes are distributed; else all are `smallest_volume`.
    pub spread: bool,
}

/// A flip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flip {
    /// When, s.
    pub time: f64,
    /// Volume of the site, in units of the mean excess.
    pub volume: f64,
    /// Whether it went forward.
    pub is_forward: bool,
}

impl TwoState {
    /// Flips until `length`, from as many sites forward as back; kinetic Monte Carlo without approximation.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for numbers, rates and times that are none.
    pub fn flips(&self, length: f64, seed: u64) -> Result<Vec<Flip>, SimulationError> {
        SimulationError::require_positive("sites", self.sites as f64)?;
        SimulationError::require_positive("rate", self.rate)?;
        SimulationError::require_positive("length", length)?;
        SimulationError::require_not_negative("coupling", self.coupling)?;
        SimulationError::require_not_negative("smallest_volume", self.smallest_volume)?;
        let mut rng = rng(seed);
        let volume = |rng: &mut Rng| {
            let excess: f64 = Exp1.sample(rng);
            if self.spread { self.smallest_volume + excess } else { self.smallest_volume }
        };
        let volumes: Vec<f64> = (0..self.sites).map(|_| volume(&mut rng)).collect();
        let largest = volumes.iter().copied().fold(0.0, f64::max);
        // No site is ever under more stress than this: proposals at the highest possible rate, of which some are turned down.
        let most = self.rate * (largest * (self.stress.abs() + self.coupling)).exp();
        let mut is_forward: Vec<bool> = (0..self.sites).map(|site| site % 2 == 0).collect();
        let mut forward = self.sites.div_ceil(2) as f64;
        let (mut time, mut flips) = (0.0, Vec::new());
        loop {
            let wait: f64 = Exp1.sample(&mut rng);
            time += wait / (most * self.sites as f64);
            if time >= length {
                return Ok(flips);
            }
            let site = rng.random_range(0..self.sites);
            let turned = (2.0 * forward - self.sites as f64) / self.sites as f64;
            let bias = volumes[site] * (self.stress - self.coupling * turned);
            let rate = self.rate * if is_forward[site] { (-bias).exp() } else { bias.exp() };
            if rng.random::<f64>() * most < rate {
                is_forward[site] = !is_forward[site];
                forward += if is_forward[site] { 1.0 } else { -1.0 };
                flips.push(Flip { time, volume: volumes[site], is_forward: is_forward[site] });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Without coupling the excess of forward sites goes to tanh x as exp(-2 r t cosh x).
    #[test]
    fn the_excess_relaxes_as_it_must() {
        let model = TwoState { sites: 40_000, rate: 1.0, stress: 0.8, coupling: 0.0, smallest_volume: 1.0, spread: false };
        let flips = model.flips(1.5, 2).unwrap();
        for time in [0.1, 0.4, 1.4] {
            let net: f64 =
                flips.iter().take_while(|flip| flip.time < time).map(|flip| if flip.is_forward { 2.0 } else { -2.0 }).sum();
            let excess = net / 40_000.0;
            let exact = 0.8f64.tanh() * -(-2.0 * 0.8f64.cosh() * time).exp_m1();
            // The excess of independent sites has a standard deviation below one over the root of their number.
            assert!((excess - exact).abs() < 4.0 / 200.0, "{time}: {excess} {exact}");
        }
        let coupled = TwoState { coupling: 0.5, ..model }.flips(1.5, 2).unwrap();
        let net = |flips: &[Flip]| flips.iter().map(|flip| if flip.is_forward { 1.0 } else { -1.0 }).sum::<f64>();
        assert!(net(&coupled) < 0.8 * net(&flips));
        assert!(TwoState { rate: 0.0, ..model }.flips(1.0, 1).is_err());
    }
}
