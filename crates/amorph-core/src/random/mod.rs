//! Seeds and Gaussian random fields.
