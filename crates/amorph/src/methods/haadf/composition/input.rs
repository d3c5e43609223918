//! Windows around edges, and what turns counts into atoms.

use std::ops::Range;

use super::Composition;
use super::error::CompositionError;
use crate::core::unit::Unit;
use crate::method::{ConstantInfo, Constants, MethodError};
use crate::methods::haadf::constants::{
    CROSS_SECTION_A, CROSS_SECTION_B, EDGE_ENERGY_A, EDGE_ENERGY_B, K_FACTOR, MEAN_FRACTION_A,
};
use crate::methods::haadf::spectra::EnergyAxis;

/// Background window where only the edge is stated, over its energy.
const BEFORE: [f64; 2] = [0.85, 0.98];
/// Width of the signal window where only the edge is stated: over its energy, and at least, eV.
const BEHIND: (f64, f64) = (0.1, 50.0);
/// Fewest channels of a background and of a signal.
const LEAST_CHANNELS: (usize, usize) = (8, 2);

/// Share of a channel that is no more than rounding.
const ROUNDING: f64 = 1e-6;

/// The windows of an element.
#[derive(Debug, Clone, PartialEq)]
pub struct EdgeWindows {
    /// Channels of the background.
    pub before: Range<usize>,
    /// Channels of the signal.
    pub behind: Range<usize>,
    /// Energies of both, eV.
    pub energies: [[f64; 2]; 2],
}

impl EdgeWindows {
    /// All channels from the first of the background to the last of the signal.
    pub fn span(&self) -> Range<usize> {
        self.before.start..self.behind.end
    }
}

/// What turns counts into atoms.
#[derive(Debug, Clone, PartialEq)]
pub enum Calibration {
    /// Cross sections of A and B for their windows, m^2, and the relative error of their ratio.
    CrossSections([f64; 2], Option<f64>),
    /// `c_A/c_B = k I_A/I_B`, and the relative error of k.
    KFactor(f64, Option<f64>),
    /// The mean fraction of A in the field, from which k follows, and the relative error of k.
    MeanFraction(f64, Option<f64>),
}

impl Calibration {
    /// Its name.
    pub fn source(&self) -> &'static str {
        match self {
            Self::CrossSections(..) => "the stated cross sections",
            Self::KFactor(..) => "the stated k-factor",
            Self::MeanFraction(..) => "the stated mean fraction of A",
        }
    }

    /// Relative error of k.
    pub fn relative_error(&self) -> Option<f64> {
        match self {
            Self::CrossSections(_, error) | Self::KFactor(_, error) | Self::MeanFraction(_, error) => *error,
        }
    }
}

pub(super) fn windows(
    method: &Composition,
    constants: &Constants,
    axis: EnergyAxis,
    channels: usize,
) -> Result<[EdgeWindows; 2], MethodError> {
    let energy = |info: &ConstantInfo| -> Result<Option<f64>, MethodError> {
        Ok(constants.positive(info)?.map(|energy| Unit::of("eV").convert_si(energy.value)))
    };
    let of = |element, stated: [Option<[f64; 2]>; 2], edge| edge_windows(element, stated, edge, axis, channels);
    let a = of("a", [method.background_a_ev, method.signal_a_ev], energy(&EDGE_ENERGY_A)?)?;
    let b = of("b", [method.background_b_ev, method.signal_b_ev], energy(&EDGE_ENERGY_B)?)?;
    for one in [&a.before, &a.behind] {
        for (other, b_energies) in [&b.before, &b.behind].into_iter().zip(b.energies) {
            if one.start < other.end && other.start < one.end {
                let [a_from, a_to] = a.energies[usize::from(one == &a.behind)];
                let [b_from, b_to] = b_energies;
                return Err(CompositionError::Overlap { a_from, a_to, b_from, b_to }.into());
            }
        }
    }
    Ok([a, b])
}

