//! Elastic line, yield and hardening from one point of stress and strain per structure.

use crate::core::fit::{NelderMead, brent_root};
use crate::core::stats::CHI_SQUARED_95;

/// A structure at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// True stress, Pa.
    pub stress: f64,
    /// True strain.
    pub strain: f64,
    /// Standard error of the displacement, m.
    pub error: f64,
    /// Fall of the stress per displacement, Pa/m.
    pub stiffness: f64,
    /// Rise of the strain per displacement, 1/m.
    pub strain_per_displacement: f64,
}

impl Point {
    /// Standard error of the stress, Pa.
    pub fn stress_error(&self) -> f64 {
        self.error * self.stiffness
    }

    /// Error of stress minus law: a displacement moves both, one down and the other up.
    fn error_about(&self, slope: f64) -> f64 {
        self.error * (self.stiffness + slope * self.strain_per_displacement)
    }
}

/// An elastic line, with the intercept that tells whether strains start where they should.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Elastic {
    /// Slope through the origin, Pa.
    pub modulus: f64,
    /// Its standard error, Pa.
    pub error: f64,
    /// Intercept of a line with one, Pa.
    pub intercept: f64,
    /// Its standard error, Pa.
    pub intercept_error: f64,
    /// Number of structures.
    pub n: usize,
}

/// Line through the origin of points below a strain; `None` for fewer than three.
pub fn elastic(points: &[Point], below: f64) -> Option<Elastic> {
    let chosen: Vec<&Point> = points.iter().filter(|point| point.strain < below).collect();
    if chosen.len() < 3 {
        return None;
    }
    let mut modulus =
        chosen.iter().map(|point| point.stress).sum::<f64>() / chosen.iter().map(|point| point.strain).sum::<f64>();
    let mut error = 0.0;
    // The error of a point depends on the slope.
    for _ in 0..20 {
        let weight = |point: &Point| point.error_about(modulus).powi(-2);
        let xx: f64 = chosen.iter().map(|point| weight(point) * point.strain * point.strain).sum();
        let xy: f64 = chosen.iter().map(|point| weight(point) * point.strain * point.stress).sum();
        let fitted = xy / xx;
        let misfit: f64 = chosen.iter().map(|point| weight(point) * (point.stress - fitted * point.strain).powi(2)).sum();
        error = (misfit / (chosen.len() - 1) as f64).max(1.0).sqrt() / xx.sqrt();
        modulus = fitted;
    }
    let weight = |point: &Point| point.error_about(modulus).powi(-2);
    let sum = |of: &dyn Fn(&Point) -> f64| chosen.iter().map(|point| weight(point) * of(point)).sum::<f64>();
    let (w, x, y) = (sum(&|_| 1.0), sum(&|point| point.strain), sum(&|point| point.stress));
    let (xx, xy) = (sum(&|point| point.strain * point.strain), sum(&|point| point.strain * point.stress));
    let determinant = w * xx - x * x;
    let intercept = (xx * y - x * xy) / determinant;
    Some(Elastic { modulus, error, intercept, intercept_error: (xx / determinant).sqrt(), n: chosen.len() })
}

/// An elastic line that goes over into linear hardening.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bilinear {
    /// Young's modulus, Pa.
    pub modulus: f64,
    /// Stress at which the lines cross, Pa.
    pub yield_stress: f64,
    /// Slope beyond, Pa.
    pub slope: f64,
    /// 95 % interval of the yield stress by the likelihood ratio, Pa.
    pub interval: (f64, f64),
    /// Points beyond yield.
    pub beyond: usize,
}

impl Bilinear {
    /// Stress at a strain, Pa.
    pub fn stress(&self, strain: f64) -> f64 {
        law(self.modulus, self.yield_stress, self.slope, strain).0
    }

    /// Stress at which the curve meets the elastic line moved by a plastic strain, Pa.
    pub fn offset_yield(&self, plastic: f64) -> f64 {
        self.yield_stress + self.slope * plastic * self.modulus / (self.modulus - self.slope)
    }

    /// The yield stress of points that lie close by, by three steps of least squares from here, Pa: for many draws of one chip.
    pub fn yield_stress_of(&self, points: &[Point]) -> Option<f64> {
        let mut at = *self;
        for _ in 0..3 {
            let mut normal = Normal::default();
            for point in points {
                let at_yield = at.yield_stress / at.modulus;
                let beyond = point.strain > at_yield;
                let (stress, slope) = law(at.modulus, at.yield_stress, at.slope, point.strain);
                let row = if beyond {
                    let ratio = at.slope / at.modulus;
                    [ratio * at_yield, 1.0 - ratio, point.strain - at_yield]
                } else {
                    [point.strain, 0.0, 0.0]
                };
                normal.add(row, point.stress - stress, point.error_about(slope.max(0.0)).powi(-2));
            }
            let [modulus, yield_stress, slope] = normal.solve()?;
            at.modulus += modulus;
            at.yield_stress += yield_stress;
            at.slope += slope;
        }
        Some(at.yield_stress).filter(|stress| stress.is_finite())
    }
}

