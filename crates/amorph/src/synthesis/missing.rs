//! What to measure next, and what it would bring.

use super::assess::Test;
use super::links::{LinkResult, Route};

/// A measurement that would give a link its second route.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingMeasurement {
    /// `X1` to `X18`.
    pub link: &'static str,
    /// What the link is about.
    pub title: &'static str,
    /// The cheapest route that is not there.
    pub route: &'static Route,
    /// By how much the interval would shrink, 0 to 1; absent where there is no value yet.
    pub reduction: Option<f64>,
}

/// For every link with fewer than two routes the cheapest one that is not there, and by how much it would shorten the interval
/// by its Fisher information beside that of the findings.
pub fn missing_measurements(links: &[LinkResult], tests: &[Test]) -> Vec<MissingMeasurement> {
    let lacking = links.iter().filter(|result| result.techniques.len() < 2);
    lacking
        .filter_map(|result| {
            let link = result.link;
            let is_new = |route: &&Route| !result.techniques.iter().any(|technique| technique == route.technique);
            // Where every technique was used, the cheapest is worth repeating.
            let route = link.routes.iter().find(is_new)?;
            let of_link = tests.iter().filter(|test| link.quantities.contains(&test.quantity.name));
            let test = of_link.max_by_key(|test| test.estimates.y.len());
            let reduction = test.and_then(|test| reduction(test, route.relative_error));
            Some(MissingMeasurement { link: link.id, title: link.title, route, reduction })
        })
        .collect()
}

fn reduction(test: &Test, relative_error: f64) -> Option<f64> {
    let before = test.estimates.variance()?;
    let mut with = test.estimates.clone();
    with.y.push(test.result.mean);
    with.s.push(if test.is_logarithmic { relative_error } else { relative_error * test.result.mean.abs() });
    with.a.push(Vec::new());
    Some(1.0 - (with.variance()? / before).sqrt())
}
