use super::super::pop_ins::algorithm::jumps;
use super::algorithm::{Contact, Pillar, contact, rise};
use super::error::StressStrainError;
use super::input::{Electric, Input, Pressed};
use super::{Geometry, StressStrain, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{Segment, Table};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::series::{SeriesError, Sign};
use crate::method::MethodError;

/// Samples over which the resistance at a place is averaged.
const AROUND: usize = 50;
/// Samples of the slowest pop-in that ends the line of the contact, and the probability that noise does.
const SLOWEST: usize = 8;
const FALSE_ALARMS: f64 = 0.01;
/// Stress above which a pillar's diameter or load is doubted, Pa.
const IMPLAUSIBLE_STRESS: f64 = 1e10;
/// Current density above which Joule heating is certain, A/m².
const IMPLAUSIBLE_CURRENT_DENSITY: f64 = 1e11;

/// A test and where it begins.
pub(super) struct Loaded<'a> {
    test: &'a Pressed,
    contact: Contact,
}

impl std::ops::Deref for Loaded<'_> {
    type Target = Pressed;

    fn deref(&self) -> &Pressed {
        self.test
    }
}

/// Stress, strain and change of the resistivity of a test, averaged over stretches of samples.
pub(super) struct Curve<'a> {
    pub name: &'a str,
    pub time: Vec<f64>,
    pub stress: Vec<f64>,
    pub strain: Vec<f64>,
    /// Δρ/ρ₀; empty without a current.
    pub change: Vec<f64>,
}

pub(super) fn outcome(method: &StressStrain, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let mut notes = input.notes.clone();
    let mut tests = Vec::new();
    for (index, test) in input.tests.iter().enumerate() {
        let seed = derive_seed(ctx.seed, &["contact".into(), index.into()]);
        tests.push(Loaded { test, contact: contact_of(method, test, seed, ctx, &mut notes)? });
    }
    let curves: Vec<Curve<'_>> = tests.iter().map(|test| curve(method, input, test)).collect();
    notes.extend(implausible(input));
    if method.geometry == Geometry::AsPrinted {
        let message = "the term of the shape is that printed by Yang et al.; it exceeds that of a straight elastic pillar by a fifth at ν = 1/3";
        notes.push(Note::warning("geometry_as_printed", message));
    }
    Ok(Outcome {
        estimates: estimates(method, input, &tests),
        tables: vec![segments(method, input, &tests), series(&curves)],
        figures: figures::all(&curves, input.is_apparent),
        notes,
        ..Outcome::default()
    })
}

/// The line through the rise of the load up to the first pop-in, or the depth that was given.
fn contact_of(
    method: &StressStrain,
    test: &Pressed,
    seed: u64,
    ctx: &Ctx,
    notes: &mut Vec<Note>,
) -> Result<Contact, MethodError> {
    let line = match rise(&test.load, method.elastic_range) {
        Some(range) => {
            let (time, depth) = (&test.time[range.clone()], &test.compression[range.clone()]);
            let found = jumps(time, depth, Sign::Positive, SLOWEST, FALSE_ALARMS, seed, ctx);
            if let Err(SeriesError::Cancelled(cancelled)) = found {
                return Err(cancelled.into());
            }
            // A range too short or too quiet for a search is taken as a whole.
            let first = found.ok().and_then(|found| found.events.first().copied());
            let end = first.map_or(range.end, |jump| (range.start + jump.before).max(range.start + 10));
            if first.is_some() {
                let message =
                    format!("'{}': the line of the contact ends at a pop-in at {:.4} s", test.name, test.time[end - 1]);
                notes.push(Note::info("contact_before_pop_in", message));
            }
            contact(&test.load[range.start..end], &test.compression[range.start..end])
        }
        None => None,
    };
    match (&method.contact_depth, line) {
        (Some(depth), line) => {
            let stiffness = line.map_or(f64::NAN, |line| line.stiffness);
            Ok(Contact { depth: depth.value, error: depth.std_error.unwrap_or(0.0), stiffness })
        }
        (None, Some(line)) => Ok(line),
        (None, None) => Err(StressStrainError::NoContact { test: test.name.clone(), between: method.elastic_range }.into()),
    }
}

/// Strain of a sample.
pub(super) fn strain(pillar: &Pillar, test: &Loaded<'_>, sample: usize) -> f64 {
    (test.compression[sample] - test.contact.depth) / pillar.height
}

/// ln ρ up to a constant at a sample.
fn ln_resistivity(method: &StressStrain, pillar: &Pillar, test: &Loaded<'_>, electric: &Electric, sample: usize) -> f64 {
    electric.ln_resistance[sample] - pillar.ln_resistance(strain(pillar, test, sample), method.geometry)
}

