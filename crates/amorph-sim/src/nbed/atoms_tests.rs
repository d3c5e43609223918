#![allow(clippy::unwrap_used)]
use super::super::bessel::airy;
use super::*;

fn atom(element: &str, position: [f64; 3]) -> NbedFromAtoms {
    NbedFromAtoms { elements: vec![element.to_owned()], positions: vec![position], scan: [1, 1], ..NbedFromAtoms::default() }
}

fn counts(scan: &Scan4d) -> Vec<u16> {
    let mut pixels = Pixels::empty(scan.pixel);
    scan.read(0..scan.n_present, &mut pixels).unwrap();
    let Pixels::U16(values) = pixels else { panic!("the camera writes u16") };
    values
}

fn expected(model: &NbedFromAtoms) -> Vec<f64> {
    model.measure(1).unwrap().expected
}

/// `γ f` of an element at a pixel, m.
fn factor(model: &NbedFromAtoms, element: &str, pixel: usize) -> f64 {
    let (y, x) = ((pixel / model.detector[1]) as f64, (pixel % model.detector[1]) as f64);
    let q = model.q_pixel * (y - model.centre[0]).hypot(x - model.centre[1]);
    model.electrons().1 * ScatteringFactor::of(element).unwrap().at(q)
}

#[test]
fn the_wavelength_is_that_of_the_literature() {
    for (voltage, picometres) in [(80e3, 4.1757), (200e3, 2.5079), (300e3, 1.9687)] {
        let (wavelength, mass) = NbedFromAtoms { beam_voltage: voltage, ..NbedFromAtoms::default() }.electrons();
        assert!((1e12 * wavelength / picometres - 1.0).abs() < 1e-4, "{wavelength}");
        assert!((mass - 1.0 - voltage / 510_998.95).abs() < 1e-6);
    }
}

/// One atom scatters `γ² f²` times the intensity of the probe where it is.
#[test]
fn one_atom_shows_its_scattering_factor_and_the_probe() {
    let model = NbedFromAtoms { scan: [1, 2], scan_step: 0.3e-9, ..atom("Zr", [1e-10, 2e-10, 0.0]) };
    let electrons = expected(&model);
    let wavelength = model.electrons().0;
    let aperture = model.convergence_semi_angle / wavelength;
    let probe = PI * aperture.powi(2) * airy(TAU * aperture * 0.15e-9).powi(2);
    let frame = 64 * 60;
    for pixel in [0, 29 + 60 * 31, 1234, 3800] {
        let wanted = model.dose * (wavelength * model.q_pixel * factor(&model, "Zr", pixel)).powi(2) * probe;
        for pattern in 0..2 {
            let found = electrons[pattern * frame + pixel];
            assert!((found / wanted - 1.0).abs() < 1e-4, "{pixel} {found} {wanted}");
        }
    }
    assert!(model.measure(1).unwrap().truth.iter().all(|truth| truth.atoms == 1));
}

