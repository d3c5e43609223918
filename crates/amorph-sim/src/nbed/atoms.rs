//! A virtual nanobeam scan of a model of atoms.

use std::f64::consts::{PI, TAU};

use amorph_core::constants::{ELECTRON_MASS, ELEMENTARY_CHARGE, LIGHT_SPEED, PLANCK};
use amorph_core::data::{Pixels, Scan4d};
use amorph_core::electron_scattering::{ScatteringFactor, UnknownElement};
use amorph_core::random::{derive_seed, rng};
use rand_distr::{Distribution, Poisson, StandardNormal};

use super::fem::threaded;
use super::probe::{Lens, Probe};
use crate::SimulationError;

/// A foil of known atoms, the probe and the camera.
///
/// Kinematic scattering into the detector position with transverse wave vector `q`:
///
/// ```text
/// ψ(q) = γ Σ_j f_j(|q|) exp(-2πi (q·r_j - λq²z_j/2)) a(r_j - r_probe),   electrons = dose (λΔq)² |ψ|²
/// ```
///
/// with Kirkland's electron scattering factors `f`, `γ` the relativistic mass over the rest mass, the probe `a` (see
/// [`Probe`]) and the curvature of the Ewald sphere. The probe is the same at every depth, which holds for foils thinner than
/// its depth of focus `λ/α²` (174 nm at 200 kV and 3.8 mrad). Multiple scattering is not in it: where
/// [`ProbeTruth::scattered`] exceeds about a tenth, a multislice program is needed.
///
/// Lengths are m, wave numbers 1/m (`k = 1/d`), angles rad. `x` of the model is along the columns of scan and detector, `y` along
/// the rows, the beam along `z`.
#[derive(Debug, Clone, PartialEq)]
pub struct NbedFromAtoms {
    /// Element of every atom.
    pub elements: Vec<String>,
    /// Positions (x, y, z).
    pub positions: Vec<[f64; 3]>,
    /// Sides (x, y, z) of the cell that repeats, centred on the atoms. Every atom is seen once, as the image nearest to the probe.
    pub sides: [f64; 3],
    /// Copies of the cell above each other.
    pub layers: usize,
    /// Whether each copy is moved sideways by another share of the sides, so that a glass does not repeat along the beam.
    pub shifted_layers: bool,
    /// Slices of the foil whose intensities add instead of their amplitudes: modes of the speckle. 1 for a coherent foil.
    pub slices: usize,
    /// Tilts of the foil (along x, along y), rad, over which intensities are averaged; empty for none. A tilt moves an atom sideways in
    /// proportion to its depth.
    pub tilts: Vec<[f64; 2]>,
    /// Probe positions (rows, columns), centred on the atoms.
    pub scan: [usize; 2],
    /// Distance between them.
    pub scan_step: f64,
    /// Detector pixels (rows, columns).
    pub detector: [usize; 2],
    /// Unscattered beam (y, x), pixels.
    pub centre: [f64; 2],
    /// Wave number of a detector pixel.
    pub q_pixel: f64,
    /// Accelerating voltage, V.
    pub beam_voltage: f64,
    /// Half the opening angle of the probe.
    pub convergence_semi_angle: f64,
    /// Defocus, positive for underfocus.
    pub defocus: f64,
    /// Spherical aberration of third order.
    pub spherical_aberration: f64,
    /// Electrons per pattern.
    pub dose: f64,
    /// Share of the electrons in the disk of the unscattered beam; it adds to the scattered ones without interference.
    pub direct_beam: f64,
    /// Counts per electron.
    pub gain: f64,
    /// Standard deviation of the counts of one electron over their mean.
    pub gain_noise: f64,
    /// Standard deviation of the Gaussian over which the camera spreads an electron, pixels.
    pub blur: f64,
}

/// What is true of one pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProbeTruth {
    /// Position of the probe (y, x) in the model.
    pub position: [f64; 2],
    /// Atoms within the first dark ring of an unaberrated probe, all layers.
    pub atoms: usize,
    /// Electrons scattered onto the detector beyond the disk of the unscattered beam, over the dose. Within the disk the sum over the
    /// atoms is the phase that their mean potential adds, which no kinematic theory counts in electrons.
    pub scattered: f64,
}

