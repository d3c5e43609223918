//! Noise of the instrument from the same lines scanned forwards and backwards.

use ndarray::Array2;

/// Farthest shift between the two directions that is looked for, as a share of the width.
const FARTHEST: f64 = 0.03;
/// Least share of the pixels that both directions must have.
const FEWEST: f64 = 0.25;

/// What the difference of two directions says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DirectionNoise {
    /// Standard deviation of the noise of one direction, in the unit of the maps.
    pub sd: f64,
    /// Shift along the fast axis at which the two agree best, pixels: `second(x + shift)` is compared with `first(x)`.
    pub shift: isize,
    /// Mean of the second minus mean of the first.
    pub offset: f64,
}

/// Noise of one of two maps of the same area: `sd(second - first)/√2` after their best shift along the rows.
///
/// What differs between the directions for other reasons (feedback, creep, a shift by parts of a pixel) counts as noise, so
/// that the result is an upper bound. `None` where too few pixels are usable in both.
pub fn direction_noise(first: &Array2<f64>, second: &Array2<f64>) -> Option<DirectionNoise> {
    let columns = first.ncols() as isize;
    let reach = (FARTHEST * columns as f64) as isize;
    let fewest = FEWEST * first.len() as f64;
    let mut best: Option<DirectionNoise> = None;
    // The smallest shift first, so that equal agreement keeps it.
    let shifts = std::iter::once(0).chain((1..=reach).flat_map(|shift| [shift, -shift]));
    for shift in shifts {
        let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
        let (start, end) = (0.max(-shift), columns.min(columns - shift));
        for (a, b) in first.rows().into_iter().zip(second.rows()) {
            for column in start..end {
                let difference = b[(column + shift) as usize] - a[column as usize];
                if difference.is_finite() {
                    n += 1.0;
                    sum += difference;
                    squares += difference * difference;
                }
            }
        }
        let offset = sum / n;
        let sd = (squares / n - offset * offset).max(0.0).sqrt() / std::f64::consts::SQRT_2;
        if n >= fewest && best.is_none_or(|best| sd < best.sd) {
            best = Some(DirectionNoise { sd, shift, offset });
        }
    }
    best
}
