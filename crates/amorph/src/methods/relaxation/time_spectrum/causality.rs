//! Whether storage and loss belong to one causal linear response, before any spectrum is sought.
//!
//! A ladder of Maxwell elements of fixed times is fitted linearly, strengths of either sign, to both moduli at once. Any causal response
//! follows, whatever its spectrum. What is left over is held against the scatter of the readings among their neighbours, which knows nothing of causality.

use crate::core::dense::Cholesky;
use crate::core::stats::f_tail;
use crate::methods::relaxation::log_spectrum::Curve;

/// What the ladder leaves over.
#[derive(Debug, Clone, PartialEq)]
pub struct Causality {
    /// Root of the mean square of what is left of storage and loss, relative to the size of the complex modulus.
    pub rms: f64,
    /// The same from the scatter among neighbours alone, of both together; `None` below nine readings.
    pub scatter: Option<f64>,
    /// Elements per decade.
    pub per_decade: f64,
    /// Probability of as much left over, were it scatter; `None` where the readings are too few or too far apart to say.
    pub p: Option<f64>,
}

/// Elements per decade where there are readings enough.
const PER_DECADE: f64 = 8.0;
/// Decades of the ladder beyond the data on either side.
const REACH: f64 = 1.0;
/// Smallest share of the diagonal: strengths of neighbours that nearly cancel stay finite.
const RIDGE: f64 = 1e-9;
/// Parameters, as a share of the numbers that are read.
const SHARE: f64 = 0.5;
/// Fewest readings and elements per decade for a verdict.
const FEWEST: usize = 16;
const FEWEST_PER_DECADE: f64 = 3.0;

/// The test; `None` where the ladder cannot be fitted. Frequencies of `curve` rise.
pub fn causality(curve: &Curve) -> Option<Causality> {
    let n = curve.ln_omega.len();
    let (lo, hi) = (*curve.ln_omega.first()?, *curve.ln_omega.last()?);
    let decades = (hi - lo) / std::f64::consts::LN_10 + 2.0 * REACH;
    let most = SHARE * 2.0 * n as f64 - 2.0;
    let elements = (PER_DECADE * decades).min(most).floor();
    if elements < 3.0 {
        return None;
    }
    let step = (decades * std::f64::consts::LN_10) / (elements - 1.0);
    let first = -hi - REACH * std::f64::consts::LN_10;
    let mut rows = Vec::with_capacity(2 * n);
    for (i, ln_omega) in curve.ln_omega.iter().enumerate() {
        let size = curve.storage[i].hypot(curve.loss[i]);
        if size <= 0.0 || !size.is_finite() {
            return None;
        }
        // A spring at rest and a dashpot stand beside the ladder.
        let (mut storage, mut loss) = (vec![1.0 / size, 0.0], vec![0.0, ln_omega.exp() / size]);
        for k in 0..elements as usize {
            let x = (ln_omega + first + step * k as f64).exp();
            let share = x / (1.0 + x * x);
            storage.push(x * share / size);
            loss.push(share / size);
        }
        rows.push((storage, curve.storage[i] / size));
        rows.push((loss, curve.loss[i] / size));
    }
    let (squares, used) = linear(&rows)?;
    let numbers = rows.len() as f64;
    let scatter = scatter(curve);
    let free = numbers - used;
    let per_decade = std::f64::consts::LN_10 / step;
    let p = scatter.as_ref().filter(|_| n >= FEWEST && per_decade >= FEWEST_PER_DECADE && free > 4.0).and_then(|scatter| {
        let ratio = squares / free / scatter.variance;
        f_tail(ratio, (free * scatter.evenness).max(1.0), scatter.free).ok()
    });
    Some(Causality { rms: (squares / numbers).sqrt(), scatter: scatter.map(|s| s.variance.sqrt()), per_decade, p })
}

/// Sum of squares that a linear fit leaves, and how many parameters the data determine.
fn linear(rows: &[(Vec<f64>, f64)]) -> Option<(f64, f64)> {
    let m = rows.first()?.0.len();
    let sizes: Vec<f64> = (0..m).map(|j| rows.iter().map(|(row, _)| row[j] * row[j]).sum::<f64>().sqrt()).collect();
    let scaled = |row: &[f64]| row.iter().zip(&sizes).map(|(x, size)| x / size).collect::<Vec<f64>>();
    let mut matrix = vec![0.0; m * m];
    let mut right = vec![0.0; m];
    let scaled: Vec<(Vec<f64>, f64)> = rows.iter().map(|(row, y)| (scaled(row), *y)).collect();
    for (row, y) in &scaled {
        for (i, a) in row.iter().enumerate() {
            right[i] += a * y;
            matrix[i * m..(i + 1) * m].iter_mut().zip(row).for_each(|(sum, b)| *sum += a * b);
        }
    }
    let plain = matrix.clone();
    (0..m).for_each(|i| matrix[i * m + i] += RIDGE);
    let cholesky = Cholesky::of(&matrix, m)?;
    let found = cholesky.solve(&right);
    let used = cholesky.inverse().iter().zip(&plain).map(|(c, p)| c * p).sum();
    let left = |(row, y): &(Vec<f64>, f64)| (y - row.iter().zip(&found).map(|(a, b)| a * b).sum::<f64>()).powi(2);
    Some((scaled.iter().map(left).sum(), used))
}

struct Scatter {
    /// Mean of the relative variance of both moduli.
    variance: f64,
    /// Degrees of freedom that it stands for.
    free: f64,
    /// 1 where size and phase err alike, 1/2 where only one of them errs.
    evenness: f64,
}

/// From what is left of ln size and phase at each reading by a cubic through its four neighbours.
fn scatter(curve: &Curve) -> Option<Scatter> {
    let n = curve.ln_omega.len();
    if n < 9 {
        return None;
    }
    let pairs = || curve.storage.iter().zip(&curve.loss);
    let sizes: Vec<f64> = pairs().map(|(storage, loss)| storage.hypot(*loss).ln()).collect();
    let phases: Vec<f64> = pairs().map(|(storage, loss)| loss.atan2(*storage)).collect();
    let [a, b] = [sizes, phases].map(|values| {
        let squares: Vec<f64> = (2..n - 2).filter_map(|i| apart(&curve.ln_omega, &values, i)).collect();
        squares.iter().sum::<f64>() / squares.len() as f64
    });
    // Neighbouring differences share readings: 0.38 of them are independent (weights 1, -4, 6, -4, 1).
    let evenness = (a + b).powi(2) / (2.0 * (a * a + b * b));
    let free = (2.0 * 0.38 * (n - 4) as f64 * evenness).max(1.0);
    let variance = 0.5 * (a + b);
    (variance > 0.0 && variance.is_finite()).then_some(Scatter { variance, free, evenness })
}

/// Square of the distance of a reading from the cubic through two neighbours on either side, over what equal errors of 1 make of it; `None` among replicates.
fn apart(x: &[f64], y: &[f64], i: usize) -> Option<f64> {
    let near = [i - 2, i - 1, i + 1, i + 2];
    let (mut sum, mut square) = (y[i], 1.0);
    for j in near {
        let others = near.iter().filter(|k| **k != j);
        let weight: f64 = others.map(|k| (x[i] - x[*k]) / (x[j] - x[*k])).product();
        sum -= weight * y[j];
        square += weight * weight;
    }
    square.is_finite().then_some(sum * sum / square)
}
