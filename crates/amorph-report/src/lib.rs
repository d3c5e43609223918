//! Figures and reports of Amorph outcomes: SVG, PNG and interactive HTML.
//!
//! This crate knows no method. It renders what [`amorph_core`] describes: a [`Figure`](amorph_core::figure::Figure)
//! becomes a static picture ([`svg`], [`png`]), a [`Dossier`](amorph_core::dossier::Dossier) becomes one HTML file that
//! opens without a network ([`html`]), tables and estimates become text for other programs ([`csv`], [`json`]).
//!
//! Every renderer is deterministic: equal input gives equal bytes.
#![forbid(unsafe_code)]

mod colour;
mod error;
mod fonts;
mod frame;
mod palette;
mod plotly;
mod raster;
mod ticks;
mod typeset;

pub mod csv;
pub mod html;
pub mod json;
pub mod png;
pub mod svg;

pub use error::ReportError;

/// How a figure is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark ink on white.
    #[default]
    Light,
    /// Light ink on a dark ground.
    Dark,
    /// Black ink without a ground, for paper and slides.
    Print,
}
