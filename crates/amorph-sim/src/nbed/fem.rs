//! What fluctuation electron microscopy sees of a model of atoms: the variance of the diffracted intensity over orientations.

use std::f64::consts::{PI, TAU};

use amorph_core::electron_scattering::{ScatteringFactor, UnknownElement};
use amorph_core::random::{derive_seed, rng};
use ndarray::Array2;
use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};

use super::bessel::BesselTable;
use crate::SimulationError;

/// Step of the histogram of distances in units of the phase that it changes at the largest k. Within half a step of the middle of a cell
/// `J0` is its cubic of Taylor: its fourth derivative is at most 3/8, so what is left out is at most `3/8 · 0.08⁴/24 = 6.4e-7`.
const PHASE_STEP: f64 = 0.16;

/// Powers of the distance from the middle of a cell that are summed in it.
const POWERS: usize = 4;

/// Orientations whose histograms are transformed together.
const TOGETHER: usize = 8;

/// Added to a number it leaves no digit behind the point, and the number in the lowest bits.
const WHOLE: f64 = (1u64 << 52) as f64 * 1.5;

/// Replicates of the bootstrap over orientations.
const REPLICATES: usize = 400;

/// A cube of atoms that repeats.
#[derive(Debug, Clone, PartialEq)]
pub struct AtomicModel {
    /// Element of every atom.
    pub elements: Vec<String>,
    /// Positions (x, y, z), m; the cube is centred at the origin.
    pub positions: Vec<[f64; 3]>,
    /// Side of the cube, m.
    pub side: f64,
}

/// A rotation: the rows of its matrix.
pub type Rotation = [[f64; 3]; 3];

/// `V(k)` of a model and how sure it is.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelFluctuation {
    /// `<I²>/<I>² - 1` over the orientations, for every k.
    pub variance: Vec<f64>,
    /// Its standard error, from a bootstrap over the orientations.
    pub std_error: Vec<f64>,
}

/// Orientations on a grid, as the program femsim has them: `psi_j = 2π(j-1)/n_psi` for the first half of the circle, and for
/// each `theta_l = l π/(n-1)` below π with `n = floor(n_theta sin psi_j)`. They do not sample the sphere uniformly.
pub fn grid_orientations(n_psi: usize, n_theta: usize) -> Vec<Rotation> {
    let mut found = Vec::new();
    for j in 0..n_psi / 2 {
        let psi = TAU * j as f64 / n_psi as f64;
        let n = (n_theta as f64 * psi.sin()) as usize;
        match n {
            0 => found.push(rotation(psi, 0.0)),
            1 => {}
            // Compared with π and not by number: rounding leaves two orientations just below π, and the 213 have them.
            _ => {
                let thetas = (1..n).map(|l| l as f64 * PI / (n - 1) as f64).take_while(|theta| *theta < PI);
                found.extend(thetas.map(|theta| rotation(psi, theta)));
            }
        }
    }
    found
}

fn rotation(psi: f64, theta: f64) -> Rotation {
    let ((s, c), (sin, cos)) = (psi.sin_cos(), theta.sin_cos());
    [[c, s, 0.0], [-cos * s, cos * c, sin], [sin * s, -sin * c, cos]]
}

/// `n` orientations, uniform over all rotations.
pub fn uniform_orientations(n: usize, seed: u64) -> Vec<Rotation> {
    let one = |i: usize| {
        let mut rng = rng(derive_seed(seed, &["orientation".into(), i.into()]));
        let q: [f64; 4] = std::array::from_fn(|_| StandardNormal.sample(&mut rng));
        let length = q.iter().map(|part: &f64| part * part).sum::<f64>().sqrt();
        let [w, x, y, z] = q.map(|part| part / length);
        [
            [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)],
            [2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - w * x)],
            [2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)],
        ]
    };
    (0..n).map(one).collect()
}

