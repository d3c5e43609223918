/// Highest order that is tried.
const HIGHEST_ORDER: usize = 5;
/// Values beyond so many standard deviations are drawn in before correlations are taken.
const CLIP: f64 = 4.0;

/// Noise that remembers: x_t = φ₁ x_(t-1) + ... + φ_p x_(t-p) + σ e_t.
#[derive(Debug, Clone, PartialEq)]
pub struct Autoregression {
    /// φ₁ to φ_p.
    pub coefficients: Vec<f64>,
    /// σ, for noise of unit variance.
    pub innovation: f64,
}

impl Autoregression {
    /// Noise without memory.
    pub fn white() -> Self {
        Self { coefficients: Vec::new(), innovation: 1.0 }
    }

    /// By Yule and Walker, order 0 to 5 by the Bayesian information criterion; NaN marks samples that are left out.
    ///
    /// The record should have zero mean and about unit scale; single large values are clipped at four of them.
    pub fn fit(values: &[f64]) -> Self {
        let mut sums = [0.0; HIGHEST_ORDER + 1];
        let mut counts = [0usize; HIGHEST_ORDER + 1];
        let clipped = |value: f64| value.clamp(-CLIP, CLIP);
        for lag in 0..=HIGHEST_ORDER {
            for (a, b) in values.iter().zip(values.iter().skip(lag)) {
                let product = clipped(*a) * clipped(*b);
                if !product.is_nan() {
                    sums[lag] += product;
                    counts[lag] += 1;
                }
            }
        }
        let n = counts[0] as f64;
        if n < 50.0 || sums[0] <= 0.0 {
            return Self::white();
        }
        let correlation: Vec<f64> =
            (0..=HIGHEST_ORDER).map(|lag| sums[lag] / counts[lag].max(1) as f64 / (sums[0] / n)).collect();
        let mut best = (0.0, Self::white());
        let mut current: Vec<f64> = Vec::new();
        let mut variance = 1.0;
        for order in 1..=HIGHEST_ORDER {
            let predicted: f64 = current.iter().enumerate().map(|(k, phi)| phi * correlation[order - 1 - k]).sum();
            let reflection = (correlation[order] - predicted) / variance;
            if reflection.is_nan() || reflection.abs() >= 1.0 {
                break;
            }
            let before = current.clone();
            current.iter_mut().enumerate().for_each(|(k, phi)| *phi -= reflection * before[order - 2 - k]);
            current.push(reflection);
            variance *= 1.0 - reflection * reflection;
            let criterion = n * f64::ln(variance) + order as f64 * n.ln();
            if criterion < best.0 {
                best = (criterion, Self { coefficients: current.clone(), innovation: variance.sqrt() });
            }
        }
        best.1
    }

    /// e_t of a record; the first samples use what is there before them. NaN stays and spreads over the memory.
    pub fn whiten(&self, values: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.extend_from_slice(values);
        for (k, phi) in self.coefficients.iter().enumerate() {
            out.iter_mut().skip(k + 1).zip(values).for_each(|(out, before)| *out -= phi * before);
        }
        let scale = 1.0 / self.innovation;
        out.iter_mut().for_each(|value| *value *= scale);
    }

    /// The transpose of [`Self::whiten`] without its scale, in place: g_t = e_t - φ₁ e_(t+1) - ...
    pub fn adjoint(&self, values: &mut [f64]) {
        let given = values.to_vec();
        for (k, phi) in self.coefficients.iter().enumerate() {
            values.iter_mut().zip(given.iter().skip(k + 1)).for_each(|(value, later)| *value -= phi * later);
        }
    }

    /// A record from white noise, in place.
    pub fn colour(&self, values: &mut [f64]) {
        for t in 0..values.len() {
            let memory = self.coefficients.iter().take(t).enumerate();
            let predicted: f64 = memory.map(|(k, phi)| phi * values[t - 1 - k]).sum();
            values[t] = self.innovation * values[t] + predicted;
        }
    }

    /// Number of coefficients.
    pub fn order(&self) -> usize {
        self.coefficients.len()
    }
}
