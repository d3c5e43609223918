//! Means, scatter and tests with the site as the unit of replication.

use super::axes::AxialComparison;
use crate::core::random::derive_seed;
use crate::core::stats::{Moments, WelchTest, holm, permutation_test, student_t_quantile, welch_test};
use crate::core::unit::Unit;
use crate::method::Upstream;

/// A quantity measured at several sites of several states.
#[derive(Debug, Clone, PartialEq)]
pub struct Descriptor {
    /// Method that gave it.
    pub method: String,
    /// Key of the estimate.
    pub key: String,
    /// Symbol.
    pub symbol: String,
    /// SI unit.
    pub unit: Unit,
    /// Values by state, one per site, states in the order of the study.
    pub sites: Vec<(String, Vec<f64>)>,
}

/// Mean over the sites of one state.
#[derive(Debug, Clone, PartialEq)]
pub struct StateMean {
    /// The state.
    pub state: String,
    /// Number of sites.
    pub n: usize,
    /// Mean over sites.
    pub mean: f64,
    /// Standard deviation between sites; absent for one site.
    pub std_dev: Option<f64>,
    /// Standard error of the mean; absent for one site.
    pub std_error: Option<f64>,
    /// 95 % interval by Student's t; absent for fewer than three sites.
    pub interval: Option<(f64, f64)>,
}

/// Difference of one quantity between two states.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Method that gave it.
    pub method: String,
    /// Key of the quantity.
    pub key: String,
    /// Its name for people.
    pub name: String,
    /// Its symbol.
    pub symbol: String,
    /// Its SI unit.
    pub unit: Unit,
    /// The state.
    pub state: String,
    /// The state it is compared with.
    pub reference: String,
    /// Numbers of sites.
    pub n: (usize, usize),
    /// Difference state - reference with its 95 % interval.
    pub welch: WelchTest,
    /// Probability by permutation of sites.
    pub permutation_p: f64,
    /// Ratio state / reference of the geometric means with its 95 % interval; absent unless every site value is positive.
    pub ratio: Option<Ratio>,
    /// Welch probability corrected for the number of comparisons (Holm).
    pub holm_p: f64,
}

/// Ratio of the geometric means of two states.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// Difference of the means of logarithms.
    pub log_ratio: f64,
    /// Its 95 % interval by Welch's test.
    pub log_interval: (f64, f64),
}

impl Ratio {
    fn of(values: &[f64], base: &[f64]) -> Option<Self> {
        let logarithms = |values: &[f64]| values.iter().map(|value| value.ln()).collect::<Vec<f64>>();
        let all_positive = values.iter().chain(base).all(|value| *value > 0.0);
        let welch = welch_test(&logarithms(values), &logarithms(base), 0.95).ok().filter(|_| all_positive)?;
        Some(Self { log_ratio: welch.difference, log_interval: (welch.lower, welch.upper) })
    }

    /// The ratio itself.
    pub fn value(self) -> f64 {
        self.log_ratio.exp()
    }

    /// Its 95 % interval.
    pub fn interval(self) -> (f64, f64) {
        (self.log_interval.0.exp(), self.log_interval.1.exp())
    }
}

impl Descriptor {
    /// For people: `correlation length`.
    pub fn name(&self) -> String {
        self.key.replace('_', " ")
    }

    /// Whether any two of its values differ; a count that is zero everywhere has nothing to compare.
    fn varies(&self) -> bool {
        let mut values = self.sites.iter().flat_map(|(_, values)| values);
        values.next().is_some_and(|first| self.sites.len() == 1 || values.any(|value| value != first))
    }

    /// Whether its values are directions of lines: angles that are equal modulo 180°.
    pub fn is_axial(&self) -> bool {
        let names_a_line = ["_angle", "_axis", "_direction", "_orientation"].iter().any(|end| self.key.ends_with(end));
        names_a_line && self.unit.is_compatible(&Unit::of("rad"))
    }

    /// Whether it says something about the material: probabilities and values of null models do not.
    pub fn describes_the_material(&self) -> bool {
        !["_p", "_null"].iter().any(|end| self.key.ends_with(end))
    }

    /// At least two sites in at least two states.
    pub fn is_comparable(&self) -> bool {
        self.sites.iter().filter(|(_, values)| values.len() >= 2).count() >= 2
    }
}

impl Comparison {
    /// `correlation length (3 N against as-deposited)`.
    pub fn label(&self) -> String {
        format!("{} ({} against {})", self.name, self.state, self.reference)
    }
}

