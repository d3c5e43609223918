use super::algorithm::{Branch, PowerLaw, area, area_slope, branch, power_law, reduced_modulus, sample_modulus};
use super::{Curve, IndentationError, Input, OliverPharr, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{Moments, student_t_quantile};
use crate::method::MethodError;

/// Windows beside the chosen one, by which its choice is judged.
const OTHER_WINDOWS: [(f64, f64); 2] = [(0.95, 0.5), (0.9, 0.4)];

/// Share of the peak below which the load must come to count as unloaded.
const UNLOADED: f64 = 0.6;

/// One analysed test.
pub(super) struct Analysed {
    pub name: String,
    pub branch: Branch,
    pub law: PowerLaw,
    /// Stiffness in the other windows, N/m.
    pub others: Vec<f64>,
    /// Contact depth, area, hardness, reduced modulus, modulus of the sample.
    pub contact: Option<Contact>,
    pub stiffness_std: f64,
    /// 95 % interval of the stiffness: scatter and windows.
    pub stiffness_interval: (f64, f64),
}

#[derive(Clone, Copy)]
pub(super) struct Contact {
    pub depth: f64,
    pub area: f64,
    pub hardness: f64,
    pub reduced: f64,
    pub young: Option<f64>,
    /// Relative changes of hardness and reduced modulus per relative change of the stiffness.
    slopes: (f64, f64),
}

pub(super) fn outcome(method: &OliverPharr, input: &Input) -> Result<Outcome, MethodError> {
    let mut analysed = Vec::new();
    let mut lost: Vec<(String, IndentationError)> = Vec::new();
    for curve in input.curves.iter().flatten() {
        match analyse(method, input, curve) {
            Ok(one) => analysed.push(one),
            Err(error) => lost.push((curve.name.clone(), error)),
        }
    }
    let Some(first) = analysed.first() else {
        return match lost.into_iter().next() {
            Some((_, error)) => Err(error.into()),
            None => Err(IndentationError::NoSites.into()),
        };
    };
    let mut estimates = if analysed.len() == 1 { of_one(first) } else { of_many(&analysed) };
    estimates.push(Estimate::without_interval("n_tests", "n", analysed.len() as f64, "", "counted, without error"));
    let mut notes = notes(input, &analysed);
    notes.extend(lost.iter().map(|(_, error)| Note::warning("test_lost", error.to_string())));
    Ok(Outcome {
        estimates,
        tables: vec![table(&analysed)],
        figures: vec![figures::unloading(first)],
        notes,
        ..Outcome::default()
    })
}

fn analyse(method: &OliverPharr, input: &Input, curve: &Curve) -> Result<Analysed, IndentationError> {
    let start = curve.time.first().copied().unwrap_or(0.0);
    let corrected = curve.depth.iter().zip(&curve.time).zip(&curve.load);
    let depth: Vec<f64> =
        corrected.map(|((h, t), p)| h - input.drift_rate * (t - start) - input.frame_compliance * p).collect();
    let from = curve.loaded_end;
    let lowest = curve.load.get(from..).unwrap_or_default().iter().copied().fold(f64::INFINITY, f64::min);
    let percent = 100.0 * lowest / curve.peak();
    let no_unloading = || IndentationError::NoUnloading { test: curve.name.clone(), percent: percent.min(100.0) };
    if percent.is_nan() || percent > 100.0 * UNLOADED {
        return Err(no_unloading());
    }
    let branch = branch(&curve.load, &depth, from, curve.level()).ok_or_else(no_unloading)?;
    let fitted = |window: (f64, f64)| power_law(&branch, window);
    let law = fitted((method.window[0], method.window[1]))
        .map_err(|error| IndentationError::NotFitted { what: "the unloading", reason: error.to_string() })?;
    let others: Vec<f64> = OTHER_WINDOWS.iter().filter_map(|window| fitted(*window).ok()).map(|law| law.stiffness).collect();
    let contact = match input.area.is_empty() {
        true => None,
        false => Some(contact(method, input, &branch, &law)?),
    };
    let t = student_t_quantile(0.975, (law.n - 3) as f64).unwrap_or(2.0);
    // Windows move the stiffness systematically: the interval reaches as far as they do.
    let lo = others.iter().copied().fold(law.stiffness, f64::min) - t * law.stiffness_std;
    let hi = others.iter().copied().fold(law.stiffness, f64::max) + t * law.stiffness_std;
    let (stiffness_std, stiffness_interval) = (law.stiffness_std, (lo, hi));
    Ok(Analysed { name: curve.name.clone(), branch, law, others, contact, stiffness_std, stiffness_interval })
}

fn contact(method: &OliverPharr, input: &Input, branch: &Branch, law: &PowerLaw) -> Result<Contact, IndentationError> {
    let sink = method.epsilon * branch.peak_load / law.stiffness;
    let depth = law.peak_depth - sink;
    let found = area(&input.area, depth);
    if !(depth > 0.0 && found > 0.0 && found.is_finite()) {
        return Err(IndentationError::NoArea { area: found, depth, coefficients: input.area.clone() });
    }
    let reduced = reduced_modulus(law.stiffness, found, method.beta);
    let young = input.sample.map(|(ratio, tip, tip_ratio)| sample_modulus(reduced, ratio, tip, tip_ratio));
    // A stiffer contact is deeper: d ln A/d ln S.
    let deeper = area_slope(&input.area, depth) * sink / found;
    let slopes = (-deeper, 1.0 - 0.5 * deeper);
    Ok(Contact { depth, area: found, hardness: branch.peak_load / found, reduced, young, slopes })
}

/// Interval of a quantity that goes with a power of the stiffness.
fn carried(value: f64, slope: f64, one: &Analysed) -> (f64, f64) {
    let s = one.law.stiffness;
    let at = |stiffness: f64| value * (stiffness.max(1e-3 * s) / s).powf(slope);
    let (a, b) = (at(one.stiffness_interval.0), at(one.stiffness_interval.1));
    (a.min(b), a.max(b))
}

fn of_one(one: &Analysed) -> Vec<Estimate> {
    let law = &one.law;
    let basis = Basis::Likelihood;
    let mut estimates = vec![
        Estimate::with_interval("contact_stiffness", "S", law.stiffness, "N/m", one.stiffness_interval, basis)
            .std_error(one.stiffness_std),
        Estimate::without_interval("unloading_exponent", "m", law.exponent, "", "depends on the window")
            .std_error(law.exponent_std),
    ];
    let Some(contact) = one.contact else { return estimates };
    let carried_to = |key: &str, symbol: &str, unit: &str, value: f64, slope: f64| {
        Estimate::with_interval(key, symbol, value, unit, carried(value, slope, one), basis)
            .std_error(value * slope.abs() * one.stiffness_std / law.stiffness)
    };
    let why = "its error is that of the stiffness; see the hardness";
    estimates.push(Estimate::without_interval("contact_depth", "h_c", contact.depth, "m", why));
    estimates.push(carried_to("hardness", "H", "Pa", contact.hardness, contact.slopes.0));
    estimates.push(carried_to("reduced_modulus", "E_r", "Pa", contact.reduced, contact.slopes.1));
    if let Some(young) = contact.young {
        let why = "its statistical error is that of the reduced modulus, its systematic one that of tip and Poisson's ratios";
        estimates.push(Estimate::without_interval("young_modulus", "E", young, "Pa", why));
    }
    estimates
}

/// Means over tests with Student's interval.
fn of_many(analysed: &[Analysed]) -> Vec<Estimate> {
    let contact = |of: fn(&Contact) -> Option<f64>| -> Vec<f64> {
        analysed.iter().filter_map(|one| one.contact.as_ref().and_then(of)).collect()
    };
    let lists = [
        ("contact_stiffness", "S", "N/m", analysed.iter().map(|one| one.law.stiffness).collect()),
        ("contact_depth", "h_c", "m", contact(|c| Some(c.depth))),
        ("hardness", "H", "Pa", contact(|c| Some(c.hardness))),
        ("reduced_modulus", "E_r", "Pa", contact(|c| Some(c.reduced))),
        ("young_modulus", "E", "Pa", contact(|c| c.young)),
    ];
    lists.into_iter().filter_map(|(key, symbol, unit, values)| mean(key, symbol, unit, &values)).collect()
}

fn mean(key: &str, symbol: &str, unit: &str, values: &[f64]) -> Option<Estimate> {
    let value = crate::core::stats::mean(values).ok()?;
    let n = values.len() as f64;
    let moments = Moments::of(values).ok().filter(|_| values.len() >= 3);
    let Some(moments) = moments else {
        return Some(Estimate::without_interval(key, symbol, value, unit, "fewer than three tests").n(n));
    };
    let half = student_t_quantile(0.975, n - 1.0).ok()? * moments.std_error();
    let interval = (value - half, value + half);
    let estimate = Estimate::with_interval(key, symbol, value, unit, interval, Basis::Replicate);
    Some(estimate.std_error(moments.std_error()).n(n))
}

fn table(analysed: &[Analysed]) -> Table {
    let column = |of: &dyn Fn(&Analysed) -> f64| analysed.iter().map(of).collect::<Vec<f64>>();
    let contact = |of: fn(&Contact) -> f64| column(&move |one| one.contact.as_ref().map_or(f64::NAN, of));
    Table::new("tests", "Tests")
        .with_text("name", analysed.iter().map(|one| one.name.clone()).collect())
        .with_numbers("peak_load", "N", column(&|one| one.branch.peak_load))
        .with_numbers("peak_depth", "m", column(&|one| one.law.peak_depth))
        .with_numbers("contact_stiffness", "N/m", column(&|one| one.law.stiffness))
        .with_numbers("contact_stiffness_std", "N/m", column(&|one| one.stiffness_std))
        .with_numbers("stiffness_95_50", "N/m", column(&|one| one.others.first().copied().unwrap_or(f64::NAN)))
        .with_numbers("stiffness_90_40", "N/m", column(&|one| one.others.get(1).copied().unwrap_or(f64::NAN)))
        .with_numbers("unloading_exponent", "", column(&|one| one.law.exponent))
        .with_numbers("contact_depth", "m", contact(|c| c.depth))
        .with_numbers("contact_area", "m^2", contact(|c| c.area))
        .with_numbers("hardness", "Pa", contact(|c| c.hardness))
        .with_numbers("reduced_modulus", "Pa", contact(|c| c.reduced))
        .with_numbers("young_modulus", "Pa", contact(|c| c.young.unwrap_or(f64::NAN)))
}

fn notes(input: &Input, analysed: &[Analysed]) -> Vec<Note> {
    let mut notes = Vec::new();
    if input.area.is_empty() {
        notes.push(Note::warning("no_area_function", format!("{}: stiffness only", IndentationError::NoAreaFunction)));
    }
    if input.drift_rate == 0.0 || input.frame_compliance == 0.0 {
        let text = "thermal drift or frame compliance is not stated: taken as removed by the instrument";
        notes.push(Note::info("no_corrections", text));
    }
    let at_bound = analysed.iter().filter(|one| one.law.at_bound).count();
    if at_bound > 0 {
        let text = format!("{at_bound} tests: the exponent of the unloading ends at a limit of 1 to 2.5");
        notes.push(Note::warning("exponent_at_bound", text));
    }
    let spread = |one: &Analysed| one.others.iter().map(|s| (s / one.law.stiffness - 1.0).abs()).fold(0.0, f64::max);
    let largest = analysed.iter().map(spread).fold(0.0, f64::max);
    if largest > 0.03 {
        let text =
            format!("the stiffness changes by up to {:.0} % with the window: the unloading is no power law", 100.0 * largest);
        notes.push(Note::warning("window_dependent", text));
    }
    if analysed.iter().filter_map(|one| one.contact?.young).any(|young| young <= 0.0) {
        notes.push(Note::warning(
            "tip_too_soft",
            "the reduced modulus is above that of a rigid sample on this tip: check area and tip",
        ));
    }
    notes
}
