//! Steps that all readers of maps share.

use amorph_core::data::{Data, FoundConstant, Invalid, Map, Metadata};
use amorph_core::outcome::Note;
use ndarray::Array2;

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

/// Masks pixels at the limits of the digitiser.
pub(crate) fn mask_saturated(map: &mut Map, low: f64, high: f64) {
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
