//! The three passes of which two-dimensional real transforms are made: rows to half rows, columns in blocks, half rows to rows.
//!
//! Kernels fill and combine data inside the passes, so that padded arrays are never stored: padding rows do not exist, rows
//! nobody asks for are not transformed back.

use super::{Complex64, RealFft2};
use rayon::prelude::*;

/// Columns that are gathered and transformed together: two cache lines of every row.
pub(crate) const BLOCK: usize = 8;

/// A half spectrum in blocks of [`BLOCK`] columns, each block row by row: `data[(block * rows + row) * BLOCK + column % BLOCK]`.
pub(crate) struct Blocked<T = Complex64> {
    pub(crate) rows: usize,
    half: usize,
    data: Vec<T>,
}

impl<T: Copy + Default> Blocked<T> {
    fn zeros(rows: usize, half: usize) -> Self {
        Self { rows, half, data: vec![T::default(); half.div_ceil(BLOCK) * rows * BLOCK] }
    }

    /// The pieces of one row, left to right; together `half` values.
    pub(crate) fn row(&self, row: usize) -> impl Iterator<Item = &[T]> {
        self.data.chunks_exact(self.rows * BLOCK).enumerate().map(move |(block, data)| {
            let width = BLOCK.min(self.half - block * BLOCK);
            &data[row * BLOCK..row * BLOCK + width]
        })
    }
}

/// What happens to the columns of half spectra.
pub(crate) struct ColumnPass<'a> {
    /// Half spectra, row-major; rows that are missing at the bottom are zero.
    pub inputs: &'a [&'a [Complex64]],
    /// Number of columns handed to the combination at once per column index; at least the number of inputs.
    pub slots: usize,
    /// How many of the slots are kept.
    pub outputs: usize,
    /// How many rows, from the top, are kept.
    pub rows_out: usize,
    /// Whether the kept slots are transformed back (without a factor).
    pub inverse: bool,
}

/// Work space of one thread.
struct Scratch {
    columns: Vec<Complex64>,
    fft: Vec<Complex64>,
}

impl RealFft2 {
    /// Transforms `n_rows` real rows that `fill(row, buffer)` writes; the buffer has the padded length and comes zeroed.
    pub(crate) fn rows_forward(&self, n_rows: usize, fill: impl Fn(usize, &mut [f64]) + Sync) -> Vec<Complex64> {
        let mut spectrum = vec![Complex64::default(); n_rows * self.half()];
        let init = || (vec![0.0; self.columns], self.forward_row.make_scratch_vec());
        self.for_each_chunk(&mut spectrum, self.half(), init, |row, out, (buffer, scratch)| {
            buffer.fill(0.0);
            fill(row, buffer);
            let done = self.forward_row.process_with_scratch(buffer, out, scratch);
            debug_assert!(done.is_ok(), "row lengths agree by construction");
        });
        spectrum
    }

    /// Gathers columns, transforms them, lets `combine(column, slots)` change them in place, and keeps some.
    ///
    /// `slots[s]` is column `column` of slot `s`, of the full padded length; slots beyond the inputs come zeroed.
    pub(crate) fn columns(
        &self,
        pass: &ColumnPass<'_>,
        combine: impl Fn(usize, &mut [&mut [Complex64]]) + Sync,
    ) -> Vec<Blocked> {
        self.columns_as(pass, combine, |value| value)
    }

