use super::algorithm::{Branches, Fitted, KinkTest, Law, Series, branches, fit, kink_interval, kink_test};
use super::intervals::{Found, fragility_at, hull, prefactor, slope_and_theta, transition_and_fragility};
use super::{Input, Kind, TemperatureLaw, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::stats::{chi_squared_quantile, chi_squared_tail, student_t_quantile};
use crate::core::unit::Probability;
use crate::method::MethodError;
use crate::methods::relaxation::RelaxationError;
use crate::theory::constants::GAS;

const DECADE: f64 = std::f64::consts::LN_10;
/// Prefactor below which one Arrhenius process cannot be, s.
const UNPHYSICAL: f64 = 1e-16;
/// Difference of the criterion below which two laws are not told apart.
const UNTOLD: f64 = 10.0;
/// Probability below which a law is rejected.
const REJECTED: f64 = 0.05;

/// All laws through a series.
pub(super) struct Laws {
    /// By rising criterion of Akaike.
    pub fits: Vec<Fitted>,
    /// Two branches, and whether they count.
    pub branches: Option<Branches>,
    pub test: Option<KinkTest>,
    pub kinked: bool,
    /// Readings to which the laws of the liquid belong: those above the kink, else all.
    pub hot: Series,
    /// The best law through those.
    pub best: Fitted,
    /// Others that these readings do not tell from it.
    pub rivals: Vec<Fitted>,
}

/// Akaike's criterion with the correction for few readings.
pub(super) fn aicc(sum: f64, parameters: usize, series: &Series) -> f64 {
    let n = series.values.len() as f64;
    let k = parameters as f64 + if series.stated { 0.0 } else { 1.0 };
    let deviance = if series.stated { sum } else { n * (sum / n).max(1e-300).ln() };
    if n - k - 1.0 <= 0.0 { f64::INFINITY } else { deviance + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0) }
}

fn ranked(series: &Series) -> Vec<Fitted> {
    let mut fits: Vec<Fitted> = Law::ALL.into_iter().filter_map(|law| fit(series, law)).collect();
    let value = |found: &Fitted| aicc(found.sum, found.law.n_parameters(), series);
    fits.sort_by(|a, b| value(a).total_cmp(&value(b)));
    fits
}

fn laws(method: &TemperatureLaw, input: &Input, ctx: &Ctx) -> Option<Laws> {
    let series = &input.series;
    let fits = ranked(series);
    let test = kink_test(series, method.draws, derive_seed(ctx.seed, &["kink".into()]));
    let kinked = test.is_some_and(|test| test.p < method.significance);
    let candidates = [Law::Arrhenius, Law::Vft].into_iter().filter_map(|law| branches(series, law));
    let value = |found: &Branches| aicc(found.sum, found.n_parameters(), series);
    let found = candidates.min_by(|a, b| value(a).total_cmp(&value(b)));
    let hot = found.filter(|_| kinked).map_or_else(|| series.clone(), |found| above(series, &found));
    let of_hot = ranked(&hot);
    let best = *of_hot.first().or(fits.first())?;
    let value = |found: &Fitted| aicc(found.sum, found.law.n_parameters(), &hot);
    let close = |rival: &&Fitted| rival.law != best.law && value(rival) < value(&best) + UNTOLD;
    let rivals = of_hot.iter().filter(close).copied().collect();
    Some(Laws { fits, branches: found, test, kinked, hot, best, rivals })
}

/// Readings above the upper end of the interval of the kink, or above the kink where that leaves too few.
fn above(series: &Series, found: &Branches) -> Series {
    let end = kink_interval(series, found, rise(series, found)).1.unwrap_or(found.kink);
    let from = |limit: f64| series.temperatures.iter().position(|t| *t >= limit).unwrap_or(0);
    let first = if series.temperatures.len() - from(end) > 4 { from(end) } else { from(found.kink) };
    Series {
        temperatures: series.temperatures[first..].to_vec(),
        values: series.values[first..].to_vec(),
        errors: series.errors[first..].to_vec(),
        stated: series.stated,
    }
}

/// Rise of the sum of squares at the ends of a 95 % interval.
fn rise(series: &Series, found: &Branches) -> f64 {
    let dof = (series.values.len() as f64 - found.n_parameters() as f64).max(1.0);
    if series.stated {
        chi_squared_quantile(0.95, 1.0).unwrap_or(3.84)
    } else {
        student_t_quantile(0.975, dof).unwrap_or(1.96).powi(2) * found.sum / dof
    }
}

