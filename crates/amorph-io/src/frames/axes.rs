//! What the axes of an array are: names, units and roles.

use amorph_core::data::{AxisRole, ScanAxis};
use amorph_core::outcome::Note;
use amorph_core::unit::Unit;

/// Reciprocal length of a detector pixel that can be true, 1/m.
const RECIPROCAL_PIXEL: (f64, f64) = (1e5, 1e10);
/// Distance between probe positions that can be true, m.
const SCAN_STEP: (f64, f64) = (1e-11, 1e-6);

/// An axis as a file describes it: position `i` lies at `offset + scale * i`.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawAxis {
    pub name: String,
    pub unit: String,
    pub scale: Option<f64>,
    pub offset: Option<f64>,
    pub n: usize,
    /// What it is, where the format says so.
    pub kind: Option<AxisKind>,
}

/// What an axis is, before rows and columns are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AxisKind {
    Scan,
    Detector,
    Depth,
    Energy,
    Time,
}

impl RawAxis {
    pub(crate) fn of(n: usize, kind: AxisKind) -> Self {
        Self { n, kind: Some(kind), ..Self::default() }
    }

    /// With a scale and a unit that the file states.
    pub(crate) fn calibrated(self, name: &str, scale: f64, unit: &str) -> Self {
        Self { name: name.to_owned(), scale: Some(scale), offset: Some(0.0), unit: unit.to_owned(), ..self }
    }
}

/// The unit of an axis in the spellings that programs write: `A^-1`, `1/A`, `Å⁻¹`, `1 / nm`, `$A^{-1}$`, `µm`. An empty text and
/// the words for "none" are the plain number; what is not understood stays as written.
pub(crate) fn axis_unit(text: &str) -> Unit {
    let plain = text.trim().trim_matches(['$', '"', '\'', '\0']).trim();
    let lower = plain.to_ascii_lowercase();
    if plain.is_empty()
        || ["<undefined>", "undefined", "_none_", "none", "traits.api.undefined", "unknown"].contains(&lower.as_str())
    {
        return Unit::one();
    }
    if ["pixel", "pixels", "px", "pix"].contains(&lower.as_str()) {
        return Unit::one();
    }
    // U+212B, the sign for ångström, is another character than the letter.
    let spelled = plain.replace('\u{212b}', "Å").replace("\\AA", "Å").replace(['{', '}'], "");
    let spelled = match spelled.as_str() {
        "A" | "Ang" | "ang" | "Angstroms" | "angstroms" => "Å".to_owned(),
        "A⁻¹" | "1/Ang" => "Å^-1".to_owned(),
        "micron" | "microns" | "um" => "um".to_owned(),
        "meters" | "metres" | "meter" => "m".to_owned(),
        "seconds" | "sec" => "s".to_owned(),
        "mrads" => "mrad".to_owned(),
        other => other.to_owned(),
    };
    Unit::parse(&spelled).unwrap_or_else(|_| Unit::unknown(text.trim()))
}

/// What an axis is by its unit, else by its name.
fn kind_of(axis: &RawAxis) -> Option<AxisKind> {
    if axis.kind.is_some() {
        return axis.kind;
    }
    let unit = axis_unit(&axis.unit);
    let is = |symbol: &str| unit.is_known() && unit.is_compatible(&Unit::of(symbol));
    let name = axis.name.trim().to_lowercase();
    let named = || match name.as_str() {
        "depth" | "z" | "thickness" | "height" => Some(AxisKind::Depth),
        "x" | "y" | "rx" | "ry" | "r_x" | "r_y" | "scan_x" | "scan_y" | "x_scan" | "y_scan" => Some(AxisKind::Scan),
        "time" | "frame" | "frames" => Some(AxisKind::Time),
        _ if name.contains("energy") || name.contains("loss") => Some(AxisKind::Energy),
        _ if ["q", "k", "dx", "dy"].iter().any(|start| name.starts_with(start)) => Some(AxisKind::Detector),
        _ => None,
    };
    if is("eV") {
        Some(AxisKind::Energy)
    } else if is("1/m") || is("rad") {
        Some(AxisKind::Detector)
    } else if is("s") {
        Some(AxisKind::Time)
    } else if is("m") {
        Some(named().filter(|kind| *kind == AxisKind::Depth).unwrap_or(AxisKind::Scan))
    } else {
        named()
    }
}

