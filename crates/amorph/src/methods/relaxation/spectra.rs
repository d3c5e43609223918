use std::f64::consts::PI;

use super::RelaxationError;
use super::log_spectrum::Curve;
use crate::core::data::{Channel, Data, Recording, TraceQuantity};
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};

/// The columns of both numbers of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The part in phase.
    pub storage: TraceQuantity,
    /// The loss.
    pub loss: TraceQuantity,
}

/// A complex modulus.
pub const MODULUS: Pair = Pair { storage: TraceQuantity::StorageModulus, loss: TraceQuantity::LossModulus };
/// A complex compliance.
pub const COMPLIANCE: Pair = Pair { storage: TraceQuantity::StorageCompliance, loss: TraceQuantity::LossCompliance };
/// A relative permittivity.
pub const PERMITTIVITY: Pair = Pair { storage: TraceQuantity::Permittivity, loss: TraceQuantity::DielectricLoss };

impl Pair {
    /// Whether every table of traces of a dataset holds both columns.
    pub fn fills(self, dataset: &Dataset) -> bool {
        let has = |table: &Recording, quantity| table.channels.iter().any(|channel| channel.quantity == quantity);
        let mut tables = dataset.data.iter().flat_map(|data| match data {
            Data::Record(record) => record.tests.as_slice(),
            _ => &[],
        });
        let fits = |table: &Recording| has(table, self.storage) && has(table, self.loss);
        tables.all(|test| test.ignored_by_instrument || test.measurement().is_ok_and(fits))
    }
}

/// One reading of a complex modulus, or of another [`Pair`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Temperature, K; NaN where no column tells.
    pub temperature: f64,
    /// Angular frequency, rad/s.
    pub omega: f64,
    /// Storage modulus, Pa; of another pair its storage in SI.
    pub storage: f64,
    /// Loss modulus, Pa; of another pair its loss; zero or less where it is below its error.
    pub loss: f64,
}

/// All readings of the files that can be used, and what was noticed.
#[derive(Debug, Clone, Default)]
pub struct Spectra {
    /// The readings in the order of the files.
    pub readings: Vec<Reading>,
    /// When each was read, s; NaN where no column tells.
    pub times: Vec<f64>,
    /// What was left out, and why.
    pub notes: Vec<Note>,
}

/// Readings at one temperature, by rising frequency.
#[derive(Debug, Clone, PartialEq)]
pub struct Isotherm {
    /// Mean temperature, K; NaN where no column tells.
    pub temperature: f64,
    /// The readings.
    pub readings: Vec<Reading>,
}

/// Rows that messages list by their numbers.
const LISTED: usize = 5;
/// Loss over storage may differ from the column of the loss tangent by this much of itself.
const TANGENT: f64 = 0.01;

impl Spectra {
    /// From the traces of all files of an item. A column of the angular frequency counts before one of the frequency.
    ///
    /// # Errors
    /// [`MethodError::Data`] naming the column that is missing, [`RelaxationError::NoReadings`].
    pub fn read(dataset: &Dataset) -> Result<Self, MethodError> {
        Self::read_pair(dataset, MODULUS)
    }

