//! Storage and loss modulus over frequency and temperature: up to three processes, or two and a nearly constant loss.

use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kww_table::{Kww, KwwTable, SMALLEST};
use super::product::{LARGEST, Rates, beta};
use crate::core::fit::{Parameter, ResidualModel};
use crate::methods::relaxation::kernels::{Pair, havriliak_negami};
use crate::methods::relaxation::log_spectrum::NoiseModel;
use crate::methods::relaxation::spectra::Reading;

const DECADE: f64 = std::f64::consts::LN_10;

/// Shape of the beta processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BetaShape {
    /// A power on both wings of the loss, the same at all temperatures.
    ColeCole,
    /// Barriers spread as a Gaussian: a loss that narrows as the temperature rises.
    GaussianBarriers,
}

/// How alpha and beta processes go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Combination {
    /// Strengths add: beta processes go on where the alpha process is over.
    Additive,
    /// What a beta process has not relaxed the alpha process does: decay φ = f φα + (1 - f) φα φβ, by Williams and Watts.
    WilliamsWatts,
}

/// What is looked for beside alpha and slow beta process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FastLoss {
    /// A process with an energy of its own.
    Process,
    /// A loss that is the same at all frequencies and grows as exp(T/T_N).
    NearlyConstant,
}

/// Which forms a model takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forms {
    /// Shape of the beta processes.
    pub beta_shape: BetaShape,
    /// How alpha and beta processes go together.
    pub combination: Combination,
    /// What is looked for beside them.
    pub fast: FastLoss,
}

/// What there is beside the alpha process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Composition {
    /// A wing that follows the alpha process.
    pub wing: bool,
    /// A slow beta process.
    pub slow: bool,
    /// A fast beta process.
    pub fast: bool,
    /// A nearly constant loss.
    pub constant_loss: bool,
}

impl Composition {
    const ALPHA: Self = Self { wing: false, slow: false, fast: false, constant_loss: false };

    /// In the order in which they are tried.
    pub fn to_try(fast: FastLoss) -> [Self; 4] {
        let slow = Self { slow: true, ..Self::ALPHA };
        let last = match fast {
            FastLoss::Process => Self { fast: true, ..slow },
            FastLoss::NearlyConstant => Self { constant_loss: true, ..slow },
        };
        [Self::ALPHA, Self { wing: true, ..Self::ALPHA }, slow, last]
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match (self.wing, self.slow, self.fast || self.constant_loss) {
            (true, _, _) => "alpha, wing",
            (_, true, true) if self.constant_loss => "alpha, slow beta, nearly constant loss",
            (_, true, true) => "alpha, slow beta, fast beta",
            (_, true, false) => "alpha, slow beta",
            _ => "alpha",
        }
    }

    /// Whether there is nothing beside the alpha process.
    pub fn is_alpha_alone(self) -> bool {
        self == Self::ALPHA
    }

    /// Processes with a relaxation time of their own.
    pub fn n_processes(self) -> usize {
        1 + usize::from(self.slow) + usize::from(self.fast)
    }

    /// Number of parameters.
    pub fn n_parameters(self) -> usize {
        ALPHA
            + 2 * (usize::from(self.wing) + usize::from(self.constant_loss))
            + 4 * (usize::from(self.slow) + usize::from(self.fast))
    }

    /// Where the parameters of a nearly constant loss begin.
    pub fn constant(self) -> Option<usize> {
        self.constant_loss.then_some(self.n_parameters() - 2)
    }

    /// Where the parameters of a beta process begin.
    pub fn beta(self, fast: bool) -> Option<usize> {
        match fast {
            false => self.slow.then_some(ALPHA),
            true => self.fast.then_some(ALPHA + 4),
        }
    }
}

/// Places of the parameters of the alpha process.
pub mod place {
    /// ln of the unrelaxed modulus at the reference temperature.
    pub const LN_MODULUS: usize = 0;
    /// Relative fall of that per kelvin.
    pub const SOFTENING: usize = 1;
    /// Share of the modulus that relaxes at last.
    pub const SHARE: usize = 2;
    /// Temperature at which ωτ = 1 at the middle frequency, K.
    pub const TEMPERATURE: usize = 3;
    /// d log10 τ/d(T_α/T) there.
    pub const STEEPNESS: usize = 4;
    /// T0 over that temperature.
    pub const CURVATURE: usize = 5;
    /// Slope below the glass transition over the slope above.
    pub const GLASS: usize = 6;
    /// Stretching exponent.
    pub const STRETCHING: usize = 7;
}
/// Parameters of the alpha process.
pub const ALPHA: usize = 8;

