//! Fits of a surface with one, two or three processes, and the choice between them.

use super::kww_table::KwwTable;
use super::model::{ALPHA, BetaShape, Combination, Composition, Forms, Model, place};
use crate::core::fit::{ErrorScale, Fit, FitError, LeastSquares, ResidualModel};
use crate::methods::relaxation::log_spectrum::NoiseModel;
use crate::methods::relaxation::numerics::correlation_inflation;
use crate::methods::relaxation::spectra::Reading;

/// Readings with what follows from them before any fit.
#[derive(Debug, Clone)]
pub struct Surface {
    /// Readings, isochrone by isochrone, by rising temperature.
    pub readings: Vec<Reading>,
    /// Where each isochrone begins; one more at the end.
    pub starts: Vec<usize>,
    /// How readings err.
    pub noise_model: NoiseModel,
    /// Stated glass transition, K.
    pub glass_transition: Option<f64>,
    /// Which forms the model takes.
    pub forms: Forms,
}

/// A fitted surface.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// What there is.
    pub composition: Composition,
    /// Which forms it takes.
    pub forms: Forms,
    /// Errors of both channels.
    pub noise: [f64; 2],
    /// The fit; both channels one after the other, priors last.
    pub fit: Fit,
    /// Minus twice the logarithm of the likelihood.
    pub deviance: f64,
    /// What errors are multiplied by for correlated residuals.
    pub inflation: f64,
    /// Correlation of neighbouring residuals.
    pub correlation: f64,
}

/// Slow beta energy over that of the glass transition, where it is looked for first.
const RULE: f64 = 26.0;
const ROUNDS: usize = 4;
/// Trial steps per parameter.
const PATIENCE: usize = 12;
/// Starts that are followed to the end.
const FOLLOWED: usize = 6;

