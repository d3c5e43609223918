//! The law of the cluster sizes: a power law with a cut-off above a smallest radius, by maximum likelihood, and its rivals.

use super::algorithm::Cluster;
use crate::core::stats::power_law::{
    Distribution, GaussianTail, Intervals, Maximum, Sums, TruncatedPowerLaw, Vuong, intervals, vuong, weighted_ks_distance,
};

/// Fewest clusters above the smallest radius.
pub const FEWEST: usize = 50;
/// Smallest radii that are tried at most.
const CANDIDATES: usize = 40;

/// A fitted law.
#[derive(Debug, Clone, PartialEq)]
pub struct SizeFit {
    /// Smallest radius, m: half a pixel of area below the smallest cluster that counts.
    pub r_min: f64,
    /// Pixels of the smallest cluster that counts.
    pub smallest: u64,
    /// Largest radius, m.
    pub r_max: f64,
    /// Clusters above it.
    pub n: usize,
    /// What the likelihood knows of them; its number of events is the effective one.
    pub sums: Sums,
    /// The most likely law.
    pub fit: Maximum,
    /// Largest distance between the cumulated distributions of clusters and law.
    pub ks: f64,
}

impl SizeFit {
    /// Fits the clusters (ascending) above `r_min`; `None` for fewer than [`FEWEST`], or all of one size.
    pub fn above(clusters: &[Cluster], r_min: f64) -> Option<Self> {
        let clusters = &clusters[clusters.partition_point(|cluster| cluster.radius < r_min)..];
        let (first, last) = (clusters.first()?, clusters.last()?);
        if clusters.len() < FEWEST || first.n_pixels == last.n_pixels {
            return None;
        }
        let (ln_y, weights) = logarithms(clusters, r_min);
        let sums = Sums::weighted(&ln_y, &weights);
        let fit = sums.fit();
        let ks = weighted_ks_distance(&Distribution::of(fit.law), &ln_y, &weights);
        let (n, smallest, r_max) = (clusters.len(), first.n_pixels, last.radius);
        fit.ln_likelihood.is_finite().then_some(Self { r_min, smallest, r_max, n, sums, fit, ks })
    }

    /// Fits above the smallest radius at which law and clusters are closest (Clauset, Shalizi and Newman 2009), among those of
    /// at least `min_pixels`.
    pub fn choose(clusters: &[Cluster], min_pixels: u64) -> Option<Self> {
        let mut candidates: Vec<f64> = clusters
            .iter()
            .take((clusters.len() + 1).saturating_sub(FEWEST))
            .filter(|cluster| cluster.n_pixels >= min_pixels)
            .map(lower_edge)
            .collect();
        candidates.dedup();
        let every = candidates.len().div_ceil(CANDIDATES).max(1);
        let fits = candidates.into_iter().step_by(every).filter_map(|r_min| Self::above(clusters, r_min));
        fits.min_by(|a, b| a.ks.total_cmp(&b.ks))
    }

    /// Exponent.
    pub fn alpha(&self) -> f64 {
        self.fit.law.alpha
    }

    /// Cut-off radius, m; infinite for a pure power law.
    pub fn cutoff(&self) -> f64 {
        self.r_min / self.fit.law.lambda
    }

    /// Profile-likelihood intervals.
    pub fn intervals(&self) -> Option<Intervals> {
        intervals(&self.sums, &self.fit).ok()
    }

    /// Share of the clusters above `r_min` that are larger than each of the ascending radii.
    pub fn survival(&self, radii: &[f64]) -> Vec<f64> {
        let ln_y: Vec<f64> = radii.iter().map(|radius| (radius / self.r_min).ln()).collect();
        Distribution::of(self.fit.law).survival(&ln_y).collect()
    }
}

/// Half a pixel of area below the size of a cluster: counts of pixels are the whole numbers nearest to the areas.
pub fn lower_edge(cluster: &Cluster) -> f64 {
    cluster.radius * (1.0 - 0.5 / cluster.n_pixels as f64).sqrt()
}

fn logarithms(clusters: &[Cluster], r_min: f64) -> (Vec<f64>, Vec<f64>) {
    clusters.iter().map(|cluster| ((cluster.radius / r_min).ln().max(0.0), cluster.weight)).unzip()
}

/// A law that the power law is set against.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rival {
    /// Its name.
    pub name: &'static str,
    /// The law, of `y - 1` or of `ln y`.
    law: GaussianTail,
    logarithmic: bool,
    /// The comparison: positive `z` where the power law with a cut-off is closer.
    pub test: Vuong,
}

impl Rival {
    /// Gaussian and log-normal, fitted to the same clusters.
    pub fn all(clusters: &[Cluster], fit: &SizeFit) -> Vec<Self> {
        let clusters = &clusters[clusters.partition_point(|cluster| cluster.radius < fit.r_min)..];
        let (ln_y, weights) = logarithms(clusters, fit.r_min);
        let one = |(name, logarithmic): (&'static str, bool)| {
            let t: Vec<f64> = if logarithmic { ln_y.clone() } else { ln_y.iter().map(|u| u.exp_m1()).collect() };
            let total: f64 = weights.iter().sum();
            let moment = |power: i32| t.iter().zip(&weights).map(|(t, w)| w * t.powi(power)).sum::<f64>() / total;
            let law = GaussianTail::fit(moment(1), moment(2))?;
            let difference =
                |(u, t): (&f64, &f64)| ln_density(fit.fit.law, *u) - law.ln_density(*t) + if logarithmic { *u } else { 0.0 };
            let differences: Vec<f64> = ln_y.iter().zip(&t).map(difference).collect();
            Some(Self { name, law, logarithmic, test: vuong(&differences, &weights)? })
        };
        [("Gaussian", false), ("log-normal", true)].into_iter().filter_map(one).collect()
    }

    /// Share of the clusters above `r_min` that are larger than each radius.
    pub fn survival(&self, radii: &[f64], r_min: f64) -> Vec<f64> {
        let t = |radius: &f64| if self.logarithmic { (radius / r_min).ln() } else { radius / r_min - 1.0 };
        radii.iter().map(|radius| self.law.survival(t(radius))).collect()
    }

    /// In words.
    pub fn verdict(&self) -> String {
        let Vuong { z, p_value } = self.test;
        let closer = match (p_value < 0.05, z > 0.0) {
            (false, _) => "neither is closer".to_owned(),
            (true, true) => "the power law with a cut-off is closer".to_owned(),
            (true, false) => format!("the {} is closer", self.name),
        };
        format!("{} against the power law with a cut-off: {closer} (z = {z:.2}, p = {p_value:.3})", self.name)
    }
}

/// Logarithm of the density of `y = e^u`.
fn ln_density(law: TruncatedPowerLaw, u: f64) -> f64 {
    -law.alpha * u - law.lambda * u.exp() - law.ln_normalisation()
}
