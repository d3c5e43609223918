//! The profile along a band, and half waves of unequal height in it.

use std::f64::consts::TAU;

use ndarray::ArrayView2;

use crate::core::fit::{LeastSquares, LinearLeastSquares, Parameter};

/// Share of the half width of the matrix on either side that is left out next to the band, in half widths of the band.
const GAP: f64 = 2.0;
/// Reach of the matrix on either side, in half widths of the band.
const REACH: f64 = 8.0;
/// Trial wavelengths per independent frequency.
const OVERSAMPLING: f64 = 5.0;

/// Where a band runs, in rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Its middle.
    pub row: f64,
    /// Half its width.
    pub half_width: f64,
}

/// Relative excess along a band.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Excess over the matrix at every column; NaN where nothing is valid.
    pub excess: Vec<f64>,
    /// Rows of the band.
    pub band_rows: usize,
    /// Rows of the matrix.
    pub matrix_rows: usize,
}

/// The row around which the values vary most along the band, less what counting makes of it: the middle of the band.
pub fn find_band(values: &ArrayView2<'_, f64>, half_width: f64) -> f64 {
    let variance = |row: usize| {
        let line: Vec<f64> = values.row(row).iter().copied().filter(|v| v.is_finite()).collect();
        // The straight part along the row is the wedge.
        let x: Vec<f64> = (0..line.len()).map(|i| i as f64).collect();
        crate::core::fit::straight_line(&x, &line, &LinearLeastSquares::default())
            .map_or(f64::NAN, |fit| fit.residual_sum / line.len() as f64)
    };
    let variances: Vec<f64> = (0..values.nrows()).map(variance).collect();
    let reach = half_width.ceil() as usize;
    let around = |row: usize| {
        let near = row.saturating_sub(reach)..(row + reach + 1).min(variances.len());
        near.filter_map(|row| variances[row].is_finite().then_some(variances[row])).sum::<f64>()
    };
    let inside = reach..values.nrows().saturating_sub(reach);
    inside.max_by(|a, b| around(*a).total_cmp(&around(*b))).unwrap_or(values.nrows() / 2) as f64
}

/// Mean of the rows of the band over the mean of matrix on both sides, less one. `None` where the matrix is missing on a side.
pub fn profile(values: &ArrayView2<'_, f64>, band: Band) -> Option<Profile> {
    let rows = values.nrows();
    let distance = |row: usize| row as f64 - band.row;
    let select = |inside: &dyn Fn(f64) -> bool| (0..rows).filter(|row| inside(distance(*row))).collect::<Vec<usize>>();
    let (gap, reach) = (GAP * band.half_width, REACH * band.half_width);
    let within = select(&|d| d.abs() <= band.half_width);
    let above = select(&|d| (-reach..-gap).contains(&d));
    let below = select(&|d| d > gap && d <= reach);
    if within.is_empty() || above.len() < 2 || below.len() < 2 {
        return None;
    }
    let mean = |column: usize, rows: &[usize]| {
        let used: Vec<f64> = rows.iter().map(|row| values[(*row, column)]).filter(|v| v.is_finite()).collect();
        used.iter().sum::<f64>() / used.len() as f64
    };
    // Means on both sides, weighted to the middle of the band: a linear interpolation across it.
    let middle = |rows: &[usize]| rows.iter().map(|row| distance(*row)).sum::<f64>() / rows.len() as f64;
    let (up, down) = (middle(&above), middle(&below));
    let share = up / (up - down);
    let excess = |column: usize| {
        let matrix = (1.0 - share) * mean(column, &above) + share * mean(column, &below);
        mean(column, &within) / matrix - 1.0
    };
    Some(Profile {
        excess: (0..values.ncols()).map(excess).collect(),
        band_rows: within.len(),
        matrix_rows: above.len() + below.len(),
    })
}

/// Half waves fitted to a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct HalfWaves {
    /// Wavelength, m.
    pub wavelength: f64,
    /// Height of the densified halves.
    pub dense: f64,
    /// Depth of the dilated halves, positive.
    pub dilated: f64,
    /// Phase at the left edge, rad.
    pub phase: f64,
    /// Standard errors of wavelength, dense, dilated.
    pub errors: [f64; 3],
    /// Standard deviation of the residuals.
    pub residual: f64,
    /// Correlation of neighbouring residuals.
    pub residual_correlation: f64,
}

impl HalfWaves {
    /// The excess at `x` metres.
    pub fn at(&self, x: f64) -> f64 {
        half_wave(TAU * x / self.wavelength + self.phase, self.dense, self.dilated)
    }
}

fn half_wave(angle: f64, dense: f64, dilated: f64) -> f64 {
    let wave = angle.sin();
    if wave > 0.0 { dense * wave } else { dilated * wave }
}

