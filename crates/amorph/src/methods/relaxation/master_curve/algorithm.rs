//! Shifts of many isotherms from one causal master curve.

use crate::methods::relaxation::log_spectrum::{Curve, NoiseModel, Problem, Solution, fit, link};

/// What is done about factors of the modulus between temperatures.
#[derive(Debug, Clone, PartialEq)]
pub enum Verticals {
    /// `ln b_k` of every isotherm, held.
    Held(Vec<f64>),
    /// Found along with the shifts.
    Free,
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

/// Isotherms by rising temperature on the one at `reference`; `noise` is found by evidence where absent, `least` is the overlap in
/// decades that ties two isotherms. `None` where fewer than two are tied or no fit succeeds.
pub fn superpose(
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
    let linked = link(&lowered, reference, least, free);
    let kept: Vec<usize> = (0..curves.len()).filter(|k| linked.shifts[*k].is_finite()).collect();
    let place = kept.iter().position(|k| *k == reference)?;
    if kept.len() < 2 {
        return None;
    }
    let chosen: Vec<Curve> = kept.iter().map(|k| curves[*k].clone()).collect();
    let problem = |noise| Problem {
        reference: place,
        shifts: kept.iter().map(|k| linked.shifts[*k]).collect(),
        verticals: kept.iter().map(|k| held[*k]).collect(),
        free_verticals: free,
        free_shifts: true,
        noise,
        plateau: false,
        per_decade: None,
    };
    let candidates = match noise {
        Some(noise) => vec![noise],
        None => vec![NoiseModel::ModulusAndPhase, NoiseModel::Relative],
    };
    let fits = candidates.into_iter().filter_map(|noise| {
        let density = noise.ln_density(&chosen)?;
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
