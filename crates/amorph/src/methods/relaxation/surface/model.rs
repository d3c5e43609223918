//! Storage and loss modulus over frequency and temperature: up to three processes whose strengths add.

use ndarray::Array2;

use super::kww_table::{Kww, KwwTable, SMALLEST};
use crate::core::fit::{Parameter, ResidualModel};
use crate::methods::relaxation::kernels::{Pair, havriliak_negami};
use crate::methods::relaxation::log_spectrum::NoiseModel;
use crate::methods::relaxation::spectra::Reading;

const DECADE: f64 = std::f64::consts::LN_10;

/// What there is beside the alpha process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Composition {
    /// A wing that follows the alpha process.
    pub wing: bool,
    /// A slow beta process.
    pub slow: bool,
    /// A fast beta process.
    pub fast: bool,
}

impl Composition {
    /// In the order in which they are tried.
    pub const ALL: [Self; 4] = [
        Self { wing: false, slow: false, fast: false },
        Self { wing: true, slow: false, fast: false },
        Self { wing: false, slow: true, fast: false },
        Self { wing: false, slow: true, fast: true },
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match (self.wing, self.slow, self.fast) {
            (true, _, _) => "alpha, wing",
            (_, true, true) => "alpha, slow beta, fast beta",
            (_, true, false) => "alpha, slow beta",
            _ => "alpha",
        }
    }

    /// Processes with a relaxation time of their own.
    pub fn n_processes(self) -> usize {
        1 + usize::from(self.slow) + usize::from(self.fast)
    }