/// Share of the variance that a sine of the best wavelength explains (Lomb and Scargle), and that wavelength, m; wavelengths from four
/// pixels of `pitch` metres to half the length. NaN is missing.
pub fn strongest_wave(y: &[f64], pitch: f64) -> (f64, f64) {
    let used = || y.iter().filter(|y| y.is_finite());
    let mean = used().sum::<f64>() / used().count().max(1) as f64;
    let total: f64 = used().map(|y| (y - mean).powi(2)).sum();
    let n = y.len() as f64;
    let step = 1.0 / (OVERSAMPLING * n);
    let mut best = (0.0, n);
    let mut frequency = 2.0 / n;
    while frequency <= 0.25 {
        // Two unknowns: the normal equations are exact. The wave turns by the same angle from column to column.
        let (turn_s, turn_c) = (TAU * frequency).sin_cos();
        let (mut s, mut c) = (0.0, 1.0);
        let (mut ss, mut cc, mut sc, mut ys, mut yc) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for y in y {
            if y.is_finite() {
                ss += s * s;
                cc += c * c;
                sc += s * c;
                ys += (y - mean) * s;
                yc += (y - mean) * c;
            }
            (s, c) = (s * turn_c + c * turn_s, c * turn_c - s * turn_s);
        }
        let explained = (ys * ys * cc - 2.0 * ys * yc * sc + yc * yc * ss) / (ss * cc - sc * sc);
        if explained > best.0 {
            best = (explained, 1.0 / frequency);
        }
        frequency += step;
    }
    (best.0 / total, best.1 * pitch)
}

/// Fits half waves from a wavelength nearby; `None` where the fit does not converge.
pub fn half_waves(x: &[f64], y: &[f64], wavelength: f64) -> Option<HalfWaves> {
    let phase = {
        let (s, c) = x.iter().zip(y).fold((0.0, 0.0), |(s, c), (x, y)| {
            let (sin, cos) = (TAU * x / wavelength).sin_cos();
            (s + y * sin, c + y * cos)
        });
        c.atan2(s)
    };
    let height = 1.4 * (y.iter().map(|y| y * y).sum::<f64>() / y.len() as f64).sqrt();
    let problem = LeastSquares::new(vec![
        Parameter::new("ln wavelength", wavelength.ln()).scale(0.01),
        Parameter::new("phase", phase),
        Parameter::new("dense", height).scale(height),
        Parameter::new("dilated", height).scale(height),
    ]);
    let model = |p: &[f64]| -> Vec<f64> {
        x.iter().zip(y).map(|(x, y)| half_wave(TAU * x / p[0].exp() + p[1], p[2], p[3]) - y).collect()
    };
    let fit = problem.fit(&model).ok()?;
    let [ln_wavelength, phase, dense, dilated] = fit.params[..] else { return None };
    let residuals = &fit.residuals;
    let square: f64 = residuals.iter().map(|r| r * r).sum();
    let neighbours: f64 = residuals.windows(2).map(|pair| pair[0] * pair[1]).sum();
    let correlation = (neighbours / square).clamp(-0.95, 0.95);
    // Fewer independent residuals where neighbours are alike (Bartlett).
    let inflation = ((1.0 + correlation) / (1.0 - correlation)).max(1.0).sqrt();
    Some(HalfWaves {
        wavelength: ln_wavelength.exp(),
        dense,
        dilated,
        phase,
        errors: [fit.std_errors[0] * ln_wavelength.exp(), fit.std_errors[2], fit.std_errors[3]].map(|e| e * inflation),
        residual: (square / residuals.len() as f64).sqrt(),
        residual_correlation: correlation,
    })
}

/// A first-order autoregressive series with the variance and the correlation of neighbours of `y`, from normal deviates; missing where
/// `y` is.
pub fn red_noise(y: &[f64], deviates: &[f64]) -> Vec<f64> {
    let used: Vec<f64> = y.iter().copied().filter(|y| y.is_finite()).collect();
    let mean = used.iter().sum::<f64>() / used.len().max(1) as f64;
    let square: f64 = used.iter().map(|y| (y - mean).powi(2)).sum();
    let neighbours: f64 = used.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    let rho = (neighbours / square).clamp(-0.99, 0.99);
    let sd = (square / used.len().max(1) as f64).sqrt();
    let mut state = 0.0;
    let next = |(index, (deviate, y)): (usize, (&f64, &f64))| {
        state = if index == 0 { sd * deviate } else { rho * state + sd * (1.0 - rho * rho).sqrt() * deviate };
        if y.is_finite() { state } else { f64::NAN }
    };
    deviates.iter().zip(y).enumerate().map(next).collect()
}
