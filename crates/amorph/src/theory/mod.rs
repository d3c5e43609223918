//! Closed-form models: every formula of the field that is one line, with its units, limits and source.
//!
//! Each model is a typed function on SI numbers and an entry of one registry ([`models`]), from which the command line, the
//! guide, the Python functions, the propagation of errors and the coverage of the source papers follow. A function returns
//! [`TheoryError`] where the model means nothing, never NaN. Constants and conventions that change an answer (attempt frequency,
//! Taylor factor) have no default.

pub mod activation_volume;
pub mod cooperativity;
pub mod defects;
pub mod diffusion;
pub mod ductility;
pub mod elasticity_and_yield;
pub mod energy_and_length;
mod error;
pub mod flow_instability;
pub mod flow_units;
mod inputs;
pub mod instruments;
mod model;
pub(crate) mod numerics;
mod propagate;
mod references;
pub mod relaxation_rules;
pub mod resistivity;
pub mod rfot;
#[cfg(test)]
mod tests;
pub mod transition_kinetics;
pub mod two_phase;
pub mod viscoelastic_functions;

pub use crate::core::constants;
pub use error::TheoryError;
pub use inputs::{Given, inputs};
pub use model::{Argument, Model, Output, Range, short};
pub use propagate::{Propagated, Route, propagate};

/// Models that belong to one idea.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Module of the functions, in Rust and in Python.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// The models, the physically right form before its variants.
    pub models: &'static [&'static Model],
}

/// All groups.
pub fn groups() -> &'static [Group] {
    const GROUPS: &[Group] = &[
        energy_and_length::GROUP,
        transition_kinetics::GROUP,
        activation_volume::GROUP,
        resistivity::GROUP,
        relaxation_rules::GROUP,
        viscoelastic_functions::GROUP,
        elasticity_and_yield::GROUP,
        ductility::GROUP,
        two_phase::GROUP,
        defects::GROUP,
        flow_units::GROUP,
        cooperativity::GROUP,
        rfot::GROUP,
        diffusion::GROUP,
        flow_instability::GROUP,
        instruments::GROUP,
    ];
    GROUPS
}

/// All models.
pub fn models() -> impl Iterator<Item = &'static Model> {
    groups().iter().flat_map(|group| group.models.iter().copied())
}

/// The model with this name.
pub fn find(id: &str) -> Option<&'static Model> {
    models().find(|model| model.id == id)
}

/// The group that a model belongs to.
pub fn group_of(id: &str) -> Option<&'static Group> {
    groups().iter().find(|group| group.models.iter().any(|model| model.id == id))
}
