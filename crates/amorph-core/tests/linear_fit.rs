//! Linear least squares against certified and closed-form solutions.

use amorph_core::fit::{ErrorScale, FitError, LinearLeastSquares, Loss, straight_line};
use amorph_core::random;
use amorph_core::stats::{coverage, student_t_quantile};
use approx::assert_relative_eq;
use ndarray::{Array2, array};

/// NIST StRD Longley (<https://www.itl.nist.gov/div898/strd/lls/data/Longley.shtml>,
/// public domain): y, then six nearly dependent predictors.
const LONGLEY: [[f64; 7]; 16] = [
    [60323.0, 83.0, 234289.0, 2356.0, 1590.0, 107608.0, 1947.0],
    [61122.0, 88.5, 259426.0, 2325.0, 1456.0, 108632.0, 1948.0],
    [60171.0, 88.2, 258054.0, 3682.0, 1616.0, 109773.0, 1949.0],
    [61187.0, 89.5, 284599.0, 3351.0, 1650.0, 110929.0, 1950.0],
    [63221.0, 96.2, 328975.0, 2099.0, 3099.0, 112075.0, 1951.0],
    [63639.0, 98.1, 346999.0, 1932.0, 3594.0, 113270.0, 1952.0],
    [64989.0, 99.0, 365385.0, 1870.0, 3547.0, 115094.0, 1953.0],
    [63761.0, 100.0, 363112.0, 3578.0, 3350.0, 116219.0, 1954.0],
    [66019.0, 101.2, 397469.0, 2904.0, 3048.0, 117388.0, 1955.0],
    [67857.0, 104.6, 419180.0, 2822.0, 2857.0, 118734.0, 1956.0],
    [68169.0, 108.4, 442769.0, 2936.0, 2798.0, 120445.0, 1957.0],
    [66513.0, 110.8, 444546.0, 4681.0, 2637.0, 121950.0, 1958.0],
    [68655.0, 112.6, 482704.0, 3813.0, 2552.0, 123366.0, 1959.0],
    [69564.0, 114.2, 502601.0, 3931.0, 2514.0, 125368.0, 1960.0],
    [69331.0, 115.7, 518173.0, 4806.0, 2572.0, 127852.0, 1961.0],
    [70551.0, 116.9, 554894.0, 4007.0, 2827.0, 130081.0, 1962.0],
];

#[test]
fn longley_meets_the_certified_values() {
    let design = Array2::from_shape_fn((16, 7), |(i, j)| if j == 0 { 1.0 } else { LONGLEY[i][j] });
    let y: Vec<f64> = LONGLEY.iter().map(|row| row[0]).collect();
    let fit = LinearLeastSquares::default().fit(design.view(), &y).unwrap();
    let coefficients = [
        -3482258.63459582,
        15.0618722713733,
        -0.0358191792925910,
        -2.02022980381683,
        -1.03322686717359,
        -0.0511041056535807,
        1829.15146461355,
    ];
    let errors = [
        890420.383607373,
        84.9149257747669,
        0.0334910077722432,
        0.488399681651699,
        0.214274163161675,
        0.226073200069370,
        455.478499142212,
    ];
    // The design's condition number, 5e9 unscaled, leaves ten to eleven digits.
    for j in 0..7 {
        assert_relative_eq!(fit.coefficients[j], coefficients[j], max_relative = 1e-9);
        assert_relative_eq!(fit.std_errors[j], errors[j], max_relative = 1e-9);
    }
    assert_relative_eq!(fit.residual_sum, 836424.055505915, max_relative = 1e-10);
    assert_relative_eq!(fit.residual_std, 304.854073561965, max_relative = 1e-10);
    assert_relative_eq!(fit.r_squared, 0.995479004577296, max_relative = 1e-12);
}

#[test]
fn a_fifth_order_polynomial_without_noise_is_exact() {
    // NIST StRD Wampler1: y = 1 + x + ... + x⁵ at 0..20, all coefficients one.
    let x: Vec<f64> = (0..21).map(f64::from).collect();
    let design = Array2::from_shape_fn((21, 6), |(i, j)| x[i].powi(j as i32));
    let y: Vec<f64> = design.rows().into_iter().map(|row| row.sum()).collect();
    let fit = LinearLeastSquares::default().fit(design.view(), &y).unwrap();
    assert!(fit.coefficients.iter().all(|c| (c - 1.0).abs() < 1e-7), "{fit:?}");
}

#[test]
fn weighted_line_by_hand() {
    // Two points with weight carry the line; the third has none.
    let problem =
        LinearLeastSquares { weights: Some(vec![1.0, 4.0, 0.0]), error_scale: ErrorScale::Absolute, ..Default::default() };
    let fit = straight_line(&[0.0, 2.0, 5.0], &[1.0, 5.0, 99.0], &problem).unwrap();
    assert_relative_eq!(fit.coefficients[0], 1.0, epsilon = 1e-12);
    assert_relative_eq!(fit.coefficients[1], 2.0, epsilon = 1e-12);
    // Variance of the intercept 1; of the slope (1 + 1/4)/4.
    assert_relative_eq!(fit.std_errors[0], 1.0, epsilon = 1e-12);
    assert_relative_eq!(fit.covariance[[1, 1]], 0.3125, epsilon = 1e-12);
    assert_relative_eq!(fit.residuals[2], 88.0, epsilon = 1e-10);
}

#[test]
fn robust_line_ignores_outliers_and_its_error_covers() {
    let x: Vec<f64> = (0..60).map(|i| 0.1 * f64::from(i)).collect();
    for spoiled in [0.0, 30.0] {
        let trial = |seed| {
            let noise = random::standard_normals(seed, 60);
            let y = x.iter().zip(noise).enumerate();
            let y: Vec<f64> = y.map(|(i, (x, e))| 1.0 + 2.0 * x + e + if i % 20 == 7 { spoiled } else { 0.0 }).collect();
            let problem = LinearLeastSquares { loss: Loss::huber(), ..Default::default() };
            let fit = straight_line(&x, &y, &problem).ok()?;
            let half = student_t_quantile(0.975, fit.dof as f64).ok()? * fit.std_errors[1];
            Some((fit.coefficients[1] - half, fit.coefficients[1] + half))
        };
        let found = coverage(800, 31, 2.0, trial).unwrap();
        assert!((0.92..=0.975).contains(&found.fraction), "{spoiled}: {found:?}");
    }
}

#[test]
fn dependent_columns_and_bad_data_are_refused() {
    let problem = LinearLeastSquares::default();
    let dependent = array![[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]];
    assert!(matches!(problem.fit(dependent.view(), &[1.0, 2.0, 4.0]), Err(FitError::Unidentifiable { .. })));
    let zero = array![[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]];
    assert!(matches!(problem.fit(zero.view(), &[1.0, 2.0, 4.0]), Err(FitError::Unidentifiable { .. })));
    let good = array![[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]];
    assert!(matches!(problem.fit(good.view(), &[1.0]), Err(FitError::LengthMismatch { .. })));
    assert!(matches!(problem.fit(good.view(), &[1.0, f64::NAN, 2.0]), Err(FitError::NotFinite { index: 1, .. })));
    let few = straight_line(&[0.0, 1.0], &[1.0, 2.0], &problem);
    assert_eq!(few, Err(FitError::TooFewData { found: 2, needed: 3, free: 2 }));
}

#[test]
fn r_squared_of_constant_data_is_zero() {
    let fit = straight_line(&[0.0, 1.0, 2.0], &[4.0, 4.0, 4.0], &LinearLeastSquares::default()).unwrap();
    assert_eq!(fit.r_squared, 0.0);
}
