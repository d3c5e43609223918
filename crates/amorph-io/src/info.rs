use std::path::Path;

use amorph_core::data::{ConstantStatus, Data, Extent, FoundConstant, Invalid, Loaded, Map, PixelType, ScanAxis, Source};
use amorph_core::outcome::Note;
use amorph_core::unit::Unit;

use crate::formats::{ConstantPlace, formats};
use crate::info_traces::TestInfo;
use crate::{IoError, open};

/// What is in a file.
#[derive(Debug, Clone)]
pub struct FileInfo {
    /// Path, hash and format.
    pub source: Source,
    /// Its maps; empty for a table.
    pub channels: Vec<ChannelInfo>,
    /// Names, units and lengths of its columns; empty for maps.
    pub columns: Vec<(String, Unit, usize)>,
    /// The scan or stack of frames, where the file holds one.
    pub scan: Option<ScanInfo>,
    /// Its traces, test by test, where it holds some.
    pub tests: Vec<TestInfo>,
    /// The constants of a tapping experiment.
    pub constants: ConstantReport,
    /// What the reader noticed.
    pub notes: Vec<Note>,
}

/// One channel of a file.
#[derive(Debug, Clone)]
pub struct ChannelInfo {
    /// Index in the file.
    pub index: usize,
    /// Name in the file.
    pub name: String,
    /// What it shows.
    pub quantity: String,
    /// `trace` or `retrace`, where known.
    pub direction: Option<String>,
    /// Unit of the values.
    pub unit: Unit,
    /// Pixels across and down.
    pub columns: usize,
    /// Pixels down.
    pub rows: usize,
    /// The rectangle covered, where known.
    pub extent: Option<Extent>,
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
    /// Mean.
    pub mean: f64,
    /// Population standard deviation, without levelling.
    pub rms: f64,
    /// Quantisation step.
    pub least_significant_bit: Option<f64>,
    /// Levelling done by the instrument.
    pub levelled_by_instrument: Option<String>,
    /// Excluded pixels.
    pub invalid: Vec<Invalid>,
}

/// A scan or a stack of frames.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanInfo {
    /// Its axes, slowest first; of a scan: scan y, scan x, detector y, detector x.
    pub axes: Vec<ScanAxis>,
    /// Type of one pixel, for instance `uint16`.
    pub pixel: String,
    /// Bytes of all frames that the header promises.
    pub bytes: u64,
    /// Frames that the header promises.
    pub frames: usize,
    /// Frames that can be read.
    pub frames_present: usize,
}

/// Which constants a file states, and where to find the others.
#[derive(Debug, Clone, Default)]
pub struct ConstantReport {
    /// Stated by the file.
    pub found: Vec<FoundConstant>,
    /// Stated, but never calibrated.
    pub placeholders: Vec<FoundConstant>,
    /// Not in the file, and where this instrument keeps them.
    pub absent: Vec<ConstantPlace>,
}

/// Lists the channels, the constants found and the constants still needed.
///
/// # Errors
/// As [`open`].
pub fn info(path: &Path) -> Result<FileInfo, IoError> {
    Ok(FileInfo::of(&open(path)?))
}

impl FileInfo {
    /// The listing of a file that is already open.
    pub fn of(loaded: &Loaded) -> Self {
        let scan = match &loaded.data {
            Data::Scan(scan) => Some(ScanInfo::of(&scan.axes[..], scan.pixel, scan.n_frames(), scan.n_present)),
            Data::Stack(stack) => Some(ScanInfo::of(&stack.axes, stack.pixel, stack.n_frames(), stack.n_present)),
            _ => None,
        };
        let (channels, columns) = match &loaded.data {
            Data::Maps(maps) => (maps.iter().map(ChannelInfo::of).collect(), Vec::new()),
            Data::Table(table) => {
                let length = table.n_rows();
                let column = |column: &amorph_core::data::Column| (column.name.clone(), column.unit.clone(), length);
                (Vec::new(), table.columns.iter().map(column).collect())
            }
            _ => (Vec::new(), Vec::new()),
        };
        let places =
            formats().iter().find(|format| format.id == loaded.source.format).map_or(&[][..], |format| format.constants);
        let stated = |key: &str| loaded.constants.iter().any(|constant| constant.key == key);
        let (found, placeholders) =
            loaded.constants.iter().cloned().partition(|constant| constant.status == ConstantStatus::Stated);
        let absent = places.iter().filter(|place| !stated(place.key)).copied().collect();
        Self {
            source: loaded.source.clone(),
            channels,
            columns,
            scan,
            tests: match &loaded.data {
                Data::Record(record) => record.tests.iter().map(TestInfo::of).collect(),
                Data::LongRecord(record) => vec![TestInfo::of_long(record)],
                _ => Vec::new(),
            },
            constants: ConstantReport { found, placeholders, absent },
            notes: loaded.notes.clone(),
        }
    }
}

impl ScanInfo {
    fn of(axes: &[ScanAxis], pixel: PixelType, frames: usize, frames_present: usize) -> Self {
        let pixels = axes.iter().fold(1u64, |product, axis| product.saturating_mul(axis.n as u64));
        Self {
            axes: axes.to_vec(),
            pixel: pixel_name(pixel).to_owned(),
            bytes: pixels.saturating_mul(pixel.size() as u64),
            frames,
            frames_present,
        }
    }

    /// Lengths of the axes.
    pub fn shape(&self) -> Vec<usize> {
        self.axes.iter().map(|axis| axis.n).collect()
    }
}

/// As NumPy names it.
fn pixel_name(pixel: PixelType) -> &'static str {
    match pixel {
        PixelType::U8 => "uint8",
        PixelType::U16 => "uint16",
        PixelType::U32 => "uint32",
        PixelType::I16 => "int16",
        PixelType::I32 => "int32",
        PixelType::F32 => "float32",
        PixelType::F64 => "float64",
    }
}

impl ChannelInfo {
    /// The listing of one map; statistics over the pixels that are finite and not masked.
    pub fn of(map: &Map) -> Self {
        let values = map.valid_values();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        Self {
            index: map.index,
            name: map.name.clone(),
            quantity: map.quantity.clone(),
            direction: map.direction.map(|direction| direction.to_string()),
            unit: map.unit.clone(),
            columns: map.values.ncols(),
            rows: map.values.nrows(),
            extent: map.extent.clone(),
            min: values.iter().copied().fold(f64::NAN, f64::min),
            max: values.iter().copied().fold(f64::NAN, f64::max),
            mean,
            rms: variance.sqrt(),
            least_significant_bit: map.least_significant_bit,
            levelled_by_instrument: map.levelled_by_instrument.clone(),
            invalid: map.invalid.clone(),
        }
    }
}
