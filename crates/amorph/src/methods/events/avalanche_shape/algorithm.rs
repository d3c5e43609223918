//! The average velocity of avalanches over their time.

use crate::core::stats::student_t_quantile;

/// Fewest samples of an avalanche whose shape is looked at.
pub const FEWEST_SAMPLES: usize = 8;
/// Second moment of a parabola about its middle, over the square of its width.
pub const PARABOLA: f64 = 0.05;
/// `⟨t²⟩/⟨t⟩²` of `t exp(-B t²)`.
pub const BY_SIZE: f64 = 4.0 / std::f64::consts::PI;
/// Share of avalanches of a size that may be too short, for the shape at that size.
const MAY_BE_SHORT: f64 = 0.01;

/// Velocities of one avalanche, evenly sampled from its first to its last.
#[derive(Debug, Clone, PartialEq)]
pub struct Burst {
    /// Velocities.
    pub velocity: Vec<f64>,
    /// Time between samples, s.
    pub step: f64,
}

impl Burst {
    /// Its integral.
    pub fn size(&self) -> f64 {
        self.velocity.iter().sum::<f64>() * self.step
    }

    /// Its duration, s.
    pub fn duration(&self) -> f64 {
        self.velocity.len() as f64 * self.step
    }

    /// Integrals of the velocity with `2x - 1` and `(x - 1/2)²`, `x` the part of the duration.
    ///
    /// A sample stands for its cell, which makes the second moment of a velocity that begins and ends at zero larger by `1/(12 n²)` (Sheppard).
    fn moments(&self) -> [f64; 2] {
        let n = self.velocity.len() as f64;
        self.velocity.iter().enumerate().fold([0.0; 2], |[first, second], (k, v)| {
            let x = (k as f64 + 0.5) / n - 0.5;
            [first + 2.0 * v * x * self.step, second + v * (x * x - 1.0 / (12.0 * n * n)) * self.step]
        })
    }
}

/// A number with its standard error and 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Value.
    pub value: f64,
    /// Standard error.
    pub error: f64,
    /// Interval.
    pub interval: (f64, f64),
}

impl Known {
    fn new(value: f64, error: f64, dof: f64) -> Self {
        let half = error * student_t_quantile(0.975, dof).unwrap_or(f64::NAN);
        Self { value, error, interval: (value - half, value + half) }
    }
}

/// Power of sizes with durations: `ln S` over `ln T` by least squares, with errors that need not be alike.
///
/// `None` for fewer than three bursts or durations that are all alike.
pub fn size_duration(bursts: &[&Burst]) -> Option<Known> {
    let n = bursts.len() as f64;
    let logs: Vec<(f64, f64)> = bursts.iter().map(|burst| (burst.duration().ln(), burst.size().ln())).collect();
    let (mx, my) = logs.iter().fold((0.0, 0.0), |(x, y), (a, b)| (x + a / n, y + b / n));
    let spread: f64 = logs.iter().map(|(x, _)| (x - mx).powi(2)).sum();
    let slope = logs.iter().map(|(x, y)| (x - mx) * (y - my)).sum::<f64>() / spread;
    // HC3: residuals over one less their leverage, which does not make errors too small where few durations are long.
    let part = |(x, y): &(f64, f64)| {
        let leverage = 1.0 / n + (x - mx).powi(2) / spread;
        ((x - mx) * (y - my - slope * (x - mx)) / (1.0 - leverage)).powi(2)
    };
    let error = logs.iter().map(part).sum::<f64>().sqrt() / spread;
    (n > 2.0 && spread > 1e-12 && error.is_finite()).then(|| Known::new(slope, error, n - 2.0))
}

/// The average shape at a duration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// First moment of `⟨V|T⟩` about the middle over half the duration: positive where avalanches end abruptly.
    pub asymmetry: Known,
    /// Second moment about the middle over the square of the duration.
    pub width: Known,
    /// Power `a` of the symmetric shape `(x (1 - x))^a` with that second moment.
    pub power: Known,
    /// Probability of moments so far from those of a parabola.
    pub parabola_p: f64,
}

