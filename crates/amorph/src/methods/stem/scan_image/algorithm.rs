//! An image brought onto the grid of a scan.

use ndarray::{Array2, ArrayView2};

/// Where the positions of the scan lie on the image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Upper left corner of the square of the first position (y, x), image pixels from the upper left corner of the image.
    pub origin: [f64; 2],
    /// Image pixels per step of the scan along y and x.
    pub pixels_per_step: [f64; 2],
    /// Positions of the scan (rows, columns).
    pub scan: [usize; 2],
}

impl Placement {
    /// Where the field ends (y, x), image pixels.
    pub fn end(&self) -> [f64; 2] {
        std::array::from_fn(|axis| self.origin[axis] + self.pixels_per_step[axis] * self.scan[axis] as f64)
    }

    /// Whether the field lies in an image of this shape, up to rounding.
    pub fn fits(&self, (rows, columns): (usize, usize)) -> bool {
        let end = self.end();
        let within = |axis: usize, n: usize| self.origin[axis] >= -1e-6 && end[axis] <= n as f64 + 1e-6;
        within(0, rows) && within(1, columns)
    }
}

/// Mean over the square of every position; pixels that it covers in part count in part, pixels that are NaN not at all. NaN where less
/// than half of a square is known.
pub fn area_means(image: &ArrayView2<'_, f64>, placement: &Placement) -> Array2<f64> {
    let (rows, columns) = image.dim();
    let covers = |axis: usize, index: usize, n: usize| {
        let step = placement.pixels_per_step[axis];
        let from = placement.origin[axis] + step * index as f64;
        covered(from, from + step, n)
    };
    let of_rows: Vec<_> = (0..placement.scan[0]).map(|row| covers(0, row, rows)).collect();
    let of_columns: Vec<_> = (0..placement.scan[1]).map(|column| covers(1, column, columns)).collect();
    let area = placement.pixels_per_step[0] * placement.pixels_per_step[1];
    Array2::from_shape_fn((placement.scan[0], placement.scan[1]), |(row, column)| {
        let (mut sum, mut weight) = (0.0, 0.0);
        for (y, height) in &of_rows[row] {
            for (x, width) in &of_columns[column] {
                let value = image[(*y, *x)];
                if value.is_finite() {
                    sum += height * width * value;
                    weight += height * width;
                }
            }
        }
        if weight >= 0.5 * area { sum / weight } else { f64::NAN }
    })
}

/// Pixels between two positions along an axis, and how much of each.
fn covered(from: f64, to: f64, n: usize) -> Vec<(usize, f64)> {
    let first = from.max(0.0).floor() as usize;
    let last = (to.max(0.0).ceil() as usize).min(n);
    let part = |pixel: usize| ((pixel + 1) as f64).min(to) - (pixel as f64).max(from);
    (first..last).map(|pixel| (pixel, part(pixel))).filter(|(_, part)| *part > 1e-9).collect()
}

/// The image without the exponent of its display: `I = I'^(1/γ)` of `I' = I^γ`, values scaled to their range before and after. Values
/// below zero are taken as dark.
pub fn without_gamma(image: &ArrayView2<'_, f64>, gamma: f64) -> Array2<f64> {
    let finite = || image.iter().copied().filter(|value| value.is_finite());
    let (lo, hi) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let scale = if hi > lo { hi - lo } else { 1.0 };
    image.mapv(|value| lo + scale * ((value - lo) / scale).max(0.0).powf(1.0 / gamma))
}

/// Pearson's coefficient over the positions where both maps are finite.
pub fn correlation(a: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>) -> f64 {
    let pairs: Vec<(f64, f64)> =
        a.iter().copied().zip(b.iter().copied()).filter(|(x, y)| x.is_finite() && y.is_finite()).collect();
    let n = pairs.len() as f64;
    let (mx, my) = pairs.iter().fold((0.0, 0.0), |(sx, sy), (x, y)| (sx + x / n, sy + y / n));
    let (xx, yy, xy) = pairs
        .iter()
        .fold((0.0, 0.0, 0.0), |(xx, yy, xy), (x, y)| (xx + (x - mx).powi(2), yy + (y - my).powi(2), xy + (x - mx) * (y - my)));
    xy / (xx * yy).sqrt()
}

/// The placement within `reach` image pixels of the given one, whole pixels away, whose means are most like `reference`, and how alike.
pub fn best_match(
    image: &ArrayView2<'_, f64>,
    placement: &Placement,
    reference: &ArrayView2<'_, f64>,
    reach: usize,
) -> Option<(Placement, f64)> {
    let steps = || -(reach as i64)..=reach as i64;
    let moved = |dy: i64, dx: i64| Placement {
        origin: [placement.origin[0] + dy as f64, placement.origin[1] + dx as f64],
        ..*placement
    };
    let tried = steps().flat_map(|dy| steps().map(move |dx| (dy, dx))).map(|(dy, dx)| moved(dy, dx));
    tried
        .filter(|placement| placement.fits(image.dim()))
        .map(|placement| (placement, correlation(&area_means(image, &placement).view(), reference)))
        .filter(|(_, r)| r.is_finite())
        .max_by(|a, b| a.1.total_cmp(&b.1))
}
