use amorph_core::data::{Channel, Recording, Segment, SegmentKind, SegmentOrigin, Test, TraceQuantity};
use amorph_core::random::{derive_seed, standard_normals};

use super::{Body, LoadFunction};
use crate::SimulationError;

/// A load-controlled indenter with a spherical tip.
#[derive(Debug, Clone, PartialEq)]
pub struct Indenter {
    /// Radius of the tip, m.
    pub radius: f64,
    /// Poisson's ratio of the sample.
    pub poisson_ratio: f64,
    /// Samples per second.
    pub sampling_rate: f64,
    /// Standard deviation of the noise of the depth, m.
    pub depth_noise: f64,
    /// Standard deviation of the noise of the load, N.
    pub load_noise: f64,
    /// Thermal drift, m/s.
    pub drift_rate: f64,
    /// Depth that is shown at contact, m.
    pub contact_offset: f64,
    /// Time before contact that is recorded, s; the tip comes with [`Self::approach_speed`].
    pub approach_time: f64,
    /// Speed of the tip before contact, m/s.
    pub approach_speed: f64,
    /// Inertia and damping of the moving part; none follows the load at once.
    pub transducer: Option<Transducer>,
    /// Sudden displacements.
    pub pop_ins: Vec<PopIn>,
}

/// The moving part of the indenter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transducer {
    /// Mass, kg.
    pub mass: f64,
    /// Damping, N s/m.
    pub damping: f64,
    /// Stiffness of the suspension, N/m.
    pub stiffness: f64,
}

/// A sudden displacement when the load first reaches a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PopIn {
    /// Load, N.
    pub load: f64,
    /// Displacement, m.
    pub depth: f64,
}

/// One measured indent.
#[derive(Debug, Clone, PartialEq)]
pub struct Indent {
    /// What the instrument writes.
    pub test: Test,
    /// Depth below the surface without noise, drift and offset, m.
    pub depth: Vec<f64>,
    /// Row of the first sample at or after contact.
    pub contact: usize,
}

impl Default for Indenter {
    /// Qiao et al. (2019), section 3.2: 2 µm, 30 000 points per second, Vit105.
    fn default() -> Self {
        Self {
            radius: 2e-6,
            poisson_ratio: 0.363,
            sampling_rate: 30e3,
            depth_noise: 0.2e-9,
            load_noise: 0.0,
            drift_rate: 0.0,
            contact_offset: 0.0,
            approach_time: 0.0,
            approach_speed: 0.0,
            transducer: None,
            pop_ins: Vec::new(),
        }
    }
}

impl Indenter {
    /// `h^(3/2) = factor ∫ J dP`, m^(-1/2).
    pub fn factor(&self) -> f64 {
        3.0 * (1.0 - self.poisson_ratio) / (8.0 * self.radius.sqrt())
    }