/// The shape, durations brought together by `T^exponent`; `None` for fewer than ten bursts.
///
/// Moments are ratios of sums over bursts with weights `T^-exponent`, so that they are those of the mean velocity and every duration counts
/// alike; errors come from the scatter between bursts.
pub fn shape(bursts: &[&Burst], exponent: f64) -> Option<Shape> {
    let n = bursts.len() as f64;
    let parts: Vec<[f64; 3]> = bursts
        .iter()
        .map(|burst| {
            let weight = burst.duration().powf(-exponent);
            let [first, second] = burst.moments();
            [weight * burst.size(), weight * first, weight * second]
        })
        .collect();
    let sum = |place: usize| parts.iter().map(|part| part[place]).sum::<f64>();
    let total = sum(0);
    if n < 10.0 || total.is_nan() || total <= 0.0 {
        return None;
    }
    let value = [sum(1) / total, sum(2) / total];
    let rest = |part: &[f64; 3], place: usize| part[place + 1] - value[place] * part[0];
    let covariance = |i: usize, j: usize| {
        parts.iter().map(|part| rest(part, i) * rest(part, j)).sum::<f64>() / total.powi(2) * n / (n - 1.0)
    };
    let (a, b, c) = (covariance(0, 0), covariance(1, 1), covariance(0, 1));
    let known = |place: usize, variance: f64| Known::new(value[place], variance.sqrt(), n - 1.0);
    let (asymmetry, width) = (known(0, a), known(1, b));
    let power = |second: f64| 0.5 * (0.25 / second - 3.0);
    let off = [value[0], value[1] - PARABOLA];
    let distance = (off[0] * off[0] * b - 2.0 * off[0] * off[1] * c + off[1] * off[1] * a) / (a * b - c * c);
    let f = distance * (n - 2.0) / (2.0 * (n - 1.0));
    let interval = (power(width.interval.1), power(width.interval.0.max(1e-6)));
    let error = 0.125 * width.error / width.value.powi(2);
    Some(Shape {
        asymmetry,
        width,
        power: Known { value: power(width.value), error, interval },
        // The tail of F with two degrees of freedom above.
        parabola_p: (1.0 + 2.0 * f / (n - 2.0)).powf(-0.5 * (n - 2.0)),
    })
}

/// The smallest size from which on hardly any avalanche is too short to have a shape.
pub fn complete_from(bursts: &[Burst]) -> f64 {
    let mut sizes: Vec<(f64, bool)> =
        bursts.iter().map(|burst| (burst.size(), burst.velocity.len() < FEWEST_SAMPLES)).collect();
    sizes.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let (mut short, mut from) = (0.0, f64::INFINITY);
    for (place, (size, is_short)) in sizes.iter().enumerate() {
        short += f64::from(u8::from(*is_short));
        if short <= MAY_BE_SHORT * (place + 1) as f64 {
            from = *size;
        }
    }
    from
}

/// `⟨x²⟩/⟨x⟩²` of the mean velocity at a size over `x = t/√S`: 4/π where it is `x exp(-B x²)`; `None` for fewer than ten.
pub fn by_size(bursts: &[&Burst]) -> Option<Known> {
    let n = bursts.len() as f64;
    let moments: Vec<[f64; 2]> = bursts
        .iter()
        .map(|burst| {
            let size = burst.size();
            let sum = burst.velocity.iter().enumerate().fold([0.0; 2], |[first, second], (k, v)| {
                let t = (k as f64 + 0.5) * burst.step;
                [first + v * t, second + v * (t * t - burst.step.powi(2) / 12.0)]
            });
            [sum[0] * burst.step / size.powf(1.5), sum[1] * burst.step / size.powi(2)]
        })
        .collect();
    let mean = [0, 1].map(|place| moments.iter().map(|moment| moment[place]).sum::<f64>() / n);
    let ratio = mean[1] / mean[0].powi(2);
    let influence = |moment: &[f64; 2]| (moment[1] - mean[1]) / mean[0].powi(2) - 2.0 * ratio * (moment[0] - mean[0]) / mean[0];
    let error = (moments.iter().map(|moment| influence(moment).powi(2)).sum::<f64>() / (n * (n - 1.0))).sqrt();
    (n >= 10.0 && error.is_finite()).then(|| Known::new(ratio, error, n - 1.0))
}

/// Mean of `velocity/scale` over a grid of cells of `[0, to)`, from samples at places `x` of bursts that are over beyond their end.
fn averaged(
    bursts: &[&Burst],
    cells: usize,
    to: f64,
    place: impl Fn(&Burst, f64) -> f64,
    scale: impl Fn(&Burst) -> f64,
) -> Vec<f64> {
    let mut sums = vec![0.0; cells];
    for burst in bursts {
        let (unit, width) = (place(burst, 1.0), to / cells as f64);
        for (k, v) in burst.velocity.iter().enumerate() {
            // The part of a sample's span in every cell.
            let (from, end) = (k as f64 * unit / width, (k + 1) as f64 * unit / width);
            let last = cells.min(end.ceil() as usize);
            for (cell, sum) in sums.iter_mut().enumerate().take(last).skip(from as usize) {
                let overlap = end.min((cell + 1) as f64) - from.max(cell as f64);
                *sum += v * overlap.max(0.0) / scale(burst);
            }
        }
    }
    sums.into_iter().map(|sum| sum / bursts.len() as f64).collect()
}

/// `⟨V|T⟩ T^(1 - exponent)` over `t/T`.
pub fn profile_by_duration(bursts: &[&Burst], exponent: f64, cells: usize) -> Vec<f64> {
    let unit = |burst: &Burst, samples: f64| samples / burst.velocity.len() as f64;
    averaged(bursts, cells, 1.0, unit, |burst| burst.duration().powf(exponent - 1.0))
}

/// `⟨V|S⟩ S^(-1/2)` over `t/√S` up to a place.
pub fn profile_by_size(bursts: &[&Burst], to: f64, cells: usize) -> Vec<f64> {
    averaged(bursts, cells, to, |burst, samples| samples * burst.step / burst.size().sqrt(), |burst| burst.size().sqrt())
}
