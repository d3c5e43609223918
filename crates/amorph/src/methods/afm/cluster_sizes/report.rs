//! Numbers of the state, notes, table and figure.

use super::algorithm::{FEWEST_SITES, SiteSums, interval};
use super::{Input, Site, SizesError};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{Moments, clopper_pearson_interval, student_t_quantile};
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::methods::afm::clusters::algorithm::{Cluster, cumulated};
use crate::methods::afm::clusters::sizes::{FEWEST, Rival, SizeFit};

/// Points of a line, and of the data at most.
const POINTS: usize = 200;

pub(super) fn outcome(input: &Input) -> Result<Outcome, MethodError> {
    let mut clusters: Vec<Cluster> = input.sites.iter().flat_map(|site| site.clusters.iter().copied()).collect();
    clusters.sort_by(|a, b| a.radius.total_cmp(&b.radius));
    let fit = match input.r_min {
        Some(r_min) => SizeFit::above(&clusters, r_min),
        None => SizeFit::choose(&clusters, 1),
    };
    let (found, sites) = (clusters.len(), input.sites.len());
    let fit = fit.ok_or(SizesError::TooFew { found, sites, needed: FEWEST })?;
    let rivals = Rival::all(&clusters, &fit);
    let mut estimates = law_estimates(input, &fit);
    estimates.extend(averages(input));
    let mut notes = vec![Note::info("sizes", crate::methods::afm::clusters::fit_words(&fit))];
    notes.extend(rivals.iter().map(|rival| Note::info("rival", rival.verdict())));
    notes.extend(null_note(input, &fit));
    Ok(Outcome {
        estimates,
        notes,
        tables: vec![sites_table(input)],
        figures: vec![figure(&clusters, &fit, &rivals)],
        ..Outcome::default()
    })
}

fn law_estimates(input: &Input, fit: &SizeFit) -> Vec<Estimate> {
    let sites: Vec<SiteSums> = input.sites.iter().map(|site| SiteSums::of(&site.clusters, fit.r_min)).collect();
    let n = sites.len() as f64;
    let few = format!("{n} sites; the scatter of fewer than {FEWEST_SITES} gives no interval that covers");
    let number = |key: &str, symbol: &str, value: f64, unit: &str, interval: Option<(f64, f64)>, why: &str| match interval {
        Some(interval) => Estimate::with_interval(key, symbol, value, unit, interval, Basis::Replicate).n(n),
        None => Estimate::without_interval(key, symbol, value, unit, why).n(n),
    };
    let of_alpha = interval(&sites, |law| law.alpha);
    let mut estimates = vec![number("state_cluster_exponent", "α", fit.alpha(), "", of_alpha, &few)];
    if fit.fit.law.lambda > 0.0 {
        // Without a cut-off at one of the sets of sites its logarithm is infinite and there is no interval.
        let of_lambda = interval(&sites, |law| law.lambda.ln());
        let ends = of_lambda.map(|(low, high)| (fit.r_min * (-high).exp(), fit.r_min * (-low).exp()));
        let why = if sites.len() < FEWEST_SITES { few.as_str() } else { "some sites alone show no cut-off" };
        estimates.push(number("state_cluster_cutoff", "R_c", fit.cutoff(), "m", ends, why));
    }
    let why = if input.r_min.is_some() { "given" } else { "chosen where law and clusters are closest" };
    estimates.push(number("state_cluster_r_min", "R_min", fit.r_min, "m", None, why));
    estimates
}

