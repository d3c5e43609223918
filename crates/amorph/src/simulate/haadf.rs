//! A virtual film under an annular detector and a spectrometer, as a file with its truth and a study that analyses it.

use std::path::Path;

use super::{SimulateError, WrittenFiles, make_folder, new_study, write_text};
use crate::core::data::{Extent, Map, Metadata};
use crate::core::unit::{Unit, format_significant};
use crate::io::write_gwy;
use crate::sim::haadf::Film;

/// Images of one field of a film.
#[derive(Debug, Clone, PartialEq)]
pub struct HaadfMeasurement {
    /// Film and microscope.
    pub film: Film,
}

impl HaadfMeasurement {
    /// Writes images, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenFiles, SimulateError> {
        let study = new_study(folder)?;
        let images = self.film.record()?;
        make_folder(folder)?;
        let (rows, columns) = self.film.shape;
        let extent = Extent::metres(columns as f64 * self.film.pixel, rows as f64 * self.film.pixel);
        let map = |name: &str, values: &ndarray::Array2<f64>| Map::new(name, values.clone(), Unit::one(), Some(extent.clone()));
        let [a, b] = &images.edges;
        let film = folder.join("film.gwy");
        let seen = [map("intensity", &images.haadf), map("element_a", a), map("element_b", b)];
        write_gwy(&film, &seen, &Metadata::default())?;
        let truth = folder.join("truth.gwy");
        let true_maps = [map("fraction_a", &images.fraction), map("areal_density", &images.areal_density)];
        write_gwy(&truth, &true_maps, &Metadata::default())?;
        write_text(&study, self.study(images.correlation))?;
        Ok(WrittenFiles { files: vec![film], truth, study })
    }

    fn study(&self, correlation: f64) -> String {
        let film = &self.film;
        let number = |value: f64| format_significant(value, 6);
        let [a, b] = film.atomic_numbers;
        let phases = film
            .volume_fraction
            .map_or_else(String::new, |share| format!("# Two phases: {} of the volume is rich in A.\n", number(share)));
        format!(
            "# Written by `amorph simulate haadf`: a virtual film of {} nm whose composition varies in three dimensions, in projection.\n\
             # truth.gwy holds the fraction of A and the atoms per area as they are. The noise-free image and the fraction correlate\n\
             # with r = {} in it.\n{phases}\n\
             [study]\ntitle = \"A virtual film under an annular detector\"\nseed = {}\n\n\
             [[sample]]\nid = \"virtual film\"\n\n  [[sample.state]]\n  id = \"virtual\"\n  [sample.state.truth]\n  \
             length_psd = \"{} nm\"\n\n\
             [[measurement]]\nsample = \"virtual film\"\nstate = \"virtual\"\ntechnique = \"haadf\"\nfiles = [\"film.gwy\"]\n\
             geometry = \"projection\"\nfoil_thickness = \"{} nm\"\nintensity_scale = \"linear\"\ndark_level = \"0\"\n\
             contrast_exponent = {}\natomic_number_a = {a}\natomic_number_b = {b}\nmean_fraction_a = {}\n\
             methods = [\"haadf.characteristic_length\", \"haadf.composition_correlation\"]\n{}",
            number(1e9 * film.thickness),
            number(correlation),
            film.seed,
            number(1e9 * film.length),
            number(1e9 * film.thickness),
            number(film.contrast_exponent),
            number(film.mean_fraction),
            if film.probe_fwhm > 0.0 {
                format!("\n[method.\"haadf.characteristic_length\"]\nprobe_fwhm = \"{} nm\"\n", number(1e9 * film.probe_fwhm))
            } else {
                String::new()
            }
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::core::data::Data;

    #[test]
    fn images_truth_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let film = Film { shape: (48, 64), layers: 6, ..Film::default() };
        let measurement = HaadfMeasurement { film: film.clone() };
        let written = measurement.write(folder.path()).unwrap();
        let Data::Maps(maps) = crate::io::open(&written.files[0]).unwrap().data else { panic!("no maps") };
        let names: Vec<&str> = maps.iter().map(|map| map.quantity.as_str()).collect();
        assert_eq!(names, ["intensity", "element_a", "element_b"]);
        assert_eq!(maps[0].values, film.record().unwrap().haadf);
        assert!((maps[0].size().unwrap().0 / (64.0 * film.pixel) - 1.0).abs() < 1e-12);
        let problems = crate::study::check(&crate::study::Study::open(&written.study, &[]).unwrap());
        assert!(problems.is_empty(), "{problems:?}");
        assert!(matches!(measurement.write(folder.path()), Err(SimulateError::Exists { .. })));
    }
}