    /// Number of parameters.
    pub fn n_parameters(self) -> usize {
        ALPHA + 2 * usize::from(self.wing) + 4 * (usize::from(self.slow) + usize::from(self.fast))
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

/// Readings and what stays the same in a fit.
pub struct Model<'a> {
    /// The readings.
    pub readings: &'a [Reading],
    /// Table of the alpha process.
    pub table: &'a KwwTable,
    /// What there is.
    pub composition: Composition,
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

fn scaled(pair: Pair, factor: f64) -> Pair {
    (pair.0 * factor, pair.1 * factor)
}

impl Model<'_> {
    /// `ln ωτ_α` and its derivatives by the parameters of the time.
    fn alpha_time(&self, p: &[f64], reading: &Reading, with_slopes: bool) -> (f64, [(usize, f64); 4]) {
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

    fn alpha(&self, kww: &Kww, p: &[f64], reading: &Reading, with_slopes: bool) -> (Term, Option<Term>) {
        let (ln_x, times) = self.alpha_time(p, reading, with_slopes);
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

    fn beta(&self, p: &[f64], reading: &Reading, first: usize) -> Term {
        // τ = exp(u (T_β/T - 1))/ω_mid: E = u k T_β, ln τ0 = -u - ln ω_mid.
        let (t_beta, u, exponent) = (p[first + 1], p[first + 2], p[first + 3]);
        let y = t_beta / reading.temperature;
        let ln_x = (u * (y - 1.0) + reading.omega.ln() - self.ln_middle).clamp(-80.0, 80.0);
        let slopes = havriliak_negami(ln_x.exp(), exponent, exponent);
        let [a, b] = slopes.by_shape;
        let changes = vec![
            (first + 1, scaled(slopes.by_ln_tau, u / reading.temperature)),
            (first + 2, scaled(slopes.by_ln_tau, y - 1.0)),
            (first + 3, (a.0 + b.0, a.1 + b.1)),
        ];
        Term { chi: slopes.chi, changes }
    }

    /// Modulus and its derivatives by all parameters.
    fn modulus_with(&self, kww: &Kww, p: &[f64], reading: &Reading, slopes: Option<&mut [Pair]>) -> Pair {
        let composition = self.composition;
        let unrelaxed = p[place::LN_MODULUS].exp();
        let soft = 1.0 - p[place::SOFTENING] * (reading.temperature - self.reference);
        let (alpha, wing) = self.alpha(kww, p, reading, slopes.is_some());
        let [d_alpha, d_wing, d_slow, d_fast] = strengths(p, composition);
        let mut terms = vec![(alpha, d_alpha, None)];
        terms.extend(wing.map(|wing| (wing, d_wing, Some(ALPHA))));
        for (fast, strength) in [(false, d_slow), (true, d_fast)] {
            terms.extend(composition.beta(fast).map(|first| (self.beta(p, reading, first), strength, Some(first))));
        }
        let mut relaxed: Pair = (0.0, 0.0);
        for (term, strength, _) in &terms {
            relaxed = (relaxed.0 + strength * term.chi.0, relaxed.1 + strength * term.chi.1);
        }
        let scale = unrelaxed * soft;
        let modulus = (scale * (1.0 - relaxed.0), -scale * relaxed.1);
        if let Some(slopes) = slopes {
            slopes.iter_mut().for_each(|slope| *slope = (0.0, 0.0));
            slopes[place::LN_MODULUS] = modulus;
            slopes[place::SOFTENING] = scaled(modulus, -(reading.temperature - self.reference) / soft);
            slopes[place::SHARE] = scaled(relaxed, -scale / p[place::SHARE]);
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
    pub fn stretched(&self, p: &[f64]) -> Kww {
        self.table.with(p[place::STRETCHING])
    }

    /// Storage and loss modulus, Pa.
    pub fn modulus(&self, kww: &Kww, p: &[f64], reading: &Reading) -> Pair {
        self.modulus_with(kww, p, reading, None)
    }

    /// Loss of every process, Pa: alpha, wing, slow, fast.
    pub fn losses(&self, kww: &Kww, p: &[f64], reading: &Reading) -> [f64; 4] {
        let scale = p[place::LN_MODULUS].exp() * (1.0 - p[place::SOFTENING] * (reading.temperature - self.reference));
        let (alpha, wing) = self.alpha(kww, p, reading, false);
        let strengths = strengths(p, self.composition);
        let beta = |fast| self.composition.beta(fast).map_or(0.0, |first| -self.beta(p, reading, first).chi.1);
        let chi = [-alpha.chi.1, wing.map_or(0.0, |wing| -wing.chi.1), beta(false), beta(true)];
        std::array::from_fn(|k| scale * strengths[k] * chi[k])
    }

    /// Places, means and standard deviations of what is held beforehand.
    fn priors(&self) -> Vec<(usize, f64, f64)> {
        let mut priors = PRIORS.to_vec();
        let (mean, std) = PRIOR_EXPONENT;
        if self.composition.wing {
            priors.push((ALPHA + 1, mean, std));
        }
        let exponents = [false, true].into_iter().filter_map(|fast| self.composition.beta(fast));
        priors.extend(exponents.map(|first| (first + 3, mean, std)));
        priors
    }

    /// Parameters with their bounds, started at `start`; beta temperatures lie within `temperatures`.
    pub fn parameters(&self, start: &[f64], temperatures: (f64, f64)) -> Vec<Parameter> {
        let (coldest, hottest) = temperatures;
        let within = |name: &str, index: usize, lo: f64, hi: f64| {
            Parameter::new(name, start[index].clamp(lo + 1e-3 * (hi - lo), hi - 1e-3 * (hi - lo))).within(lo, hi)
        };
        let soft = 0.9 / (hottest - coldest).max(1.0);
        let mut parameters = vec![
            Parameter::new("ln modulus", start[0]).scale(1.0),
            within("softening", 1, -soft, soft),
            within("relaxing share", 2, 0.02, 1.0),
            within("alpha temperature", 3, coldest, 1.3 * hottest),
            within("alpha steepness", 4, 5.0, 250.0),
            within("alpha curvature", 5, 0.0, 0.97),
            within("slope below Tg", 6, 0.1, 1.0),
            within("stretching", 7, SMALLEST, 1.0),
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
            parameters.push(within("beta exponent", first + 3, 0.1, 1.0));
        }
        parameters
    }
}

impl ResidualModel for Model<'_> {
    fn residuals(&self, p: &[f64]) -> Vec<f64> {
        let n = self.readings.len();
        let mut residuals = vec![0.0; 2 * n];
        let kww = self.stretched(p);
        for (i, reading) in self.readings.iter().enumerate() {
            let ([a, b], _) = self.noise_model.residual(self.modulus(&kww, p, reading), (reading.storage, reading.loss));
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
        let kww = self.stretched(p);
        for (i, reading) in self.readings.iter().enumerate() {
            let modulus = self.modulus_with(&kww, p, reading, Some(&mut slopes));
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