/// Collects the estimates of single items by quantity and state.
///
/// A quantity that two methods give alike is taken once, and one that is the same everywhere is left out: every further
/// comparison would cost all others some of their significance. Axial directions and probabilities of tests are left out: of
/// directions the components of their vectors are compared.
pub fn descriptors(upstream: &[Upstream], wanted: &[String]) -> Vec<Descriptor> {
    let mut descriptors: Vec<Descriptor> = Vec::new();
    for source in upstream.iter().filter(|source| !source.item.is_empty()) {
        for estimate in &source.outcome.estimates {
            let is_wanted = wanted.is_empty() || wanted.contains(&estimate.key);
            // The mean of axes is not that of their numbers, and a probability of one site says nothing about a difference.
            let has_no_mean = estimate.flags.iter().any(|flag| flag == "axial" || flag == "probability");
            if !is_wanted || has_no_mean || !estimate.value.is_finite() {
                continue;
            }
            let same = |d: &Descriptor| d.method == source.method && d.key == estimate.key;
            let index = descriptors.iter().position(same).unwrap_or_else(|| {
                descriptors.push(Descriptor {
                    method: source.method.clone(),
                    key: estimate.key.clone(),
                    symbol: estimate.symbol.clone(),
                    unit: estimate.unit.clone(),
                    sites: Vec::new(),
                });
                descriptors.len() - 1
            });
            let sites = &mut descriptors[index].sites;
            match sites.iter_mut().find(|(state, _)| *state == source.state) {
                Some((_, values)) => values.push(estimate.value),
                None => sites.push((source.state.clone(), vec![estimate.value])),
            }
        }
    }
    let without_repeats = |kept: Vec<Descriptor>, descriptor: Descriptor| {
        let repeats = kept.iter().any(|other| other.unit == descriptor.unit && other.sites == descriptor.sites);
        if repeats || !descriptor.varies() { kept } else { [kept, vec![descriptor]].concat() }
    };
    descriptors.into_iter().fold(Vec::new(), without_repeats)
}

/// Mean, scatter and interval of every state.
pub fn state_means(descriptor: &Descriptor) -> Vec<StateMean> {
    let mean = |(state, values): &(String, Vec<f64>)| match Moments::of(values) {
        Ok(moments) => {
            let half = student_t_quantile(0.975, values.len() as f64 - 1.0).ok().map(|t| t * moments.std_error());
            let half = half.filter(|_| values.len() >= 3);
            StateMean {
                state: state.clone(),
                n: values.len(),
                mean: moments.mean,
                std_dev: Some(moments.std_dev),
                std_error: Some(moments.std_error()),
                interval: half.map(|half| (moments.mean - half, moments.mean + half)),
            }
        }
        Err(_) => {
            let mean = values.first().copied().unwrap_or(f64::NAN);
            StateMean { state: state.clone(), n: values.len(), mean, std_dev: None, std_error: None, interval: None }
        }
    };
    descriptor.sites.iter().map(mean).collect()
}

/// Every state against the reference, for every quantity; not yet corrected for their number (see [`correct`]).
///
/// Quantities without any scatter (a count that is the same everywhere) are left out: there is nothing to test.
pub fn comparisons(descriptors: &[Descriptor], reference: Option<&str>, permutations: usize, seed: u64) -> Vec<Comparison> {
    let mut comparisons = Vec::new();
    for descriptor in descriptors {
        let is_reference = |(state, _): &&(String, Vec<f64>)| reference.is_none_or(|name| name == state.as_str());
        let Some((base, base_values)) = descriptor.sites.iter().find(is_reference) else { continue };
        for (state, values) in descriptor.sites.iter().filter(|(state, _)| state != base) {
            let Ok(welch) = welch_test(values, base_values, 0.95) else { continue };
            let seed = derive_seed(seed, &[(&descriptor.key).into(), state.into()]);
            let Ok(permutation) = permutation_test(values, base_values, mean_difference, permutations, seed) else { continue };
            comparisons.push(Comparison {
                method: descriptor.method.clone(),
                key: descriptor.key.clone(),
                name: descriptor.name(),
                symbol: descriptor.symbol.clone(),
                unit: descriptor.unit.clone(),
                state: state.clone(),
                reference: base.clone(),
                n: (values.len(), base_values.len()),
                welch,
                permutation_p: permutation.p_value,
                ratio: Ratio::of(values, base_values),
                holm_p: f64::NAN,
            });
        }
    }
    comparisons
}

/// Corrects the probabilities of all comparisons, of values and of axes, for their number (Holm).
pub fn correct(comparisons: &mut [Comparison], axial: &mut [AxialComparison]) {
    let of_values = comparisons.iter().map(|comparison| comparison.welch.p_value);
    let p_values: Vec<f64> = of_values.chain(axial.iter().map(|comparison| comparison.permutation_p)).collect();
    let targets = comparisons.iter_mut().map(|c| &mut c.holm_p).chain(axial.iter_mut().map(|c| &mut c.holm_p));
    for (target, corrected) in targets.zip(holm(&p_values).unwrap_or_default()) {
        *target = corrected;
    }
}

fn mean_difference(a: &[f64], b: &[f64]) -> f64 {
    a.iter().sum::<f64>() / a.len() as f64 - b.iter().sum::<f64>() / b.len() as f64
}
