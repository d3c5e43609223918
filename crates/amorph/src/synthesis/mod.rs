//! One alloy, one state, every technique: what their findings say together.
//!
//! A [`Card`] holds [`Finding`]s: values with error, what they depend on, and under which conditions they were found.
//! [`assess`] brings those that mean the same to one scale, tests whether they agree, and says what would remove a
//! disagreement and what to measure next.

mod arrhenius_map;
mod assess;
mod consistency;
mod convention;
mod convert;
mod dossier;
mod figures;
mod finding;
mod linear;
mod links;
mod missing;
mod parse;
mod quantity;
mod report;
mod robust;
mod simulate;
mod sources;
mod write;

pub use assess::{Assessment, CardRefused, Row, Status, Test, assess};
pub use consistency::{Consistency, Estimates, Limit, Shift, Without};
pub use convention::{Comparable, NotTested};
pub use convert::{
    barrier_from_frequency, barrier_from_length, barrier_from_slope, barrier_shifted, fragility, in_kilojoule_per_mole,
    in_r_tg, volume_to_diameter,
};
pub use dossier::{CardError, Selection, card_dossier};
pub use finding::{
    Across, Bound, Card, Change, Context, Finding, Reading, Sensitivity, Settings, Sigma, Systematic, TECHNIQUES,
};
pub use links::{LINKS, Link, LinkResult, Relation, Route, Verdict};
pub use missing::MissingMeasurement;
pub use parse::{open, parse};
pub use quantity::{Definition, Group, QUANTITIES, QuantityInfo, quantity};
pub use report::outcome;
pub use robust::{RandomEffects, random_effects};
pub use simulate::SimulatedCard;
pub use sources::findings;
pub use write::to_toml;

/// A card of what four papers say about Zr-Ni films.
pub const EXAMPLE: &str = include_str!("zr_ni_films.toml");

#[cfg(test)]
mod tests;
