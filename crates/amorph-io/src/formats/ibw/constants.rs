use amorph_core::data::{ConstantStatus, FoundConstant};
use amorph_core::outcome::Note;
use amorph_core::unit::{Quantity, Unit};

/// No note seen has more than 2000 lines; what comes after is not worth its memory.
const LINES_MAX: usize = 20_000;

/// The `Key: value` lines of a note.
pub(super) struct Keys {
    entries: Vec<(String, String)>,
}

impl Keys {
    pub(super) fn new(note: &str) -> Self {
        let split = |line: &str| {
            let (key, value) = line.split_once(':')?;
            Some((key.trim().to_owned(), value.trim().to_owned()))
        };
        Self { entries: note.split(['\r', '\n']).filter_map(split).take(LINES_MAX).collect() }
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.entries().find(|(name, _)| *name == key).map(|(_, value)| value)
    }

    fn number(&self, key: &str) -> Option<f64> {
        self.text(key)?.parse().ok().filter(|value: &f64| value.is_finite())
    }

    fn positive(&self, key: &str) -> Option<f64> {
        self.number(key).filter(|value| *value > 0.0)
    }

    /// `flatten order 1, planefit order 0` of a layer; -1 means none.
    pub(super) fn levelling(&self, layer: usize) -> Option<String> {
        let order = |key: &str, name: &str| {
            let order = self.number(&format!("{key} {layer}"))?;
            Some(if order < 0.0 { None } else { Some(format!("{name} order {order}")) })
        };
        let (flatten, plane) = (order("FlattenOrder", "flatten"), order("PlanefitOrder", "plane fit"));
        if flatten.is_none() && plane.is_none() {
            return None;
        }
        let done: Vec<String> = [flatten, plane].into_iter().flatten().flatten().collect();
        Some(if done.is_empty() { "none".to_owned() } else { done.join(", ") })
    }

    /// The constants of the tapping experiment, and what there is to say about them.
    pub(super) fn constants(&self) -> (Vec<FoundConstant>, Vec<Note>) {
        let mut found = Vec::new();
        let mut notes = Vec::new();
        let placeholder = self.placeholder();
        let mut state = |key: &str, value: Option<f64>, unit: &str, place: &str, status: &ConstantStatus| {
            if let Some(value) = value {
                let quantity = Quantity::si(value, Unit::of(unit));
                found.push(FoundConstant { key: key.to_owned(), quantity, place: place.to_owned(), status: status.clone() });
            }
        };
        let stated = ConstantStatus::Stated;
        let calibration = placeholder.as_ref().unwrap_or(&stated);
        state("spring_constant", self.positive("SpringConstant"), "N/m", "note key SpringConstant", calibration);
        state("quality_factor", self.positive("ThermalQ"), "", "note key ThermalQ", calibration);
        state("resonance_frequency", self.positive("ResFreq1"), "Hz", "note key ResFreq1", &stated);
        state("drive_frequency", self.positive("DriveFrequency"), "Hz", "note key DriveFrequency", &stated);
        let sensitivity = self.positive("AmpInvOLS");
        let length = |key: &str| Some(self.positive(key)? * sensitivity?);
        state("free_amplitude", length("FreeAirAmplitude"), "m", "note keys FreeAirAmplitude times AmpInvOLS", &stated);
        state(
            "setpoint_amplitude",
            length("AmplitudeSetpointVolts"),
            "m",
            "note keys AmplitudeSetpointVolts times AmpInvOLS",
            &stated,
        );
        let free_phase = self.number("FreeAirPhase").map(|degrees| Unit::of("deg").to_si(degrees));
        state("free_phase", free_phase, "deg", "note key FreeAirPhase", &stated);
        state("temperature", self.positive("ThermalTemperature"), "K", "note key ThermalTemperature", &stated);
        if let (Some(thermal), Some(tune)) = (self.positive("ThermalQ"), self.positive("TuneQResult"))
            && (thermal / tune - 1.0).abs() > 0.05
        {
            let message =
                format!("the thermal fit gives Q = {thermal} (used), the tune Q = {tune}; the dissipated energy goes with 1/Q");
            notes.push(Note::info("two_quality_factors", message));
        }
        if let Some(ConstantStatus::Placeholder { reason }) = &placeholder {
            notes.push(Note::warning("uncalibrated", reason.clone()));
        }
        (found, notes)
    }

    /// A spring constant of 1 N/m with Q = 20 is what the software starts with.
    fn placeholder(&self) -> Option<ConstantStatus> {
        let untouched = self.number("SpringConstant") == Some(1.0) && self.number("ThermalQ") == Some(20.0);
        untouched.then(|| ConstantStatus::Placeholder {
            reason: "SpringConstant = 1 and ThermalQ = 20 are the values of a cantilever that was never calibrated".to_owned(),
        })
    }
}