/// A scan and what is true about it.
#[derive(Debug, Clone)]
pub struct AtomScan {
    /// What the camera wrote: unsigned 16-bit counts, (scan y, scan x, detector y, detector x).
    pub scan: Scan4d,
    /// Electrons expected in every pixel, pattern after pattern, row by row.
    pub expected: Vec<f64>,
    /// What is true of every pattern, in scan order.
    pub truth: Vec<ProbeTruth>,
}

impl Default for NbedFromAtoms {
    /// The probe of 200 kV and 3.8 mrad, 0.4 nm wide, on 10 x 10 positions; no atoms.
    fn default() -> Self {
        Self {
            elements: Vec::new(),
            positions: Vec::new(),
            sides: [2.8e-9; 3],
            layers: 1,
            shifted_layers: false,
            slices: 1,
            tilts: Vec::new(),
            scan: [10, 10],
            scan_step: 0.2e-9,
            detector: [64, 60],
            centre: [31.5, 29.5],
            q_pixel: 0.3e9,
            beam_voltage: 200e3,
            convergence_semi_angle: 3.8e-3,
            defocus: 0.0,
            spherical_aberration: 0.0,
            dose: 1e6,
            direct_beam: 0.0,
            gain: 1.0,
            gain_noise: 0.0,
            blur: 0.0,
        }
    }
}

/// An atom of the foil: depth from its middle, place in the cell, element.
struct Placed {
    at: [f64; 3],
    kind: usize,
}

/// What all probe positions share.
struct Plan<'a> {
    model: &'a NbedFromAtoms,
    /// Atoms by tilt and slice.
    groups: Vec<Vec<Placed>>,
    /// Scattering length of every element at every pixel, `γ f`.
    factors: Vec<Vec<f64>>,
    probe: Probe,
    wavelength: f64,
}

impl NbedFromAtoms {
    /// Wavelength of the electrons, m, and their relativistic mass over the rest mass.
    pub fn electrons(&self) -> (f64, f64) {
        let energy = ELEMENTARY_CHARGE * self.beam_voltage / (ELECTRON_MASS * LIGHT_SPEED.powi(2));
        let momentum = ELECTRON_MASS * LIGHT_SPEED * (energy * (2.0 + energy)).sqrt();
        (PLANCK / momentum, 1.0 + energy)
    }

    /// Radius of a diffraction disk, detector pixels.
    pub fn disk_radius(&self) -> f64 {
        self.convergence_semi_angle / self.electrons().0 / self.q_pixel
    }

