//! What the microscope stored: frequency and quality factor of one or more modes, as maps or as lists of points.

use ndarray::Array2;

use super::ContactResonanceError;
use super::constants::{FREE_FREQUENCY, FREE_QUALITY_FACTOR, FREQUENCY_NOISE, LEVER_SHAPE};
use super::lever::N_MODES;
use super::statistics::Layout;
use crate::core::data::{DataError, Direction, Extent, Map};
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, MethodError};

/// Readings of one flexural mode.
#[derive(Debug, Clone)]
pub struct ModeReadings {
    /// Number of the mode, from 1.
    pub mode: usize,
    /// Free frequency, Hz.
    pub free_frequency: Quantity,
    /// Contact-resonance frequency, Hz; NaN where missing.
    pub frequency: Array2<f64>,
    /// Standard deviation of its noise, Hz.
    pub noise: Option<f64>,
    /// Quality factor in contact; values that are not positive are NaN.
    pub quality_factor: Option<Array2<f64>>,
    /// Quality factors that were not positive or missing.
    pub n_bad_quality: usize,
    /// Free quality factor.
    pub free_quality_factor: Option<Quantity>,
}

/// All modes of one measurement.
#[derive(Debug, Clone)]
pub struct Readings {
    /// The modes, from the lowest.
    pub modes: Vec<ModeReadings>,
    /// Map or list.
    pub layout: Layout,
    /// Area of the map.
    pub extent: Option<Extent>,
    /// Whether the noise was found from trace and retrace.
    pub noise_from_repeats: bool,
}

/// Numbers of one channel: the values, and the noise that trace and retrace show.
struct Channel<'a> {
    values: Array2<f64>,
    noise: Option<f64>,
    map: Option<&'a Map>,
}

impl Readings {
    /// Takes every mode from the dataset.
    ///
    /// # Errors
    /// [`MethodError`] where no mode is there, a mode is not named, maps differ in size, or a free frequency is missing.
    pub fn of(dataset: &Dataset, method: &'static str) -> Result<Self, MethodError> {
        let constants = &dataset.constants;
        if constants.choice(&LEVER_SHAPE)? == Some("v_shaped") {
            return Err(ContactResonanceError::VShaped.into());
        }
        let mut found = Self { modes: Vec::new(), layout: Layout::Points, extent: None, noise_from_repeats: false };
        let mut first: Option<&Map> = None;
        let mut missing = Vec::new();
        for mode in 1..=N_MODES {
            let Some(channel) = channel(dataset, &format!("contact_resonance_frequency_mode_{mode}"), "Hz")? else { continue };
            let quality = channel_of_quality(dataset, mode)?;
            for map in [channel.map, quality.as_ref().and_then(|quality| quality.map)].into_iter().flatten() {
                first.get_or_insert(map).require_same_grid(map)?;
            }
            let free = &FREE_FREQUENCY[mode - 1];
            match dataset.constants.positive(free)? {
                Some(free_frequency) => {
                    found.noise_from_repeats |= channel.noise.is_some();
                    found.modes.push(mode_readings(dataset, mode, free_frequency, channel, quality)?);
                }
                None => missing.push(constants.missing(free)),
            }
        }
        if !missing.is_empty() {
            return Err(MethodError::MissingConstants { method, missing });
        }
        if found.modes.is_empty() {
            return Err(no_mode(dataset));
        }
        let shape = found.modes[0].frequency.dim();
        if let Some(other) = found.modes.iter().find(|mode| mode.frequency.dim() != shape) {
            return Err(ContactResonanceError::ListsDiffer {
                first: shape.0,
                mode: other.mode,
                second: other.frequency.nrows(),
            }
            .into());
        }
        if let Some(map) = first {
            map.require_structure()?;
            found.layout = Layout::Map(map.pixel_pitch()?);
            found.extent = map.extent.clone();
        }
        Ok(found)
    }

    /// Rows and columns; a list has one column.
    pub fn shape(&self) -> (usize, usize) {
        self.modes[0].frequency.dim()
    }

    /// A map of the same pixels.
    pub fn map(&self, quantity: &str, unit: &str, values: Array2<f64>) -> Map {
        Map::new(quantity, values, Unit::of(unit), self.extent.clone())
    }
}

