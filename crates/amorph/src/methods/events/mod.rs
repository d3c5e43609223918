//! Events: sizes of avalanches, resistivity spikes, pop-ins and force drops.

pub mod size_distribution;

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
