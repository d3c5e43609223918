//! What is measured alike on the map and on every surrogate, and where the map stands among them.

use super::algorithm::{Axes, Harmonic, chi_squares, near_cross, near_diagonal};
use super::{Input, Orientation};
use crate::core::stats::student_t_quantile;
use crate::methods::afm::regions::null::Comparison;
use crate::methods::afm::regions::statistics::Mean;

/// Directions of one map.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub axes: Axes,
    pub second: Harmonic,
    pub fourth: Harmonic,
    pub shares: Vec<f64>,
    /// Share near `principal +- 45 degrees`.
    pub diagonal: Option<Mean>,
}

/// A map among its surrogates.
pub(super) struct Compared {
    pub map: Sample,
    pub null: Vec<Sample>,
    principal: Option<f64>,
}

/// The numbers that are tested, with their place among the surrogates.
pub(super) struct Tested {
    pub key: &'static str,
    pub words: &'static str,
    pub comparison: Comparison,
    /// 95 % interval of the value.
    pub interval: Option<(f64, f64)>,
}

impl Sample {
    pub fn new(axes: Axes, method: &Orientation, input: &Input<'_>) -> Self {
        let diagonal = input.principal.map(|principal| axes.share(|angle| near_diagonal(angle, principal)));
        Self { second: axes.harmonic(2.0), fourth: axes.harmonic(4.0), shares: axes.shares(method.bins), diagonal, axes }
    }

    /// Without the axes along the scan axes.
    pub fn off_scan_axes(&self, method: &Orientation, input: &Input<'_>) -> Self {
        let axes = self.axes.filtered(|angle| !near_cross(angle, input.scan_angle, input.tolerance));
        Self::new(axes, method, input)
    }
}

impl Compared {
    pub fn new(map: Sample, null: Vec<Sample>, principal: Option<f64>) -> Self {
        Self { map, null: null.into_iter().filter(|sample| sample.axes.len() > 1).collect(), principal }
    }

    /// Mean of (cos, sin) over the surrogates: where the grid of pixels pulls.
    pub fn null_mean(&self, harmonic: fn(&Sample) -> &Harmonic) -> [f64; 2] {
        let n = self.null.len() as f64;
        let sum = |axis: usize| self.null.iter().map(|sample| harmonic(sample).mean[axis]).sum::<f64>();
        [sum(0) / n, sum(1) / n]
    }

    /// Variance of the mean vector over the surrogates, relative to what independent regions would give.
    fn design_effect(&self) -> f64 {
        let centre = self.null_mean(|sample| &sample.second);
        let n = self.null.len() as f64;
        let ratio = |sample: &Sample| {
            let [cc, _, ss] = sample.second.covariance;
            0.5 * ((sample.second.mean[0] - centre[0]).powi(2) / cc + (sample.second.mean[1] - centre[1]).powi(2) / ss)
        };
        self.null.iter().map(ratio).sum::<f64>() / (n - 1.0)
    }

    /// The preferred axis, rad, with its 95 % interval where one can be given.
    pub fn direction(&self) -> (f64, Option<(f64, f64)>) {
        let t = student_t_quantile(0.975, self.map.axes.len() as f64 - 1.0).unwrap_or(f64::NAN);
        let widened = self.map.second.with_covariance_times(self.design_effect());
        (self.map.second.direction(), widened.direction_interval(t))
    }

    /// Distances of the mean vector of doubled angles from that of noise.
    fn order(&self) -> Option<Comparison> {
        let n = self.null.len() as f64;
        let centre = self.null_mean(|sample| &sample.second);
        // A surrogate is compared with the mean of the others, as the map is.
        let others = |sample: &Sample| {
            let without = |axis: usize| (n * centre[axis] - sample.second.mean[axis]) / (n - 1.0);
            sample.second.distance([without(0), without(1)])
        };
        Comparison::upper(self.map.second.distance(centre), &self.null.iter().map(others).collect::<Vec<f64>>())
    }

    fn chi_square(&self) -> Option<Comparison> {
        let null: Vec<(Vec<f64>, usize)> = self.null.iter().map(|s| (s.shares.clone(), s.axes.len())).collect();
        let (map, null) = chi_squares((&self.map.shares, self.map.axes.len()), &null);
        Comparison::upper(map, &null)
    }

    /// Every test, uniformity first, then those about the principal direction.
    pub fn tests(&self) -> Vec<Tested> {
        let plain = |key, words, comparison: Option<Comparison>| {
            comparison.map(|comparison| Tested { key, words, comparison, interval: None })
        };
        let mut tests = vec![
            plain("hdr_axial_order", "order of the axes", self.order()),
            plain("hdr_axis_chi_square", "chi-square of the axes against noise", self.chi_square()),
        ];
        if let Some(principal) = self.principal {
            let order = |harmonic: fn(&Sample) -> &Harmonic| move |s: &Sample| Some(harmonic(s).along(principal));
            tests.push(self.mean("hdr_s2", "mean of cos 2(θ - θ0)", order(|s| &s.second), Comparison::new));
            let fourth = order(|s| &s.fourth);
            tests.push(self.mean("hdr_s4", "mean of cos 4(θ - θ0)", fourth, Comparison::new));
            tests.push(self.excess(fourth));
            let words = "share of regions near θ0 ± 45 deg";
            tests.push(self.mean("hdr_45_share", words, |s: &Sample| s.diagonal, Comparison::upper));
        }
        tests.into_iter().flatten().collect()
    }

    fn mean(
        &self,
        key: &'static str,
        words: &'static str,
        read: impl Fn(&Sample) -> Option<Mean>,
        compare: fn(f64, &[f64]) -> Option<Comparison>,
    ) -> Option<Tested> {
        let null: Vec<Mean> = self.null.iter().filter_map(&read).collect();
        let values: Vec<f64> = null.iter().map(|mean| mean.value).collect();
        let map = read(&self.map)?;
        Some(Tested { key, words, comparison: compare(map.value, &values)?, interval: map.interval(&null) })
    }

    /// How far `<cos 4(theta - theta0)>` lies below that of noise: above zero where regions prefer 45 degrees to `theta0`.
    fn excess(&self, fourth: impl Fn(&Sample) -> Option<Mean>) -> Option<Tested> {
        let negative = |sample: &Sample| fourth(sample).map(|mean| Mean { value: -mean.value, ..mean });
        let words = "excess of regions at 45 deg to the principal direction";
        let mut tested = self.mean("hdr_45_excess", words, negative, Comparison::upper)?;
        let centre = tested.comparison.mean;
        let c = &mut tested.comparison;
        (c.value, c.mean, c.band) = (c.value - centre, 0.0, (c.band.0 - centre, c.band.1 - centre));
        tested.interval = tested.interval.map(|(lo, hi)| (lo - centre, hi - centre));
        Some(tested)
    }
}
