use crate::SimulationError;

/// Load over time as a polygon.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadFunction {
    /// Corners: time (s, ascending) and load (N).
    pub corners: Vec<(f64, f64)>,
}

impl LoadFunction {
    /// Up to `peak` within `rise`, kept for `hold`, down within `fall` (none if zero).
    pub fn trapezoid(peak: f64, rise: f64, hold: f64, fall: f64) -> Self {
        let mut corners = vec![(0.0, 0.0), (rise, peak)];
        if hold > 0.0 {
            corners.push((rise + hold, peak));
        }
        if fall > 0.0 {
            corners.push((rise + hold + fall, 0.0));
        }
        Self { corners }
    }

    /// Up to `peak` within `rise`.
    pub fn ramp(peak: f64, rise: f64) -> Self {
        Self::trapezoid(peak, rise, 0.0, 0.0)
    }

    /// `n` triangles between `low` and `peak`, after a rise to `low` that takes as long as half a period.
    pub fn cyclic(low: f64, peak: f64, period: f64, n: usize) -> Self {
        let mut corners = vec![(0.0, 0.0), (0.5 * period, low)];
        for cycle in 0..n {
            let start = (cycle as f64 + 0.5) * period;
            corners.extend([(start + 0.5 * period, peak), (start + period, low)]);
        }
        Self { corners }
    }

    /// Rises at the rates given (N/s), each until its load (N).
    pub fn rate_jumps(stretches: &[(f64, f64)]) -> Self {
        let mut corners = vec![(0.0, 0.0)];
        let (mut time, mut load) = (0.0, 0.0);
        for &(rate, until) in stretches {
            time += (until - load) / rate;
            load = until;
            corners.push((time, load));
        }
        Self { corners }
    }

    /// Load at a time; that of the nearest end outside.
    pub fn at(&self, time: f64) -> f64 {
        let after = self.corners.partition_point(|(t, _)| *t <= time);
        match (after.checked_sub(1).and_then(|i| self.corners.get(i)), self.corners.get(after)) {
            (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (time - a.0) / (b.0 - a.0),
            (Some(end), None) | (None, Some(end)) => end.1,
            (None, None) => 0.0,
        }
    }

    /// Its last time, s.
    pub fn duration(&self) -> f64 {
        self.corners.last().map_or(0.0, |corner| corner.0)
    }

    /// Its highest load, N.
    pub fn peak(&self) -> f64 {
        self.corners.iter().fold(0.0, |peak: f64, corner| peak.max(corner.1))
    }

    pub(super) fn check(&self) -> Result<(), SimulationError> {
        let ascending = self.corners.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if self.corners.len() < 2 || !ascending {
            let value = self.corners.len() as f64;
            return Err(SimulationError::Parameter { name: "corners", value, allowed: "two or more, at ascending times" });
        }
        SimulationError::require_positive("peak load", self.peak())
    }
}
