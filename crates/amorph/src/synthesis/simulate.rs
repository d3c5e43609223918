//! A virtual laboratory: one true event, and what every technique would report of it.

use super::convert::volume_to_diameter;
use super::finding::{Card, Change, Context, Finding, Reading, Sensitivity, Settings, Sigma, Systematic};
use super::quantity::{Definition, quantity};
use crate::core::random::{derive_seed, standard_normals};
use crate::core::unit::Unit;
use crate::theory::constants::{BOLTZMANN, ELEMENTARY_CHARGE};

/// One event and how it is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedCard {
    /// Barrier of the event, J.
    pub barrier: f64,
    /// Activation volume, m³.
    pub activation_volume: f64,
    /// Size of the heterogeneity as a diameter, m.
    pub heterogeneity: f64,
    /// Fraction of soft regions.
    pub soft_fraction: f64,
    /// Exponent of event sizes.
    pub exponent: f64,
    /// Technique whose barrier is wrong, and by how many of its standard errors.
    pub wrong: Option<(&'static str, f64)>,
    /// Seed of all errors.
    pub seed: u64,
}

impl Default for SimulatedCard {
    fn default() -> Self {
        Self {
            barrier: 0.55 * ELEMENTARY_CHARGE,
            activation_volume: 0.14e-27,
            heterogeneity: 2.6e-9,
            soft_fraction: 0.24,
            exponent: 1.5,
            wrong: None,
            seed: 1,
        }
    }
}

/// Techniques that find the barrier: name, frequency (Hz), relative error, and whether the value rests on the attempt
/// frequency.
const BARRIERS: [(&str, f64, f64, bool); 6] = [
    ("afm", 3e5, 0.05, false),
    ("cyclic_indentation", 1e3, 0.04, true),
    ("resistance", 1e3, 0.06, true),
    ("creep", 1e-3, 0.08, true),
    ("dma", 1.0, 0.05, true),
    ("simulation", 1e9, 0.07, false),
];
const TEMPERATURE: f64 = 298.0;
const ATTEMPT: f64 = 1.5e13;
/// Error of the attempt frequency, powers of ten.
const DECADES: f64 = 0.7;
/// Error of the interaction length, and of the energy with it.
const LENGTH_SIGMA: f64 = 0.05;
const LENGTH_CHANGE: f64 = 0.09;

impl SimulatedCard {
    /// With one technique, if any, wrong by five of its standard errors.
    pub fn of_technique(seed: u64, wrong: Option<&str>) -> Self {
        let known = wrong.and_then(|wrong| BARRIERS.iter().map(|technique| technique.0).find(|name| *name == wrong));
        Self { seed, wrong: known.map(|name| (name, 5.0)), ..Self::default() }
    }

    /// Draws the errors of all techniques, shared ones once.
    pub fn draw(&self) -> Card {
        let shared = standard_normals(derive_seed(self.seed, &["systematics".into()]), 2);
        let errors = standard_normals(derive_seed(self.seed, &["errors".into()]), 16);
        let mut errors = errors.into_iter();
        let mut error = || errors.next().unwrap_or(0.0);
        let mut findings: Vec<Finding> =
            BARRIERS.iter().map(|technique| self.barrier_of(*technique, &shared, error())).collect();
        for (technique, relative) in [("onchip", 0.15), ("nanoindentation", 0.1)] {
            let value = self.activation_volume * (relative * error()).exp();
            findings.push(plain("activation_volume", technique, None, value, relative * value, "A^3"));
        }
        let sizes = [
            ("eels", Definition::Diameter, 1.0, 0.12),
            ("nbed", Definition::Radius, 0.5, 0.1),
            ("dsc", Definition::Diameter, 1.0, 0.15),
        ];
        for (technique, definition, share, relative) in sizes {
            let value = share * self.heterogeneity * (relative * error()).exp();
            findings.push(plain("heterogeneity_length", technique, Some(definition), value, relative * value, "nm"));
        }
        for (technique, sigma) in [("pdf", 0.02), ("xrd", 0.03)] {
            let value = self.soft_fraction + sigma * error();
            findings.push(plain("soft_fraction", technique, Some(Definition::Volume), value, sigma, "%"));
        }
        for (technique, sigma) in [("resistance", 0.1), ("simulation", 0.03)] {
            findings.push(plain("avalanche_exponent", technique, None, self.exponent + sigma * error(), sigma, ""));
        }
        Card {
            title: "A virtual event seen by every technique".to_owned(),
            description: format!(
                "True barrier {:.3} eV, activation volume {:.0} Å³ (diameter of ten such volumes {:.2} nm), heterogeneity {:.2} nm.",
                self.barrier / ELEMENTARY_CHARGE,
                self.activation_volume * 1e30,
                volume_to_diameter(10.0 * self.activation_volume) * 1e9,
                self.heterogeneity * 1e9
            ),
            settings: Settings {
                alloy: "virtual".to_owned(),
                state: "as drawn".to_owned(),
                reading: Some(Reading::Single),
                attempt_frequency: Some(ATTEMPT),
                attempt_frequency_decades: Some(DECADES),
                glass_transition: Some(650.0),
                ..Settings::default()
            },
            systematics: vec![Systematic {
                name: "interaction_length".to_owned(),
                value: Some(1e-9),
                unit: Unit::of("nm"),
                sigma: Sigma::Relative(LENGTH_SIGMA),
            }],
            findings,
            ..Card::default()
        }
    }

    fn barrier_of(&self, technique: (&'static str, f64, f64, bool), shared: &[f64], error: f64) -> Finding {
        let (name, frequency, relative, rests_on_attempt) = technique;
        let sigma = relative * self.barrier;
        let wrong = self.wrong.filter(|(which, _)| *which == name).map_or(0.0, |(_, sigmas)| sigmas * sigma);
        let per_sigma = BOLTZMANN * TEMPERATURE * std::f64::consts::LN_10 * DECADES;
        let of_length = LENGTH_CHANGE * self.barrier;
        let systematic = match name {
            "afm" => of_length * shared[1],
            _ if rests_on_attempt => per_sigma * shared[0],
            _ => 0.0,
        };
        let sensitivities = if name == "afm" {
            vec![Sensitivity { systematic: "interaction_length".to_owned(), change: Change::Absolute(of_length) }]
        } else {
            Vec::new()
        };
        Finding {
            sensitivities,
            context: Context {
                frequency: Some(frequency),
                temperature: Some(TEMPERATURE),
                attempt_frequency: rests_on_attempt.then_some(ATTEMPT),
                ..Context::default()
            },
            ..plain("barrier", name, None, self.barrier + sigma * error + systematic + wrong, sigma, "eV")
        }
    }
}

fn plain(kind: &str, technique: &str, definition: Option<Definition>, value: f64, std_error: f64, unit: &str) -> Finding {
    Finding {
        id: format!("{} by {technique}", kind.replace('_', " ")),
        quantity: quantity(kind).unwrap_or(&super::quantity::QUANTITIES[0]),
        definition,
        value,
        unit: Unit::of(unit),
        std_error: Some(std_error),
        bound: None,
        sensitivities: Vec::new(),
        context: Context::default(),
        technique: technique.to_owned(),
        source: "virtual measurement".to_owned(),
        alloy: "virtual".to_owned(),
        state: "as drawn".to_owned(),
        files: Vec::new(),
        note: String::new(),
    }
}
