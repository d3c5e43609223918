//! From a dataset to an input that cannot be wrong: maps on one grid, every constant stated and possible.

use ndarray::Array2;

use super::algorithm::Cantilever;
use super::calibration::{Calibration, Convention, Reference};
use super::{AmplitudeError, Dissipation, DissipationError, Form, PhaseMap};
use crate::core::data::{DataError, Direction, Map};
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError};
use crate::methods::afm::{
    self,
    stated::{Required, Stated},
};

/// What [`Dissipation`] works on.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// The phase map.
    pub(super) phase: &'a Map,
    /// Its values, deg as stored; NaN where phase or amplitude cannot be used.
    pub(super) stored: Array2<f64>,
    /// Amplitude, m.
    pub(super) amplitude: Array2<f64>,
    pub(super) amplitude_source: AmplitudeSource,
    pub(super) calibration: Calibration,
    pub(super) errors: Vec<CalibrationError>,
    /// Constants that were stated without an error.
    pub(super) without_error: Vec<&'static str>,
    /// Height map of the same grid, for the figure.
    pub(super) height: Option<&'a Map>,
    /// The same area scanned in the other direction, where the file holds it.
    pub(super) other_direction: Option<OtherDirection>,
    /// Whether phase and amplitude were recorded in different directions.
    pub(super) directions_differ: bool,
}

/// What was recorded when the tip moved the other way.
#[derive(Debug, Clone)]
pub(super) struct OtherDirection {
    /// Phase, deg as stored; NaN where it cannot be used.
    pub(super) stored: Array2<f64>,
    /// Amplitude, m: of the same direction where there is one, else that of the first direction.
    pub(super) amplitude: Array2<f64>,
}

/// Where the amplitude of each pixel comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AmplitudeSource {
    Measured,
    SetpointAndError,
    SetpointAlone,
}

/// One standard error of a constant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum CalibrationError {
    /// N/m.
    SpringConstant(f64),
    QualityFactor(f64),
    FrequencyRatio(f64),
    /// Common relative error of all amplitudes.
    AmplitudeScale(f64),
    /// deg.
    FreePhase(f64),
}

pub(super) fn collect<'a>(method: &Dissipation, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
    let phase = dataset.map(match method.phase {
        PhaseMap::AsMeasured => "phase",
        PhaseMap::Corrected => "phase_corrected",
    })?;
    phase.require_structure()?;
    let mut constants = Stated::new(dataset, Dissipation::INFO.id);
    let convention = constants.choice(&afm::PHASE_CONVENTION)?;
    let reference = constants.choice(&afm::PHASE_REFERENCE)?;
    let free_phase = constants.quantity(&afm::FREE_PHASE, Required::Always)?;
    let spring_constant = constants.positive(&afm::SPRING_CONSTANT, Required::Always)?;
    let quality_factor = constants.positive(&afm::QUALITY_FACTOR, Required::Always)?;
    // The form of Lu et al. states by its choice that the drive is at resonance.
    let frequencies = if method.form == Form::Lu2016 { Required::IfStated } else { Required::Always };
    let resonance = constants.positive(&afm::RESONANCE_FREQUENCY, frequencies)?;
    let drive = constants.positive(&afm::DRIVE_FREQUENCY, frequencies)?;
    let free_amplitude = constants.positive(&afm::FREE_AMPLITUDE, Required::Always)?;
    let Amplitude { values: amplitude, source: amplitude_source, direction } =
        amplitude_of(method, dataset, phase, &mut constants)?;
    constants.finish()?;

    let ratio = if resonance.value > 0.0 && drive.value > 0.0 { drive.value / resonance.value } else { 1.0 };
    let calibration = Calibration {
        cantilever: Cantilever {
            spring_constant: spring_constant.value,
            quality_factor: quality_factor.value,
            frequency_ratio: ratio,
            free_amplitude: free_amplitude.value,
        },
        convention: Convention::of(convention),
        reference: Reference::of(reference),
        free_phase: free_phase.value.to_degrees(),
    };
    calibration.require_meaning(method.form, method.max_free_lag_offset.value.to_degrees())?;
    let relative = |quantity: &Quantity| quantity.relative_error().unwrap_or(0.0);
    let amplitude_scale = constants.amplitude_scale_error(&free_amplitude)?;
    let errors = vec![
        CalibrationError::SpringConstant(spring_constant.std_error.unwrap_or(0.0)),
        CalibrationError::QualityFactor(quality_factor.std_error.unwrap_or(0.0)),
        CalibrationError::FrequencyRatio(ratio * relative(&drive).hypot(relative(&resonance))),
        CalibrationError::AmplitudeScale(amplitude_scale.unwrap_or(0.0)),
        CalibrationError::FreePhase(free_phase.std_error.unwrap_or(0.0).to_degrees()),
    ];
    let stated = [
        ("spring_constant", spring_constant.std_error),
        ("quality_factor", quality_factor.std_error),
        ("free_amplitude", amplitude_scale),
        ("free_phase", free_phase.std_error),
    ];
    require_positive(&amplitude)?;
    let stored = usable_phase(phase, &amplitude)?;
    let other_direction = other_direction(method, dataset, phase, &amplitude, &mut constants)?;
    Ok(Input {
        phase,
        stored,
        amplitude,
        amplitude_source,
        calibration,
        errors: errors.into_iter().filter(|error| error.size() > 0.0).collect(),
        without_error: stated.iter().filter(|(_, error)| error.is_none()).map(|(key, _)| *key).collect(),
        height: height(dataset, phase),
        other_direction,
        directions_differ: direction.is_some() && phase.direction.is_some() && direction != phase.direction,
    })
}

