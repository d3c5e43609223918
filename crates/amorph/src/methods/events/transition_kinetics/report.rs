use super::TransitionKinetics;
use super::algorithm::{Decay, Fitted, Law, Sizes, decay};
use super::input::{Input, KineticsError};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::theory::constants::BOLTZMANN;
use crate::theory::transition_kinetics::barrier_of_frequency;

/// Probability above which a decay is not claimed.
const CHANCE: f64 = 0.05;
/// Bias from which on the linear law is no approximation.
const LINEAR_UP_TO: f64 = 0.3;

/// Both laws fitted.
struct Laws {
    linear: Fitted,
    exact: Fitted,
    bias: [Option<f64>; 2],
    p: f64,
}

pub(super) fn outcome(method: &TransitionKinetics, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let linear = input.sizes.fit(Law::Linear).ok_or(KineticsError::NoScale)?;
    let (exact, bias) = input.sizes.fit_exact().ok_or(KineticsError::NoScale)?;
    ctx.check_cancelled()?;
    let p = input.sizes.goodness(&linear, method.draws, derive_seed(ctx.seed, &["sizes".into()]));
    let laws = Laws { linear, exact, bias, p };
    ctx.check_cancelled()?;
    let decay = decay(&input.held, input.length, method.draws, derive_seed(ctx.seed, &["signs".into()]));
    let mut estimates = of_sizes(&input.sizes, &laws);
    let mut notes = vec![Note::info(
        "units_of_volume",
        "volumes are in units of the mean excess volume: how a size follows from a volume is not known",
    )];
    if laws.exact.misfit + 2.0 < laws.linear.misfit || bias[0].is_some_and(|lower| lower > LINEAR_UP_TO) {
        let message = "the sizes ask for a bias above 0.3: the linear law (eqs 2 to 4 as printed) is no approximation here";
        notes.push(Note::warning("not_linear", message));
    }
    match &decay {
        Some(decay) => estimates.extend(of_decay(input, decay, &mut notes)),
        None => notes.push(Note::info("no_holds", "fewer than ten spikes in holds after a loading: no relaxation time")),
    }
    Ok(Outcome {
        estimates,
        tables: vec![table(&input.sizes, &laws)],
        figures: vec![figure(&input.sizes, &laws)],
        notes,
        ..Outcome::default()
    })
}

fn of_sizes(sizes: &Sizes, laws: &Laws) -> Vec<Estimate> {
    let n = sizes.n() as f64;
    let plain = |key: &str, symbol: &str, value: f64, why: &str| Estimate::without_interval(key, symbol, value, "", why).n(n);
    let scale = laws.linear.scale;
    let mut found = vec![match sizes.scale_interval(&laws.linear) {
        (Some(lo), Some(hi)) => Estimate::with_interval("size_scale", "s_f", scale, "", (lo, hi), Basis::Likelihood).n(n),
        _ => plain("size_scale", "s_f", scale, "the likelihood has no end on one side"),
    }];
    found.push(plain("threshold_ratio", "v_c", sizes.from / scale, "a ratio to size_scale"));
    found.push(plain("linear_law_p", "p", laws.p, "a probability"));
    let bias = match laws.exact.law {
        Law::Exact(bias) => bias,
        Law::Linear => 0.0,
    };
    let one_sided = "one end of a 95 % interval: the other is not bounded by these sizes";
    match laws.bias {
        [Some(lo), Some(hi)] => {
            found.push(Estimate::with_interval("stress_bias", "x_f", bias, "", (lo, hi), Basis::Likelihood).n(n));
        }
        [None, Some(hi)] => found.push(plain("stress_bias_upper", "x_f", hi, one_sided)),
        [Some(lo), None] => found.push(plain("stress_bias_lower", "x_f", lo, one_sided)),
        [None, None] => {}
    }
    found
}

