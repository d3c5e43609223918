use amorph_core::data::Record;
use amorph_core::random::{FieldModel, FieldSampler, derive_seed, rng};
use ndarray::Array2;
use rand::RngExt;

use super::{Body, Indenter, LoadFunction};
use crate::SimulationError;

/// A film whose shear modulus and relaxation time vary from place to place, indented on a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Sites {
    /// Rows and columns of the grid.
    pub shape: (usize, usize),
    /// Distance between neighbours, m.
    pub spacing: f64,
    /// Mean and standard deviation of the shear modulus, Pa.
    pub shear_modulus: (f64, f64),
    /// Mean and standard deviation of the relaxation time, s.
    pub relaxation_time: (f64, f64),
    /// Correlation length of both, m; 0 for sites that know nothing of each other.
    pub correlation_length: f64,
    /// Correlation of modulus and relaxation time.
    pub cross_correlation: f64,
    /// Share of sites without a measurement.
    pub missing: f64,
}

/// What a map was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteTruth {
    /// Shear modulus, Pa, `[row, column]`.
    pub shear_modulus: Array2<f64>,
    /// Relaxation time, s.
    pub relaxation_time: Array2<f64>,
    /// Sites that were left out.
    pub missing: Array2<bool>,
}

impl Default for Sites {
    /// 11 x 11 sites of 100 nm (Qiao et al. 2019, section 3.2), each of its own.
    fn default() -> Self {
        Self {
            shape: (11, 11),
            spacing: 100e-9,
            shear_modulus: (30e9, 2e9),
            relaxation_time: (0.3e-3, 0.05e-3),
            correlation_length: 0.0,
            cross_correlation: 0.0,
            missing: 0.0,
        }
    }
}

/// Fewest share of the mean that a site keeps, so that no site is absurd.
const LEAST_SHARE: f64 = 0.2;

impl Sites {
    /// The truth of one map.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn truth(&self, seed: u64) -> Result<SiteTruth, SimulationError> {
        self.check()?;
        let first = self.field(derive_seed(seed, &["modulus".into()]))?;
        let own = self.field(derive_seed(seed, &["time".into()]))?;
        let rho = self.cross_correlation;
        let second = &first * rho + &own * (1.0 - rho * rho).sqrt();
        let scale = |field: &Array2<f64>, (mean, sd): (f64, f64)| field.mapv(|z| (mean + sd * z).max(LEAST_SHARE * mean));
        let mut random = rng(derive_seed(seed, &["missing".into()]));
        Ok(SiteTruth {
            shear_modulus: scale(&first, self.shear_modulus),
            relaxation_time: scale(&second, self.relaxation_time),
            missing: Array2::from_shape_fn(self.shape, |_| random.random::<f64>() < self.missing),
        })
    }

    /// A map of Kelvin bodies, measured; missing sites have no test.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, indenter: &Indenter, load: &LoadFunction, seed: u64) -> Result<(Record, SiteTruth), SimulationError> {
        let truth = self.truth(seed)?;
        let mut tests = Vec::new();
        for ((row, column), shear_modulus) in truth.shear_modulus.indexed_iter() {
            if truth.missing[[row, column]] {
                continue;
            }
            let relaxation_time = truth.relaxation_time[[row, column]];
            let body = Body::Kelvin { shear_modulus: *shear_modulus, relaxation_time };
            let number = row * self.shape.1 + column;
            let indent = indenter.indent(body, load, derive_seed(seed, &["site".into(), number.into()]))?;
            let mut test = indent.test;
            test.name = format!("site {number:03}");
            test.position = Some(self.position(row, column));
            tests.push(test);
        }
        Ok((Record { tests }, truth))
    }

    /// Where a site lies, m; the first row is the uppermost.
    pub fn position(&self, row: usize, column: usize) -> [f64; 2] {
        [column as f64 * self.spacing, (self.shape.0 - 1 - row) as f64 * self.spacing]
    }

    fn field(&self, seed: u64) -> Result<Array2<f64>, SimulationError> {
        if self.correlation_length == 0.0 {
            let values = amorph_core::random::standard_normals(seed, self.shape.0 * self.shape.1);
            return Ok(Array2::from_shape_fn(self.shape, |(row, column)| values[row * self.shape.1 + column]));
        }
        let model = FieldModel::isotropic(1.0, self.correlation_length, 0.5);
        Ok(FieldSampler::new(&model, self.shape, (self.spacing, self.spacing))?.sample(seed))
    }

    fn check(&self) -> Result<(), SimulationError> {
        for (name, value) in [
            ("spacing", self.spacing),
            ("shear_modulus mean", self.shear_modulus.0),
            ("relaxation_time mean", self.relaxation_time.0),
            ("sites", (self.shape.0 * self.shape.1) as f64),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        SimulationError::require_not_negative("shear_modulus sd", self.shear_modulus.1)?;
        SimulationError::require_not_negative("relaxation_time sd", self.relaxation_time.1)?;
        SimulationError::require_not_negative("correlation_length", self.correlation_length)?;
        let within = |name, value: f64, lo: f64| {
            let allowed = "a correlation or a share";
            if (lo..=1.0).contains(&value) { Ok(()) } else { Err(SimulationError::Parameter { name, value, allowed }) }
        };
        within("cross_correlation", self.cross_correlation, -1.0)?;
        within("missing", self.missing, 0.0)
    }
}
