//! Stress, strain and resistivity of a pillar from load, depth and resistance.

use super::Geometry;
use crate::core::fit::{LinearLeastSquares, straight_line};

/// Abscissae and weights of an integral over the height, by Gauss and Legendre, from 0 to 1.
const HEIGHTS: [[f64; 2]; 8] = [
    [0.019_855_071_751_231_86, 0.050_614_268_145_188_13],
    [0.101_666_761_293_186_64, 0.111_190_517_226_687_24],
    [0.237_233_795_041_835_5, 0.156_853_322_938_943_64],
    [0.408_282_678_752_175, 0.181_341_891_689_181],
    [0.591_717_321_247_825, 0.181_341_891_689_181],
    [0.762_766_204_958_164_5, 0.156_853_322_938_943_64],
    [0.898_333_238_706_813_4, 0.111_190_517_226_687_24],
    [0.980_144_928_248_768_1, 0.050_614_268_145_188_13],
];

/// A round pillar whose side may be tapered. SI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pillar {
    /// Diameter of the top, m.
    pub top_diameter: f64,
    /// Height, m.
    pub height: f64,
    /// Angle of its side to its axis, rad.
    pub taper: f64,
    /// Poisson ratio; needed for the elastic geometry.
    pub poisson_ratio: Option<f64>,
}

/// An elastic half-space that a round end of the pillar sinks into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HalfSpace {
    /// Young's modulus, Pa.
    pub modulus: f64,
    /// Poisson ratio.
    pub poisson_ratio: f64,
}

/// What yields beside the pillar.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Compliance {
    /// Frame of the instrument, m/N.
    pub frame: f64,
    /// What the pillar stands on.
    pub base: Option<HalfSpace>,
    /// The punch.
    pub punch: Option<HalfSpace>,
}

impl Pillar {
    /// Area of the top, m².
    pub fn area(&self) -> f64 {
        std::f64::consts::PI / 4.0 * self.top_diameter.powi(2)
    }

    /// Radius of the bottom over that of the top.
    pub fn widening(&self) -> f64 {
        1.0 + 2.0 * self.height * self.taper.tan() / self.top_diameter
    }

    /// Engineering stress under a load, compression positive, Pa.
    pub fn stress(&self, load: f64) -> f64 {
        load / self.area()
    }

    /// Young's modulus of an elastic pillar of this stiffness, Pa: P H/(π E r_t r_b) is its compression.
    pub fn modulus(&self, stiffness: f64) -> f64 {
        stiffness * self.height / (self.area() * self.widening())
    }

    /// Depth less what yields beside the pillar, m (Sneddon's flat punch for both ends).
    pub fn compression(&self, depth: f64, load: f64, beside: &Compliance) -> f64 {
        let radius = 0.5 * self.top_diameter;
        let sink = |space: Option<HalfSpace>, radius: f64| {
            space.map_or(0.0, |space| load * (1.0 - space.poisson_ratio.powi(2)) / (2.0 * space.modulus * radius))
        };
        depth - beside.frame * load - sink(beside.base, radius * self.widening()) - sink(beside.punch, radius)
    }

    /// ln of the resistance at a strain over that at none, at constant resistivity.
    ///
    /// Sections at height z take a share of the strain that goes with 1/A(z); the integral of length over area is taken over them.
    /// [`Geometry::AsPrinted`] gives minus the term of Yang et al., (1 + 3ν) e/(1 + e), to first order.
    pub fn ln_resistance(&self, strain: f64, geometry: Geometry) -> f64 {
        let q = self.widening();
        let nu = self.poisson_ratio.unwrap_or(0.0);
        if geometry == Geometry::AsPrinted {
            return -(1.0 + 3.0 * nu) * strain / (1.0 + strain);
        }
        let thinner = |local: f64| match geometry {
            Geometry::Elastic => (1.0 - local) / (1.0 + nu * local).powi(2),
            _ => (1.0 - local).powi(2),
        };
        if q == 1.0 {
            return thinner(strain).ln();
        }
        let (mut strained, mut free) = (0.0, 0.0);
        for [z, weight] in HEIGHTS {
            let over_area = (1.0 + (q - 1.0) * z).powi(-2);
            // The mean of 1/A over the height is 1/q in units of that of the top.
            strained += weight * over_area * thinner(strain * over_area * q);
            free += weight * over_area;
        }
        (strained / free).ln()
    }
}

/// Where a line through depth against load starts, and its stiffness.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contact {
    /// Depth at which the line has no load, m.
    pub depth: f64,
    /// Its standard error, from the scatter about the line, m.
    pub error: f64,
    /// Load per depth, N/m.
    pub stiffness: f64,
}

/// Samples between two shares of the peak load, of the first rise of the load; `None` where fewer than ten lie there.
pub fn rise(load: &[f64], between: [f64; 2]) -> Option<std::ops::Range<usize>> {
    let peak = load.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    let end = load.iter().position(|value| *value >= between[1] * peak)?;
    let first = load[..end].iter().rposition(|value| *value < between[0] * peak).map_or(0, |before| before + 1);
    (end - first >= 10).then_some(first..end)
}

/// Straight line of depth against load; `None` where the load does not rise.
pub fn contact(load: &[f64], depth: &[f64]) -> Option<Contact> {
    let (x, y): (Vec<f64>, Vec<f64>) =
        load.iter().zip(depth).filter(|(load, depth)| load.is_finite() && depth.is_finite()).unzip();
    if x.len() < 10 {
        return None;
    }
    let line = straight_line(&x, &y, &LinearLeastSquares::default()).ok()?;
    let slope = line.coefficients[1];
    (slope > 0.0).then(|| Contact { depth: line.coefficients[0], error: line.std_errors[0], stiffness: 1.0 / slope })
}
