use super::algorithm::Spectrum;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::methods::relaxation::spectra::Isotherm;

/// The spectrum with its spread, and residuals of both channels.
pub(super) fn spectrum(isotherm: &Isotherm, found: &Spectrum) -> Figure {
    let solution = &found.solution;
    let nodes = 0..solution.smooth;
    let x: Vec<f64> = nodes.clone().map(|j| solution.ln_times[j].exp()).collect();
    let at = |sign: f64| {
        nodes.clone().map(|j| (solution.ln_spectrum[j] + sign * 2.0 * solution.std_of(j)).exp()).collect::<Vec<f64>>()
    };
    // Beyond the window the band widens without end: what the data say sets the range that is shown.
    let inside = |sign: f64| {
        (found.window.0..found.window.1).map(move |j| (solution.ln_spectrum[j] + sign * 2.0 * solution.std_of(j)).exp())
    };
    let lowest = inside(-1.0).fold(f64::INFINITY, f64::min);
    let highest = inside(1.0).fold(0.0, f64::max);
    let spectrum = Axis::log("spectrum per ln τ", Unit::of("GPa")).within(0.1 * lowest, 3.0 * highest);
    let mut panel = Panel::new("", Axis::log("relaxation time", Unit::of("s")), spectrum)
        .with(Mark::Band {
            name: "two standard deviations".to_owned(),
            role: Role::Model,
            x: x.clone(),
            lo: at(-1.0),
            hi: at(1.0),
        })
        .with(Mark::line("spectrum", Role::Model, x, at(0.0)));
    for edge in [found.window.0, found.window.1 - 1] {
        let at = solution.ln_times[edge].exp();
        panel.marks.push(Mark::Rule { name: String::new(), role: Role::Reference, axis: RuleAxis::X, at });
    }
    let peaks: Vec<f64> = found.peaks.iter().map(|j| solution.ln_times[*j].exp()).collect();
    let heights = found.peaks.iter().map(|j| solution.ln_spectrum[*j].exp()).collect();
    panel.marks.push(Mark::points("evident peaks", Role::Highlight, peaks, heights));
    let omega: Vec<f64> = isotherm.readings.iter().map(|r| r.omega).collect();
    let mut residual =
        Panel::new("", Axis::log("angular frequency", Unit::of("rad/s")), Axis::linear("residual / error", Unit::one()));
    if let Some([first, second]) = solution.residuals.first() {
        residual.marks.push(Mark::points("first channel", Role::Series(0), omega.clone(), first.clone()));
        residual.marks.push(Mark::points("second channel", Role::Series(1), omega, second.clone()));
    }
    Figure {
        key: "time_spectrum".to_owned(),
        title: format!("Relaxation times at {}", isotherm.label()),
        caption: "The spectrum of relaxation times behind storage and loss; vertical lines are the inverse frequencies of the data, beyond them only the prior speaks. \
                  Right: residuals over their error, which are patternless where both moduli obey causality."
            .to_owned(),
        panels: vec![panel, residual],
    }
}
