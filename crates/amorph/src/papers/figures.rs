//! The plots of the papers, drawn from the models.

use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::theory::TheoryError;
use crate::theory::constants::ELEMENTARY_CHARGE as EV;
use crate::theory::elasticity_and_yield::{johnson_samwer_yield, shear_yield_strain};
use crate::theory::energy_and_length::lu_length;
use crate::theory::relaxation_rules::angell_viscosity;
use crate::theory::transition_kinetics::{barrier_from_frequency, barrier_shift};
use crate::theory::two_phase::two_phase_poisson;
use crate::theory::viscoelastic_functions::{
    Susceptibility, debye_spectrum, havriliak_negami_loss_peak, havriliak_negami_spectrum, kww_loss_peak, kww_spectrum,
};

const ROOM_TEMPERATURE: f64 = 298.0;

/// All figures, with the tag of the paper that each belongs to.
pub fn figures() -> Vec<Figure> {
    by_paper().into_iter().map(|(_, figure)| figure).collect()
}

pub(super) fn by_paper() -> Vec<(&'static str, Figure)> {
    let drawn = vec![
        ("L16", length_against_energy()),
        ("L16", frequency_energy_map()),
        ("Q19", angell()),
        ("Q19", loss_peaks()),
        ("Q19", yield_strain()),
        ("Q19", poisson_softening()),
    ];
    drawn.into_iter().chain(super::parity::figures()).collect()
}

fn steps(lo: f64, hi: f64, n: u32) -> Vec<f64> {
    (0..=n).map(|i| lo + (hi - lo) * f64::from(i) / f64::from(n)).collect()
}

fn powers(lo: f64, hi: f64, n: u32) -> Vec<f64> {
    steps(lo, hi, n).into_iter().map(|decade| 10f64.powf(decade)).collect()
}

/// A gap where the model means nothing.
fn curve(x: &[f64], y: impl Fn(f64) -> Result<f64, TheoryError>) -> Vec<f64> {
    x.iter().map(|x| y(*x).unwrap_or(f64::NAN)).collect()
}

fn line(name: &str, role: Role, x: &[f64], y: Vec<f64>, dashed: bool) -> Mark {
    Mark::Line { name: name.to_owned(), role, x: x.to_vec(), y, dashed }
}

fn figure(key: &str, title: &str, caption: &str, panels: Vec<Panel>) -> Figure {
    Figure { key: key.to_owned(), title: title.to_owned(), caption: caption.to_owned(), panels }
}

/// Lu et al., Table 1 and Fig. 6.
fn length_against_energy() -> Figure {
    let energies: Vec<f64> = steps(0.2, 1.05, 85).into_iter().map(|e| e * EV).collect();
    let x = Axis::linear("activation energy", Unit::of("eV")).within(0.2 * EV, 1.05 * EV);
    let mut panel = Panel::new("", x, Axis::linear("correlation length", Unit::of("nm")).within(0.0, 22e-9));
    for (series, d) in [(0, 2.0), (1, 3.0)] {
        for (lambda, dashed) in [(1.0, false), (0.8, true)] {
            let lengths = curve(&energies, |energy| lu_length(energy, ROOM_TEMPERATURE, lambda * 1e-9, d, 0.4));
            panel = panel.with(line(&format!("d = {d}, λ = {lambda} nm"), Role::Series(series), &energies, lengths, dashed));
        }
    }
    let known = barrier_shift(0.62 * EV, 1e3, 1e5, ROOM_TEMPERATURE).unwrap_or(f64::NAN);
    panel = panel.with(Mark::Points {
        name: "measured, at the energy of the tip".to_owned(),
        role: Role::Data,
        x: vec![known; 3],
        y: vec![4.10e-9, 9.27e-9, 9.70e-9],
        y_interval: vec![[4.05e-9, 4.15e-9], [9.11e-9, 9.43e-9], [9.50e-9, 9.90e-9]],
        x_interval: Vec::new(),
    });
    figure(
        "length_against_energy",
        "Length against activation energy",
        "Correlation length that an activation energy implies at 298 K, for events of two and three dimensions. The lengths measured by Lu et al., at their indentation energy converted to 100 kHz, lie 18 to 21 % below \
         the lines of λ = 1 nm that the paper assumes, and on those of λ = 0.8 nm.",
        vec![panel],
    )
}

