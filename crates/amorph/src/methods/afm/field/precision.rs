use ndarray::Array2;

use super::{FieldFit, FitRules, ring_width};
use crate::core::fft::{RealFft2, good_size, signed_frequency};
use crate::core::image::RadialLag;

/// Asymptotic standard deviation of `ln xi` of the weighted fit, for a Gaussian field of the fitted covariance.
///
/// The fit is linearised, `delta ln xi = sum_d a(d) delta H(d)`; with `phi(k) = sum_d a(d) 2 [1 - cos(k d)]` and the spectrum `S`
/// on a torus, `var = (2 / n) mean_k (phi S)^2`. It neglects edges and blur, and takes all free parameters as inner points; it
/// serves to studentise the bootstrap, which takes care of what it neglects.
pub fn log_length_std(fit: &FieldFit, radial: &[RadialLag], rules: &FitRules, pitch: (f64, f64), n_pixels: f64) -> Option<f64> {
    let radial = &radial[..fit.n_points];
    let influence = influence(fit, radial, rules)?;
    let width = ring_width(pitch);
    let ring_of = |distance: f64| (distance / width).round() as usize;
    // Influence by ring number: a ring without lags has none.
    let mut by_ring = vec![0.0; radial.last().map_or(0, |lag| ring_of(lag.distance)) + 1];
    for (lag, value) in radial.iter().zip(&influence) {
        by_ring[ring_of(lag.distance)] = *value;
    }
    let reach = fit.r_max + 5.0 * fit.xi().min(fit.r_max);
    let size = |pitch: f64| good_size(2 * (reach / pitch).ceil() as usize);
    let fft = RealFft2::new(size(pitch.0), size(pitch.1)).sequential();
    let lag = |(row, column): (usize, usize)| {
        let (rows, columns) = fft.shape();
        (signed_frequency(row, rows) * pitch.0, signed_frequency(column, columns) * pitch.1)
    };
    let ring = |at: (usize, usize)| {
        let (y, x) = lag(at);
        Some(ring_of(y.hypot(x))).filter(|ring| *ring < by_ring.len() && at != (0, 0))
    };
    let mut counts = vec![0.0; by_ring.len()];
    let weights = Array2::from_shape_fn(fft.shape(), &ring);
    weights.iter().flatten().for_each(|ring| counts[*ring] += 1.0);
    let mut weights = weights.mapv(|ring| ring.map_or(0.0, |ring| -2.0 * by_ring[ring] / counts[ring]));
    weights[(0, 0)] = 2.0 * influence.iter().sum::<f64>();
    let model = fit.realisable();
    let mut covariance = Array2::from_shape_fn(fft.shape(), |at| {
        let (y, x) = lag(at);
        model.covariance(x, y)
    });
    covariance[(0, 0)] += model.nugget_sd.powi(2);
    let (phi, spectrum) = (fft.forward(&weights.view()), fft.forward(&covariance.view()));
    let columns = fft.shape().1;
    let mut sum = 0.0;
    for (((_, column), p), s) in phi.indexed_iter().zip(&spectrum) {
        let twice = if column == 0 || 2 * column == columns { 1.0 } else { 2.0 };
        sum += twice * (p.re * s.re).powi(2);
    }
    let variance = 2.0 / n_pixels * sum / weights.len() as f64;
    (variance > 0.0 && variance.is_finite()).then(|| variance.sqrt())
}

/// Derivative of the fitted `ln xi` with respect to the value of each ring.
fn influence(fit: &FieldFit, radial: &[RadialLag], rules: &FitRules) -> Option<Vec<f64>> {
    let free = rules.free();
    let model = &fit.model;
    let variance = model.sigma.powi(2);
    let gradient = |r: f64| {
        let u = (r / model.xi_major).powf(2.0 * model.alpha);
        let rho = (-u).exp();
        let all = [
            2.0 * (1.0 - rho),
            2.0,
            -4.0 * variance * model.alpha * u * rho,
            4.0 * variance * u * rho * (r / model.xi_major).ln(),
        ];
        all.into_iter().zip(free).filter(|(_, free)| *free).map(|(g, _)| g).collect::<Vec<f64>>()
    };
    let rows: Vec<Vec<f64>> = radial.iter().map(|lag| gradient(lag.distance)).collect();
    let target = free[..2].iter().filter(|free| **free).count();
    let m = free.iter().filter(|free| **free).count();
    let mut normal = vec![vec![0.0; m + 1]; m];
    for (row, lag) in rows.iter().zip(radial) {
        for i in 0..m {
            for j in 0..m {
                normal[i][j] += rules.weight(lag) * row[i] * row[j];
            }
        }
    }
    // The row of the inverse that belongs to ln xi: the matrix is symmetric, so solve for its unit vector.
    normal[target][m] = 1.0;
    let solution = solve(normal)?;
    let weigh =
        |(row, lag): (&Vec<f64>, &RadialLag)| rules.weight(lag) * row.iter().zip(&solution).map(|(g, s)| g * s).sum::<f64>();
    Some(rows.iter().zip(radial).map(weigh).collect())
}

/// Gaussian elimination with pivoting on an augmented matrix.
fn solve(mut a: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let n = a.len();
    for column in 0..n {
        let pivot = (column..n).max_by(|i, j| a[*i][column].abs().total_cmp(&a[*j][column].abs()))?;
        a.swap(column, pivot);
        if a[column][column].abs() < f64::MIN_POSITIVE {
            return None;
        }
        let top = a[column].clone();
        for (index, row) in a.iter_mut().enumerate() {
            if index != column {
                let factor = row[column] / top[column];
                row.iter_mut().zip(&top).for_each(|(to, from)| *to -= factor * from);
            }
        }
    }
    Some((0..n).map(|i| a[i][n] / a[i][i]).collect())
}
