use rayon::prelude::*;

use super::baseline::{running_median, running_scale};
use super::{Autoregression, Bank, Baseline, NoiseModel, Peak, PeakTail, Shape, Sign, Template};
use crate::ctx::{Cancelled, Ctx};
use crate::random::derive_seed;

/// Times that the noise is learned, each time with more of the events left out.
const ROUNDS: usize = 3;
/// Height, in standard errors, above which anything may be an event.
const DOUBTFUL: f64 = 6.0;
/// How far below that a single innovation teaches: neighbours can lift it so much.
const LIFTED: f64 = 2.0;
/// Smallest height that is looked at.
const FLOOR: f64 = 2.5;
/// Peaks of surrogates, per sample and sign, that are taken off as events are.
const PEELED: f64 = 1e-3;
/// Samples of one surrogate.
const SURROGATE: usize = 1 << 16;
/// Samples from which noise is learned at most.
pub(super) const LEARNED: usize = 1 << 20;
/// Baseline windows per scale window.
pub(super) const SCALE_WINDOWS: usize = 16;

/// How many false alarms are allowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FalseAlarms {
    /// Probability of at least one in the record, of either sign.
    PerRecord(f64),
    /// Expected number per sample, of either sign.
    PerSample(f64),
}

/// What is looked for, and how sure one wants to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Detector {
    /// The templates.
    pub bank: Bank,
    /// Samples over which the drift is taken.
    pub window: usize,
    /// How many false alarms are allowed.
    pub false_alarms: FalseAlarms,
    /// Samples of surrogates from which the threshold comes.
    pub surrogates: usize,
}

/// Something that noise alone does not do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spike {
    /// Sample of the onset.
    pub index: usize,
    /// The template that fits best.
    pub template: Template,
    /// Its sign.
    pub sign: Sign,
    /// Height in the unit of the record, positive.
    pub height: f64,
    /// Standard error of the height.
    pub height_error: f64,
    /// Height over its error.
    pub z: f64,
    /// False alarms of at least this height that noise gives in the whole record, of this sign.
    pub expected_false: f64,
}

/// What was found in a record.
#[derive(Debug, Clone)]
pub struct Detected {
    /// The events, in order.
    pub spikes: Vec<Spike>,
    /// The noise that they stand above.
    pub noise: NoiseModel,
    /// Thresholds for rising and falling events, in standard errors.
    pub thresholds: [f64; 2],
    /// False alarms to be expected among the events, of either sign.
    pub expected_false: [f64; 2],
    /// How often noise exceeds a height, of either sign.
    pub tails: [PeakTail; 2],
    /// Drift.
    pub baseline: Baseline,
    /// Local standard deviation of the record about its drift.
    pub scale: Baseline,
    /// Samples that were looked at.
    pub exposure: usize,
}

