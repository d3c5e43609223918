//! Comparisons over a whole study: between states, and against values known beforehand.

pub mod states;
pub mod truth;
