//! Sub-pixel outlines of regions by marching squares.

use ndarray::ArrayView2;

use super::{Connectivity, Feret, Labelling, Moments, convex_hull, feret};

/// Outlines of all regions of a labelling, as directed segments with the region on their left.
///
/// Where the threshold lies between a pixel inside and its neighbour outside, the outline passes at the linearly interpolated
/// place; at the border of the map and beside missing values it passes along the edge of the pixel. Where two pixels of a region
/// meet at a corner only, they are joined or parted as the connectivity of the labelling says.
#[derive(Debug, Clone)]
pub struct Contours {
    /// Sorted by label; those of label l are `segments[starts[l - 1] .. starts[l]]`.
    segments: Vec<Segment>,
    starts: Vec<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Segment {
    label: u32,
    /// Pixel edges on which the segment begins and ends.
    from: u64,
    to: u64,
    /// Begin and end, metres.
    begin: [f64; 2],
    end: [f64; 2],
}

/// Where an outline crosses the edge between two pixels.
#[derive(Clone, Copy)]
struct Crossing {
    edge: u64,
    point: [f64; 2],
}

/// Traces the outlines of the regions of `labelling`, which must hold the pixels of `values` above `threshold` (or fewer: masked
/// pixels). `pitch` is (dy, dx) in metres. O(number of pixels).
pub fn contours(values: &ArrayView2<'_, f64>, labelling: &Labelling, threshold: f64, pitch: (f64, f64)) -> Contours {
    let tracer = Tracer { values, threshold, pitch, connectivity: labelling.connectivity() };
    let (rows, columns) = labelling.shape();
    let labels = labelling.to_map();
    let padded = |row: Option<usize>| {
        let mut line = vec![0; columns + 2];
        if let Some(row) = row.filter(|row| *row < rows) {
            line[1..=columns].iter_mut().zip(labels.row(row)).for_each(|(to, from)| *to = *from);
        }
        line
    };
    let mut segments = Vec::new();
    let mut above = padded(None);
    for cell_row in 0..=rows {
        let below = padded(Some(cell_row));
        for cell_column in 0..=columns {
            // Corners counter-clockwise with y up, from the top left.
            let corners = [above[cell_column], below[cell_column], below[cell_column + 1], above[cell_column + 1]];
            if corners.iter().any(|corner| *corner != corners[0]) {
                tracer.cell((cell_row, cell_column), corners, &mut segments);
            }
        }
        above = below;
    }
    segments.sort_unstable_by_key(|segment| (segment.label, segment.from));
    let starts = (1..=labelling.n_regions() as u32 + 1).map(|l| segments.partition_point(|s| s.label < l)).collect();
    Contours { segments, starts }
}

struct Tracer<'a> {
    values: &'a ArrayView2<'a, f64>,
    threshold: f64,
    pitch: (f64, f64),
    connectivity: Connectivity,
}

impl Tracer<'_> {
    /// Adds the segments of one cell, whose top left corner is pixel `(row - 1, column - 1)`.
    fn cell(&self, (row, column): (usize, usize), corners: [u32; 4], segments: &mut Vec<Segment>) {
        const PLACES: [(usize, usize); 4] = [(0, 0), (1, 0), (1, 1), (0, 1)];
        let pixel = |corner: usize| (row + PLACES[corner].0, column + PLACES[corner].1);
        for (first, label) in corners.into_iter().enumerate() {
            if label == 0 || corners[..first].contains(&label) {
                continue;
            }
            // The outline runs from an edge where the walk around the cell leaves the region ..
            for leave in (0..4).filter(|i| corners[*i] == label && corners[(i + 1) % 4] != label) {
                let enters = |edge: &usize| corners[*edge] != label && corners[(edge + 1) % 4] == label;
                // .. to the one where it entered the same corner, or enters the next one.
                let enter = match self.connectivity {
                    Connectivity::Four => (1..4).map(|back| (leave + 4 - back) % 4).find(enters),
                    Connectivity::Eight => (1..4).map(|ahead| (leave + ahead) % 4).find(enters),
                };
                let Some(enter) = enter else { continue };
                let from = self.crossing(pixel(leave), pixel((leave + 1) % 4));
                let to = self.crossing(pixel((enter + 1) % 4), pixel(enter));
                segments.push(Segment { label, from: from.edge, to: to.edge, begin: from.point, end: to.point });
            }
        }
    }

    /// Crossing between two neighbouring pixels, both given with one added to row and column.
    fn crossing(&self, inside: (usize, usize), outside: (usize, usize)) -> Crossing {
        let (rows, columns) = self.values.dim();
        let value = |(row, column): (usize, usize)| self.values.get((row.wrapping_sub(1), column.wrapping_sub(1)));
        let fraction = match (value(inside), value(outside)) {
            (Some(a), Some(b)) if *a > self.threshold && *b <= self.threshold => (a - self.threshold) / (a - b),
            _ => 0.5,
        };
        let fraction = if fraction.is_finite() { fraction } else { 0.5 };
        let between = |a: usize, b: usize| a as f64 + fraction * (b as f64 - a as f64);
        let (row, column) = (between(inside.0, outside.0), between(inside.1, outside.1));
        let vertical = u64::from(inside.0 != outside.0);
        let first = (inside.0.min(outside.0) * (columns + 2) + inside.1.min(outside.1)) as u64;
        let point = [(column - 0.5) * self.pitch.1, (rows as f64 + 0.5 - row) * self.pitch.0];
        Crossing { edge: 2 * first + vertical, point }
    }
}

