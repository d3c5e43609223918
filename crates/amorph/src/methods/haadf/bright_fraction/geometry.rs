//! Shapes of the phases: chords and connectivity.

use ndarray::{Array2, ArrayView2, Axis};

/// Mean lengths, in pixels along rows, of the chords of the dark and the bright phase: the length in a phase over half the number of interfaces that are
/// crossed. Pixels that are not known end no chord. `None` without interfaces.
pub fn chords(bright: &ArrayView2<'_, Option<bool>>) -> Option<[f64; 2]> {
    let mut crossings = 0.0;
    for row in bright.rows() {
        for pair in row.windows(2) {
            if let (Some(a), Some(b)) = (pair[0], pair[1]) {
                crossings += f64::from(u8::from(a != b));
            }
        }
    }
    let length = |phase: bool| bright.iter().filter(|pixel| **pixel == Some(phase)).count() as f64;
    (crossings > 0.0).then(|| [2.0 * length(false) / crossings, 2.0 * length(true) / crossings])
}

/// Euler number of the bright phase: its parts less its holes, for pixels that touch at edges or corners (S. B. Gray, IEEE Trans. Comput. C-20, 551 (1971),
/// doi:10.1109/T-C.1971.223289, from windows of two by two).
pub fn euler_number(bright: &ArrayView2<'_, bool>) -> f64 {
    let (rows, columns) = bright.dim();
    let at = |row: usize, column: usize| {
        // One more line of dark pixels around.
        row > 0 && column > 0 && row <= rows && column <= columns && bright[(row - 1, column - 1)]
    };
    let (mut one, mut three, mut diagonal) = (0.0, 0.0, 0.0);
    for row in 0..=rows {
        for column in 0..=columns {
            let corners = [at(row, column), at(row, column + 1), at(row + 1, column), at(row + 1, column + 1)];
            match corners.iter().filter(|inside| **inside).count() {
                1 => one += 1.0,
                3 => three += 1.0,
                2 if corners[0] == corners[3] => diagonal += 1.0,
                _ => {}
            }
        }
    }
    (one - three - 2.0 * diagonal) / 4.0
}

/// Means over three by three pixels with weights 1 2 1 along both axes; pixels that are not finite have no weight and stay so.
pub fn smooth(values: &Array2<f64>) -> Array2<f64> {
    let (rows, columns) = values.dim();
    let near = |centre: usize, n: usize| centre.saturating_sub(1)..(centre + 2).min(n);
    Array2::from_shape_fn(values.dim(), |(y, x)| {
        if !values[(y, x)].is_finite() {
            return f64::NAN;
        }
        let (mut sum, mut norm) = (0.0, 0.0);
        for row in near(y, rows) {
            for column in near(x, columns) {
                let value = values[(row, column)];
                let weight = f64::from((2 - row.abs_diff(y) as u8) * (2 - column.abs_diff(x) as u8));
                if value.is_finite() {
                    sum += weight * value;
                    norm += weight;
                }
            }
        }
        sum / norm
    })
}

/// The side of an image where the surface is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Its first row.
    Top,
    /// Its last row.
    Bottom,
    /// Its first column.
    Left,
    /// Its last column.
    Right,
}

impl Side {
    /// The image turned so that the surface is its first row.
    pub fn up<T: Clone>(self, image: &Array2<T>) -> Array2<T> {
        let mut view = image.view();
        match self {
            Self::Top => {}
            Self::Bottom => view.invert_axis(Axis(0)),
            Self::Left => view = view.reversed_axes(),
            Self::Right => {
                view = view.reversed_axes();
                view.invert_axis(Axis(0));
            }
        }
        view.to_owned()
    }

    /// What belongs to depth and to the surface, from what belongs to y and x.
    pub fn turned<T>(self, (y, x): (T, T)) -> (T, T) {
        match self {
            Self::Top | Self::Bottom => (y, x),
            Self::Left | Self::Right => (x, y),
        }
    }
}
