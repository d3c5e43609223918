//! From records to heat capacities over temperature, ramp by ramp.

use super::CalorimetryError;
use super::constants::{HEATING_RATE, REFERENCE_MASS, SAMPLE_MASS, SENSOR_LAG, optional, sign};
use super::curve::slope_by_rows;
use crate::core::data::{Channel, Data, Recording, Test, TraceQuantity};
use crate::core::outcome::Note;
use crate::core::unit::Quantity;
use crate::method::{Dataset, MethodError};

/// Shorter ramps are none, K.
const LEAST_SPAN: f64 = 20.0;
/// Fewest samples of a ramp.
const LEAST_ROWS: usize = 30;
/// The rate counts over so many rows to both sides.
const RATE_ROWS: usize = 5;
/// Slower changes are rests, K/s.
const REST: f64 = 3e-4;
/// A ramp has begun where its rate is right to this share.
const STEADY: f64 = 0.03;
/// A stated rate may differ by this share.
const RATE_SHARE: f64 = 0.02;
/// Heat capacities in J/(kg K) outside of which a mass or a unit is doubtful.
const PLAUSIBLE: [f64; 2] = [100.0, 1500.0];

/// A ramp.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Name of the test, with the number of the ramp.
    pub name: String,
    /// Number of its file within the item.
    pub file: usize,
    /// Number of its record within the item.
    pub record: usize,
    /// Rate, K/s; negative on cooling.
    pub rate: f64,
    /// Times in the record, s.
    pub time: Vec<f64>,
    /// Temperatures, K.
    pub temperature: Vec<f64>,
    /// Heat capacity, J/(kg K), with the baseline of the instrument in it.
    pub heat_capacity: Vec<f64>,
    /// Temperatures between which the signal was cut off, K; these samples are left out.
    pub cut_off: Vec<(f64, f64)>,
}

/// Rows of a record that can be used, and where its signal was cut off: rows, and the temperatures there (K).
struct Usable {
    rows: Vec<usize>,
    cut_off: Vec<(std::ops::Range<usize>, (f64, f64))>,
}

/// All ramps of an item.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scans {
    /// The ramps in order of time, file after file.
    pub scans: Vec<Scan>,
    /// Time and temperature of every record.
    pub histories: Vec<Vec<(f64, f64)>>,
    /// What was noticed.
    pub notes: Vec<Note>,
}

/// Which mass a file counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Masses {
    /// That of the sample in all files.
    OneSample,
    /// That of the sample in the first file, of the reference in others.
    ReferenceAfter,
}

impl Scan {
    /// Whether it is a heating.
    pub fn is_heating(&self) -> bool {
        self.rate > 0.0
    }

    /// First and last temperature in rising order, K.
    pub fn range(&self) -> (f64, f64) {
        let lo = self.temperature.iter().copied().fold(f64::INFINITY, f64::min);
        let hi = self.temperature.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        (lo, hi)
    }

    /// Fails where the signal was cut off between two temperatures, K.
    ///
    /// # Errors
    /// [`CalorimetryError::CutOff`].
    pub fn whole_within(&self, (from, to): (f64, f64)) -> Result<(), CalorimetryError> {
        match self.cut_off.iter().find(|(lo, hi)| *lo <= to && *hi >= from) {
            Some(&(lo, hi)) => Err(CalorimetryError::CutOff { what: self.name.clone(), lo, hi, from, to }),
            None => Ok(()),
        }
    }
}

impl Scans {
    /// From the traces of all files of an item.
    ///
    /// # Errors
    /// [`MethodError`] naming the column or constant that is missing; [`CalorimetryError::NoRamp`].
    pub fn read(dataset: &Dataset, method: &'static str, masses: Masses) -> Result<Self, MethodError> {
        let _is_traces = dataset.record()?;
        let mut found = Self::default();
        let mut rows = 0;
        for (file, data) in dataset.data.iter().enumerate() {
            let Data::Record(record) = data else { continue };
            for test in record.tests.iter().filter(|test| !test.ignored_by_instrument) {
                let table = test.measurement().map_err(MethodError::Data)?;
                rows += table.n_rows();
                found.take(dataset, method, (file, masses), test, table)?;
            }
        }
        if found.scans.is_empty() {
            let what = dataset.label.clone();
            return Err(CalorimetryError::NoRamp { what, needed: LEAST_SPAN, rows }.into());
        }
        Ok(found)
    }

