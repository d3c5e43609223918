//! Clusters of the pixels below a level: their sizes, whether they span the image, and how the largest fills space.

use ndarray::{Array2, ArrayView2};

use crate::core::image::{Connectivity, Labelling, label};
use crate::core::stats::quantile;

/// Which pixels are dense.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Level {
    /// Those at or below a value.
    At(f64),
    /// The lowest share of the usable area.
    Share(f64),
}

/// What is done to every map, measured or simulated.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// Pixels that may be used.
    pub valid: &'a ArrayView2<'a, bool>,
    /// Pixel size (dy, dx), m.
    pub pitch: (f64, f64),
    /// Which pixels are dense.
    pub level: Level,
    /// Which pixels are neighbours.
    pub connectivity: Connectivity,
}

/// One cluster inside the image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cluster {
    /// Number of pixels.
    pub n_pixels: u64,
    /// Radius of the circle of equal area, m.
    pub radius: f64,
    /// How many clusters of its size it stands for, those that touch the border being left out.
    pub weight: f64,
}

/// All clusters of a map.
#[derive(Debug, Clone)]
pub struct Found {
    /// The level, unit of the map.
    pub level: f64,
    /// Share of the usable pixels that is dense.
    pub area_fraction: f64,
    /// Clusters inside, smallest first.
    pub clusters: Vec<Cluster>,
    /// Clusters that touch the border.
    pub n_border: usize,
    /// Label of the largest cluster, wherever it lies; 0 without clusters.
    pub largest: u32,
    /// Its share of the dense pixels.
    pub largest_fraction: f64,
    /// Whether one cluster reaches from left to right.
    pub spans_x: bool,
    /// Whether one cluster reaches from top to bottom.
    pub spans_y: bool,
    /// Whether one cluster does both.
    pub spans_both: bool,
}

impl Search<'_> {
    /// The dense pixels and the level; `None` without usable values.
    pub fn mask(&self, values: &Array2<f64>) -> Option<(Array2<bool>, f64)> {
        let level = match self.level {
            Level::At(level) => level,
            Level::Share(share) => {
                let usable: Vec<f64> =
                    values.iter().zip(self.valid).filter(|(_, valid)| **valid).map(|(value, _)| *value).collect();
                quantile(&usable, share).ok()?
            }
        };
        Some((Array2::from_shape_fn(values.dim(), |at| self.valid[at] && values[at] <= level), level))
    }

    /// Finds and measures the clusters.
    pub fn run(&self, values: &Array2<f64>) -> Option<(Found, Labelling)> {
        let (mask, level) = self.mask(values)?;
        let n_valid = self.valid.iter().filter(|valid| **valid).count().max(1) as f64;
        let labelling = label(&mask.view(), self.connectivity);
        let all = labelling.regions();
        let (rows, columns) = values.dim();
        let n_dense: u64 = all.iter().map(|region| region.n_pixels).sum();
        let whole = |(low, high): (usize, usize), n: usize| low == 0 && high + 1 == n;
        let pixel = self.pitch.0 * self.pitch.1;
        let mut clusters: Vec<Cluster> = Vec::new();
        for region in all.iter().filter(|region| !region.touches_border) {
            // A cluster of this width lies inside at (L - w) of L places along each axis.
            let place = |n: usize, (low, high): (usize, usize)| n as f64 / (n as f64 - (high - low + 1) as f64).max(1.0);
            clusters.push(Cluster {
                n_pixels: region.n_pixels,
                radius: (region.n_pixels as f64 * pixel / std::f64::consts::PI).sqrt(),
                weight: place(rows, region.rows) * place(columns, region.columns),
            });
        }
        clusters.sort_by_key(|cluster| cluster.n_pixels);
        let largest = all.iter().max_by_key(|region| region.n_pixels);
        let found = Found {
            level,
            area_fraction: n_dense as f64 / n_valid,
            n_border: all.len() - clusters.len(),
            clusters,
            largest: largest.map_or(0, |region| region.label),
            largest_fraction: largest.map_or(f64::NAN, |region| region.n_pixels as f64 / n_dense as f64),
            spans_x: all.iter().any(|region| whole(region.columns, columns)),
            spans_y: all.iter().any(|region| whole(region.rows, rows)),
            spans_both: all.iter().any(|region| whole(region.columns, columns) && whole(region.rows, rows)),
        };
        Some((found, labelling))
    }
}

impl Found {
    /// Clusters inside of at least `min_pixels`.
    pub fn of_size(&self, min_pixels: u64) -> &[Cluster] {
        &self.clusters[self.clusters.partition_point(|cluster| cluster.n_pixels < min_pixels)..]
    }

