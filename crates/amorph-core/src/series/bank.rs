use super::{Autoregression, Sign};

/// The form of a short event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The same height over the width.
    Box,
    /// A jump that decays as exp(-t/width).
    Decay,
}

/// A form and its width in samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// The form.
    pub shape: Shape,
    /// Width or decay time, samples.
    pub width: usize,
}

impl Template {
    /// Its values from the onset, of unit height; a decay ends where nothing is left of it.
    pub fn values(self) -> Vec<f64> {
        match self.shape {
            Shape::Box => vec![1.0; self.width],
            Shape::Decay => {
                let n = (DECAY_END * self.width as f64).ceil() as usize;
                (0..n).map(|k| (-(k as f64) / self.width as f64).exp()).collect()
            }
        }
    }
}

/// A decay is followed for so many of its times.
const DECAY_END: f64 = 12.0;
/// Samples that are worked on at a time.
const BLOCK: usize = 1 << 12;

/// Templates that a record is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Bank {
    templates: Vec<Template>,
    longest: usize,
    apart: usize,
}

/// A local extreme of the best template.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// Sample of the onset.
    pub index: usize,
    /// Which template fits best, by its place in the bank.
    pub template: usize,
    /// The sign of the event.
    pub sign: Sign,
    /// Its height over the error of that height.
    pub z: f64,
}

impl Bank {
    /// Boxes of 1, 2, 3, 4, 6, 8 ... samples to `widest`, and decays whose times double.
    pub fn spikes(widest: usize) -> Self {
        let boxes = widths(widest).into_iter().map(|width| Template { shape: Shape::Box, width });
        let decays = doubling(widest).map(|width| Template { shape: Shape::Decay, width });
        Self::new(boxes.chain(decays).collect(), widest)
    }

    /// Boxes alone: of the increments of a record these are steps that take so many samples.
    pub fn steps(slowest: usize) -> Self {
        Self::new(widths(slowest).into_iter().map(|width| Template { shape: Shape::Box, width }).collect(), slowest)
    }

    fn new(templates: Vec<Template>, widest: usize) -> Self {
        let longest = templates.iter().map(|template| template.values().len()).max().unwrap_or(1);
        Self { templates, longest, apart: 2 * widest }
    }

    /// The templates.
    pub fn templates(&self) -> &[Template] {
        &self.templates
    }

    /// Samples within which only the largest extreme of a sign counts.
    pub fn apart(&self) -> usize {
        self.apart
    }

    /// Samples of the longest template.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Norms of the whitened templates, for noise of unit scale.
    pub fn norms(&self, noise: &Autoregression) -> Vec<f64> {
        let norm = |template: &Template| {
            let mut values = template.values();
            // What the noise model expects after the end belongs to it.
            values.resize(values.len() + noise.order(), 0.0);
            let mut white = Vec::new();
            noise.whiten(&values, &mut white);
            white.iter().map(|value| value * value).sum::<f64>().sqrt()
        };
        self.templates.iter().map(norm).collect()
    }

    /// Extremes of either sign whose height is at least `floor` of its errors, in order.
    ///
    /// `white` is the whitened record; NaN marks what is left out, and nothing is found whose template reaches into it.
    pub fn peaks(&self, white: &[f64], noise: &Autoregression, floor: f64) -> Vec<Peak> {
        // g is in units of the innovations, templates in units of the record.
        let factors: Vec<f64> = self.norms(noise).iter().map(|norm| 1.0 / (norm * noise.innovation)).collect();
        let margin = self.longest + noise.order();
        let mut found: [Vec<Peak>; 2] = [Vec::new(), Vec::new()];
        let mut block = Block::default();
        let mut first = 0;
        while first < white.len() {
            let end = (first + BLOCK).min(white.len());
            let mut g = white[first..(end + margin).min(white.len())].to_vec();
            noise.adjoint(&mut g);
            block.fill(&self.templates, &g, end - first, &factors);
            for (sign, found) in Sign::BOTH.into_iter().zip(&mut found) {
                for (offset, z) in block.highest[usize::from(sign == Sign::Negative)].iter().enumerate() {
                    if *z >= floor && is_kept(found, first + offset, *z, self.apart) {
                        let template = block.best(offset, sign.value());
                        found.push(Peak { index: first + offset, template, sign, z: *z });
                    }
                }
            }
            first = end;
        }
        let [mut all, negative] = found;
        all.extend(negative);
        all.sort_by_key(|peak| (peak.index, peak.sign));
        all
    }
}

