//! Responses over time, creep or relaxation, by temperature.

use super::RelaxationError;
use super::log_spectrum::Response;
use super::spectra::{Reading, Spectra};
use crate::core::data::{Channel, Data, Recording, TraceQuantity};
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};

/// What the files of an item hold: spectra of the modulus, else a response over time. In readings of the latter `omega` is 1/t and `loss`
/// NaN.
///
/// # Errors
/// [`RelaxationError::NoTraces`], [`RelaxationError::TwoResponses`], [`RelaxationError::NoReadings`], and those of [`Spectra::read`].
pub(super) fn read(dataset: &Dataset) -> Result<(Response, Spectra), MethodError> {
    let mut found = Vec::new();
    let mut records = 0;
    for data in &dataset.data {
        let Data::Record(record) = data else { continue };
        records += 1;
        for test in record.tests.iter().filter(|test| !test.ignored_by_instrument) {
            let table = test.measurement().map_err(MethodError::Data)?;
            found.extend(response(table));
        }
    }
    if records == 0 && !dataset.data.is_empty() {
        let kind = dataset.data.first().map_or("nothing", Data::kind);
        return Err(RelaxationError::NoTraces { kind }.into());
    }
    let over_time: Vec<Response> = found.iter().copied().filter(|response| *response != Response::Dynamic).collect();
    match over_time.first() {
        // Nothing over time: what is missing of a spectrum is named when it is read.
        None => Ok((Response::Dynamic, Spectra::read(dataset)?)),
        Some(first) if found.iter().all(|response| response == first) => Ok((*first, over(dataset, *first)?)),
        Some(_) => Err(RelaxationError::TwoResponses.into()),
    }
}

/// What a table holds; a spectrum counts before the times at which its readings were taken.
fn response(table: &Recording) -> Option<Response> {
    let has = |quantity| table.channels.iter().any(|channel| channel.quantity == quantity);
    let is_spectrum = has(TraceQuantity::StorageModulus) || has(TraceQuantity::LossModulus);
    let over_time = |response: &Response| has(TraceQuantity::Time) && has(quantity(*response));
    if is_spectrum {
        return Some(Response::Dynamic);
    }
    let kept = || [Response::Creep, Response::Relaxation].into_iter().find(|response| driven(table, *response).is_some());
    [Response::Creep, Response::Relaxation].into_iter().find(over_time).or_else(kept)
}

/// Strain and stress may vary by this share of their largest value and count as held.
const HELD: f64 = 0.02;

/// What answers over what is held, where a table holds strain and stress over time in place of their ratio: strain over a constant stress, or stress
/// over a constant strain. Neither where both or none are constant.
fn driven(table: &Recording, response: Response) -> Option<Vec<f64>> {
    table.values(TraceQuantity::Time).ok()?;
    let (strain, stress) = (table.values(TraceQuantity::Strain).ok()?, table.values(TraceQuantity::Stress).ok()?);
    let is_held = |values: &[f64]| {
        let finite = values.iter().copied().filter(|value| value.is_finite());
        let (lo, hi) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (v.min(lo), v.max(hi)));
        let largest = lo.abs().max(hi.abs());
        largest > 0.0 && hi - lo <= HELD * largest
    };
    let (answer, held) = match response {
        Response::Creep => (strain, stress),
        Response::Relaxation => (stress, strain),
        Response::Dynamic => return None,
    };
    (is_held(held) && !is_held(answer)).then(|| answer.iter().zip(held).map(|(answer, held)| answer / held).collect())
}

fn quantity(response: Response) -> TraceQuantity {
    match response {
        Response::Creep => TraceQuantity::CreepCompliance,
        Response::Relaxation => TraceQuantity::RelaxationModulus,
        Response::Dynamic => TraceQuantity::StorageModulus,
    }
}

fn over(dataset: &Dataset, response: Response) -> Result<Spectra, MethodError> {
    let quantity = quantity(response);
    let mut spectra = Spectra::default();
    let mut rows = 0;
    for data in &dataset.data {
        let Data::Record(record) = data else { continue };
        for test in record.tests.iter().filter(|test| !test.ignored_by_instrument) {
            let table = test.measurement().map_err(MethodError::Data)?;
            rows += table.n_rows();
            match driven(table, response).filter(|_| table.values(quantity).is_err()) {
                None => take(&mut spectra, &test.name, table, quantity)?,
                Some(values) => {
                    let text = format!(
                        "{}: the {} is the {}; it must hold still from the first row on",
                        test.name,
                        quantity.word().replace('_', " "),
                        if response == Response::Creep {
                            "strain over the constant stress"
                        } else {
                            "stress over the constant strain"
                        }
                    );
                    spectra.notes.push(Note::info("from_strain_and_stress", text));
                    let mut with = table.clone();
                    with.channels.push(Channel::new(quantity, values));
                    take(&mut spectra, &test.name, &with, quantity)?;
                }
            }
        }
    }
    if spectra.readings.is_empty() {
        return Err(RelaxationError::NoReadings { rows }.into());
    }
    Ok(spectra)
}

fn take(spectra: &mut Spectra, name: &str, table: &Recording, quantity: TraceQuantity) -> Result<(), MethodError> {
    let (times, values) = (table.values(TraceQuantity::Time)?, table.values(quantity)?);
    let temperatures = table.values(TraceQuantity::Temperature).ok();
    let (mut missing, mut impossible) = (0, 0);
    for (row, (time, value)) in times.iter().zip(values).enumerate() {
        let temperature = temperatures.and_then(|column| column.get(row)).copied();
        if !time.is_finite() || !value.is_finite() || temperature.is_some_and(|kelvin| !kelvin.is_finite()) {
            missing += 1;
        } else if *time <= 0.0 || *value <= 0.0 || temperature.is_some_and(|kelvin| kelvin <= 0.0) {
            impossible += 1;
        } else {
            let temperature = temperature.unwrap_or(f64::NAN);
            spectra.readings.push(Reading { temperature, omega: 1.0 / time, storage: *value, loss: f64::NAN });
            spectra.times.push(*time);
        }
    }
    if missing > 0 {
        let text = format!("{name}: {missing} rows without a number in one of the columns are left out");
        spectra.notes.push(Note::info("rows_missing", text));
    }
    if impossible > 0 {
        let text = format!(
            "{name}: {impossible} rows with a time, a {} or a temperature of zero or less are left out",
            quantity.word()
        );
        spectra.notes.push(Note::warning("rows_impossible", text));
    }
    Ok(())
}
