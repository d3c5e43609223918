//! Amorph.
fn main() {}
