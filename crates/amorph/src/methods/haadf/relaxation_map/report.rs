//! Numbers, maps, notes and tables.

use ndarray::Array2;

use super::algorithm::{Finding, LEAST_BLOCKS, LogError, Relaxation, WIDEST, window_term};
use super::analysis::{Found, Pooled, Region, analyse};
use super::{Convention, Input, RelaxationMap, figures, spread};
use crate::core::ctx::Ctx;
use crate::core::data::{Map, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::student_t_quantile;
use crate::core::unit::{Unit, format_significant};
use crate::method::MethodError;

/// Quantity of the map of relaxation times.
pub(super) const TIME_MAP: &str = "tau0";
/// Record, in relaxation times, below which the correction for the window matters.
const LONG_RECORD: f64 = 100.0;

/// Frames below which the time of the skin gives no interval of the ratio: close to two frames only those that come out long are seen.
pub(super) const FASTEST_OF_RATIO: f64 = 3.0;

/// A region with its relaxation in seconds.
pub(super) struct Curve<'a> {
    /// The region.
    pub region: Region,
    /// `g2 - 1` at the lags, the loss by the window given back.
    pub excess: Vec<f64>,
    /// Its law.
    pub law: &'a Relaxation,
}

/// Seconds of a law in the wanted convention.
fn seconds(method: &RelaxationMap, law: &Relaxation, interval: f64) -> f64 {
    interval
        * match method.convention {
            Convention::Amplitude => law.tau,
            Convention::Intensity => law.intensity_time(),
        }
}

pub(super) fn outcome(method: &RelaxationMap, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let found = analyse(method, input, ctx)?;
    let interval = input.series.interval;
    let mut outcome = Outcome { notes: notes(method, input, &found), ..Outcome::default() };
    for pooled in &found.pooled {
        outcome.estimates.extend(estimates(method, pooled, interval));
        outcome.notes.extend(bound_note(method, pooled, interval));
    }
    outcome.estimates.extend(ratio(method, &found));
    let places = found.places.iter().flatten().count() as f64;
    let resolved = found.places.iter().flatten().filter(|place| matches!(place, Finding::Resolved(..))).count() as f64;
    let share = Estimate::without_interval("resolved_share", "", resolved / places, "", "a count of places").n(places);
    outcome.estimates.push(share);
    let stated = |kelvin| Estimate::without_interval("temperature", "T", kelvin, "K", "as stated");
    outcome.estimates.extend(input.temperature.map(stated));
    outcome.maps = maps(method, input, &found);
    outcome.tables = vec![censored(method, &found, interval)];
    let spread = spread::Spread::of(method, input, &found, ctx.seed);
    outcome.estimates.extend(spread.estimates());
    outcome.notes.extend(spread.notes());
    outcome.tables.extend(spread.table());
    let curves: Vec<Curve<'_>> = found.pooled.iter().filter_map(|pooled| curve(pooled, &found)).collect();
    outcome.figures = figures::all(method, &found, &curves, interval, outcome.maps[0].extent.is_some());
    outcome.figures.extend(spread.figure());
    Ok(outcome)
}

fn curve<'a>(pooled: &'a Pooled, found: &Found) -> Option<Curve<'a>> {
    let Finding::Resolved(law, _) = &pooled.finding else { return None };
    let taken = window_term(law, &found.lags, found.survey.beam.len());
    let excess = pooled.excess.iter().zip(&taken).map(|(c, b)| (1.0 + c) * (1.0 + b) - 1.0).collect();
    Some(Curve { region: pooled.region, excess, law })
}

