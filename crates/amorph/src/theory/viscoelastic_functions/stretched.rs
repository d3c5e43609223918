//! The stretched exponential in frequency.
//!
//! `χ(ω) = ∫_0^∞ (-dφ/dt) exp(-iωt) dt` of `φ = exp(-(t/τ)^β)` oscillates along the real axis. On the ray
//! `t = s exp(-iθ)` with `θ = π/(2(1+β))` both exponents, `-(t/τ)^β` and `-iωt`, have the same small angle `βθ` to the negative
//! real axis, so that the integrand decays faster than it turns at every `ω` and every `β` up to 1. In `x = ln u`, `u = (s/τ)^β`,
//! it is analytic in a strip and falls off exponentially to the left and doubly so to the right: there the trapezoidal rule
//! converges exponentially (Trefethen and Weideman, SIAM Rev. 56, 385 (2014)).

/// A complex number; third-party types stay out of signatures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Complex {
    pub re: f64,
    pub im: f64,
}

impl Complex {
    pub fn polar(modulus: f64, angle: f64) -> Self {
        Self { re: modulus * angle.cos(), im: modulus * angle.sin() }
    }

    pub fn times(self, other: Self) -> Self {
        Self { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }

    pub fn plus(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }

    pub fn scaled(self, factor: f64) -> Self {
        Self { re: self.re * factor, im: self.im * factor }
    }

    pub fn modulus(self) -> f64 {
        self.re.hypot(self.im)
    }
}

/// Smaller terms than `exp(-DEPTH)` of the largest do not change a double.
const DEPTH: f64 = 40.0;

/// The ray of integration for one exponent and one `ωτ`.
struct Ray {
    beta: f64,
    omega: f64,
    /// `βθ`: angle of both exponents.
    angle: f64,
}

impl Ray {
    fn new(beta: f64, omega: f64) -> Self {
        Self { beta, omega, angle: beta * std::f64::consts::FRAC_PI_2 / (1.0 + beta) }
    }

    /// `u^power exp(-u e^{-iβθ} - ωτ u^{1/β} e^{iβθ})` at `u = exp(x)`.
    fn integrand(&self, x: f64, power: f64) -> Complex {
        let (u, s) = (x.exp(), self.omega * (x / self.beta).exp());
        let (sin, cos) = self.angle.sin_cos();
        Complex::polar((power * x - (u + s) * cos).exp(), (u - s) * sin)
    }

    /// Logarithm of the modulus of the integrand; concave in `x`.
    fn depth(&self, x: f64, power: f64) -> f64 {
        power * x - (x.exp() + self.omega * (x / self.beta).exp()) * self.angle.cos()
    }

    /// Where the integrand is not negligible.
    fn ends(&self, power: f64) -> (f64, f64) {
        let slope = |x: f64| power - (x.exp() + self.omega / self.beta * (x / self.beta).exp()) * self.angle.cos();
        let far = 10.0 + self.beta * self.omega.ln().abs();
        let peak = bisect(slope, -far - 10.0 * power, far + power);
        let edge = self.depth(peak, power) - DEPTH;
        let below = |x: f64| self.depth(x, power) - edge;
        (bisect(|x| -below(x), peak - 2.0 * DEPTH - far, peak), bisect(below, peak, peak + far + DEPTH))
    }

