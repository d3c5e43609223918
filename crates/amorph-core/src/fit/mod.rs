//! Least squares with bounds, robust losses, covariance and profile intervals.
