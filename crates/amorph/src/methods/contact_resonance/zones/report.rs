use ndarray::Array2;

use super::algorithm::{Zone, Zones as Found, find_zones, null_zones};
use super::{Input, Zones};
use crate::core::ctx::Ctx;
use crate::core::data::{DataError, Map, Table};
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, Scale};
use crate::core::image::{contours, spatial_mean};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{Moments, student_t_quantile};
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::methods::contact_resonance::ContactResonanceError;

/// Share of the map inside zones above which nothing untreated is left to compare with.
const LARGEST_SHARE: f64 = 0.5;
const REPLICATES_MIN: usize = 3;

pub(super) fn outcome(method: &Zones, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let valid = input.map.valid();
    let values = ndarray::Zip::from(&input.map.values)
        .and(&valid)
        .map_collect(|value, valid| if *valid { input.map.unit.to_si(*value) } else { f64::NAN });
    let constant = || DataError::Constant { map: input.map.quantity.clone(), value: values[[0, 0]] };
    let found = find_zones(&values, &input.rules).ok_or_else(constant)?;
    let fraction = found.zones.iter().map(|zone| zone.n_pixels).sum::<usize>() as f64 / values.len() as f64;
    if fraction > LARGEST_SHARE {
        return Err(ContactResonanceError::NothingUntreated { fraction }.into());
    }
    ctx.check_cancelled()?;
    let null = null_zones(&values, &found, &input.rules, method.surrogates, ctx.seed);
    let untreated = ndarray::Zip::from(&values).and(&found.untreated).map_collect(|v, keep| if *keep { *v } else { f64::NAN });
    let level = spatial_mean(untreated.view(), input.pitch).ok_or_else(constant)?;
    let mut outcome = Outcome {
        estimates: estimates(input, &found, &level, fraction),
        tables: vec![table(input, &found, level.mean, &null)],
        figures: vec![figure(input, &found)],
        maps: vec![Map::new("modulus_change", values.mapv(|v| v / level.mean - 1.0), Unit::one(), input.map.extent.clone())],
        notes: notes(method, input, &found, &null),
        ..Outcome::default()
    };
    let by_chance = null.iter().map(|(_, count)| *count as f64).sum::<f64>() / null.len() as f64;
    let why = "a mean over surrogates";
    outcome.estimates.push(Estimate::without_interval("zones_by_chance", "N_0", by_chance, "", why));
    Ok(outcome)
}

/// Mean over zones with the Student interval between them; `common` is an error that all zones share.
fn over_zones(key: &str, symbol: &str, unit: &str, values: &[f64], common: f64) -> Option<Estimate> {
    let value = crate::core::stats::mean(values).ok()?;
    let few = "fewer than three zones: their scatter gives no interval";
    let Some(moments) = Moments::of(values).ok().filter(|_| values.len() >= REPLICATES_MIN) else {
        return Some(Estimate::without_interval(key, symbol, value, unit, few).n(values.len() as f64));
    };
    let error = moments.std_error().hypot(common);
    let t = student_t_quantile(0.975, values.len() as f64 - 1.0).ok()?;
    let interval = (value - t * error, value + t * error);
    Some(Estimate::with_interval(key, symbol, value, unit, interval, Basis::Replicate).std_error(error).n(values.len() as f64))
}

fn whole(found: &Found) -> impl Iterator<Item = &Zone> {
    found.zones.iter().filter(|zone| !zone.touches_border)
}

fn estimates(input: &Input<'_>, found: &Found, level: &crate::core::image::SpatialMean, fraction: f64) -> Vec<Estimate> {
    let pixel = input.pitch.0 * input.pitch.1;
    let drops: Vec<f64> = found.zones.iter().map(|zone| 1.0 - zone.mean / level.mean).collect();
    let areas: Vec<f64> = whole(found).map(|zone| zone.n_pixels_half as f64 * pixel).collect();
    let radii: Vec<f64> = areas.iter().map(|area| (area / std::f64::consts::PI).sqrt()).collect();
    let unit = input.map.unit.symbol();
    let mut estimates = Vec::new();
    estimates.extend(over_zones("modulus_drop", "ΔM/M", "", &drops, level.std_error / level.mean));
    let count = found.zones.len() as f64;
    estimates.push(Estimate::without_interval("zone_count", "N", count, "", "a count; see zones_by_chance"));
    let why = "the share of this map; between maps, sites are compared";
    estimates.push(Estimate::without_interval("zone_area_fraction", "A_f", fraction, "", why));
    estimates.extend(over_zones("zone_area", "A", "m^2", &areas, 0.0));
    estimates.extend(over_zones("zone_radius", "R", "m", &radii, 0.0));
    let mean = match level.interval {
        Some(interval) => Estimate::with_interval("untreated_level", "M_0", level.mean, unit, interval, Basis::Replicate),
        None => Estimate::without_interval("untreated_level", "M_0", level.mean, unit, &level.no_interval()),
    };
    estimates.push(mean.std_error(level.std_error).n(level.n_effective));
    let why = "the scale of the threshold, after smoothing";
    estimates.push(Estimate::without_interval("untreated_sd", "σ_0", found.sd, unit, why));
    estimates
}

