//! Nonlinear fits recover the truth, their intervals cover it, and impossible
//! requests are refused.

use amorph_core::fit::{Convergence, ErrorScale, Fit, FitError, LeastSquares, Loss, Parameter, WithJacobian};
use amorph_core::random;
use amorph_core::stats::{coverage, normal_quantile, student_t_quantile};
use approx::assert_relative_eq;
use ndarray::Array2;

const X: [f64; 12] = [0.0, 0.3, 0.7, 1.0, 1.4, 1.9, 2.3, 3.0, 3.6, 4.4, 5.5, 7.0];

fn decay(p: &[f64], x: f64) -> f64 {
    p[0] * (-p[1] * x).exp() + p[2]
}

/// Decay `(3, 0.8, 0.5)` with Gaussian noise of the given size.
fn decay_data(seed: u64, noise: f64) -> Vec<f64> {
    let normals = random::standard_normals(seed, X.len());
    X.iter().zip(normals).map(|(x, e)| decay(&[3.0, 0.8, 0.5], *x) + noise * e).collect()
}

fn decay_residuals(y: Vec<f64>) -> impl Fn(&[f64]) -> Vec<f64> {
    move |p| X.iter().zip(&y).map(|(x, y)| decay(p, *x) - y).collect()
}

fn decay_parameters() -> Vec<Parameter> {
    vec![
        Parameter::new("amplitude", 1.0),
        Parameter::new("rate", 0.3).at_least(0.0),
        Parameter::new("offset", 0.0).within(-5.0, 5.0),
    ]
}

/// `n` measurements `values` of `mean(p)`, with unit error each.
fn direct(values: &'static [f64], mean: fn(f64) -> f64) -> impl Fn(&[f64]) -> Vec<f64> {
    move |p| values.iter().map(|v| mean(p[0]) - v).collect()
}

#[test]
fn exact_data_are_fitted_exactly() {
    let fit = LeastSquares::new(decay_parameters()).fit(&decay_residuals(decay_data(1, 0.0))).unwrap();
    for (found, want) in fit.params.iter().zip([3.0, 0.8, 0.5]) {
        assert_relative_eq!(*found, want, max_relative = 1e-9);
    }
    assert!(fit.residual_sum < 1e-18 && fit.dof == 9 && !fit.at_bound.contains(&true));
}

#[test]
fn analytic_and_numeric_derivatives_give_the_same_fit() {
    let y = decay_data(2, 0.1);
    let problem = LeastSquares::new(decay_parameters());
    let numeric = problem.fit(&decay_residuals(y.clone())).unwrap();
    let jacobian = |p: &[f64]| {
        Array2::from_shape_fn((X.len(), 3), |(i, j)| {
            let e = (-p[1] * X[i]).exp();
            [e, -p[0] * X[i] * e, 1.0][j]
        })
    };
    let analytic = problem.fit(&WithJacobian { residuals: decay_residuals(y), jacobian }).unwrap();
    for j in 0..3 {
        assert_relative_eq!(numeric.params[j], analytic.params[j], max_relative = 1e-7);
        assert_relative_eq!(numeric.std_errors[j], analytic.std_errors[j], max_relative = 1e-7);
    }
    assert!(analytic.evaluations < numeric.evaluations);
    assert!(analytic.correlation(0, 0) > 0.999_999 && analytic.correlation(1, 2) > 0.0);
}

