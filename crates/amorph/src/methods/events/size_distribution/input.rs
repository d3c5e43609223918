use super::super::found::Found;
use super::blurred::Detection;
use super::error::{FEWEST_EVENTS, SizesError};
use super::{EfficiencyOf, FitMethod, Model, SizeDistribution, Threshold, scan};
use crate::core::data::{ColumnValues, Table};
use crate::core::fit::NelderMead;
use crate::core::outcome::Note;
use crate::core::stats::normal_cdf;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, MethodError};

/// Sizes that can be fitted.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) column: String,
    /// Unit of the sizes; the values are SI.
    pub(super) unit: Unit,
    pub(super) xmin: f64,
    /// Sizes at or above `xmin`, ascending.
    pub(super) sizes: Vec<f64>,
    /// All sizes, ascending.
    pub(super) all: Vec<f64>,
    /// How sizes come to be seen as they are.
    pub(super) seen: Seen,
    pub(super) notes: Vec<Note>,
}

/// How sizes come to be seen as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Seen {
    /// As they are.
    Exactly,
    /// Rounded to multiples of a step, in units of `xmin`, from the lowest one that is kept.
    Rounded {
        /// The step.
        step: f64,
        /// The lowest multiple.
        lowest: f64,
    },
    /// With errors and in part, in units of `xmin`.
    In(Detection),
    /// As whole numbers.
    Counted,
}

/// Fewest replicates of a goodness-of-fit test.
const FEWEST_REPLICATES: usize = 20;

pub(super) fn collect(method: &SizeDistribution, dataset: &Dataset) -> Result<Input, MethodError> {
    let found = Found::of(dataset).filter(|_| dataset.table().is_err());
    let made = found.map(|found| sizes_of(method, &found)).transpose()?;
    let table = match &made {
        Some(table) => table,
        None => dataset.table()?,
    };
    let column = match &method.column {
        Some(column) => column.clone(),
        None => only_numbers(table)?,
    };
    let (unit, values) = table.numbers(&column)?;
    if method.bootstrap != 0 && method.bootstrap < FEWEST_REPLICATES {
        return Err(SizesError::TooFewReplicates { found: method.bootstrap, needed: FEWEST_REPLICATES }.into());
    }
    check_parameters(method)?;
    let mut notes = Vec::new();
    let missing = values.iter().filter(|value| value.is_nan()).count();
    if missing > 0 {
        notes.push(Note::warning("sizes_missing", format!("{missing} rows without a number in '{column}' were left out")));
    }
    let wrong = |value: f64| value <= 0.0 || value.is_infinite();
    if let Some(row) = values.iter().position(|value| wrong(*value)) {
        let count = values.iter().filter(|value| wrong(**value)).count();
        return Err(SizesError::NotSizes { column, count, total: values.len(), value: values[row], row: row + 1 }.into());
    }
    let mut sizes: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let (Some(&smallest), Some(&largest)) = (sizes.first(), sizes.last()) else {
        return Err(SizesError::TooFew { n: 0, xmin: 0.0, needed: FEWEST_EVENTS }.into());
    };
    let xmin = match &method.xmin {
        Some(xmin) => {
            if unit.is_known() {
                xmin.unit.require(unit)?;
            }
            xmin.value
        }
        None if method.threshold == Threshold::Scan => {
            let chosen =
                chooser(method)(&sizes).ok_or(SizesError::TooFew { n: sizes.len(), xmin: smallest, needed: FEWEST_EVENTS })?;
            let message = "xmin is where the law is closest to the data; intervals of the exponent do not contain this choice";
            notes.push(Note::info("xmin_scanned", message));
            chosen.xmin
        }
        None if found.is_some_and(|found| found.complete_from().is_some()) => {
            let from = found.and_then(|found| found.complete_from()).unwrap_or(smallest);
            let message =
                format!("sizes are fitted from {from:.3e}: 95 % of larger spikes are found, and errors of sizes matter little");
            notes.push(Note::info("xmin_from_efficiency", message));
            from
        }
        None => {
            notes.push(Note::info(
                "xmin_smallest",
                "the smallest size was taken as xmin; give xmin if small events are missed or cut off".to_owned(),
            ));
            smallest
        }
    };
    if !(xmin > 0.0 && xmin.is_finite()) {
        return Err(SizesError::BadThreshold { xmin }.into());
    }
    if xmin > largest {
        return Err(SizesError::AboveAll { xmin, column, smallest, largest }.into());
    }
    let all = sizes.clone();
    let below = sizes.partition_point(|size| *size < xmin * (1.0 - 1e-12));
    let sizes = sizes.split_off(below);
    if below > 0 {
        notes.push(Note::info("below_xmin", format!("{below} events below xmin were left out")));
    }
    if sizes.len() < FEWEST_EVENTS {
        return Err(SizesError::TooFew { n: sizes.len(), xmin, needed: FEWEST_EVENTS }.into());
    }
    if sizes[0] == largest {
        return Err(SizesError::AllEqual { n: sizes.len(), column, value: largest }.into());
    }
    let seen = seen(method, found.as_ref(), unit, &column, xmin, &sizes, &mut notes)?;
    Ok(Input { column, unit: unit.clone(), xmin, sizes, all, seen, notes })
}

