//! Each isotherm predicted by the others: how far it lies from their master curve wherever it may be shifted to.

use super::algorithm::{Superposed, Verticals, superpose};
use crate::core::fit::{LeastSquares, Parameter, ResidualModel};
use crate::methods::relaxation::log_spectrum::{Curve, NoiseModel, Response, Solution};

/// Fewest readings of an isotherm within the range of the others.
const FEWEST: usize = 4;

/// One isotherm on the master curve of the others.
struct Placed<'a> {
    response: Response,
    curve: &'a Curve,
    noise_model: NoiseModel,
    master: &'a Solution,
    /// `ln b`, where it is held.
    held: Option<f64>,
}

impl ResidualModel for Placed<'_> {
    fn residuals(&self, p: &[f64]) -> Vec<f64> {
        let factor = self.held.unwrap_or_else(|| p.get(1).copied().unwrap_or(0.0)).exp();
        let noise = self.master.noise;
        let mut residuals = Vec::new();
        for (i, ln_omega) in self.curve.ln_omega.iter().enumerate() {
            if self.response == Response::Dynamic {
                let (storage, loss) = self.master.modulus(ln_omega + p[0]);
                let data = (self.curve.storage[i], self.curve.loss[i]);
                let ([a, b], _) = self.noise_model.residual((factor * storage, factor * loss), data);
                residuals.extend([a / noise[0], b / noise[1]]);
            } else {
                let value = factor * self.master.over_time(self.response, -ln_omega - p[0]);
                residuals.push((value / self.curve.storage[i]).ln() / noise[0]);
            }
        }
        residuals
    }
}

/// For every isotherm that is tied the root of the mean square of its residuals from the master curve of the others, over the error of a reading: 1
/// where they predict it. Only its readings within their range of reduced frequency count. NaN where the others fall apart without it or
/// cover fewer than four of its readings.
pub fn left_out(response: Response, curves: &[Curve], verticals: &Verticals, least: f64, found: &Superposed) -> Vec<f64> {
    let one = |place: usize| predicted(response, curves, verticals, least, found, place).unwrap_or(f64::NAN);
    (0..found.kept.len()).map(one).collect()
}

fn predicted(
    response: Response,
    curves: &[Curve],
    verticals: &Verticals,
    least: f64,
    found: &Superposed,
    place: usize,
) -> Option<f64> {
    // The others keep the reference; the reference itself is seen from its neighbour.
    let others: Vec<usize> = (0..found.kept.len()).filter(|other| *other != place).collect();
    let neighbour = if place > 0 { place - 1 } else { 1 };
    let base = if place == found.reference { neighbour } else { found.reference };
    let reference = others.iter().position(|other| *other == base)?;
    let theirs: Vec<Curve> = others.iter().map(|other| curves[found.kept[*other]].clone()).collect();
    let (own, held) = match verticals {
        Verticals::Free => (None, Verticals::Free),
        Verticals::Held(all) => {
            let of = |other: &usize| all[found.kept[*other]] - all[found.kept[base]];
            (Some(of(&place)), Verticals::Held(others.iter().map(of).collect()))
        }
    };
    let master = superpose(response, &theirs, reference, &held, Some(found.noise), least)?;
    if master.kept.len() < theirs.len() {
        return None;
    }
    let shift = found.solution.shifts[place] - found.solution.shifts[base];
    let curve = within(&curves[found.kept[place]], shift, &theirs, &master.solution.shifts);
    if curve.ln_omega.len() < FEWEST {
        return None;
    }
    let placed = Placed { response, curve: &curve, noise_model: found.noise, master: &master.solution, held: own };
    let mut parameters = vec![Parameter::new("shift", shift).scale(1.0)];
    if own.is_none() {
        let vertical = found.solution.verticals[place] - found.solution.verticals[base];
        parameters.push(Parameter::new("vertical", vertical).scale(0.1));
    }
    let fit = LeastSquares::new(parameters).patience(100).fit(&placed).ok()?;
    let free = (fit.residuals.len() - fit.params.len()) as f64;
    Some((fit.residuals.iter().map(|r| r * r).sum::<f64>() / free).sqrt())
}

/// The readings within the reduced frequencies of other curves.
fn within(curve: &Curve, shift: f64, others: &[Curve], shifts: &[f64]) -> Curve {
    let all = others.iter().zip(shifts).flat_map(|(other, shift)| other.ln_omega.iter().map(move |w| w + shift));
    let (lo, hi) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), w| (w.min(lo), w.max(hi)));
    let rows: Vec<usize> = (0..curve.ln_omega.len()).filter(|i| (lo..=hi).contains(&(curve.ln_omega[*i] + shift))).collect();
    let of = |values: &[f64]| rows.iter().filter_map(|row| values.get(*row).copied()).collect();
    Curve { ln_omega: of(&curve.ln_omega), storage: of(&curve.storage), loss: of(&curve.loss) }
}
