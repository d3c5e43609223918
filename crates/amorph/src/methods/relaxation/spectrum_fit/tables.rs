//! Tables of the result.

use super::algorithm::{Fitted, Shape, fit};
use super::convert::{alvarez_beta, alvarez_product, matched};
use super::terms::Measured;
use super::{FEWEST, Input};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::method::MethodError;
use crate::methods::relaxation::log_spectrum::Curve;

pub(super) fn models(fits: &[Fitted], curve: &Curve) -> Table {
    let number = |of: &dyn Fn(&Fitted) -> f64| fits.iter().map(of).collect::<Vec<f64>>();
    let lowest = fits.iter().map(|fit| fit.bic).fold(f64::INFINITY, f64::min);
    let least = fits.iter().map(|fit| fit.aicc).fold(f64::INFINITY, f64::min);
    let words = fits.first().map_or(Measured::Modulus, |fit| fit.terms.measured).words();
    // Without each reading in turn, what the others say about it.
    let left_out: Vec<f64> = fits.iter().map(|fit| fit.left_out(curve).map_or(f64::NAN, |left| left.deviance)).collect();
    let best = left_out.iter().copied().fold(f64::INFINITY, f64::min);
    Table::new("models", "Relaxation functions, the best first")
        .with_text("model", fits.iter().map(|fit| fit.shape.word().to_owned()).collect())
        .with_numbers("bic_difference", "", number(&|fit| fit.bic - lowest))
        .with_numbers("aicc_difference", "", number(&|fit| fit.aicc - least))
        .with_numbers("left_out_difference", "", left_out.iter().map(|deviance| deviance - best).collect())
        .with_numbers("tau", "s", number(&|fit| fit.fit.params[0].exp()))
        .with_numbers("tau_peak", "s", number(&|fit| fit.ln_peak_time().map_or(f64::NAN, |found| found.0.exp())))
        .with_numbers("tau_mean", "s", number(&|fit| fit.ln_mean_time().map_or(f64::INFINITY, |found| found.0.exp())))
        .with_numbers("loss_wing_low", "", number(&|fit| fit.shape.wings(fit.shapes()).0))
        .with_numbers("loss_wing_high", "", number(&|fit| fit.shape.wings(fit.shapes()).1))
        .with_numbers(words.unrelaxed.0, words.unit, number(&Fitted::unrelaxed))
        .with_numbers(words.share, "", number(&Fitted::share))
        .with_numbers("runs_p", "", number(&|fit| fit.runs_p.unwrap_or(f64::NAN)))
}

/// The chosen function at every temperature.
pub(super) fn isotherms(input: &Input, best: &Fitted, ctx: &Ctx) -> Result<Table, MethodError> {
    let mut rows: Vec<(f64, Fitted)> = Vec::new();
    for isotherm in input.isotherms.iter().filter(|isotherm| isotherm.readings.len() >= FEWEST) {
        ctx.check_cancelled()?;
        let curve = isotherm.curve();
        if best.noise_model.ln_density(std::slice::from_ref(&curve)).is_some()
            && let Ok(found) = fit(&curve, best.shape, best.noise_model, best.terms)
        {
            rows.push((isotherm.temperature, found));
        }
    }
    let number = |of: &dyn Fn(&Fitted) -> f64| rows.iter().map(|(_, fit)| of(fit)).collect::<Vec<f64>>();
    let std = |index: usize| number(&|fit| fit.inflation * fit.fit.std_errors[index]);
    let mut table = Table::new("isotherms", "The same function at every temperature, errors to first order")
        .with_numbers("temperature", "K", rows.iter().map(|(t, _)| *t).collect())
        .with_numbers("tau", "s", number(&|fit| fit.fit.params[0].exp()))
        .with_numbers("ln_tau_std_error", "", std(0));
    for shape in 0..best.shape.n_shapes() {
        table = table.with_numbers(&format!("exponent_{}", shape + 1), "", number(&|fit| fit.shapes()[shape])).with_numbers(
            &format!("exponent_{}_std_error", shape + 1),
            "",
            std(1 + shape),
        );
    }
    let words = best.terms.measured.words();
    table = table.with_numbers(words.unrelaxed.0, words.unit, number(&Fitted::unrelaxed)).with_numbers(
        words.share,
        "",
        number(&Fitted::share),
    );
    let mut amplitude = |index: Option<usize>, key: &str, unit: &str, of: &dyn Fn(&Fitted, f64) -> f64| {
        if let Some(index) = index {
            table = table.clone().with_numbers(key, unit, number(&|fit| of(fit, fit.fit.params[index])));
        }
    };
    amplitude(best.flow_index(), words.flow.0, words.flow.2, &Fitted::flow_of);
    amplitude(best.constant_loss_index(), words.constant_loss, words.unit, &|fit, amplitude| amplitude * fit.unit);
    Ok(table)
}

/// What each reading does to the time of the chosen function.
pub(super) fn influence(best: &Fitted, curve: &Curve) -> Option<Table> {
    let left = best.left_out(curve)?;
    let std = best.fit.std_errors[0] * best.inflation;
    let table =
        Table::new("influence", "The time without each reading: change of ln τ over its standard error, to first order");
    Some(
        table
            .with_numbers("angular_frequency", "rad/s", curve.ln_omega.iter().map(|w| w.exp()).collect())
            .with_numbers("leverage", "", left.leverage)
            .with_numbers("change_of_ln_tau", "", left.ln_tau.iter().map(|change| change / std).collect()),
    )
}

/// Steps of the window over which functions are matched.
const WINDOW: usize = 60;

/// The chosen function as a stretched exponential, or the stretched exponential as one of Havriliak and Negami.
pub(super) fn conversion(best: &Fitted, curve: &Curve) -> Option<Table> {
    if best.shape == Shape::Debye {
        return None;
    }
    let (low, high) = (curve.ln_omega.first()?, curve.ln_omega.last()?);
    let ln_tau = best.fit.params[0];
    let ln_x: Vec<f64> = (0..=WINDOW).map(|i| ln_tau + low + (high - low) * i as f64 / WINDOW as f64).collect();
    let to = if best.shape == Shape::Kww { Shape::HavriliakNegami } else { Shape::Kww };
    let found = matched(best.shape, best.shapes(), to, &ln_x)?;
    // The product αγ is the exponent of the upper wing.
    let (alpha, kappa) = best.shape.wings(best.shapes());
    let (beta, alphas, products) = if to == Shape::Kww {
        ([alvarez_beta(kappa), found.shapes[0]], [alpha; 2], [kappa; 2])
    } else {
        let product = alvarez_product(best.shapes()[0]);
        ([best.shapes()[0]; 2], [f64::NAN, found.shapes[0]], [product, found.shapes[1]])
    };
    let table = Table::new(
        "shape_conversion",
        "The same spectrum by the other function: Alvarez's rule, and the closest loss over the frequencies of the data",
    );
    Some(
        table
            .with_text("rule", vec!["alvarez".to_owned(), "least_squares".to_owned()])
            .with_numbers("beta_kww", "", beta.to_vec())
            .with_numbers("hn_alpha", "", alphas.to_vec())
            .with_numbers("alpha_gamma", "", products.to_vec())
            .with_numbers("tau", "s", vec![f64::NAN, (ln_tau + found.ln_ratio).exp()])
            .with_numbers("difference_of_loss", "", vec![f64::NAN, found.rms]),
    )
}