impl Contours {
    /// Number of regions.
    pub fn n_regions(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn of(&self, label: u32) -> &[Segment] {
        let at = |label: usize| label.checked_sub(1).and_then(|i| self.starts.get(i)).copied();
        match (at(label as usize), at(label as usize + 1)) {
            (Some(start), Some(end)) => &self.segments[start..end],
            _ => &[],
        }
    }

    /// Area and moments inside the outlines of a region (holes taken out), by Green's theorem; `None` for unknown labels and
    /// regions without area.
    pub fn moments(&self, label: u32) -> Option<Moments> {
        let segments = self.of(label);
        let origin = segments.first()?.begin;
        let mut sums = [0.0; 6];
        for segment in segments {
            let [x0, y0] = [segment.begin[0] - origin[0], segment.begin[1] - origin[1]];
            let [x1, y1] = [segment.end[0] - origin[0], segment.end[1] - origin[1]];
            let cross = x0 * y1 - x1 * y0;
            let parts = [
                1.0,
                x0 + x1,
                y0 + y1,
                x0 * x0 + x0 * x1 + x1 * x1,
                0.5 * (2.0 * x0 * y0 + x0 * y1 + x1 * y0 + 2.0 * x1 * y1),
                y0 * y0 + y0 * y1 + y1 * y1,
            ];
            sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += cross * part);
        }
        let area = sums[0] / 2.0;
        if area <= 0.0 {
            return None;
        }
        let (x, y) = (sums[1] / 6.0 / area, sums[2] / 6.0 / area);
        Some(Moments {
            area,
            centroid: [origin[0] + x, origin[1] + y],
            mxx: sums[3] / 12.0 / area - x * x,
            mxy: sums[4] / 12.0 / area - x * y,
            myy: sums[5] / 12.0 / area - y * y,
        })
    }

    /// Feret diameters and least bounding rectangle of a region; `None` for unknown labels.
    pub fn feret(&self, label: u32) -> Option<Feret> {
        let points: Vec<[f64; 2]> = self.of(label).iter().map(|segment| segment.begin).collect();
        feret(&convex_hull(&points))
    }

    /// Closed outlines of a region: rings of (x, y) in metres, the first point not repeated; outer rings run counter-clockwise
    /// (y up), holes clockwise.
    pub fn rings(&self, label: u32) -> Vec<Vec<[f64; 2]>> {
        let segments = self.of(label);
        let mut done = vec![false; segments.len()];
        let mut rings = Vec::new();
        for start in 0..segments.len() {
            let mut ring = Vec::new();
            let mut current = start;
            while !done[current] {
                done[current] = true;
                ring.push(segments[current].begin);
                // An edge is crossed by one outline of a region: the segment that begins there is unique.
                match segments.binary_search_by_key(&segments[current].to, |segment| segment.from) {
                    Ok(next) => current = next,
                    Err(_) => break,
                }
            }
            if !ring.is_empty() {
                rings.push(ring);
            }
        }
        rings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::label;
    use crate::random::{FieldModel, FieldSampler};
    use ndarray::{Array2, arr2};
    use std::f64::consts::PI;

    fn signed_area(ring: &[[f64; 2]]) -> f64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter().zip(next).map(|(a, b)| 0.5 * (a[0] * b[1] - b[0] * a[1])).sum()
    }

    fn trace(map: &Array2<f64>, threshold: f64, connectivity: Connectivity, pitch: (f64, f64)) -> Contours {
        let labelling = label(&map.mapv(|v| v > threshold).view(), connectivity);
        contours(&map.view(), &labelling, threshold, pitch)
    }

