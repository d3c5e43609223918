use rand::seq::SliceRandom;

use crate::random::rng;

/// Pairs up to which all orders are tried.
const ALL_ORDERS: usize = 7;
/// Differences of correlations that are rounding.
const ROUNDING: f64 = 1e-9;

/// Spearman's rank correlation with its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankCorrelation {
    /// From -1 to 1.
    pub rho: f64,
    /// Two-sided: the share of the orders of the second number whose correlation is as far from zero; of all orders up to seven pairs, beyond
    /// that of orders by chance.
    pub p_value: f64,
    /// Pairs.
    pub n: usize,
}

/// Ranks from 1, equal values sharing their mean.
pub fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0.0;
    for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let n = equal.len() as f64;
        equal.iter().for_each(|place| ranks[*place] = below + 0.5 * (n + 1.0));
        below += n;
    }
    ranks
}

/// Rank correlation of pairs (C. Spearman, Am. J. Psychol. 15, 72 (1904), doi:10.2307/1412159), `permutations` orders by chance for more than
/// seven; `None` with fewer than three, or where one number is the same everywhere.
pub fn rank_correlation(pairs: &[(f64, f64)], permutations: usize, seed: u64) -> Option<RankCorrelation> {
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
    let rho = correlation_with(&y);
    let is_as_far = |y: &[f64]| correlation_with(y).abs() >= rho.abs() - ROUNDING;
    let p_value = if n <= ALL_ORDERS {
        let (mut far, mut all) = (0usize, 0usize);
        every_order(&mut y, n, &mut |order| {
            all += 1;
            far += usize::from(is_as_far(order));
        });
        far as f64 / all as f64
    } else {
        let mut rng = rng(seed);
        let mut far = 0usize;
        for _ in 0..permutations {
            y.shuffle(&mut rng);
            far += usize::from(is_as_far(&y));
        }
        (far + 1) as f64 / (permutations + 1) as f64
    };
    Some(RankCorrelation { rho, p_value, n })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn of(y: &[f64]) -> Option<RankCorrelation> {
        rank_correlation(&(0..).map(f64::from).zip(y.iter().copied()).collect::<Vec<_>>(), 4999, 1)
    }

    #[test]
    fn rank_correlations_and_their_p_values_by_hand() {
        // Of 24 orders two, rising and falling, are as far.
        let found = of(&[1.0, 2.0, 3.0, 9.0]).unwrap();
        assert!((found.rho - 1.0).abs() < 1e-12 && (found.p_value - 1.0 / 12.0).abs() < 1e-12 && found.n == 4);
        // Ranks 2, 1, 3: 1 - 6 (1 + 1)/(3 · 8); every order of three is as far.
        let found = of(&[2.0, 1.0, 3.0]).unwrap();
        assert!((found.rho - 0.5).abs() < 1e-12 && (found.p_value - 1.0).abs() < 1e-12, "{found:?}");
        // Equal values share their rank: 1.5, 1.5, 3.
        let found = of(&[1.0, 1.0, 3.0]).unwrap();
        assert!((found.rho - 0.75f64.sqrt()).abs() < 1e-12, "{found:?}");
        // SciPy: spearmanr(range(6), [2, 2, 1, 1, 2, 1]).
        assert!((of(&[2.0, 2.0, 1.0, 1.0, 2.0, 1.0]).unwrap().rho + 0.487_950_036).abs() < 1e-8);
        assert!(of(&[1.0, 2.0]).is_none() && of(&[1.0, 1.0, 1.0]).is_none());
        // More pairs: orders by chance.
        let many: Vec<f64> = (0..12).map(f64::from).collect();
        assert!(of(&many).unwrap().p_value < 1e-3);
    }

    #[test]
    fn probabilities_are_uniform_where_nothing_goes_together() {
        let low = |n: usize| {
            let is_low = |seed: &u64| {
                let noise = crate::random::standard_normals(*seed, 2 * n);
                let pairs: Vec<(f64, f64)> = noise[..n].iter().copied().zip(noise[n..].iter().copied()).collect();
                rank_correlation(&pairs, 199, *seed).unwrap().p_value <= 0.05
            };
            (0..400).filter(is_low).count()
        };
        // 20 expected of 400; six and more standard deviations below or above are 0 and 48.
        assert!((1..48).contains(&low(6)) && (1..48).contains(&low(15)));
    }
}
