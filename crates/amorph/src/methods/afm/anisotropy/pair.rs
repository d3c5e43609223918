//! What trace and retrace say about lag and drift.

use ndarray::{Array2, ArrayView2, Axis};

use crate::core::image::derivatives;

/// Displacement of the retrace against the trace, and what made it.
///
/// A response that lags by `l` puts the trace behind and the retrace ahead: the retrace lies at `-2 l` along the fast axis,
/// everywhere. Drift moves the specimen between the two passes of a pixel, most where the lines begin: in proportion to the time
/// between them, a line's time at the left edge and none at the right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// Displacement along (x, y) that is the same everywhere, m.
    pub constant: [f64; 2],
    /// Displacement along (x, y) per line's time between the passes, m.
    pub per_line: [f64; 2],
    /// Their standard errors, in this order, from the scatter between blocks of lines.
    pub constant_std: [f64; 2],
    /// As above.
    pub per_line_std: [f64; 2],
}

/// Blocks of lines of the jackknife.
const BLOCKS: usize = 16;

/// Finds the displacement by least squares, `R - T = -(s_c + s_d t) . grad (R + T)/2 + const` with t the share of a line's time
/// between the passes. Both images are smoothed over some pixels before: a rough field has no gradient. It is linear in displacements
/// small against the structure. `None` where the images have no gradient.
pub fn shift(trace: &Array2<f64>, retrace: &Array2<f64>, valid: &ArrayView2<'_, bool>, pitch: (f64, f64)) -> Option<Shift> {
    let (rows, columns) = trace.dim();
    let [trace, retrace] = [trace, retrace].map(|image| smoothed(image, valid));
    let mean = 0.5 * (&trace + &retrace);
    let gradient = derivatives(&mean.view(), Some(valid), pitch);
    let blocks = BLOCKS.min(rows);
    let mut sums = vec![[[0.0; 6]; 5]; blocks];
    for ((row, column), is_valid) in valid.indexed_iter() {
        let (gx, gy) = (gradient.x[(row, column)], gradient.y[(row, column)]);
        if !is_valid || !gx.is_finite() || !gy.is_finite() {
            continue;
        }
        let time = 1.0 - (column as f64 + 0.5) / columns as f64;
        let terms = [1.0, -gx, -gy, -time * gx, -time * gy, retrace[(row, column)] - trace[(row, column)]];
        let sum = &mut sums[row * blocks / rows];
        for (i, line) in sum.iter_mut().enumerate() {
            line.iter_mut().zip(&terms).for_each(|(to, term)| *to += terms[i] * term);
        }
    }
    let total = |without: Option<usize>| {
        let mut all = [[0.0; 6]; 5];
        for (_, sum) in sums.iter().enumerate().filter(|(block, _)| Some(*block) != without) {
            all.iter_mut().flatten().zip(sum.iter().flatten()).for_each(|(to, from)| *to += from);
        }
        solve(all)
    };
    let full = total(None)?;
    let left_out: Vec<[f64; 5]> = (0..blocks).map(|block| total(Some(block))).collect::<Option<_>>()?;
    let n = blocks as f64;
    let std = |i: usize| {
        let centre = left_out.iter().map(|values| values[i]).sum::<f64>() / n;
        ((n - 1.0) / n * left_out.iter().map(|values| (values[i] - centre).powi(2)).sum::<f64>()).sqrt()
    };
    Some(Shift {
        constant: [full[1], full[2]],
        per_line: [full[3], full[4]],
        constant_std: [std(1), std(2)],
        per_line_std: [std(3), std(4)],
    })
}

/// Twice the binomial weights 1 4 6 4 1 along both axes, a standard deviation of 1.4 pixels; missing pixels have no weight.
fn smoothed(image: &Array2<f64>, valid: &ArrayView2<'_, bool>) -> Array2<f64> {
    let mut sums = Array2::from_shape_fn(image.dim(), |at| if valid[at] { image[at] } else { 0.0 });
    let mut weights = valid.mapv(|valid| if valid { 1.0 } else { 0.0 });
    for field in [&mut sums, &mut weights] {
        for axis in [Axis(0), Axis(1), Axis(0), Axis(1)] {
            for mut line in field.lanes_mut(axis) {
                let before = line.to_vec();
                let at = |i: usize, offset: isize| {
                    let place = (i as isize + offset).clamp(0, before.len() as isize - 1);
                    before[place as usize]
                };
                for (i, value) in line.iter_mut().enumerate() {
                    *value = (at(i, -2) + 4.0 * at(i, -1) + 6.0 * before[i] + 4.0 * at(i, 1) + at(i, 2)) / 16.0;
                }
            }
        }
    }
    sums / weights
}

