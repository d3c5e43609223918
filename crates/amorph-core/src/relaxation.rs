//! Linear response with one relaxation time to an input that is a polygon in time.
//!
//! `y' = (p - y)/τ` is solved exactly between the corners of `p`, so that the cost is one exponential per step length and the error
//! is that of rounding.

/// Steps whose lengths differ by less than this share use the same exponential.
const EQUAL_STEPS: f64 = 1e-11;

/// What one step multiplies: `y <- y + (p0 - y) gain + r ramp`.
#[derive(Clone, Copy)]
struct Step {
    length: f64,
    /// `1 - exp(-dt/τ)`.
    gain: f64,
    /// `dt - τ gain`.
    ramp: f64,
    /// `(dt/τ) exp(-dt/τ)`.
    slope: f64,
}

impl Step {
    fn new(length: f64, tau: f64) -> Self {
        let x = length / tau;
        let gain = -(-x).exp_m1();
        Self { length, gain, ramp: length - tau * gain, slope: if x.is_finite() { x * (1.0 - gain) } else { 0.0 } }
    }

    fn same(&self, length: f64) -> bool {
        (length - self.length).abs() <= EQUAL_STEPS * self.length.abs()
    }
}

/// The lagged input: `y' = (p - y)/τ`, `y = 0` at the first time, with `p` a straight line between samples.
///
/// `τ = 0` gives the input itself. Times must not fall; steps of no length are jumps of the input. Writes `time.len()` values.
pub fn lag(time: &[f64], input: &[f64], tau: f64, output: &mut Vec<f64>) {
    output.clear();
    if tau <= 0.0 {
        output.extend_from_slice(input);
        return;
    }
    let mut step = Step::new(f64::NAN, tau);
    let mut y = 0.0;
    output.push(y);
    for (t, p) in time.windows(2).zip(input.windows(2)) {
        let length = t[1] - t[0];
        if length > 0.0 {
            if !step.same(length) {
                step = Step::new(length, tau);
            }
            y += (p[0] - y) * step.gain + (p[1] - p[0]) / length * step.ramp;
        }
        output.push(y);
    }
    output.truncate(time.len());
}

/// As [`lag`], with the derivative of the lagged input with respect to `ln τ`.
pub fn lag_with_slope(time: &[f64], input: &[f64], tau: f64, output: &mut Vec<f64>, slope: &mut Vec<f64>) {
    output.clear();
    slope.clear();
    let mut step = Step::new(f64::NAN, tau);
    let (mut y, mut z) = (0.0, 0.0);
    output.push(y);
    slope.push(z);
    for (t, p) in time.windows(2).zip(input.windows(2)) {
        let length = t[1] - t[0];
        if length > 0.0 {
            if !step.same(length) {
                step = Step::new(length, tau);
            }
            let rate = (p[1] - p[0]) / length;
            z += -z * step.gain + (y - p[0]) * step.slope - rate * tau * (step.gain - step.slope);
            y += (p[0] - y) * step.gain + rate * step.ramp;
        }
        output.push(y);
        slope.push(z);
    }
    output.truncate(time.len());
    slope.truncate(time.len());
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn a_ramp_and_a_hold_follow_their_closed_forms() {
        let (tau, end, rate) = (0.3e-3, 1e-3, 0.8);
        let time: Vec<f64> = (0..=400).map(|i| f64::from(i) * 1e-5).collect();
        let input: Vec<f64> = time.iter().map(|t| rate * t.min(end)).collect();
        let mut output = Vec::new();
        lag(&time, &input, tau, &mut output);
        for (t, y) in time.iter().zip(&output) {
            let ramp = |t: f64| t - tau * (1.0 - (-t / tau).exp());
            let exact = rate * (ramp(*t) - if *t > end { ramp(t - end) } else { 0.0 });
            assert_relative_eq!(*y, exact, epsilon = 1e-10 * rate * end);
        }
    }

    #[test]
    fn the_slope_is_the_derivative() {
        let time: Vec<f64> = (0..200).map(|i| 1e-5 * f64::from(i) * (1.0 + 0.3 * f64::from(i % 3))).collect();
        let mut sorted = time.clone();
        sorted.sort_by(f64::total_cmp);
        let input: Vec<f64> = sorted.iter().map(|t| (900.0 * t).sin()).collect();
        let (mut y, mut z, mut up, mut down) = (vec![], vec![], vec![], vec![]);
        let tau: f64 = 2e-4;
        lag_with_slope(&sorted, &input, tau, &mut y, &mut z);
        lag(&sorted, &input, tau * 1e-5f64.exp(), &mut up);
        lag(&sorted, &input, tau * (-1e-5f64).exp(), &mut down);
        for i in 0..y.len() {
            assert_relative_eq!(z[i], (up[i] - down[i]) / 2e-5, epsilon = 1e-9);
        }
    }

    #[test]
    fn long_and_short_times_are_the_limits() {
        let time = [0.0, 1.0, 1.0, 2.0];
        let input = [0.0, 1.0, 3.0, 3.0];
        let mut output = Vec::new();
        lag(&time, &input, 0.0, &mut output);
        assert_eq!(output, input);
        lag(&time, &input, 1e-9, &mut output);
        assert_relative_eq!(output[1], 1.0, epsilon = 1e-8);
        assert_relative_eq!(output[3], 3.0, epsilon = 1e-8);
        lag(&time, &input, 1e9, &mut output);
        // The integral of the input over τ.
        assert_relative_eq!(output[3], 3.5e-9, epsilon = 1e-15);
    }
}
