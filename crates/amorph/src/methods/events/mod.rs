//! Events: sizes of avalanches, resistivity spikes, pop-ins and force drops.

pub mod activation_energy;
pub mod avalanche_shape;
pub mod avalanches;
mod circuit;
pub mod coincidence;
pub mod common_exponent;
mod constants;
mod found;
pub mod imbalance;
pub mod pop_ins;
pub mod rate_model;
pub mod size_distribution;
pub mod spikes;
pub mod stress_strain;
mod trace;
pub mod transition_kinetics;
pub mod waiting_times;

pub use constants::{
    ATTEMPT_FREQUENCY, BASE_MODULUS, BASE_POISSON_RATIO, FRAME_COMPLIANCE, PILLAR_HEIGHT, POISSON_RATIO, PUNCH_MODULUS,
    PUNCH_POISSON_RATIO, SERIES_RESISTANCE, TAPER_ANGLE, TEMPERATURE, TOP_DIAMETER, VOLTAGE,
};
pub use found::SignChoice;

use crate::method::TechniqueInfo;

/// Lists of events, one row each.
pub const TECHNIQUE: TechniqueInfo = TechniqueInfo {
    id: "events",
    title: "Lists of events",
    data: "table",
    constants: &[],
    also: &[],
    starter: include_str!("starter.toml"),
};

/// A micropillar that is pressed while a current runs through it.
pub const PILLAR: TechniqueInfo = TechniqueInfo {
    id: "pillar",
    title: "Pressed pillars with an electrical contact",
    data: "traces",
    constants: constants::ALL,
    also: &["events.size_distribution", "events.common_exponent", "events.avalanches", "events.avalanche_shape"],
    starter: include_str!("pillar.toml"),
};