/// Stored phase in degrees, NaN where it or the amplitude cannot be used.
fn usable_phase(phase: &Map, amplitude: &Array2<f64>) -> Result<Array2<f64>, MethodError> {
    let mut stored = degrees(phase)?;
    ndarray::Zip::from(&mut stored).and(&phase.valid()).and(amplitude).for_each(|value, &valid, amplitude| {
        if !valid || !amplitude.is_finite() {
            *value = f64::NAN;
        }
    });
    Ok(stored)
}

/// The only phase map of the file that was recorded in the other direction on the same grid; none for a corrected phase.
fn other_direction(
    method: &Dissipation,
    dataset: &Dataset,
    phase: &Map,
    amplitude: &Array2<f64>,
    constants: &mut Stated<'_>,
) -> Result<Option<OtherDirection>, MethodError> {
    let opposite = |map: &Map| map.direction.is_some() && phase.direction.is_some() && map.direction != phase.direction;
    let mut candidates = dataset.maps().filter(|map| map.quantity == "phase" && opposite(map));
    let (Some(other), None, PhaseMap::AsMeasured) = (candidates.next(), candidates.next(), method.phase) else {
        return Ok(None);
    };
    if phase.require_same_grid(other).is_err() {
        return Ok(None);
    }
    let own = match amplitude_of(method, dataset, other, constants) {
        Ok(own) if own.direction == other.direction && own.values.iter().all(|value| value.is_nan() || *value > 0.0) => {
            own.values
        }
        _ => amplitude.clone(),
    };
    Ok(Some(OtherDirection { stored: usable_phase(other, &own)?, amplitude: own }))
}

impl CalibrationError {
    fn size(self) -> f64 {
        match self {
            Self::SpringConstant(e)
            | Self::QualityFactor(e)
            | Self::FrequencyRatio(e)
            | Self::AmplitudeScale(e)
            | Self::FreePhase(e) => e,
        }
    }

    /// The calibration and the factor of all amplitudes when this constant is off by `sign` standard errors.
    pub(super) fn apply(self, sign: f64, calibration: &Calibration) -> (Calibration, f64) {
        let mut moved = *calibration;
        let mut factor = 1.0;
        match self {
            Self::SpringConstant(error) => moved.cantilever.spring_constant += sign * error,
            Self::QualityFactor(error) => moved.cantilever.quality_factor += sign * error,
            Self::FrequencyRatio(error) => moved.cantilever.frequency_ratio += sign * error,
            Self::FreePhase(error) => moved.free_phase += sign * error,
            Self::AmplitudeScale(error) => {
                factor = 1.0 + sign * error;
                moved.cantilever.free_amplitude *= factor;
            }
        }
        (moved, factor)
    }
}