fn table(input: &Input<'_>, found: &Found, level: f64, null: &[(usize, usize)]) -> Table {
    let (pitch_y, pitch_x) = input.pitch;
    let height = pitch_y * input.map.values.nrows() as f64;
    let column = |of: &dyn Fn(&Zone) -> f64| found.zones.iter().map(of).collect::<Vec<f64>>();
    let by_chance = |zone: &Zone| {
        let as_large = null.iter().filter(|(largest, _)| *largest >= zone.n_pixels).count();
        (as_large + 1) as f64 / (null.len() + 1) as f64
    };
    let area = |zone: &Zone| zone.n_pixels_half as f64 * pitch_x * pitch_y;
    Table::new("zones", "Zones (p: share of surrogate maps whose largest zone is as large)")
        .with_numbers("x", "m", column(&|zone| (zone.centre.1 + 0.5) * pitch_x))
        .with_numbers("y", "m", column(&|zone| height - (zone.centre.0 + 0.5) * pitch_y))
        .with_numbers("mean", input.map.unit.symbol(), column(&|zone| zone.mean))
        .with_numbers("modulus_drop", "", column(&|zone| 1.0 - zone.mean / level))
        .with_numbers("area", "m^2", column(&area))
        .with_numbers("radius", "m", column(&|zone| (area(zone) / std::f64::consts::PI).sqrt()))
        .with_numbers("touches_border", "", column(&|zone| f64::from(u8::from(zone.touches_border))))
        .with_numbers("p", "", column(&by_chance))
}

fn figure(input: &Input<'_>, found: &Found) -> Figure {
    let sign = input.rules.sign;
    let above: Array2<f64> = found.smoothed.mapv(|v| if v.is_finite() { sign * (v - found.level) } else { 0.0 });
    let outlines = contours(&above.view(), &found.labelling, input.rules.threshold * found.sd, input.pitch);
    let polygons = found.zones.iter().flat_map(|zone| outlines.rings(zone.label)).collect();
    let colour = ColourAxis {
        label: "relative change".to_owned(),
        unit: Unit::of("%"),
        range: None,
        palette: Palette::Diverging,
        scale: Scale::Linear,
    };
    let axis = |name: &str| Axis::linear(name, Unit::of("nm"));
    Figure {
        key: "zones".to_owned(),
        title: "Change of modulus and zones".to_owned(),
        caption: format!(
            "Relative difference to the untreated surroundings; outlines at {} standard deviations of the smoothed, untreated map.",
            input.rules.threshold
        ),
        panels: vec![
            Panel::map("", axis("x"), axis("y"))
                .with(Mark::Image { map: "modulus_change".to_owned(), colour })
                .with(Mark::Outlines { name: "zones".to_owned(), role: Role::Highlight, polygons }),
        ],
    }
}

fn notes(method: &Zones, input: &Input<'_>, found: &Found, null: &[(usize, usize)]) -> Vec<Note> {
    let mut notes = Vec::new();
    let largest = found.zones.iter().map(|zone| zone.n_pixels).max().unwrap_or(0);
    let by_chance = null.iter().filter(|(other, _)| *other >= largest.max(1)).count();
    let share = (by_chance + 1) as f64 / (null.len() + 1) as f64;
    if found.zones.is_empty() {
        let message = format!("no zone of {} pixels lies beyond {} standard deviations", method.min_pixels, method.threshold);
        notes.push(Note::info("no_zones", message));
    } else if share > 0.05 {
        notes.push(Note::warning(
            "zones_as_by_chance",
            format!(
                "{:.0} % of surrogate maps without zones have one as large as the largest here: nothing is claimed",
                100.0 * share
            ),
        ));
    } else {
        let message =
            format!("at most {:.1} % of surrogate maps without zones have one as large as the largest here", 100.0 * share);
        notes.push(Note::info("zones_beyond_chance", message));
    }
    if input.map.quantity.starts_with("contact_resonance_frequency") || input.map.quantity == "frequency" {
        notes.push(Note::warning(
            "frequencies_not_modulus",
            "zones of a frequency map: frequencies must not be compared across tips, and their change is not that of the modulus; use contact_resonance.modulus with a reference",
        ));
    }
    if found.zones.len() > whole(found).count() {
        notes.push(Note::info(
            "zones_at_the_border",
            "zones that touch the border have no size, but count for the change of modulus",
        ));
    }
    notes.push(Note::info(
        "zones_are_the_sites",
        "the interval of the drop is that between the zones of this map; a link to fast relaxation is not computed",
    ));
    notes
}
