//! Intervals from replicates, valid where the field is nearly isotropic.

use std::f64::consts::{FRAC_PI_2, PI};

use super::algorithm::Measured;
use super::ellipse::Ellipse;

/// Bootstrap distribution of the ellipse: deviations of replicates from the truth they were made from, each in units of its own
/// standard error and scaled to that of the map.
#[derive(Debug, Clone)]
pub struct Deviations {
    /// The fit of the map.
    estimate: Ellipse,
    /// Deviations of (e1, e2), scaled.
    e: Vec<[f64; 2]>,
    /// Scaled deviations of ln xi along the long and the short axis.
    ln_major: Vec<f64>,
    ln_minor: Vec<f64>,
    /// Means of the unscaled ones.
    bias: (f64, f64),
}

impl Deviations {
    /// From the map's fit with the linearised standard error of its ln xi, and replicates of `truth`. `None` where fewer than nine
    /// in ten of `drawn` replicates have a fit.
    pub fn new(estimate: Ellipse, std: f64, truth: &Ellipse, replicates: &[Measured], drawn: usize) -> Option<Self> {
        let fits: Vec<(Ellipse, f64)> = replicates.iter().filter_map(|r| Some((r.ellipse?, std / r.ln_xi_std?))).collect();
        if (fits.len() as f64) < 0.9 * drawn as f64 {
            return None;
        }
        let major = |fit: &Ellipse| fit.xi_major().ln() - truth.xi_major().ln();
        let minor = |fit: &Ellipse| fit.xi_minor().ln() - truth.xi_minor().ln();
        let mean = |of: &dyn Fn(&Ellipse) -> f64| fits.iter().map(|(fit, _)| of(fit)).sum::<f64>() / fits.len() as f64;
        let scaled = |of: &dyn Fn(&Ellipse) -> f64| sorted(fits.iter().map(|(fit, scale)| scale * of(fit)).collect());
        Some(Self {
            estimate,
            e: fits.iter().map(|(fit, scale)| [0, 1].map(|i| scale * (fit.e[i] - truth.e[i]))).collect(),
            ln_major: scaled(&major),
            ln_minor: scaled(&minor),
            bias: (mean(&major), mean(&minor)),
        })
    }

    /// Deviations of e along the direction of the estimate and across it.
    fn turned(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let e = self.estimate.log_aspect().max(f64::MIN_POSITIVE);
        let (cos, sin) = (self.estimate.e[0] / e, self.estimate.e[1] / e);
        self.e.iter().map(move |d| (d[0] * cos + d[1] * sin, d[1] * cos - d[0] * sin))
    }

    /// Median-unbiased estimate and 95 % interval of the aspect ratio, by inverting the distribution of its length.
    ///
    /// For each deviation, the true `e0 >= 0` at which the fit would have found just what it found solves `|e0 u + d| = |e|`; these
    /// values are a confidence distribution of `e0`, cut off at 0. Nothing blows up, and nothing is below 1, where the field is
    /// isotropic: there the interval begins at 1.
    pub fn aspect(&self) -> (f64, (f64, f64)) {
        let length = self.estimate.log_aspect();
        let solve = |(along, across): (f64, f64)| {
            let rest = length * length - across * across;
            if rest > 0.0 { (rest.sqrt() - along).max(0.0) } else { 0.0 }
        };
        let solutions = sorted(self.turned().map(solve).collect());
        let at = |p: f64| quantile(&solutions, p).exp();
        (at(0.5), (at(0.025), at(0.975)))
    }

    /// 95 % interval of the direction, rad, around that of the estimate (Fieller's construction: the directions to which the
    /// estimate is not significantly inclined). `None` where every direction is possible.
    pub fn angle(&self) -> Option<(f64, f64)> {
        let length = self.estimate.log_aspect();
        let across = sorted(self.turned().map(|(_, across)| across).collect());
        let [lo, hi] = [0.025, 0.975].map(|p| quantile(&across, p) / length);
        let possible = lo > -1.0 && hi < 1.0;
        let angle = self.estimate.angle();
        possible.then(|| (angle - 0.5 * hi.asin(), angle - 0.5 * lo.asin()))
    }

