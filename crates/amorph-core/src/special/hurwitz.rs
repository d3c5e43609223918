/// Terms that are added one by one before the sum is continued.
const DIRECT: f64 = 12.0;
/// `B_2k/(2k)!` for k = 1 to 8.
const BERNOULLI: [f64; 8] = [
    1.0 / 12.0,
    -1.0 / 720.0,
    1.0 / 30_240.0,
    -1.0 / 1_209_600.0,
    1.0 / 47_900_160.0,
    -691.0 / 1_307_674_368_000.0,
    1.0 / 74_724_249_600.0,
    -3617.0 / 10_670_622_842_880_000.0,
];

/// Hurwitz zeta function `Σ_{k≥0} (k + q)^-s` for `s > 1` and `q > 0`, by the Euler-Maclaurin formula; NaN elsewhere.
pub fn hurwitz_zeta(s: f64, q: f64) -> f64 {
    if s.is_nan() || q.is_nan() || s <= 1.0 || q <= 0.0 {
        return f64::NAN;
    }
    let n = (DIRECT - q).ceil().max(0.0);
    let direct: f64 = (0..n as usize).map(|k| (q + k as f64).powf(-s)).sum();
    let a = q + n;
    let power = a.powf(-s);
    let mut sum = direct + a * power / (s - 1.0) + 0.5 * power;
    // s (s+1) ... (s+2k-2) a^(-s-2k+1)
    let mut factor = s * power / a;
    for (k, bernoulli) in BERNOULLI.iter().enumerate() {
        sum += bernoulli * factor;
        let next = 2.0 * k as f64 + 1.0;
        factor *= (s + next) * (s + next + 1.0) / (a * a);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let pi = std::f64::consts::PI;
        // ζ(2) = π²/6, ζ(4) = π⁴/90; ζ(3/2) and Apéry's constant from tables.
        for (s, q, exact) in [
            (2.0, 1.0, pi * pi / 6.0),
            (4.0, 1.0, pi.powi(4) / 90.0),
            (1.5, 1.0, 2.612_375_348_685_488),
            (3.0, 1.0, 1.202_056_903_159_594_3),
            (2.0, 0.5, pi * pi / 2.0),
        ] {
            assert!((hurwitz_zeta(s, q) / exact - 1.0).abs() < 1e-14, "{s} {q}: {}", hurwitz_zeta(s, q));
        }
        assert!(hurwitz_zeta(1.0, 1.0).is_nan() && hurwitz_zeta(2.0, 0.0).is_nan());
    }

    #[test]
    fn steps_by_its_first_term() {
        for s in [1.01, 1.7, 3.3, 9.0] {
            for q in [0.3, 1.0, 7.0, 11.5, 400.0] {
                let difference = hurwitz_zeta(s, q) - hurwitz_zeta(s, q + 1.0);
                assert!((difference / f64::powf(q, -s) - 1.0).abs() < 1e-9, "{s} {q}");
            }
        }
    }
}
