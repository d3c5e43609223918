//! Steps that all readers of maps share.

use amorph_core::data::{Data, Extent, FoundConstant, Invalid, Map, Metadata, Table};
use amorph_core::outcome::Note;
use amorph_core::unit::Unit;
use ndarray::Array2;

use crate::IoError;
use crate::bytes::Element;
use crate::units::kept_unit;

/// What a reader finds in the bytes.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub format_version: Option<String>,
    pub data: Data,
    pub metadata: Metadata,
    pub constants: Vec<FoundConstant>,
    pub notes: Vec<Note>,
}

impl Parsed {
    pub(crate) fn table(table: Table) -> Self {
        Self { data: Data::Table(table), ..Self::maps(Vec::new()) }
    }

    pub(crate) fn maps(maps: Vec<Map>) -> Self {
        Self {
            format_version: None,
            data: Data::Maps(maps),
            metadata: Metadata::default(),
            constants: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// The images of a file as they are found: those that can be read, those that cannot, and what is no image.
#[derive(Debug, Default)]
pub(crate) struct Channels {
    maps: Vec<Map>,
    failures: Vec<IoError>,
    unsupported: Vec<String>,
    pub notes: Vec<Note>,
}

impl Channels {
    /// Takes an image, or why it cannot be read.
    pub(crate) fn add(&mut self, channel: Result<Map, IoError>) {
        match channel {
            Ok(map) => self.maps.push(map),
            Err(error) => self.failures.push(error),
        }
    }

    /// Takes the name of a part that holds data, but no image.
    pub(crate) fn leave_out(&mut self, part: String) {
        self.unsupported.push(part);
    }

    /// The images and what there is to say about the others.
    ///
    /// # Errors
    /// Without any image: why the first cannot be read, else [`IoError::NoImages`].
    pub(crate) fn finish(self, file: &str) -> Result<(Vec<Map>, Vec<Note>), IoError> {
        let Self { maps, failures, unsupported, mut notes } = self;
        if maps.is_empty() {
            let empty = IoError::NoImages { file: file.to_owned(), found: unsupported };
            return Err(failures.into_iter().next().unwrap_or(empty));
        }
        if !unsupported.is_empty() {
            let shown = unsupported.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
            let message = format!(
                "{} blocks of force curves, spectra or other data ({shown}{}) are not supported and were left out",
                unsupported.len(),
                if unsupported.len() > 5 { ", ..." } else { "" }
            );
            notes.push(Note::warning("unsupported_frames", message));
        }
        notes.extend(failures.iter().map(|error| Note::warning("channel_unreadable", error.to_string())));
        Ok((maps, notes))
    }
}

/// The bytes that the data blocks of a file claim together: they may not overlap, so they cannot exceed the file.
#[derive(Debug)]
pub(crate) struct BlockBudget<'a> {
    file: &'a str,
    available: u64,
    claimed: u64,
}

impl<'a> BlockBudget<'a> {
    pub(crate) fn new(file: &'a str, bytes: &[u8]) -> Self {
        Self { file, available: bytes.len() as u64, claimed: 0 }
    }

    /// Counts a block of `bytes`.
    ///
    /// # Errors
    /// [`IoError::TooLarge`].
    pub(crate) fn take(&mut self, bytes: u64) -> Result<(), IoError> {
        self.claimed = self.claimed.saturating_add(bytes);
        if self.claimed <= self.available {
            return Ok(());
        }
        Err(IoError::TooLarge {
            file: self.file.to_owned(),
            field: "the sum of all data blocks".to_owned(),
            claimed: format!("{} bytes", self.claimed),
            available: self.available,
        })
    }
}

/// Digits of the file as a map: rows from the top, pixels at the limits of the digitiser masked, then scaled.
pub(crate) struct Digits {
    pub quantity: &'static str,
    pub element: Element,
    pub columns: usize,
    pub rows: usize,
    /// Numbers as in the file, rows from the top.
    pub values: Vec<f64>,
    /// `value = digit * scale + offset`, in `unit`.
    pub scale: f64,
    pub offset: f64,
    pub unit: Unit,
}

impl Digits {
    /// The map, in the unit in which maps are kept; the least significant bit is that of integers only.
    pub(crate) fn into_map(self, extent: Option<Extent>) -> Map {
        let (unit, factor) = kept_unit(&self.unit);
        let mut map = Map::new(self.quantity, image(self.rows, self.columns, self.values), unit, extent);
        mask_saturated(&mut map, self.element);
        let (scale, offset) = (self.scale, self.offset);
        map.values.mapv_inplace(|digit| (digit * scale + offset) * factor);
        if self.element.limits().is_some() {
            map.least_significant_bit = Some((scale * factor).abs());
        }
        note_invalid(&mut map);
        map
    }
}

/// Rows and columns of `values`, which a reader has checked to be `rows * columns` long.
pub(crate) fn image(rows: usize, columns: usize, values: Vec<f64>) -> Array2<f64> {
    let mut values = values;
    values.resize(rows * columns, f64::NAN);
    Array2::from_shape_vec((rows, columns), values).unwrap_or_default()
}

/// Turns an image that is stored from the bottom upside down, in place.
pub(crate) fn flip_rows(values: &mut [f64], columns: usize) {
    if columns == 0 {
        return;
    }
    let rows = values.len() / columns;
    for row in 0..rows / 2 {
        let (upper, lower) = values.split_at_mut((rows - 1 - row) * columns);
        upper[row * columns..(row + 1) * columns].swap_with_slice(&mut lower[..columns]);
    }
}

/// Counts missing and infinite values; infinite ones become NaN. To be called once, when the values are read.
pub(crate) fn note_invalid(map: &mut Map) {
    if map.values.iter().all(|value| value.is_finite()) {
        return;
    }
    let mut missing = map.values.indexed_iter().filter(|(_, value)| value.is_nan()).map(|(place, _)| place);
    if let Some(first) = missing.next() {
        let count = 1 + missing.count();
        map.invalid.push(Invalid { reason: "missing".to_owned(), count, first });
    }
    exclude(map, "infinite", f64::is_infinite);
}

/// Sets the values that `is_invalid` to NaN and counts them under `reason`.
pub(crate) fn exclude(map: &mut Map, reason: &str, is_invalid: impl Fn(f64) -> bool) {
    let mut found: Option<Invalid> = None;
    for (place, value) in map.values.indexed_iter_mut() {
        if is_invalid(*value) {
            *value = f64::NAN;
            let entry = found.get_or_insert_with(|| Invalid { reason: reason.to_owned(), count: 0, first: place });
            entry.count += 1;
        }
    }
    map.invalid.extend(found);
}

/// The values for a format without masks: masked pixels are missing ones.
pub(crate) fn without_mask(map: &Map) -> std::borrow::Cow<'_, Array2<f64>> {
    let Some(mask) = &map.mask else { return std::borrow::Cow::Borrowed(&map.values) };
    let mut values = map.values.clone();
    values.zip_mut_with(mask, |value, masked| {
        if *masked {
            *value = f64::NAN;
        }
    });
    std::borrow::Cow::Owned(values)
}

/// Masks pixels at the limits of the digitiser; to be called while the values are still digits.
pub(crate) fn mask_saturated(map: &mut Map, element: Element) {
    let Some((low, high)) = element.limits() else { return };
    let is_saturated = |value: f64| value <= low || value >= high;
    if !map.values.iter().any(|value| is_saturated(*value)) {
        return;
    }
    let at_limit = map.values.mapv(is_saturated);
    let mut places = at_limit.indexed_iter().filter(|(_, saturated)| **saturated).map(|(place, _)| place);
    if let Some(first) = places.next() {
        let count = 1 + places.count();
        map.invalid.push(Invalid { reason: "saturated".to_owned(), count, first });
        map.mask = Some(at_limit);
    }
}
