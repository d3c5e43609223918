use super::algorithm::{FullLaw, LogLaw, Relaxing, Threshold, full_law, log_law, sensitivity, threshold};
use super::{Input, Relaxation};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::stats::random_effects;
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::methods::onchip::mechanics::{Chip, systematic};
use crate::methods::onchip::records::{OnchipError, Specimen};
use crate::theory::activation_volume::diameter_of_sphere;
use crate::theory::constants::BOLTZMANN;

/// Standard errors by which a displacement must grow to count.
const DETECTED: f64 = 2.0;
/// Taylor factor of a polycrystal, which the source's numbers need.
const POLYCRYSTAL: f64 = 3.06;
/// Ω/V of the source.
const PAPER_FACTOR: f64 = 10.0;

/// A structure with its law.
struct Row<'a> {
    specimen: &'a Specimen,
    law: LogLaw,
    full: Option<FullLaw>,
    relaxing: Relaxing,
    /// Stress at the first and the last reading, Pa.
    ends: [f64; 2],
}

fn row<'a>(specimen: &'a Specimen, chip: &Chip) -> Option<Row<'a>> {
    let column =
        |of: fn(&crate::methods::onchip::records::Reading) -> f64| -> Vec<f64> { specimen.readings.iter().map(of).collect() };
    let (times, displacements, errors) =
        (column(|reading| reading.time), column(|reading| reading.displacement), column(|reading| reading.error));
    let law = log_law(&times, &displacements, &errors)?;
    let full = full_law(&times, &displacements, &errors);
    // With early data the law with its start fits better; its gain is then the one that counts.
    let gain = match full.filter(|full| full.misfit + 4.0 < law.misfit) {
        Some(full) => full.gain,
        None => law.gain,
    };
    let states: Vec<_> = displacements.iter().filter_map(|u| chip.state(&specimen.geometry, *u)).collect();
    // At the first time on the line, which all readings tell better than the first alone.
    let first = chip.state(&specimen.geometry, law.start + law.gain * times[0].ln())?;
    let (stress, stiffness) = (first.stress, first.stiffness);
    let noise = (law.misfit / (law.n as f64 - 2.0).max(1.0)).max(1.0).sqrt();
    let inflation = if law.n > 4 { noise } else { 1.0 };
    Some(Row {
        specimen,
        law,
        full,
        relaxing: Relaxing {
            stress,
            stress_error: stiffness * errors[0],
            loss: stiffness * gain,
            error: stiffness * law.error * inflation,
        },
        ends: [states.first()?.stress, states.last()?.stress],
    })
}

fn rows<'a>(input: &'a Input, chip: &Chip, largest_error: f64) -> Vec<Row<'a>> {
    let known = |row: &Row<'_>| row.relaxing.stress_error <= largest_error * row.relaxing.stress;
    input.specimens.iter().filter_map(|specimen| row(specimen, chip)).filter(known).collect()
}

/// The structures that count: above the threshold where there is one, else all that relax.
fn above(rows: &[Row<'_>], threshold: Option<&Threshold>) -> Vec<Relaxing> {
    let is_above = |row: &&Row<'_>| match threshold {
        Some(threshold) => row.relaxing.stress > threshold.value,
        None => row.relaxing.loss > DETECTED * row.relaxing.error,
    };
    rows.iter().filter(is_above).map(|row| row.relaxing).collect()
}

/// Mean of a number per structure with a 95 % interval; scatter between structures counts.
fn mean(values: &[f64], errors: &[f64]) -> Option<(f64, (f64, f64), f64)> {
    match values.len() {
        0 => None,
        1 | 2 => {
            let weights: Vec<f64> = errors.iter().map(|error| error.powi(-2)).collect();
            let total: f64 = weights.iter().sum();
            let value = values.iter().zip(&weights).map(|(value, weight)| value * weight).sum::<f64>() / total;
            let error = total.powf(-0.5);
            Some((value, (value - 1.96 * error, value + 1.96 * error), error))
        }
        _ => {
            let pooled = random_effects(values, errors).ok()?;
            Some((pooled.mean, pooled.mean_interval, pooled.mean_std_error))
        }
    }
}

