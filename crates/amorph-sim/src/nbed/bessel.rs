//! Bessel functions of the first kind, for the average over directions in a plane.

use std::f64::consts::TAU;

/// Step of the table.
const STEP: f64 = 0.02;

/// `(J0(x), J1(x))` for `x >= 0`.
///
/// Bessel's integral by the trapezoidal rule, which for a periodic integrand errs by `J_N(x)`: nothing for `N > x + 40`.
/// `J0` is the mean of `cos(x sin θ)` and `J1` that of `sin θ sin(x sin θ)`; all quarters of the circle give the same.
pub fn bessel(x: f64) -> (f64, f64) {
    let quarter = (x.abs().ceil() as usize + 40).div_ceil(4);
    let (mut j0, mut j1) = (0.0, 0.0);
    for i in 0..=quarter {
        let height = (0.25 * TAU * i as f64 / quarter as f64).sin();
        let (sin, cos) = (x * height).sin_cos();
        let weight = if i == 0 || i == quarter { 0.5 } else { 1.0 };
        j0 += weight * cos;
        j1 += weight * height * sin;
    }
    (j0 / quarter as f64, j1 / quarter as f64)
}

/// `2 J1(x) / x`: the amplitude of a round aperture, without a table.
#[cfg(test)]
pub fn airy(x: f64) -> f64 {
    if x.abs() < 1e-6 { 1.0 } else { 2.0 * bessel(x).1 / x }
}

/// `J0` and `2 J1(x) / x` between 0 and a largest argument, from a table; right to 1e-9.
#[derive(Debug, Clone)]
pub struct BesselTable {
    values: Vec<(f64, f64)>,
}

impl BesselTable {
    /// Up to `largest`.
    pub fn up_to(largest: f64) -> Self {
        let n = (largest / STEP).ceil().max(0.0) as usize + 2;
        Self { values: (0..n).map(|i| bessel(i as f64 * STEP)).collect() }
    }

    /// `J0(x)` by Hermite's cubic with the derivative `-J1`; beyond the table its end.
    pub fn j0(&self, x: f64) -> f64 {
        let (cell, t) = self.place(x);
        let [(a, fall_a), (b, fall_b)] = [self.values[cell], self.values[cell + 1]];
        hermite(t, [a, -fall_a], [b, -fall_b])
    }

    /// `2 J1(x) / x` by Hermite's cubic with the derivative `2 (J0(x) - 2 J1(x) / x) / x`; beyond the table its end.
    pub fn airy(&self, x: f64) -> f64 {
        let (cell, t) = self.place(x);
        let node = |i: usize| {
            let ((j0, j1), x) = (self.values[i], i as f64 * STEP);
            if i == 0 { [1.0, 0.0] } else { [2.0 * j1 / x, 2.0 * (j0 - 2.0 * j1 / x) / x] }
        };
        hermite(t, node(cell), node(cell + 1))
    }

    /// `J0` and its first three derivatives at `x`.
    pub fn taylor(&self, x: f64) -> [f64; 4] {
        let (j0, half_airy) = (self.j0(x), 0.5 * self.airy(x));
        // J0' = -J1; J0'' = J1/x - J0; J0''' = J1 + (J0 - 2 J1/x)/x, which is 3x/8 near zero.
        let third = if x < 1e-3 { 0.375 * x } else { x * half_airy + (j0 - 2.0 * half_airy) / x };
        [j0, -x * half_airy, half_airy - j0, third]
    }

    /// Cell of an argument and how far in it lies.
    fn place(&self, x: f64) -> (usize, f64) {
        let at = (x / STEP).max(0.0);
        let cell = (at as usize).min(self.values.len().saturating_sub(2));
        (cell, (at - cell as f64).min(1.0))
    }
}

/// Hermite's cubic at `t` of a cell, from value and derivative at its ends.
fn hermite(t: f64, [a, slope_a]: [f64; 2], [b, slope_b]: [f64; 2]) -> f64 {
    let (u, v) = (1.0 - t, t);
    u * u * (1.0 + 2.0 * v) * a + v * v * (1.0 + 2.0 * u) * b + STEP * (u * u * v * slope_a - u * v * v * slope_b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Abramowitz & Stegun, table 9.1.
    #[test]
    fn tabulated_values_are_met() {
        for (x, j0, j1) in [
            (0.0, 1.0, 0.0),
            (1.0, 0.765_197_686_6, 0.440_050_585_7),
            (5.0, -0.177_596_771_3, -0.327_579_137_6),
            (10.0, -0.245_935_764_5, 0.043_472_746_2),
            (100.0, 0.019_985_850_3, -0.077_145_352_0),
        ] {
            let found = bessel(x);
            assert!((found.0 - j0).abs() < 1e-9 && (found.1 - j1).abs() < 1e-9, "{x}: {found:?}");
        }
        let table = BesselTable::up_to(150.0);
        for i in 0..1500 {
            let x = 0.0937 * f64::from(i);
            assert!((table.j0(x) - bessel(x).0).abs() < 1e-9, "{x}");
            assert!((table.airy(x) - airy(x)).abs() < 1e-9, "{x}");
        }
    }

    /// Within 0.08 of a point the cubic is right to 3/8 · 0.08⁴/24, and the table to 1e-9; the derivatives in between to 1e-6.
    #[test]
    fn a_cubic_follows_the_function() {
        let table = BesselTable::up_to(100.0);
        for i in 0..4000 {
            let x = 0.0213 * f64::from(i);
            let [value, first, second, third] = table.taylor(x);
            for beyond in [-0.08f64, -0.03, 0.05, 0.08] {
                let cubic = value + beyond * (first + beyond * (second / 2.0 + beyond * third / 6.0));
                assert!((cubic - bessel((x + beyond).abs()).0).abs() < 7e-7, "{x} {beyond}");
            }
        }
    }
}
