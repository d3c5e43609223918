//! Three oscillators fitted to one curve, and what the evidence says of them.

use rayon::prelude::*;

use crate::core::fit::NelderMead;
use crate::sim::oscillator::{Drive, HarmonicTable, Mechanism, Strengths};

/// What may dissipate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A viscous contact.
    Viscoelastic,
    /// More adhesion on the way out than on the way in.
    SurfaceEnergyHysteresis,
    /// An attraction with hysteresis that reaches out of contact.
    LongRange,
}

/// What is not fitted. SI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// The cantilever.
    pub drive: Drive,
    /// `2π f0`, 1/s.
    pub angular_frequency: f64,
    /// Surface energy of approach and retreat alike, J/m².
    pub surface_energy: f64,
    /// Distance at which contact begins, m.
    pub contact_distance: f64,
    /// Range of the long-range law, m.
    pub range: f64,
    /// Reduced modulus, Pa, where it is known; else it is fitted.
    pub modulus: Option<f64>,
    /// Tip radius, m, where it is known; else it is fitted.
    pub radius: Option<f64>,
}

/// A point of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Amplitude over free amplitude.
    pub ratio: f64,
    /// Energy, J.
    pub energy: f64,
    /// Its standard error, J; all points have one or none has.
    pub std_error: Option<f64>,
}

/// One model at its best.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelFit {
    /// Which.
    pub kind: Kind,
    /// Reduced modulus, Pa.
    pub modulus: f64,
    /// Tip radius, m.
    pub radius: f64,
    /// `η` (Pa s), `Δγ` (J/m²) or `H` (N).
    pub strength: f64,
    /// Weighted sum of squares.
    pub chi_squared: f64,
    /// Energy at every point, J.
    pub energies: Vec<f64>,
    /// Indentation at every point, m; NaN in air.
    pub indentations: Vec<f64>,
    /// Indentation of a purely elastic sample of the same modulus and radius, m.
    pub elastic_indentations: Vec<f64>,
    /// Weight of evidence among the models.
    pub weight: f64,
    /// Bayesian information criterion.
    pub bic: f64,
}

impl Setting {
    /// Free parameters of every model.
    pub fn n_free(&self) -> usize {
        1 + usize::from(self.modulus.is_none()) + usize::from(self.radius.is_none())
    }
}

impl Kind {
    /// In the order in which they are listed.
    pub const ALL: [Self; 3] = [Self::Viscoelastic, Self::SurfaceEnergyHysteresis, Self::LongRange];

    /// As it is written in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viscoelastic => "viscoelastic",
            Self::SurfaceEnergyHysteresis => "surface_energy_hysteresis",
            Self::LongRange => "long_range",
        }
    }

    /// Symbol and unit of its strength.
    pub fn strength(self) -> (&'static str, &'static str) {
        match self {
            Self::Viscoelastic => ("η", "Pa s"),
            Self::SurfaceEnergyHysteresis => ("Δγ", "J/m^2"),
            Self::LongRange => ("H", "N"),
        }
    }

    /// The law with a strength.
    pub fn law(self, strength: f64, range: f64) -> Mechanism {
        match self {
            Self::Viscoelastic => Mechanism::Viscoelastic { viscosity: strength },
            Self::SurfaceEnergyHysteresis => Mechanism::SurfaceEnergyHysteresis { surface_energy: strength },
            Self::LongRange => Mechanism::LongRange { force: strength, range },
        }
    }

    fn strength_bounds(self) -> (f64, f64) {
        match self {
            Self::Viscoelastic => (1e-3, 1e6),
            Self::SurfaceEnergyHysteresis => (1e-6, 1e2),
            Self::LongRange => (1e-14, 1e-5),
        }
    }
}

/// Reduced moduli that are allowed, Pa.
const MODULUS: (f64, f64) = (1e6, 2e12);
/// Tip radii that are allowed, m.
const RADIUS: (f64, f64) = (0.5e-9, 300e-9);
/// Strengths from which a search may start.
const STRENGTHS: usize = 24;
/// Searches per model.
const STARTS: usize = 5;
/// Starts closer than this in the logarithm of every parameter are one.
const NEIGHBOURS: f64 = 1.3;
/// Amplitude ratio above which the tip is in air.
const IN_AIR: f64 = 0.9998;
/// Energy of a tap that the model cannot make, over the largest measured one.
const IMPOSSIBLE: f64 = 3.0;

/// Harmonics of every shape at every amplitude of a sweep: what is costly and does not depend on the material.
pub struct Shapes {
    setting: Setting,
    ratios: Vec<f64>,
    elastic: Vec<Option<HarmonicTable>>,
    dissipative: Vec<Vec<Option<HarmonicTable>>>,
}

