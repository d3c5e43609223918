use super::algorithm::{Bent, Found, Readings, Straight, bent, straight};
use super::input::Series;
use super::{Equation, Event, Input, RateKinetics, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::chi_squared_tail;
use crate::core::unit::Probability;
use crate::method::MethodError;
use crate::methods::calorimetry::{CalorimetryError, DECADE, UNLIKELY};
use crate::theory::constants::GAS;

/// Fewest readings for a law of three parameters.
const FOR_BENT: usize = 5;

/// A series with its law.
pub(super) struct Fitted<'a> {
    pub(super) series: &'a Series,
    pub(super) readings: Readings,
    pub(super) law: Straight,
}

pub(super) fn outcome(method: &RateKinetics, input: &Input) -> Result<Outcome, MethodError> {
    let equation = method.equation(input);
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let mut fitted = Vec::new();
    for series in &input.series {
        let readings = readings(series, equation);
        let law = straight(&readings, equation.form()).ok_or_else(|| failed(series))?;
        fitted.push(Fitted { series, readings, law });
    }
    let at = chosen(&fitted);
    let Some(first) = fitted.get(at) else {
        let what = "series of temperatures";
        return Err(CalorimetryError::TooFew { what, found: 0, needed: 1 }.into());
    };
    straight_numbers(method, equation, first, &mut outcome);
    let curve = if input.event == Event::GlassTransition { transition(method, first, &mut outcome) } else { None };
    let shown = first.series;
    if let Some(why) = unseen(method, input) {
        for estimate in outcome.estimates.iter_mut().filter(|estimate| estimate.interval.is_some()) {
            estimate.interval = None;
            estimate.no_interval = Some(why.to_owned());
        }
        fitted.iter_mut().for_each(|f| f.law.energy.interval = None);
    }
    if fitted.len() > 1 {
        outcome.tables.push(over_conversion(&fitted));
        range(&fitted, &mut outcome);
    }
    outcome.tables.push(conventions(shown, input.event));
    outcome.tables.push(table(&fitted));
    outcome.figures = figures::all(input, equation, &fitted, at, curve.as_ref());
    Ok(outcome)
}

/// Why temperatures that are read from scans have errors which their scatter does not tell.
fn unseen(method: &RateKinetics, input: &Input) -> Option<&'static str> {
    if input.scans.is_empty() {
        None
    } else if input.event == Event::GlassTransition {
        Some(
            "the lines beside the steps were sought, and slow scans err more than fast ones; a table with temperature_error tells them apart",
        )
    } else if method.conversions.is_empty() {
        None
    } else {
        Some("the line below an exotherm shifts its conversions together, which their scatter does not show")
    }
}

fn failed(series: &Series) -> CalorimetryError {
    let what = series.conversion.map_or("the law".to_owned(), |c| format!("the law at a conversion of {c:.3}"));
    let reason = "the temperatures do not rise with the rate".to_owned();
    CalorimetryError::NotFitted { what, reason }
}

/// Readings as the equation wants them.
fn readings(series: &Series, equation: Equation) -> Readings {
    let speeds = series.ln_speeds.clone().filter(|_| equation == Equation::Friedman);
    Readings { ln_rates: speeds.unwrap_or_else(|| series.readings.ln_rates.clone()), ..series.readings.clone() }
}

