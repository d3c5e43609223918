//! From constants to a calibration that cannot be wrong.

use super::algorithm::{BeforeAfter, Calibration, Route, SpringAt};
use super::uncertainty::{Slot, Uncertain};
use super::{Calibrate, ContactModulus, Form, TipPositionFrom};
use crate::core::unit::Quantity;
use crate::method::{ConstantInfo, Dataset, MethodError, MissingConstant};
use crate::methods::contact_resonance::constants::*;
use crate::methods::contact_resonance::lever::N_MODES;
use crate::methods::contact_resonance::readings::Readings;
use crate::methods::contact_resonance::{ContactResonanceError, Geometry};

/// What [`ContactModulus`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) readings: Readings,
    pub(super) calibration: Calibration,
    pub(super) uncertain: Vec<Uncertain>,
    /// Shape of the contact; a sphere where no modulus is given.
    pub(super) geometry: Geometry,
    /// Whether the first row was scanned first; absent where nobody says.
    pub(super) top_first: Option<bool>,
    /// What keeps the modulus from being given.
    pub(super) missing_for_modulus: Vec<MissingConstant>,
}

struct Reader<'a> {
    dataset: &'a Dataset,
    uncertain: Vec<Uncertain>,
    missing: Vec<MissingConstant>,
}

impl Reader<'_> {
    fn note_error(&mut self, key: &'static str, slot: Slot, quantity: &Quantity) {
        if let Some(std_error) = quantity.std_error.filter(|error| *error > 0.0) {
            self.uncertain.push(Uncertain { key, slot, std_error });
        }
    }

    fn optional(&mut self, info: &ConstantInfo, slot: Slot) -> Result<Option<f64>, MethodError> {
        let found = self.dataset.constants.positive(info)?;
        if let Some(quantity) = &found {
            self.note_error(info.key, slot, quantity);
        }
        Ok(found.map(|quantity| quantity.value))
    }

    fn needed(&mut self, info: &ConstantInfo, slot: Slot) -> Result<Option<f64>, MethodError> {
        let found = self.optional(info, slot)?;
        if found.is_none() {
            self.missing.push(self.dataset.constants.missing(info));
        }
        Ok(found)
    }
}

pub(super) fn read(method: &ContactModulus, dataset: &Dataset) -> Result<Input, MethodError> {
    let readings = Readings::of(dataset, ContactModulus::ID)?;
    let mut reader = Reader { dataset, uncertain: Vec::new(), missing: Vec::new() };
    let tip_position = tip_position(method, dataset)?;
    reader.note_error(TIP_POSITION.key, Slot::TipPosition, &tip_position);
    let mut free_frequency = [f64::NAN; N_MODES];
    let mut noise = [f64::NAN; N_MODES];
    let noise_known = readings.modes.iter().all(|mode| mode.noise.is_some());
    for mode in &readings.modes {
        let index = mode.mode - 1;
        free_frequency[index] = mode.free_frequency.value;
        reader.note_error(FREE_FREQUENCY[index].key, Slot::Free(index), &mode.free_frequency);
        noise[index] = mode.noise.filter(|_| noise_known).unwrap_or(f64::NAN);
    }
    let mut calibration = Calibration {
        tip_position: tip_position.value,
        free_frequency,
        noise,
        reference_frequency: [BeforeAfter::default(); N_MODES],
        reference_ratio: BeforeAfter::default(),
        reference_modulus: None,
        tip_modulus: None,
        spring_constant: None,
        spring_at: SpringAt::Tip,
        force: None,
        adhesion: None,
        tip_radius: None,
        contact_radius: None,
        route: None,
        paper_form: method.form == Form::Paper,
    };
    spring_constant(&mut reader, &mut calibration)?;
    let geometry = modulus_constants(method, &mut reader, &mut calibration, &readings)?;
    let top_first = dataset.constants.choice(&SLOW_SCAN)?.map(|word| word == "top_to_bottom");
    let Reader { uncertain, missing: missing_for_modulus, .. } = reader;
    Ok(Input { readings, calibration, uncertain, geometry, top_first, missing_for_modulus })
}

fn tip_position(method: &ContactModulus, dataset: &Dataset) -> Result<Quantity, MethodError> {
    let missing = |info: &ConstantInfo| MethodError::MissingConstants {
        method: ContactModulus::ID,
        missing: vec![dataset.constants.missing(info)],
    };
    match method.tip_position_from {
        TipPositionFrom::Stated => dataset.constants.positive(&TIP_POSITION)?.ok_or_else(|| missing(&TIP_POSITION)),
        TipPositionFrom::TwoModes => {
            let found = dataset.estimates("contact_resonance.tip_position", "tip_position");
            let estimate = found.last().ok_or(ContactResonanceError::NoFittedPosition)?;
            let quantity = Quantity::si(estimate.value, estimate.unit.clone());
            Ok(Quantity { std_error: estimate.std_error, ..quantity })
        }
    }
}

