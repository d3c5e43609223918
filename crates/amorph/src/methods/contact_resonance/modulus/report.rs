//! Estimates with statistical and common errors apart, maps, tables.

use ndarray::Array2;

use super::algorithm::{Converted, Converter, Moduli, Route, Solution, convert, moduli};
use super::uncertainty::{Common, Places, common_errors};
use super::{ContactModulus, Input, figures, loss, notes};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Outcome};
use crate::core::stats::median;
use crate::method::MethodError;
use crate::methods::contact_resonance::statistics::{FEW_AREAS, Measured, mean, spread};
use crate::methods::contact_resonance::{ContactResonanceError, Geometry};

/// Share of pixels outside their branch that is an error.
const NO_SOLUTION_MAX: f64 = 0.05;
/// Share of pixels that the tip does not resolve above which no mean modulus is given.
const UNRESOLVED_MAX: f64 = 0.05;

/// Results on the way to the outcome.
pub(super) struct Results {
    pub converter: Converter,
    pub converted: Converted,
    /// For the stated shape of the contact; absent where the modulus is not calibrated.
    pub moduli: Option<Moduli>,
    /// For the other shape.
    pub other: Option<Moduli>,
    pub common: Common,
    /// Relative systematic error of the modulus by tip wear that cannot be put in its lines.
    pub wear: f64,
    /// Median `d ln k/d ln f` by measured mode.
    pub sensitivities: Vec<f64>,
}

pub(super) fn outcome(method: &ContactModulus, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let results = results(method, input, ctx)?;
    let mut outcome = Outcome::default();
    let layout = input.readings.layout;
    let common = &results.common.relative;
    let ratio = &results.converted.ratio;
    if let Some(moduli) = &results.moduli {
        modulus_estimates(input, &results, moduli, &mut outcome);
        let found = mean(&moduli.reduced, layout);
        outcome
            .estimates
            .extend(found.map(|f| estimate("reduced_modulus", "E*", "Pa", &f, common.reduced.hypot(results.wear))));
    }
    let found = mean(ratio, layout).ok_or(ContactResonanceError::NothingLeft)?;
    if let Some(spring) = results.converter.spring_constant_at_tip {
        let scaled = scale(&found, spring);
        outcome.estimates.push(estimate("contact_stiffness", "k*", "N/m", &scaled, common.stiffness));
        outcome.maps.push(input.readings.map("contact_stiffness", "N/m", ratio * spring));
    }
    outcome.estimates.push(estimate("stiffness_ratio", "k*/k_c1", "", &found, common.ratio));
    let loss = loss::loss(method, input, &results.converter);
    outcome.estimates.extend(loss.estimates);
    outcome.estimates.extend(plain_numbers(&results));
    outcome.maps.push(input.readings.map("stiffness_ratio", "", ratio.clone()));
    outcome.maps.extend(loss.maps);
    outcome.tables = vec![modes_table(input, &results), common_table(&results)];
    outcome.figures = figures::figures(input, &results, &outcome);
    outcome.notes = notes::notes(method, input, &results);
    outcome.notes.extend(loss.notes);
    Ok(outcome)
}

fn results(method: &ContactModulus, input: &Input, ctx: &Ctx) -> Result<Results, MethodError> {
    let converter = Converter::new(&input.calibration)?;
    let converted = convert(&converter, &input.readings);
    for (rejected, branch) in converted.rejected.iter().zip(&converter.branches) {
        let total = converted.ratio.len() - rejected.missing;
        if (rejected.below + rejected.above) as f64 > NO_SOLUTION_MAX * total as f64 {
            return Err(ContactResonanceError::NoSolution {
                mode: branch.mode,
                below: rejected.below,
                above: rejected.above,
                total,
                free: branch.free,
                pinned: branch.pinned,
            }
            .into());
        }
    }
    if !converted.ratio.iter().any(|ratio| ratio.is_finite()) {
        return Err(ContactResonanceError::NothingLeft.into());
    }
    ctx.check_cancelled()?;
    let elapsed = |row: usize| input.elapsed(row);
    let calibrated = input.calibration.route.is_some();
    let of = |geometry: Geometry| calibrated.then(|| moduli(&converter, &converted.ratio, geometry, elapsed));
    let by_reference = input.calibration.route == Some(Route::Reference);
    let other = if input.geometry == Geometry::Sphere { Geometry::Flat } else { Geometry::Sphere };
    let places = Places::of(&input.readings, &converted.ratio, input.geometry, elapsed);
    let common = common_errors(&input.calibration, &input.uncertain, &places, method.draws, ctx.seed);
    Ok(Results {
        moduli: of(input.geometry),
        other: of(other).filter(|_| by_reference && !input.calibration.paper_form),
        wear: wear(input, &converter),
        sensitivities: sensitivities(input, &converter),
        converter,
        converted,
        common,
    })
}

