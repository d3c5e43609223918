//! Connected regions of a binary map.

use ndarray::{Array2, ArrayView2};

/// Which pixels are neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Connectivity {
    /// Those that share an edge.
    #[serde(rename = "4")]
    Four,
    /// Those that share an edge or a corner.
    #[serde(rename = "8")]
    Eight,
}

/// A horizontal run of pixels of one region: columns `start .. end` of `row`.
#[derive(Debug, Clone, Copy)]
struct Run {
    row: u32,
    start: u32,
    end: u32,
    /// Index of a run of the same region, later the label.
    link: u32,
}

/// Connected regions, labelled 1, 2, .. in the order of their first pixels, row by row.
#[derive(Debug, Clone)]
pub struct Labelling {
    shape: (usize, usize),
    connectivity: Connectivity,
    runs: Vec<Run>,
    n_regions: usize,
}

/// Extent of one region and the sums that its moments need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Label, from 1.
    pub label: u32,
    /// Number of pixels.
    pub n_pixels: u64,
    /// First and last row.
    pub rows: (usize, usize),
    /// First and last column.
    pub columns: (usize, usize),
    /// Whether it holds a pixel of the first or last row or column.
    pub touches_border: bool,
    /// Sums of column, row, column squared, column times row and row squared over the pixels.
    pub sums: [u64; 5],
}

/// Labels the regions of pixels where `inside` is true. O(number of pixels), independent of threads.
pub fn label(inside: &ArrayView2<'_, bool>, connectivity: Connectivity) -> Labelling {
    let mut runs: Vec<Run> = Vec::new();
    let mut above = 0..0;
    for (row, line) in inside.rows().into_iter().enumerate() {
        let first = runs.len();
        append_runs(&mut runs, row as u32, line.iter().copied());
        connect(&mut runs, above, first, connectivity);
        above = first..runs.len();
    }
    // Links point to earlier runs: one pass in order gives every run its label.
    let mut n_regions = 0;
    for index in 0..runs.len() {
        let link = runs[index].link as usize;
        runs[index].link = if link == index {
            n_regions += 1;
            n_regions
        } else {
            runs[link].link
        };
    }
    Labelling { shape: inside.dim(), connectivity, runs, n_regions: n_regions as usize }
}

fn append_runs(runs: &mut Vec<Run>, row: u32, line: impl Iterator<Item = bool>) {
    let mut previous = false;
    let mut column = 0;
    for inside in line {
        if inside && !previous {
            runs.push(Run { row, start: column, end: column, link: runs.len() as u32 });
        }
        column += 1;
        if inside && let Some(run) = runs.last_mut() {
            run.end = column;
        }
        previous = inside;
    }
}

/// Joins the runs from `first` on with those of the row above that they touch.
fn connect(runs: &mut [Run], above: std::ops::Range<usize>, first: usize, connectivity: Connectivity) {
    let reach = u32::from(connectivity == Connectivity::Eight);
    let mut candidate = above.start;
    for current in first..runs.len() {
        let Run { start, end, .. } = runs[current];
        while candidate < above.end && runs[candidate].end + reach <= start {
            candidate += 1;
        }
        let mut touching = candidate;
        while touching < above.end && runs[touching].start < end + reach {
            let (a, b) = (root(runs, touching), root(runs, current));
            runs[a.max(b)].link = a.min(b) as u32;
            touching += 1;
        }
    }
}

/// First run of the region, as far as known; shortens the way for the next time.
fn root(runs: &mut [Run], mut index: usize) -> usize {
    while runs[index].link as usize != index {
        let next = runs[index].link as usize;
        runs[index].link = runs[next].link;
        index = next;
    }
    index
}

impl Labelling {
    /// Rows and columns of the map.
    pub fn shape(&self) -> (usize, usize) {
        self.shape
    }

    /// Neighbourhood that was used.
    pub fn connectivity(&self) -> Connectivity {
        self.connectivity
    }

    /// Number of regions.
    pub fn n_regions(&self) -> usize {
        self.n_regions
    }

    /// Label of every pixel, 0 outside.
    pub fn to_map(&self) -> Array2<u32> {
        let mut map = Array2::zeros(self.shape);
        if let Some(labels) = map.as_slice_mut() {
            for run in &self.runs {
                let row = run.row as usize * self.shape.1;
                labels[row + run.start as usize..row + run.end as usize].fill(run.link);
            }
        }
        map
    }

    /// Table of the regions, in the order of their labels.
    pub fn regions(&self) -> Vec<Region> {
        let blank = |label: usize| Region {
            label: label as u32,
            n_pixels: 0,
            rows: (usize::MAX, 0),
            columns: (usize::MAX, 0),
            touches_border: false,
            sums: [0; 5],
        };
        let mut regions: Vec<Region> = (1..=self.n_regions).map(blank).collect();
        for run in &self.runs {
            regions[run.link as usize - 1].add(run);
        }
        for region in &mut regions {
            let edge = |(low, high): (usize, usize), n: usize| low == 0 || high + 1 == n;
            region.touches_border = edge(region.rows, self.shape.0) || edge(region.columns, self.shape.1);
        }
        regions
    }
}

