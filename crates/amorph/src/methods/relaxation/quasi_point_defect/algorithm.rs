//! Powers of the frequency through loss tangents, and where the power begins to change with temperature.

use crate::core::dense::Cholesky;
use crate::core::random::standard_normals;
use crate::core::stats::student_t_quantile;
use crate::methods::relaxation::log_spectrum::NoiseModel;
use crate::methods::relaxation::numerics::correlation_inflation;

/// Loss angles or logarithms of loss tangents of one isotherm.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// Temperature, K.
    pub temperature: f64,
    /// ln ω less a pivot that all isotherms share.
    pub x: Vec<f64>,
    /// Loss angles, rad, where the phase errs; else ln tan δ.
    pub y: Vec<f64>,
}

/// A linear model of ln tan δ fitted to what was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Solved {
    /// Coefficients.
    pub p: Vec<f64>,
    /// Inverse of the normal matrix, for errors of 1.
    pub inverse: Vec<f64>,
    /// Readings less model.
    pub residuals: Vec<f64>,
    /// Sum of their squares.
    pub sum: f64,
}

impl Solved {
    /// Variance of a coefficient, for errors of 1.
    pub fn variance(&self, index: usize) -> f64 {
        self.inverse[index * self.p.len() + index]
    }
}

/// Reading at `η = ln tan δ`, and its slope.
fn link(noise: NoiseModel, eta: f64) -> (f64, f64) {
    match noise {
        NoiseModel::Relative => (eta, 1.0),
        NoiseModel::ModulusAndPhase => {
            let eta = eta.clamp(-300.0, 300.0);
            (eta.exp().atan(), 0.5 / eta.cosh())
        }
    }
}

const ROUNDS: usize = 60;

/// Least squares of readings `y` with `η = Σ p_j row_j`, by Gauss and Newton; `None` where the rows do not tell the coefficients.
pub fn solve(noise: NoiseModel, rows: &[Vec<f64>], y: &[f64]) -> Option<Solved> {
    let k = rows.first()?.len();
    let inverse_link = |y: &f64| match noise {
        NoiseModel::Relative => *y,
        // A loss below its error begins at a thousandth of a radian.
        NoiseModel::ModulusAndPhase => y.clamp(1e-3, 1.5).tan().ln(),
    };
    let mut eta: Vec<f64> = y.iter().map(inverse_link).collect();
    let mut found: Option<Solved> = None;
    for _ in 0..ROUNDS {
        let (mut matrix, mut right) = (vec![0.0; k * k], vec![0.0; k]);
        for ((row, y), eta) in rows.iter().zip(y).zip(&eta) {
            let (value, slope) = link(noise, *eta);
            let (weight, target) = (slope * slope, eta + (y - value) / slope);
            for ((sum, line), own) in right.iter_mut().zip(matrix.chunks_mut(k)).zip(row) {
                *sum += weight * own * target;
                line.iter_mut().zip(row).for_each(|(cell, other)| *cell += weight * own * other);
            }
        }
        let cholesky = Cholesky::of(&matrix, k)?;
        let p = cholesky.solve(&right);
        eta = rows.iter().map(|row| row.iter().zip(&p).map(|(r, p)| r * p).sum()).collect();
        let residuals: Vec<f64> = y.iter().zip(&eta).map(|(y, eta)| y - link(noise, *eta).0).collect();
        let sum = residuals.iter().map(|r| r * r).sum();
        let settled =
            found.as_ref().is_some_and(|before| before.p.iter().zip(&p).all(|(a, b)| (a - b).abs() <= 1e-10 * (1.0 + b.abs())));
        found = Some(Solved { p, inverse: cholesky.inverse(), residuals, sum });
        if settled {
            break;
        }
    }
    found.filter(|solved| solved.sum.is_finite() && solved.p.iter().all(|p| p.is_finite()))
}

/// The power of one isotherm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chi {
    /// Temperature, K.
    pub temperature: f64,
    /// χ.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// ln tan δ at the pivot.
    pub ln_tangent: f64,
    /// Curvature of ln tan δ over its standard error.
    pub curvature: f64,
}

