use super::{StatsError, chi_squared_quantile};

/// Interval of the mean of a Poisson count, with Jeffreys' prior; from zero where nothing was counted.
///
/// It covers at its level on average over means; the exact interval covers more than it says.
///
/// # Errors
/// A level outside (0, 1).
pub fn poisson_interval(count: usize, level: f64) -> Result<(f64, f64), StatsError> {
    let tail = 0.5 * (1.0 - level);
    let dof = 2.0 * count as f64 + 1.0;
    let hi = 0.5 * chi_squared_quantile(1.0 - tail, dof)?;
    let lo = if count == 0 { 0.0 } else { 0.5 * chi_squared_quantile(tail, dof)? };
    Ok((lo, hi))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Probability that the interval of a count of this mean holds the mean.
    fn covered(mean: f64) -> f64 {
        let mut probability = (-mean).exp();
        let mut sum = 0.0;
        for count in 0..400usize {
            let (lo, hi) = poisson_interval(count, 0.95).unwrap();
            sum += if lo <= mean && mean <= hi { probability } else { 0.0 };
            probability *= mean / (count + 1) as f64;
        }
        sum
    }

    #[test]
    fn the_interval_covers_on_average_over_means() {
        for (from, to) in [(1.0, 5.0), (5.0, 20.0), (20.0, 100.0)] {
            let means: Vec<f64> = (0..200).map(|i| from + (to - from) * (f64::from(i) + 0.5) / 200.0).collect();
            let mean = means.iter().map(|mean| covered(*mean)).sum::<f64>() / means.len() as f64;
            println!("means {from} to {to}: {:.2} %", 100.0 * mean);
            assert!((0.94..0.965).contains(&mean), "{mean}");
        }
    }
}