    /// As [`Self::read`], of another pair of columns.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_pair(dataset: &Dataset, pair: Pair) -> Result<Self, MethodError> {
        let mut spectra = Self::default();
        let mut found = 0;
        let _is_traces = dataset.record()?;
        for data in &dataset.data {
            let Data::Record(record) = data else { continue };
            for test in record.tests.iter().filter(|test| !test.ignored_by_instrument) {
                let table = test.measurement().map_err(MethodError::Data)?;
                found += table.n_rows();
                spectra.take(&test.name, table, pair)?;
            }
        }
        if spectra.readings.is_empty() {
            return Err(RelaxationError::NoReadings { rows: found }.into());
        }
        Ok(spectra)
    }

    fn take(&mut self, name: &str, table: &Recording, pair: Pair) -> Result<(), MethodError> {
        let (frequency, factor) = match first_of(table, TraceQuantity::AngularFrequency)? {
            Some(channel) => (channel, 1.0),
            None => (needed(table, TraceQuantity::Frequency)?, 2.0 * PI),
        };
        let (storage, loss) = (needed(table, pair.storage)?, needed(table, pair.loss)?);
        let words = [pair.storage, pair.loss].map(|quantity| quantity.word().replace('_', " "));
        let temperature = first_of(table, TraceQuantity::Temperature)?;
        let time = first_of(table, TraceQuantity::Time).ok().flatten();
        let (mut missing, mut lossless, mut impossible) = (0, 0, Vec::new());
        let mut last = f64::NAN;
        let mut turns = 0;
        for row in 0..table.n_rows() {
            let value = |channel: &Channel| channel.values.get(row).copied().unwrap_or(f64::NAN);
            let reading = Reading {
                temperature: temperature.map_or(f64::NAN, value),
                omega: factor * value(frequency),
                storage: value(storage),
                loss: value(loss),
            };
            let numbers = [reading.omega, reading.storage, reading.loss];
            let cold = temperature.is_some() && !reading.temperature.is_finite();
            if cold || numbers.iter().any(|number| !number.is_finite()) {
                missing += 1;
            } else if reading.omega <= 0.0 || reading.storage <= 0.0 || reading.temperature <= 0.0 {
                impossible.push(row + 1);
            } else {
                lossless += usize::from(reading.loss <= 0.0);
                turns += usize::from(reading.omega < last);
                last = reading.omega;
                self.readings.push(reading);
                self.times.push(time.map_or(f64::NAN, value));
            }
        }
        if missing > 0 {
            let text = format!("{name}: {missing} rows without a number in one of the columns are left out");
            self.notes.push(Note::info("rows_missing", text));
        }
        if !impossible.is_empty() {
            let listed: Vec<String> = impossible.iter().take(LISTED).map(ToString::to_string).collect();
            let more = if impossible.len() > LISTED { " ..." } else { "" };
            let text = format!(
                "{name}: {} rows with a frequency, {} or temperature of zero or less are left out: rows {}{more} of the table",
                impossible.len(),
                words[0],
                listed.join(", ")
            );
            self.notes.push(Note::warning("rows_impossible", text));
        }
        if lossless > 0 {
            let text = format!(
                "{name}: {lossless} rows have a {} of zero or less; they are kept, since leaving them out would bias a loss below its error",
                words[1]
            );
            self.notes.push(Note::warning("no_loss", text));
        }
        if turns > 0 && temperature.is_none() {
            self.notes.push(Note::info("sorted", format!("{name}: the frequencies do not rise throughout; they are sorted")));
        }
        self.tangent(name, table, [storage, loss], &words);
        Ok(())
    }

    /// A column of the loss tangent that says something else than both moduli.
    fn tangent(&mut self, name: &str, table: &Recording, [storage, loss]: [&Channel; 2], words: &[String; 2]) {
        let Ok(stated) = table.values(TraceQuantity::TanDelta) else { return };
        let ratio = |row: usize| loss.values[row] / storage.values[row] / stated[row] - 1.0;
        let differences = (0..stated.len()).map(ratio).filter(|difference| difference.is_finite());
        let worst = differences.fold(0.0f64, |worst, difference| worst.max(difference.abs()));
        if worst > TANGENT {
            let text = format!(
                "{name}: the column of the loss tangent differs from {} over {} by up to {:.1} %; these two are used",
                words[1],
                words[0],
                100.0 * worst
            );
            self.notes.push(Note::warning("tangent_differs", text));
        }
    }

    /// Readings grouped by temperature: a gap of more than `tolerance` (K) between neighbours in temperature parts two isotherms.
    /// By rising temperature; one group where no column tells the temperature.
    ///
    /// # Errors
    /// [`RelaxationError::Ramp`] where the temperatures run on without gaps.
    pub fn isotherms(&self, tolerance: f64) -> Result<Vec<Isotherm>, RelaxationError> {
        let mut sorted = self.readings.clone();
        sorted.sort_by(|a, b| a.temperature.total_cmp(&b.temperature));
        let mut groups: Vec<Vec<Reading>> = Vec::new();
        for reading in sorted {
            // Unknown temperatures are one group.
            let parted = |group: &Vec<Reading>| reading.temperature - group[group.len() - 1].temperature > tolerance;
            match groups.last_mut() {
                Some(group) if !parted(group) => group.push(reading),
                _ => groups.push(vec![reading]),
            }
        }
        for group in &groups {
            let span = group[group.len() - 1].temperature - group[0].temperature;
            if span > 4.0 * tolerance {
                return Err(RelaxationError::Ramp { span, tolerance });
            }
        }
        Ok(groups.into_iter().map(Isotherm::of).collect())
    }
}

