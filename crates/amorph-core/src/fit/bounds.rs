//! Parameters and the smooth transforms that keep them within bounds.

use super::FitError;

/// Allowed range of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// Any real number.
    Free,
    /// At least this value.
    Lower(f64),
    /// At most this value.
    Upper(f64),
    /// Between two values, ends included.
    Both {
        /// Smallest value.
        lower: f64,
        /// Largest value.
        upper: f64,
    },
    /// Held at its start value.
    Fixed,
}

impl Bound {
    /// Smallest and largest allowed value; infinite where open.
    pub fn limits(self) -> (f64, f64) {
        match self {
            Bound::Free | Bound::Fixed => (f64::NEG_INFINITY, f64::INFINITY),
            Bound::Lower(lower) => (lower, f64::INFINITY),
            Bound::Upper(upper) => (f64::NEG_INFINITY, upper),
            Bound::Both { lower, upper } => (lower, upper),
        }
    }
}

/// A named fit parameter: start value, bounds and typical magnitude.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Name used in messages and tables.
    pub name: String,
    /// Start value (the value itself when fixed).
    pub start: f64,
    /// Allowed range.
    pub bound: Bound,
    /// Typical magnitude; sets difference steps near zero and the width of the
    /// bound transforms.
    pub scale: f64,
}

impl Parameter {
    /// A free parameter whose typical magnitude is that of its start value
    /// (one when it starts at zero; see [`Parameter::scale`]).
    pub fn new(name: impl Into<String>, start: f64) -> Self {
        let scale = if start == 0.0 { 1.0 } else { start.abs() };
        Self { name: name.into(), start, bound: Bound::Free, scale }
    }

    /// Sets the typical magnitude, needed when a parameter in SI units starts at zero.
    pub fn scale(self, scale: f64) -> Self {
        Self { scale: scale.abs(), ..self }
    }

    /// Requires `value >= lower`.
    pub fn at_least(self, lower: f64) -> Self {
        let bound = match self.bound.limits().1 {
            upper if upper.is_finite() => Bound::Both { lower, upper },
            _ => Bound::Lower(lower),
        };
        Self { bound, ..self }
    }

    /// Requires `value <= upper`.
    pub fn at_most(self, upper: f64) -> Self {
        let bound = match self.bound.limits().0 {
            lower if lower.is_finite() => Bound::Both { lower, upper },
            _ => Bound::Upper(upper),
        };
        Self { bound, ..self }
    }

    /// Requires `lower <= value <= upper`.
    pub fn within(self, lower: f64, upper: f64) -> Self {
        Self { bound: Bound::Both { lower, upper }, ..self }
    }

    /// Holds the parameter at its start value.
    pub fn fixed(self) -> Self {
        Self { bound: Bound::Fixed, ..self }
    }

    pub(super) fn is_fixed(&self) -> bool {
        self.bound == Bound::Fixed
    }

    pub(super) fn check(&self) -> Result<(), FitError> {
        let (lower, upper) = self.bound.limits();
        let inside = self.start.is_finite() && self.start >= lower && self.start <= upper;
        let scaled = self.scale.is_finite() && self.scale > 0.0;
        if inside && scaled && lower < upper {
            return Ok(());
        }
        Err(FitError::StartOutsideBounds { parameter: self.name.clone(), start: self.start, lower, upper })
    }

    /// Whether `value` sits on a bound, to one part in 10⁹ of the scale.
    pub(super) fn touches_bound(&self, value: f64) -> bool {
        let (lower, upper) = self.bound.limits();
        let near = 1e-9 * self.width();
        (value - lower).abs() <= near || (upper - value).abs() <= near
    }

    /// The bound that `value` is close to, within a hundredth of the width.
    pub(super) fn bound_near(&self, value: f64) -> Option<f64> {
        let (lower, upper) = self.bound.limits();
        let near = 1e-2 * self.width();
        [lower, upper].into_iter().find(|bound| (value - bound).abs() <= near)
    }

    /// Width of the bound transform.
    fn width(&self) -> f64 {
        match self.bound {
            Bound::Both { lower, upper } => 0.5 * (upper - lower),
            _ => self.scale,
        }
    }