impl Input {
    /// Share of the scan that is done at a row; half where nobody says which edge was scanned first.
    pub(super) fn elapsed(&self, row: usize) -> f64 {
        let share = (row as f64 + 0.5) / self.readings.shape().0 as f64;
        match self.top_first {
            Some(true) => share,
            Some(false) => 1.0 - share,
            None => 0.5,
        }
    }
}

/// Tip wear that is not corrected line by line: uniform between the readings before and after.
fn wear(input: &Input, converter: &Converter) -> f64 {
    match converter.reference {
        Some((before, after)) if input.top_first.is_none() => {
            input.geometry.power() * (after / before).ln().abs() / 12f64.sqrt()
        }
        _ => 0.0,
    }
}

fn sensitivities(input: &Input, converter: &Converter) -> Vec<f64> {
    let of_mode = |branch: &super::algorithm::ModeBranch| {
        let mode = input.readings.modes.iter().find(|mode| mode.mode == branch.mode);
        let frequencies = mode.map(|mode| &mode.frequency).into_iter().flatten();
        let step = input.readings.modes[0].frequency.len().div_ceil(4096);
        let found = |frequency: &f64| match converter.solve(branch, *frequency) {
            Solution::Found { sensitivity, .. } => Some(sensitivity),
            _ => None,
        };
        median(&frequencies.step_by(step).filter_map(found).collect::<Vec<f64>>()).unwrap_or(f64::NAN)
    };
    converter.branches.iter().map(of_mode).collect()
}

fn modulus_estimates(input: &Input, results: &Results, moduli: &Moduli, outcome: &mut Outcome) {
    let layout = input.readings.layout;
    let solved = moduli.reduced.iter().filter(|value| value.is_finite()).count();
    if moduli.unresolved as f64 > UNRESOLVED_MAX * solved as f64 {
        outcome.estimates.extend(lower_bound(&moduli.reduced));
        return;
    }
    let common = &results.common.relative;
    let Some(found) = mean(&moduli.indentation, layout) else { return };
    // dM/M = (M/E*) dE*/E*.
    let stiffening = mean(&moduli.reduced, layout).map_or(1.0, |reduced| found.value / reduced.value);
    let shared = common.modulus.hypot(results.wear * stiffening);
    let main = estimate("indentation_modulus", "M", "Pa", &found, shared);
    outcome.estimates.push(main.clone());
    let noise = measurement_variance(input, results, moduli);
    let noise_known = noise.is_some();
    let variance = noise.unwrap_or_else(|| Array2::zeros(moduli.indentation.dim()));
    if let Some(width) = spread(&moduli.indentation, &variance, layout) {
        let flagged = |estimate: Estimate| if noise_known { estimate } else { estimate.flag("includes_measurement_noise") };
        outcome.estimates.push(flagged(estimate("indentation_modulus_sd", "σ_M", "Pa", &width, common.spread)));
        let relative = scale(&width, 1.0 / found.value);
        let why = "the interval is that of the standard deviation; the mean is known much better";
        let cv = match relative.interval.filter(|_| found.std_error / found.value < 0.1 * width.std_error / width.value) {
            Some(interval) => {
                Estimate::with_interval("indentation_modulus_cv", "σ_M/M", relative.value, "", interval, Basis::Replicate)
            }
            None => Estimate::without_interval("indentation_modulus_cv", "σ_M/M", relative.value, "", why),
        };
        outcome.estimates.push(flagged(cv.std_error(relative.std_error).n(relative.n)));
    }
    for (geometry, moduli) in [(input.geometry, Some(moduli)), (other(input.geometry), results.other.as_ref())] {
        let Some(found) = moduli.and_then(|moduli| mean(&moduli.indentation, layout)) else { continue };
        let (key, symbol) = match geometry {
            Geometry::Sphere => ("indentation_modulus_sphere", "M_sphere"),
            Geometry::Flat => ("indentation_modulus_flat", "M_flat"),
        };
        outcome.estimates.push(estimate(key, symbol, "Pa", &found, shared));
    }
    outcome.maps.push(input.readings.map("indentation_modulus", "Pa", moduli.indentation.clone()));
    outcome.maps.push(input.readings.map("reduced_modulus", "Pa", moduli.reduced.clone()));
}

pub(super) fn other(geometry: Geometry) -> Geometry {
    if geometry == Geometry::Sphere { Geometry::Flat } else { Geometry::Sphere }
}

