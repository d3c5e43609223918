use crate::unit::UnitError;

/// What can be wrong with data that a method asks for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DataError {
    /// There is no map of the wanted kind.
    #[error("there is no {wanted} map; the maps here are: {}", if found.is_empty() { "none".to_owned() } else { found.join(", ") })]
    NoSuchMap {
        /// The kind or name asked for.
        wanted: String,
        /// What there is.
        found: Vec<String>,
    },
    /// Several maps answer to the name.
    #[error("'{wanted}' is not unique; choose one by its index: {}", candidates.join("; "))]
    AmbiguousMap {
        /// The kind or name asked for.
        wanted: String,
        /// Index, name, direction, levelling and range of each candidate.
        candidates: Vec<String>,
    },
    /// Two maps that belong together differ in size.
    #[error("the {first} map has {} x {} pixels, the {second} map {} x {}", first_shape.1, first_shape.0, second_shape.1, second_shape.0)]
    ShapesDiffer {
        /// Name of one map.
        first: String,
        /// Its rows and columns.
        first_shape: (usize, usize),
        /// Name of the other.
        second: String,
        /// Its rows and columns.
        second_shape: (usize, usize),
    },
    /// Two maps that belong together cover different areas.
    #[error("the {first} map covers {:.4e} m x {:.4e} m, the {second} map {:.4e} m x {:.4e} m", first_size.0, first_size.1, second_size.0, second_size.1)]
    AreasDiffer {
        /// Name of one map.
        first: String,
        /// Its width and height, m.
        first_size: (f64, f64),
        /// Name of the other.
        second: String,
        /// Its width and height, m.
        second_size: (f64, f64),
    },
    /// The file does not say how large the image is.
    #[error("the {map} map has no lateral size; give x_size, y_size and xy_unit in a sidecar file '<file>.json'")]
    NoLateralSize {
        /// Name of the map.
        map: String,
    },
    /// The values have another unit than the method needs.
    #[error("the {map} map is in '{found}', but '{expected}' is needed; correct value_unit in a sidecar file '<file>.json'")]
    WrongUnit {
        /// Name of the map.
        map: String,
        /// Its unit.
        found: String,
        /// The unit needed.
        expected: String,
    },
    /// There are no usable values.
    #[error("the {map} map has {valid} usable pixels of {total}; at least {needed} are needed")]
    TooFewValues {
        /// Name of the map.
        map: String,
        /// Finite, unmasked values.
        valid: usize,
        /// All values.
        total: usize,
        /// The least number needed.
        needed: usize,
    },
    /// All values are equal.
    #[error("the {map} map is constant ({value:e}); it carries no structure")]
    Constant {
        /// Name of the map.
        map: String,
        /// The common value.
        value: f64,
    },
    /// The image is a line.
    #[error("the {map} map has {rows} x {columns} pixels; an image of at least 8 x 8 is needed")]
    NotAnImage {
        /// Name of the map.
        map: String,
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
    /// A column is missing.
    #[error("there is no column '{wanted}'; the columns are: {}", found.join(", "))]
    NoSuchColumn {
        /// The column asked for.
        wanted: String,
        /// What there is.
        found: Vec<String>,
    },
    /// A column has text where numbers are needed.
    #[error("column '{column}' holds text, but numbers are needed")]
    NotNumbers {
        /// The column.
        column: String,
    },
    /// A column is of another dimension, or has no unit.
    #[error("column '{column}': {source}")]
    ColumnUnit {
        /// The column.
        column: String,
        /// A unit that would do.
        example: String,
        /// What is wrong with its unit.
        source: UnitError,
    },
    /// A channel is missing.
    #[error("there is no channel of {wanted}; the channels are: {}", found.join(", "))]
    NoSuchChannel {
        /// The quantity asked for.
        wanted: &'static str,
        /// What there is.
        found: Vec<String>,
    },
    /// Several channels hold the quantity.
    #[error("{wanted} is not unique; choose a channel by `columns = {{ {wanted} = \"<name>\" }}` in the study: {}", candidates.join("; "))]
    AmbiguousChannel {
        /// The quantity asked for.
        wanted: &'static str,
        /// Name, quantity and unit of each candidate.
        candidates: Vec<String>,
    },
    /// A test without a measurement.
    #[error("test '{test}' holds no measurement{}", if found.is_empty() { String::new() } else { format!(", only {}", found.join(", ")) })]
    NoRecording {
        /// The test.
        test: String,
        /// What it holds.
        found: Vec<String>,
    },
    /// The method needs another kind of data.
    #[error("this method works on {needed}, but the file holds {found}")]
    WrongKind {
        /// What the method works on.
        needed: &'static str,
        /// What there is.
        found: &'static str,
    },
    /// Frames beyond those that a scan has.
    #[error("frames {first} to {end} were asked for, but the scan has {n_present}")]
    NoSuchFrames {
        /// The first frame asked for.
        first: usize,
        /// One more than the last.
        end: usize,
        /// Frames that can be read.
        n_present: usize,
    },
    /// Rows beyond those that a record has.
    #[error("rows {first} to {end} were asked for, but the record has {n_rows}")]
    NoSuchRows {
        /// The first row asked for.
        first: usize,
        /// One more than the last.
        end: usize,
        /// Rows that can be read.
        n_rows: usize,
    },
    /// Rows that could be read when the file was opened, and no longer can.
    #[error("cannot read rows {first} to {end} of {file}: {reason}")]
    UnreadableRows {
        /// The file.
        file: String,
        /// The first row asked for.
        first: usize,
        /// One more than the last.
        end: usize,
        /// What is wrong.
        reason: String,
    },
    /// A stack of frames with too few axes.
    #[error("there are {found} axes, but {needed} are needed")]
    TooFewAxes {
        /// Axes given.
        found: usize,
        /// The least number.
        needed: usize,
    },
    /// The operating system refused to read part of a scan.
    #[error("cannot read frame {frame} of {file}: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// The first frame of those that were to be read.
        frame: usize,
        /// What the system said.
        reason: String,
    },
}
