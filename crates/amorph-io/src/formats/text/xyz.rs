use ndarray::Array2;

use crate::IoError;
use crate::sidecar::Sidecar;

/// Points may miss their grid position by this part of the pitch: coordinates are written with few digits.
const TOLERANCE: f64 = 0.01;
/// A grid may have this many places per point; more means that the points are not on it.
const PLACES_PER_POINT: usize = 10;

/// The image that rows of x, y (upwards) and value form, from the top; places without a point are NaN.
pub(super) fn grid(file: &str, points: &Array2<f64>, sidecar: &Sidecar) -> Result<Array2<f64>, IoError> {
    let broken = |problem: String| IoError::NotAGrid { file: file.to_owned(), problem };
    if points.ncols() != 3 {
        return Err(broken(format!("a line has {} numbers, but x, y and the value are needed", points.ncols())));
    }
    let axis = |column: usize, name: &str, size: Option<f64>| {
        let coordinates: Vec<f64> = points.column(column).to_vec();
        let axis = Axis::of(&coordinates).ok_or_else(|| broken(format!("the {name} coordinates have no common pitch")))?;
        let width = axis.pitch * axis.count as f64;
        match size.filter(|size| (size / width - 1.0).abs() > 1e-3) {
            Some(size) => Err(IoError::SidecarField {
                file: sidecar.file.clone(),
                field: format!("{name}_size"),
                problem: format!("is {size}, but {} points with pitch {} span {width}", axis.count, axis.pitch),
            }),
            None => Ok(axis),
        }
    };
    let (x, y) = (axis(0, "x", sidecar.x_size)?, axis(1, "y", sidecar.y_size)?);
    let places = x.count.checked_mul(y.count).filter(|places| *places <= PLACES_PER_POINT * points.nrows().max(1));
    if places.is_none() {
        return Err(broken(format!("{} points cannot fill {} x {} places", points.nrows(), x.count, y.count)));
    }
    let mut image = Array2::from_elem((y.count, x.count), f64::NAN);
    let mut taken = Array2::from_elem((y.count, x.count), false);
    for (index, point) in points.rows().into_iter().enumerate() {
        let off = || broken(format!("point {} at ({}, {}) lies between the places", index + 1, point[0], point[1]));
        let (column, from_below) = (x.place(point[0]).ok_or_else(off)?, y.place(point[1]).ok_or_else(off)?);
        let place = [y.count - 1 - from_below, column];
        if taken[place] {
            return Err(broken(format!("point {} at ({}, {}) occurs twice", index + 1, point[0], point[1])));
        }
        taken[place] = true;
        image[place] = point[2];
    }
    Ok(image)
}

/// Equally spaced coordinates.
struct Axis {
    start: f64,
    pitch: f64,
    count: usize,
}

impl Axis {
    fn of(coordinates: &[f64]) -> Option<Self> {
        let mut sorted = coordinates.to_vec();
        if sorted.iter().any(|value| !value.is_finite()) {
            return None;
        }
        sorted.sort_by(f64::total_cmp);
        let (start, end) = (*sorted.first()?, *sorted.last()?);
        // Equal coordinates may differ by rounding: only larger gaps count.
        let rounding = 1e-6 * (end - start);
        let gaps: Vec<f64> = sorted.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > rounding).collect();
        let smallest = gaps.iter().copied().fold(f64::INFINITY, f64::min);
        let steps = ((end - start) / smallest).round();
        if !(1.0..1e9).contains(&steps) {
            return None;
        }
        Some(Self { start, pitch: (end - start) / steps, count: steps as usize + 1 })
    }

    fn place(&self, coordinate: f64) -> Option<usize> {
        let exact = (coordinate - self.start) / self.pitch;
        ((exact - exact.round()).abs() < TOLERANCE).then_some((exact.round() as usize).min(self.count - 1))
    }
}
