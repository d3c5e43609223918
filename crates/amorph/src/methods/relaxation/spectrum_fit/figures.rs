use super::algorithm::Fitted;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;
use crate::methods::relaxation::spectra::Isotherm;

pub(super) fn all(isotherm: &Isotherm, best: &Fitted, fits: &[Fitted]) -> Vec<Figure> {
    vec![spectrum(isotherm, best), peak(isotherm, best, fits)]
}

fn frequency() -> Axis {
    Axis::log("angular frequency", Unit::of("rad/s"))
}

fn grid(isotherm: &Isotherm) -> Vec<f64> {
    let ends =
        isotherm.readings.iter().fold((f64::INFINITY, 0.0), |(lo, hi): (f64, f64), r| (lo.min(r.omega), hi.max(r.omega)));
    let (lo, hi) = (ends.0.ln(), ends.1.ln());
    (0..=160).map(|i| lo + (hi - lo) * f64::from(i) / 160.0).collect()
}

fn spectrum(isotherm: &Isotherm, best: &Fitted) -> Figure {
    let omega: Vec<f64> = isotherm.readings.iter().map(|r| r.omega).collect();
    let grid = grid(isotherm);
    let x: Vec<f64> = grid.iter().map(|w| w.exp()).collect();
    let values: Vec<(f64, f64)> = grid.iter().map(|w| best.modulus(*w)).collect();
    let words = best.terms.measured.words();
    let axis = |channel: usize| Axis::log(words.axes[channel], Unit::of(words.figure_unit));
    let storage = Panel::new("", frequency(), axis(0))
        .with(Mark::points("measured", Role::Data, omega.clone(), isotherm.readings.iter().map(|r| r.storage).collect()))
        .with(Mark::line(best.shape.word(), Role::Model, x.clone(), values.iter().map(|v| v.0).collect()));
    let loss = Panel::new("", frequency(), axis(1))
        .with(Mark::points("", Role::Data, omega.clone(), isotherm.readings.iter().map(|r| r.loss).collect()))
        .with(Mark::line("", Role::Model, x, values.iter().map(|v| v.1).collect()));
    let n = omega.len();
    let residual = Panel::new("", frequency(), Axis::linear("residual / error", Unit::one()))
        .with(Mark::points("first channel", Role::Series(0), omega.clone(), best.fit.residuals[..n].to_vec()))
        .with(Mark::points("second channel", Role::Series(1), omega, best.fit.residuals[n..].to_vec()));
    Figure {
        key: "spectrum".to_owned(),
        title: format!("Spectrum at {}", isotherm.label()),
        caption: "Storage and loss with one relaxation function through both, and residuals over their error: size and phase, or storage and loss."
            .to_owned(),
        panels: vec![storage, loss, residual],
    }
}

/// The loss peak in units of its own height and position, with every function.
fn peak(isotherm: &Isotherm, best: &Fitted, fits: &[Fitted]) -> Figure {
    let centre = best.ln_peak_time().map_or(best.fit.params[0], |found| found.0);
    let height = best.modulus(-centre).1;
    let grid = grid(isotherm);
    let x = |w: f64| (w + centre).exp();
    let reduced = isotherm.readings.iter().map(|r| x(r.omega.ln())).collect();
    let mut panel = Panel::new(
        "",
        Axis::log("frequency over that of the peak", Unit::one()),
        Axis::log("loss over that of the peak", Unit::one()),
    )
    .with(Mark::points("measured", Role::Data, reduced, isotherm.readings.iter().map(|r| r.loss / height).collect()));
    for (index, fit) in fits.iter().enumerate() {
        let role = if index == 0 { Role::Model } else { Role::Series(u16::try_from(index).unwrap_or(u16::MAX)) };
        let y = grid.iter().map(|w| fit.modulus(*w).1 / height).collect();
        panel.marks.push(Mark::line(fit.shape.word(), role, grid.iter().map(|w| x(*w)).collect(), y));
    }
    Figure {
        key: "loss_peak".to_owned(),
        title: "Loss peak".to_owned(),
        caption: "The loss peak in units of its own position and height, with every function as it fits storage and loss best."
            .to_owned(),
        panels: vec![panel],
    }
}