    /// Unbounded coordinate of a value. A value on a bound is moved inside by a
    /// thousandth of the width, because the transform is flat there.
    pub(super) fn encode(&self, value: f64) -> f64 {
        let width = self.width();
        let (lower, upper) = self.bound.limits();
        let inside = match self.touches_bound(value) {
            true => value.max(lower + 1e-3 * width).min(upper - 1e-3 * width),
            false => value,
        };
        match self.bound {
            Bound::Free | Bound::Fixed => value,
            Bound::Lower(lower) => inverse_one_sided((inside - lower) / width) * width,
            Bound::Upper(upper) => inverse_one_sided((upper - inside) / width) * width,
            Bound::Both { lower, .. } => ((inside - lower) / width - 1.0).asin(),
        }
    }

    /// Value and its derivative at the unbounded coordinate `u`.
    ///
    /// One-sided `x = lower + w (√(1 + (u/w)²) - 1)` and two-sided
    /// `x = lower + w (1 + sin u)`: the transforms of MINUIT (James & Roos 1975,
    /// doi:10.1016/0010-4655(75)90039-9), made scale-free.
    pub(super) fn decode(&self, u: f64) -> (f64, f64) {
        let width = self.width();
        let t = u / width;
        let root = (1.0 + t * t).sqrt();
        match self.bound {
            Bound::Free => (u, 1.0),
            Bound::Fixed => (self.start, 0.0),
            Bound::Lower(lower) => (lower + width * t * t / (1.0 + root), t / root),
            Bound::Upper(upper) => (upper - width * t * t / (1.0 + root), -t / root),
            Bound::Both { lower, upper } => {
                let value = lower + width * (1.0 + u.sin());
                (value.clamp(lower, upper), width * u.cos())
            }
        }
    }
}

/// Solves `y = √(1 + t²) - 1` for `t >= 0`.
fn inverse_one_sided(y: f64) -> f64 {
    (y * (y + 2.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shapes(start: f64, gap: f64) -> [Parameter; 4] {
        let p = Parameter::new("p", start);
        [p.clone(), p.clone().at_least(start - gap), p.clone().at_most(start + gap), p.within(start - gap, start + 2.0 * gap)]
    }

    proptest! {
        #[test]
        fn transform_round_trips_within_bounds(start in -1e3..1e3f64, gap in 0.1..10.0f64, u in -50.0..50.0f64) {
            for p in shapes(start, gap) {
                let (back, _) = p.decode(p.encode(start));
                prop_assert!((back - start).abs() <= 1e-9 * start.abs().max(gap));
                let (value, slope) = p.decode(u);
                let (lower, upper) = p.bound.limits();
                prop_assert!(value >= lower && value <= upper);
                let h = 1e-5 * u.abs().max(1.0);
                let numeric = (p.decode(u + h).0 - p.decode(u - h).0) / (2.0 * h);
                prop_assert!((numeric - slope).abs() <= 1e-4 * slope.abs().max(gap).max(1.0));
            }
        }
    }

    #[test]
    fn tiny_si_values_keep_their_digits() {
        let p = Parameter::new("length", 3e-19).at_least(0.0);
        let (back, slope) = p.decode(p.encode(3e-19));
        assert!((back / 3e-19 - 1.0).abs() < 1e-14);
        assert!(slope > 0.0);
    }

    #[test]
    fn start_on_a_bound_is_not_a_dead_end() {
        for p in [Parameter::new("a", 2.0).at_least(2.0), Parameter::new("a", 2.0).within(0.0, 2.0)] {
            assert!(p.decode(p.encode(2.0)).1.abs() > 1e-3);
        }
    }

    #[test]
    fn empty_bounds_and_bad_starts_are_refused() {
        assert!(Parameter::new("a", 1.0).within(1.0, 1.0).check().is_err());
        assert!(Parameter::new("a", 1.0).at_least(2.0).check().is_err());
        assert!(Parameter::new("a", f64::NAN).check().is_err());
        assert!(Parameter::new("a", 1.0).at_least(0.0).at_most(3.0).check().is_ok());
    }
}
