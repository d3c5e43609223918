//! Centre and ellipse of a diffraction pattern.

use crate::core::fit::NelderMead;

/// Where the unscattered beam is and how circles look on the detector.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geometry {
    /// Unscattered beam (y, x), pixels from 0.
    pub centre: [f64; 2],
    /// `ln(ratio) cos 2θ`, `ln(ratio) sin 2θ` of an ellipse of axes ratio : 1 with its longer axis at θ.
    pub ellipse: [f64; 2],
}

impl Geometry {
    /// Circles around `centre`.
    pub fn round(centre: [f64; 2]) -> Self {
        Self { centre, ellipse: [0.0; 2] }
    }

    /// Circles that appear as ellipses of axes `ratio` : 1, the longer one at `angle` (rad) from the detector's x axis
    /// towards its y axis.
    pub fn elliptic(centre: [f64; 2], ratio: f64, angle: f64) -> Self {
        let (sin, cos) = (2.0 * angle).sin_cos();
        Self { centre, ellipse: [ratio.ln() * cos, ratio.ln() * sin] }
    }

    /// Distance from the beam, pixels, of the detector position (y, x) with the ellipse taken off; areas are kept.
    pub fn distance(&self, y: f64, x: f64) -> f64 {
        let (y, x) = (y - self.centre[0], x - self.centre[1]);
        let [e1, e2] = self.ellipse;
        let ln_ratio = e1.hypot(e2);
        let slope = if ln_ratio < 1e-12 { 1.0 } else { ln_ratio.sinh() / ln_ratio };
        let square = ln_ratio.cosh() * (x * x + y * y) - slope * (e1 * (x * x - y * y) + 2.0 * e2 * x * y);
        square.max(0.0).sqrt()
    }

    /// Longer over shorter axis.
    pub fn ratio(&self) -> f64 {
        self.ellipse[0].hypot(self.ellipse[1]).exp()
    }

    /// Direction of the longer axis, rad from the detector's x axis towards its y axis, within 0 and π.
    pub fn angle(&self) -> f64 {
        (0.5 * self.ellipse[1].atan2(self.ellipse[0])).rem_euclid(std::f64::consts::PI)
    }
}

/// A pattern to find the geometry of.
#[derive(Debug, Clone, Copy)]
pub struct Image<'a> {
    /// Mean counts, row by row.
    pub values: &'a [f64],
    /// Pixels that tell nothing.
    pub masked: &'a [bool],
    /// Columns.
    pub columns: usize,
}

/// How far a pixel may lie from the mean of its shell, over that mean, before it counts as this far.
const CLIP: f64 = 0.5;

/// Centre and ellipse that make shells of equal distance most uniform in azimuth.
///
/// Minimises the clipped relative variance within shells of one pixel, over the pixels between `inner` and `outer` pixels
/// from `start`. What is given in `fixed_centre` or `fixed_ellipse` is kept.
pub fn find_geometry(image: &Image<'_>, start: Geometry, fixed: Fixed, inner: f64, outer: f64) -> Geometry {
    let mut best = start;
    if !fixed.centre {
        best.centre = coarse_centre(image, start, inner, outer);
    }
    let ring = ring(image, best.centre, inner, outer);
    let with = |x: &[f64]| {
        let mut geometry = best;
        if !fixed.centre {
            geometry.centre = [x[0], x[1]];
        }
        if !fixed.ellipse {
            geometry.ellipse = [x[2], x[3]];
        }
        geometry
    };
    if fixed.centre && fixed.ellipse {
        return best;
    }
    let search = NelderMead { x_tolerance: 1e-4, f_tolerance: 1e-10, max_evaluations: 600, restarts: 1 };
    let start = [best.centre[0], best.centre[1], best.ellipse[0], best.ellipse[1]];
    let cost = |x: &[f64]| {
        let far = (x[0] - start[0]).hypot(x[1] - start[1]) > 4.0 || x[2].hypot(x[3]) > 0.5;
        if far { f64::INFINITY } else { unevenness(&ring, &with(x)) }
    };
    match search.minimise(cost, &start, &[0.7, 0.7, 0.02, 0.02]) {
        Ok(minimum) => with(&minimum.x),
        Err(_) => best,
    }
}

