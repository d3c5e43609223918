use amorph_core::data::DataError;
use amorph_core::unit::UnitError;

/// What a sidecar looks like; part of every message that asks for one.
pub(crate) const SIDECAR_EXAMPLE: &str = r#"{ "format": "amorph-map-1", "channel": "phase", "value_unit": "deg", "x_size": 340.0, "y_size": 260.0, "xy_unit": "nm", "first_row": "top" }"#;

/// What can be wrong with a file. Every message names the file and the field, the numbers, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum IoError {
    /// The operating system refused to read.
    #[error("cannot read {file}: {source}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The operating system refused to write.
    #[error("cannot write {file}: {source}")]
    Write {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// No reader knows these bytes.
    #[error("{file}: unknown format, the first bytes are {magic}; supported are {}; for other instruments export .gwy or .gsf with Gwyddion, or a text matrix with a sidecar {file}.json", supported.join(", "))]
    UnknownFormat {
        /// The file.
        file: String,
        /// Its first bytes, as text and hexadecimal.
        magic: String,
        /// Titles of the formats that can be read.
        supported: Vec<String>,
    },
    /// A known format in a form that is not supported.
    #[error("{file}: {found} is not supported; {remedy}")]
    Unsupported {
        /// The file.
        file: String,
        /// What the file holds.
        found: String,
        /// What to do instead.
        remedy: &'static str,
    },
    /// The file has no bytes.
    #[error("{file} is empty; copy it again from the instrument")]
    Empty {
        /// The file.
        file: String,
    },
    /// The file ends early.
    #[error("{file}: {part} needs {expected} bytes, but only {found} are left; the file is cut short, copy it again")]
    Truncated {
        /// The file.
        file: String,
        /// Channel or field.
        part: String,
        /// Bytes needed.
        expected: u64,
        /// Bytes there.
        found: u64,
    },
    /// A size in the header cannot be true.
    #[error("{file}: {field} states {claimed}, but the file can hold at most {available}; the header is damaged")]
    TooLarge {
        /// The file.
        file: String,
        /// The header field.
        field: String,
        /// What it says.
        claimed: String,
        /// What is possible.
        available: u64,
    },
    /// A header field has a value that makes no sense.
    #[error("{file}: {field} is '{found}', but {needed} is needed")]
    Field {
        /// The file.
        file: String,
        /// The field.
        field: String,
        /// Its value.
        found: String,
        /// What would be right.
        needed: &'static str,
    },
    /// A mandatory field is absent.
    #[error("{file}: {field} is missing in {place}; without it the values have no scale")]
    MissingField {
        /// The file.
        file: String,
        /// The field.
        field: String,
        /// Where it should be.
        place: String,
    },
    /// The size of a data block does not fit its pixels.
    #[error("{file}: channel {channel} states a data length of {length} bytes for {columns} x {rows} pixels; {} (2 bytes each) or {} (4 bytes each) are needed", (*columns as u128) * (*rows as u128) * 2, (*columns as u128) * (*rows as u128) * 4)]
    DataLength {
        /// The file.
        file: String,
        /// The channel.
        channel: String,
        /// Stated bytes.
        length: u64,
        /// Pixels across.
        columns: u64,
        /// Pixels down.
        rows: u64,
    },
    /// Values of a kind that is not a real number.
    #[error("{file}: values of type {found} are not supported; real numbers (integers or floats) are needed")]
    ElementType {
        /// The file.
        file: String,
        /// The type found.
        found: String,
    },
    /// An array of the wrong number of dimensions.
    #[error("{file}: the array has the shape {shape:?}, but a two-dimensional one is needed")]
    NotTwoDimensional {
        /// The file.
        file: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// There is no image inside.
    #[error("{file} holds no image{}", if found.is_empty() { String::new() } else { format!(", only {}; these are not supported", found.join(", ")) })]
    NoImages {
        /// The file.
        file: String,
        /// What it holds instead.
        found: Vec<String>,
    },
    /// Nothing says what the columns are.
    #[error(
        "{file}: nothing says what its {columns} columns hold; say it, for instance columns = {{ q = {{ column = 1, unit = \"1/A\" }}, intensity = {{ column = 2 }} }} (or, for a map, write a sidecar {file}.json)"
    )]
    ColumnsUnnamed {
        /// The file.
        file: String,
        /// How many columns there are.
        columns: usize,
    },
    /// A sidecar is mandatory for this format and absent.
    #[error("{file} does not state its units and size; write them into {file}.json, for instance {example}", example = SIDECAR_EXAMPLE)]
    SidecarMissing {
        /// The data file.
        file: String,
    },
    /// A field of a sidecar is absent or wrong.
    #[error("{file}: field '{field}' {problem}; a complete sidecar is, for instance, {example}", example = SIDECAR_EXAMPLE)]
    SidecarField {
        /// The sidecar.
        file: String,
        /// The field.
        field: String,
        /// What is wrong with it, with the numbers.
        problem: String,
    },
    /// The sidecar is not JSON.
    #[error("{file} is not valid JSON: {source}; a sidecar is, for instance, {example}", example = SIDECAR_EXAMPLE)]
    SidecarSyntax {
        /// The sidecar.
        file: String,
        /// Line and column.
        source: serde_json::Error,
    },
    /// A unit that is not understood.
    #[error("{file}: field '{field}': {source}")]
    Unit {
        /// The file.
        file: String,
        /// The field.
        field: String,
        /// What is wrong with the unit.
        source: Box<UnitError>,
    },
    /// A cell of a text file is not a number.
    #[error("{file}: row {row}, column {column}: '{found}' is not a number; remove the text, or mark the line with '#'")]
    Cell {
        /// The file.
        file: String,
        /// Line in the file, from 1.
        row: usize,
        /// Column, from 1.
        column: usize,
        /// The text.
        found: String,
    },
    /// A row of a text file has another length than the first.
    #[error(
        "{file}: row {row} has {found} fields, but {expected} are expected, as in the first row; if it holds curves over time or frequency, say in the measurement \
         columns = {{ time = {{ column = 1, unit = \"s\" }}, ... }}, or for curves beside each other sets = [{{ temperature = \"97 degC\", columns = {{ time = {{ column = 1, \
         unit = \"s\" }}, creep_compliance = {{ column = 2, unit = \"1/GPa\" }} }} }}, ...]"
    )]
    Ragged {
        /// The file.
        file: String,
        /// Line in the file, from 1.
        row: usize,
        /// Fields of the first row.
        expected: usize,
        /// Fields of this row.
        found: usize,
    },
    /// Scattered points do not form a rectangular grid.
    #[error("{file}: the points are not on a rectangular grid: {problem}; interpolate them onto a grid first")]
    NotAGrid {
        /// The file.
        file: String,
        /// What breaks the grid, with the numbers.
        problem: String,
    },
    /// The map lacks something that the format to be written needs.
    #[error("cannot write {file}: {source}")]
    Map {
        /// The file to be written.
        file: String,
        /// What is missing.
        source: Box<DataError>,
    },
    /// Maps that belong into one file differ in shape.
    #[error("cannot write {file}: {problem}")]
    Shapes {
        /// The file to be written.
        file: String,
        /// The two shapes.
        problem: String,
    },
    /// A stack of frames that does not say where they belong.
    #[error(
        "{file} is a stack of {frames} frames{}; reshape the array to four dimensions, state scan_shape = [rows, columns] in the measurement (with skip_frames and flyback_frames where some belong to no position), or write {{ \"format\": \"amorph-scan-1\", \"scan_shape\": [rows, columns] }} into {file}.json with rows x columns = {frames}{}{}",
        given.map(|[rows, columns]| format!(", but scan_shape is {rows} x {columns}")).unwrap_or_default(),
        factors.iter().map(|[rows, columns]| format!(", {rows} x {columns}")).collect::<String>().replacen(", ", ", for instance ", 1),
        if given.is_some_and(|[rows, columns]| rows.saturating_mul(columns) > *frames) { "; of a scan that was stopped early partial = true reads what is there" } else { "" }
    )]
    ScanShape {
        /// The file.
        file: String,
        /// Frames in the stack.
        frames: usize,
        /// The shape that the sidecar gives.
        given: Option<[usize; 2]>,
        /// Shapes of so many frames, those closest to a square first.
        factors: Vec<[usize; 2]>,
    },
    /// A channel of traces that does not say what its numbers are.
    #[error(
        "{file}: channel '{channel}' ({quantity}) states no unit, and none is assumed; say it in the measurement of the study, with the unit of your file: columns = {mapping}"
    )]
    TraceUnitMissing {
        /// The file.
        file: String,
        /// The channel.
        channel: String,
        /// What it holds.
        quantity: &'static str,
        /// The line that says it.
        mapping: String,
    },
    /// A channel of traces in a unit that is not known, or that means two things.
    #[error(
        "{file}: channel '{channel}' ({quantity}) is in '{unit}', {problem}; known are {known}; say it in the measurement of the study: columns = {mapping}"
    )]
    TraceUnit {
        /// The file.
        file: String,
        /// The channel.
        channel: String,
        /// What it holds.
        quantity: &'static str,
        /// The unit as written.
        unit: String,
        /// What is wrong with it.
        problem: String,
        /// Units that are known.
        known: &'static str,
        /// The line that says it.
        mapping: String,
    },
    /// Two channels of traces that claim to be the same.
    #[error("{file}: {} all look like {quantity}; choose one in the measurement of the study: columns = {mapping}", channels.join(" and "))]
    SameQuantity {
        /// The file.
        file: String,
        /// What they claim.
        quantity: &'static str,
        /// Their names, with units.
        channels: Vec<String>,
        /// The line that chooses.
        mapping: String,
    },
    /// A mapping that names a column which is not there.
    #[error("{file}: columns.{quantity} names {wanted}, but the columns are {}", found.join(", "))]
    NoSuchColumn {
        /// The file.
        file: String,
        /// What the column was to be.
        quantity: String,
        /// The name or number given.
        wanted: String,
        /// Names of the columns, with numbers.
        found: Vec<String>,
    },
    /// No test in a file of traces, or not the one asked for.
    #[error("{file}: {wanted}; it holds {}{remedy}", if found.is_empty() { "nothing".to_owned() } else { found.join(", ") })]
    NoTests {
        /// The file.
        file: String,
        /// What was looked for.
        wanted: String,
        /// Groups, sheets or members found.
        found: Vec<String>,
        /// What to do, with the mark before it.
        remedy: &'static str,
    },
    /// Depth that falls while the load rises.
    #[error(
        "{file}: test '{test}': the depth sign appears inverted, the depth falls while the load rises (correlation {correlation:.2}); say depth_sign = \"inverted\" in the measurement to turn it, or depth_sign = \"as-written\" to keep it"
    )]
    DepthSign {
        /// The file.
        file: String,
        /// The test.
        test: String,
        /// Correlation of load and depth.
        correlation: f64,
    },
    /// Numbers whose commas may be decimal marks or separators.
    #[error(
        "{file}: line {line} ('{sample}') {problem}; say in the measurement which is which, for instance decimal = \",\" and delimiter = \";\""
    )]
    CommaMeaning {
        /// The file.
        file: String,
        /// Line in the file, from 1.
        line: usize,
        /// The line.
        sample: String,
        /// What is doubtful.
        problem: String,
    },
    /// Part of a container that cannot be read.
    #[error("{file}: {part} is damaged: {reason}; copy the file again or export it anew")]
    Damaged {
        /// The file.
        file: String,
        /// Group, sheet or member.
        part: String,
        /// What the decoder says.
        reason: String,
    },
    /// A wish about traces that this file cannot fulfil.
    #[error("{file}: {option} {problem}")]
    TraceOption {
        /// The file.
        file: String,
        /// The key of the measurement.
        option: &'static str,
        /// What is wrong with it, and what would be right.
        problem: String,
    },
    /// Frames that a header promises and the file does not hold.
    #[error(
        "{file} is cut short: it promises {}, but holds {found} whole ones; copy the file again, or read these with partial = true in the measurement (`--partial` with `amorph info` and `amorph convert`, `partial=True` in Python)",
        promised.map_or_else(|| "further frames".to_owned(), |frames| format!("{frames} frames"))
    )]
    FramesMissing {
        /// The file.
        file: String,
        /// Frames that there should be; absent where only the next one is promised.
        promised: Option<u64>,
        /// Complete frames.
        found: u64,
    },
    /// A file of bare numbers that nobody has described.
    #[error(
        "{file} has no header that is known, and {length} bytes; if it holds bare frames, say in the measurement how: detector_shape = [rows, columns], pixel = \"uint16\", byte_order = \"little\", scan_shape = [rows, columns]{}",
        if squares.is_empty() { String::new() } else { format!(" (possible square frames: {})", squares.join(", ")) }
    )]
    RawShape {
        /// The file.
        file: String,
        /// Its bytes.
        length: u64,
        /// Square frames of usual sizes that fill the file.
        squares: Vec<String>,
    },
    /// Data in a form for which a decoder is not built in.
    #[error("{file}: {part} is compressed with filter {id} ({name}), which is not built in; {remedy}")]
    Filter {
        /// The file.
        file: String,
        /// The array.
        part: String,
        /// Number of the filter in HDF5's register.
        id: u16,
        /// Its name.
        name: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// Frames that cannot be read or put together.
    #[error(transparent)]
    Frames {
        /// What is wrong with them.
        source: Box<DataError>,
    },
}

impl IoError {
    /// The error about bare numbers, with the square frames that would fill the file.
    pub(crate) fn raw_without_shape(file: &str, length: u64) -> Self {
        let mut squares = Vec::new();
        for (pixel, size) in [("uint8", 1u64), ("uint16", 2), ("float32", 4)] {
            for side in [64u64, 128, 256, 512, 1024, 2048] {
                let frame = side * side * size;
                if length.is_multiple_of(frame) && length > 0 {
                    squares.push(format!("{} of {side} x {side} {pixel}", length / frame));
                }
            }
        }
        squares.truncate(6);
        Self::RawShape { file: file.to_owned(), length, squares }
    }
}