    /// Number of clusters at least as large as each of the ascending radii, border weights included.
    pub fn cumulated(&self, radii: &[f64]) -> Vec<f64> {
        cumulated(&self.clusters, radii)
    }
}

/// Number of clusters (ascending) at least as large as each radius, border weights included.
pub fn cumulated(clusters: &[Cluster], radii: &[f64]) -> Vec<f64> {
    let from = |radius: &f64| clusters.partition_point(|cluster| cluster.radius < *radius);
    radii.iter().map(|radius| clusters[from(radius)..].iter().map(|cluster| cluster.weight).sum()).collect()
}

/// How many boxes of each side cover a set of pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct BoxCount {
    /// Side of the boxes, pixels, ascending.
    pub sides: Vec<usize>,
    /// Mean number of boxes over eight positions of the grid.
    pub counts: Vec<f64>,
    /// Slope of `ln N` against `ln((L - 1)/side + 1)`, by least squares, with `L` the extent of the cluster in pixels.
    pub dimension: f64,
    /// The numbers of boxes on that line.
    pub fitted: Vec<f64>,
    /// Least and largest slope between neighbouring sides.
    pub slopes: (f64, f64),
}

/// Smallest box, pixels.
const SMALLEST_BOX: usize = 2;
/// The largest box is this part of the extent of the cluster.
const LARGEST_BOX: usize = 4;
/// Positions of the grid that are averaged.
const GRIDS: usize = 8;
/// Fewest sides for a slope.
const FEWEST_SIDES: usize = 4;

/// Box counts of one label, over sides 2, 3, 4, 6, 8, 12 .. up to a quarter of its extent; `None` for fewer than four sides.
///
/// A grid laid at random over `L` pixels in a row cuts them into `(L - 1)/side + 1` boxes on average: against the logarithm of that
/// number, not of `1/side`, a line has slope 1 and a filled square slope 2 at every side, however few boxes they are.
pub fn box_count(labels: &Array2<u32>, wanted: u32) -> Option<BoxCount> {
    let pixels: Vec<(usize, usize)> = labels.indexed_iter().filter(|(_, label)| **label == wanted).map(|(at, _)| at).collect();
    let range = |read: fn(&(usize, usize)) -> usize| {
        let values = || pixels.iter().map(read);
        Some((values().min()?, values().max()?))
    };
    let (rows, columns) = (range(|p| p.0)?, range(|p| p.1)?);
    let extent = (rows.1 - rows.0).max(columns.1 - columns.0) + 1;
    let sides: Vec<usize> = (0..)
        .map(|step| if step % 2 == 0 { SMALLEST_BOX << (step / 2) } else { (SMALLEST_BOX + 1) << (step / 2) })
        .take_while(|side| side * LARGEST_BOX <= extent)
        .collect();
    if sides.len() < FEWEST_SIDES {
        return None;
    }
    let count = |side: &usize| {
        let of_grid = |grid: usize| {
            let (dr, dc) = (grid * side / GRIDS, (3 * grid % GRIDS) * side / GRIDS);
            let across = (columns.1 - columns.0 + dc) / side + 1;
            let down = (rows.1 - rows.0 + dr) / side + 1;
            let mut boxes = vec![false; across * down];
            for (row, column) in &pixels {
                boxes[(row - rows.0 + dr) / side * across + (column - columns.0 + dc) / side] = true;
            }
            boxes.into_iter().filter(|filled| *filled).count()
        };
        (0..GRIDS).map(of_grid).sum::<usize>() as f64 / GRIDS as f64
    };
    let counts: Vec<f64> = sides.iter().map(count).collect();
    let x: Vec<f64> = sides.iter().map(|side| ((extent - 1) as f64 / *side as f64 + 1.0).ln()).collect();
    let y: Vec<f64> = counts.iter().map(|count| count.ln()).collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mx, my) = (mean(&x), mean(&y));
    let product = x.iter().zip(&y).map(|(a, b)| (a - mx) * (b - my)).sum::<f64>();
    let dimension = product / x.iter().map(|a| (a - mx).powi(2)).sum::<f64>();
    let fitted = x.iter().map(|x| (my + dimension * (x - mx)).exp()).collect();
    let local = || (1..x.len()).map(|i| (y[i] - y[i - 1]) / (x[i] - x[i - 1]));
    let slopes = (local().fold(f64::INFINITY, f64::min), local().fold(f64::NEG_INFINITY, f64::max));
    Some(BoxCount { sides, counts, dimension, fitted, slopes })
}