/// Why nothing could be looked for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SeriesError {
    /// Too short.
    #[error("the record has {found} usable samples; at least {needed} are needed, twenty of the widest template")]
    TooShort {
        /// Usable samples.
        found: usize,
        /// Needed.
        needed: usize,
    },
    /// No noise at all.
    #[error("the record does not scatter: more than half of its samples are equal to their neighbours")]
    NoNoise,
    /// Stopped.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl Detector {
    /// For single events up to `widest` samples, with the drift over 64 of them.
    pub fn spikes(widest: usize, false_alarms: FalseAlarms) -> Self {
        Self { bank: Bank::spikes(widest), window: 64 * widest, false_alarms, surrogates: 1 << 20 }
    }

    /// Looks for events in a record of even sampling; NaN samples are left out.
    ///
    /// # Errors
    /// [`SeriesError`] for records that are too short or do not scatter, and when stopped.
    pub fn detect(&self, values: &[f64], seed: u64, ctx: &Ctx) -> Result<Detected, SeriesError> {
        let exposure = values.iter().filter(|value| !value.is_nan()).count();
        self.check_length(exposure)?;
        let baseline = running_median(values, self.window);
        let residual = subtract(values, &baseline);
        let scale = running_scale(&residual, SCALE_WINDOWS * self.window);
        if !(0..values.len()).step_by(self.window).any(|index| scale.at(index) > 0.0) {
            return Err(SeriesError::NoNoise);
        }
        // Long records teach from a part of them.
        let training = sample(&residual, LEARNED);
        let mut learned = self.learn_in_rounds(&training, ctx)?;
        if residual.len() > LEARNED {
            learned = self.search(&residual, learned.noise);
        }
        ctx.check_cancelled()?;
        learned.tails = self.tails(&learned.noise, values.len(), derive_seed(seed, &["surrogates".into()]));
        let events = self.above(&learned, exposure);
        Ok(self.described(&learned, &events, baseline, exposure))
    }

    /// Looks through another record of the same noise with the thresholds of `known`: for injected events.
    pub fn detect_again(&self, values: &[f64], known: &Detected) -> Vec<Spike> {
        let baseline = running_median(values, self.window);
        let residual = subtract(values, &baseline);
        let scale = self.scale(&residual, &known.noise.memory);
        let mut learned = self.apply(&residual, scale, known.noise.clone());
        learned.tails.clone_from(&known.tails);
        let events = self.peel(&learned.unit, &learned.peaks, &known.noise.memory, known.thresholds);
        self.described(&learned, &events, baseline, values.len()).spikes
    }

    /// Twenty of the widest template.
    pub(super) fn check_length(&self, found: usize) -> Result<(), SeriesError> {
        let needed = 20 * self.bank.apart() / 2;
        if found < needed { Err(SeriesError::TooShort { found, needed }) } else { Ok(()) }
    }

    /// The noise of a record without drift, learned with more of the events left out each time.
    pub(super) fn learn_in_rounds(&self, training: &[f64], ctx: &Ctx) -> Result<Learned, Cancelled> {
        let mut learned = self.learn(training, &[]);
        for _ in 1..ROUNDS {
            ctx.check_cancelled()?;
            learned = self.learn(training, &learned.doubtful());
        }
        Ok(learned)
    }

    /// The peaks of a record without drift under a known noise, whose local scale is taken beside all that may be an event.
    pub(super) fn search(&self, residual: &[f64], noise: NoiseModel) -> Learned {
        let first = self.apply(residual, self.scale(residual, &noise.memory), noise);
        let quiet = self.without(residual, &first.doubtful());
        self.apply(residual, self.scale(&quiet, &first.noise.memory), first.noise)
    }

    /// Local standard deviation of a record without drift, from what is new in every sample: noise with memory repeats itself, and
    /// says less about its scale.
    fn scale(&self, residual: &[f64], memory: &Autoregression) -> Baseline {
        if memory.order() == 0 {
            return running_scale(residual, SCALE_WINDOWS * self.window);
        }
        let mut white = Vec::new();
        memory.whiten(residual, &mut white);
        running_scale(&white, SCALE_WINDOWS * self.window)
    }

    /// Noise model and peaks. The surroundings of everything that may be an event teach nothing about the noise; its tails are
    /// learned below such heights, and their law carries them further.
    fn learn(&self, residual: &[f64], doubtful: &[Peak]) -> Learned {
        let quiet = self.without(residual, doubtful);
        let unit = divide(&quiet, &running_scale(&quiet, SCALE_WINDOWS * self.window));
        let memory = Autoregression::fit(&unit);
        let scale = self.scale(&quiet, &memory);
        let mut white = Vec::new();
        memory.whiten(&divide(&quiet, &scale), &mut white);
        // A single innovation of this size can still hide below a doubtful peak.
        let reach = (DOUBTFUL - LIFTED) * self.visibility(&memory);
        let noise = NoiseModel::fit(&white, memory, reach);
        self.apply(residual, scale, noise)
    }

    /// The peaks of a record under a noise model.
    fn apply(&self, residual: &[f64], scale: Baseline, noise: NoiseModel) -> Learned {
        let unit = divide(residual, &scale);
        let peaks = self.peaks(&unit, &noise.memory);
        let unknown = PeakTail::of(Vec::new(), 1.0);
        Learned { noise, scale, unit, peaks, tails: [unknown.clone(), unknown] }
    }

    /// Smallest share of a single innovation that the best template sees, inverted.
    fn visibility(&self, memory: &Autoregression) -> f64 {
        let norms = self.bank.norms(memory);
        let largest = |(template, norm): (&Template, &f64)| {
            let mut white = Vec::new();
            let mut values = template.values();
            values.resize(values.len() + memory.order(), 0.0);
            memory.whiten(&values, &mut white);
            white.iter().fold(0.0f64, |m, value| m.max(value.abs())) / norm
        };
        let seen = self.bank.templates().iter().zip(&norms).map(largest).fold(0.0, f64::max);
        1.0 / seen.max(0.1)
    }

    fn peaks(&self, unit: &[f64], memory: &Autoregression) -> Vec<Peak> {
        const PART: usize = 1 << 18;
        let margin = self.bank.longest() + memory.order();
        let parts = unit.len().div_ceil(PART);
        let of_part = |part: usize| {
            let first = part * PART;
            let before = first.saturating_sub(memory.order());
            let end = (first + PART + margin).min(unit.len());
            let mut white = Vec::new();
            memory.whiten(&unit[before..end], &mut white);
            white.drain(..first - before);
            let mut peaks = self.bank.peaks(&white, memory, FLOOR);
            peaks.iter_mut().for_each(|peak| peak.index += first);
            peaks.retain(|peak| peak.index < first + PART);
            peaks
        };
        let found: Vec<Vec<Peak>> = (0..parts).into_par_iter().map(of_part).collect();
        let mut all = found.concat();
        // Two parts may see the flanks of one event.
        for sign in Sign::BOTH {
            let mut last: Option<Peak> = None;
            all.retain(|peak| {
                if peak.sign != sign {
                    return true;
                }
                let is_flank = last.is_some_and(|last| peak.index - last.index <= self.bank.apart() && peak.z <= last.z);
                if !is_flank {
                    last = Some(*peak);
                }
                !is_flank
            });
        }
        all.sort_by_key(|peak| (peak.index, peak.sign));
        all
    }

    /// What noise of this kind does in a record of `length` samples, after the same treatment.
    pub(super) fn tails(&self, noise: &NoiseModel, length: usize, seed: u64) -> [PeakTail; 2] {
        let length = length.min(SURROGATE);
        let n = self.surrogates.div_ceil(length);
        let total = (n * length) as f64;
        let source = self.source(noise, length, derive_seed(seed, &["memory".into()]));
        let of_one = |index: usize| {
            let mut unit = self.treated(&source, &noise.memory, length, derive_seed(seed, &[index.into()]));
            // Taking the drift off makes surrogates quieter at low frequencies, and their scale with it.
            let mut white = Vec::new();
            noise.memory.whiten(&unit, &mut white);
            let factor = noise.rescaling(&white);
            unit.iter_mut().for_each(|value| *value *= factor);
            let peaks = self.peaks(&unit, &noise.memory);
            (unit, peaks)
        };
        let surrogates: Vec<(Vec<f64>, Vec<Peak>)> = (0..n).into_par_iter().map(of_one).collect();
        let tails = |peaks: &[Peak]| {
            let heights = |sign: Sign| -> Vec<f64> {
                peaks.iter().filter(|peak| peak.sign == sign || noise.is_symmetric).map(|peak| peak.z).collect()
            };
            if noise.is_symmetric {
                let both = PeakTail::of(heights(Sign::Positive), 2.0 * total);
                return [both.clone(), both];
            }
            Sign::BOTH.map(|sign| PeakTail::of(heights(sign), total))
        };
        let peaks: Vec<Peak> = surrogates.iter().flat_map(|(_, peaks)| peaks).copied().collect();
        // A peak beside a larger one can be a trace of it: what counts is what is left when the larger ones are taken off.
        let lowest = tails(&peaks).map(|tail| tail.height(PEELED));
        let is_low = |peak: &Peak| peak.z < lowest[usize::from(peak.sign == Sign::Negative)];
        let peeled = |(unit, peaks): &(Vec<f64>, Vec<Peak>)| self.peel(unit, peaks, &noise.memory, lowest);
        let high: Vec<Vec<Peak>> = surrogates.par_iter().map(peeled).collect();
        let counted: Vec<Peak> = peaks.into_iter().filter(is_low).chain(high.concat()).collect();
        tails(&counted)
    }

    /// Drawn noise, its drift taken off and its scale made one as is done to a record in which `memory` was found.
    fn treated(&self, noise: &NoiseModel, memory: &Autoregression, length: usize, seed: u64) -> Vec<f64> {
        let values = noise.draw(length, seed);
        let residual = subtract(&values, &running_median(&values, self.window));
        divide(&residual, &self.scale(&residual, memory))
    }

    /// The noise that looks like `noise` once its drift is taken off, which takes some of its memory, too.
    fn source(&self, noise: &NoiseModel, length: usize, seed: u64) -> NoiseModel {
        let mut source = noise.clone();
        if noise.memory.order() == 0 {
            return source;
        }
        for round in 0..ROUNDS {
            let of_one = |index: usize| {
                let mut unit = self.treated(&source, &noise.memory, length, derive_seed(seed, &[round.into(), index.into()]));
                // The next one is no neighbour.
                unit.push(f64::NAN);
                unit
            };
            let n = (self.surrogates / 8).div_ceil(length);
            let found: Vec<Vec<f64>> = (0..n).into_par_iter().map(of_one).collect();
            source.memory = noise.memory.corrected(&source.memory, &found.concat());
        }
        source
    }

    /// Rate per sample and sign at which a peak counts.
    fn rate(&self, exposure: usize) -> f64 {
        0.5 * match self.false_alarms {
            FalseAlarms::PerRecord(probability) => -f64::ln_1p(-probability) / exposure as f64,
            FalseAlarms::PerSample(rate) => rate,
        }
    }

    fn thresholds(&self, learned: &Learned, exposure: usize) -> [f64; 2] {
        let rate = self.rate(exposure);
        [learned.tails[0].height(rate), learned.tails[1].height(rate)]
    }

    pub(super) fn above(&self, learned: &Learned, exposure: usize) -> Vec<Peak> {
        self.peel(&learned.unit, &learned.peaks, &learned.noise.memory, self.thresholds(learned, exposure))
    }

    /// Events above their thresholds, the largest first: each is taken off the record before its neighbours are looked at again, since
    /// whitening and drift leave traces of it beside it.
    fn peel(&self, unit: &[f64], candidates: &[Peak], memory: &Autoregression, thresholds: [f64; 2]) -> Vec<Peak> {
        let counts = |peak: &Peak| peak.z >= thresholds[usize::from(peak.sign == Sign::Negative)];
        let norms = self.bank.norms(memory);
        let near = self.bank.longest() + self.bank.apart();
        let counting: Vec<Peak> = candidates.iter().filter(|peak| counts(peak)).copied().collect();
        // Events that stand close enough to disturb each other are taken together.
        let groups: Vec<&[Peak]> = counting.chunk_by(|before, after| after.index - before.index <= near).collect();
        let of_group = |group: &&[Peak]| self.peel_group(unit, group, memory, &norms, &counts);
        let found: Vec<Vec<Peak>> = groups.par_iter().map(of_group).collect();
        found.concat()
    }

    fn peel_group(
        &self,
        unit: &[f64],
        group: &[Peak],
        memory: &Autoregression,
        norms: &[f64],
        counts: &(impl Fn(&Peak) -> bool + Sync),
    ) -> Vec<Peak> {
        let margin = self.bank.longest() + memory.order();
        let from = group[0].index.saturating_sub(margin);
        let to = (group[group.len() - 1].index + 2 * margin).min(unit.len());
        let last = group[group.len() - 1].index;
        let reach = group[0].index.saturating_sub(self.bank.apart())..=last + self.bank.longest() + self.bank.apart();
        let mut local = unit[from..to].to_vec();
        let mut found: Vec<Peak> = Vec::new();
        let mut candidates = group.to_vec();
        while found.len() < 10 * group.len() + 10 {
            let is_new = |peak: &&Peak| counts(peak) && !found.iter().any(|known| self.is_part_of(peak, known));
            let Some(best) = candidates.iter().filter(is_new).max_by(|a, b| a.z.total_cmp(&b.z)).copied() else { break };
            let height = best.sign.value() * best.z / norms[best.template];
            let shape = self.bank.templates()[best.template].values();
            local[best.index - from..].iter_mut().zip(&shape).for_each(|(value, shape)| *value -= height * shape);
            found.push(best);
            candidates = self.peaks(&local, memory);
            candidates.iter_mut().for_each(|peak| peak.index += from);
            // What is farther away belongs to other groups.
            candidates.retain(|peak| reach.contains(&peak.index));
        }
        found.sort_by_key(|peak| (peak.index, peak.sign));
        found
    }

    /// What is left of an event where its form is not that of a template.
    fn is_part_of(&self, peak: &Peak, known: &Peak) -> bool {
        let support = self.bank.templates()[known.template];
        let reach = match support.shape {
            Shape::Box => support.width + 2,
            Shape::Decay => 3 * support.width + 2,
        };
        let begins = known.index.saturating_sub(2) <= peak.index && peak.index <= known.index + reach;
        begins && peak.z < LEFT_OVER * known.z + 3.0
    }

    /// The record with the surroundings of events taken out.
    fn without(&self, residual: &[f64], events: &[Peak]) -> Vec<f64> {
        let mut quiet = residual.to_vec();
        for event in events {
            let template = self.bank.templates()[event.template];
            let first = event.index.saturating_sub(self.bank.apart() / 2);
            let end = (event.index + template.values().len() + self.bank.apart() / 2).min(quiet.len());
            quiet[first..end].fill(f64::NAN);
        }
        quiet
    }

    pub(super) fn described(&self, learned: &Learned, events: &[Peak], baseline: Baseline, exposure: usize) -> Detected {
        let norms = self.bank.norms(&learned.noise.memory);
        let thresholds = self.thresholds(learned, exposure);
        let tail = |sign: Sign| &learned.tails[usize::from(sign == Sign::Negative)];
        let spike = |peak: &Peak| {
            let height_error = learned.scale.at(peak.index) / norms[peak.template];
            Spike {
                index: peak.index,
                template: self.bank.templates()[peak.template],
                sign: peak.sign,
                height: peak.z * height_error,
                height_error,
                z: peak.z,
                expected_false: tail(peak.sign).rate(peak.z) * exposure as f64,
            }
        };
        Detected {
            spikes: events.iter().map(spike).collect(),
            noise: learned.noise.clone(),
            thresholds,
            expected_false: [0, 1].map(|side| learned.tails[side].rate(thresholds[side]) * exposure as f64),
            tails: learned.tails.clone(),
            baseline,
            scale: learned.scale.clone(),
            exposure,
        }
    }
}

