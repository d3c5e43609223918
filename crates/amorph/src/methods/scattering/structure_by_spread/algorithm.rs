//! Whether two numbers of a few volumes rise together.

use rand::seq::SliceRandom;

use crate::core::random::{derive_seed, rng};

/// Volumes up to which all orders are tried.
const ALL_ORDERS: usize = 7;
/// Orders by chance for more volumes.
const ORDERS: usize = 4999;
/// Differences of correlations that are rounding.
const ROUNDING: f64 = 1e-9;

/// Spearman's rank correlation with its p value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Together {
    /// From -1 to 1.
    pub correlation: f64,
    /// Two-sided: the share of the orders of the second number whose correlation is as far from zero.
    pub p: f64,
    /// Volumes.
    pub n: usize,
}

/// Ranks from 1, equal values sharing their mean.
fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let equal = values.iter().filter(|other| *other == value).count();
        below as f64 + 0.5 * (equal as f64 + 1.0)
    };
    values.iter().map(rank).collect()
}

/// Rank correlation of pairs; `None` with fewer than three, or where one number is the same everywhere.
pub fn together(pairs: &[(f64, f64)], seed: u64) -> Option<Together> {
    let n = pairs.len();
    let centred = |values: Vec<f64>| {
        let mean = 0.5 * (values.len() as f64 + 1.0);
        ranks(&values).into_iter().map(|rank| rank - mean).collect::<Vec<f64>>()
    };
    let x = centred(pairs.iter().map(|pair| pair.0).collect());
    let mut y = centred(pairs.iter().map(|pair| pair.1).collect());
    let norm = (x.iter().map(|x| x * x).sum::<f64>() * y.iter().map(|y| y * y).sum::<f64>()).sqrt();
    if n < 3 || norm == 0.0 {
        return None;
    }
    let correlation_with = |y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>() / norm;
    let correlation = correlation_with(&y);
    let is_as_far = |y: &[f64]| correlation_with(y).abs() >= correlation.abs() - ROUNDING;
    let p = if n <= ALL_ORDERS {
        let (mut far, mut all) = (0usize, 0usize);
        every_order(&mut y, n, &mut |order| {
            all += 1;
            far += usize::from(is_as_far(order));
        });
        far as f64 / all as f64
    } else {
        let mut far = 0usize;
        for k in 0..ORDERS {
            y.shuffle(&mut rng(derive_seed(seed, &["order".into(), k.into()])));
            far += usize::from(is_as_far(&y));
        }
        (far + 1) as f64 / (ORDERS + 1) as f64
    };
    Some(Together { correlation, p, n })
}

/// Visits all orders of the first `n` values (Heap, Comput. J. 6, 293 (1963), doi:10.1093/comjnl/6.3.293).
fn every_order(values: &mut [f64], n: usize, visit: &mut dyn FnMut(&[f64])) {
    if n <= 1 {
        visit(values);
        return;
    }
    for i in 0..n {
        every_order(values, n - 1, visit);
        let other = if n.is_multiple_of(2) { i } else { 0 };
        values.swap(other, n - 1);
    }
}
