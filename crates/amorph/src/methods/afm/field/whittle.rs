//! The fit of a map in frequency space.

use ndarray::{Array2, ArrayView2};

use super::fit::window;
use super::{FieldFit, RowsLevelled, ring_width};
use crate::core::random::FieldModel;
use crate::core::whittle::{FieldParameters, SpectralGrid, Whittle, WhittleFit};

/// What is known of the white noise of a map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NoiseModel {
    /// Its variance is fitted.
    Fitted,
    /// There is none.
    Absent,
    /// Its variance, in the squared unit of the values.
    Known(f64),
}

/// How a map is fitted in frequency space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpectralRules {
    /// Fixed exponent; free where absent.
    pub exponent: Option<f64>,
    /// White noise.
    pub noise: NoiseModel,
    /// Standard deviation of the blur, m; 0 for none.
    pub blur_sd: f64,
    /// Share of each side, at either end, over which the window rises.
    pub taper: f64,
    /// What was taken from the rows.
    pub rows_levelled: RowsLevelled,
}

/// Power per frequency, relative to the variance of the map, below which frequencies do not count; as if every map had white noise
/// of 3 % of its standard deviation, known exactly.
const FLOOR: f64 = 1e-3;
/// Start of the noise where the better one gives a periodogram that is not positive.
const SAFE_NUGGET: f64 = 0.02;

/// Everything that is done to a map, measured or simulated, before and during a fit in frequency space.
#[derive(Debug, Clone)]
pub struct SpectralPipeline {
    /// How to fit.
    pub rules: SpectralRules,
    /// The window.
    pub grid: SpectralGrid,
    valid: Array2<bool>,
    /// Values are divided by this.
    unit: f64,
}

/// A fit in frequency space.
#[derive(Debug, Clone, PartialEq)]
pub struct SpectralFit {
    /// The fit, variances in the squared unit of the pipeline.
    pub whittle: WhittleFit,
    /// The field.
    pub field: FieldFit,
}

impl SpectralPipeline {
    /// For maps like `valid`, whose values have a standard deviation of about `unit`. `None` where fewer than two pixels are valid.
    pub fn new(valid: &ArrayView2<'_, bool>, pitch: (f64, f64), rules: SpectralRules, unit: f64) -> Option<Self> {
        let grid = SpectralGrid::new(valid, pitch, rules.taper, rules.rows_levelled.first_column())?;
        Some(Self { rules, grid, valid: valid.to_owned(), unit })
    }

    /// The same on the calling thread only.
    #[must_use]
    pub fn sequential(self) -> Self {
        Self { grid: self.grid.sequential(), ..self }
    }

    /// The same for the part of `shape` in the middle of the maps; `None` where hardly a pixel of it is valid.
    pub fn middle(&self, shape: (usize, usize)) -> Option<Self> {
        let (rows, columns) = self.valid.dim();
        let (top, left) = ((rows - shape.0) / 2, (columns - shape.1) / 2);
        let valid = Array2::from_shape_fn(shape, |(row, column)| self.valid[(row + top, column + left)]);
        Self::new(&valid.view(), self.grid.pitch(), self.rules, self.unit)
    }

    /// The same for other rules.
    pub fn with_rules(&self, rules: SpectralRules) -> Option<Self> {
        if rules.taper == self.rules.taper && rules.rows_levelled == self.rules.rows_levelled {
            return Some(Self { rules, ..self.clone() });
        }
        Self::new(&self.valid.view(), self.grid.pitch(), rules, self.unit)
    }

    /// Pixels that may be used.
    pub fn valid(&self) -> &Array2<bool> {
        &self.valid
    }

    /// Unit of the values.
    pub fn unit(&self) -> f64 {
        self.unit
    }

    /// Periodogram of a map, rows levelled, in the squared unit.
    pub fn periodogram(&self, values: &Array2<f64>) -> Array2<f64> {
        let factor = self.unit.powi(-2);
        let mut periodogram = if self.rules.rows_levelled == RowsLevelled::None {
            self.grid.periodogram(&values.view())
        } else {
            let mut levelled = values.clone();
            self.rules.rows_levelled.level(&mut levelled, &self.valid.view());
            self.grid.periodogram(&levelled.view())
        };
        periodogram.mapv_inplace(|value| factor * value);
        periodogram
    }

