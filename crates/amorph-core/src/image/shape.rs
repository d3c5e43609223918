//! Size and shape of regions from second moments, hulls and calipers.

use super::Region;

/// Area and central second moments of a region, in metres, y up.
///
/// Ellipse of equal moments: `l = (mxx + myy)/2 +- sqrt(((mxx - myy)/2)^2 + mxy^2)`, diameters `4 sqrt(l)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    /// Area, m^2.
    pub area: f64,
    /// Centre of area (x, y), m from the lower left corner of the map.
    pub centroid: [f64; 2],
    /// Mean of `(x - x_centre)^2`, m^2.
    pub mxx: f64,
    /// Mean of `(x - x_centre)(y - y_centre)`, m^2.
    pub mxy: f64,
    /// Mean of `(y - y_centre)^2`, m^2.
    pub myy: f64,
}

/// What a pixel is when moments are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PixelModel {
    /// A point at its centre: one-pixel lines have no width and an infinite aspect ratio.
    Point,
    /// A box of uniform density: `p^2 / 12` is added along each axis.
    Box,
}

/// Moments of a region from its pixels. `n_rows` is the height of the map, `pitch` is (dy, dx).
pub fn pixel_moments(region: &Region, n_rows: usize, pitch: (f64, f64), model: PixelModel) -> Moments {
    let [sx, sy, sxx, sxy, syy] = region.sums.map(i128::from);
    let n = i128::from(region.n_pixels.max(1));
    // Exact integers: far from the corner no digits are lost.
    let central = |product: i128, a: i128, b: i128| (n * product - a * b) as f64 / (n * n) as f64;
    let own = if model == PixelModel::Box { 1.0 / 12.0 } else { 0.0 };
    let (dy, dx) = pitch;
    let count = n as f64;
    Moments {
        area: region.n_pixels as f64 * dx * dy,
        centroid: [(sx as f64 / count + 0.5) * dx, (n_rows as f64 - 0.5 - sy as f64 / count) * dy],
        mxx: (central(sxx, sx, sx) + own) * dx * dx,
        mxy: -central(sxy, sx, sy) * dx * dy,
        myy: (central(syy, sy, sy) + own) * dy * dy,
    }
}

impl Moments {
    /// Larger and smaller eigenvalue of the moment tensor, m^2.
    pub fn eigenvalues(&self) -> [f64; 2] {
        let mean = 0.5 * (self.mxx + self.myy);
        let deviation = (0.5 * (self.mxx - self.myy)).hypot(self.mxy);
        // The product of the eigenvalues keeps the digits that the difference loses for needles.
        let larger = mean + deviation;
        let determinant = (self.mxx * self.myy - self.mxy * self.mxy).max(0.0);
        [larger, if larger > 0.0 { determinant / larger } else { 0.0 }]
    }

    /// Long and short diameter of the ellipse of equal moments, m.
    pub fn diameters(&self) -> [f64; 2] {
        self.eigenvalues().map(|l| 4.0 * l.sqrt())
    }

    /// Ratio of the diameters, >= 1; infinite for a line.
    pub fn aspect(&self) -> f64 {
        let [larger, smaller] = self.eigenvalues();
        if smaller > 0.0 { (larger / smaller).sqrt() } else { f64::INFINITY }
    }

    /// Direction of the long diameter, rad in [0, pi) from +x towards +y (up).
    pub fn angle(&self) -> f64 {
        (0.5 * (2.0 * self.mxy).atan2(self.mxx - self.myy)).rem_euclid(std::f64::consts::PI)
    }

    /// Radius of the circle of equal area, m.
    pub fn equivalent_radius(&self) -> f64 {
        (self.area / std::f64::consts::PI).sqrt()
    }
}