    /// Value without bias, standard error and 95 % interval of a length, from scaled deviations of its logarithm.
    fn length(&self, fitted: f64, deviations: &[f64], bias: f64) -> (f64, f64, (f64, f64)) {
        let n = deviations.len() as f64;
        let mean = deviations.iter().sum::<f64>() / n;
        let std = (deviations.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0)).sqrt();
        let value = fitted * (-bias).exp();
        let end = |p: f64| fitted * (-quantile(deviations, p)).exp();
        (value, value * std, (end(0.975), end(0.025)))
    }

    /// Value, standard error and interval of the correlation length along the long axis, m.
    pub fn xi_major(&self) -> (f64, f64, (f64, f64)) {
        self.length(self.estimate.xi_major(), &self.ln_major, self.bias.0)
    }

    /// The same along the short axis.
    pub fn xi_minor(&self) -> (f64, f64, (f64, f64)) {
        self.length(self.estimate.xi_minor(), &self.ln_minor, self.bias.1)
    }

    /// Standard deviations of e1 and e2.
    pub fn e_std(&self) -> [f64; 2] {
        let n = self.e.len() as f64;
        [0, 1].map(|i| {
            let mean = self.e.iter().map(|d| d[i]).sum::<f64>() / n;
            (self.e.iter().map(|d| (d[i] - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0)).sqrt()
        })
    }
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// Order statistic at `p (n + 1)`: the value a new one exceeds with probability `1 - p`.
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let place = (p * (sorted.len() + 1) as f64 - 1.0).clamp(0.0, last as f64);
    let below = place as usize;
    sorted[below] + (place - below as f64) * (sorted[(below + 1).min(last)] - sorted[below])
}

/// Distance of two axes, rad, in [0, pi/2].
pub fn axial_distance(a: f64, b: f64) -> f64 {
    let turn = (a - b).rem_euclid(PI);
    if turn > FRAC_PI_2 { PI - turn } else { turn }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::fft::Complex64;
    use crate::core::random::standard_normals;

    fn ellipse(e: [f64; 2]) -> Ellipse {
        Ellipse { variance: 1.0, nugget: 0.0, ln_xi: 1.0, alpha: 0.5, e }
    }

    fn replicates(truth: [f64; 2], sd: f64, n: usize, seed: u64) -> Vec<Measured> {
        let normals = standard_normals(seed, 2 * n);
        let one = |pair: &[f64]| Measured {
            ellipse: Some(ellipse([truth[0] + sd * pair[0], truth[1] + sd * pair[1]])),
            ln_xi_std: Some(1.0),
            a2: Complex64::default(),
            a4: Complex64::default(),
            moments: [0.0; 3],
            sectors: Vec::new(),
        };
        normals.chunks_exact(2).map(one).collect()
    }

    /// Bivariate normal estimates around a known vector: the intervals cover it at any distance from isotropy.
    #[test]
    fn aspect_and_angle_cover_for_normal_errors() {
        let (sd, trials) = (0.1, 2000);
        for length in [0.0, 0.08, 0.2, 0.6] {
            let truth = [length * 1f64.cos(), length * 1f64.sin()];
            let normals = standard_normals(77, 2 * trials);
            let (mut aspect, mut angle, mut median) = (0, 0, 0);
            for (trial, pair) in normals.chunks_exact(2).enumerate() {
                let found = ellipse([truth[0] + sd * pair[0], truth[1] + sd * pair[1]]);
                let noise = replicates(found.e, sd, 199, 1000 + trial as u64);
                let deviations = Deviations::new(found, 1.0, &found, &noise, 199).unwrap();
                let (value, (lo, hi)) = deviations.aspect();
                aspect += usize::from((lo..=hi).contains(&length.exp()));
                median += usize::from(value >= length.exp());
                angle += usize::from(deviations.angle().is_none_or(|(lo, hi)| {
                    let middle = 0.5 * (lo + hi);
                    axial_distance(0.5, middle) <= 0.5 * (hi - lo)
                }));
            }
            let rate = |count: usize| count as f64 / trials as f64;
            assert!((0.92..=0.985).contains(&rate(aspect)), "aspect {length}: {}", rate(aspect));
            assert!(length == 0.0 || (0.92..=0.985).contains(&rate(angle)), "angle {length}: {}", rate(angle));
            assert!(length == 0.0 || (rate(median) - 0.5).abs() < 0.05, "median {length}: {}", rate(median));
        }
    }

    #[test]
    fn axes_are_equal_modulo_half_a_turn() {
        assert!(axial_distance(0.1, PI + 0.1) < 1e-12 && (axial_distance(0.05, PI - 0.05) - 0.1).abs() < 1e-12);
        assert!((axial_distance(0.0, FRAC_PI_2) - FRAC_PI_2).abs() < 1e-12);
    }
}
