use super::error::SizesError;
use super::{Input, Model, SizeDistribution, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::chi_squared_tail;
use crate::core::stats::power_law::{
    Distribution, Fitter, Maximum, Sums, TruncatedPowerLaw, bootstrap_p, intervals, ks_distance, power_law_interval,
};
use crate::method::MethodError;

/// Cut-offs, in units of the smallest size, for which the achievable error is tabulated.
const RATIOS: [f64; 5] = [2.0, 4.0, 10.0, 20.0, 200.0];

/// Exponent of the mean-field avalanche, for which it is tabulated.
const PLANNED_EXPONENT: f64 = 1.5;

pub(super) fn outcome(method: &SizeDistribution, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let ln_y: Vec<f64> = input.sizes.iter().map(|size| (size / input.xmin).ln()).collect();
    let sums = Sums::of_logarithms(&ln_y);
    let pure = sums.fit_power_law();
    let (fit, fitter): (Maximum, Fitter) = match method.model {
        Model::TruncatedPowerLaw => (sums.fit(), Sums::fit),
        Model::PowerLaw => (pure, Sums::fit_power_law),
    };
    let mut notes = vec![achievable(&input.sizes, input.xmin, method.model)];
    notes.extend(input.notes.iter().cloned());
    let mut estimates = match method.model {
        Model::TruncatedPowerLaw => truncated(input, &sums, &fit, &pure, &mut notes)?,
        Model::PowerLaw => vec![power_law(&sums, &pure)?],
    };
    let distribution = Distribution::of(fit.law);
    let distance = ks_distance(&distribution, &ln_y);
    estimates
        .push(Estimate::without_interval("ks_distance", "D", distance, "", "a distance of these data from this law").n(sums.n));
    if method.bootstrap > 0 {
        let p = bootstrap_p(fit.law, ln_y.len(), distance, method.bootstrap, fitter, ctx)?;
        estimates.push(Estimate::without_interval("gof_p", "p", p, "", "a probability"));
        if p < 0.05 {
            let message = format!("the sizes do not follow the law (p = {p:.3}); its exponent describes them badly");
            notes.push(Note::warning("law_rejected", message));
        }
    }
    estimates.push(Estimate::without_interval("n_events", "n", sums.n, "", "counted, without error"));
    Ok(Outcome {
        figures: vec![figures::survival(input, &fit, &pure, method.model)],
        tables: vec![planning(sums.n)],
        estimates,
        notes,
        ..Outcome::default()
    })
}

fn truncated(
    input: &Input,
    sums: &Sums,
    fit: &Maximum,
    pure: &Maximum,
    notes: &mut Vec<Note>,
) -> Result<Vec<Estimate>, SizesError> {
    let law = fit.law;
    let found = intervals(sums, fit)?;
    let unit = input.unit.symbol();
    let [var_alpha, _, var_lambda] = law.covariance(sums.n);
    let exponent = Estimate::with_interval("size_exponent", "α", law.alpha, "", found.alpha, Basis::Likelihood).n(sums.n);
    let mut estimates = vec![if law.lambda > 0.0 { exponent.std_error(var_alpha.sqrt()) } else { exponent }];
    let (low, bound) = (input.xmin / found.lambda.1, input.xmin / found.lambda_below);
    let identified = found.lambda.0 > 0.0;
    if identified {
        let cutoff = input.xmin / law.lambda;
        let interval = (low, input.xmin / found.lambda.0);
        let estimate = Estimate::with_interval("size_cutoff", "xc", cutoff, unit, interval, Basis::Likelihood);
        estimates.push(estimate.std_error(cutoff * var_lambda.sqrt() / law.lambda).n(sums.n));
    } else {
        let shown = input.unit.convert_si(bound);
        notes.push(Note::refused("cutoff_not_identified", format!("cut-off not identified, xc > {shown:.4e} {unit} (95 %)")));
        let why = "itself a one-sided bound at 95 %: the data do not exclude a pure power law";
        estimates.push(
            Estimate::without_interval("size_cutoff_lower_bound", "xc", bound, unit, why).n(sums.n).flag("not_identified"),
        );
    }
    let ratio = 2.0 * (fit.ln_likelihood - pure.ln_likelihood).max(0.0);
    // The pure power law is the edge λ = 0 of the family: half of the chance lies on the edge.
    let p = if ratio > 0.0 { 0.5 * chi_squared_tail(ratio, 1.0).unwrap_or(f64::NAN) } else { 1.0 };
    let comparison = "for comparison only: it is biased where there is a cut-off";
    estimates.extend([
        Estimate::without_interval("power_law_ratio", "2 ln LR", ratio, "", "a test statistic"),
        Estimate::without_interval("power_law_p", "p", p, "", "a probability"),
        Estimate::without_interval("power_law_exponent", "α", pure.law.alpha, "", comparison),
    ]);
    Ok(estimates)
}

fn power_law(sums: &Sums, pure: &Maximum) -> Result<Estimate, SizesError> {
    let interval = power_law_interval(sums, pure)?;
    let estimate = Estimate::with_interval("size_exponent", "α", pure.law.alpha, "", interval, Basis::Likelihood);
    Ok(estimate.std_error((pure.law.alpha - 1.0) / sums.n.sqrt()).n(sums.n))
}

/// What so many events over such a range can tell at best, before anything is fitted.
fn achievable(sizes: &[f64], xmin: f64, model: Model) -> Note {
    let (n, ratio) = (sizes.len() as f64, sizes.last().map_or(1.0, |largest| largest / xmin));
    let lambda = match model {
        Model::TruncatedPowerLaw => 1.0 / ratio,
        Model::PowerLaw => 0.0,
    };
    let c = match model {
        Model::TruncatedPowerLaw => TruncatedPowerLaw { alpha: PLANNED_EXPONENT, lambda }.exponent_error_of_one_event(),
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

/// The achievable error for other cut-offs.
fn planning(n: f64) -> Table {
    let c =
        RATIOS.map(|ratio| TruncatedPowerLaw { alpha: PLANNED_EXPONENT, lambda: 1.0 / ratio }.exponent_error_of_one_event());
    Table::new("achievable_error", "Standard error of an exponent of 1.5 that can be achieved")
        .with_numbers("cutoff_over_xmin", "", RATIOS.to_vec())
        .with_numbers("exponent_error", "", c.map(|c| c / n.sqrt()).to_vec())
        .with_numbers("events_for_0.1", "", c.map(|c| (c / 0.1).powi(2).ceil()).to_vec())
}
