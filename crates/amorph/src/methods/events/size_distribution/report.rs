use super::blurred::{Blurred, Measured};
use super::error::SizesError;
use super::goodness::{self, Goodness};
use super::input::{Seen, chooser};
use super::profile::Likelihood;
use super::rivals::{INDISTINCT, Rival, compare};
use super::{FitMethod, Input, Model, SizeDistribution, Threshold, figures, histogram, scan, tables};
use crate::core::ctx::Ctx;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::chi_squared_tail;
use crate::core::stats::power_law::{
    Distances, Distribution, Fitter, Maximum, Sums, TruncatedPowerLaw, bootstrap_distances, distances, ks_distance,
};
use crate::method::MethodError;

/// Exponent of the mean-field avalanche, for which the achievable error is tabulated.
const PLANNED_EXPONENT: f64 = 1.5;
/// Points of the curve of the exponent over the smallest size, and events that are left at its end.
const CURVE: (usize, usize) = (24, 50);

pub(super) fn outcome(method: &SizeDistribution, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let mut notes = vec![achievable(&input.sizes, input.xmin, method.model)];
    notes.extend(input.notes.iter().cloned());
    let mut outcome = match (method.method, input.seen) {
        (FitMethod::PaperHistogram, _) => of_histogram(input, &mut notes)?,
        (FitMethod::Likelihood, Seen::Counted) => of_counts(method, input, &mut notes, ctx)?,
        (FitMethod::Likelihood, _) => of_sizes(method, input, &mut notes, ctx)?,
    };
    let n = input.sizes.len() as f64;
    outcome.estimates.push(Estimate::without_interval("n_events", "n", n, "", "counted, without error"));
    let why = "a choice, not a measurement";
    outcome.estimates.push(Estimate::without_interval("xmin", "xmin", input.xmin, input.unit.symbol(), why));
    outcome.tables.insert(0, tables::planning(n, PLANNED_EXPONENT));
    outcome.notes = notes;
    Ok(outcome)
}

/// Sizes in units of the smallest, and what is known of them.
pub(super) struct Fitted {
    pub y: Vec<f64>,
    pub ln_y: Vec<f64>,
    pub likelihood: Likelihood,
    pub fit: Maximum,
    pub pure: Maximum,
}

fn of_sizes(method: &SizeDistribution, input: &Input, notes: &mut Vec<Note>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let y: Vec<f64> = input.sizes.iter().map(|size| size / input.xmin).collect();
    let ln_y: Vec<f64> = y.iter().map(|y| y.ln()).collect();
    let likelihood = match input.seen {
        Seen::Rounded { step, lowest } => Likelihood::Blurred(Box::new(Blurred::rounded(&y, step, lowest))),
        Seen::In(detection) => Likelihood::Blurred(Box::new(Blurred::detected(&y, &detection))),
        Seen::Exactly | Seen::Counted => Likelihood::Exact(Sums::of_logarithms(&ln_y)),
    };
    let pure = likelihood.fit_power_law();
    let fit = match method.model {
        Model::TruncatedPowerLaw => likelihood.fit(),
        Model::PowerLaw => pure,
    };
    let fitted = Fitted { y, ln_y, likelihood, fit, pure };
    let mut estimates = match method.model {
        Model::TruncatedPowerLaw => truncated(input, &fitted, notes)?,
        Model::PowerLaw => vec![power_law(&fitted)?],
    };
    goodness_of_fit(method, input, &fitted, &mut estimates, notes, ctx)?;
    if matches!(input.seen, Seen::In(_) | Seen::Rounded { .. }) {
        let naive = Sums::of_logarithms(&fitted.ln_y).fit().law.alpha;
        let message = format!("sizes taken as exact and complete would give an exponent of {naive:.3}");
        notes.push(Note::info("imperfections_in_fit", message));
    }
    let mut outcome = Outcome { estimates, ..Outcome::default() };
    let curve = scan::curve(&input.all, CURVE.0, CURVE.1);
    let rivals = match (&fitted.likelihood, method.model) {
        (Likelihood::Exact(sums), Model::TruncatedPowerLaw) => compare(&fitted.ln_y, sums, &fitted.fit, &fitted.pure),
        _ => Vec::new(),
    };
    if !rivals.is_empty() {
        outcome.tables.push(tables::models(&rivals));
        notes.push(preferred(&rivals));
    }
    if curve.len() > 2 {
        outcome.tables.push(tables::curve(&curve, input));
    }
    if method.model == Model::TruncatedPowerLaw {
        outcome.tables.push(tables::profile(&fitted));
    }
    let measured = match input.seen {
        Seen::In(detection) => Some(Measured::of(fit.law, &detection, 1.2 * fitted.y.last().copied().unwrap_or(1.0))),
        _ => None,
    };
    outcome.figures = vec![
        figures::survival(input, &fitted, measured.as_ref(), method.model),
        figures::density(input, &fitted, measured.as_ref(), &curve),
    ];
    Ok(outcome)
}