/// Powers of all isotherms with the errors of a reading that they share.
#[derive(Debug, Clone, PartialEq)]
pub struct Powers {
    /// How readings err.
    pub noise: NoiseModel,
    /// By isotherm.
    pub chis: Vec<Chi>,
    /// Variance of a reading from what parabolas leave.
    pub variance: f64,
    /// Its degrees of freedom.
    pub dof: f64,
    /// What errors are multiplied by for residuals that are alike.
    pub inflation: f64,
    /// Sum of squares that straight lines leave, by isotherm.
    pub sums: Vec<f64>,
    /// Logarithm of the likelihood per reading of ln tan δ, up to a constant.
    pub ln_likelihood: f64,
}

fn rows(sweep: &Sweep, degree: usize) -> Vec<Vec<f64>> {
    let middle = sweep.x.iter().sum::<f64>() / sweep.x.len() as f64;
    let spread = sweep.x.iter().map(|x| (x - middle).powi(2)).sum::<f64>() / sweep.x.len() as f64;
    let of = |x: f64| [1.0, x, (x - middle).powi(2) - spread][..=degree].to_vec();
    sweep.x.iter().map(|x| of(*x)).collect()
}

/// Fits a line and a parabola of ln tan δ over ln ω to every isotherm.
pub fn powers(noise: NoiseModel, sweeps: &[Sweep]) -> Option<Powers> {
    let fits: Option<Vec<(Solved, Solved)>> = sweeps
        .iter()
        .map(|sweep| Some((solve(noise, &rows(sweep, 1), &sweep.y)?, solve(noise, &rows(sweep, 2), &sweep.y)?)))
        .collect();
    let fits = fits?;
    let n: usize = sweeps.iter().map(|sweep| sweep.x.len()).sum();
    let dof = n as f64 - 3.0 * sweeps.len() as f64;
    let variance = fits.iter().map(|(_, parabola)| parabola.sum).sum::<f64>() / dof;
    if !(dof >= 4.0 && variance > 0.0) {
        return None;
    }
    let (inflation, _) = correlation_inflation(fits.iter().map(|(_, parabola)| parabola.residuals.as_slice()));
    let scale = inflation * variance.sqrt();
    let chi = |(sweep, (line, parabola)): (&Sweep, &(Solved, Solved))| Chi {
        temperature: sweep.temperature,
        value: -line.p[1],
        error: scale * line.variance(1).sqrt(),
        ln_tangent: line.p[0],
        curvature: parabola.p[2] / (scale * parabola.variance(2).sqrt()),
    };
    // Angles become logarithms with dδ/d ln tan δ = sin δ cos δ.
    let density = |y: &f64| match noise {
        NoiseModel::Relative => 0.0,
        NoiseModel::ModulusAndPhase => (y.sin() * y.cos()).max(1e-12).ln(),
    };
    let ln_likelihood =
        -0.5 * variance.ln() + sweeps.iter().flat_map(|sweep| sweep.y.iter().map(density)).sum::<f64>() / n as f64;
    Some(Powers {
        noise,
        chis: sweeps.iter().zip(&fits).map(chi).collect(),
        variance,
        dof,
        inflation,
        sums: fits.iter().map(|(line, _)| line.sum).collect(),
        ln_likelihood,
    })
}

/// One power and one energy through several isotherms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Common {
    /// χ and its standard error.
    pub chi: (f64, f64),
    /// U/k and its standard error, K.
    pub energy: (f64, f64),
    /// U/(kχ) and its standard error, K.
    pub at_constant_loss: (f64, f64),
    /// ln tan δ at the pivot and at the mean of 1/T.
    pub ln_tangent: f64,
    /// Mean of 1/T, 1/K.
    pub inverse: f64,
    /// F ratio against a line of its own per isotherm, and its numbers of freedom.
    pub ratio: (f64, f64, f64),
}

