/// Highest order that is tried.
const HIGHEST_ORDER: usize = 5;
/// Values beyond so many standard deviations are drawn in before correlations are taken.
const CLIP: f64 = 4.0;
/// Partial correlations above this are taken as this where they are corrected.
const STRONGEST: f64 = 0.9999;

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
    /// The record should be without drift and of about unit scale; single large values are clipped at four of them.
    pub fn fit(values: &[f64]) -> Self {
        let (partial, n) = partial_correlations(values);
        let mut best = (0.0, 0);
        let mut variance = 1.0;
        for (k, reflection) in partial.iter().enumerate() {
            variance *= 1.0 - reflection * reflection;
            let criterion = n * f64::ln(variance) + (k + 1) as f64 * n.ln();
            if criterion < best.0 {
                best = (criterion, k + 1);
            }
        }
        Self::of_partial(&partial[..best.1])
    }

    /// From its partial correlations, each between -1 and 1 (Levinson and Durbin).
    fn of_partial(partial: &[f64]) -> Self {
        let mut coefficients: Vec<f64> = Vec::new();
        for reflection in partial {
            extend(&mut coefficients, *reflection);
        }
        let variance: f64 = partial.iter().map(|k| 1.0 - k * k).product();
        Self { coefficients, innovation: variance.sqrt() }
    }

    /// Its partial correlations.
    fn partial(&self) -> Vec<f64> {
        let mut partial = vec![0.0; self.order()];
        let mut current = self.coefficients.clone();
        while let Some(last) = current.pop() {
            let n = current.len();
            partial[n] = last;
            let before = current.clone();
            current.iter_mut().enumerate().for_each(|(k, phi)| *phi = (*phi + last * before[n - 1 - k]) / (1.0 - last * last));
        }
        partial
    }

    /// The memory that looks like `self` after a treatment that makes `known` look like `found`.
    ///
    /// `found` is a record. Partial correlations are corrected on Fisher's scale, so that they stay below one.
    pub fn corrected(&self, known: &Self, found: &[f64]) -> Self {
        let (found, _) = partial_correlations(found);
        let fisher = |k: f64| k.clamp(-STRONGEST, STRONGEST).atanh();
        let change = |((wanted, known), found): ((f64, f64), &f64)| (fisher(known) + fisher(wanted) - fisher(*found)).tanh();
        let partial: Vec<f64> = self.partial().into_iter().zip(known.partial()).zip(&found).map(change).collect();
        Self::of_partial(&partial)
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

/// The partial correlations of orders 1 to 5, fewer where one is not known, and the number of samples.
fn partial_correlations(values: &[f64]) -> (Vec<f64>, f64) {
    let mut sums = [0.0; HIGHEST_ORDER + 1];
    let mut counts = [0usize; HIGHEST_ORDER + 1];
    // The mean of skewed noise is not where its drift, a median, runs.
    let (sum, known) = values
        .iter()
        .filter(|value| !value.is_nan())
        .fold((0.0, 0usize), |(sum, n), value| (sum + value.clamp(-CLIP, CLIP), n + 1));
    let mean = sum / known.max(1) as f64;
    let clipped = |value: f64| value.clamp(-CLIP, CLIP) - mean;
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
    let mut partial = Vec::new();
    if n < 50.0 || sums[0] <= 0.0 {
        return (partial, n);
    }
    let correlation = |lag: usize| sums[lag] / counts[lag].max(1) as f64 / (sums[0] / n);
    let mut current: Vec<f64> = Vec::new();
    let mut variance = 1.0;
    for order in 1..=HIGHEST_ORDER {
        let predicted: f64 = current.iter().enumerate().map(|(k, phi)| phi * correlation(order - 1 - k)).sum();
        let reflection = (correlation(order) - predicted) / variance;
        if reflection.is_nan() || reflection.abs() >= 1.0 {
            break;
        }
        extend(&mut current, reflection);
        variance *= 1.0 - reflection * reflection;
        partial.push(reflection);
    }
    (partial, n)
}

/// One order more, by the recursion of Levinson and Durbin.
fn extend(coefficients: &mut Vec<f64>, reflection: f64) {
    let before = coefficients.clone();
    let n = before.len();
    coefficients.iter_mut().enumerate().for_each(|(k, phi)| *phi -= reflection * before[n - 1 - k]);
    coefficients.push(reflection);
}
