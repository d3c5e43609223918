//! From findings as given to values that mean the same: section by section, nothing guessed.

use super::convert::{barrier_from_slope, barrier_shifted, fragility, volume_to_diameter};
use super::finding::{ATTEMPT_FREQUENCY, Bound, Card, Change, Finding, Reading, Settings};
use super::quantity::{Definition, QuantityInfo, quantity};
use crate::core::unit::Unit;
use crate::theory::constants::BOLTZMANN;

/// Name of the systematic that stands for the unknown profile of a correlation function.
pub const PROFILE: &str = "profile of the correlation function";
/// Name of the systematic that stands for the factor from activation volume to event volume.
pub const VOLUME_FACTOR: &str = "event volume over activation volume";
/// Two-sided 95 % of a factor of two either way.
const PROFILE_SIGMA: f64 = std::f64::consts::LN_2 / crate::core::stats::NORMAL_95;
/// Event volume over activation volume (Pan et al. 2008), and its error: 5 to 21 as 95 % range of a factor.
const VOLUME_FACTOR_VALUE: f64 = 10.0;
const VOLUME_FACTOR_SIGMA: f64 = 0.36;

/// A finding in the form in which it is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparable {
    /// Index of the finding in the card.
    pub finding: usize,
    /// What it is compared as.
    pub quantity: &'static QuantityInfo,
    /// Which of the quantity's meanings.
    pub meaning: &'static str,
    /// Value, SI.
    pub value: f64,
    /// Statistical standard error, SI; zero for a sharp limit.
    pub std_error: f64,
    /// Named dependences.
    pub changes: Vec<(String, Change)>,
    /// Whether it is a limit.
    pub bound: Option<Bound>,
    /// What was done to it; empty for nothing.
    pub conversion: String,
}

/// Why a finding is shown but not tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTested {
    /// Context is missing.
    Missing {
        /// What, and the key to set.
        keys: Vec<&'static str>,
    },
    /// There is no error.
    NoInterval,
    /// It rests on the same file as another finding.
    SameFile {
        /// The other finding.
        with: String,
    },
    /// Nothing to compare it with.
    Alone,
    /// It is one of several values for another dimension of the event.
    OtherDimension,
    /// A value that cannot be compared in the logarithm.
    NotPositive,
}

impl NotTested {
    /// For tables.
    pub fn describe(&self) -> String {
        match self {
            Self::Missing { keys } => format!("not tested: set {}", keys.join(", ")),
            Self::NoInterval => {
                "not tested: no error given; set std_error or write the value as \"0.50 +- 0.02 eV\"".to_owned()
            }
            Self::SameFile { with } => format!("counted once: same data as {with}"),
            Self::Alone => "nothing to compare with".to_owned(),
            Self::OtherDimension => "not tested: for another dimension of the event".to_owned(),
            Self::NotPositive => "not tested: not positive".to_owned(),
        }
    }
}

/// A finding as it is compared, or why it is not.
pub fn comparable(card: &Card, index: usize) -> Result<Comparable, NotTested> {
    let finding = &card.findings[index];
    if finding.std_error.is_none() && finding.bound.is_none() {
        return Err(NotTested::NoInterval);
    }
    let changes = finding.sensitivities.iter().map(|s| (s.systematic.clone(), s.change)).collect();
    let plain = Comparable {
        finding: index,
        quantity: finding.quantity,
        meaning: finding.definition.map_or("", Definition::name),
        value: finding.value,
        std_error: finding.std_error.unwrap_or(0.0),
        changes,
        bound: finding.bound,
        conversion: String::new(),
    };
    let converted = match finding.quantity.name {
        "barrier" => barrier(finding, &card.settings, plain)?,
        "slope_energy" => slope(finding, &card.settings, plain)?,
        "event_length" | "heterogeneity_length" => size(finding, plain)?,
        "event_volume" => as_volume(plain),
        _ if !finding.quantity.definitions.is_empty() && finding.definition.is_none() => {
            return Err(NotTested::Missing { keys: vec!["definition"] });
        }
        _ => plain,
    };
    if converted.quantity.is_logarithmic && converted.value <= 0.0 { Err(NotTested::NotPositive) } else { Ok(converted) }
}

/// What a barrier needs before it can be compared.
fn missing(finding: &Finding, settings: &Settings) -> Vec<&'static str> {
    let absent = |is_there: bool, key: &'static str| (!is_there).then_some(key);
    let attempt = finding.context.attempt_frequency.or(settings.attempt_frequency);
    let mut keys: Vec<&'static str> = [
        absent(finding.context.frequency.is_some(), "frequency or duration"),
        absent(finding.context.temperature.is_some(), "temperature"),
        absent(attempt.is_some(), "attempt_frequency"),
        absent(settings.reading.is_some(), "reading"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if settings.reading == Some(Reading::Distribution) {
        keys.extend(absent(settings.reference_frequency.is_some(), "reference_frequency"));
    }
    keys
}

