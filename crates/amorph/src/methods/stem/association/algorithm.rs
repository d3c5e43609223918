//! Order against brightness in two-by-two tables, with chance taken from the maps themselves.

use rand::RngExt;

use crate::core::random::{derive_seed, rng};
use crate::core::stats::{NORMAL_95, StatsError, chi_squared_tail, student_t_quantile};

/// 80 % of a normal distribution.
const Z80: f64 = 0.841_621_233_572_914_3;

/// The positions of one scan: where a pattern was judged, whether it is ordered, and how bright the image is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Rows and columns.
    pub shape: [usize; 2],
    /// Whether the pattern has reflections; `None` where it was not judged. Row by row.
    pub ordered: Vec<Option<bool>>,
    /// Brightness; NaN where it is not known.
    pub brightness: Vec<f64>,
}

/// Counts of one region: bright and ordered, bright and not, dark and ordered, dark and not.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Table2x2 {
    /// Bright, ordered.
    pub a: f64,
    /// Bright, not ordered.
    pub b: f64,
    /// Dark, ordered.
    pub c: f64,
    /// Dark, not ordered.
    pub d: f64,
}

impl Table2x2 {
    /// All positions.
    pub fn n(&self) -> f64 {
        self.a + self.b + self.c + self.d
    }

    /// Bright and ordered positions less those expected from the margins, and the variance of their number if positions were
    /// independent.
    pub fn excess(&self) -> (f64, f64) {
        let n = self.n();
        if n < 2.0 {
            return (0.0, 0.0);
        }
        let (bright, ordered) = (self.a + self.b, self.a + self.c);
        let variance = bright * (n - bright) * ordered * (n - ordered) / (n * n * (n - 1.0));
        (self.a - bright * ordered / n, variance)
    }

    /// Logarithm of the odds ratio with half a count in every cell, and its standard error if positions were independent.
    pub fn ln_odds_ratio(&self) -> (f64, f64) {
        let cells = [self.a, self.b, self.c, self.d].map(|count| count + 0.5);
        let [a, b, c, d] = cells;
        ((a * d / (b * c)).ln(), cells.iter().map(|count| 1.0 / count).sum::<f64>().sqrt())
    }

    fn plus(&self, extra: f64) -> Self {
        Self { a: self.a + extra, b: self.b + extra, c: self.c + extra, d: self.d + extra }
    }
}

/// The common odds ratio of several tables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OddsRatio {
    /// Its logarithm, after Mantel and Haenszel.
    pub ln: f64,
    /// Standard error of the logarithm if positions were independent, after Robins, Breslow and Greenland.
    pub naive_error: f64,
    /// Whether half a count was added to every cell, because the ratio is 0 or infinite.
    pub corrected: bool,
}

impl OddsRatio {
    /// Ends of the 95 % interval of the ratio for a variance larger than the naive one by `design_effect`.
    pub fn interval(&self, design_effect: f64) -> (f64, f64) {
        let half = NORMAL_95 * self.naive_error * design_effect.sqrt();
        ((self.ln - half).exp(), (self.ln + half).exp())
    }
}

/// `Σ ad/n / Σ bc/n` and its error; `None` where a margin is empty in every table.
pub fn odds_ratio(tables: &[Table2x2]) -> Option<OddsRatio> {
    mantel_haenszel(tables).or_else(|| {
        let informative: Vec<Table2x2> = tables.iter().filter(|table| table.excess().1 > 0.0).map(|t| t.plus(0.5)).collect();
        mantel_haenszel(&informative).map(|found| OddsRatio { corrected: true, ..found })
    })
}

fn mantel_haenszel(tables: &[Table2x2]) -> Option<OddsRatio> {
    let (mut r, mut s, mut pr, mut mixed, mut qs) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for table in tables.iter().filter(|table| table.n() > 0.0) {
        let n = table.n();
        let (p, q) = ((table.a + table.d) / n, (table.b + table.c) / n);
        let (r_i, s_i) = (table.a * table.d / n, table.b * table.c / n);
        r += r_i;
        s += s_i;
        pr += p * r_i;
        mixed += p * s_i + q * r_i;
        qs += q * s_i;
    }
    (r > 0.0 && s > 0.0).then(|| {
        let variance = pr / (2.0 * r * r) + mixed / (2.0 * r * s) + qs / (2.0 * s * s);
        OddsRatio { ln: (r / s).ln(), naive_error: variance.sqrt(), corrected: false }
    })
}

