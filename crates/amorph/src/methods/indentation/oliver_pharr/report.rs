use super::algorithm::{
    Branch, PowerLaw, area, area_slope, branch, creep_over_unloading, power_law, reduced_modulus, sample_modulus,
};
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
    /// As fitted.
    pub fitted: PowerLaw,
    /// As used: without creep where that was asked for.
    pub law: PowerLaw,
    /// Creep over unloading rate, m/N, where it was taken off.
    pub creep: Option<f64>,
    /// Stiffness in the other windows, N/m.
    pub others: Vec<f64>,
    pub contact: Option<Contact>,
    pub stiffness_interval: (f64, f64),
    pub hardness_interval: (f64, f64),
    pub reduced_interval: (f64, f64),
}

#[derive(Clone, Copy)]
pub(super) struct Contact {
    pub depth: f64,
    pub area: f64,
    pub hardness: f64,
    pub hardness_std: f64,
    pub reduced: f64,
    pub reduced_std: f64,
    pub young: Option<f64>,
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
    let mut notes = notes(method, input, &analysed);
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
    let failed =
        |error: crate::core::fit::FitError| IndentationError::NotFitted { what: "the unloading", reason: error.to_string() };
    let fitted = power_law(&branch, (method.window[0], method.window[1])).map_err(failed)?;
    let creep = method.creep_correction.then(|| creep_over_unloading(&curve.time, &curve.load, &depth, from, curve.level()));
    let creep = creep.flatten();
    let used = |law: PowerLaw| creep.map_or(law, |creep| law.without_creep(creep));
    let law = used(fitted);
    let others: Vec<PowerLaw> = OTHER_WINDOWS.iter().filter_map(|window| power_law(&branch, *window).ok()).map(used).collect();
    let contact_of = |law: &PowerLaw| contact(method, input, &branch, law);
    let contact = if input.area.is_empty() { None } else { Some(contact_of(&law)?) };
    // Windows move the stiffness systematically: the interval reaches as far as those do that scatter does not explain.
    let apart: Vec<&PowerLaw> = others.iter().filter(|other| law.differs(other)).collect();
    let there: Vec<Contact> = match contact {
        Some(_) => apart.iter().filter_map(|other| contact_of(other).ok()).collect(),
        None => Vec::new(),
    };
    let t = student_t_quantile(0.975, (law.n - 3) as f64).unwrap_or(2.0);
    let reach = |value: f64, error: f64, others: &mut dyn Iterator<Item = f64>| {
        let (lo, hi) = others.fold((value, value), |a, x| (a.0.min(x), a.1.max(x)));
        (lo - t * error, hi + t * error)
    };
    let of_contact = |value: fn(&Contact) -> f64, error: fn(&Contact) -> f64| match &contact {
        Some(contact) => reach(value(contact), error(contact), &mut there.iter().map(value)),
        None => (f64::NAN, f64::NAN),
    };
    Ok(Analysed {
        name: curve.name.clone(),
        stiffness_interval: reach(law.stiffness, law.stiffness_std, &mut apart.iter().map(|law| law.stiffness)),
        hardness_interval: of_contact(|c| c.hardness, |c| c.hardness_std),
        reduced_interval: of_contact(|c| c.reduced, |c| c.reduced_std),
        others: others.iter().map(|law| law.stiffness).collect(),
        branch,
        fitted,
        law,
        creep,
        contact,
    })
}

