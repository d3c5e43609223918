#![allow(clippy::unwrap_used)]
use super::*;

const ANGSTROM: f64 = 1e-10;

/// The model and reference curves of the shared data; where they are not there the reason is printed.
fn reference(name: &str) -> Option<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/stem/fem_zrcual").join(name);
    if !path.exists() {
        println!("skipped: {} is not here", path.display());
        return None;
    }
    Some(std::fs::read_to_string(path).unwrap())
}

/// The box line comes before the count line.
fn model(text: &str) -> AtomicModel {
    let mut lines = text.lines();
    let side: f64 = lines.next().unwrap().split_whitespace().next().unwrap().parse().unwrap();
    let n: usize = lines.next().unwrap().trim().parse().unwrap();
    let mut model = AtomicModel { elements: Vec::new(), positions: Vec::new(), side: side * ANGSTROM };
    for line in lines.take(n) {
        let mut words = line.split_whitespace();
        model.elements.push(words.next().unwrap().to_owned());
        let mut next = || words.next().unwrap().parse::<f64>().unwrap() * ANGSTROM;
        model.positions.push([next(), next(), next()]);
    }
    model
}

/// Columns k, V of 213 orientations, V of 1000 uniform ones and its standard error.
fn curve(text: &str) -> Vec<[f64; 4]> {
    let row = |line: &str| -> [f64; 4] {
        let values: Vec<f64> = line.split_whitespace().map(|word| word.parse().unwrap()).collect();
        values.try_into().unwrap()
    };
    text.lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

#[test]
fn rotations_are_rotations_and_the_grid_has_its_number() {
    let grid = grid_orientations(40, 20);
    assert_eq!(grid.len(), 213);
    for rotation in grid.iter().chain(&uniform_orientations(50, 3)) {
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = (0..3).map(|k| rotation[i][k] * rotation[j][k]).sum();
                assert!((product - f64::from(u8::from(i == j))).abs() < 1e-12);
            }
        }
    }
    // The first axis of uniform rotations points everywhere alike: the mean square of every component is a third.
    let n = 4000;
    let many = uniform_orientations(n, 1);
    for axis in 0..3 {
        let square = many.iter().map(|rotation| rotation[0][axis].powi(2)).sum::<f64>() / n as f64;
        assert!((square - 1.0 / 3.0).abs() < 5.0 * (4.0 / 45.0 / n as f64).sqrt(), "{square}");
    }
}

#[test]
fn one_atom_has_no_fluctuation_and_a_pair_that_of_its_directions() {
    let one = AtomicModel { elements: vec!["Zr".to_owned()], positions: vec![[0.0; 3]], side: 1e-8 };
    let k = [3e9, 5e9];
    let found = one.fluctuation(&uniform_orientations(40, 1), &k, 1e7, 1).unwrap();
    assert!(found.variance.iter().chain(&found.std_error).all(|value| value.abs() < 1e-9), "{found:?}");
    // Two atoms a distance d apart below a wide probe: I = 2 f² (1 + J0(2πk d sin θ)), averaged by quadrature.
    let d = 2.5e-10;
    let pair = AtomicModel {
        elements: vec!["Zr".to_owned(); 2],
        positions: vec![[0.5 * d, 0.0, 0.0], [-0.5 * d, 0.0, 0.0]],
        side: 1e-8,
    };
    let orientations = uniform_orientations(6000, 2);
    let found = pair.fluctuation(&orientations, &k, 1e4, 1).unwrap();
    for (i, k) in k.iter().enumerate() {
        let table = BesselTable::up_to(100.0);
        let n = 20_000;
        let (mut first, mut second) = (0.0, 0.0);
        for j in 0..n {
            let cos = (f64::from(j) + 0.5) / f64::from(n);
            let intensity = 1.0 + table.j0(TAU * k * d * (1.0 - cos * cos).sqrt());
            first += intensity / f64::from(n);
            second += intensity * intensity / f64::from(n);
        }
        let expected = second / (first * first) - 1.0;
        let (value, error) = (found.variance[i], found.std_error[i]);
        assert!((value - expected).abs() < 5.0 * error && error < 0.1 * expected, "{value} {expected} {error}");
    }
}

#[test]
fn what_is_no_model_is_refused() {
    let one = AtomicModel { elements: vec!["Qq".to_owned()], positions: vec![[0.0; 3]], side: 1e-8 };
    assert!(one.fluctuation(&grid_orientations(4, 4), &[3e9], 1e8, 1).unwrap_err().to_string().contains("'Qq'"));
    let zirconium = AtomicModel { elements: vec!["Zr".to_owned()], ..one.clone() };
    assert!(zirconium.fluctuation(&[], &[3e9], 1e8, 1).is_err());
    assert!(zirconium.fluctuation(&grid_orientations(4, 4), &[], 1e8, 1).is_err());
    assert!(AtomicModel { positions: Vec::new(), ..zirconium }.fluctuation(&grid_orientations(4, 4), &[3e9], 1e8, 1).is_err());
}

/// The reference curves are met at their peaks, but not at their foot: there the model's variance is up to 11 % larger, for a reason
/// that is not known.
#[test]
fn reference_curves_of_two_models_are_met_at_the_peak() {
    for name in ["t1", "t2"] {
        let (Some(atoms), Some(expected)) =
            (reference(&format!("Zr50Cu35Al15_{name}_final.xyz")), reference(&format!("vk_ref_{name}.txt")))
        else {
            return;
        };
        let (model, expected) = (model(&atoms), curve(&expected));
        let k: Vec<f64> = expected.iter().map(|row| row[0] / ANGSTROM).collect();
        let resolution = 0.0305 / ANGSTROM;
        let grid = model.fluctuation(&grid_orientations(40, 20), &k, resolution, 1).unwrap();
        let peak = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
        let (found, wanted) = (peak(&mut grid.variance.iter().copied()), peak(&mut expected.iter().map(|row| row[1])));
        assert!((found / wanted - 1.0).abs() < 0.005, "{name}: {found} {wanted}");
        let worst = grid.variance.iter().zip(&expected).map(|(v, row)| (v / row[1] - 1.0).abs()).fold(0.0, f64::max);
        assert!(worst < 0.12, "{name}: {worst}");
    }
}
