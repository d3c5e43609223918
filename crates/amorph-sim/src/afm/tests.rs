use approx::assert_relative_eq;
use ndarray::Array2;

use super::image::{blurred, gradient, laplacian};
use super::*;
use crate::SimulationError;

fn small() -> Specimen {
    Specimen { rows: 128, columns: 128, width: 125e-9, height: 125e-9, ..Specimen::default() }
}

fn average(values: &Array2<f64>) -> f64 {
    values.mean().unwrap()
}

#[test]
fn energy_has_the_stated_moments_and_correlation() {
    for marginal in [Marginal::Gaussian, Marginal::LogNormal { sd_of_log: 0.5 }] {
        let specimen = Specimen { energy: EnergyField { marginal, ..small().energy }, ..small() };
        let energy = &specimen.energy;
        let sites: Vec<Array2<f64>> = (0..40).map(|seed| specimen.surface(seed).unwrap().energy).collect();
        let deviations: Vec<Array2<f64>> = sites.iter().map(|site| (site - energy.mean) / energy.sd).collect();
        let over_sites = |f: &dyn Fn(&Array2<f64>) -> f64| deviations.iter().map(f).sum::<f64>() / 40.0;
        // Integral range 2 π ξ² of 155² px² area: 1/sqrt(147 · 40) = 0.013 per mean; five of them.
        assert!(over_sites(&|d| average(d)).abs() < 0.065);
        assert!((over_sites(&|d| average(&d.mapv(|v| v * v))) - 1.0).abs() < 0.1);
        for lag in [1usize, 4, 8] {
            let found = over_sites(&|d| {
                let pairs = d.rows().into_iter().flat_map(|row| (0..128 - lag).map(move |i| row[i] * row[i + lag]));
                pairs.sum::<f64>() / (128 * (128 - lag)) as f64
            });
            let expected = energy.correlation(lag as f64 * specimen.pitch().1, 0.0);
            assert!((found - expected).abs() < 0.07, "{marginal:?} lag {lag}: {found} {expected}");
        }
    }
}

