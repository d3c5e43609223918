use amorph_core::data::{SegmentKind, TraceQuantity};
use amorph_core::unit::Unit;

use crate::frames::FrameOptions;

/// What a user says about a file of traces or of detector frames. Nothing here has a guessed default: what is absent comes from the file, or is an
/// error.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TraceOptions {
    /// Short name of the format, instead of the one recognised.
    pub format: Option<String>,
    /// Which column holds what.
    pub columns: Vec<ColumnMapping>,
    /// Curves that stand beside each other in one table, each with columns of its own.
    pub sets: Vec<StatedSet>,
    /// Columns of a table under names of their own.
    pub named: Vec<NamedColumn>,
    /// A named layout of columns without names or units.
    pub preset: Option<&'static TracePreset>,
    /// Whether depth is to be turned.
    pub depth_sign: Option<DepthSign>,
    /// Names of the tests to take; all where empty.
    pub tests: Vec<String>,
    /// Sheet of a workbook that holds the measurement, where its name does not say so.
    pub sheet: Option<String>,
    /// Segments that replace those of the file.
    pub segments: Vec<StatedSegment>,
    /// Decimal mark of text: `.` or `,`.
    pub decimal: Option<char>,
    /// What separates the columns of text; a blank stands for any number of blanks and tabs.
    pub delimiter: Option<char>,
    /// Whether the rows of a text stay in the file and are read when they are needed; where absent, if they would take more than 1 GiB.
    pub in_stretches: Option<bool>,
    /// Greatest size of a member of an archive, bytes; 2 GiB where absent.
    pub member_limit: Option<u64>,
    /// What is said about detector frames.
    pub frames: FrameOptions,
}

impl TraceOptions {
    /// Whether the user says which columns there are.
    pub fn maps_columns(&self) -> bool {
        !self.columns.is_empty() || !self.sets.is_empty() || self.preset.is_some()
    }

    /// Whether columns are mapped otherwise than by sets.
    pub(crate) fn maps_besides_sets(&self) -> bool {
        !self.columns.is_empty() || self.preset.is_some()
    }

    /// The mappings, those of the preset last.
    pub(crate) fn mappings(&self) -> Vec<ColumnMapping> {
        let mut mappings = self.columns.clone();
        for &(quantity, number, unit) in self.preset.iter().flat_map(|preset| preset.columns) {
            if !mappings.iter().any(|mapping| mapping.quantity == quantity) {
                let unit = Some(Unit::of(unit));
                mappings.push(ColumnMapping { quantity, column: ColumnPlace::Number(number), unit, scale: 1.0, offset: 0.0 });
            }
        }
        mappings
    }
}

/// What one column holds: `value = (number * scale + offset) * unit`.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnMapping {
    /// What it is.
    pub quantity: TraceQuantity,
    /// Which column.
    pub column: ColumnPlace,
    /// Its unit; that of the file where absent.
    pub unit: Option<Unit>,
    /// Factor on the numbers of the file.
    pub scale: f64,
    /// Added to them, after the factor.
    pub offset: f64,
}

/// One of several curves beside each other in a table.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedSet {
    /// Name of the test that it becomes.
    pub name: String,
    /// Temperature at which it was measured, K, where no column tells.
    pub temperature: Option<f64>,
    /// Which of the columns of the table are its own.
    pub columns: Vec<ColumnMapping>,
}

/// A column of a table, and the name under which methods look for it.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedColumn {
    /// The name it gets.
    pub name: String,
    /// Which column of the file.
    pub column: ColumnPlace,
    /// Its unit; that of the file where absent.
    pub unit: Option<Unit>,
}

/// A column by its name or its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnPlace {
    /// Name as in the file.
    Name(String),
    /// Number, from 1.
    Number(usize),
}

impl std::fmt::Display for ColumnPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => write!(f, "'{name}'"),
            Self::Number(number) => write!(f, "column {number}"),
        }
    }
}

/// A named layout of columns that files do not describe themselves.
#[derive(Debug, PartialEq, Eq)]
pub struct TracePreset {
    /// The name in a study.
    pub name: &'static str,
    /// Whose files these are.
    pub title: &'static str,
    /// Quantity, number of the column (from 1) and unit.
    pub columns: &'static [(TraceQuantity, usize, &'static str)],
}

/// The presets.
pub const TRACE_PRESETS: &[TracePreset] = &[TracePreset {
    name: "micro-materials",
    title: "Micro Materials text: time in s, depth in nm, load in mN",
    columns: &[(TraceQuantity::Time, 1, "s"), (TraceQuantity::Depth, 2, "nm"), (TraceQuantity::Load, 3, "mN")],
}];

impl TracePreset {
    /// The preset of a name.
    pub fn find(name: &str) -> Option<&'static Self> {
        TRACE_PRESETS.iter().find(|preset| preset.name == name)
    }
}

/// Whether depth is to be turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DepthSign {
    /// As the file has it.
    AsWritten,
    /// Times -1.
    Inverted,
}

/// A segment as the user states it.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedSegment {
    /// What happens in it.
    pub kind: SegmentKind,
    /// Where it is.
    pub range: SegmentRange,
}

/// Where a stated segment is.
#[derive(Debug, Clone, PartialEq)]
pub enum SegmentRange {
    /// From one time to another, s.
    Time(f64, f64),
    /// From a row, counted from 0, to one past its last.
    Rows(usize, usize),
}