fn mode_readings(
    dataset: &Dataset,
    mode: usize,
    free_frequency: Quantity,
    channel: Channel<'_>,
    quality: Option<Channel<'_>>,
) -> Result<ModeReadings, MethodError> {
    let stated_noise = dataset.constants.positive(&FREQUENCY_NOISE[mode - 1])?.map(|noise| noise.value);
    let mut n_bad_quality = 0;
    let quality_factor = quality.map(|quality| {
        quality.values.mapv(|q| {
            let usable = q > 0.0 && q.is_finite();
            n_bad_quality += usize::from(!usable);
            if usable { q } else { f64::NAN }
        })
    });
    Ok(ModeReadings {
        mode,
        free_frequency,
        frequency: channel.values.mapv(|f| if f > 0.0 && f.is_finite() { f } else { f64::NAN }),
        noise: stated_noise.or(channel.noise),
        quality_factor,
        n_bad_quality,
        free_quality_factor: dataset.constants.positive(&FREE_QUALITY_FACTOR[mode - 1])?,
    })
}

fn channel_of_quality(dataset: &Dataset, mode: usize) -> Result<Option<Channel<'_>>, MethodError> {
    channel(dataset, &format!("contact_quality_factor_mode_{mode}"), "")
}

/// A channel from a map, from a pair of trace and retrace, or from a column of a table.
fn channel<'a>(dataset: &'a Dataset, quantity: &str, unit: &str) -> Result<Option<Channel<'a>>, MethodError> {
    if let Some((trace, retrace)) = both_directions(dataset, quantity) {
        trace.require_same_grid(retrace)?;
        let (forward, backward) = (values(trace, unit)?, values(retrace, unit)?);
        let half = (&backward - &forward) * 0.5;
        let finite: Vec<f64> = half.iter().copied().filter(|value| value.is_finite()).collect();
        let count = finite.len().max(2) as f64;
        let offset = finite.iter().sum::<f64>() / count;
        // Mean of two readings: half their difference has the variance of their mean.
        let noise = (finite.iter().map(|value| (value - offset).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
        return Ok(Some(Channel {
            values: (forward + backward) * 0.5,
            noise: Some(noise).filter(|n| *n > 0.0),
            map: Some(trace),
        }));
    }
    if dataset.has_map(quantity) {
        let map = dataset.map(quantity)?;
        return Ok(Some(Channel { values: values(map, unit)?, noise: None, map: Some(map) }));
    }
    let Ok(table) = dataset.table() else { return Ok(None) };
    let Ok((own, numbers)) = table.numbers(quantity) else { return Ok(None) };
    own.require(&Unit::of(unit))?;
    let list = Array2::from_shape_fn((numbers.len(), 1), |(row, _)| own.to_si(numbers[row]));
    Ok(Some(Channel { values: list, noise: None, map: None }))
}

/// One map of each direction, unless the study chooses a channel.
fn both_directions<'a>(dataset: &'a Dataset, quantity: &str) -> Option<(&'a Map, &'a Map)> {
    if dataset.channels.iter().any(|(key, _)| key == quantity) {
        return None;
    }
    let maps: Vec<&Map> = dataset.maps().filter(|map| map.quantity == quantity).collect();
    match maps.as_slice() {
        [a, b] => match (a.direction, b.direction) {
            (Some(Direction::Trace), Some(Direction::Retrace)) => Some((a, b)),
            (Some(Direction::Retrace), Some(Direction::Trace)) => Some((b, a)),
            _ => None,
        },
        _ => None,
    }
}

fn values(map: &Map, unit: &str) -> Result<Array2<f64>, MethodError> {
    map.unit.require(&Unit::of(unit))?;
    let valid = map.valid();
    let value = |(value, valid): (&f64, &bool)| if *valid { map.unit.to_si(*value) } else { f64::NAN };
    let list = map.values.iter().zip(&valid).map(value).collect();
    Ok(Array2::from_shape_vec(map.values.dim(), list).unwrap_or_default())
}

fn no_mode(dataset: &Dataset) -> MethodError {
    if dataset.maps().any(|map| map.quantity == "contact_resonance_frequency") {
        return ContactResonanceError::ModeNotStated.into();
    }
    let found = dataset.maps().map(|map| map.quantity.clone()).collect();
    DataError::NoSuchMap { wanted: "contact_resonance_frequency_mode_1".to_owned(), found }.into()
}