    /// `∫_0^∞ u^(power-1) exp(...) du`, to about 1e-14 of its modulus.
    fn integral(&self, power: f64) -> Complex {
        let (lo, hi) = self.ends(power);
        let sum = |first: f64, step: f64| {
            let n = ((hi - first) / step).floor().max(0.0) as usize;
            (0..=n).fold(Complex { re: 0.0, im: 0.0 }, |sum, i| sum.plus(self.integrand(first + i as f64 * step, power)))
        };
        let mut step = (hi - lo) / 32.0;
        let mut total = sum(lo, step);
        let mut last = total.scaled(step);
        for _ in 0..10 {
            total = total.plus(sum(lo + 0.5 * step, step));
            step *= 0.5;
            let value = total.scaled(step);
            let change = value.plus(last.scaled(-1.0)).modulus();
            last = value;
            if change <= 1e-14 * value.modulus() {
                break;
            }
        }
        last
    }
}

/// Where a falling function passes zero, to a thousandth.
fn bisect(function: impl Fn(f64) -> f64, mut lo: f64, mut hi: f64) -> f64 {
    while hi - lo > 1e-3 {
        let middle = 0.5 * (lo + hi);
        if function(middle) > 0.0 { lo = middle } else { hi = middle }
    }
    0.5 * (lo + hi)
}

/// `χ = χ' - iχ''` of the stretched exponential at `ωτ = omega > 0`, `0 < beta <= 1`, the loss to about 1e-13 of itself, the
/// storage to about 1e-14 of the modulus.
///
/// The loss comes from `ω ∫ φ cos ωt dt` below `ωτ = 1` and from `∫ (-dφ/dt) sin ωt dt` above, the storage from the latter
/// everywhere, so that neither is the small difference of large numbers.
pub(super) fn susceptibility(beta: f64, omega: f64) -> Complex {
    let ray = Ray::new(beta, omega);
    let derivative = ray.integral(1.0).times(Complex::polar(1.0, -ray.angle));
    if omega >= 1.0 {
        return Complex { re: derivative.re, im: -derivative.im };
    }
    // ∫ φ e^{-iωt} dt = e^{-iθ} ∫ ... ds, ds = u^{1/β} d(ln u)/β.
    let theta = std::f64::consts::FRAC_PI_2 / (1.0 + beta);
    let integral = ray.integral(1.0 / beta).times(Complex::polar(omega / beta, -theta));
    Complex { re: derivative.re, im: integral.re }
}

/// `dχ''/d ln ω` at `ωτ = omega`; zero at the loss peak.
pub(super) fn loss_slope(beta: f64, omega: f64) -> f64 {
    let ray = Ray::new(beta, omega);
    // d/d ln ω brings -ωτ u^{1/β} e^{iβθ} under ∫ (-dφ/dt) e^{-iωt} dt, whose prefactor is e^{-iβθ}.
    omega * ray.integral(1.0 + 1.0 / beta).im
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_debye() {
        for omega in [1e-6, 1e-3, 0.1, 0.999, 1.0, 3.0, 1e3, 1e6] {
            let chi = susceptibility(1.0, omega);
            let debye = 1.0 / (1.0 + omega * omega);
            // The real part is a small share of the modulus at high frequency.
            assert!((chi.re - debye).abs() < 1e-13 * chi.modulus(), "{omega}: {}", chi.re / debye - 1.0);
            assert!((chi.im / (omega * debye) - 1.0).abs() < 1e-12, "{omega}: {}", chi.im / (omega * debye) - 1.0);
        }
    }

    /// By mpmath with 60 digits: the convergent series of `χ` in powers of `(iωτ)^(-β)`, summed until it stands still.
    #[test]
    fn agrees_with_the_series_in_many_digits() {
        for (beta, omega, re, im) in REFERENCE {
            let chi = susceptibility(*beta, *omega);
            assert!((chi.re / re - 1.0).abs() < 1e-12, "{beta} {omega}: χ' {} {}", chi.re, chi.re / re - 1.0);
            assert!((chi.im / im - 1.0).abs() < 1e-12, "{beta} {omega}: χ'' {} {}", chi.im, chi.im / im - 1.0);
        }
    }

    #[test]
    fn the_slope_is_the_slope() {
        for (beta, omega) in [(0.1, 0.3), (0.3, 0.01), (0.5, 2.0), (0.9, 1.1), (1.0, 0.5)] {
            let h = 1e-4;
            let loss = |f: f64| susceptibility(beta, omega * f64::exp(f)).im;
            let numeric = (8.0 * (loss(h) - loss(-h)) - (loss(2.0 * h) - loss(-2.0 * h))) / (12.0 * h);
            assert!((loss_slope(beta, omega) - numeric).abs() < 1e-10, "{beta} {omega}: {} {numeric}", loss_slope(beta, omega));
        }
    }

    #[allow(clippy::excessive_precision, reason = "as the reference program printed them")]
    const REFERENCE: &[(f64, f64, f64, f64)] = &[
        (0.1, 1e-3, 0.84907636420352545, 0.04475352741180321),
        (0.1, 0.05, 0.72075186828297975, 0.055715845287380914),
        (0.1, 0.6, 0.62982000674991175, 0.057574431738790798),
        (0.1, 1.0, 0.61095726728526822, 0.05749553644669619),
        (0.1, 20.0, 0.50286167554537646, 0.054482506820469345),
        (0.1, 1e4, 0.31258508261504429, 0.040551140534629073),
        (0.2, 1e-3, 0.97436949019453104, 0.032802551797252856),
        (0.2, 0.05, 0.80693610306722006, 0.098477566945045794),
        (0.2, 0.6, 0.62840237181414093, 0.11408906763820469),
        (0.2, 1.0, 0.59021771630790242, 0.11359727272474281),
        (0.2, 20.0, 0.38478869853524341, 0.0941592853205518),
        (0.2, 1e4, 0.12972329506814393, 0.038875287223410905),
        (0.3, 1e-3, 0.99893596297579341, 0.0088996783847658297),
        (0.3, 0.05, 0.88498032534009501, 0.11691734409703232),
        (0.3, 0.6, 0.62882890777267976, 0.16895163668087569),
        (0.3, 1.0, 0.57032201092432488, 0.16774807683426031),
        (0.3, 20.0, 0.28401554405817353, 0.11553441072430247),
        (0.3, 1e4, 0.049415741817989304, 0.024308113376965242),
        (0.5, 1e-3, 0.99998800167933524, 0.0019998800302227203),
        (0.5, 0.05, 0.97615527112871229, 0.089684585491642302),
        (0.5, 0.6, 0.63929656011458448, 0.27203647150611513),
        (0.5, 1.0, 0.53487797453351757, 0.27051358016221414),
        (0.5, 20.0, 0.13857064877519355, 0.11686638910229838),
        (0.5, 1e4, 0.0062664148536853831, 0.0062167273488946794),
        (0.7, 0.05, 0.9938211503909983, 0.062532454427237124),
        (0.7, 0.6, 0.66810919324561693, 0.3605295189530148),
        (0.7, 1.0, 0.50902464135014128, 0.36765181757604169),
        (0.7, 20.0, 0.055518444670685471, 0.091791976195961949),
        (0.7, 1e4, 0.00065470516456213518, 0.0012818719756488311),
        (0.9, 0.6, 0.71255202044363367, 0.42225127980870767),
        (0.9, 1.0, 0.49839873234165096, 0.45869960959668585),
        (0.9, 20.0, 0.013672879448564392, 0.062723926435915862),
        (0.9, 1e4, 3.7842462263398655e-5, 0.00023859399273051085),
        (0.97, 1.0, 0.49904772884345767, 0.48802289205237937),
        (0.97, 20.0, 0.0053377645001034236, 0.053558328682868726),
        (0.97, 1e4, 6.1497457964813158e-6, 0.00013005614731975929),
    ];
}
