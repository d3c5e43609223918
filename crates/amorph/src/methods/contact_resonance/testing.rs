//! Virtual measurements for the tests of the family.

use crate::core::ctx::Ctx;
use crate::core::data::Map;
use crate::core::outcome::Outcome;
use crate::method::{Constants, Dataset, MethodError, find};
use crate::sim::beam::{ContactMicroscope, ContactSite, ContactSpecimen};

/// A specimen of `n` x `n` pixels of 4 nm.
pub fn specimen(n: usize) -> ContactSpecimen {
    let side = 4e-9 * n as f64;
    ContactSpecimen { rows: n, columns: n, width: side, height: side, ..ContactSpecimen::default() }
}

/// A microscope with this relative noise of both frequencies.
pub fn microscope(relative_noise: f64) -> ContactMicroscope {
    let mut microscope = ContactMicroscope::default();
    for mode in &mut microscope.modes {
        mode.frequency_noise = relative_noise * mode.free_frequency;
    }
    microscope
}

/// The maps and constants of a scan; a contact of this shape, and the noise stated where there is some.
pub fn dataset(microscope: &ContactMicroscope, site: &ContactSite, geometry: &str, seed: u64) -> Dataset {
    let scan = microscope.scan(site, seed).unwrap();
    let mut constants = Constants::default().with_choice("contact_geometry", geometry);
    for (key, text) in microscope.constants(site, &scan) {
        constants = match key.as_str() {
            "spring_constant_at" | "slow_scan" => constants.with_choice(&key, &text),
            _ => constants.with_quantity(&key, &text).unwrap(),
        };
    }
    for mode in microscope.modes.iter().filter(|mode| mode.frequency_noise > 0.0) {
        let key = format!("frequency_noise_mode_{}", mode.number);
        constants = constants.with_quantity(&key, &format!("{} Hz", mode.frequency_noise)).unwrap();
    }
    let maps: Vec<Map> = scan.maps().cloned().collect();
    Dataset::of_maps(maps, constants)
}

/// Without the maps of the given quantities.
pub fn without(mut dataset: Dataset, quantities: &[&str]) -> Dataset {
    for data in &mut dataset.data {
        if let crate::core::data::Data::Maps(maps) = data {
            maps.retain(|map| !quantities.contains(&map.quantity.as_str()));
        }
    }
    dataset
}

pub fn run(method: &str, parameters: serde_json::Value, dataset: &Dataset) -> Result<Outcome, MethodError> {
    find(method).unwrap().run(&parameters, dataset, &Ctx::new(1))
}
