//! The exact height-height correlation function of a masked map.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use super::usable;
use crate::fft::{Blocked, ColumnPass, Complex64, RealFft2, good_size};

/// Why a map has no pair statistics.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PairError {
    /// Fewer than two usable pixels.
    #[error("{found} usable pixels; pairs need at least 2")]
    TooFewPixels {
        /// Usable pixels.
        found: usize,
    },
    /// The mask belongs to another map.
    #[error("the mask has {mask_shape:?} pixels, the map {map_shape:?}")]
    MaskShape {
        /// Rows and columns of the mask.
        mask_shape: (usize, usize),
        /// Rows and columns of the map.
        map_shape: (usize, usize),
    },
}

/// Mean squared difference `H(d) = <[E(x + d) - E(x)]^2>` over all pairs of usable pixels at each lag d, and the number of pairs.
///
/// `H(-d) = H(d)`: the half plane with row lags `0 ..= max_lag.0` is stored, column lags `-max_lag.1 ..= max_lag.1`. Row lags count
/// downwards like rows.
#[derive(Debug, Clone, PartialEq)]
pub struct PairStatistics {
    /// H, `[row lag, max_lag.1 + column lag]`, in the square of the unit of the map; NaN without pairs.
    pub structure: Array2<f64>,
    /// Number of pairs, same layout.
    pub pairs: Array2<f64>,
    /// Largest lag along rows and columns, pixels.
    pub max_lag: (usize, usize),
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// Radius up to which all lags are present, m.
    pub r_max: f64,
}

/// Average over the lags of a ring, or one lag of a section.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RadialLag {
    /// Mean length of the lags, weighted by pairs, m.
    pub distance: f64,
    /// Mean H, weighted by pairs.
    pub structure: f64,
    /// Number of pairs (each counted once).
    pub pairs: f64,
}

/// Pair statistics of a map for lags up to `r_max` metres (all lags when `None`), by zero-padded Fourier transforms:
///
/// `H(d) = [ (M E^2 * M)(d) + (M * M E^2)(d) - 2 (M E * M E)(d) ] / (M * M)(d)`, `*` the correlation, M the mask.
///
/// Exact for any mask (every pair counts once, nothing wraps around). Without missing pixels the number of pairs and the squares are
/// sums over rectangles, which leaves one forward and one inverse transform. O(N log N).
///
/// # Errors
/// [`PairError`].
pub fn pair_statistics(
    values: &ArrayView2<'_, f64>,
    valid: Option<&ArrayView2<'_, bool>>,
    pitch: (f64, f64),
    r_max: Option<f64>,
) -> Result<PairStatistics, PairError> {
    if let Some(mask) = valid.filter(|mask| mask.dim() != values.dim()) {
        return Err(PairError::MaskShape { mask_shape: mask.dim(), map_shape: values.dim() });
    }
    let mask = usable(values, valid);
    let n_valid = mask.iter().filter(|v| **v).count();
    if n_valid < 2 {
        return Err(PairError::TooFewPixels { found: n_valid });
    }
    // H does not know the mean; without it the difference of sums loses no digits.
    let sum: f64 = values.iter().zip(&mask).filter(|(_, m)| **m).map(|(v, _)| v).sum();
    let mean = sum / n_valid as f64;
    let (rows, columns) = values.dim();
    let limit = |n: usize, pitch: f64| r_max.map_or(n - 1, |r| ((r / pitch).floor().max(0.0) as usize).min(n - 1));
    let max_lag = (limit(rows, pitch.0), limit(columns, pitch.1));
    let (structure, pairs) =
        if n_valid == values.len() { complete(values, mean, max_lag) } else { masked(values, &mask, mean, max_lag) };
    Ok(PairStatistics { structure, pairs, max_lag, pitch, r_max: r_max.unwrap_or(f64::INFINITY) })
}