/// Two elements at three heights below an aberrated probe, against a sum over the aperture, point by point.
#[test]
fn patterns_are_the_sum_over_atoms_and_rays() {
    let positions = vec![[-2e-10, 1e-10, 0.0], [1.5e-10, -1e-10, 6e-10], [2e-10, 3e-10, -6e-10]];
    let model = NbedFromAtoms {
        elements: ["Zr", "Ni", "Zr"].map(str::to_owned).into(),
        positions: positions.clone(),
        scan: [1, 1],
        detector: [20, 22],
        centre: [9.3, 11.2],
        q_pixel: 0.8e9,
        convergence_semi_angle: 6e-3,
        defocus: 40e-9,
        spherical_aberration: 1.2e-3,
        ..NbedFromAtoms::default()
    };
    let electrons = expected(&model);
    let (wavelength, _) = model.electrons();
    let aperture = model.convergence_semi_angle / wavelength;
    let n = 301;
    let cell = 2.0 * aperture / f64::from(n);
    let rays: Vec<[f64; 2]> = (0..n * n)
        .map(|i| [i / n, i % n].map(|j| cell * (f64::from(j) + 0.5) - aperture))
        .filter(|k| k[0].hypot(k[1]) <= aperture)
        .collect();
    let probe = |x: f64, y: f64| {
        let mut sum = [0.0; 2];
        for [kx, ky] in &rays {
            let k2 = kx * kx + ky * ky;
            let chi = PI * wavelength * k2 * (0.5 * model.spherical_aberration * wavelength.powi(2) * k2 - model.defocus);
            let (sin, cos) = (TAU * (kx * x + ky * y) - chi).sin_cos();
            sum = [sum[0] + cos, sum[1] + sin];
        }
        let norm = cell * cell / (PI.sqrt() * aperture);
        sum.map(|part| part * norm)
    };
    let middle = [0.0, 1e-10, 0.0];
    let probes: Vec<[f64; 2]> = positions.iter().map(|at| probe(at[0] - middle[0], at[1] - middle[1])).collect();
    let largest = electrons.iter().copied().fold(0.0, f64::max);
    for pixel in (0..440).step_by(7) {
        let (qy, qx) = (0.8e9 * ((pixel / 22) as f64 - 9.3), 0.8e9 * ((pixel % 22) as f64 - 11.2));
        let mut wave = [0.0; 2];
        for ((at, [re, im]), element) in positions.iter().zip(&probes).zip(&model.elements) {
            let phase = -TAU * (qx * (at[0] - middle[0]) + qy * (at[1] - middle[1]))
                + PI * wavelength * (qx * qx + qy * qy) * (at[2] - middle[2]);
            let (sin, cos) = phase.sin_cos();
            let f = factor(&model, element, pixel);
            wave = [wave[0] + f * (re * cos - im * sin), wave[1] + f * (re * sin + im * cos)];
        }
        let wanted = model.dose * (wavelength * model.q_pixel).powi(2) * (wave[0].powi(2) + wave[1].powi(2));
        // The square grid of rays misses part of the aperture's edge: 0.3 % of its area.
        assert!((electrons[pixel] - wanted).abs() < 6e-3 * largest, "{pixel} {} {wanted}", electrons[pixel]);
    }
}

/// A sheet of a square lattice under a probe several cells wide: disks of radius α/λ at multiples of 1/d.
#[test]
fn a_crystal_has_disks_at_one_over_d() {
    let spacing = 3e-10;
    let positions: Vec<[f64; 3]> =
        (0..40 * 40).map(|i| [spacing * f64::from(i / 40), spacing * f64::from(i % 40), 0.0]).collect();
    let wavelength = NbedFromAtoms::default().electrons().0;
    let model = NbedFromAtoms {
        elements: vec!["Al".to_owned(); positions.len()],
        positions,
        sides: [40.0 * spacing, 40.0 * spacing, 3e-10],
        scan: [1, 1],
        detector: [96, 90],
        centre: [47.2, 44.6],
        q_pixel: 0.1e9,
        convergence_semi_angle: 0.5e9 * wavelength,
        ..NbedFromAtoms::default()
    };
    assert!((model.disk_radius() - 5.0).abs() < 1e-9);
    let electrons = expected(&model);
    let g = 1.0 / spacing / model.q_pixel;
    for [dy, dx] in [[0.0, g], [-g, 0.0]] {
        let [y0, x0] = [47.2 + dy, 44.6 + dx];
        let near: Vec<(f64, f64, f64)> = (0..96 * 90)
            // The scattering factor falls across a disk.
            .map(|i| ((i / 90) as f64 - y0, (i % 90) as f64 - x0, electrons[i] / factor(&model, "Al", i).powi(2)))
            .filter(|(y, x, _)| y.hypot(*x) < 9.0)
            .collect();
        let inner: Vec<f64> = near.iter().filter(|(y, x, _)| y.hypot(*x) < 3.0).map(|(_, _, value)| *value).collect();
        let plateau = inner.iter().sum::<f64>() / inner.len() as f64;
        let sum: f64 = near.iter().map(|(_, _, value)| value).sum();
        let (y, x) = near.iter().fold((0.0, 0.0), |(a, b), (y, x, value)| (a + y * value / sum, b + x * value / sum));
        assert!(y.hypot(x) < 0.3, "{y} {x}");
        let radius = (near.iter().filter(|(_, _, value)| *value > 0.5 * plateau).count() as f64 / PI).sqrt();
        assert!((radius - 5.0).abs() < 0.4, "{radius}");
        // Half way to the beam there is next to nothing.
        let between = ((47.2 + 0.5 * dy).round() as usize) * 90 + (44.6 + 0.5 * dx).round() as usize;
        let left = electrons[between] / factor(&model, "Al", between).powi(2);
        assert!(left < 0.02 * plateau, "{left} {plateau}");
    }
}