/// ln ρ/ρ₀ of every sample; ρ₀ is the mean of the first samples with a settled current.
pub(super) fn change(method: &StressStrain, pillar: &Pillar, test: &Loaded<'_>) -> Vec<f64> {
    let Some(electric) = &test.electric else { return Vec::new() };
    let mut values: Vec<f64> =
        (0..test.time.len()).map(|sample| ln_resistivity(method, pillar, test, electric, sample)).collect();
    let first: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).take(AROUND).collect();
    let reference = first.iter().sum::<f64>() / first.len() as f64;
    values.iter_mut().for_each(|value| *value -= reference);
    values
}

fn curve<'a>(method: &StressStrain, input: &Input, test: &Loaded<'a>) -> Curve<'a> {
    let n = test.time.len();
    let stretch = n.div_ceil(method.rows).max(1);
    let mean = |value: &dyn Fn(usize) -> f64| -> Vec<f64> {
        let of = |first: usize| {
            let known: Vec<f64> = (first..(first + stretch).min(n)).map(value).filter(|value| value.is_finite()).collect();
            known.iter().sum::<f64>() / known.len() as f64
        };
        (0..n).step_by(stretch).map(of).collect()
    };
    let ln_change = change(method, &input.pillar, test);
    Curve {
        name: &test.test.name,
        time: mean(&|t| test.time[t]),
        stress: mean(&|t| input.pillar.stress(test.load[t])),
        strain: mean(&|t| strain(&input.pillar, test, t)),
        change: if ln_change.is_empty() { Vec::new() } else { mean(&|t| ln_change[t].exp_m1()) },
    }
}