impl Surface {
    /// Coldest and hottest reading, K.
    pub fn temperatures(&self) -> (f64, f64) {
        self.readings
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), r| (r.temperature.min(lo), r.temperature.max(hi)))
    }

    /// ln of the middle angular frequency.
    pub fn ln_middle(&self) -> f64 {
        let ends =
            self.readings.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), r| (r.omega.min(lo), r.omega.max(hi)));
        0.5 * (ends.0.ln() + ends.1.ln())
    }

    /// The isochrones.
    pub fn isochrones(&self) -> impl Iterator<Item = &[Reading]> {
        self.starts.windows(2).map(|ends| &self.readings[ends[0]..ends[1]])
    }

    /// The model of a composition.
    pub fn model<'a>(&'a self, table: &'a KwwTable, composition: Composition, noise: [f64; 2]) -> Model<'a> {
        let (coldest, hottest) = self.temperatures();
        Model {
            readings: &self.readings,
            table,
            composition,
            forms: self.forms,
            noise_model: self.noise_model,
            noise,
            ln_middle: self.ln_middle(),
            reference: 0.5 * (coldest + hottest),
            glass_transition: self.glass_transition,
        }
    }

    /// Temperature of the largest loss tangent or modulus of every isochrone and ln ω; K.
    fn peaks(&self) -> Vec<(f64, f64)> {
        let of = |isochrone: &[Reading]| {
            let best = isochrone.iter().max_by(|a, b| a.loss.total_cmp(&b.loss))?;
            Some((best.temperature, best.omega.ln()))
        };
        self.isochrones().filter_map(of).collect()
    }

    /// Alpha parameters to begin with.
    fn alpha_starts(&self) -> Vec<Vec<f64>> {
        let peaks = self.peaks();
        let middle = self.ln_middle();
        let t_alpha =
            peaks.iter().min_by(|a, b| (a.1 - middle).abs().total_cmp(&(b.1 - middle).abs())).map_or(0.0, |peak| peak.0);
        let n = peaks.len() as f64;
        let mean = (peaks.iter().map(|p| t_alpha / p.0).sum::<f64>() / n, peaks.iter().map(|p| p.1).sum::<f64>() / n);
        let xx: f64 = peaks.iter().map(|p| (t_alpha / p.0 - mean.0).powi(2)).sum();
        let xy: f64 = peaks.iter().map(|p| (t_alpha / p.0 - mean.0) * (p.1 - mean.1)).sum();
        let slope = if xx > 0.0 { -xy / xx / std::f64::consts::LN_10 } else { f64::NAN };
        let steep = if (10.0..200.0).contains(&slope) { slope } else { 45.0 };
        let modulus = self.readings.iter().map(|r| r.storage).fold(0.0, f64::max).ln();
        let smallest = self.readings.iter().map(|r| r.storage).fold(f64::INFINITY, f64::min).ln();
        // A modulus that falls by a decade flows.
        let share = if modulus - smallest > 2.3 { 0.98 } else { (1.2 * (1.0 - (smallest - modulus).exp())).clamp(0.1, 0.95) };
        let start = |beta: f64, steep: f64| vec![modulus, 1e-4, share, t_alpha, steep, 0.75, 0.5, beta];
        vec![start(0.5, steep), start(0.4, 0.7 * steep), start(0.65, 40.0)]
    }

    /// A beta process to begin with, at a share of the alpha temperature.
    fn beta_start(&self, t_alpha: f64, part: f64) -> Vec<f64> {
        let t_beta = part * t_alpha;
        let tg = self.glass_transition.unwrap_or(0.95 * t_alpha);
        let of = |log10: f64| log10 * std::f64::consts::LN_10 - self.ln_middle();
        // Near the glass transition by the rule, else with the prefactor of a vibration.
        let u = (RULE * tg / t_beta).clamp(of(11.0), of(if part > 0.6 { 16.0 } else { 13.5 }));
        let width = match self.forms.beta_shape {
            BetaShape::ColeCole => 0.4,
            BetaShape::GaussianBarriers => 0.1,
        };
        vec![0.05, t_beta, u, width]
    }

    fn starts_of(&self, composition: Composition, before: &[Fitted]) -> Vec<Vec<f64>> {
        let Some(alpha) = before.iter().find(|fitted| fitted.composition.n_processes() == 1 && !fitted.composition.wing) else {
            return self.alpha_starts();
        };
        let of_alpha = alpha.fit.params[..ALPHA].to_vec();
        let t_alpha = of_alpha[place::TEMPERATURE];
        let (coldest, _) = self.temperatures();
        let parts = [0.92, 0.84, 0.76, 0.66, 0.56, 0.46, 0.38, 0.3].into_iter().filter(|part| part * t_alpha > 0.8 * coldest);
        if composition.wing {
            return [0.15, 0.3].into_iter().map(|exponent| [of_alpha.clone(), vec![0.03, exponent]].concat()).collect();
        }
        if composition.constant_loss {
            let slow = before.iter().find(|fitted| fitted.composition.slow);
            let known =
                slow.map_or_else(|| [of_alpha.clone(), self.beta_start(t_alpha, 0.8)].concat(), |slow| slow.fit.params.clone());
            return [1e-4f64, 1e-3, 5e-3].into_iter().map(|share| [known.clone(), vec![share.ln(), 0.005]].concat()).collect();
        }
        if composition.fast {
            let slow = before.iter().find(|fitted| fitted.composition.slow);
            let known =
                slow.map_or_else(|| [of_alpha.clone(), self.beta_start(t_alpha, 0.8)].concat(), |slow| slow.fit.params.clone());
            let t_slow = known[ALPHA + 1];
            // Beside the one that was found, on either side of it.
            let colder = parts.clone().filter(|part| part * t_alpha < 0.92 * t_slow);
            let mut starts: Vec<Vec<f64>> =
                colder.map(|part| [known.clone(), self.beta_start(t_alpha, part)].concat()).collect();
            let hotter = parts.filter(|part| part * t_alpha > 1.08 * t_slow);
            starts.extend(hotter.map(|part| {
                let slow = self.beta_start(t_alpha, part);
                [known[..ALPHA].to_vec(), slow, known[ALPHA..ALPHA + 4].to_vec()].concat()
            }));
            return starts;
        }
        let mut starts: Vec<Vec<f64>> = parts.map(|part| [of_alpha.clone(), self.beta_start(t_alpha, part)].concat()).collect();
        // The alpha process alone may have swallowed the other.
        let fresh = self.alpha_starts().remove(0);
        starts.extend([0.85, 0.7].map(|part| [fresh.clone(), self.beta_start(fresh[place::TEMPERATURE], part)].concat()));
        starts
    }
}

/// Fits one composition; those before give its start.
///
/// # Errors
/// As [`LeastSquares::fit`].
pub fn fit(surface: &Surface, table: &KwwTable, composition: Composition, before: &[Fitted]) -> Result<Fitted, FitError> {
    let noise = before.last().map_or([0.02, 0.02], |fitted| fitted.noise);
    follow(surface, table, composition, surface.starts_of(composition, before), noise)
}

