//! A loss that is nearly the same at all frequencies, and where its growth with temperature breaks.

use crate::core::fit::{ErrorScale, FitError, LinearLeastSquares};
use crate::core::random::{derive_seed, standard_normals};
use crate::core::stats::{f_tail, student_t_quantile};
use ndarray::Array2;

/// A power of frequency through the loss of one isotherm.
#[derive(Debug, Clone, PartialEq)]
pub struct Power {
    /// Temperature, K.
    pub temperature: f64,
    /// ln of the loss (Pa) at the common frequency, and its standard error.
    pub ln_level: (f64, f64),
    /// Exponent of the loss over frequency, and its standard error.
    pub exponent: (f64, f64),
    /// Quantile of Student's t for 95 % intervals.
    pub quantile: f64,
    /// Probability of as much curvature where there is none.
    pub curvature_p: f64,
}

/// Steepest exponent of a nearly constant loss.
pub const STEEPEST: f64 = 0.2;
/// Probability below which a curve is bent.
pub const BENT: f64 = 0.01;

impl Power {
    /// Whether the loss is nearly constant.
    pub fn is_nearly_constant(&self) -> bool {
        self.exponent.0.abs() < STEEPEST && self.curvature_p > BENT
    }

    /// 95 % interval of a number of it.
    pub fn interval(&self, (value, error): (f64, f64)) -> (f64, f64) {
        (value - self.quantile * error, value + self.quantile * error)
    }
}

fn design(x: &[f64], columns: usize, of: impl Fn(f64, usize) -> f64) -> Array2<f64> {
    Array2::from_shape_fn((x.len(), columns), |(row, column)| of(x[row], column))
}

/// The power through `ln loss` over `ln ω` less that of the common frequency; five readings or more.
///
/// # Errors
/// As [`LinearLeastSquares::fit`].
pub fn power(temperature: f64, x: &[f64], ln_loss: &[f64]) -> Result<Power, FitError> {
    let problem = LinearLeastSquares::default();
    let line = problem.fit(design(x, 2, |x, k| x.powi(k as i32)).view(), ln_loss)?;
    let bent = problem.fit(design(x, 3, |x, k| x.powi(k as i32)).view(), ln_loss)?;
    let dof = line.dof as f64;
    let ratio = (line.residual_sum - bent.residual_sum) / (bent.residual_sum / (dof - 1.0)).max(f64::MIN_POSITIVE);
    Ok(Power {
        temperature,
        ln_level: (line.coefficients[0], line.std_errors[0]),
        exponent: (line.coefficients[1], line.std_errors[1]),
        quantile: student_t_quantile(0.975, dof).unwrap_or(f64::NAN),
        curvature_p: f_tail(ratio.max(0.0), 1.0, dof - 1.0).unwrap_or(f64::NAN),
    })
}

/// Two lines that meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Break {
    /// Where, K.
    pub temperature: f64,
    /// Its standard error, from series simulated with the two lines, K.
    pub error: f64,
    /// Change of ln level per kelvin below and above, 1/K.
    pub slopes: (f64, f64),
    /// Share of series simulated from one line that look as broken.
    pub p: f64,
    /// ln level where the lines meet.
    pub ln_level: f64,
}

/// Places at which lines may meet.
const PLACES: usize = 60;

struct Fits {
    x: Vec<f64>,
    weights: Vec<f64>,
}

struct Best {
    place: f64,
    coefficients: Vec<f64>,
    /// Fall of the sum of squares over what is left.
    gain: f64,
    line: Vec<f64>,
    left: f64,
}

impl Fits {
    fn problem(&self) -> LinearLeastSquares {
        LinearLeastSquares {
            weights: Some(self.weights.clone()),
            error_scale: ErrorScale::Residuals,
            ..LinearLeastSquares::default()
        }
    }

    fn best(&self, y: &[f64]) -> Option<Best> {
        let line = self.problem().fit(design(&self.x, 2, |x, k| x.powi(k as i32)).view(), y).ok()?;
        let (first, last) = (self.x[1], self.x[self.x.len() - 2]);
        let at = |k: usize| first + (last - first) * k as f64 / (PLACES - 1) as f64;
        let broken = |place: f64| {
            let of = |x: f64, k: usize| [1.0, x - place, (x - place).max(0.0)][k];
            self.problem().fit(design(&self.x, 3, of).view(), y).ok().map(|fit| (place, fit))
        };
        let (place, fit) =
            (0..PLACES).filter_map(|k| broken(at(k))).min_by(|a, b| a.1.residual_sum.total_cmp(&b.1.residual_sum))?;
        let left = fit.residual_sum.max(f64::MIN_POSITIVE);
        let gain = (line.residual_sum - fit.residual_sum) / left;
        Some(Best { place, coefficients: fit.coefficients, gain, line: line.coefficients, left })
    }
}

/// Two lines through ln levels over temperature, against one; six isotherms or more.
pub fn break_of(powers: &[Power], draws: usize, seed: u64) -> Option<Break> {
    let n = powers.len();
    if n < 6 {
        return None;
    }
    let centre = powers.iter().map(|power| power.temperature).sum::<f64>() / n as f64;
    let fits = Fits {
        x: powers.iter().map(|power| power.temperature - centre).collect(),
        weights: powers.iter().map(|power| power.ln_level.1.max(1e-9).powi(-2)).collect(),
    };
    let y: Vec<f64> = powers.iter().map(|power| power.ln_level.0).collect();
    let found = fits.best(&y)?;
    // Two slopes, a level and a place.
    let scale = (found.left / (n as f64 - 4.0).max(1.0)).sqrt();
    let simulated = |name: &str, draw: usize, mean: &dyn Fn(f64) -> f64| {
        let normals = standard_normals(derive_seed(seed, &[name.into(), draw.into()]), n);
        let rows = fits.x.iter().zip(&fits.weights).zip(normals);
        rows.map(|((x, weight), z)| mean(*x) + scale * z / weight.sqrt()).collect::<Vec<f64>>()
    };
    let one = |x: f64| found.line[0] + found.line[1] * x;
    let two = |x: f64| {
        let c = &found.coefficients;
        c[0] + c[1] * (x - found.place) + c[2] * (x - found.place).max(0.0)
    };
    let as_broken =
        (0..draws).filter_map(|draw| fits.best(&simulated("line", draw, &one))).filter(|best| best.gain >= found.gain);
    let p = (1.0 + as_broken.count() as f64) / (1.0 + draws as f64);
    let places: Vec<f64> =
        (0..draws).filter_map(|draw| fits.best(&simulated("broken", draw, &two))).map(|best| best.place).collect();
    let spread = places.iter().map(|place| (place - found.place).powi(2)).sum::<f64>() / places.len().max(1) as f64;
    Some(Break {
        temperature: centre + found.place,
        error: spread.sqrt(),
        slopes: (found.coefficients[1], found.coefficients[1] + found.coefficients[2]),
        p,
        ln_level: found.coefficients[0],
    })
}