/// Widths of a region between parallel lines, m.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feret {
    /// Largest width: the longest chord.
    pub max: f64,
    /// Smallest width.
    pub min: f64,
    /// Long and short side of the bounding rectangle of least area, in any direction.
    pub bounding_box: [f64; 2],
    /// Direction of its long side, rad in [0, pi), y up.
    pub bounding_box_angle: f64,
}

/// Convex hull of points (Andrew's monotone chain), counter-clockwise, without repeated or collinear points.
pub fn convex_hull(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let mut hull = half_hull(sorted.iter());
    let upper = half_hull(sorted.iter().rev());
    // Each half ends where the other begins.
    hull.pop();
    hull.extend(&upper[..upper.len() - 1]);
    hull
}

fn half_hull<'a>(points: impl Iterator<Item = &'a [f64; 2]>) -> Vec<[f64; 2]> {
    let mut hull: Vec<[f64; 2]> = Vec::new();
    for point in points {
        while let [.., a, b] = hull.as_slice() {
            if (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) > 0.0 {
                break;
            }
            hull.pop();
        }
        hull.push(*point);
    }
    hull
}

/// Feret diameters and least bounding rectangle of a convex, counter-clockwise polygon; `None` with fewer than two points.
///
/// The least width and the least rectangle have a side along an edge of the hull (Freeman & Shapira 1975, doi:10.1145/360881.360919).
pub fn feret(hull: &[[f64; 2]]) -> Option<Feret> {
    if hull.len() < 2 {
        return None;
    }
    let max = hull
        .iter()
        .enumerate()
        .flat_map(|(i, a)| hull[i + 1..].iter().map(move |b| (a[0] - b[0]).hypot(a[1] - b[1])))
        .fold(0.0, f64::max);
    let mut found = Feret { max, min: f64::INFINITY, bounding_box: [f64::INFINITY; 2], bounding_box_angle: 0.0 };
    for (a, b) in hull.iter().zip(hull.iter().cycle().skip(1)) {
        let angle = (b[1] - a[1]).atan2(b[0] - a[0]);
        let (sin, cos) = angle.sin_cos();
        let along = width(hull.iter().map(|p| (p[0] - a[0]) * cos + (p[1] - a[1]) * sin));
        let across = width(hull.iter().map(|p| (p[1] - a[1]) * cos - (p[0] - a[0]) * sin));
        found.min = found.min.min(across);
        if along * across < found.bounding_box[0] * found.bounding_box[1] {
            let turned = if across > along { angle + std::f64::consts::FRAC_PI_2 } else { angle };
            found.bounding_box = [along.max(across), along.min(across)];
            found.bounding_box_angle = turned.rem_euclid(std::f64::consts::PI);
        }
    }
    Some(found)
}