    /// The heating scans.
    pub fn heatings(&self) -> Vec<&Scan> {
        self.scans.iter().filter(|scan| scan.is_heating()).collect()
    }

    /// The heating scan of a number from 1; the last where none is asked for.
    ///
    /// # Errors
    /// [`CalorimetryError::NoSuchScan`].
    pub fn heating(&self, number: Option<usize>) -> Result<&Scan, CalorimetryError> {
        let heatings = self.heatings();
        let wanted = number.unwrap_or(heatings.len());
        let missing = CalorimetryError::NoSuchScan { wanted, found: heatings.len() };
        wanted.checked_sub(1).and_then(|index| heatings.get(index).copied()).ok_or(missing)
    }

    fn take(
        &mut self,
        dataset: &Dataset,
        method: &'static str,
        (file, masses): (usize, Masses),
        test: &Test,
        table: &Recording,
    ) -> Result<(), MethodError> {
        let temperature = needed(&test.name, table, TraceQuantity::Temperature)?;
        let (signal, factor) = signal(dataset, method, (file, masses), test, table)?;
        let stated = optional(&dataset.constants, &HEATING_RATE)?;
        let time = match (table.values(TraceQuantity::Time), stated) {
            (Ok(time), _) => time.to_vec(),
            (Err(_), Some(rate)) => temperature.iter().map(|t| (t - temperature[0]) / rate).collect(),
            (Err(_), None) => return Err(CalorimetryError::NoTime(test.name.clone()).into()),
        };
        let lag = optional(&dataset.constants, &SENSOR_LAG)?;
        let Usable { rows, cut_off } = self.usable(&test.name, &time, temperature, signal);
        let pick = |values: &[f64]| rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
        let (time, temperature, mut signal) = (pick(&time), pick(temperature), pick(signal));
        if time.len() < LEAST_ROWS {
            return Ok(());
        }
        if let (Some(lag), true) = (lag, factor.is_some()) {
            let slope = slope_by_rows(&time, &signal, RATE_ROWS);
            signal.iter_mut().zip(slope).for_each(|(value, slope)| *value += lag * slope);
        }
        let record = self.histories.len();
        for (number, (first, end, rate)) in ramps(&time, &temperature).into_iter().enumerate() {
            let divisor = factor.map_or(1.0, |factor| factor / rate);
            let within = |cut: &&(std::ops::Range<usize>, (f64, f64))| cut.0.start >= rows[first] && cut.0.end <= rows[end - 1];
            self.scans.push(Scan {
                name: format!("{}, ramp {}", test.name, number + 1),
                file,
                record,
                rate,
                time: time[first..end].to_vec(),
                temperature: temperature[first..end].to_vec(),
                heat_capacity: signal[first..end].iter().map(|value| value * divisor).collect(),
                cut_off: cut_off.iter().filter(within).map(|(_, range)| *range).collect(),
            });
        }
        self.histories.push(time.into_iter().zip(temperature).collect());
        Ok(())
    }

