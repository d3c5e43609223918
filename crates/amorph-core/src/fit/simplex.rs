//! Nelder-Mead minimisation for likelihoods without derivatives.

use super::FitError;

/// Settings of the simplex search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NelderMead {
    /// Stop when the simplex spans less than this fraction of the first steps.
    pub x_tolerance: f64,
    /// ... and its values differ by less than this, relative to `1 + |value|`.
    pub f_tolerance: f64,
    /// Evaluations allowed.
    pub max_evaluations: usize,
    /// Fresh simplexes built at the minimum found, against stagnation.
    pub restarts: usize,
}

impl Default for NelderMead {
    fn default() -> Self {
        Self { x_tolerance: 1e-8, f_tolerance: 1e-12, max_evaluations: 20_000, restarts: 2 }
    }
}

/// Minimum found by the simplex search.
#[derive(Debug, Clone, PartialEq)]
pub struct SimplexMinimum {
    /// Position.
    pub x: Vec<f64>,
    /// Function value there.
    pub value: f64,
    /// Function evaluations.
    pub evaluations: usize,
}

type Vertex = (Vec<f64>, f64);

impl NelderMead {
    /// Minimises `f` from `start` with a first simplex of edge `steps`.
    ///
    /// Coefficients adapted to the dimension (Gao & Han 2012,
    /// doi:10.1007/s10589-010-9329-3). NaN counts as infinity, so a likelihood may
    /// return it outside its domain.
    ///
    /// # Errors
    /// Unequal lengths, no parameter, a start where `f` is not finite, or no
    /// convergence within the evaluations allowed.
    pub fn minimise(&self, mut f: impl FnMut(&[f64]) -> f64, start: &[f64], steps: &[f64]) -> Result<SimplexMinimum, FitError> {
        let n = start.len();
        if n == 0 {
            return Err(FitError::NoFreeParameter { n_parameters: 0 });
        }
        if steps.len() != n {
            return Err(FitError::LengthMismatch { what: "the steps", found: steps.len(), expected: n });
        }
        if let Some(index) = steps.iter().position(|s| !(s.is_finite() && *s != 0.0)) {
            let (what, rule) = ("step", "not zero");
            return Err(FitError::BadWeight { what, index, value: steps[index], rule });
        }
        let mut evaluations = 0;
        let mut count = |x: &[f64]| {
            evaluations += 1;
            let value = f(x);
            if value.is_nan() { f64::INFINITY } else { value }
        };
        let at_start = count(start);
        if !at_start.is_finite() {
            let (what, params) = ("the function value", start.to_vec());
            return Err(FitError::NotFinite { what, index: 0, value: at_start, params });
        }
        let mut best = (start.to_vec(), at_start);
        for round in 0..=self.restarts {
            let shrink = 0.1f64.powi(round as i32);
            let scaled: Vec<f64> = steps.iter().map(|s| s * shrink).collect();
            best = self.search(&mut count, best, &scaled, steps)?;
        }
        let (x, value) = best;
        Ok(SimplexMinimum { x, value, evaluations })
    }

    fn search(
        &self,
        f: &mut impl FnMut(&[f64]) -> f64,
        start: Vertex,
        steps: &[f64],
        reference: &[f64],
    ) -> Result<Vertex, FitError> {
        let n = steps.len();
        let mut simplex = vec![start.clone()];
        for (i, step) in steps.iter().enumerate() {
            let mut x = start.0.clone();
            x[i] += step;
            let value = f(&x);
            simplex.push((x, value));
        }
        for _ in 0..self.max_evaluations {
            simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
            if self.converged(&simplex, reference) {
                return Ok(simplex.swap_remove(0));
            }
            if !move_worst(f, &mut simplex) {
                let shrink = if n == 1 { 0.5 } else { 1.0 - 1.0 / n as f64 };
                let best = simplex[0].0.clone();
                for (x, value) in simplex.iter_mut().skip(1) {
                    *x = along(&best, x, shrink);
                    *value = f(x);
                }
            }
        }
        Err(FitError::NotConverged { evaluations: self.max_evaluations, objective: simplex[0].1 })
    }

