use super::algorithm::{Cycle, Peak, peak};
use super::{Convention, IndentationError, Input, Series, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{Moments, student_t_quantile};
use crate::method::MethodError;
use crate::theory::transition_kinetics::{barrier_from_duration, barrier_from_frequency, barrier_shift};

/// Mean over the cycles of one frequency.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mean {
    pub frequency: f64,
    pub tangent: f64,
    pub tangent_std: f64,
    pub energy: f64,
    pub energy_std: f64,
    pub cycles: usize,
}

/// Fewest cycles of every frequency for an interval of the time.
const FEWEST_FOR_INTERVAL: usize = 6;

pub(super) fn outcome(input: &Input) -> Result<Outcome, MethodError> {
    let means: Vec<Mean> = input.series.iter().filter_map(mean).collect();
    if means.is_empty() {
        return Err(IndentationError::NotFitted {
            what: "the cycles",
            reason: "they are all alike to the last digit".to_owned(),
        }
        .into());
    }
    let mut outcome = Outcome { tables: vec![table(input, &means)], ..Outcome::default() };
    let fitted = if means.len() >= 3 { fit(&means) } else { None };
    outcome.figures = figures::all(&input.series, &means, fitted.as_ref());
    if let [only] = means[..] {
        outcome.estimates.extend(one_frequency(&only));
    }
    energies(input, &means, fitted.as_ref(), &mut outcome)?;
    conversion(input, &mut outcome)?;
    for lost in &input.lost {
        outcome.notes.push(Note::warning("test_lost", lost.clone()));
    }
    Ok(outcome)
}

fn mean(series: &Series) -> Option<Mean> {
    let of = |of: fn(&Cycle) -> f64| {
        let values: Vec<f64> = series.cycles.iter().map(of).collect();
        Moments::of(&values).ok().map(|moments| (moments.mean, moments.std_error()))
    };
    let ((tangent, tangent_std), (energy, energy_std)) = (of(|cycle| cycle.loss_tangent)?, of(|cycle| cycle.energy)?);
    (tangent_std > 0.0).then_some(Mean {
        frequency: series.frequency,
        tangent,
        tangent_std,
        energy,
        energy_std,
        cycles: series.cycles.len(),
    })
}

fn fit(means: &[Mean]) -> Option<Peak> {
    let list = |of: fn(&Mean) -> f64| means.iter().map(of).collect::<Vec<f64>>();
    peak(&list(|m| m.frequency), &list(|m| m.tangent), &list(|m| m.tangent_std))
}

fn one_frequency(mean: &Mean) -> Vec<Estimate> {
    let t = student_t_quantile(0.975, mean.cycles as f64 - 1.0).unwrap_or(f64::NAN);
    let around = |value: f64, error: f64| (value - t * error, value + t * error);
    vec![
        Estimate::with_interval(
            "loss_tangent",
            "tan δ",
            mean.tangent,
            "",
            around(mean.tangent, mean.tangent_std),
            Basis::Replicate,
        )
        .std_error(mean.tangent_std)
        .n(mean.cycles as f64),
        Estimate::with_interval(
            "energy_per_cycle",
            "ΔW",
            mean.energy,
            "J",
            around(mean.energy, mean.energy_std),
            Basis::Replicate,
        )
        .std_error(mean.energy_std)
        .n(mean.cycles as f64),
    ]
}