fn law(modulus: f64, yield_stress: f64, slope: f64, strain: f64) -> (f64, f64) {
    let at_yield = yield_stress / modulus;
    if strain <= at_yield { (modulus * strain, modulus) } else { (yield_stress + slope * (strain - at_yield), slope) }
}

/// Normal equations of three numbers.
#[derive(Default)]
struct Normal {
    matrix: [[f64; 3]; 3],
    right: [f64; 3],
}

impl Normal {
    fn add(&mut self, row: [f64; 3], left: f64, weight: f64) {
        for (i, of) in row.iter().enumerate() {
            self.right[i] += weight * of * left;
            for (j, other) in row.iter().enumerate() {
                self.matrix[i][j] += weight * of * other;
            }
        }
    }

    /// By Cramer's rule.
    fn solve(&self) -> Option<[f64; 3]> {
        let determinant = |m: &[[f64; 3]; 3]| {
            m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
                + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
        };
        let whole = determinant(&self.matrix);
        let mut solution = [0.0; 3];
        for (column, value) in solution.iter_mut().enumerate() {
            let mut replaced = self.matrix;
            for (row, right) in replaced.iter_mut().zip(self.right) {
                row[column] = right;
            }
            *value = determinant(&replaced) / whole;
        }
        solution.iter().all(|value| value.is_finite()).then_some(solution)
    }
}

fn misfit(points: &[Point], modulus: f64, yield_stress: f64, slope: f64) -> f64 {
    points
        .iter()
        .map(|point| {
            let (stress, slope) = law(modulus, yield_stress, slope, point.strain);
            let error = point.error_about(slope.max(0.0));
            ((point.stress - stress) / error).powi(2) + 2.0 * (error / point.stress).ln()
        })
        .sum()
}

/// Both lines by maximum likelihood; `None` where fewer than four points lie beyond yield or on the elastic line.
pub fn bilinear(points: &[Point]) -> Option<Bilinear> {
    // The least strained third is elastic, or there is no yield to be seen.
    let mut ordered: Vec<f64> = points.iter().map(|point| point.strain).collect();
    ordered.sort_by(f64::total_cmp);
    let start = elastic(points, *ordered.get((points.len() / 3).max(4))?)?;
    let highest = points.iter().map(|point| point.stress).fold(0.0, f64::max);
    let search = NelderMead { x_tolerance: 1e-5, f_tolerance: 1e-8, restarts: 2, ..NelderMead::default() };
    // ln modulus and slope over the modulus that suit a yield stress best.
    let at = |yield_stress: f64| {
        let objective = |x: &[f64]| misfit(points, start.modulus * x[0].exp(), yield_stress, start.modulus * x[1]);
        search.minimise(objective, &[0.0, 0.05], &[0.02, 0.05]).ok()
    };
    let value = |yield_stress: f64| at(yield_stress).map_or(f64::INFINITY, |minimum| minimum.value);
    const GRID: usize = 60;
    let place = |k: usize| highest * (0.3 + 0.7 * k as f64 / GRID as f64);
    let k = (0..=GRID).min_by(|a, b| value(place(*a)).total_cmp(&value(place(*b))))?;
    let around = (place(k.saturating_sub(1)), place((k + 1).min(GRID)));
    let best = crate::core::fit::brent_minimise(value, around.0, around.1, 1e-6 * highest).ok()?;
    let minimum = at(best.x)?;
    let (modulus, slope) = (start.modulus * minimum.x[0].exp(), start.modulus * minimum.x[1]);
    let beyond = points.iter().filter(|point| point.strain > best.x / modulus).count();
    if beyond < 4 || points.len() - beyond < 4 {
        return None;
    }
    // Scatter beyond the errors of the displacements widens the interval.
    let dof = points.len() as f64 - 3.0;
    let scatter: f64 = points
        .iter()
        .map(|point| {
            let (stress, slope) = law(modulus, best.x, slope, point.strain);
            ((point.stress - stress) / point.error_about(slope.max(0.0))).powi(2)
        })
        .sum::<f64>()
        / dof;
    let rise = |stress: f64| value(stress) - best.value - CHI_SQUARED_95 * scatter.max(1.0);
    let end = |direction: f64| {
        let mut far = 0.002 * highest;
        while rise(best.x + direction * far) < 0.0 && far < highest {
            far *= 1.7;
        }
        let (a, b) = (best.x, best.x + direction * far);
        brent_root(rise, a.min(b), a.max(b), 1e-6 * highest).unwrap_or(b)
    };
    Some(Bilinear { modulus, yield_stress: best.x, slope, interval: (end(-1.0), end(1.0)), beyond })
}
