//! What the numbers mean, and what scanning may have to do with them.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

use super::Input;
use super::inference::axial_distance;
use super::report::{Found, REJECTED};
use crate::core::outcome::Note;
use crate::core::unit::{Unit, format_significant};
use crate::methods::afm::spectrum::null::Fitted;

/// Axes this near to a scan axis or to a diagonal are under suspicion.
const NEAR: f64 = 10.0;
/// A lag above this share of the correlation length is worth a warning.
const LARGE_LAG: f64 = 0.1;

pub(super) fn all(input: &Input<'_>, fitted: &Fitted, found: &Found) -> Vec<Note> {
    let mut notes = vec![
        Note::info(
            "null_model",
            format!(
                "null model: {} isotropic fields with the correlation, the values and the mask of the map (xi = {}, alpha = {:.2})",
                found.nulls.len(),
                metres(fitted.fit.xi()),
                fitted.fit.realisable().alpha
            ),
        ),
        verdict(found),
    ];
    notes.extend(scan_axis(found));
    if let Some((shift, pitch)) = found.shift.zip(input.pair.and_then(|pair| pair[0].pixel_pitch().ok())) {
        let (lag, std) = shift.lag();
        if shift.has_lag() && lag.abs() > LARGE_LAG * fitted.fit.xi() {
            let text = format!(
                "trace and retrace are displaced along the fast axis as by a response that lags by {} ± {}: it lengthens the \
                 correlation along the fast axis; scan more slowly",
                metres(lag),
                metres(std)
            );
            notes.push(Note::warning("lag", text));
        }
        notes.extend(drift(found, shift.has_drift(), shift.drift_ellipse(pitch.0)));
    } else {
        let text = "no trace and retrace of one quantity in the files, so lag and drift cannot be seen: a drift along the fast axis shears \
                    the image and makes an aspect of 1 + shear at 45 deg; compare with a scan turned by 90 deg (state its scan_angle)";
        notes.push(Note::info("no_pair", text));
    }
    if let Some(angle) = input.scan_angle.filter(|_| found.is_anisotropic()) {
        let in_specimen = (found.ellipse.angle() + angle).to_degrees().rem_euclid(180.0);
        let text = format!(
            "the fast axis lies at {:.1} deg in the specimen, so the long axis lies at {in_specimen:.1} deg there",
            angle.to_degrees()
        );
        notes.push(Note::info("scan_angle", text));
    }
    notes
}

fn verdict(found: &Found) -> Note {
    let p = &found.p;
    let text = format!(
        "ellipse: aspect {:.3} as fitted, p = {:.3}; quadrupole a2 = {:.3}, p = {:.3}; four-fold a4 = {:.3}, p = {:.3}. One in twenty \
         isotropic maps of this kind is fitted with an aspect above {:.3}",
        found.ellipse.log_aspect().exp(),
        p.ellipse,
        found.measured.a2.norm(),
        p.a2,
        found.measured.a4.norm(),
        p.a4,
        found.chance.exp()
    );
    if found.is_anisotropic() {
        Note::info("anisotropic", text)
    } else {
        let end = "a fitted aspect is above 1 for any isotropic map; that given here is corrected for it";
        Note::info("isotropic", format!("{text}: isotropy is not rejected; {end}"))
    }
}

/// Lag, line noise and drift along the slow axis make ellipses along the scan axes, drift along the fast axis along the diagonals.
fn scan_axis(found: &Found) -> Option<Note> {
    let quadrupole = 0.5 * found.measured.a2.arg() + FRAC_PI_2;
    let tested = [(found.p.ellipse, found.ellipse.angle()), (found.p.a2, quadrupole)];
    let significant: Vec<f64> = tested.into_iter().filter(|(p, _)| *p < REJECTED).map(|(_, angle)| angle).collect();
    let near = |axis: f64| significant.iter().find(|angle| axial_distance(**angle, axis).to_degrees() <= NEAR);
    for (axis, name) in [(0.0, "fast"), (FRAC_PI_2, "slow")] {
        if let Some(angle) = near(axis) {
            let text = format!(
                "the long axis lies {:.1} deg from the {name} scan axis: a lagging feedback, noise of scan lines and drift along the \
                 slow axis make the same; it is the glass only if it turns with the specimen in a scan turned by 90 deg",
                axial_distance(*angle, axis).to_degrees()
            );
            return Some(Note::warning("scan_axis", text));
        }
    }
    let diagonal = [FRAC_PI_4, -FRAC_PI_4].into_iter().find_map(near)?;
    let text = format!(
        "the long axis lies within {NEAR:.0} deg of a diagonal ({:.1} deg): drift along the fast axis shears the image to the same; \
         compare trace and retrace, or a scan turned by 90 deg",
        diagonal.to_degrees().rem_euclid(180.0)
    );
    Some(Note::warning("diagonal", text))
}

/// What drift explains of the ellipse.
fn drift(found: &Found, is_certain: bool, by_drift: [f64; 2]) -> Option<Note> {
    if !is_certain {
        return None;
    }
    let rest = (found.ellipse.e[0] - by_drift[0]).hypot(found.ellipse.e[1] - by_drift[1]);
    let size = by_drift[0].hypot(by_drift[1]).exp();
    let direction = (0.5 * by_drift[1].atan2(by_drift[0])).to_degrees().rem_euclid(180.0);
    let made = format!(
        "the drift between trace and retrace makes an aspect of {size:.3} at {direction:.0} deg of an isotropic specimen"
    );
    Some(if found.is_anisotropic() && rest <= found.chance {
        let text = format!(
            "{made}; without it the map is not more anisotropic than isotropic noise: the drift explains the anisotropy"
        );
        Note::warning("drift", text)
    } else {
        Note::info("drift", format!("{made}; without it the fitted aspect is {:.3}", rest.exp()))
    })
}

fn metres(value: f64) -> String {
    let unit = Unit::of("m").preferred(value);
    let text = format_significant(unit.convert_si(value), 3);
    format!("{text} {unit}")
}