fn width(positions: impl Iterator<Item = f64>) -> f64 {
    let (low, high) = positions.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| (low.min(p), high.max(p)));
    high - low
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::{Connectivity, golden_map, label};
    use ndarray::Array2;
    use std::f64::consts::{FRAC_PI_4, PI};

    /// An ellipse of half axes a, b (metres) at `angle`, on 1 nm x 2 nm pixels.
    fn ellipse(a: f64, b: f64, angle: f64) -> Array2<bool> {
        Array2::from_shape_fn((100, 200), |(row, column)| {
            let (x, y) = ((column as f64 + 0.5 - 90.0) * 1e-9, (100.0 - 0.5 - row as f64 - 55.0) * 2e-9);
            let (u, v) = (x * angle.cos() + y * angle.sin(), y * angle.cos() - x * angle.sin());
            (u / a).powi(2) + (v / b).powi(2) < 1.0
        })
    }

    #[test]
    fn an_ellipse_is_measured_in_metres_with_y_up() {
        for angle in [0.0, 0.4, 1.2, 2.5] {
            let map = ellipse(70e-9, 40e-9, angle);
            let regions = label(&map.view(), Connectivity::Four).regions();
            let m = pixel_moments(&regions[0], 100, (2e-9, 1e-9), PixelModel::Box);
            let close = |found: f64, expected: f64| (found / expected - 1.0).abs() < 0.005;
            assert!(close(m.area, PI * 70e-9 * 40e-9));
            assert!(close(m.diameters()[0], 140e-9) && close(m.diameters()[1], 80e-9), "{:?}", m.diameters());
            // The errors of two diameters add.
            assert!((m.aspect() / 1.75 - 1.0).abs() < 0.01);
            assert!(close(m.equivalent_radius(), (70e-9_f64 * 40e-9).sqrt()));
            let turn = (m.angle() - angle + PI / 2.0).rem_euclid(PI) - PI / 2.0;
            assert!(turn.abs() < 0.01, "{angle}: {}", m.angle());
            assert!((m.centroid[0] - 90e-9).abs() < 0.2e-9 && (m.centroid[1] - 110e-9).abs() < 0.2e-9);
        }
    }

    #[test]
    fn one_pixel_lines_have_no_width_as_points() {
        let map = Array2::from_shape_fn((5, 9), |(row, _)| row == 2);
        let region = &label(&map.view(), Connectivity::Four).regions()[0];
        assert_eq!(pixel_moments(region, 5, (1.0, 1.0), PixelModel::Point).aspect(), f64::INFINITY);
        assert!((pixel_moments(region, 5, (1.0, 1.0), PixelModel::Box).aspect() - 9.0).abs() < 1e-12);
    }

    #[test]
    fn hull_and_calipers_of_a_turned_rectangle() {
        let turn = |[x, y]: [f64; 2]| [(x - y) * FRAC_PI_4.cos(), (x + y) * FRAC_PI_4.sin()];
        let points = [[0.0, 0.0], [4.0, 0.0], [4.0, 2.0], [0.0, 2.0], [2.0, 1.0], [1.0, 1.5]].map(turn);
        let hull = convex_hull(&points);
        assert_eq!(hull.len(), 4);
        let f = feret(&hull).unwrap();
        assert!((f.max - 20f64.sqrt()).abs() < 1e-12 && (f.min - 2.0).abs() < 1e-12);
        assert!((f.bounding_box[0] - 4.0).abs() < 1e-12 && (f.bounding_box[1] - 2.0).abs() < 1e-12);
        assert!((f.bounding_box_angle - FRAC_PI_4).abs() < 1e-12);
        assert!(feret(&convex_hull(&[[1.0, 1.0]])).is_none());
    }

    /// Counts and means of scipy and scikit-image, shared/data/afm/golden_stats.json.
    #[test]
    fn golden_regions() {
        let Some(map) = golden_map() else { return };
        let inside = map.mapv(|v| v > 1.633669090766424);
        for (connectivity, n_regions, n_large, point, boxed, radius) in [
            (Connectivity::Four, 3472, 357, 1.8952100718056717, 1.808925714348938, 2.383436025051018),
            (Connectivity::Eight, 2604, 384, 1.93485233789659, 1.8533010233616196, 2.4499996375961732),
        ] {
            let labelling = label(&inside.view(), connectivity);
            assert_eq!(labelling.n_regions(), n_regions);
            let regions = labelling.regions();
            let large: Vec<_> = regions.iter().filter(|r| r.n_pixels >= 8 && !r.touches_border).collect();
            assert_eq!(large.len(), n_large);
            let mean = |f: &dyn Fn(&Region) -> f64| large.iter().map(|r| f(r)).sum::<f64>() / n_large as f64;
            let moments = |model| move |r: &Region| pixel_moments(r, 512, (1.0, 1.0), model);
            assert!((mean(&|r| moments(PixelModel::Point)(r).aspect()) - point).abs() < 1e-9);
            assert!((mean(&|r| moments(PixelModel::Box)(r).aspect()) - boxed).abs() < 1e-9);
            assert!((mean(&|r| moments(PixelModel::Box)(r).equivalent_radius()) - radius).abs() < 1e-9);
        }
    }
}