    /// Rows with all numbers, in order of time, without spikes and where the signal is not cut off.
    fn usable(&mut self, name: &str, time: &[f64], temperature: &[f64], signal: &[f64]) -> Usable {
        let n = time.len().min(temperature.len()).min(signal.len());
        let is_number = |row: &usize| time[*row].is_finite() && temperature[*row].is_finite() && signal[*row].is_finite();
        let mut last = f64::NEG_INFINITY;
        let mut rows: Vec<usize> = Vec::with_capacity(n);
        for row in (0..n).filter(is_number) {
            if time[row] > last && temperature[row] > 0.0 {
                last = time[row];
                rows.push(row);
            }
        }
        if rows.len() < n {
            let text = format!("{name}: {} rows without numbers or against the order of time are left out", n - rows.len());
            self.notes.push(Note::info("rows_left_out", text));
        }
        let values: Vec<f64> = rows.iter().map(|row| signal[*row]).collect();
        let cuts = cut_off(&values);
        let cut_off: Vec<(std::ops::Range<usize>, (f64, f64))> = cuts
            .iter()
            .map(|cut| {
                let ends = [temperature[rows[cut.start]], temperature[rows[cut.end - 1]]];
                (rows[cut.start]..rows[cut.end - 1] + 1, (ends[0].min(ends[1]), ends[0].max(ends[1])))
            })
            .collect();
        if let Some((_, (lo, hi))) = cut_off.first() {
            let count: usize = cuts.iter().map(ExactSizeIterator::len).sum();
            let more = if cut_off.len() > 1 { format!(" and {} times more", cut_off.len() - 1) } else { String::new() };
            let text = format!(
                "{name}: the signal stands still at the end of its range from {lo:.1} to {hi:.1} K{more}: cut off by the instrument; these {count} samples are \
                 left out"
            );
            self.notes.push(Note::warning("cut_off", text));
        }
        let spikes = spikes(&values);
        if !spikes.is_empty() {
            let shown: Vec<String> = spikes.iter().take(5).map(|at| format!("{:.1} K", temperature[rows[*at]])).collect();
            let more = if spikes.len() > 5 { ", ..." } else { "" };
            let text = format!("{name}: {} spikes are left out, at {}{more}", spikes.len(), shown.join(", "));
            self.notes.push(Note::warning("spikes", text));
        }
        let mut place = 0;
        rows.retain(|_| {
            place += 1;
            spikes.binary_search(&(place - 1)).is_err() && !cuts.iter().any(|cut| cut.contains(&(place - 1)))
        });
        Usable { rows, cut_off }
    }
}

/// The signal, and what turns it into W/kg taken up; no factor for heat capacities.
fn signal<'a>(
    dataset: &Dataset,
    method: &'static str,
    (file, masses): (usize, Masses),
    test: &Test,
    table: &'a Recording,
) -> Result<(&'a [f64], Option<f64>), MethodError> {
    if let Ok(values) = table.values(TraceQuantity::SpecificHeatFlow) {
        return Ok((values, Some(sign(dataset, method)?)));
    }
    if let Ok(values) = table.values(TraceQuantity::HeatFlow) {
        let constants = &dataset.constants;
        let reference = if file > 0 && masses == Masses::ReferenceAfter { optional(constants, &REFERENCE_MASS)? } else { None };
        let in_file = || test.head.get("sample_mass").and_then(|text| Quantity::parse(text).ok()).map(|mass| mass.value);
        let mass = reference.or(optional(constants, &SAMPLE_MASS)?).or_else(in_file);
        let mass = mass.ok_or_else(|| CalorimetryError::NoMass(test.name.clone()))?;
        return Ok((values, Some(sign(dataset, method)? / mass)));
    }
    if let Ok(values) = table.values(TraceQuantity::SpecificHeat) {
        return Ok((values, None));
    }
    let found = table.channels.iter().map(Channel::describe).collect();
    Err(CalorimetryError::NoHeatFlow { test: test.name.clone(), found }.into())
}

/// A column that must be there; of several that hold the same quantity the first.
///
/// # Errors
/// [`CalorimetryError::NoColumn`].
pub fn needed<'a>(what: &str, table: &'a Recording, quantity: TraceQuantity) -> Result<&'a [f64], CalorimetryError> {
    let channel = table.channels.iter().find(|channel| channel.quantity == quantity);
    let missing = || CalorimetryError::NoColumn { what: what.to_owned(), column: quantity.word() };
    channel.map(|channel| channel.values.as_slice()).ok_or_else(missing)
}

/// Stretches over which a signal is exactly its largest or smallest value, for longer than its resolution makes it stand still elsewhere.
fn cut_off(values: &[f64]) -> Vec<std::ops::Range<usize>> {
    const FEWEST: usize = 6;
    const LONGER: usize = 3;
    let (lo, hi) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (v.min(lo), v.max(hi)));
    if values.len() < LEAST_ROWS || hi <= lo {
        return Vec::new();
    }
    let mut end = 0;
    let runs: Vec<std::ops::Range<usize>> = values
        .chunk_by(|a, b| a == b)
        .map(|run| {
            end += run.len();
            end - run.len()..end
        })
        .collect();
    let at_end = |run: &std::ops::Range<usize>| values[run.start] <= lo || values[run.start] >= hi;
    let usual = runs.iter().filter(|run| !at_end(run)).map(ExactSizeIterator::len).max().unwrap_or(0);
    let least = FEWEST.max(LONGER * usual);
    runs.into_iter().filter(|run| at_end(run) && run.len() >= least).collect()
}

