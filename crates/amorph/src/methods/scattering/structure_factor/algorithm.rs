//! From counts to a structure factor: the scale of electron units, and what is taken off.

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
}

/// Electron units per count, by two rules that use different parts of the pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scales {
    /// From the integral over all Q, which fixes that no two atoms are at one place (Krogh-Moe 1956, Norman 1957).
    pub integral: f64,
    /// From the mean at large Q, where interference has died out.
    pub large_q: f64,
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
        let window = |q: f64| spherical_j0(std::f64::consts::PI * q / last);
        let (mut of_counts, mut of_atoms) = (0.0, 0.0);
        let (mut counts, mut atoms) = (0.0, 0.0);
        for (k, (q, dq)) in self.q.iter().zip(&dq).enumerate() {
            let free = &self.atoms[k];
            let weight = q * q * window(*q) * dq / free.square_mean;
            of_counts += weight * self.intensity[k];
            of_atoms += weight * (free.incoherent + free.mean_square);
            if *q > last - share * (last - first) {
                counts += q * q * dq * self.intensity[k] / free.square_mean;
                atoms += q * q * dq * (free.incoherent + free.mean_square) / free.square_mean;
            }
        }
        // ∫₀^Q₁ Q² (S₁ Q/Q₁ - 1) dQ = S₁ Q₁³/4 - Q₁³/3, and S₁ is linear in the scale.
        let free = &self.atoms[0];
        let cube = first.powi(3);
        let rest = (free.incoherent + free.mean_square - free.square_mean) / free.square_mean;
        of_counts += 0.25 * cube * self.intensity[0] / free.square_mean;
        of_atoms += 0.25 * cube * rest + cube / 3.0;
        let target = 2.0 * std::f64::consts::PI.powi(2) * self.number_density;
        Scales { integral: (of_atoms - target) / of_counts, large_q: atoms / counts }
    }

    /// S(Q) = [α I - C - (⟨f²⟩ - ⟨f⟩²)]/⟨f⟩², after Faber and Ziman.
    pub fn structure_factor(&self, scale: f64) -> Vec<f64> {
        let at = |(intensity, free): (&f64, &Scattering)| {
            (scale * intensity - free.incoherent - (free.mean_square - free.square_mean)) / free.square_mean
        };
        self.intensity.iter().zip(&self.atoms).map(at).collect()
    }
}
