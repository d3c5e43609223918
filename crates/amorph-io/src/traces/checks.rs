//! What is likely wrong with a recording that reads well.

use amorph_core::data::{Recording, TraceQuantity};
use amorph_core::outcome::Note;
use amorph_core::trace::{StandstillKind, standstills};

/// Greater loads and depths are no nanoindentation: often a micro sign was lost.
const LOAD_MAX: f64 = 1.0;
const DEPTH_MAX: f64 = 100e-6;
/// Load and depth that run so clearly against each other have different signs.
const INVERTED: f64 = -0.6;
const PAIRS_MAX: usize = 20_000;

/// Notes about values beyond what such instruments reach, and about channels that never change.
pub(crate) fn range_notes(test: &str, recording: &Recording) -> Vec<Note> {
    let mut notes = Vec::new();
    for (quantity, limit, shown) in [(TraceQuantity::Load, LOAD_MAX, "1 N"), (TraceQuantity::Depth, DEPTH_MAX, "100 um")] {
        for channel in recording.channels.iter().filter(|channel| channel.quantity == quantity) {
            let largest = channel.values.iter().filter(|value| value.is_finite()).fold(0.0f64, |a, b| a.max(b.abs()));
            if largest > limit {
                let message = format!(
                    "test '{test}': '{}' reaches {largest:.4e} {}, beyond the {shown} of a nanoindenter; check its unit '{}' (a lost micro sign?)",
                    channel.name, channel.unit, channel.unit_in_file
                );
                notes.push(Note::warning("unit_range", message));
            }
        }
    }
    // A voltage or a frequency that is kept is as it should be.
    let kept = [
        TraceQuantity::HeatFlow,
        TraceQuantity::SpecificHeatFlow,
        TraceQuantity::Other,
        TraceQuantity::Frequency,
        TraceQuantity::AngularFrequency,
        TraceQuantity::Voltage,
        TraceQuantity::Temperature,
    ];
    for channel in recording.channels.iter().filter(|channel| !kept.contains(&channel.quantity)) {
        let constant = standstills(&channel.values).first().is_some_and(|still| still.kind == StandstillKind::Constant);
        if constant {
            let message = format!("test '{test}': '{}' is constant (saturated or unconnected)", channel.name);
            notes.push(Note::warning("constant_channel", message));
        }
    }
    notes
}

/// The correlation of load and depth where it says that one of them has the wrong sign.
pub(crate) fn inverted_depth(recording: &Recording) -> Option<f64> {
    let (load, depth) = (recording.values(TraceQuantity::Load).ok()?, recording.values(TraceQuantity::Depth).ok()?);
    // Before contact both can do anything: only rows with a fifth of the greatest load count.
    let greatest = load.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let stride = load.len().div_ceil(PAIRS_MAX).max(1);
    let pairs = load.iter().zip(depth).step_by(stride).filter(|(p, h)| **p > 0.2 * greatest && h.is_finite());
    let (mut n, mut mp, mut mh, mut spp, mut shh, mut sph) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (p, h) in pairs {
        n += 1.0;
        let (dp, dh) = (p - mp, h - mh);
        mp += dp / n;
        mh += dh / n;
        spp += dp * (p - mp);
        shh += dh * (h - mh);
        sph += dp * (h - mh);
    }
    let correlation = sph / (spp * shh).sqrt();
    (n >= 20.0 && correlation < INVERTED).then_some(correlation)
}
