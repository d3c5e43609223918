//! `contact_resonance.tip_position`: where the tip sits on the lever, from two modes.

pub mod algorithm;
mod figures;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ContactResonanceError;
use super::readings::Readings;
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::median;
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::{Place, Position, TwoModes};

/// Position of the tip on the lever: the one at which two flexural modes show the same contact stiffness everywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TipPosition {
    /// Lowest position L1/L that is looked at.
    pub lowest: f64,
    /// Highest position that is looked at.
    pub highest: f64,
    /// Number of bootstrap replicates.
    #[schemars(range(min = 200))]
    pub replicates: usize,
    /// Tiles along each side of the map; they are resampled whole, so that neighbouring pixels may be correlated.
    #[schemars(range(min = 4, max = 64))]
    pub tiles: usize,
}

impl Default for TipPosition {
    fn default() -> Self {
        Self { lowest: 0.8, highest: 1.0, replicates: 1000, tiles: 12 }
    }
}

/// What [`TipPosition`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    readings: Readings,
    modes: TwoModes,
    places: Vec<Place>,
    /// Median frequency of both modes, Hz.
    typical: (f64, f64),
}

impl Method for TipPosition {
    const INFO: MethodInfo = MethodInfo {
        id: "contact_resonance.tip_position",
        family: "contact_resonance",
        version: 2,
        title: "Tip position from two modes",
        summary: "Finds the position of the tip on the lever at which two modes show the same contact stiffness, or says that there is none.",
        doc: include_str!("doc.md"),
        technique: "contact_resonance",
        scope: Scope::Item,
        after: &[],
        constants: &[
            "lever_shape",
            "free_frequency_mode_1",
            "free_frequency_mode_2",
            "free_frequency_mode_3",
            "frequency_noise_mode_1",
            "frequency_noise_mode_2",
            "frequency_noise_mode_3",
        ],
        outputs: &[
            output("tip_position", "L₁/L", "", "distance of the tip from the clamped end over the length of the lever"),
            output(
                "stiffness_mismatch",
                "Δ ln k*",
                "",
                "root mean square of the difference of ln k* between the modes that is left",
            ),
        ],
        covers: &["Q19-3.3.5-a"],
        references: &[
            "Rabe, Janser, Arnold, Rev. Sci. Instrum. 67, 3281 (1996)",
            "Hurley, Shen, Jennett, Turner, J. Appl. Phys. 94, 2347 (2003)",
        ],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let wrong = |message: String| MethodError::Parameters { method: Self::INFO.id, message };
        if !(self.lowest > 0.0 && self.lowest < self.highest && self.highest <= 1.0) {
            let message = format!("lowest = {} and highest = {} must rise within 0 and 1", self.lowest, self.highest);
            return Err(wrong(message));
        }
        if self.replicates < 200 || !(4..=64).contains(&self.tiles) {
            return Err(wrong("replicates must be at least 200, and tiles 4 to 64".to_owned()));
        }
        let readings = Readings::of(dataset, Self::INFO.id)?;
        let [first, second, ..] = readings.modes.as_slice() else {
            return Err(ContactResonanceError::TwoModesNeeded { found: readings.modes.len() }.into());
        };
        let modes =
            TwoModes { modes: (first.mode, second.mode), free: (first.free_frequency.value, second.free_frequency.value) };
        let (rows, columns) = readings.shape();
        let tiles = |n: usize| self.tiles.min(n);
        let place = |((row, column), &frequency): ((usize, usize), &f64)| {
            let other = second.frequency[[row, column]];
            let tile = row * tiles(rows) / rows * tiles(columns) + column * tiles(columns) / columns;
            // A list has no neighbours: every point is a tile.
            let tile = if columns == 1 { row } else { tile };
            (frequency.is_finite() && other.is_finite()).then_some(Place { frequencies: (frequency, other), tile })
        };
        let places: Vec<Place> = first.frequency.indexed_iter().filter_map(place).collect();
        let of = |pick: fn(&Place) -> f64| median(&places.iter().map(pick).collect::<Vec<f64>>());
        let typical = of(|place| place.frequencies.0).ok().zip(of(|place| place.frequencies.1).ok());
        let typical = typical.ok_or(ContactResonanceError::NothingLeft)?;
        Ok(Input { modes, places, typical, readings })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let range = (self.lowest, self.highest);
        let crossings = input.modes.crossings(input.typical, range);
        let start = match crossings.as_slice() {
            [only] => *only,
            [] => return Err(self.no_crossing(input).into()),
            _ => return Err(ContactResonanceError::SeveralCrossings { found: crossings }.into()),
        };
        let position =
            input.modes.fit(&input.places, start, self.replicates, ctx.seed).ok_or(ContactResonanceError::NothingLeft)?;
        if !(position.value > self.lowest && position.value < self.highest) {
            return Err(self.no_crossing(input).into());
        }
        Ok(outcome(self, input, &position))
    }
}