/// Means over sites with Student's t, and the share of sites that are spanned.
fn averages(input: &Input) -> Vec<Estimate> {
    let average = |key: &str, symbol: &str, read: fn(&Site) -> Option<f64>| {
        let values: Vec<f64> = input.sites.iter().filter_map(read).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let moments = Moments::of(&values).ok().filter(|moments| moments.n >= 3);
        let half = moments.and_then(|moments| Some(student_t_quantile(0.975, n - 1.0).ok()? * moments.std_error()));
        let estimate = match half {
            Some(half) => Estimate::with_interval(key, symbol, mean, "", (mean - half, mean + half), Basis::Replicate),
            None => Estimate::without_interval(key, symbol, mean, "", "fewer than three sites"),
        };
        (n > 0.0).then(|| estimate.n(n))
    };
    let spans: Vec<bool> = input.sites.iter().filter_map(|site| site.spans_both).collect();
    let spanned = spans.iter().filter(|spans| **spans).count();
    let share = clopper_pearson_interval(spanned, spans.len(), 0.95).ok().map(|ends| {
        let value = spanned as f64 / spans.len() as f64;
        Estimate::with_interval("spanning_share", "P_xy", value, "", ends, Basis::Counting).n(spans.len() as f64)
    });
    [
        average("state_box_dimension", "D_b", |site| site.box_dimension),
        average("state_largest_cluster_fraction", "P_∞", |site| site.largest_fraction),
        share,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn null_note(input: &Input, fit: &SizeFit) -> Option<Note> {
    let values: Vec<f64> = input.sites.iter().filter_map(|site| site.null_exponent).filter(|value| value.is_finite()).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let text = format!(
        "isotropic noise with the correlation of these maps has an exponent of {mean:.2} (mean over the surrogates of {} sites) against {:.2} \
         here; the band of each site is with the site",
        values.len(),
        fit.alpha()
    );
    (!values.is_empty()).then(|| Note::info("null_model", text))
}

fn sites_table(input: &Input) -> Table {
    let numbers = |read: &dyn Fn(&Site) -> f64| input.sites.iter().map(read).collect::<Vec<f64>>();
    Table::new("sites", "The sites of the state")
        .with_numbers("clusters", "", numbers(&|site| site.clusters.len() as f64))
        .with_numbers("largest_radius", "m", numbers(&|site| site.clusters.last().map_or(f64::NAN, |c| c.radius)))
        .with_numbers("null_exponent", "", numbers(&|site| site.null_exponent.unwrap_or(f64::NAN)))
        .with_numbers("box_dimension", "", numbers(&|site| site.box_dimension.unwrap_or(f64::NAN)))
        .with_numbers("largest_cluster_fraction", "", numbers(&|site| site.largest_fraction.unwrap_or(f64::NAN)))
        .with_numbers("spans_both", "", numbers(&|site| site.spans_both.map_or(f64::NAN, |spans| f64::from(u8::from(spans)))))
}

fn figure(clusters: &[Cluster], fit: &SizeFit, rivals: &[Rival]) -> Figure {
    let low = clusters.first().map_or(fit.r_min, |cluster| cluster.radius);
    let spaced = |from: f64, to: f64| -> Vec<f64> {
        (0..POINTS).map(|i| from * (to / from).powf(i as f64 / (POINTS - 1) as f64)).collect()
    };
    let x = spaced(low, fit.r_max);
    let y = cumulated(clusters, &x);
    let (above, radii) = (cumulated(clusters, &[fit.r_min])[0], spaced(fit.r_min, 1.5 * fit.r_max));
    let line = |name: &str, role, survival: Vec<f64>, dashed| {
        let shown = radii.iter().copied().zip(survival.into_iter().map(|s| above * s)).take_while(|(_, n)| *n > 0.3);
        let (x, y) = shown.unzip();
        Mark::Line { name: name.to_owned(), role, x, y, dashed }
    };
    let unit = Unit::of("m").preferred(fit.r_max);
    let panel =
        Panel::new("", Axis::log("equivalent radius R", unit), Axis::log("clusters at least as large, N(≥R)", Unit::one()))
            .with(Mark::points("clusters of all sites", Role::Data, x, y))
            .with(line("power law with cut-off", Role::Model, fit.survival(&radii), false));
    let panel = rivals.iter().zip(0..).fold(panel, |panel, (rival, index)| {
        panel.with(line(rival.name, Role::Series(index), rival.survival(&radii, fit.r_min), true))
    });
    Figure {
        key: "cluster_sizes".to_owned(),
        title: "Sizes of the clusters of all sites".to_owned(),
        caption: "Number of clusters at least as large as a radius over all sites (border weights included), the power law with a cut-off, \
                  and its rivals."
            .to_owned(),
        panels: vec![panel],
    }
}
