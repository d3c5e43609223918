//! Debiased Whittle likelihood of stationary fields on masked grids.
//!
//! The periodogram of a map is compared with its own expectation under a model, frequency by frequency, as if the values were
//! independent exponential variables. The expectation is exact: the Fourier transform of the model's covariance times the overlap
//! function of the window (mask and taper), so that edges, gaps and aliasing are in the model and cause no bias (Guillaumin,
//! Sykulski, Olhede & Simons, J. R. Stat. Soc. B 84, 1526 (2022), doi:10.1111/rssb.12539). Its score has expectation zero whatever
//! the correlation between frequencies; its covariance is left to a parametric bootstrap, which is cheap because the score is
//! linear in the periodogram.

mod correlation;
mod grid;
mod likelihood;

pub use correlation::{Correlation, blurred_correlation};
pub use grid::SpectralGrid;
pub use likelihood::{FieldParameters, State, Whittle, WhittleFit};

#[cfg(test)]
mod tests;
