//! Relaxation times from `g2`. Times are counted in frames.

use super::sums::{STRETCHES, Sums};
use crate::core::fit::{NelderMead, brent_minimise};

/// Relaxation times over which `g2` is fitted.
const FITTED: f64 = 3.0;
/// Lags that are fitted at least.
const LEAST_LAGS: usize = 6;
/// Rounds of fit and window correction.
const ROUNDS: usize = 15;
/// Relaxation times that a block of time holds where that leaves [`ENOUGH_BLOCKS`], and at least.
const BLOCK: [f64; 2] = [10.0, 5.0];
/// Blocks from which on longer ones are better than more.
const ENOUGH_BLOCKS: f64 = 8.0;
/// Fewest blocks that give a standard error.
pub const LEAST_BLOCKS: usize = 6;
/// Largest error of ln tau whose interval covers.
pub const WIDEST: f64 = 0.15;
/// Shortest relaxation time that is given, frames.
pub const SHORTEST: f64 = 2.0;
/// Share of the record that is the longest relaxation time.
pub const LONGEST: f64 = 0.1;
/// Standard errors of counting noise above which the first lag is a signal.
const SIGNAL: f64 = 3.0;

/// `g2(lag) - 1 = contrast exp(-2 (lag / tau)^beta)`: tau is the time of the amplitude.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relaxation {
    /// `g2 - 1` at lag 0 without counting noise.
    pub contrast: f64,
    /// Relaxation time of the amplitude, frames.
    pub tau: f64,
    /// Stretching exponent.
    pub beta: f64,
}

/// What is known of a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Finding {
    /// A relaxation time, and the error of its logarithm where the record is long enough.
    Resolved(Relaxation, Option<LogError>),
    /// Faster than two frames.
    Faster(f64),
    /// Slower than a tenth of the record.
    Slower(f64),
    /// Nothing beyond counting noise outlasts a frame.
    Nothing,
}

/// Standard errors from leaving out one block of time after the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogError {
    /// Of the logarithm of tau.
    pub ln_tau: f64,
    /// Of beta.
    pub beta: f64,
    /// Blocks.
    pub blocks: usize,
}

impl Relaxation {
    /// `g2 - 1` at a lag.
    pub fn excess(&self, lag: f64) -> f64 {
        let stretched = if self.beta == 1.0 { lag / self.tau } else { (lag / self.tau).powf(self.beta) };
        self.contrast * (-2.0 * stretched).exp()
    }

    /// Relaxation time of the intensity: `exp(-(t / tau_I)^beta)`.
    pub fn intensity_time(&self) -> f64 {
        self.tau / (1.0 / self.beta).exp2()
    }
}

/// The finding of a place, with `beta` fixed or fitted, and at most `most_blocks` blocks for its error. `n_pixels` are in `sums`.
pub fn relaxation(sums: &Sums, lags: &[usize], beta: Option<f64>, n_pixels: usize, most_blocks: usize) -> Finding {
    let frames = sums.frames();
    let excess = sums.excess(None);
    let noise = sums.at_zero().abs() / ((frames * n_pixels) as f64).sqrt();
    let first = excess.first().copied().unwrap_or(f64::NAN);
    if first.is_nan() || first <= SIGNAL * noise {
        return Finding::Nothing;
    }
    let Some((found, used)) = fit(&excess, lags, frames as f64, beta, None) else { return Finding::Nothing };
    let longest = LONGEST * frames as f64;
    if found.tau < SHORTEST {
        return Finding::Faster(SHORTEST);
    }
    if found.tau > longest {
        return Finding::Slower(longest);
    }
    let times = frames as f64 / found.tau;
    let blocks = ((times / BLOCK[0]).max(ENOUGH_BLOCKS).min(times / BLOCK[1]) as usize).min(most_blocks);
    let error = (blocks >= LEAST_BLOCKS).then(|| log_error(&sums.in_blocks(blocks), lags, beta, (found, used))).flatten();
    Finding::Resolved(found, error)
}

