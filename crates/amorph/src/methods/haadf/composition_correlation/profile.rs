//! Values along a straight line over a map, averaged across it.

use ndarray::ArrayView2;

/// A line in metres, x from the left edge and y from the bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Where it begins, (x, y).
    pub from: [f64; 2],
    /// Where it ends.
    pub to: [f64; 2],
    /// Width across which values are averaged.
    pub width: f64,
}

impl Line {
    fn length(&self) -> f64 {
        (self.to[0] - self.from[0]).hypot(self.to[1] - self.from[1])
    }

    /// Distances from its beginning, one per smaller side of a pixel of `pitch = (dy, dx)`, m.
    pub fn distances(&self, pitch: (f64, f64)) -> Vec<f64> {
        let step = pitch.0.min(pitch.1);
        (0..=(self.length() / step).round() as usize).map(|k| k as f64 * step).collect()
    }

    /// The mean of a map across the line at these distances, between pixels on straight lines; NaN where nothing is known.
    pub fn means(&self, values: &ArrayView2<'_, f64>, pitch: (f64, f64)) -> Vec<f64> {
        let step = pitch.0.min(pitch.1);
        let length = self.length();
        let along = [(self.to[0] - self.from[0]) / length, (self.to[1] - self.from[1]) / length];
        let n = (self.width / step).round().max(1.0) as usize;
        let at = |distance: &f64| {
            let across = |k: usize| {
                let offset = (k as f64 - 0.5 * (n as f64 - 1.0)) * step;
                let x = self.from[0] + distance * along[0] - offset * along[1];
                let y = self.from[1] + distance * along[1] + offset * along[0];
                between(values, values.nrows() as f64 - y / pitch.0 - 0.5, x / pitch.1 - 0.5)
            };
            let known: Vec<f64> = (0..n).map(across).filter(|value| value.is_finite()).collect();
            known.iter().sum::<f64>() / known.len() as f64
        };
        self.distances(pitch).iter().map(at).collect()
    }
}

/// A value between four pixels; NaN beyond the edges of the map and beside missing pixels.
fn between(values: &ArrayView2<'_, f64>, row: f64, column: f64) -> f64 {
    let place = |at: f64, n: usize| {
        if at < -0.5 || at > n as f64 - 0.5 {
            return None;
        }
        let at = at.clamp(0.0, n as f64 - 1.0);
        let first = (at as usize).min(n.saturating_sub(2));
        Some((first, (first + 1).min(n - 1), at - first as f64))
    };
    let (rows, columns) = values.dim();
    let Some(((top, bottom, down), (left, right, over))) = place(row, rows).zip(place(column, columns)) else {
        return f64::NAN;
    };
    // A pixel that has no weight may be missing.
    let part = |weight: f64, at: (usize, usize)| if weight > 0.0 { weight * values[at] } else { 0.0 };
    let line = |row: usize, weight: f64| part(weight * (1.0 - over), (row, left)) + part(weight * over, (row, right));
    line(top, 1.0 - down) + line(bottom, down)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    /// On a plane every mean is that of the line itself.
    #[test]
    fn a_plane_is_followed_exactly() {
        let pitch = (2.0, 0.5);
        let (rows, columns) = (20, 60);
        // x from the left edge, y from the bottom.
        let plane = |x: f64, y: f64| 3.0 + 0.7 * x - 0.2 * y;
        let map = Array2::from_shape_fn((rows, columns), |(row, column)| {
            plane((column as f64 + 0.5) * pitch.1, (rows as f64 - row as f64 - 0.5) * pitch.0)
        });
        let line = Line { from: [4.0, 30.0], to: [24.0, 9.0], width: 3.0 };
        let distances = line.distances(pitch);
        assert_eq!(distances.len(), 59);
        for (d, value) in distances.iter().zip(line.means(&map.view(), pitch)) {
            let share = d / 29.0;
            let expected = plane(4.0 + 20.0 * share, 30.0 - 21.0 * share);
            assert!((value - expected).abs() < 1e-9, "{d}: {value} {expected}");
        }
    }

    #[test]
    fn missing_pixels_are_left_out_and_beyond_the_map_nothing_is_known() {
        let mut map = Array2::from_elem((10, 10), 1.0);
        map[(4, 5)] = f64::NAN;
        let line = |y: f64, width: f64| Line { from: [0.5, y], to: [9.5, y], width };
        // Row 4 from the top has its middle at 5.5 from the bottom.
        let through = line(5.5, 1.0).means(&map.view(), (1.0, 1.0));
        assert!(through[5].is_nan() && through[4] == 1.0 && through[6] == 1.0, "{through:?}");
        assert!(line(5.5, 3.0).means(&map.view(), (1.0, 1.0)).iter().all(|value| *value == 1.0));
        assert!(line(12.0, 1.0).means(&map.view(), (1.0, 1.0)).iter().all(|value| value.is_nan()));
    }
}
