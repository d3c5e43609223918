//! From counts to a structure factor: the scale of what free atoms scatter, and what is taken off.

use crate::core::special::spherical_j0;
use crate::core::stats::{MEDIAN_OF_ABSOLUTE_NORMAL, median};
use crate::methods::scattering::form_factors::Scattering;
use crate::methods::scattering::transform::trapezoid;

/// Counts as a measurement gives them, and what free atoms would scatter.
#[derive(Debug, Clone, PartialEq)]
pub struct Counts {
    /// Scattering vectors, 1/m, ascending.
    pub q: Vec<f64>,
    /// Counts after background and polarisation, any unit.
    pub intensity: Vec<f64>,
    /// Of the free atoms of the alloy.
    pub atoms: Vec<Scattering>,
    /// Atoms per volume, 1/m³.
    pub number_density: f64,
    /// Whether the counts stand on a constant of unknown height, as those of electrons do that have lost energy or were scattered more than once.
    pub has_offset: bool,
}

/// What brings counts to the units of free atoms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Units of free atoms per count.
    pub factor: f64,
    /// Constant that is taken off afterwards; zero where there is none.
    pub offset: f64,
}

/// The scale by two rules that use different parts of the pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scales {
    /// From the integral over all Q, which fixes that no two atoms are at one place (Krogh-Moe 1956, Norman 1957); a constant from the mean at large Q.
    pub integral: Scale,
    /// From large Q alone, where interference has died out: the mean, or a straight line through counts over free atoms where there is a constant.
    pub large_q: Scale,
}

/// The first halo, and what stands out of the smooth pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Halo {
    /// Scattering vectors about the halo without sharp peaks, 1/m.
    pub q: Vec<f64>,
    /// Places of these rows.
    pub rows: Vec<usize>,
    /// Places of sharp peaks, 1/m: one for every run of rows far above the smooth pattern.
    pub sharp: Vec<f64>,
}

/// Kernel of the smooth pattern, 1/m: narrower than any halo, wider than Bragg peaks.
const SMOOTHING: f64 = 0.04e10;
/// Half the range about a halo, as a share of its place.
const AROUND: f64 = 0.12;
/// Rows further above the smooth pattern than this, in robust standard deviations, belong to sharp peaks.
const SHARP: f64 = 8.0;
/// Least height of a sharp peak, as a share of the highest value of the smooth pattern.
const CLEAR: f64 = 0.15;

/// The first maximum of the smooth pattern that reaches half its highest value, and the rows about it.
pub fn first_halo(q: &[f64], s: &[f64]) -> Option<Halo> {
    let smooth = smoothed(q, s);
    let above: Vec<f64> = s.iter().zip(&smooth).map(|(s, smooth)| s - smooth).collect();
    let scatter =
        median(&above.iter().map(|value| value.abs()).collect::<Vec<f64>>()).ok()? * MEDIAN_OF_ABSOLUTE_NORMAL.recip();
    let highest = smooth.iter().copied().fold(0.0, f64::max);
    let is_sharp = |k: usize| above[k] > SHARP * scatter && above[k] > CLEAR * highest;
    let top =
        (1..q.len() - 1).find(|k| smooth[*k] >= 0.5 * highest && smooth[*k] >= smooth[k - 1] && smooth[*k] > smooth[k + 1])?;
    // A sharp peak lifts the smooth pattern about itself.
    let sharp_rows: Vec<usize> = (0..q.len()).filter(|k| is_sharp(*k)).collect();
    let near_sharp = |k: usize| sharp_rows.iter().any(|other| (q[*other] - q[k]).abs() < 2.0 * SMOOTHING);
    let rows: Vec<usize> = (0..q.len()).filter(|k| (q[*k] / q[top] - 1.0).abs() < AROUND && !near_sharp(*k)).collect();
    let sharp = (1..q.len()).filter(|k| is_sharp(*k) && !is_sharp(k - 1)).map(|k| q[k]).collect();
    Some(Halo { q: rows.iter().map(|row| q[*row]).collect(), rows, sharp })
}

