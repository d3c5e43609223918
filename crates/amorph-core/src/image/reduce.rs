use ndarray::{Array2, ArrayView2, Slice};

/// Means over square blocks of pixels, so that no side exceeds `side_max`; NaN where a block has no finite value.
///
/// Blocks are the smallest that do; those at the right and lower edge may be cut off.
pub fn block_means(values: ArrayView2<'_, f64>, side_max: usize) -> Array2<f64> {
    let (rows, columns) = values.dim();
    let block = rows.max(columns).div_ceil(side_max.max(1)).max(1);
    if block == 1 {
        return values.to_owned();
    }
    Array2::from_shape_fn((rows.div_ceil(block), columns.div_ceil(block)), |(row, column)| {
        let starts = [row * block, column * block];
        let cell = values.slice_each_axis(|axis| {
            let start = starts[axis.axis.index()];
            Slice::from(start..(start + block).min(axis.len))
        });
        let finite = || cell.iter().filter(|value| value.is_finite());
        finite().sum::<f64>() / finite().count() as f64
    })
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn blocks_keep_the_mean_and_skip_missing_values() {
        let values = array![[1.0, 3.0, 10.0], [f64::NAN, 2.0, 20.0], [5.0, 5.0, f64::NAN]];
        let reduced = block_means(values.view(), 2);
        assert_eq!(reduced.dim(), (2, 2));
        assert_eq!(reduced[[0, 0]], 2.0);
        assert_eq!(reduced[[0, 1]], 15.0);
        assert_eq!(reduced[[1, 0]], 5.0);
        assert!(reduced[[1, 1]].is_nan());
    }
}
