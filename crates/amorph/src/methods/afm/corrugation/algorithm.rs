//! Spectra of lines along a direction of a map, their peak above a monotone background, and the model of the meniscus.

use std::f64::consts::PI;

use ndarray::{Array2, ArrayView2, Axis};

use crate::core::fft::{Sides, Window, power_spectrum};

/// Fewest periods in a line that count as periodic.
const PERIODS_MIN: f64 = 5.0;
/// Squared coherence of lines below which they count as independent.
const COHERENCE_LOST: f64 = 0.03;
/// Fewest pixels of a period.
const PIXELS_MIN: f64 = 4.0;

/// Lines of a map along one direction, `[line, place]`, and the distance of places, m.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// Heights, each line with mean 0.
    pub values: Array2<f64>,
    /// Distance of neighbouring places, m.
    pub step: f64,
}

/// One-sided spectral densities of lines, averaged over blocks of neighbouring lines.
#[derive(Debug, Clone, PartialEq)]
pub struct LineSpectra {
    /// Frequencies without zero, 1/m.
    pub frequency: Vec<f64>,
    /// Densities of each block, m³: their integral over the frequency is the mean square.
    pub blocks: Vec<Vec<f64>>,
    /// First and last index at which a period can be claimed.
    pub band: (usize, usize),
}

/// A peak of a spectrum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// Its frequency, 1/m, between the bins.
    pub frequency: f64,
    /// Full width at half height above the background, 1/m.
    pub width: f64,
    /// Amplitude of the sine of the same power, m.
    pub amplitude: f64,
    /// Index of its highest bin.
    pub index: usize,
    /// Height over the monotone background.
    pub ratio: f64,
}

/// Lines along the direction `angle` (rad from +x towards +y, up): the rows for 0, the columns for 90 deg, else lines of the
/// largest square that fits into the map when turned, by linear interpolation.
pub fn lines_along(map: &ArrayView2<'_, f64>, pitch: (f64, f64), angle: f64) -> Lines {
    let turn = angle.rem_euclid(PI);
    let near = |target: f64| (turn - target).abs() < 1e-6;
    if near(0.0) || near(PI) {
        return centred(map.to_owned(), pitch.1);
    }
    if near(0.5 * PI) {
        let mut columns = map.t().to_owned();
        columns.invert_axis(Axis(1));
        return centred(columns.as_standard_layout().into_owned(), pitch.0);
    }
    let (rows, columns) = map.dim();
    let (height, width) = ((rows - 1) as f64 * pitch.0, (columns - 1) as f64 * pitch.1);
    let (sin, cos) = turn.sin_cos();
    let side = height.min(width) / (sin.abs() + cos.abs());
    let step = pitch.0.min(pitch.1);
    let n = (side / step).floor() as usize + 1;
    let start = -0.5 * (n - 1) as f64 * step;
    let value = |(line, place): (usize, usize)| {
        let (across, along) = (start + line as f64 * step, start + place as f64 * step);
        let (x, y) = (along * cos - across * sin, along * sin + across * cos);
        let column = (0.5 * width + x) / pitch.1;
        let row = (0.5 * height - y) / pitch.0;
        bilinear(map, row, column)
    };
    centred(Array2::from_shape_fn((n, n), value), step)
}

fn bilinear(map: &ArrayView2<'_, f64>, row: f64, column: f64) -> f64 {
    let (rows, columns) = map.dim();
    let clamp = |value: f64, n: usize| value.clamp(0.0, (n - 1) as f64);
    let (row, column) = (clamp(row, rows), clamp(column, columns));
    let (i, j) = ((row as usize).min(rows - 2), (column as usize).min(columns - 2));
    let (u, v) = (row - i as f64, column - j as f64);
    let at = |di: usize, dj: usize| map[[i + di, j + dj]];
    (1.0 - u) * ((1.0 - v) * at(0, 0) + v * at(0, 1)) + u * ((1.0 - v) * at(1, 0) + v * at(1, 1))
}

fn centred(mut values: Array2<f64>, step: f64) -> Lines {
    for mut line in values.rows_mut() {
        let mean = line.mean().unwrap_or(0.0);
        line -= mean;
    }
    Lines { values, step }
}

