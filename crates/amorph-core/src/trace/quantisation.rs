/// Differences that are looked at; more say nothing new about the digitiser.
const LOOKED_AT: usize = 200_000;
/// How near to a whole number of steps the differences must be, and how many of them.
const TOLERANCE: f64 = 0.05;
const SHARE: f64 = 0.95;
/// Beyond so many steps, rounding of the numbers themselves hides the grid.
const STEPS_MAX: f64 = 1e8;

/// The digitiser's step: the smallest difference of neighbouring values, provided that the other differences are
/// multiples of it; absent where the values are on no grid.
pub fn quantisation(values: &[f64]) -> Option<f64> {
    let values = &values[..values.len().min(LOOKED_AT)];
    let largest = values.iter().filter(|value| value.is_finite()).fold(0.0f64, |largest, value| largest.max(value.abs()));
    let rounding = 8.0 * f64::EPSILON * largest;
    let differences: Vec<f64> =
        values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).filter(|step| step.is_finite() && *step > rounding).collect();
    let step = differences.iter().copied().fold(f64::INFINITY, f64::min);
    if differences.len() < 2 || !step.is_finite() {
        return None;
    }
    let on_grid = |difference: &&f64| {
        let steps = **difference / step;
        steps < STEPS_MAX && (steps - steps.round()).abs() < TOLERANCE
    };
    let fitting: Vec<f64> = differences.iter().filter(on_grid).copied().collect();
    if (fitting.len() as f64) < SHARE * differences.len() as f64 {
        return None;
    }
    // The smallest difference carries the rounding of two numbers; all of those of one step together carry less.
    let single: Vec<f64> = fitting.into_iter().filter(|difference| *difference < 1.5 * step).collect();
    Some(single.iter().sum::<f64>() / single.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt as _, SeedableRng as _};

    fn normal(n: usize, seed: u64) -> Vec<f64> {
        let mut random = rand_pcg::Pcg64::seed_from_u64(seed);
        (0..n).map(|_| random.sample::<f64, _>(rand_distr::StandardNormal)).collect()
    }

    #[test]
    fn the_step_of_a_digitiser_is_found_within_five_percent() {
        for (index, step) in [0.1, 0.5, 2.0].into_iter().enumerate() {
            for seed in 0..20 {
                let values: Vec<f64> =
                    normal(2000, 100 * index as u64 + seed).iter().map(|value| (value / step).round() * step).collect();
                let found = quantisation(&values).unwrap_or(f64::NAN);
                assert!((found / step - 1.0).abs() < 0.05, "{found} is not {step}");
            }
        }
    }

    #[test]
    fn values_on_no_grid_have_no_step() {
        assert_eq!(quantisation(&normal(2000, 1)), None);
        assert_eq!(quantisation(&[1.0; 50]), None);
        assert_eq!(quantisation(&[]), None);
        assert_eq!(quantisation(&[f64::NAN, 1.0, f64::INFINITY]), None);
    }

    #[test]
    fn missing_values_and_units_do_not_matter() {
        let mut values: Vec<f64> = normal(500, 3).iter().map(|value| (value / 0.25).round() * 0.25 * 1e-9).collect();
        values[7] = f64::NAN;
        let found = quantisation(&values).unwrap_or(f64::NAN);
        assert!((found / 0.25e-9 - 1.0).abs() < 1e-6, "{found}");
    }
}
