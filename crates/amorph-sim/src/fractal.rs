//! Volumes whose fractal dimension is known, and volumes that have none.

use amorph_core::random::{derive_seed, rng};
use rand::RngExt;
use rand_distr::{Distribution, Poisson};

use crate::SimulationError;
use crate::haadf::shell_volume;

/// What kind of set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fractal {
    /// The Menger sponge: a cube without the middles of its faces and its centre, again and again; `ln 20/ln 3`.
    Menger,
    /// Random curdling: each of `base³` parts of a cube is kept with this probability, again and again; `3 + ln keep/ln base`.
    Curdling {
        /// Parts along an axis.
        base: usize,
        /// Probability that a part is kept.
        keep: f64,
    },
    /// What is left when balls of every size, as many of each as small ones of its size fit in, are cut out at random places (Mandelbrot's
    /// tremas): `3 - 4πλ/3` with `λ r⁻⁴ dr` balls per volume.
    CutOut {
        /// Dimension, above 0 and below 3.
        dimension: f64,
    },
    /// A flat layer through the middle, this many voxels thick: 2 above its thickness.
    Layer {
        /// Voxels.
        thickness: usize,
    },
    /// Every voxel on its own: 3.
    Random {
        /// Probability of a voxel.
        share: f64,
    },
    /// A field with one length (voxels) above its level for this share: 3 above the length, no single dimension below.
    LevelSet {
        /// Wavelength, voxels.
        length: f64,
        /// Share of the voxels.
        share: f64,
    },
}

/// A set of voxels.
#[derive(Debug, Clone, PartialEq)]
pub struct FractalVolume {
    /// Voxels along z, y, x.
    pub shape: [usize; 3],
    /// Whether a voxel is in the set, x fastest.
    pub inside: Vec<bool>,
    /// Its dimension, where it has one.
    pub dimension: Option<f64>,
    /// The field of which it is a level set; empty for others.
    pub field: Vec<f64>,
}

impl FractalVolume {
    /// Grey values: the field of a level set, else 1 in the set and 0 outside; and Gaussian noise of this standard deviation.
    pub fn grey(&self, noise: f64, seed: u64) -> Vec<f32> {
        let noises = amorph_core::random::standard_normals(derive_seed(seed, &["grey".into()]), self.inside.len());
        let value = |i: usize| self.field.get(i).copied().unwrap_or(f64::from(u8::from(self.inside[i])));
        noises.into_iter().enumerate().map(|(i, e)| (value(i) + noise * e) as f32).collect()
    }
}

impl Fractal {
    /// Voxels of the set in a volume of this shape.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`].
    pub fn fill(&self, shape: [usize; 3], seed: u64) -> Result<FractalVolume, SimulationError> {
        for n in shape {
            SimulationError::require_positive("shape", n as f64)?;
        }
        let share = |name, value: f64| {
            let fine = value > 0.0 && value <= 1.0;
            if fine { Ok(()) } else { Err(SimulationError::Parameter { name, value, allowed: "above 0, at most 1" }) }
        };
        let place = |i: usize| [i / (shape[1] * shape[2]), i / shape[2] % shape[1], i % shape[2]];
        let n = shape.iter().product();
        let mut level_set = Vec::new();
        let (inside, dimension) = match *self {
            Self::Menger => ((0..n).map(|i| in_sponge(place(i))).collect(), Some(20f64.ln() / 3f64.ln())),
            Self::Curdling { base, keep } => {
                share("keep", keep)?;
                if base < 2 {
                    return Err(SimulationError::Parameter { name: "base", value: base as f64, allowed: "at least 2" });
                }
                (curdled(shape, base, keep, seed), Some(3.0 + keep.ln() / (base as f64).ln()))
            }
            Self::CutOut { dimension } => {
                if !(dimension > 0.0 && dimension < 3.0) {
                    let allowed = "above 0, below 3";
                    return Err(SimulationError::Parameter { name: "dimension", value: dimension, allowed });
                }
                (cut_out(shape, 0.75 * (3.0 - dimension) / std::f64::consts::PI, seed), Some(dimension))
            }
            Self::Layer { thickness } => {
                let first = shape[0].saturating_sub(thickness) / 2;
                ((0..n).map(|i| (first..first + thickness).contains(&place(i)[0])).collect(), Some(2.0))
            }
            Self::Random { share: p } => {
                share("share", p)?;
                let mut rng = rng(seed);
                ((0..n).map(|_| rng.random::<f64>() < p).collect(), Some(3.0))
            }
            Self::LevelSet { length, share: p } => {
                share("share", p)?;
                let field = shell_volume((shape[0], shape[1], shape[2]), (1.0, 1.0), length, 0.4, seed)?;
                let mut sorted: Vec<f64> = field.iter().copied().collect();
                let at = (((1.0 - p) * n as f64) as usize).min(n - 1);
                let level = *sorted.select_nth_unstable_by(at, f64::total_cmp).1;
                level_set = field.iter().copied().collect();
                (level_set.iter().map(|value| *value >= level).collect(), None)
            }
        };
        Ok(FractalVolume { shape, inside, dimension, field: level_set })
    }
}

/// Whether no digit to the base of three is 1 along two axes at once.
fn in_sponge(mut at: [usize; 3]) -> bool {
    while at.iter().any(|at| *at > 0) {
        if at.iter().filter(|at| **at % 3 == 1).count() >= 2 {
            return false;
        }
        at = at.map(|at| at / 3);
    }
    true
}

