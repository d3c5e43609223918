//! Tests that were searched: their events, and what is drawn of them.

use super::algorithm::{Class, Event, Searched};
use crate::core::data::Segment;

/// Intervals of a line that is drawn; each shows its lowest and highest value.
const INTERVALS: usize = 750;
/// Samples around the largest spike that are drawn.
const ZOOM: usize = 40;

/// A test whose pieces were searched.
pub(super) struct SearchedTest {
    pub name: String,
    pub segments: Vec<Segment>,
    /// Mean load of each segment and its rate, N and N/s; NaN without a load.
    pub loads: Vec<[f64; 2]>,
    /// Largest load, N.
    pub peak_load: f64,
    /// Time that was left out at the start, s.
    pub settling: f64,
    pub pieces: Vec<Searched>,
    pub drawn: Drawn,
}

/// Lines of the figure of a test.
#[derive(Default)]
pub(super) struct Drawn {
    /// Load over time; empty without a load.
    pub load: Line,
    /// ln R over time.
    pub level: Line,
    /// ln R where the record begins.
    pub reference: f64,
    /// ln R over time around the largest event.
    pub closeup: Line,
}

/// Abscissae and ordinates.
pub(super) type Line = (Vec<f64>, Vec<f64>);

impl SearchedTest {
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.pieces.iter().flat_map(|piece| &piece.events)
    }

    pub fn spikes(&self) -> impl Iterator<Item = &Event> {
        self.events().filter(|event| event.class == Class::Spike)
    }

    /// How often noise had the chance to look like a spike: samples, of either sign.
    pub fn looks(&self) -> f64 {
        2.0 * self.pieces.iter().map(|piece| piece.detected.exposure as f64).sum::<f64>()
    }
}

/// The samples around one, for a look close up.
pub(super) fn closeup(time: &[f64], values: &[f64], index: usize) -> Line {
    let shown = index.saturating_sub(ZOOM)..(index + ZOOM).min(time.len());
    (time[shown.clone()].to_vec(), values[shown].to_vec())
}

/// Mean of the load and the slope of a straight line through it over time; NaN where nothing is known.
pub(super) fn mean_and_rate(time: Option<&[f64]>, load: Option<&[f64]>) -> [f64; 2] {
    let (Some(time), Some(load)) = (time, load) else { return [f64::NAN; 2] };
    let known = || load.iter().zip(time).filter(|(load, _)| load.is_finite());
    let n = known().count() as f64;
    let (mean, middle) = (known().map(|(load, _)| load).sum::<f64>() / n, known().map(|(_, time)| time).sum::<f64>() / n);
    let spread: f64 = known().map(|(_, time)| (time - middle).powi(2)).sum();
    let slope = known().map(|(load, time)| (load - mean) * (time - middle)).sum::<f64>() / spread;
    [mean, slope]
}

/// Lowest and highest values of a channel over intervals of its rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Envelope {
    n_rows: usize,
    /// Times of the first and the last row.
    times: Vec<[f64; 2]>,
    lo: Vec<f64>,
    hi: Vec<f64>,
}

impl Envelope {
    /// Of nothing yet, over so many rows.
    pub fn of(n_rows: usize) -> Self {
        Self {
            n_rows,
            times: vec![[f64::NAN; 2]; INTERVALS],
            lo: vec![f64::INFINITY; INTERVALS],
            hi: vec![f64::NEG_INFINITY; INTERVALS],
        }
    }

    /// Takes rows from `first` on; NaN values do not count.
    pub fn add(&mut self, first: usize, time: &[f64], values: &[f64]) {
        let width = self.n_rows.div_ceil(INTERVALS).max(1);
        for (offset, (time, value)) in time.iter().zip(values).enumerate() {
            let place = (first + offset) / width;
            let times = &mut self.times[place];
            times[0] = times[0].min(*time);
            times[1] = times[1].max(*time);
            self.lo[place] = self.lo[place].min(*value);
            self.hi[place] = self.hi[place].max(*value);
        }
    }

    /// Takes what another has seen.
    pub fn merge(&mut self, other: &Self) {
        for place in 0..self.lo.len().min(other.lo.len()) {
            self.times[place] =
                [self.times[place][0].min(other.times[place][0]), self.times[place][1].max(other.times[place][1])];
            self.lo[place] = self.lo[place].min(other.lo[place]);
            self.hi[place] = self.hi[place].max(other.hi[place]);
        }
    }

    /// Largest value; zero where there is none.
    pub fn peak(&self) -> f64 {
        self.hi.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max)
    }

    /// Both ends of every interval that has values, from `after` on, changed by `change`.
    pub fn line(&self, after: f64, change: impl Fn(f64) -> f64) -> Line {
        let mut line = Line::default();
        for ((times, lo), hi) in self.times.iter().zip(&self.lo).zip(&self.hi) {
            if times[0] >= after && lo.is_finite() && hi.is_finite() {
                line.0.extend(times);
                line.1.extend([change(*lo), change(*hi)]);
            }
        }
        line
    }
}

/// A line as it is, or its envelope where it has too many points.
pub(super) fn thinned(time: &[f64], values: &[f64]) -> Line {
    if values.len() <= 2 * INTERVALS {
        return (time.to_vec(), values.to_vec());
    }
    let mut envelope = Envelope::of(values.len());
    envelope.add(0, time, values);
    envelope.line(f64::NEG_INFINITY, |value| value)
}
