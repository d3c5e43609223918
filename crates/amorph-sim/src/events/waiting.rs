//! Times of events that come independently, at changing rates, or bring each other.

use amorph_core::random::rng;
use rand::RngExt;
use rand_distr::{Distribution, Exp1, Poisson};

use crate::SimulationError;

/// Events at a rate that may grow or fall, each bringing others (Hawkes's process).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SelfExciting {
    /// Independent events per second at the start, 1/s.
    pub rate: f64,
    /// Slope of the logarithm of that rate, 1/s.
    pub slope: f64,
    /// Mean number of events that one event brings, below one.
    pub branching: f64,
    /// Mean time in which it does, s.
    pub decay: f64,
    /// Time after an event that is seen in which no other can be seen, s.
    pub dead_time: f64,
    /// Step to which times are rounded down, s; 0 for none.
    pub step: f64,
}

impl Default for SelfExciting {
    fn default() -> Self {
        Self { rate: 1.0, slope: 0.0, branching: 0.0, decay: 1.0, dead_time: 0.0, step: 0.0 }
    }
}

impl SelfExciting {
    /// Times between 0 and `length`, ascending.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for times and rates that are none, and for a branching of one or more.
    pub fn times(&self, length: f64, seed: u64) -> Result<Vec<f64>, SimulationError> {
        SimulationError::require_positive("rate", self.rate)?;
        SimulationError::require_positive("length", length)?;
        SimulationError::require_positive("decay", self.decay)?;
        SimulationError::require_not_negative("dead_time", self.dead_time)?;
        SimulationError::require_not_negative("step", self.step)?;
        if !(0.0..1.0).contains(&self.branching) {
            return Err(SimulationError::Parameter {
                name: "branching",
                value: self.branching,
                allowed: "at least 0 and below 1",
            });
        }
        let mut rng = rng(seed);
        let most = self.rate * (self.slope * length).exp().max(1.0);
        let mut times = Vec::new();
        let mut time = 0.0;
        loop {
            let wait: f64 = Exp1.sample(&mut rng);
            time += wait / most;
            if time >= length {
                break;
            }
            if rng.random::<f64>() * most < self.rate * (self.slope * time).exp() {
                times.push(time);
            }
        }
        // Each event brings a Poisson number of others, and these do so again.
        if let Ok(offspring) = Poisson::new(self.branching) {
            let mut next = 0;
            while next < times.len() {
                let count: f64 = offspring.sample(&mut rng);
                for _ in 0..count as usize {
                    let wait: f64 = Exp1.sample(&mut rng);
                    let at = times[next] + self.decay * wait;
                    if at < length {
                        times.push(at);
                    }
                }
                next += 1;
            }
        }
        times.sort_unstable_by(f64::total_cmp);
        let mut last = f64::NEG_INFINITY;
        times.retain(|time| {
            let is_seen = self.dead_time == 0.0 || time - last > self.dead_time;
            if is_seen {
                last = *time;
            }
            is_seen
        });
        if self.step > 0.0 {
            times.iter_mut().for_each(|time| *time = (*time / self.step).floor() * self.step);
        }
        Ok(times)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn events_that_bring_others_are_more() {
        let length = 20_000.0;
        for branching in [0.0, 0.3, 0.6] {
            let law = SelfExciting { branching, ..SelfExciting::default() };
            let n = law.times(length, 5).unwrap().len() as f64;
            // Mean n/(1 - b), variance n/(1 - b)^3.
            let mean = length / (1.0 - branching);
            let error = (length / (1.0 - branching).powi(3)).sqrt();
            assert!((n - mean).abs() < 4.0 * error, "{branching}: {n} {mean}");
        }
        let seen = SelfExciting { dead_time: 0.5, step: 0.01, ..SelfExciting::default() }.times(length, 6).unwrap();
        assert!(seen.windows(2).all(|pair| pair[1] - pair[0] > 0.48));
        assert!((seen.len() as f64 / length - 1.0 / 1.5).abs() < 0.02);
        assert!(SelfExciting { branching: 1.0, ..SelfExciting::default() }.times(1.0, 1).is_err());
    }
}
