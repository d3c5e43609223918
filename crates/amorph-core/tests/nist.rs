//! The NIST Statistical Reference Datasets for nonlinear regression
//! (<https://www.itl.nist.gov/div898/strd/nls/nls_main.shtml>, public domain):
//! certified parameters, standard deviations and residual sums to eleven digits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use amorph_core::fit::{Fit, FitError, LeastSquares, Parameter};
use std::f64::consts::PI;
use std::path::Path;

type Model = fn(&[f64], &[f64]) -> f64;

/// One problem file: starts, certified values and data.
struct Problem {
    starts: [Vec<f64>; 2],
    certified: Vec<f64>,
    std_devs: Vec<f64>,
    residual_sum: f64,
    /// Response first, then predictors.
    rows: Vec<Vec<f64>>,
}

fn load(name: &str) -> Problem {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/nist_strd/{name}.dat"));
    let text = std::fs::read_to_string(path).unwrap();
    let numbers = |line: &str| -> Vec<f64> { line.split_whitespace().map_while(|word| word.parse().ok()).collect() };
    let mut problem =
        Problem { starts: [vec![], vec![]], certified: vec![], std_devs: vec![], residual_sum: f64::NAN, rows: vec![] };
    let mut lines = text.lines();
    for line in lines.by_ref() {
        let trimmed = line.trim();
        if let Some((name, values)) = trimmed.split_once('=')
            && name.trim().strip_prefix('b').is_some_and(|n| n.parse::<u32>().is_ok())
        {
            let values = numbers(values);
            assert_eq!(values.len(), 4, "{trimmed}");
            problem.starts[0].push(values[0]);
            problem.starts[1].push(values[1]);
            problem.certified.push(values[2]);
            problem.std_devs.push(values[3]);
        } else if let Some(value) = trimmed.strip_prefix("Residual Sum of Squares:") {
            problem.residual_sum = value.trim().parse().unwrap();
        } else if trimmed.starts_with("Data:")
            && trimmed.contains('y')
            && trimmed.ends_with(|c: char| c == 'x' || c.is_ascii_digit())
            && !problem.certified.is_empty()
        {
            break;
        }
    }
    problem.rows = lines.map(numbers).filter(|row| row.len() >= 2).collect();
    problem
}

fn fit(problem: &Problem, start: usize, model: Model, logarithm: bool) -> Result<Fit, FitError> {
    let parameters = problem.starts[start].iter().enumerate();
    let parameters = parameters.map(|(i, &value)| Parameter::new(format!("b{}", i + 1), value));
    let residuals = |b: &[f64]| -> Vec<f64> {
        let of_row = |row: &Vec<f64>| {
            let y = if logarithm { row[0].ln() } else { row[0] };
            y - model(b, &row[1..])
        };
        problem.rows.iter().map(of_row).collect()
    };
    LeastSquares::new(parameters.collect()).fit(&residuals)
}

/// Decimal digits two numbers share.
fn digits(found: f64, certified: f64) -> f64 {
    -((found - certified) / certified).abs().max(1e-12).log10()
}

fn worst(fit: &Fit, problem: &Problem) -> (f64, f64) {
    let least = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| digits(*x, *y)).fold(99.0, f64::min);
    (least(&fit.params, &problem.certified), least(&fit.std_errors, &problem.std_devs))
}

