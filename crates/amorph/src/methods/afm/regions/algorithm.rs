//! Regions above a threshold: finding, measuring, averaging.

use ndarray::{Array2, ArrayView2};

use super::statistics::{Mean, Summary};
use crate::core::image::{Connectivity, Contours, Feret, Labelling, Moments, PixelModel, contours, label, pixel_moments};

/// How the threshold follows from the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Threshold {
    /// The brightest share of the usable area.
    AreaShare(f64),
    /// The brightest pixels that together hold this share of the sum of the values.
    ValueShare(f64),
    /// A value.
    At(f64),
}

/// How an outline is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Sub-pixel contour.
    Contour,
    /// Pixels, taken as points or boxes.
    Pixels(PixelModel),
}

/// What is done to every map, measured or simulated.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// Pixels that may be used.
    pub valid: &'a ArrayView2<'a, bool>,
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// Threshold rule.
    pub threshold: Threshold,
    /// Which pixels are neighbours.
    pub connectivity: Connectivity,
    /// How shapes are measured.
    pub shape: Shape,
    /// Least number of pixels of a region.
    pub min_pixels: u64,
}

/// One region that is complete within the map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Label in the labelling.
    pub label: u32,
    /// Number of pixels.
    pub n_pixels: u64,
    /// Shape.
    pub moments: Moments,
    /// How many regions of its size it stands for, those that touch the border being left out.
    pub weight: f64,
    /// Calipers and least bounding rectangle, once measured.
    pub bounds: Option<Feret>,
}

/// All regions of a map.
#[derive(Debug, Clone)]
pub struct Found {
    /// The threshold, unit of the map.
    pub threshold: f64,
    /// Share of the usable pixels above it.
    pub area_fraction: f64,
    /// Regions of any size, border included.
    pub n_all: usize,
    /// Regions of at least the smallest size counted that touch the border.
    pub n_border: usize,
    /// Regions inside, of any size.
    pub regions: Vec<Measured>,
}

/// Threshold of the usable values; `None` without values, or where no threshold gives the share of the sum (values not positive).
pub fn threshold_of(values: &Array2<f64>, valid: &ArrayView2<'_, bool>, rule: Threshold) -> Option<f64> {
    let mut usable: Vec<f64> = values.iter().zip(valid).filter(|(_, valid)| **valid).map(|(value, _)| *value).collect();
    match rule {
        Threshold::At(value) => Some(value),
        Threshold::AreaShare(share) => crate::core::stats::quantile(&usable, 1.0 - share).ok(),
        Threshold::ValueShare(share) => {
            let total: f64 = usable.iter().sum();
            if total <= 0.0 {
                return None;
            }
            usable.sort_unstable_by(|a, b| b.total_cmp(a));
            let mut sum = 0.0;
            let last = usable.iter().position(|value| {
                sum += value;
                sum >= share * total
            })?;
            // Above, not at, the threshold counts: take the next lower value.
            usable.get(last + 1).copied()
        }
    }
}

/// Regions, labelling and, for sub-pixel shapes, outlines.
pub type SearchResult = (Found, Labelling, Option<Contours>);

impl Search<'_> {
    /// Finds and measures the regions; `None` where there is no threshold, see [`threshold_of`].
    pub fn run(&self, values: &Array2<f64>) -> Option<SearchResult> {
        let threshold = threshold_of(values, self.valid, self.threshold)?;
        let inside = Array2::from_shape_fn(values.dim(), |at| self.valid[at] && values[at] > threshold);
        let n_inside = inside.iter().filter(|inside| **inside).count() as f64;
        let n_valid = self.valid.iter().filter(|valid| **valid).count().max(1) as f64;
        let labelling = label(&inside.view(), self.connectivity);
        let outlines = (self.shape == Shape::Contour).then(|| contours(&values.view(), &labelling, threshold, self.pitch));
        let all = labelling.regions();
        let (rows, columns) = values.dim();
        let mut regions = Vec::new();
        for region in all.iter().filter(|region| !region.touches_border) {
            let moments = match (&outlines, self.shape) {
                (Some(outlines), _) => outlines.moments(region.label),
                (None, Shape::Pixels(model)) => Some(pixel_moments(region, rows, self.pitch, model)),
                (None, Shape::Contour) => None,
            };
            let Some(moments) = moments else { continue };
            let extent = |(first, last): (usize, usize)| (last - first + 1) as f64;
            // A region of this width lies inside at (L - w) of L places along each axis.
            let place = |n: usize, range| n as f64 / (n as f64 - extent(range)).max(1.0);
            let weight = place(rows, region.rows) * place(columns, region.columns);
            regions.push(Measured { label: region.label, n_pixels: region.n_pixels, moments, weight, bounds: None });
        }
        let n_border = all.iter().filter(|region| region.touches_border && region.n_pixels >= self.min_pixels).count();
        let found = Found { threshold, area_fraction: n_inside / n_valid, n_all: all.len(), n_border, regions };
        Some((found, labelling, outlines))
    }
}

impl Found {
    /// Regions inside of at least `min_pixels`.
    pub fn of_size(&self, min_pixels: u64) -> impl Iterator<Item = &Measured> {
        self.regions.iter().filter(move |region| region.n_pixels >= min_pixels)
    }

    /// Averages over regions of at least `min_pixels`; means are NaN without regions. Lines without width have no aspect ratio
    /// and are left out of its mean; so are regions whose bounds were not measured from the means of those.
    pub fn summary(&self, min_pixels: u64) -> Summary {
        let mean = |number: &dyn Fn(&Measured) -> f64, by_area: bool| {
            let weight = |region: &Measured| region.weight * if by_area { region.moments.area } else { 1.0 };
            Mean::weighted(self.of_size(min_pixels).map(|region| (weight(region), number(region))))
        };
        let bound = |read: fn(&Feret) -> f64| mean(&|region: &Measured| region.bounds.as_ref().map_or(f64::NAN, read), false);
        let cosine = mean(&|r| (2.0 * r.moments.angle()).cos(), false).value;
        let sine = mean(&|r| (2.0 * r.moments.angle()).sin(), false).value;
        Summary {
            count: self.of_size(min_pixels).count(),
            aspect: mean(&|r| r.moments.aspect(), false),
            aspect_by_area: mean(&|r| r.moments.aspect(), true),
            req: mean(&|r| r.moments.equivalent_radius(), false),
            req_by_area: mean(&|r| r.moments.equivalent_radius(), true),
            angle_order: cosine.hypot(sine),
            feret_max: bound(|f| f.max),
            feret_min: bound(|f| f.min),
            bounding_length: bound(|f| f.bounding_box[0]),
            bounding_width: bound(|f| f.bounding_box[1]),
        }
    }

    /// Measures the bounds of the regions of at least `min_pixels` from their outlines.
    pub fn measure_bounds(&mut self, outlines: &Contours, min_pixels: u64) {
        for region in self.regions.iter_mut().filter(|region| region.n_pixels >= min_pixels) {
            region.bounds = outlines.feret(region.label);
        }
    }
}