/// The statistics of all templates for a stretch of onsets.
#[derive(Default)]
struct Block {
    /// Of every template.
    z: Vec<Vec<f64>>,
    /// Largest of a positive and of a negative event.
    highest: [Vec<f64>; 2],
}

impl Block {
    fn fill(&mut self, templates: &[Template], g: &[f64], n: usize, factors: &[f64]) {
        self.z.resize_with(templates.len(), Vec::new);
        self.highest.iter_mut().for_each(|highest| {
            highest.clear();
            highest.resize(n, f64::NEG_INFINITY);
        });
        let [up, down] = &mut self.highest;
        for ((template, factor), sums) in templates.iter().zip(factors).zip(&mut self.z) {
            match template.shape {
                Shape::Box => box_sums(g, template.width, sums),
                Shape::Decay => decay_sums(g, template.width, sums),
            }
            sums.truncate(n);
            for ((sum, up), down) in sums.iter_mut().zip(up.iter_mut()).zip(down.iter_mut()) {
                *sum *= factor;
                // The maximum with what is missing is the other.
                *up = up.max(*sum);
                *down = down.max(-*sum);
            }
        }
    }

    /// The first template with the largest statistic of a sign.
    fn best(&self, offset: usize, sign: f64) -> usize {
        let mut best = (f64::NEG_INFINITY, 0);
        for (template, z) in self.z.iter().enumerate() {
            if sign * z[offset] > best.0 {
                best = (sign * z[offset], template);
            }
        }
        best.1
    }
}

/// 1, 2, 3, 4, 6, 8, 12 ...
fn widths(widest: usize) -> Vec<usize> {
    let between = doubling(widest).map(|width| 3 * width).filter(|width| *width <= widest);
    let mut widths: Vec<usize> = doubling(widest).chain(between).collect();
    widths.sort_unstable();
    widths
}

fn doubling(widest: usize) -> impl Iterator<Item = usize> {
    (0..).map(|power| 1usize << power).take_while(move |width| *width <= widest.max(1))
}

/// Whether an extreme stands: of those closer than `apart` only the largest does, and takes the place of the one before.
fn is_kept(found: &mut Vec<Peak>, index: usize, z: f64, apart: usize) -> bool {
    let Some(last) = found.last().filter(|last| index - last.index <= apart) else { return true };
    let is_larger = z > last.z;
    if is_larger {
        found.pop();
    }
    is_larger
}

/// Sums over `width` samples from each on; the end of the record counts as zero.
fn box_sums(g: &[f64], width: usize, sums: &mut Vec<f64>) {
    sums.clear();
    sums.extend_from_slice(g);
    let mut reach = 1;
    while 2 * reach <= width {
        for t in 0..sums.len().saturating_sub(reach) {
            sums[t] += sums[t + reach];
        }
        reach *= 2;
    }
    // What is left of a width that is no power of two: a shorter sum behind the longer one.
    if reach < width {
        let mut rest = Vec::new();
        box_sums(g, width - reach, &mut rest);
        for t in 0..sums.len().saturating_sub(reach) {
            sums[t] += rest[t + reach];
        }
    }
}

/// Sums over an exponential decay from each sample on.
fn decay_sums(g: &[f64], time: usize, sums: &mut Vec<f64>) {
    let keep = (-1.0 / time as f64).exp();
    sums.clear();
    sums.resize(g.len(), 0.0);
    let mut sum = 0.0;
    for (value, out) in g.iter().zip(sums.iter_mut()).rev() {
        sum = value + keep * sum;
        *out = sum;
    }
}
