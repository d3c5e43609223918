//! What the glass is like: dissipation, soft regions, topography.

use std::f64::consts::{PI, TAU};

use amorph_core::constants::ELEMENTARY_CHARGE;
use amorph_core::data::{Extent, Map};
use amorph_core::random::{FieldModel, FieldSampler, derive_seed, rng};
use amorph_core::unit::Unit;
use ndarray::Array2;
use rand::RngExt;

use crate::SimulationError;

/// A glass, and the frame in which it is imaged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Specimen {
    /// Pixels along y.
    pub rows: usize,
    /// Pixels along x.
    pub columns: usize,
    /// Width of the image, m.
    pub width: f64,
    /// Height of the image, m.
    pub height: f64,
    /// The dissipated energy of the matrix.
    pub energy: EnergyField,
    /// Soft regions in the matrix.
    pub regions: Option<SoftRegions>,
    /// The surface.
    pub topography: Topography,
}

/// A stationary random field of the energy dissipated per cycle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EnergyField {
    /// Mean, J.
    pub mean: f64,
    /// Standard deviation, J.
    pub sd: f64,
    /// Correlation length along the major axis, m.
    pub correlation_length: f64,
    /// Correlation length along the major axis over that along the minor axis; at least 1.
    pub aspect: f64,
    /// Direction of the major axis, rad from +x towards +y (up).
    pub angle: f64,
    /// Exponent `α` in (0, 1]: the correlation is `exp(-(r/ξ)^(2α))`, exponential at 0.5 and Gaussian at 1.
    pub exponent: f64,
    /// Shape of the distribution.
    pub marginal: Marginal,
}

/// Distribution of the energy over the pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Marginal {
    /// Normal.
    Gaussian,
    /// Shifted log-normal with a tail to high energies; mean and standard deviation are kept.
    LogNormal {
        /// Standard deviation `s` of the logarithm; the skewness is `(e^(s²) + 2) √(e^(s²) - 1)`.
        sd_of_log: f64,
    },
}

/// Elliptical regions of higher dissipation, uniformly scattered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SoftRegions {
    /// How many.
    pub count: usize,
    /// Radius of the circle of the same area, m.
    pub equivalent_radius: f64,
    /// Long over short axis; at least 1.
    pub aspect: f64,
    /// Direction of the long axis, rad from +x towards +y; random where absent.
    pub angle: Option<f64>,
    /// Energy added inside, J.
    pub energy: f64,
}

/// A stationary random surface; self-affine with Hurst exponent `exponent` below its correlation length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Topography {
    /// Root-mean-square roughness, m.
    pub roughness: f64,
    /// Correlation length, m.
    pub correlation_length: f64,
    /// Exponent `α` in (0, 1].
    pub exponent: f64,
    /// Slope of the mean plane along x and y (up).
    pub tilt: (f64, f64),
}

/// One soft region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipse {
    /// Centre from the left edge, m.
    pub x: f64,
    /// Centre from the bottom edge, m.
    pub y: f64,
    /// Half the long axis, m.
    pub semi_major: f64,
    /// Half the short axis, m.
    pub semi_minor: f64,
    /// Direction of the long axis, rad from +x towards +y.
    pub angle: f64,
}

/// One site of a specimen: the truth behind an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// What it was made from.
    pub specimen: Specimen,
    /// Energy dissipated per cycle, J, `[row, column]`.
    pub energy: Array2<f64>,
    /// Height, m, `[row, column]`.
    pub height: Array2<f64>,
    /// The soft regions.
    pub regions: Vec<Ellipse>,
}

impl Default for Specimen {
    /// The as-deposited film of Lu et al. 2016: 500 nm, correlation length 4.1 nm, roughness 0.7 nm.
    ///
    /// Mean and variation of the energy and the scale of the roughness are invented.
    fn default() -> Self {
        Self {
            rows: 512,
            columns: 512,
            width: 500e-9,
            height: 500e-9,
            energy: EnergyField {
                mean: 40.0 * ELEMENTARY_CHARGE,
                sd: 2.5 * ELEMENTARY_CHARGE,
                correlation_length: 4.1e-9,
                aspect: 1.0,
                angle: 0.0,
                exponent: 0.5,
                marginal: Marginal::Gaussian,
            },
            regions: None,
            topography: Topography { roughness: 0.7e-9, correlation_length: 25e-9, exponent: 0.7, tilt: (0.0, 0.0) },
        }
    }
}

impl Marginal {
    /// A standard normal value as a value of mean 0 and variance 1 of this distribution.
    pub fn apply(self, z: f64) -> f64 {
        match self {
            Self::Gaussian => z,
            Self::LogNormal { sd_of_log: s } => {
                let spread = (s * s).exp();
                ((s * z).exp() - spread.sqrt()) / (spread * (spread - 1.0)).sqrt()
            }
        }
    }

    /// Correlation of the values where the normal field behind them has correlation `rho`.
    pub fn correlation(self, rho: f64) -> f64 {
        match self {
            Self::Gaussian => rho,
            Self::LogNormal { sd_of_log: s } => (s * s * rho).exp_m1() / (s * s).exp_m1(),
        }
    }
}

impl Specimen {
    /// Pixel pitch along (y, x), m.
    pub fn pitch(&self) -> (f64, f64) {
        (self.height / self.rows as f64, self.width / self.columns as f64)
    }

