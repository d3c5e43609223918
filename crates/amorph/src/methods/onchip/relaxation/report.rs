use super::algorithm::{Relaxing, Threshold, sensitivity, threshold};
use super::laws::{Compared, Series, compare};
use super::structures::{
    Fitted, Mean, Response, Sessions, fit, loss_of, plastic_rate, relaxing, sensitivity_of, sessions, trend,
};
use super::{Input, Relaxation, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::stats::chi_squared_tail;
use crate::core::unit::Probability;
use crate::method::MethodError;
use crate::methods::onchip::mechanics::{Chip, Specimen, systematic};
use crate::methods::onchip::records::{OnchipError, length_note};
use crate::theory::activation_volume::diameter_of_sphere;
use crate::theory::constants::BOLTZMANN;

/// Standard errors by which a displacement must grow to count.
const DETECTED: f64 = 2.0;
/// Taylor factor of a polycrystal, which the source's numbers need.
pub(super) const POLYCRYSTAL: f64 = 3.06;
/// Ω/V of the source.
const PAPER_FACTOR: f64 = 10.0;
/// Structures whose laws are compared.
const COMPARED: usize = 60;
/// Gain in Akaike's criterion from which another law than the logarithm is named.
const BETTER: f64 = 10.0;

/// A structure with its law.
pub(super) struct Row<'a> {
    pub(super) specimen: &'a Specimen,
    pub(super) fitted: Fitted,
    pub(super) relaxing: Relaxing,
    /// Fall of the stress per displacement, Pa/m.
    stiffness: f64,
    /// Strain at the first reading.
    strain: f64,
    /// Stress at the first and the last reading, Pa.
    ends: [f64; 2],
}

fn row<'a>(specimen: &'a Specimen, chip: &Chip) -> Option<Row<'a>> {
    let fitted = fit(specimen)?;
    let state = |u: f64| chip.state(&specimen.geometry, u);
    let first = state(fitted.first)?;
    let ends = [state(specimen.readings.first()?.displacement)?.stress, state(specimen.readings.last()?.displacement)?.stress];
    let relaxing = relaxing(&fitted, specimen, chip)?;
    Some(Row { specimen, fitted, relaxing, stiffness: first.stiffness, strain: first.strain, ends })
}

impl Row<'_> {
    fn is_detected(&self) -> bool {
        self.relaxing.loss > DETECTED * self.relaxing.error
    }

    fn response(&self) -> Response {
        Response { relaxing: self.relaxing, stiffness: self.stiffness, lever: self.fitted.law.lever }
    }

    /// Whether it counts: above the threshold where there is one, else where it relaxes.
    fn counts(&self, threshold: Option<&Threshold>) -> bool {
        match threshold {
            Some(threshold) => self.relaxing.stress > threshold.value,
            None => self.is_detected(),
        }
    }
}