/// Mean squared differences and numbers of pairs of a map without gaps.
fn complete(values: &ArrayView2<'_, f64>, mean: f64, max_lag: (usize, usize)) -> (Array2<f64>, Array2<f64>) {
    let (rows, columns) = values.dim();
    let fft = RealFft2::new(good_size(rows + max_lag.0), good_size(columns + max_lag.1));
    let half_rows = fft.rows_forward(rows, |row, buffer| {
        buffer.iter_mut().zip(values.row(row)).for_each(|(to, from)| *to = from - mean);
    });
    let pass = ColumnPass { inputs: &[&half_rows], slots: 1, outputs: 1, rows_out: max_lag.0 + 1, inverse: true };
    let correlated = fft.columns(&pass, |_, slots| {
        for value in slots.iter_mut().flat_map(|slot| slot.iter_mut()) {
            *value = Complex64::new(value.norm_sqr(), 0.0);
        }
    });
    let squares = CornerSums::of_squares(values, mean);
    let structure = lags(&fft, &correlated[..1], max_lag, |drow, row| squares.finish(drow, max_lag.1, row));
    let pairs = Array2::from_shape_fn(structure.dim(), |(drow, column)| {
        ((rows - drow) * (columns - column.abs_diff(max_lag.1))) as f64
    });
    (structure, pairs)
}

/// Adding and taking off this number rounds numbers of pairs to whole ones: 1.5 x 2^52.
const WHOLE: f64 = 6_755_399_441_055_744.0;

/// Mean squared differences and numbers of pairs of a map with gaps.
fn masked(values: &ArrayView2<'_, f64>, mask: &Array2<bool>, mean: f64, max_lag: (usize, usize)) -> (Array2<f64>, Array2<f64>) {
    let (rows, columns) = values.dim();
    let fft = RealFft2::new(good_size(rows + max_lag.0), good_size(columns + max_lag.1));
    let transform = |term: fn(f64) -> f64| {
        fft.rows_forward(rows, move |row, buffer| {
            for ((to, from), valid) in buffer.iter_mut().zip(values.row(row)).zip(mask.row(row)) {
                *to = if *valid { term(from - mean) } else { 0.0 };
            }
        })
    };
    let (weight, value, square) = (transform(|_| 1.0), transform(|v| v), transform(|v| v * v));
    let pass = ColumnPass { inputs: &[&weight, &value, &square], slots: 3, outputs: 2, rows_out: max_lag.0 + 1, inverse: true };
    let correlated = fft.columns(&pass, |_, slots| {
        if let [weight, value, square] = slots {
            for ((w, v), s) in weight.iter_mut().zip(value.iter_mut()).zip(square.iter()) {
                let sum = 2.0 * (w.re * s.re + w.im * s.im - v.norm_sqr());
                *v = Complex64::new(w.norm_sqr(), 0.0);
                *w = Complex64::new(sum, 0.0);
            }
        }
    });
    // Counts are whole: what is there besides is rounding.
    let whole = |_: usize, row: &mut [f64]| row.iter_mut().for_each(|n| *n = (*n + WHOLE) - WHOLE);
    let pairs = lags(&fft, &correlated[1..], max_lag, whole);
    let structure = lags(&fft, &correlated[..1], max_lag, |drow, row| {
        for (h, n) in row.iter_mut().zip(pairs.row(drow)) {
            *h = if *n > 0.0 { (*h / n).max(0.0) } else { f64::NAN };
        }
    });
    (structure, pairs)
}

/// Reads the lags of the half plane from a correlation of the padded size; `finish(row lag, row)` makes the result of a row.
fn lags(
    fft: &RealFft2,
    correlated: &[Blocked],
    max_lag: (usize, usize),
    finish: impl Fn(usize, &mut [f64]) + Sync,
) -> Array2<f64> {
    let (rows, columns) = fft.shape();
    let factor = 1.0 / (rows * columns) as f64;
    let width = 2 * max_lag.1 + 1;
    let read = |half: &Blocked| {
        fft.rows_inverse(half, width, |drow, values, out| {
            let (left, right) = out.split_at_mut(max_lag.1);
            left.iter_mut().zip(&values[columns - max_lag.1..]).for_each(|(to, from)| *to = from * factor);
            right.iter_mut().zip(&values[..=max_lag.1]).for_each(|(to, from)| *to = from * factor);
            finish(drow, out);
        })
    };
    let values = correlated.first().map(read).unwrap_or_default();
    Array2::from_shape_vec((max_lag.0 + 1, width), values).unwrap_or_default()
}

/// Sums over rectangles by a summed-area table.
struct CornerSums {
    shape: (usize, usize),
    table: Vec<f64>,
}