fn estimates(method: &RelaxationMap, pooled: &Pooled, interval: f64) -> Vec<Estimate> {
    let Finding::Resolved(law, error) = &pooled.finding else { return Vec::new() };
    let suffix = pooled.region.suffix();
    let key = |name: &str| format!("{name}{suffix}");
    let symbol = |name: &str| if suffix.is_empty() { name.to_owned() } else { suffix.replacen('_', &format!("{name}_"), 1) };
    let value = seconds(method, law, interval);
    let n = pooled.n_pixels as f64;
    let mut tau = match interval_of(value, *error) {
        Ok(ends) => Estimate::with_interval(&key("tau0"), &symbol("τ"), value, "s", ends, Basis::Bootstrap),
        Err(why) => Estimate::without_interval(&key("tau0"), &symbol("τ"), value, "s", &why),
    };
    let why = "only the interval of the time was tested";
    let mut beta = Estimate::without_interval(&key("beta_kww"), &symbol("β"), law.beta, "", why);
    if let Some(error) = error {
        (tau, beta) = (tau.std_error(value * error.ln_tau), beta.std_error(error.beta));
    }
    let convention = match method.convention {
        Convention::Amplitude => "amplitude_convention",
        Convention::Intensity => "intensity_convention",
    };
    let why = "it depends on coherence, aperture and pixel as much as on the sample";
    let contrast = Estimate::without_interval(&key("speckle_contrast"), &symbol("A"), law.contrast, "", why);
    vec![tau.n(n).flag(convention), beta.n(n), contrast.n(n)]
}

/// The interval of a time, or why there is none.
fn interval_of(value: f64, error: Option<LogError>) -> Result<(f64, f64), String> {
    let error = error.ok_or_else(|| format!("the record holds fewer than {LEAST_BLOCKS} blocks of five relaxation times"))?;
    if error.ln_tau > WIDEST {
        return Err(format!("the error is above {} %, where intervals do not cover", format_significant(100.0 * WIDEST, 2)));
    }
    let t = student_t_quantile(0.975, error.blocks as f64 - 1.0).map_err(|error| error.to_string())?;
    let factor = (t * error.ln_tau).exp();
    Ok((value / factor, value * factor))
}

/// Time of the core over that of the skin. Their pixels fluctuate apart, so that the errors of the logarithms add; Student's t with the degrees of freedom
/// of Welch and Satterthwaite.
fn ratio(method: &RelaxationMap, found: &Found) -> Option<Estimate> {
    let [core, skin] = &found.pooled[..] else { return None };
    let (Finding::Resolved(of_core, slow_error), Finding::Resolved(of_skin, fast_error)) = (&core.finding, &skin.finding)
    else {
        return None;
    };
    let value = seconds(method, of_core, 1.0) / seconds(method, of_skin, 1.0);
    let without = |why: &str| Estimate::without_interval("tau0_ratio", "τ_core/τ_skin", value, "", why);
    let (Some(slow), Some(fast)) = (slow_error, fast_error) else {
        return Some(without("the time of the core or of the skin has no error"));
    };
    let (error, freedom) = error_of_ratio(slow, fast);
    let found = match student_t_quantile(0.975, freedom) {
        _ if slow.ln_tau.max(fast.ln_tau) > WIDEST => {
            without("the error of the core or of the skin is above that where intervals cover")
        }
        _ if of_core.tau.min(of_skin.tau) < FASTEST_OF_RATIO => {
            without("one of the times is below three frames: close to two only those that come out long are seen")
        }
        Ok(t) => {
            let factor = (t * error).exp();
            let ends = (value / factor, value * factor);
            Estimate::with_interval("tau0_ratio", "τ_core/τ_skin", value, "", ends, Basis::Bootstrap)
        }
        Err(error) => without(&error.to_string()),
    };
    Some(found.std_error(value * error))
}

/// Standard error of the logarithm of a ratio of two times, and its degrees of freedom.
pub(super) fn error_of_ratio(a: &LogError, b: &LogError) -> (f64, f64) {
    let (a2, b2) = (a.ln_tau.powi(2), b.ln_tau.powi(2));
    let freedom = (a2 + b2).powi(2) / (a2 * a2 / (a.blocks as f64 - 1.0) + b2 * b2 / (b.blocks as f64 - 1.0));
    ((a2 + b2).sqrt(), freedom)
}

fn bound_note(method: &RelaxationMap, pooled: &Pooled, interval: f64) -> Option<Note> {
    let name = pooled.region.name();
    let limit = |frames: f64| format_significant(bound(method, frames, interval), 3);
    let (code, message) = match pooled.finding {
        Finding::Resolved(..) => return None,
        Finding::Faster(frames) => {
            ("too_fast", format!("the {name} relaxes in less than {} s, two frames; record faster", limit(frames)))
        }
        Finding::Slower(frames) => {
            ("too_slow", format!("the {name} relaxes in more than {} s, a tenth of the record; record longer", limit(frames)))
        }
        Finding::Nothing => ("no_fluctuation", format!("nothing beyond counting noise outlasts a frame in the {name}")),
    };
    Some(Note::refused(code, message))
}

