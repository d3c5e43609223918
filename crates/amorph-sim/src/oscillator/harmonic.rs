//! The tapping cantilever by harmonic balance: one harmonic, no integration in time.
//!
//! With `d = d_c + A cos θ` the tip force has the first harmonics `F_c = (1/π)∮F cos θ dθ` and `F_s = (1/π)∮F sin θ dθ`, and the
//! equation of motion, driven at `f = r f0` by the free pair `(A_f, r, Q)`, becomes
//! `k D cos φ = k (1 - r²) A - F_c` and `k D sin φ = k r A/Q + F_s` with `D = A_f √((1 - r²)² + (r/Q)²)`. Squared and added they tie the depth
//! of the tap to its amplitude; `E = π A F_s` is the energy. The force is a sum of strengths times shapes, so that its
//! harmonics are sums of strengths times harmonics of the shapes, which do not depend on the material and are tabulated once.

use std::f64::consts::PI;

use super::law::{Mechanism, adhesion_shape, turning_speed};

/// Nodes of the quadrature from the turning point to the edge of contact.
const INSIDE: usize = 40;
/// Nodes from there to the far end of the cycle.
const OUTSIDE: usize = 48;
/// Angle beyond the edge of contact over which the nodes are dense.
const DENSE: f64 = 0.12;
/// Depths of the table.
const DEPTHS: usize = 240;
/// Depth up to which the table is linear, beyond it logarithmic, m.
const FINE_DEPTH: f64 = 0.4e-9;
/// Farthest distance from contact in the table, m.
const FAR: f64 = 15e-9;

/// First harmonics of the shapes at one amplitude and depth.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    /// `F_c` of the elastic shape `δ^1.5`.
    pub elastic: f64,
    /// `F_c` of the adhesion shape.
    pub adhesion: f64,
    /// `F_c` of the dissipative shape.
    pub conservative: f64,
    /// `F_s` of the dissipative shape.
    pub dissipative: f64,
}

/// What multiplies the shapes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strengths {
    /// `(4/3) E* √R`, N/m^1.5.
    pub elastic: f64,
    /// `4π R γ`, N.
    pub adhesion: f64,
    /// `η ω0 √R`, `4π R Δγ` or `H`.
    pub dissipative: f64,
}

/// A steady tap by harmonic balance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance {
    /// Deepest indentation, m; negative outside contact.
    pub indentation: f64,
    /// Energy per cycle, J.
    pub energy: f64,
    /// Lag, deg.
    pub lag: f64,
}

/// Harmonics of the shapes of one mechanism at one amplitude, for every depth.
#[derive(Debug, Clone, PartialEq)]
pub struct HarmonicTable {
    amplitude: f64,
    depths: Vec<f64>,
    moments: Vec<Moments>,
}

/// The driven cantilever, as far as harmonic balance needs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drive {
    /// Spring constant, N/m.
    pub spring_constant: f64,
    /// Quality factor.
    pub quality_factor: f64,
    /// Free amplitude at the drive frequency, m.
    pub free_amplitude: f64,
    /// Drive frequency over resonance frequency.
    pub frequency_ratio: f64,
}

impl Strengths {
    /// Of a material.
    pub fn of(radius: f64, modulus: f64, surface_energy: f64, mechanism: &Mechanism, angular_frequency: f64) -> Self {
        Self {
            elastic: 4.0 / 3.0 * modulus * radius.sqrt(),
            adhesion: 4.0 * PI * radius * surface_energy,
            dissipative: mechanism.strength(radius, angular_frequency),
        }
    }
}

