use super::algorithm::{StressLaw, stress_law};
use super::{Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Probability;
use crate::method::MethodError;
use crate::methods::relaxation::RelaxationError;
use crate::theory::constants::BOLTZMANN;

pub(super) fn outcome(input: &Input) -> Result<Outcome, MethodError> {
    let failed = || RelaxationError::NotFitted {
        what: "a law of the stress".to_owned(),
        reason: "the rates or the stresses do not vary".to_owned(),
    };
    let law = stress_law(&input.rates).ok_or_else(failed)?;
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    exponent(input, &law, &mut outcome);
    volume(input, &law, &mut outcome);
    let why = "found so that the residuals are as large as they should be; its own error is not carried";
    outcome.estimates.push(Estimate::without_interval("rate_scatter", "s", law.scatter, "", why));
    outcome.tables.push(table(input, &law));
    outcome.figures = vec![figures::rates(input, &law)];
    Ok(outcome)
}

fn exponent(input: &Input, law: &StressLaw, outcome: &mut Outcome) {
    let n = law.exponent.value;
    let (lo, hi) = (law.exponent.interval.0.unwrap_or(f64::NAN), law.exponent.interval.1.unwrap_or(f64::NAN));
    let tests = input.names.len() as f64;
    let flag = if input.is_flow { "rate_of_flow" } else { "rate_at_end" };
    let shown = Estimate::with_interval("stress_exponent", "n", n, "", (lo, hi), Basis::Replicate);
    outcome.estimates.push(shown.std_error(law.exponent.error).n(tests).flag(flag));
    let m = match lo > 0.0 {
        true => Estimate::with_interval("rate_sensitivity_m", "m", 1.0 / n, "", (1.0 / hi, 1.0 / lo), Basis::Replicate),
        false => Estimate::without_interval("rate_sensitivity_m", "m", 1.0 / n, "", "the exponent may be zero"),
    };
    outcome.estimates.push(m.std_error(law.exponent.error / (n * n)).flag(flag));
    outcome.estimates.push(Estimate::without_interval("newtonian_p", "p", law.newtonian_p, "", "a probability"));
    if !law.may_be_newtonian() {
        let text = format!(
            "the flow is not Newtonian: n = {n:.2} (p {:.1e} for 1), or sinh(σV/(M kT)) with V = 0 is ruled out at 5 %",
            Probability(law.newtonian_p)
        );
        outcome.notes.push(Note::info("not_newtonian", text));
        return;
    }
    let text = format!("n = {n:.2} does not differ from 1 (p = {:.2}): Newtonian flow is not ruled out", law.newtonian_p);
    outcome.notes.push(Note::info("newtonian", text));
    let found = law.ln_viscosity;
    let ends = (found.interval.0.map_or(f64::NAN, f64::exp), found.interval.1.map_or(f64::NAN, f64::exp));
    let eta = Estimate::with_interval("creep_viscosity", "η", found.value.exp(), "Pa s", ends, Basis::Replicate);
    outcome.estimates.push(eta.std_error(found.value.exp() * found.error).n(tests).flag("newtonian"));
}

fn volume(input: &Input, law: &StressLaw, outcome: &mut Outcome) {
    let Some(found) = law.activation else {
        outcome.notes.push(Note::refused("no_activation_volume", "no fit of sinh(σV/(M kT)) converged"));
        return;
    };
    let unit = input.taylor_factor * BOLTZMANN * input.temperature / law.ln_stress.exp();
    let value = found.value * unit;
    let shown = match found.interval {
        _ if law.may_be_newtonian() => {
            let bound = found.interval.1.map_or(String::new(), |hi| format!("; it lies below {:.3e} m³", hi * unit));
            let why = format!("not identified: the flow may be Newtonian, and stress then helps no event{bound}");
            Estimate::without_interval("activation_volume", "V", value, "m^3", &why)
        }
        (Some(lo), Some(hi)) => {
            let ends = (lo * unit, hi * unit);
            Estimate::with_interval("activation_volume", "V", value, "m^3", ends, Basis::Replicate)
                .std_error(found.error * unit)
        }
        _ => Estimate::without_interval(
            "activation_volume",
            "V",
            value,
            "m^3",
            "not identified: its profile stays flat on one side",
        ),
    };
    outcome.estimates.push(shown.flag(&format!("taylor_factor_{:.3}", input.taylor_factor)));
    let text = "V is that of ε̇ ~ sinh(σV/(M kT)); where events jump by a strain γ0 in a volume Ω, γ0Ω = 2V (Spaepen)";
    outcome.notes.push(Note::info("volume_convention", text));
}

fn table(input: &Input, law: &StressLaw) -> Table {
    let rates = &input.rates;
    let exp = |values: &[f64]| values.iter().map(|v| v.exp()).collect::<Vec<f64>>();
    let of = |ln: &f64| (law.ln_rate + law.exponent.value * (ln - law.ln_stress)).exp();
    let errors = rates.ln_rates.iter().zip(&rates.errors).map(|(ln, error)| ln.exp() * error).collect();
    Table::new("rates", "Rates of creep over stress, and their power law")
        .with_text("test", input.names.clone())
        .with_numbers("stress", "Pa", exp(&rates.ln_stresses))
        .with_numbers("rate", "1/s", exp(&rates.ln_rates))
        .with_numbers("rate_std_error", "1/s", errors)
        .with_numbers("law", "1/s", rates.ln_stresses.iter().map(of).collect())
}
