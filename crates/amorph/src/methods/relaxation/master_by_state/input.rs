use super::MasterByState;
use crate::core::data::Table;
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};
use crate::methods::relaxation::RelaxationError;

/// What [`MasterByState`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    /// The first is the one that the others are compared with.
    pub(super) curves: Vec<Curve>,
    /// Temperature of the comparison, K.
    pub(super) temperature: f64,
    pub(super) notes: Vec<Note>,
}

/// A master curve.
#[derive(Debug, Clone)]
pub(super) struct Curve {
    pub state: String,
    pub item: String,
    /// Temperatures whose shift is known, K, rising.
    pub temperatures: Vec<f64>,
    /// log10 of their shifts against the temperature of the comparison, and their standard errors.
    pub shifts: Vec<f64>,
    pub errors: Vec<f64>,
    /// Logarithms of the relaxation times at the temperature of the comparison, s, and the spectrum per unit of them, Pa.
    pub ln_times: Vec<f64>,
    pub spectrum: Vec<f64>,
}

impl Curve {
    /// Loss modulus that the spectrum makes, Pa.
    pub fn loss(&self, omega: f64) -> f64 {
        let step = |i: usize| {
            let (before, after) = (i.saturating_sub(1), (i + 1).min(self.ln_times.len() - 1));
            (self.ln_times[after] - self.ln_times[before]) / (after - before).max(1) as f64
        };
        let term = |i: usize| {
            let x = omega * self.ln_times[i].exp();
            self.spectrum[i] * x / (1.0 + x * x) * step(i)
        };
        (0..self.ln_times.len()).map(term).sum()
    }

    /// log10 of the shift at a temperature, between the neighbours along 1/T; `None` outside.
    fn shift_at(&self, kelvin: f64) -> Option<f64> {
        let after = self.temperatures.iter().position(|t| *t >= kelvin)?;
        if (self.temperatures[after] - kelvin).abs() < SAME {
            return Some(self.shifts[after]);
        }
        let before = after.checked_sub(1)?;
        let inverse = |t: f64| 1.0 / t;
        let [a, b] = [self.temperatures[before], self.temperatures[after]].map(inverse);
        let part = (inverse(kelvin) - a) / (b - a);
        Some(self.shifts[before] + part * (self.shifts[after] - self.shifts[before]))
    }

    fn move_to(&mut self, kelvin: f64) -> Option<()> {
        let shift = self.shift_at(kelvin)?;
        self.shifts.iter_mut().for_each(|own| *own -= shift);
        self.ln_times.iter_mut().for_each(|time| *time += shift * std::f64::consts::LN_10);
        Some(())
    }
}

/// Temperatures that differ by less are one, K.
const SAME: f64 = 0.05;

fn not_fitted(reason: String) -> RelaxationError {
    RelaxationError::NotFitted { what: "the comparison of master curves".to_owned(), reason }
}

pub(super) fn input(method: &MasterByState, dataset: &Dataset) -> Result<Input, MethodError> {
    let mut curves = Vec::new();
    for upstream in dataset.upstream.iter().filter(|upstream| upstream.method == "relaxation.master_curve") {
        let (Some(shifts), Some(spectrum)) = (upstream.outcome.table("shifts"), upstream.outcome.table("relaxation_spectrum"))
        else {
            continue;
        };
        curves.push(curve(&upstream.state, &upstream.item, shifts, spectrum)?);
    }
    let mut states: Vec<&String> = Vec::new();
    for curve in &curves {
        if !states.contains(&&curve.state) {
            states.push(&curve.state);
        }
    }
    if states.len() < 2 {
        let what = "states with a master curve of moduli (put relaxation.master_curve into `methods` of each)".to_owned();
        return Err(RelaxationError::TooFew { what, found: states.len(), needed: 2 }.into());
    }
    let reference = match &method.reference {
        None => states[0].clone(),
        Some(wanted) if states.contains(&wanted) => wanted.clone(),
        Some(wanted) => {
            let known = states.iter().map(|state| state.as_str()).collect::<Vec<&str>>().join(", ");
            return Err(not_fitted(format!("the reference '{wanted}' is none of the states {known}")).into());
        }
    };
    curves.sort_by_key(|curve| curve.state != reference);
    let own = curves[0].shifts.iter().position(|shift| *shift == 0.0).map_or(f64::NAN, |place| curves[0].temperatures[place]);
    let temperature = method.temperature.unwrap_or(own);
    let mut notes = Vec::new();
    let ends =
        |curve: &Curve| format!("{:.1} to {:.1} K", curve.temperatures[0], curve.temperatures[curve.temperatures.len() - 1]);
    let mut kept: Vec<Curve> = Vec::new();
    for mut curve in curves {
        let known = ends(&curve);
        if curve.move_to(temperature).is_some() {
            kept.push(curve);
        } else if kept.is_empty() {
            let reason =
                format!("{temperature:.1} K is outside the shifts of '{}' ({known}); state another temperature", curve.state);
            return Err(not_fitted(reason).into());
        } else {
            let text =
                format!("{} of '{}' has shifts from {known} and none at {temperature:.1} K: left out", curve.item, curve.state);
            notes.push(Note::warning("outside", text));
        }
    }
    if kept.iter().all(|curve| curve.state == kept[0].state) {
        let reason = format!("no other state has a shift at {temperature:.1} K; state a temperature that all have");
        return Err(not_fitted(reason).into());
    }
    Ok(Input { curves: kept, temperature, notes })
}

fn curve(state: &str, item: &str, shifts: &Table, spectrum: &Table) -> Result<Curve, MethodError> {
    let column = |table: &Table, name: &str| table.numbers(name).map(|(_, values)| values.to_vec());
    let (temperatures, values) = (column(shifts, "temperature")?, column(shifts, "shift_factor_log10")?);
    let errors = column(shifts, "std_error")?;
    let mut rows: Vec<[f64; 3]> = temperatures
        .iter()
        .zip(&values)
        .zip(&errors)
        .map(|((t, shift), error)| [*t, *shift, *error])
        .filter(|row| row[1].is_finite())
        .collect();
    rows.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let of = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<f64>>();
    Ok(Curve {
        state: state.to_owned(),
        item: item.to_owned(),
        temperatures: of(0),
        shifts: of(1),
        errors: of(2),
        ln_times: column(spectrum, "relaxation_time")?.into_iter().map(f64::ln).collect(),
        spectrum: column(spectrum, "spectrum")?,
    })
}