impl Isotherm {
    fn of(mut readings: Vec<Reading>) -> Self {
        let temperature = readings.iter().map(|reading| reading.temperature).sum::<f64>() / readings.len() as f64;
        readings.sort_by(|a, b| a.omega.total_cmp(&b.omega));
        Self { temperature, readings }
    }

    /// For fits of a spectrum.
    pub fn curve(&self) -> Curve {
        let of = |value: fn(&Reading) -> f64| self.readings.iter().map(value).collect();
        Curve { ln_omega: of(|r| r.omega.ln()), storage: of(|r| r.storage), loss: of(|r| r.loss) }
    }

    /// The same for a response over time.
    pub fn curve_over_time(&self) -> Curve {
        Curve { loss: Vec::new(), ..self.curve() }
    }

    /// Readings that repeat a frequency of this isotherm to a thousandth; they are kept as replicates.
    pub fn replicates(&self) -> usize {
        self.readings.windows(2).filter(|pair| pair[1].omega < pair[0].omega * 1.001).count()
    }

    /// `450.00 K`, or that it is unknown.
    pub fn label(&self) -> String {
        if self.temperature.is_finite() { format!("{:.2} K", self.temperature) } else { "the spectrum".to_owned() }
    }
}

/// The isotherm that was asked for, else the one whose largest loss lies nearest the middle of its frequencies; without any loss the one
/// in the middle.
///
/// # Errors
/// [`RelaxationError::NoSuchTemperature`].
pub fn chosen(isotherms: &[Isotherm], wanted: Option<f64>, tolerance: f64) -> Result<usize, RelaxationError> {
    let nearest = |target: f64| {
        let distance = |isotherm: &Isotherm| (isotherm.temperature - target).abs();
        (0..isotherms.len()).min_by(|a, b| distance(&isotherms[*a]).total_cmp(&distance(&isotherms[*b])))
    };
    if let Some(target) = wanted {
        let temperatures = || isotherms.iter().map(|isotherm| isotherm.temperature).collect();
        let missing = || RelaxationError::NoSuchTemperature { wanted: target, found: temperatures() };
        let index = nearest(target).ok_or_else(missing)?;
        let away = (isotherms[index].temperature - target).abs();
        return if away <= tolerance.max(1.0) { Ok(index) } else { Err(missing()) };
    }
    if isotherms.iter().all(|isotherm| isotherm.readings.iter().all(|reading| reading.loss.is_nan())) {
        return Ok(isotherms.len() / 2);
    }
    let off_centre = |isotherm: &Isotherm| {
        let n = isotherm.readings.len();
        let peak = (0..n).max_by(|a, b| isotherm.readings[*a].loss.total_cmp(&isotherm.readings[*b].loss)).unwrap_or(0);
        ((peak as f64 + 0.5) / n as f64 - 0.5).abs()
    };
    let best = (0..isotherms.len()).min_by(|a, b| off_centre(&isotherms[*a]).total_cmp(&off_centre(&isotherms[*b])));
    Ok(best.unwrap_or(0))
}

fn needed(table: &Recording, quantity: TraceQuantity) -> Result<&Channel, MethodError> {
    match first_of(table, quantity)? {
        Some(channel) => Ok(channel),
        None => table.channel(quantity).map_err(MethodError::Data),
    }
}

/// The channel of a quantity; of several that hold the same numbers the first.
fn first_of(table: &Recording, quantity: TraceQuantity) -> Result<Option<&Channel>, MethodError> {
    let mut channels = table.channels.iter().filter(|channel| channel.quantity == quantity);
    let Some(first) = channels.next() else { return Ok(None) };
    let same = |a: &f64, b: &f64| a == b || (a - b).abs() <= 1e-3 * b.abs() || (a.is_nan() && b.is_nan());
    let differs = |other: &Channel| first.values.iter().zip(&other.values).any(|(a, b)| !same(a, b));
    if channels.any(differs) {
        return table.channel(quantity).map(Some).map_err(MethodError::Data);
    }
    Ok(Some(first))
}
