//! What each imperfection does to the analysis, in words.

use super::AfmMeasurement;
use crate::core::unit::format_significant;
use crate::sim::afm::{CrossTalk, Drift, Marginal};

/// One line per imperfection that was asked for.
pub(super) fn lessons(measurement: &AfmMeasurement) -> Vec<String> {
    let (microscope, energy) = (&measurement.microscope, &measurement.specimen.energy);
    let scanning = &microscope.scanning;
    let nm = |metres: f64| format_significant(metres * 1e9, 3);
    let ratio = measurement.specimen.width.min(measurement.specimen.height) / energy.correlation_length;
    let all = [
        (microscope.blur > 0.0, format!(
            "blur of {} nm: lengthens the correlation length (one pixel of blur makes 4 pixels 45 % longer) and makes aspects smaller; \
             model it with [method.\"dafm.correlation_length\"] blur_sd",
            nm(microscope.blur)
        )),
        (microscope.phase_noise > 0.0, "phase noise: without a nugget in the model it shortens the correlation length and lowers the exponent".to_owned()),
        (microscope.row_offset > 0.0, "row offsets: power on the axis kx = 0; levelling rows to remove them shortens the correlation length by 4 to 12 %".to_owned()),
        (scanning.flicker > 0.0, "1/f noise: streaks along the fast axis that look like an ellipse along it".to_owned()),
        (scanning.response_length > 0.0, format!(
            "response of {} nm: lengthens the correlation along the fast axis; trace and retrace are displaced",
            nm(scanning.response_length)
        )),
        (scanning.drift != Drift::default(), "drift: along the slow axis it stretches, along the fast axis it shears the image into an ellipse along a diagonal; creep bends it".to_owned()),
        (microscope.cross_talk != CrossTalk::default(), "cross-talk: the topography appears in the energy, with its own correlation length; see dafm.topography_correlation".to_owned()),
        (scanning.strokes.count > 0, "strokes: a few outliers per line; they skew the distribution and add flat regions of high dissipation".to_owned()),
        (scanning.dust.count > 0 || microscope.lost_pixels > 0.0, "missing pixels: they are masked, not filled; the structure function needs no interpolation".to_owned()),
        (energy.marginal != Marginal::Gaussian, "skewed values: surrogates must have the distribution of the image, or intervals and null bands are wrong".to_owned()),
        (energy.aspect > 1.0, "an elongated glass: dafm.anisotropy must find axes and direction, and must not blame the scanner".to_owned()),
        (ratio < 60.0, format!("an image of {ratio:.0} correlation lengths: below 60 the length of one image is uncertain, below 30 it has no interval")),
        (measurement.turned, "every site scanned at two angles: what turns with the specimen is the glass, what does not is the scanner".to_owned()),
    ];
    all.into_iter().filter(|(wanted, _)| *wanted).map(|(_, text)| text).collect()
}