#[test]
fn units_of_the_parameters_do_not_matter() {
    let y = decay_data(3, 0.1);
    let plain = LeastSquares::new(decay_parameters()).fit(&decay_residuals(y.clone())).unwrap();
    let scales = [1e-9, 1e12, 1e-21];
    let scaled = |p: &[f64]| -> Vec<f64> {
        let natural = [p[0] / scales[0], p[1] / scales[1], p[2] / scales[2]];
        X.iter().zip(&y).map(|(x, y)| decay(&natural, *x) - y).collect()
    };
    let parameters = vec![
        Parameter::new("amplitude", 1e-9),
        Parameter::new("rate", 0.3e12).at_least(0.0),
        Parameter::new("offset", 0.0).scale(1e-21).within(-5e-21, 5e-21),
    ];
    let fit = LeastSquares::new(parameters).fit(&scaled).unwrap();
    for (j, scale) in scales.iter().enumerate() {
        assert_relative_eq!(fit.params[j] / scale, plain.params[j], max_relative = 1e-6);
        assert_relative_eq!(fit.std_errors[j] / scale, plain.std_errors[j], max_relative = 1e-6);
    }
}

#[test]
fn weights_sigma_and_information_by_hand() {
    // One mean of 1, 2, 6 with σ 1, 1, 2: weights 1, 1, 1/4, mean 2, χ² = 1 + 0 + 4.
    let model = direct(&[1.0, 2.0, 6.0], |p| p);
    let problem = LeastSquares::new(vec![Parameter::new("mean", 5.0)]);
    let absolute = problem.clone().sigma(&[1.0, 1.0, 2.0]).fit(&model).unwrap();
    assert_relative_eq!(absolute.params[0], 2.0, max_relative = 1e-9);
    assert_relative_eq!(absolute.residual_sum, 5.0, max_relative = 1e-12);
    assert_relative_eq!(absolute.std_errors[0], 2.0 / 3.0, max_relative = 1e-9);
    assert_relative_eq!(absolute.aic, 7.0, max_relative = 1e-12);
    assert_relative_eq!(absolute.bic, 5.0 + 3f64.ln(), max_relative = 1e-12);
    let relative = problem.weights(vec![1.0, 1.0, 0.25]).fit(&model).unwrap();
    assert_relative_eq!(relative.std_errors[0], (2.5f64 / 2.25).sqrt(), max_relative = 1e-9);
    assert_relative_eq!(relative.aic, 3.0 * (5.0f64 / 3.0).ln() + 2.0, max_relative = 1e-12);
}

#[test]
fn a_fixed_parameter_stays() {
    let mut parameters = decay_parameters();
    parameters[2] = Parameter::new("offset", 0.5).fixed();
    let model = decay_residuals(decay_data(4, 0.1));
    let problem = LeastSquares::new(parameters);
    let fit = problem.fit(&model).unwrap();
    assert_eq!((fit.params[2], fit.std_errors[2], fit.n_free), (0.5, 0.0, 2));
    assert_eq!(fit.correlation(0, 2), 0.0);
    let refused = problem.profile_interval(&model, &fit, 2, 0.95);
    assert_eq!(refused, Err(FitError::FixedParameter { parameter: "offset".into() }));
}

#[test]
fn a_minimum_outside_the_bounds_is_met_on_them() {
    // Straight line y = 2x - 1 with the slope or the intercept held back: the other
    // is then the plain one-parameter fit.
    let model = |p: &[f64]| -> Vec<f64> { X.iter().map(|x| p[0] + p[1] * x - (2.0 * x - 1.0)).collect() };
    let (sum, squares): (f64, f64) = (X.iter().sum(), X.iter().map(|x| x * x).sum());
    let slope = (2.0 * squares - sum) / squares;
    let intercept = (0.5 * sum - 12.0) / 12.0;
    let plain = |name| Parameter::new(name, 1.0);
    for (a, b, want) in [
        (plain("a").at_least(0.0), plain("b"), [0.0, slope]),
        (plain("a").within(0.0, 9.0), plain("b"), [0.0, slope]),
        (plain("a"), plain("b").at_most(1.5), [intercept, 1.5]),
        (plain("a"), plain("b").within(-7.0, 1.5), [intercept, 1.5]),
        (plain("a").at_least(0.5), plain("b").at_most(1.5), [0.5, 1.5]),
    ] {
        let fit = LeastSquares::new(vec![a, b]).fit(&model).unwrap();
        for (found, want) in fit.params.iter().zip(want) {
            assert!((found - want).abs() < 1e-7, "{fit:?}");
        }
        assert!(fit.at_bound.contains(&true));
    }
}