/// A flat object in focus scatters alike into opposite directions; out of focus it does not.
#[test]
fn thin_objects_in_focus_have_friedel_symmetry() {
    let elements: Vec<String> = ["Zr", "Cu", "Al", "Cu"].map(str::to_owned).into();
    let positions = vec![[0.0, 0.0, 0.0], [2.4e-10, 0.5e-10, 0.0], [-1e-10, 2e-10, 0.0], [1e-10, -2.2e-10, 0.0]];
    let odd = |model: &NbedFromAtoms| {
        let electrons = expected(model);
        let largest = electrons.iter().copied().fold(0.0, f64::max);
        let n = electrons.len();
        (0..n).map(|i| (electrons[i] - electrons[n - 1 - i]).abs() / largest).fold(0.0, f64::max)
    };
    let flat = NbedFromAtoms { elements, positions, scan: [1, 1], ..NbedFromAtoms::default() };
    assert!(odd(&flat) < 1e-10, "{}", odd(&flat));
    let defocused = odd(&NbedFromAtoms { defocus: 100e-9, ..flat.clone() });
    assert!(defocused > 1e-3, "{defocused}");
}

/// Two layers a height h apart: coherent with the phase of the Ewald sphere, `4 cos²(πλq²h/2)`; as two slices the sum.
#[test]
fn layers_add_amplitudes_and_slices_intensities() {
    let one = NbedFromAtoms { sides: [2.8e-9, 2.8e-9, 20e-9], ..atom("Cu", [0.0; 3]) };
    let single = expected(&one);
    let stack = NbedFromAtoms { layers: 2, ..one.clone() };
    let (coherent, incoherent) = (expected(&stack), expected(&NbedFromAtoms { slices: 2, ..stack.clone() }));
    let wavelength = one.electrons().0;
    for pixel in (0..single.len()).step_by(11) {
        let (y, x) = ((pixel / 60) as f64 - 31.5, (pixel % 60) as f64 - 29.5);
        let q = one.q_pixel * y.hypot(x);
        let wanted = 4.0 * (0.5 * PI * wavelength * q * q * 20e-9).cos().powi(2) * single[pixel];
        assert!((coherent[pixel] - wanted).abs() < 1e-9 * 4.0 * single[pixel], "{pixel}");
        assert!((incoherent[pixel] / single[pixel] - 2.0).abs() < 1e-9);
    }
    let shifted = expected(&NbedFromAtoms { shifted_layers: true, ..stack });
    assert!(shifted.iter().zip(&coherent).any(|(a, b)| (a / b - 1.0).abs() > 0.1));
    // Tilts opposite to each other have the mean of both patterns.
    let tilted = |tilts: &[[f64; 2]]| expected(&NbedFromAtoms { layers: 2, tilts: tilts.to_vec(), ..one.clone() });
    let (left, right, both) = (tilted(&[[0.01, 0.0]]), tilted(&[[-0.01, 0.0]]), tilted(&[[0.01, 0.0], [-0.01, 0.0]]));
    assert!(left.iter().zip(&coherent).any(|(a, b)| (a / b - 1.0).abs() > 0.01));
    assert!(
        left.iter().zip(&right).zip(&both).all(|((a, b), mean)| (0.5 * (a + b) - mean).abs() <= 1e-9 * mean.abs().max(1e-9))
    );
}