pub(super) fn outcome(method: &Relaxation, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let found = sessions(&input.specimens, &input.chip, method.elastic_below);
    let corrected = found.as_ref().map(|found| found.corrected(&input.specimens));
    let specimens = corrected.as_deref().unwrap_or(&input.specimens);
    let is_known = |row: &Row<'_>| row.relaxing.stress_error <= method.largest_error * row.relaxing.stress;
    let rows: Vec<Row<'_>> = specimens.iter().filter_map(|specimen| row(specimen, &input.chip)).filter(is_known).collect();
    if rows.is_empty() {
        let what = "structures whose stress is known well enough, with two times";
        return Err(OnchipError::TooFew { what, found: 0, needed: 1 }.into());
    }
    let points: Vec<Relaxing> = rows.iter().map(|row| row.relaxing).collect();
    // A threshold is claimed where it explains the structures better than one law for all, beyond the one number more.
    let step = threshold(&points).filter(|found| found.gain > 10.0 && found.sensitivity > 0.0);
    let draws: Vec<Chip> =
        (0..method.draws).map(|draw| input.chip.draw(derive_seed(ctx.seed, &["chip".into(), draw.into()]))).collect();
    let detected = rows.iter().filter(|row| row.is_detected()).count() as f64;
    let counted = Estimate::without_interval("relaxing_structures", "n", detected, "", "counted, without error");
    let mut estimates = vec![counted.n(rows.len() as f64)];
    let mut notes = vec![length_note(&input.chip)];
    let mut tables = vec![structures(&rows, &input.chip)];
    if let Some(found) = &found {
        notes.push(of_sessions(found));
        tables.push(session_table(found));
    }
    let relaxed: Vec<&Row<'_>> = rows.iter().filter(|row| row.counts(step.as_ref())).collect();
    let gain_error = found.as_ref().map_or(0.0, |found| found.gain_error);
    let pooled = of_sensitivity(method, input, &relaxed, &draws, gain_error, &mut estimates, &mut notes);
    // What the shifts of the sessions were taken from says nothing about them.
    let free: Vec<&Row<'_>> = rows.iter().filter(|row| found.is_none() || row.strain >= method.elastic_below).collect();
    of_threshold(&free, step.as_ref(), pooled.is_some(), &mut estimates, &mut notes);
    let laws = laws(&relaxed);
    if let Some(best) = laws.first() {
        notes.extend(of_laws(best, &laws));
        tables.push(law_table(&laws));
    }
    let mut shown = vec![figures::displacements(&rows), figures::losses(&rows, step.as_ref())];
    if let (Some(pooled), Some(temperature)) = (&pooled, &input.temperature) {
        let stress = relaxed.iter().map(|row| row.relaxing.stress).sum::<f64>() / relaxed.len() as f64;
        tables.push(conventions(method, input, pooled, stress, temperature.value));
        let volumes: Vec<[f64; 4]> = relaxed.iter().filter_map(|row| of_row(method, input, row, temperature.value)).collect();
        shown.push(figures::rate_regimes(&volumes, pooled.volume_of_one, method.taylor_factor));
    }
    Ok(Outcome { estimates, tables, figures: shown, notes, ..Outcome::default() })
}

/// Largest and smallest plastic rate of a structure (1/s), its activation volume and standard error of that (m³).
fn of_row(method: &Relaxation, input: &Input, row: &Row<'_>, temperature: f64) -> Option<[f64; 4]> {
    let rate = |time: f64| plastic_rate(&row.fitted, row.specimen, &input.chip, time);
    let rates = [rate(row.specimen.readings.first()?.time)?, rate(row.specimen.readings.last()?.time)?];
    let volume = method.taylor_factor * BOLTZMANN * temperature / row.relaxing.loss;
    let error = volume * row.relaxing.error / row.relaxing.loss;
    (rates[1] > 0.0 && volume > 0.0).then_some([rates[0], rates[1], volume, error])
}

/// What all structures that relax say together.
pub(super) struct Pooled {
    /// Activation volume for a Taylor factor of one with its 95 % interval, m³.
    volume_of_one: [f64; 3],
    sensitivity: f64,
}