/// What is held beforehand about numbers that few data tell: place, mean, standard deviation.
const PRIORS: [(usize, f64, f64); 4] =
    [(place::SHARE, 1.0, 0.5), (place::CURVATURE, 0.75, 0.25), (place::GLASS, 0.6, 0.3), (place::STRETCHING, 0.5, 0.3)];
/// Exponent of the wing and of the beta processes.
const PRIOR_EXPONENT: (f64, f64) = (0.35, 0.3);
/// Standard deviation of barriers over their mean.
const PRIOR_SPREAD: (f64, f64) = (0.12, 0.1);
/// Growth of a nearly constant loss, 1/K.
const PRIOR_GROWTH: (f64, f64) = (0.005, 0.01);

/// Readings and what stays the same in a fit.
pub struct Model<'a> {
    /// The readings.
    pub readings: &'a [Reading],
    /// Table of the alpha process.
    pub table: &'a KwwTable,
    /// What there is.
    pub composition: Composition,
    /// Which forms it takes.
    pub forms: Forms,
    /// How readings err.
    pub noise_model: NoiseModel,
    /// Errors of both channels.
    pub noise: [f64; 2],
    /// ln of the middle angular frequency.
    pub ln_middle: f64,
    /// Temperature at which the unrelaxed modulus is stated, K.
    pub reference: f64,
    /// Stated glass transition, K; absent: where τ is 100 s.
    pub glass_transition: Option<f64>,
}

/// The alpha process at one exponent.
pub struct Exponent {
    kww: Kww,
    /// Its rates, where beta processes decay with it.
    rates: Option<Rates>,
}

/// `ln(ω_mid τ_α)` at a temperature.
pub fn ln_alpha(p: &[f64], t: f64, ln_middle: f64, glass_transition: Option<f64>) -> f64 {
    let (t_alpha, steepness, c) = (p[place::TEMPERATURE], p[place::STEEPNESS] * DECADE, p[place::CURVATURE]);
    let scale = steepness * (1.0 - c).powi(2);
    let vft = |y: f64| if c * y < 1.0 { scale * (y / (1.0 - c * y) - 1.0 / (1.0 - c)) } else { f64::NAN };
    let y = t_alpha / t;
    let break_at = match glass_transition {
        Some(tg) => t_alpha / tg,
        None => {
            let k = 1.0 / (1.0 - c) + (100f64.ln() + ln_middle) / scale;
            if k > 0.0 { k / (1.0 + c * k) } else { f64::NAN }
        }
    };
    if y <= break_at { vft(y) } else { vft(break_at) + p[place::GLASS] * scale / (1.0 - c * break_at).powi(2) * (y - break_at) }
}

/// Shares of the modulus of alpha, wing, slow and fast.
pub fn strengths(p: &[f64], composition: Composition) -> [f64; 4] {
    let total = p[place::SHARE];
    let wing = if composition.wing { p[ALPHA] } else { 0.0 };
    let of = |fast| composition.beta(fast).map_or(0.0, |first| p[first]);
    let (slow, fast) = (of(false), of(true));
    [total * (1.0 - wing - slow - fast), total * wing, total * slow, total * fast]
}

/// One process at one reading: χ, and its change with every parameter that moves it.
struct Term {
    chi: Pair,
    changes: Vec<(usize, Pair)>,
}

/// `ln ωτ_α` and its derivatives by the parameters of the time.
type AlphaTime = (f64, [(usize, f64); 4]);

fn scaled(pair: Pair, factor: f64) -> Pair {
    (pair.0 * factor, pair.1 * factor)
}