/// Weighted by a Gaussian in Q, on any grid.
fn smoothed(q: &[f64], s: &[f64]) -> Vec<f64> {
    let dq = trapezoid(q);
    let at = |k: usize| {
        let first = q.partition_point(|other| *other < q[k] - 4.0 * SMOOTHING);
        let end = q.partition_point(|other| *other <= q[k] + 4.0 * SMOOTHING);
        let weight = |other: usize| dq[other] * (-0.5 * ((q[other] - q[k]) / SMOOTHING).powi(2)).exp();
        let total: f64 = (first..end).map(weight).sum();
        (first..end).map(|other| weight(other) * s[other]).sum::<f64>() / total
    };
    (0..q.len()).map(at).collect()
}

impl Counts {
    /// Both scales; `share` of the range counts as large Q.
    ///
    /// With the window M of Lorch: ∫ Q² (S - 1) M dQ = -2π²ρ₀, since g vanishes at r = 0 and about it. Below the first Q the
    /// structure factor is a straight line to zero.
    pub fn scales(&self, share: f64) -> Scales {
        let (first, last) = (self.q[0], self.q[self.q.len() - 1]);
        let dq = trapezoid(&self.q);
        // Weighted sums of counts, of ones, and of what free atoms scatter.
        let add = |sums: &mut [f64; 3], weight: f64, row: usize, free: f64| {
            sums.iter_mut().zip([self.intensity[row], 1.0, free]).for_each(|(sum, value)| *sum += weight * value);
        };
        let (mut whole, mut end) = ([0.0; 3], [0.0; 3]);
        for (k, (q, dq)) in self.q.iter().zip(&dq).enumerate() {
            let free = &self.atoms[k];
            let all = free.incoherent + free.mean_square;
            let window = spherical_j0(std::f64::consts::PI * q / last);
            add(&mut whole, q * q * window * dq / free.square_mean, k, all);
            if *q > last - share * (last - first) {
                // The scattering of electrons falls so quickly that the last rows alone would decide.
                let by = if self.has_offset { free.square_mean.sqrt() } else { free.square_mean };
                add(&mut end, q * q * dq / by, k, all);
            }
        }
        // ∫₀^Q₁ Q² (S₁ Q/Q₁ - 1) dQ = S₁ Q₁³/4 - Q₁³/3, and S₁ is linear in the scale.
        let free = &self.atoms[0];
        let cube = first.powi(3);
        add(&mut whole, 0.25 * cube / free.square_mean, 0, free.incoherent + free.mean_square - free.square_mean);
        let target = whole[2] + cube / 3.0 - 2.0 * std::f64::consts::PI.powi(2) * self.number_density;
        if !self.has_offset {
            let scale = |factor: f64| Scale { factor, offset: 0.0 };
            return Scales { integral: scale(target / whole[0]), large_q: scale(end[2] / end[0]) };
        }
        // Two equations: α Σ counts - β Σ 1 = what they must be, over all Q and at large Q.
        let determinant = whole[1] * end[0] - whole[0] * end[1];
        let factor = (whole[1] * end[2] - target * end[1]) / determinant;
        let offset = (factor * end[0] - end[2]) / end[1];
        Scales { integral: Scale { factor, offset }, large_q: self.line(last - share * (last - first), &dq) }
    }

    /// Counts over what free atoms scatter beyond a Q: slope and height of the straight line, by least squares.
    fn line(&self, beyond: f64, dq: &[f64]) -> Scale {
        let mut sums = [0.0; 5];
        for (k, free) in self.atoms.iter().enumerate().filter(|(k, _)| self.q[*k] > beyond) {
            let (x, y) = (free.mean_square + free.incoherent, self.intensity[k]);
            // Counts vary as they are high.
            let weight = dq[k] / x;
            sums.iter_mut().zip([1.0, x, y, x * x, x * y]).for_each(|(sum, term)| *sum += weight * term);
        }
        let [n, x, y, xx, xy] = sums;
        let slope = (n * xy - x * y) / (n * xx - x * x);
        Scale { factor: 1.0 / slope, offset: (y - slope * x) / (n * slope) }
    }

    /// S(Q) = [α I - β - C - (⟨f²⟩ - ⟨f⟩²)]/⟨f⟩², after Faber and Ziman.
    pub fn structure_factor(&self, scale: Scale) -> Vec<f64> {
        let at = |(intensity, free): (&f64, &Scattering)| {
            (scale.factor * intensity - scale.offset - free.incoherent - (free.mean_square - free.square_mean))
                / free.square_mean
        };
        self.intensity.iter().zip(&self.atoms).map(at).collect()
    }
}