impl AtomicModel {
    /// `V(k)` over `orientations` for the reciprocal lengths `k` (1/m, not empty) and the probe resolution `Q` (1/m):
    /// 0.61 over the radius of the probe.
    ///
    /// `I(k) = ΣΣ f_i(k) f_j(k) A(2πQρ_i) A(2πQρ_j) J0(2πkρ_ij)`, with `A(x) = 2 J1(x)/x` and `ρ` the distance from the axis of the
    /// beam, of all atoms of the repeated cube that lie in the cube after the rotation. Pairs go into a histogram of `ρ_ij`
    /// with the first moments of every cell, from which the `J0` of each follows within 1e-6.
    ///
    /// # Errors
    /// [`SimulationError`] for an element that is not known, and for a model without atoms, k or orientations.
    pub fn fluctuation(
        &self,
        orientations: &[Rotation],
        k: &[f64],
        resolution: f64,
        seed: u64,
    ) -> Result<ModelFluctuation, SimulationError> {
        SimulationError::require_positive("side", self.side)?;
        SimulationError::require_positive("resolution", resolution)?;
        SimulationError::require_positive("positions", self.positions.len() as f64)?;
        SimulationError::require_positive("orientations", orientations.len() as f64)?;
        let largest = k.iter().copied().fold(0.0, f64::max);
        SimulationError::require_positive("k", largest)?;
        let plan = Plan::new(self, k, largest, resolution)?;
        let groups: Vec<&[Rotation]> = orientations.chunks(TOGETHER).collect();
        let intensities = threaded(&groups, |group| plan.intensities(group)).concat();
        let all: Vec<usize> = (0..orientations.len()).collect();
        Ok(ModelFluctuation { variance: over(&intensities, &all), std_error: bootstrap(&intensities, seed) })
    }

    /// Numbers of the elements, and each atom's.
    pub(super) fn kinds(&self) -> (Vec<&str>, Vec<usize>) {
        let mut kinds: Vec<&str> = Vec::new();
        let of_atom = self
            .elements
            .iter()
            .map(|element| {
                kinds.iter().position(|kind| kind == element).unwrap_or_else(|| {
                    kinds.push(element);
                    kinds.len() - 1
                })
            })
            .collect();
        (kinds, of_atom)
    }

    /// Atoms (x, y, z, kind) of the repeated cube not farther than `reach` from the origin.
    fn images(&self, kinds: &[usize], reach: f64) -> Vec<([f64; 3], usize)> {
        let n = (reach / self.side + 0.5).ceil() as i32;
        let shifts: Vec<[f64; 3]> = (-n..=n)
            .flat_map(|x| (-n..=n).flat_map(move |y| (-n..=n).map(move |z| [x, y, z])))
            .map(|shift| shift.map(|part| f64::from(part) * self.side))
            .collect();
        let mut found = Vec::new();
        for (position, kind) in self.positions.iter().zip(kinds) {
            for shift in &shifts {
                let at: [f64; 3] = std::array::from_fn(|i| position[i] + shift[i]);
                if at.iter().map(|part| part * part).sum::<f64>() <= reach * reach {
                    found.push((at, *kind));
                }
            }
        }
        found
    }
}

/// Rotated atoms that lie in the box `|x|, |y| <= half_side`, `|z| <= half_depth`.
fn turned(
    atoms: &[([f64; 3], usize)],
    rotation: &Rotation,
    half_side: f64,
    half_depth: f64,
) -> impl Iterator<Item = ([f64; 3], usize)> {
    let turn = move |(at, kind): &([f64; 3], usize)| {
        let [x, y, z] = rotation.map(|row| row.iter().zip(at).map(|(a, b)| a * b).sum::<f64>());
        (x.abs() <= half_side && y.abs() <= half_side && z.abs() <= half_depth).then_some(([x, y, z], *kind))
    };
    atoms.iter().filter_map(turn)
}

