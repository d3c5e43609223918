//! Surrogates: fields with the marginal distribution or the spectrum of a given map.

use std::f64::consts::TAU;

use ndarray::{Array2, ArrayView2};
use rand::RngExt;

use super::rng;
use crate::fft::{ColumnPass, Complex64, RealFft2};

/// Replaces the values of `field` where `valid` (everywhere when `None`) by `sorted`, rank by rank: the smallest becomes the
/// smallest, and so on. With a different number of values the quantiles are interpolated linearly.
///
/// `sorted` must be in rising order. Equal values keep the order of their pixels. Pixels that are not valid become NaN. An empty
/// `sorted` leaves the field unchanged. The rank transform changes the correlation of a skewed marginal slightly.
pub fn impose_marginal(field: &mut Array2<f64>, valid: Option<&ArrayView2<'_, bool>>, sorted: &[f64]) {
    let (Some(last), false) = (sorted.len().checked_sub(1), field.is_empty()) else { return };
    let usable = |index: usize| valid.is_none_or(|mask| mask[(index / mask.ncols(), index % mask.ncols())]);
    let mut order: Vec<(u64, u32)> =
        field.iter().enumerate().filter(|(i, _)| usable(*i)).map(|(i, v)| (ordered_bits(*v), i as u32)).collect();
    order.sort_unstable();
    let n = order.len();
    let mut values = vec![f64::NAN; field.len()];
    for (rank, (_, index)) in order.into_iter().enumerate() {
        values[index as usize] = if n == sorted.len() {
            sorted[rank]
        } else {
            let position = rank as f64 / (n.max(2) - 1) as f64 * last as f64;
            let below = (position as usize).min(last);
            let above = (below + 1).min(last);
            sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
        };
    }
    field.iter_mut().zip(values).for_each(|(to, from)| *to = from);
}

/// Bits that sort as unsigned integers like the numbers (NaN last).
fn ordered_bits(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// A map with the periodogram and the mean of `map` and random phases: the surrogate for tests of correlation between maps.
///
/// Missing values are not allowed (they make the result NaN): replace them by the mean before. Source: Theiler et al. 1992,
/// doi:10.1016/0167-2789(92)90102-S.
pub fn phase_randomised(map: &ArrayView2<'_, f64>, seed: u64) -> Array2<f64> {
    let (rows, columns) = map.dim();
    let fft = RealFft2::new(rows, columns).sequential();
    let half_rows = fft.rows_forward(rows, |row, buffer| {
        buffer.iter_mut().zip(map.row(row)).for_each(|(to, from)| *to = *from);
    });
    let mut generator = rng(seed);
    let turns: Vec<f64> = (0..rows * fft.half()).map(|_| generator.random()).collect();
    let pass = ColumnPass { inputs: &[&half_rows], slots: 1, outputs: 1, rows_out: rows, inverse: true };
    let turned = fft.columns(&pass, |column, slots| {
        let own_mirror = column == 0 || 2 * column == columns;
        for value in slots.iter_mut().flat_map(|slot| slot.iter_mut()).enumerate() {
            turn(value, rows, own_mirror, &turns[column * rows..(column + 1) * rows]);
        }
    });
    let factor = 1.0 / map.len().max(1) as f64;
    let scale = |_, values: &[f64], out: &mut [f64]| out.iter_mut().zip(values).for_each(|(to, from)| *to = from * factor);
    let values = turned.first().map(|half| fft.rows_inverse(half, columns, scale)).unwrap_or_default();
    let mut surrogate = Array2::zeros((rows, columns));
    surrogate.iter_mut().zip(values).for_each(|(to, from)| *to = from);
    surrogate
}

/// Turns the phase of one entry of a column; in a column that is its own mirror image, opposite frequencies stay conjugates.
fn turn((row, value): (usize, &mut Complex64), rows: usize, own_mirror: bool, turns: &[f64]) {
    let mirror = (rows - row) % rows;
    let angle = match (own_mirror, row.cmp(&mirror)) {
        (false, _) | (true, std::cmp::Ordering::Less) => TAU * turns[row],
        (true, std::cmp::Ordering::Greater) => -TAU * turns[mirror],
        (true, std::cmp::Ordering::Equal) => 0.0,
    };
    *value *= Complex64::from_polar(1.0, angle);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fft::{Sides, Window, power_spectrum};
    use crate::random::standard_normals;

    fn noise(rows: usize, columns: usize) -> Array2<f64> {
        Array2::from_shape_vec((rows, columns), standard_normals(2, rows * columns)).unwrap()
    }

    #[test]
    fn ranks_are_kept_and_values_taken_over() {
        let field = noise(9, 7);
        let sorted: Vec<f64> = (0..63).map(|i| f64::from(i).powi(2)).collect();
        let mut mapped = field.clone();
        impose_marginal(&mut mapped, None, &sorted);
        let mut values: Vec<f64> = mapped.iter().copied().collect();
        values.sort_by(f64::total_cmp);
        assert_eq!(values, sorted);
        for (a, ma) in field.iter().zip(&mapped) {
            for (b, mb) in field.iter().zip(&mapped) {
                assert_eq!(a < b, ma < mb);
            }
        }
    }

    #[test]
    fn fewer_values_are_interpolated_and_masked_pixels_left_out() {
        let mut field = Array2::from_shape_vec((1, 6), vec![5.0, -1.0, f64::NAN, 2.0, 9.0, 0.0]).unwrap();
        let valid = field.mapv(f64::is_finite);
        impose_marginal(&mut field, Some(&valid.view()), &[0.0, 1.0, 4.0]);
        assert!(field[(0, 2)].is_nan());
        assert_eq!([field[(0, 1)], field[(0, 5)], field[(0, 3)], field[(0, 0)], field[(0, 4)]], [0.0, 0.5, 1.0, 2.5, 4.0]);
    }

    #[test]
    fn random_phases_keep_the_periodogram_and_the_mean() {
        for (rows, columns) in [(12, 16), (9, 7), (8, 5)] {
            let map = noise(rows, columns) + 3.0;
            let surrogate = phase_randomised(&map.view(), 4);
            assert!((surrogate.sum() - map.sum()).abs() < 1e-11 * map.sum());
            assert!((&surrogate - &map).iter().any(|difference| difference.abs() > 0.1));
            let spectrum = |m: &Array2<f64>| power_spectrum(&m.view(), (1.0, 1.0), Window::Rectangular, Sides::Two);
            let (a, b) = (spectrum(&map).density, spectrum(&surrogate).density);
            let largest = a.iter().copied().fold(0.0, f64::max);
            assert!((&a - &b).iter().all(|difference| difference.abs() < 1e-12 * largest));
        }
    }
}