    /// The likelihood.
    pub fn whittle(&self) -> Whittle<'_> {
        Whittle {
            grid: &self.grid,
            blur_sd: self.rules.blur_sd,
            free_exponent: self.rules.exponent.is_none(),
            free_nugget: self.rules.noise == NoiseModel::Fitted,
            floor: FLOOR,
        }
    }

    /// Fits a periodogram from a field that is roughly right.
    pub fn fit(&self, periodogram: &Array2<f64>, near: &FieldFit) -> Option<SpectralFit> {
        let start = self.start(near);
        let whittle = self.whittle();
        let nugget = if whittle.free_nugget { SAFE_NUGGET } else { start.nugget };
        let safe = FieldParameters { nugget, ..start };
        let fit = whittle.fit(periodogram, &start).or_else(|| whittle.fit(periodogram, &safe))?;
        fit.converged.then(|| SpectralFit { field: self.field(&fit.parameters), whittle: fit })
    }

    fn start(&self, near: &FieldFit) -> FieldParameters {
        let scale = self.unit.powi(-2);
        FieldParameters {
            variance: (scale * near.model.sigma.powi(2)).clamp(0.01, 100.0),
            length: near.xi(),
            exponent: self.rules.exponent.unwrap_or(near.model.alpha.clamp(0.1, 1.0)),
            nugget: match self.rules.noise {
                NoiseModel::Fitted => (scale * near.nugget_variance).max(0.0),
                NoiseModel::Absent => 0.0,
                NoiseModel::Known(variance) => scale * variance,
            },
        }
    }

    /// The field of parameters in the unit of the pipeline.
    pub fn field(&self, parameters: &FieldParameters) -> FieldFit {
        let square = self.unit.powi(2);
        let mut model = FieldModel::isotropic((square * parameters.variance).sqrt(), parameters.length, parameters.exponent);
        let nugget_variance = square * parameters.nugget;
        model.nugget_sd = nugget_variance.max(0.0).sqrt();
        model.blur_sd = self.rules.blur_sd;
        let used = self.grid.weights().iter().filter(|weight| **weight > 0.0).count();
        FieldFit { model, nugget_variance, r_max: window(parameters.length, ring_width(self.grid.pitch())), n_points: used }
    }
}

/// Rings of wave vectors of a periodogram.
#[derive(Debug, Clone)]
pub struct Rings {
    /// Mean wave number of each ring, rad/m.
    pub wave_number: Vec<f64>,
    ring: Vec<usize>,
    weights: Vec<f64>,
    sums: Vec<f64>,
}

impl Rings {
    /// Rings as wide as the distance of wave vectors, around zero; unused frequencies are in none.
    pub fn new(grid: &SpectralGrid) -> Self {
        let (rows, columns) = grid.shape();
        let longest = (rows as f64 * grid.pitch().0).min(columns as f64 * grid.pitch().1);
        let width = std::f64::consts::TAU / longest;
        let numbers: Vec<f64> = grid.weights().indexed_iter().map(|((row, column), _)| grid.wave_number(row, column)).collect();
        let weights: Vec<f64> = grid.weights().iter().copied().collect();
        let ring: Vec<usize> = numbers.iter().map(|number| (number / width).round() as usize).collect();
        let mut sums = vec![0.0; ring.iter().max().map_or(0, |last| last + 1)];
        let mut wave_number = sums.clone();
        for ((ring, weight), number) in ring.iter().zip(&weights).zip(numbers) {
            sums[*ring] += weight;
            wave_number[*ring] += weight * number;
        }
        wave_number.iter_mut().zip(&sums).for_each(|(number, sum)| *number /= sum);
        Self { wave_number, ring, weights, sums }
    }

    /// Mean over each ring; NaN where a ring is empty.
    pub fn average(&self, periodogram: &Array2<f64>) -> Vec<f64> {
        let mut means = vec![0.0; self.sums.len()];
        for ((ring, weight), value) in self.ring.iter().zip(&self.weights).zip(periodogram) {
            means[*ring] += weight * value;
        }
        means.iter_mut().zip(&self.sums).for_each(|(mean, sum)| *mean /= sum);
        means
    }
}
