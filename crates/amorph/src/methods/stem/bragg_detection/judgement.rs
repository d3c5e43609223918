//! From frames to a verdict on every pattern.

use super::background::{Background, NoBackground};
use super::classes::{PatternClass, Thresholds, classify};
use super::error::BraggError;
use super::fold::{FrameReading, ReadFrames, sample, saturation};
use super::fraction::{Corrected, corrected_fraction};
use super::nets::{self, Nets};
use super::null::{Gumbel, Verdict, judge, mixture_fraction};
use super::selfcheck::{NullPattern, SelfCheck, simulate};
use super::speckle::SpeckleModel;
use super::{BraggDetection, FEWEST, Input, NullModel};
use crate::core::ctx::Ctx;
use crate::core::random::derive_seed;
use crate::core::stream::{Shard, fold_scan};
use crate::method::MethodError;

/// Largest share of pixels that may be no numbers.
const LARGEST_INVALID: f64 = 0.05;

/// How much farther the tail of the fitted law may reach than that of simulated speckle.
const LONGEST_TAIL: f64 = 2.5;

/// Largest share of patterns with reflections at which the flattest third are still patterns without.
const LARGEST_FRACTION: f64 = 0.62;

/// How much stronger than what is just found nine tenths of the flagged patterns must be, for the rest not to matter.
const CLEARLY_FOUND: f64 = 1.25;

/// A scan, judged.
#[derive(Debug, Clone)]
pub(super) struct Judged {
    pub background: Background,
    pub frames: Vec<FrameReading>,
    /// Frame of every judged pattern.
    pub judged: Vec<usize>,
    /// Statistic of every judged pattern.
    pub t: Vec<f64>,
    pub null: Gumbel,
    pub verdict: Verdict,
    pub check: SelfCheck,
    pub simulated: Vec<NullPattern>,
    pub speckle: SpeckleModel,
    pub mixture: f64,
    pub corrected: Option<Corrected>,
    pub thresholds: Thresholds,
    /// Class of every frame, in scan order.
    pub classes: Vec<PatternClass>,
    pub nets: Nets,
    pub calibrated: bool,
    pub identified: bool,
    /// Whether hardly any pattern with reflections is too weak to be flagged.
    pub complete: bool,
}