/// The role of every axis, and the rule that gave it.
pub(crate) fn roles(axes: &[RawAxis]) -> (Vec<AxisRole>, &'static str) {
    let mut kinds: Vec<Option<AxisKind>> = axes.iter().map(kind_of).collect();
    let stated = axes.iter().all(|axis| axis.kind.is_some());
    let rule = if stated {
        "the format says what each axis is"
    } else if kinds.iter().all(Option::is_some) {
        "axes were told apart by their units and names"
    } else {
        let n = kinds.len();
        for (index, kind) in kinds.iter_mut().enumerate() {
            let by_place = match n - index {
                1 | 2 if n > 2 => Some(AxisKind::Detector),
                3 if n == 3 => Some(AxisKind::Time),
                3 | 4 => Some(AxisKind::Scan),
                _ => None,
            };
            *kind = kind.or(by_place);
        }
        "axes without units and names were told apart by their place: scan before detector"
    };
    let count = |wanted: AxisKind| kinds.iter().filter(|kind| **kind == Some(wanted)).count();
    let (scans, detectors) = (count(AxisKind::Scan), count(AxisKind::Detector));
    let (mut scan, mut detector) = (0, 0);
    let mut role = |kind: &Option<AxisKind>| match kind {
        Some(AxisKind::Depth) => AxisRole::Depth,
        Some(AxisKind::Energy) => AxisRole::Energy,
        Some(AxisKind::Time) => AxisRole::Time,
        None => AxisRole::Other,
        Some(AxisKind::Scan) => {
            scan += 1;
            match scans - (scan - 1) {
                1 => AxisRole::ScanX,
                2 => AxisRole::ScanY,
                3 => AxisRole::Depth,
                _ => AxisRole::Other,
            }
        }
        Some(AxisKind::Detector) => {
            detector += 1;
            match detectors - (detector - 1) {
                1 => AxisRole::DetectorX,
                2 => AxisRole::DetectorY,
                _ => AxisRole::Other,
            }
        }
    };
    (kinds.iter().map(&mut role).collect(), rule)
}