impl Model<'_> {
    /// `ln ωτ_α` and its derivatives by the parameters of the time.
    fn alpha_time(&self, p: &[f64], reading: &Reading, with_slopes: bool) -> AlphaTime {
        let at = |p: &[f64]| ln_alpha(p, reading.temperature, self.ln_middle, self.glass_transition);
        let value = at(p) + reading.omega.ln() - self.ln_middle;
        let mut slopes = [place::TEMPERATURE, place::STEEPNESS, place::CURVATURE, place::GLASS].map(|index| (index, 0.0));
        if with_slopes {
            let mut moved = p.to_vec();
            for (index, slope) in &mut slopes {
                let step = 1e-6 * p[*index].abs().max(1e-3);
                moved[*index] = p[*index] + step;
                let up = at(&moved);
                moved[*index] = p[*index] - step;
                *slope = (up - at(&moved)) / (2.0 * step);
                moved[*index] = p[*index];
            }
        }
        (value, slopes)
    }

    fn alpha(&self, kww: &Kww, p: &[f64], (ln_x, times): &AlphaTime, with_slopes: bool) -> (Term, Option<Term>) {
        let ln_x = *ln_x;
        let slopes = kww.at(ln_x, with_slopes);
        let mut changes: Vec<(usize, Pair)> = times.iter().map(|(i, slope)| (*i, scaled(slopes.by_ln_tau, *slope))).collect();
        changes.push((place::STRETCHING, slopes.by_shape[0]));
        let wing = self.composition.wing.then(|| {
            let exponent = p[ALPHA + 1];
            let slopes = havriliak_negami(ln_x.clamp(-80.0, 80.0).exp(), exponent, exponent);
            let [a, b] = slopes.by_shape;
            let mut changes: Vec<(usize, Pair)> =
                times.iter().map(|(i, slope)| (*i, scaled(slopes.by_ln_tau, *slope))).collect();
            changes.push((ALPHA + 1, (a.0 + b.0, a.1 + b.1)));
            Term { chi: slopes.chi, changes }
        });
        (Term { chi: slopes.chi, changes }, wing)
    }

    fn beta(&self, exponent: &Exponent, p: &[f64], reading: &Reading, alpha: &AlphaTime, first: usize) -> Term {
        // τ = exp(u (T_β/T - 1))/ω_mid: E = u k T_β, ln τ0 = -u - ln ω_mid.
        let (t_beta, u, width) = (p[first + 1], p[first + 2], p[first + 3]);
        let y = t_beta / reading.temperature;
        let x = (u * (y - 1.0) + reading.omega.ln() - self.ln_middle).clamp(-80.0, 80.0).exp();
        // The width of barriers is a share of their mean u k T_β, that of ln τ is it over kT.
        let (spread, by_width) = match self.forms.beta_shape {
            BetaShape::ColeCole => (width, [0.0, 0.0, 1.0]),
            BetaShape::GaussianBarriers => (width * u * y, [width * u / reading.temperature, width * y, u * y]),
        };
        let (chi, by_ln_tau, by_spread, of_alpha) = match &exponent.rates {
            None => {
                let found = beta(self.forms.beta_shape, (0.0, x), spread);
                (found.chi, found.by_ln_z, found.by_width, None)
            }
            Some(rates) => {
                let x_alpha = alpha.0.clamp(-80.0, 80.0).exp();
                let found = rates.product(x_alpha, self.forms.beta_shape, x, spread);
                (found.chi, found.by_ln_b, found.by_width, Some((found.by_ln_alpha, found.by_beta)))
            }
        };
        let sum = |by_tau: f64, by_spread_of: f64| {
            (by_tau * by_ln_tau.0 + by_spread_of * by_spread.0, by_tau * by_ln_tau.1 + by_spread_of * by_spread.1)
        };
        let mut changes = vec![
            (first + 1, sum(u / reading.temperature, by_width[0])),
            (first + 2, sum(y - 1.0, by_width[1])),
            (first + 3, sum(0.0, by_width[2])),
        ];
        if let Some((by_ln_alpha, by_beta)) = of_alpha {
            changes.extend(alpha.1.iter().map(|(index, slope)| (*index, scaled(by_ln_alpha, *slope))));
            changes.push((place::STRETCHING, by_beta));
        }
        Term { chi, changes }
    }

    /// A nearly constant loss as a share of the unrelaxed modulus: it, and as `(χ', -χ'')` with the storage that causality ties to it,
    /// `(2/π) ln ω` of it.
    fn constant_loss(&self, p: &[f64], reading: &Reading) -> Option<(usize, Pair)> {
        let first = self.composition.constant()?;
        let share = (p[first] + p[first + 1] * (reading.temperature - self.reference)).exp();
        let storage = std::f64::consts::FRAC_2_PI * (reading.omega.ln() - self.ln_middle);
        Some((first, (-share * storage, -share)))
    }

    /// Modulus and its derivatives by all parameters.
    fn modulus_with(&self, exponent: &Exponent, p: &[f64], reading: &Reading, slopes: Option<&mut [Pair]>) -> Pair {
        let composition = self.composition;
        let unrelaxed = p[place::LN_MODULUS].exp();
        let soft = 1.0 - p[place::SOFTENING] * (reading.temperature - self.reference);
        let time = self.alpha_time(p, reading, slopes.is_some());
        let (alpha, wing) = self.alpha(&exponent.kww, p, &time, slopes.is_some());
        let [d_alpha, d_wing, d_slow, d_fast] = strengths(p, composition);
        let mut terms = vec![(alpha, d_alpha, None)];
        terms.extend(wing.map(|wing| (wing, d_wing, Some(ALPHA))));
        for (fast, strength) in [(false, d_slow), (true, d_fast)] {
            let beta = |first| (self.beta(exponent, p, reading, &time, first), strength, Some(first));
            terms.extend(composition.beta(fast).map(beta));
        }
        let mut relaxed: Pair = (0.0, 0.0);
        for (term, strength, _) in &terms {
            relaxed = (relaxed.0 + strength * term.chi.0, relaxed.1 + strength * term.chi.1);
        }
        let scale = unrelaxed * soft;
        let constant = self.constant_loss(p, reading);
        let (more_storage, more_loss) = constant.map_or((0.0, 0.0), |(_, chi)| chi);
        let modulus = (scale * (1.0 - relaxed.0 - more_storage), -scale * (relaxed.1 + more_loss));
        if let Some(slopes) = slopes {
            slopes.iter_mut().for_each(|slope| *slope = (0.0, 0.0));
            slopes[place::LN_MODULUS] = modulus;
            slopes[place::SOFTENING] = scaled(modulus, -(reading.temperature - self.reference) / soft);
            slopes[place::SHARE] = scaled(relaxed, -scale / p[place::SHARE]);
            if let Some((first, chi)) = constant {
                slopes[first] = scaled(chi, -scale);
                slopes[first + 1] = scaled(slopes[first], reading.temperature - self.reference);
            }
            let alpha_chi = terms[0].0.chi;
            for (term, strength, own) in &terms {
                for (index, change) in &term.changes {
                    let slope = &mut slopes[*index];
                    *slope = (slope.0 - scale * strength * change.0, slope.1 - scale * strength * change.1);
                }
                if let Some(own) = own {
                    // What a beta process gains the alpha process loses.
                    let factor = -scale * p[place::SHARE];
                    slopes[*own] = (factor * (term.chi.0 - alpha_chi.0), factor * (term.chi.1 - alpha_chi.1));
                }
            }
        }
        modulus
    }

    /// The alpha process at its exponent, for [`Self::modulus`] and [`Self::losses`].
    pub fn stretched(&self, p: &[f64]) -> Exponent {
        let beta = p[place::STRETCHING];
        let is_product = self.forms.combination == Combination::WilliamsWatts && self.composition.slow;
        Exponent { kww: self.table.with(beta), rates: is_product.then(|| Rates::new(beta)) }
    }

    /// Storage and loss modulus, Pa.
    pub fn modulus(&self, exponent: &Exponent, p: &[f64], reading: &Reading) -> Pair {
        self.modulus_with(exponent, p, reading, None)
    }

    /// Loss of every process, Pa: alpha, wing, slow, fast, nearly constant.
    pub fn losses(&self, exponent: &Exponent, p: &[f64], reading: &Reading) -> [f64; 5] {
        let scale = p[place::LN_MODULUS].exp() * (1.0 - p[place::SOFTENING] * (reading.temperature - self.reference));
        let time = self.alpha_time(p, reading, false);
        let (alpha, wing) = self.alpha(&exponent.kww, p, &time, false);
        let [d_alpha, d_wing, d_slow, d_fast] = strengths(p, self.composition);
        let beta = |fast| self.composition.beta(fast).map_or(0.0, |first| -self.beta(exponent, p, reading, &time, first).chi.1);
        [
            -scale * d_alpha * alpha.chi.1,
            -scale * d_wing * wing.map_or(0.0, |wing| wing.chi.1),
            scale * d_slow * beta(false),
            scale * d_fast * beta(true),
            scale * self.constant_loss(p, reading).map_or(0.0, |(_, chi)| -chi.1),
        ]
    }

    /// Places, means and standard deviations of what is held beforehand.
    fn priors(&self) -> Vec<(usize, f64, f64)> {
        let mut priors = PRIORS.to_vec();
        let (mean, std) = PRIOR_EXPONENT;
        if self.composition.wing {
            priors.push((ALPHA + 1, mean, std));
        }
        let (width, width_std) = match self.forms.beta_shape {
            BetaShape::ColeCole => PRIOR_EXPONENT,
            BetaShape::GaussianBarriers => PRIOR_SPREAD,
        };
        let widths = [false, true].into_iter().filter_map(|fast| self.composition.beta(fast));
        priors.extend(widths.map(|first| (first + 3, width, width_std)));
        priors.extend(self.composition.constant().map(|first| (first + 1, PRIOR_GROWTH.0, PRIOR_GROWTH.1)));
        priors
    }

    /// Parameters with their bounds, started at `start`; beta temperatures lie within `temperatures`.
    pub fn parameters(&self, start: &[f64], temperatures: (f64, f64)) -> Vec<Parameter> {
        let (coldest, hottest) = temperatures;
        let within = |name: &str, index: usize, lo: f64, hi: f64| {
            Parameter::new(name, start[index].clamp(lo + 1e-3 * (hi - lo), hi - 1e-3 * (hi - lo))).within(lo, hi)
        };
        let is_product = self.forms.combination == Combination::WilliamsWatts;
        let soft = 0.9 / (hottest - coldest).max(1.0);
        let mut parameters = vec![
            Parameter::new("ln modulus", start[0]).scale(1.0),
            within("softening", 1, -soft, soft),
            within("relaxing share", 2, 0.02, 1.0),
            within("alpha temperature", 3, coldest, 1.3 * hottest),
            within("alpha steepness", 4, 5.0, 250.0),
            within("alpha curvature", 5, 0.0, 0.97),
            within("slope below Tg", 6, 0.1, 1.0),
            within("stretching", 7, SMALLEST, if is_product { LARGEST } else { 1.0 }),
        ];
        if self.composition.wing {
            parameters.push(within("wing share", ALPHA, 1e-6, 0.5));
            parameters.push(within("wing exponent", ALPHA + 1, 0.05, 0.9));
        }
        for first in [false, true].into_iter().filter_map(|fast| self.composition.beta(fast)) {
            // log10 τ0 between -17 and -10.
            let u = |log10: f64| -(log10 * DECADE) - self.ln_middle;
            parameters.push(within("beta share", first, 1e-6, 0.6));
            parameters.push(within("beta temperature", first + 1, 0.6 * coldest, hottest));
            parameters.push(within("beta energy", first + 2, u(-10.0), u(-17.0)));
            parameters.push(match self.forms.beta_shape {
                BetaShape::ColeCole => within("beta exponent", first + 3, 0.1, 1.0),
                BetaShape::GaussianBarriers => within("spread of beta energies", first + 3, 0.005, 0.4),
            });
        }
        if let Some(first) = self.composition.constant() {
            parameters.push(within("ln nearly constant loss", first, 1e-6f64.ln(), 0.1f64.ln()).scale(1.0));
            parameters.push(within("growth of nearly constant loss", first + 1, 0.0, 0.05));
        }
        parameters
    }
}

