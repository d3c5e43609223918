#![allow(clippy::unwrap_used)]
use super::*;
use crate::nbed::bessel::airy;

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

/// Intensity of one orientation with the distances of pairs left as they are (`step` none), or cut down to a multiple of `step`.
fn plain_sum(model: &AtomicModel, orientation: &Rotation, k: &[f64], resolution: f64, step: Option<f64>) -> Vec<f64> {
    let (names, kinds) = model.kinds();
    let factors: Vec<ScatteringFactor> = names.iter().map(|name| ScatteringFactor::of(name).unwrap()).collect();
    let half = 0.5 * model.side;
    let images = model.images(&kinds, 3.0f64.sqrt() * half);
    let atoms: Vec<(f64, f64, f64, usize)> = turned(&images, orientation, half, half)
        .map(|([x, y, _], kind)| (x, y, airy(TAU * resolution * x.hypot(y)), kind))
        .collect();
    let cells = step.map_or(0, |step| (1.5 * model.side / step) as usize);
    let mut histogram = vec![0.0; names.len() * names.len() * cells];
    let bessel = BesselTable::up_to(TAU * k.iter().copied().fold(0.0, f64::max) * 1.5 * model.side);
    let f: Vec<Vec<f64>> = factors.iter().map(|factor| k.iter().map(|k| factor.at(*k)).collect()).collect();
    let mut sums = vec![0.0; k.len()];
    for (i, (x, y, weight, kind)) in atoms.iter().enumerate() {
        sums.iter_mut().enumerate().for_each(|(at, sum)| *sum += (weight * f[*kind][at]).powi(2));
        for (other_x, other_y, other_weight, other) in &atoms[..i] {
            let (distance, product) = ((x - other_x).hypot(y - other_y), 2.0 * weight * other_weight);
            if let Some(step) = step {
                histogram[(kind * names.len() + other) * cells + (distance / step) as usize] += product;
            } else {
                let term = |at: usize| product * f[*kind][at] * f[*other][at] * bessel.j0(TAU * k[at] * distance);
                sums.iter_mut().enumerate().for_each(|(at, sum)| *sum += term(at));
            }
        }
    }
    for (at, sum) in sums.iter_mut().enumerate() {
        let table: Vec<f64> = (0..cells).map(|cell| bessel.j0(TAU * k[at] * step.unwrap() * cell as f64)).collect();
        for (pair, cells) in histogram.chunks_exact(cells.max(1)).enumerate() {
            let factor = f[pair / names.len()][at] * f[pair % names.len()][at];
            *sum += factor * cells.iter().zip(&table).map(|(a, b)| a * b).sum::<f64>();
        }
    }
    sums
}

/// The reference curves cut every distance of a pair down to a multiple of 0.005 Å. So cut, they are met in every digit that they have;
/// at their foot, where self-terms and pairs nearly cancel, the half step that is lost costs them a tenth of the variance.
#[test]
fn reference_curves_of_two_models_are_met_with_their_rounding_and_exceeded_without() {
    for name in ["t1", "t2"] {
        let (Some(atoms), Some(expected)) =
            (reference(&format!("Zr50Cu35Al15_{name}_final.xyz")), reference(&format!("vk_ref_{name}.txt")))
        else {
            return;
        };
        let (model, expected) = (model(&atoms), curve(&expected));
        let k: Vec<f64> = expected.iter().map(|row| row[0] / ANGSTROM).collect();
        let (resolution, orientations) = (0.0305 / ANGSTROM, grid_orientations(40, 20));
        let worst =
            |variance: &[f64]| variance.iter().zip(&expected).map(|(v, row)| (v / row[1] - 1.0).abs()).fold(0.0, f64::max);
        let cut = threaded(&orientations, |one| plain_sum(&model, one, &k, resolution, Some(0.005 * ANGSTROM)));
        let cut = over(&cut, &(0..orientations.len()).collect::<Vec<usize>>());
        assert!(worst(&cut) < 1e-4, "{name}: {}", worst(&cut));
        let grid = model.fluctuation(&orientations, &k, resolution, 1).unwrap();
        assert!((0.05..0.12).contains(&worst(&grid.variance)), "{name}: {}", worst(&grid.variance));
        // Nothing is rounded in the direct sum of a few orientations, and the histogram agrees with it.
        let few: Vec<Rotation> = orientations.iter().copied().step_by(70).collect();
        let chosen = [k[0], k[20], k[60], k[102]];
        let direct: Vec<Vec<f64>> = threaded(&few, |one| plain_sum(&model, one, &chosen, resolution, None));
        let direct = over(&direct, &(0..few.len()).collect::<Vec<usize>>());
        let found = model.fluctuation(&few, &chosen, resolution, 1).unwrap();
        for (found, direct) in found.variance.iter().zip(&direct) {
            assert!((found / direct - 1.0).abs() < 1e-5, "{name}: {found} {direct}");
        }
        // Uniform orientations within three standard errors of both, of which the reference states its own.
        let uniform = model.fluctuation(&uniform_orientations(1000, 1), &k, resolution, 1).unwrap();
        let (peak, row) = uniform
            .variance
            .iter()
            .zip(&expected)
            .max_by(|a, b| a.0.total_cmp(b.0))
            .map(|(found, row)| (*found, *row))
            .unwrap();
        let error = uniform.std_error.iter().copied().fold(0.0, f64::max).hypot(row[3]);
        assert!((peak - row[2]).abs() < 3.0 * error, "{name}: {peak} {} {error}", row[2]);
    }
}