    /// Scans the foil. One pattern depends on `seed` and its place in the scan alone.
    ///
    /// # Errors
    /// [`SimulationError`] for a foil without atoms, an element without scattering factor, a scan or a probe larger than the cell,
    /// and parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<AtomScan, SimulationError> {
        let plan = self.plan()?;
        let places = self.places();
        let expected = threaded(&places, |place| plan.electrons(*place));
        let indexed: Vec<(usize, &Vec<f64>)> = expected.iter().enumerate().collect();
        let counts = threaded(&indexed, |(index, electrons)| self.counts(electrons, seed, *index));
        let dark_ring = 0.61 * plan.wavelength / self.convergence_semi_angle;
        let beyond: Vec<bool> =
            (0..self.detector[0] * self.detector[1]).map(|i| self.beam_distance(i) > self.disk_radius() + 1.0).collect();
        let scattered =
            |electrons: &[f64]| electrons.iter().zip(&beyond).filter(|pair| *pair.1).map(|pair| pair.0).sum::<f64>();
        let truth = places.iter().zip(&expected).map(|(place, electrons)| ProbeTruth {
            position: *place,
            atoms: plan.atoms_within(*place, dark_ring),
            scattered: scattered(electrons) / self.dose,
        });
        let truth = truth.collect();
        let direct = self.direct_disk();
        let expected = expected.iter().flat_map(|electrons| electrons.iter().zip(&direct).map(|(a, b)| a + b)).collect();
        let shape = [self.scan[0], self.scan[1], self.detector[0], self.detector[1]];
        Ok(AtomScan { scan: Scan4d::of_pixels(shape, Pixels::U16(counts.concat())), expected, truth })
    }

    /// Middle of the atoms (x, y, z).
    fn middle(&self) -> [f64; 3] {
        std::array::from_fn(|axis| {
            let along = || self.positions.iter().map(|position| position[axis]);
            0.5 * (along().fold(f64::INFINITY, f64::min) + along().fold(f64::NEG_INFINITY, f64::max))
        })
    }

    /// Probe positions (y, x), row by row.
    fn places(&self) -> Vec<[f64; 2]> {
        let [rows, columns] = self.scan;
        let [x, y, _] = self.middle();
        let from_middle = |i: usize, n: usize| self.scan_step * (i as f64 - 0.5 * (n as f64 - 1.0));
        (0..rows * columns).map(|i| [y + from_middle(i / columns, rows), x + from_middle(i % columns, columns)]).collect()
    }

    fn check(&self) -> Result<(), SimulationError> {
        let wrong = |name, value: f64, allowed| Err(SimulationError::Parameter { name, value, allowed });
        if self.positions.is_empty() || self.elements.len() != self.positions.len() {
            return wrong("elements", self.elements.len() as f64, "at least one, as many as positions");
        }
        if let Some(value) = self.positions.iter().flatten().find(|value| !value.is_finite()) {
            return wrong("positions", *value, "finite numbers of metres");
        }
        for (name, value) in [
            ("sides", self.sides[0]),
            ("sides", self.sides[1]),
            ("sides", self.sides[2]),
            ("scan_step", self.scan_step),
            ("q_pixel", self.q_pixel),
            ("beam_voltage", self.beam_voltage),
            ("convergence_semi_angle", self.convergence_semi_angle),
            ("dose", self.dose),
            ("gain", self.gain),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        for (name, value) in [("direct_beam", self.direct_beam), ("gain_noise", self.gain_noise), ("blur", self.blur)] {
            SimulationError::require_not_negative(name, value)?;
        }
        for (name, value) in [("defocus", self.defocus), ("spherical_aberration", self.spherical_aberration)] {
            if !value.is_finite() {
                return wrong(name, value, "a finite number of metres");
            }
        }
        for (name, value) in [("layers", self.layers), ("slices", self.slices)] {
            if !(1..=10_000).contains(&value) {
                return wrong(name, value as f64, "from 1 to 10000");
            }
        }
        if self.scan.contains(&0) || self.detector.contains(&0) {
            return wrong("scan", 0.0, "at least one position and one detector pixel along each axis");
        }
        for (n, side) in self.scan.iter().zip([self.sides[1], self.sides[0]]) {
            if (*n as f64 - 1.0) * self.scan_step > side * (1.0 + 1e-9) {
                return wrong("scan_step", self.scan_step, "so small that every probe position lies in the cell");
            }
        }
        let dark_ring = 0.61 * self.electrons().0 / self.convergence_semi_angle;
        if dark_ring > 0.5 * self.sides[0].min(self.sides[1]) {
            let allowed = "so large that the first dark ring of the probe lies in the cell; or use a larger model";
            return wrong("convergence_semi_angle", self.convergence_semi_angle, allowed);
        }
        Ok(())
    }

    fn plan(&self) -> Result<Plan<'_>, SimulationError> {
        self.check()?;
        let (wavelength, mass) = self.electrons();
        let mut names: Vec<&String> = self.elements.iter().collect();
        names.sort();
        names.dedup();
        let [rows, columns] = self.detector;
        let q = |i: usize| self.q_pixel * ((i / columns) as f64 - self.centre[0]).hypot((i % columns) as f64 - self.centre[1]);
        let factors = names
            .iter()
            .map(|name| ScatteringFactor::of(name).map(|factor| (0..rows * columns).map(|i| mass * factor.at(q(i))).collect()))
            .collect::<Result<Vec<Vec<f64>>, UnknownElement>>()?;
        let kinds = self.elements.iter().map(|element| names.partition_point(|name| *name < element)).collect::<Vec<usize>>();
        let lens = Lens {
            aperture: self.convergence_semi_angle / wavelength,
            wavelength,
            defocus: self.defocus,
            spherical_aberration: self.spherical_aberration,
        };
        let reach = 0.5 * self.sides[0].hypot(self.sides[1]);
        Ok(Plan { model: self, groups: self.groups(&kinds), factors, probe: Probe::new(&lens, reach), wavelength })
    }

    /// Atoms of every tilt and slice.
    fn groups(&self, kinds: &[usize]) -> Vec<Vec<Placed>> {
        let [_, _, side] = self.sides;
        let thickness = side * self.layers as f64;
        let bottom = self.middle()[2] - 0.5 * side;
        let untilted = [[0.0; 2]];
        let tilts = if self.tilts.is_empty() { &untilted[..] } else { &self.tilts };
        let mut groups: Vec<Vec<Placed>> = Vec::new();
        for [tilt_x, tilt_y] in tilts {
            let mut slices: Vec<Vec<Placed>> = (0..self.slices).map(|_| Vec::new()).collect();
            for layer in 0..self.layers {
                let sideways = if self.shifted_layers { layer_shift(layer) } else { [0.0; 2] };
                for (position, kind) in self.positions.iter().zip(kinds) {
                    let height = (position[2] - bottom).rem_euclid(side) + side * layer as f64;
                    let z = height - 0.5 * thickness;
                    let x = position[0] + sideways[0] * self.sides[0] + z * tilt_x.tan();
                    let y = position[1] + sideways[1] * self.sides[1] + z * tilt_y.tan();
                    let slice = (height / thickness * self.slices as f64) as usize;
                    slices[slice.min(self.slices - 1)].push(Placed { at: [x, y, z], kind: *kind });
                }
            }
            slices.iter_mut().for_each(|slice| slice.sort_by_key(|atom| atom.kind));
            groups.extend(slices);
        }
        groups
    }

    /// Distance of a pixel from the unscattered beam, pixels.
    fn beam_distance(&self, pixel: usize) -> f64 {
        let columns = self.detector[1];
        ((pixel / columns) as f64 - self.centre[0]).hypot((pixel % columns) as f64 - self.centre[1])
    }

    /// Electrons of the unscattered beam in every pixel.
    fn direct_disk(&self) -> Vec<f64> {
        let [rows, columns] = self.detector;
        let radius = self.disk_radius();
        let per_pixel = self.direct_beam * self.dose / (PI * radius * radius).max(1.0);
        let at = |i: usize| per_pixel * (radius + 0.5 - self.beam_distance(i)).clamp(0.0, 1.0);
        (0..rows * columns).map(at).collect()
    }

    /// Counts of a pattern: electrons by Poisson, each spread in number by the gain noise and in place by the blur.
    fn counts(&self, electrons: &[f64], seed: u64, index: usize) -> Vec<u16> {
        let mut rng = rng(derive_seed(seed, &["pattern".into(), index.into()]));
        let direct = self.direct_disk();
        let signal: Vec<f64> = electrons
            .iter()
            .zip(&direct)
            .map(|(scattered, direct)| {
                let counted: f64 = Poisson::new(scattered + direct).map_or(0.0, |poisson| poisson.sample(&mut rng));
                let noise: f64 = StandardNormal.sample(&mut rng);
                self.gain * (counted + self.gain_noise * counted.sqrt() * noise)
            })
            .collect();
        blurred(&signal, self.detector, self.blur)
            .into_iter()
            .map(|value| value.round().clamp(0.0, f64::from(u16::MAX)) as u16)
            .collect()
    }
}

