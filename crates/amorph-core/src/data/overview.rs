//! A look at a scan or a stack of frames: some frames, their mean, and how much every position scatters.

use ndarray::Array2;

use super::{AxisRole, Data, DataError, Extent, Map, PixelType, Pixels, ScanAxis};
use crate::unit::Unit;

/// Bytes of frames that are held at a time.
const PIECE: usize = 16 << 20;

/// Pictures of frames, read once and in pieces; `None` for data of other kinds.
///
/// The first, the middle and the last frame that is there; the mean of all frames, and its decadic logarithm where it is above zero; of
/// a scan the sum of every frame at its position, missing where the frame is absent. Pixels that are no numbers count as zero in sums and
/// means. `progress` is told how many of how many frames are read.
///
/// # Errors
/// [`DataError::Unreadable`] for a frame that cannot be read.
pub fn overview(data: &Data, progress: impl Fn(usize, usize)) -> Result<Option<Vec<Map>>, DataError> {
    let (axes, pixel, n) = match data {
        Data::Scan(scan) => (&scan.axes[..], scan.pixel, scan.n_present),
        Data::Stack(stack) => (&stack.axes[..], stack.pixel, stack.n_present),
        _ => return Ok(None),
    };
    let [.., rows, columns] = axes else { return Ok(None) };
    let len = rows.n * columns.n;
    if n == 0 || len == 0 {
        return Ok(None);
    }
    let picked = [0, n / 2, n - 1];
    let mut frames: Vec<Vec<f64>> = vec![Vec::new(); picked.len()];
    let (mut sums, mut totals) = (vec![0.0; len], Vec::with_capacity(n));
    let per_piece = (PIECE / (len * pixel.size()).max(1)).clamp(1, n);
    let mut pixels = Pixels::empty(PixelType::U8);
    for first in (0..n).step_by(per_piece) {
        let end = (first + per_piece).min(n);
        match data {
            Data::Scan(scan) => scan.read(first..end, &mut pixels)?,
            Data::Stack(stack) => stack.read(first..end, &mut pixels)?,
            _ => {}
        }
        for (frame, values) in (first..end).zip(pixels.to_f64().chunks_exact(len)) {
            let counted = |value: f64| if value.is_finite() { value } else { 0.0 };
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += counted(*value));
            totals.push(values.iter().copied().map(counted).sum::<f64>());
            for (kept, _) in frames.iter_mut().zip(picked).filter(|(_, picked)| *picked == frame) {
                *kept = values.to_vec();
            }
        }
        progress(end, n);
    }
    let mean: Vec<f64> = sums.iter().map(|sum| sum / n as f64).collect();
    let logarithm = mean.iter().map(|mean| if *mean > 0.0 { mean.log10() } else { f64::NAN }).collect();
    let shape = [rows.n, columns.n];
    let picture = |name: String, values: Vec<f64>| map("frame", &name, shape, values, extent(rows, columns));
    let mut maps: Vec<Map> =
        picked.iter().zip(frames).map(|(frame, values)| picture(format!("frame {frame}"), values)).collect();
    maps.push(picture("mean of all frames".to_owned(), mean));
    maps.push(picture("log10 of the mean".to_owned(), logarithm));
    if let Data::Scan(scan) = data {
        let (y, x) = (&scan.axes[0], &scan.axes[1]);
        totals.resize(y.n * x.n, f64::NAN);
        maps.push(map("sum_image", "sum of every frame", [y.n, x.n], totals, extent(y, x)));
    }
    maps.iter_mut().enumerate().for_each(|(index, map)| map.index = index);
    Ok(Some(maps))
}

fn map(quantity: &str, name: &str, [rows, columns]: [usize; 2], values: Vec<f64>, extent: Option<Extent>) -> Map {
    let values = Array2::from_shape_vec((rows, columns), values).unwrap_or_default();
    let mut map = Map::new(quantity, values, Unit::one(), extent);
    map.name = name.to_owned();
    map
}

/// Lengths of the picture, where both axes state them in metres.
fn extent(y: &ScanAxis, x: &ScanAxis) -> Option<Extent> {
    let is_length = |axis: &ScanAxis| !matches!(axis.role, AxisRole::DetectorY | AxisRole::DetectorX);
    let step = |axis: &ScanAxis| axis.usable_step("m").filter(|_| is_length(axis)).map(f64::abs);
    Some(Extent::metres(step(x)? * x.n as f64, step(y)? * y.n as f64))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::{FrameStack, Scan4d, Table};

    fn pictures(data: &Data) -> Vec<Map> {
        overview(data, |_, _| {}).unwrap().unwrap()
    }

    #[test]
    fn a_scan_is_seen_at_a_glance() {
        // Five of six frames of 2 x 2 pixels: frame f holds 10 f, 10 f + 1, 10 f + 2 and a zero.
        let values: Vec<u16> = (0..5).flat_map(|f| [10 * f, 10 * f + 1, 10 * f + 2, 0]).collect();
        let data = Data::Scan(Scan4d::of_pixels([2, 3, 2, 2], Pixels::U16(values)));
        let seen = std::cell::Cell::new((0, 0));
        let maps = overview(&data, |done, all| seen.set((done, all))).unwrap().unwrap();
        assert_eq!(seen.get(), (5, 5));
        let names: Vec<&str> = maps.iter().map(|map| map.name.as_str()).collect();
        assert_eq!(names[..3], ["frame 0", "frame 2", "frame 4"]);
        assert_eq!(names[3..], ["mean of all frames", "log10 of the mean", "sum of every frame"]);
        assert_eq!(maps[2].values.as_slice().unwrap(), [40.0, 41.0, 42.0, 0.0]);
        assert_eq!(maps[3].values.as_slice().unwrap(), [20.0, 21.0, 22.0, 0.0]);
        assert!((maps[4].values[[0, 0]] - 20f64.log10()).abs() < 1e-12 && maps[4].values[[1, 1]].is_nan());
        let sums = &maps[5].values;
        assert_eq!((sums.dim(), sums[[0, 1]], sums[[1, 1]]), ((2, 3), 33.0, 123.0));
        assert!(sums[[1, 2]].is_nan(), "the last frame is absent");
        assert_eq!(maps.iter().map(|map| map.index).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn stacks_have_no_positions_and_other_data_no_frames() {
        let axes = [AxisRole::Time, AxisRole::ScanY, AxisRole::ScanX].map(|role| ScanAxis::new(role, 2)).to_vec();
        let stack =
            FrameStack::of_pixels("stack", axes, Pixels::F32(vec![1.0, f32::NAN, 3.0, 4.0, 3.0, 2.0, 1.0, 0.0])).unwrap();
        let maps = pictures(&Data::Stack(stack));
        assert_eq!(maps.len(), 5);
        assert_eq!(maps[3].values.as_slice().unwrap(), [2.0, 1.0, 2.0, 2.0]);
        assert!(overview(&Data::Table(Table::new("none", "None")), |_, _| {}).unwrap().is_none());
    }
}