/// Share of an event that can be left where its form is not that of a template.
const LEFT_OVER: f64 = 0.3;

pub(super) struct Learned {
    pub(super) noise: NoiseModel,
    /// Local standard deviation of the record.
    scale: Baseline,
    /// The record over it.
    unit: Vec<f64>,
    peaks: Vec<Peak>,
    pub(super) tails: [PeakTail; 2],
}

impl Learned {
    /// Everything that may be an event.
    fn doubtful(&self) -> Vec<Peak> {
        self.peaks.iter().filter(|peak| peak.z >= DOUBTFUL).copied().collect()
    }
}

pub(super) fn subtract(values: &[f64], baseline: &Baseline) -> Vec<f64> {
    let mut drift = vec![0.0; values.len()];
    baseline.fill(0, &mut drift);
    values.iter().zip(&drift).map(|(value, drift)| value - drift).collect()
}

fn divide(residual: &[f64], scale: &Baseline) -> Vec<f64> {
    let mut local = vec![0.0; residual.len()];
    scale.fill(0, &mut local);
    residual.iter().zip(&local).map(|(value, scale)| value / scale).collect()
}

/// At most `n` samples, in stretches spread evenly over the record and kept apart by a gap.
fn sample(values: &[f64], n: usize) -> Vec<f64> {
    const STRETCH: usize = 1 << 14;
    if values.len() <= n {
        return values.to_vec();
    }
    let stretches = n / STRETCH;
    let mut chosen = Vec::with_capacity(n + stretches);
    for index in 0..stretches {
        let first = (values.len() - STRETCH) * index / (stretches - 1);
        chosen.extend_from_slice(&values[first..first + STRETCH]);
        chosen.push(f64::NAN);
    }
    chosen
}
