use super::Problem;
use super::model::{Curve, Layout};
use crate::core::dense::Cholesky;
use crate::core::stats::f_tail;

/// Whether every curve has the shape of the master curve.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapeTest {
    /// F ratio of stretching every curve along ln ω by a factor of its own.
    pub ratio: f64,
    /// Its probability under one shape; absent for responses over time, where the smoothing passes for a change of shape.
    pub p: Option<f64>,
    /// The factor that would fit each curve best, less 1, to first order.
    pub stretch: Vec<f64>,
    /// Standard error of that, for independent errors of the readings.
    pub stretch_std: Vec<f64>,
}

/// The fall of the sum of squares when each curve gets a width of its own, to first order around the fit. Correlation of
/// neighbouring residuals is no excuse here: a wrong shape is what makes them alike.
pub(super) fn shape_test(
    curves: &[Curve],
    problem: &Problem,
    layout: &Layout,
    parameters: &[f64],
    noise: [f64; 2],
    (covariance, effective): (&[f64], f64),
) -> ShapeTest {
    let (n, m, k) = (layout.n, layout.m, curves.len());
    let centre: Vec<f64> = curves.iter().map(|c| c.ln_omega.iter().sum::<f64>() / c.ln_omega.len() as f64).collect();
    let mut cross = vec![0.0; k * n];
    let (mut own, mut gradient) = (vec![0.0; k], vec![0.0; k]);
    let (mut squares, mut readings) = (0.0, 0.0);
    layout.rows(curves, problem, parameters, |curve, i, row| {
        for (channel, sigma) in noise.iter().enumerate().take(problem.response.channels()) {
            let weight = sigma.powi(-2);
            let slope = row.shift[channel] * (curves[curve].ln_omega[i] - centre[curve]);
            squares += weight * row.residual[channel].powi(2);
            readings += 1.0;
            own[curve] += weight * slope * slope;
            gradient[curve] += weight * slope * row.residual[channel];
            let target = &mut cross[curve * n..(curve + 1) * n];
            target[..m].iter_mut().zip(&row.nodes[channel]).for_each(|(sum, node)| *sum += weight * slope * node);
            let (shift, vertical) = layout.places[curve];
            if let Some(place) = shift {
                target[place] += weight * slope * row.shift[channel];
            }
            if let Some(place) = vertical {
                target[place] += weight * slope * row.vertical[channel];
            }
        }
    });
    // What the parameters of the fit cannot take over.
    let mut matrix = vec![0.0; k * k];
    for a in 0..k {
        let row_a = &cross[a * n..(a + 1) * n];
        let through: Vec<f64> =
            (0..n).map(|i| covariance[i * n..(i + 1) * n].iter().zip(row_a).map(|(c, x)| c * x).sum()).collect();
        for b in 0..=a {
            let taken: f64 = through.iter().zip(&cross[b * n..(b + 1) * n]).map(|(x, y)| x * y).sum();
            let value = if a == b { own[a] * (1.0 + 1e-9) - taken } else { -taken };
            matrix[a * k + b] = value;
            matrix[b * k + a] = value;
        }
    }
    let Some(cholesky) = Cholesky::of(&matrix, k) else {
        return ShapeTest { ratio: f64::NAN, p: None, stretch: vec![f64::NAN; k], stretch_std: vec![f64::NAN; k] };
    };
    let change = cholesky.solve(&gradient);
    let fall: f64 = change.iter().zip(&gradient).map(|(c, g)| c * g).sum();
    let free = readings - effective - k as f64;
    let ratio = fall / k as f64 / ((squares - fall) / free);
    let inverse = cholesky.inverse();
    let stretch_std = (0..k).map(|i| inverse[i * k + i].max(0.0).sqrt()).collect();
    ShapeTest { ratio, p: f_tail(ratio, k as f64, free).ok(), stretch: change.iter().map(|c| -c).collect(), stretch_std }
}