fn curdled(shape: [usize; 3], base: usize, keep: f64, seed: u64) -> Vec<bool> {
    let largest = shape.iter().copied().max().unwrap_or(1);
    let mut inside = vec![true; shape.iter().product()];
    let mut edge = 1;
    while edge < largest {
        let parts = shape.map(|n| n.div_ceil(edge));
        let mut rng = rng(derive_seed(seed, &["curdling".into(), edge.into()]));
        let kept: Vec<bool> = (0..parts.iter().product()).map(|_| rng.random::<f64>() < keep).collect();
        for (i, inside) in inside.iter_mut().enumerate() {
            let (z, y, x) = (i / (shape[1] * shape[2]) / edge, i / shape[2] % shape[1] / edge, i % shape[2] / edge);
            *inside &= kept[(z * parts[1] + y) * parts[2] + x];
        }
        edge *= base;
    }
    inside
}

/// Voxels in no ball; `rate r⁻⁴ dr` balls per voxel from half a voxel to the longest side, also about places outside the volume.
fn cut_out(shape: [usize; 3], rate: f64, seed: u64) -> Vec<bool> {
    const STEP: f64 = 1.25;
    let largest = shape.iter().copied().max().unwrap_or(1) as f64;
    let mut inside = vec![true; shape.iter().product()];
    let mut rng = rng(derive_seed(seed, &["cut out".into()]));
    let mut low = 0.5;
    while low < largest {
        let high = (STEP * low).min(largest);
        let per_voxel = rate * (low.powi(-3) - high.powi(-3)) / 3.0;
        let room: f64 = shape.iter().map(|n| *n as f64 + 2.0 * high).product();
        let n = Poisson::new(per_voxel * room).map_or(0.0, |law| law.sample(&mut rng)) as usize;
        for _ in 0..n {
            let centre = shape.map(|n| rng.random::<f64>() * (n as f64 + 2.0 * high) - high);
            let share: f64 = rng.random();
            let radius = (low.powi(-3) - share * (low.powi(-3) - high.powi(-3))).powf(-1.0 / 3.0);
            cut_ball(shape, &mut inside, centre, radius);
        }
        low = high;
    }
    inside
}

fn cut_ball(shape: [usize; 3], inside: &mut [bool], centre: [f64; 3], radius: f64) {
    let range = |axis: usize| {
        let first = (centre[axis] - radius).ceil().max(0.0) as usize;
        let end = (centre[axis] + radius).floor().min(shape[axis] as f64 - 1.0) + 1.0;
        first..end.max(0.0) as usize
    };
    let squared = |axis: usize, at: usize| (at as f64 - centre[axis]).powi(2);
    for z in range(0) {
        for y in range(1) {
            for x in range(2).filter(|x| squared(0, z) + squared(1, y) + squared(2, *x) < radius * radius) {
                inside[(z * shape[1] + y) * shape[2] + x] = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn counts_are_those_of_the_construction() {
        let sponge = Fractal::Menger.fill([27; 3], 0).unwrap();
        assert_eq!(sponge.inside.iter().filter(|inside| **inside).count(), 8000);
        let layer = Fractal::Layer { thickness: 3 }.fill([10, 4, 6], 0).unwrap();
        assert_eq!(layer.inside.iter().filter(|inside| **inside).count(), 72);
        // 64³ 0.7⁶ = 30841 on average; the standard deviation of one volume is about 0.3 of it.
        let kept = |seed| {
            let volume = Fractal::Curdling { base: 2, keep: 0.7 }.fill([64; 3], seed).unwrap();
            volume.inside.iter().filter(|inside| **inside).count() as f64
        };
        let mean = (0..40).map(kept).sum::<f64>() / 40.0;
        assert!((mean / 30841.0 - 1.0).abs() < 0.2, "{mean}");
        let set = Fractal::LevelSet { length: 8.0, share: 0.3 }.fill([32; 3], 1).unwrap();
        let share = set.inside.iter().filter(|inside| **inside).count() as f64 / 32768.0;
        assert!((share - 0.3).abs() < 1e-3 && set.dimension.is_none());
        // A point stays with exp(-4πλ/3 ln(r_max/r_min)) = 64^(D - 3), here 1/8; the centre of a volume is as good as any.
        let centre = |seed| Fractal::CutOut { dimension: 2.5 }.fill([32; 3], seed).unwrap().inside[(16 * 32 + 16) * 32 + 16];
        let stays = (0..60).filter(|seed| centre(*seed)).count();
        // 7.5 are expected, with a standard deviation of 2.6.
        assert!((1..=17).contains(&stays), "{stays}");
        assert!((Fractal::Curdling { base: 3, keep: 0.55 }.fill([9; 3], 1).unwrap().dimension.unwrap() - 2.4558).abs() < 1e-4);
    }

    #[test]
    fn impossible_sets_are_refused() {
        for set in [
            Fractal::Curdling { base: 1, keep: 0.5 },
            Fractal::Curdling { base: 2, keep: 0.0 },
            Fractal::CutOut { dimension: 3.0 },
            Fractal::Random { share: 1.5 },
            Fractal::LevelSet { length: f64::NAN, share: 0.3 },
        ] {
            assert!(set.fill([8; 3], 1).is_err());
        }
        assert!(Fractal::Menger.fill([0, 3, 3], 1).is_err());
    }
}