fn energies(input: &Input, means: &[Mean], fitted: Option<&Peak>, outcome: &mut Outcome) -> Result<(), MethodError> {
    let good = fitted.filter(|peak| peak.spans && peak.height > 0.0);
    let Some(peak) = good else {
        let text = "no activation energy was measured: a relaxation time needs three or more frequencies with the loss peak between them";
        outcome.notes.push(Note::refused("no_peak", text));
        return by_definition(input, means, outcome);
    };
    // The errors of the tangents come from the scatter over cycles: Student's t with their degrees of freedom.
    let dof = means.iter().map(|mean| mean.cycles as f64 - 1.0).sum::<f64>();
    let inflation = peak.reduced_chi_squared.max(1.0).sqrt();
    let half = student_t_quantile(0.975, dof.max(1.0)).unwrap_or(f64::NAN) * peak.ln_time_std * inflation;
    let interval = (peak.time * (-half).exp(), peak.time * half.exp());
    let fewest = means.iter().map(|mean| mean.cycles).min().unwrap_or(0);
    // The scatter of fewer cycles is a poor weight, and what rests on it is known worse than it seems.
    let shown = |key: &str, symbol: &str, value: f64, unit: &str, interval: (f64, f64)| match fewest < FEWEST_FOR_INTERVAL {
        false => Estimate::with_interval(key, symbol, value, unit, interval, Basis::Likelihood),
        true => {
            let why = "fewer than six cycles of a frequency: their scatter does not tell the error";
            Estimate::without_interval(key, symbol, value, unit, why)
        }
    };
    let time = shown("relaxation_time", "τ", peak.time, "s", interval);
    outcome.estimates.push(time.std_error(peak.time * peak.ln_time_std * inflation));
    let why = "the height of a single relaxation time; a spread of times lowers it";
    outcome.estimates.push(Estimate::without_interval("peak_height", "tan δ", peak.height, "", why));
    // 99.9 % of chi squared over its degrees of freedom is below 5 for three frequencies and more, 2 for ten.
    if means.len() > 3 && peak.reduced_chi_squared > 4.0 {
        let text = format!(
            "chi squared over its degrees of freedom is {:.1}: the peak is not that of one relaxation time; its time is that of its middle",
            peak.reduced_chi_squared
        );
        outcome.notes.push(Note::warning("not_debye", text));
    }
    let (Some(temperature), Some(attempt)) = (input.temperature, input.attempt_frequency) else {
        outcome.notes.push(Note::refused("no_energy", "state temperature and attempt_frequency for the activation energy"));
        return Ok(());
    };
    let barrier = |time: f64| {
        barrier_from_duration(time, temperature, attempt)
            .map_err(|error| IndentationError::NotFitted { what: "the barrier", reason: error.to_string() })
    };
    // The time of an event: τ of the peak, or 1/f of its frequency as the paper has it.
    let scale = if input.convention == Some(Convention::Paper) { std::f64::consts::TAU } else { 1.0 };
    let (value, lo, hi) = (barrier(scale * peak.time)?, barrier(scale * interval.0)?, barrier(scale * interval.1)?);
    let flag = if scale == 1.0 { "convention_peak" } else { "convention_paper" };
    let energy = shown("activation_energy", "ΔG", value, "J", (lo, hi));
    outcome.estimates.push(energy.std_error((hi - lo) / 4.0).flag(flag));
    let text = format!("at the attempt frequency of {attempt:.3e} 1/s; a factor of 10 in it is {:.3} eV", {
        10f64.ln() * crate::theory::constants::BOLTZMANN * temperature / crate::theory::constants::ELEMENTARY_CHARGE
    });
    outcome.notes.push(Note::info("attempt_frequency", text));
    Ok(())
}

/// What the definition gives for the test frequency, labelled as such.
fn by_definition(input: &Input, means: &[Mean], outcome: &mut Outcome) -> Result<(), MethodError> {
    let (Some(temperature), Some(attempt), Some(convention), Some(mean)) =
        (input.temperature, input.attempt_frequency, input.convention, means.first())
    else {
        return Ok(());
    };
    let frequency = if convention == Convention::Paper { mean.frequency } else { std::f64::consts::TAU * mean.frequency };
    let value = barrier_from_frequency(frequency, temperature, attempt)
        .map_err(|error| IndentationError::NotFitted { what: "the barrier", reason: error.to_string() })?;
    let why = "a definition: the barrier of events as fast as the test, whatever the sample";
    outcome
        .estimates
        .push(Estimate::without_interval("activation_energy_by_definition", "ΔG", value, "J", why).flag("definition"));
    Ok(())
}

fn conversion(input: &Input, outcome: &mut Outcome) -> Result<(), MethodError> {
    let Some((energy, known, new)) = input.conversion else { return Ok(()) };
    let Some(temperature) = input.temperature else {
        outcome.notes.push(Note::refused("no_conversion", "state temperature to convert a barrier between frequencies"));
        return Ok(());
    };
    let value = barrier_shift(energy, known, new, temperature)
        .map_err(|error| IndentationError::NotFitted { what: "the barrier", reason: error.to_string() })?;
    let why = "a conversion of a stated number";
    outcome.estimates.push(Estimate::without_interval("converted_energy", "ΔG", value, "J", why));
    Ok(())
}

fn table(input: &Input, means: &[Mean]) -> Table {
    let column = |of: fn(&Mean) -> f64| means.iter().map(of).collect::<Vec<f64>>();
    let mut table = Table::new("frequencies", "Loss by frequency (mean over cycles without the first)")
        .with_numbers("frequency", "Hz", column(|m| m.frequency))
        .with_numbers("loss_tangent", "", column(|m| m.tangent))
        .with_numbers("loss_tangent_std", "", column(|m| m.tangent_std))
        .with_numbers("energy_per_cycle", "J", column(|m| m.energy))
        .with_numbers("energy_per_cycle_std", "J", column(|m| m.energy_std))
        .with_numbers("cycles", "", column(|m| m.cycles as f64));
    if means.len() == input.series.len() {
        table = table.with_text("name", input.series.iter().map(|series| series.name.clone()).collect());
    }
    table
}
