//! Findings from the estimates of a study.

use super::finding::{Change, Context, Finding, Sensitivity};
use super::quantity::{Definition, quantity};
use crate::core::outcome::{Estimate, Outcome};
use crate::core::unit::Quantity;
use crate::method::Upstream;

/// What an estimate of a method is in a card.
struct Mapping {
    method: &'static str,
    key: &'static str,
    quantity: &'static str,
    definition: Option<Definition>,
    technique: &'static str,
    dimension: Option<f64>,
    note: &'static str,
}

const fn map(method: &'static str, key: &'static str, quantity: &'static str, technique: &'static str) -> Mapping {
    Mapping { method, key, quantity, definition: None, technique, dimension: None, note: "" }
}

const fn size(method: &'static str, key: &'static str, definition: Definition, technique: &'static str) -> Mapping {
    Mapping { definition: Some(definition), ..map(method, key, "heterogeneity_length", technique) }
}

impl Mapping {
    /// The same for another quantity.
    const fn of(self, quantity: &'static str) -> Self {
        Self { quantity, ..self }
    }
}

/// Which estimates of which methods enter a card.
const MAPPINGS: &[Mapping] = &[
    Mapping { dimension: Some(3.0), ..map("dafm.activation_energy", "activation_energy_3d", "barrier", "afm") },
    Mapping { dimension: Some(2.0), ..map("dafm.activation_energy", "activation_energy_2d", "barrier", "afm") },
    map("dafm.two_state_energy", "two_state_energy", "barrier", "afm"),
    size("dafm.correlation_length", "correlation_length", Definition::CorrelationLength, "afm"),
    size("dafm.regions", "hdr_req", Definition::EquivalentRadius, "afm"),
    size("dafm.spectrum", "spectral_ring_length", Definition::Wavelength, "afm"),
    Mapping {
        definition: Some(Definition::Area),
        note: "set by the cut-off of the regions",
        ..map("dafm.regions", "hdr_area_fraction", "soft_fraction", "afm")
    },
    Mapping {
        definition: Some(Definition::Wavelength),
        ..map("dafm.corrugation", "corrugation_period", "shear_band_length", "fractography")
    },
    map("events.size_distribution", "size_exponent", "avalanche_exponent", "resistance"),
    map("indentation.cyclic", "activation_energy", "barrier", "cyclic_indentation"),
    map("indentation.cyclic", "relaxation_time", "event_duration", "cyclic_indentation"),
    map("indentation.anelastic_contact", "activation_energy", "barrier", "nanoindentation"),
    Mapping {
        note: "mean over the sites; a contact of hundreds of nanometres averages over many events",
        ..map("indentation.anelastic_map", "relaxation_time_mean", "event_duration", "nanoindentation")
    },
    Mapping {
        note: "at the stated constants of the barrier",
        ..map("indentation.rate_jump", "stz_volume", "event_volume", "nanoindentation")
    },
    map("indentation.rate_jump", "activation_volume", "activation_volume", "nanoindentation"),
    Mapping {
        note: "at the stated constants of the barrier",
        ..size("indentation.rate_jump", "stz_diameter", Definition::Diameter, "nanoindentation")
    }
    .of("event_length"),
    map("indentation.thermal_pop_ins", "activation_volume", "activation_volume", "pop_ins"),
    size("indentation.modulus_classes", "correlation_length", Definition::CorrelationLength, "nanoindentation"),
    size("indentation.anelastic_map", "shear_modulus_correlation_length", Definition::CorrelationLength, "nanoindentation"),
];

/// The findings among the outcomes of a study, one per method, quantity and state.
///
/// Of several items of a state the mean over items is the finding, with the scatter between them as its error; of one item, its
/// own estimate. `alloy` names the material of a state.
pub fn findings(upstream: &[Upstream], alloy: impl Fn(&str) -> String) -> Vec<Finding> {
    let mut states: Vec<&str> = upstream.iter().map(|source| source.state.as_str()).collect();
    states.sort_unstable();
    states.dedup();
    let of_state = |state: &str| {
        let here: Vec<&Upstream> = upstream.iter().filter(|source| source.state == state).collect();
        MAPPINGS.iter().filter_map(|mapping| finding(mapping, state, &here, upstream, alloy(state))).collect::<Vec<_>>()
    };
    states.into_iter().flat_map(of_state).collect()
}

