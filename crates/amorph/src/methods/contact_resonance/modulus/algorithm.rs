//! From frequencies to stiffness and modulus, pixel by pixel, in closed form.

use ndarray::Array2;

use crate::methods::contact_resonance::ContactResonanceError;
use crate::methods::contact_resonance::contact::{
    Geometry, indentation_modulus, reduced_modulus, reduced_modulus_of_punch, reduced_modulus_of_sphere,
};
use crate::methods::contact_resonance::lever::{Lever, N_MODES, free_wave_number, wave_number};
use crate::methods::contact_resonance::readings::Readings;

/// Frequencies of the modes at one place, NaN where a mode was not measured.
pub type Frequencies = [f64; N_MODES];

/// Where a spring constant holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpringAt {
    /// At the tip.
    Tip,
    /// At the free end.
    End,
}

/// How a stiffness becomes a reduced modulus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// By a sample of known modulus.
    Reference,
    /// By the size of the contact.
    Absolute,
}

/// A value before and after the scan.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BeforeAfter {
    /// Before.
    pub before: Option<f64>,
    /// After.
    pub after: Option<f64>,
}

/// All numbers of the calibration, SI.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// `L1/L`.
    pub tip_position: f64,
    /// Free frequencies by mode, Hz; NaN for modes that were not measured.
    pub free_frequency: Frequencies,
    /// Noise of the frequency by mode, Hz, for the weights of the modes; NaN for all where it is not known.
    pub noise: Frequencies,
    /// Frequencies on the reference by mode, Hz.
    pub reference_frequency: [BeforeAfter; N_MODES],
    /// Stiffness on the reference over that of the lever.
    pub reference_ratio: BeforeAfter,
    /// Indentation modulus of the reference, Pa.
    pub reference_modulus: Option<f64>,
    /// Indentation modulus of the tip, Pa.
    pub tip_modulus: Option<f64>,
    /// Spring constant, N/m, and where it holds.
    pub spring_constant: Option<f64>,
    /// Where the spring constant holds.
    pub spring_at: SpringAt,
    /// Applied force, N.
    pub force: Option<f64>,
    /// Adhesion, N.
    pub adhesion: Option<f64>,
    /// Radius of the tip, m.
    pub tip_radius: Option<f64>,
    /// Radius of a flat contact, m.
    pub contact_radius: Option<f64>,
    /// How a stiffness becomes a modulus; absent where it does not.
    pub route: Option<Route>,
    /// Whether the compliance of the tip is left out and the exponent is 3/2, as printed by Qiao et al. 2019.
    pub paper_form: bool,
}

/// The branch of one mode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModeBranch {
    /// Number of the mode.
    pub mode: usize,
    /// Free frequency, Hz.
    pub free: f64,
    /// Frequency of the lever with a pinned tip, Hz.
    pub pinned: f64,
    /// Noise of the frequency, Hz; NaN where it is not known.
    noise: f64,
}

/// Stiffness of one mode at one place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Solution {
    /// `k*/k_c1` and `d ln k/d ln f`.
    Found {
        /// `k*/k_c1`.
        ratio: f64,
        /// `d ln k/d ln f`.
        sensitivity: f64,
    },
    /// Below the free frequency.
    Below,
    /// Above the frequency of the pinned lever.
    Above,
    /// No frequency.
    Missing,
}

/// A calibration, ready to convert.
#[derive(Debug, Clone, PartialEq)]
pub struct Converter {
    lever: Lever,
    /// The measured modes.
    pub branches: Vec<ModeBranch>,
    /// `k_ref/k_c1` at the beginning and the end of the scan.
    pub reference: Option<(f64, f64)>,
    reference_modulus: f64,
    tip_modulus: f64,
    /// `k_c1`, N/m.
    pub spring_constant_at_tip: Option<f64>,
    total_force: f64,
    tip_radius: f64,
    contact_radius: f64,
    route: Option<Route>,
    paper_form: bool,
}

