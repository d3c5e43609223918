use super::algorithm::{p2, p4};
use super::*;
use crate::core::data::Table;
use crate::method::Constants;
use crate::sim::scattering::StrainedGlass;

fn dataset(glass: &StrainedGlass, seed: u64) -> Dataset {
    let pattern = glass.measure(seed).unwrap();
    let (n, sectors) = (pattern.q.len(), pattern.azimuth.len());
    let table = Table::new("s", "")
        .with_numbers("q", "1/m", (0..n * sectors).map(|k| pattern.q[k % n]).collect())
        .with_numbers("azimuth", "rad", (0..n * sectors).map(|k| pattern.azimuth[k / n]).collect())
        .with_numbers("s_q", "", pattern.s)
        .with_numbers("s_q_error", "", vec![glass.noise.max(1e-6); n * sectors]);
    let mut dataset = Dataset::of_table(table);
    dataset.constants = [
        ("number_density", format!("{} 1/m^3", glass.number_density)),
        ("poisson_ratio", glass.poisson_ratio.to_string()),
        ("wavelength", format!("{} m", glass.wavelength)),
    ]
    .iter()
    .fold(Constants::default(), |constants, (key, value)| constants.with_quantity(key, value).unwrap());
    dataset
}

fn with_shape(glass: &StrainedGlass) -> AnisotropicPdf {
    let radius = (1..2000).map(|k| 0.02e-10 * f64::from(k));
    let shape = radius.map(|r| [r, glass.anelastic_shape(r)]).collect();
    AnisotropicPdf { anelastic_shape: Some(shape), ..AnisotropicPdf::default() }
}

fn run(method: &AnisotropicPdf, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

fn small() -> StrainedGlass {
    StrainedGlass { n_q: 300, sectors: 24, ..StrainedGlass::default() }
}

#[test]
fn polynomials_have_their_values() {
    assert!((p2(1.0) - 1.0).abs() < 1e-15 && (p2(0.0) + 0.5).abs() < 1e-15 && (p4(1.0) - 1.0).abs() < 1e-15);
}

/// The three glasses of the specification.
#[test]
fn affine_and_anelastic_strains_are_found() {
    for (strain, share, poisson_ratio, density, q_max) in
        [(0.0125, 0.76, 0.37, 0.056e30, 24e10), (-0.0080, 0.60, 0.35, 0.048e30, 18e10)]
    {
        let glass = StrainedGlass {
            strain,
            affine_share: share,
            poisson_ratio,
            number_density: density,
            q_max,
            noise: 0.002,
            sectors: 36,
            n_q: 400,
            ..StrainedGlass::default()
        };
        let outcome = run(&with_shape(&glass), &dataset(&glass, 1)).unwrap();
        let value = |key: &str| outcome.estimate(key).unwrap().value;
        println!("{:.5} {:.5} {:.3}", value("eps_affine"), value("eps_anelastic"), value("affine_fraction_z"));
        assert!((value("affine_fraction_z") - share).abs() < 0.03, "{}", value("affine_fraction_z"));
        assert!((value("eps_affine") / (share * strain) - 1.0).abs() < 0.05, "{}", value("eps_affine"));
        assert_eq!(outcome.figures.len(), 1);
    }
}

#[test]
fn without_strain_there_is_no_share() {
    let glass = StrainedGlass { strain: 0.0, ..small() };
    let outcome = run(&with_shape(&glass), &dataset(&glass, 2)).unwrap();
    let affine = outcome.estimate("eps_affine").unwrap();
    assert!(affine.value.abs() < 4.0 * affine.std_error.unwrap(), "{affine:?}");
    assert!(outcome.estimate("affine_fraction_z").is_none());
    assert!(outcome.notes.iter().any(|note| note.code == "not_determined"));
}

/// Intervals over noise; the templates bring a bias that must be small beside them.
fn covered(patterns: u64) -> [usize; 3] {
    let glass = small();
    let method = with_shape(&glass);
    let truths = [("eps_affine", 0.0095), ("eps_anelastic", 0.003), ("affine_fraction_z", 0.76)];
    let mut covered = [0; 3];
    for seed in 0..patterns {
        let outcome = run(&method, &dataset(&glass, 50 + seed)).unwrap();
        for (covered, (key, truth)) in covered.iter_mut().zip(truths) {
            let interval = outcome.estimate(key).unwrap().interval.unwrap();
            *covered += usize::from(interval.lo <= truth && truth <= interval.hi);
        }
    }
    println!("affine, anelastic, share: {covered:?} of {patterns}");
    covered
}

#[test]
fn intervals_cover() {
    assert!(covered(20).iter().all(|covered| *covered >= 15));
}

#[test]
#[ignore = "minutes; run by `make validate`"]
fn intervals_cover_in_full() {
    assert!(covered(200).iter().all(|covered| (184..=198).contains(covered)));
}

#[test]
fn far_distances_tell_the_affine_strain_of_an_affine_glass() {
    let glass = StrainedGlass { strain: 0.006, affine_share: 1.0, ..small() };
    let method = AnisotropicPdf { applied_strain: Some("0.006".parse().unwrap()), ..AnisotropicPdf::default() };
    let outcome = run(&method, &dataset(&glass, 3)).unwrap();
    let affine = outcome.estimate("eps_affine").unwrap();
    assert!((affine.value - 0.006).abs() < 3.0 * affine.std_error.unwrap() + 2e-4, "{affine:?}");
    assert!(outcome.estimate("affine_fraction_z").is_some());
}

/// A large strain, every distance stretched as far as it is: first order says that it is not enough.
#[test]
fn large_strains_need_their_finite_form() {
    let glass = StrainedGlass { strain: 0.04, affine_share: 1.0, finite: true, noise: 0.0005, ..small() };
    let first_order = AnisotropicPdf::default();
    let finite = AnisotropicPdf { stretch: Stretch::Finite, ..first_order.clone() };
    let data = dataset(&glass, 4);
    let outcome = run(&first_order, &data).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "not_first_order"), "{:?}", outcome.notes);
    let off = |outcome: &Outcome| (outcome.estimate("eps_affine").unwrap().value - 0.04).abs();
    let better = run(&finite, &data).unwrap();
    println!("{} {}", off(&outcome), off(&better));
    // 0.0407 and 0.0400 with a standard error of 3e-6; the grid of distances leaves 1e-5.
    assert!(off(&better) < 1e-4 && off(&outcome) > 5e-4, "{} {}", off(&better), off(&outcome));
    // A small strain is the same in both.
    let gentle = dataset(&StrainedGlass { strain: 0.002, ..glass }, 4);
    let [a, b] = [&first_order, &finite].map(|method| run(method, &gentle).unwrap().estimate("eps_affine").unwrap().value);
    assert!((a / b - 1.0).abs() < 0.002, "{a} {b}");
}

