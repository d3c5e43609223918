use std::f64::consts::FRAC_PI_2;

use crate::SimulationError;
use amorph_core::constants::BOLTZMANN;

/// One relaxation process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Process {
    /// Share of the unrelaxed modulus that it relaxes.
    pub strength: f64,
    /// Shape of its susceptibility.
    pub shape: Shape,
    /// Its relaxation time over temperature.
    pub time: TimeLaw,
}

/// Shape of a susceptibility `χ = χ' - iχ''`, `χ(0) = 1`, in `x = ωτ`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// `(1 + (ix)^α)^(-γ)`; Debye with 1 and 1.
    HavriliakNegami {
        /// Exponent of the low-frequency wing.
        alpha: f64,
        /// Exponent of the asymmetry.
        gamma: f64,
    },
    /// Transform of `exp(-(t/τ)^β)`.
    Kww {
        /// Stretching exponent.
        beta: f64,
    },
    /// Barriers spread as a Gaussian around the one of the time: `ln τ` has a standard deviation of the width over `kT`.
    GaussianBarriers {
        /// Standard deviation, J.
        width: f64,
    },
}

/// A relaxation time over temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TimeLaw {
    /// The same at every temperature, s.
    Constant(f64),
    /// `τ0 exp(E/kT)`.
    Arrhenius {
        /// Prefactor τ0, s.
        prefactor: f64,
        /// Energy E, J.
        energy: f64,
    },
    /// `τ0 exp(B/(T - T0))`.
    Vft {
        /// Prefactor τ0, s.
        prefactor: f64,
        /// B, K.
        b: f64,
        /// T0, K.
        t0: f64,
    },
    /// `τ0 exp((D/T) exp(C/T))`, the form of Mauro and others.
    Mauro {
        /// Prefactor τ0, s.
        prefactor: f64,
        /// D, K.
        d: f64,
        /// C, K.
        c: f64,
    },
    /// VFT above a temperature; below it an Arrhenius law with a share of the slope that the VFT law has there.
    Glass {
        /// Prefactor τ0, s.
        prefactor: f64,
        /// B, K.
        b: f64,
        /// T0, K; 0 for an Arrhenius law above as well.
        t0: f64,
        /// Where both meet, K.
        kink: f64,
        /// Slope below over slope above.
        share: f64,
    },
}

impl TimeLaw {
    /// Relaxation time at a temperature, s.
    pub fn at(self, temperature: f64) -> f64 {
        match self {
            Self::Constant(time) => time,
            Self::Arrhenius { prefactor, energy } => prefactor * (energy / (BOLTZMANN * temperature)).exp(),
            Self::Vft { prefactor, b, t0 } => prefactor * (b / (temperature - t0)).exp(),
            Self::Mauro { prefactor, d, c } => prefactor * (d / temperature * (c / temperature).exp()).exp(),
            Self::Glass { prefactor, b, t0, kink, share } => {
                let above = temperature.max(kink);
                let slope = share * b * (kink / (kink - t0)).powi(2);
                prefactor * (b / (above - t0) + slope * (1.0 / temperature.min(kink) - 1.0 / kink)).exp()
            }
        }
    }
}

impl Shape {
    /// `(χ', χ'')` at `x = ωτ` and a temperature (K), which counts for barriers alone.
    pub fn susceptibility(self, x: f64, temperature: f64) -> (f64, f64) {
        match self {
            Self::HavriliakNegami { alpha, gamma } => {
                let power = x.powf(alpha);
                let (sin, cos) = (alpha * FRAC_PI_2).sin_cos();
                let (re, im) = (1.0 + power * cos, power * sin);
                let (modulus, angle) = (re.hypot(im).powf(-gamma), gamma * im.atan2(re));
                (modulus * angle.cos(), modulus * angle.sin())
            }
            Self::Kww { beta } => stretched(beta, x),
            Self::GaussianBarriers { width } => {
                let mean = |(re, im): (f64, f64), (ratio, weight): (f64, f64)| {
                    let y = x * ratio;
                    (re + weight / (1.0 + y * y), im + weight * y / (1.0 + y * y))
                };
                barriers(width / (BOLTZMANN * temperature)).into_iter().fold((0.0, 0.0), mean)
            }
        }
    }

