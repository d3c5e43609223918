//! Counts of signed events in tests of several pillars.

use amorph_core::random::{Rng, derive_seed, fill_standard_normal, rng};
use rand_distr::{Distribution, Gamma, Poisson};

use crate::SimulationError;

/// Tests of loading, hold and unloading, one pillar each, with rates that differ between pillars and scatter more than counting.
///
/// The mean of a cell is `exposure rate (|stress rate|/10 MPa/s)^exponent exp(τ z)`, with one normal deviate `z` per pillar and no stress rate
/// in the hold; counts are negative binomial about it, variance `m + α m²`, and false alarms are added.
#[derive(Debug, Clone, PartialEq)]
pub struct PillarCounts {
    /// Rates of rising and falling events in loading, hold and unloading, 1/s, of the median pillar at 10 MPa/s.
    pub rates: [[f64; 2]; 3],
    /// Stress rate of every pillar's ramps, Pa/s; one entry per pillar.
    pub stress_rates: Vec<f64>,
    /// Power of the rates with the stress rate.
    pub exponent: f64,
    /// Observed time of each segment, s.
    pub exposure: f64,
    /// Standard deviation of `ln rate` between pillars, τ.
    pub pillar_scatter: f64,
    /// Variance beyond counting over the square of the mean, α.
    pub dispersion: f64,
    /// False alarms of each sign expected in a segment.
    pub background: f64,
}

/// Counts of one segment of one pillar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentCounts {
    /// Which pillar.
    pub pillar: usize,
    /// 0 loading, 1 hold, 2 unloading.
    pub segment: usize,
    /// Signed stress rate, Pa/s.
    pub stress_rate: f64,
    /// Rising and falling events.
    pub found: [usize; 2],
}

/// Stress rate at which rates are stated, Pa/s.
const STATED_AT: f64 = 1e7;

impl PillarCounts {
    /// Counts of all segments of all pillars.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for rates, exposure or stress rates that are not positive, or scatter that is negative.
    pub fn measure(&self, seed: u64) -> Result<Vec<SegmentCounts>, SimulationError> {
        SimulationError::require_positive("exposure", self.exposure)?;
        self.rates.iter().flatten().try_for_each(|rate| SimulationError::require_positive("rates", *rate))?;
        self.stress_rates.iter().try_for_each(|rate| SimulationError::require_positive("stress_rates", *rate))?;
        SimulationError::require_not_negative("pillar_scatter", self.pillar_scatter)?;
        SimulationError::require_not_negative("dispersion", self.dispersion)?;
        SimulationError::require_not_negative("background", self.background)?;
        let mut counts = Vec::with_capacity(3 * self.stress_rates.len());
        for (pillar, stress_rate) in self.stress_rates.iter().enumerate() {
            let mut rng = rng(derive_seed(seed, &["pillar".into(), pillar.into()]));
            let mut deviate = [0.0];
            fill_standard_normal(&mut rng, &mut deviate);
            for (segment, rates) in self.rates.iter().enumerate() {
                let ramp = [1.0, 0.0, -1.0][segment] * stress_rate;
                let driven = if segment == 1 { 1.0 } else { (stress_rate / STATED_AT).powf(self.exponent) };
                let scale = self.exposure * driven * (self.pillar_scatter * deviate[0]).exp();
                let found = rates.map(|rate| self.draw(rate * scale, &mut rng) + poisson(self.background, &mut rng));
                counts.push(SegmentCounts { pillar, segment, stress_rate: ramp, found });
            }
        }
        Ok(counts)
    }

    fn draw(&self, mean: f64, rng: &mut Rng) -> usize {
        let factor = match Gamma::new(1.0 / self.dispersion, self.dispersion) {
            Ok(gamma) if self.dispersion > 0.0 => gamma.sample(rng),
            _ => 1.0,
        };
        poisson(mean * factor, rng)
    }
}

fn poisson(mean: f64, rng: &mut Rng) -> usize {
    Poisson::new(mean).map_or(0, |law| {
        let n: f64 = law.sample(rng);
        n as usize
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn mean_and_variance_are_those_of_the_law() {
        let tests = PillarCounts {
            rates: [[2.0, 1.0], [0.5, 0.5], [1.0, 1.0]],
            stress_rates: vec![2e7; 20_000],
            exponent: 1.0,
            exposure: 5.0,
            pillar_scatter: 0.0,
            dispersion: 0.3,
            background: 1.0,
        };
        let counts = tests.measure(3).unwrap();
        let of = |segment: usize, sign: usize| -> Vec<f64> {
            counts.iter().filter(|one| one.segment == segment).map(|one| one.found[sign] as f64).collect()
        };
        for (segment, sign, mean) in [(0, 0, 20.0f64), (0, 1, 10.0), (1, 0, 2.5)] {
            let values = of(segment, sign);
            let n = values.len() as f64;
            let found = values.iter().sum::<f64>() / n;
            let variance = values.iter().map(|value| (value - found).powi(2)).sum::<f64>() / n;
            let expected = mean + 0.3 * mean * mean + 1.0;
            assert!((found - mean - 1.0).abs() < 4.0 * (expected / n).sqrt(), "{found} {mean}");
            assert!((variance / expected - 1.0).abs() < 0.06, "{variance} {expected}");
        }
        // Pillars that differ: the logarithms of large counts scatter by τ.
        let apart = PillarCounts { pillar_scatter: 0.4, dispersion: 0.0, background: 0.0, exposure: 1e4, ..tests };
        let logs: Vec<f64> = apart
            .measure(4)
            .unwrap()
            .iter()
            .filter(|one| one.segment == 1 && one.pillar < 4000)
            .map(|one| (one.found[0] as f64).ln())
            .collect();
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        let scatter = (logs.iter().map(|ln| (ln - mean).powi(2)).sum::<f64>() / logs.len() as f64).sqrt();
        assert!((scatter - 0.4).abs() < 0.02, "{scatter}");
        assert!(PillarCounts { exposure: 0.0, ..apart }.measure(1).is_err());
    }
}