fn contact(method: &OliverPharr, input: &Input, branch: &Branch, law: &PowerLaw) -> Result<Contact, IndentationError> {
    let sink = method.epsilon * branch.peak_load / law.stiffness;
    let depth = law.peak_depth - sink;
    let found = area(&input.area, depth);
    if !(depth > 0.0 && found > 0.0 && found.is_finite()) {
        return Err(IndentationError::NoArea { area: found, depth, coefficients: input.area.clone() });
    }
    let reduced = reduced_modulus(law.stiffness, found, method.beta);
    let hardness = branch.peak_load / found;
    let young = input.sample.map(|(ratio, tip, tip_ratio)| sample_modulus(reduced, ratio, tip, tip_ratio));
    // The contact depth carries the errors of peak depth and stiffness, which are those of one fit.
    let relative = law.stiffness_std / law.stiffness;
    let shared = law.covariance / law.stiffness;
    let depth_variance = law.peak_depth_std.powi(2) + (sink * relative).powi(2) + 2.0 * sink * shared;
    let widening = area_slope(&input.area, depth) / found;
    let with_stiffness = shared + sink * relative * relative;
    let reduced_variance = relative * relative + 0.25 * widening * widening * depth_variance - widening * with_stiffness;
    Ok(Contact {
        depth,
        area: found,
        hardness,
        hardness_std: hardness * widening.abs() * depth_variance.max(0.0).sqrt(),
        reduced,
        reduced_std: reduced * reduced_variance.max(0.0).sqrt(),
        young,
    })
}

fn of_one(one: &Analysed) -> Vec<Estimate> {
    let law = &one.law;
    let basis = Basis::Likelihood;
    let mut estimates = vec![
        Estimate::with_interval("contact_stiffness", "S", law.stiffness, "N/m", one.stiffness_interval, basis)
            .std_error(law.stiffness_std),
        Estimate::without_interval("unloading_exponent", "m", law.exponent, "", "depends on the window")
            .std_error(law.exponent_std),
    ];
    let Some(contact) = one.contact else { return estimates };
    let of = |key: &str, symbol: &str, value: f64, error: f64, interval: (f64, f64)| {
        Estimate::with_interval(key, symbol, value, "Pa", interval, basis).std_error(error)
    };
    let why = "its error is that of the stiffness; see the hardness";
    estimates.push(Estimate::without_interval("contact_depth", "h_c", contact.depth, "m", why));
    estimates.push(of("hardness", "H", contact.hardness, contact.hardness_std, one.hardness_interval));
    estimates.push(of("reduced_modulus", "E_r", contact.reduced, contact.reduced_std, one.reduced_interval));
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
        .with_numbers("creep_compliance", "m/N", column(&|one| one.creep.unwrap_or(f64::NAN)))
        .with_numbers("contact_stiffness_std", "N/m", column(&|one| one.law.stiffness_std))
        .with_numbers("stiffness_95_50", "N/m", column(&|one| one.others.first().copied().unwrap_or(f64::NAN)))
        .with_numbers("stiffness_90_40", "N/m", column(&|one| one.others.get(1).copied().unwrap_or(f64::NAN)))
        .with_numbers("unloading_exponent", "", column(&|one| one.law.exponent))
        .with_numbers("contact_depth", "m", contact(|c| c.depth))
        .with_numbers("contact_area", "m^2", contact(|c| c.area))
        .with_numbers("hardness", "Pa", contact(|c| c.hardness))
        .with_numbers("reduced_modulus", "Pa", contact(|c| c.reduced))
        .with_numbers("young_modulus", "Pa", contact(|c| c.young.unwrap_or(f64::NAN)))
}

fn notes(method: &OliverPharr, input: &Input, analysed: &[Analysed]) -> Vec<Note> {
    let mut notes = Vec::new();
    if input.area.is_empty() {
        notes.push(Note::warning("no_area_function", format!("{}: stiffness only", IndentationError::NoAreaFunction)));
    }
    if input.drift_rate == 0.0 || input.frame_compliance == 0.0 {
        let text = "thermal drift or frame compliance is not stated: taken as removed by the instrument";
        notes.push(Note::info("no_corrections", text));
    }
    let held = analysed.iter().filter(|one| one.creep.is_some()).count();
    if method.creep_correction && held < analysed.len() {
        let text = format!("{} tests have no hold from which their creep could be told: not corrected", analysed.len() - held);
        notes.push(Note::warning("no_creep_rate", text));
    }
    if let Some(largest) = analysed.iter().filter_map(|one| Some(one.creep? * one.fitted.stiffness)).max_by(f64::total_cmp) {
        let text = format!("creep during the unloading was taken off the compliance: up to {:.1} % of it", 100.0 * largest);
        notes.push(Note::info("creep_corrected", text));
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
