//! Columns of a pattern, and why one cannot be used.

use crate::core::data::Table;
use crate::core::unit::Unit;
use crate::method::{MethodError, Refusal};

/// Where the first halo of a metallic glass lies, 1/m.
const HALO: [f64; 2] = [1e10, 6e10];

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum PatternError {
    /// The axis has no unit.
    #[error("column '{column}' has no unit: it could be Q, 1/d or an angle")]
    NoUnit { column: String },
    /// Not ascending.
    #[error("column '{column}' does not ascend at row {row}: {before:.6e} is followed by {after:.6e}")]
    NotAscending { column: String, row: usize, before: f64, after: f64 },
    /// Sectors on different grids.
    #[error("the sector at {azimuth:.2} deg has other values of '{column}' than the first")]
    OtherGrid { azimuth: f64, column: String },
    /// Too few.
    #[error("{found} {what}; at least {needed} are needed")]
    TooFew { what: &'static str, found: usize, needed: usize },
    /// Sectors that do not tell the anisotropy.
    #[error("{sectors} sectors cover {covered:.0} deg of the azimuth; six over 90 deg are needed")]
    Coverage { sectors: usize, covered: f64 },
    /// Values that cannot be.
    #[error("column '{column}' has {value:.4e} in row {row}: {rule}")]
    Impossible { column: String, value: f64, row: usize, rule: &'static str },
    /// Not a structure factor.
    #[error("'{column}' ends at {value:.3} at large Q: a structure factor goes to one there")]
    NotNormalised { column: String, value: f64 },
    /// A parameter out of range.
    #[error("{name} = {found} is not {needed}")]
    Parameter { name: &'static str, found: f64, needed: &'static str },
    /// A formula that is none.
    #[error("composition = \"{composition}\" is no alloy: {reason}")]
    Composition { composition: String, reason: String },
    /// A correction that goes by the angle.
    #[error("{what} needs the wavelength")]
    NeedsWavelength { what: String },
    /// A correction of X-rays, asked for with electrons.
    #[error("{name} is a correction of X-rays, and radiation is \"electrons\"")]
    OnlyXRays { name: &'static str },
    /// Nothing to plot against.
    #[error("there is none of the columns {}", columns.iter().map(|column| format!("'{column}'")).collect::<Vec<_>>().join(", "))]
    NoAxis { columns: Vec<String> },
    /// The background does not reach far enough.
    #[error("the background goes from {first:.4e} to {last:.4e} 1/m, the pattern from {:.4e} to {:.4e} 1/m", wanted[0], wanted[1])]
    NoOverlap { first: f64, last: f64, wanted: [f64; 2] },
    /// Counts that no scale brings to electrons.
    #[error("the counts ask for a scale of {scale:.3e}, which cannot be")]
    NoScale { scale: f64 },
    /// No peak.
    #[error("no peak could be fitted in {what}")]
    NoPeak { what: String },
}

impl Refusal for PatternError {
    fn hint(&self) -> String {
        match self {
            Self::NoUnit { column } => format!("write what it is: '{column} (1/A)' or '{column} (1/nm)'"),
            Self::NotAscending { .. } => "sort the file; rows of one sector belong together".to_owned(),
            Self::OtherGrid { .. } => "interpolate all sectors to one grid of Q".to_owned(),
            Self::TooFew { .. } | Self::Coverage { .. } => {
                "integrate the detector into more sectors, or measure further".to_owned()
            }
            Self::Impossible { .. } => "correct the row".to_owned(),
            Self::NotNormalised { .. } => {
                "normalise the intensity by form factors, Compton scattering and background first".to_owned()
            }
            Self::Parameter { .. } => "correct the parameter".to_owned(),
            Self::Composition { .. } => {
                "state it under the method: [method.\"scattering.structure_factor\"] composition = \"Zr52.5Cu17.9Ni14.6Al10Ti5\"".to_owned()
            }
            Self::NeedsWavelength { .. } => "state wavelength = \"0.154 nm\" in the measurement".to_owned(),
            Self::OnlyXRays { .. } => "leave it out, or state radiation = \"x_ray\"".to_owned(),
            Self::NoAxis { .. } => {
                "say which column it is and in which unit: columns = { q = { column = 1, unit = \"1/A\" }, intensity = { column = 2 } }; q is 4π sin θ/λ, inverse_d 1/d, sin_theta_over_lambda sin θ/λ, two_theta an angle in \"deg\"".to_owned()
            }
            Self::NoOverlap { .. } => "measure the background over the same range, or set smallest_q and largest_q".to_owned(),
            Self::NoScale { .. } => {
                "check composition, number_density and background_scale, and whether the axis is what its column says: Q, 1/d or sin θ/λ"
                    .to_owned()
            }
            Self::NoPeak { .. } => "state the range of the peak: from and to".to_owned(),
        }
    }
}

/// A pattern: one sector, or many on one grid.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pattern {
    /// Q, 1/m, ascending.
    pub q: Vec<f64>,
    /// Azimuths of the sectors, rad; one of zero where the table has none.
    pub azimuths: Vec<f64>,
    /// Values of every sector.
    pub values: Vec<Vec<f64>>,
    /// Their standard errors, where known.
    pub errors: Option<Vec<Vec<f64>>>,
}

/// Names of the columns.
pub(super) struct Names<'a> {
    pub q: &'a str,
    pub azimuth: Option<&'a str>,
    pub value: &'a str,
    pub error: &'a str,
}

pub(super) fn read(table: &Table, names: &Names<'_>) -> Result<Pattern, MethodError> {
    if table.numbers(names.q)?.0.dimension() == Unit::one().dimension() {
        return Err(PatternError::NoUnit { column: names.q.to_owned() }.into());
    }
    let q = table.numbers_in(names.q, "1/m")?;
    let (_, values) = table.numbers(names.value)?;
    let errors = if table.has(names.error) { Some(table.numbers(names.error)?.1) } else { None };
    let azimuth = names.azimuth.map(|name| table.numbers_in(name, "rad")).transpose()?;
    let mut pattern = Pattern { q: Vec::new(), azimuths: Vec::new(), values: Vec::new(), errors: errors.map(|_| Vec::new()) };
    let same = |a: usize, b: usize| azimuth.as_ref().is_none_or(|azimuth| azimuth[a] == azimuth[b]);
    let mut first = 0;
    while first < q.len() {
        let end = (first..q.len()).find(|row| !same(first, *row)).unwrap_or(q.len());
        let grid = &q[first..end];
        if let Some(row) =
            (1..grid.len()).find(|row| grid[*row].partial_cmp(&grid[*row - 1]) != Some(std::cmp::Ordering::Greater))
        {
            let column = names.q.to_owned();
            let (before, after) = (grid[row - 1], grid[row]);
            return Err(PatternError::NotAscending { column, row: first + row + 1, before, after }.into());
        }
        let at = azimuth.as_ref().map_or(0.0, |azimuth| azimuth[first]);
        if pattern.q.is_empty() {
            pattern.q = grid.to_vec();
        } else if grid != pattern.q.as_slice() {
            return Err(PatternError::OtherGrid { azimuth: at.to_degrees(), column: names.q.to_owned() }.into());
        }
        pattern.azimuths.push(at);
        pattern.values.push(finite(values, first..end, names.value)?);
        if let (Some(all), Some(errors)) = (&mut pattern.errors, errors) {
            all.push(positive(errors, first..end, names.error)?);
        }
        first = end;
    }
    Ok(pattern)
}

fn finite(values: &[f64], rows: std::ops::Range<usize>, column: &str) -> Result<Vec<f64>, PatternError> {
    match rows.clone().find(|row| !values[*row].is_finite()) {
        Some(row) => {
            let rule = "a pattern has no gaps";
            Err(PatternError::Impossible { column: column.to_owned(), value: values[row], row: row + 1, rule })
        }
        None => Ok(values[rows].to_vec()),
    }
}

fn positive(values: &[f64], rows: std::ops::Range<usize>, column: &str) -> Result<Vec<f64>, PatternError> {
    match rows.clone().find(|row| !(values[*row] > 0.0 && values[*row].is_finite())) {
        Some(row) => {
            let rule = "an error is greater than zero";
            Err(PatternError::Impossible { column: column.to_owned(), value: values[row], row: row + 1, rule })
        }
        None => Ok(values[rows].to_vec()),
    }
}

/// Refuses what does not go to one at large Q.
pub(super) fn require_normalised(values: &[f64], column: &str) -> Result<(), PatternError> {
    let tail = &values[values.len() - (values.len() / 10).max(1)..];
    let value = tail.iter().sum::<f64>() / tail.len() as f64;
    if (value - 1.0).abs() < 0.2 { Ok(()) } else { Err(PatternError::NotNormalised { column: column.to_owned(), value }) }
}

/// Whether the highest value lies where halos of metallic glasses do.
pub(super) fn is_plausible(q: &[f64], values: &[f64]) -> bool {
    let highest = (0..q.len()).max_by(|a, b| values[*a].total_cmp(&values[*b]));
    highest.is_none_or(|place| (HALO[0]..=HALO[1]).contains(&q[place]))
}