#[test]
fn log_normal_marginal_is_standardised() {
    // Gauss-Hermite like sum over a fine grid of the normal density.
    let marginal = Marginal::LogNormal { sd_of_log: 0.4 };
    let moment = |p: i32| {
        let step = 1e-3;
        let density = |z: f64| (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
        (-10_000..10_000).map(|i| f64::from(i) * step).map(|z| marginal.apply(z).powi(p) * density(z) * step).sum::<f64>()
    };
    assert!(moment(1).abs() < 1e-9);
    assert_relative_eq!(moment(2), 1.0, max_relative = 1e-9);
    let spread = 0.16f64.exp();
    assert_relative_eq!(moment(3), (spread + 2.0) * (spread - 1.0).sqrt(), max_relative = 1e-6);
    assert_relative_eq!(marginal.correlation(1.0), 1.0, max_relative = 1e-12);
}

#[test]
fn anisotropy_has_its_direction() {
    let energy = EnergyField { aspect: 2.0, angle: std::f64::consts::FRAC_PI_2, ..small().energy };
    // Major axis along y: the correlation falls more slowly along columns.
    assert!(energy.correlation(0.0, 4e-9) > energy.correlation(4e-9, 0.0));
    let site = Specimen { energy, ..small() }.surface(3).unwrap().energy;
    let roughness = |a: &Array2<f64>, down: usize, right: usize| {
        let pairs = (0..120).flat_map(|j| (0..120).map(move |i| (j, i)));
        pairs.map(|(j, i)| (a[[j, i]] - a[[j + down, i + right]]).powi(2)).sum::<f64>()
    };
    assert!(roughness(&site, 3, 0) < 0.8 * roughness(&site, 0, 3));
}

#[test]
fn soft_regions_raise_the_energy_inside() {
    let regions = SoftRegions { count: 12, equivalent_radius: 5e-9, aspect: 2.0, angle: Some(0.3), energy: 1e-18 };
    let specimen = Specimen { regions: Some(regions), ..small() };
    let (with, without) = (specimen.surface(5).unwrap(), small().surface(5).unwrap());
    assert_eq!(with.regions.len(), 12);
    let added = &with.energy - &without.energy;
    let (pitch_y, pitch_x) = specimen.pitch();
    for ((row, column), value) in added.indexed_iter() {
        let (x, y) = ((column as f64 + 0.5) * pitch_x, specimen.height - (row as f64 + 0.5) * pitch_y);
        let inside = with.regions.iter().any(|region| region.contains(x, y));
        assert!((value - if inside { 1e-18 } else { 0.0 }).abs() < 1e-27);
    }
    let region = &with.regions[0];
    assert_relative_eq!(region.semi_major * region.semi_minor, 25e-18, max_relative = 1e-12);
    assert!(region.outline(32).iter().all(|[x, y]| {
        let inward = |p: f64, centre: f64| centre + (p - centre) * 0.999;
        region.contains(inward(*x, region.x), inward(*y, region.y))
    }));
}

#[test]
fn phase_is_the_inverse_of_the_energy() {
    let surface = small().surface(1).unwrap();
    for (convention, regime) in [
        (PhaseConvention::Lag, Regime::Repulsive),
        (PhaseConvention::ShiftPositiveRepulsive, Regime::Attractive),
        (PhaseConvention::ShiftNegativeRepulsive, Regime::Repulsive),
    ] {
        let microscope = Microscope {
            phase_convention: convention,
            regime,
            drive_frequency: 299.9e3,
            feedback_lag: 1e-9,
            phase_zero: 17.0,
            ..Microscope::default()
        };
        let scan = microscope.scan(&surface, 2).unwrap();
        let free = microscope.free_lag().to_radians().sin();
        let r: f64 = 299.9 / 300.0;
        let pixels = scan.phase.values.iter().zip(&scan.amplitude.values).zip(&surface.energy);
        for ((stored, a), energy) in pixels {
            let lag = match convention {
                PhaseConvention::Lag => stored - 17.0,
                PhaseConvention::ShiftPositiveRepulsive => 90.0 - (stored - 17.0),
                PhaseConvention::ShiftNegativeRepulsive => 90.0 + (stored - 17.0),
            };
            assert_eq!(lag < 90.0, regime == Regime::Repulsive);
            let bracket = 20e-9 * lag.to_radians().sin() / (a * free) - 1.0;
            let found = std::f64::consts::PI * 40.0 * a * a / 700.0 * r * bracket;
            assert_relative_eq!(found, *energy, max_relative = 1e-9);
        }
    }
}

#[test]
fn imperfections_have_their_size() {
    let surface = small().surface(1).unwrap();
    let ideal = Microscope::default().scan(&surface, 9).unwrap();
    let phase = |microscope: Microscope| microscope.scan(&surface, 9).unwrap().phase.values - &ideal.phase.values;
    let noise = phase(Microscope { phase_noise: 0.5, ..Microscope::default() });
    // Standard error of a standard deviation of 16384 values: 0.55 %.
    assert!((noise.std(0.0) / 0.5 - 1.0).abs() < 0.025);
    let rows = phase(Microscope { row_offset: 0.5, ..Microscope::default() });
    assert!(rows.rows().into_iter().all(|row| row.iter().all(|value| (value - row[0]).abs() < 1e-9)));
    assert!((rows.std(0.0) / 0.5 - 1.0).abs() < 0.3);
    let talk = phase(Microscope { cross_talk: CrossTalk { height: 1e9, ..CrossTalk::default() }, ..Microscope::default() });
    assert!((&talk - &surface.height * 1e9).iter().all(|value| value.abs() < 1e-9));
    let lost = Microscope { lost_pixels: 0.1, ..Microscope::default() }.scan(&surface, 9).unwrap();
    let count = lost.phase.values.iter().filter(|value| value.is_nan()).count() as f64;
    assert!((count / 16384.0 - 0.1).abs() < 0.012);
    let blurred = Microscope { blur: 2e-9, ..Microscope::default() }.scan(&surface, 9).unwrap();
    assert!(blurred.phase.values.std(0.0) < 0.9 * ideal.phase.values.std(0.0));
}

#[test]
fn derivatives_are_exact_for_polynomials() {
    let (dy, dx) = (2.0, 0.5);
    let f = |x: f64, y: f64| 3.0 * x - 2.0 * y + 0.5 * x * x - 1.5 * y * y;
    let image = Array2::from_shape_fn((9, 11), |(row, column)| f(column as f64 * dx, -(row as f64) * dy));
    let (slope_y, slope_x) = gradient(&image, (dy, dx));
    assert_relative_eq!(slope_x[[4, 5]], 3.0 + 2.5, max_relative = 1e-12);
    assert_relative_eq!(slope_y[[4, 5]], -2.0 - 3.0 * -8.0, max_relative = 1e-12);
    assert_relative_eq!(laplacian(&image, (dy, dx))[[4, 5]], 1.0 - 3.0, max_relative = 1e-12);
}

#[test]
fn blur_keeps_the_mean_and_has_its_width() {
    let mut point = Array2::zeros((41, 41));
    point[[20, 20]] = 1.0;
    let image = blurred(&point, 2.0, (1.0, 1.0));
    assert_relative_eq!(image.sum(), 1.0, max_relative = 1e-12);
    let variance: f64 = image.indexed_iter().map(|((_, i), v)| v * (i as f64 - 20.0).powi(2)).sum();
    // The kernel is cut at four standard deviations, which takes 0.1 % of the variance.
    assert_relative_eq!(variance, 4.0, max_relative = 3e-3);
    let constant = blurred(&Array2::from_elem((5, 7), 3.0), 9.0, (1.0, 1.0));
    assert!(constant.iter().all(|value| (value - 3.0).abs() < 1e-12));
}

#[test]
fn same_seed_same_scan() {
    let microscope = Microscope { phase_noise: 0.3, ..Microscope::default() };
    let scan = |site: u64, seed: u64| microscope.scan(&small().surface(site).unwrap(), seed).unwrap().phase.values;
    assert_eq!(scan(1, 2), scan(1, 2));
    assert_ne!(scan(1, 2), scan(1, 3));
    assert_ne!(scan(1, 2), scan(2, 2));
}

#[test]
fn constants_are_written_as_people_write_them() {
    let constants = Microscope { phase_zero: 12.5, ..Microscope::default() }.constants();
    let text = |key: &str| constants.iter().find(|(k, _)| *k == key).unwrap().1.clone();
    assert_eq!(text("spring_constant"), "40 N/m");
    assert_eq!(text("quality_factor"), "700");
    assert_eq!(text("free_amplitude"), "20 nm");
    assert_eq!(text("drive_frequency"), "300 kHz");
    assert_eq!(text("free_phase"), "12.5 deg");
}

#[test]
fn impossible_parameters_are_refused() {
    let surface = small().surface(1).unwrap();
    let scan = |microscope: Microscope| microscope.scan(&surface, 1).unwrap_err();
    let ideal = Microscope::default;
    assert!(matches!(
        scan(Microscope { quality_factor: 0.0, ..ideal() }),
        SimulationError::Parameter { name: "quality_factor", .. }
    ));
    assert!(matches!(scan(Microscope { phase_noise: f64::NAN, ..ideal() }), SimulationError::Parameter { .. }));
    assert!(matches!(scan(Microscope { lost_pixels: 1.0, ..ideal() }), SimulationError::Parameter { .. }));
    assert!(matches!(scan(Microscope { amplitude_noise: 1e-7, ..ideal() }), SimulationError::Parameter { .. }));
    let SimulationError::EnergyTooHigh { wanted, possible } = scan(Microscope { free_amplitude: 10e-9, ..ideal() }) else {
        panic!("wrong error")
    };
    assert!(wanted > possible);
    let surface = |specimen: Specimen| specimen.surface(1).unwrap_err();
    assert!(matches!(surface(Specimen { rows: 1, ..small() }), SimulationError::Parameter { name: "rows", .. }));
    assert!(matches!(surface(Specimen { width: -1.0, ..small() }), SimulationError::Parameter { name: "width", .. }));
    let flat = EnergyField { aspect: 0.5, ..small().energy };
    assert!(matches!(surface(Specimen { energy: flat, ..small() }), SimulationError::Parameter { name: "energy.aspect", .. }));
    let short = EnergyField { correlation_length: 0.0, ..small().energy };
    assert!(matches!(surface(Specimen { energy: short, ..small() }), SimulationError::Field(_)));
}