impl TipPosition {
    fn no_crossing(&self, input: &Input) -> ContactResonanceError {
        let curve = input.modes.curve(input.typical, (self.lowest, self.highest));
        let (first, last) = (curve.first().copied(), curve.last().copied());
        let (from, at_from) = first.map_or((self.lowest, f64::NAN), |(position, difference)| (position, difference.exp()));
        let (to, at_to) = last.map_or((self.highest, f64::NAN), |(position, difference)| (position, difference.exp()));
        ContactResonanceError::NoCrossing { modes: input.modes.modes, from, to, at_from, at_to }
    }
}

fn outcome(method: &TipPosition, input: &Input, position: &Position) -> Outcome {
    let interval = position.interval;
    let estimate = Estimate::with_interval("tip_position", "L₁/L", position.value, "", interval, Basis::Bootstrap)
        .std_error(position.std_error)
        .n(position.n_places as f64);
    let shared = shared_error(input, position.value);
    let estimate = if shared > 0.0 { estimate.systematic_error(shared) } else { estimate };
    let why = "a root mean square of residuals";
    let mismatch = Estimate::without_interval("stiffness_mismatch", "Δ ln k*", position.residual, "", why);
    let table = Table::new("tip_position", "The two modes")
        .with_numbers("mode", "", vec![input.modes.modes.0 as f64, input.modes.modes.1 as f64])
        .with_numbers("free_frequency", "Hz", vec![input.modes.free.0, input.modes.free.1])
        .with_numbers("median_frequency", "Hz", vec![input.typical.0, input.typical.1]);
    Outcome {
        estimates: vec![estimate, mismatch],
        tables: vec![table],
        figures: vec![figures::crossing(method, input, position)],
        notes: notes(input, position),
        ..Outcome::default()
    }
}

/// Error of the position by the stated errors of the free frequencies.
fn shared_error(input: &Input, position: f64) -> f64 {
    let modes: Vec<_> = input.readings.modes.iter().take(2).collect();
    let shift = |which: usize| {
        let error = modes.get(which)?.free_frequency.std_error.filter(|error| *error > 0.0)?;
        let moved = |sign: f64| {
            let mut modes = input.modes;
            let free = if which == 0 { &mut modes.free.0 } else { &mut modes.free.1 };
            *free += sign * error;
            modes.crossings(input.typical, ((position - 0.1).max(0.05), (position + 0.1).min(1.0))).first().copied()
        };
        Some(0.5 * (moved(1.0)? - moved(-1.0)?))
    };
    [shift(0), shift(1)].into_iter().flatten().fold(0.0, |sum: f64, shift| sum.hypot(shift))
}

fn notes(input: &Input, position: &Position) -> Vec<Note> {
    let mut notes = vec![Note::info(
        "one_position_for_the_map",
        format!("one position for {} places; its error shifts the modulus of all of them alike", position.n_places),
    )];
    let missing = input.readings.shape().0 * input.readings.shape().1 - position.n_places;
    if missing > 0 {
        notes.push(Note::info("places_left_out", format!("{missing} places without a frequency of both modes were left out")));
    }
    let noise: Option<Vec<f64>> = input.readings.modes.iter().take(2).map(|mode| mode.noise).collect();
    let expected = noise.and_then(|noise| {
        let (_, variance) = input.modes.difference(input.typical, position.value)?;
        let relative = noise.iter().zip([input.typical.0, input.typical.1]).map(|(noise, frequency)| noise / frequency);
        Some(variance.sqrt() * relative.fold(0.0, f64::max))
    });
    if expected.is_some_and(|expected| position.residual > 2.0 * expected) {
        notes.push(Note::warning(
            "modes_disagree",
            format!(
                "the stiffnesses of the modes differ by {:.2} % root mean square, more than their noise explains ({:.2} %): the lever is not the beam of the model, \
                 or the contact depends on the mode",
                100.0 * position.residual,
                100.0 * expected.unwrap_or(f64::NAN)
            ),
        ));
    }
    notes
}
