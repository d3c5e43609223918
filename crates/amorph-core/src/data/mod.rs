//! What instrument files hold, in SI, with axes, units and untouched metadata.
//!
//! Readers produce a [`Loaded`]; methods take the [`Data`] inside. Each kind of data is a type of its own; a technique
//! that brings a new kind adds a variant here and nothing else changes.

mod axis;
mod error;
mod long;
mod map;
mod overview;
mod scan;
mod select;
mod source;
mod stack;
mod table;
mod trace;

pub use axis::{AxisRole, ScanAxis};
pub use error::DataError;
pub use long::{LongRecord, RowSource};
pub use map::{Direction, Extent, Invalid, Map};
pub use overview::overview;
pub use scan::{FrameSource, PixelType, Pixels, Scan4d};
pub use select::{MapSelector, select_map};
pub use source::{ConstantStatus, FoundConstant, Metadata, MetadataEntry, Source};
pub use stack::FrameStack;
pub use table::{Column, ColumnValues, Table};
pub use trace::{Channel, Record, Recording, RecordingRole, Repair, Segment, SegmentKind, SegmentOrigin, Test, TraceQuantity};

use crate::outcome::Note;

/// One opened file.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Where it came from.
    pub source: Source,
    /// The measured values.
    pub data: Data,
    /// Everything the file says, as written.
    pub metadata: Metadata,
    /// Calibration constants that the file states, under the names the methods use.
    pub constants: Vec<FoundConstant>,
    /// What the reader noticed: overridden metadata, missing lines, unsupported parts.
    pub notes: Vec<Note>,
}

/// The kinds of data that Amorph works on.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Data {
    /// Images of one scan: height, phase, amplitude, trace and retrace.
    Maps(Vec<Map>),
    /// Columns of numbers or text.
    Table(Table),
    /// A detector frame at every position of a scan.
    Scan(Scan4d),
    /// Frames over time, energy, depth, or several of these.
    Stack(FrameStack),
    /// Load, displacement, current and other channels over time, one or several tests.
    Record(Record),
    /// As a record, with too many samples for memory: they stay in the file.
    LongRecord(LongRecord),
}

impl Data {
    /// The name of the kind, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Maps(_) => "maps",
            Self::Table(_) => "table",
            Self::Scan(_) => "scan",
            Self::Stack(_) => "stack of frames",
            Self::Record(_) => "traces",
            Self::LongRecord(_) => "long record",
        }
    }
}
