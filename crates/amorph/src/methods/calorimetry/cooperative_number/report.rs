use super::algorithm::{Bell, Extrapolated, bell, extrapolated};
use super::{CooperativeNumber, Input, Reciprocal, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::method::MethodError;
use crate::methods::calorimetry::{CalorimetryError, DECADE};
use crate::theory::TheoryError;
use crate::theory::cooperativity::{berthier_number, cooperative_size, donth_number, donth_slope, spectral_width};

/// A transition below this is probably written in degrees Celsius, K.
const COLD: f64 = 400.0;
/// Height of the loss over its error below which there is none.
const CLEAR: f64 = 5.0;

pub(super) fn outcome(method: &CooperativeNumber, input: &Input) -> Result<Outcome, MethodError> {
    let failed = |reason: String| CalorimetryError::NotFitted { what: "the imaginary heat capacity".to_owned(), reason };
    let found = bell(&input.temperature, &input.loss).map_err(|error| failed(error.to_string()))?;
    let p = &found.fit.params;
    if p[2] <= CLEAR * found.fit.std_errors[2] || found.fit.at_bound[3] || found.fit.at_bound[4] {
        return Err(failed("there is no clear peak within the range".to_owned()).into());
    }
    let (at, width) = (p[3], p[4]);
    if at < COLD && !method.below_400_kelvin {
        return Err(CalorimetryError::Celsius(at).into());
    }
    let [glass, liquid] = lines(method, input, at, width)?;
    if liquid.value - glass.value <= 3.0 * glass.error.hypot(liquid.error) {
        let (step, error) = (1e-3 * (liquid.value - glass.value), 1e-3 * glass.error.hypot(liquid.error));
        return Err(CalorimetryError::NoStep { step, error }.into());
    }
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    numbers(method, input, &found, [glass, liquid], &mut outcome)?;
    outcome.tables.push(conventions(input, at, width, [glass.value, liquid.value])?);
    outcome.tables.push(curves(input, &found));
    outcome.figures = vec![figures::transition(input, &found, [glass, liquid])];
    Ok(outcome)
}

/// Lines on both sides of the peak, as far as the record reaches.
fn lines(method: &CooperativeNumber, input: &Input, at: f64, width: f64) -> Result<[Extrapolated; 2], CalorimetryError> {
    let x = &input.temperature;
    let (lo, hi) = (x[0], x[x.len() - 1]);
    let away = method.gap * width;
    let one = |side: &'static str, (a, b): (f64, f64)| {
        let missing = CalorimetryError::NoLine { side, needed: 0.3 * method.line, lo: a.min(b), hi: b };
        let window = (a.max(lo), b.min(hi));
        if window.1 - window.0 < 0.3 * method.line {
            return Err(missing);
        }
        extrapolated(x, &input.real, window, at).ok_or(missing)
    };
    Ok([one("below", (at - away - method.line, at - away))?, one("above", (at + away, at + away + method.line))?])
}

fn reciprocal(kind: Reciprocal, glass: f64, liquid: f64) -> f64 {
    match kind {
        Reciprocal::Exact => 1.0 / glass - 1.0 / liquid,
        Reciprocal::SmallStep => (liquid - glass) / (0.5 * (glass + liquid)).powi(2),
    }
}

fn theory(error: TheoryError) -> MethodError {
    let what = "the cooperative number".to_owned();
    CalorimetryError::NotFitted { what, reason: error.to_string() }.into()
}