impl CornerSums {
    fn of_squares(values: &ArrayView2<'_, f64>, mean: f64) -> Self {
        let (rows, columns) = values.dim();
        let stride = columns + 1;
        let mut table = vec![0.0; (rows + 1) * stride];
        for (row, line) in values.rows().into_iter().enumerate() {
            let (above, below) = table.split_at_mut((row + 1) * stride);
            let above = &above[row * stride..];
            let mut sum = 0.0;
            for ((to, up), value) in below[1..stride].iter_mut().zip(&above[1..]).zip(line) {
                sum += (value - mean) * (value - mean);
                *to = up + sum;
            }
        }
        Self { shape: (rows, columns), table }
    }

    /// Makes mean squared differences of the correlations at the lags of one row, `centre` of them to the left.
    ///
    /// The first pixels of the pairs fill one corner rectangle of the map, the second pixels the opposite one.
    fn finish(&self, drow: usize, centre: usize, correlations: &mut [f64]) {
        let (rows, columns) = self.shape;
        let height = rows - drow;
        let row = |row: usize| &self.table[row * (columns + 1)..(row + 1) * (columns + 1)];
        let (top, above, whole) = (row(height), row(drow), row(rows));
        let bottom = |column: usize| whole[column] - above[column];
        let (top_all, bottom_all) = (top[columns], bottom(columns));
        let mean = |squares: f64, correlation: f64, dcolumn: usize| {
            ((squares - 2.0 * correlation) / (height * (columns - dcolumn)) as f64).max(0.0)
        };
        let (left, right) = correlations.split_at_mut(centre);
        for (dcolumn, to) in right.iter_mut().enumerate() {
            *to = mean(top[columns - dcolumn] + (bottom_all - bottom(dcolumn)), *to, dcolumn);
        }
        for (to, dcolumn) in left.iter_mut().rev().zip(1..) {
            *to = mean((top_all - top[dcolumn]) + bottom(columns - dcolumn), *to, dcolumn);
        }
    }
}

/// Rows of lags that are averaged together before the bands are added.
const ROWS_PER_BAND: usize = 32;
/// Keeps lags of exactly `r_max` in spite of rounding.
const R_MAX_ROUNDING: f64 = 1.0 + 1e-12;

impl PairStatistics {
    /// H and number of pairs at a lag of `drow` rows down and `dcolumn` columns right; `None` beyond the largest lag.
    pub fn at(&self, drow: isize, dcolumn: isize) -> Option<(f64, f64)> {
        let dcolumn = if drow < 0 { -dcolumn } else { dcolumn };
        let column = usize::try_from(self.max_lag.1 as isize + dcolumn).ok()?;
        let index = (drow.unsigned_abs(), column);
        Some((*self.structure.get(index)?, *self.pairs.get(index)?))
    }