    /// Times over `τ` and weights of a sum of exponentials that decays alike, for shapes that have a plain spectrum.
    pub(super) fn spectrum(self, temperature: f64) -> Option<Vec<(f64, f64)>> {
        match self {
            Self::GaussianBarriers { width } => Some(barriers(width / (BOLTZMANN * temperature))),
            Self::HavriliakNegami { alpha, gamma } if gamma == 1.0 && alpha < 1.0 => {
                // sin πα/(2π (cosh(α ln s) + cos πα)), K. S. Cole and R. H. Cole (1941).
                let (sin, cos) = (alpha * std::f64::consts::PI).sin_cos();
                let step = 0.25;
                let last = (14.0 / (alpha * step)).ceil() as i32;
                let node = |k: i32| {
                    let ln_s = step * f64::from(k);
                    (ln_s.exp(), step * sin / (2.0 * std::f64::consts::PI * ((alpha * ln_s).cosh() + cos)))
                };
                Some((-last..=last).map(node).collect())
            }
            Self::HavriliakNegami { .. } | Self::Kww { .. } => None,
        }
    }

    pub(super) fn check(self) -> Result<(), SimulationError> {
        let (name, value) = match self {
            Self::HavriliakNegami { alpha, gamma } if !(alpha > 0.0 && alpha <= 1.0) => {
                SimulationError::require_positive("gamma", gamma)?;
                ("alpha", alpha)
            }
            Self::HavriliakNegami { alpha, gamma } => {
                SimulationError::require_positive("gamma", gamma)?;
                ("alpha gamma", alpha * gamma)
            }
            Self::Kww { beta } => ("beta", beta),
            Self::GaussianBarriers { width } => return SimulationError::require_positive("width of barriers", width),
        };
        let possible = value > 0.0 && value <= 1.0;
        if possible { Ok(()) } else { Err(SimulationError::Parameter { name, value, allowed: "above 0 and at most 1" }) }
    }
}

/// Factors of `τ` and weights of a Gaussian `ln τ` of a standard deviation.
fn barriers(deviation: f64) -> Vec<(f64, f64)> {
    let step = 0.25f64.min(0.25 / deviation);
    let last = (8.0 / step).ceil() as i32;
    let node = |k: i32| {
        let place = step * f64::from(k);
        ((deviation * place).exp(), step * (-0.5 * place * place).exp() / (2.0 * std::f64::consts::PI).sqrt())
    };
    (-last..=last).map(node).collect()
}

/// `χ` of the product of `exp(-(t/τ)^β)` and a sum of exponentials with `(rate τ, weight)`, at `x = ωτ`: `1 - iω ∫ φ exp(-iωt) dt`, term by term by
/// the trapezoidal rule in `ln t` along the ray of [`stretched`].
pub(super) fn product(beta: f64, x: f64, exponentials: &[(f64, f64)]) -> (f64, f64) {
    const STEP: f64 = 0.1;
    let angle = FRAC_PI_2 / (1.0 + beta);
    let (sin, cos) = angle.sin_cos();
    let (power_sin, power_cos) = (beta * angle).sin_cos();
    let (mut re, mut im) = (0.0, 0.0);
    for (rate, weight) in exponentials {
        // (rate + ix)(cos - i sin) of the ray.
        let (s_re, s_im) = (rate * cos + x * sin, x * cos - rate * sin);
        let last = (50.0 / s_re).ln().min((50.0 / power_cos).ln() / beta);
        let (mut sum_re, mut sum_im) = (0.0, 0.0);
        for k in 0..360 {
            let ln_r = last - STEP * f64::from(k);
            let (r, power) = (ln_r.exp(), (beta * ln_r).exp());
            let size = (ln_r - power * power_cos - s_re * r).exp();
            let (sine, cosine) = (power * power_sin - s_im * r - angle).sin_cos();
            sum_re += size * cosine;
            sum_im += size * sine;
        }
        // Times -ix.
        re += weight * (1.0 + x * STEP * sum_im);
        im -= weight * x * STEP * sum_re;
    }
    (re, -im)
}

/// `∫ (-dφ/dt) exp(-iωt) dt` by the trapezoidal rule in `ln (t/τ)^β` along the ray of angle `π/(2(1+β))` below the real axis,
/// where both exponentials fall at the same angle. The loss keeps about ten digits for `ωτ > 1e-5`.
fn stretched(beta: f64, x: f64) -> (f64, f64) {
    const STEPS: usize = 600;
    const LOWEST: f64 = -46.0;
    let angle = beta * FRAC_PI_2 / (1.0 + beta);
    let (sin, cos) = angle.sin_cos();
    let highest = (80.0 / cos).ln();
    let step = (highest - LOWEST) / STEPS as f64;
    let (mut re, mut im) = (0.0, 0.0);
    for i in 0..=STEPS {
        let ln_u = LOWEST + i as f64 * step;
        let (u, s) = (ln_u.exp(), x * (ln_u / beta).exp());
        let size = (ln_u - (u + s) * cos).exp();
        let (imaginary, real) = ((u - s) * sin - angle).sin_cos();
        re += size * real;
        im += size * imaginary;
    }
    (re * step, -im * step)
}
