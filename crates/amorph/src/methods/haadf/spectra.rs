//! Energy-loss spectra from a table or from a spectrum image.

use std::ops::Range;

use ndarray::Array2;

use crate::core::ctx::Ctx;
use crate::core::data::{AxisRole, ColumnValues, Data, Extent, FrameStack, Pixels, Table};
use crate::core::unit::Unit;
use crate::method::{Dataset, MethodError, Refusal};

/// Channels of equal width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EnergyAxis {
    /// Energy of the first channel, eV.
    pub first: f64,
    /// Width of a channel, eV.
    pub step: f64,
}

impl EnergyAxis {
    /// Energy at a channel, eV; channel centres are whole numbers.
    pub fn at(&self, channel: f64) -> f64 {
        self.first + self.step * channel
    }
}

/// Why there are no spectra.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum SpectraError {
    /// Neither a spectrum nor a spectrum image.
    #[error("a spectrum (table of energy and counts) or a spectrum image with an energy axis is needed, found {found}")]
    NoSpectrum { found: String },
    /// An energy axis without a unit or step.
    #[error("the energy axis '{axis}' has no usable unit or step ({found}); it must be in eV")]
    NoEnergy { axis: String, found: String },
    /// An axis that does not rise evenly.
    #[error(
        "the energies in column '{column}' do not rise in equal steps: row {row} has a step of {step:.4} eV after {expected:.4} eV"
    )]
    Uneven { column: String, row: usize, step: f64, expected: f64 },
    /// More data than memory.
    #[error("the spectrum image needs {needed} MiB in memory; {allowed} MiB are allowed")]
    TooLarge { needed: usize, allowed: usize },
    /// The file is cut.
    #[error("{missing} of {total} frames of the spectrum image are missing")]
    Missing { missing: usize, total: usize },
}

impl Refusal for SpectraError {
    fn hint(&self) -> String {
        match self {
            Self::NoSpectrum { .. } => "`amorph info <file>` shows what the file holds".to_owned(),
            Self::NoEnergy { .. } => {
                "calibrate the axis in the acquisition program, or write the table with a column in eV".to_owned()
            }
            Self::Uneven { .. } => "resample the spectrum to equal steps".to_owned(),
            Self::TooLarge { .. } => "crop or bin the spectrum image, or allow more memory".to_owned(),
            Self::Missing { .. } => "copy the file again from the microscope".to_owned(),
        }
    }
}

/// Where the spectra are.
#[derive(Debug)]
pub enum Spectra<'a> {
    /// One.
    One {
        /// Counts per channel.
        counts: Vec<f64>,
        /// Their energies.
        axis: EnergyAxis,
    },
    /// One at every position.
    Image {
        /// The frames.
        stack: &'a FrameStack,
        /// Which axis is that of energy.
        energy: usize,
        /// Its energies.
        axis: EnergyAxis,
    },
}

/// Spectra in memory: `[position, channel]`, positions row by row.
#[derive(Debug)]
pub struct Loaded {
    /// Counts.
    pub counts: Array2<f32>,
    /// Rows and columns of positions.
    pub shape: (usize, usize),
    /// Size of the field, where the file tells.
    pub extent: Option<Extent>,
}

/// The spectra of a dataset.
pub(super) fn spectra_of(dataset: &Dataset) -> Result<Spectra<'_>, MethodError> {
    for data in &dataset.data {
        match data {
            Data::Table(table) => return of_table(table),
            Data::Stack(stack) => return of_stack(stack),
            _ => {}
        }
    }
    let found = dataset.data.first().map_or("nothing", Data::kind).to_owned();
    Err(SpectraError::NoSpectrum { found }.into())
}

fn electronvolts(joules: f64) -> f64 {
    Unit::of("eV").convert_si(joules)
}

