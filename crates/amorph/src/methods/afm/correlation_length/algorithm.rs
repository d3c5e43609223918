//! From an image to its structure function and the fit of it.

use ndarray::{Array2, ArrayView2};

use crate::core::image::{PairStatistics, RadialLag, pair_statistics};
use crate::methods::afm::field::{
    FieldFit, FitRules, RowsLevelled, distance_at_correlation, fit_structure_function, log_length_std, ring_width,
};

/// Sectors of 180 degrees in which the structure function is averaged.
pub const SECTORS: usize = 12;
/// Lags that go into the sectors, in correlation lengths.
const SECTOR_LAGS: (f64, f64) = (0.5, 2.0);

/// What is done to every image, measured or simulated.
#[derive(Debug, Clone, Copy)]
pub struct Pipeline<'a> {
    /// Pixels that may be used.
    pub valid: &'a ArrayView2<'a, bool>,
    /// Number of these.
    pub n_valid: f64,
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// How to fit.
    pub rules: FitRules,
    /// Variance of the white noise where it is known: it is taken from the structure function before the fit.
    pub noise_variance: f64,
    /// What is taken from the rows first.
    pub rows_levelled: RowsLevelled,
    /// Longest lag, m.
    pub longest: f64,
    /// The fit relative to which the structure function is averaged over sectors.
    pub reference: Option<&'a FieldFit>,
}

/// What an image tells about its field.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Radial structure function.
    pub radial: Vec<RadialLag>,
    /// Population variance of the values.
    pub variance: f64,
    /// Distance where the correlation is 1/e, m.
    pub r_1e: Option<f64>,
    /// Distance where the correlation is 0.2, m.
    pub sal: Option<f64>,
    /// The fit, where there is one.
    pub fit: Option<FieldFit>,
    /// Standard deviation of ln xi by linearisation of the fit.
    pub ln_xi_std: Option<f64>,
    /// Structure function relative to the reference in sectors of direction, from +x towards +y; NaN where a sector has no lags.
    pub by_direction: Vec<f64>,
}

impl Pipeline<'_> {
    /// Structure function of an image, `[rows, columns]`.
    pub fn pairs(&self, values: &Array2<f64>) -> Option<PairStatistics> {
        pair_statistics(&values.view(), Some(self.valid), self.pitch, Some(self.longest)).ok()
    }

    /// Everything about an image, rows levelled; `None` where it has no pairs.
    pub fn measure(&self, mut values: Array2<f64>) -> Option<Measured> {
        self.rows_levelled.level(&mut values, self.valid);
        let sum: f64 = self.usable(&values).sum();
        let mean = sum / self.n_valid;
        let variance = self.usable(&values).map(|value| (value - mean).powi(2)).sum::<f64>() / self.n_valid;
        let pairs = self.pairs(&values)?;
        let by_direction = self.reference.map(|fit| by_direction(&pairs, fit)).unwrap_or_default();
        Some(Measured { by_direction, ..self.of_radial(pairs.radial(ring_width(self.pitch)), variance) })
    }

    /// The same from a structure function, measured or expected.
    pub fn of_radial(&self, radial: Vec<RadialLag>, variance: f64) -> Measured {
        let r_1e = distance_at_correlation(&radial, variance, (-1f64).exp());
        let sal = distance_at_correlation(&radial, variance, 0.2);
        let without_noise = |lag: &RadialLag| RadialLag { structure: lag.structure - 2.0 * self.noise_variance, ..*lag };
        let to_fit: Vec<RadialLag> = radial.iter().map(without_noise).collect();
        let fit =
            r_1e.and_then(|guess| fit_structure_function(&to_fit, guess, &self.rules).ok()).map(|fit| self.with_noise(fit));
        let ln_xi_std = fit.as_ref().and_then(|fit| log_length_std(fit, &radial, &self.rules, self.pitch, self.n_valid));
        Measured { radial, variance, r_1e, sal, fit, ln_xi_std, by_direction: Vec::new() }
    }

    fn with_noise(&self, mut fit: FieldFit) -> FieldFit {
        if self.noise_variance > 0.0 {
            fit.nugget_variance = self.noise_variance;
            fit.model.nugget_sd = self.noise_variance.sqrt();
        }
        fit
    }

    fn usable<'v>(&'v self, values: &'v Array2<f64>) -> impl Iterator<Item = f64> + 'v {
        values.iter().zip(self.valid).filter(|(_, valid)| **valid).map(|(value, _)| *value)
    }
}

/// Mean of H over the fitted H in sectors of direction, each lag counted by its pairs.
pub fn by_direction(pairs: &PairStatistics, fit: &FieldFit) -> Vec<f64> {
    let mut sums = [[0.0; 2]; SECTORS];
    for ([x, y], structure, n) in pairs.lags() {
        let r = x.hypot(y);
        if (SECTOR_LAGS.0 * fit.xi()..=SECTOR_LAGS.1 * fit.xi()).contains(&r) {
            let turn = y.atan2(x).rem_euclid(std::f64::consts::PI) / std::f64::consts::PI;
            let sum = &mut sums[((turn * SECTORS as f64 + 0.5) as usize) % SECTORS];
            *sum = [sum[0] + n, sum[1] + n * structure / fit.structure_at(r)];
        }
    }
    sums.iter().map(|[n, sum]| sum / n).collect()
}

/// Contact radius of a sphere of `radius` pressed with `force` against a half space of reduced modulus `modulus`, Hertz:
/// `a = (3 F R / (4 E*))^(1/3)`, m.
pub fn contact_radius(force: f64, radius: f64, modulus: f64) -> f64 {
    (0.75 * force * radius / modulus).cbrt()
}

/// Share of the variance of a field that the removal of its mean and of row polynomials takes: `I / area`, and
/// `(degree + 1) 2 xi Gamma(1 + 1/(2 alpha)) / width` for rows (exact to first order for degree 0).
pub fn lost_variance(integral_range: f64, xi: f64, alpha: f64, size: (f64, f64), rows_levelled: RowsLevelled) -> f64 {
    match rows_levelled.degree() {
        None => integral_range / (size.0 * size.1),
        Some(degree) => (degree as f64 + 1.0) * 2.0 * xi * crate::core::special::gamma(1.0 + 0.5 / alpha) / size.0,
    }
}

/// Columns by which the retrace may lie beside the trace.
const LARGEST_SHIFT: isize = 4;

/// Variance of the noise of one of two images of the same area: half the variance of their difference, at the shift along the rows
/// where that is least. `None` where fewer than two pixels are usable in both.
pub fn noise_of_two(first: &ArrayView2<'_, f64>, second: &ArrayView2<'_, f64>, valid: &ArrayView2<'_, bool>) -> Option<f64> {
    let at_shift = |shift: isize| {
        let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for ((row, column), value) in first.indexed_iter() {
            let Some(other) = column.checked_add_signed(shift).and_then(|column| second.get((row, column))) else { continue };
            let difference = value - other;
            if valid[(row, column)] && difference.is_finite() {
                n += 1.0;
                sum += difference;
                squares += difference * difference;
            }
        }
        (n > 1.0).then(|| 0.5 * (squares / n - (sum / n).powi(2)))
    };
    (-LARGEST_SHIFT..=LARGEST_SHIFT).filter_map(at_shift).min_by(f64::total_cmp).map(|variance| variance.max(0.0))
}
