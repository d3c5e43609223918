//! Two phases in the brightness of pixels, under an uneven illumination.

use crate::core::dense::Cholesky;

/// Steps in which pixels that hold some of both phases are counted.
const PARTS: usize = 8;
/// Dark, mixed, bright.
const COMPONENTS: usize = PARTS + 2;
/// Rounds of the fit.
const ROUNDS: usize = 200;
/// Change of the logarithm of the likelihood per pixel that ends it.
const SETTLED: f64 = 1e-6;
/// Bars of a histogram.
const BARS: usize = 200;
/// Standard deviations beside the two levels where a histogram ends.
const REACH: f64 = 6.0;

/// Brightness of two phases where the illumination is 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Phases {
    /// Mean of the dark phase.
    pub dark: f64,
    /// Bright less dark.
    pub step: f64,
    /// Standard deviations in the dark and in the bright phase.
    pub sd: [f64; 2],
}

/// Share of the pixels of each component: dark, [`PARTS`] mixed ones of equal share, bright.
type Weights = [f64; COMPONENTS];

/// A pixel.
#[derive(Debug, Clone, PartialEq)]
pub struct Pixel {
    /// Brightness above the dark level.
    pub value: f64,
    /// The strip that it lies in.
    pub strip: usize,
    /// Polynomials of its place; the first one is 1.
    pub basis: Vec<f64>,
}

/// The fitted image.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseFit {
    /// The phases.
    pub phases: Phases,
    /// Coefficients of the illumination, whose mean over the pixels is 1.
    pub illumination: Vec<f64>,
    /// Logarithm of the likelihood.
    pub ln_likelihood: f64,
    /// How much the criterion of Bayes prefers two phases to one with Gaussian noise under the same illumination; negative for one.
    pub advantage: f64,
}

/// Share of the bright phase in a pixel of a component.
fn bright_share(component: usize) -> f64 {
    match component {
        0 => 0.0,
        _ if component == COMPONENTS - 1 => 1.0,
        _ => (component as f64 - 0.5) / PARTS as f64,
    }
}

fn spread_mixed(weights: &mut Weights) {
    let mixed = weights[1..=PARTS].iter().sum::<f64>() / PARTS as f64;
    weights[1..=PARTS].fill(mixed);
}

impl Phases {
    /// Density of a brightness in every component, without the factor 1/sqrt(2 pi).
    fn densities(&self, value: f64) -> Weights {
        let mut densities = [0.0; COMPONENTS];
        for (component, density) in densities.iter_mut().enumerate() {
            let u = bright_share(component);
            let variance = (1.0 - u) * self.sd[0].powi(2) + u * self.sd[1].powi(2);
            *density = (-0.5 * (value - self.dark - u * self.step).powi(2) / variance).exp() / variance.sqrt();
        }
        densities
    }

    /// Half way between the phases.
    pub fn middle(&self) -> f64 {
        self.dark + 0.5 * self.step
    }

    /// Distance of the phases in standard deviations.
    pub fn separation(&self) -> f64 {
        self.step / (self.sd[0] * self.sd[1]).sqrt()
    }

    /// Share of the bright phase among brightnesses freed of the illumination: the mixture of largest likelihood with these levels. Pixels across an
    /// interface hold some of both, evenly distributed from none to all. `None` without values.
    pub fn fraction(&self, values: impl Iterator<Item = f64>) -> Option<f64> {
        let (low, high) = (self.dark - REACH * self.sd[0], self.dark + self.step + REACH * self.sd[1]);
        let width = (high - low) / BARS as f64;
        let mut bars = [0.0; BARS];
        let mut n = 0.0;
        for value in values {
            let bar = ((value - low) / width).clamp(0.0, BARS as f64 - 1.0);
            bars[bar as usize] += 1.0;
            n += 1.0;
        }
        if n == 0.0 {
            return None;
        }
        let densities: Vec<Weights> = (0..BARS).map(|bar| self.densities(low + width * (bar as f64 + 0.5))).collect();
        let mut weights = start();
        for _ in 0..ROUNDS {
            let mut next = [0.0; COMPONENTS];
            for (count, density) in bars.iter().zip(&densities).filter(|(count, _)| **count > 0.0) {
                let total: f64 = density.iter().zip(&weights).map(|(d, w)| d * w).sum();
                if total > 0.0 {
                    next.iter_mut()
                        .zip(density.iter().zip(&weights))
                        .for_each(|(to, (d, w))| *to += count * d * w / (n * total));
                }
            }
            spread_mixed(&mut next);
            let change = next.iter().zip(&weights).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            weights = next;
            if change < 1e-7 {
                break;
            }
        }
        Some((0..COMPONENTS).map(|component| bright_share(component) * weights[component]).sum())
    }
}

fn start() -> Weights {
    let mut weights = [0.1 / PARTS as f64; COMPONENTS];
    (weights[0], weights[COMPONENTS - 1]) = (0.45, 0.45);
    weights
}

