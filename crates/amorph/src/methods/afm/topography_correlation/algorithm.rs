//! Cross-correlation of two maps and its distribution when their phases have nothing to do with one another.

use ndarray::Array2;

use crate::core::fft::RealFft2;
use crate::core::random::phase_randomised;

/// Correlation coefficients of two maps at all lags.
///
/// `r(d) = sum_x a(x + d) b(x) / sqrt(sum a^2 sum b^2)`, both maps freed of their mean, lags taken around the borders: lag 0 is
/// Pearson's coefficient, and at lag `d` the share `|d| / L` of the pairs joins opposite sides of the image.
#[derive(Debug, Clone)]
pub struct CrossCorrelation {
    values: Array2<f64>,
}

/// What is read from the coefficients of one pair of maps.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Coefficient at lag 0.
    pub zero: f64,
    /// Coefficient of the largest magnitude among the lags.
    pub largest: f64,
    /// Its lag, (rows down, columns right).
    pub largest_at: (isize, isize),
    /// Coefficients along the rows, one per column lag from `-columns` to `columns`.
    pub fast: Vec<f64>,
    /// Coefficients along the columns, one per row lag from `-rows` to `rows`, rows counted downwards.
    pub slow: Vec<f64>,
}

/// Lags that are searched: an ellipse of pixels that is a disc in metres.
#[derive(Debug, Clone, PartialEq)]
pub struct Lags {
    within: Vec<(isize, isize)>,
    rows: isize,
    columns: isize,
}

impl Lags {
    /// Lags up to `longest` metres on pixels of `pitch = (dy, dx)` metres; lag 0 is always one of them.
    pub fn up_to(longest: f64, pitch: (f64, f64)) -> Self {
        let (rows, columns) = ((longest / pitch.0) as isize, (longest / pitch.1) as isize);
        let length = |row: isize, column: isize| (row as f64 * pitch.0).hypot(column as f64 * pitch.1);
        let all = (-rows..=rows).flat_map(|row| (-columns..=columns).map(move |column| (row, column)));
        let within = all.filter(|(row, column)| (*row, *column) == (0, 0) || length(*row, *column) <= longest).collect();
        Self { within, rows, columns }
    }

    /// Largest lags along the rows and along the columns, pixels: (rows, columns).
    pub fn reach(&self) -> (isize, isize) {
        (self.rows, self.columns)
    }
}

impl CrossCorrelation {
    /// Of two maps of one shape. Missing values (NaN in either) count as the mean of their map. `None` when a map is constant
    /// over the pixels that both have, or the shapes differ.
    pub fn new(a: &Array2<f64>, b: &Array2<f64>) -> Option<Self> {
        if a.dim() != b.dim() {
            return None;
        }
        let both = ndarray::Zip::from(a).and(b).map_collect(|a, b| a.is_finite() && b.is_finite());
        let (a, b) = (normalised(a, &both)?, normalised(b, &both)?);
        let (rows, columns) = a.dim();
        let fft = RealFft2::new(rows, columns);
        let spectrum = fft.forward(&a.view()) * fft.forward(&b.view()).mapv(|value| value.conj());
        Some(Self { values: fft.inverse(&spectrum.view()) })
    }

    /// The coefficients of a surrogate of the first map, of the same power spectrum but random phases, with the second map.
    ///
    /// The spectrum of the coefficients is the product of those of the maps, so that turning its phases turns those of one map.
    #[must_use]
    pub fn surrogate(&self, seed: u64) -> Self {
        Self { values: phase_randomised(&self.values.view(), seed) }
    }

    /// Coefficient at a lag (rows down, columns right).
    pub fn at(&self, (row, column): (isize, isize)) -> f64 {
        let (rows, columns) = self.values.dim();
        self.values[(row.rem_euclid(rows as isize) as usize, column.rem_euclid(columns as isize) as usize)]
    }

    /// Lag 0, the largest magnitude among `lags`, and the sections along the axes.
    pub fn read(&self, lags: &Lags) -> Reading {
        let zero = self.at((0, 0));
        let (mut largest, mut largest_at) = (zero, (0, 0));
        for &lag in &lags.within {
            let value = self.at(lag);
            if value.abs() > largest.abs() {
                (largest, largest_at) = (value, lag);
            }
        }
        let fast = (-lags.columns..=lags.columns).map(|column| self.at((0, column))).collect();
        let slow = (-lags.rows..=lags.rows).map(|row| self.at((row, 0))).collect();
        Reading { zero, largest, largest_at, fast, slow }
    }
}

/// The map with mean 0 and sum of squares 1 over the usable pixels, 0 elsewhere.
fn normalised(map: &Array2<f64>, usable: &Array2<bool>) -> Option<Array2<f64>> {
    let values = || map.iter().zip(usable).filter(|(_, usable)| **usable).map(|(value, _)| *value);
    let mean = values().sum::<f64>() / values().count() as f64;
    let norm = values().map(|value| (value - mean).powi(2)).sum::<f64>().sqrt();
    let centred = |value: &f64, usable: &bool| if *usable { (value - mean) / norm } else { 0.0 };
    (norm > 0.0 && norm.is_finite()).then(|| ndarray::Zip::from(map).and(usable).map_collect(centred))
}

/// Share of null values at least as large as `value`, the value itself counted among them.
pub fn p_value(value: f64, null: impl Iterator<Item = f64>) -> f64 {
    let (mut n, mut as_large) = (1.0, 1.0);
    for other in null {
        n += 1.0;
        if other >= value {
            as_large += 1.0;
        }
    }
    as_large / n
}

/// Number of independent pairs of values whose coefficient would scatter as the null values do: `1 + 1 / <r^2>`.
pub fn effective_pairs(null: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = null.len() as f64;
    1.0 + n / null.map(|r| r * r).sum::<f64>()
}
