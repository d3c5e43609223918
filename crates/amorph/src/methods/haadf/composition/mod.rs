//! `haadf.composition`: composition from the ionisation edges of two elements, and whether it varies.

pub mod algorithm;
mod error;
mod figures;
mod input;
mod report;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::input::{Calibration, EdgeWindows};
use super::constants::{CROSS_SECTION_A, CROSS_SECTION_B, EDGE_ENERGY_A, EDGE_ENERGY_B, K_FACTOR, MEAN_FRACTION_A};
use super::spectra::{Spectra, spectra_of};
use crate::core::ctx::Ctx;
use crate::core::outcome::Outcome;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};

/// Electrons in the edges of two elements, their atomic fractions where cross sections, a k-factor or a mean composition are stated, and whether
/// the fraction varies more than counting does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Composition {
    /// Window, in eV, of the background of A; absent: 0.85 to 0.98 of `edge_energy_a`.
    pub background_a_ev: Option<[f64; 2]>,
    /// Window, in eV, of the signal of A; absent: from `edge_energy_a` over a tenth of it, 50 eV at least.
    pub signal_a_ev: Option<[f64; 2]>,
    /// The same for the background of B.
    pub background_b_ev: Option<[f64; 2]>,
    /// The same for the signal of B.
    pub signal_b_ev: Option<[f64; 2]>,
    /// Counts of the detector per electron; every error rests on it.
    #[schemars(range(min = 0.0))]
    pub counts_per_electron: f64,
}

impl Default for Composition {
    fn default() -> Self {
        Self { background_a_ev: None, signal_a_ev: None, background_b_ev: None, signal_b_ev: None, counts_per_electron: 1.0 }
    }
}

/// Spectra, windows, and what turns counts into atoms.
#[derive(Debug)]
pub struct Input<'a> {
    spectra: Spectra<'a>,
    windows: [EdgeWindows; 2],
    calibration: Option<Calibration>,
}

impl Method for Composition {
    const INFO: MethodInfo = MethodInfo {
        id: "haadf.composition",
        family: "haadf",
        version: 1,
        title: "Composition from ionisation edges",
        summary: "Electrons in the edges of two elements above a power law, atomic fractions by cross sections, a k-factor or the mean composition, and the fluctuation of the fraction beyond counting.",
        doc: include_str!("doc.md"),
        technique: "haadf",
        scope: Scope::Item,
        after: &[],
        constants: &[
            EDGE_ENERGY_A.key,
            EDGE_ENERGY_B.key,
            CROSS_SECTION_A.key,
            CROSS_SECTION_B.key,
            K_FACTOR.key,
            MEAN_FRACTION_A.key,
        ],
        outputs: &[
            output("at_fraction", "c_A", "", "atomic fraction of A of the whole field"),
            output(
                "at_excess_sd",
                "σ_c",
                "",
                "standard deviation of the fraction over the field, counting and background taken out",
            ),
            output("at_observed_sd", "σ_obs", "", "standard deviation of the fraction as measured"),
            output("at_counting_sd", "σ_count", "", "standard deviation that counting and background give alone"),
            output("p_fluctuation", "p", "", "probability of such a spread in a field of one composition"),
            output("k_factor", "k_AB", "", "c_A/c_B = k I_A/I_B"),
            output("edge_counts_a", "I_A", "", "electrons in the edge of A per position"),
            output("edge_counts_b", "I_B", "", "electrons in the edge of B per position"),
            output("background_exponent_a", "r_A", "", "exponent of the background of A in the sum of all spectra"),
            output("background_exponent_b", "r_B", "", "exponent of the background of B in the sum of all spectra"),
        ],
        covers: &["I19-34"],
        references: &[
            "R. F. Egerton, Electron Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. (2011), chapter 4",
            "T. Pun, J. R. Ellis, M. Eden, J. Microsc. 135, 295 (1984), doi:10.1111/j.1365-2818.1984.tb02535.x",
            "F. E. Satterthwaite, Biometrics Bull. 2, 110 (1946), doi:10.2307/3002019",
            "Idrissi et al., Sci. Rep. 9, 13426 (2019)",
        ],
    };

    type Input<'a> = Input<'a>;

    fn check<'a>(&self, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
        if !(self.counts_per_electron > 0.0 && self.counts_per_electron.is_finite()) {
            let message = format!("counts_per_electron = {} must be greater than zero", self.counts_per_electron);
            return Err(MethodError::Parameters { method: Self::INFO.id, message });
        }
        let spectra = spectra_of(dataset)?;
        let windows = input::windows(self, &dataset.constants, spectra.axis(), spectra.n_channels())?;
        Ok(Input { windows, calibration: input::calibration(self, &dataset.constants)?, spectra })
    }

    fn run(&self, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
        report::outcome(self, input, ctx)
    }
}