fn spring_constant(reader: &mut Reader<'_>, calibration: &mut Calibration) -> Result<(), MethodError> {
    calibration.spring_constant = reader.optional(&SPRING_CONSTANT, Slot::Spring)?;
    if calibration.spring_constant.is_none() {
        return Ok(());
    }
    calibration.spring_at = match reader.dataset.constants.choice(&SPRING_CONSTANT_AT)? {
        Some("end") => SpringAt::End,
        Some(_) => SpringAt::Tip,
        None => {
            let missing = vec![reader.dataset.constants.missing(&SPRING_CONSTANT_AT)];
            return Err(MethodError::MissingConstants { method: ContactModulus::ID, missing });
        }
    };
    Ok(())
}

/// Takes what the modulus needs. Nothing of it stated: the stiffness alone is given; some of it: the rest is an error.
fn modulus_constants(
    method: &ContactModulus,
    reader: &mut Reader<'_>,
    calibration: &mut Calibration,
    readings: &Readings,
) -> Result<Geometry, MethodError> {
    let constants = &reader.dataset.constants;
    let geometry = match constants.choice(&CONTACT_GEOMETRY)? {
        Some("flat") => Some(Geometry::Flat),
        Some(_) => Some(Geometry::Sphere),
        None => None,
    };
    if geometry.is_none() {
        reader.missing.push(constants.missing(&CONTACT_GEOMETRY));
    }
    if method.form == Form::TipCorrected {
        calibration.tip_modulus = reader.needed(&TIP_MODULUS, Slot::TipModulus)?;
    }
    let wanted = match method.calibration {
        Calibrate::Reference => {
            calibration.reference_modulus = reader.needed(&REFERENCE_MODULUS, Slot::ReferenceModulus)?;
            let has_reading = reference_readings(reader, calibration, readings)?;
            calibration.reference_modulus.is_some() || has_reading
        }
        Calibrate::Absolute => {
            absolute_constants(reader, calibration, geometry)?;
            true
        }
    };
    if reader.missing.is_empty() {
        calibration.route = Some(match method.calibration {
            Calibrate::Reference => Route::Reference,
            Calibrate::Absolute => Route::Absolute,
        });
    } else if wanted {
        return Err(MethodError::MissingConstants { method: ContactModulus::ID, missing: std::mem::take(&mut reader.missing) });
    }
    Ok(geometry.unwrap_or(Geometry::Sphere))
}

fn reference_readings(
    reader: &mut Reader<'_>,
    calibration: &mut Calibration,
    readings: &Readings,
) -> Result<bool, MethodError> {
    calibration.reference_ratio = BeforeAfter {
        before: reader.optional(&REFERENCE_STIFFNESS_RATIO, Slot::RatioBefore)?,
        after: reader.optional(&REFERENCE_STIFFNESS_RATIO_AFTER, Slot::RatioAfter)?,
    };
    if calibration.reference_ratio.before.is_some() {
        return Ok(true);
    }
    let mut found = false;
    for index in readings.modes.iter().map(|mode| mode.mode - 1) {
        let before = reader.optional(&REFERENCE_FREQUENCY[index], Slot::Before(index))?;
        let after = reader.optional(&REFERENCE_FREQUENCY_AFTER[index], Slot::After(index))?;
        calibration.reference_frequency[index] = BeforeAfter { before, after };
        found |= before.is_some();
    }
    if !found {
        let index = readings.modes.first().map_or(0, |mode| mode.mode - 1);
        reader.missing.push(reader.dataset.constants.missing(&REFERENCE_FREQUENCY[index]));
    }
    Ok(found)
}

fn absolute_constants(
    reader: &mut Reader<'_>,
    calibration: &mut Calibration,
    geometry: Option<Geometry>,
) -> Result<(), MethodError> {
    if calibration.spring_constant.is_none() {
        reader.missing.push(reader.dataset.constants.missing(&SPRING_CONSTANT));
    }
    if geometry == Some(Geometry::Flat) {
        calibration.contact_radius = reader.needed(&CONTACT_RADIUS, Slot::ContactRadius)?;
        return Ok(());
    }
    calibration.force = reader.needed(&FORCE, Slot::Force)?;
    calibration.tip_radius = reader.needed(&TIP_RADIUS, Slot::TipRadius)?;
    // Zero adhesion is a statement, no mistake.
    match reader.dataset.constants.quantity(&ADHESION_FORCE)?.cloned() {
        Some(quantity) if quantity.value >= 0.0 && quantity.value.is_finite() => {
            reader.note_error(ADHESION_FORCE.key, Slot::Adhesion, &quantity);
            calibration.adhesion = Some(quantity.value);
        }
        Some(quantity) => {
            return Err(MethodError::BadConstant {
                key: ADHESION_FORCE.key,
                found: quantity.to_string(),
                reason: "must not be negative",
                expected: ADHESION_FORCE.kind.describe(),
            });
        }
        None => reader.missing.push(reader.dataset.constants.missing(&ADHESION_FORCE)),
    }
    Ok(())
}