/// Cochran, Mantel and Haenszel's statistic with the continuity correction, and its probability if positions were independent.
///
/// # Errors
/// [`StatsError`] where no table says anything.
pub fn naive_test(tables: &[Table2x2]) -> Result<(f64, f64), StatsError> {
    let (excess, variance) = tables.iter().map(Table2x2::excess).fold((0.0, 0.0), |(e, v), (x, w)| (e + x, v + w));
    let statistic = (excess.abs() - 0.5).max(0.0).powi(2) / variance;
    Ok((statistic, chi_squared_tail(statistic, 1.0)?))
}

/// The level above which a position is bright.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Level {
    /// The quantile of the region, from 0 to 1.
    Quantile(f64),
    /// Half way between the quantiles `q` and `1 - q` of the region; 0 for the extremes.
    Middle(f64),
    /// This value.
    Value(f64),
}

impl Level {
    /// As a brightness of the region.
    pub fn of(self, region: &Region) -> f64 {
        let mut sorted: Vec<f64> = region.brightness.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |q: f64| quantile_of_sorted(&sorted, q);
        match self {
            Self::Quantile(q) => at(q),
            Self::Middle(q) => 0.5 * (at(q) + at(1.0 - q)),
            Self::Value(value) => value,
        }
    }
}

fn quantile_of_sorted(sorted: &[f64], q: f64) -> f64 {
    let place = q * (sorted.len() as f64 - 1.0).max(0.0);
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    match (sorted.get(low), sorted.get(high)) {
        (Some(a), Some(b)) => a + (place - low as f64) * (b - a),
        _ => f64::NAN,
    }
}

/// What the positions of a region count as, for one level: `ordered` and `bright` as 0 or 1, `None` where one is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct Classed {
    shape: [usize; 2],
    ordered: Vec<Option<bool>>,
    bright: Vec<Option<bool>>,
    ranks: Vec<f64>,
}

impl Classed {
    /// Bright is above `level`.
    pub fn new(region: &Region, level: f64) -> Self {
        let bright = region.brightness.iter().map(|value| value.is_finite().then_some(*value > level)).collect();
        let ranks = ranks(&region.brightness);
        Self { shape: region.shape, ordered: region.ordered.clone(), bright, ranks }
    }

    /// The table of the maps as they are.
    pub fn table(&self) -> Table2x2 {
        self.table_moved(0, 0, false)
    }

    /// For every position 0 where it is dark, 1 dark and ordered, 2 bright, 3 bright and ordered; NaN where one is not known.
    pub fn codes(&self) -> Vec<f64> {
        let code = |(bright, ordered): (&Option<bool>, &Option<bool>)| match (bright, ordered) {
            (Some(bright), Some(ordered)) => 2.0 * f64::from(u8::from(*bright)) + f64::from(u8::from(*ordered)),
            _ => f64::NAN,
        };
        self.bright.iter().zip(&self.ordered).map(code).collect()
    }

    /// Ways in which one map can be laid over the other.
    pub fn n_moves(&self) -> usize {
        2 * self.shape[0] * self.shape[1]
    }

    fn table_at(&self, index: usize) -> Table2x2 {
        let [dy, dx, turned] = self.moved(index);
        self.table_moved(dy, dx, turned == 1)
    }

    fn moved(&self, index: usize) -> [usize; 3] {
        let [rows, columns] = self.shape;
        [index / 2 / columns % rows, index / 2 % columns, index % 2]
    }

    /// The brightness moved around the edges, and turned by half a turn.
    fn table_moved(&self, dy: usize, dx: usize, turned: bool) -> Table2x2 {
        let mut table = Table2x2::default();
        self.pairs(dy, dx, turned, |ordered, at| match (self.bright[at], ordered) {
            (Some(true), true) => table.a += 1.0,
            (Some(true), false) => table.b += 1.0,
            (Some(false), true) => table.c += 1.0,
            (Some(false), false) => table.d += 1.0,
            (None, _) => {}
        });
        table
    }

    fn pairs(&self, dy: usize, dx: usize, turned: bool, mut each: impl FnMut(bool, usize)) {
        let [rows, columns] = self.shape;
        for (index, ordered) in self.ordered.iter().enumerate() {
            let Some(ordered) = ordered else { continue };
            let (y, x) = ((index / columns + dy) % rows, (index % columns + dx) % columns);
            let at = y * columns + x;
            each(*ordered, if turned { rows * columns - 1 - at } else { at });
        }
    }

    /// Sum of ranks of the brightness over ordered positions less its expectation, and pairs of an ordered with another position.
    fn rank_excess(&self, index: usize) -> (f64, f64) {
        let [dy, dx, turned] = self.moved(index);
        let (mut n, mut m, mut of_ordered, mut of_all) = (0.0, 0.0, 0.0, 0.0);
        self.pairs(dy, dx, turned == 1, |ordered, at| {
            let rank = self.ranks[at];
            if rank.is_finite() {
                n += 1.0;
                of_all += rank;
                if ordered {
                    m += 1.0;
                    of_ordered += rank;
                }
            }
        });
        if n == 0.0 { (0.0, 0.0) } else { (of_ordered - m * of_all / n, m * (n - m)) }
    }
}