fn finding(mapping: &Mapping, state: &str, here: &[&Upstream], all: &[Upstream], alloy: String) -> Option<Finding> {
    let of_method = here.iter().filter(|source| source.method == mapping.method);
    let found: Vec<(&Upstream, &Estimate)> = of_method
        .filter_map(|source| Some((*source, source.outcome.estimate(mapping.key)?)))
        .filter(|(_, estimate)| estimate.value.is_finite())
        .collect();
    let (value, std_error) = summary(&found.iter().map(|(_, estimate)| *estimate).collect::<Vec<_>>())?;
    let (source, estimate) = found.first()?;
    let kind = quantity(mapping.quantity)?;
    let systematic = estimate.systematic_error.map(|error| Sensitivity {
        systematic: format!("calibration of {}", mapping.technique.replace('_', " ")),
        change: Change::Absolute(estimate.unit.scale() * error),
    });
    let mut files: Vec<String> = found.iter().flat_map(|(source, _)| files_of(&source.outcome, all)).collect();
    files.sort();
    files.dedup();
    let place = if state.is_empty() { String::new() } else { format!(", {state}") };
    Some(Finding {
        id: format!("{} by {}{place}", mapping.key.replace('_', " "), mapping.method),
        quantity: kind,
        definition: mapping.definition,
        value,
        unit: estimate.unit.preferred(estimate.value),
        std_error,
        bound: None,
        sensitivities: systematic.into_iter().collect(),
        context: Context { dimension: mapping.dimension, ..context(&source.outcome, here) },
        technique: mapping.technique.to_owned(),
        source: format!("this study, {} {}", found.len(), if found.len() == 1 { "result" } else { "sites" }),
        alloy,
        state: state.to_owned(),
        files,
        note: mapping.note.to_owned(),
    })
}

/// Mean and standard error, SI: between items where there are several, else as estimated.
fn summary(estimates: &[&Estimate]) -> Option<(f64, Option<f64>)> {
    let si = |estimate: &Estimate| estimate.unit.to_si(estimate.value);
    let own = |estimate: &Estimate| {
        let from_interval =
            estimate.interval.map(|interval| (interval.hi - interval.lo) / (2.0 * crate::core::stats::NORMAL_95));
        estimate.std_error.or(from_interval).map(|error| error * estimate.unit.scale()).filter(|error| *error > 0.0)
    };
    match estimates {
        [] => None,
        [only] => Some((si(only), own(only))),
        several => {
            let n = several.len() as f64;
            let mean = several.iter().map(|estimate| si(estimate)).sum::<f64>() / n;
            let scatter = several.iter().map(|estimate| (si(estimate) - mean).powi(2)).sum::<f64>() / (n - 1.0);
            // A few items may lie together by chance: never below what their own errors allow.
            let stated: f64 = several.iter().filter_map(|estimate| own(estimate)).map(|error| error * error).sum();
            Some((mean, Some((scatter / n).max(stated / (n * n)).sqrt()).filter(|error| *error > 0.0)))
        }
    }
}

/// Frequency, temperature and attempt frequency as the outcome, or another of the state, was computed with.
fn context(outcome: &Outcome, here: &[&Upstream]) -> Context {
    let constant = |keys: &[&str]| {
        let outcomes = std::iter::once(outcome).chain(here.iter().map(|source| &*source.outcome));
        let mut constants = outcomes.flat_map(|outcome| &outcome.provenance.constants);
        let found = constants.find(|constant| keys.contains(&constant.key.as_str()))?;
        Quantity::parse(&found.value).ok().map(|quantity| quantity.value)
    };
    let parameter = |key: &str| {
        let text = outcome.provenance.parameters.get(key)?.as_str()?;
        Quantity::parse(text).ok().map(|quantity| quantity.value)
    };
    Context {
        frequency: parameter("measurement_frequency").or_else(|| constant(&["drive_frequency", "resonance_frequency"])),
        temperature: constant(&["temperature"]),
        ..Context::default()
    }
}

/// Hashes of the files behind an outcome: its own, or those of the outcomes it was computed from.
fn files_of(outcome: &Outcome, all: &[Upstream]) -> Vec<String> {
    let mut files: Vec<String> = outcome.provenance.inputs.iter().map(|input| input.sha256.clone()).collect();
    let is_used = |source: &&Upstream| outcome.provenance.upstream.contains(&source.job);
    files.extend(all.iter().filter(is_used).flat_map(|source| files_of(&source.outcome, all)));
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mapping_names_an_output_of_a_method() {
        for mapping in MAPPINGS {
            let method = crate::method::find(mapping.method).unwrap();
            let output = method.info().outputs.iter().find(|output| output.key == mapping.key);
            let output = output.unwrap_or_else(|| panic!("{} gives no {}", mapping.method, mapping.key));
            let kind = quantity(mapping.quantity).unwrap();
            let unit = crate::core::unit::Unit::of;
            assert!(unit(output.unit).is_compatible(&unit(kind.unit)), "{}", mapping.key);
        }
    }
}
