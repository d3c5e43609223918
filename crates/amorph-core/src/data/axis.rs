use crate::unit::Unit;

/// One axis of a scan or of a stack of frames: position `i` lies at `offset + step * i` in `unit`.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanAxis {
    /// What it runs over.
    pub role: AxisRole,
    /// Its name in the file, empty where it has none.
    pub name: String,
    /// Number of positions.
    pub n: usize,
    /// Distance between positions in `unit`; absent where the file does not tell.
    pub step: Option<f64>,
    /// Where position 0 lies, in `unit`, as the file says. It is never the centre of a diffraction pattern.
    pub offset: Option<f64>,
    /// Unit of `step` and `offset`.
    pub unit: Unit,
    /// Why `step` cannot be true, where it cannot; the value is kept, but not used.
    pub implausible: Option<String>,
}

/// What an axis runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AxisRole {
    /// Slow direction of the probe.
    ScanY,
    /// Fast direction of the probe.
    ScanX,
    /// Rows of the detector.
    DetectorY,
    /// Columns of the detector.
    DetectorX,
    /// Thickness or height of a slice.
    Depth,
    /// Energy or energy loss.
    Energy,
    /// Time, or the number of a frame.
    Time,
    /// Not known.
    Other,
}

impl AxisRole {
    /// The word in results and listings.
    pub fn word(self) -> &'static str {
        match self {
            Self::ScanY => "scan_y",
            Self::ScanX => "scan_x",
            Self::DetectorY => "detector_y",
            Self::DetectorX => "detector_x",
            Self::Depth => "depth",
            Self::Energy => "energy",
            Self::Time => "time",
            Self::Other => "other",
        }
    }
}

impl ScanAxis {
    /// An axis without name and calibration.
    pub fn new(role: AxisRole, n: usize) -> Self {
        Self { role, name: String::new(), n, step: None, offset: None, unit: Unit::one(), implausible: None }
    }

    /// The step in the SI unit of `dimension` (for instance `1/m`); absent where the file does not tell, where the unit is of
    /// another kind, and where the value cannot be true.
    pub fn usable_step(&self, dimension: &str) -> Option<f64> {
        let step = self.step.filter(|_| self.implausible.is_none() && self.unit.is_compatible(&Unit::of(dimension)))?;
        Some(self.unit.to_si(step))
    }
}