/// Spectra of the lines with a Hann window, averaged in `n_blocks` blocks of neighbouring lines. `None` for lines too short to
/// hold a claimable period.
pub fn line_spectra(lines: &Lines, n_blocks: usize) -> Option<LineSpectra> {
    let (n_lines, n) = lines.values.dim();
    let length = n as f64 * lines.step;
    let frequency: Vec<f64> = (1..n / 2).map(|i| i as f64 / length).collect();
    let low = frequency.iter().position(|f| *f * length >= PERIODS_MIN)?;
    let high = frequency.iter().rposition(|f| *f * lines.step <= 1.0 / PIXELS_MIN)?;
    if high < low + 8 || n_lines < 2 * n_blocks {
        return None;
    }
    let mut blocks = vec![vec![0.0; frequency.len()]; n_blocks];
    let mut counts = vec![0.0; n_blocks];
    for (index, line) in lines.values.axis_iter(Axis(0)).enumerate() {
        let block = index * n_blocks / n_lines;
        let spectrum = power_spectrum(&line.insert_axis(Axis(0)), (1.0, lines.step), Window::Hann, Sides::One);
        counts[block] += 1.0;
        for (sum, density) in blocks[block].iter_mut().zip(spectrum.density.iter().skip(1)) {
            *sum += density;
        }
    }
    for (block, count) in blocks.iter_mut().zip(&counts) {
        block.iter_mut().for_each(|sum| *sum /= count);
    }
    Some(LineSpectra { frequency, blocks, band: (low, high) })
}

impl LineSpectra {
    /// Average of the blocks with these indices.
    pub fn mean(&self, blocks: impl Iterator<Item = usize>) -> Vec<f64> {
        let mut sum = vec![0.0; self.frequency.len()];
        let mut n = 0.0;
        for block in blocks {
            n += 1.0;
            sum.iter_mut().zip(&self.blocks[block]).for_each(|(sum, density)| *sum += density);
        }
        sum.iter_mut().for_each(|sum| *sum /= n);
        sum
    }

    /// Degrees of freedom of the average of all blocks, from the scatter between them: 2 over its relative variance.
    pub fn degrees_of_freedom(&self) -> f64 {
        let all = self.mean(0..self.blocks.len());
        let n = self.blocks.len() as f64;
        let relative = |index: usize| {
            let squares: f64 = self.blocks.iter().map(|block| (block[index] / all[index] - 1.0).powi(2)).sum();
            squares / (n - 1.0) / n
        };
        let (low, high) = self.band;
        let mean = (low..=high).map(relative).sum::<f64>() / (high - low + 1) as f64;
        2.0 / mean
    }

    /// The highest bin above the monotone background within the band.
    pub fn highest(&self, density: &[f64]) -> (usize, f64) {
        let background = falling_fit(density);
        let (low, high) = self.band;
        let ratio = |index: usize| density[index] / background[index];
        (low..=high)
            .map(|index| (index, ratio(index)))
            .fold((low, 0.0), |best, found| if found.1 > best.1 { found } else { best })
    }

    /// The peak at `index`: parabola through the logarithm of the bins above half its height, power between the minima beside it.
    pub fn peak(&self, density: &[f64], (index, ratio): (usize, f64)) -> Option<Peak> {
        let (left, right) = (self.foot(density, index, -1), self.foot(density, index, 1));
        let (a, b) = (density[left].ln(), density[right].ln());
        let background = |i: usize| {
            let share = if right > left { (i - left) as f64 / (right - left) as f64 } else { 0.0 };
            (a + (b - a) * share).exp().min(density[i])
        };
        let excess = |i: usize| density[i] - background(i);
        let half = 0.5 * excess(index);
        let mut first = index;
        while first > left && excess(first - 1) > half {
            first -= 1;
        }
        let mut last = index;
        while last < right && excess(last + 1) > half {
            last += 1;
        }
        let fitted = (first.min(index.saturating_sub(1))..=last.max(index + 1)).collect::<Vec<usize>>();
        let frequency = vertex(&fitted.iter().map(|&i| (self.frequency[i], density[i].ln())).collect::<Vec<_>>())?;
        let step = self.frequency[1] - self.frequency[0];
        let power: f64 = (left..=right).map(excess).sum::<f64>() * step;
        let edge = |inside: usize, outside: usize| {
            let (high, low) = (excess(inside), excess(outside));
            let share = if high > low { (high - half) / (high - low) } else { 0.5 };
            share.clamp(0.0, 1.0)
        };
        let below = if first > left { edge(first, first - 1) } else { 0.0 };
        let above = if last < right { edge(last, last + 1) } else { 0.0 };
        let width = ((last - first) as f64 + below + above) * step;
        (frequency > 0.0 && power > 0.0).then(|| Peak { frequency, width, amplitude: (2.0 * power).sqrt(), index, ratio })
    }

