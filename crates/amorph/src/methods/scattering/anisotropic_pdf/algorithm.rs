//! The l = 2 part of a structure factor, and how much of it is affine.

use ndarray::Array2;

use crate::core::fit::{ErrorScale, LinearLeastSquares};
use crate::methods::scattering::transform::{ToDistances, quadrupole_to_q};

/// P₂(x) = (3x² - 1)/2.
pub fn p2(x: f64) -> f64 {
    1.5 * x * x - 0.5
}

/// P₄(x) = (35x⁴ - 30x² + 3)/8.
pub fn p4(x: f64) -> f64 {
    let y = x * x;
    (35.0 * y * y - 30.0 * y + 3.0) / 8.0
}

/// Coefficients of the harmonics at every Q.
#[derive(Debug, Clone, PartialEq)]
pub struct Harmonics {
    /// l = 0.
    pub isotropic: Vec<f64>,
    /// l = 2.
    pub quadrupole: Vec<f64>,
    /// Standard error of l = 2.
    pub quadrupole_error: Vec<f64>,
    /// l = 4, a diagnostic.
    pub hexadecapole: Vec<f64>,
    /// Sum of squares of what is left over its degrees of freedom.
    pub misfit: f64,
}

impl Harmonics {
    /// The first values of Q alone.
    #[must_use]
    pub fn up_to(&self, n: usize) -> Self {
        let part = |values: &[f64]| values[..n].to_vec();
        Self {
            isotropic: part(&self.isotropic),
            quadrupole: part(&self.quadrupole),
            quadrupole_error: part(&self.quadrupole_error),
            hexadecapole: part(&self.hexadecapole),
            misfit: self.misfit,
        }
    }
}

/// S = S₀ + √5 S₂ P₂(cos θ) + 3 S₄ P₄(cos θ) by weighted least squares at every Q, with cos θ = cos θ_B cos φ and sin θ_B = Qλ/4π.
///
/// `errors` are those of the sectors; without them the scatter about the fit gives them. `None` where the sectors do not tell the three apart.
pub fn harmonics(
    q: &[f64],
    azimuths: &[f64],
    values: &[Vec<f64>],
    errors: Option<&[Vec<f64>]>,
    wavelength: f64,
) -> Option<Harmonics> {
    let n = q.len();
    let mut found = Harmonics {
        isotropic: vec![0.0; n],
        quadrupole: vec![0.0; n],
        quadrupole_error: vec![0.0; n],
        hexadecapole: vec![0.0; n],
        misfit: 0.0,
    };
    let mut left = 0.0;
    for k in 0..n {
        let sine = (q[k] * wavelength / (4.0 * std::f64::consts::PI)).min(1.0);
        let lean = (1.0 - sine * sine).sqrt();
        let column = |sector: usize, column: usize| {
            let x = lean * azimuths[sector].cos();
            [1.0, 5f64.sqrt() * p2(x), 3.0 * p4(x)][column]
        };
        let design = Array2::from_shape_fn((azimuths.len(), 3), |(sector, order)| column(sector, order));
        let measured: Vec<f64> = values.iter().map(|values| values[k]).collect();
        let problem = match errors {
            Some(errors) => LinearLeastSquares {
                weights: Some(errors.iter().map(|errors| errors[k].powi(-2)).collect()),
                error_scale: ErrorScale::Absolute,
                ..LinearLeastSquares::default()
            },
            None => LinearLeastSquares::default(),
        };
        let fit = problem.fit(design.view(), &measured).ok()?;
        left += fit.residual_sum / (azimuths.len() as f64 - 3.0).max(1.0);
        found.isotropic[k] = fit.coefficients[0];
        found.quadrupole[k] = fit.coefficients[1];
        found.hexadecapole[k] = fit.coefficients[2];
        found.quadrupole_error[k] = fit.std_errors[1];
    }
    if errors.is_none() {
        // One sector's scatter is a poor estimate: errors are smoothed over neighbours in Q.
        found.quadrupole_error = smoothed(&found.quadrupole_error);
    }
    found.misfit = left / n as f64;
    Some(found)
}

/// Root mean square over twenty-five neighbours.
fn smoothed(errors: &[f64]) -> Vec<f64> {
    const REACH: usize = 12;
    let mean = |k: usize| {
        let part = &errors[k.saturating_sub(REACH)..(k + REACH + 1).min(errors.len())];
        (part.iter().map(|error| error * error).sum::<f64>() / part.len() as f64).sqrt()
    };
    (0..errors.len()).map(mean).collect()
}

/// Even distances from one step on, m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distances {
    /// Step, m.
    pub step: f64,
    /// Number.
    pub n: usize,
}

impl Distances {
    /// The distance of an index.
    pub fn at(&self, index: usize) -> f64 {
        (index + 1) as f64 * self.step
    }
}

/// l = 2 part of an affine strain of one to first order: -2(1 + ν)/(3√5) r dg₀/dr, from the slope of g₀.
pub fn affine(slope: &[f64], distances: Distances, poisson_ratio: f64) -> Vec<f64> {
    let factor = -2.0 * (1.0 + poisson_ratio) / (3.0 * 5f64.sqrt());
    slope.iter().enumerate().map(|(k, slope)| factor * distances.at(k) * slope).collect()
}

