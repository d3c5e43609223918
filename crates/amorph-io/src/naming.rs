//! What channel names mean, in the words of the methods.

use amorph_core::data::Direction;

/// The quantity and the scan direction that a channel name states.
///
/// `Height`, `HeightRetrace`, `Amplitude Error (Forward)`, `Phase [Trace]`; a name that is not known is `unknown`.
/// The height measured by a position sensor is a quantity of its own (`height_sensor`), because instruments record it
/// beside the height from the piezo voltage.
pub(crate) fn recognise(name: &str) -> (&'static str, Option<Direction>) {
    let mut word: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let mut direction = None;
    // `retrace` contains `trace`.
    for (ending, meaning) in [
        ("retrace", Direction::Retrace),
        ("trace", Direction::Trace),
        ("backward", Direction::Retrace),
        ("forward", Direction::Trace),
    ] {
        if let Some(at) = word.find(ending) {
            word.replace_range(at..at + ending.len(), "");
            direction = Some(meaning);
            break;
        }
    }
    (quantity(&word), direction)
}

fn quantity(word: &str) -> &'static str {
    match word {
        "height" | "topography" | "topo" | "z" | "zscan" | "zaxis" | "zdrive" | "zdriveheight" => "height",
        "heightsensor" | "zsensor" | "measuredheight" | "heightmeasured" | "zaxissensor" | "zheight" | "zdetector" => {
            "height_sensor"
        }
        "phase" | "phase1" | "ncmphase" | "lockinphase" | "calcphase" => "phase",
        "amplitude" | "amplitude1" | "ncmamplitude" | "lockinamplitude" | "mag" | "calcmag" => "amplitude",
        "amplitudeerror" => "amplitude_error",
        "deflection" | "verticaldeflection" | "vdeflection" | "dfl" => "deflection",
        "dissipation" | "dissipatedenergy" | "energydissipation" => "dissipated_energy",
        "frequency" => "frequency",
        "frequencyshift" => "frequency_shift",
        "excitation" => "excitation",
        "potential" => "potential",
        "contactresonancefrequency" => "contact_resonance_frequency",
        "contactresonancefrequencymode1" => "contact_resonance_frequency_mode_1",
        "contactresonancefrequencymode2" => "contact_resonance_frequency_mode_2",
        "contactresonancefrequencymode3" => "contact_resonance_frequency_mode_3",
        "contactqualityfactor" => "contact_quality_factor",
        "contactqualityfactormode1" => "contact_quality_factor_mode_1",
        "contactqualityfactormode2" => "contact_quality_factor_mode_2",
        "contactqualityfactormode3" => "contact_quality_factor_mode_3",
        "indentationmodulus" => "indentation_modulus",
        "intensity" | "haadf" | "adf" | "annulardarkfield" | "darkfield" => "intensity",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_several_makers_are_recognised() {
        assert_eq!(recognise("Height"), ("height", None));
        assert_eq!(recognise("HeightRetrace"), ("height", Some(Direction::Retrace)));
        assert_eq!(recognise("Amplitude Error (Forward)"), ("amplitude_error", Some(Direction::Trace)));
        assert_eq!(recognise("Phase [Trace]"), ("phase", Some(Direction::Trace)));
        assert_eq!(recognise("ZSensorRetrace"), ("height_sensor", Some(Direction::Retrace)));
        assert_eq!(recognise("dissipated_energy"), ("dissipated_energy", None));
        assert_eq!(recognise("Z-Axis"), ("height", None));
        assert_eq!(recognise("Lock-In Phase"), ("phase", None));
        assert_eq!(recognise("Scan backward"), ("unknown", Some(Direction::Retrace)));
        assert_eq!(recognise("Frequency_Shift"), ("frequency_shift", None));
        assert_eq!(recognise("Excitation"), ("excitation", None));
        assert_eq!(recognise("NapPhase"), ("unknown", None));
        assert_eq!(recognise("HAADF"), ("intensity", None));
        assert_eq!(recognise("contact_resonance_frequency_mode_2"), ("contact_resonance_frequency_mode_2", None));
    }
}
