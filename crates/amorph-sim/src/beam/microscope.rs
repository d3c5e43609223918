//! From contact stiffness to what the instrument stores: frequencies and quality factors, with noise and a wearing tip.

use amorph_core::data::Map;
use amorph_core::fft::Complex64;
use amorph_core::random::{derive_seed, standard_normals};
use amorph_core::unit::{Quantity, Unit};
use ndarray::Array2;

use super::lever::{Branch, Lever};
use super::specimen::ContactSite;
use crate::SimulationError;

/// A flexural mode of the cantilever.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlexuralMode {
    /// Number of the mode, from 1.
    pub number: usize,
    /// Free resonance frequency, Hz.
    pub free_frequency: f64,
    /// Free quality factor.
    pub free_quality_factor: f64,
    /// Standard deviation of the noise of the contact-resonance frequency, Hz.
    pub frequency_noise: f64,
    /// Relative standard deviation of the noise of the quality factor.
    pub quality_noise: f64,
}

/// A contact-resonance microscope; rows are scanned from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactMicroscope {
    /// The beam.
    pub lever: Lever,
    /// Static stiffness at the tip, `3 E I/L1³`, N/m.
    pub spring_constant_at_tip: f64,
    /// The modes that are recorded.
    pub modes: Vec<FlexuralMode>,
    /// Relative change of the contact stiffness from the first to the last row, by wear of the tip.
    pub tip_drift: f64,
}

/// Maps of one mode.
#[derive(Debug, Clone, PartialEq)]
pub struct ModeScan {
    /// Number of the mode.
    pub mode: usize,
    /// Contact-resonance frequency, Hz: `contact_resonance_frequency_mode_1` for mode 1.
    pub frequency: Map,
    /// Quality factor in contact: `contact_quality_factor_mode_1` for mode 1.
    pub quality_factor: Map,
}

/// What is stored of one site.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactScan {
    /// The modes.
    pub modes: Vec<ModeScan>,
    /// Frequency of every mode on the reference sample before and after, without noise, Hz.
    pub reference_frequencies: Vec<(f64, f64)>,
}

impl Default for ContactMicroscope {
    /// A cantilever of 42 N/m, modes 1 and 2, tip at 0.97 of its length, without noise and wear.
    fn default() -> Self {
        let mode = |number: usize, free_frequency: f64, free_quality_factor: f64| FlexuralMode {
            number,
            free_frequency,
            free_quality_factor,
            frequency_noise: 0.0,
            quality_noise: 0.0,
        };
        Self {
            lever: Lever { tip_position: 0.97 },
            spring_constant_at_tip: 42.0,
            modes: vec![mode(1, 165e3, 400.0), mode(2, 1.034e6, 600.0)],
            tip_drift: 0.0,
        }
    }
}

impl ContactMicroscope {
    /// The constants as a study states them, key and text.
    pub fn constants(&self, site: &ContactSite, scan: &ContactScan) -> Vec<(String, String)> {
        let contact = &site.specimen.contact;
        let text = |value: f64, unit: &str| {
            let unit = Unit::of(unit);
            Quantity::si(unit.to_si(value), unit).to_string()
        };
        let mut constants = vec![
            ("tip_position".to_owned(), text(self.lever.tip_position, "")),
            ("spring_constant".to_owned(), text(self.spring_constant_at_tip, "N/m")),
            ("spring_constant_at".to_owned(), "tip".to_owned()),
            ("tip_modulus".to_owned(), text(contact.tip_modulus / 1e9, "GPa")),
            ("reference_modulus".to_owned(), text(contact.reference_modulus / 1e9, "GPa")),
            ("slow_scan".to_owned(), "top_to_bottom".to_owned()),
        ];
        for (mode, (before, after)) in self.modes.iter().zip(&scan.reference_frequencies) {
            let number = mode.number;
            constants.push((format!("free_frequency_mode_{number}"), text(mode.free_frequency / 1e3, "kHz")));
            constants.push((format!("free_quality_factor_mode_{number}"), text(mode.free_quality_factor, "")));
            constants.push((format!("reference_frequency_mode_{number}"), text(before / 1e3, "kHz")));
            constants.push((format!("reference_frequency_after_mode_{number}"), text(after / 1e3, "kHz")));
        }
        constants
    }

