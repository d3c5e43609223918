//! What the names of columns mean, in the languages that instruments write.

use amorph_core::data::TraceQuantity as Q;
use amorph_core::unit::Unit;

/// How sure a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sure {
    /// The word is one of several in the name.
    Partly,
    /// It is the name.
    Wholly,
}

const WHOLE: &[(Q, &[&str])] = &[
    (Q::Time, &["time", "t", "zeit", "temps", "时间", "test time", "time on sample", "elapsed time", "timestamp", "prüfzeit"]),
    (
        Q::Load,
        &[
            "load",
            "force",
            "kraft",
            "last",
            "charge",
            "载荷",
            "力",
            "p",
            "f",
            "fn",
            "load on sample",
            "indent load",
            "normal force",
            "normal load",
            "prüfkraft",
        ],
    ),
    (
        Q::Depth,
        &[
            "depth",
            "displacement",
            "disp",
            "weg",
            "tiefe",
            "eindringtiefe",
            "profondeur",
            "déplacement",
            "deplacement",
            "位移",
            "深度",
            "h",
            "displacement into surface",
            "indent disp",
            "penetration",
            "penetration depth",
            "indentation depth",
            "standardweg",
        ],
    ),
    (Q::Current, &["current", "strom", "courant", "电流", "i", "amperage", "ecr current", "intensité"]),
    (
        Q::Voltage,
        &["voltage", "volt", "spannung", "tension", "电压", "v", "u", "bias", "bias voltage", "sample bias", "ecr voltage"],
    ),
    (Q::ContactStiffness, &["contact stiffness", "harmonic contact stiffness", "stiffness", "storage stiff", "steifigkeit"]),
    (Q::LossStiffness, &["loss stiffness", "loss stiff"]),
    (Q::StorageModulus, &["storage modulus", "storage mod", "speichermodul", "e stor", "g stor"]),
    (Q::LossModulus, &["loss modulus", "loss mod", "verlustmodul", "e loss", "g loss"]),
    (Q::ReducedStorageModulus, &["reduced storage modulus"]),
    (Q::ReducedLossModulus, &["reduced loss modulus"]),
    (Q::Hardness, &["hardness", "härte", "dureté", "硬度"]),
    (Q::Modulus, &["modulus", "young s modulus", "youngs modulus", "elastic modulus", "e modul", "elastizitätsmodul", "模量"]),
    (Q::Phase, &["phase", "phase angle", "phase shift"]),
    (Q::AngularFrequency, &["angular frequency", "omega", "ω", "kreisfrequenz", "角频率"]),
    (Q::Frequency, &["frequency", "freq", "dynamic freq", "frequenz", "fréquence"]),
    (Q::TanDelta, &["tan delta", "loss tangent", "loss factor"]),
    (Q::ContactArea, &["contact area", "kontaktfläche"]),
    (Q::ContactDepth, &["contact depth", "kontakttiefe"]),
    (
        Q::Position,
        &["position", "motordisp", "piezodisp", "piezo extension", "stage position", "z position", "raw displacement"],
    ),
    (Q::Strain, &["strain", "dehnung", "déformation"]),
    (Q::Stress, &["stress", "contrainte"]),
    (Q::StrainRate, &["strain rate", "dehnrate"]),
    (
        Q::HeatFlow,
        &["heat flow", "heatflow", "heat flow normalized", "dsc", "wärmestrom", "wärmefluss", "flux de chaleur", "热流"],
    ),
    (Q::SpecificHeat, &["specific heat", "specific heat capacity", "heat capacity", "rev cp", "wärmekapazität"]),
    (Q::SpecificHeatLoss, &["specific heat loss"]),
    (Q::ShearModulus, &["shear modulus", "schubmodul", "剪切模量"]),
    (Q::CreepCompliance, &["creep compliance", "kriechnachgiebigkeit", "complaisance de fluage"]),
    (Q::StorageCompliance, &["storage compliance", "speichernachgiebigkeit"]),
    (Q::LossCompliance, &["loss compliance", "verlustnachgiebigkeit"]),
    (Q::Permittivity, &["permittivity", "dielectric constant", "storage permittivity"]),
    (Q::DielectricLoss, &["dielectric loss", "loss permittivity"]),
    (Q::RelaxationModulus, &["relaxation modulus", "relaxationsmodul", "e relax", "g relax"]),
    (Q::Temperature, &["temperature", "temp", "temperatur", "température", "温度"]),
];

/// Words that, as one of several, tell what a column is.
const PART: &[(Q, &[&str])] = &[
    (Q::Time, &["time", "zeit", "temps"]),
    (Q::Load, &["load", "force", "kraft"]),
    (Q::Depth, &["depth", "displacement", "disp", "tiefe", "weg"]),
    (Q::Current, &["current", "strom", "courant"]),
    (Q::Voltage, &["voltage", "spannung"]),
];