/// Logarithm of tau, in frames, from the first and from the last eleven of 24 parts of the record, within the limits of the whole record: what
/// both say is the place, the rest is chance. A twelfth of the record lies between them and no longer lag is used, so that they share no frame.
/// `None` where a part is too short for a fit.
pub fn halves(sums: &Sums, lags: &[usize], beta: f64) -> Option<[f64; 2]> {
    let frames = sums.frames() as f64;
    let half = 11 * STRETCHES / 24;
    let used = lags.partition_point(|lag| *lag as f64 <= frames / 12.0);
    if used < LEAST_LAGS {
        return None;
    }
    let ln_tau = |first: usize| {
        let excess = sums.excess_of(|stretch| (first..first + half).contains(&stretch));
        let (found, _) = fit(&excess[..used], &lags[..used], frames * half as f64 / STRETCHES as f64, Some(beta), None)?;
        Some(found.tau.clamp(SHORTEST, LONGEST * frames).ln())
    };
    Some([ln_tau(0)?, ln_tau(STRETCHES - half)?])
}

/// The jackknife over blocks of time (Künsch, Ann. Stat. 17, 1217 (1989), doi:10.1214/aos/1176347265). What outlasts the border of two blocks of
/// length `L` makes them alike, and the variance too small by `tau/(2 L)` for a correlation `exp(-2 t/tau)`; it is given back.
fn log_error(sums: &Sums, lags: &[usize], beta: Option<f64>, whole: (Relaxation, usize)) -> Option<LogError> {
    let n = sums.stretches() as f64;
    let independent = 1.0 - 0.5 * whole.0.tau * n / sums.frames() as f64;
    let frames = sums.frames() as f64 * (n - 1.0) / n;
    let without = |block| fit(&sums.excess(Some(block)), lags, frames, beta, Some(whole)).map(|(found, _)| found);
    let left: Option<Vec<Relaxation>> = (0..sums.stretches()).map(without).collect();
    let left = left?;
    let spread = |value: &dyn Fn(&Relaxation) -> f64| {
        let mean = left.iter().map(value).sum::<f64>() / n;
        (left.iter().map(|found| (value(found) - mean).powi(2)).sum::<f64>() * (n - 1.0) / n / independent).sqrt()
    };
    let (ln_tau, beta) = (spread(&|found| found.tau.ln()), spread(&|found| found.beta));
    ln_tau.is_finite().then_some(LogError { ln_tau, beta, blocks: sums.stretches() })
}

/// The law through `g2 - 1`, freed of what the mean over the window takes from it, and how many lags were used; with the law and the lags of
/// a fit to begin with, the lags stay.
fn fit(
    excess: &[f64],
    lags: &[usize],
    frames: f64,
    beta: Option<f64>,
    start: Option<(Relaxation, usize)>,
) -> Option<(Relaxation, usize)> {
    let mut used = start.map_or(lags.len(), |(_, used)| used);
    let mut found = start.map(|(law, _)| law);
    for _ in 0..ROUNDS {
        let mut corrected = excess.to_vec();
        if let Some(law) = &found {
            let taken = window_term(law, lags, frames as usize);
            corrected.iter_mut().zip(&taken).for_each(|(c, b)| *c = (1.0 + *c) * (1.0 + b) - 1.0);
            if start.is_none() {
                let within = lags.partition_point(|lag| *lag as f64 <= FITTED * law.tau);
                used = within.clamp(LEAST_LAGS.min(lags.len()), lags.len());
            }
        }
        let next = through(&lags[..used], &corrected[..used], frames, beta, found)?;
        let settled = found.is_some_and(|found| (next.tau / found.tau).ln().abs() < 1e-5);
        found = Some(next);
        // A time beyond the window has no correction.
        if settled || next.tau > frames {
            break;
        }
    }
    found.map(|found| (found, used))
}

