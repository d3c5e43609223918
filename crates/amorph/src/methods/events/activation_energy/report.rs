use super::ActivationEnergy;
use super::algorithm::{MeanDuration, mean_duration};
use super::input::{DurationError, Input};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::wilson_interval;
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::theory::constants::BOLTZMANN;
use crate::theory::transition_kinetics::barrier_of_frequency;

/// Share of resolved events below which a duration is a bound.
const MOSTLY: f64 = 0.5;
/// Classes of size in the table of durations.
const CLASSES: usize = 3;

pub(super) fn outcome(method: &ActivationEnergy, input: &Input) -> Result<Outcome, MethodError> {
    let n = input.events.len();
    let resolved = input.events.iter().filter(|event| event.samples >= method.resolved).count();
    let share = resolved as f64 / n as f64;
    let duration = mean_duration(&input.events, method.resolved).ok_or(DurationError::TooFew { found: n })?;
    let is_bound = share < MOSTLY;
    if 2.0 * input.attempt_frequency * duration.upper <= 1.0 {
        let faster = DurationError::FasterThanAttempts { duration: duration.upper, frequency: input.attempt_frequency };
        return Err(faster.into());
    }
    let mut notes = vec![Note::info(
        "attempt_frequency",
        format!(
            "at an attempt frequency of {:.3e} 1/s and {:.1} K; a factor of ten in it is {:.3} eV",
            input.attempt_frequency,
            input.temperature,
            BOLTZMANN * input.temperature * std::f64::consts::LN_10 / crate::theory::constants::ELEMENTARY_CHARGE
        ),
    )];
    if is_bound {
        let message = format!(
            "{} of {n} events last fewer than {} samples: their durations are those of the sampling, and the energy is an upper bound; that it does not depend on the height follows from that alone",
            n - resolved,
            method.resolved
        );
        notes.push(Note::warning("resolution_limited", message));
    }
    Ok(Outcome {
        estimates: estimates(input, &duration, is_bound, resolved),
        tables: vec![energies(method, input, &duration, is_bound), by_height(method, input)],
        figures: vec![figure(method, input, &duration)],
        notes,
        ..Outcome::default()
    })
}

/// ΔG = kT ln(2 ω₀ t), J.
fn energy(input: &Input, frequency: f64, duration: f64) -> f64 {
    barrier_of_frequency(BOLTZMANN * input.temperature, frequency, 1.0 / duration)
}

fn estimates(input: &Input, duration: &MeanDuration, is_bound: bool, resolved: usize) -> Vec<Estimate> {
    let n = input.events.len();
    let energy = |time: f64| energy(input, input.attempt_frequency, time);
    let mut found = Vec::new();
    if is_bound {
        let why = "an upper bound: 95 % of true values lie below";
        found.push(Estimate::without_interval("mean_duration_upper", "τ_d", duration.upper, "s", why).n(n as f64));
        let bound = Estimate::without_interval("activation_energy_upper", "ΔG", energy(duration.upper), "J", why);
        found.push(bound.n(n as f64));
    } else {
        let interval = duration.interval;
        found.push(
            Estimate::with_interval("mean_duration", "τ_d", duration.value, "s", interval, Basis::Likelihood).n(n as f64),
        );
        let interval = (energy(interval.0), energy(interval.1));
        let estimate =
            Estimate::with_interval("activation_energy", "ΔG", energy(duration.value), "J", interval, Basis::Likelihood);
        found.push(estimate.n(n as f64));
    }
    if let Ok(interval) = wilson_interval(resolved, n, 0.95) {
        let share = resolved as f64 / n as f64;
        found.push(Estimate::with_interval("resolved_share", "f_r", share, "", interval, Basis::Counting).n(n as f64));
    }
    found
}

