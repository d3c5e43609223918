//! Quantiles, moments, resampling and tests.
//!
//! Everything random takes a seed and gives the same answer on any number of
//! threads.

mod autocorrelated;
mod censored;
mod clusters_1d;
mod counts;
mod distributions;
mod error;
mod hypothesis;
mod mixture;
mod moments;
mod normality;
pub mod power_law;
mod proportion;
mod quantile;
mod random_effects;
mod rank;
mod resample;

pub use autocorrelated::{AutocorrelatedFit, autocorrelated_fit, half_width};
pub use censored::{LifeFit, LifeLaw, Reading, kaplan_meier};
pub use clusters_1d::{LineClusters, line_clusters};
pub use counts::poisson_interval;
pub use distributions::{
    CHI_SQUARED_90, CHI_SQUARED_95, NORMAL_95, beta_quantile, chi_squared_quantile, chi_squared_tail, f_tail, normal_cdf,
    normal_quantile, student_t_quantile, student_t_tail,
};
pub use error::StatsError;
pub use hypothesis::{
    AxialDirection, PermutationTest, WelchTest, axial_rayleigh_test, holm, permutation_test, permutation_test_of_items,
    welch_test,
};
pub use mixture::{Component, Mixture, MixtureFit, entropy};
pub use moments::{Correlation, Moments, mean, pearson};
pub use normality::{Normality, normality};
pub use proportion::{Coverage, clopper_pearson_interval, coverage, wilson_interval};
pub use quantile::{Histogram, MEDIAN_OF_ABSOLUTE_NORMAL, ks_distance, median, median_in_place, quantile, quantiles};
pub use random_effects::{RandomEffects, random_effects};
pub use rank::{RankCorrelation, rank_correlation, ranks};
pub use resample::{Bootstrap, BootstrapInterval, BootstrapKind, Jackknife, Resampling, jackknife, resample};