/// Least squares; the contrast follows from tau and beta.
fn through(lags: &[usize], excess: &[f64], frames: f64, beta: Option<f64>, start: Option<Relaxation>) -> Option<Relaxation> {
    let law = |ln_tau: f64, beta: f64| {
        let (tau, mut dot, mut norm) = (ln_tau.exp(), 0.0, 0.0);
        for (lag, c) in lags.iter().zip(excess) {
            let f = (-2.0 * (*lag as f64 / tau).powf(beta)).exp();
            dot += f * c;
            norm += f * f;
        }
        (Relaxation { contrast: (dot / norm).max(0.0), tau, beta }, -dot.max(0.0).powi(2) / norm)
    };
    // Between a third of a frame and thirty records.
    let (low, high) = ((1.0f64 / 3.0).ln(), (30.0 * frames).ln());
    let along = |beta: f64| {
        let steps = ((high - low) / 0.5).ceil();
        let at = |i: f64| low + (high - low) * i / steps;
        let best = (0..=steps as usize).map(|i| i as f64).min_by(|a, b| law(at(*a), beta).1.total_cmp(&law(at(*b), beta).1))?;
        brent_minimise(|ln_tau| law(ln_tau, beta).1, at((best - 1.0).max(0.0)), at((best + 1.0).min(steps)), 1e-7).ok()
    };
    if let (Some(beta), Some(start)) = (beta, start) {
        let centre = start.tau.ln();
        let near = brent_minimise(|ln_tau| law(ln_tau, beta).1, (centre - 1.0).max(low), (centre + 1.0).min(high), 1e-7);
        return near.ok().map(|found| law(found.x, beta).0);
    }
    if let Some(beta) = beta {
        return along(beta).map(|found| law(found.x, beta).0);
    }
    let from = match start {
        Some(start) => [start.tau.ln(), start.beta.ln()],
        None => [along(1.0)?.x, 0.0],
    };
    let inside = |x: &[f64]| x[1].abs() < 2.0 && x[0] > low && x[0] < high;
    let search = NelderMead { x_tolerance: 1e-6, f_tolerance: 1e-13, restarts: 1, ..NelderMead::default() };
    let misfit = |x: &[f64]| if inside(x) { law(x[0], x[1].exp()).1 } else { f64::NAN };
    let found = search.minimise(misfit, &from, &[0.2, 0.1]).ok()?;
    Some(law(found.x[0], found.x[1].exp()).0)
}

/// Covariance of the means of the earlier and the later frames over their squared mean, `cov(<I>_left, <I>_right) / <I>^2`: by as much the mean
/// over the window raises the denominator and lowers what is left of `g2 - 1`. `M = frames - lag`:
///
/// ```text
/// B(lag) = M^-2 sum_{|d| < M} (M - |d|) C(|lag + d|)
/// ```
pub fn window_term(law: &Relaxation, lags: &[usize], frames: usize) -> Vec<f64> {
    // Sums of C(j) and j C(j) below every j.
    let (mut sums, mut moments) = (vec![0.0; frames + 1], vec![0.0; frames + 1]);
    // What is below a millionth of a millionth adds nothing.
    let end = law.tau * 14f64.powf(1.0 / law.beta);
    for j in 0..frames {
        let c = if j as f64 <= end { law.excess(j as f64) } else { 0.0 };
        sums[j + 1] = sums[j] + c;
        moments[j + 1] = moments[j] + j as f64 * c;
    }
    // Sum of (a + b j) C(j) for j from `from` up to, not including, `to`.
    let sum = |a: f64, b: f64, from: usize, to: usize| a * (sums[to] - sums[from]) + b * (moments[to] - moments[from]);
    let term = |lag: usize| {
        let m = frames - lag;
        let later = sum(frames as f64, -1.0, lag, frames);
        let between = sum(m as f64 - lag as f64, 1.0, 0, lag);
        let earlier = sum(m as f64 - lag as f64, -1.0, 1, m - lag);
        (later + between + earlier) / (m * m) as f64
    };
    lags.iter().map(|lag| if 2 * lag < frames { term(*lag) } else { 0.0 }).collect()
}