/// Amplitude of each pixel, m, where it comes from and in which direction it was recorded.
struct Amplitude {
    values: Array2<f64>,
    source: AmplitudeSource,
    direction: Option<Direction>,
}

/// Amplitude of each pixel: a measured map, else the set point with or without the feedback error.
fn amplitude_of(
    method: &Dissipation,
    dataset: &Dataset,
    phase: &Map,
    constants: &mut Stated<'_>,
) -> Result<Amplitude, MethodError> {
    if dataset.has_map("amplitude") {
        let map = along(dataset, "amplitude", phase)?;
        let values = in_metres(map, constants)?;
        return Ok(Amplitude { values, source: AmplitudeSource::Measured, direction: map.direction });
    }
    let setpoint = constants.positive(&afm::SETPOINT_AMPLITUDE, Required::Always)?.value;
    let sign = match method.amplitude_error {
        AmplitudeError::MeasuredMinusSetpoint => 1.0,
        AmplitudeError::SetpointMinusMeasured => -1.0,
        AmplitudeError::Ignored => 0.0,
    };
    if sign == 0.0 || !dataset.has_map("amplitude_error") {
        let values = Array2::from_elem(phase.shape(), setpoint);
        return Ok(Amplitude { values, source: AmplitudeSource::SetpointAlone, direction: None });
    }
    let map = along(dataset, "amplitude_error", phase)?;
    let values = in_metres(map, constants)?.mapv(|error| setpoint + sign * error);
    Ok(Amplitude { values, source: AmplitudeSource::SetpointAndError, direction: map.direction })
}

/// The map of a quantity on the grid of the phase; where trace and retrace are there, the one of the direction of the phase.
fn along<'a>(dataset: &'a Dataset, quantity: &str, phase: &Map) -> Result<&'a Map, MethodError> {
    let stated = dataset.channels.iter().any(|(key, _)| key == quantity);
    let same = |map: &&Map| map.quantity == quantity && map.direction.is_some() && map.direction == phase.direction;
    let mut candidates = dataset.maps().filter(same);
    let map = match (candidates.next(), candidates.next()) {
        (Some(only), None) if !stated => only,
        _ => dataset.map(quantity)?,
    };
    phase.require_same_grid(map)?;
    Ok(map)
}

/// Usable values of an amplitude map in metres; volts need the sensitivity.
fn in_metres(map: &Map, constants: &mut Stated<'_>) -> Result<Array2<f64>, MethodError> {
    let scale = if map.unit.is_compatible(&Unit::of("m")) {
        map.unit.scale()
    } else if map.unit.is_compatible(&Unit::of("V")) {
        map.unit.scale() * constants.positive(&afm::AMPLITUDE_SENSITIVITY, Required::Always)?.value
    } else {
        return Err(wrong_unit(map, "m"));
    };
    let valid = map.valid();
    let values = ndarray::Zip::from(&map.values).and(&valid);
    Ok(values.map_collect(|&value, &valid| if valid { scale * value } else { f64::NAN }))
}

fn degrees(phase: &Map) -> Result<Array2<f64>, MethodError> {
    if !phase.unit.is_compatible(&Unit::of("deg")) {
        return Err(wrong_unit(phase, "deg"));
    }
    let scale = phase.unit.scale() / Unit::of("deg").scale();
    Ok(phase.values.mapv(|value| scale * value))
}

fn wrong_unit(map: &Map, expected: &str) -> MethodError {
    DataError::WrongUnit { map: map.quantity.clone(), found: map.unit.to_string(), expected: expected.to_owned() }.into()
}

fn require_positive(amplitude: &Array2<f64>) -> Result<(), DissipationError> {
    let mut bad = amplitude.indexed_iter().filter(|(_, value)| **value <= 0.0);
    match bad.next() {
        Some((first, &value)) => Err(DissipationError::AmplitudeNotPositive { count: 1 + bad.count(), first, value }),
        None => Ok(()),
    }
}

/// The height map of the same grid, levelled where `dafm.topography` was run; `None` where there is no single one.
fn height<'a>(dataset: &'a Dataset, phase: &Map) -> Option<&'a Map> {
    let map = dataset.map("height_levelled").or_else(|_| dataset.map("height")).ok()?;
    phase.require_same_grid(map).ok().map(|()| map)
}