/// Where the experiments sit between frequency and barrier.
fn frequency_energy_map() -> Figure {
    let frequencies = powers(-2.0, 7.0, 90);
    let x = Axis::log("frequency", Unit::of("Hz"));
    let mut panel = Panel::new("", x, Axis::linear("barrier", Unit::of("eV")).within(0.25 * EV, 0.95 * EV));
    for (series, attempts, name) in [(0, 1.5e13, "ω₀ = 1.5·10¹³ 1/s (Debye)"), (1, 1.25e11, "ω₀ = 1.25·10¹¹ 1/s")] {
        let barriers = curve(&frequencies, |f| barrier_from_frequency(f, ROOM_TEMPERATURE, attempts));
        panel = panel.with(line(name, Role::Series(series), &frequencies, barriers, series == 1));
    }
    let printed = [
        ("indentation, 1 kHz (Lu et al.)", 1e3, 0.62, Role::Data),
        ("tip, 100 kHz (Lu et al.)", 1e5, 0.50, Role::Highlight),
        ("resistance spikes, 1 ms (Yang et al.)", 1e3, 0.50, Role::Reference),
    ];
    for (name, frequency, energy, role) in printed {
        panel = panel.with(Mark::points(name, role, vec![frequency], vec![energy * EV]));
    }
    figure(
        "frequency_energy_map",
        "Frequency and barrier",
        "Barrier of the events that follow a frequency at 298 K. The energies of Lu et al. lie on one Debye line; that of Yang et al., for the same time scale as \
         the indentation, needs an attempt frequency a hundred times smaller.",
        vec![panel],
    )
}

/// Qiao et al., Fig. 3.
fn angell() -> Figure {
    let inverse = steps(0.02, 1.0, 98);
    let mut panel = Panel::new(
        "",
        Axis::linear("Tg/T", Unit::one()).within(0.0, 1.0),
        Axis::log("viscosity", Unit::of("Pa s")).within(1e-5, 1e13),
    );
    for (series, m, name) in
        [(0, 17.0, "m = 17 (strong)"), (1, 40.0, "m = 40"), (2, 60.0, "m = 60 (metallic glass)"), (3, 90.0, "m = 90 (fragile)")]
    {
        let viscosities = curve(&inverse, |x| angell_viscosity(m, 600.0, 600.0 / x, 1e12, 1e-5));
        panel = panel.with(line(name, Role::Series(series), &inverse, viscosities, false));
    }
    panel = panel.with(Mark::Rule { name: "10¹² Pa s".to_owned(), role: Role::Reference, axis: RuleAxis::Y, at: 1e12 });
    figure(
        "angell",
        "Angell plot",
        "Viscosity over the reduced inverse temperature for laws of Vogel, Fulcher and Tammann of several fragilities, all through 10¹² Pa s at Tg and 10⁻⁵ Pa s at \
         infinite temperature.",
        vec![panel],
    )
}