/// The axis as it is kept, with what cannot be true marked; notes say what was marked.
pub(crate) fn scan_axis(file: &str, raw: &RawAxis, role: AxisRole, notes: &mut Vec<Note>) -> ScanAxis {
    let unit = axis_unit(&raw.unit);
    let calibrated = raw.scale.filter(|scale| scale.is_finite() && *scale != 0.0);
    // A scale of one without a unit is what programs write when nothing is known.
    let step = calibrated.filter(|scale| *scale != 1.0 || unit != Unit::one());
    let offset = step.and(raw.offset).filter(|offset| offset.is_finite());
    let mut axis = ScanAxis { role, name: raw.name.clone(), n: raw.n, step, offset, unit, implausible: None };
    let shown = if axis.name.is_empty() { role.word().to_owned() } else { format!("{} ({})", axis.name, role.word()) };
    let (window, dimension, limits) = match role {
        AxisRole::DetectorY | AxisRole::DetectorX => (RECIPROCAL_PIXEL, "1/m", "1e-4 to 10 1/nm"),
        AxisRole::ScanY | AxisRole::ScanX => (SCAN_STEP, "m", "0.01 to 1000 nm"),
        _ => return axis,
    };
    if let Some(step) = axis.usable_step(dimension)
        && !(window.0..=window.1).contains(&step.abs())
    {
        let stored = axis.step.unwrap_or(step);
        let reason = format!("{stored:.6e} {} lies outside {limits}", axis.unit);
        notes.push(Note::warning("implausible_calibration", format!("{file}: the step of axis {shown}, {reason}, cannot be true: it is kept as stored and not used; state it in the study")));
        axis.implausible = Some(reason);
    }
    if let (Some(step), Some(offset)) = (axis.step, axis.offset)
        && dimension == "1/m"
        && offset != 0.0
        && axis.implausible.is_none()
    {
        let zero = -offset / step;
        if !(-0.5..=axis.n as f64 - 0.5).contains(&zero) {
            notes.push(Note::warning("origin_outside", format!("{file}: the zero of axis {shown} lies at pixel {zero:.1}, outside its {} pixels: the offset is the place of a crop, not the beam, and is not used as a centre", axis.n)));
        }
    }
    axis
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn spellings_of_units_are_one_unit() {
        for text in ["A^-1", "1/A", "Å⁻¹", "\u{212b}^-1", "$A^{-1}$", "1/Å"] {
            assert!((axis_unit(text).to_si(1.0) / 1e10 - 1.0).abs() < 1e-12, "{text}: {}", axis_unit(text).to_si(1.0));
        }
        for text in ["1/nm", "1 / nm", "nm^-1", "nm⁻¹"] {
            assert!((axis_unit(text).to_si(1.0) / 1e9 - 1.0).abs() < 1e-12, "{text}");
        }
        for text in ["\u{b5}m", "\u{3bc}m", "um"] {
            assert!((axis_unit(text).to_si(1.0) / 1e-6 - 1.0).abs() < 1e-12, "{text}");
        }
        assert!((axis_unit("cm").to_si(1.0) - 0.01).abs() < 1e-15);
        assert!(axis_unit("mrad").is_compatible(&Unit::of("rad")));
        assert!((axis_unit("A").to_si(1.0) - 1e-10).abs() < 1e-22);
        for text in ["", "<undefined>", "_None_", "pixels"] {
            assert_eq!(axis_unit(text), Unit::one(), "{text}");
        }
        assert!(!axis_unit("frobs").is_known());
    }

    fn named(name: &str, unit: &str) -> RawAxis {
        RawAxis { name: name.to_owned(), unit: unit.to_owned(), n: 3, ..RawAxis::default() }
    }

    #[test]
    fn roles_come_from_units_and_names_and_else_from_the_place() {
        use AxisRole::{Depth, DetectorX, DetectorY, Energy, Other, ScanX, ScanY, Time};
        let of = |axes: &[RawAxis]| roles(axes).0;
        let py4dstem = [named("Rx", "nm"), named("Ry", "nm"), named("Qx", "A^-1"), named("Qy", "A^-1")];
        assert_eq!(of(&py4dstem), [ScanY, ScanX, DetectorY, DetectorX]);
        assert_eq!(of(&[named("", "eV"), named("", "µm"), named("", "µm")]), [Energy, ScanY, ScanX]);
        let prismatic = [named("depth", "Å"), named("", "nm"), named("", "nm"), named("", "1/nm"), named("", "1/nm")];
        assert_eq!(of(&prismatic), [Depth, ScanY, ScanX, DetectorY, DetectorX]);
        assert_eq!(of(&[named("", ""), named("", ""), named("", ""), named("", "")]), [ScanY, ScanX, DetectorY, DetectorX]);
        assert_eq!(of(&[named("", ""), named("", ""), named("", "")]), [Time, DetectorY, DetectorX]);
        let turned = [named("", "1/nm"), named("", "1/nm"), named("", "nm"), named("", "nm")];
        assert_eq!(of(&turned), [DetectorY, DetectorX, ScanY, ScanX]);
        let five = vec![named("", ""); 5];
        assert_eq!(of(&five)[0], Other);
    }

    #[test]
    fn what_cannot_be_true_is_kept_and_marked() {
        let mut notes = Vec::new();
        let raw =
            RawAxis { scale: Some(7.84e-20), offset: Some(-2e-8), unit: "1 / nm".to_owned(), n: 512, ..RawAxis::default() };
        let axis = scan_axis("f", &raw, AxisRole::DetectorY, &mut notes);
        assert_eq!((axis.step, axis.usable_step("1/m")), (Some(7.84e-20), None));
        assert!(axis.implausible.unwrap().contains("1e-4 to 10 1/nm"));
        assert_eq!(notes[0].code, "implausible_calibration");
        notes.clear();
        let crop = RawAxis { scale: Some(0.1744), offset: Some(131.9), unit: "1/nm".to_owned(), n: 87, ..RawAxis::default() };
        let axis = scan_axis("f", &crop, AxisRole::DetectorY, &mut notes);
        assert!((axis.usable_step("1/m").unwrap() / 1.744e8 - 1.0).abs() < 1e-12);
        assert_eq!(notes[0].code, "origin_outside");
        notes.clear();
        let centred = RawAxis { offset: Some(-7.6), ..crop };
        scan_axis("f", &centred, AxisRole::DetectorY, &mut notes);
        let camera = RawAxis { scale: Some(0.016), unit: "cm".to_owned(), n: 144, ..RawAxis::default() };
        let axis = scan_axis("f", &camera, AxisRole::DetectorY, &mut notes);
        assert_eq!((axis.step, axis.usable_step("1/m"), notes.len()), (Some(0.016), None, 0));
    }
}
