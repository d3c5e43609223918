//! Transforms of real maps.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use ndarray::{Array2, ArrayView2};
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::{Fft, FftPlanner};

use super::{Blocked, ColumnPass, Complex64};

/// Forward and inverse transforms of real maps of one size; cheap to clone, prepared once.
#[derive(Clone)]
pub struct RealFft2 {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) parallel: bool,
    pub(super) forward_row: Arc<dyn RealToComplex<f64>>,
    pub(super) inverse_row: Arc<dyn ComplexToReal<f64>>,
    pub(super) forward_column: Arc<dyn Fft<f64>>,
    pub(super) inverse_column: Arc<dyn Fft<f64>>,
}

/// The twiddle factors of every length that was ever asked for: bootstraps ask for the same lengths hundreds of times.
struct Planners {
    real: RealFftPlanner<f64>,
    complex: FftPlanner<f64>,
}

static PLANNERS: LazyLock<Mutex<Planners>> =
    LazyLock::new(|| Mutex::new(Planners { real: RealFftPlanner::new(), complex: FftPlanner::new() }));

impl RealFft2 {
    /// Prepares transforms of `rows` x `columns` points, at least one each.
    pub fn new(rows: usize, columns: usize) -> Self {
        let (rows, columns) = (rows.max(1), columns.max(1));
        // A panic while planning leaves no plan half made.
        let mut planners = PLANNERS.lock().unwrap_or_else(PoisonError::into_inner);
        let Planners { real, complex } = &mut *planners;
        Self {
            rows,
            columns,
            parallel: true,
            forward_row: real.plan_fft_forward(columns),
            inverse_row: real.plan_fft_inverse(columns),
            forward_column: complex.plan_fft_forward(rows),
            inverse_column: complex.plan_fft_inverse(rows),
        }
    }

    /// The same transforms on the calling thread only; for use inside an outer parallel loop. The results are the same.
    #[must_use]
    pub fn sequential(mut self) -> Self {
        self.parallel = false;
        self
    }

    /// Rows and columns of the map.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    /// Columns of the half spectrum, `columns / 2 + 1`.
    pub fn half(&self) -> usize {
        self.columns / 2 + 1
    }

    /// Half spectrum `[rows, columns / 2 + 1]` of `values`. A smaller map is padded with zeros at the bottom and right, a
    /// larger one is cropped.
    pub fn forward(&self, values: &ArrayView2<'_, f64>) -> Array2<Complex64> {
        let (n_rows, n_columns) = (values.nrows().min(self.rows), values.ncols().min(self.columns));
        let half_rows = self.rows_forward(n_rows, |row, buffer| {
            for (to, from) in buffer.iter_mut().zip(values.row(row).iter().take(n_columns)) {
                *to = *from;
            }
        });
        self.to_array(&self.finish_forward(&half_rows))
    }

    /// Transforms the columns of half rows.
    fn finish_forward(&self, half_rows: &[Complex64]) -> Vec<Blocked> {
        let pass = ColumnPass { inputs: &[half_rows], slots: 1, outputs: 1, rows_out: self.rows, inverse: false };
        self.columns(&pass, |_, _| {})
    }

    fn to_array(&self, blocked: &[Blocked]) -> Array2<Complex64> {
        let mut spectrum = Array2::default((self.rows, self.half()));
        let Some(data) = spectrum.as_slice_mut() else { return spectrum };
        self.for_each_chunk(
            data,
            self.half(),
            || (),
            |row, out, ()| {
                for (to, from) in out.iter_mut().zip(blocked.iter().flat_map(|b| b.row(row)).flatten()) {
                    *to = *from;
                }
            },
        );
        spectrum
    }

    /// Real map `[rows, columns]` of a half spectrum `[rows, columns / 2 + 1]`, divided by the number of points.
    ///
    /// Only the part of the spectrum that a real map can have is used; missing rows or columns count as zero.
    pub fn inverse(&self, spectrum: &ArrayView2<'_, Complex64>) -> Array2<f64> {
        let pass = ColumnPass { inputs: &[], slots: 1, outputs: 1, rows_out: self.rows, inverse: true };
        let half_rows = self.columns(&pass, |column, slots| {
            if column < spectrum.ncols() {
                for (to, from) in slots.iter_mut().flat_map(|slot| slot.iter_mut()).zip(spectrum.column(column)) {
                    *to = *from;
                }
            }
        });
        let factor = 1.0 / (self.rows * self.columns) as f64;
        let mut map = Array2::zeros((self.rows, self.columns));
        for half in &half_rows {
            let values = self.rows_inverse(half, self.columns, |_, values, out| {
                for (to, from) in out.iter_mut().zip(values) {
                    *to = from * factor;
                }
            });
            map.iter_mut().zip(values).for_each(|(to, from)| *to = from);
        }
        map
    }
}

impl std::fmt::Debug for RealFft2 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RealFft2({} x {})", self.rows, self.columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::standard_normals;
    use std::f64::consts::TAU;

    fn noise(rows: usize, columns: usize, seed: u64) -> Array2<f64> {
        Array2::from_shape_vec((rows, columns), standard_normals(seed, rows * columns)).unwrap()
    }

    #[test]
    fn agrees_with_the_sum_that_defines_it() {
        for (rows, columns) in [(1, 1), (1, 5), (6, 1), (5, 7), (6, 20), (9, 8)] {
            let map = noise(rows, columns, 3);
            let spectrum = RealFft2::new(rows, columns).forward(&map.view());
            assert_eq!(spectrum.dim(), (rows, columns / 2 + 1));
            for ((ky, kx), value) in spectrum.indexed_iter() {
                let mut sum = Complex64::default();
                for ((y, x), v) in map.indexed_iter() {
                    let turns = (ky * y) as f64 / rows as f64 + (kx * x) as f64 / columns as f64;
                    sum += Complex64::from_polar(*v, -TAU * turns);
                }
                assert!((sum - value).norm() < 1e-12 * (rows * columns) as f64, "{rows} x {columns} at {ky}, {kx}");
            }
        }
    }

    #[test]
    fn inverse_undoes_forward() {
        for (rows, columns) in [(1, 1), (4, 6), (15, 9), (64, 50)] {
            let map = noise(rows, columns, 5);
            let fft = RealFft2::new(rows, columns);
            let back = fft.inverse(&fft.forward(&map.view()).view());
            assert!((&back - &map).iter().all(|difference| difference.abs() < 1e-13));
        }
    }

    #[test]
    fn threads_do_not_change_a_bit() {
        let map = noise(60, 84, 7);
        let fft = RealFft2::new(60, 84);
        let parallel = fft.forward(&map.view());
        assert_eq!(parallel, fft.clone().sequential().forward(&map.view()));
        assert_eq!(fft.inverse(&parallel.view()), fft.sequential().inverse(&parallel.view()));
    }

    #[test]
    fn a_small_map_is_padded_with_zeros() {
        let map = noise(3, 4, 9);
        let padded = Array2::from_shape_fn((6, 10), |index| map.get(index).copied().unwrap_or(0.0));
        let fft = RealFft2::new(6, 10);
        assert_eq!(fft.forward(&map.view()), fft.forward(&padded.view()));
    }
}