fn polynomial(b: &[f64], x: f64) -> f64 {
    b.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

fn gauss(b: &[f64], x: &[f64]) -> f64 {
    let peak = |h: f64, c: f64, w: f64| h * (-(x[0] - c).powi(2) / (w * w)).exp();
    b[0] * (-b[1] * x[0]).exp() + peak(b[2], b[3], b[4]) + peak(b[5], b[6], b[7])
}

fn lanczos(b: &[f64], x: &[f64]) -> f64 {
    b.chunks(2).map(|pair| pair[0] * (-pair[1] * x[0]).exp()).sum()
}

fn chwirut(b: &[f64], x: &[f64]) -> f64 {
    (-b[0] * x[0]).exp() / (b[1] + b[2] * x[0])
}

fn cubic_ratio(b: &[f64], x: &[f64]) -> f64 {
    polynomial(&b[..4], x[0]) / (1.0 + x[0] * polynomial(&b[4..], x[0]))
}

fn enso(b: &[f64], x: &[f64]) -> f64 {
    let wave = |c: f64, s: f64, period: f64| {
        let phase = 2.0 * PI * x[0] / period;
        c * phase.cos() + s * phase.sin()
    };
    b[0] + wave(b[1], b[2], 12.0) + wave(b[4], b[5], b[3]) + wave(b[7], b[8], b[6])
}

/// Every problem with one predictor, in the order of difficulty NIST gives them.
const PROBLEMS: [(&str, Model); 26] = [
    ("Misra1a", |b, x| b[0] * (1.0 - (-b[1] * x[0]).exp())),
    ("Chwirut2", chwirut),
    ("Chwirut1", chwirut),
    ("Lanczos3", lanczos),
    ("Gauss1", gauss),
    ("Gauss2", gauss),
    ("DanWood", |b, x| b[0] * x[0].powf(b[1])),
    ("Misra1b", |b, x| b[0] * (1.0 - (1.0 + b[1] * x[0] / 2.0).powi(-2))),
    ("Kirby2", |b, x| polynomial(&b[..3], x[0]) / (1.0 + x[0] * polynomial(&b[3..], x[0]))),
    ("Hahn1", cubic_ratio),
    ("MGH17", |b, x| b[0] + b[1] * (-x[0] * b[3]).exp() + b[2] * (-x[0] * b[4]).exp()),
    ("Lanczos1", lanczos),
    ("Lanczos2", lanczos),
    ("Gauss3", gauss),
    ("Misra1c", |b, x| b[0] * (1.0 - (1.0 + 2.0 * b[1] * x[0]).powf(-0.5))),
    ("Misra1d", |b, x| b[0] * b[1] * x[0] / (1.0 + b[1] * x[0])),
    ("Roszman1", |b, x| b[0] - b[1] * x[0] - (b[2] / (x[0] - b[3])).atan() / PI),
    ("ENSO", enso),
    ("MGH09", |b, x| b[0] * (x[0] * x[0] + x[0] * b[1]) / (x[0] * x[0] + x[0] * b[2] + b[3])),
    ("Thurber", cubic_ratio),
    ("BoxBOD", |b, x| b[0] * (1.0 - (-b[1] * x[0]).exp())),
    ("Rat42", |b, x| b[0] / (1.0 + (b[1] - b[2] * x[0]).exp())),
    ("MGH10", |b, x| b[0] * (b[1] / (x[0] + b[2])).exp()),
    ("Eckerle4", |b, x| b[0] / b[1] * (-0.5 * ((x[0] - b[2]) / b[1]).powi(2)).exp()),
    ("Rat43", |b, x| b[0] / (1.0 + (b[1] - b[2] * x[0]).exp()).powf(1.0 / b[3])),
    ("Bennett5", |b, x| b[0] * (b[1] + x[0]).powf(-1.0 / b[2])),
];

/// Digits the certified standard deviations and residual sum can be met to:
/// Lanczos1 is noise-free, its residuals of 1e-13 are rounding.
fn attainable(name: &str) -> (f64, f64) {
    if name == "Lanczos1" { (2.0, 2.0) } else { (6.0, 9.0) }
}

fn assert_certified(name: &str, problem: &Problem, fit: &Fit) {
    let (value, error) = worst(fit, problem);
    let sum = digits(fit.residual_sum, problem.residual_sum);
    let (errors_needed, sum_needed) = attainable(name);
    assert!(value >= 6.0, "{name}: parameters agree to {value:.1} digits");
    assert!(error >= errors_needed, "{name}: standard deviations agree to {error:.1} digits");
    assert!(sum >= sum_needed, "{name}: residual sums agree to {sum:.1} digits");
    assert_eq!(fit.dof, problem.rows.len() - problem.certified.len());
}

#[test]
fn certified_values_from_both_starts() {
    for (name, model) in PROBLEMS {
        let problem = load(name);
        for start in 0..2 {
            let fit = fit(&problem, start, model, false);
            assert_certified(name, &problem, &fit.expect(name));
        }
    }
}

#[test]
fn nelson_with_two_predictors_and_a_logarithm() {
    let problem = load("Nelson");
    for start in 0..2 {
        let model: Model = |b, x| b[0] - b[1] * x[0] * (-b[2] * x[1]).exp();
        assert_certified("Nelson", &problem, &fit(&problem, start, model, true).expect("Nelson"));
    }
}

#[test]
fn bounds_away_from_the_minimum_change_nothing() {
    for name in ["Thurber", "MGH09", "Rat43", "Misra1a"] {
        let model = PROBLEMS.iter().find(|p| p.0 == name).unwrap().1;
        let problem = load(name);
        let parameters = problem.starts[1].iter().zip(&problem.certified).enumerate();
        let parameters = parameters.map(|(i, (&start, &best))| {
            let p = Parameter::new(format!("b{i}"), start);
            let reach = 3.0 * (start - best).abs().max(0.1 * best.abs());
            match i % 3 {
                0 => p.within(best - reach, best + reach),
                1 => p.at_least(best - reach),
                _ => p.at_most(best + reach),
            }
        });
        let residuals = |b: &[f64]| -> Vec<f64> { problem.rows.iter().map(|row| row[0] - model(b, &row[1..])).collect() };
        let fit = LeastSquares::new(parameters.collect()).fit(&residuals).expect(name);
        assert_certified(name, &problem, &fit);
    }
}