impl Converter {
    /// Prepares branches and reference.
    ///
    /// # Errors
    /// [`ContactResonanceError`] for a tip that is not on the lever or sits on a node, and references outside their branch.
    pub fn new(calibration: &Calibration) -> Result<Self, ContactResonanceError> {
        let tip_position = calibration.tip_position;
        if !(tip_position > 0.0 && tip_position <= 1.0) {
            return Err(ContactResonanceError::TipOffLever { found: tip_position });
        }
        let lever = Lever { tip_position };
        let mut branches = Vec::with_capacity(N_MODES);
        for mode in (1..=N_MODES).filter(|mode| calibration.free_frequency[mode - 1].is_finite()) {
            let free = calibration.free_frequency[mode - 1];
            let (low, high) = lever.branch(mode).ok_or(ContactResonanceError::TipOnNode { tip_position, mode })?;
            let noise = calibration.noise[mode - 1];
            branches.push(ModeBranch { mode, free, pinned: free * (high / low).powi(2), noise });
        }
        let at_tip = |k: f64| match calibration.spring_at {
            SpringAt::Tip => k,
            SpringAt::End => k / tip_position.powi(3),
        };
        let mut converter = Self {
            lever,
            branches,
            reference: None,
            reference_modulus: calibration.reference_modulus.unwrap_or(f64::NAN),
            tip_modulus: calibration.tip_modulus.unwrap_or(f64::INFINITY),
            spring_constant_at_tip: calibration.spring_constant.map(at_tip),
            total_force: calibration.force.unwrap_or(f64::NAN) + calibration.adhesion.unwrap_or(f64::NAN),
            tip_radius: calibration.tip_radius.unwrap_or(f64::NAN),
            contact_radius: calibration.contact_radius.unwrap_or(f64::NAN),
            route: calibration.route,
            paper_form: calibration.paper_form,
        };
        let before = converter.reference_ratio(calibration, |reading| reading.before)?;
        let after = converter.reference_ratio(calibration, |reading| reading.after)?;
        converter.reference = before.map(|before| (before, after.unwrap_or(before)));
        Ok(converter)
    }

    fn reference_ratio(
        &self,
        calibration: &Calibration,
        pick: fn(&BeforeAfter) -> Option<f64>,
    ) -> Result<Option<f64>, ContactResonanceError> {
        if let Some(ratio) = pick(&calibration.reference_ratio) {
            return Ok(Some(ratio));
        }
        let mut frequencies = [f64::NAN; N_MODES];
        for branch in &self.branches {
            let Some(found) = pick(&calibration.reference_frequency[branch.mode - 1]) else { continue };
            if !matches!(self.solve(branch, found), Solution::Found { .. }) {
                let ModeBranch { mode, free, pinned, .. } = *branch;
                return Err(ContactResonanceError::ReferenceOutside { mode, found, free, pinned });
            }
            frequencies[branch.mode - 1] = found;
        }
        Ok(self.stiffness(&frequencies).map(|(ratio, _)| ratio))
    }

    /// Stiffness that one mode shows.
    pub fn solve(&self, branch: &ModeBranch, frequency: f64) -> Solution {
        if frequency.is_nan() {
            return Solution::Missing;
        }
        if frequency <= branch.free {
            return Solution::Below;
        }
        if frequency >= branch.pinned {
            return Solution::Above;
        }
        let found = self.lever.stiffness(wave_number(branch.mode, frequency, branch.free));
        Solution::Found { ratio: found.ratio, sensitivity: found.sensitivity }
    }

    /// `k*/k_c1` of all modes, and the variance of its logarithm: weights by the inverse variance of `ln k`, which is
    /// `(d ln k/d ln f)² (s_f/f)²` for each mode; without known noise, `s_f/f` counts as 1.
    pub fn stiffness(&self, frequencies: &Frequencies) -> Option<(f64, f64)> {
        let (mut sum, mut weights) = (0.0, 0.0);
        for branch in &self.branches {
            let frequency = frequencies[branch.mode - 1];
            if let Solution::Found { ratio, sensitivity } = self.solve(branch, frequency)
                && ratio > 0.0
            {
                let relative_noise = if branch.noise.is_nan() { 1.0 } else { branch.noise / frequency };
                let weight = (sensitivity * relative_noise).powi(-2);
                sum += weight * ratio.ln();
                weights += weight;
            }
        }
        (weights > 0.0).then(|| ((sum / weights).exp(), 1.0 / weights))
    }

    /// Reduced modulus at a stiffness, Pa, when the share `elapsed` of the scan is done; NaN without a calibration of the modulus.
    pub fn reduced_modulus(&self, ratio: f64, elapsed: f64, geometry: Geometry) -> f64 {
        match (self.route, self.reference, self.spring_constant_at_tip) {
            (Some(Route::Reference), Some((before, after)), _) => {
                let reference = before + (after - before) * elapsed;
                let power = if self.paper_form { 1.5 } else { geometry.power() };
                reduced_modulus(self.reference_modulus, self.tip_for_reduction()) * (ratio / reference).powf(power)
            }
            (Some(Route::Absolute), _, Some(spring)) => match geometry {
                Geometry::Sphere => reduced_modulus_of_sphere(ratio * spring, self.tip_radius, self.total_force),
                Geometry::Flat => reduced_modulus_of_punch(ratio * spring, self.contact_radius),
            },
            _ => f64::NAN,
        }
    }

