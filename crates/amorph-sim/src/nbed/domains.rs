//! Bright and dark domains of an annular dark-field image, and the order of the patterns below them.

use amorph_core::random::{FieldModel, FieldSampler, derive_seed};
use ndarray::Array2;

use crate::SimulationError;

/// A field with grains of brightness and grains of order, and a known odds ratio between them.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderedDomains {
    /// Probe positions (rows, columns).
    pub scan: [usize; 2],
    /// Image pixels per step of the scan.
    pub pixels_per_step: usize,
    /// Correlation length of the brightness, steps of the scan.
    pub brightness_length: f64,
    /// Correlation length of the order, steps of the scan; 0 for patterns that are independent of each other.
    pub order_length: f64,
    /// Odds of order at bright positions over those at dark ones.
    pub odds_ratio: f64,
    /// Odds of order at dark positions times the root of `odds_ratio`: 1 for about a half.
    pub odds: f64,
}

/// An image and what is true of the positions below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Domains {
    /// Brightness of the image pixels, mean 0, standard deviation about 1.
    pub image: Array2<f64>,
    /// Mean brightness of every position.
    pub binned: Array2<f64>,
    /// Whether the pattern of a position is ordered, row by row.
    pub ordered: Vec<bool>,
}

impl Default for OrderedDomains {
    /// 10 x 10 positions with grains of two steps, unrelated.
    fn default() -> Self {
        Self { scan: [10, 10], pixels_per_step: 4, brightness_length: 2.0, order_length: 2.0, odds_ratio: 1.0, odds: 1.5 }
    }
}

impl OrderedDomains {
    /// Brightness and order: a position is ordered where a second field, independent of the first, lies below a level, and the level is
    /// that of `odds · √odds_ratio` where the position is brighter than the median of the field, else `odds / √odds_ratio`.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`].
    pub fn sample(&self, seed: u64) -> Result<Domains, SimulationError> {
        SimulationError::require_positive("odds_ratio", self.odds_ratio)?;
        SimulationError::require_positive("odds", self.odds)?;
        SimulationError::require_positive("brightness_length", self.brightness_length)?;
        SimulationError::require_not_negative("order_length", self.order_length)?;
        let ([rows, columns], fine) = (self.scan, self.pixels_per_step);
        let image = self.field(self.brightness_length * fine as f64, (rows * fine, columns * fine), seed, "brightness")?;
        let cell = (fine * fine) as f64;
        let binned = Array2::from_shape_fn((rows, columns), |(row, column)| {
            let pixels = (0..fine).flat_map(|y| (0..fine).map(move |x| (row * fine + y, column * fine + x)));
            pixels.map(|at| image[at]).sum::<f64>() / cell
        });
        let order = self.field(self.order_length, (rows, columns), seed, "order")?;
        let level = |bright: bool| {
            let odds = if bright { self.odds * self.odds_ratio.sqrt() } else { self.odds / self.odds_ratio.sqrt() };
            amorph_core::stats::normal_quantile(odds / (1.0 + odds)).unwrap_or(0.0)
        };
        let levels = [level(false), level(true)];
        let values: Vec<f64> = binned.iter().copied().collect();
        let median = amorph_core::stats::median(&values).unwrap_or(0.0);
        let ordered = binned.iter().zip(&order).map(|(brightness, order)| *order < levels[usize::from(*brightness > median)]);
        Ok(Domains { ordered: ordered.collect(), image, binned })
    }

    fn field(&self, length: f64, shape: (usize, usize), seed: u64, name: &'static str) -> Result<Array2<f64>, SimulationError> {
        // Far below a pixel the field is white.
        let model = FieldModel::isotropic(1.0, length.max(1e-3), 1.0);
        let wrong = |_| SimulationError::Parameter { name, value: length, allowed: "a length that fits the field" };
        Ok(FieldSampler::new(&model, shape, (1.0, 1.0)).map_err(wrong)?.sample(derive_seed(seed, &[name.into()])))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn odds_and_lengths_are_those_asked_for() {
        let domains = OrderedDomains { scan: [60, 70], odds_ratio: 4.0, odds: 1.0, ..OrderedDomains::default() };
        let mut cells = [0.0; 4];
        let mut alike = [0.0; 2];
        for seed in 0..40 {
            let sample = domains.sample(seed).unwrap();
            assert_eq!((sample.image.dim(), sample.binned.dim()), ((240, 280), (60, 70)));
            let values: Vec<f64> = sample.binned.iter().copied().collect();
            let median = amorph_core::stats::median(&values).unwrap();
            for (index, (brightness, ordered)) in sample.binned.iter().zip(&sample.ordered).enumerate() {
                cells[2 * usize::from(*brightness > median) + usize::from(*ordered)] += 1.0;
                if index % 70 + 1 < 70 {
                    alike[0] += 1.0;
                    alike[1] += f64::from(u8::from(sample.ordered[index + 1] == *ordered));
                }
            }
        }
        let [dark, dark_ordered, bright, bright_ordered] = cells;
        let found: f64 = (bright_ordered / bright) / (dark_ordered / dark);
        assert!((found / 4.0).ln().abs() < 0.12, "{found}");
        // Neighbours half a length apart are alike far more often than the half of independent ones.
        assert!(alike[1] / alike[0] > 0.7, "{alike:?}");
    }

    #[test]
    fn impossible_domains_are_refused() {
        for domains in [
            OrderedDomains { odds_ratio: 0.0, ..OrderedDomains::default() },
            OrderedDomains { odds: -1.0, ..OrderedDomains::default() },
            OrderedDomains { brightness_length: f64::NAN, ..OrderedDomains::default() },
        ] {
            assert!(matches!(domains.sample(1), Err(SimulationError::Parameter { .. })));
        }
    }
}
