use amorph_core::data::{Channel, LongRecord, Recording, RecordingRole, Repair, Segment, Test, TraceQuantity};
use amorph_core::stats::median_in_place;
use amorph_core::trace::{Sampling, sampling};
use amorph_core::unit::Unit;

/// One test of a file of traces.
#[derive(Debug, Clone)]
pub struct TestInfo {
    /// Name in the file.
    pub name: String,
    /// Whether the instrument's own analysis leaves it out.
    pub ignored_by_instrument: bool,
    /// Its tables.
    pub tables: Vec<TraceTableInfo>,
}

/// One table of a test.
#[derive(Debug, Clone)]
pub struct TraceTableInfo {
    /// Name in the file.
    pub name: String,
    /// What it is part of.
    pub role: RecordingRole,
    /// Number of rows.
    pub rows: usize,
    /// Its channels.
    pub channels: Vec<TraceChannelInfo>,
    /// How time was sampled, where there is a time.
    pub sampling: Option<Sampling>,
    /// Its segments.
    pub segments: Vec<Segment>,
    /// What the reader mended or left out.
    pub repairs: Vec<Repair>,
}

/// One channel of a table of traces.
#[derive(Debug, Clone)]
pub struct TraceChannelInfo {
    /// Name in the file.
    pub name: String,
    /// What it is.
    pub quantity: TraceQuantity,
    /// Unit in the file.
    pub unit_in_file: String,
    /// Unit of the values.
    pub unit: Unit,
    /// What the numbers of the file were multiplied by.
    pub factor: f64,
    /// Least value.
    pub min: f64,
    /// Median.
    pub median: f64,
    /// Greatest value.
    pub max: f64,
    /// Missing values.
    pub missing: usize,
    /// The digitiser's step, where it shows.
    pub quantisation: Option<f64>,
}

impl TestInfo {
    /// The listing of a test.
    pub fn of(test: &Test) -> Self {
        Self {
            name: test.name.clone(),
            ignored_by_instrument: test.ignored_by_instrument,
            tables: test.tables.iter().map(TraceTableInfo::of).collect(),
        }
    }
}

/// Rows of a long record that its listing is about.
const LISTED: usize = 1 << 14;

impl TestInfo {
    /// The listing of a long record: its channels as its first rows have them.
    pub fn of_long(record: &LongRecord) -> Self {
        let listed = LISTED.min(record.n_rows);
        let tables = match record.read(0..listed) {
            Ok(beginning) => {
                let mut table = TraceTableInfo::of(&beginning);
                table.name = format!("{} (numbers below: its first {listed} rows)", table.name);
                table.rows = record.n_rows;
                table.segments.clone_from(&record.segments);
                vec![table]
            }
            Err(_) => Vec::new(),
        };
        Self { name: record.name.clone(), ignored_by_instrument: false, tables }
    }
}

impl TraceTableInfo {
    fn of(table: &Recording) -> Self {
        Self {
            name: table.name.clone(),
            role: table.role,
            rows: table.n_rows(),
            channels: table.channels.iter().map(TraceChannelInfo::of).collect(),
            sampling: table.values(TraceQuantity::Time).ok().map(sampling),
            segments: table.segments.clone(),
            repairs: table.repairs.clone(),
        }
    }
}

impl TraceChannelInfo {
    fn of(channel: &Channel) -> Self {
        let mut finite: Vec<f64> = channel.values.iter().copied().filter(|value| value.is_finite()).collect();
        Self {
            name: channel.name.clone(),
            quantity: channel.quantity,
            unit_in_file: channel.unit_in_file.clone(),
            unit: channel.unit.clone(),
            factor: channel.factor,
            min: finite.iter().copied().fold(f64::NAN, f64::min),
            max: finite.iter().copied().fold(f64::NAN, f64::max),
            missing: channel.values.len() - finite.len(),
            median: median_in_place(&mut finite),
            quantisation: channel.quantisation,
        }
    }
}