/// Of several conversions the one nearest to one half.
fn chosen(fitted: &[Fitted<'_>]) -> usize {
    let away = |i: &usize| fitted[*i].series.conversion.map_or(0.0, |c| (c - 0.5).abs());
    (0..fitted.len()).min_by(|a, b| away(a).total_cmp(&away(b))).unwrap_or(0)
}

fn estimate(key: &str, symbol: &str, unit: &str, found: Found, factor: f64, refused: Option<&str>) -> Estimate {
    let value = found.value * factor;
    match (refused, found.interval) {
        (Some(why), _) => Estimate::without_interval(key, symbol, value, unit, why),
        (None, Some((lo, hi))) => {
            Estimate::with_interval(key, symbol, value, unit, (lo * factor, hi * factor), Basis::Likelihood)
                .std_error(found.error * factor)
        }
        (None, None) => Estimate::without_interval(key, symbol, value, unit, "not identified: its profile stays open"),
    }
}

fn straight_numbers(method: &RateKinetics, equation: Equation, fitted: &Fitted<'_>, outcome: &mut Outcome) {
    let law = &fitted.law;
    let curved = law.curvature_p.is_some_and(|p| p < method.significance);
    let mut refused = None;
    if curved {
        let mut order: Vec<usize> = (0..fitted.readings.temperatures.len()).collect();
        order.sort_by(|a, b| fitted.readings.temperatures[*a].total_cmp(&fitted.readings.temperatures[*b]));
        let (n, half) = (order.len(), (order.len() - 1) / 2);
        let cold = law.between(&fitted.readings, (order[0], order[half.max(1)]));
        let hot = law.between(&fitted.readings, (order[(n - 1 - half).min(n - 2)], order[n - 1]));
        let text = format!(
            "not one energy: the readings bend (p {:.1e}), from {:.1} kJ/mol at the lowest rates to {:.1} kJ/mol at the highest",
            Probability(law.curvature_p.unwrap_or(0.0)),
            1e-3 * cold,
            1e-3 * hot
        );
        outcome.notes.push(Note::warning("not_one_energy", text));
        refused = Some("not one energy: the readings bend");
    }
    if fitted.readings.errors.is_some() && law.dof >= 1.0 {
        let p = chi_squared_tail(law.sum, law.dof).unwrap_or(1.0);
        if p < UNLIKELY && !curved {
            let text = format!(
                "the readings scatter more than their stated errors allow (p {p:.1e}); the errors or a scan are wrong",
                p = Probability(p)
            );
            outcome.notes.push(Note::warning("errors_too_small", text));
            refused = refused.or(Some("the readings scatter more than their stated errors allow"));
        }
    }
    if fitted.readings.errors.is_none() {
        let text = "no errors of the temperatures are stated: the scatter about the law gives their size, which three readings tell badly";
        outcome.notes.push(Note::info("errors_from_scatter", text));
    }
    // Approximations of the temperature integral shift these by per cents, which is in no interval.
    let approximate = match equation {
        Equation::Boswell => Some("the equation is an approximation whose error is not in the scatter; `starink` is closer"),
        Equation::Ozawa => Some("Doyle's approximation shifts the energy by up to some per cent; `starink` is closer"),
        _ => None,
    };
    let (key, symbol) = equation.energy();
    let flag = fitted.series.conversion.map(|c| format!("conversion_{c:.2}"));
    let mut energy = estimate(key, symbol, "J/mol", law.energy, 1.0, refused.or(approximate));
    energy.flags.extend(flag);
    outcome.estimates.push(energy.n(fitted.readings.temperatures.len() as f64));
    if equation == Equation::Kissinger && fitted.series.conversion.is_none() {
        // c = ln(k0 R/E).
        let shift = (law.energy.value / GAS).ln();
        let ends = law.intercept.interval.zip(law.energy.interval);
        let ends = ends.map(|(c, e)| (c.0 + (e.0 / GAS).ln(), c.1 + (e.1 / GAS).ln()));
        let found = Found { value: law.intercept.value + shift, error: law.intercept.error, interval: ends };
        let mut shown = estimate("kissinger_prefactor_log10", "log10 k0", "", found, 1.0 / DECADE, refused);
        shown.flags.push("first_order".to_owned());
        outcome.estimates.push(shown);
    }
    if let Some(p) = law.curvature_p {
        outcome.estimates.push(Estimate::without_interval("curvature_p", "p", p, "", "a probability"));
    } else {
        let text = "three readings without stated errors cannot tell a bend: that one energy is enough is assumed";
        outcome.notes.push(Note::warning("no_curvature_test", text));
    }
}

/// Glass transition and fragility at the reference rate.
fn transition(method: &RateKinetics, fitted: &Fitted<'_>, outcome: &mut Outcome) -> Option<Bent> {
    let ln_reference = method.reference_rate.value.ln();
    let rates = &fitted.readings.ln_rates;
    let (lo, hi) = rates.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), r| (lo.min(*r), hi.max(*r)));
    let outside = ln_reference < lo - 0.01 || ln_reference > hi + 0.01;
    if method.vft && rates.len() < FOR_BENT {
        let text = format!("{} readings are too few for a law of three parameters; {FOR_BENT} are needed", rates.len());
        outcome.notes.push(Note::refused("no_vft", text));
    }
    let curved = method.vft && rates.len() >= FOR_BENT;
    let found = bent(&fitted.readings, ln_reference, &fitted.law, curved)?;
    let bends = !curved && fitted.law.curvature_p.is_some_and(|p| p < method.significance);
    let mut refused = bends.then_some("the readings bend: set vft = true");
    if fitted.readings.errors.is_some() {
        let dof = rates.len() as f64 - if curved { 3.0 } else { 2.0 };
        if dof >= 1.0 && chi_squared_tail(found.sum, dof).unwrap_or(1.0) < UNLIKELY {
            refused = refused.or(Some("the readings scatter more than their stated errors allow"));
        }
    }
    if outside {
        refused = refused.or(Some("the reference rate lies outside of the rates that were measured"));
    }
    let law = if curved { "law_vft" } else { "law_arrhenius" };
    for (key, symbol, unit, number) in [
        ("glass_transition_reference", "Tg", "K", Some(found.temperature)),
        ("fragility_index", "m", "", Some(found.fragility)),
        ("vft_t0", "T0", "K", found.t0),
    ] {
        if let Some(number) = number {
            outcome.estimates.push(estimate(key, symbol, unit, number, 1.0, refused).flag(law));
        }
    }
    Some(found)
}