#[test]
fn profile_of_a_linear_model_is_the_t_interval() {
    let y = random::standard_normals(5, X.len());
    let model = |p: &[f64]| -> Vec<f64> { X.iter().zip(&y).map(|(x, y)| p[0] + p[1] * x - y).collect() };
    let problem = LeastSquares::new(vec![Parameter::new("a", 1.0), Parameter::new("b", 1.0)]);
    let fit = problem.fit(&model).unwrap();
    for j in 0..2 {
        let interval = problem.profile_interval(&model, &fit, j, 0.9).unwrap();
        let half = student_t_quantile(0.95, 10.0).unwrap() * fit.std_errors[j];
        assert_relative_eq!(interval.lower.unwrap(), fit.params[j] - half, epsilon = 1e-7 * half);
        assert_relative_eq!(interval.upper.unwrap(), fit.params[j] + half, epsilon = 1e-7 * half);
        assert!(interval.refits < 40);
    }
}

#[test]
fn profile_is_invariant_and_says_where_it_is_open() {
    // Mean e^p of four unit errors: the interval is the logarithm of mean ± z/2.
    let half = 0.5 * normal_quantile(0.975).unwrap();
    let problem = LeastSquares::new(vec![Parameter::new("p", 0.1)]).sigma(&[1.0; 4]);
    let far = direct(&[2.0, 3.0, 2.5, 2.5], f64::exp);
    let fit = problem.fit(&far).unwrap();
    let interval = problem.profile_interval(&far, &fit, 0, 0.95).unwrap();
    assert_relative_eq!(interval.lower.unwrap(), (2.5 - half).ln(), max_relative = 1e-7);
    assert_relative_eq!(interval.upper.unwrap(), (2.5 + half).ln(), max_relative = 1e-7);
    // A mean of 0.5 is compatible with zero: no lower end, however far down.
    let near = direct(&[0.4, 0.6, 0.8, 0.2], f64::exp);
    let fit = problem.fit(&near).unwrap();
    let interval = problem.profile_interval(&near, &fit, 0, 0.95).unwrap();
    assert_eq!(interval.lower, None);
    assert_relative_eq!(interval.upper.unwrap(), (0.5 + half).ln(), max_relative = 1e-6);
    // The same with a bound in the way, and with the fit on the bound.
    let bounded = LeastSquares::new(vec![Parameter::new("p", 1.0).at_least(0.0)]).sigma(&[1.0; 4]);
    let inside = direct(&[0.4, 0.6, 0.8, 0.2], |p| p);
    let interval = bounded.profile_interval(&inside, &bounded.fit(&inside).unwrap(), 0, 0.95).unwrap();
    assert_eq!(interval.lower, None);
    assert_relative_eq!(interval.upper.unwrap(), 0.5 + half, max_relative = 1e-7);
    let below = direct(&[-0.4, -0.6, -0.8, -0.2], |p| p);
    let fit = bounded.fit(&below).unwrap();
    assert!(fit.at_bound[0] && fit.params[0] == 0.0);
    let interval = bounded.profile_interval(&below, &fit, 0, 0.95).unwrap();
    // Rise 4 (p + ½)² - 1 = z².
    let want = 0.5 * (1.0 + 4.0 * half * half).sqrt() - 0.5;
    assert_eq!(interval.lower, None);
    assert_relative_eq!(interval.upper.unwrap(), want, max_relative = 1e-6);
}