impl Moments {
    /// At an amplitude and a depth (m), for the turning speed of a free amplitude.
    pub(super) fn at(mechanism: &Mechanism, amplitude: f64, depth: f64, contact: f64, turning: f64) -> Self {
        let mut sums = Self::default();
        let mut add = |angle: f64, weight: f64| {
            let (sin, cos) = angle.sin_cos();
            let distance = contact - depth + amplitude * (1.0 - cos);
            let depth = (contact - distance).max(0.0);
            // On the way in and on the way out, at the same distance.
            let inwards = mechanism.shape(distance, contact, -amplitude * sin, turning);
            let outwards = mechanism.shape(distance, contact, amplitude * sin, turning);
            sums.elastic -= 2.0 * weight * cos * depth * depth.sqrt();
            sums.adhesion += 2.0 * weight * cos * adhesion_shape(distance, contact);
            sums.conservative -= weight * cos * (inwards + outwards);
            sums.dissipative += weight * sin * (inwards - outwards);
        };
        // In contact the angle goes as a sine, which takes the roots out of the forces at the edge of contact.
        let edge = (1.0 - (depth / amplitude).clamp(0.0, 1.0)).acos();
        let quarter = 0.5 * PI / INSIDE as f64;
        for node in 0..INSIDE {
            let u = (node as f64 + 0.5) * quarter;
            add(edge * u.sin(), edge * u.cos() * quarter / PI);
        }
        // Outside it goes as a hyperbolic sine, dense near the sample.
        let step = ((PI - edge) / DENSE).asinh() / OUTSIDE as f64;
        for node in 0..OUTSIDE {
            let x = (node as f64 + 0.5) * step;
            add(edge + DENSE * x.sinh(), DENSE * x.cosh() * step / PI);
        }
        sums
    }

    fn mixed(&self, other: &Self, share: f64) -> Self {
        let mix = |a: f64, b: f64| a + share * (b - a);
        Self {
            elastic: mix(self.elastic, other.elastic),
            adhesion: mix(self.adhesion, other.adhesion),
            conservative: mix(self.conservative, other.conservative),
            dissipative: mix(self.dissipative, other.dissipative),
        }
    }
}

impl HarmonicTable {
    /// For an amplitude (m) of a cantilever with this free amplitude; contact begins at `contact`.
    pub fn new(mechanism: &Mechanism, amplitude: f64, free_amplitude: f64, contact: f64) -> Self {
        let turning = turning_speed(free_amplitude);
        let (first, last) = ((-FAR / FINE_DEPTH).asinh(), (amplitude / FINE_DEPTH).asinh());
        let depth = |index: usize| FINE_DEPTH * (first + (last - first) * index as f64 / (DEPTHS - 1) as f64).sinh();
        let depths: Vec<f64> = (0..DEPTHS).map(depth).collect();
        let at = |depth: &f64| Moments::at(mechanism, amplitude, *depth, contact, turning);
        Self { amplitude, moments: depths.iter().map(at).collect(), depths }
    }

    /// The amplitude, m.
    pub fn amplitude(&self) -> f64 {
        self.amplitude
    }

    /// The shallowest tap at which the cantilever keeps the amplitude: the one that a tip meets as it comes down.
    ///
    /// `None` where no depth in the table holds the amplitude down.
    pub fn tap(&self, drive: &Drive, strengths: &Strengths) -> Option<Balance> {
        let (k, q, r) = (drive.spring_constant, drive.quality_factor, drive.frequency_ratio);
        let detuning = 1.0 - r * r;
        let force = k * drive.free_amplitude * detuning.hypot(r / q);
        let parts = |m: &Moments| {
            let conservative =
                strengths.elastic * m.elastic + strengths.adhesion * m.adhesion + strengths.dissipative * m.conservative;
            let cos = (k * detuning * self.amplitude - conservative) / force;
            let sin = (k * r * self.amplitude / q + strengths.dissipative * m.dissipative) / force;
            (cos, sin)
        };
        let excess = |m: &Moments| {
            let (cos, sin) = parts(m);
            cos * cos + sin * sin - 1.0
        };
        let deep = self.moments.iter().position(|moments| excess(moments) >= 0.0)?;
        Some(self.between(deep.checked_sub(1)?, deep, &excess, &parts, strengths))
    }

    /// The root between two depths: moments linear in between, a few steps of bisection and one of regula falsi.
    fn between(
        &self,
        from: usize,
        to: usize,
        excess: &impl Fn(&Moments) -> f64,
        parts: &impl Fn(&Moments) -> (f64, f64),
        strengths: &Strengths,
    ) -> Balance {
        let at = |share: f64| self.moments[from].mixed(&self.moments[to], share);
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..6 {
            let middle = 0.5 * (low + high);
            if excess(&at(middle)) < 0.0 { low = middle } else { high = middle }
        }
        let (below, above) = (excess(&at(low)), excess(&at(high)));
        let share = low + (high - low) * below / (below - above);
        let moments = at(share);
        let (cos, sin) = parts(&moments);
        Balance {
            indentation: self.depths[from] + share * (self.depths[to] - self.depths[from]),
            energy: PI * self.amplitude * strengths.dissipative * moments.dissipative,
            lag: sin.atan2(cos).to_degrees(),
        }
    }
}