/// `ln tan δ = c - (U/k)(1/T - <1/T>) - χ x` through some isotherms, with the variance of all.
pub fn common(powers: &Powers, sweeps: &[Sweep], used: &[usize]) -> Option<Common> {
    let n = used.iter().map(|k| sweeps[*k].x.len()).sum::<usize>() as f64;
    let inverse = used.iter().map(|k| sweeps[*k].x.len() as f64 / sweeps[*k].temperature).sum::<f64>() / n;
    // In units in which the columns are of order one.
    let unit = 1e-4;
    let mut rows = Vec::new();
    let mut y = Vec::new();
    for sweep in used.iter().map(|k| &sweeps[*k]) {
        rows.extend(sweep.x.iter().map(|x| vec![1.0, (1.0 / sweep.temperature - inverse) / unit, *x]));
        y.extend_from_slice(&sweep.y);
    }
    let found = solve(powers.noise, &rows, &y)?;
    let scale = powers.inflation * powers.variance.sqrt();
    let error = |index: usize| scale * found.variance(index).sqrt();
    let (chi, energy) = (-found.p[2], -found.p[1] / unit);
    let constant = energy / chi;
    let cross = found.inverse[3 + 2] * scale * scale / unit;
    let (of_chi, of_energy) = (error(2), error(1) / unit);
    let variance = (of_energy / chi).powi(2) + (constant * of_chi / chi).powi(2) - 2.0 * constant / (chi * chi) * cross;
    let apart: f64 = used.iter().map(|k| powers.sums[*k]).sum();
    let numerator = 2.0 * used.len() as f64 - 3.0;
    let ratio = (found.sum - apart).max(0.0) / numerator / powers.variance / powers.inflation.powi(2);
    Some(Common {
        chi: (chi, of_chi),
        energy: (energy, of_energy),
        at_constant_loss: (constant, variance.max(0.0).sqrt()),
        ln_tangent: found.p[0],
        inverse,
        ratio: (ratio, numerator, powers.dof),
    })
}

/// A power that is constant below a temperature and a straight line above.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hinge {
    /// The temperature, K.
    pub temperature: f64,
    /// χ below.
    pub below: f64,
    /// What it gains per kelvin above, and its standard error, 1/K.
    pub slope: (f64, f64),
    /// Sum of squares over errors.
    pub sum: f64,
}

/// Best constant and best straight line: sums of squares over errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plain {
    /// Of a constant.
    pub constant: f64,
    /// Of a line.
    pub line: f64,
}

/// `y = a + b g` by weighted least squares: a, b, error of b, sum.
fn weighted(g: &[f64], y: &[f64], errors: &[f64]) -> (f64, f64, f64, f64) {
    let weights: Vec<f64> = errors.iter().map(|error| error.powi(-2)).collect();
    let total: f64 = weights.iter().sum();
    let mean = |v: &[f64]| v.iter().zip(&weights).map(|(v, w)| v * w).sum::<f64>() / total;
    let (mg, my) = (mean(g), mean(y));
    let gg: f64 = g.iter().zip(&weights).map(|(g, w)| w * (g - mg).powi(2)).sum();
    let gy: f64 = g.iter().zip(y).zip(&weights).map(|((g, y), w)| w * (g - mg) * (y - my)).sum();
    let b = if gg > 0.0 { gy / gg } else { 0.0 };
    let sum = g.iter().zip(y).zip(&weights).map(|((g, y), w)| w * (y - my - b * (g - mg)).powi(2)).sum();
    (my - b * mg, b, if gg > 0.0 { gg.powf(-0.5) } else { f64::INFINITY }, sum)
}

/// Places of a hinge per gap between two temperatures.
const PER_GAP: usize = 8;

fn places(temperatures: &[f64]) -> Vec<f64> {
    // At least two isotherms on either side.
    let inside = &temperatures[1..temperatures.len() - 1];
    let between = |pair: &[f64]| {
        let (a, b) = (pair[0], pair[1]);
        (0..PER_GAP).map(move |k| a + (b - a) * k as f64 / PER_GAP as f64).collect::<Vec<f64>>()
    };
    let mut places: Vec<f64> = inside.windows(2).flat_map(between).collect();
    places.extend(inside.last());
    places
}