fn numbers(
    method: &CooperativeNumber,
    input: &Input,
    found: &Bell,
    [glass, liquid]: [Extrapolated; 2],
    outcome: &mut Outcome,
) -> Result<(), MethodError> {
    let (p, errors) = (&found.fit.params, &found.fit.std_errors);
    let (at, width) = (p[3], p[4]);
    let open = "not identified: its profile stays open";
    let shown = |key: &str, symbol: &str, unit: &str, value: f64, error: f64, ends: Option<(f64, f64)>| match ends {
        Some(ends) => Estimate::with_interval(key, symbol, value, unit, ends, Basis::Likelihood).std_error(error),
        None => Estimate::without_interval(key, symbol, value, unit, open).std_error(error),
    };
    outcome.estimates.push(shown("donth_width", "δT", "K", width, errors[4], found.width));
    outcome.estimates.push(shown("dynamic_glass_transition", "Tα", "K", at, errors[3], found.temperature));
    for (key, symbol, line) in [("specific_heat_glass", "cp,g", glass), ("specific_heat_liquid", "cp,l", liquid)] {
        let why = "the share of 1/f noise within a short line is not known: an interval of 1.96 errors covered 95 to 100 %";
        let estimate = Estimate::without_interval(key, symbol, line.value, "J/(kg K)", why);
        outcome.estimates.push(estimate.std_error(line.error).systematic_error(method.calibration_error * line.value));
    }
    let step = reciprocal(method.reciprocal, glass.value, liquid.value);
    let number = donth_number(at, width, step, input.molar_mass).map_err(theory)?;
    // Relative error of the reciprocal step, by moving either line by its error.
    let moved = |g: f64, l: f64| (reciprocal(method.reciprocal, glass.value + g, liquid.value + l) / step).ln();
    let relative = NORMAL_95 * moved(glass.error, 0.0).hypot(moved(0.0, liquid.error));
    let ends = found.width.map(|(lo, hi)| {
        let (down, up) = (2.0 * (hi / width).ln(), 2.0 * (width / lo).ln());
        (number * (-down.hypot(relative)).exp(), number * up.hypot(relative).exp())
    });
    let error = number * (2.0 * errors[4] / width).hypot(relative / NORMAL_95);
    let systematic = method.calibration_error * number;
    let mut donth = shown("cooperative_number", "Nα", "", number, error, ends).systematic_error(systematic);
    if method.reciprocal == Reciprocal::SmallStep {
        donth = donth.flag("small_step");
    }
    outcome.estimates.push(donth);
    if let Some(volume) = input.atomic_volume {
        let size = |number: f64| cooperative_size(number, volume).map_err(theory);
        let ends = ends.map(|(lo, hi)| Ok::<_, MethodError>((size(lo)?, size(hi)?))).transpose()?;
        let diameter = size(number)?;
        outcome.estimates.push(shown("cooperative_diameter", "", "m", diameter, diameter * error / number / 3.0, ends));
    }
    berthier(input, (at, width), liquid.value - glass.value, outcome)
}

/// What the stretching exponent and the fragility add.
fn berthier(input: &Input, (at, width): (f64, f64), step: f64, outcome: &mut Outcome) -> Result<(), MethodError> {
    let Some(beta) = input.stretching else {
        let text = "without stretching_exponent there is neither Berthier's bound nor the fragility that the width implies";
        outcome.notes.push(Note::info("no_stretching_exponent", text));
        return Ok(());
    };
    let w = spectral_width(beta).map_err(theory)?;
    let implied = at * donth_slope(at, width, beta, w).map_err(theory)? / DECADE;
    let why = "rests on the stated stretching exponent; to be held against a fragility that was measured";
    outcome.estimates.push(Estimate::without_interval("implied_fragility", "m", implied, "", why));
    let Some(m) = input.fragility else { return Ok(()) };
    let number = berthier_number(at, beta, m * DECADE / at, step, input.molar_mass).map_err(theory)?;
    let why = "rests on the stated stretching exponent and fragility; a lower bound";
    outcome.estimates.push(Estimate::without_interval("berthier_number", "Nc", number, "", why).flag("lower_bound"));
    if (implied / m).ln().abs() > 0.3 {
        let text = format!(
            "width and stretching exponent imply a fragility of {implied:.0}, stated is {m:.0}: the transition is broader or narrower than relaxation at one \
             frequency makes it, or its rate was not that of the modulation"
        );
        outcome.notes.push(Note::warning("fragilities_disagree", text));
    }
    Ok(())
}

/// The number by other conventions.
fn conventions(input: &Input, at: f64, width: f64, [glass, liquid]: [f64; 2]) -> Result<Table, MethodError> {
    let number = |step: f64| donth_number(at, width, step, input.molar_mass).map_err(theory);
    let steps = [reciprocal(Reciprocal::Exact, glass, liquid), reciprocal(Reciprocal::SmallStep, glass, liquid)];
    let names = ["1/cp,g - 1/cp,l", "(cp,l - cp,g)/mean²"];
    Ok(Table::new("conventions", "Nα by both ways to form the reciprocal step")
        .with_text("reciprocal_step", names.map(str::to_owned).to_vec())
        .with_numbers("value", "kg K/J", steps.to_vec())
        .with_numbers("number", "", vec![number(steps[0])?, number(steps[1])?]))
}

fn curves(input: &Input, found: &Bell) -> Table {
    let x = &input.temperature;
    let parts: Vec<(f64, f64)> = x.iter().map(|t| found.at(*t)).collect();
    Table::new("loss", "Real and imaginary heat capacity and the fitted normal curve on its background")
        .with_numbers("temperature", "K", x.clone())
        .with_numbers("specific_heat", "J/(kg K)", input.real.clone())
        .with_numbers("specific_heat_loss", "J/(kg K)", input.loss.clone())
        .with_numbers("background", "J/(kg K)", parts.iter().map(|p| p.0).collect())
        .with_numbers("model", "J/(kg K)", parts.iter().map(|p| p.0 + p.1).collect())
}
