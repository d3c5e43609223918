//! Fourier transforms of real maps and complex arrays of any dimension.
//!
//! Convention: the forward transform is `F(k) = sum_x f(x) exp(-2 pi i k x / n)` without a factor, the inverse divides by the number
//! of points. The transform of a real map is stored as its half with non-negative column frequency, `[rows, columns / 2 + 1]`.
//! Results are bit-identical for any number of threads: every row and every column is transformed on its own.

mod nd;
mod passes;
mod real;
mod spectrum;

pub use nd::{forward_nd, inverse_nd};
pub use real::RealFft2;
pub use spectrum::{PowerSpectrum, RadialBin, Sides, Window, power_spectrum};

/// Complex number of two `f64`.
pub type Complex64 = rustfft::num_complex::Complex<f64>;

pub(crate) use passes::{Blocked, ColumnPass};

/// The smallest even number `>= n` that has no prime factor above 7: a length that transforms quickly.
pub fn good_size(n: usize) -> usize {
    let mut size = n.max(2).next_multiple_of(2);
    while !is_smooth(size) {
        size += 2;
    }
    size
}

fn is_smooth(mut n: usize) -> bool {
    for factor in [2, 3, 5, 7] {
        while n.is_multiple_of(factor) {
            n /= factor;
        }
    }
    n == 1
}

/// Signed frequency number of entry `index` of a transform of length `n`: `0, 1, .., -2, -1`, the Nyquist entry positive.
pub fn signed_frequency(index: usize, n: usize) -> f64 {
    if index <= n / 2 { index as f64 } else { index as f64 - n as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_sizes_are_even_smooth_and_least() {
        assert_eq!([1, 2, 3, 11, 13, 511, 1023, 1025].map(good_size), [2, 2, 4, 12, 14, 512, 1024, 1050]);
        assert_eq!(good_size(4095), 4096);
    }

    #[test]
    fn frequencies_are_signed() {
        assert_eq!([0, 1, 2, 3].map(|i| signed_frequency(i, 4)), [0.0, 1.0, 2.0, -1.0]);
        assert_eq!([0, 1, 2, 3, 4].map(|i| signed_frequency(i, 5)), [0.0, 1.0, 2.0, -2.0, -1.0]);
    }
}