/// Energy by all equations that fit the event, side by side.
fn conventions(series: &Series, event: Event) -> Table {
    let fits = |equation: &Equation| match equation {
        Equation::Friedman => series.ln_speeds.is_some(),
        Equation::Moynihan => event == Event::GlassTransition,
        _ => event == Event::Reaction,
    };
    let rows: Vec<(Equation, f64)> = Equation::ALL
        .into_iter()
        .filter(fits)
        .filter_map(|equation| Some((equation, straight(&readings(series, equation), equation.form())?.energy.value)))
        .collect();
    Table::new("conventions", "The same temperatures by several equations, ln(q/T^k) = c - B E/(R T)")
        .with_text("equation", rows.iter().map(|row| row.0.word().to_owned()).collect())
        .with_numbers("power", "", rows.iter().map(|row| row.0.form().power).collect())
        .with_numbers("factor", "", rows.iter().map(|row| row.0.form().factor).collect())
        .with_numbers("energy", "J/mol", rows.iter().map(|row| row.1).collect())
}

fn over_conversion(fitted: &[Fitted<'_>]) -> Table {
    let of = |pick: &dyn Fn(&Fitted<'_>) -> f64| fitted.iter().map(pick).collect::<Vec<f64>>();
    let end = |f: &Fitted<'_>, upper: bool| f.law.energy.interval.map_or(f64::NAN, |(lo, hi)| if upper { hi } else { lo });
    Table::new("energy_over_conversion", "Activation energy at equal conversion, with 95 % intervals")
        .with_numbers("conversion", "", of(&|f| f.series.conversion.unwrap_or(f64::NAN)))
        .with_numbers("energy", "J/mol", of(&|f| f.law.energy.value))
        .with_numbers("energy_lo", "J/mol", of(&|f| end(f, false)))
        .with_numbers("energy_hi", "J/mol", of(&|f| end(f, true)))
        .with_numbers("curvature_p", "", of(&|f| f.law.curvature_p.unwrap_or(f64::NAN)))
}

fn range(fitted: &[Fitted<'_>], outcome: &mut Outcome) {
    let energies = || fitted.iter().map(|f| f.law.energy.value);
    let (lo, hi) = energies().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), e| (lo.min(e), hi.max(e)));
    let why = "a range of estimates, which errors alone widen; the intervals of the table tell whether it is real";
    outcome.estimates.push(Estimate::without_interval("energy_range", "", hi - lo, "J/mol", why));
}

fn table(fitted: &[Fitted<'_>]) -> Table {
    let rows: Vec<(f64, f64, f64, f64)> = fitted
        .iter()
        .flat_map(|f| {
            (0..f.readings.temperatures.len()).map(|i| {
                let (t, y) = (f.readings.temperatures[i], super::algorithm::ordinate(&f.readings, f.law.form, i));
                (f.series.conversion.unwrap_or(f64::NAN), f.series.readings.ln_rates[i].exp(), t, y - f.law.at(1.0 / t))
            })
        })
        .collect();
    Table::new("readings", "Temperatures over the rate and what the law leaves of ln(q/T^k)")
        .with_numbers("conversion", "", rows.iter().map(|row| row.0).collect())
        .with_numbers("heating_rate", "K/s", rows.iter().map(|row| row.1).collect())
        .with_numbers("temperature", "K", rows.iter().map(|row| row.2).collect())
        .with_numbers("residual", "", rows.iter().map(|row| row.3).collect())
}
