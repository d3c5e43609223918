//! The equation of motion by the classical Runge-Kutta method, and what a steady cycle holds.

use std::f64::consts::TAU;

use super::Oscillator;
use super::law::Force;

/// Steps per cycle.
const STEPS: usize = 800;
/// Time constants (Q cycles each) before a motion counts as steady.
const SETTLING: f64 = 6.0;
/// Cycles that are averaged.
const AVERAGED: usize = 10;
/// Highest harmonic that is recorded.
const HARMONICS: usize = 6;

/// Deflection and velocity at the beginning of a cycle of the drive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct State {
    deflection: f64,
    velocity: f64,
}

/// One steady state of the tapping cantilever.
#[derive(Debug, Clone, PartialEq)]
pub struct Tap {
    /// Height of the resting tip above the sample, m.
    pub rest_height: f64,
    /// Amplitude of the first harmonic, m.
    pub amplitude: f64,
    /// Lag of the first harmonic behind the drive, deg.
    pub lag: f64,
    /// Energy that the sample takes in a cycle: minus the work of the tip force, J.
    pub energy: f64,
    /// Mean of tip force times deflection, J.
    pub virial: f64,
    /// Deepest indentation, m; negative where the tip stays outside by that much.
    pub indentation: f64,
    /// Mean tip force, N.
    pub mean_force: f64,
    /// Largest tip force, N.
    pub peak_force: f64,
    /// Amplitudes of the harmonics 2, 3, ... 6, m.
    pub harmonics: Vec<f64>,
    pub(super) end: State,
}

/// One steady cycle, step by step.
#[derive(Debug, Clone, PartialEq)]
pub struct Cycle {
    /// Distance of the tip from the sample, m.
    pub distance: Vec<f64>,
    /// Force on the tip, N.
    pub force: Vec<f64>,
}

impl Tap {
    /// Diameter `2√(R δ)` of the area of contact at the deepest point, m; 0 without contact.
    pub fn contact_diameter(&self, tip_radius: f64) -> f64 {
        2.0 * (tip_radius * self.indentation.max(0.0)).sqrt()
    }
}

impl State {
    /// The free oscillation `z = A0 sin t`, where the drive is `cos t`.
    pub(super) fn free(oscillator: &Oscillator) -> Self {
        Self { deflection: 0.0, velocity: oscillator.free_amplitude }
    }
}

/// A cantilever at one rest height.
pub(super) struct Motion {
    force: Force,
    height: f64,
    damping: f64,
    compliance: f64,
    settling: usize,
    contact: f64,
    /// Drive at the beginning, middle, ... of every step of a cycle.
    drive: Vec<f64>,
}

/// Sums over the averaged cycles.
#[derive(Default)]
struct Sums {
    cos: [f64; HARMONICS],
    sin: [f64; HARMONICS],
    force: f64,
    work: f64,
    virial: f64,
    lowest: f64,
    peak: f64,
}

impl Motion {
    pub(super) fn new(oscillator: &Oscillator, height: f64) -> Self {
        let amplitude = oscillator.free_amplitude / oscillator.quality_factor;
        let half_steps = (0..=2 * STEPS).map(|half| amplitude * (TAU * half as f64 / (2 * STEPS) as f64).cos());
        Self {
            force: Force::of(oscillator),
            height,
            damping: 1.0 / oscillator.quality_factor,
            compliance: 1.0 / oscillator.spring_constant,
            settling: (SETTLING * oscillator.quality_factor).ceil() as usize,
            contact: oscillator.sample.contact_distance,
            drive: half_steps.collect(),
        }
    }

    fn acceleration(&self, state: State, drive: f64) -> f64 {
        let force = self.force.at(self.height + state.deflection, state.velocity);
        drive - self.damping * state.velocity - state.deflection + self.compliance * force
    }

    fn step(&self, state: State, step: usize) -> State {
        let h = TAU / STEPS as f64;
        let drive = |half: usize| self.drive[2 * step + half];
        let moved = |slope: (f64, f64), by: f64| State {
            deflection: state.deflection + by * slope.0,
            velocity: state.velocity + by * slope.1,
        };
        let slope = |at: State, half: usize| (at.velocity, self.acceleration(at, drive(half)));
        let k1 = slope(state, 0);
        let k2 = slope(moved(k1, 0.5 * h), 1);
        let k3 = slope(moved(k2, 0.5 * h), 1);
        let k4 = slope(moved(k3, h), 2);
        let mean = |a: f64, b: f64, c: f64, d: f64| (a + 2.0 * b + 2.0 * c + d) / 6.0;
        moved((mean(k1.0, k2.0, k3.0, k4.0), mean(k1.1, k2.1, k3.1, k4.1)), h)
    }

    /// Lets the motion settle, then averages it.
    pub(super) fn steady(&self, mut state: State) -> Tap {
        for _ in 0..self.settling {
            state = (0..STEPS).fold(state, |state, step| self.step(state, step));
        }
        // cos and sin of every harmonic at every step.
        let waves: Vec<[(f64, f64); HARMONICS]> =
            (0..STEPS).map(|step| std::array::from_fn(|n| (TAU * ((n + 1) * step) as f64 / STEPS as f64).sin_cos())).collect();
        let mut sums = Sums { lowest: f64::INFINITY, peak: f64::NEG_INFINITY, ..Sums::default() };
        for _ in 0..AVERAGED {
            for (step, waves) in waves.iter().enumerate() {
                let force = self.force.at(self.height + state.deflection, state.velocity);
                sums.add(state, force, waves);
                state = self.step(state, step);
            }
        }
        self.tap(&sums, state)
    }

    fn tap(&self, sums: &Sums, end: State) -> Tap {
        let n = (STEPS * AVERAGED) as f64;
        let harmonic = |order: usize| (2.0 * sums.cos[order] / n, 2.0 * sums.sin[order] / n);
        let (re, im) = harmonic(0);
        Tap {
            rest_height: self.height,
            amplitude: re.hypot(im),
            lag: im.atan2(re).to_degrees(),
            // A sum over the steps is the integral to rounding: the motion is periodic.
            energy: -TAU * sums.work / n,
            virial: sums.virial / n,
            indentation: self.contact - (self.height + sums.lowest),
            mean_force: sums.force / n,
            peak_force: sums.peak,
            harmonics: (1..HARMONICS).map(|order| harmonic(order).0.hypot(harmonic(order).1)).collect(),
            end,
        }
    }

    /// One cycle from a steady state.
    pub(super) fn cycle(&self, mut state: State) -> Cycle {
        let (mut distance, mut force) = (Vec::with_capacity(STEPS + 1), Vec::with_capacity(STEPS + 1));
        for step in 0..=STEPS {
            distance.push(self.height + state.deflection);
            force.push(self.force.at(self.height + state.deflection, state.velocity));
            state = self.step(state, step % STEPS);
        }
        Cycle { distance, force }
    }
}

impl Sums {
    fn add(&mut self, state: State, force: f64, waves: &[(f64, f64); HARMONICS]) {
        for (order, (sin, cos)) in waves.iter().enumerate() {
            self.cos[order] += state.deflection * cos;
            self.sin[order] += state.deflection * sin;
        }
        self.force += force;
        self.work += force * state.velocity;
        self.virial += force * state.deflection;
        self.lowest = self.lowest.min(state.deflection);
        self.peak = self.peak.max(force);
    }
}