/// `1/E* = 1/M_s + 1/M_t` means `M_s > E*` for any tip.
fn lower_bound(reduced: &Array2<f64>) -> Option<Estimate> {
    let finite: Vec<f64> = reduced.iter().copied().filter(|value| value.is_finite()).collect();
    let bound = median(&finite).ok()?;
    let why = "a lower bound: the sample is stiffer than the tip resolves, and M_s > E* whatever the tip";
    Some(Estimate::without_interval("indentation_modulus_lower_bound", "M_min", bound, "Pa", why).flag("lower_bound"))
}

/// Variance of the modulus of every pixel by the noise of the frequencies, by linear propagation.
fn measurement_variance(input: &Input, results: &Results, moduli: &Moduli) -> Option<Array2<f64>> {
    if input.readings.modes.iter().any(|mode| mode.noise.is_none()) {
        return None;
    }
    let mut variance = Array2::from_elem(moduli.indentation.dim(), f64::NAN);
    for (place, value) in variance.indexed_iter_mut() {
        let (modulus, reduced) = (moduli.indentation[place], moduli.reduced[place]);
        let amplification = results.converter.amplification(reduced, modulus, input.geometry);
        *value = (modulus * amplification).powi(2) * results.converted.log_variance[place];
    }
    Some(variance)
}

fn scale(found: &Measured, factor: f64) -> Measured {
    Measured {
        value: found.value * factor,
        std_error: found.std_error * factor,
        interval: found.interval.map(|(lo, hi)| (lo * factor, hi * factor)),
        n: found.n,
    }
}

/// A mean over the map with its relative common error.
fn estimate(key: &str, symbol: &str, unit: &str, found: &Measured, common: f64) -> Estimate {
    let estimate = match found.interval {
        Some(interval) => Estimate::with_interval(key, symbol, found.value, unit, interval, Basis::Replicate),
        None => Estimate::without_interval(key, symbol, found.value, unit, FEW_AREAS),
    };
    let estimate = estimate.std_error(found.std_error).n(found.n);
    if common > 0.0 { estimate.systematic_error(common * found.value) } else { estimate }
}

fn plain_numbers(results: &Results) -> Vec<Estimate> {
    let mut estimates = Vec::new();
    for (branch, sensitivity) in results.converter.branches.iter().zip(&results.sensitivities) {
        let why = "a property of the lever at the median frequency";
        let key = format!("sensitivity_mode_{}", branch.mode);
        estimates.push(Estimate::without_interval(&key, "d ln k/d ln f", *sensitivity, "", why));
    }
    if let Some((before, after)) = results.converter.reference {
        let why = "from two readings; their stated errors are in the error of the modulus";
        estimates.push(Estimate::without_interval("tip_drift", "Δk_ref/k_ref", after / before - 1.0, "", why));
    }
    let missing = results.converted.ratio.iter().filter(|ratio| !ratio.is_finite()).count();
    estimates.push(Estimate::without_interval("no_solution", "N_0", missing as f64, "", "a count"));
    estimates
}

fn modes_table(input: &Input, results: &Results) -> Table {
    let branches = &results.converter.branches;
    let rejected = &results.converted.rejected;
    let count = |of: &dyn Fn(&super::algorithm::Rejected) -> usize| rejected.iter().map(|r| of(r) as f64).collect::<Vec<f64>>();
    let noise = |mode: usize| input.readings.modes.iter().find(|m| m.mode == mode).and_then(|m| m.noise).unwrap_or(f64::NAN);
    Table::new("modes", "Flexural modes: range of frequencies, sensitivity, and pixels outside")
        .with_numbers("mode", "", branches.iter().map(|branch| branch.mode as f64).collect())
        .with_numbers("free_frequency", "Hz", branches.iter().map(|branch| branch.free).collect())
        .with_numbers("pinned_frequency", "Hz", branches.iter().map(|branch| branch.pinned).collect())
        .with_numbers("d ln k/d ln f", "", results.sensitivities.clone())
        .with_numbers("noise", "Hz", branches.iter().map(|branch| noise(branch.mode)).collect())
        .with_numbers("below", "", count(&|rejected| rejected.below))
        .with_numbers("above", "", count(&|rejected| rejected.above))
        .with_numbers("missing", "", count(&|rejected| rejected.missing))
}

fn common_table(results: &Results) -> Table {
    let rows = &results.common.contributions;
    Table::new("common_errors", "Relative change of the means by one standard error of each constant")
        .with_text("constant", rows.iter().map(|(key, _, _)| (*key).to_owned()).collect())
        .with_numbers("stiffness", "", rows.iter().map(|(_, stiffness, _)| *stiffness).collect())
        .with_numbers("modulus", "", rows.iter().map(|(_, _, modulus)| *modulus).collect())
}