pub(super) fn outcome(method: &Relaxation, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let rows = rows(input, &input.chip, method.largest_error);
    if rows.is_empty() {
        let what = "structures whose stress is known well enough, with two times";
        return Err(OnchipError::TooFew { what, found: 0, needed: 1 }.into());
    }
    let points: Vec<Relaxing> = rows.iter().map(|row| row.relaxing).collect();
    // A threshold is claimed where it explains the structures better than one law for all, beyond the one number more.
    let found = threshold(&points).filter(|found| found.gain > 10.0 && found.sensitivity > 0.0);
    let draws: Vec<Chip> =
        (0..method.draws).map(|draw| input.chip.draw(derive_seed(ctx.seed, &["chip".into(), draw.into()]))).collect();
    let mut estimates = Vec::new();
    let mut notes = Vec::new();
    let relaxing = above(&rows, found.as_ref());
    let detected = rows.iter().filter(|row| row.relaxing.loss > DETECTED * row.relaxing.error).count();
    estimates.push(
        Estimate::without_interval("relaxing_structures", "n", detected as f64, "", "counted, without error")
            .n(rows.len() as f64),
    );
    let pooled = of_sensitivity(method, input, &relaxing, &draws, found.as_ref(), &mut estimates, &mut notes);
    of_threshold(&rows, found.as_ref(), &mut estimates, &mut notes);
    let mut tables = vec![structures(&rows)];
    if let Some((volume, m)) = pooled.filter(|_| input.temperature.is_some()) {
        tables.push(conventions(method, volume, m));
    }
    Ok(Outcome {
        estimates,
        tables,
        figures: vec![displacements(&rows), losses(&rows, found.as_ref())],
        notes,
        ..Outcome::default()
    })
}

/// m, V and Ω; returns V for a Taylor factor of one, and m.
fn of_sensitivity(
    method: &Relaxation,
    input: &Input,
    relaxing: &[Relaxing],
    draws: &[Chip],
    threshold: Option<&Threshold>,
    estimates: &mut Vec<Estimate>,
    notes: &mut Vec<Note>,
) -> Option<(f64, f64)> {
    let n = relaxing.len() as f64;
    let m_of = |points: &[Relaxing]| {
        let values: Vec<f64> = points.iter().map(|point| point.loss / point.stress).collect();
        let errors: Vec<f64> = points.iter().map(|point| point.error / point.stress).collect();
        mean(&values, &errors)
    };
    let loss_of = |points: &[Relaxing]| {
        let values: Vec<f64> = points.iter().map(|point| point.loss).collect();
        let errors: Vec<f64> = points.iter().map(|point| point.error).collect();
        mean(&values, &errors)
    };
    let (m, interval, error) = m_of(relaxing)?;
    if interval.0 <= 0.0 {
        let message =
            "the displacements do not grow beyond their errors: no rate sensitivity and no activation volume; see the bound";
        notes.push(Note::info("no_relaxation", message));
        return None;
    }
    let again = |chip: &Chip| above(&rows(input, chip, method.largest_error), threshold);
    let common = systematic(&draws[..draws.len().min(200)], |chip| m_of(&again(chip)).map(|(m, _, _)| m));
    estimates.push(
        Estimate::with_interval("rate_sensitivity_m", "m", m, "", interval, Basis::Replicate)
            .std_error(error)
            .systematic_error(common)
            .n(n),
    );
    let Some(temperature) = &input.temperature else {
        notes.push(Note::info("no_temperature", "state temperature for the activation volume"));
        return None;
    };
    let (loss, (lo, hi), error) = loss_of(relaxing)?;
    let thermal = method.taylor_factor * BOLTZMANN * temperature.value;
    let common = systematic(&draws[..draws.len().min(200)], |chip| loss_of(&again(chip)).map(|(loss, _, _)| thermal / loss));
    let volume = thermal / loss;
    if lo <= 0.0 {
        return None;
    }
    let interval = (thermal / hi, thermal / lo);
    let convention = format!("taylor_factor_{:.3}", method.taylor_factor);
    estimates.push(
        Estimate::with_interval("activation_volume", "V", volume, "m^3", interval, Basis::Replicate)
            .std_error(volume * error / loss)
            .systematic_error(common)
            .flag(&convention)
            .n(n),
    );
    of_zone(input, temperature.value, volume, &convention, estimates, notes);
    Some((volume / method.taylor_factor, m))
}

