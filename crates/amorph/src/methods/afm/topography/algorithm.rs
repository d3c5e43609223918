//! Regression of the phase on height, slopes and curvature, with Huber weights and optional offsets of the rows.

use ndarray::{Array2, ArrayView2};

use crate::core::image::derivatives;
use crate::core::stats::median;

/// Huber's constant: 95 % efficiency for normal residuals.
const HUBER: f64 = 1.345;
const MAX_ITERATIONS: usize = 50;
/// Tiles per side of the image that are left out one at a time.
const TILES: usize = 4;

/// One term of the regression.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Name in the table.
    pub name: &'static str,
    /// SI unit of the term.
    pub unit: &'static str,
    /// Its value in each pixel; NaN where unknown.
    pub values: Array2<f64>,
}

/// Height, its slopes along x and y (up) and its Laplacian (the gradient of the gradient); `pitch` along (y, x), m.
pub fn topography_terms(height: ArrayView2<'_, f64>, pitch: (f64, f64)) -> Vec<Term> {
    let first = derivatives(&height, None, pitch);
    let along_x = derivatives(&first.x.view(), None, pitch).x;
    let along_y = derivatives(&first.y.view(), None, pitch).y;
    vec![
        Term { name: "height", unit: "m", values: height.to_owned() },
        Term { name: "slope_x", unit: "", values: first.x },
        Term { name: "slope_y", unit: "", values: first.y },
        Term { name: "curvature", unit: "1/m", values: along_x + along_y },
    ]
}

/// What the topography explains of a phase map.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossTalk {
    /// Coefficient of each term, phase unit per unit of the term, with Huber weights.
    pub coefficients: Vec<f64>,
    /// Standard deviation that each term alone puts into the phase, phase unit.
    pub contributions: Vec<f64>,
    /// Phase freed of the terms and of the row offsets, its mean kept; NaN where a term is unknown.
    pub corrected: Array2<f64>,
    /// Share of the variance (within rows, where rows have offsets) that ordinary least squares explains.
    pub r_squared: f64,
    /// The same for pixels of tiles that were left out of the robust fit; negative when the terms predict worse than the mean.
    pub r_squared_cross_validated: f64,
    /// Pixels used.
    pub n: usize,
}

/// Fits `phase = b0 + Σ b_i term_i (+ offset of the row) + residual`.
///
/// `None` where fewer than ten pixels per coefficient are usable or the terms are not independent.
pub fn cross_talk(phase: ArrayView2<'_, f64>, terms: &[Term], row_offsets: bool) -> Option<CrossTalk> {
    let pixels = Pixels::gather(phase, terms, row_offsets);
    if pixels.y.len() < 10 * (terms.len() + 1) {
        return None;
    }
    let ones = vec![1.0; pixels.y.len()];
    let plain = pixels.fit(&ones)?;
    let mut weights = ones.clone();
    let mut robust = plain.clone();
    for _ in 0..MAX_ITERATIONS {
        let Some(next) = huber_weights(&robust.residuals) else { break };
        weights = next;
        let fit = pixels.fit(&weights)?;
        let change = fit.slopes.iter().zip(&robust.slopes).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        let size = fit.slopes.iter().map(|slope| slope.abs()).fold(f64::MIN_POSITIVE, f64::max);
        robust = fit;
        if change < 1e-8 * size {
            break;
        }
    }
    // Huber weights leave residuals whose plain mean is not zero; the corrected phase keeps that of the phase.
    let mean_of = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let mean = mean_of(&pixels.y) - mean_of(&robust.residuals);
    let mut corrected = Array2::from_elem(phase.dim(), f64::NAN);
    for (place, residual) in pixels.places.iter().zip(&robust.residuals) {
        corrected[*place] = residual + mean;
    }
    Some(CrossTalk {
        coefficients: robust.slopes.iter().zip(&pixels.scales).map(|(slope, scale)| slope / scale).collect(),
        contributions: robust.slopes.iter().map(|slope| slope.abs()).collect(),
        corrected,
        r_squared: 1.0 - squares(&plain.residuals) / squares(&pixels.centred(&pixels.y, &ones)),
        r_squared_cross_validated: pixels.cross_validated(&weights, phase.dim())?,
        n: pixels.y.len(),
    })
}

/// Pixels where phase and all terms are known; terms scaled to unit standard deviation.
struct Pixels {
    places: Vec<(usize, usize)>,
    y: Vec<f64>,
    columns: Vec<Vec<f64>>,
    scales: Vec<f64>,
    /// Group of each pixel: its row, or 0 for all.
    groups: Vec<usize>,
    n_groups: usize,
}

#[derive(Clone)]
struct LinearFit {
    slopes: Vec<f64>,
    residuals: Vec<f64>,
}

impl Pixels {
    fn gather(phase: ArrayView2<'_, f64>, terms: &[Term], row_offsets: bool) -> Self {
        let known = |place: (usize, usize)| phase[place].is_finite() && terms.iter().all(|term| term.values[place].is_finite());
        let places: Vec<(usize, usize)> = phase.indexed_iter().map(|(place, _)| place).filter(|place| known(*place)).collect();
        let scaled = |term: &Term| {
            let values: Vec<f64> = places.iter().map(|place| term.values[*place]).collect();
            let n = values.len().max(1) as f64;
            let mean = values.iter().sum::<f64>() / n;
            let scale = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
            (values.into_iter().map(|v| (v - mean) / scale).collect::<Vec<f64>>(), scale)
        };
        let (columns, scales) = terms.iter().map(scaled).unzip();
        Self {
            y: places.iter().map(|place| phase[*place]).collect(),
            groups: places.iter().map(|place| if row_offsets { place.0 } else { 0 }).collect(),
            n_groups: if row_offsets { phase.nrows() } else { 1 },
            places,
            columns,
            scales,
        }
    }