    /// Indents `body`. Superposition holds while the contact grows; while it shrinks the depth is that of a body without memory of
    /// the shrinking, which is right where the unloading is slow against the relaxation time.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn indent(&self, body: Body, load: &LoadFunction, seed: u64) -> Result<Indent, SimulationError> {
        self.check()?;
        body.check()?;
        load.check()?;
        let step = 1.0 / self.sampling_rate;
        let before = (self.approach_time * self.sampling_rate).round() as usize;
        let after = (load.duration() * self.sampling_rate * (1.0 + 1e-12)).floor() as usize;
        let time: Vec<f64> = (0..=after).map(|i| i as f64 * step).collect();
        let force: Vec<f64> = time.iter().map(|t| load.at(*t)).collect();
        let mut depth = match self.transducer {
            Some(transducer) => self.moving(transducer, body, load, &time),
            None => self.following(body, load, &time),
        };
        self.pop(&mut depth, &force);
        let approach = (0..before).map(|i| -((before - i) as f64) * step * self.approach_speed);
        let depth: Vec<f64> = approach.chain(depth).collect();
        let force: Vec<f64> = std::iter::repeat_n(0.0, before).chain(force).collect();
        let time: Vec<f64> = (0..depth.len()).map(|i| i as f64 * step).collect();
        let test = self.record(&time, &force, &depth, before, load, seed);
        Ok(Indent { test, depth, contact: before })
    }

    fn following(&self, body: Body, load: &LoadFunction, time: &[f64]) -> Vec<f64> {
        // The corners of the load are put between the samples, so that the polygon is exact.
        let mut all: Vec<f64> = time.iter().copied().chain(load.corners.iter().map(|corner| corner.0)).collect();
        all.sort_unstable_by(f64::total_cmp);
        let force: Vec<f64> = all.iter().map(|t| load.at(*t)).collect();
        let response = body.response(&all, &force);
        let mut at = 0;
        let mut depth = |t: f64| {
            while at + 1 < all.len() && all[at] < t {
                at += 1;
            }
            (self.factor() * response[at].max(0.0)).powf(2.0 / 3.0)
        };
        time.iter().map(|t| depth(*t)).collect()
    }

    /// Solves `m h'' + c h' + k h + F = P` with the force `F` of the contact, by the classical Runge-Kutta method.
    fn moving(&self, part: Transducer, body: Body, load: &LoadFunction, time: &[f64]) -> Vec<f64> {
        let (instantaneous, delayed, tau) = body.parts();
        let factor = self.factor();
        let force = |h: f64, v: f64, y: f64| {
            let (h, opening) = (h.max(0.0), if h > 0.0 { v } else { 0.0 });
            if instantaneous > 0.0 {
                (h.powf(1.5) / factor - delayed * y) / instantaneous
            } else {
                (h.powf(1.5) + 1.5 * tau * h.sqrt() * opening) / (factor * delayed)
            }
        };
        let rate = |t: f64, s: [f64; 3]| {
            let f = force(s[0], s[1], s[2]);
            let acceleration = (load.at(t) - part.damping * s[1] - part.stiffness * s[0] - f) / part.mass;
            [s[1], acceleration, if tau > 0.0 { (f - s[2]) / tau } else { 0.0 }]
        };
        const SUBSTEPS: usize = 64;
        let mut state = [0.0; 3];
        let mut depth = vec![0.0];
        for pair in time.windows(2) {
            let dt = (pair[1] - pair[0]) / SUBSTEPS as f64;
            for sub in 0..SUBSTEPS {
                let t = pair[0] + sub as f64 * dt;
                let add = |k: [f64; 3], share: f64| std::array::from_fn(|i| state[i] + share * dt * k[i]);
                let k1 = rate(t, state);
                let k2 = rate(t + 0.5 * dt, add(k1, 0.5));
                let k3 = rate(t + 0.5 * dt, add(k2, 0.5));
                let k4 = rate(t + dt, add(k3, 1.0));
                state = std::array::from_fn(|i| state[i] + dt / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]));
            }
            depth.push(state[0]);
        }
        depth
    }

    fn pop(&self, depth: &mut [f64], force: &[f64]) {
        for pop_in in &self.pop_ins {
            if let Some(row) = force.iter().position(|f| *f >= pop_in.load) {
                depth[row..].iter_mut().for_each(|h| *h += pop_in.depth);
            }
        }
    }

    fn record(&self, time: &[f64], force: &[f64], depth: &[f64], before: usize, load: &LoadFunction, seed: u64) -> Test {
        let noise = |what: &str| standard_normals(derive_seed(seed, &[what.into()]), time.len());
        let shown = depth.iter().zip(time).zip(noise("depth"));
        let shown = shown.map(|((h, t), z)| h + self.contact_offset + self.drift_rate * t + self.depth_noise * z);
        let read = force.iter().zip(noise("load")).map(|(f, z)| f + self.load_noise * z);
        let mut recording = Recording::of_test(vec![
            Channel::new(TraceQuantity::Time, time.to_vec()),
            Channel::new(TraceQuantity::Load, read.collect()),
            Channel::new(TraceQuantity::Depth, shown.collect()),
        ]);
        recording.segments = segments(load, before, time.len(), self.sampling_rate);
        Test { name: "test".to_owned(), tables: vec![recording], ..Test::default() }
    }

    fn check(&self) -> Result<(), SimulationError> {
        SimulationError::require_positive("radius", self.radius)?;
        SimulationError::require_positive("sampling_rate", self.sampling_rate)?;
        SimulationError::require_not_negative("depth_noise", self.depth_noise)?;
        SimulationError::require_not_negative("load_noise", self.load_noise)?;
        SimulationError::require_not_negative("approach_time", self.approach_time)?;
        if !(-1.0..=0.5).contains(&self.poisson_ratio) {
            let allowed = "between -1 and 0.5";
            return Err(SimulationError::Parameter { name: "poisson_ratio", value: self.poisson_ratio, allowed });
        }
        match self.transducer {
            Some(part) => SimulationError::require_positive("transducer.mass", part.mass),
            None => Ok(()),
        }
    }
}

fn segments(load: &LoadFunction, before: usize, rows: usize, sampling_rate: f64) -> Vec<Segment> {
    let origin = SegmentOrigin::File;
    let approach = Segment { kind: SegmentKind::Approach, first: 0, end: before, origin, demand: None };
    let of_pair = |pair: &[(f64, f64)]| {
        let row = |time: f64| (before + (time * sampling_rate * (1.0 + 1e-12)).floor() as usize + 1).min(rows);
        let kind = match pair[1].1.total_cmp(&pair[0].1) {
            std::cmp::Ordering::Greater => SegmentKind::Load,
            std::cmp::Ordering::Equal => SegmentKind::Hold,
            std::cmp::Ordering::Less => SegmentKind::Unload,
        };
        let first = if pair[0].0 == 0.0 { before } else { row(pair[0].0) };
        Segment { kind, first, end: row(pair[1].0), origin, demand: Some([pair[0].1, pair[1].1]) }
    };
    let all = std::iter::once(approach).chain(load.corners.windows(2).map(of_pair));
    all.filter(|segment| !segment.is_empty()).collect()
}