pub(super) fn outcome(method: &TemperatureLaw, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let failed = || RelaxationError::NotFitted {
        what: "a law".to_owned(),
        reason: "the values do not vary with temperature".to_owned(),
    };
    let laws = laws(method, input, ctx).ok_or_else(failed)?;
    ctx.check_cancelled()?;
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let transition = transition(input, &laws, &mut outcome);
    vft(input, &laws, &mut outcome);
    arrhenius(input, &laws, &mut outcome);
    kink(method, input, &laws, &mut outcome);
    outcome.tables.push(table(input, &laws));
    outcome.tables.push(readings(input, &laws));
    outcome.figures = figures::all(input, &laws, transition);
    Ok(outcome)
}

/// Whether a law leaves more than the stated errors allow.
fn rejection(found: &Fitted, series: &Series) -> Option<f64> {
    let dof = series.values.len() as f64 - found.law.n_parameters() as f64;
    let p = if series.stated && dof >= 1.0 { chi_squared_tail(found.sum, dof).ok()? } else { return None };
    (p < REJECTED).then_some(p)
}

fn estimate(
    key: &str,
    symbol: &str,
    unit: &str,
    found: Option<Found>,
    value: f64,
    factor: f64,
    rejected: Option<f64>,
) -> Estimate {
    if let Some(p) = rejected {
        let why = format!("the law does not describe the readings within their errors (p {p:.1e})", p = Probability(p));
        return Estimate::without_interval(key, symbol, value * factor, unit, &why).flag("law_rejected");
    }
    match found.map(|found| (found, found.interval)) {
        Some((found, (Some(lo), Some(hi)))) => {
            Estimate::with_interval(key, symbol, value * factor, unit, (lo * factor, hi * factor), Basis::Likelihood)
                .std_error(found.error * factor)
        }
        Some((found, _)) => {
            let why = "not identified: its profile stays flat on one side at least";
            Estimate::without_interval(key, symbol, value * factor, unit, why).std_error(found.error * factor)
        }
        None => Estimate::without_interval(key, symbol, value * factor, unit, "its profile could not be followed"),
    }
}

