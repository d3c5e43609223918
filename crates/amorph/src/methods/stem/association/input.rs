//! Order and brightness of the positions of a scan, from the outcomes of the methods before.

use super::algorithm::Region;
use crate::core::data::{Extent, Map};
use crate::method::Upstream;

/// One scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Its file.
    pub item: String,
    /// Its positions.
    pub region: Region,
    /// Size of the field, where it is known.
    pub extent: Option<Extent>,
    /// Whether the error rate of the order is not the stated one.
    pub uncalibrated: bool,
    /// Drift in steps of the scan, and whether it is small enough; where it was measured.
    pub drift_steps: Option<(f64, bool)>,
}

/// What a scan lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Judged patterns.
    Patterns,
    /// The image, on the grid of the scan.
    Image,
}

impl Scan {
    /// From the patterns of a scan and what else was found on it.
    pub(super) fn of(patterns: &Upstream, all: &[Upstream], image: &str) -> Result<Self, Lack> {
        let of_scan = || all.iter().filter(|other| other.state == patterns.state && other.item == patterns.item);
        let table = patterns.outcome.table("patterns").ok_or(Lack::Patterns)?;
        let column = |name: &str| table.numbers(name).map(|(_, values)| values).map_err(|_| Lack::Patterns);
        let (y, x, flagged) = (column("scan_y")?, column("scan_x")?, column("flagged")?);
        let image: &Map = of_scan().find_map(|other| other.outcome.map(image)).ok_or(Lack::Image)?;
        let (rows, columns) = image.shape();
        let mut ordered = vec![None; rows * columns];
        for ((y, x), flagged) in y.iter().zip(x).zip(flagged) {
            let (y, x) = (*y as usize, *x as usize);
            if y >= rows || x >= columns {
                return Err(Lack::Image);
            }
            ordered[y * columns + x] = Some(*flagged > 0.5);
        }
        let brightness = image.values.iter().zip(&image.valid()).map(|(v, valid)| if *valid { *v } else { f64::NAN }).collect();
        let drift = of_scan().find(|other| other.method == "stem.drift").map(|found| &found.outcome);
        let drift_steps = drift.and_then(|drift| {
            let of = |key: &str| drift.estimate(key).map(|estimate| estimate.value);
            Some((of("drift_steps").unwrap_or(f64::NAN), of("drift_accepted")? > 0.5))
        });
        let notes = &patterns.outcome.notes;
        Ok(Self {
            item: patterns.item.clone(),
            region: Region { shape: [rows, columns], ordered, brightness },
            extent: image.extent.clone(),
            uncalibrated: notes.iter().any(|note| ["not_calibrated", "null_not_identified"].contains(&note.code.as_str())),
            drift_steps,
        })
    }
}