/// The best fit from some starts, with errors that agree with what it leaves.
fn follow(
    surface: &Surface,
    table: &KwwTable,
    composition: Composition,
    mut starts: Vec<Vec<f64>>,
    mut noise: [f64; 2],
) -> Result<Fitted, FitError> {
    let n = surface.readings.len();
    let mut found = None;
    for round in 0..ROUNDS {
        let model = surface.model(table, composition, noise);
        let fitted = match best(surface, &model, &starts, PATIENCE) {
            // A valley without a floor: the first steps have not arrived.
            Err(FitError::NotConverged { .. }) => best(surface, &model, &starts[..1], 10 * PATIENCE)?,
            other => other?,
        };
        starts = vec![fitted.params.clone()];
        let squares = |channel: usize| fitted.residuals[channel * n..(channel + 1) * n].iter().map(|r| r * r).sum::<f64>();
        let dof = n as f64 - 0.5 * composition.n_parameters() as f64;
        let next = [0, 1].map(|channel| (noise[channel] * (squares(channel) / dof.max(1.0)).sqrt()).max(1e-7));
        let settled = (0..2).all(|channel| (next[channel] / noise[channel] - 1.0).abs() < 0.01);
        found = Some((fitted, noise));
        if settled || round + 1 == ROUNDS {
            break;
        }
        noise = next;
    }
    let (fitted, noise) = found.ok_or(FitError::NoFreeParameter { n_parameters: composition.n_parameters() })?;
    Ok(judged(surface, composition, fitted, noise))
}

fn judged(surface: &Surface, composition: Composition, fit: Fit, noise: [f64; 2]) -> Fitted {
    let n = surface.readings.len();
    let sequences = (0..2).flat_map(|channel| {
        let residuals = &fit.residuals[channel * n..(channel + 1) * n];
        surface.starts.windows(2).map(move |ends| &residuals[ends[0]..ends[1]])
    });
    let (inflation, correlation) = correlation_inflation(sequences);
    let of = |channel: usize| {
        fit.residuals[channel * n..(channel + 1) * n].iter().map(|r| (r * noise[channel]).powi(2)).sum::<f64>() / n as f64
    };
    let deviance = n as f64 * (of(0).ln() + of(1).ln());
    Fitted { composition, forms: surface.forms, noise, fit, deviance, inflation, correlation }
}

/// The best of several starts: a few steps from each, then the lowest to the end.
fn best(surface: &Surface, model: &Model<'_>, starts: &[Vec<f64>], patience: usize) -> Result<Fit, FitError> {
    let temperatures = surface.temperatures();
    let squares = |p: &[f64]| model.residuals(p).iter().map(|r| r * r).sum::<f64>();
    let mut ranked: Vec<(f64, &Vec<f64>)> = starts.iter().map(|start| (squares(start), start)).collect();
    ranked.retain(|(cost, _)| cost.is_finite());
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let problem = |start: &[f64]| {
        LeastSquares::new(model.parameters(start, temperatures))
            .error_scale(ErrorScale::Absolute)
            .tolerance(1e-7)
            .patience(patience)
    };
    LeastSquares::best_of(ranked.into_iter().take(FOLLOWED).map(|(_, start)| problem(start)), model).map(|(_, fit)| fit)
}

/// All compositions that could be fitted, and the one that the criterion chooses.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The fits, in the order of [`Composition::to_try`].
    pub fits: Vec<Fitted>,
    /// Bayesian criterion of each, with readings that are alike counted once.
    pub criteria: Vec<f64>,
    /// The chosen one.
    pub chosen: usize,
}

/// By how much the criterion must fall for one process more.
pub const NEEDED: f64 = 6.0;
/// Relative error of an energy above which its process is not resolved.
pub const VAGUE: f64 = 0.08;