/// Shares of the sides by which a layer is moved: multiples of two irrational numbers, which fill the cell evenly.
fn layer_shift(layer: usize) -> [f64; 2] {
    // Powers of the reciprocal of the plastic number (Roberts's sequence in the plane).
    [0.754_877_666_246_692_7, 0.569_840_290_998_053_2].map(|step| (step * layer as f64).fract())
}

impl Plan<'_> {
    /// Vector from the probe at (y, x) to the nearest image of an atom.
    fn nearest(&self, atom: &Placed, [y, x]: [f64; 2]) -> [f64; 2] {
        let [side_x, side_y, _] = self.model.sides;
        let image = |d: f64, side: f64| d - side * (d / side).round();
        [image(atom.at[0] - x, side_x), image(atom.at[1] - y, side_y)]
    }

    fn atoms_within(&self, place: [f64; 2], radius: f64) -> usize {
        let tilts = self.model.tilts.len().max(1);
        let inside = |atom: &&Placed| {
            let [x, y] = self.nearest(atom, place);
            x.hypot(y) <= radius
        };
        self.groups.iter().flatten().filter(inside).count() / tilts
    }

    /// Electrons scattered into every pixel from a probe at (y, x).
    fn electrons(&self, place: [f64; 2]) -> Vec<f64> {
        let [rows, columns] = self.model.detector;
        let scale = self.model.dose * (self.wavelength * self.model.q_pixel).powi(2) / self.model.tilts.len().max(1) as f64;
        let mut electrons = vec![0.0; rows * columns];
        for group in &self.groups {
            let mut wave = vec![[0.0; 2]; rows * columns];
            for atoms in group.chunk_by(|a, b| a.kind == b.kind) {
                let mut sum = vec![[0.0; 2]; rows * columns];
                atoms.iter().for_each(|atom| self.add(atom, place, &mut sum));
                let factors = atoms.first().map_or(&[][..], |atom| &self.factors[atom.kind]);
                for ((wave, sum), factor) in wave.iter_mut().zip(&sum).zip(factors) {
                    wave[0] += factor * sum[0];
                    wave[1] += factor * sum[1];
                }
            }
            for (electrons, [re, im]) in electrons.iter_mut().zip(&wave) {
                *electrons += scale * (re * re + im * im);
            }
        }
        electrons
    }

    /// Adds `exp(-2πi (q·r - λq²z/2)) a(r)` of one atom, a product of a factor of the row and one of the column.
    fn add(&self, atom: &Placed, place: [f64; 2], sum: &mut [[f64; 2]]) {
        let [rows, columns] = self.model.detector;
        let [x, y] = self.nearest(atom, place);
        let [re, im] = self.probe.at(x.hypot(y));
        let curvature = 0.5 * self.wavelength * atom.at[2];
        let along = |n: usize, centre: f64, r: f64| -> Vec<[f64; 2]> {
            let one = |i: usize| {
                let q = self.model.q_pixel * (i as f64 - centre);
                let (sin, cos) = (TAU * q * (curvature * q - r)).sin_cos();
                [cos, sin]
            };
            (0..n).map(one).collect()
        };
        let across = along(columns, self.model.centre[1], x);
        let down = along(rows, self.model.centre[0], y);
        for ([cos, sin], row) in down.iter().zip(sum.chunks_exact_mut(columns)) {
            let (a, b) = (re * cos - im * sin, re * sin + im * cos);
            for ([cos, sin], sum) in across.iter().zip(row) {
                sum[0] += a * cos - b * sin;
                sum[1] += a * sin + b * cos;
            }
        }
    }
}