/// What all orientations share.
struct Plan {
    /// Half the side of the cube, m.
    half: f64,
    /// All atoms that some rotation brings into the cube, with their kinds.
    atoms: Vec<([f64; 3], usize)>,
    n_kinds: usize,
    /// Scattering factor of every kind at every k.
    factors: Vec<Vec<f64>>,
    resolution: f64,
    /// `A` up to the corner of the cube.
    probe: BesselTable,
    /// Width of a cell of the histogram of distances, m.
    step: f64,
    n_cells: usize,
    /// Derivatives of `J0(2πkρ)` by the cell over their factorials, a row for every k, for every cell [`POWERS`] columns.
    table: Array2<f64>,
}

/// In a cell, the products of its pairs times the powers of how far they lie from its middle.
type Cell = [f64; POWERS];

impl Plan {
    fn new(model: &AtomicModel, k: &[f64], largest: f64, resolution: f64) -> Result<Self, SimulationError> {
        let (names, kinds) = model.kinds();
        let factors = names
            .iter()
            .map(|name| ScatteringFactor::of(name).map(|factor| k.iter().map(|k| factor.at(*k)).collect()))
            .collect::<Result<Vec<Vec<f64>>, UnknownElement>>()?;
        let step = PHASE_STEP / (TAU * largest);
        let n_cells = (std::f64::consts::SQRT_2 * model.side / step) as usize + 3;
        let bessel = BesselTable::up_to(TAU * largest * step * n_cells as f64);
        let mut table = Array2::zeros((k.len(), POWERS * n_cells));
        for (k, mut row) in k.iter().zip(table.rows_mut()) {
            let by_cell = TAU * k * step;
            for cell in 0..n_cells {
                let terms = bessel.taylor(by_cell * cell as f64);
                let powers = [1.0, by_cell, by_cell.powi(2) / 2.0, by_cell.powi(3) / 6.0];
                for (power, (term, factor)) in terms.iter().zip(powers).enumerate() {
                    row[POWERS * cell + power] = term * factor;
                }
            }
        }
        let probe = BesselTable::up_to(TAU * resolution * model.side);
        let half = 0.5 * model.side;
        let atoms = model.images(&kinds, 3.0f64.sqrt() * half);
        Ok(Self { half, atoms, n_kinds: names.len(), factors, resolution, probe, step, n_cells, table })
    }

    /// Intensities at every k of every orientation.
    fn intensities(&self, orientations: &[Rotation]) -> Vec<Vec<f64>> {
        let kinds: Vec<(usize, usize)> = (0..self.n_kinds).flat_map(|a| (a..self.n_kinds).map(move |b| (a, b))).collect();
        let mut histograms = Array2::zeros((orientations.len() * kinds.len(), POWERS * self.n_cells));
        let mut rows = histograms.rows_mut().into_iter();
        let mut cells = vec![[0.0; POWERS]; self.n_cells];
        let mut buffer = Default::default();
        for orientation in orientations {
            let groups = self.groups(orientation);
            for ((a, b), mut row) in kinds.iter().zip(&mut rows) {
                cells.fill([0.0; POWERS]);
                add_pairs(&groups[*a], &groups[*b], a == b, &mut cells, &mut buffer);
                row.iter_mut().zip(cells.iter().flatten()).for_each(|(into, value)| *into = *value);
            }
        }
        let transformed = histograms.dot(&self.table.t());
        let mut sums = vec![vec![0.0; transformed.ncols()]; orientations.len()];
        let mut rows = transformed.rows().into_iter();
        for intensity in &mut sums {
            for ((a, b), row) in kinds.iter().zip(&mut rows) {
                let factors = self.factors[*a].iter().zip(&self.factors[*b]).map(|(f, g)| f * g);
                intensity.iter_mut().zip(row).zip(factors).for_each(|((sum, value), factor)| *sum += factor * value);
            }
        }
        sums
    }