/// Words of columns of catalogues, which list events and not samples.
const CATALOGUE: &[&str] =
    &["size", "sizes", "duration", "magnitude", "count", "event", "events", "avalanche", "jump", "waiting"];

fn normal(name: &str) -> String {
    let words = name.to_lowercase();
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// `G'`, `E'`, `M'`, `J'`, `ε'` and `G''` (with one or two marks), where the marks alone tell storage from loss.
fn primed(name: &str) -> Option<Q> {
    let name = name.trim();
    let (letter, marks) = name.split_at(name.find(['\'', '"', '\u{2032}', '\u{2033}', '\u{2019}'])?);
    let pair = match letter {
        "G" | "E" | "M" => [Q::StorageModulus, Q::LossModulus],
        "J" | "D" => [Q::StorageCompliance, Q::LossCompliance],
        "e" | "ε" | "eps" | "Eps" => [Q::Permittivity, Q::DielectricLoss],
        _ => return None,
    };
    match marks.replace('\u{2033}', "''").replace(['\u{2032}', '\u{2019}'], "'").as_str() {
        "'" => Some(pair[0]),
        "''" | "\"" => Some(pair[1]),
        _ => None,
    }
}

/// What a column holds by its name, and how sure that is.
pub(crate) fn quantity(name: &str) -> Option<(Q, Sure)> {
    if let Some(modulus) = primed(name) {
        return Some((modulus, Sure::Wholly));
    }
    let name = normal(name);
    let whole = WHOLE.iter().find(|(_, names)| names.contains(&name.as_str()));
    if let Some((quantity, _)) = whole {
        return Some((*quantity, Sure::Wholly));
    }
    let mut words = name.split(' ');
    let part = PART.iter().find(|(_, names)| words.clone().any(|word| names.contains(&word)));
    let rate = words.any(|word| {
        matches!(word, "rate" | "amp" | "amplitude" | "volt" | "gain" | "offset" | "demand" | "raw" | "act" | "max" | "min")
    });
    part.filter(|_| !rate).map(|(quantity, _)| (*quantity, Sure::Partly))
}

/// Whether a column name is that of a catalogue of events.
pub(crate) fn of_catalogue(name: &str) -> bool {
    normal(name).split(' ').any(|word| CATALOGUE.contains(&word))
}

/// Units that a head may write without brackets, as in `Time_s`.
const BARE: &[&str] = &[
    "s", "ms", "us", "min", "h", "N", "mN", "uN", "nN", "m", "mm", "um", "nm", "pm", "A", "mA", "uA", "nA", "pA", "V", "mV",
    "uV", "Pa", "kPa", "MPa", "GPa", "N/m", "uN/nm", "mN/um", "Hz", "kHz", "rad/s", "deg", "rad", "K", "C", "-", "%", "1/s",
    "degC", "nm^2",
];

/// The units that messages name.
pub(crate) const KNOWN_UNITS: &str = "s ms us min h, N mN uN nN, m mm um nm pm, A mA uA nA pA, V mV uV, Pa kPa MPa GPa, N/m uN/nm mN/um, Hz kHz rad/s, deg rad, K degC, 1/s, - %";

/// The spelling of Amorph for what trace files write.
pub(crate) fn spelled(unit: &str) -> String {
    let plain = unit.trim().replace(['\u{b5}', '\u{3bc}'], "u").replace('²', "^2").replace('³', "^3");
    match plain.as_str() {
        "sec" | "second" | "seconds" | "Sec" | "S" => "s".to_owned(),
        "msec" => "ms".to_owned(),
        "deg C" | "°C" | "ºC" | "Celsius" => "degC".to_owned(),
        "°" | "º" | "degree" | "degrees" => "deg".to_owned(),
        "Newton" => "N".to_owned(),
        "mm²" => "mm^2".to_owned(),
        "none" | "None" | "1" => "-".to_owned(),
        _ => products_apart(&plain),
    }
}

/// `Pa.s`, `N-m` and `N.m/rad` with blanks between the units.
fn products_apart(unit: &str) -> String {
    let letters: Vec<char> = unit.chars().collect();
    let is_between = |i: usize| {
        let is_letter = |place: Option<usize>| place.and_then(|place| letters.get(place)).is_some_and(|c| c.is_alphabetic());
        is_letter(i.checked_sub(1)) && is_letter(Some(i + 1))
    };
    let apart = |(i, c): (usize, &char)| if matches!(c, '.' | '-') && is_between(i) { ' ' } else { *c };
    letters.iter().enumerate().map(apart).collect()
}

fn is_bare(unit: &str) -> bool {
    BARE.contains(&spelled(unit).as_str())
}

/// A unit row: every cell a unit, in brackets or not, or empty, and at least one that is known.
pub(crate) fn unit_row(cells: &[String]) -> Option<Vec<Option<String>>> {
    let inner =
        |cell: &String| cell.trim().trim_start_matches(['(', '[', '{']).trim_end_matches([')', ']', '}']).trim().to_owned();
    let units: Vec<String> = cells.iter().map(inner).collect();
    let named = units.iter().filter(|unit| !unit.is_empty()).count();
    let bracketed = |cell: &String| cell.trim().starts_with(['(', '[']) && cell.trim().ends_with([')', ']']);
    let fits = |(unit, cell): (&String, &String)| {
        unit.is_empty() || is_bare(unit) || bracketed(cell) || Unit::parse(&spelled(unit)).is_ok()
    };
    let all = units.iter().zip(cells).all(fits);
    (named > 0 && all).then(|| units.into_iter().map(|unit| (!unit.is_empty()).then_some(unit)).collect())
}

/// Name and unit of `Name (u)`, `Name [u]`, `Name, u`, `Name_u` and `Name / u`.
pub(crate) fn heading(cell: &str) -> (String, Option<String>) {
    let cell = cell.trim().trim_matches('"').trim();
    if let Some((name, unit)) = bracketed(cell) {
        return (name.to_owned(), Some(unit.to_owned()));
    }
    let split =
        [cell.split_once(" / "), cell.rsplit_once(", "), cell.rsplit_once(','), cell.rsplit_once('_'), cell.split_once('/')];
    for (name, unit) in split.into_iter().flatten() {
        if !name.trim().is_empty() && is_bare(unit) {
            return (name.trim().to_owned(), Some(unit.trim().to_owned()));
        }
    }
    (cell.to_owned(), None)
}

/// Name and unit of `Name (u)` and `Name [u]`, where the unit may have brackets of its own.
pub(crate) fn bracketed(cell: &str) -> Option<(&str, &str)> {
    let of = |(open, close): (char, char)| {
        let text = cell.strip_suffix(close)?;
        let mut depth = 0;
        for (place, found) in text.char_indices().rev() {
            if found == open && depth == 0 {
                let (name, unit) = (text.get(..place)?.trim(), text.get(place + open.len_utf8()..)?.trim());
                return (!name.is_empty()).then_some((name, unit));
            }
            depth += i32::from(found == close) - i32::from(found == open);
        }
        None
    };
    [('(', ')'), ('[', ']')].into_iter().find_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_patterns_give_name_and_unit() {
        for cell in ["Load (mN)", "Load [mN]", "Load, mN", "Load_mN", "Load / mN", "Load/mN", "\"Load (mN)\""] {
            assert_eq!(heading(cell), ("Load".to_owned(), Some("mN".to_owned())), "{cell}");
        }
        assert_eq!(heading("Stiffness / N/m"), ("Stiffness".to_owned(), Some("N/m".to_owned())));
        assert_eq!(heading("cp (J/(g K))"), ("cp".to_owned(), Some("J/(g K)".to_owned())));
        assert_eq!(heading("G (dry) [GPa]"), ("G (dry)".to_owned(), Some("GPa".to_owned())));
        assert_eq!(heading("strain_rate"), ("strain_rate".to_owned(), None));
        assert_eq!(heading("Piezo Extension_nm"), ("Piezo Extension".to_owned(), Some("nm".to_owned())));
    }

    #[test]
    fn products_are_understood_with_dots_and_hyphens() {
        for (written, unit) in
            [("Pa.s", "Pa s"), ("Pa-s", "Pa s"), ("N.m/rad", "N m/rad"), ("µN.m", "uN m"), ("s-1", "s-1"), ("1.5", "1.5")]
        {
            assert_eq!(spelled(written), unit);
        }
        assert!(Unit::parse(&spelled("µN.m")).is_ok_and(|unit| unit.is_compatible(&Unit::of("J"))));
    }

    #[test]
    fn names_in_four_languages_are_known() {
        for (name, expected) in [
            ("Time", Q::Time),
            ("Kraft", Q::Load),
            ("profondeur", Q::Depth),
            ("电流", Q::Current),
            ("Spannung", Q::Voltage),
            ("Displacement Into Surface", Q::Depth),
        ] {
            assert_eq!(quantity(name), Some((expected, Sure::Wholly)), "{name}");
        }
        assert_eq!(quantity("Tip Load"), Some((Q::Load, Sure::Partly)));
        assert_eq!(quantity("Indent Act. Load"), None);
        assert_eq!(quantity("PiezoDisp"), Some((Q::Position, Sure::Wholly)));
        assert_eq!(quantity("LoadCell"), None);
        assert_eq!(quantity("G'"), Some((Q::StorageModulus, Sure::Wholly)));
        assert_eq!(quantity("E''"), Some((Q::LossModulus, Sure::Wholly)));
        assert_eq!(quantity("G\""), Some((Q::LossModulus, Sure::Wholly)));
        assert_eq!(quantity("Angular frequency"), Some((Q::AngularFrequency, Sure::Wholly)));
        assert!(of_catalogue("Event size") && !of_catalogue("Load"));
    }
}
