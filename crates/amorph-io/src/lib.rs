//! Readers and writers of instrument files.
//!
//! [`open`] reads any supported file: the format is found from the bytes, never from the extension alone; values come
//! out in SI (phases in degrees), upright, with everything the file says kept as metadata. A unit or a size that the
//! file does not state is absent, never guessed; a sidecar `<file>.json` supplies or corrects it (see [`sidecar`]).
//! One folder of `formats` is one file format, with its layout in `SPEC.md` beside the reader.
#![forbid(unsafe_code)]

mod atoms;
mod bytes;
mod companions;
mod error;
pub mod formats;
mod frames;
mod info;
mod info_traces;
mod maps;
mod naming;
mod open;
mod scan;
pub mod sidecar;
pub mod testfiles;
mod traces;
mod units;
mod write;

pub use atoms::{AtomFile, XyzDialect, read_atoms};
pub use companions::{DoubtfulScan, ScanPart, companions, scan_part, scans};
pub use error::IoError;
pub use formats::{ConstantPlace, Format, formats};
pub use frames::{FrameOptions, RawLayout, RawPixel};
pub use info::{ChannelInfo, ConstantReport, FileInfo, ScanInfo, info};
pub use info_traces::{TestInfo, TraceChannelInfo, TraceTableInfo};
pub use open::{duplicate_notes, list_channels, look_with, open, open_bytes, open_bytes_with, open_with};
pub use scan::{open_npy_scan, whole_rows, write_frames, write_frames_hspy, write_frames_tiff};
pub use traces::{
    ColumnMapping, ColumnPlace, DepthSign, NamedColumn, SegmentRange, StatedSegment, StatedSet, TRACE_PRESETS, TraceOptions,
    TracePreset, record_bytes, write_record,
};
pub use units::{keep_column, kept_unit};

pub use formats::gsf::write_gsf;
pub use formats::gwy::write_gwy;
pub use formats::npy::write_npy;
pub use formats::text::write_csv;