/// Fits all compositions and chooses: a further process needs a fall of the criterion by [`NEEDED`] and an energy known to
/// [`VAGUE`]. `None` where not even the alpha process can be fitted.
pub fn choose(surface: &Surface, table: &KwwTable) -> Option<Choice> {
    let forms = Forms { combination: Combination::Additive, ..surface.forms };
    let mut fits = all(&Surface { forms, ..surface.clone() }, table);
    if surface.forms.combination == Combination::WilliamsWatts {
        // Sums over sums are slow: from where strengths add it is not far.
        let again = |fitted: Fitted| {
            if !fitted.composition.slow {
                return Some(fitted);
            }
            follow(surface, table, fitted.composition, vec![fitted.fit.params], fitted.noise).ok()
        };
        fits = fits.into_iter().filter_map(again).collect();
    }
    let criteria = criteria(surface, &fits);
    let mut chosen = fits.first().map(|_| 0)?;
    for k in 1..fits.len() {
        let supported = criteria[k] < criteria[chosen] - NEEDED;
        if supported && vague(&fits[k]).is_none() {
            chosen = k;
        }
    }
    Some(Choice { fits, criteria, chosen })
}

/// Fits of all compositions that are worth it.
fn all(surface: &Surface, table: &KwwTable) -> Vec<Fitted> {
    let mut fits: Vec<Fitted> = Vec::new();
    for composition in Composition::to_try(surface.forms.fast) {
        if composition.fast || composition.constant_loss {
            let all = criteria(surface, &fits);
            let slow = fits.iter().position(|fitted| fitted.composition.slow);
            // More is looked for where a beta process helps.
            if !slow.is_some_and(|slow| all[slow] < all[0] - NEEDED) {
                continue;
            }
        }
        if let Ok(fitted) = fit(surface, table, composition, &fits) {
            fits.push(fitted);
        }
    }
    fits
}

/// Bayesian criterion of each fit, with readings that are alike counted once.
fn criteria(surface: &Surface, fits: &[Fitted]) -> Vec<f64> {
    // The richest model has the fewest reasons for residuals that are alike.
    let inflation = fits.iter().map(|fitted| fitted.inflation).fold(f64::INFINITY, f64::min);
    let independent = 2.0 * surface.readings.len() as f64 / inflation.powi(2);
    let criterion = |fitted: &Fitted| {
        let k = fitted.composition.n_parameters() as f64 + 2.0;
        fitted.deviance / inflation.powi(2) + k * independent.ln()
    };
    fits.iter().map(criterion).collect()
}

/// The first beta process whose energy is not known well enough, by whether it is the fast one.
pub fn vague(fitted: &Fitted) -> Option<bool> {
    [false, true].into_iter().find(|fast| match energy(fitted, *fast) {
        Some((value, error)) => error.is_nan() || error > VAGUE * value,
        None => fitted.place(*fast).is_some(),
    })
}

/// Energy over `k` of a beta process and its standard error, K.
pub fn energy(fitted: &Fitted, fast: bool) -> Option<(f64, f64)> {
    let first = fitted.place(fast)?;
    let (t, u) = (first + 1, first + 2);
    fitted.derived(|p| Some(p[t] * p[u]))
}

impl Fitted {
    /// Where the parameters of a beta process begin: of two the one at lower temperature is the fast one.
    pub fn place(&self, fast: bool) -> Option<usize> {
        match (self.composition.beta(false), self.composition.beta(true)) {
            (Some(a), Some(b)) => {
                let a_is_slow = self.fit.params[a + 1] >= self.fit.params[b + 1];
                Some(if a_is_slow == fast { b } else { a })
            }
            (slow, _) => slow.filter(|_| !fast),
        }
    }

    /// Value and standard error of a function of the parameters, to first order.
    pub fn derived(&self, of: impl Fn(&[f64]) -> Option<f64>) -> Option<(f64, f64)> {
        let p = &self.fit.params;
        let value = of(p)?;
        let mut gradient = vec![0.0; p.len()];
        for (index, slope) in gradient.iter_mut().enumerate().filter(|(index, _)| self.fit.std_errors[*index] > 0.0) {
            let step = 1e-3 * self.fit.std_errors[index].min(0.1 * p[index].abs().max(1e-6));
            let mut moved = p.clone();
            moved[index] = p[index] + step;
            let up = of(&moved)?;
            moved[index] = p[index] - step;
            *slope = (up - of(&moved)?) / (2.0 * step);
        }
        let row = |i: usize| self.fit.covariance.row(i).iter().zip(&gradient).map(|(c, g)| c * g).sum::<f64>();
        let variance: f64 = gradient.iter().enumerate().map(|(i, g)| g * row(i)).sum();
        Some((value, self.inflation * variance.max(0.0).sqrt()))
    }
}