fn estimates(method: &StressStrain, input: &Input, tests: &[Loaded<'_>]) -> Vec<Estimate> {
    let pillar = &input.pillar;
    let [of_diameter, of_height] = input.errors;
    let top = |test: &Loaded<'_>| (0..test.load.len()).max_by(|a, b| test.load[*a].total_cmp(&test.load[*b])).unwrap_or(0);
    let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
    let peak = tests.iter().map(|test| pillar.stress(test.load[top(test)])).fold(f64::NAN, f64::max);
    let at_peak = mean(tests.iter().map(|test| strain(pillar, test, top(test))).collect());
    let shape = "the errors of diameter and height dominate, and are systematic";
    let mut found = vec![
        with_systematic(Estimate::without_interval("peak_stress", "σ_max", peak, "Pa", shape), 2.0 * of_diameter * peak),
        with_systematic(Estimate::without_interval("peak_strain", "e_max", at_peak, "", shape), of_height * at_peak.abs()),
    ];
    let contact = &tests[0].contact;
    let line = "a straight line through a rise that need not be straight";
    found.push(Estimate::without_interval("contact_depth", "h₀", contact.depth, "m", line).std_error(contact.error));
    let modulus = mean(tests.iter().map(|test| pillar.modulus(test.contact.stiffness)).collect());
    if modulus.is_finite() {
        let error = modulus * (4.0 * of_diameter.powi(2) + of_height.powi(2)).sqrt();
        let why = "misalignment of punch and pillar lowers it by an unknown amount";
        found.push(with_systematic(Estimate::without_interval("loading_modulus", "E", modulus, "Pa", why), error));
    }
    let changes: Vec<f64> = tests.iter().filter_map(|test| last(&change(method, pillar, test))).collect();
    if !changes.is_empty() {
        let why = "drift of the contact is part of it";
        let key = "apparent_relative_resistivity_change";
        found.push(Estimate::without_interval(key, "Δρ/ρ₀", mean(changes), "", why));
    }
    let currents = || tests.iter().filter_map(|test| test.electric.as_ref());
    let of_all = |value: &dyn Fn(&Electric) -> Option<f64>| {
        currents().filter_map(value).filter(|value| value.is_finite()).fold(f64::NAN, f64::max)
    };
    let largest = |electric: &Electric| electric.current.iter().map(|value| value.abs()).fold(f64::NAN, f64::max);
    let density = of_all(&|electric| Some(largest(electric) / pillar.area()));
    let power = of_all(&|electric| Some(electric.voltage? * largest(electric)));
    for (key, symbol, unit, value) in [("largest_current_density", "j", "A/m^2", density), ("largest_power", "IV", "W", power)]
    {
        if value.is_finite() {
            found.push(Estimate::without_interval(key, symbol, value, unit, "the largest of many samples"));
        }
    }
    found
}

/// With the error of diameter and height, where the study states one.
fn with_systematic(estimate: Estimate, error: f64) -> Estimate {
    if error > 0.0 { estimate.systematic_error(error) } else { estimate }
}

/// Mean of the last known samples of ln ρ/ρ₀, as a relative change.
fn last(ln_change: &[f64]) -> Option<f64> {
    let end: Vec<f64> = ln_change.iter().rev().copied().filter(|value| value.is_finite()).take(AROUND).collect();
    (!end.is_empty()).then(|| (end.iter().sum::<f64>() / end.len() as f64).exp_m1())
}

fn implausible(input: &Input) -> Vec<Note> {
    let mut notes = Vec::new();
    let peak = input.tests.iter().flat_map(|test| &test.load).copied().fold(0.0, f64::max);
    let stress = input.pillar.stress(peak);
    if stress > IMPLAUSIBLE_STRESS {
        let message = format!("the peak stress is {:.1} GPa; check top_diameter and the unit of the load", stress * 1e-9);
        notes.push(Note::warning("stress_implausible", message));
    }
    let current = |test: &Pressed| {
        test.electric.as_ref().map_or(0.0, |electric| electric.current.iter().map(|value| value.abs()).fold(0.0, f64::max))
    };
    let density = input.tests.iter().map(current).fold(0.0, f64::max) / input.pillar.area();
    if density > IMPLAUSIBLE_CURRENT_DENSITY {
        let message =
            format!("the current density reaches {density:.1e} A/m²: it heats the pillar; check the unit of the current");
        notes.push(Note::warning("current_density_implausible", message));
    }
    notes
}

fn segments(method: &StressStrain, input: &Input, tests: &[Loaded<'_>]) -> Table {
    let pillar = &input.pillar;
    let rows: Vec<(&Loaded<'_>, &Segment)> =
        tests.iter().flat_map(|test| test.segments.iter().map(move |segment| (test, segment))).collect();
    let column =
        |value: &dyn Fn(&Loaded<'_>, &Segment) -> f64| rows.iter().map(|(test, segment)| value(test, segment)).collect();
    let words = |value: &dyn Fn(&Loaded<'_>, &Segment) -> String| {
        rows.iter().map(|(test, segment)| value(test, segment)).collect::<Vec<String>>()
    };
    let mean = |test: &Loaded<'_>, segment: &Segment| {
        let loads = test.load[segment.first..segment.end].iter().filter(|load| load.is_finite());
        pillar.stress(loads.clone().sum::<f64>() / loads.count() as f64)
    };
    let duration = |test: &Loaded<'_>, segment: &Segment| test.time[segment.end - 1] - test.time[segment.first];
    let rate = |test: &Loaded<'_>, segment: &Segment| {
        pillar.stress(test.load[segment.end - 1] - test.load[segment.first]) / duration(test, segment)
    };
    let changes: Vec<Vec<f64>> = tests.iter().map(|test| change(method, pillar, test)).collect();
    let change_over = |test: &Loaded<'_>, segment: &Segment| {
        let place = tests.iter().position(|known| known.name == test.name).unwrap_or(0);
        let Some(part) = changes[place].get(segment.first..segment.end) else { return f64::NAN };
        let reversed: Vec<f64> = part.iter().rev().copied().collect();
        match (last(part), last(&reversed)) {
            (Some(end), Some(start)) => (1.0 + end) / (1.0 + start) - 1.0,
            _ => f64::NAN,
        }
    };
    Table::new("segments", "Stress and strain by segment")
        .with_text("test", words(&|test, _| test.name.clone()))
        .with_text("segment", words(&|_, segment| segment.kind.word().to_owned()))
        .with_numbers("start", "s", column(&|test, segment| test.time[segment.first]))
        .with_numbers("duration", "s", column(&duration))
        .with_numbers("mean_stress", "Pa", column(&mean))
        .with_numbers("stress_rate", "Pa/s", column(&rate))
        .with_numbers("strain_at_start", "", column(&|test, segment| strain(pillar, test, segment.first)))
        .with_numbers("strain_at_end", "", column(&|test, segment| strain(pillar, test, segment.end - 1)))
        .with_numbers("apparent_relative_resistivity_change", "", column(&change_over))
}

fn series(curves: &[Curve<'_>]) -> Table {
    let join = |values: &dyn Fn(&Curve<'_>) -> Vec<f64>| curves.iter().flat_map(values).collect::<Vec<f64>>();
    let known = |curve: &Curve<'_>| {
        if curve.change.is_empty() { vec![f64::NAN; curve.time.len()] } else { curve.change.clone() }
    };
    let names = curves.iter().flat_map(|curve| std::iter::repeat_n(curve.name.to_owned(), curve.time.len())).collect();
    Table::new("series", "Stress, strain and resistivity over time")
        .with_text("test", names)
        .with_numbers("time", "s", join(&|curve| curve.time.clone()))
        .with_numbers("stress", "Pa", join(&|curve| curve.stress.clone()))
        .with_numbers("strain", "", join(&|curve| curve.strain.clone()))
        .with_numbers("apparent_relative_resistivity_change", "", join(&known))
}
