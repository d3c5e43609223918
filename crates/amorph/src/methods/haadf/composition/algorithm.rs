//! Counts in an ionisation edge above a power law, and what they say of a composition.

use crate::core::stats::chi_squared_tail;

/// Rounds of the fit of a background.
const ROUNDS: usize = 60;
/// Probability below which a channel without counts is dead and not empty by chance.
const DEAD: f64 = 1e-6;

/// A window before an edge and one behind it.
#[derive(Debug, Clone, Copy)]
pub struct EdgeSpectrum<'a> {
    /// Electrons before the edge.
    pub before: &'a [f64],
    /// Logarithms of their energies over any one energy.
    pub ln_before: &'a [f64],
    /// Electrons behind it.
    pub behind: &'a [f64],
    /// Logarithms of their energies.
    pub ln_behind: &'a [f64],
}

/// A background `exp(ln_height - exponent x)`, x the logarithm of the energy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerLaw {
    /// Logarithm of the counts of a channel at x = 0.
    pub ln_height: f64,
    /// Exponent r of `A E^-r`.
    pub exponent: f64,
    /// Variance of `ln_height`, covariance with `-exponent`, variance of the exponent.
    pub covariance: [f64; 3],
}

/// What stands out of the background.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signal {
    /// Electrons in the edge.
    pub counts: f64,
    /// Its variance: counting, and the extrapolated background.
    pub variance: f64,
    /// The part of it that comes from the extrapolation.
    pub of_background: f64,
    /// The background.
    pub background: PowerLaw,
    /// Whether a channel before the edge has no counts, as chance allows.
    pub has_zero: bool,
}

/// Why a place has no signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSignal {
    /// A count before the edge is below zero, or no number.
    Negative,
    /// No counts before the edge at all, or none in a channel where chance does not allow it.
    Dead,
    /// No power law fits.
    NoFit,
}

impl PowerLaw {
    /// Counts of a channel.
    pub fn at(&self, x: f64) -> f64 {
        (self.ln_height - self.exponent * x).exp()
    }

    /// The law of largest likelihood for counted electrons (Poisson); zero counts are counts like others.
    pub fn fit(counts: &[f64], x: &[f64]) -> Option<Self> {
        let n = counts.len() as f64;
        let total: f64 = counts.iter().sum();
        let centre = x.iter().sum::<f64>() / n;
        let (mut height, mut slope) = ((total / n).ln(), -3.0);
        for _ in 0..ROUNDS {
            let (mut score, mut information) = ([0.0; 2], [0.0; 3]);
            for (count, x) in counts.iter().zip(x) {
                let x = x - centre;
                let mean = (height + slope * x).exp();
                score[0] += count - mean;
                score[1] += (count - mean) * x;
                information[0] += mean;
                information[1] += mean * x;
                information[2] += mean * x * x;
            }
            let [aa, ab, bb] = information;
            let determinant = aa * bb - ab * ab;
            if !(determinant.is_finite() && determinant > 1e-12 * aa * bb) {
                return None;
            }
            let step = [(bb * score[0] - ab * score[1]) / determinant, (aa * score[1] - ab * score[0]) / determinant];
            height += step[0].clamp(-1.0, 1.0);
            slope += step[1].clamp(-3.0, 3.0);
            if step[0].abs() < 1e-9 && step[1].abs() < 1e-7 {
                // From the centre to x = 0: ln_height = height - slope centre.
                let [v_height, v_both, v_slope] = [bb / determinant, -ab / determinant, aa / determinant];
                let covariance =
                    [v_height - 2.0 * centre * v_both + centre * centre * v_slope, v_both - centre * v_slope, v_slope];
                return Some(Self { ln_height: height - slope * centre, exponent: -slope, covariance });
            }
        }
        None
    }

    /// Sum over channels, and its variance.
    pub fn sum(&self, x: &[f64]) -> (f64, f64) {
        let (mut sum, mut slope) = (0.0, 0.0);
        for x in x {
            let mean = self.at(*x);
            sum += mean;
            slope += mean * x;
        }
        let [aa, ab, bb] = self.covariance;
        (sum, sum * sum * aa + 2.0 * sum * slope * ab + slope * slope * bb)
    }
}

