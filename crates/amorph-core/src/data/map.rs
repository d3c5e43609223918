use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::DataError;
use crate::unit::Unit;

/// A two-dimensional image: rows from the top, columns from the left, y up.
///
/// Serialised without its pixels: the store and the exporters keep arrays apart and name them by `array`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// What is shown, in the words of the methods: `height`, `phase`, `amplitude`, `amplitude_error`,
    /// `dissipated_energy`; `unknown` where the file does not tell.
    pub quantity: String,
    /// Name in the file, untouched.
    pub name: String,
    /// Unit of `values`: SI, or `deg` for phases.
    pub unit: Unit,
    /// The full pixel box (number of pixels times pitch); absent when the file does not tell.
    pub extent: Option<Extent>,
    /// Scan direction, where there is one.
    pub direction: Option<Direction>,
    /// Levelling done by the instrument, where the file tells.
    pub levelled_by_instrument: Option<String>,
    /// Quantisation step of the digitiser, in `unit`.
    pub least_significant_bit: Option<f64>,
    /// Pixels that were excluded, by reason.
    pub invalid: Vec<Invalid>,
    /// Index of the channel in its file.
    pub index: usize,
    /// Content address of the pixels once they are stored.
    pub array: Option<String>,
    /// Values, `[row, column]`; NaN where missing.
    #[serde(skip)]
    pub values: Array2<f64>,
    /// Pixels that the user or the file excludes (true = excluded).
    #[serde(skip)]
    pub mask: Option<Array2<bool>>,
}

/// The rectangle that a map covers, from edge to edge of its pixels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extent {
    /// Left and right edge.
    pub x: [f64; 2],
    /// Bottom and top edge.
    pub y: [f64; 2],
    /// Unit of the edges: `m` for images, `1/m` for spectra.
    pub unit: Unit,
}

impl Extent {
    /// An image of the given size in metres, its lower left corner at the origin.
    pub fn metres(x_size: f64, y_size: f64) -> Self {
        Self { x: [0.0, x_size], y: [0.0, y_size], unit: Unit::of("m") }
    }

    /// Width.
    pub fn x_size(&self) -> f64 {
        self.x[1] - self.x[0]
    }

    /// Height.
    pub fn y_size(&self) -> f64 {
        self.y[1] - self.y[0]
    }
}

/// The direction in which the tip moved along the fast axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Forward.
    Trace,
    /// Backward.
    Retrace,
}

impl std::fmt::Display for Direction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Trace => "trace",
            Self::Retrace => "retrace",
        })
    }
}

/// Pixels excluded for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invalid {
    /// Why, for instance `saturated` or `not scanned`.
    pub reason: String,
    /// How many.
    pub count: usize,
    /// Row and column of the first.
    pub first: (usize, usize),
}

impl Map {
    /// A map with nothing known about it but its values.
    pub fn new(quantity: &str, values: Array2<f64>, unit: Unit, extent: Option<Extent>) -> Self {
        Self {
            quantity: quantity.to_owned(),
            name: quantity.to_owned(),
            unit,
            extent,
            direction: None,
            levelled_by_instrument: None,
            least_significant_bit: None,
            invalid: Vec::new(),
            index: 0,
            array: None,
            values,
            mask: None,
        }
    }

    /// Rows and columns.
    pub fn shape(&self) -> (usize, usize) {
        self.values.dim()
    }

    /// Width and height of the full pixel box, m.
    ///
    /// # Errors
    /// [`DataError::NoLateralSize`] when the file does not tell; nothing is guessed.
    pub fn size(&self) -> Result<(f64, f64), DataError> {
        let extent = self.extent.as_ref().filter(|extent| extent.unit.is_compatible(&Unit::of("m")));
        let extent = extent.ok_or_else(|| DataError::NoLateralSize { map: self.quantity.clone() })?;
        Ok((extent.unit.to_si(extent.x_size()), extent.unit.to_si(extent.y_size())))
    }

    /// Pixel pitch along y and x, m.
    ///
    /// # Errors
    /// [`DataError::NoLateralSize`].
    pub fn pixel_pitch(&self) -> Result<(f64, f64), DataError> {
        let (x_size, y_size) = self.size()?;
        let (rows, columns) = self.shape();
        Ok((y_size / rows as f64, x_size / columns as f64))
    }

    /// True where a value may be used: finite and not masked.
    pub fn valid(&self) -> Array2<bool> {
        let finite = self.values.mapv(f64::is_finite);
        match &self.mask {
            Some(mask) => ndarray::Zip::from(&finite).and(mask).map_collect(|&finite, &masked| finite && !masked),
            None => finite,
        }
    }

    /// The usable values, row by row.
    pub fn valid_values(&self) -> Vec<f64> {
        match &self.mask {
            Some(mask) => {
                self.values.iter().zip(mask).filter(|(v, masked)| v.is_finite() && !**masked).map(|(v, _)| *v).collect()
            }
            None => self.values.iter().copied().filter(|v| v.is_finite()).collect(),
        }
    }

    /// Fails unless the map is an image that carries structure: at least 8 x 8 pixels, half of them usable, not constant.
    ///
    /// # Errors
    /// [`DataError::NotAnImage`], [`DataError::TooFewValues`] or [`DataError::Constant`].
    pub fn require_structure(&self) -> Result<(), DataError> {
        let (rows, columns) = self.shape();
        let map = self.quantity.clone();
        if rows < 8 || columns < 8 {
            return Err(DataError::NotAnImage { map, rows, columns });
        }
        let valid = self.valid_values();
        let total = rows * columns;
        if valid.len() < total / 2 {
            return Err(DataError::TooFewValues { map, valid: valid.len(), total, needed: total / 2 });
        }
        if valid.iter().all(|value| *value == valid[0]) {
            return Err(DataError::Constant { map, value: valid[0] });
        }
        Ok(())
    }

    /// Fails unless two maps have the same pixels and cover the same area.
    ///
    /// # Errors
    /// [`DataError::ShapesDiffer`] or [`DataError::AreasDiffer`].
    pub fn require_same_grid(&self, other: &Map) -> Result<(), DataError> {
        let (first, second) = (self.quantity.clone(), other.quantity.clone());
        if self.shape() != other.shape() {
            return Err(DataError::ShapesDiffer { first, first_shape: self.shape(), second, second_shape: other.shape() });
        }
        let (Ok(first_size), Ok(second_size)) = (self.size(), other.size()) else { return Ok(()) };
        let differs = |a: f64, b: f64| (a - b).abs() > 1e-6 * a.abs();
        if differs(first_size.0, second_size.0) || differs(first_size.1, second_size.1) {
            return Err(DataError::AreasDiffer { first, first_size, second, second_size });
        }
        Ok(())
    }

    /// The unit in which people will want to read the values.
    pub fn display_unit(&self) -> Unit {
        let largest = self.valid_values().iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        self.unit.preferred(self.unit.to_si(largest))
    }

    /// One line for lists and messages: index, name, direction, levelling and range.
    pub fn describe(&self) -> String {
        let values = self.valid_values();
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let direction = self.direction.map(|direction| format!(", {direction}")).unwrap_or_default();
        let levelling = self.levelled_by_instrument.as_ref().map(|text| format!(", levelled: {text}")).unwrap_or_default();
        format!("[{}] {} ({}{direction}{levelling}, {low:.4e}..{high:.4e} {})", self.index, self.name, self.quantity, self.unit)
    }
}