    /// Scans a site; the same seed gives the same noise.
    ///
    /// # Errors
    /// [`SimulationError`] when a parameter is out of range or a stiffness cannot be reached.
    pub fn scan(&self, site: &ContactSite, seed: u64) -> Result<ContactScan, SimulationError> {
        SimulationError::require_positive("spring_constant_at_tip", self.spring_constant_at_tip)?;
        if !(-1.0..f64::INFINITY).contains(&self.tip_drift) || self.tip_drift == -1.0 {
            let (name, value) = ("tip_drift", self.tip_drift);
            return Err(SimulationError::Parameter { name, value, allowed: "above -1" });
        }
        let mut scan = ContactScan { modes: Vec::new(), reference_frequencies: Vec::new() };
        for mode in &self.modes {
            let branch = self.lever.branch(mode.number)?;
            scan.modes.push(self.scan_mode(mode, &branch, site, seed)?);
            let reference = |wear: f64| {
                let ratio = site.specimen.contact.reference_stiffness * wear / self.spring_constant_at_tip;
                Ok::<f64, SimulationError>(mode.free_frequency * (branch.wave_number(ratio)? / branch.free).powi(2))
            };
            scan.reference_frequencies.push((reference(1.0)?, reference(1.0 + self.tip_drift)?));
        }
        Ok(scan)
    }

    fn scan_mode(
        &self,
        mode: &FlexuralMode,
        branch: &Branch,
        site: &ContactSite,
        seed: u64,
    ) -> Result<ModeScan, SimulationError> {
        SimulationError::require_positive("free_frequency", mode.free_frequency)?;
        SimulationError::require_positive("free_quality_factor", mode.free_quality_factor)?;
        let n = site.stiffness.len();
        let noise = |what: &str| standard_normals(derive_seed(seed, &[what.into(), mode.number.into()]), n);
        let (frequency_noise, quality_noise) = (noise("frequency"), noise("quality factor"));
        let rows = site.stiffness.nrows() as f64;
        let mut frequency = Array2::zeros(site.stiffness.dim());
        let mut quality = frequency.clone();
        for (i, ((row, column), stiffness)) in site.stiffness.indexed_iter().enumerate() {
            let wear = 1.0 + self.tip_drift * (row as f64 + 0.5) / rows;
            let ratio = stiffness * wear / self.spring_constant_at_tip;
            let (f, q) = resonance(mode, branch, ratio, site.specimen.loss_tangent)?;
            frequency[[row, column]] = f + mode.frequency_noise * frequency_noise[i];
            quality[[row, column]] = q * (1.0 + mode.quality_noise * quality_noise[i]);
        }
        let number = mode.number;
        Ok(ModeScan {
            mode: number,
            frequency: site.map(&format!("contact_resonance_frequency_mode_{number}"), "Hz", frequency),
            quality_factor: site.map(&format!("contact_quality_factor_mode_{number}"), "", quality),
        })
    }
}

/// Frequency and quality factor of a contact `k*/k_c1 = ratio (1 + i tan δ)`.
///
/// Free vibration decays in air by `1/Q_0`, in contact by what the complex wave number `a + i b` adds:
/// `1/Q_c = 4 b/a + f_0/(Q_0 f_c)` (Yuya, Hurley, Turner 2008, solved for the quality factor).
fn resonance(mode: &FlexuralMode, branch: &Branch, ratio: f64, loss_tangent: f64) -> Result<(f64, f64), SimulationError> {
    let x = match loss_tangent > 0.0 {
        true => branch.complex_wave_number(Complex64::new(ratio, ratio * loss_tangent))?,
        false => Complex64::new(branch.wave_number(ratio)?, 0.0),
    };
    let frequency = mode.free_frequency * (x.re / branch.free).powi(2);
    let loss = 4.0 * x.im / x.re + mode.free_frequency / (mode.free_quality_factor * frequency);
    Ok((frequency, 1.0 / loss))
}

impl ContactScan {
    /// Frequency and quality factor of every mode.
    pub fn maps(&self) -> impl Iterator<Item = &Map> {
        self.modes.iter().flat_map(|mode| [&mode.frequency, &mode.quality_factor])
    }
}