    /// One site; the same seed gives the same site.
    ///
    /// # Errors
    /// [`SimulationError`] when a parameter is out of range.
    pub fn surface(&self, seed: u64) -> Result<Surface, SimulationError> {
        self.check()?;
        let field = self.energy.unit_field().sampler(self)?.sample(derive_seed(seed, &["energy".into()]));
        let mut energy = field.mapv(|z| self.energy.mean + self.energy.sd * self.energy.marginal.apply(z));
        let regions = self.place_regions(seed);
        if let Some(kind) = &self.regions {
            self.add_regions(&mut energy, &regions, kind.energy);
        }
        Ok(Surface { specimen: *self, energy, height: self.rough_surface(seed)?, regions })
    }

    fn check(&self) -> Result<(), SimulationError> {
        SimulationError::require_positive("width", self.width)?;
        SimulationError::require_positive("height", self.height)?;
        SimulationError::require_not_negative("energy.sd", self.energy.sd)?;
        SimulationError::require_not_negative("topography.roughness", self.topography.roughness)?;
        if let Marginal::LogNormal { sd_of_log } = self.energy.marginal {
            SimulationError::require_positive("energy.marginal.sd_of_log", sd_of_log)?;
        }
        let aspects = [("energy.aspect", self.energy.aspect), ("regions.aspect", self.regions.map_or(1.0, |r| r.aspect))];
        for (name, value) in aspects {
            if !(value >= 1.0 && value.is_finite()) {
                return Err(SimulationError::Parameter { name, value, allowed: "finite and at least 1" });
            }
        }
        for (name, value) in [("rows", self.rows), ("columns", self.columns)] {
            if value < 2 {
                return Err(SimulationError::Parameter { name, value: value as f64, allowed: "at least 2" });
            }
        }
        Ok(())
    }

    fn rough_surface(&self, seed: u64) -> Result<Array2<f64>, SimulationError> {
        let surface = &self.topography;
        let model = FieldModel::isotropic(1.0, surface.correlation_length, surface.exponent);
        let (pitch_y, pitch_x) = self.pitch();
        let mut height = model.sampler(self)?.sample(derive_seed(seed, &["height".into()]));
        for ((row, column), value) in height.indexed_iter_mut() {
            let (x, y) = ((column as f64 + 0.5) * pitch_x, self.height - (row as f64 + 0.5) * pitch_y);
            *value = surface.roughness * *value + surface.tilt.0 * x + surface.tilt.1 * y;
        }
        Ok(height)
    }

    fn place_regions(&self, seed: u64) -> Vec<Ellipse> {
        let Some(kind) = &self.regions else { return Vec::new() };
        let mut rng = rng(derive_seed(seed, &["regions".into()]));
        let mut place = || {
            let (x, y) = (rng.random::<f64>() * self.width, rng.random::<f64>() * self.height);
            let random_angle = rng.random::<f64>() * PI;
            Ellipse {
                x,
                y,
                semi_major: kind.equivalent_radius * kind.aspect.sqrt(),
                semi_minor: kind.equivalent_radius / kind.aspect.sqrt(),
                angle: kind.angle.unwrap_or(random_angle),
            }
        };
        (0..kind.count).map(|_| place()).collect()
    }

    /// Adds the energy once to every pixel whose centre lies in a region.
    fn add_regions(&self, energy: &mut Array2<f64>, regions: &[Ellipse], added: f64) {
        let (pitch_y, pitch_x) = self.pitch();
        for ((row, column), value) in energy.indexed_iter_mut() {
            let (x, y) = ((column as f64 + 0.5) * pitch_x, self.height - (row as f64 + 0.5) * pitch_y);
            if regions.iter().any(|region| region.contains(x, y)) {
                *value += added;
            }
        }
    }
}

impl EnergyField {
    fn unit_field(&self) -> FieldModel {
        FieldModel {
            xi_minor: self.correlation_length / self.aspect,
            angle: self.angle,
            ..FieldModel::isotropic(1.0, self.correlation_length, self.exponent)
        }
    }

    /// Correlation of the energy at the lag (x, y up), m.
    pub fn correlation(&self, x: f64, y: f64) -> f64 {
        self.marginal.correlation(self.unit_field().covariance(x, y))
    }
}

/// Sampling in the frame of a specimen.
trait InFrame {
    fn sampler(&self, specimen: &Specimen) -> Result<FieldSampler, SimulationError>;
}

impl InFrame for FieldModel {
    fn sampler(&self, specimen: &Specimen) -> Result<FieldSampler, SimulationError> {
        Ok(FieldSampler::new(self, (specimen.rows, specimen.columns), specimen.pitch())?)
    }
}

impl Ellipse {
    /// Whether a point lies inside.
    pub fn contains(&self, x: f64, y: f64) -> bool {
        let (sin, cos) = self.angle.sin_cos();
        let (dx, dy) = (x - self.x, y - self.y);
        let (major, minor) = (dx * cos + dy * sin, dy * cos - dx * sin);
        (major / self.semi_major).powi(2) + (minor / self.semi_minor).powi(2) <= 1.0
    }

    /// Its outline as `n` points, m.
    pub fn outline(&self, n: usize) -> Vec<[f64; 2]> {
        let (sin, cos) = self.angle.sin_cos();
        let point = |i: usize| {
            let (s, c) = (TAU * i as f64 / n as f64).sin_cos();
            let (major, minor) = (self.semi_major * c, self.semi_minor * s);
            [self.x + major * cos - minor * sin, self.y + major * sin + minor * cos]
        };
        (0..n).map(point).collect()
    }
}

impl Surface {
    /// The true energy as a map.
    pub fn energy_map(&self) -> Map {
        self.map("dissipated_energy", "J", self.energy.clone())
    }

    /// A map in the frame of the specimen.
    fn map(&self, quantity: &str, unit: &str, values: Array2<f64>) -> Map {
        let extent = Extent::metres(self.specimen.width, self.specimen.height);
        Map::new(quantity, values, Unit::of(unit), Some(extent))
    }
}
