//! Pixels and regions of a map level by level: all that states need of it, without its pixels.
//!
//! Levels are multiples of a power of two, chosen from the spread of the map. Grids of different maps therefore nest: a level of
//! the coarser grid is one of the finer, and counts of several maps on a common grid are exact.

use ndarray::Array2;

use crate::core::data::{DataError, Table};
use crate::core::image::Connectivity;
use crate::core::stats::quantiles;

/// Levels per interquartile range at least; at most twice as many.
const PER_QUARTILE_RANGE: f64 = 128.0;
/// Key of the table.
pub const TABLE: &str = "levels";

/// What counts as a region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegionRule {
    /// Which pixels are neighbours.
    pub connectivity: Connectivity,
    /// Least number of pixels.
    pub min_pixels: u64,
}

/// Pixels and regions of one map, level by level.
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    /// Distance between neighbouring levels, SI unit of the map; a power of two.
    pub step: f64,
    /// The levels at which bins with pixels begin or end, ascending, in steps.
    indices: Vec<i64>,
    /// Pixels from each level to the next; 0 at the last.
    pixels: Vec<u64>,
    /// Regions above each level per area, 1/m^2, each with its border weight; empty for maps without a size.
    region_density: Vec<f64>,
}

impl Levels {
    /// Of the finite values of a map (SI), with pixel pitches (dy, dx) in m where they are known. `None` without spread.
    pub fn of_map(values: &Array2<f64>, pitch: Option<(f64, f64)>, rule: RegionRule) -> Option<Self> {
        let step = step_of(values)?;
        let (_, columns) = values.dim();
        let mut order: Vec<(i64, u32)> = values
            .indexed_iter()
            .filter(|(_, value)| value.is_finite())
            .map(|((row, column), value)| ((value / step).floor() as i64, (row * columns + column) as u32))
            .collect();
        order.sort_unstable();
        let bins = || order.chunk_by(|a, b| a.0 == b.0);
        let mut indices: Vec<i64> = bins().flat_map(|bin| [bin[0].0, bin[0].0 + 1]).collect();
        indices.dedup();
        let mut pixels = vec![0; indices.len()];
        let place = |index: i64| indices.partition_point(|level| *level < index);
        for bin in bins() {
            pixels[place(bin[0].0)] += bin.len() as u64;
        }
        let mut region_density = Vec::new();
        if let Some((dy, dx)) = pitch {
            let (rows, columns) = values.dim();
            let area = rows as f64 * dy * columns as f64 * dx;
            region_density = vec![0.0; indices.len()];
            let mut islands = Islands::new((rows, columns), rule);
            for bin in bins().rev() {
                bin.iter().for_each(|(_, pixel)| islands.add(*pixel));
                region_density[place(bin[0].0)] = islands.weight() / area;
            }
            // An upper edge without pixels above it has the regions of the next bin.
            for index in (0..indices.len().saturating_sub(1)).rev() {
                if pixels[index] == 0 {
                    region_density[index] = region_density[index + 1];
                }
            }
        }
        Some(Self { step, indices, pixels, region_density })
    }

    /// As a table with columns `level`, `pixels` and, where there are regions, `region_density`.
    pub fn to_table(&self, unit: &str) -> Table {
        let title = "Pixels between each level and the next, and regions above each level per area (border weights included)";
        let numbers = |values: &[u64]| values.iter().map(|value| *value as f64).collect();
        let level = self.indices.iter().map(|index| *index as f64 * self.step).collect();
        let table =
            Table::new(TABLE, title).with_numbers("level", unit, level).with_numbers("pixels", "", numbers(&self.pixels));
        match self.region_density.is_empty() {
            true => table,
            false => table.with_numbers("region_density", "1/m^2", self.region_density.clone()),
        }
    }

    /// From a table; `None` where it has fewer than two levels.
    ///
    /// # Errors
    /// [`DataError`] where columns are missing.
    pub fn from_table(table: &Table) -> Result<Option<Self>, DataError> {
        let (_, level) = table.numbers("level")?;
        let (_, pixels) = table.numbers("pixels")?;
        let region_density = table.numbers("region_density").map(|(_, density)| density.to_vec()).unwrap_or_default();
        let step = level.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        if !(step > 0.0 && step.is_finite()) {
            return Ok(None);
        }
        let indices = level.iter().map(|level| (level / step).round() as i64).collect();
        Ok(Some(Self { step, indices, pixels: pixels.iter().map(|count| *count as u64).collect(), region_density }))
    }

    /// Number of pixels.
    pub fn n_pixels(&self) -> u64 {
        self.pixels.iter().sum()
    }

