//! Fourier transforms of real arrays.
