//! One folder per file format.

pub mod gsf;
pub mod gwy;
pub mod ibw;
mod ini;
pub mod jpk;
pub mod mdt;
pub mod nanoscope;
pub mod nid;
pub mod npy;
pub mod park;
pub mod sxm;
pub mod text;
mod tiff;
pub mod wsxm;

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
    /// Name for people.
    pub title: &'static str,
    /// The usual file endings; they play no part in recognising it.
    pub endings: &'static [&'static str],
    /// How it is recognised: by the first bytes.
    pub magic: &'static str,
    /// Which channels one file holds.
    pub channels: &'static str,
    /// Whether it can be written.
    pub can_write: bool,
    /// Whether its maps are unreadable without a sidecar.
    pub needs_sidecar: bool,
    /// Where the instrument or its file keeps each constant of a tapping experiment.
    pub constants: &'static [ConstantPlace],
    /// Its layout, as a page of Markdown.
    pub layout: &'static str,
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

const FORMATS: [&Format; 12] = [
    &nanoscope::FORMAT,
    &ibw::FORMAT,
    &park::FORMAT,
    &jpk::FORMAT,
    &nid::FORMAT,
    &wsxm::FORMAT,
    &sxm::FORMAT,
    &mdt::FORMAT,
    &gwy::FORMAT,
    &gsf::FORMAT,
    &npy::FORMAT,
    &text::FORMAT,
];

impl Format {
    /// Title and endings: `Park Systems TIFF (.tiff, .tif)`.
    pub fn label(&self) -> String {
        format!("{} ({})", self.title, self.endings.join(", "))
    }
}

/// All formats that can be read.
pub fn formats() -> &'static [&'static Format] {
    &FORMATS
}

/// The format of these bytes; text comes last because almost anything printable is text.
pub(crate) fn recognise(bytes: &[u8]) -> Option<&'static Format> {
    FORMATS.into_iter().find(|format| (format.recognises)(bytes))
}