    /// The same, of every kept value only what `keep` makes of it.
    pub(crate) fn columns_as<T: Copy + Default + Send>(
        &self,
        pass: &ColumnPass<'_>,
        combine: impl Fn(usize, &mut [&mut [Complex64]]) + Sync,
        keep: impl Fn(Complex64) -> T + Sync,
    ) -> Vec<Blocked<T>> {
        let mut kept: Vec<Blocked<T>> = (0..pass.outputs).map(|_| Blocked::zeros(pass.rows_out, self.half())).collect();
        let chunk = pass.rows_out * BLOCK;
        let mut blocks: Vec<Vec<&mut [T]>> = (0..self.half().div_ceil(BLOCK)).map(|_| Vec::new()).collect();
        for blocked in &mut kept {
            for (block, data) in blocks.iter_mut().zip(blocked.data.chunks_exact_mut(chunk)) {
                block.push(data);
            }
        }
        // A stride that is not a multiple of the page size: the columns of a block do not compete for the same cache sets.
        let stride = self.rows + 4;
        let init = || Scratch {
            columns: vec![Complex64::default(); pass.slots * BLOCK * stride],
            fft: vec![
                Complex64::default();
                self.forward_column.get_inplace_scratch_len().max(self.inverse_column.get_inplace_scratch_len())
            ],
        };
        self.for_each_chunk(&mut blocks, 1, init, |block, out, scratch| {
            self.gather(pass, block, stride, scratch);
            let width = BLOCK.min(self.half() - block * BLOCK);
            for b in 0..width {
                let mut slots: Vec<&mut [Complex64]> = scratch
                    .columns
                    .chunks_exact_mut(BLOCK * stride)
                    .map(|slot| &mut slot[b * stride..b * stride + self.rows])
                    .collect();
                for slot in slots.iter_mut().take(pass.inputs.len()) {
                    self.forward_column.process_with_scratch(slot, &mut scratch.fft);
                }
                combine(block * BLOCK + b, &mut slots);
                if pass.inverse {
                    for slot in slots.iter_mut().take(pass.outputs) {
                        self.inverse_column.process_with_scratch(slot, &mut scratch.fft);
                    }
                }
            }
            for (slot, data) in scratch.columns.chunks_exact(BLOCK * stride).zip(out.iter_mut().flatten()) {
                for (row, piece) in data.chunks_exact_mut(BLOCK).enumerate() {
                    for (b, value) in piece.iter_mut().enumerate().take(width) {
                        *value = keep(slot[b * stride + row]);
                    }
                }
            }
        });
        kept
    }

    fn gather(&self, pass: &ColumnPass<'_>, block: usize, stride: usize, scratch: &mut Scratch) {
        let first = block * BLOCK;
        let width = BLOCK.min(self.half() - first);
        let mut slots = scratch.columns.chunks_exact_mut(BLOCK * stride);
        for (input, slot) in pass.inputs.iter().zip(&mut slots) {
            let n_rows = input.len() / self.half();
            for (row, values) in input.chunks_exact(self.half()).enumerate() {
                for (b, value) in values[first..first + width].iter().enumerate() {
                    slot[b * stride + row] = *value;
                }
            }
            for column in slot.chunks_exact_mut(stride) {
                column[n_rows..].fill(Complex64::default());
            }
        }
        for slot in slots {
            slot.fill(Complex64::default());
        }
    }

    /// Transforms half rows back and hands each real row to `take(row, values, out)`, where `out` is row `row` of the result of
    /// `out_columns` columns. The values carry the factor `rows * columns`.
    pub(crate) fn rows_inverse(
        &self,
        half_rows: &Blocked,
        out_columns: usize,
        take: impl Fn(usize, &[f64], &mut [f64]) + Sync,
    ) -> Vec<f64> {
        let mut result = vec![0.0; half_rows.rows * out_columns];
        let init = || (vec![Complex64::default(); self.half()], vec![0.0; self.columns], self.inverse_row.make_scratch_vec());
        self.for_each_chunk(&mut result, out_columns, init, |row, out, (half_row, values, scratch)| {
            let mut start = 0;
            for piece in half_rows.row(row) {
                half_row[start..start + piece.len()].copy_from_slice(piece);
                start += piece.len();
            }
            // A real row has real end points; what is there is rounding.
            half_row[0].im = 0.0;
            if self.columns.is_multiple_of(2) {
                half_row[self.columns / 2].im = 0.0;
            }
            let done = self.inverse_row.process_with_scratch(half_row, values, scratch);
            debug_assert!(done.is_ok(), "row lengths agree by construction");
            take(row, values, out);
        });
        result
    }

    /// Runs `work(index, chunk, scratch)` over the chunks of `data`, on the thread pool or not.
    pub(crate) fn for_each_chunk<T: Send, S>(
        &self,
        data: &mut [T],
        size: usize,
        init: impl Fn() -> S + Sync + Send,
        work: impl Fn(usize, &mut [T], &mut S) + Sync + Send,
    ) {
        if self.parallel {
            data.par_chunks_mut(size).enumerate().for_each_init(init, |scratch, (index, chunk)| work(index, chunk, scratch));
        } else {
            let mut scratch = init();
            for (index, chunk) in data.chunks_mut(size).enumerate() {
                work(index, chunk, &mut scratch);
            }
        }
    }
}