    #[test]
    fn an_elliptical_hill_gives_its_ellipse() {
        // f = 1 - (u/a)^2 - (v/b)^2 has the outline a x b at 0; linear interpolation errs by the curvature inside a pixel.
        let (a, b, angle) = (9e-9, 5e-9, 0.7_f64);
        let map = Array2::from_shape_fn((20, 40), |(row, column)| {
            let (x, y) = ((column as f64 + 0.5) * 1e-9 - 21e-9, (20.0 - row as f64 - 0.5) * 2e-9 - 19.3e-9);
            let (u, v) = (x * angle.cos() + y * angle.sin(), y * angle.cos() - x * angle.sin());
            1.0 - (u / a).powi(2) - (v / b).powi(2)
        });
        let found = trace(&map, 0.0, Connectivity::Four, (2e-9, 1e-9));
        assert_eq!(found.n_regions(), 1);
        let m = found.moments(1).unwrap();
        let close = |found: f64, expected: f64, tolerance: f64| (found / expected - 1.0).abs() < tolerance;
        assert!(close(m.area, PI * a * b, 0.03), "{}", m.area / (PI * a * b));
        assert!(close(m.aspect(), 1.8, 0.02), "{}", m.aspect());
        assert!((m.angle() - angle).abs() < 0.02 && close(m.diameters()[0], 18e-9, 0.02));
        assert!((m.centroid[0] - 21e-9).abs() < 0.1e-9 && (m.centroid[1] - 19.3e-9).abs() < 0.1e-9);
        let f = found.feret(1).unwrap();
        assert!(close(f.max, 18e-9, 0.02) && close(f.min, 10e-9, 0.03), "{f:?}");
        let rings = found.rings(1);
        assert_eq!(rings.len(), 1);
        assert!(close(signed_area(&rings[0]), m.area, 1e-12));
    }

    #[test]
    fn one_pixel_is_a_diamond_at_the_interpolated_places() {
        let map = arr2(&[[0.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 0.0]]);
        // Threshold 1: three quarters of a pixel to each side, diagonals 1.5.
        let m = trace(&map, 1.0, Connectivity::Four, (1.0, 1.0)).moments(1).unwrap();
        assert!((m.area - 1.125).abs() < 1e-12 && (m.aspect() - 1.0).abs() < 1e-12);
        assert!((m.centroid[0] - 1.5).abs() < 1e-12 && (m.centroid[1] - 1.5).abs() < 1e-12);
    }

    #[test]
    fn a_full_map_ends_at_its_edges_but_for_the_cut_corners() {
        let map = Array2::from_elem((3, 5), 2.0);
        let m = trace(&map, 1.0, Connectivity::Four, (1.0, 1.0)).moments(1).unwrap();
        assert!((m.area - (15.0 - 4.0 * 0.125)).abs() < 1e-12);
    }

    #[test]
    fn saddles_follow_the_connectivity_and_holes_run_clockwise() {
        let map = arr2(&[[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 0.0]]);
        assert_eq!(trace(&map, 1.0, Connectivity::Four, (1.0, 1.0)).n_regions(), 2);
        let eight = trace(&map, 1.0, Connectivity::Eight, (1.0, 1.0));
        assert_eq!((eight.n_regions(), eight.rings(1).len()), (1, 1));
        let ring = arr2(&[[2.0, 2.0, 2.0], [2.0, 0.0, 2.0], [2.0, 2.0, 2.0]]);
        let hollow = trace(&ring, 1.0, Connectivity::Four, (1.0, 1.0));
        let areas: Vec<f64> = hollow.rings(1).iter().map(|ring| signed_area(ring)).collect();
        assert_eq!(areas.len(), 2);
        assert!(areas.iter().any(|area| (area + 0.5).abs() < 1e-12), "{areas:?}");
        assert!((hollow.moments(1).unwrap().area - areas.iter().sum::<f64>()).abs() < 1e-12);
    }

    #[test]
    fn missing_values_are_outside_at_the_pixel_edge() {
        let mut map = Array2::from_elem((3, 3), 0.0);
        map[(1, 1)] = 4.0;
        map[(1, 2)] = f64::NAN;
        let m = trace(&map, 1.0, Connectivity::Four, (1.0, 1.0)).moments(1).unwrap();
        assert!((m.area - 0.5 * 1.5 * 1.25).abs() < 1e-12);
    }

    #[test]
    fn outlines_of_a_random_field_close_and_turn_with_it() {
        let field = FieldSampler::new(&FieldModel::isotropic(1.0, 3.0, 1.0), (48, 64), (1.0, 1.0)).unwrap().sample(8);
        for connectivity in [Connectivity::Four, Connectivity::Eight] {
            let found = trace(&field, 0.4, connectivity, (2e-9, 1e-9));
            let turned = trace(&field.t().to_owned(), 0.4, connectivity, (1e-9, 2e-9));
            assert_eq!(found.n_regions(), turned.n_regions());
            let mut areas = [&found, &turned]
                .map(|c| (1..=c.n_regions() as u32).map(|l| c.moments(l).map_or(0.0, |m| m.area * 1e18)).collect::<Vec<_>>());
            for label in 1..=found.n_regions() as u32 {
                let rings = found.rings(label);
                let n_points: usize = rings.iter().map(Vec::len).sum();
                assert_eq!(n_points, found.of(label).len());
                let sum: f64 = rings.iter().map(|ring| signed_area(ring)).sum();
                assert!((sum * 1e18 - areas[0][label as usize - 1]).abs() < 1e-9);
            }
            areas.iter_mut().for_each(|list| list.sort_by(f64::total_cmp));
            assert!(areas[0].iter().zip(&areas[1]).all(|(a, b)| (a - b).abs() < 1e-9));
        }
    }
}