/// Mean and variance of the counts: gain and `gain² (1 + gain_noise²)` per electron; a blur keeps the sum.
#[test]
fn the_camera_counts_as_it_says() {
    let model =
        NbedFromAtoms { scan: [12, 12], scan_step: 1e-15, gain: 8.0, gain_noise: 0.5, dose: 1e9, ..atom("Zr", [0.0; 3]) };
    let scan = model.measure(3).unwrap();
    let (values, frame) = (counts(&scan.scan), 64 * 60);
    let (mut pull, mut spread, mut n) = (0.0, 0.0, 0.0);
    for pixel in (0..frame).filter(|pixel| scan.expected[*pixel] > 20.0 && scan.expected[*pixel] < 4000.0) {
        let electrons = scan.expected[pixel];
        let of_pixel: Vec<f64> = values.chunks_exact(frame).map(|pattern| f64::from(pattern[pixel])).collect();
        let mean = of_pixel.iter().sum::<f64>() / 144.0;
        let variance = of_pixel.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 143.0;
        pull += (mean / (8.0 * electrons) - 1.0) * electrons.sqrt();
        spread += variance / (64.0 * 1.25 * electrons);
        n += 1.0;
    }
    assert!(n > 1000.0, "{n}");
    // Pixels are independent: standard errors of sqrt(1.25/144) and sqrt(2/143) each, five of them.
    assert!((pull / n).abs() < 5.0 * (1.25f64 / 144.0 / n).sqrt(), "{}", pull / n);
    assert!((spread / n - 1.0).abs() < 5.0 * (2.0f64 / 143.0 / n).sqrt() + 0.003, "{}", spread / n);
    let mut point = vec![0.0; 400];
    point[210] = 1000.0;
    let spread = blurred(&point, [20, 20], 1.1);
    assert!((spread.iter().sum::<f64>() - 1000.0).abs() < 1e-9 && spread[210] < 150.0);
    assert!((spread[211] / spread[190] - 1.0).abs() < 1e-12);
}

#[test]
fn one_seed_gives_one_scan_and_the_direct_beam_is_a_disk() {
    let model = NbedFromAtoms { scan: [2, 3], direct_beam: 0.5, ..atom("Zr", [0.0; 3]) };
    let (a, b) = (model.measure(5).unwrap(), model.measure(5).unwrap());
    assert_eq!((counts(&a.scan), &a.truth, &a.expected), (counts(&b.scan), &b.truth, &b.expected));
    assert_ne!(counts(&a.scan), counts(&model.measure(6).unwrap().scan));
    assert_eq!(a.scan.shape(), [2, 3, 64, 60]);
    let without = NbedFromAtoms { direct_beam: 0.0, ..model.clone() }.measure(5).unwrap();
    let direct: f64 = a.expected.iter().zip(&without.expected).map(|(a, b)| a - b).sum();
    assert!((direct / (6.0 * 0.5 * model.dose) - 1.0).abs() < 0.03, "{direct}");
    assert_eq!(a.truth, without.truth);
}

#[test]
fn what_cannot_be_is_refused() {
    let zirconium = || atom("Zr", [0.0; 3]);
    let message = |model: NbedFromAtoms| model.measure(1).unwrap_err().to_string();
    assert!(message(NbedFromAtoms::default()).starts_with("`elements` is 0"));
    assert!(message(NbedFromAtoms { elements: vec![], ..zirconium() }).starts_with("`elements` is 0"));
    assert!(message(atom("Qq", [0.0; 3])).contains("'Qq'"));
    assert!(message(atom("Zr", [f64::NAN, 0.0, 0.0])).starts_with("`positions` is NaN"));
    assert!(message(NbedFromAtoms { scan: [1, 20], ..zirconium() }).starts_with("`scan_step` is 0.0000000002"));
    assert!(message(NbedFromAtoms { convergence_semi_angle: 1e-4, ..zirconium() }).starts_with("`convergence_semi_angle`"));
    assert!(message(NbedFromAtoms { sides: [0.0, 1e-9, 1e-9], ..zirconium() }).starts_with("`sides` is 0"));
    assert!(message(NbedFromAtoms { layers: 0, ..zirconium() }).starts_with("`layers` is 0"));
    assert!(message(NbedFromAtoms { dose: -1.0, ..zirconium() }).starts_with("`dose` is -1"));
    assert!(message(NbedFromAtoms { blur: f64::NAN, ..zirconium() }).starts_with("`blur` is NaN"));
    assert!(message(NbedFromAtoms { scan: [0, 3], ..zirconium() }).starts_with("`scan` is 0"));
}