fn of_sensitivity(
    method: &Relaxation,
    input: &Input,
    rows: &[&Row<'_>],
    draws: &[Chip],
    gain_error: f64,
    estimates: &mut Vec<Estimate>,
    notes: &mut Vec<Note>,
) -> Option<Pooled> {
    let n = rows.len() as f64;
    let points: Vec<Response> = rows.iter().map(|row| row.response()).collect();
    let m = sensitivity_of(&points, gain_error).filter(|m| m.interval.0 > 0.0);
    let Some(m) = m else {
        let message =
            "the displacements do not grow beyond their errors: no rate sensitivity and no activation volume; see the bound";
        notes.push(Note::info("no_relaxation", message));
        return None;
    };
    // The laws of the structures do not depend on the constants: only stress and stiffness are drawn.
    let again = |chip: &Chip, of: fn(&[Response], f64) -> Option<Mean>| {
        let drawn = rows
            .iter()
            .zip(&points)
            .map(|(row, point)| Some(Response { relaxing: relaxing(&row.fitted, row.specimen, chip)?, ..*point }));
        let drawn: Option<Vec<Response>> = drawn.collect();
        of(&drawn?, gain_error).map(|mean| mean.value)
    };
    let common = systematic(draws, |chip| again(chip, sensitivity_of));
    estimates.push(
        Estimate::with_interval("rate_sensitivity_m", "m", m.value, "", m.interval, Basis::Replicate)
            .std_error(m.error)
            .systematic_error(common)
            .n(n),
    );
    if let Some(trend) = trend(&points).filter(|trend| trend.abs() > 2.58) {
        let message = format!("m changes with stress ({trend:.1} standard errors): one mean does not stand for all structures");
        notes.push(Note::warning("trend", message));
    }
    let Some(temperature) = &input.temperature else {
        notes.push(Note::info("no_temperature", "state temperature for the activation volume"));
        return None;
    };
    let loss = loss_of(&points, gain_error).filter(|loss| loss.interval.0 > 0.0)?;
    let thermal = method.taylor_factor * BOLTZMANN * temperature.value;
    let common = systematic(draws, |chip| again(chip, loss_of).map(|loss| thermal / loss));
    let volume = thermal / loss.value;
    let interval = (thermal / loss.interval.1, thermal / loss.interval.0);
    let convention = format!("taylor_factor_{:.3}", method.taylor_factor);
    estimates.push(
        Estimate::with_interval("activation_volume", "V", volume, "m^3", interval, Basis::Replicate)
            .std_error(volume * loss.error / loss.value)
            .systematic_error(common)
            .flag(&convention)
            .n(n),
    );
    of_zone(input, temperature.value, volume, &convention, estimates, notes);
    let volume_of_one = [volume, interval.0, interval.1].map(|volume| volume / method.taylor_factor);
    Some(Pooled { volume_of_one, sensitivity: m.value })
}

fn of_sessions(found: &Sessions) -> Note {
    let p = chi_squared_tail(found.chi_squared, (found.times.len() - 1) as f64).unwrap_or(f64::NAN);
    let message = format!(
        "the {} elastic structures set the zero of every session; the shifts (table sessions) are taken off, with p {p:.2e} for none",
        found.n,
        p = Probability(p)
    );
    Note::info("sessions", message)
}

fn session_table(found: &Sessions) -> Table {
    Table::new("sessions", "Shift of every session, from elastic structures")
        .with_numbers("time", "s", found.times.clone())
        .with_numbers("shift", "m", found.shifts.clone())
        .with_numbers("shift_error", "m", vec![found.error; found.times.len()])
}

/// The laws of the structures whose loss is known best.
fn laws(rows: &[&Row<'_>]) -> Vec<Compared> {
    let mut order: Vec<&&Row<'_>> = rows.iter().collect();
    order.sort_by(|a, b| (b.relaxing.loss / b.relaxing.error).total_cmp(&(a.relaxing.loss / a.relaxing.error)));
    let series = |row: &&&Row<'_>| {
        let readings = &row.specimen.readings;
        Series {
            times: readings.iter().map(|reading| reading.time).collect(),
            displacements: readings.iter().map(|reading| reading.displacement).collect(),
            errors: readings.iter().map(|reading| reading.error).collect(),
            stiffness: row.stiffness,
        }
    };
    compare(&order.iter().take(COMPARED).map(series).collect::<Vec<Series>>())
}

fn of_laws(best: &Compared, laws: &[Compared]) -> Option<Note> {
    let logarithm = laws.iter().filter(|law| law.law.is_logarithm()).map(Compared::aic).fold(f64::INFINITY, f64::min);
    let gain = logarithm - best.aic();
    (gain > BETTER).then(|| {
        let message = format!(
            "a {} describes the structures better than a logarithm (AIC lower by {gain:.0}): m and V are those of the logarithm all the same",
            best.law.name()
        );
        Note::warning("law", message)
    })
}

fn law_table(laws: &[Compared]) -> Table {
    let least = laws.first().map_or(0.0, Compared::aic);
    let column = |of: &dyn Fn(&Compared) -> f64| laws.iter().map(of).collect::<Vec<f64>>();
    let common = |place: usize| column(&|law| law.common.get(place).copied().unwrap_or(f64::NAN));
    Table::new("laws", "Laws of relaxation by Akaike's criterion")
        .with_text("law", laws.iter().map(|law| law.law.name().to_owned()).collect())
        .with_numbers("delta_aic", "", column(&|law| law.aic() - least))
        .with_numbers("misfit", "", column(&|law| law.misfit))
        .with_numbers("parameters", "", column(&|law| law.parameters as f64))
        .with_text("common", laws.iter().map(|law| law.law.common().to_owned()).collect())
        .with_numbers("first_common", "", common(0))
        .with_numbers("second_common", "", common(1))
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

fn of_threshold(
    rows: &[&Row<'_>],
    found: Option<&Threshold>,
    is_relaxing: bool,
    estimates: &mut Vec<Estimate>,
    notes: &mut Vec<Note>,
) {
    let Some(found) = found else {
        notes.push(Note::info("no_threshold", "no stress below which structures do not relax is told from one law for all"));
        if !is_relaxing {
            let all: Vec<Relaxing> = rows.iter().map(|row| row.relaxing).collect();
            estimates.extend(bound(&all));
        }
        return;
    };
    let estimate = Estimate::with_interval("threshold_stress", "σ_c", found.value, "Pa", found.interval, Basis::Likelihood);
    estimates.push(estimate.n(rows.len() as f64));
    let below: Vec<Relaxing> = rows.iter().map(|row| row.relaxing).filter(|point| point.stress < found.interval.0).collect();
    if below.is_empty() {
        return;
    }
    let chi_squared: f64 = below.iter().map(|point| (point.loss / point.error).powi(2)).sum();
    let p = chi_squared_tail(chi_squared, below.len() as f64).unwrap_or(f64::NAN);
    let message = format!(
        "below the threshold: χ² = {chi_squared:.1} of {} structures for no relaxation (p {p:.2e})",
        below.len(),
        p = Probability(p)
    );
    notes.push(Note::info("below_threshold", message));
    estimates.extend(bound(&below));
}

/// What the rate sensitivity of structures may be at most.
fn bound(points: &[Relaxing]) -> Option<Estimate> {
    let (m, error) = sensitivity(points)?;
    let why = "an upper bound: 95 % of true values lie below";
    let value = m.max(0.0) + 1.645 * error;
    let estimate = Estimate::without_interval("m_upper_bound_below_threshold", "m", value, "", why);
    Some(estimate.n(points.len() as f64))
}

fn structures(rows: &[Row<'_>], chip: &Chip) -> Table {
    let column = |value: &dyn Fn(&Row<'_>) -> f64| rows.iter().map(value).collect::<Vec<f64>>();
    let span = |row: &Row<'_>| {
        let times = &row.specimen.readings;
        times.last().map_or(0.0, |last| (last.time / times[0].time).ln())
    };
    let finite = |row: &Row<'_>| row.fitted.full.and_then(|full| Some((full, full.rate_interval.0?, full.rate_interval.1?)));
    let rate = |row: &Row<'_>, time: f64| plastic_rate(&row.fitted, row.specimen, chip, time).unwrap_or(f64::NAN);
    let last = |row: &Row<'_>| row.specimen.readings.last().map_or(f64::NAN, |reading| reading.time);
    let drop_error = |row: &Row<'_>| 2f64.sqrt() * row.relaxing.stress_error / row.relaxing.stress;
    let table = Table::new("structures", "Relaxation of every structure")
        .with_text("structure", rows.iter().map(|row| row.specimen.name.clone()).collect())
        .with_text(
            "relaxation",
            rows.iter().map(|row| if row.is_detected() { "yes" } else { "not detectable" }.to_owned()).collect(),
        )
        .with_numbers("stress", "Pa", column(&|row| row.relaxing.stress))
        .with_numbers("times", "", column(&|row| row.fitted.law.n as f64))
        .with_numbers("A1", "m", column(&|row| row.fitted.law.gain))
        .with_numbers("A1_error", "m", column(&|row| row.fitted.law.error))
        .with_numbers("A2", "1/s", column(&|row| finite(row).map_or(f64::NAN, |(full, _, _)| full.rate)))
        .with_numbers("A2_lo", "1/s", column(&|row| finite(row).map_or(f64::NAN, |(_, lo, _)| lo)))
        .with_numbers("A2_hi", "1/s", column(&|row| finite(row).map_or(f64::NAN, |(_, _, hi)| hi)))
        .with_numbers("stress_per_ln_t", "Pa", column(&|row| row.relaxing.loss))
        .with_numbers("stress_per_ln_t_error", "Pa", column(&|row| row.relaxing.error))
        .with_numbers("rate_sensitivity_m", "", column(&|row| row.relaxing.loss / row.relaxing.stress))
        .with_numbers("rate_sensitivity_local", "", column(&|row| (row.ends[0] / row.ends[1]).ln() / span(row)))
        .with_numbers("stress_drop", "", column(&|row| 1.0 - row.ends[1] / row.ends[0]))
        .with_numbers("stress_drop_error", "", column(&drop_error))
        .with_numbers(
            "stress_drop_of_law",
            "",
            column(&|row| 1.0 - (-span(row) * row.relaxing.loss / row.relaxing.stress).exp()),
        );
    match chip.modulus {
        Some(_) => table
            .with_numbers("plastic_strain_rate_first", "1/s", column(&|row| rate(row, row.specimen.readings[0].time)))
            .with_numbers("plastic_strain_rate_last", "1/s", column(&|row| rate(row, last(row)))),
        None => table,
    }
}

/// The activation volume under every Taylor factor in use, with the whole stress and with what is left of it above a stated athermal one.
fn conventions(method: &Relaxation, input: &Input, pooled: &Pooled, stress: f64, temperature: f64) -> Table {
    let mut factors = vec![1.0, 3f64.sqrt(), method.taylor_factor, POLYCRYSTAL];
    factors.sort_by(f64::total_cmp);
    factors.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
    let mut kinds = vec![("total", 1.0)];
    if let Some(athermal) = method.athermal_stress.as_ref().filter(|athermal| athermal.value < stress) {
        kinds.push(("thermal", stress / (stress - athermal.value)));
    }
    let rows: Vec<(&str, f64, f64)> = kinds
        .into_iter()
        .flat_map(|(kind, share)| factors.iter().map(move |factor| (kind, *factor, factor * share * pooled.volume_of_one[0])))
        .collect();
    let volumes: Vec<f64> = rows.iter().map(|(_, _, volume)| *volume).collect();
    let zones = |factor: f64| volumes.iter().map(|volume| factor * volume).collect::<Vec<f64>>();
    let diameters = |factor: f64| volumes.iter().map(|volume| diameter_of_sphere(factor * volume)).collect::<Vec<f64>>();
    let table = Table::new("conventions", "Activation volume by convention")
        .with_text("stress_kind", rows.iter().map(|(kind, _, _)| (*kind).to_owned()).collect())
        .with_numbers("taylor_factor", "", rows.iter().map(|(_, factor, _)| *factor).collect())
        .with_numbers("rate_sensitivity_m", "", vec![pooled.sensitivity; rows.len()])
        .with_numbers("activation_volume", "m^3", volumes.clone())
        .with_numbers("stz_volume_paper", "m^3", zones(PAPER_FACTOR))
        .with_numbers("stz_diameter_paper", "m", diameters(PAPER_FACTOR));
    match &input.glass_transition {
        Some(transition) => {
            let ratio = zone_ratio(temperature / transition.value);
            table.with_numbers("stz_volume", "m^3", zones(ratio)).with_numbers("stz_diameter", "m", diameters(ratio))
        }
        None => table,
    }
}