impl ResidualModel for Model<'_> {
    fn residuals(&self, p: &[f64]) -> Vec<f64> {
        let n = self.readings.len();
        let mut residuals = vec![0.0; 2 * n];
        let exponent = self.stretched(p);
        for (i, reading) in self.readings.iter().enumerate() {
            let ([a, b], _) = self.noise_model.residual(self.modulus(&exponent, p, reading), (reading.storage, reading.loss));
            (residuals[i], residuals[n + i]) = (a / self.noise[0], b / self.noise[1]);
        }
        residuals.extend(self.priors().iter().map(|(index, mean, std)| (p[*index] - mean) / std));
        residuals
    }

    fn jacobian(&self, p: &[f64]) -> Option<Array2<f64>> {
        let (n, k) = (self.readings.len(), p.len());
        let priors = self.priors();
        let mut jacobian = Array2::zeros((2 * n + priors.len(), k));
        let mut slopes = vec![(0.0, 0.0); k];
        let exponent = self.stretched(p);
        for (i, reading) in self.readings.iter().enumerate() {
            let modulus = self.modulus_with(&exponent, p, reading, Some(&mut slopes));
            let (_, [a, b, c, d]) = self.noise_model.residual(modulus, (reading.storage, reading.loss));
            for (column, change) in slopes.iter().enumerate() {
                jacobian[[i, column]] = (a * change.0 + b * change.1) / self.noise[0];
                jacobian[[n + i, column]] = (c * change.0 + d * change.1) / self.noise[1];
            }
        }
        for (row, (index, _, std)) in priors.iter().enumerate() {
            jacobian[[2 * n + row, *index]] = 1.0 / std;
        }
        Some(jacobian)
    }
}
