//! Tables: by smallest size, against the null model, region by region.

use super::algorithm::{Found, Measured};
use super::null::Comparison;
use super::report::{ENOUGH, QUANTITIES, Quantity};
use super::statistics::Summary;
use crate::core::data::Table;
use crate::core::image::Feret;

/// Sizes of the table beside the chosen one, pixels.
const SIZES: [u64; 3] = [4, 8, 16];

/// Results at several smallest sizes, each with the mean, the band and the probability of the null model.
pub(super) fn by_size(found: &Found, null: &[&Found], min_pixels: u64) -> Table {
    let mut sizes: Vec<u64> = SIZES.into_iter().chain([min_pixels]).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let summaries: Vec<Summary> = sizes.iter().map(|size| found.summary(*size)).collect();
    let nulls: Vec<Vec<Summary>> = sizes.iter().map(|size| null.iter().map(|found| found.summary(*size)).collect()).collect();
    let mut table = Table::new("by_size", "Regions by their least number of pixels").with_numbers(
        "min_pixels",
        "",
        sizes.iter().map(|size| *size as f64).collect(),
    );
    // Bounds are measured for the chosen size only.
    for quantity in QUANTITIES.iter().filter(|q| !q.key.contains("bounding") && !q.key.contains("feret")) {
        let name = quantity.key.trim_start_matches("hdr_");
        let comparisons: Vec<Option<Comparison>> = summaries
            .iter()
            .zip(&nulls)
            .map(|(summary, nulls)| {
                if quantity.shape && summary.count < ENOUGH {
                    return None;
                }
                Comparison::new((quantity.read)(summary), &nulls.iter().map(quantity.read).collect::<Vec<f64>>())
            })
            .collect();
        let column = |read: fn(&Comparison) -> f64| -> Vec<f64> {
            comparisons.iter().map(|c| c.as_ref().map_or(f64::NAN, read)).collect()
        };
        let enough = |summary: &Summary| !quantity.shape || summary.count >= ENOUGH;
        let value = |summary: &Summary| if enough(summary) { (quantity.read)(summary) } else { f64::NAN };
        table = table.with_numbers(name, quantity.unit, summaries.iter().map(value).collect());
        if !null.is_empty() {
            table = table
                .with_numbers(&format!("{name}_null"), quantity.unit, column(|c| c.mean))
                .with_numbers(&format!("{name}_null_lo"), quantity.unit, column(|c| c.band.0))
                .with_numbers(&format!("{name}_null_hi"), quantity.unit, column(|c| c.band.1))
                .with_numbers(&format!("{name}_p"), "", column(|c| c.p));
        }
    }
    table
}

pub(super) fn null_comparison(rows: &[(&Quantity, Comparison)]) -> Table {
    let number = |read: fn(&Comparison) -> f64| rows.iter().map(|(_, c)| read(c)).collect::<Vec<f64>>();
    let text = |read: &dyn Fn(&(&Quantity, Comparison)) -> String| rows.iter().map(read).collect::<Vec<String>>();
    Table::new("null_comparison", "Regions of the map and of isotropic noise with the same correlation (SI units)")
        .with_text("quantity", text(&|(quantity, _)| quantity.key.to_owned()))
        .with_text("unit", text(&|(quantity, _)| quantity.unit.to_owned()))
        .with_numbers("value", "", number(|c| c.value))
        .with_numbers("null_mean", "", number(|c| c.mean))
        .with_numbers("null_lo", "", number(|c| c.band.0))
        .with_numbers("null_hi", "", number(|c| c.band.1))
        .with_numbers("p", "", number(|c| c.p))
        .with_text("verdict", text(&|(_, c)| c.verdict().to_owned()))
}

pub(super) fn regions(found: &Found, min_pixels: u64) -> Table {
    let column = |read: fn(&Measured) -> f64| found.of_size(min_pixels).map(read).collect::<Vec<f64>>();
    let bound = |read: fn(&Feret) -> f64| -> Vec<f64> {
        found.of_size(min_pixels).map(|region| region.bounds.as_ref().map_or(f64::NAN, read)).collect()
    };
    Table::new("regions", "The regions")
        .with_numbers("x", "m", column(|r| r.moments.centroid[0]))
        .with_numbers("y", "m", column(|r| r.moments.centroid[1]))
        .with_numbers("pixels", "", column(|r| r.n_pixels as f64))
        .with_numbers("area", "m^2", column(|r| r.moments.area))
        .with_numbers("req", "m", column(|r| r.moments.equivalent_radius()))
        .with_numbers("major_diameter", "m", column(|r| r.moments.diameters()[0]))
        .with_numbers("minor_diameter", "m", column(|r| r.moments.diameters()[1]))
        .with_numbers("aspect", "", column(|r| r.moments.aspect()))
        .with_numbers("angle", "rad", column(|r| r.moments.angle()))
        .with_numbers("bounding_length", "m", bound(|f| f.bounding_box[0]))
        .with_numbers("bounding_width", "m", bound(|f| f.bounding_box[1]))
        .with_numbers("bounding_angle", "rad", bound(|f| f.bounding_box_angle))
        .with_numbers("feret_max", "m", bound(|f| f.max))
        .with_numbers("feret_min", "m", bound(|f| f.min))
        .with_numbers("border_weight", "", column(|r| r.weight))
}
