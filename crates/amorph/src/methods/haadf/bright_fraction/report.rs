//! Numbers, maps, notes and tables.

use super::analysis::{Findings, LEAST_BLOCKS, SEPARATIONS, SWEEP, Share, analyse};
use super::error::BrightFractionError;
use super::{BrightFraction, Input, PhaseModel, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{Extent, Map, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::{Unit, format_significant};
use crate::method::MethodError;

/// Quantity of the map of the bright phase, the surface at the top.
pub(super) const PHASE_MAP: &str = "bright_phase";
/// Bright chords across a foil above which phases lie on top of each other.
const OVERLAPPING: f64 = 2.0;

/// What is known of the size of a pixel: along depth and along the surface, m.
pub(super) type Pitch = Option<(f64, f64)>;

pub(super) fn outcome(method: &BrightFraction, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let valid = input.map.valid();
    let above = ndarray::Zip::from(&input.map.values)
        .and(&valid)
        .map_collect(|value, valid| if *valid { *value - input.dark_level } else { f64::NAN });
    let image = input.side.up(&above);
    let found = analyse(&image, method.phases, method.illumination, method.strip_px).ok_or(BrightFractionError::NoFit)?;
    let separation = found.fit.phases.separation();
    if separation < SEPARATIONS.0 {
        return Err(BrightFractionError::OnePhase { separation, needed: SEPARATIONS.0 }.into());
    }
    let pitch: Pitch = input.map.pixel_pitch().ok().map(|pitch| input.side.turned(pitch));
    let layers = layers(input, &found, pitch);
    let (rows, columns) = image.dim();
    let extent = pitch.map(|(down, along)| Extent::metres(columns as f64 * along, rows as f64 * down));
    let phase = found.bright.mapv(|pixel| pixel.map_or(f64::NAN, |bright| f64::from(u8::from(bright))));
    Ok(Outcome {
        estimates: estimates(method, &found, pitch, layers),
        notes: notes(method, input, &found, layers),
        tables: vec![profile(method, &found, pitch, layers), sweep(&found)],
        figures: figures::all(&found, pitch),
        maps: vec![Map::new(PHASE_MAP, phase, Unit::one(), extent)],
        ..Outcome::default()
    })
}

/// Layers of domains on top of each other, one at least.
fn layers(input: &Input<'_>, found: &Findings, pitch: Pitch) -> Option<f64> {
    let ([_, bright], (_, along)) = found.chords.zip(pitch)?;
    Some((input.thickness? / (bright * along)).max(1.0))
}

/// The interval of a share, or why there is none.
pub(super) fn interval(method: &BrightFraction, found: &Findings, share: &Share) -> Result<(f64, f64), String> {
    if method.phases == PhaseModel::Otsu {
        return Err("a threshold has no error of its own; the sweep shows how much it decides".to_owned());
    }
    let separation = found.fit.phases.separation();
    if separation < SEPARATIONS.1 {
        let (found, needed) = (format_significant(separation, 2), SEPARATIONS.1);
        return Err(format!("the phases are {found} standard deviations apart; the interval needs {needed}"));
    }
    let (_, half) =
        share.error.ok_or_else(|| format!("fewer than {LEAST_BLOCKS} blocks of three periods fit along the surface"))?;
    Ok(((share.value - half).max(0.0), (share.value + half).min(1.0)))
}

fn estimates(method: &BrightFraction, found: &Findings, pitch: Pitch, layers: Option<f64>) -> Vec<Estimate> {
    let share = |key: &str, symbol: &str, share: &Share| {
        let estimate = match interval(method, found, share) {
            Ok(ends) => Estimate::with_interval(key, symbol, share.value, "", ends, Basis::Bootstrap),
            Err(why) => Estimate::without_interval(key, symbol, share.value, "", &why),
        };
        let estimate = estimate.n(found.blocks.0 as f64);
        match share.error {
            Some((error, _)) => estimate.std_error(error),
            None => estimate,
        }
    };
    let mut estimates = vec![share("bright_fraction", "φ", &found.whole)];
    if let ([surface, .., deep], true) = (&found.strips[..], found.strips.len() > 1) {
        estimates.push(share("bright_fraction_surface", "φ_s", surface));
        estimates.push(share("bright_fraction_deep", "φ_d", deep));
    }
    let without =
        |key: &str, symbol: &str, value: f64, unit: &str, why: &str| Estimate::without_interval(key, symbol, value, unit, why);
    let separation = found.fit.phases.separation();
    estimates.push(without("phase_separation", "d'", separation, "", "from the fitted mixture"));
    if let Some(([dark, bright], (_, along))) = found.chords.zip(pitch) {
        let why = "one field; noise and blur end chords, compare images taken alike";
        estimates.push(without("bright_chord", "l_b", bright * along, "m", why));
        estimates.push(without("dark_chord", "l_d", dark * along, "m", why));
    }
    let why = "a count in one field, which depends on the smallest parts that are seen";
    estimates.push(without("euler_number", "χ", found.euler, "", why));
    if let Some((down, along)) = pitch {
        let area = found.even.len() as f64 * down * along;
        estimates.push(without("euler_density", "χ/A", found.euler / area, "1/m^2", why));
    }
    if let Some(layers) = layers {
        let bound = 1.0 - (1.0 - found.whole.value).powf(layers);
        estimates.push(without("overlap_bound", "1-(1-φ)^N", bound, "", "a bound, for layers that know nothing of each other"));
    }
    estimates
}

/// The share of every strip.
fn profile(method: &BrightFraction, found: &Findings, pitch: Pitch, layers: Option<f64>) -> Table {
    let (step, unit) = pitch.map_or((1.0, ""), |(down, _)| (down, "m"));
    let column = |value: &dyn Fn(&Share) -> f64| found.strips.iter().map(value).collect::<Vec<_>>();
    let ends = |share: &Share| interval(method, found, share).unwrap_or((f64::NAN, f64::NAN));
    Table::new("profile", "Share of the bright phase by depth below the surface (in pixels where their size is not known)")
        .with_numbers("depth_from", unit, column(&|share| share.rows.0 as f64 * step))
        .with_numbers("depth_to", unit, column(&|share| share.rows.1 as f64 * step))
        .with_numbers("bright_fraction", "", column(&|share| share.value))
        .with_numbers("std_error", "", column(&|share| share.error.map_or(f64::NAN, |(error, _)| error)))
        .with_numbers("lo95", "", column(&|share| ends(share).0))
        .with_numbers("hi95", "", column(&|share| ends(share).1))
        .with_numbers("overlap_bound", "", column(&|share| layers.map_or(f64::NAN, |n| 1.0 - (1.0 - share.value).powf(n))))
}

fn sweep(found: &Findings) -> Table {
    Table::new("threshold_sweep", "Share of pixels above a threshold between the dark level (0) and the bright one (1)")
        .with_numbers("threshold", "", SWEEP.to_vec())
        .with_numbers("share_above", "", found.sweep.clone())
}

fn notes(method: &BrightFraction, input: &Input<'_>, found: &Findings, layers: Option<f64>) -> Vec<Note> {
    let mut notes = Vec::new();
    let number = |value: f64| format_significant(value, 3);
    let phases = &found.fit.phases;
    let message = format!(
        "dark {} and bright {}, {} standard deviations of a pixel apart",
        number(phases.dark),
        number(phases.dark + phases.step),
        number(phases.separation())
    );
    notes.push(Note::info("phases", message));
    if phases.separation() < SEPARATIONS.1 {
        let message = "the phases are not well apart; shares rest on the shape of the noise, and have no interval";
        notes.push(Note::warning("phases_overlap", message));
    }
    if method.strip_px < found.blocks.1 / 3 {
        let message = format!(
            "a strip of {} pixels is less deep than a period of the network ({} pixels); neighbouring strips are alike",
            method.strip_px,
            found.blocks.1 / 3
        );
        notes.push(Note::warning("shallow_strips", message));
    }
    if input.is_display {
        notes.push(Note::warning(
            "display_values",
            "the values are made for display: shares are given, but pixels across interfaces and the illumination are not followed rightly",
        ));
    }
    notes.push(match layers {
        None => Note::info(
            "section_assumed",
            "the share of the area is that of the volume in a section or a foil thinner than the domains; state foil_thickness for a bound of their overlap",
        ),
        Some(layers) if layers > OVERLAPPING => Note::warning(
            "phases_overlap_in_depth",
            format!(
                "the foil is {} bright chords thick: bright domains lie over dark ones, and the share of the area is above that of the volume",
                number(layers)
            ),
        ),
        Some(_) => Note::info("thin_foil", "the foil is about as thin as the domains or thinner"),
    });
    notes
}