fn hinge_at(temperatures: &[f64], y: &[f64], errors: &[f64], kink: f64) -> Hinge {
    let g: Vec<f64> = temperatures.iter().map(|t| (t - kink).max(0.0)).collect();
    let (below, slope, error, sum) = weighted(&g, y, errors);
    Hinge { temperature: kink, below, slope: (slope, error), sum }
}

fn hinge(temperatures: &[f64], y: &[f64], errors: &[f64]) -> Option<Hinge> {
    let all = places(temperatures).into_iter().map(|kink| hinge_at(temperatures, y, errors, kink));
    all.min_by(|a, b| a.sum.total_cmp(&b.sum))
}

/// A hinge through powers over temperature, what is left without it, the probability of as good a hinge in a straight line by
/// `draws` series, and the interval of its temperature; `None` for fewer than six isotherms.
pub struct HingeTest {
    /// The hinge.
    pub hinge: Hinge,
    /// Without it.
    pub plain: Plain,
    /// Share of series made from the straight line that are bettered as much.
    pub p: f64,
    /// 95 % interval of the temperature; an end is absent where the search ends first.
    pub interval: (Option<f64>, Option<f64>),
}

/// See [`HingeTest`].
pub fn hinge_test(powers: &Powers, used: &[usize], draws: usize, seed: u64) -> Option<HingeTest> {
    if used.len() < 6 {
        return None;
    }
    let column = |of: fn(&Chi) -> f64| used.iter().map(|k| of(&powers.chis[*k])).collect::<Vec<f64>>();
    let (temperatures, y, errors) = (column(|chi| chi.temperature), column(|chi| chi.value), column(|chi| chi.error));
    let line = |y: &[f64]| weighted(&temperatures, y, &errors);
    let found = hinge(&temperatures, &y, &errors)?;
    let (a, b, _, sum) = line(&y);
    let constant = weighted(&vec![0.0; y.len()], &y, &errors).3;
    let gained = sum - found.sum;
    let normals = standard_normals(seed, y.len() * draws);
    let exceeds = |noise: &[f64]| {
        let drawn: Vec<f64> =
            temperatures.iter().zip(noise).zip(&errors).map(|((t, z), error)| a + b * t + error * z).collect();
        hinge(&temperatures, &drawn, &errors).is_some_and(|other| line(&drawn).3 - other.sum >= gained)
    };
    let larger = normals.chunks(y.len()).filter(|noise| exceeds(noise)).count();
    let rise = student_t_quantile(0.975, powers.dof).ok()?.powi(2);
    let interval = interval(&temperatures, &y, &errors, &found, rise);
    Some(HingeTest {
        hinge: found,
        plain: Plain { constant, line: sum },
        p: (1.0 + larger as f64) / (1.0 + draws as f64),
        interval,
    })
}

/// Outermost places at which the sum is within `rise` of the least, by straight lines between neighbours.
fn interval(temperatures: &[f64], y: &[f64], errors: &[f64], found: &Hinge, rise: f64) -> (Option<f64>, Option<f64>) {
    let places = places(temperatures);
    let heights: Vec<f64> = places.iter().map(|kink| hinge_at(temperatures, y, errors, *kink).sum - found.sum - rise).collect();
    let crossing = |inner: usize, outer: usize| {
        let part = heights[inner] / (heights[inner] - heights[outer]);
        places[inner] + part * (places[outer] - places[inner])
    };
    let first = heights.iter().position(|height| *height <= 0.0);
    let last = heights.iter().rposition(|height| *height <= 0.0);
    (
        first.filter(|first| *first > 0).map(|first| crossing(first, first - 1)),
        last.filter(|last| last + 1 < places.len()).map(|last| crossing(last, last + 1)),
    )
}
