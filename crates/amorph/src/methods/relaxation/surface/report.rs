use super::algorithm::{Choice, Fitted, NEEDED, VAGUE, choose, energy, vague};
use super::kww_table::KwwTable;
use super::model::{BetaShape, Combination, place, strengths};
use super::peaks::{Peak, peaks};
use super::{Input, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::method::MethodError;
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::spectra::Reading;
use crate::theory::constants::BOLTZMANN;

const DECADE: f64 = std::f64::consts::LN_10;

pub(super) fn outcome(input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let text = format!(
        "{} modulus; energies are per event and slopes of ln τ over 1/kT, strengths are shares of the unrelaxed modulus",
        input.kind
    );
    outcome.notes.push(Note::info("convention", text));
    if let Some(upturn) = input.upturn {
        let why = "read off the coldest isochrone that turns; it moves with the heating rate";
        outcome.estimates.push(Estimate::without_interval("crystallisation_temperature", "T_x", upturn, "K", why));
    }
    let found: Vec<Peak> = input.surface.isochrones().flat_map(peaks).collect();
    outcome.tables.push(peak_table(&found));
    if input.surface.starts.len() < 3 {
        one_frequency(input, &found, &mut outcome);
        return Ok(outcome);
    }
    let table = KwwTable::new();
    let failed =
        || RelaxationError::NotFitted { what: "the alpha process".to_owned(), reason: "no start led to a minimum".to_owned() };
    let choice = choose(&input.surface, &table).ok_or_else(failed)?;
    ctx.check_cancelled()?;
    let chosen = &choice.fits[choice.chosen];
    selection(&choice, &mut outcome);
    alpha(input, chosen, &mut outcome);
    betas(input, chosen, &mut outcome);
    constant_loss(chosen, &mut outcome);
    let loss = beta_shape(input, &table, chosen);
    verdict(&choice, loss, &mut outcome);
    remarks(input, chosen, &mut outcome);
    outcome.tables.push(selection_table(&choice));
    outcome.figures = figures::all(input, &table, chosen);
    Ok(outcome)
}

fn peak_table(found: &[Peak]) -> Table {
    let column = |of: fn(&Peak) -> f64| found.iter().map(of).collect::<Vec<f64>>();
    Table::new("loss_peaks", "Maxima of the loss modulus over temperature, as read off")
        .with_numbers("frequency", "Hz", column(|peak| peak.omega / (2.0 * std::f64::consts::PI)))
        .with_numbers("temperature", "K", column(|peak| peak.temperature))
        .with_numbers("loss_modulus", "Pa", column(|peak| peak.loss))
        .with_numbers("half_width", "K", column(|peak| peak.width))
}

/// One isochrone: what can be read off, and no energy.
fn one_frequency(input: &Input, found: &[Peak], outcome: &mut Outcome) {
    let text = "one frequency tells where a process lies and not how steeply it moves: no energy is given. It needs a second frequency, half a decade \
                away at least; better three over two decades";
    outcome.notes.push(Note::refused("no_energy", text));
    let why = "read off a smoothed curve; other processes and the slope below shift it";
    if let Some(alpha) = found.last() {
        outcome
            .estimates
            .push(Estimate::without_interval("alpha_temperature", "T_α", alpha.temperature, "K", why).flag("loss_maximum"));
    }
    if let [.., beta, _] = found {
        outcome
            .estimates
            .push(Estimate::without_interval("slow_beta_temperature", "T_β", beta.temperature, "K", why).flag("loss_maximum"));
    }
    outcome.figures = vec![figures::isochrone(input, found)];
}

fn selection(choice: &Choice, outcome: &mut Outcome) {
    let n = choice.fits[choice.chosen].composition.n_processes();
    let why = "a choice by the Bayesian criterion, which has no interval; see the table selection";
    let estimate = Estimate::without_interval("relaxation_processes", "n", n as f64, "", why);
    outcome.estimates.push(estimate.flag(&choice.fits[choice.chosen].composition.word().replace(", ", "_").replace(' ', "_")));
}

fn selection_table(choice: &Choice) -> Table {
    let least = choice.criteria.iter().copied().fold(f64::INFINITY, f64::min);
    let fits = &choice.fits;
    let column = |of: &dyn Fn(usize) -> f64| (0..fits.len()).map(of).collect::<Vec<f64>>();
    let relative = |k: usize, fast: bool| energy(&fits[k], fast).map_or(f64::NAN, |(value, error)| error / value);
    Table::new("selection", "Models, from the fewest processes to the most")
        .with_text("processes", fits.iter().map(|fitted| fitted.composition.word().to_owned()).collect())
        .with_numbers("parameters", "", column(&|k| fits[k].composition.n_parameters() as f64))
        .with_numbers("criterion_above_least", "", column(&|k| choice.criteria[k] - least))
        .with_numbers("modulus_residual", "", column(&|k| fits[k].noise[0]))
        .with_numbers("phase_residual", "", column(&|k| fits[k].noise[1]))
        .with_numbers("residual_correlation", "", column(&|k| fits[k].correlation))
        .with_numbers("slow_energy_relative_error", "", column(&|k| relative(k, false)))
        .with_numbers("fast_energy_relative_error", "", column(&|k| relative(k, true)))
        .with_text("chosen", (0..fits.len()).map(|k| if k == choice.chosen { "yes" } else { "" }.to_owned()).collect())
}

/// Whether the interval of a number covered in simulations; the others show their standard error to first order only.
fn is_tested(fitted: &Fitted, key: &str) -> bool {
    let forms = fitted.forms;
    let is_plain = forms.beta_shape == BetaShape::ColeCole && forms.combination == Combination::Additive;
    match key {
        _ if fitted.composition.constant_loss => false,
        "stretching_exponent" => true,
        "slow_beta_energy" | "slow_beta_energy_rtg" => is_plain,
        _ => false,
    }
}

/// A derived number with its interval to first order; none where one of `places` ended on a bound.
fn push(outcome: &mut Outcome, fitted: &Fitted, name: (&str, &str, &str), places: &[usize], of: impl Fn(&[f64]) -> f64) {
    let (key, symbol, unit) = name;
    let Some((value, error)) = fitted.derived(|p| Some(of(p))) else { return };
    let bound = places.iter().find(|index| fitted.fit.at_bound[**index]);
    let estimate = match bound {
        Some(index) => {
            let why = format!("'{}' ended at the end of its range", fitted.fit.names[*index]);
            Estimate::without_interval(key, symbol, value, unit, &why).flag("at_bound")
        }
        None if !is_tested(fitted, key) => {
            let why = "its standard error is to first order; an interval of it covered too seldom or was not tested";
            Estimate::without_interval(key, symbol, value, unit, why).std_error(error)
        }
        None => {
            Estimate::with_interval(key, symbol, value, unit, (value - 1.96 * error, value + 1.96 * error), Basis::Likelihood)
                .std_error(error)
        }
    };
    outcome.estimates.push(estimate);
}

fn alpha(input: &Input, fitted: &Fitted, outcome: &mut Outcome) {
    let surface = &input.surface;
    let t = place::TEMPERATURE;
    push(outcome, fitted, ("alpha_temperature", "T_α", "K"), &[t], |p| p[t]);
    let slope = place::STEEPNESS;
    push(outcome, fitted, ("alpha_energy", "E_α", "J"), &[slope, t], |p| p[slope] * DECADE * BOLTZMANN * p[t]);
    push(outcome, fitted, ("stretching_exponent", "β", ""), &[place::STRETCHING], |p| p[place::STRETCHING]);
    push(outcome, fitted, ("alpha_strength", "Δ_α", ""), &[place::SHARE], |p| strengths(p, fitted.composition)[0]);
    let below = surface.glass_transition.is_some_and(|tg| surface.temperatures().0 < tg - 10.0);
    if below {
        let why = "told by the wing of the alpha process below the glass transition alone, and held by a prior of 0.6 ± 0.3";
        let value = fitted.fit.params[place::GLASS];
        outcome.estimates.push(Estimate::without_interval("glass_slope_ratio", "r", value, "", why).flag("prior"));
    }
    let hottest = surface.temperatures().1;
    if fitted.fit.params[t] > hottest {
        let text = format!(
            "the alpha process has its maximum at {:.1} K, above the hottest reading ({hottest:.1} K): only its flank is seen",
            fitted.fit.params[t]
        );
        outcome.notes.push(Note::warning("alpha_outside", text));
    }
}

fn betas(input: &Input, fitted: &Fitted, outcome: &mut Outcome) {
    let ln_middle = input.surface.ln_middle();
    for fast in [false, true] {
        let Some(first) = fitted.place(fast) else { continue };
        let (t, u) = (first + 1, first + 2);
        let (prefix, sign) = if fast { ("fast", "f") } else { ("slow", "β") };
        let key = |name: &str| format!("{prefix}_beta_{name}");
        let symbol = |letter: &str| format!("{letter}_{sign}");
        push(outcome, fitted, (&key("energy"), &symbol("E"), "J"), &[t, u], |p| BOLTZMANN * p[t] * p[u]);
        push(outcome, fitted, (&key("strength"), &symbol("Δ"), ""), &[first], |p| p[place::SHARE] * p[first]);
        push(outcome, fitted, (&key("temperature"), &symbol("T"), "K"), &[t], |p| p[t]);
        if fast {
            continue;
        }
        push(outcome, fitted, ("slow_beta_prefactor_log10", "log10 τ0", ""), &[u], |p| -(p[u] + ln_middle) / DECADE);
        match input.surface.forms.beta_shape {
            BetaShape::ColeCole => push(outcome, fitted, ("slow_beta_width", "α_β", ""), &[first + 3], |p| p[first + 3]),
            BetaShape::GaussianBarriers => {
                let name = ("slow_beta_energy_width", "s_β", "J");
                push(outcome, fitted, name, &[t, u, first + 3], |p| BOLTZMANN * p[t] * p[u] * p[first + 3]);
            }
        }
        if let Some(tg) = input.surface.glass_transition {
            push(outcome, fitted, ("slow_beta_energy_rtg", "E_β/R Tg", ""), &[t, u], |p| p[t] * p[u] / tg);
        }
    }
}

fn constant_loss(fitted: &Fitted, outcome: &mut Outcome) {
    let Some(first) = fitted.composition.constant() else { return };
    push(outcome, fitted, ("nearly_constant_loss", "A", ""), &[first], |p| p[first].exp());
    if fitted.fit.at_bound[first + 1] {
        let text = "the nearly constant loss does not grow with temperature within its error: T_N is not given";
        outcome.notes.push(Note::info("constant_loss_without_growth", text));
    } else {
        push(outcome, fitted, ("nearly_constant_loss_growth", "T_N", "K"), &[first + 1], |p| 1.0 / p[first + 1]);
    }
}

/// Whether the model's loss at the middle frequency has a maximum of its own below that of the alpha process.
fn beta_shape(input: &Input, table: &KwwTable, fitted: &Fitted) -> bool {
    let surface = &input.surface;
    let model = surface.model(table, fitted.composition, fitted.noise);
    let p = &fitted.fit.params;
    let kww = model.stretched(p);
    let omega = surface.ln_middle().exp();
    let (coldest, hottest) = surface.temperatures();
    let end = p[place::TEMPERATURE].min(hottest);
    let loss = |i: i32| {
        let temperature = coldest + (end - coldest) * f64::from(i) / 300.0;
        -model.modulus(&kww, p, &Reading { temperature, omega, storage: 1.0, loss: 1.0 }).1
    };
    // The model holds minus the loss.
    let values: Vec<f64> = (0..=300).map(|i| -loss(i)).collect();
    (2..290).any(|i| values[i] > values[i - 1] && values[i] > values[i + 1])
}

fn verdict(choice: &Choice, has_maximum: bool, outcome: &mut Outcome) {
    let chosen = &choice.fits[choice.chosen];
    let gain = choice.criteria[0] - choice.criteria[choice.chosen];
    let (code, text) = match (chosen.composition.slow, chosen.composition.wing) {
        (true, _) if has_maximum => ("beta_separate_peak", "a slow beta process with a maximum of its own".to_owned()),
        (true, _) => {
            ("beta_shoulder", "a slow beta process as a shoulder of the alpha process, without a maximum of its own".to_owned())
        }
        (_, true) => {
            ("beta_excess_wing", "an excess wing that moves with the alpha process: no beta process of its own".to_owned())
        }
        _ => ("beta_unresolved", "no beta process is resolved".to_owned()),
    };
    let text = format!(
        "{text}; the criterion falls by {gain:.1} against the alpha process alone ({NEEDED} are needed for every step)"
    );
    outcome.notes.push(if chosen.composition.is_alpha_alone() { Note::warning(code, text) } else { Note::info(code, text) });
    for (k, fitted) in choice.fits.iter().enumerate().filter(|(k, _)| *k > choice.chosen) {
        let supported = choice.criteria[k] < choice.criteria[choice.chosen] - NEEDED;
        if let Some(fast) = vague(fitted).filter(|_| supported) {
            let (value, error) = energy(fitted, fast).unwrap_or((f64::NAN, f64::NAN));
            let text = format!(
                "'{}' fits better (by {:.1}), but the energy of its {} beta process is known to {:.0} % only ({:.0} % are needed): more loss than the chosen processes \
                 make is there, and its process is not resolved",
                fitted.composition.word(),
                choice.criteria[choice.chosen] - choice.criteria[k],
                if fast { "fast" } else { "slow" },
                100.0 * error / value,
                100.0 * VAGUE
            );
            outcome.notes.push(Note::warning("process_unresolved", text));
        }
    }
}

fn remarks(input: &Input, fitted: &Fitted, outcome: &mut Outcome) {
    if fitted.inflation > 1.0 {
        let text = format!(
            "neighbouring residuals are alike (correlation {:.2}): the model does not describe all that is there, or the instrument drifts; errors are multiplied by {:.2}, \
             and the criterion counts readings that are alike once",
            fitted.correlation, fitted.inflation
        );
        outcome.notes.push(Note::warning("correlated_residuals", text));
    }
    if input.surface.glass_transition.is_none() {
        let text = "no glass_transition_temperature is stated: the alpha process leaves equilibrium where its time is 100 s";
        outcome.notes.push(Note::info("glass_transition_by_time", text));
    }
    let omegas: Vec<f64> = input.surface.isochrones().map(|isochrone| isochrone[0].omega).collect();
    let decades = (omegas[omegas.len() - 1] / omegas[0]).log10();
    if decades < 1.0 {
        let text =
            format!("the frequencies span {decades:.2} decades: energies rest on small shifts; two decades make them safe");
        outcome.notes.push(Note::warning("narrow_band", text));
    }
    let forms = input.surface.forms;
    if forms.combination == Combination::WilliamsWatts {
        let text = "alpha and beta processes go together by Williams and Watts: a strength is the share of the relaxing modulus whose decay has a factor of that beta process";
        outcome.notes.push(Note::info("williams_watts", text));
    }
    let widths = match forms.beta_shape {
        BetaShape::ColeCole => "Cole-Cole exponents 0.35 ± 0.3",
        BetaShape::GaussianBarriers => "standard deviation of barriers over their mean 0.12 ± 0.1",
    };
    let text = format!(
        "held beforehand, weakly: what relaxes at last 1 ± 0.5, T0/T_α 0.75 ± 0.25, slope below Tg 0.6 ± 0.3, stretching 0.5 ± 0.3, {widths}; log10 τ0 of beta processes lies within -17 and -10; the rule of 26 R Tg is used to start and not to hold"
    );
    outcome.notes.push(Note::info("priors", text));
}