/// The threshold between two classes whose means differ most (Otsu, IEEE Trans. Syst. Man Cybern. 9, 62 (1979)); `None` where values do not vary.
pub fn otsu(values: &[f64]) -> Option<f64> {
    let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (lo.min(*v), hi.max(*v)));
    let width = (high - low) / BARS as f64;
    if !(width > 0.0 && width.is_finite()) {
        return None;
    }
    let mut bars = [0.0; BARS];
    for value in values {
        bars[(((value - low) / width) as usize).min(BARS - 1)] += 1.0;
    }
    let n = values.len() as f64;
    let all: f64 = bars.iter().enumerate().map(|(bar, count)| bar as f64 * count).sum();
    let (mut below, mut sum, mut best) = (0.0, 0.0, (0.0, low));
    for (bar, count) in bars.iter().enumerate() {
        below += count;
        sum += bar as f64 * count;
        let between = (all * below / n - sum).powi(2) / (below * (n - below));
        if between.is_finite() && between > best.0 {
            best = (between, low + width * (bar as f64 + 1.0));
        }
    }
    Some(best.1)
}

/// Phases and illumination of largest likelihood, from an even illumination and from a polynomial through the image; `None` where the image does not vary.
///
/// Every strip has shares of its own, so that a share that changes with depth is not taken for illumination.
pub fn fit(pixels: &[Pixel], n_strips: usize) -> Option<PhaseFit> {
    let n_basis = pixels.first()?.basis.len();
    let even: Vec<f64> = (0..n_basis).map(|i| if i == 0 { 1.0 } else { 0.0 }).collect();
    let through = polynomial(pixels, &vec![[1.0, 1.0]; pixels.len()]);
    let starts = std::iter::once(even).chain(through);
    let fits = starts.filter_map(|illumination| maximise(pixels, n_strips, illumination));
    fits.max_by(|a, b| a.ln_likelihood.total_cmp(&b.ln_likelihood))
}

fn at(illumination: &[f64], basis: &[f64]) -> f64 {
    illumination.iter().zip(basis).map(|(c, b)| c * b).sum()
}

/// The polynomial `g` that minimises the mean of `(I - g m)^2`, from the means of m and of its square at every pixel.
fn polynomial(pixels: &[Pixel], moments: &[[f64; 2]]) -> Option<Vec<f64>> {
    let n = pixels.first()?.basis.len();
    let (mut matrix, mut right) = (vec![0.0; n * n], vec![0.0; n]);
    for (pixel, [first, second]) in pixels.iter().zip(moments) {
        for ((row, to), b) in matrix.chunks_exact_mut(n).zip(&mut right).zip(&pixel.basis) {
            *to += b * pixel.value * first;
            row.iter_mut().zip(&pixel.basis).for_each(|(entry, other)| *entry += b * other * second);
        }
    }
    Some(Cholesky::of(&matrix, n)?.solve(&right))
}

/// What a round expects of the pixels under phases, weights and illumination.
struct Expected {
    ln_likelihood: f64,
    /// Sums of the probabilities of the components, and pixels, by strip.
    strips: Vec<(Weights, f64)>,
    /// Means of u, u^2, y and y u, with y the brightness over the illumination.
    means: [f64; 4],
    /// Variances about the levels in the pure components; `None` where there is nothing pure.
    variances: [Option<f64>; 2],
    /// Means of u and u^2 of every pixel.
    shares: Vec<[f64; 2]>,
}

impl Expected {
    fn of(pixels: &[Pixel], illumination: &[f64], phases: &Phases, weights: &[Weights]) -> Self {
        let mut ln_likelihood = 0.0;
        let mut strips = vec![([0.0; COMPONENTS], 0.0); weights.len()];
        let (mut sums, mut pure, mut used) = ([0.0; 4], [[0.0; 2]; 2], 0.0);
        let mut shares = Vec::with_capacity(pixels.len());
        for pixel in pixels {
            let gain = at(illumination, &pixel.basis);
            let y = pixel.value / gain;
            let mut p = phases.densities(y);
            p.iter_mut().zip(&weights[pixel.strip]).for_each(|(p, w)| *p *= w);
            let total: f64 = p.iter().sum();
            if !(total > 0.0 && gain > 0.0) {
                shares.push([0.0; 2]);
                continue;
            }
            ln_likelihood += total.ln() - gain.ln();
            used += 1.0;
            let (strip, count) = &mut strips[pixel.strip];
            *count += 1.0;
            let (mut u, mut uu) = (0.0, 0.0);
            for (component, (p, sum)) in p.iter_mut().zip(strip).enumerate() {
                *p /= total;
                *sum += *p;
                let share = bright_share(component);
                u += *p * share;
                uu += *p * share * share;
            }
            sums.iter_mut().zip([u, uu, y, y * u]).for_each(|(sum, term)| *sum += term);
            let levels = [(p[0], phases.dark), (p[COMPONENTS - 1], phases.dark + phases.step)];
            for (sum, (p, level)) in pure.iter_mut().zip(levels) {
                sum[0] += p;
                sum[1] += p * (y - level).powi(2);
            }
            shares.push([u, uu]);
        }
        let variances = pure.map(|[weight, squares]| (weight > 0.0).then(|| squares / weight));
        Self { ln_likelihood, strips, means: sums.map(|sum| sum / used), variances, shares }
    }