/// What finds the smallest size.
pub(super) fn chooser(method: &SizeDistribution) -> fn(&[f64]) -> Option<scan::Chosen> {
    match method.model {
        Model::TruncatedPowerLaw => scan::truncated_power_law,
        Model::PowerLaw if method.counts => scan::zeta,
        Model::PowerLaw => scan::power_law,
    }
}

fn check_parameters(method: &SizeDistribution) -> Result<(), SizesError> {
    let wrong = |name, found: String, reason| Err(SizesError::Parameter { name, found, reason });
    if method.counts && method.model != Model::PowerLaw {
        return wrong(
            "counts",
            "true".to_owned(),
            "needs model = \"power_law\"; for counts with a cut-off give rounding = \"1\"",
        );
    }
    let blurs = [method.size_error.is_some(), method.efficiency_half.is_some()].contains(&true);
    if method.counts && (method.rounding.is_some() || blurs) {
        return wrong("counts", "true".to_owned(), "excludes rounding, size_error and efficiency_half");
    }
    if method.threshold == Threshold::Scan && (method.rounding.is_some() || blurs) {
        return wrong("threshold", "scan".to_owned(), "excludes rounding, size_error and efficiency_half: give xmin");
    }
    if method.method == FitMethod::PaperHistogram && (method.counts || method.rounding.is_some() || blurs) {
        return wrong("method", "paper_histogram".to_owned(), "takes sizes as they are");
    }
    if !(method.efficiency_most > 0.0 && method.efficiency_most <= 1.0) {
        return wrong("efficiency_most", method.efficiency_most.to_string(), "a share above 0 and at most 1 is needed");
    }
    if !(method.efficiency_width >= 0.0 && method.efficiency_width.is_finite()) {
        return wrong("efficiency_width", method.efficiency_width.to_string(), "a width of zero or more is needed");
    }
    match method.size_bias {
        Some(bias) if !(bias > -1.0 && bias.is_finite()) => wrong("size_bias", bias.to_string(), "must be above -1"),
        _ => Ok(()),
    }
}

/// A size that the study states, SI.
fn stated(name: &'static str, quantity: Option<&Quantity>, unit: &Unit) -> Result<Option<f64>, MethodError> {
    let Some(quantity) = quantity else { return Ok(None) };
    if unit.is_known() {
        quantity.unit.require(unit)?;
    }
    if !(quantity.value > 0.0 && quantity.value.is_finite()) {
        let (found, reason) = (quantity.to_string(), "must be above zero");
        return Err(SizesError::Parameter { name, found, reason }.into());
    }
    Ok(Some(quantity.value))
}

#[allow(clippy::too_many_arguments, reason = "a list, where it begins, and what is known of it")]
fn seen(
    method: &SizeDistribution,
    found: Option<&Found<'_>>,
    unit: &Unit,
    column: &str,
    xmin: f64,
    sizes: &[f64],
    notes: &mut Vec<Note>,
) -> Result<Seen, MethodError> {
    if method.counts {
        return counted(column, sizes).map_err(Into::into);
    }
    let error = stated("size_error", method.size_error.as_ref(), unit)?;
    let half = stated("efficiency_half", method.efficiency_half.as_ref(), unit)?;
    let smallest = stated("smallest", method.smallest.as_ref(), unit)?;
    let step = stated("rounding", method.rounding.as_ref(), unit)?;
    // Uniform errors of a step have a standard deviation of step/√12.
    let of_step = step.map_or(0.0, |step| step * step / 12.0);
    let injected = found.filter(|_| method.correct && method.method == FitMethod::Likelihood && step.is_none());
    let known = injected.and_then(measured_efficiency);
    if error.is_none() && half.is_none() && known.is_none() {
        return match step {
            Some(step) => rounded(column, xmin, sizes, step).map_err(Into::into),
            None => Ok(Seen::Exactly),
        };
    }
    let known = known.unwrap_or(Detection {
        most: 1.0,
        mu: f64::NEG_INFINITY,
        width: 0.0,
        of_true_size: false,
        bias: 0.0,
        spread: 0.0,
        smallest: 0.0,
    });
    let spread = error.map_or(known.spread * known.spread, |error| error * error) + of_step;
    let spread = spread.sqrt() / xmin;
    let bias = method.size_bias.unwrap_or(known.bias);
    // Where nothing is said of half efficiency everything is found, far below the smallest size.
    let mu = half.map_or(known.mu, f64::ln) - xmin.ln();
    let detection = Detection {
        most: if half.is_some() { method.efficiency_most } else { known.most },
        mu: if mu.is_finite() { mu } else { -50.0 },
        width: if half.is_some() { method.efficiency_width } else { known.width },
        of_true_size: method.efficiency_of == EfficiencyOf::TrueSize,
        bias,
        spread,
        smallest: smallest.map_or_else(|| (1.0 - 6.0 * spread).max(0.05) / (1.0 + bias), |smallest| smallest / xmin),
    };
    if smallest.is_none() && spread > 0.2 {
        let message = format!(
            "errors of sizes are {spread:.2} xmin: how the law goes on far below xmin matters; state smallest, or raise xmin to five errors"
        );
        notes.push(Note::warning("errors_large", message));
    }
    if detection.share(1.0) < 0.5 * detection.most {
        let message =
            "fewer than half of the events at xmin are found: the exponent rests on the efficiency; raise xmin".to_owned();
        notes.push(Note::warning("efficiency_low", message));
    }
    Ok(Seen::In(detection))
}

