use super::model::Curve;

/// Shifts of neighbouring curves, one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// `ln a_k` against the reference; NaN for curves that no chain of overlaps ties to it.
    pub shifts: Vec<f64>,
    /// Overlap with the neighbour towards the reference, decades; NaN for the reference.
    pub overlaps: Vec<f64>,
}

/// Steps of the search per decade.
const SEARCH: f64 = 20.0;
/// A match whose mean square exceeds that of the noise by this factor at the edge of the search is none.
const MISFIT: f64 = 25.0;

/// Finds for every curve the shift along ln ω at which it lies best on its neighbour, in the order of `order` (rising
/// temperature), and ties them to the reference. `least` is the overlap that a match needs, decades; `free_vertical` leaves
/// factors of the modulus out of account.
pub fn link(curves: &[Curve], reference: usize, least: f64, free_vertical: bool) -> Linked {
    let n = curves.len();
    let mut linked = Linked { shifts: vec![f64::NAN; n], overlaps: vec![f64::NAN; n] };
    linked.shifts[reference] = 0.0;
    let chain: Vec<(usize, usize)> =
        (reference + 1..n).map(|k| (k, k - 1)).chain((0..reference).rev().map(|k| (k, k + 1))).collect();
    for (k, neighbour) in chain {
        let known = linked.shifts[neighbour];
        if known.is_nan() {
            continue;
        }
        if let Some((shift, overlap)) = best_match(&curves[k], &curves[neighbour], least, free_vertical) {
            linked.shifts[k] = known + shift;
            linked.overlaps[k] = overlap;
        }
    }
    linked
}

/// Shift of `moved` onto `fixed` and their overlap in decades.
fn best_match(moved: &Curve, fixed: &Curve, least: f64, free_vertical: bool) -> Option<(f64, f64)> {
    let decade = std::f64::consts::LN_10;
    let (lo, hi) = ends(moved)?;
    let (from, to) = ends(fixed)?;
    let least = (least * decade).min(0.9 * (hi - lo)).min(0.9 * (to - from));
    let (first, last) = (from - hi + least, to - lo - least);
    let steps = ((last - first) / decade * SEARCH).ceil().max(1.0) as usize;
    let cost = |shift: f64| mismatch(moved, fixed, shift, free_vertical);
    let at = |i: usize| first + (last - first) * i as f64 / steps as f64;
    let costs: Vec<f64> = (0..=steps).map(|i| cost(at(i))).collect();
    let best = (0..=steps).min_by(|a, b| costs[*a].total_cmp(&costs[*b]))?;
    let noise = roughness(moved).max(roughness(fixed)).max(1e-8);
    let at_edge = best == 0 || best == steps;
    if at_edge && costs[best] > MISFIT * noise {
        return None;
    }
    let mut shift = at(best);
    if !at_edge {
        let (a, b, c) = (costs[best - 1], costs[best], costs[best + 1]);
        let curvature = a - 2.0 * b + c;
        if curvature > 0.0 {
            shift += 0.5 * (a - c) / curvature * (last - first) / steps as f64;
        }
    }
    let overlap = ((hi + shift).min(to) - (lo + shift).max(from)) / decade;
    Some((shift, overlap))
}

fn ends(curve: &Curve) -> Option<(f64, f64)> {
    Some((*curve.ln_omega.first()?, *curve.ln_omega.last()?))
}

/// Mean square difference of ln storage and ln loss where both curves are.
fn mismatch(moved: &Curve, fixed: &Curve, shift: f64, free_vertical: bool) -> f64 {
    let (mut sums, mut squares, mut counts) = ([0.0; 2], [0.0; 2], [0.0; 2]);
    for (i, w) in moved.ln_omega.iter().enumerate() {
        if let Some(other) = between(fixed, w + shift) {
            let loss = moved.loss.get(i).map_or(f64::NAN, |loss| loss.ln());
            for (channel, value) in [moved.storage[i].ln() - other[0], loss - other[1]].into_iter().enumerate() {
                // A loss of zero or less within its error has no logarithm.
                if value.is_finite() {
                    sums[channel] += value;
                    squares[channel] += value * value;
                    counts[channel] += 1.0;
                }
            }
        }
    }
    let n: f64 = counts.iter().sum();
    if counts[0] < 2.0 || n < 2.0 {
        return f64::INFINITY;
    }
    let (mean, total) = ((sums[0] + sums[1]) / n, (squares[0] + squares[1]) / n);
    if free_vertical { total - mean * mean } else { total }
}

/// ln storage and ln loss by linear interpolation; `None` outside.
fn between(curve: &Curve, ln_omega: f64) -> Option<[f64; 2]> {
    let (lo, hi) = ends(curve)?;
    if !(lo..=hi).contains(&ln_omega) {
        return None;
    }
    let right = curve.ln_omega.partition_point(|w| *w < ln_omega).clamp(1, curve.ln_omega.len() - 1);
    let (a, b) = (curve.ln_omega[right - 1], curve.ln_omega[right]);
    let share = if b > a { (ln_omega - a) / (b - a) } else { 0.5 };
    // A response over time has no loss.
    let of = |values: &[f64]| match (values.get(right - 1), values.get(right)) {
        (Some(left), Some(right)) => left.ln() * (1.0 - share) + right.ln() * share,
        _ => f64::NAN,
    };
    Some([of(&curve.storage), of(&curve.loss)])
}

/// Mean square of what second differences say about the noise of a curve.
fn roughness(curve: &Curve) -> f64 {
    let of = |values: &[f64]| {
        let squares = values.windows(3).map(|w| (w[0].ln() - 2.0 * w[1].ln() + w[2].ln()).powi(2) / 6.0);
        let finite: Vec<f64> = squares.filter(|square| square.is_finite()).collect();
        finite.iter().sum::<f64>() / finite.len().max(1) as f64
    };
    if curve.loss.is_empty() { of(&curve.storage) } else { 0.5 * (of(&curve.storage) + of(&curve.loss)) }
}