/// Averaged with a Gaussian of standard deviation `sigma` pixels; what leaves the detector is lost.
fn blurred(values: &[f64], [rows, columns]: [usize; 2], sigma: f64) -> Vec<f64> {
    if sigma <= 0.0 {
        return values.to_vec();
    }
    let reach = (4.0 * sigma).ceil() as isize;
    let raw: Vec<f64> = (-reach..=reach).map(|d| (-0.5 * (d as f64 / sigma).powi(2)).exp()).collect();
    let total: f64 = raw.iter().sum();
    let kernel: Vec<(isize, f64)> = (-reach..=reach).zip(raw.iter().map(|weight| weight / total)).collect();
    let inside = |at: isize, n: usize| usize::try_from(at).ok().filter(|at| *at < n);
    let mut across = vec![0.0; values.len()];
    for (i, to) in across.iter_mut().enumerate() {
        let (y, x) = (i / columns, (i % columns) as isize);
        *to = kernel.iter().filter_map(|(d, w)| Some(w * values[y * columns + inside(x + d, columns)?])).sum();
    }
    let down = |i: usize| {
        let (y, x) = ((i / columns) as isize, i % columns);
        kernel.iter().filter_map(|(d, w)| Some(w * across[inside(y + d, rows)? * columns + x])).sum()
    };
    (0..values.len()).map(down).collect()
}

#[cfg(test)]
#[path = "atoms_tests.rs"]
mod tests;