    /// Every lag once, except zero: (x, y) in metres with y up, H, number of pairs. Lags without pairs are left out, and lags longer
    /// than `r_max`.
    pub fn lags(&self) -> impl Iterator<Item = ([f64; 2], f64, f64)> + '_ {
        self.structure.indexed_iter().zip(&self.pairs).filter_map(|(((drow, column), h), n)| {
            let dcolumn = column as isize - self.max_lag.1 as isize;
            let x = dcolumn as f64 * self.pitch.1;
            let y = -(drow as f64) * self.pitch.0;
            let wanted = (drow > 0 || dcolumn > 0) && *n > 0.0 && x.hypot(y) <= self.r_max * R_MAX_ROUNDING;
            wanted.then_some(([x, y], *h, *n))
        })
    }

    /// Mean over all directions in rings of `width` metres, ring i around `i * width`; empty rings are left out.
    pub fn radial(&self, width: f64) -> Vec<RadialLag> {
        // Bands of rows in parallel, added in order: the same sums for any number of threads.
        let bands = self.max_lag.0 / ROWS_PER_BAND + 1;
        let parts: Vec<Vec<[f64; 3]>> = (0..bands).into_par_iter().map(|band| self.ring_sums(band, width)).collect();
        let mut sums: Vec<[f64; 3]> = Vec::new();
        for part in parts {
            sums.resize(sums.len().max(part.len()), [0.0; 3]);
            for (sum, part) in sums.iter_mut().zip(part) {
                sum.iter_mut().zip(part).for_each(|(to, from)| *to += from);
            }
        }
        let mean = |[n, d, h]: [f64; 3]| RadialLag { distance: d / n, structure: h / n, pairs: n };
        sums.into_iter().filter(|sum| sum[0] > 0.0).map(mean).collect()
    }

    /// Pairs, pairs times distance and pairs times H of the rings, over one band of row lags.
    fn ring_sums(&self, band: usize, width: f64) -> Vec<[f64; 3]> {
        let (centre, rows) = (self.max_lag.1, self.structure.nrows());
        let band = band * ROWS_PER_BAND..((band + 1) * ROWS_PER_BAND).min(rows);
        let (per_width, r_max) = (1.0 / width, self.r_max * R_MAX_ROUNDING);
        let longest = (band.end as f64 * self.pitch.0).hypot(centre as f64 * self.pitch.1).min(r_max);
        let mut sums = vec![[0.0; 3]; (longest * per_width) as usize + 2];
        let weighted = |h: f64, n: f64| if n > 0.0 { n * h } else { 0.0 };
        for drow in band {
            let y = drow as f64 * self.pitch.0;
            let (structure, pairs) = (self.structure.row(drow), self.pairs.row(drow));
            let at = |column: usize| (weighted(structure[column], pairs[column]), pairs[column]);
            for dcolumn in usize::from(drow == 0)..=centre {
                let x = dcolumn as f64 * self.pitch.1;
                let distance = (x * x + y * y).sqrt();
                if distance > r_max {
                    break;
                }
                // Lags to the left and to the right are of one length; those of no rows are the same pairs.
                let (right, left) =
                    (at(centre + dcolumn), if drow > 0 && dcolumn > 0 { at(centre - dcolumn) } else { (0.0, 0.0) });
                let n = right.1 + left.1;
                if let Some(sum) = sums.get_mut((distance * per_width + 0.5) as usize) {
                    *sum = [sum[0] + n, sum[1] + n * distance, sum[2] + right.0 + left.0];
                }
            }
        }
        sums
    }

    /// H along the fast axis (columns).
    pub fn fast_axis(&self) -> Vec<RadialLag> {
        self.section(|i| (0, i), self.max_lag.1, self.pitch.1)
    }

    /// H along the slow axis (rows).
    pub fn slow_axis(&self) -> Vec<RadialLag> {
        self.section(|i| (i, 0), self.max_lag.0, self.pitch.0)
    }

    fn section(&self, lag: impl Fn(isize) -> (isize, isize), longest: usize, pitch: f64) -> Vec<RadialLag> {
        let one = |i: usize| {
            let (drow, dcolumn) = lag(i as isize);
            let (structure, pairs) = self.at(drow, dcolumn)?;
            (pairs > 0.0).then_some(RadialLag { distance: i as f64 * pitch, structure, pairs })
        };
        (1..=longest).filter_map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::golden_map;
    use crate::random::standard_normals;

    fn noise(rows: usize, columns: usize) -> Array2<f64> {
        let values = standard_normals(31, rows * columns).into_iter().map(|v| 100.0 + 3.0 * v).collect();
        Array2::from_shape_vec((rows, columns), values).unwrap()
    }

    fn brute_force(map: &Array2<f64>, mask: &Array2<bool>, drow: isize, dcolumn: isize) -> (f64, f64) {
        let (mut sum, mut n) = (0.0, 0.0);
        for ((row, column), value) in map.indexed_iter() {
            let (Some(r), Some(c)) = (row.checked_add_signed(drow), column.checked_add_signed(dcolumn)) else { continue };
            if mask[(row, column)] && mask.get((r, c)) == Some(&true) {
                sum += (map[(r, c)] - value).powi(2);
                n += 1.0;
            }
        }
        (sum / n, n)
    }

    fn compare(map: &Array2<f64>, mask: &Array2<bool>, r_max: Option<f64>) {
        let statistics = pair_statistics(&map.view(), Some(&mask.view()), (1.0, 1.0), r_max).unwrap();
        let (ly, lx) = (statistics.max_lag.0 as isize, statistics.max_lag.1 as isize);
        for drow in -ly..=ly {
            for dcolumn in -lx..=lx {
                let (h, n) = statistics.at(drow, dcolumn).unwrap();
                let (expected, count) = brute_force(map, mask, drow, dcolumn);
                assert_eq!(n, count, "pairs at {drow} {dcolumn}");
                assert!(n == 0.0 && h.is_nan() || (h - expected).abs() < 1e-9, "{drow} {dcolumn}: {h} {expected}");
            }
        }
        assert!(statistics.at(ly + 1, 0).is_none() && statistics.at(0, -lx - 1).is_none());
    }

    #[test]
    fn equals_the_sum_over_pairs() {
        for (rows, columns) in [(7, 10), (12, 5), (1, 9)] {
            let map = noise(rows, columns);
            let all = map.mapv(|_| true);
            let some = Array2::from_shape_fn((rows, columns), |(r, c)| (3 * r + 5 * c) % 4 != 0);
            for r_max in [None, Some(3.5)] {
                compare(&map, &all, r_max);
                compare(&map, &some, r_max);
            }
        }
    }

    #[test]
    fn missing_values_are_masked() {
        let mut map = noise(8, 9);
        let mut mask = map.mapv(|_| true);
        mask[(2, 3)] = false;
        let expected = pair_statistics(&map.view(), Some(&mask.view()), (1.0, 1.0), None).unwrap();
        map[(2, 3)] = f64::NAN;
        let found = pair_statistics(&map.view(), None, (1.0, 1.0), None).unwrap();
        assert_eq!(found.pairs, expected.pairs);
        assert!(found.lags().zip(expected.lags()).all(|(a, b)| (a.1 - b.1).abs() < 1e-12));
    }

    #[test]
    fn turning_and_rescaling_the_map_changes_nothing_else() {
        let map = noise(11, 14);
        let statistics = pair_statistics(&map.view(), None, (2e-9, 1e-9), None).unwrap();
        let turned = pair_statistics(&map.t(), None, (1e-9, 2e-9), None).unwrap();
        let scaled = pair_statistics(&(1e-20 * &map).view(), None, (2.0, 1.0), None).unwrap();
        for (a, b) in statistics.radial(1e-9).iter().zip(turned.radial(1e-9)) {
            assert!((a.structure / b.structure - 1.0).abs() < 1e-12 && a.pairs == b.pairs);
            assert!((a.distance / b.distance - 1.0).abs() < 1e-12);
        }
        for (a, b) in statistics.fast_axis().iter().zip(turned.slow_axis()) {
            assert!((a.structure / b.structure - 1.0).abs() < 1e-12 && a.distance == b.distance);
        }
        for (a, b) in statistics.radial(1e-9).iter().zip(scaled.radial(1.0)) {
            assert!((a.structure * 1e-40 / b.structure - 1.0).abs() < 1e-11);
        }
    }

    #[test]
    fn rings_hold_every_pair_once() {
        let map = noise(9, 6);
        let statistics = pair_statistics(&map.view(), None, (1.0, 1.0), None).unwrap();
        let pairs: f64 = statistics.radial(1.0).iter().map(|ring| ring.pairs).sum();
        assert_eq!(pairs, f64::from(54 * 53 / 2));
    }

    #[test]
    fn too_few_pixels_are_refused() {
        let map = noise(4, 4);
        let mask = Array2::from_shape_fn((4, 4), |index| index == (1, 1));
        let error = pair_statistics(&map.view(), Some(&mask.view()), (1.0, 1.0), None).unwrap_err();
        assert_eq!(error, PairError::TooFewPixels { found: 1 });
        let wrong = Array2::from_elem((3, 4), true);
        assert!(pair_statistics(&map.view(), Some(&wrong.view()), (1.0, 1.0), None).is_err());
    }

    /// Pair sums computed independently, shared/data/afm/golden_stats.json.
    #[test]
    fn golden_pair_sums() {
        let Some(map) = golden_map() else { return };
        for r_max in [None, Some(40.0)] {
            let statistics = pair_statistics(&map.view(), None, (1.0, 1.0), r_max).unwrap();
            for (dcolumn, drow, expected) in [
                (1, 0, 0.44147570324794394),
                (0, 1, 0.44117414600285937),
                (3, 0, 1.0504202790611041),
                (0, 4, 1.271190224469691),
                (5, 5, 1.6644133030133463),
                (5, -5, 1.6620168579914847),
                (12, -7, 1.9066434953637428),
            ] {
                let (h, _) = statistics.at(drow, dcolumn).unwrap();
                assert!((h - expected).abs() < 1e-9, "{dcolumn} {drow}: {h}");
            }
        }
    }
}