fn barrier(finding: &Finding, settings: &Settings, plain: Comparable) -> Result<Comparable, NotTested> {
    let keys = missing(finding, settings);
    if !keys.is_empty() {
        return Err(NotTested::Missing { keys });
    }
    if finding.context.dimension.zip(settings.dimension).is_some_and(|(own, wanted)| own != wanted) {
        return Err(NotTested::OtherDimension);
    }
    let (Some(frequency), Some(temperature)) = (finding.context.frequency, finding.context.temperature) else {
        return Err(NotTested::Missing { keys: vec!["frequency or duration", "temperature"] });
    };
    let mut converted = plain;
    // One attempt frequency for all: ΔG grows by kT ln of the ratio.
    if let (Some(own), Some(common)) = (finding.context.attempt_frequency, settings.attempt_frequency)
        && own != common
    {
        converted.value += BOLTZMANN * temperature * (common / own).ln();
        converted.conversion = format!("to {common:.3e} 1/s");
    }
    if finding.context.attempt_frequency.is_some() {
        converted.changes.extend(attempt_frequency_error(settings, temperature));
    }
    if settings.reading == Some(Reading::Distribution) {
        let reference = settings.reference_frequency.unwrap_or(frequency);
        let target = settings.reference_temperature.unwrap_or(temperature);
        let ratio = target / temperature;
        converted.value = barrier_shifted(converted.value, (frequency, temperature), (reference, target));
        converted.std_error *= ratio;
        for (_, change) in &mut converted.changes {
            if let Change::Absolute(change) = change {
                *change *= ratio;
            }
        }
        converted.conversion = format!("to {reference:.3e} Hz, {target} K");
    }
    Ok(converted)
}

fn attempt_frequency_error(settings: &Settings, temperature: f64) -> Option<(String, Change)> {
    let per_decade = BOLTZMANN * temperature * std::f64::consts::LN_10;
    let decades = settings.attempt_frequency_decades?;
    Some((ATTEMPT_FREQUENCY.to_owned(), Change::Absolute(per_decade * decades)))
}

/// An Arrhenius slope says something about a barrier only through its prefactor; without one it stands for itself.
fn slope(finding: &Finding, settings: &Settings, plain: Comparable) -> Result<Comparable, NotTested> {
    let Some(attempt_time) = finding.context.attempt_time else { return Ok(plain) };
    let temperature = finding.context.temperature.or(settings.reference_temperature);
    let (Some(temperature), Some(attempt_frequency), Some(barrier)) =
        (temperature, settings.attempt_frequency, quantity("barrier"))
    else {
        return Err(NotTested::Missing { keys: vec!["temperature", "attempt_frequency"] });
    };
    let mut changes = plain.changes;
    changes.extend(attempt_frequency_error(settings, temperature));
    Ok(Comparable {
        quantity: barrier,
        value: barrier_from_slope(plain.value, attempt_time, temperature, attempt_frequency),
        changes,
        conversion: format!("slope with τ₀ = {attempt_time:.1e} s"),
        ..plain
    })
}

/// Sizes are compared as diameters; of a correlation length the profile is not known, which counts as a factor of two.
fn size(finding: &Finding, mut plain: Comparable) -> Result<Comparable, NotTested> {
    let Some(definition) = finding.definition else { return Err(NotTested::Missing { keys: vec!["definition"] }) };
    let factor = match definition {
        Definition::Radius | Definition::EquivalentRadius | Definition::CorrelationLength => 2.0,
        Definition::Diameter => 1.0,
        _ => return Ok(plain),
    };
    if definition == Definition::CorrelationLength {
        plain.changes.push((PROFILE.to_owned(), Change::Relative(PROFILE_SIGMA)));
    }
    let conversion = if factor == 1.0 { String::new() } else { format!("twice the {}", definition.name().replace('_', " ")) };
    Ok(scaled(Comparable { meaning: "diameter", conversion, ..plain }, factor))
}

fn scaled(mut comparable: Comparable, factor: f64) -> Comparable {
    comparable.value *= factor;
    comparable.std_error *= factor;
    for (_, change) in &mut comparable.changes {
        if let Change::Absolute(change) = change {
            *change *= factor;
        }
    }
    comparable
}

/// The volume of an event, as it is compared with other volumes.
fn as_volume(plain: Comparable) -> Comparable {
    Comparable { meaning: "volume", ..plain }
}

/// What a finding says about a further quantity: the volume of the event from an activation volume, its diameter from a volume.
pub fn implied(comparable: &Comparable, settings: &Settings) -> Option<Comparable> {
    match comparable.quantity.name {
        "alpha_energy" => {
            let glass_transition = settings.glass_transition?;
            let factor = fragility(comparable.value, glass_transition) / comparable.value;
            let quantity = quantity("fragility")?;
            Some(Comparable { quantity, conversion: "E/(R Tg ln 10)".to_owned(), ..scaled(comparable.clone(), factor) })
        }
        "activation_volume" => {
            let mut implied = scaled(comparable.clone(), VOLUME_FACTOR_VALUE);
            implied.quantity = quantity("event_volume")?;
            implied.meaning = "volume";
            implied.changes.push((VOLUME_FACTOR.to_owned(), Change::Relative(VOLUME_FACTOR_SIGMA)));
            implied.conversion = format!("{VOLUME_FACTOR_VALUE} V");
            Some(implied)
        }
        "event_volume" => {
            let (volume, error) = (comparable.value, comparable.std_error / comparable.value / 3.0);
            let diameter = volume_to_diameter(volume);
            let change = |(name, change): &(String, Change)| (name.clone(), Change::Relative(change.of(volume) / volume / 3.0));
            Some(Comparable {
                quantity: quantity("event_length")?,
                meaning: "diameter",
                value: diameter,
                std_error: error * diameter,
                changes: comparable.changes.iter().map(change).collect(),
                conversion: "sphere of that volume".to_owned(),
                ..comparable.clone()
            })
        }
        _ => None,
    }
}

/// Shows a value in the unit of its quantity.
pub fn shown_unit(quantity: &QuantityInfo) -> Unit {
    Unit::of(quantity.display)
}
