//! One folder per file format.

mod blo;
pub(crate) mod dectris;
pub(crate) mod delimited;
mod dm;
mod emd;
pub(crate) mod empad;
pub mod gsf;
pub mod gwy;
mod hdf5;
mod hld;
mod hspy;
pub mod ibw;
mod indentation_hdf5;
mod ini;
pub mod jpk;
mod mat;
pub mod mdt;
mod mib;
mod mrc;
mod nanodma;
pub mod nanoscope;
mod nanosuite;
mod netzsch;
pub mod nid;
pub mod npy;
pub mod park;
pub(crate) mod raw_frames;
mod reptate;
mod ser;
pub mod sxm;
mod tdm;
pub(crate) mod tdms;
pub mod text;
mod tiff;
mod tiff_frames;
mod trace_archive;
mod traces_csv;
mod triboscan;
mod trios;
mod velox;
mod workbook;
pub mod wsxm;
pub(crate) mod zspy;

use crate::IoError;
use crate::frames::FrameInput;
use crate::maps::Parsed;
use crate::sidecar::Sidecar;
use crate::traces::{TraceInput, TraceOptions};

/// What a reader is given.
pub(crate) struct Input<'a> {
    /// Name of the file, for messages.
    pub file: &'a str,
    /// All of it.
    pub bytes: &'a [u8],
    /// Its sidecar, where there is one.
    pub sidecar: Option<&'a Sidecar>,
    /// What the user says about it.
    pub options: &'a TraceOptions,
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
    pub(crate) read: Reader,
}

/// How a format is read.
#[derive(Debug)]
pub(crate) enum Reader {
    /// From all its bytes.
    Bytes(fn(&Input<'_>) -> Result<Parsed, IoError>),
    /// Traces, piece by piece, so that long ones take little more memory than their numbers.
    Traces(fn(&mut TraceInput<'_>) -> Result<Parsed, IoError>),
    /// Frames, images and spectra of electron microscopes, whose pixels stay in the file; `None` where it holds something else.
    Frames(fn(&FrameInput<'_>) -> Result<Option<Parsed>, IoError>),
}

/// Where an instrument keeps a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConstantPlace {
    /// The name that methods use, for instance `spring_constant`.
    pub key: &'static str,
    /// Where it is: in the file, or where in the instrument's software to look it up.
    pub place: &'static str,
}

const FORMATS: [&Format; 41] = [
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
    &mib::FORMAT,
    &blo::FORMAT,
    &dm::FORMAT,
    &emd::FORMAT,
    &hspy::FORMAT,
    &velox::FORMAT,
    &dectris::FORMAT,
    &zspy::FORMAT,
    &ser::FORMAT,
    &mrc::FORMAT,
    &mat::FORMAT,
    &tiff_frames::FORMAT,
    &empad::FORMAT,
    &raw_frames::FORMAT,
    &traces_csv::FORMAT,
    &workbook::FORMAT,
    &trace_archive::FORMAT,
    &indentation_hdf5::FORMAT,
    &tdms::FORMAT,
    &hld::FORMAT,
    &nanodma::FORMAT,
    &triboscan::FORMAT,
    &nanosuite::FORMAT,
    &tdm::FORMAT,
    &trios::text::FORMAT,
    &trios::json::FORMAT,
    &netzsch::FORMAT,
    &reptate::FORMAT,
    &delimited::FORMAT,
    &text::FORMAT,
];

/// Formats of traces that are text; they may also be members of an archive.
const TEXT_TRACES: [&Format; 8] = [
    &hld::FORMAT,
    &nanodma::FORMAT,
    &triboscan::FORMAT,
    &trios::text::FORMAT,
    &trios::json::FORMAT,
    &netzsch::FORMAT,
    &reptate::FORMAT,
    &delimited::FORMAT,
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

/// The format of these bytes; text comes last because almost anything printable is text. What the user says about columns
/// makes a text traces, a sidecar makes it a map.
pub(crate) fn recognise(bytes: &[u8], options: &TraceOptions, has_sidecar: bool) -> Option<&'static Format> {
    if let Some(id) = &options.format {
        return FORMATS.into_iter().find(|format| format.id == id);
    }
    let is_frames = |format: &Format| matches!(format.read, Reader::Frames(_));
    let fits = |format: &&Format| {
        (format.recognises)(bytes) && !is_frames(format) && !(has_sidecar && format.id == delimited::FORMAT.id)
    };
    let found = FORMATS.into_iter().find(fits);
    if !options.named.is_empty() && crate::traces::is_text(bytes) {
        return Some(&text::FORMAT);
    }
    match found {
        Some(format) if format.id == text::FORMAT.id && options.maps_columns() => Some(&delimited::FORMAT),
        None if options.maps_columns() && crate::traces::is_text(bytes) => Some(&delimited::FORMAT),
        other => other,
    }
}

/// Traces in a text that is already in memory; `None` where it is none.
pub(crate) fn read_text_traces(name: &str, text: &[u8], options: &TraceOptions) -> Option<Result<Parsed, IoError>> {
    let head = &text[..text.len().min(HEAD)];
    let found = TEXT_TRACES.into_iter().find(|format| (format.recognises)(head));
    let as_said = (options.maps_columns() && crate::traces::is_text(head)).then_some(&delimited::FORMAT);
    let Reader::Traces(read) = found.or(as_said)?.read else { return None };
    let mut source = std::io::Cursor::new(text);
    Some(read(&mut TraceInput { file: name, source: &mut source, length: text.len() as u64, head, options }))
}

/// Bytes that tell the format of traces.
pub(crate) const HEAD: usize = 1 << 16;

/// What a text was expected to be, but is not.
pub(crate) fn not_text(file: &str, head: &[u8]) -> IoError {
    let found = FORMATS.into_iter().find(|format| (format.recognises)(head)).map(|format| format.title);
    IoError::Unsupported {
        file: file.to_owned(),
        found: format!(
            "{} given as text",
            found.map_or("a binary file of unknown type".to_owned(), |title| format!("a binary file ({title})"))
        ),
        remedy: "leave `format` out so that the type is recognised, or export the file as text",
    }
}

/// Runs a decoder that others wrote: should a damaged file make it panic, that is an error as any other.
pub(crate) fn contained<T>(decode: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err("its structure makes no sense".to_owned()))
}