fn of_zone(
    input: &Input,
    temperature: f64,
    volume: f64,
    convention: &str,
    estimates: &mut Vec<Estimate>,
    notes: &mut Vec<Note>,
) {
    let why = "a multiple of activation_volume whose factor is a model's";
    let paper = PAPER_FACTOR * volume;
    let mut zone = paper;
    if let Some(transition) = &input.glass_transition {
        zone = volume * zone_ratio(temperature / transition.value);
        let estimate = Estimate::without_interval("stz_volume", "Ω", zone, "m^3", why);
        estimates.push(estimate.flag("cooperative_shear").flag(convention));
    } else {
        notes.push(Note::info(
            "no_glass_transition",
            "state glass_transition for the zone volume of the cooperative shear model",
        ));
    }
    let estimate = Estimate::without_interval("stz_volume_paper", "Ω", paper, "m^3", why);
    estimates.push(estimate.flag("paper_c_prime_10").flag(convention));
    let diameter = diameter_of_sphere(zone);
    estimates.push(Estimate::without_interval("stz_diameter", "d", diameter, "m", "from a volume without an interval"));
}

/// Ω/V of the cooperative shear model: 1/[6 R ζ (G₀ γ_C²/τ_C) √(1 - τ_CT/τ_C)] with R = 1/4, ζ = 3, γ_C = 0.027,
/// τ_C = 0.036 G and τ_CT = (0.036 - 0.016 (T/Tg)^(2/3)) G.
pub(super) fn zone_ratio(reduced_temperature: f64) -> f64 {
    let slope = 6.0 * 0.25 * 3.0 * 0.027f64.powi(2) / 0.036;
    let root = (0.016 / 0.036 * reduced_temperature.powf(2.0 / 3.0)).sqrt();
    1.0 / (slope * root)
}