fn of_table(table: &Table) -> Result<Spectra<'static>, MethodError> {
    let joule = Unit::of("J");
    let energy = table.columns.iter().find(|column| column.unit.is_compatible(&joule));
    let energy = energy.ok_or_else(|| SpectraError::NoEnergy {
        axis: table.columns.first().map_or_else(String::new, |column| column.name.clone()),
        found: "no column in eV".to_owned(),
    })?;
    let numbers = |values: &ColumnValues| match values {
        ColumnValues::Numbers(values) => Some(values.clone()),
        ColumnValues::Text(_) => None,
    };
    let counts = table.columns.iter().filter(|column| column.name != energy.name).find_map(|column| numbers(&column.values));
    let (Some(energies), Some(counts)) = (numbers(&energy.values), counts) else {
        return Err(SpectraError::NoSpectrum { found: "a table without two columns of numbers".to_owned() }.into());
    };
    let energies: Vec<f64> = energies.iter().map(|e| electronvolts(energy.unit.to_si(*e))).collect();
    let n = energies.len();
    let step = if n > 1 { (energies[n - 1] - energies[0]) / (n - 1) as f64 } else { f64::NAN };
    // Rounded numbers in a text file move steps by a few per cent.
    let is_even = |pair: &[f64]| (pair[1] - pair[0] - step).abs() < 0.2 * step;
    let uneven = energies.windows(2).position(|pair| !is_even(pair));
    if let Some(row) = uneven.or((n < 2).then_some(0)) {
        let found = energies.get(row + 1).map_or(f64::NAN, |next| next - energies[row]);
        return Err(SpectraError::Uneven { column: energy.name.clone(), row: row + 2, step: found, expected: step }.into());
    }
    Ok(Spectra::One { counts, axis: EnergyAxis { first: energies[0], step } })
}

fn of_stack(stack: &FrameStack) -> Result<Spectra<'_>, MethodError> {
    let energy = stack.axes.iter().position(|axis| axis.role == AxisRole::Energy);
    let Some(energy) = energy.filter(|_| stack.axes.len() == 3) else {
        return Err(SpectraError::NoSpectrum { found: format!("a stack of {}", stack.describe()) }.into());
    };
    if stack.n_present < stack.n_frames() {
        return Err(SpectraError::Missing { missing: stack.n_frames() - stack.n_present, total: stack.n_frames() }.into());
    }
    let axis = &stack.axes[energy];
    let no_energy = || SpectraError::NoEnergy { axis: axis.name.clone(), found: format!("unit '{}'", axis.unit) };
    let step = axis.usable_step("J").filter(|step| *step > 0.0).ok_or_else(no_energy)?;
    let first = axis.unit.to_si(axis.offset.unwrap_or(0.0));
    Ok(Spectra::Image { stack, energy, axis: EnergyAxis { first: electronvolts(first), step: electronvolts(step) } })
}

impl Spectra<'_> {
    /// The energies.
    pub fn axis(&self) -> EnergyAxis {
        match self {
            Self::One { axis, .. } | Self::Image { axis, .. } => *axis,
        }
    }

    /// Number of channels.
    pub fn n_channels(&self) -> usize {
        match self {
            Self::One { counts, .. } => counts.len(),
            Self::Image { stack, energy, .. } => stack.shape()[*energy],
        }
    }

    /// Brings the channels `wanted` of all spectra into memory.
    pub(super) fn load(&self, wanted: &Range<usize>, ctx: &Ctx) -> Result<Loaded, MethodError> {
        match self {
            Self::One { counts, .. } => {
                let values = counts[wanted.clone()].iter().map(|count| *count as f32).collect();
                let counts = Array2::from_shape_vec((1, wanted.len()), values).unwrap_or_default();
                Ok(Loaded { counts, shape: (1, 1), extent: None })
            }
            Self::Image { stack, energy, .. } => load(stack, *energy, wanted, ctx),
        }
    }
}

fn load(stack: &FrameStack, energy: usize, wanted: &Range<usize>, ctx: &Ctx) -> Result<Loaded, MethodError> {
    let shape = stack.shape();
    let places: Vec<usize> = (0..3).filter(|axis| *axis != energy).collect();
    let (rows, columns) = (shape[places[0]], shape[places[1]]);
    let needed = 4 * rows * columns * wanted.len();
    if needed > 4 * ctx.memory_limit {
        return Err(SpectraError::TooLarge { needed: needed >> 20, allowed: (4 * ctx.memory_limit) >> 20 }.into());
    }
    let mut counts = Array2::zeros((rows * columns, wanted.len()));
    let mut pixels = Pixels::empty(stack.pixel);
    for frame in 0..stack.n_frames() {
        ctx.check_cancelled()?;
        if energy == 0 && !wanted.contains(&frame) {
            continue;
        }
        stack.read(frame..frame + 1, &mut pixels)?;
        for (index, value) in pixels.to_f64().into_iter().enumerate() {
            let at = [frame, index / shape[2], index % shape[2]];
            if wanted.contains(&at[energy]) {
                counts[(at[places[0]] * columns + at[places[1]], at[energy] - wanted.start)] = value as f32;
            }
        }
        ctx.report(frame as u64 + 1, stack.n_frames() as u64);
    }
    let step = |axis: usize| stack.axes[places[axis]].usable_step("m").map(f64::abs);
    let extent = step(0).zip(step(1)).map(|(y, x)| Extent::metres(columns as f64 * x, rows as f64 * y));
    Ok(Loaded { counts, shape: (rows, columns), extent })
}
