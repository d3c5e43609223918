//! Virtual scattering of a strained glass, as a table with its truth and a study that analyses it.

use std::fmt::Write as _;
use std::path::Path;

use super::{SimulateError, WrittenFiles, make_folder, new_study, write_text};
use crate::core::unit::format_significant;
use crate::sim::scattering::StrainedGlass;

/// End of the shape of an anelastic strain, m, and its step.
const SHAPE: (f64, f64) = (30e-10, 0.04e-10);
/// Pairs of it in a line of the study.
const PAIRS: usize = 6;

/// A structure factor over Q and azimuth.
#[derive(Debug, Clone, PartialEq)]
pub struct ScatteringMeasurement {
    /// The glass and its measurement.
    pub glass: StrainedGlass,
    /// Seed of the noise.
    pub seed: u64,
}

impl ScatteringMeasurement {
    /// Writes pattern, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenFiles, SimulateError> {
        let study = new_study(folder)?;
        let pattern = self.glass.measure(self.seed)?;
        make_folder(folder)?;
        let mut text = "q (1/A),azimuth (deg),s_q,s_q_error\n".to_owned();
        let n = pattern.q.len();
        for (k, azimuth) in pattern.azimuth.iter().enumerate() {
            for (q, s) in pattern.q.iter().zip(&pattern.s[k * n..(k + 1) * n]) {
                // Writing into a string does not fail.
                let _ = writeln!(text, "{:.5},{:.4},{s:.6},{}", 1e-10 * q, azimuth.to_degrees(), self.glass.noise.max(1e-6));
            }
        }
        let file = folder.join("loaded.csv");
        write_text(&file, text)?;
        let truth = folder.join("truth.csv");
        write_text(&truth, self.truth())?;
        write_text(&study, self.study())?;
        Ok(WrittenFiles { files: vec![file], truth, study })
    }

    /// What the strains do to the pair distribution, per unit of strain.
    fn truth(&self) -> String {
        let mut text = "r (A),g_0,affine shape,anelastic shape\n".to_owned();
        for r in radii() {
            let (affine, anelastic) = (self.glass.affine_shape(r), self.glass.anelastic_shape(r));
            let _ = writeln!(text, "{:.2},{:.6},{affine:.6},{anelastic:.6}", 1e10 * r, StrainedGlass::pair_distribution(r));
        }
        text
    }

    fn study(&self) -> String {
        let glass = &self.glass;
        let number = |value: f64| format_significant(value, 6);
        let (affine, anelastic) = (glass.strain * glass.affine_share, glass.strain * (1.0 - glass.affine_share));
        let mut truth = format!("  eps_affine = {}\n", number(affine));
        if glass.strain != 0.0 {
            let share = number(glass.affine_share);
            let _ = write!(truth, "  eps_anelastic = {}\n  affine_fraction_z = {share}\n", number(anelastic));
        }
        let pairs: Vec<String> = radii().map(|r| format!("[{r:.3e}, {:.5}]", glass.anelastic_shape(r))).collect();
        let lines: Vec<String> = pairs.chunks(PAIRS).map(|pairs| format!("  {},\n", pairs.join(", "))).collect();
        format!(
            "# Written by `amorph simulate scattering`: the structure factor of a virtual glass under load, in sectors about the load axis.\n\
             # truth.csv holds what strains do to its pair distribution.\n\n\
             [study]\ntitle = \"Virtual scattering under load\"\nseed = {}\n\n\
             [[sample]]\nid = \"virtual rod\"\n\n  [[sample.state]]\n  id = \"loaded\"\n  [sample.state.truth]\n{truth}\n\
             [[measurement]]\nsample = \"virtual rod\"\nstate = \"loaded\"\ntechnique = \"scattering\"\nfiles = [\"loaded.csv\"]\n\
             number_density = \"{} 1/A^3\"\npoisson_ratio = {}\nwavelength = \"{} nm\"\n\n\
             methods = [\"scattering.anisotropic_pdf\"]\n\n\
             # The l = 2 pair distribution of a specimen that crept and was unloaded, per unit of its strain: r in m, and value.\n\
             [method.\"scattering.anisotropic_pdf\"]\nanelastic_shape = [\n{}]\n",
            self.seed,
            number(1e-30 * glass.number_density),
            number(glass.poisson_ratio),
            number(1e9 * glass.wavelength),
            lines.concat()
        )
    }
}

fn radii() -> impl Iterator<Item = f64> {
    (1..).map(|k| f64::from(k) * SHAPE.1).take_while(|r| *r < SHAPE.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn pattern_truth_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let glass = StrainedGlass { n_q: 60, sectors: 8, ..StrainedGlass::default() };
        let measurement = ScatteringMeasurement { glass, seed: 2 };
        let written = measurement.write(folder.path()).unwrap();
        let text = std::fs::read_to_string(&written.files[0]).unwrap();
        assert_eq!(text.lines().count(), 481);
        let pattern = measurement.glass.measure(2).unwrap();
        let row: Vec<f64> = text.lines().nth(62).unwrap().split(',').map(|cell| cell.parse().unwrap()).collect();
        assert!((row[2] - pattern.s[61]).abs() < 1e-5 && (row[1] - 45.0).abs() < 1e-3, "{row:?}");
        let problems = crate::study::check(&crate::study::Study::open(&written.study, &[]).unwrap());
        assert!(problems.is_empty(), "{problems:?}");
        assert!(matches!(measurement.write(folder.path()), Err(SimulateError::Exists { .. })));
    }
}