/// Ranks of the finite values, NaN elsewhere; equal values share their mean rank.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).filter(|at| values[*at].is_finite()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![f64::NAN; values.len()];
    let mut first = 0;
    while first < order.len() {
        let end = first + order[first..].iter().take_while(|at| values[**at] == values[order[first]]).count();
        order[first..end].iter().for_each(|at| ranks[*at] = 0.5 * (first + end - 1) as f64);
        first = end;
    }
    ranks
}

/// What laying the maps over each other in other ways gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// Probability of an excess as large, of either sign.
    pub p: f64,
    /// The same for the ranks of the brightness.
    pub p_ranks: f64,
    /// Probability that an ordered position is brighter than another one of its region.
    pub auc: f64,
    /// Excess over its naive standard deviation.
    pub z: f64,
    /// The same of the surrogates.
    pub surrogates: Vec<f64>,
    /// Variance of the excess over that of independent positions.
    pub design_effect: f64,
    /// Naive variance of the number of bright and ordered positions.
    pub naive_variance: f64,
}

/// Moves the brightness of every region around its edges, and turns it by half a turn, independently: all ways where there are at
/// most `n`, else `n` that are drawn. Either map keeps its grains; what they have to do with each other is lost.
pub fn chance(regions: &[Classed], n: usize, seed: u64) -> Chance {
    let of_region = |region: &Classed| -> Vec<[f64; 4]> {
        let of = |index: usize| {
            let (excess, variance) = region.table_at(index).excess();
            let (ranks, pairs) = region.rank_excess(index);
            [excess, variance, ranks, pairs]
        };
        (0..region.n_moves()).map(of).collect()
    };
    let moves: Vec<Vec<[f64; 4]>> = regions.iter().map(of_region).collect();
    let total = |chosen: &dyn Fn(usize) -> usize| {
        moves.iter().enumerate().fold([0.0; 4], |sum, (region, moves)| {
            let add = moves.get(chosen(region)).copied().unwrap_or_default();
            std::array::from_fn(|i| sum[i] + add[i])
        })
    };
    let z = |sum: &[f64; 4]| if sum[1] > 0.0 { sum[0] / sum[1].sqrt() } else { 0.0 };
    let found = total(&|_| 0);
    let drawn: Vec<[f64; 4]> = if let [only] = &moves[..]
        && only.len() <= n
    {
        // The first is the maps as they are.
        only.iter().skip(1).copied().collect()
    } else {
        let mut rng = rng(derive_seed(seed, &["association".into()]));
        let one = |_| {
            let places: Vec<usize> = moves.iter().map(|moves| rng.random_range(0..moves.len().max(1))).collect();
            total(&|region| places[region])
        };
        (0..n).map(one).collect()
    };
    let probability = |of: &dyn Fn(&[f64; 4]) -> f64| {
        let limit = of(&found).abs() * (1.0 - 1e-12);
        (1 + drawn.iter().filter(|sum| of(sum).abs() >= limit).count()) as f64 / (1 + drawn.len()) as f64
    };
    let mean =
        |moves: &[[f64; 4]], of: &dyn Fn(&[f64; 4]) -> f64| moves.iter().map(of).sum::<f64>() / moves.len().max(1) as f64;
    let (spatial, naive) = moves.iter().fold((0.0, 0.0), |(spatial, naive), moves| {
        (spatial + mean(moves, &|sum| sum[0] * sum[0]), naive + mean(moves, &|sum| sum[1]))
    });
    Chance {
        p: probability(&z),
        p_ranks: probability(&|sum| sum[2]),
        auc: 0.5 + found[2] / found[3],
        z: z(&found),
        surrogates: drawn.iter().map(z).collect(),
        design_effect: spatial / naive,
        naive_variance: naive,
    }
}

/// Odds ratio that four of five such experiments tell from 1, at 5 %.
pub fn detectable_odds_ratio(naive_variance: f64, design_effect: f64) -> f64 {
    ((NORMAL_95 + Z80) * (design_effect / naive_variance).sqrt()).exp()
}

/// Geometric mean of the odds ratios of regions and Student's 95 % interval; `None` below three.
pub fn mean_of_regions(tables: &[Table2x2]) -> Option<(f64, (f64, f64))> {
    let logarithms: Vec<f64> =
        tables.iter().filter(|table| table.excess().1 > 0.0).map(|table| table.ln_odds_ratio().0).collect();
    let n = logarithms.len() as f64;
    let mean = logarithms.iter().sum::<f64>() / n;
    let variance = logarithms.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let t = student_t_quantile(0.975, n - 1.0).ok().filter(|_| logarithms.len() >= 3)?;
    let half = t * (variance / n).sqrt();
    Some((mean.exp(), ((mean - half).exp(), (mean + half).exp())))
}