/// What is known beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fixed {
    /// The centre.
    pub centre: bool,
    /// The ellipse.
    pub ellipse: bool,
}

/// A pixel (y, x) and its counts.
type Seen = (f64, f64, f64);

fn ring(image: &Image<'_>, centre: [f64; 2], inner: f64, outer: f64) -> Vec<Seen> {
    let at = |i: usize| ((i / image.columns) as f64, (i % image.columns) as f64);
    let all = image.values.iter().zip(image.masked).enumerate().filter(|(_, (_, masked))| !**masked);
    all.map(|(i, (value, _))| (at(i).0, at(i).1, *value))
        .filter(|(y, x, _)| (inner..outer).contains(&(y - centre[0]).hypot(x - centre[1])))
        .collect()
}

/// The best centre on a grid of two pixels within an eighth of the detector.
fn coarse_centre(image: &Image<'_>, start: Geometry, inner: f64, outer: f64) -> [f64; 2] {
    let reach = (outer / 4.0).ceil() as i32;
    // Every second pixel in both directions is enough here; the clipped cost needs no common set of pixels.
    let every_other = |(y, x, _): &Seen| (*y as usize).is_multiple_of(2) && (*x as usize).is_multiple_of(2);
    let mut best = (f64::INFINITY, start.centre);
    for dy in (-reach..=reach).step_by(2) {
        for dx in (-reach..=reach).step_by(2) {
            let centre = [start.centre[0] + f64::from(dy), start.centre[1] + f64::from(dx)];
            let seen: Vec<Seen> = ring(image, centre, inner, outer).into_iter().filter(every_other).collect();
            let cost = unevenness(&seen, &Geometry { centre, ..start });
            if cost < best.0 {
                best = (cost, centre);
            }
        }
    }
    best.1
}

/// Mean clipped squared deviation from the mean of the shell, over that mean squared.
fn unevenness(seen: &[Seen], geometry: &Geometry) -> f64 {
    let distances: Vec<f64> = seen.iter().map(|(y, x, _)| geometry.distance(*y, *x)).collect();
    let profile = Profile::of(distances.iter().zip(seen).map(|(k, (_, _, value))| (*k, *value)));
    let one = |(k, (_, _, value)): (&f64, &Seen)| {
        let mean = profile.at(*k);
        if mean > 0.0 { (value / mean - 1.0).clamp(-CLIP, CLIP).powi(2) } else { 0.0 }
    };
    distances.iter().zip(seen).map(one).sum::<f64>() / seen.len().max(1) as f64
}

/// Mean over shells of one pixel, linear between their middles.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Mean of every whole distance; NaN where nothing lies.
    pub means: Vec<f64>,
    /// Weight of pixels that went into it.
    pub weights: Vec<f64>,
}

impl Profile {
    /// Of pairs (distance, value); each counts for the two whole distances around it.
    pub fn of(pairs: impl Iterator<Item = (f64, f64)>) -> Self {
        let (mut sums, mut weights): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        for (k, value) in pairs {
            let shell = k as usize;
            if sums.len() < shell + 2 {
                sums.resize(shell + 2, 0.0);
                weights.resize(shell + 2, 0.0);
            }
            let upper = k - shell as f64;
            for (at, weight) in [(shell, 1.0 - upper), (shell + 1, upper)] {
                sums[at] += weight * value;
                weights[at] += weight;
            }
        }
        let means = sums.iter().zip(&weights).map(|(sum, w)| if *w > 1e-9 { sum / w } else { f64::NAN }).collect();
        Self { means, weights }
    }

    /// Value at a distance; NaN beyond the last shell.
    pub fn at(&self, k: f64) -> f64 {
        let shell = k.max(0.0) as usize;
        let (Some(lower), Some(upper)) = (self.means.get(shell), self.means.get(shell + 1)) else { return f64::NAN };
        let t = k - shell as f64;
        match (lower.is_nan(), upper.is_nan()) {
            (false, false) => lower + t * (upper - lower),
            (false, true) => *lower,
            (true, _) => *upper,
        }
    }
}