/// Distances of the data from the law and how often chance makes them larger.
fn goodness_of_fit(
    method: &SizeDistribution,
    input: &Input,
    fitted: &Fitted,
    estimates: &mut Vec<Estimate>,
    notes: &mut Vec<Note>,
    ctx: &Ctx,
) -> Result<(), MethodError> {
    let n = fitted.likelihood.n();
    let law = fitted.fit.law;
    let is_pure = method.model == Model::PowerLaw;
    let again = |blurred: &Blurred| if is_pure { blurred.fit_power_law() } else { blurred.fit() };
    let fitter: Fitter = if is_pure { Sums::fit_power_law } else { Sums::fit };
    let found = match input.seen {
        Seen::Rounded { step, lowest } => goodness::rounded(&fitted.y, (step, lowest), law, again, method.bootstrap, ctx)?,
        Seen::In(detection) => goodness::detected(&fitted.y, &detection, law, again, method.bootstrap, ctx)?,
        Seen::Exactly | Seen::Counted => {
            let distribution = Distribution::of(law);
            // Where the smallest size is xmin it has no chance of its own; the others follow the law above it.
            let at_edge = fitted.ln_y.partition_point(|u| *u <= 0.0);
            let weighted = distances(&distribution, &fitted.ln_y[at_edge..]).weighted;
            let observed = Distances { largest: ks_distance(&distribution, &fitted.ln_y), weighted };
            let why = "a distance of these data from this law";
            let scanned = method.threshold == Threshold::Scan && method.xmin.is_none() && fitted.y.len() < input.all.len();
            let p = if method.bootstrap == 0 {
                None
            } else if scanned {
                let chosen = scan::Chosen { xmin: input.xmin, n: fitted.y.len(), law, distance: observed.largest };
                Some(scan::chosen_p(&input.all, &chosen, method.bootstrap, chooser(method), ctx)?)
            } else {
                let p = bootstrap_distances(law, fitted.ln_y.len(), observed, method.bootstrap, fitter, ctx)?;
                if at_edge <= 1 {
                    estimates.push(Estimate::without_interval("anderson_darling_p", "p", p.weighted, "", "a probability"));
                }
                Some(p.largest)
            };
            // Several sizes at xmin are rounded ones, of which this distance means nothing.
            if at_edge <= 1 {
                estimates.push(Estimate::without_interval("anderson_darling", "A²", observed.weighted, "", why).n(n));
            }
            Goodness { distance: observed.largest, p }
        }
    };
    judge(found, n, estimates, notes);
    Ok(())
}

fn judge(found: Goodness, n: f64, estimates: &mut Vec<Estimate>, notes: &mut Vec<Note>) {
    let why = "a distance of these data from this law";
    estimates.push(Estimate::without_interval("ks_distance", "D", found.distance, "", why).n(n));
    if let Some(p) = found.p {
        estimates.push(Estimate::without_interval("gof_p", "p", p, "", "a probability"));
        if p < 0.05 {
            let message = format!("the sizes do not follow the law (p = {p:.3}); its exponent describes them badly");
            notes.push(Note::warning("law_rejected", message));
        }
    }
}

fn truncated(input: &Input, fitted: &Fitted, notes: &mut Vec<Note>) -> Result<Vec<Estimate>, SizesError> {
    let (law, n) = (fitted.fit.law, fitted.likelihood.n());
    let found = fitted.likelihood.intervals(&fitted.fit)?;
    let unit = input.unit.symbol();
    let [var_alpha, _, var_lambda] = fitted.likelihood.covariance(law);
    let exponent = Estimate::with_interval("size_exponent", "α", law.alpha, "", found.alpha, Basis::Likelihood).n(n);
    let exponent = if law.lambda > 0.0 && var_alpha > 0.0 { exponent.std_error(var_alpha.sqrt()) } else { exponent };
    let mut estimates = vec![exponent];
    let (low, bound) = (input.xmin / found.lambda.1, input.xmin / found.lambda_below);
    let identified = found.lambda.0 > 0.0;
    if identified {
        let cutoff = input.xmin / law.lambda;
        let interval = (low, input.xmin / found.lambda.0);
        let estimate = Estimate::with_interval("size_cutoff", "xc", cutoff, unit, interval, Basis::Likelihood);
        estimates.push(estimate.std_error(cutoff * var_lambda.sqrt() / law.lambda).n(n));
    } else {
        let shown = input.unit.convert_si(bound);
        notes.push(Note::refused("cutoff_not_identified", format!("cut-off not identified, xc > {shown:.4e} {unit} (95 %)")));
        let why = "itself a one-sided bound at 95 %: the data do not exclude a pure power law";
        estimates
            .push(Estimate::without_interval("size_cutoff_lower_bound", "xc", bound, unit, why).n(n).flag("not_identified"));
    }
    let ratio = 2.0 * (fitted.fit.ln_likelihood - fitted.pure.ln_likelihood).max(0.0);
    // The pure power law is the edge λ = 0 of the family: half of the chance lies on the edge.
    let p = if ratio > 0.0 { 0.5 * chi_squared_tail(ratio, 1.0).unwrap_or(f64::NAN) } else { 1.0 };
    let comparison = "for comparison only: it is biased where there is a cut-off";
    estimates.extend([
        Estimate::without_interval("power_law_ratio", "2 ln LR", ratio, "", "a test statistic"),
        Estimate::without_interval("power_law_p", "p", p, "", "a probability"),
        Estimate::without_interval("power_law_exponent", "α", fitted.pure.law.alpha, "", comparison),
    ]);
    Ok(estimates)
}