/// The end of the range of Q is a systematic error of its own, and far distances stand beside the shapes.
#[test]
fn the_range_of_q_and_far_distances_are_said() {
    let glass = small();
    let outcome = run(&with_shape(&glass), &dataset(&glass, 5)).unwrap();
    for key in ["eps_affine", "eps_anelastic", "affine_fraction_z"] {
        let estimate = outcome.estimate(key).unwrap();
        assert!(estimate.systematic_error.unwrap() < 6.0 * estimate.std_error.unwrap(), "{estimate:?}");
    }
    // The anelastic part has not quite died out at 8 Å: it is counted as affine there.
    let far = outcome.estimate("eps_affine_far").unwrap().value;
    assert!((0.0095..0.0120).contains(&far), "{far}");
}

#[test]
fn bad_input_is_refused() {
    let glass = small();
    let method = AnisotropicPdf::default();
    let few = StrainedGlass { sectors: 4, n_q: 40, ..small() };
    let text = run(&method, &dataset(&few, 1)).unwrap_err().to_string();
    assert!(text.contains("sectors cover"), "{text}");
    let mut missing = dataset(&StrainedGlass { n_q: 40, ..glass }, 1);
    missing.constants = Constants::default();
    let text = run(&method, &missing).unwrap_err().to_string();
    assert!(text.contains("number_density") && text.contains("wavelength"), "{text}");
    let wrong = AnisotropicPdf { affine_beyond: "40 nm".parse().unwrap(), ..method };
    let text = run(&wrong, &dataset(&StrainedGlass { n_q: 40, ..small() }, 1)).unwrap_err().to_string();
    assert!(text.contains("affine_beyond"), "{text}");
}