fn edge_windows(
    element: &'static str,
    stated: [Option<[f64; 2]>; 2],
    edge: Option<f64>,
    axis: EnergyAxis,
    channels: usize,
) -> Result<EdgeWindows, CompositionError> {
    let no_window = |what| CompositionError::NoWindow { element, what };
    let before = stated[0].or_else(|| edge.map(|edge| BEFORE.map(|share| share * edge)));
    let before = before.ok_or_else(|| no_window("background"))?;
    let behind = stated[1].or_else(|| edge.map(|edge| [edge, edge + (BEHIND.0 * edge).max(BEHIND.1)]));
    let behind = behind.ok_or_else(|| no_window("signal"))?;
    let range = |what, [from, to]: [f64; 2], needed: usize| {
        let (first, last) = (axis.first, axis.at((channels - 1) as f64));
        let half = 0.5 * axis.step;
        if from.is_nan() || to.is_nan() || from < first - half || to > last + half {
            return Err(CompositionError::OutOfRange { element, what, from, to, first, last });
        }
        let channel = |energy: f64| ((energy - axis.first) / axis.step).max(0.0);
        // Energies pass through joules; what a rounding error moves off a channel still belongs to it.
        let first_channel = (channel(from) - ROUNDING).ceil() as usize;
        let range = first_channel..channels.min((channel(to) + ROUNDING) as usize + 1);
        if range.len() < needed {
            return Err(CompositionError::TooFewChannels { element, what, from, to, channels: range.len(), needed });
        }
        Ok(range)
    };
    let windows = EdgeWindows {
        before: range("background", before, LEAST_CHANNELS.0)?,
        behind: range("signal", behind, LEAST_CHANNELS.1)?,
        energies: [before, behind],
    };
    let order = |what: String| Err(CompositionError::Order { element, what });
    match edge {
        _ if windows.before.end > windows.behind.start => order("the signal begins before the background ends".to_owned()),
        Some(edge) if before[1] > edge => order(format!("the background ends behind the edge at {edge:.1} eV")),
        Some(edge) if behind[1] <= edge => order(format!("the signal ends before the edge at {edge:.1} eV")),
        _ => Ok(windows),
    }
}

pub(super) fn calibration(method: &Composition, constants: &Constants) -> Result<Option<Calibration>, MethodError> {
    let stated = [&CROSS_SECTION_A, &CROSS_SECTION_B].map(|info| constants.positive(info));
    let [a, b] = stated;
    let (a, b) = (a?, b?);
    let windows = [("a", method.signal_a_ev), ("b", method.signal_b_ev)];
    let own_windows = |keys: [&'static str; 2]| -> Result<(), CompositionError> {
        let missing = windows.iter().zip(keys).find(|((_, window), _)| window.is_none());
        missing.map_or(Ok(()), |((element, _), constant)| Err(CompositionError::WindowOfCrossSection { constant, element }))
    };
    let relative = |quantity: &crate::core::unit::Quantity| quantity.std_error.map(|error| error / quantity.value);
    match (a, b) {
        (Some(a), Some(b)) => {
            own_windows([CROSS_SECTION_A.key, CROSS_SECTION_B.key])?;
            let error = match (relative(&a), relative(&b)) {
                (None, None) => None,
                (a, b) => Some(a.unwrap_or(0.0).hypot(b.unwrap_or(0.0))),
            };
            return Ok(Some(Calibration::CrossSections([a.value, b.value], error)));
        }
        (Some(_), None) => {
            let (stated, missing) = (CROSS_SECTION_A.key, CROSS_SECTION_B.key);
            return Err(CompositionError::OneCrossSection { stated, missing }.into());
        }
        (None, Some(_)) => {
            let (stated, missing) = (CROSS_SECTION_B.key, CROSS_SECTION_A.key);
            return Err(CompositionError::OneCrossSection { stated, missing }.into());
        }
        (None, None) => {}
    }
    if let Some(k) = constants.positive(&K_FACTOR)? {
        own_windows([K_FACTOR.key; 2])?;
        let error = relative(&k);
        return Ok(Some(Calibration::KFactor(k.value, error)));
    }
    let Some(mean) = constants.positive(&MEAN_FRACTION_A)? else { return Ok(None) };
    if mean.value >= 1.0 {
        return Err(MethodError::BadConstant {
            key: MEAN_FRACTION_A.key,
            found: mean.to_string(),
            reason: "must be below 1",
            expected: "an atomic fraction, for instance 0.35 or 35 %".to_owned(),
        });
    }
    // d ln k = dc / (c (1 - c)).
    let error = relative(&mean).map(|error| error / (1.0 - mean.value));
    Ok(Some(Calibration::MeanFraction(mean.value, error)))
}
