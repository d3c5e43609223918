//! Spectra from a table or from a spectrum image.

use ndarray::Array2;

use super::algorithm::EnergyAxis;
use super::error::ThicknessError;
use crate::core::ctx::Ctx;
use crate::core::data::{AxisRole, ColumnValues, Data, Extent, FrameStack, Pixels, Table};
use crate::core::unit::Unit;
use crate::method::{Dataset, MethodError};

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
pub(super) fn spectra(dataset: &Dataset) -> Result<Spectra<'_>, MethodError> {
    for data in &dataset.data {
        match data {
            Data::Table(table) => return of_table(table),
            Data::Stack(stack) => return of_stack(stack),
            _ => {}
        }
    }
    let found = dataset.data.first().map_or("nothing", Data::kind).to_owned();
    Err(ThicknessError::NoSpectrum { found }.into())
}

fn electronvolts(joules: f64) -> f64 {
    Unit::of("eV").convert_si(joules)
}

fn of_table(table: &Table) -> Result<Spectra<'static>, MethodError> {
    let joule = Unit::of("J");
    let energy = table.columns.iter().find(|column| column.unit.is_compatible(&joule));
    let energy = energy.ok_or_else(|| ThicknessError::NoEnergy {
        axis: table.columns.first().map_or_else(String::new, |column| column.name.clone()),
        found: "no column in eV".to_owned(),
    })?;
    let numbers = |values: &ColumnValues| match values {
        ColumnValues::Numbers(values) => Some(values.clone()),
        ColumnValues::Text(_) => None,
    };
    let counts = table.columns.iter().filter(|column| column.name != energy.name).find_map(|column| numbers(&column.values));
    let (Some(energies), Some(counts)) = (numbers(&energy.values), counts) else {
        return Err(ThicknessError::NoSpectrum { found: "a table without two columns of numbers".to_owned() }.into());
    };
    let energies: Vec<f64> = energies.iter().map(|e| electronvolts(energy.unit.to_si(*e))).collect();
    let n = energies.len();
    let step = if n > 1 { (energies[n - 1] - energies[0]) / (n - 1) as f64 } else { f64::NAN };
    // Rounded numbers in a text file move steps by a few per cent.
    let is_even = |pair: &[f64]| (pair[1] - pair[0] - step).abs() < 0.2 * step;
    let uneven = energies.windows(2).position(|pair| !is_even(pair));
    if let Some(row) = uneven.or((n < 2).then_some(0)) {
        let found = energies.get(row + 1).map_or(f64::NAN, |next| next - energies[row]);
        return Err(ThicknessError::Uneven { column: energy.name.clone(), row: row + 2, step: found, expected: step }.into());
    }
    Ok(Spectra::One { counts, axis: EnergyAxis { first: energies[0], step } })
}

fn of_stack(stack: &FrameStack) -> Result<Spectra<'_>, MethodError> {
    let energy = stack.axes.iter().position(|axis| axis.role == AxisRole::Energy);
    let Some(energy) = energy.filter(|_| stack.axes.len() == 3) else {
        return Err(ThicknessError::NoSpectrum { found: format!("a stack of {}", stack.describe()) }.into());
    };
    if stack.n_present < stack.n_frames() {
        return Err(ThicknessError::Missing { missing: stack.n_frames() - stack.n_present, total: stack.n_frames() }.into());
    }
    let axis = &stack.axes[energy];
    let no_energy = || ThicknessError::NoEnergy { axis: axis.name.clone(), found: format!("unit '{}'", axis.unit) };
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

    /// Brings all spectra into memory.
    pub(super) fn load(&self, ctx: &Ctx) -> Result<Loaded, MethodError> {
        match self {
            Self::One { counts, .. } => {
                let values = counts.iter().map(|count| *count as f32).collect();
                let counts = Array2::from_shape_vec((1, counts.len()), values).unwrap_or_default();
                Ok(Loaded { counts, shape: (1, 1), extent: None })
            }
            Self::Image { stack, energy, .. } => load(stack, *energy, ctx),
        }
    }
}

fn load(stack: &FrameStack, energy: usize, ctx: &Ctx) -> Result<Loaded, MethodError> {
    let shape = stack.shape();
    let places: Vec<usize> = (0..3).filter(|axis| *axis != energy).collect();
    let (rows, columns, channels) = (shape[places[0]], shape[places[1]], shape[energy]);
    let needed = 4 * rows * columns * channels;
    if needed > 4 * ctx.memory_limit {
        return Err(ThicknessError::TooLarge { needed: needed >> 20, allowed: (4 * ctx.memory_limit) >> 20 }.into());
    }
    let mut counts = Array2::zeros((rows * columns, channels));
    let mut pixels = Pixels::empty(stack.pixel);
    for frame in 0..stack.n_frames() {
        ctx.check_cancelled()?;
        stack.read(frame..frame + 1, &mut pixels)?;
        for (index, value) in pixels.to_f64().into_iter().enumerate() {
            let at = [frame, index / shape[2], index % shape[2]];
            counts[(at[places[0]] * columns + at[places[1]], at[energy])] = value as f32;
        }
        ctx.report(frame as u64 + 1, stack.n_frames() as u64);
    }
    let step = |axis: usize| stack.axes[places[axis]].usable_step("m").map(f64::abs);
    let extent = step(0).zip(step(1)).map(|(y, x)| Extent::metres(columns as f64 * x, rows as f64 * y));
    Ok(Loaded { counts, shape: (rows, columns), extent })
}