/// Gaussian elimination with pivoting on five equations.
fn solve(mut a: [[f64; 6]; 5]) -> Option<[f64; 5]> {
    for column in 0..5 {
        let pivot = (column..5).max_by(|i, j| a[*i][column].abs().total_cmp(&a[*j][column].abs()))?;
        a.swap(column, pivot);
        if a[column][column].abs() < f64::MIN_POSITIVE || !a[column][column].is_finite() {
            return None;
        }
        let top = a[column];
        for (_, row) in a.iter_mut().enumerate().filter(|(index, _)| *index != column) {
            let factor = row[column] / top[column];
            row.iter_mut().zip(&top).for_each(|(to, from)| *to -= factor * from);
        }
    }
    Some([0, 1, 2, 3, 4].map(|i| a[i][5] / a[i][i]))
}

impl Shift {
    /// How far the trace lies behind the surface, m, with its standard error.
    pub fn lag(&self) -> (f64, f64) {
        (-0.5 * self.constant[0], 0.5 * self.constant_std[0])
    }

    /// Whether the lag is beyond doubt.
    pub fn has_lag(&self) -> bool {
        let (lag, std) = self.lag();
        lag.abs() > 3.0 * std
    }

    /// Shear `g` and stretch `b` by drift, with pixels of `pitch_y` metres along the slow axis: a step (dx, dy) in the image is
    /// (dx + g dy, dy + b dy) in the specimen. Displacements are measured in the image, which they distort themselves.
    pub fn distortion(&self, pitch_y: f64) -> [f64; 2] {
        let [x, y] = self.per_line.map(|shift| shift / pitch_y);
        [x / (1.0 - y), y / (1.0 - y)]
    }

    /// Their standard errors.
    pub fn distortion_std(&self, pitch_y: f64) -> [f64; 2] {
        let y = self.per_line[1] / pitch_y;
        let [x_std, y_std] = self.per_line_std.map(|std| std / pitch_y);
        [x_std / (1.0 - y).abs(), y_std / (1.0 - y).powi(2)]
    }

    /// Whether drift is beyond doubt.
    pub fn has_drift(&self) -> bool {
        (0..2).any(|i| self.per_line[i].abs() > 3.0 * self.per_line_std[i])
    }

    /// The `(e1, e2)` that this drift gives to an isotropic specimen: its circles are ellipses of `J^T J` in the image.
    pub fn drift_ellipse(&self, pitch_y: f64) -> [f64; 2] {
        let [g, b] = self.distortion(pitch_y);
        let [xx, xy, yy] = [1.0, g, g * g + (1.0 + b).powi(2)];
        let (mean, across, along) = (0.5 * (xx + yy), 0.5 * (xx - yy), xy);
        let half = across.hypot(along);
        if half < f64::MIN_POSITIVE {
            return [0.0; 2];
        }
        // The long axis lies where the squared distance in the specimen is least.
        let e = 0.5 * ((mean + half) / (mean - half)).ln();
        [-e * across / half, -e * along / half]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drift_makes_the_ellipse_of_its_distortion() {
        let of =
            |x: f64, y: f64| Shift { constant: [0.0; 2], per_line: [x, y], constant_std: [0.0; 2], per_line_std: [0.0; 2] };
        // First order: a stretch b of the slow axis in the specimen shortens it in the image, a shear g turns to the falling diagonal.
        let [e1, e2] = of(0.0, 1e-4).drift_ellipse(1.0);
        assert!((e1 / 1e-4 - 1.0).abs() < 1e-3 && e2.abs() < 1e-12);
        let [e1, e2] = of(1e-4, 0.0).drift_ellipse(1.0);
        assert!((e2 / -1e-4 - 1.0).abs() < 1e-3 && e1.abs() < 1e-7);
        // A step down of one line while the specimen moves up by 0.3 lines passes 0.7 lines of it: s = b / (1 + b).
        let [g, b] = of(0.2 / 0.7, -0.3 / 0.7).distortion(1.0);
        assert!((b + 0.3).abs() < 1e-12 && (g - 0.2).abs() < 1e-12);
        let [e1, _] = of(0.0, -0.3 / 0.7).drift_ellipse(1.0);
        assert!((e1 - 0.7f64.ln()).abs() < 1e-12);
    }
}