/// A limit, given in frames of the amplitude, in seconds of the wanted convention with the exponent of the map.
fn bound(method: &RelaxationMap, frames: f64, interval: f64) -> f64 {
    seconds(method, &Relaxation { contrast: 1.0, tau: frames, beta: method.map_exponent }, interval)
}

fn maps(method: &RelaxationMap, input: &Input<'_>, found: &Found) -> Vec<Map> {
    let interval = input.series.interval;
    let map = |quantity: &str, unit: Unit, value: &dyn Fn(&Finding) -> f64| {
        let values: Array2<f64> = found.places.map(|place| place.as_ref().map_or(f64::NAN, value));
        let extent = input.series.extent(method.block, found.places.dim());
        Map::new(quantity, values, unit, extent)
    };
    vec![
        map(TIME_MAP, Unit::of("s"), &|place| match place {
            Finding::Resolved(law, _) => seconds(method, law, interval),
            _ => f64::NAN,
        }),
        map("tau0_std_error", Unit::of("s"), &|place| match place {
            Finding::Resolved(law, Some(error)) => seconds(method, law, interval) * error.ln_tau,
            _ => f64::NAN,
        }),
        map("tau0_bound", Unit::of("s"), &|place| match place {
            Finding::Faster(frames) | Finding::Slower(frames) => bound(method, *frames, interval),
            _ => f64::NAN,
        }),
    ]
}

/// How many places give a time, and the bounds of the others.
fn censored(method: &RelaxationMap, found: &Found, interval: f64) -> Table {
    let frames = found.survey.beam.len() as f64;
    let (shortest, longest) = (super::algorithm::SHORTEST, super::algorithm::LONGEST * frames);
    let limits = [shortest, longest].map(|limit| bound(method, limit, interval));
    let count = |wanted: &dyn Fn(&Finding) -> bool| found.places.iter().flatten().filter(|place| wanted(place)).count() as f64;
    let rows =
        ["resolved", "faster than two frames", "slower than a tenth of the record", "no fluctuation beyond counting noise"];
    Table::new("places", "Places of the map by what is known of them")
        .with_text("finding", rows.map(str::to_owned).to_vec())
        .with_numbers(
            "places",
            "",
            vec![
                count(&|place| matches!(place, Finding::Resolved(..))),
                count(&|place| matches!(place, Finding::Faster(_))),
                count(&|place| matches!(place, Finding::Slower(_))),
                count(&|place| matches!(place, Finding::Nothing)),
            ],
        )
        .with_numbers("above", "s", vec![limits[0], f64::NAN, limits[1], f64::NAN])
        .with_numbers("below", "s", vec![limits[1], limits[0], f64::NAN, f64::NAN])
}

fn notes(method: &RelaxationMap, input: &Input<'_>, found: &Found) -> Vec<Note> {
    let law = match method.convention {
        Convention::Amplitude => "time of the amplitude: g2 - 1 = A exp(-2 (t/tau)^beta)",
        Convention::Intensity => "time of the intensity: g2 - 1 = A exp(-(t/tau)^beta)",
    };
    let mut notes = vec![Note::info("convention", law)];
    let frames = found.survey.beam.len() as f64;
    for pooled in &found.pooled {
        let Finding::Resolved(law, _) = &pooled.finding else { continue };
        if frames < LONG_RECORD * law.tau {
            let taken = window_term(law, &found.lags, frames as usize).first().map_or(f64::NAN, |b| b / law.contrast);
            let message = format!(
                "the record is {} relaxation times of the {} long; the mean over it takes {} % of the contrast away, which is given back",
                format_significant(frames / law.tau, 2),
                pooled.region.name(),
                format_significant(100.0 * taken, 2)
            );
            notes.push(Note::info("window_corrected", message));
        }
    }
    let message = format!(
        "{} frames every {} s; the beam changed by up to {} %, which is taken off",
        frames,
        format_significant(input.series.interval, 3),
        format_significant(100.0 * found.survey.drift, 2)
    );
    notes.push(Note::info("frames", message));
    notes
}
