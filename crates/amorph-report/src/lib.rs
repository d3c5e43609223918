//! Amorph.