    /// Levels and scatters of largest likelihood; `None` where they fall together.
    fn phases(&self, before: &Phases) -> Option<Phases> {
        let [u, uu, y, yu] = self.means;
        let step = (yu - y * u) / (uu - u * u);
        let mut sd = before.sd;
        sd.iter_mut().zip(self.variances).for_each(|(sd, variance)| *sd = variance.map_or(*sd, f64::sqrt));
        let is_possible = step > 0.0 && sd.iter().all(|sd| *sd > 0.0 && sd.is_finite());
        is_possible.then_some(Phases { dark: y - step * u, step, sd })
    }
}

/// Divides an illumination by its mean over the pixels, and gives that mean.
fn normalise(pixels: &[Pixel], illumination: &mut [f64]) -> f64 {
    let mean = pixels.iter().map(|pixel| at(illumination, &pixel.basis)).sum::<f64>() / pixels.len() as f64;
    illumination.iter_mut().for_each(|c| *c /= mean);
    mean
}

/// Expectation and maximisation in turn: shares of the components, levels, illumination.
fn maximise(pixels: &[Pixel], n_strips: usize, mut illumination: Vec<f64>) -> Option<PhaseFit> {
    let n = pixels.len() as f64;
    normalise(pixels, &mut illumination);
    let values: Vec<f64> = pixels.iter().map(|pixel| pixel.value / at(&illumination, &pixel.basis)).collect();
    let mut phases = split(&values)?;
    let mut weights = vec![start(); n_strips];
    let mut ln_likelihood = f64::NEG_INFINITY;
    for _ in 0..ROUNDS {
        let expected = Expected::of(pixels, &illumination, &phases, &weights);
        phases = expected.phases(&phases)?;
        for (weights, (sums, count)) in weights.iter_mut().zip(&expected.strips).filter(|(_, (_, count))| *count > 0.0) {
            *weights = sums.map(|sum| sum / count);
            spread_mixed(weights);
        }
        if illumination.len() > 1 {
            let Phases { dark, step, .. } = phases;
            let moments =
                expected.shares.iter().map(|[u, uu]| [dark + step * u, dark * dark + 2.0 * dark * step * u + step * step * uu]);
            illumination = polynomial(pixels, &moments.collect::<Vec<_>>())?;
            let mean = normalise(pixels, &mut illumination);
            phases = Phases { dark: dark * mean, step: step * mean, sd: phases.sd.map(|sd| sd * mean) };
        }
        let gained = expected.ln_likelihood - ln_likelihood;
        ln_likelihood = expected.ln_likelihood;
        if gained.abs() < SETTLED * n {
            break;
        }
    }
    // Two shares for every strip, two levels and two scatters against one of each.
    let advantage = 2.0 * (ln_likelihood - one_phase(pixels, &illumination)) - (2 * n_strips + 2) as f64 * n.ln();
    ln_likelihood.is_finite().then_some(PhaseFit { phases, illumination, ln_likelihood, advantage })
}

/// Logarithm of the likelihood of one phase with Gaussian noise.
fn one_phase(pixels: &[Pixel], illumination: &[f64]) -> f64 {
    let n = pixels.len() as f64;
    let gains = || pixels.iter().map(|pixel| (pixel.value, at(illumination, &pixel.basis)));
    let mean = gains().map(|(value, gain)| value / gain).sum::<f64>() / n;
    let variance = gains().map(|(value, gain)| (value / gain - mean).powi(2)).sum::<f64>() / n;
    -0.5 * n * (variance.ln() + 1.0) - gains().map(|(_, gain)| gain.ln()).sum::<f64>()
}

/// Phases to begin with: means and standard deviations on both sides of Otsu's threshold.
fn split(values: &[f64]) -> Option<Phases> {
    let threshold = otsu(values)?;
    let moments = |bright: bool| {
        let of = || values.iter().filter(|value| (**value >= threshold) == bright);
        let n = of().count() as f64;
        let mean = of().sum::<f64>() / n;
        (mean, (of().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt())
    };
    let ((dark, dark_sd), (bright, bright_sd)) = (moments(false), moments(true));
    let least = 1e-3 * (bright - dark);
    (least > 0.0).then(|| Phases { dark, step: bright - dark, sd: [dark_sd.max(least), bright_sd.max(least)] })
}