pub(super) fn judge_scan(method: &BraggDetection, input: &Input<'_>, ctx: &Ctx) -> Result<Judged, MethodError> {
    let sample = sample(input.scan)?;
    let radius = input.known.disk_radius;
    let needed = FEWEST[usize::from(method.null == NullModel::Parametric)];
    if sample.frames().len() < needed.min(input.scan.n_present) {
        return Err(BraggError::TooFewPatterns { found: sample.frames().len(), needed }.into());
    }
    let background = Background::of(&sample, &input.known, &input.masked).map_err(|reason| refusal(reason, radius))?;
    let limit = method.saturation.unwrap_or_else(|| saturation(input.scan.pixel));
    let fold = ReadFrames { filter: &background.filter, saturation: limit };
    let frames = fold_scan(input.scan, &fold, Shard::WHOLE, ctx)?;
    check_numbers(&frames, input, background.filter.weights())?;
    let usable = frames.iter().enumerate().filter_map(|(frame, reading)| Some((frame, f64::from(reading.reading.as_ref()?.t))));
    let (judged, t): (Vec<usize>, Vec<f64>) = usable.unzip();
    if t.len() < needed {
        return Err(BraggError::TooFewPatterns { found: t.len(), needed }.into());
    }
    let mut ascending = t.clone();
    ascending.sort_by(f64::total_cmp);
    let cut = ascending[((method.null_quantile * t.len() as f64) as usize).min(t.len() - 1)];
    let empirical = Gumbel::fit_below(&ascending, cut);
    let null_share = empirical.map_or(0.5, |null| null.cumulative(cut).clamp(method.null_quantile, 1.0));
    let seed = derive_seed(ctx.seed, &["null".into()]);
    let shares = (method.null_quantile, null_share);
    let simulation = simulate(&sample, &background, radius, shares, method.simulated, seed);
    let (speckle, simulated) = simulation.ok_or(BraggError::NoNull)?;
    let mut null_t: Vec<f64> = simulated.iter().map(|pattern| pattern.t).collect();
    null_t.sort_by(f64::total_cmp);
    let parametric = Gumbel::fit(&null_t).ok_or(BraggError::NoNull)?;
    // A law from a few tens of patterns may be too narrow by chance: what it rejects, simulated speckle must not explain either.
    let (null, verdict) = match method.null {
        NullModel::Empirical => {
            let null = empirical.ok_or(BraggError::NoNull)?;
            (null, judge(&t, &[null, parametric], method.fdr_q))
        }
        NullModel::Parametric => (parametric, judge(&t, &[parametric], method.fdr_q)),
    };
    let amplitudes: Vec<f64> = t.iter().zip(&verdict.flagged).filter(|(_, flagged)| **flagged).map(|(t, _)| t - 1.0).collect();
    let check = SelfCheck::of(&simulated, |t| null.cumulative(t), verdict.threshold, &amplitudes);
    let mixture = mixture_fraction(&ascending, cut, &null);
    let corrected = corrected_fraction(verdict.n_flagged, t.len(), &check);
    let tail = null_t[((0.99 * null_t.len() as f64) as usize).min(null_t.len() - 1)];
    let share = corrected.map_or(0.0, |corrected| corrected.value).max(verdict.n_flagged as f64 / t.len() as f64);
    let reach = (null.exceeded_with(0.01) - 1.0) / (tail - 1.0).max(1e-9);
    let empirical_holds = reach <= LONGEST_TAIL && share <= LARGEST_FRACTION;
    let thresholds = Thresholds { peak: verdict.threshold, partner: check.partner_threshold, power: check.power };
    let classes = classes(&frames, &judged, &verdict, &background, &thresholds);
    let nets = nets::find(&frames, &classes, background.geometry.centre, radius, &thresholds, ctx.seed);
    Ok(Judged {
        calibrated: check.n_false as f64 <= 2.0 * method.fdr_q * check.n as f64,
        identified: method.null == NullModel::Parametric || empirical_holds,
        background,
        frames,
        judged,
        t,
        complete: weakest(&amplitudes) > CLEARLY_FOUND * check.power,
        null,
        verdict,
        check,
        simulated,
        speckle,
        mixture,
        corrected,
        thresholds,
        classes,
        nets,
    })
}

/// What nine tenths of the amplitudes exceed.
fn weakest(amplitudes: &[f64]) -> f64 {
    let mut ascending = amplitudes.to_vec();
    ascending.sort_by(f64::total_cmp);
    ascending.get(ascending.len() / 10).copied().unwrap_or(0.0)
}

fn classes(
    frames: &[FrameReading],
    judged: &[usize],
    verdict: &Verdict,
    background: &Background,
    thresholds: &Thresholds,
) -> Vec<PatternClass> {
    let mut classes = vec![PatternClass::Unusable; frames.len()];
    for (frame, flagged) in judged.iter().zip(&verdict.flagged) {
        let class = match &frames[*frame].reading {
            Some(reading) if *flagged => classify(reading, background.geometry.centre, thresholds),
            _ => PatternClass::None,
        };
        classes[*frame] = class;
    }
    classes
}

fn refusal(reason: NoBackground, radius: f64) -> MethodError {
    let beam = super::background::BEAM_RADII * radius;
    match reason {
        NoBackground::NoHalo => BraggError::NoHalo { beam }.into(),
        NoBackground::DiskTooLarge { beam, halo_end } => BraggError::DiskTooLarge { radius, beam, halo_end }.into(),
        NoBackground::NothingSeen => BraggError::NothingSeen { radius }.into(),
    }
}

fn check_numbers(frames: &[FrameReading], input: &Input<'_>, weights: &[f32]) -> Result<(), MethodError> {
    let invalid: usize = frames.iter().map(|frame| frame.invalid as usize).sum();
    let total = frames.len() * weights.iter().filter(|weight| **weight > 0.0).count();
    let Some(first) = frames.iter().position(|frame| frame.invalid > 0) else { return Ok(()) };
    if invalid as f64 > LARGEST_INVALID * total as f64 {
        let columns = input.scan.shape()[1].max(1);
        return Err(BraggError::TooManyInvalid { invalid, total, frame: (first / columns, first % columns) }.into());
    }
    Ok(())
}