    /// Indentation modulus at a reduced modulus, Pa; `None` where the tip would have to be stiffer.
    pub fn indentation_modulus(&self, reduced: f64) -> Option<f64> {
        indentation_modulus(reduced, self.tip_for_reduction())
    }

    /// `d ln M/d ln k*`: `m M/E*`, which grows without bound where the sample is stiffer than the tip.
    pub fn amplification(&self, reduced: f64, modulus: f64, geometry: Geometry) -> f64 {
        let power = if self.paper_form { 1.5 } else { geometry.power() };
        power * modulus / reduced
    }

    fn tip_for_reduction(&self) -> f64 {
        if self.paper_form { f64::INFINITY } else { self.tip_modulus }
    }

    /// Complex stiffness of one mode from frequency and quality factor (Yuya, Hurley, Turner 2008).
    ///
    /// `x = a + i b`, `a = x_n0 √(f_c/f_0)`, `b = a (2π f_c - (2π f_0/Q_0) Q_c)/(8π f_c Q_c)`: the damping by the air is subtracted.
    pub fn complex_ratio(&self, branch: &ModeBranch, frequency: f64, quality: f64, free_quality: f64) -> Option<(f64, f64)> {
        if !matches!(self.solve(branch, frequency), Solution::Found { .. }) || quality.is_nan() || quality <= 0.0 {
            return None;
        }
        let a = free_wave_number(branch.mode) * (frequency / branch.free).sqrt();
        let b = 0.25 * a * (1.0 / quality - branch.free / (free_quality * frequency));
        let found = self.lever.complex_ratio(crate::core::fft::Complex64::new(a, b));
        Some((found.re, found.im))
    }
}

/// How many pixels of one mode have no stiffness, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rejected {
    /// Below the free frequency.
    pub below: usize,
    /// Above the frequency of the pinned lever.
    pub above: usize,
    /// No frequency.
    pub missing: usize,
}

/// Everything that follows from the frequencies, `[row, column]`, NaN where there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted {
    /// `k*/k_c1`.
    pub ratio: Array2<f64>,
    /// Variance of `ln k*` (per squared relative noise of the frequency where that is not known).
    pub log_variance: Array2<f64>,
    /// Counts by measured mode.
    pub rejected: Vec<Rejected>,
}

/// Moduli for one shape of the contact.
#[derive(Debug, Clone, PartialEq)]
pub struct Moduli {
    /// `E*`, Pa.
    pub reduced: Array2<f64>,
    /// `M`, Pa.
    pub indentation: Array2<f64>,
    /// Pixels with a stiffness that the tip does not resolve.
    pub unresolved: usize,
}

/// Frequencies of all modes at one place.
pub fn frequencies_at(readings: &Readings, row: usize, column: usize) -> Frequencies {
    let mut frequencies = [f64::NAN; N_MODES];
    for mode in &readings.modes {
        frequencies[mode.mode - 1] = mode.frequency[[row, column]];
    }
    frequencies
}

/// Converts every pixel.
pub fn convert(converter: &Converter, readings: &Readings) -> Converted {
    let mut converted = Converted {
        ratio: Array2::from_elem(readings.shape(), f64::NAN),
        log_variance: Array2::from_elem(readings.shape(), f64::NAN),
        rejected: vec![Rejected::default(); converter.branches.len()],
    };
    for ((row, column), ratio) in converted.ratio.indexed_iter_mut() {
        let frequencies = frequencies_at(readings, row, column);
        for (rejected, branch) in converted.rejected.iter_mut().zip(&converter.branches) {
            let frequency = frequencies[branch.mode - 1];
            rejected.missing += usize::from(frequency.is_nan());
            rejected.below += usize::from(frequency <= branch.free);
            rejected.above += usize::from(frequency >= branch.pinned);
        }
        if let Some((found, variance)) = converter.stiffness(&frequencies) {
            *ratio = found;
            converted.log_variance[[row, column]] = variance;
        }
    }
    converted
}

/// Moduli of every pixel; `elapsed` gives the share of the scan that is done at a row.
pub fn moduli(converter: &Converter, ratio: &Array2<f64>, geometry: Geometry, elapsed: impl Fn(usize) -> f64) -> Moduli {
    let mut unresolved = 0;
    let mut indentation = Array2::from_elem(ratio.dim(), f64::NAN);
    let mut reduced = indentation.clone();
    for ((row, column), &ratio) in ratio.indexed_iter().filter(|(_, ratio)| ratio.is_finite()) {
        let found = converter.reduced_modulus(ratio, elapsed(row), geometry);
        reduced[[row, column]] = found;
        match converter.indentation_modulus(found) {
            Some(modulus) => indentation[[row, column]] = modulus,
            None => unresolved += usize::from(found.is_finite()),
        }
    }
    Moduli { reduced, indentation, unresolved }
}