    /// Where a peak ends: the lowest bin before the density rises to half the peak again, within the peak's own distance from zero.
    fn foot(&self, density: &[f64], index: usize, direction: isize) -> usize {
        let reach = (index / 2).max(4);
        let mut lowest = index;
        for distance in 1..=reach {
            let Some(at) = index.checked_add_signed(direction * distance as isize).filter(|at| *at < density.len()) else {
                break;
            };
            if density[at] < density[lowest] {
                lowest = at;
            } else if density[at] > 2.0 * density[lowest] && density[at] > 0.5 * density[index] {
                break;
            }
        }
        lowest
    }
}

/// Place of the maximum of a parabola fitted to points of equal weight; `None` unless it opens downwards.
fn vertex(points: &[(f64, f64)]) -> Option<f64> {
    let n = points.len() as f64;
    let centre = points.iter().map(|(x, _)| x).sum::<f64>() / n;
    let scale = points.iter().map(|(x, _)| (x - centre).abs()).fold(0.0, f64::max);
    // Normal equations in u = (x - centre)/scale for c0 + c1 u + c2 u².
    let mut s = [0.0; 5];
    let mut t = [0.0; 3];
    for (x, y) in points {
        let u = (x - centre) / scale;
        (0..5).for_each(|k| s[k] += u.powi(k as i32));
        (0..3).for_each(|k| t[k] += y * u.powi(k as i32));
    }
    let det3 = |m: [[f64; 3]; 3]| {
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
            + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    };
    let all = det3([[s[0], s[1], s[2]], [s[1], s[2], s[3]], [s[2], s[3], s[4]]]);
    let c1 = det3([[s[0], t[0], s[2]], [s[1], t[1], s[3]], [s[2], t[2], s[4]]]) / all;
    let c2 = det3([[s[0], s[1], t[0]], [s[1], s[2], t[1]], [s[2], s[3], t[2]]]) / all;
    let u = -0.5 * c1 / c2;
    (c2 < 0.0 && u.abs() <= 2.0).then_some(centre + scale * u)
}

/// The falling function closest to a positive sequence in the logarithm (pool adjacent violators).
pub fn falling_fit(density: &[f64]) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for value in density {
        let mut pool = (value.max(f64::MIN_POSITIVE).ln(), 1);
        while let Some(&(mean, n)) = pools.last()
            && mean < pool.0
        {
            pool = ((mean * n as f64 + pool.0 * pool.1 as f64) / (n + pool.1) as f64, n + pool.1);
            pools.pop();
        }
        pools.push(pool);
    }
    pools.iter().flat_map(|(mean, n)| std::iter::repeat_n(mean.exp(), *n)).collect()
}

/// Squared coherence at one frequency of lines that are 1, 2, ... apart, up to the lag where it is lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Coherence {
    n_lines: usize,
    squared: Vec<f64>,
}

impl Coherence {
    /// Number of lines that are independent of each other: `n/(1 + 2 Σ |ρ_j|²)`.
    pub fn independent_lines(&self) -> f64 {
        self.n_lines as f64 / self.sum(|_| 1.0)
    }

    /// Share of the variance of an average over all lines that averages over blocks show: neighbouring blocks have lines in common
    /// cause, `[1 + 2 Σ (1 - j/b) |ρ_j|²] / [1 + 2 Σ (1 - j/n) |ρ_j|²]` with `b` lines per block.
    pub fn share_between_blocks(&self, n_blocks: usize) -> f64 {
        let within = |lines: f64| self.sum(|lag| (1.0 - lag / lines).max(0.0));
        within(self.n_lines as f64 / n_blocks as f64) / within(self.n_lines as f64)
    }

    fn sum(&self, weight: impl Fn(f64) -> f64) -> f64 {
        1.0 + 2.0 * self.squared.iter().zip(1..).map(|(squared, lag)| squared * weight(f64::from(lag))).sum::<f64>()
    }
}