#[test]
fn profile_intervals_of_a_curved_model_cover() {
    let covers = |index: usize, truth: f64| {
        let trial = |seed| {
            let model = decay_residuals(decay_data(seed, 0.25));
            let problem = LeastSquares::new(decay_parameters());
            let fit = problem.fit(&model).ok()?;
            let interval = problem.profile_interval(&model, &fit, index, 0.95).ok()?;
            Some((interval.lower.unwrap_or(f64::NEG_INFINITY), interval.upper.unwrap_or(f64::INFINITY)))
        };
        coverage(1000, 17, truth, trial).unwrap()
    };
    for (index, truth) in [(0, 3.0), (1, 0.8), (2, 0.5)] {
        let found = covers(index, truth);
        assert!((0.92..=0.97).contains(&found.fraction) && found.undefined <= 20, "{index}: {found:?}");
    }
}

#[test]
fn a_better_minimum_is_reported() {
    // Two valleys at ±1; the fit sits in the shallower one.
    let model = |p: &[f64]| vec![5.0 * (p[0] * p[0] - 1.0), p[0] + 2.0, 0.1 * p[1], 0.1];
    let problem = LeastSquares::new(vec![Parameter::new("p", 1.2), Parameter::new("q", 1.0)]).sigma(&[1.0; 4]);
    let fit = problem.fit(&model).unwrap();
    assert!(fit.params[0] > 0.9);
    let found = problem.profile_interval(&model, &fit, 0, 0.999_999_9);
    assert!(matches!(found, Err(FitError::BetterMinimum { .. })), "{found:?}");
}

/// Line 1 + 2x at 60 places with unit noise, every tenth datum 40 too high.
fn contaminated(seed: u64, outliers: bool) -> impl Fn(&[f64]) -> Vec<f64> {
    let y = random::standard_normals(seed, 60).into_iter().enumerate().map(move |(i, e)| {
        let spoiled = if outliers && i % 10 == 3 { 40.0 } else { 0.0 };
        1.0 + 0.2 * i as f64 + e + spoiled
    });
    let y: Vec<f64> = y.collect();
    move |p| y.iter().enumerate().map(|(i, y)| p[0] + p[1] * 0.1 * i as f64 - y).collect()
}

fn line(loss: Loss) -> LeastSquares {
    LeastSquares::new(vec![Parameter::new("a", 0.5), Parameter::new("b", 1.0)]).loss(loss)
}

#[test]
fn robust_losses_ignore_outliers_and_solve_their_equations() {
    let model = contaminated(6, true);
    let plain = line(Loss::Squares).fit(&model).unwrap();
    let away = |fit: &Fit| (fit.params[0] - 1.0).abs() / fit.std_errors[0];
    assert!((plain.params[0] - 1.0).abs() > 2.0);
    for loss in [Loss::huber(), Loss::soft_l1(), Loss::cauchy()] {
        let fit = line(loss).fit(&model).unwrap();
        assert!((fit.params[0] - 1.0).abs() < 0.8 && away(&fit) < 4.0, "{loss:?}: {fit:?}");
        // Σψ = 0 and Σψ x = 0 at the solution.
        let scale = fit.variance.sqrt();
        let psi = |i: usize| {
            let z = fit.residuals[i] / scale;
            z * loss.weight(z)
        };
        let sums = (0..60).fold((0.0, 0.0), |s, i| (s.0 + psi(i), s.1 + psi(i) * 0.1 * i as f64));
        assert!(sums.0.abs() < 1e-5 && sums.1.abs() < 1e-5, "{loss:?}: {sums:?}");
    }
    let refused = line(Loss::huber()).profile_interval(&model, &plain, 0, 0.95);
    assert_eq!(refused, Err(FitError::ProfileOfRobustFit));
}

#[test]
fn robust_errors_cover_without_outliers() {
    for loss in [Loss::huber(), Loss::soft_l1(), Loss::cauchy()] {
        let trial = |seed| {
            let fit = line(loss).fit(&contaminated(seed, false)).ok()?;
            let half = student_t_quantile(0.975, fit.dof as f64).ok()? * fit.std_errors[1];
            Some((fit.params[1] - half, fit.params[1] + half))
        };
        let found = coverage(800, 23, 2.0, trial).unwrap();
        assert!((0.92..=0.97).contains(&found.fraction) && found.undefined == 0, "{loss:?}: {found:?}");
    }
}