/// Samples that stand alone, far from the median of their neighbours.
fn spikes(values: &[f64]) -> Vec<usize> {
    const HALF: usize = 3;
    const FAR: f64 = 12.0;
    if values.len() < LEAST_ROWS {
        return Vec::new();
    }
    let away: Vec<f64> = (0..values.len())
        .map(|i| {
            let mut near = values[i.saturating_sub(HALF)..(i + HALF + 1).min(values.len())].to_vec();
            near.sort_by(f64::total_cmp);
            values[i] - near[near.len() / 2]
        })
        .collect();
    let mut sizes: Vec<f64> = away.iter().map(|value| value.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let typical = sizes[sizes.len() * 3 / 4];
    let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
    let limit = FAR * typical.max(1e-3 * (highest - lowest));
    (0..values.len()).filter(|i| away[*i].abs() > limit).collect()
}

/// First row, end and rate (K/s) of every ramp; starts and ends where the rate is not yet or no longer right are left out.
fn ramps(time: &[f64], temperature: &[f64]) -> Vec<(usize, usize, f64)> {
    let n = time.len();
    let rates: Vec<f64> = (0..n)
        .map(|i| {
            let (a, b) = (i.saturating_sub(RATE_ROWS), (i + RATE_ROWS).min(n - 1));
            (temperature[b] - temperature[a]) / (time[b] - time[a])
        })
        .collect();
    let class = |rate: f64| {
        if rate.abs() < REST {
            0
        } else if rate > 0.0 {
            1
        } else {
            -1
        }
    };
    let mut found = Vec::new();
    let mut first = 0;
    for row in 1..=n {
        if row < n && class(rates[row]) == class(rates[first]) {
            continue;
        }
        let span = (temperature[row - 1] - temperature[first]).abs();
        if class(rates[first]) != 0 && row - first >= LEAST_ROWS && span >= LEAST_SPAN {
            found.extend(steady(&rates, first, row).map(|(a, b)| (a, b, straight_slope(&time[a..b], &temperature[a..b]))));
        }
        first = row;
    }
    found
}

fn steady(rates: &[f64], first: usize, end: usize) -> Option<(usize, usize)> {
    let mut sorted = rates[first..end].to_vec();
    sorted.sort_by(f64::total_cmp);
    let usual = sorted[sorted.len() / 2];
    let fits = |row: &usize| (rates[*row] / usual - 1.0).abs() <= STEADY;
    let a = (first..end).find(fits)?;
    let b = (first..end).rev().find(fits)? + 1;
    (b >= a + LEAST_ROWS).then_some((a, b))
}

fn straight_slope(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let (mut sxx, mut sxy) = (0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        sxx += (x - mx) * (x - mx);
        sxy += (x - mx) * (y - my);
    }
    sxy / sxx
}

/// The stated rate against that of a scan.
///
/// # Errors
/// [`CalorimetryError::OtherRate`].
pub fn check_rate(dataset: &Dataset, scan: &Scan) -> Result<(), MethodError> {
    match optional(&dataset.constants, &HEATING_RATE)? {
        Some(stated) if (scan.rate.abs() / stated - 1.0).abs() > RATE_SHARE => {
            Err(CalorimetryError::OtherRate { stated, found: scan.rate.abs() }.into())
        }
        _ => Ok(()),
    }
}

/// A doubt about mass or unit where a heat capacity is none of a metal; a baseline of the instrument can be the reason.
pub fn doubt(heat_capacity: &[f64]) -> Option<Note> {
    let mut sorted = heat_capacity.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = *sorted.get(sorted.len() / 2)?;
    let possible = (PLAUSIBLE[0]..=PLAUSIBLE[1]).contains(&middle);
    let text = format!(
        "the heat capacity is about {:.3} J/(g K), outside 0.1 to 1.5: a heat flow per mass that was divided by the mass again, a rate per minute, or the \
         baseline of the instrument",
        1e-3 * middle
    );
    (!possible).then(|| Note::warning("heat_capacity_implausible", text))
}