/// The coherence of lines at a frequency.
pub fn coherence(lines: &Lines, frequency: f64) -> Coherence {
    let (n_lines, n) = lines.values.dim();
    let phasor = |i: usize| {
        let window = 0.5 - 0.5 * (2.0 * PI * i as f64 / n as f64).cos();
        let (sin, cos) = (2.0 * PI * frequency * lines.step * i as f64).sin_cos();
        (window * cos, window * sin)
    };
    let table: Vec<(f64, f64)> = (0..n).map(phasor).collect();
    let coefficient = |line: ndarray::ArrayView1<'_, f64>| {
        line.iter().zip(&table).fold((0.0, 0.0), |(re, im), (z, (c, s))| (re + z * c, im + z * s))
    };
    let c: Vec<(f64, f64)> = lines.values.rows().into_iter().map(coefficient).collect();
    let power = c.iter().map(|(re, im)| re * re + im * im).sum::<f64>() / n_lines as f64;
    let mut all = Vec::new();
    for lag in 1..n_lines {
        let pairs = c.iter().zip(&c[lag..]);
        let (re, im) = pairs.fold((0.0, 0.0), |(re, im), (a, b)| (re + a.0 * b.0 + a.1 * b.1, im + a.1 * b.0 - a.0 * b.1));
        let squared = (re * re + im * im) / ((n_lines - lag) as f64 * power).powi(2);
        if squared < COHERENCE_LOST {
            break;
        }
        all.push(squared);
    }
    Coherence { n_lines, squared: all }
}

/// Autocorrelation of the lines, averaged, for lags below half their length.
pub fn autocorrelation(lines: &Lines) -> Vec<f64> {
    let n = lines.values.ncols();
    let correlation = |lag: usize| {
        let product = |line: ndarray::ArrayView1<'_, f64>| (0..n - lag).map(|i| line[i] * line[i + lag]).sum::<f64>();
        lines.values.rows().into_iter().map(product).sum::<f64>() / (n - lag) as f64
    };
    let zero = correlation(0);
    (0..n / 2).map(|lag| correlation(lag) / zero).collect()
}

/// Lag of the first maximum of an autocorrelation after its first minimum, between the lags, in steps.
pub fn first_maximum(correlation: &[f64]) -> Option<f64> {
    let minimum =
        (1..correlation.len() - 1).find(|&i| correlation[i] < correlation[i - 1] && correlation[i] <= correlation[i + 1])?;
    let maximum = (minimum + 1..correlation.len() - 1)
        .find(|&i| correlation[i] > correlation[i - 1] && correlation[i] >= correlation[i + 1])?;
    let points: Vec<(f64, f64)> = (maximum - 1..=maximum + 1).map(|i| (i as f64, correlation[i])).collect();
    vertex(&points)
}

/// Mean distance of upward crossings of the mean in lines smoothed over a quarter of the period, m.
pub fn crossing_distance(lines: &Lines, period: f64) -> Option<f64> {
    let window = ((0.25 * period / lines.step).round() as usize).max(1);
    let (mut distances, mut length) = (0, 0.0);
    for line in lines.values.rows() {
        let smoothed: Vec<f64> =
            (0..line.len().saturating_sub(window)).map(|i| (i..i + window).map(|j| line[j]).sum::<f64>()).collect();
        let rises =
            |(i, pair): (usize, &[f64])| (pair[0] < 0.0 && pair[1] >= 0.0).then(|| i as f64 + pair[0] / (pair[0] - pair[1]));
        let crossings: Vec<f64> = smoothed.windows(2).enumerate().filter_map(rises).collect();
        if let [first, .., last] = crossings.as_slice() {
            distances += crossings.len() - 1;
            length += (last - first) * lines.step;
        }
    }
    (distances > 0).then(|| length / distances as f64)
}

/// `λ = 2π √(γ δ/σ_th)`: wavelength of the meniscus instability at a crack tip; J/m², m and Pa give m.
pub fn meniscus_wavelength(surface_energy: f64, length: f64, strength: f64) -> f64 {
    2.0 * PI * (surface_energy * length / strength).sqrt()
}

/// The length `δ` that the model needs for a wavelength, m.
pub fn meniscus_length(wavelength: f64, surface_energy: f64, strength: f64) -> f64 {
    (wavelength / (2.0 * PI)).powi(2) * strength / surface_energy
}