/// The same of a strain that is not small, per unit of it: every distance r is r √(μ²/(1 + ε)² + (1 - μ²)/(1 - νε)²) before, at the
/// cosine μ to the load axis; √5 ∫ ρ P₂ dμ from 0 to 1. `g` is the l = 0 part under the strain, ∫ ρ dμ, from which the distribution
/// without strain is found first.
pub fn affine_finite(g: &[f64], distances: Distances, poisson_ratio: f64, strain: f64) -> Vec<f64> {
    const INTERVALS: usize = 48;
    const ROUNDS: usize = 4;
    let (along, across) = (1.0 + strain, 1.0 - poisson_ratio * strain);
    let nodes = |k: usize| {
        let cosine = k as f64 / INTERVALS as f64;
        let simpson = if k == 0 || k == INTERVALS { 1.0 } else { 2.0 + 2.0 * (k % 2) as f64 };
        let before = ((cosine / along).powi(2) + (1.0 - cosine * cosine) / (across * across)).sqrt();
        (before, simpson / (3.0 * INTERVALS as f64 * along * across * across), 5f64.sqrt() * p2(cosine))
    };
    let nodes: Vec<(f64, f64, f64)> = (0..=INTERVALS).map(nodes).collect();
    let mean = |values: &[f64], factor: &dyn Fn(f64) -> f64| -> Vec<f64> {
        let at = |k: usize| {
            let each = |(before, weight, order): &(f64, f64, f64)| {
                weight * factor(*order) * between(values, (k + 1) as f64 * before - 1.0)
            };
            nodes.iter().map(each).sum()
        };
        (0..distances.n).map(at).collect()
    };
    let mut before = g.to_vec();
    for _ in 0..ROUNDS {
        let after = mean(&before, &|_| 1.0);
        before.iter_mut().zip(g.iter().zip(&after)).for_each(|(value, (wanted, found))| *value += wanted - found);
    }
    mean(&before, &|order| order / strain)
}

/// Between neighbouring values, by the cubic through four of them; the first or last value beyond.
fn between(values: &[f64], place: f64) -> f64 {
    let k = place.floor() as isize;
    let t = place - k as f64;
    let value = |i: isize| values[(k + i).clamp(0, values.len() as isize - 1) as usize];
    let weights = [
        -t * (t - 1.0) * (t - 2.0) / 6.0,
        (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0,
        -(t + 1.0) * t * (t - 2.0) / 2.0,
        (t + 1.0) * t * (t - 1.0) / 6.0,
    ];
    weights.iter().zip(-1..).map(|(weight, i)| weight * value(i)).sum()
}

/// A template as the measurement would show it: to Q, and back through the window.
pub fn seen(template: &[f64], distances: Distances, to_distances: &ToDistances, number_density: f64, q: &[f64]) -> Vec<f64> {
    let in_q = quadrupole_to_q(template, distances.step, number_density, q);
    (0..distances.n).map(|k| to_distances.quadrupole(distances.at(k)).zip(&in_q).map(|(w, s)| w * s).sum()).collect()
}

/// Factors of templates with their covariance.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// Strains.
    pub factors: Vec<f64>,
    /// Covariance, row by row.
    pub covariance: Vec<Vec<f64>>,
}

/// Least squares of g₂ = Σ factor template, of one or two templates, over a range of distances; the errors of S₂ are carried through without approximation.
///
/// `rows` are the distances that count. `None` where the templates are not independent.
pub fn split(
    templates: &[Vec<f64>],
    quadrupole: &[f64],
    errors: &[f64],
    rows: std::ops::Range<usize>,
    distances: Distances,
    to_distances: &ToDistances,
) -> Option<Split> {
    let p = templates.len();
    let inner = |a: usize, b: usize| rows.clone().map(|k| templates[a][k] * templates[b][k]).sum::<f64>();
    let inverse = match p {
        1 => vec![vec![1.0 / inner(0, 0)]],
        _ => {
            let (aa, ab, bb) = (inner(0, 0), inner(0, 1), inner(1, 1));
            let determinant = aa * bb - ab * ab;
            if determinant.is_nan() || determinant <= 1e-9 * aa * bb {
                return None;
            }
            vec![vec![bb / determinant, -ab / determinant], vec![-ab / determinant, aa / determinant]]
        }
    };
    // Weights of S₂ in every factor.
    let mut weights = vec![vec![0.0; quadrupole.len()]; p];
    for k in rows {
        let projected: Vec<f64> = (0..p).map(|a| (0..p).map(|b| inverse[a][b] * templates[b][k]).sum()).collect();
        for (at, weight) in to_distances.quadrupole(distances.at(k)).enumerate() {
            for a in 0..p {
                weights[a][at] += projected[a] * weight;
            }
        }
    }
    let factors = weights.iter().map(|weights| weights.iter().zip(quadrupole).map(|(w, s)| w * s).sum()).collect();
    let product = |a: usize, b: usize| {
        weights[a].iter().zip(&weights[b]).zip(errors).map(|((a, b), error)| a * b * error * error).sum::<f64>()
    };
    let covariance = (0..p).map(|a| (0..p).map(|b| product(a, b)).collect()).collect();
    Some(Split { factors, covariance })
}
