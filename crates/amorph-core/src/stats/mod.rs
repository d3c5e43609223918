//! Quantiles, moments, resampling and tests.

mod distributions;
mod error;
mod moments;
mod quantile;

pub use distributions::{
    beta_quantile, chi_squared_quantile, chi_squared_tail, normal_cdf, normal_quantile, student_t_quantile, student_t_tail,
};
pub use error::StatsError;
pub use moments::{Correlation, Moments, mean, pearson};
pub use quantile::{Histogram, ks_distance, median, quantile, quantiles};