    /// The bin edges that hold pixels, on a coarser grid, ascending, in steps of that grid.
    pub fn edges(&self, step: f64) -> impl Iterator<Item = i64> + '_ {
        let ratio = (step / self.step).round() as i64;
        self.indices.iter().zip(&self.pixels).filter(|(_, n)| **n > 0).flat_map(move |(index, _)| {
            let coarse = index.div_euclid(ratio);
            [coarse, coarse + 1]
        })
    }

    /// Shares of the pixels below each of the ascending levels `index * step`, exact where `step` is a multiple of the own one.
    pub fn shares_below(&self, indices: &[i64], step: f64) -> Vec<f64> {
        let ratio = (step / self.step).round() as i64;
        let total = self.n_pixels();
        let (mut next, mut below) = (0, 0);
        let share = |index: &i64| {
            while next < self.indices.len() && self.indices[next] < index * ratio {
                below += self.pixels[next];
                next += 1;
            }
            below as f64 / total as f64
        };
        indices.iter().map(share).collect()
    }

    /// Regions above each of the levels per area, 1/m^2; `None` for maps without a size.
    pub fn regions_above(&self, indices: &[i64], step: f64) -> Option<Vec<f64>> {
        let ratio = (step / self.step).round() as i64;
        let at = |index: &i64| {
            let place = self.indices.partition_point(|own| *own < index * ratio);
            self.region_density.get(place).copied().unwrap_or(0.0)
        };
        (!self.region_density.is_empty()).then(|| indices.iter().map(at).collect())
    }
}

/// The largest power of two that divides the interquartile range finely enough; the whole range where quartiles coincide.
fn step_of(values: &Array2<f64>) -> Option<f64> {
    let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let [low, first, third, high] = quantiles(&finite, &[0.0, 0.25, 0.75, 1.0]).ok()?[..] else { return None };
    let spread = if third > first { third - first } else { high - low };
    // Indices must stay exact integers however far the outliers lie.
    let step = (spread / PER_QUARTILE_RANGE).max(low.abs().max(high.abs()) * 1e-12).log2().floor().exp2();
    (spread > 0.0 && step > 0.0).then_some(step)
}

/// Regions that grow pixel by pixel: union-find with size, extent and contact with the border.
struct Islands {
    rows: usize,
    columns: usize,
    rule: RegionRule,
    /// Parent of each pixel; its own number for a root, `ABSENT` for pixels not yet added.
    parent: Vec<u32>,
    island: Vec<Island>,
    weight: f64,
}

const ABSENT: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Island {
    n: u32,
    rows: (u32, u32),
    columns: (u32, u32),
}

impl Islands {
    fn new((rows, columns): (usize, usize), rule: RegionRule) -> Self {
        let nothing = Island { n: 0, rows: (0, 0), columns: (0, 0) };
        let n = rows * columns;
        Self { rows, columns, rule, parent: vec![ABSENT; n], island: vec![nothing; n], weight: 0.0 }
    }

    /// Sum of the border weights of the regions inside that are large enough.
    fn weight(&self) -> f64 {
        // Additions and subtractions leave rounding errors of this size.
        if self.weight.abs() < 1e-6 { 0.0 } else { self.weight }
    }

    fn add(&mut self, pixel: u32) {
        let (row, column) = (pixel / self.columns as u32, pixel % self.columns as u32);
        self.parent[pixel as usize] = pixel;
        self.island[pixel as usize] = Island { n: 1, rows: (row, row), columns: (column, column) };
        self.weight += self.weight_of(&self.island[pixel as usize]);
        let reach = if self.rule.connectivity == Connectivity::Eight { 8 } else { 4 };
        let around: [(i64, i64); 8] = [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)];
        for (dr, dc) in &around[..reach] {
            let (r, c) = (i64::from(row) + dr, i64::from(column) + dc);
            if r >= 0 && c >= 0 && r < self.rows as i64 && c < self.columns as i64 {
                self.join(pixel, (r * self.columns as i64 + c) as u32);
            }
        }
    }

    fn join(&mut self, a: u32, b: u32) {
        if self.parent[b as usize] == ABSENT {
            return;
        }
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let (large, small) = if self.island[a as usize].n >= self.island[b as usize].n { (a, b) } else { (b, a) };
        let (one, other) = (self.island[large as usize], self.island[small as usize]);
        let span = |p: (u32, u32), q: (u32, u32)| (p.0.min(q.0), p.1.max(q.1));
        let both = Island { n: one.n + other.n, rows: span(one.rows, other.rows), columns: span(one.columns, other.columns) };
        self.weight += self.weight_of(&both) - self.weight_of(&one) - self.weight_of(&other);
        self.parent[small as usize] = large;
        self.island[large as usize] = both;
    }

    fn root(&mut self, mut pixel: u32) -> u32 {
        while self.parent[pixel as usize] != pixel {
            let next = self.parent[pixel as usize];
            self.parent[pixel as usize] = self.parent[next as usize];
            pixel = next;
        }
        pixel
    }

    /// How many regions of its size one inside stands for; 0 at the border and for small ones, as in `dafm.regions`.
    fn weight_of(&self, island: &Island) -> f64 {
        let outside = |(low, high): (u32, u32), n: usize| low == 0 || high as usize + 1 == n;
        if u64::from(island.n) < self.rule.min_pixels
            || outside(island.rows, self.rows)
            || outside(island.columns, self.columns)
        {
            return 0.0;
        }
        let place = |(low, high): (u32, u32), n: usize| n as f64 / (n as f64 - f64::from(high - low + 1)).max(1.0);
        place(island.rows, self.rows) * place(island.columns, self.columns)
    }
}
