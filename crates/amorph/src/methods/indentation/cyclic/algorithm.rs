//! Energy and lag of cycles of load and depth.

use std::f64::consts::{PI, TAU};

use crate::core::fit::{LinearLeastSquares, brent_minimise};

/// One cycle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cycle {
    /// Energy lost, `∮P dh` less the drift, J.
    pub energy: f64,
    /// Tangent of the lag of the depth behind the load, from the first harmonic.
    pub loss_tangent: f64,
    /// Amplitude of the load, N.
    pub load_amplitude: f64,
    /// Amplitude of the depth, m.
    pub depth_amplitude: f64,
}

/// Frequency at which the load swings, Hz, by least squares.
pub fn frequency(time: &[f64], load: &[f64]) -> Option<f64> {
    let n = time.len();
    let length = time[n - 1] - time[0];
    if n < 8 || length <= 0.0 {
        return None;
    }
    let mean = load.iter().sum::<f64>() / n as f64;
    let residual = |f: f64| {
        let design = ndarray::Array2::from_shape_fn((n, 3), |(i, j)| {
            let (s, c) = (TAU * f * (time[i] - time[0])).sin_cos();
            [1.0, s, c][j]
        });
        LinearLeastSquares::default().fit(design.view(), load).map_or(f64::NAN, |fit| fit.residual_sum)
    };
    // Sign changes tell the order, a sine through the load the value: the best of a grid, refined.
    let crossings = load.windows(2).filter(|pair| (pair[0] - mean) * (pair[1] - mean) < 0.0).count() as f64;
    let (guess, step) = (0.5 * (crossings + 1.0) / length, 0.25 / length);
    let tried = (-4..=4).map(|i| guess + f64::from(i) * step).filter(|f| *f > 0.5 / length);
    let best = tried.min_by(|a, b| residual(*a).total_cmp(&residual(*b)))?;
    let found = brent_minimise(residual, best - step, best + step, 1e-8 * best).ok()?;
    Some(found.x)
}

/// Whole cycles of a record, each with its own straight drift taken off; the first is left out.
pub fn cycles(time: &[f64], load: &[f64], depth: &[f64], frequency: f64) -> Vec<Cycle> {
    let period = 1.0 / frequency;
    let number = |t: f64| ((t - time[0]) / period + 1e-9).floor() as usize;
    let mut found = Vec::new();
    let mut from = 0;
    for row in 1..=time.len() {
        let ends = row == time.len() || number(time[row]) != number(time[from]);
        if !ends {
            continue;
        }
        let whole =
            row - from >= 8 && (row < time.len() || time[row - 1] - time[from] > period * (1.0 - 1.5 / (row - from) as f64));
        if whole && number(time[from]) > 0 {
            found.extend(cycle(&time[from..row], &load[from..row], &depth[from..row], frequency));
        }
        from = row;
    }
    found
}

/// Mean, slope, sine and cosine of values over one cycle, by least squares.
fn harmonic(time: &[f64], values: &[f64], frequency: f64) -> Option<[f64; 4]> {
    let middle = 0.5 * (time[0] + time[time.len() - 1]);
    let design = ndarray::Array2::from_shape_fn((time.len(), 4), |(i, j)| {
        let t = time[i] - middle;
        let (s, c) = (TAU * frequency * t).sin_cos();
        [1.0, t * frequency, s, c][j]
    });
    let fit = LinearLeastSquares::default().fit(design.view(), values).ok()?;
    fit.coefficients.try_into().ok()
}

fn cycle(time: &[f64], load: &[f64], depth: &[f64], frequency: f64) -> Option<Cycle> {
    let (p, h) = (harmonic(time, load, frequency)?, harmonic(time, depth, frequency)?);
    let (load_amplitude, depth_amplitude) = (p[2].hypot(p[3]), h[2].hypot(h[3]));
    let lag = p[3].atan2(p[2]) - h[3].atan2(h[2]);
    let lag = lag.sin().atan2(lag.cos());
    let middle = 0.5 * (time[0] + time[time.len() - 1]);
    let level: Vec<f64> = depth.iter().zip(time).map(|(h_i, t)| h_i - h[1] * frequency * (t - middle)).collect();
    // The loop is closed from the last sample to the first.
    let n = time.len();
    let area = (0..n).map(|i| {
        let next = (i + 1) % n;
        0.5 * (load[i] + load[next]) * (level[next] - level[i])
    });
    Some(Cycle { energy: area.sum(), loss_tangent: lag.tan(), load_amplitude, depth_amplitude })
}

/// Loss tangent of one relaxation time, `D 2x/(1+x²)`, `x = 2π f τ`.
pub fn debye(frequency: f64, relaxation_time: f64) -> f64 {
    let x = TAU * frequency * relaxation_time;
    2.0 * x / (1.0 + x * x)
}

/// A fitted Debye peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// Height.
    pub height: f64,
    /// Relaxation time, s.
    pub time: f64,
    /// Standard error of ln τ.
    pub ln_time_std: f64,
    /// Chi squared over the degrees of freedom, where there are some.
    pub reduced_chi_squared: f64,
    /// Whether the maximum lies between the frequencies.
    pub spans: bool,
}

/// Weighted fit of height and time to loss tangents; the time is searched, the height follows.
pub fn peak(frequencies: &[f64], tangents: &[f64], errors: &[f64]) -> Option<Peak> {
    let lo = frequencies.iter().copied().fold(f64::INFINITY, f64::min);
    let hi = frequencies.iter().copied().fold(0.0, f64::max);
    let at = |ln_time: f64| {
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for ((f, y), e) in frequencies.iter().zip(tangents).zip(errors) {
            let (x, w) = (debye(*f, ln_time.exp()), 1.0 / (e * e));
            (xx, xy, yy) = (xx + w * x * x, xy + w * x * y, yy + w * y * y);
        }
        (xy / xx, (yy - xy * xy / xx).max(0.0))
    };
    let ends = ((0.01 / (TAU * hi)).ln(), (100.0 / (TAU * lo)).ln());
    let grid = (0..=120).map(|i| ends.0 + (ends.1 - ends.0) * f64::from(i) / 120.0);
    let best = grid.min_by(|a, b| at(*a).1.total_cmp(&at(*b).1))?;
    let step = (ends.1 - ends.0) / 120.0;
    let found = brent_minimise(|u| at(u).1, best - step, best + step, 1e-8).ok()?;
    let (height, chi) = at(found.x);
    let h = 1e-3;
    let curvature = (at(found.x + h).1 - 2.0 * chi + at(found.x - h).1) / (h * h);
    let time = found.x.exp();
    let dof = frequencies.len() as f64 - 2.0;
    let top = 1.0 / (TAU * time);
    Some(Peak {
        height,
        time,
        ln_time_std: (2.0 / curvature.max(f64::MIN_POSITIVE)).sqrt(),
        reduced_chi_squared: chi / dof,
        spans: (lo..hi).contains(&top),
    })
}

/// `π P_a h_a tan δ/sqrt(1 + tan²δ)`, J: the energy of a sinusoidal cycle.
pub fn energy_of(loss_tangent: f64, load_amplitude: f64, depth_amplitude: f64) -> f64 {
    PI * load_amplitude * depth_amplitude * loss_tangent.atan().sin()
}