/// Qiao et al., Figs. 7 to 9.
fn loss_peaks() -> Figure {
    let phases = powers(-4.0, 6.0, 150);
    let axis = |label: &str| Axis::log(label, Unit::one());
    let loss =
        |x: &[f64], spectrum: &dyn Fn(f64) -> Result<Susceptibility, TheoryError>| curve(x, |phase| Ok(spectrum(phase)?.loss));
    let mut shapes = Panel::new("stretched exponentials", axis("ωτ").within(1e-4, 1e6), axis("loss χ″").within(1e-4, 1.0));
    for (series, beta) in [(0, 0.3), (1, 0.5), (2, 0.7), (3, 1.0)] {
        let y = loss(&phases, &|phase| kww_spectrum(phase, beta));
        shapes = shapes.with(line(&format!("β = {beta}"), Role::Series(series), &phases, y, false));
    }
    let relative = powers(-3.0, 4.0, 140);
    let mut overlay =
        Panel::new("normalised to the peak", axis("ω/ω_peak").within(1e-3, 1e4), axis("χ″/max χ″").within(1e-3, 1.5));
    let kww = kww_loss_peak(0.5).map_or((f64::NAN, f64::NAN), |peak| (peak.position, peak.height));
    let hn = havriliak_negami_loss_peak(0.95, 0.41).map_or((f64::NAN, f64::NAN), |peak| (peak.position, peak.height));
    let normalised = |(position, height): (f64, f64), spectrum: &dyn Fn(f64) -> Result<Susceptibility, TheoryError>| {
        curve(&relative, |x| Ok(spectrum(x * position)?.loss / height))
    };
    let lines = [
        ("Debye", Role::Null, normalised((1.0, 0.5), &debye_spectrum), true),
        ("Havriliak-Negami 0.95/0.41", Role::Series(0), normalised(hn, &|x| havriliak_negami_spectrum(x, 0.95, 0.41)), false),
        ("stretched, β = 0.5", Role::Series(1), normalised(kww, &|x| kww_spectrum(x, 0.5)), false),
    ];
    for (name, role, y, dashed) in lines {
        overlay = overlay.with(line(name, role, &relative, y, dashed));
    }
    figure(
        "loss_peaks",
        "Loss peaks",
        "Loss of stretched exponentials, and the two forms that the review fits to the α peak of metallic glasses beside one relaxation time: their high-frequency \
         slopes are 0.39 and 0.5.",
        vec![shapes, overlay],
    )
}

/// Qiao et al., eq. 5.3 and Fig. 69.
fn yield_strain() -> Figure {
    let ratios = steps(0.0, 1.0, 100);
    let strain = |ratio: f64| johnson_samwer_yield(ratio.max(1e-9), 1.0, 0.036, 0.016);
    let glasses: Vec<f64> = [461.0, 623.0, 673.0, 750.0].iter().map(|tg| ROOM_TEMPERATURE / tg).collect();
    let values = curve(&glasses, strain);
    let film = shear_yield_strain(3.25e9, 25.714e9).unwrap_or(f64::NAN);
    let panel = Panel::new(
        "",
        Axis::linear("T/Tg", Unit::one()).within(0.0, 1.0),
        Axis::linear("shear strain at yielding", Unit::of("%")).within(0.0, 0.075),
    )
    .with(line("0.036 − 0.016 (T/Tg)^(2/3)", Role::Model, &ratios, curve(&ratios, strain), false))
    .with(Mark::points("298 K, Tg = 461 to 750 K", Role::Data, glasses, values))
    .with(Mark::Rule {
        name: "slope of strength over modulus, 2.7 %".to_owned(),
        role: Role::Reference,
        axis: RuleAxis::Y,
        at: 0.027,
    })
    .with(Mark::points("Zr65Ni35 film of 360 nm", Role::Highlight, vec![ROOM_TEMPERATURE / 650.0], vec![film]));
    figure(
        "yield_strain",
        "Yield strain",
        "Shear stress at yielding over the shear modulus. Bulk glasses follow the law; the thin film of Idrissi et al. (drawn at an assumed Tg of 650 K) is 2.4 times stronger, which is an effect of size and belongs \
         beside the line, not into its mean.",
        vec![panel],
    )
}

/// Qiao et al., eq. 5.2 and Fig. 68.
fn poisson_softening() -> Figure {
    let softening = steps(0.0, 0.3, 60);
    let mut panel = Panel::new("", Axis::linear("softening G0/G − 1", Unit::one()), Axis::linear("Poisson ratio", Unit::one()));
    for (series, ratio) in [(0, 0.0), (1, 0.5), (2, 1.0), (3, 1.5)] {
        // B = 1, so that the share is the softening.
        let values = curve(&softening, |x| two_phase_poisson(0.36, ratio, 1.0, x));
        panel = panel.with(line(&format!("A/B = {ratio}"), Role::Series(series), &softening, values, false));
    }
    figure(
        "poisson_softening",
        "Poisson ratio against softening",
        "A glass that softens in shear (A/B below 1) gains Poisson ratio, one that dilates (above 1) loses it; at 1 it stays. Matrix of 0.36.",
        vec![panel],
    )
}