impl Shapes {
    /// For the ratios of a sweep.
    pub fn new(setting: Setting, ratios: &[f64]) -> Self {
        let free = setting.drive.free_amplitude;
        let tables = |law: Mechanism| -> Vec<Option<HarmonicTable>> {
            let table =
                |ratio: &f64| (*ratio < IN_AIR).then(|| HarmonicTable::new(&law, ratio * free, free, setting.contact_distance));
            ratios.par_iter().map(table).collect()
        };
        Self {
            setting,
            ratios: ratios.to_vec(),
            elastic: tables(Mechanism::Elastic),
            dissipative: Kind::ALL.iter().map(|kind| tables(kind.law(1.0, setting.range))).collect(),
        }
    }

    /// Energy and indentation of a model at every ratio; NaN where the sample cannot hold the amplitude, zero energy in air.
    pub fn curve(&self, kind: Kind, modulus: f64, radius: f64, strength: f64) -> Vec<(f64, f64)> {
        let law = kind.law(strength, self.setting.range);
        self.taps(&self.dissipative[kind as usize], &law, modulus, radius)
    }

    fn elastic_curve(&self, modulus: f64, radius: f64) -> Vec<(f64, f64)> {
        self.taps(&self.elastic, &Mechanism::Elastic, modulus, radius)
    }

    fn taps(&self, tables: &[Option<HarmonicTable>], law: &Mechanism, modulus: f64, radius: f64) -> Vec<(f64, f64)> {
        let Setting { drive, surface_energy, angular_frequency, .. } = &self.setting;
        let strengths = Strengths::of(radius, modulus, *surface_energy, law, *angular_frequency);
        let tap = |table: &Option<HarmonicTable>| match table {
            None => (0.0, f64::NAN),
            Some(table) => table.tap(drive, &strengths).map_or((f64::NAN, f64::NAN), |tap| (tap.energy, tap.indentation)),
        };
        tables.iter().map(tap).collect()
    }

    /// The model that comes closest to the points in the weighted sum of squares.
    fn best(&self, kind: Kind, points: &[Point], weights: &[f64]) -> ModelFit {
        let largest = points.iter().map(|point| point.energy).fold(0.0, f64::max);
        let sum = |curve: &[(f64, f64)]| {
            let square = |((point, weight), (energy, _)): ((&Point, &f64), &(f64, f64))| {
                let energy = if energy.is_nan() { IMPOSSIBLE * largest } else { *energy };
                weight * (energy - point.energy).powi(2)
            };
            points.iter().zip(weights).zip(curve).map(square).sum::<f64>()
        };
        let space = Space::of(kind, &self.setting);
        let objective = |x: &[f64]| {
            let ([modulus, radius, strength], outside) = space.material(x);
            sum(&self.curve(kind, modulus, radius, strength)) * (1.0 + outside) + outside
        };
        let [modulus, radius, strength] = space.material(&space.search(objective)).0;
        let curve = self.curve(kind, modulus, radius, strength);
        ModelFit {
            kind,
            modulus,
            radius,
            strength,
            chi_squared: sum(&curve),
            energies: curve.iter().map(|(energy, _)| *energy).collect(),
            indentations: curve.iter().map(|(_, depth)| *depth).collect(),
            elastic_indentations: self.elastic_curve(modulus, radius).iter().map(|(_, depth)| *depth).collect(),
            weight: f64::NAN,
            bic: f64::NAN,
        }
    }

    /// Fits every model and weighs them: `w ∝ exp(-BIC/2)`.
    ///
    /// `model_error` is what the models may miss, as a share of the largest energy. Errors that turn out too small for the
    /// best model are scaled up (Birge), so that no model wins by their smallness.
    pub fn fit(&self, points: &[Point], model_error: f64) -> Vec<ModelFit> {
        let n = points.len() as f64;
        let largest = points.iter().map(|point| point.energy).fold(0.0, f64::max);
        let floor = (model_error * largest).powi(2);
        let stated = points.iter().all(|point| point.std_error.is_some());
        let variance = |point: &Point| if stated { point.std_error.unwrap_or(0.0).powi(2) + floor } else { largest.powi(2) };
        let weights: Vec<f64> = points.iter().map(|point| 1.0 / variance(point)).collect();
        let mut fits: Vec<ModelFit> = Kind::ALL.par_iter().map(|kind| self.best(*kind, points, &weights)).collect();
        let least = fits.iter().map(|fit| fit.chi_squared).fold(f64::INFINITY, f64::min);
        let free = self.setting.n_free() as f64;
        let scale = (least / (n - free)).max(1.0);
        for fit in &mut fits {
            let deviance =
                if stated { fit.chi_squared / scale } else { n * ((fit.chi_squared / n) + model_error.powi(2)).ln() };
            fit.bic = deviance + free * n.ln();
        }
        let lowest = fits.iter().map(|fit| fit.bic).fold(f64::INFINITY, f64::min);
        let total: f64 = fits.iter().map(|fit| (-0.5 * (fit.bic - lowest)).exp()).sum();
        fits.iter_mut().for_each(|fit| fit.weight = (-0.5 * (fit.bic - lowest)).exp() / total);
        fits.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        fits
    }