fn of_decay(input: &Input, decay: &Decay, notes: &mut Vec<Note>) -> Vec<Estimate> {
    let n = input.held.len() as f64;
    let mut found =
        vec![Estimate::without_interval("imbalance_decay_p", "p", decay.p, "", "a probability of permuted signs").n(n)];
    if decay.p > CHANCE {
        let message = "the imbalance of signs does not change during the holds: no relaxation time is claimed";
        notes.push(Note::info("no_decay", message));
        return found;
    }
    let why = "the relaxation time and it depend on each other";
    found.push(Estimate::without_interval("initial_imbalance", "D₀", decay.start, "", why).n(n));
    let (Some(lo), Some(hi)) = decay.interval else {
        let message = format!("the relaxation time, {:.2e} s at best, has no end on one side", decay.time);
        notes.push(Note::warning("open_relaxation_time", message));
        return found;
    };
    let time = Estimate::with_interval("relaxation_time", "τ_R", decay.time, "s", (lo, hi), Basis::Likelihood);
    found.push(time.n(n));
    if let (Some(temperature), Some(frequency)) = (input.temperature, input.attempt_frequency) {
        // τ_R cosh x = exp(ΔG/kT)/(2 ω₀).
        let energy = |time: f64| barrier_of_frequency(BOLTZMANN * temperature, frequency, 1.0 / time);
        let value = energy(decay.unbiased);
        let barrier = match decay.unbiased_interval {
            (Some(lo), Some(hi)) => {
                let interval = (energy(lo), energy(hi));
                Estimate::with_interval("activation_energy", "ΔG", value, "J", interval, Basis::Likelihood)
            }
            _ => Estimate::without_interval("activation_energy", "ΔG", value, "J", "the likelihood has no end on one side"),
        };
        found.push(barrier.n(n));
    }
    found
}

/// The laws side by side, with an exponential one: the limit of full bias.
fn table(sizes: &Sizes, laws: &Laws) -> Table {
    let n = sizes.n() as f64;
    let full = sizes.fit(Law::Exact(1e6)).unwrap_or(laws.exact);
    let all = [(&laws.linear, 1.0), (&laws.exact, 2.0), (&full, 1.0)];
    let column = |value: &dyn Fn(&Fitted, f64) -> f64| all.iter().map(|(fitted, k)| value(fitted, *k)).collect::<Vec<f64>>();
    let bias = |fitted: &Fitted| match fitted.law {
        Law::Linear => 0.0,
        Law::Exact(bias) if bias >= 1e6 => f64::INFINITY,
        Law::Exact(bias) => bias,
    };
    Table::new("laws", "Laws of the sizes")
        .with_text("law", ["linear", "exact", "full bias"].map(str::to_owned).to_vec())
        .with_numbers("size_scale", "", column(&|fitted, _| fitted.scale))
        .with_numbers("stress_bias", "", column(&|fitted, _| bias(fitted)))
        .with_numbers("aicc", "", column(&|fitted, k| fitted.misfit + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0)))
        .with_numbers("ks_distance", "", column(&|fitted, _| sizes.distance(fitted)))
}

/// Share of larger events against the volume, as the source draws it.
fn figure(sizes: &Sizes, laws: &Laws) -> Figure {
    let n = sizes.n();
    let scale = laws.linear.scale;
    let x: Vec<f64> = sizes.values().iter().map(|value| value / scale).collect();
    let y: Vec<f64> = (0..n).map(|k| (n - k) as f64 / n as f64).collect();
    let (from, to) = (sizes.from / scale, x.last().copied().unwrap_or(1.0));
    let grid: Vec<f64> = (0..200).map(|k| from + (to - from) * f64::from(k) / 199.0).collect();
    let law = |fitted: &Fitted| -> Vec<f64> {
        let at = |v: f64| fitted.law.tail(v * scale / fitted.scale);
        grid.iter().map(|v| at(*v) / at(from)).collect()
    };
    let axes = (
        Axis::linear("size over size_scale, V/V_f", Unit::one()),
        Axis::log("share of larger events", Unit::one()).within(0.5 / n as f64, 1.5),
    );
    let panel = Panel::new("", axes.0, axes.1)
        .with(Mark::points("events", Role::Data, x, y))
        .with(Mark::line("linear law", Role::Model, grid.clone(), law(&laws.linear)))
        .with(Mark::line("exact law", Role::Reference, grid.clone(), law(&laws.exact)));
    Figure {
        key: "activation_probability".to_owned(),
        title: "Share of larger events".to_owned(),
        caption: "Share of events above a size, in units of the size of the mean excess volume, with eq. 4 of Yang et al. (linear) and with its exact form, tanh of the bias.".to_owned(),
        panels: vec![panel],
    }
}