fn power_law(fitted: &Fitted) -> Result<Estimate, SizesError> {
    let interval = fitted.likelihood.power_law_interval(&fitted.pure)?;
    let n = fitted.likelihood.n();
    let estimate = Estimate::with_interval("size_exponent", "α", fitted.pure.law.alpha, "", interval, Basis::Likelihood).n(n);
    Ok(match fitted.likelihood {
        Likelihood::Exact(_) => estimate.std_error((fitted.pure.law.alpha - 1.0) / n.sqrt()),
        Likelihood::Blurred(_) => estimate,
    })
}

/// Which law describes the sizes best, or that this cannot be said.
fn preferred(rivals: &[Rival]) -> Note {
    let close: Vec<&str> =
        rivals.iter().filter(|rival| rival.aicc < rivals[0].aicc + INDISTINCT).map(|rival| rival.law.name()).collect();
    match close.as_slice() {
        [only] => Note::info(
            "preferred_model",
            format!("preferred model: {only}; the next is worse by at least {INDISTINCT} in AICc"),
        ),
        several => {
            let message = format!("not distinguished within {INDISTINCT} of AICc: {}", several.join(", "));
            Note::info("models_not_distinguished", message)
        }
    }
}

fn of_counts(method: &SizeDistribution, input: &Input, notes: &mut Vec<Note>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let n = input.sizes.len() as f64;
    let xmin = input.sizes[0];
    let sum_ln = input.sizes.iter().map(|size| size.ln()).sum();
    let failed = || SizesError::TooFew { n: input.sizes.len(), xmin, needed: super::error::FEWEST_EVENTS };
    let (alpha, _) = scan::zeta_exponent(n, sum_ln, xmin).ok_or_else(failed)?;
    let found = tables::zeta_interval(n, sum_ln, xmin, alpha).map_err(SizesError::from)?;
    let mut estimates = vec![
        Estimate::with_interval("size_exponent", "α", alpha, "", found.interval, Basis::Likelihood)
            .std_error(found.std_error)
            .n(n),
    ];
    let scanned = method.threshold == Threshold::Scan && method.xmin.is_none();
    let goodness = goodness::counted(&input.sizes, alpha, xmin, method.bootstrap, ctx)?;
    if scanned {
        let message = "the goodness of fit takes xmin as given: for counts the scan is not repeated in its replicates";
        notes.push(Note::info("scan_not_repeated", message));
    }
    judge(goodness, n, &mut estimates, notes);
    let figures = vec![figures::counts(input, alpha)];
    Ok(Outcome { estimates, figures, ..Outcome::default() })
}

fn of_histogram(input: &Input, notes: &mut Vec<Note>) -> Result<Outcome, MethodError> {
    let ln_y: Vec<f64> = input.sizes.iter().map(|size| (size / input.xmin).ln()).collect();
    let found = histogram::fit(&ln_y).ok_or(SizesError::FewBins { n: ln_y.len() })?;
    let why = "a fit to a histogram: biased by tenths, for comparison with papers only";
    let mut estimates = vec![Estimate::without_interval("size_exponent", "α", found.alpha, "", why).flag("paper_histogram")];
    if found.lambda > 0.0 {
        let cutoff = input.xmin / found.lambda;
        estimates
            .push(Estimate::without_interval("size_cutoff", "xc", cutoff, input.unit.symbol(), why).flag("paper_histogram"));
    }
    let likely = Sums::of_logarithms(&ln_y).fit().law.alpha;
    let message = format!("maximum likelihood of the same sizes gives an exponent of {likely:.3}");
    notes.push(Note::warning("paper_histogram", message));
    let figures = vec![figures::histogram(input, &found)];
    Ok(Outcome { estimates, figures, ..Outcome::default() })
}

/// What so many events over such a range can tell at best, before anything is fitted.
fn achievable(sizes: &[f64], xmin: f64, model: Model) -> Note {
    let (n, ratio) = (sizes.len() as f64, sizes.last().map_or(1.0, |largest| largest / xmin));
    let c = match model {
        Model::TruncatedPowerLaw => {
            TruncatedPowerLaw { alpha: PLANNED_EXPONENT, lambda: 1.0 / ratio }.exponent_error_of_one_event()
        }
        Model::PowerLaw => PLANNED_EXPONENT - 1.0,
    };
    Note::info(
        "achievable_error",
        format!(
            "{n} events up to {ratio:.3} xmin can give an exponent near {PLANNED_EXPONENT} to ±{:.2} (standard error) at best; ±0.1 needs about {:.0} events",
            c / n.sqrt(),
            (c / 0.1).powi(2).ceil()
        ),
    )
}
