/// Exceedances from which the tail is extrapolated.
const TAIL: usize = 400;

/// How often noise alone exceeds a height: counted where surrogates reach, a generalised Pareto law beyond.
#[derive(Debug, Clone, PartialEq)]
pub struct PeakTail {
    /// Heights of the peaks of surrogates, ascending.
    heights: Vec<f64>,
    /// Samples of all surrogates.
    samples: f64,
    /// Where the law takes over.
    start: f64,
    scale: f64,
    shape: f64,
}

impl PeakTail {
    /// From the heights of peaks found in `samples` samples of noise.
    pub fn of(mut heights: Vec<f64>, samples: f64) -> Self {
        heights.sort_unstable_by(f64::total_cmp);
        let n = heights.len();
        let in_tail = TAIL.min(n / 4);
        let start = if n == 0 { 0.0 } else { heights[n - 1 - in_tail.min(n - 1)] };
        let excess: Vec<f64> = heights[n - in_tail..].iter().map(|height| height - start).collect();
        let (scale, shape) = pareto(&excess);
        Self { heights, samples, start, scale, shape }
    }

    /// Expected peaks of at least this height per sample of noise.
    pub fn rate(&self, height: f64) -> f64 {
        let above = self.heights.len() - self.heights.partition_point(|known| *known < height);
        if height <= self.start {
            return above as f64 / self.samples;
        }
        let at_start = (self.heights.len() - self.heights.partition_point(|known| *known <= self.start)) as f64 / self.samples;
        at_start * survival(height - self.start, self.scale, self.shape)
    }

    /// The height that noise exceeds so often per sample.
    pub fn height(&self, rate: f64) -> f64 {
        let n = self.heights.len();
        let at_start = (n - self.heights.partition_point(|known| *known <= self.start)) as f64 / self.samples;
        if rate >= at_start {
            let place = n as f64 - rate * self.samples;
            return self.heights.get(place.max(0.0) as usize).copied().unwrap_or(self.start);
        }
        let ratio = rate / at_start;
        let excess = if self.shape.abs() < 1e-9 { -ratio.ln() } else { (ratio.powf(-self.shape) - 1.0) / self.shape };
        self.start + self.scale * excess
    }
}

fn survival(excess: f64, scale: f64, shape: f64) -> f64 {
    if shape.abs() < 1e-9 {
        return (-excess / scale).exp();
    }
    (1.0 + shape * excess / scale).max(0.0).powf(-1.0 / shape)
}

/// Scale and shape of a generalised Pareto law by probability-weighted moments (Hosking and Wallis 1987,
/// doi:10.1080/00401706.1987.10488243); `ascending` excesses.
fn pareto(ascending: &[f64]) -> (f64, f64) {
    let n = ascending.len() as f64;
    if n < 10.0 {
        return (1.0, 0.0);
    }
    let mean = ascending.iter().sum::<f64>() / n;
    let weighted = ascending.iter().enumerate().map(|(i, value)| value * (1.0 - (i as f64 + 0.65) / n)).sum::<f64>() / n;
    let shape = 2.0 - mean / (mean - 2.0 * weighted);
    let scale = 2.0 * mean * weighted / (mean - 2.0 * weighted);
    (scale, shape)
}