    /// The ratios.
    pub fn ratios(&self) -> &[f64] {
        &self.ratios
    }
}

/// Logarithms of modulus, radius and strength: where a model may be looked for.
struct Space {
    bounds: [(f64, f64); 3],
    known: [Option<f64>; 3],
}

impl Space {
    fn of(kind: Kind, setting: &Setting) -> Self {
        Self {
            bounds: [MODULUS, RADIUS, kind.strength_bounds()].map(|(low, high)| (low.ln(), high.ln())),
            known: [setting.modulus, setting.radius, None],
        }
    }

    /// The material at a point, brought inside the bounds, and how far outside the point was, squared.
    fn material(&self, x: &[f64]) -> ([f64; 3], f64) {
        let inside =
            std::array::from_fn(|i| self.known[i].unwrap_or_else(|| x[i].clamp(self.bounds[i].0, self.bounds[i].1).exp()));
        let beyond = |(x, (low, high)): (&f64, &(f64, f64))| (low - x).max(x - high).max(0.0).powi(2);
        (inside, x.iter().zip(&self.bounds).map(beyond).sum())
    }

    /// Points on a grid, from the best to the worst.
    fn starts(&self, objective: &impl Fn(&[f64]) -> f64) -> Vec<(f64, Vec<f64>)> {
        let either = |known: Option<f64>, usual: &[f64]| known.map_or(usual.to_vec(), |known| vec![known]);
        let (low, high) = self.bounds[2];
        let mut starts: Vec<(f64, Vec<f64>)> = Vec::new();
        for modulus in either(self.known[0], &[0.1e9, 1e9, 10e9, 100e9]) {
            for radius in either(self.known[1], &[3e-9, 15e-9]) {
                for step in 0..STRENGTHS {
                    let strength = low + (high - low) * (step as f64 + 0.5) / STRENGTHS as f64;
                    let x = vec![modulus.ln(), radius.ln(), strength];
                    starts.push((objective(&x), x));
                }
            }
        }
        starts.sort_by(|a, b| a.0.total_cmp(&b.0));
        starts
    }

    /// The lowest point found from the best few starts that are no neighbours: one valley may hide another.
    fn search(&self, objective: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        let mut chosen: Vec<(f64, Vec<f64>)> = Vec::new();
        for start in self.starts(&objective) {
            let near = |other: &(f64, Vec<f64>)| other.1.iter().zip(&start.1).all(|(a, b)| (a - b).abs() < NEIGHBOURS);
            if chosen.len() < STARTS && !chosen.iter().any(near) {
                chosen.push(start);
            }
        }
        let search = NelderMead { x_tolerance: 1e-3, f_tolerance: 1e-4, max_evaluations: 900, restarts: 1 };
        // Far below the tolerance where the value is known.
        let steps: Vec<f64> = (0..3).map(|i| if self.known[i].is_some() { 1e-9 } else { [0.5, 0.3, 0.5][i] }).collect();
        let searched = chosen.iter().filter_map(|(_, x)| search.minimise(&objective, x, &steps).ok()).map(|m| (m.value, m.x));
        let best = searched.chain(chosen.iter().cloned()).min_by(|a, b| a.0.total_cmp(&b.0));
        best.map_or_else(|| vec![1e9f64.ln(), 10e-9f64.ln(), self.bounds[2].0], |(_, x)| x)
    }
}

impl ModelFit {
    /// Root of the mean square difference from the points, over the largest energy.
    pub fn misfit(&self, points: &[Point]) -> f64 {
        let largest = points.iter().map(|point| point.energy).fold(0.0, f64::max);
        let squares = points.iter().zip(&self.energies).map(|(point, energy)| (point.energy - energy).powi(2));
        (squares.sum::<f64>() / points.len() as f64).sqrt() / largest
    }
}