#[test]
fn impossible_fits_are_refused_with_the_numbers() {
    let one = || vec![Parameter::new("p", 1.0)];
    let ok = |p: &[f64]| vec![p[0] - 1.0, p[0] - 2.0];
    let sum = |p: &[f64]| X.iter().map(|x| p[0] + p[1] - x).collect::<Vec<_>>();
    let two = vec![Parameter::new("p", 1.0), Parameter::new("q", 1.0)];
    let refused = |problem: LeastSquares, model: &dyn Fn(&[f64]) -> Vec<f64>| problem.fit(&|p: &[f64]| model(p)).unwrap_err();
    let fixed = vec![Parameter::new("p", 1.0).fixed()];
    assert_eq!(refused(LeastSquares::new(fixed), &ok), FitError::NoFreeParameter { n_parameters: 1 });
    let short = |p: &[f64]| vec![p[0]];
    assert_eq!(refused(LeastSquares::new(one()), &short), FitError::TooFewData { found: 1, needed: 2, free: 1 });
    assert!(matches!(refused(LeastSquares::new(one()), &|p| vec![p[0], f64::NAN]), FitError::NotFinite { index: 1, .. }));
    assert!(matches!(refused(LeastSquares::new(two), &sum), FitError::Unidentifiable { .. }));
    assert!(matches!(refused(LeastSquares::new(one()).sigma(&[1.0, 0.0]), &ok), FitError::BadWeight { index: 1, .. }));
    assert!(matches!(
        refused(LeastSquares::new(one()).weights(vec![1.0]), &ok),
        FitError::LengthMismatch { found: 1, expected: 2, .. }
    ));
    let slow = decay_residuals(decay_data(1, 0.1));
    let impatient = LeastSquares::new(decay_parameters()).patience(1);
    assert!(matches!(refused(impatient, &slow), FitError::NotConverged { .. }));
    let outside = LeastSquares::new(vec![Parameter::new("p", 1.0).at_least(3.0)]);
    assert!(matches!(refused(outside, &ok), FitError::StartOutsideBounds { .. }));
    let problem = LeastSquares::new(one());
    let fit = problem.fit(&ok).unwrap();
    assert_eq!(problem.profile_interval(&ok, &fit, 0, 1.0), Err(FitError::BadLevel { level: 1.0 }));
    assert!(problem.profile_interval(&ok, &fit, 4, 0.9).is_err());
}

#[test]
fn as_many_data_as_parameters_need_absolute_errors() {
    let model = |p: &[f64]| vec![p[0] - 3.0, p[1] - 4.0];
    let two = vec![Parameter::new("p", 1.0), Parameter::new("q", 1.0)];
    let problem = LeastSquares::new(two).sigma(&[0.1, 0.2]);
    let fit = problem.fit(&model).unwrap();
    assert_eq!(fit.dof, 0);
    assert_ne!(fit.convergence, Convergence::Rounding);
    assert_relative_eq!(fit.std_errors[1], 0.2, max_relative = 1e-8);
    assert!(problem.error_scale(ErrorScale::Residuals).fit(&model).is_err());
}

#[test]
fn a_model_undefined_beyond_a_wall_is_still_fitted() {
    // √(p - 1) is NaN below one; the steps that land there are rejected.
    let model = |p: &[f64]| X.iter().map(|x| (p[0] - 1.0).sqrt() * x - 0.1 * x).collect::<Vec<_>>();
    let fit = LeastSquares::new(vec![Parameter::new("p", 6.0)]).fit(&model).unwrap();
    assert_relative_eq!(fit.params[0], 1.01, max_relative = 1e-6);
}