    /// Atoms of a kind beside each other (x and y in cells, weight): the histogram of one pair of kinds stays in the cache.
    fn groups(&self, orientation: &Rotation) -> Vec<[Vec<f64>; 3]> {
        let mut groups: Vec<[Vec<f64>; 3]> = vec![Default::default(); self.n_kinds];
        for ([x, y, _], kind) in turned(&self.atoms, orientation, self.half, self.half) {
            let weight = self.probe.airy(TAU * self.resolution * x.hypot(y));
            groups[kind].iter_mut().zip([x / self.step, y / self.step, weight]).for_each(|(list, value)| list.push(value));
        }
        groups
    }
}

/// Adds the pairs of two kinds, or of one with itself, to the histogram.
fn add_pairs(first: &[Vec<f64>; 3], second: &[Vec<f64>; 3], alike: bool, cells: &mut [Cell], buffer: &mut [Vec<f64>; 3]) {
    buffer.iter_mut().for_each(|list| list.resize(second[0].len(), 0.0));
    let [digits, beyond, product] = buffer;
    for (i, ((x, y), weight)) in first[0].iter().zip(&first[1]).zip(&first[2]).enumerate() {
        let n = if alike { i } else { second[0].len() };
        let others = second[0][..n].iter().zip(&second[1][..n]).zip(&second[2][..n]);
        // Lists beside each other, so that several pairs are computed at a time.
        let places = digits[..n].iter_mut().zip(&mut beyond[..n]).zip(&mut product[..n]);
        for (((digits, beyond), product), ((u, v), other)) in places.zip(others) {
            let at = ((x - u) * (x - u) + (y - v) * (y - v)).sqrt();
            // The nearest cell stands in the lowest digits.
            *digits = at + WHOLE;
            *beyond = at - (*digits - WHOLE);
            // A pair counts twice.
            *product = 2.0 * weight * other;
        }
        for ((digits, beyond), product) in digits[..n].iter().zip(&beyond[..n]).zip(&product[..n]) {
            let cell = &mut cells[digits.to_bits() as u32 as usize];
            let square = beyond * beyond;
            let [p, q] = [product * beyond, product * square];
            *cell = [cell[0] + product, cell[1] + p, cell[2] + q, cell[3] + q * beyond];
        }
        if alike {
            cells[0][0] += weight * weight;
        }
    }
}

/// `<I²>/<I>² - 1` over the chosen orientations, for every k.
fn over(intensities: &[Vec<f64>], chosen: &[usize]) -> Vec<f64> {
    let n_k = intensities.first().map_or(0, Vec::len);
    let mut sums = vec![(0.0, 0.0); n_k];
    for index in chosen {
        for (sum, value) in sums.iter_mut().zip(&intensities[*index]) {
            sum.0 += value;
            sum.1 += value * value;
        }
    }
    let n = chosen.len() as f64;
    sums.iter().map(|(first, second)| n * second / (first * first) - 1.0).collect()
}

fn bootstrap(intensities: &[Vec<f64>], seed: u64) -> Vec<f64> {
    let n = intensities.len();
    let replicate = |index: usize| {
        let mut rng = rng(derive_seed(seed, &["bootstrap".into(), index.into()]));
        let chosen: Vec<usize> = (0..n).map(|_| rng.random_range(0..n)).collect();
        over(intensities, &chosen)
    };
    let replicates = threaded(&(0..REPLICATES).collect::<Vec<usize>>(), |index| replicate(*index));
    let n_k = intensities.first().map_or(0, Vec::len);
    let spread = |k: usize| {
        let mean = replicates.iter().map(|values| values[k]).sum::<f64>() / REPLICATES as f64;
        let square = replicates.iter().map(|values| (values[k] - mean).powi(2)).sum::<f64>();
        (square / (REPLICATES - 1) as f64).sqrt()
    };
    (0..n_k).map(spread).collect()
}

/// `work` on every item, in order, shared out among threads.
pub(super) fn threaded<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    use ndarray::parallel::prelude::*;
    items.par_iter().map(work).collect()
}

#[cfg(test)]
#[path = "fem_tests.rs"]
mod tests;
