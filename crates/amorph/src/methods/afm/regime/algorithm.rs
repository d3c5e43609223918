//! Monotone fit of the lag against the amplitude and where it crosses 90 deg.

/// Isotonic regression: the rising sequence closest to `y` in least squares (pool adjacent violators).
pub fn isotonic(y: &[f64]) -> Vec<f64> {
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for value in y {
        blocks.push((*value, 1));
        while let [.., (lower, n), (upper, m)] = blocks[..] {
            if lower <= upper {
                break;
            }
            blocks.truncate(blocks.len() - 2);
            let pooled = (lower * n as f64 + upper * m as f64) / (n + m) as f64;
            blocks.push((pooled, n + m));
        }
    }
    blocks.into_iter().flat_map(|(value, n)| std::iter::repeat_n(value, n)).collect()
}

/// The rising curve through points (ratio, lag), one value per ratio.
pub fn rising_curve(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let fitted = isotonic(&sorted.iter().map(|(_, lag)| *lag).collect::<Vec<_>>());
    sorted.iter().zip(fitted).map(|((ratio, _), lag)| (*ratio, lag)).collect()
}

/// Ratio at which the rising curve through the points crosses `level`; `None` where it stays on one side.
pub fn crossing(points: &[(f64, f64)], level: f64) -> Option<f64> {
    let curve = rising_curve(points);
    let above = curve.iter().position(|(_, lag)| *lag > level)?;
    let below = above.checked_sub(1)?;
    let ((from, low), (to, high)) = (curve[below], curve[above]);
    // A pooled block at the level: its middle.
    let first = curve.iter().position(|(_, lag)| *lag == low).unwrap_or(below);
    let from = if low == level { 0.5 * (curve[first].0 + from) } else { from };
    Some(from + (to - from) * (level - low) / (high - low))
}