/// The energy over attempt frequencies: the stated one, and the ends of the range.
fn energies(method: &ActivationEnergy, input: &Input, duration: &MeanDuration, is_bound: bool) -> Table {
    let mut frequencies = vec![input.attempt_frequency];
    if let Some([lo, hi]) = &method.attempt_range {
        frequencies.extend([lo.value, hi.value]);
        frequencies.sort_unstable_by(f64::total_cmp);
    }
    let column = |time: f64| frequencies.iter().map(|frequency| energy(input, *frequency, time)).collect::<Vec<f64>>();
    let missing = || vec![f64::NAN; frequencies.len()];
    let known = |time: f64| if is_bound { missing() } else { column(time) };
    Table::new("attempt_frequencies", "Activation energy over the attempt frequency")
        .with_numbers("attempt_frequency", "1/s", frequencies.clone())
        .with_numbers("activation_energy", "J", known(duration.value))
        .with_numbers("lo", "J", known(duration.interval.0))
        .with_numbers("hi", "J", known(duration.interval.1))
        .with_numbers("activation_energy_upper", "J", column(duration.upper))
}

/// Mean duration of events of like height: what censoring hides, it hides for small and large ones.
fn by_height(method: &ActivationEnergy, input: &Input) -> Table {
    let mut order: Vec<usize> = (0..input.events.len()).collect();
    order.sort_by(|a, b| input.sizes[*a].total_cmp(&input.sizes[*b]));
    let classes: Vec<Vec<usize>> = (0..CLASSES)
        .map(|class| order[order.len() * class / CLASSES..order.len() * (class + 1) / CLASSES].to_vec())
        .filter(|class| !class.is_empty())
        .collect();
    let column = |value: &dyn Fn(&[usize]) -> f64| classes.iter().map(|class| value(class)).collect::<Vec<f64>>();
    let fitted = |class: &[usize]| {
        let events: Vec<_> = class.iter().map(|place| input.events[*place]).collect();
        mean_duration(&events, method.resolved)
    };
    let resolved = |class: &[usize]| {
        class.iter().filter(|place| input.events[**place].samples >= method.resolved).count() as f64 / class.len() as f64
    };
    Table::new("by_height", "Durations of small and large events")
        .with_numbers("events", "", column(&|class| class.len() as f64))
        .with_numbers("smallest", "", column(&|class| input.sizes[class[0]]))
        .with_numbers("largest", "", column(&|class| input.sizes[class[class.len() - 1]]))
        .with_numbers("resolved_share", "", column(&resolved))
        .with_numbers("mean_duration", "s", column(&|class| fitted(class).map_or(f64::NAN, |found| found.value)))
        .with_numbers("upper", "s", column(&|class| fitted(class).map_or(f64::NAN, |found| found.upper)))
}

/// Share of longer events, with the law and where durations begin to be the event's.
fn figure(method: &ActivationEnergy, input: &Input, duration: &MeanDuration) -> Figure {
    let step = input.events.iter().map(|event| event.step).fold(0.0, f64::max);
    let longest = input.events.iter().map(|event| event.samples).max().unwrap_or(1);
    let n = input.events.len() as f64;
    let at_least = |w: usize| input.events.iter().filter(|event| event.samples >= w).count() as f64 / n;
    let samples: Vec<usize> = (1..=longest).collect();
    let x: Vec<f64> = samples.iter().map(|w| *w as f64 * step).collect();
    let y = samples.iter().map(|w| at_least(*w)).collect();
    let law = |time: f64| samples.iter().map(|w| (-((*w - 1) as f64) * step / time).exp()).collect::<Vec<f64>>();
    let axes = (
        Axis::linear("duration", Unit::of("ms")),
        Axis::log("share of events at least as long", Unit::one()).within(0.5 / n, 1.5),
    );
    let panel = Panel::new("", axes.0, axes.1)
        .with(Mark::points("events", Role::Data, x.clone(), y))
        .with(Mark::line("95 % bound of the mean", Role::Model, x, law(duration.upper)))
        .with(Mark::Rule {
            name: "resolved from here".to_owned(),
            role: Role::Reference,
            axis: RuleAxis::X,
            at: method.resolved as f64 * step,
        });
    Figure {
        key: "durations".to_owned(),
        title: "How long events last".to_owned(),
        caption: "Share of events that last at least so long, with the exponential law at the 95 % bound of its mean. Left of the mark a duration is that of the sampling.".to_owned(),
        panels: vec![panel],
    }
}
