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
const BLOCK: usize = 1 << 14;

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
        let norms = self.norms(noise);
        let scale = noise.innovation;
        let margin = self.longest + noise.order();
        let mut found: [Vec<Peak>; 2] = [Vec::new(), Vec::new()];
        let mut first = 0;
        while first < white.len() {
            let end = (first + BLOCK).min(white.len());
            let mut g = white[first..(end + margin).min(white.len())].to_vec();
            noise.adjoint(&mut g);
            let best = self.best(&g, end - first, &norms, scale);
            for (sign, found) in Sign::BOTH.into_iter().zip(&mut found) {
                for (offset, (z, template)) in best[usize::from(sign == Sign::Negative)].iter().enumerate() {
                    if *z >= floor {
                        let peak = Peak { index: first + offset, template: usize::from(*template), sign, z: *z };
                        push_apart(found, peak, self.apart);
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

    /// For the first `n` onsets the largest statistic of either sign and its template.
    fn best(&self, g: &[f64], n: usize, norms: &[f64], scale: f64) -> [Vec<(f64, u8)>; 2] {
        let mut up = vec![(f64::NEG_INFINITY, 0u8); n];
        let mut down = up.clone();
        let mut sums: Vec<f64> = Vec::new();
        for (index, template) in self.templates.iter().enumerate() {
            match template.shape {
                Shape::Box => box_sums(g, template.width, &mut sums),
                Shape::Decay => decay_sums(g, template.width, &mut sums),
            }
            // g is in units of the innovations, templates in units of the record.
            let factor = 1.0 / (norms[index] * scale);
            for ((sum, up), down) in sums.iter().zip(&mut up).zip(&mut down) {
                let z = sum * factor;
                if z > up.0 {
                    *up = (z, index as u8);
                }
                if -z > down.0 {
                    *down = (-z, index as u8);
                }
            }
        }
        [up, down]
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

/// Keeps the largest of extremes that stand closer than `apart`.
fn push_apart(found: &mut Vec<Peak>, peak: Peak, apart: usize) {
    match found.last_mut() {
        Some(last) if peak.index - last.index <= apart => {
            if peak.z > last.z {
                *last = peak;
            }
        }
        _ => found.push(peak),
    }
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
