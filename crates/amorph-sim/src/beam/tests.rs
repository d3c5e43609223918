use amorph_core::fft::Complex64;
use approx::{assert_abs_diff_eq, assert_relative_eq};

use super::finite_element::FiniteElementBeam;
use super::*;
use crate::SimulationError;

#[test]
fn free_wave_numbers_are_the_tabulated_ones() {
    for (mode, expected) in [(1, 1.875_104_07), (2, 4.694_091_13), (3, 7.854_757_44), (4, 10.995_540_73)] {
        assert_abs_diff_eq!(Lever::free_wave_number(mode).unwrap(), expected, epsilon = 1e-8);
    }
    assert!(Lever::free_wave_number(0).is_err() && Lever::free_wave_number(6).is_err());
}

/// Static limit: a beam loaded at the tip has the stiffness `3 EI/L1³`, so that the ratio is -1 at zero frequency.
#[test]
fn at_rest_the_beam_is_a_spring() {
    for tip_position in [1.0, 0.9, 0.6] {
        assert_relative_eq!(Lever { tip_position }.stiffness_ratio(0.05), -1.0, max_relative = 1e-5);
    }
}

#[test]
fn stiffness_and_wave_number_are_inverse() {
    for tip_position in [1.0, 0.97, 0.9] {
        for mode in 1..=3 {
            let lever = Lever { tip_position };
            let branch = lever.branch(mode).unwrap();
            for ratio in [0.1, 1.0, 15.0, 200.0, 3000.0] {
                let x = branch.wave_number(ratio).unwrap();
                assert!(branch.free < x && x < branch.pinned);
                // Near the free lever the stiffness is a small difference of large numbers.
                assert_abs_diff_eq!(lever.stiffness_ratio(x), ratio, epsilon = 1e-9 * (1.0 + ratio));
            }
            let lossy = Complex64::new(20.0, 1.0);
            let back = lever.complex_stiffness_ratio(branch.complex_wave_number(lossy).unwrap());
            assert_relative_eq!(back.re, lossy.re, max_relative = 1e-9);
            assert_relative_eq!(back.im, lossy.im, max_relative = 1e-8);
            assert!(branch.wave_number(0.0).is_err() && branch.wave_number(-1.0).is_err());
            assert!(branch.wave_number(f64::NAN).is_err() && branch.wave_number(f64::INFINITY).is_err());
        }
    }
}

#[test]
fn finite_elements_agree_with_transfer_matrices() {
    for (tip_position, node) in [(1.0, 400), (0.95, 380), (0.9, 360)] {
        let lever = Lever { tip_position };
        for mode in [1, 2] {
            let branch = lever.branch(mode).unwrap();
            for spring in [1.0, 10.0, 100.0, 1000.0, 3000.0] {
                let found = FiniteElementBeam::new(400, node, spring).unwrap().wave_number(mode);
                let ratio = spring * tip_position.powi(3) / 3.0;
                // 400 elements: the rounding of the stiffness matrix (1e8) limits the wave number to about 1e-6.
                assert_relative_eq!(found, branch.wave_number(ratio).unwrap(), max_relative = 2e-6);
            }
        }
    }
    assert!(FiniteElementBeam::new(4, 5, 1.0).is_err());
}

#[test]
fn modulus_and_stiffness_are_inverse_and_disks_are_softer() {
    let specimen = ContactSpecimen {
        stiffness_sd: 0.0,
        disks: vec![Disk { x: 125e-9, y: 125e-9, radius: 60e-9, modulus_drop: 0.2 }],
        ..ContactSpecimen::default()
    };
    let site = specimen.site(1).unwrap();
    let modulus = site.modulus_map(Geometry::Sphere).values;
    // Row 0 is the top: the disk lies in the lower left quarter.
    let (outside, inside) = (modulus[[10, 10]], modulus[[96, 32]]);
    assert_relative_eq!(inside / outside, 0.8, max_relative = 1e-12);
    assert_relative_eq!(specimen.contact.modulus(540.0, Geometry::Sphere), 74e9, max_relative = 1e-12);
    assert_relative_eq!(specimen.contact.modulus(540.0, Geometry::Flat), 74e9, max_relative = 1e-12);
}

#[test]
fn what_cannot_be_is_refused() {
    let parameter = |error: SimulationError| matches!(error, SimulationError::Parameter { .. });
    assert!(parameter(Lever { tip_position: 0.0 }.branch(1).unwrap_err()));
    assert!(parameter(Lever { tip_position: 1.2 }.branch(1).unwrap_err()));
    let stiff = ContactSpecimen { stiffness_mean: 5000.0, ..ContactSpecimen::default() };
    assert!(parameter(stiff.site(1).unwrap_err()));
    let site = ContactSpecimen { rows: 8, columns: 8, ..ContactSpecimen::default() }.site(1).unwrap();
    let broken = ContactMicroscope { tip_drift: -2.0, ..ContactMicroscope::default() };
    assert!(parameter(broken.scan(&site, 1).unwrap_err()));
}