    /// Values minus the weighted mean of their group.
    fn centred(&self, values: &[f64], weights: &[f64]) -> Vec<f64> {
        let mut sums = vec![(0.0, 0.0); self.n_groups];
        for ((value, weight), group) in values.iter().zip(weights).zip(&self.groups) {
            sums[*group].0 += weight * value;
            sums[*group].1 += weight;
        }
        values.iter().zip(&self.groups).map(|(value, group)| value - sums[*group].0 / sums[*group].1).collect()
    }

    fn fit(&self, weights: &[f64]) -> Option<LinearFit> {
        let y = self.centred(&self.y, weights);
        let columns: Vec<Vec<f64>> = self.columns.iter().map(|column| self.centred(column, weights)).collect();
        let slopes = Normal::of(&columns, &y, weights, |_| true).solve()?;
        Some(LinearFit { residuals: residuals(&columns, &y, &slopes), slopes })
    }

    /// Share of variance explained in tiles by slopes from the other tiles, the weights and row offsets being those of all.
    fn cross_validated(&self, weights: &[f64], (rows, width): (usize, usize)) -> Option<f64> {
        let y = self.centred(&self.y, weights);
        let columns: Vec<Vec<f64>> = self.columns.iter().map(|column| self.centred(column, weights)).collect();
        let tile = |(row, column): (usize, usize)| row * TILES / rows * TILES + column * TILES / width;
        let tiles: Vec<usize> = self.places.iter().map(|place| tile(*place)).collect();
        let all = Normal::of(&columns, &y, weights, |_| true);
        let mut unexplained = 0.0;
        for left_out in 0..TILES * TILES {
            let inside = Normal::of(&columns, &y, weights, |pixel| tiles[pixel] == left_out);
            let slopes = all.without(&inside).solve()?;
            let prediction =
                |pixel: usize| columns.iter().zip(&slopes).map(|(column, slope)| column[pixel] * slope).sum::<f64>();
            let pixels = (0..y.len()).filter(|pixel| tiles[*pixel] == left_out);
            unexplained += pixels.map(|pixel| (y[pixel] - prediction(pixel)).powi(2)).sum::<f64>();
        }
        Some(1.0 - unexplained / squares(&y))
    }
}

fn squares(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}

fn residuals(columns: &[Vec<f64>], y: &[f64], slopes: &[f64]) -> Vec<f64> {
    let mut residuals = y.to_vec();
    for (column, slope) in columns.iter().zip(slopes) {
        residuals.iter_mut().zip(column).for_each(|(residual, value)| *residual -= slope * value);
    }
    residuals
}

/// Weights by the size of the residual in robust standard deviations; `None` when more than half of the residuals vanish.
fn huber_weights(residuals: &[f64]) -> Option<Vec<f64>> {
    let sizes: Vec<f64> = residuals.iter().map(|residual| residual.abs()).collect();
    let scale = median(&sizes).ok()? / crate::core::stats::MEDIAN_OF_ABSOLUTE_NORMAL;
    (scale > 0.0).then(|| sizes.iter().map(|size| (HUBER * scale / size).min(1.0)).collect())
}

/// Normal equations of a few standardised columns.
struct Normal {
    matrix: Vec<Vec<f64>>,
    right: Vec<f64>,
}

impl Normal {
    fn of(columns: &[Vec<f64>], y: &[f64], weights: &[f64], takes: impl Fn(usize) -> bool) -> Self {
        let p = columns.len();
        let mut normal = Self { matrix: vec![vec![0.0; p]; p], right: vec![0.0; p] };
        for pixel in (0..y.len()).filter(|pixel| takes(*pixel)) {
            for i in 0..p {
                let weighted = weights[pixel] * columns[i][pixel];
                normal.right[i] += weighted * y[pixel];
                for (j, column) in columns.iter().enumerate().take(i + 1) {
                    normal.matrix[i][j] += weighted * column[pixel];
                }
            }
        }
        normal
    }

    fn without(&self, part: &Self) -> Self {
        let minus = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
        let rows = self.matrix.iter().zip(&part.matrix).map(|(a, b)| minus(a, b));
        Self { matrix: rows.collect(), right: minus(&self.right, &part.right) }
    }

    /// Cholesky; `None` where a pivot is lost in rounding.
    fn solve(&self) -> Option<Vec<f64>> {
        let p = self.right.len();
        let mut factor = self.matrix.clone();
        for i in 0..p {
            for j in 0..=i {
                let sum = factor[i][j] - (0..j).map(|k| factor[i][k] * factor[j][k]).sum::<f64>();
                factor[i][j] = if i != j {
                    sum / factor[j][j]
                } else if sum > 1e-12 * self.matrix[i][i] {
                    sum.sqrt()
                } else {
                    return None;
                };
            }
        }
        let mut x = self.right.clone();
        for i in 0..p {
            x[i] = (x[i] - (0..i).map(|k| factor[i][k] * x[k]).sum::<f64>()) / factor[i][i];
        }
        for i in (0..p).rev() {
            x[i] = (x[i] - (i + 1..p).map(|k| factor[k][i] * x[k]).sum::<f64>()) / factor[i][i];
        }
        Some(x)
    }
}
