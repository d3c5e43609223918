//! Least squares with bounds, robust losses, covariance and profile intervals;
//! linear least squares; scalar and simplex minimisation; root finding.
//!
//! Everything here is deterministic and free of global state. Parameters and
//! residuals are plain `f64` slices, matrices are `ndarray` arrays.
//!
//! ```
//! use amorph_core::fit::{LeastSquares, Parameter};
//! let x = [0.0, 1.0, 2.0, 3.0, 4.0];
//! let y = [2.0, 1.2, 0.75, 0.44, 0.27];
//! let residuals = |p: &[f64]| -> Vec<f64> {
//!     x.iter().zip(&y).map(|(x, y)| p[0] * (-p[1] * x).exp() - y).collect()
//! };
//! let problem = LeastSquares::new(vec![
//!     Parameter::new("amplitude", 1.0),
//!     Parameter::new("rate", 1.0).at_least(0.0),
//! ]);
//! let fit = problem.fit(&residuals)?;
//! let rate = problem.profile_interval(&residuals, &fit, 1, 0.95)?;
//! assert!((fit.params[1] - 0.5).abs() < 0.02);
//! assert!(rate.lower.unwrap_or(0.0) < fit.params[1]);
//! # Ok::<(), amorph_core::fit::FitError>(())
//! ```

mod bounds;
mod error;
mod jacobian;
mod linear;
mod loss;
mod nonlinear;
mod outcome;
mod profile;
mod scalar;
mod simplex;
mod solver;

pub use bounds::{Bound, Parameter};
pub use error::FitError;
pub use jacobian::WithJacobian;
pub use linear::{LinearFit, LinearLeastSquares, straight_line};
pub use loss::Loss;
pub use nonlinear::{LeastSquares, ResidualModel};
pub use outcome::{Convergence, ErrorScale, Fit};
pub use profile::ProfileInterval;
pub use scalar::{ScalarMinimum, brent_minimise, brent_root, rise_towards};
pub use simplex::{NelderMead, SimplexMinimum};
