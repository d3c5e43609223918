//! One folder per file format.

pub mod gsf;
pub mod gwy;
pub mod ibw;
pub mod nanoscope;
pub mod npy;
pub mod text;

use crate::IoError;
use crate::maps::Parsed;
use crate::sidecar::Sidecar;

/// What a reader is given.
pub(crate) struct Input<'a> {
    /// Name of the file, for messages.
    pub file: &'a str,
    /// All of it.
    pub bytes: &'a [u8],
    /// Its sidecar, where there is one.
    pub sidecar: Option<&'a Sidecar>,
}

/// A file format that Amorph knows.
#[derive(Debug)]
pub struct Format {
    /// Short name, as in the source of loaded data.
    pub id: &'static str,
    /// Name for people, with the usual file endings.
    pub title: &'static str,
    /// How it is recognised.
    pub magic: &'static str,
    /// Whether it can be written.
    pub can_write: bool,
    /// Whether its maps are unreadable without a sidecar.
    pub needs_sidecar: bool,
    /// Where the instrument or its file keeps each constant of a tapping experiment.
    pub constants: &'static [ConstantPlace],
    pub(crate) recognises: fn(&[u8]) -> bool,
    pub(crate) read: fn(&Input<'_>) -> Result<Parsed, IoError>,
}

/// Where an instrument keeps a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConstantPlace {
    /// The name that methods use, for instance `spring_constant`.
    pub key: &'static str,
    /// Where it is: in the file, or where in the instrument's software to look it up.
    pub place: &'static str,
}

const FORMATS: [&Format; 6] = [&nanoscope::FORMAT, &gwy::FORMAT, &gsf::FORMAT, &ibw::FORMAT, &npy::FORMAT, &text::FORMAT];

/// All formats that can be read.
pub fn formats() -> &'static [&'static Format] {
    &FORMATS
}

/// The format of these bytes; text comes last because almost anything printable is text.
pub(crate) fn recognise(bytes: &[u8]) -> Option<&'static Format> {
    FORMATS.into_iter().find(|format| (format.recognises)(bytes))
}