    /// Whether an ordered simplex is small enough in x and in value.
    fn converged(&self, simplex: &[Vertex], reference: &[f64]) -> bool {
        let (best, lowest) = &simplex[0];
        let highest = simplex[simplex.len() - 1].1;
        let flat = highest - lowest <= self.f_tolerance * (1.0 + lowest.abs());
        let near = |x: &[f64]| {
            let moved = x.iter().zip(best).zip(reference);
            moved
                .into_iter()
                .all(|((a, b), step)| (a - b).abs() <= self.x_tolerance * step.abs() + 4.0 * f64::EPSILON * b.abs())
        };
        flat && simplex.iter().all(|(x, _)| near(x))
    }
}

/// `from + factor (to - from)`.
fn along(from: &[f64], to: &[f64], factor: f64) -> Vec<f64> {
    from.iter().zip(to).map(|(a, b)| a + factor * (b - a)).collect()
}

/// Reflects, expands or contracts the worst vertex; false if none of it helps.
fn move_worst(f: &mut impl FnMut(&[f64]) -> f64, simplex: &mut [Vertex]) -> bool {
    let last = simplex.len() - 1;
    let n = last as f64;
    let (expansion, contraction) = match last {
        1 => (2.0, 0.5),
        _ => (1.0 + 2.0 / n, 0.75 - 0.5 / n),
    };
    let mut centre = vec![0.0; last];
    for (x, _) in &simplex[..last] {
        for (c, v) in centre.iter_mut().zip(x) {
            *c += v / n;
        }
    }
    let (worst, highest) = simplex[last].clone();
    let mut try_at = |factor: f64| {
        let x = along(&centre, &worst, factor);
        let value = f(&x);
        (x, value)
    };
    let reflected = try_at(-1.0);
    let chosen = if reflected.1 < simplex[0].1 {
        let expanded = try_at(-expansion);
        if expanded.1 < reflected.1 { expanded } else { reflected }
    } else if reflected.1 < simplex[last - 1].1 {
        reflected
    } else {
        let outside = reflected.1 < highest;
        let limit = reflected.1.min(highest);
        let contracted = try_at(if outside { -contraction } else { contraction });
        if contracted.1 >= limit {
            return false;
        }
        contracted
    };
    simplex[last] = chosen;
    true
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rosenbrock_in_two_and_six_dimensions() {
        let f = |x: &[f64]| -> f64 { x.windows(2).map(|w| 100.0 * (w[1] - w[0] * w[0]).powi(2) + (1.0 - w[0]).powi(2)).sum() };
        for n in [2, 6] {
            let start: Vec<f64> = (0..n).map(|i| if i % 2 == 0 { -1.2 } else { 1.0 }).collect();
            let start = if n == 6 { vec![0.5; 6] } else { start };
            let found = NelderMead::default().minimise(f, &start, &vec![0.5; n]).unwrap();
            assert!(found.x.iter().all(|v| (v - 1.0).abs() < 1e-5), "{found:?}");
        }
    }

    #[test]
    fn one_dimension_and_a_forbidden_half_line() {
        let f = |x: &[f64]| x[0] - 2.0 * x[0].ln();
        let found = NelderMead::default().minimise(f, &[0.1], &[-0.5]).unwrap();
        assert!((found.x[0] - 2.0).abs() < 1e-6);
    }

    #[test]
    fn tiny_units_do_not_matter() {
        let f = |x: &[f64]| (x[0] / 1e-9 - 3.0).powi(2) + (x[1] / 1e9 - 2.0).powi(2);
        let found = NelderMead::default().minimise(f, &[1e-9, 1e9], &[1e-9, 1e9]).unwrap();
        assert!((found.x[0] / 3e-9 - 1.0).abs() < 1e-6 && (found.x[1] / 2e9 - 1.0).abs() < 1e-6);
    }

    #[test]
    fn bad_starts_are_refused() {
        let nm = NelderMead::default();
        assert!(matches!(nm.minimise(|x| x[0].ln(), &[-1.0], &[0.1]), Err(FitError::NotFinite { .. })));
        assert!(matches!(nm.minimise(|x| x[0], &[1.0], &[]), Err(FitError::LengthMismatch { .. })));
        assert!(matches!(nm.minimise(|x| x[0], &[1.0], &[1.0]), Err(FitError::NotConverged { .. })));
    }
}
