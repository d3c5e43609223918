use crate::SimulationError;

/// Samples of the stretched exponential per rate.
const OVERSAMPLED: usize = 4;

/// `exp(-u^b)` as a sum of exponentials `Σ w exp(-r u)`, so that memory of a thermal history needs a fixed number of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct StretchedKernel {
    /// Rates r, rising.
    pub rates: Vec<f64>,
    /// Weights w; they sum to one.
    pub weights: Vec<f64>,
}

impl StretchedKernel {
    /// For an exponent of 0.2 to 1; the sum differs from the stretched exponential by less than 2e-4.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`].
    pub fn new(exponent: f64) -> Result<Self, SimulationError> {
        if !(0.2..=1.0).contains(&exponent) {
            return Err(SimulationError::Parameter { name: "exponent", value: exponent, allowed: "within 0.2 and 1" });
        }
        if exponent == 1.0 {
            return Ok(Self { rates: vec![1.0], weights: vec![1.0] });
        }
        // From where the decay has hardly begun to where nothing is left.
        let (first, last) = (1e-4f64.ln() / exponent, 30f64.ln() / exponent);
        // Rates per decade: steeper decays need more.
        let density = (5.0 * exponent).max(2.5);
        let n = ((last - first) / std::f64::consts::LN_10 * density).ceil() as usize + 1;
        let spacing = (last - first) / (n - 1) as f64;
        let rates: Vec<f64> = (0..n).map(|i| (-(last - spacing * i as f64)).exp()).collect();
        let samples = OVERSAMPLED * n;
        let step = (last - first) / (samples - 1) as f64;
        let mut times: Vec<f64> = (0..samples).map(|i| (first + step * i as f64).exp()).collect();
        times.push(0.0);
        let rows = times.iter().map(|u| rates.iter().map(|r| (-r * u).exp()).collect()).collect();
        let decay: Vec<f64> = times.iter().map(|u| (-u.powf(exponent)).exp()).collect();
        let mut weights = ridge(rows, &decay);
        let total: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= total);
        Ok(Self { rates, weights })
    }

    /// The sum of exponentials.
    pub fn at(&self, u: f64) -> f64 {
        self.rates.iter().zip(&self.weights).map(|(r, w)| w * (-r * u).exp()).sum()
    }
}

/// Least squares with a small pull towards zero, by Cholesky decomposition.
fn ridge(rows: Vec<Vec<f64>>, values: &[f64]) -> Vec<f64> {
    const PULL: f64 = 1e-9;
    let n = rows.first().map_or(0, Vec::len);
    let mut normal = vec![vec![0.0; n]; n];
    let mut right = vec![0.0; n];
    for (row, value) in rows.iter().zip(values) {
        for i in 0..n {
            right[i] += row[i] * value;
            for j in 0..=i {
                normal[i][j] += row[i] * row[j];
            }
        }
    }
    for i in 0..n {
        normal[i][i] += PULL;
        for j in 0..=i {
            let sum = normal[i][j] - (0..j).map(|k| normal[i][k] * normal[j][k]).sum::<f64>();
            normal[i][j] = if i == j { sum.max(f64::MIN_POSITIVE).sqrt() } else { sum / normal[j][j] };
        }
    }
    for i in 0..n {
        for k in 0..i {
            right[i] -= normal[i][k] * right[k];
        }
        right[i] /= normal[i][i];
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            right[i] -= normal[k][i] * right[k];
        }
        right[i] /= normal[i][i];
    }
    right
}