/// The electrons of an edge above the power law before it.
///
/// # Errors
/// [`NoSignal`].
pub fn signal(spectrum: &EdgeSpectrum<'_>) -> Result<Signal, NoSignal> {
    let EdgeSpectrum { before, ln_before, behind, ln_behind } = *spectrum;
    if before.iter().any(|count| count.is_nan() || *count < 0.0) || behind.iter().any(|count| !count.is_finite()) {
        return Err(NoSignal::Negative);
    }
    if before.iter().sum::<f64>() <= 0.0 {
        return Err(NoSignal::Dead);
    }
    let background = PowerLaw::fit(before, ln_before).ok_or(NoSignal::NoFit)?;
    let zeros = || before.iter().zip(ln_before).filter(|(count, _)| **count == 0.0).map(|(_, x)| *x);
    if zeros().any(|x| (-background.at(x)).exp() < DEAD) {
        return Err(NoSignal::Dead);
    }
    let total: f64 = behind.iter().sum();
    let (below, of_background) = background.sum(ln_behind);
    if !(below.is_finite() && of_background.is_finite()) {
        return Err(NoSignal::NoFit);
    }
    let has_zero = zeros().next().is_some();
    Ok(Signal { counts: total - below, variance: total.max(0.0) + of_background, of_background, background, has_zero })
}

/// Atoms of A and B on one scale, in places, each with its variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Atoms {
    /// A and B.
    pub number: [f64; 2],
    /// Their variances.
    pub variance: [f64; 2],
}

impl Atoms {
    /// Fraction of A and its variance; `None` without atoms.
    pub fn fraction(&self) -> Option<(f64, f64)> {
        let [a, b] = self.number;
        let sum = a + b;
        let variance = (b * b * self.variance[0] + a * a * self.variance[1]) / sum.powi(4);
        (sum > 0.0 && variance.is_finite()).then_some((a / sum, variance))
    }
}

/// How a fraction varies over a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fluctuation {
    /// Fraction of A of all atoms.
    pub mean: f64,
    /// Standard deviation of the fractions as measured.
    pub observed: f64,
    /// What counting and background would give alone.
    pub counting: f64,
    /// What is left.
    pub excess: f64,
    /// `(n_eff - 1) sum T^2 / sum var T` of `T = (1 - c) N_A - c N_B` over places.
    pub chi_squared: f64,
    /// `(sum var T)^2 / sum (var T)^2`: places of equal error that are worth as much.
    pub n_effective: f64,
    /// Probability of so much in a field of one composition.
    pub p: f64,
    /// Places.
    pub n: usize,
}

/// The fluctuation of the fraction over places; `None` with fewer than three.
///
/// The test does not use fractions, whose variance depends on them, but the difference `T = (1 - c) N_A - c N_B`, which is zero on the mean in a field of
/// one composition c whatever its thickness. Sums are divided, not quotients summed: a variance that
/// is estimated from few counts goes with the counts, and the mean of quotients is not one. With unequal variances the quotient is spread as chi-squared of
/// `n_eff` degrees of freedom (Satterthwaite, Biometrics Bull. 2, 110 (1946)).
pub fn fluctuation(places: &[Atoms]) -> Option<Fluctuation> {
    let fractions: Vec<(f64, f64)> = places.iter().filter_map(Atoms::fraction).collect();
    let n = fractions.len() as f64;
    if fractions.len() < 3 {
        return None;
    }
    let used = || places.iter().filter(|atoms| atoms.fraction().is_some());
    let sum = |element: usize| used().map(|atoms| atoms.number[element]).sum::<f64>();
    let (a, b) = (sum(0), sum(1));
    let mean = a / (a + b);
    let variance = |atoms: &Atoms| (1.0 - mean).powi(2) * atoms.variance[0] + mean * mean * atoms.variance[1];
    let squares: f64 = used().map(|atoms| ((1.0 - mean) * atoms.number[0] - mean * atoms.number[1]).powi(2)).sum();
    let (sum_1, sum_2) = used().map(variance).fold((0.0, 0.0), |(one, two), v| (one + v, two + v * v));
    let n_effective = sum_1 * sum_1 / sum_2;
    // The mean composition takes one place.
    let chi_squared = squares / sum_1 * n / (n - 1.0) * (n_effective - 1.0);
    let average = fractions.iter().map(|(c, _)| c).sum::<f64>() / n;
    let observed = fractions.iter().map(|(c, _)| (c - average).powi(2)).sum::<f64>() / (n - 1.0);
    let counting = fractions.iter().map(|(_, v)| v).sum::<f64>() / n;
    Some(Fluctuation {
        mean,
        observed: observed.sqrt(),
        counting: counting.sqrt(),
        excess: (observed - counting).max(0.0).sqrt(),
        chi_squared,
        n_effective,
        p: chi_squared_tail(chi_squared, n_effective - 1.0).ok()?,
        n: fractions.len(),
    })
}