impl Region {
    fn add(&mut self, run: &Run) {
        let (row, start, end) = (u64::from(run.row), u64::from(run.start), u64::from(run.end));
        let n = end - start;
        // Sums of i and i^2 below m: m (m - 1) / 2 and m (m - 1) (2 m - 1) / 6.
        let first = |m: u64| m * m.saturating_sub(1) / 2;
        let second = |m: u64| m * m.saturating_sub(1) * (2 * m).saturating_sub(1) / 6;
        let (sum, square) = (first(end) - first(start), second(end) - second(start));
        for (total, part) in self.sums.iter_mut().zip([sum, n * row, square, sum * row, n * row * row]) {
            *total += part;
        }
        self.n_pixels += n;
        self.rows = (self.rows.0.min(row as usize), self.rows.1.max(row as usize));
        self.columns = (self.columns.0.min(start as usize), self.columns.1.max(end as usize - 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::standard_normals;
    use Connectivity::{Eight, Four};

    fn picture(lines: &[&str]) -> Array2<bool> {
        Array2::from_shape_fn((lines.len(), lines[0].len()), |(r, c)| lines[r].as_bytes()[c] == b'#')
    }

    #[test]
    fn corners_join_only_eight_neighbours() {
        let map = picture(&["##..#", "..#.#", "..#..", "#...#"]);
        assert_eq!(label(&map.view(), Four).n_regions(), 5);
        let eight = label(&map.view(), Eight);
        assert_eq!(eight.n_regions(), 4);
        let expected = [[1, 1, 0, 0, 2], [0, 0, 1, 0, 2], [0, 0, 1, 0, 0], [3, 0, 0, 0, 4]];
        assert_eq!(eight.to_map(), ndarray::arr2(&expected));
    }

    #[test]
    fn arms_that_meet_late_are_one_region() {
        let map = picture(&["#.#.#.#", "#.#.###", "#.#....", "###.#.#", "......#"]);
        let labels = label(&map.view(), Four);
        let expected =
            [[1, 0, 1, 0, 2, 0, 2], [1, 0, 1, 0, 2, 2, 2], [1, 0, 1, 0, 0, 0, 0], [1, 1, 1, 0, 3, 0, 4], [0, 0, 0, 0, 0, 0, 4]];
        assert_eq!(labels.to_map(), ndarray::arr2(&expected));
    }

    fn flood_fill(map: &Array2<bool>, connectivity: Connectivity) -> Array2<u32> {
        let mut labels = Array2::zeros(map.dim());
        let mut next = 0;
        for (seed, inside) in map.indexed_iter() {
            if !inside || labels[seed] != 0 {
                continue;
            }
            next += 1;
            let mut stack = vec![seed];
            while let Some((row, column)) = stack.pop() {
                if map.get((row, column)) != Some(&true) || labels[(row, column)] != 0 {
                    continue;
                }
                labels[(row, column)] = next;
                for (dr, dc) in (0..9).map(|i| (i / 3, i % 3)).filter(|(r, c)| connectivity == Eight || (r + c) & 1 == 1) {
                    stack.push(((row + dr).wrapping_sub(1), (column + dc).wrapping_sub(1)));
                }
            }
        }
        labels
    }

    #[test]
    fn equals_flood_fill_and_the_table_equals_the_map() {
        for (seed, level) in [(1, 0.2), (2, -0.3), (3, 1.0)] {
            let noise = Array2::from_shape_vec((37, 53), standard_normals(seed, 37 * 53)).unwrap();
            let map = noise.mapv(|v| v > level);
            for connectivity in [Four, Eight] {
                let labelling = label(&map.view(), connectivity);
                let labels = labelling.to_map();
                assert_eq!(labels, flood_fill(&map, connectivity));
                for region in labelling.regions() {
                    let pixels: Vec<(u64, u64)> = labels
                        .indexed_iter()
                        .filter(|(_, l)| **l == region.label)
                        .map(|((r, c), _)| (r as u64, c as u64))
                        .collect();
                    let sum = |f: fn(u64, u64) -> u64| pixels.iter().map(|(r, c)| f(*r, *c)).sum::<u64>();
                    assert_eq!(region.n_pixels, pixels.len() as u64);
                    let sums = [sum(|_, c| c), sum(|r, _| r), sum(|_, c| c * c), sum(|r, c| r * c), sum(|r, _| r * r)];
                    assert_eq!(region.sums, sums);
                    let border = |(r, c): &(u64, u64)| *r == 0 || *c == 0 || *r == 36 || *c == 52;
                    assert_eq!(region.touches_border, pixels.iter().any(border));
                    assert_eq!(region.rows.1 as u64, pixels.iter().map(|p| p.0).max().unwrap());
                    assert_eq!(region.columns.0 as u64, pixels.iter().map(|p| p.1).min().unwrap());
                }
            }
        }
    }

    #[test]
    fn empty_and_full_maps() {
        assert_eq!(label(&Array2::from_elem((4, 4), false).view(), Four).n_regions(), 0);
        assert_eq!(label(&Array2::from_elem((0, 0), true).view(), Four).n_regions(), 0);
        let full = label(&Array2::from_elem((3, 5), true).view(), Four).regions();
        assert_eq!((full.len(), full[0].n_pixels), (1, 15));
    }
}
