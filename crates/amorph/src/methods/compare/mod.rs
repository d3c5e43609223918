//! Comparisons over a whole study: between states, against values known beforehand, and between techniques.

pub mod relation;
pub mod states;
pub mod synthesis;
pub mod truth;