/// Levels of ln y of both conventions, as far as they are known.
fn levels(input: &Input) -> [(&'static str, Option<f64>); 2] {
    let (tau, eta) = (100f64.ln(), 1e12f64.ln());
    let modulus = input.shear_modulus.map(f64::ln);
    match input.kind {
        Kind::Viscosity => [("glass_transition_eta1e12", Some(eta)), ("glass_transition_tau100s", modulus.map(|g| tau + g))],
        Kind::Shift => [("glass_transition_tau100s", None), ("glass_transition_eta1e12", None)],
        _ => [("glass_transition_tau100s", Some(tau)), ("glass_transition_eta1e12", modulus.map(|g| eta - g))],
    }
}

/// Glass transition by convention, fragility, apparent energy; returns the temperature that figures are reduced by.
fn transition(input: &Input, laws: &Laws, outcome: &mut Outcome) -> Option<f64> {
    let (series, best) = (&laws.hot, &laws.best);
    let rejected = rejection(best, series);
    let coldest = series.temperatures[0];
    let law = format!("law_{}", best.law.word());
    let mut first = None;
    for (key, level) in levels(input) {
        let Some((level, tg)) = level.and_then(|level| Some((level, best.temperature_of(level)?))) else { continue };
        let of = |law: &Fitted| transition_and_fragility(series, law, level).unwrap_or([None, None]);
        let ([at, fragility], others) = (of(best), laws.rivals.iter().map(of).collect::<Vec<_>>());
        let side = |k: usize| others.iter().map(|found| found[k]).collect::<Vec<_>>();
        let (at, fragility) = (hull(at, &side(0)), hull(fragility, &side(1)));
        let mut shown = estimate(key, "Tg", "K", at, tg, 1.0, rejected).flag(&law);
        if tg < coldest {
            shown = shown.flag("extrapolated");
        }
        outcome.estimates.push(shown);
        first.get_or_insert((key, tg, fragility));
    }
    let (name, tg, fragility) = match input.glass_transition {
        Some(tg) => {
            let others: Vec<_> = laws.rivals.iter().map(|law| fragility_at(series, law, tg)).collect();
            ("stated", tg, hull(fragility_at(series, best, tg), &others))
        }
        None => first?,
    };
    if best.law == Law::Vft && tg <= best.theta {
        outcome.notes.push(Note::refused("no_fragility", format!("Tg = {tg:.1} K lies below T0 = {:.1} K", best.theta)));
        return Some(tg);
    }
    let m = best.slope(tg) / (DECADE * tg);
    let mut shown = estimate("fragility_index", "m", "", fragility, m, 1.0, rejected).flag(&law).flag(name);
    if tg < coldest {
        shown = shown.flag("extrapolated");
        let text = format!(
            "Tg = {tg:.1} K lies {:.1} K below the coldest reading of the liquid: fragility is extrapolated by the {} law",
            coldest - tg,
            best.law.word()
        );
        outcome.notes.push(Note::warning("extrapolated", text));
    }
    outcome.estimates.push(shown);
    let follows = "m R Tg ln 10 of fragility_index; its relative error is that of m and of Tg";
    outcome
        .estimates
        .push(Estimate::without_interval("apparent_energy", "E", m * GAS * tg * DECADE, "J/mol", follows).flag(&law));
    outcome.estimates.push(estimate("apparent_energy_rtg", "E/R Tg", "", fragility, m, DECADE, rejected).flag(&law));
    Some(tg)
}

fn vft(input: &Input, laws: &Laws, outcome: &mut Outcome) {
    let series = &laws.hot;
    let Some(found) = fit(series, Law::Vft).filter(|_| series.values.len() > 3) else { return };
    let rejected = rejection(&found, series);
    let [b, t0] = slope_and_theta(series, &found);
    outcome.estimates.push(estimate("vft_t0", "T0", "K", t0, found.theta, 1.0, rejected));
    outcome.estimates.push(estimate("vft_b", "B", "K", b, found.b, 1.0, rejected));
    if input.kind != Kind::Shift {
        let a = prefactor(series, &found);
        outcome.estimates.push(estimate("vft_prefactor_log10", "log10 τ0", "", a, found.a, 1.0 / DECADE, rejected));
    }
}

fn arrhenius(input: &Input, laws: &Laws, outcome: &mut Outcome) {
    let series = &input.series;
    let Some(found) = laws.fits.iter().find(|found| found.law == Law::Arrhenius) else { return };
    let mut rejected = rejection(found, series);
    let best = aicc(laws.fits[0].sum, laws.fits[0].law.n_parameters(), series);
    // Without stated errors the comparison of the laws is what can speak against one energy.
    if rejected.is_none() && !series.stated && aicc(found.sum, 2, series) > best + 6.0 {
        rejected = Some((-0.5 * (aicc(found.sum, 2, series) - best)).exp());
    }
    let [b, _] = slope_and_theta(series, found);
    outcome.estimates.push(estimate("arrhenius_energy", "E", "J/mol", b, found.b, GAS, rejected));
    if input.kind == Kind::Shift {
        return;
    }
    let a = prefactor(series, found);
    outcome.estimates.push(estimate("arrhenius_prefactor_log10", "log10 τ0", "", a, found.a, 1.0 / DECADE, rejected));
    let time = match (input.kind, input.shear_modulus) {
        (Kind::Viscosity, Some(modulus)) => found.a.exp() / modulus,
        (Kind::Viscosity, None) => return,
        _ => found.a.exp(),
    };
    if time < UNPHYSICAL {
        let text = format!(
            "one Arrhenius process is unphysical: it needs a prefactor of {time:.1e} s, below {UNPHYSICAL:.0e} s, a thousandth of an atomic vibration; \
             the energy {:.3} eV is that of a slope, not of a barrier (the law bends, or several processes move together)",
            found.b * GAS / 96_485.332
        );
        outcome.notes.push(Note::warning("one_arrhenius_unphysical", text));
    }
}

fn kink(method: &TemperatureLaw, input: &Input, laws: &Laws, outcome: &mut Outcome) {
    let series = &input.series;
    let Some((found, test)) = laws.branches.zip(laws.test) else {
        outcome.notes.push(Note::info("no_kink_test", "too few readings to look for two branches: at least seven are needed"));
        return;
    };
    outcome.estimates.push(Estimate::without_interval("kink_p", "p", test.p, "", "a probability"));
    if !laws.kinked {
        let text = format!("two branches fit no better than chance (F = {:.2}, p = {:.3}): no kink", test.ratio, test.p);
        outcome.notes.push(Note::info("no_kink", text));
        return;
    }
    let text = format!(
        "two branches that meet at {:.2} K fit better than one bent law (F = {:.2}, p = {:.4} from {} series without a kink); laws of the liquid use the readings above it",
        found.kink, test.ratio, test.p, method.draws
    );
    outcome.notes.push(Note::info("kink", text));
    let mut shown = Found { value: found.kink, error: f64::NAN, interval: kink_interval(series, &found, rise(series, &found)) };
    // Whether the hot branch bends is part of what is not known.
    let value = |found: &Branches| aicc(found.sum, found.n_parameters(), series);
    let other = if found.hot.law == Law::Vft { Law::Arrhenius } else { Law::Vft };
    if let Some(rival) = branches(series, other).filter(|rival| value(rival) < value(&found) + UNTOLD) {
        let interval = kink_interval(series, &rival, rise(series, &rival));
        shown = hull(Some(shown), &[Some(Found { interval, ..shown })]).unwrap_or(shown);
    }
    let mut shown = estimate("kink_temperature", "T_x", "K", Some(shown), found.kink, 1.0, None);
    shown.std_error = None;
    outcome.estimates.push(shown);
    let cold = cold(series, &found);
    let energy = match &cold {
        Some(cold) => {
            let [b, _] = slope_and_theta(cold, &Fitted { law: Law::Arrhenius, a: 0.0, b: found.cold, theta: 0.0, sum: 0.0 });
            b
        }
        None => None,
    };
    let value = energy.map_or(found.cold, |energy| energy.value);
    outcome.estimates.push(estimate("energy_below_kink", "E", "J/mol", energy, value, GAS, None));
}

/// Readings below the lower end of the interval of the kink.
fn cold(series: &Series, found: &Branches) -> Option<Series> {
    let end = kink_interval(series, found, rise(series, found)).0.unwrap_or(found.kink);
    let n = series.temperatures.iter().take_while(|t| **t <= end).count();
    (n >= 3).then(|| Series {
        temperatures: series.temperatures[..n].to_vec(),
        values: series.values[..n].to_vec(),
        errors: series.errors[..n].to_vec(),
        stated: series.stated,
    })
}

fn table(input: &Input, laws: &Laws) -> Table {
    let series = &input.series;
    let n = series.values.len() as f64;
    let mut rows: Vec<(String, usize, f64, f64, f64, f64)> = laws
        .fits
        .iter()
        .map(|found| (found.law.word().to_owned(), found.law.n_parameters(), found.sum, found.a, found.b, found.theta))
        .collect();
    if let Some(found) = &laws.branches {
        let name = format!("{} above, arrhenius below", found.hot.law.word());
        rows.push((name, found.n_parameters(), found.sum, found.hot.a, found.hot.b, found.hot.theta));
    }
    let criterion: Vec<f64> = rows.iter().map(|row| aicc(row.2, row.1, series)).collect();
    let least = criterion.iter().copied().fold(f64::INFINITY, f64::min);
    let column = |of: &dyn Fn(usize) -> f64| (0..rows.len()).map(of).collect::<Vec<f64>>();
    Table::new("laws", "Laws through all readings: ln y = a + b g(T)")
        .with_text("law", rows.iter().map(|row| row.0.clone()).collect())
        .with_numbers("parameters", "", column(&|i| rows[i].1 as f64))
        .with_numbers("aicc_above_best", "", column(&|i| criterion[i] - least))
        .with_numbers("rms", "", column(&|i| (rows[i].2 / n).sqrt()))
        .with_numbers("a", "", column(&|i| rows[i].3))
        .with_numbers("b", "K", column(&|i| rows[i].4))
        .with_numbers("t0_or_c", "K", column(&|i| rows[i].5))
}

fn readings(input: &Input, laws: &Laws) -> Table {
    let series = &input.series;
    let law = |t: f64| figures::value(laws, t);
    Table::new("readings", "log10 of relaxation time (s), viscosity (Pa s) or shift factor, and the law that counts")
        .with_numbers("temperature", "K", series.temperatures.clone())
        .with_numbers("log10", "", series.values.iter().map(|y| y / DECADE).collect())
        .with_numbers("law_log10", "", series.temperatures.iter().map(|t| law(*t) / DECADE).collect())
}
