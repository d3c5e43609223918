//! Quantiles, moments, resampling and tests.
