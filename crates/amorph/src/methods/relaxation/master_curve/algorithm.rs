//! Shifts of many isotherms from one causal master curve.

use crate::methods::relaxation::log_spectrum::{Curve, NoiseModel, Problem, Response, Solution, fit, link};

/// What is done about factors of the modulus between temperatures.
#[derive(Debug, Clone, PartialEq)]
pub enum Verticals {
    /// `ln b_k` of every isotherm, held.
    Held(Vec<f64>),
    /// Found along with the shifts.
    Free,
}

impl Verticals {
    /// Those of a compliance, where these are of a modulus.
    pub fn inverse(self) -> Self {
        match self {
            Self::Held(held) => Self::Held(held.into_iter().map(|ln_factor| -ln_factor).collect()),
            Self::Free => Self::Free,
        }
    }
}

/// Isotherms on one master curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Superposed {
    /// The fit to the isotherms that are tied to the reference.
    pub solution: Solution,
    /// Which isotherms these are.
    pub kept: Vec<usize>,
    /// Place of the reference among them.
    pub reference: usize,
    /// Largest overlap of each with another, decades.
    pub overlaps: Vec<f64>,
    /// How readings err, as assumed or found.
    pub noise: NoiseModel,
}

/// A shift that is known worse than this is none, decades.
pub const UNKNOWN: f64 = 0.5;

/// A factor of the width this far from 1 is worth a word, and this many standard errors.
const WIDTH: (f64, f64) = (0.1, 4.0);

impl Superposed {
    /// Places whose isotherm would follow the master curve better with another width along the logarithm of time or frequency.
    pub fn other_widths(&self) -> Vec<usize> {
        let shape = &self.solution.shape;
        let differs = |place: &usize| {
            // Correlation of neighbouring residuals is no excuse: a wrong shape is what makes them alike.
            let (stretch, std) = (shape.stretch[*place].abs(), shape.stretch_std[*place]);
            stretch > WIDTH.0 && stretch > WIDTH.1 * std
        };
        (0..self.kept.len()).filter(differs).collect()
    }
}

/// Isotherms of a `response` by rising temperature on the one at `reference`; `noise` is found by evidence where absent, `least` is the overlap in
/// decades that ties two isotherms. `None` where fewer than two are tied or no fit succeeds.
pub fn superpose(
    response: Response,
    curves: &[Curve],
    reference: usize,
    verticals: &Verticals,
    noise: Option<NoiseModel>,
    least: f64,
) -> Option<Superposed> {
    let held = match verticals {
        Verticals::Held(held) => held.clone(),
        Verticals::Free => vec![0.0; curves.len()],
    };
    let lowered: Vec<Curve> = curves.iter().zip(&held).map(|(curve, held)| curve.scaled(-held)).collect();
    let free = *verticals == Verticals::Free;
    // A straight piece of a response over time has a place along ln t only by its height.
    let linked = link(&lowered, reference, least, free && response == Response::Dynamic);
    let kept: Vec<usize> = (0..curves.len()).filter(|k| linked.shifts[*k].is_finite()).collect();
    let place = kept.iter().position(|k| *k == reference)?;
    if kept.len() < 2 {
        return None;
    }
    let chosen: Vec<Curve> = kept.iter().map(|k| curves[*k].clone()).collect();
    let problem = |noise| Problem {
        response,
        reference: place,
        shifts: kept.iter().map(|k| linked.shifts[*k]).collect(),
        verticals: kept.iter().map(|k| held[*k]).collect(),
        free_verticals: free,
        free_shifts: true,
        noise,
        // Over time rest, flow and what happens at once show; over frequency nodes beyond the data stand for them.
        plateau: response != Response::Dynamic,
        per_decade: None,
    };
    let candidates = match noise {
        _ if response != Response::Dynamic => vec![NoiseModel::Relative],
        Some(noise) => vec![noise],
        None => vec![NoiseModel::ModulusAndPhase, NoiseModel::Relative],
    };
    let fits = candidates.into_iter().filter_map(|noise| {
        // Readings that are one number each have one model of their errors.
        let density = if response == Response::Dynamic { noise.ln_density(&chosen)? } else { 0.0 };
        let solution = fit(&chosen, &problem(noise))?;
        Some((density + solution.ln_evidence, noise, solution))
    });
    let (_, noise, solution) = fits.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let overlaps = overlaps(&chosen, &solution.shifts);
    Some(Superposed { solution, kept, reference: place, overlaps, noise })
}

/// Largest overlap of every curve with another, decades.
fn overlaps(curves: &[Curve], shifts: &[f64]) -> Vec<f64> {
    let ends: Vec<(f64, f64)> = curves
        .iter()
        .zip(shifts)
        .map(|(curve, shift)| {
            let end = |w: Option<&f64>| w.copied().unwrap_or(f64::NAN) + shift;
            (end(curve.ln_omega.first()), end(curve.ln_omega.last()))
        })
        .collect();
    let shared = |a: usize, b: usize| (ends[a].1.min(ends[b].1) - ends[a].0.max(ends[b].0)) / std::f64::consts::LN_10;
    let others = |a: usize| (0..curves.len()).filter(move |b| *b != a);
    (0..curves.len()).map(|a| others(a).map(|b| shared(a, b)).fold(0.0, f64::max)).collect()
}