/// Exact conditional 95 % interval of the common odds ratio if positions were independent, and Fisher's probability of no
/// association (twice the smaller tail).
pub fn exact_interval(tables: &[Table2x2]) -> ((f64, f64), f64) {
    let (lowest, weights) = tables.iter().fold((0.0, vec![1.0]), |(lowest, weights), table| {
        let (low, own) = hypergeometric(table);
        (lowest + low, convolved(&weights, &own))
    });
    let found: f64 = tables.iter().map(|table| table.a).sum();
    let place = (found - lowest).round().max(0.0) as usize;
    // Shares at and above, and at and below, what was found, for a logarithm of the odds ratio.
    let tails = |ln: f64| {
        let top = weights.iter().enumerate().map(|(i, w)| w.ln() + i as f64 * ln).fold(f64::NEG_INFINITY, f64::max);
        let terms: Vec<f64> = weights.iter().enumerate().map(|(i, w)| (w.ln() + i as f64 * ln - top).exp()).collect();
        let sum: f64 = terms.iter().sum();
        let part = |range: &[f64]| range.iter().sum::<f64>() / sum;
        (part(terms.get(place..).unwrap_or(&[])), part(terms.get(..=place).unwrap_or(&[])))
    };
    let end = |of: &dyn Fn(f64) -> f64| {
        crate::core::fit::brent_root(|ln| of(ln) - 0.025, -40.0, 40.0, 1e-10).map_or(f64::NAN, f64::exp)
    };
    let lo = if place == 0 { 0.0 } else { end(&|ln| tails(ln).0) };
    let hi = if place + 1 >= weights.len() { f64::INFINITY } else { end(&|ln| tails(ln).1) };
    let (above, below) = tails(0.0);
    ((lo, hi), (2.0 * above.min(below)).min(1.0))
}

/// Smallest number of bright and ordered positions that the margins allow, and the weight of every number from it on.
fn hypergeometric(table: &Table2x2) -> (f64, Vec<f64>) {
    let (bright, dark, ordered) = (table.a + table.b, table.c + table.d, table.a + table.c);
    let (low, high) = ((ordered - dark).max(0.0), bright.min(ordered));
    let mut weights = vec![1.0];
    let mut at = low;
    while at < high {
        let ratio = (bright - at) * (ordered - at) / ((at + 1.0) * (dark - ordered + at + 1.0));
        weights.push(weights.last().copied().unwrap_or(1.0) * ratio);
        at += 1.0;
    }
    let sum: f64 = weights.iter().sum();
    (low, weights.into_iter().map(|weight| weight / sum).collect())
}

fn convolved(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut result = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            result[i + j] += x * y;
        }
    }
    result
}

/// Odds ratio that a projection shows where the cluster sits in one of `domains` independent domains through the foil, half of them
/// bright, with this odds ratio between bright and dark domains and the share `ordered` of ordered patterns.
///
/// The sum of `n` equal Gaussian domains is correlated with one of them by `1/√n`, so that their signs agree with the probability
/// `1/2 + asin(1/√n)/π`.
pub fn diluted(odds_ratio: f64, domains: f64, ordered: f64) -> f64 {
    let agree = 0.5 + (1.0 / domains.max(1.0).sqrt()).asin() / std::f64::consts::PI;
    let (bright, dark) = shares(odds_ratio, ordered);
    let mix = |own: f64, other: f64| agree * own + (1.0 - agree) * other;
    let odds = |p: f64| p / (1.0 - p);
    odds(mix(bright, dark)) / odds(mix(dark, bright))
}

/// Shares of ordered positions among bright and dark ones, of a mean share and an odds ratio, where half are bright.
pub fn shares(odds_ratio: f64, ordered: f64) -> (f64, f64) {
    let dark_at = |bright: f64| 2.0 * ordered - bright;
    let (lo, hi) = ((2.0 * ordered - 1.0).max(0.0), (2.0 * ordered).min(1.0));
    let logit = |p: f64| (p / (1.0 - p)).ln();
    let miss = |bright: f64| logit(bright) - logit(dark_at(bright)) - odds_ratio.ln();
    let edge = 1e-12 * (hi - lo);
    let bright = crate::core::fit::brent_root(miss, lo + edge, hi - edge, 1e-14).unwrap_or(ordered);
    (bright, dark_at(bright))
}