fn of_threshold(rows: &[Row<'_>], found: Option<&Threshold>, estimates: &mut Vec<Estimate>, notes: &mut Vec<Note>) {
    let Some(found) = found else {
        notes.push(Note::info("no_threshold", "no stress below which structures do not relax is told from one law for all"));
        return;
    };
    let estimate = Estimate::with_interval("threshold_stress", "σ_c", found.value, "Pa", found.interval, Basis::Likelihood);
    estimates.push(estimate.n(rows.len() as f64));
    let below: Vec<Relaxing> = rows.iter().map(|row| row.relaxing).filter(|point| point.stress < found.interval.0).collect();
    if let Some((m, error)) = sensitivity(&below) {
        let bound = m.max(0.0) + 1.645 * error;
        let why = "an upper bound: 95 % of true values lie below";
        let estimate = Estimate::without_interval("m_upper_bound_below_threshold", "m", bound, "", why);
        estimates.push(estimate.n(below.len() as f64));
    }
}

fn structures(rows: &[Row<'_>]) -> Table {
    let column = |value: &dyn Fn(&Row<'_>) -> f64| rows.iter().map(value).collect::<Vec<f64>>();
    let span = |row: &Row<'_>| {
        let times = &row.specimen.readings;
        times.last().map_or(0.0, |last| (last.time / times[0].time).ln())
    };
    let finite = |row: &Row<'_>| row.full.and_then(|full| Some((full, full.rate_interval.0?, full.rate_interval.1?)));
    Table::new("structures", "Relaxation of every structure")
        .with_text("structure", rows.iter().map(|row| row.specimen.name.clone()).collect())
        .with_numbers("stress", "Pa", column(&|row| row.relaxing.stress))
        .with_numbers("times", "", column(&|row| row.law.n as f64))
        .with_numbers("A1", "m", column(&|row| row.law.gain))
        .with_numbers("A1_error", "m", column(&|row| row.law.error))
        .with_numbers("A2", "1/s", column(&|row| finite(row).map_or(f64::NAN, |(full, _, _)| full.rate)))
        .with_numbers("A2_lo", "1/s", column(&|row| finite(row).map_or(f64::NAN, |(_, lo, _)| lo)))
        .with_numbers("A2_hi", "1/s", column(&|row| finite(row).map_or(f64::NAN, |(_, _, hi)| hi)))
        .with_numbers("stress_per_ln_t", "Pa", column(&|row| row.relaxing.loss))
        .with_numbers("stress_per_ln_t_error", "Pa", column(&|row| row.relaxing.error))
        .with_numbers("rate_sensitivity_m", "", column(&|row| row.relaxing.loss / row.relaxing.stress))
        .with_numbers("stress_drop", "", column(&|row| 1.0 - row.ends[1] / row.ends[0]))
        .with_numbers(
            "stress_drop_of_law",
            "",
            column(&|row| 1.0 - (-span(row) * row.relaxing.loss / row.relaxing.stress).exp()),
        )
}

/// The activation volume under every Taylor factor in use.
fn conventions(method: &Relaxation, volume_of_one: f64, m: f64) -> Table {
    let factors = [1.0, 3f64.sqrt(), method.taylor_factor, POLYCRYSTAL];
    let mut factors = factors.to_vec();
    factors.sort_by(f64::total_cmp);
    factors.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
    let volumes: Vec<f64> = factors.iter().map(|factor| factor * volume_of_one).collect();
    Table::new("conventions", "Activation volume by convention")
        .with_numbers("taylor_factor", "", factors.clone())
        .with_numbers("rate_sensitivity_m", "", vec![m; factors.len()])
        .with_numbers("activation_volume", "m^3", volumes.clone())
        .with_numbers("stz_volume_paper", "m^3", volumes.iter().map(|volume| PAPER_FACTOR * volume).collect())
        .with_numbers(
            "stz_diameter_paper",
            "m",
            volumes.iter().map(|volume| diameter_of_sphere(PAPER_FACTOR * volume)).collect(),
        )
}

/// Displacement over time of the structures that gain most.
fn displacements(rows: &[Row<'_>]) -> Figure {
    let mut order: Vec<&Row<'_>> = rows.iter().collect();
    order.sort_by(|a, b| b.relaxing.loss.total_cmp(&a.relaxing.loss));
    let axes = (Axis::log("time", Unit::of("h")), Axis::linear("gain of displacement", Unit::of("nm")));
    let mut panel = Panel::new("", axes.0, axes.1);
    let shown = 6.min(order.len());
    for (number, place) in (0..shown).enumerate() {
        // From the one that gains most to the one that gains least.
        let row = order[place * (order.len() - 1) / (shown - 1).max(1)];
        let readings = &row.specimen.readings;
        let x: Vec<f64> = readings.iter().map(|reading| reading.time).collect();
        let first = row.law.start + row.law.gain * x[0].ln();
        let interval = |value: f64, error: f64| [value - 1.96 * error, value + 1.96 * error];
        panel = panel
            .with(Mark::Points {
                name: format!("{}, {:.2} GPa", row.specimen.name, 1e-9 * row.relaxing.stress),
                role: Role::Series(number as u16),
                x: x.clone(),
                y: readings.iter().map(|reading| reading.displacement - first).collect(),
                x_interval: Vec::new(),
                y_interval: readings.iter().map(|r| interval(r.displacement - first, r.error)).collect(),
            })
            .with(Mark::line(
                "",
                Role::Series(number as u16),
                x.clone(),
                x.iter().map(|time| row.law.gain * (time / x[0]).ln()).collect(),
            ));
    }
    Figure {
        key: "displacement".to_owned(),
        title: "Gain of displacement".to_owned(),
        caption: "Displacement of six structures since the first reading, from the one that gains most to the one that gains least, with 95 % intervals and the logarithmic law.".to_owned(),
        panels: vec![panel],
    }
}

/// Loss of stress per unit of ln t against the stress.
fn losses(rows: &[Row<'_>], threshold: Option<&Threshold>) -> Figure {
    let axes = (
        Axis::linear("stress at the first reading", Unit::of("GPa")),
        Axis::linear("stress lost per unit of ln t", Unit::of("MPa")),
    );
    let interval = |value: f64, error: f64| [value - 1.96 * error, value + 1.96 * error];
    let mut panel = Panel::new("", axes.0, axes.1).with(Mark::Points {
        name: "structures".to_owned(),
        role: Role::Data,
        x: rows.iter().map(|row| row.relaxing.stress).collect(),
        y: rows.iter().map(|row| row.relaxing.loss).collect(),
        x_interval: Vec::new(),
        y_interval: rows.iter().map(|row| interval(row.relaxing.loss, row.relaxing.error)).collect(),
    });
    if let Some(found) = threshold {
        let highest = rows.iter().map(|row| row.relaxing.stress).fold(found.value, f64::max);
        let lowest = rows.iter().map(|row| row.relaxing.stress).fold(found.value, f64::min);
        panel = panel
            .with(Mark::line(
                "none below, in proportion above",
                Role::Model,
                vec![lowest, found.value, found.value, highest],
                vec![0.0, 0.0, found.sensitivity * found.value, found.sensitivity * highest],
            ))
            .with(Mark::Rule { name: "threshold".to_owned(), role: Role::Reference, axis: RuleAxis::X, at: found.value });
    }
    Figure {
        key: "threshold".to_owned(),
        title: "Loss of stress against stress".to_owned(),
        caption:
            "Stress that every structure loses per unit of ln t over its stress at the first reading, with 95 % intervals, and the threshold where one is told."
                .to_owned(),
        panels: vec![panel],
    }
}
