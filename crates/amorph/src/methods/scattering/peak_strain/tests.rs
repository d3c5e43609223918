use super::algorithm::{fit_peak, tensor};
use super::*;
use crate::core::data::Table;
use crate::core::stats::wilson_interval;
use crate::sim::scattering::Rings;

fn rings() -> Rings {
    Rings { q0: 2.7e10, width: 0.22e10, counts: [20_000.0, 2000.0], strain: [0.0091, -0.0033, 0.0012], sectors: 36 }
}

fn dataset(rings: &Rings, seed: u64) -> Dataset {
    let pattern = rings.measure(seed);
    let (n, sectors) = (pattern.q.len(), pattern.azimuth.len());
    let errors = pattern.s.iter().map(|counts| counts.max(1.0).sqrt()).collect();
    let table = Table::new("rings", "")
        .with_numbers("q", "1/m", (0..n * sectors).map(|k| pattern.q[k % n]).collect())
        .with_numbers("azimuth", "rad", (0..n * sectors).map(|k| pattern.azimuth[k / n]).collect())
        .with_numbers("intensity", "", pattern.s)
        .with_numbers("intensity_error", "", errors);
    Dataset::of_table(table)
}

fn run(method: &PeakStrain, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

fn with_reference() -> PeakStrain {
    PeakStrain { reference: Some("2.7 1/A".parse().unwrap()), ..PeakStrain::default() }
}

#[test]
fn the_tensor_of_the_specification_is_found() {
    let outcome = run(&with_reference(), &dataset(&rings(), 1)).unwrap();
    for (key, truth) in [("eps11", 0.0091), ("eps22", -0.0033), ("eps12", 0.0012)] {
        let found = outcome.estimate(key).unwrap().value;
        assert!((found - truth).abs() < 4e-4, "{key}: {found}");
    }
    assert_eq!(outcome.figures.len(), 1);
}

/// Files write 1/A and degrees.
#[test]
fn units_of_files_are_converted() {
    let mut dataset = dataset(&rings(), 1);
    let crate::core::data::Data::Table(table) = &mut dataset.data[0] else { panic!("no table") };
    for (place, (unit, factor)) in [("1/A", 1e-10), ("deg", 180.0 / std::f64::consts::PI)].into_iter().enumerate() {
        let crate::core::data::ColumnValues::Numbers(values) = &mut table.columns[place].values else { panic!("no numbers") };
        values.iter_mut().for_each(|value| *value *= factor);
        table.columns[place].unit = Unit::of(unit);
    }
    let outcome = run(&with_reference(), &dataset).unwrap();
    let found = outcome.estimate("eps11").unwrap().value;
    assert!((found - 0.0091).abs() < 4e-4, "{found}");
}

#[test]
fn intervals_cover() {
    let mut covered = [0; 3];
    for seed in 0..60 {
        let outcome = run(&with_reference(), &dataset(&rings(), 10 + seed)).unwrap();
        let truths = [("eps12", 0.0012), ("eps11", 0.0091), ("strain_difference", 0.0124)];
        for (covered, (key, truth)) in covered.iter_mut().zip(truths) {
            let interval = outcome.estimate(key).unwrap().interval.unwrap();
            *covered += usize::from(interval.lo <= truth && truth <= interval.hi);
        }
    }
    println!("shear, along, difference: {covered:?} of 60");
    for covered in covered {
        assert!(wilson_interval(covered, 60, 0.99).unwrap().1 > 0.95, "{covered}");
    }
}

#[test]
fn without_a_reference_only_differences_are_given() {
    let outcome = run(&PeakStrain::default(), &dataset(&rings(), 1)).unwrap();
    assert!(outcome.estimate("eps11").is_none());
    let difference = outcome.estimate("strain_difference").unwrap().value;
    assert!((difference - 0.0124).abs() < 8e-4, "{difference}");
    assert!(outcome.notes.iter().any(|note| note.code == "no_reference"));
}

#[test]
fn principal_strains_are_those_of_the_tensor() {
    let azimuths: Vec<f64> = (0..12).map(|k| std::f64::consts::TAU * f64::from(k) / 12.0).collect();
    // 0.01 along 30 degrees, -0.004 across.
    let strains: Vec<f64> =
        azimuths.iter().map(|phi| 0.003 + 0.007 * (2.0 * (phi - std::f64::consts::FRAC_PI_6)).cos()).collect();
    let found = tensor(&azimuths, &strains, &[1e-4; 12]).unwrap();
    let ([larger, smaller], azimuth) = found.principal();
    assert!((larger - 0.01).abs() < 1e-12 && (smaller + 0.004).abs() < 1e-12);
    assert!((azimuth - std::f64::consts::FRAC_PI_6).abs() < 1e-9);
}

#[test]
fn flat_and_short_patterns_have_no_peak() {
    let x: Vec<f64> = (0..20).map(f64::from).collect();
    assert!(fit_peak(&x, &[1.0; 20], None).is_none());
    assert!(fit_peak(&x[..5], &[1.0; 5], None).is_none());
}

#[test]
fn bad_input_is_refused() {
    let few = Rings { sectors: 3, ..rings() };
    let text = run(&with_reference(), &dataset(&few, 1)).unwrap_err().to_string();
    assert!(text.contains("3 sectors"), "{text}");
    let narrow = PeakStrain { range: Some(["2.7 1/A".parse().unwrap(), "2.701 1/A".parse().unwrap()]), ..with_reference() };
    let text = run(&narrow, &dataset(&rings(), 1)).unwrap_err().to_string();
    assert!(text.contains("range of the peak"), "{text}");
    let wrong = PeakStrain { reference: Some("2.7 nm".parse().unwrap()), ..with_reference() };
    assert!(run(&wrong, &dataset(&rings(), 1)).is_err());
}
