//! One length of a state from the lengths of its sites.

use crate::core::stats::{Moments, student_t_quantile};

/// Number of sites from which their scatter gives the interval.
pub const REPLICATES_MIN: usize = 3;

/// The length measured at one site.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteLength {
    /// The item, for the table.
    pub item: String,
    /// Length, m.
    pub length: f64,
    /// 95 % interval of the single image, m.
    pub interval: Option<(f64, f64)>,
}

/// Mean of the logarithms: the geometric mean, which any power of the length keeps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StateLength {
    /// Length, m.
    pub length: f64,
    /// Relative standard error.
    pub relative_error: Option<f64>,
    /// 95 % interval, m.
    pub interval: Option<(f64, f64)>,
    /// Whether the interval rests on the scatter between sites.
    pub from_scatter: bool,
}

/// Combines the sites; `None` without any.
pub fn combine(sites: &[SiteLength]) -> Option<StateLength> {
    let logs: Vec<f64> = sites.iter().map(|site| site.length.ln()).collect();
    let mean = crate::core::stats::mean(&logs).ok()?;
    if sites.len() >= REPLICATES_MIN {
        let error = Moments::of(&logs).ok()?.std_error();
        let t = student_t_quantile(0.975, (sites.len() - 1) as f64).ok()?;
        let interval = Some(((mean - t * error).exp(), (mean + t * error).exp()));
        return Some(StateLength { length: mean.exp(), relative_error: Some(error), interval, from_scatter: true });
    }
    // Too few sites for their scatter: the intervals of the images, each side added in squares.
    let side = |pick: fn((f64, f64)) -> f64| -> Option<f64> {
        let squares: Option<f64> = sites.iter().map(|s| Some((pick(s.interval?) / s.length).ln().powi(2))).sum();
        Some(squares?.sqrt() / sites.len() as f64)
    };
    let sides = side(|(lo, _)| lo).zip(side(|(_, hi)| hi));
    Some(StateLength {
        length: mean.exp(),
        relative_error: sides.map(|(below, above)| 0.5 * (below + above) / 1.96),
        interval: sides.map(|(below, above)| ((mean - below).exp(), (mean + above).exp())),
        from_scatter: false,
    })
}