fn counted(column: &str, sizes: &[f64]) -> Result<Seen, SizesError> {
    let wrong: Vec<f64> = sizes.iter().copied().filter(|size| size.fract() != 0.0).collect();
    match wrong.first() {
        None => Ok(Seen::Counted),
        Some(&value) => Err(SizesError::NotCounts { column: column.to_owned(), count: wrong.len(), total: sizes.len(), value }),
    }
}

fn rounded(column: &str, xmin: f64, sizes: &[f64], step: f64) -> Result<Seen, SizesError> {
    let off = |size: &f64| (size / step - (size / step).round()).abs() > 1e-3 || *size < 0.5 * step;
    let wrong: Vec<f64> = sizes.iter().copied().filter(off).collect();
    match wrong.first() {
        None => Ok(Seen::Rounded { step: step / xmin, lowest: (xmin / step - 1e-3).ceil().max(1.0) * step / xmin }),
        Some(&value) => {
            let (count, total) = (wrong.len(), sizes.len());
            Err(SizesError::NotRounded { column: column.to_owned(), count, total, step, value })
        }
    }
}

/// The efficiency of events.spikes, from its counts of injected spikes; sizes SI.
fn measured_efficiency(found: &Found<'_>) -> Option<Detection> {
    let table = found.outcome.table("efficiency")?;
    let column = |name: &str| table.numbers(name).ok().map(|(_, values)| values);
    let (sizes, injected, seen) = (column("size")?, column("injected")?, column("found")?);
    let bins: Vec<(f64, f64, f64)> =
        sizes.iter().zip(injected).zip(seen).map(|((size, n), found)| (size.ln(), *n, *found)).collect();
    let curve = |at: &[f64], u: f64| normal_cdf((u - at[1]) / at[2].exp()) / (1.0 + at[0].exp());
    let negative = |at: &[f64]| {
        let each = |(u, n, found): &(f64, f64, f64)| {
            let share = curve(at, *u).clamp(1e-9, 1.0 - 1e-9);
            found * share.ln() + (n - found) * (1.0 - share).ln()
        };
        // Where everything large is found the share of the largest tends to one without end.
        -bins.iter().map(each).sum::<f64>() + 1e-3 * at[0] * at[0]
    };
    let half = found.outcome.estimate("detection_efficiency_50")?.value;
    let best = NelderMead::default().minimise(negative, &[-4.0, half.ln(), -1.5], &[1.0, 0.2, 0.3]).ok()?;
    let biases = column("relative_bias")?;
    let large = || sizes.iter().zip(seen).zip(biases).filter(|((size, seen), _)| **size > 2.0 * half && **seen > 0.0);
    let weight: f64 = large().map(|((_, seen), _)| seen).sum();
    let bias = large().map(|((_, seen), bias)| seen * bias).sum::<f64>() / weight;
    let errors = found.table.numbers("size_error").ok()?.1;
    let spread = crate::core::stats::median(&errors.iter().copied().filter(|error| *error > 0.0).collect::<Vec<f64>>()).ok()?;
    let detection = Detection {
        most: 1.0 / (1.0 + best.x[0].exp()),
        mu: best.x[1],
        width: best.x[2].exp(),
        of_true_size: false,
        bias: if bias.is_finite() { bias } else { 0.0 },
        spread,
        smallest: 0.0,
    };
    Some(detection)
}

/// Sizes of the spikes of an earlier result, as a list.
fn sizes_of(method: &SizeDistribution, found: &Found<'_>) -> Result<Table, MethodError> {
    let (unit, sizes) = found.table.numbers("size")?;
    let chosen = found.rows(method.sign).into_iter().map(|row| sizes[row]).collect();
    Ok(Table::new("spikes", "Sizes of spikes").with_numbers("size", unit.symbol(), chosen))
}

fn only_numbers(table: &Table) -> Result<String, SizesError> {
    let numbers = table.columns.iter().filter(|column| matches!(column.values, ColumnValues::Numbers(_)));
    let mut names: Vec<String> = numbers.map(|column| column.name.clone()).collect();
    match names.len() {
        0 => Err(SizesError::NoColumn),
        1 => Ok(names.remove(0)),
        _ => Err(SizesError::WhichColumn { columns: names }),
    }
}
