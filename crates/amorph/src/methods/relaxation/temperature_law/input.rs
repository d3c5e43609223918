use super::algorithm::Series;
use crate::core::data::Table;
use crate::core::outcome::Note;
use crate::core::unit::Quantity;
use crate::method::{Dataset, MethodError};
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::columns::{column, has, optional};
use crate::methods::relaxation::constants::{GLASS_TRANSITION, SHEAR_MODULUS};

/// What the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Relaxation times, s.
    Time,
    /// Viscosities, Pa s.
    Viscosity,
    /// Frequencies of a loss peak, in cycles.
    PeakFrequency,
    /// Angular frequencies of a loss peak.
    AngularFrequency,
    /// Shift factors, log10.
    Shift,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Time, Self::Viscosity, Self::PeakFrequency, Self::AngularFrequency, Self::Shift];

    fn column(self) -> (&'static str, &'static str) {
        match self {
            Self::Time => ("relaxation_time", "s"),
            Self::Viscosity => ("viscosity", "Pa s"),
            Self::PeakFrequency => ("peak_frequency", "Hz"),
            Self::AngularFrequency => ("angular_frequency", "rad/s"),
            Self::Shift => ("shift_factor_log10", ""),
        }
    }

    /// What is drawn.
    pub fn axis(self) -> &'static str {
        match self {
            Self::Viscosity => "log10 (viscosity / Pa s)",
            Self::Shift => "log10 shift factor",
            _ => "log10 (relaxation time / s)",
        }
    }

    /// ln of a time or viscosity of a value.
    fn ln(self, value: f64) -> f64 {
        match self {
            Self::Time | Self::Viscosity => value.ln(),
            Self::PeakFrequency => -(2.0 * std::f64::consts::PI * value).ln(),
            Self::AngularFrequency => -value.ln(),
            Self::Shift => value * std::f64::consts::LN_10,
        }
    }
}

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) kind: Kind,
    pub(super) series: Series,
    pub(super) glass_transition: Option<f64>,
    pub(super) shear_modulus: Option<f64>,
    pub(super) notes: Vec<Note>,
}

/// Fewest readings.
const FEWEST: usize = 4;

pub(super) fn input(dataset: &Dataset, temperature_error: Option<&Quantity>) -> Result<Input, MethodError> {
    let table = dataset.table()?;
    let present: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| has(table, kind.column().0)).collect();
    let [kind] = present[..] else {
        let names = |kinds: &[Kind]| kinds.iter().map(|kind| kind.column().0.to_owned()).collect();
        return Err(RelaxationError::OneColumn { needed: names(&Kind::ALL), found: names(&present) }.into());
    };
    let mut notes = Vec::new();
    let mut rows = rows(table, kind, &mut notes)?;
    if rows.len() < FEWEST {
        return Err(too_few(rows.len()));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let distinct = 1 + rows.windows(2).filter(|pair| pair[1].0 > pair[0].0 * 1.000_01).count();
    if distinct < FEWEST {
        return Err(too_few(distinct));
    }
    let stated = rows.iter().all(|row| row.2.is_some());
    let series = Series {
        temperatures: rows.iter().map(|row| row.0).collect(),
        values: rows.iter().map(|row| row.1).collect(),
        errors: rows.iter().map(|row| row.2.filter(|_| stated).unwrap_or(1.0)).collect(),
        stated,
    };
    if !stated {
        let text =
            "no column of errors: their size comes from the scatter around the law, so that a law cannot be rejected by it";
        notes.push(Note::info("errors_from_scatter", text));
    }
    let series = with_temperature_error(series, temperature_error, &mut notes);
    let [glass_transition, shear_modulus] = [
        dataset.constants.positive(&GLASS_TRANSITION)?.map(|quantity| quantity.value),
        dataset.constants.positive(&SHEAR_MODULUS)?.map(|quantity| quantity.value),
    ];
    Ok(Input { kind, series, glass_transition, shear_modulus, notes })
}

fn too_few(found: usize) -> MethodError {
    RelaxationError::TooFew { what: "temperatures with a value".to_owned(), found, needed: FEWEST }.into()
}

/// Temperature, ln y and its error of every row with numbers.
fn rows(table: &Table, kind: Kind, notes: &mut Vec<Note>) -> Result<Vec<(f64, f64, Option<f64>)>, MethodError> {
    let (name, unit) = kind.column();
    let (temperatures, values) = (column(table, "temperature", "K")?, column(table, name, unit)?);
    let errors = optional(table, &format!("{name}_error"), unit)?;
    let mut rows = Vec::new();
    let mut missing = 0;
    for (i, (t, value)) in temperatures.iter().zip(&values).enumerate() {
        let wrong =
            |column: &str, value: f64, rule| RelaxationError::Impossible { row: i + 1, column: column.to_owned(), value, rule };
        if !(t.is_finite() && value.is_finite()) {
            missing += 1;
            continue;
        }
        if *t <= 0.0 {
            return Err(wrong("temperature", *t, "is not above zero").into());
        }
        if kind != Kind::Shift && *value <= 0.0 {
            return Err(wrong(name, *value, "is not above zero").into());
        }
        let error = errors.as_ref().map(|errors| errors[i]);
        if let Some(error) = error.filter(|error| error.is_nan() || *error <= 0.0) {
            // The reference of shift factors has no error of its own.
            if kind == Kind::Shift && *value == 0.0 {
                continue;
            }
            return Err(wrong(&format!("{name}_error"), error, "is not above zero").into());
        }
        let error = error.map(|error| if kind == Kind::Shift { error * std::f64::consts::LN_10 } else { error / value });
        rows.push((*t, kind.ln(*value), error));
    }
    if missing > 0 {
        notes.push(Note::info("rows_missing", format!("{missing} rows without a number in one of the columns are left out")));
    }
    Ok(rows)
}

/// Errors with that of the temperature: the slope of the VFT law through all readings times it.
fn with_temperature_error(series: Series, error: Option<&Quantity>, notes: &mut Vec<Note>) -> Series {
    let Some(error) = error.filter(|error| error.value > 0.0) else { return series };
    if !series.stated {
        let text = "temperature_error is not used: without a column of errors the scatter holds both";
        notes.push(Note::info("temperature_error_unused", text));
        return series;
    }
    let Some(law) = super::algorithm::fit(&series, super::algorithm::Law::Vft) else { return series };
    let of = |(t, own): (&f64, &f64)| own.hypot(law.slope(*t) / (t * t) * error.value);
    let errors = series.temperatures.iter().zip(&series.errors).map(of).collect();
    Series { errors, ..series }
}
