//! The law of the cluster sizes of several sites together, and its error from the scatter between them.

use crate::core::stats::power_law::{Sums, TruncatedPowerLaw};
use crate::core::stats::{Resampling, jackknife, student_t_quantile};
use crate::methods::afm::clusters::algorithm::Cluster;

/// Fewest sites of an interval.
pub const FEWEST_SITES: usize = 5;

/// What the likelihood needs to know of one site.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SiteSums {
    weight: f64,
    ln: f64,
    sum: f64,
}

impl SiteSums {
    /// Of the clusters above `r_min`.
    pub fn of(clusters: &[Cluster], r_min: f64) -> Self {
        let nothing = Self { weight: 0.0, ln: 0.0, sum: 0.0 };
        clusters.iter().filter(|cluster| cluster.radius >= r_min).fold(nothing, |sums, cluster| {
            let y = cluster.radius / r_min;
            Self {
                weight: sums.weight + cluster.weight,
                ln: sums.ln + cluster.weight * y.ln(),
                sum: sums.sum + cluster.weight * y,
            }
        })
    }
}

/// The most likely law of the sites named; `None` where they hold no clusters.
pub fn pooled_law(sites: &[SiteSums], named: &[usize]) -> Option<TruncatedPowerLaw> {
    let total = |read: fn(&SiteSums) -> f64| named.iter().map(|site| read(&sites[*site])).sum::<f64>();
    let weight = total(|site| site.weight);
    let sums = Sums { n: weight, mean_ln: total(|site| site.ln) / weight, mean: total(|site| site.sum) / weight };
    (weight > 0.0 && sums.mean_ln > 0.0).then(|| sums.fit().law)
}

/// 95 % interval of a number of the pooled law: its jackknife error over sites times the quantile of Student's t.
pub fn interval(sites: &[SiteSums], read: impl Fn(TruncatedPowerLaw) -> f64 + Sync) -> Option<(f64, f64)> {
    if sites.len() < FEWEST_SITES {
        return None;
    }
    let found = jackknife(Resampling::Independent { n: sites.len() }, |named| pooled_law(sites, named).map(&read)).ok()?;
    let half = student_t_quantile(0.975, sites.len() as f64 - 1.0).ok()? * found.std_error;
    half.is_finite().then_some((found.estimate - half, found.estimate + half))
}
