use super::algorithm::{Moduli, Number};
use super::smooth::Smooth;
use super::{Input, Interstitialcy, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::method::MethodError;
use crate::methods::calorimetry::CalorimetryError;

/// Places of the tables.
const ROWS: usize = 240;
/// Noise of ln G times the root of the spacing of the readings (K) above which a smooth curve rounds off the onset of the transition.
const COARSE: f64 = 4e-4;
/// Spacing of the readings above which the same happens, K.
const SPARSE: f64 = 1.6;

/// Everything over temperature.
pub(super) struct Curves {
    pub(super) temperature: Vec<f64>,
    pub(super) concentration: Vec<Number>,
    pub(super) heat_flow: Vec<Number>,
    /// Energy and spectrum, up to the end of structural relaxation.
    pub(super) spectrum: Vec<(f64, Number)>,
}

pub(super) fn outcome(method: &Interstitialcy, input: &Input) -> Result<Outcome, MethodError> {
    let failed = |what: &str| CalorimetryError::NotFitted {
        what: what.to_owned(),
        reason: "its readings tell no smooth curve".to_owned(),
    };
    let smooth = |what: &str, (x, y): &(Vec<f64>, Vec<f64>)| Smooth::of(x, y).ok_or_else(|| failed(what));
    let (glass, crystal) =
        (smooth("the modulus of the glass", &input.glass)?, smooth("the modulus of the crystal", &input.crystal)?);
    let moduli = Moduli { glass, crystal, constants: input.constants };
    let (lo, hi) = input.range;
    let temperature: Vec<f64> = (0..=ROWS).map(|k| lo + (hi - lo) * k as f64 / ROWS as f64).collect();
    let concentration: Vec<Number> = temperature.iter().map(|t| moduli.concentration(*t)).collect();
    let lowest = (0..=ROWS).min_by(|a, b| concentration[*a].0.total_cmp(&concentration[*b].0)).unwrap_or(ROWS);
    let from = method.annealed_from.unwrap_or(lo);
    let to = method.annealed_to.unwrap_or(temperature[lowest]);
    for t in [from, to] {
        let (glass, crystal) = (moduli.glass.at(t).0.exp(), moduli.crystal.at(t).0.exp());
        if crystal <= glass {
            return Err(CalorimetryError::SoftCrystal { temperature: t, crystal, glass }.into());
        }
    }
    let spectrum = input.attempt_frequency.map_or_else(Vec::new, |frequency| {
        temperature.iter().filter(|t| (from..=to).contains(*t)).map(|t| moduli.spectrum(*t, frequency)).collect()
    });
    let heat_flow = temperature.iter().map(|t| moduli.heat_flow(*t)).collect();
    let curves = Curves { temperature, concentration, heat_flow, spectrum };
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    estimates(method, input, &moduli, (from, to), &mut outcome);
    if let Some(slope) = slope(input, &moduli) {
        let why = "the slope of a comparison; baseline and lag of the calorimeter are in it";
        outcome.estimates.push(Estimate::without_interval("heat_flow_slope", "", slope, "", why));
    }
    let peak = curves.spectrum.iter().max_by(|a, b| a.1.0.total_cmp(&b.1.0));
    if let Some((energy, _)) = peak.filter(|(_, found)| found.0 > 0.0) {
        let why = "the top of a smooth curve, whose place noise moves more than the band says";
        outcome.estimates.push(Estimate::without_interval("spectrum_peak", "E", *energy, "J", why));
    }
    outcome.tables.extend(tables(&curves));
    outcome.figures = figures::all(input, &moduli, &curves, (from, to));
    Ok(outcome)
}

fn estimates(method: &Interstitialcy, input: &Input, moduli: &Moduli, (from, to): (f64, f64), outcome: &mut Outcome) {
    let shown = |key: &str, symbol: &str, unit: &str, (value, std): Number| {
        let ends = (value - NORMAL_95 * std, value + NORMAL_95 * std);
        Estimate::with_interval(key, symbol, value, unit, ends, Basis::Likelihood).std_error(std)
    };
    let concentration = moduli.concentration(from);
    outcome.estimates.push(shown("interstitial_concentration", "c", "", concentration).flag("per_alpha_beta"));
    outcome.estimates.push(shown("excess_energy", "ΔU", "J/kg", moduli.excess(from)).flag("per_beta"));
    let annealed = moduli.annealed(from, to);
    let text = format!("structural relaxation is counted from {from:.1} to {to:.1} K");
    outcome.notes.push(Note::info("limits", text));
    let t = &input.glass.0;
    let spacing = (t[t.len() - 1] - t[0]) / (t.len() as f64 - 1.0);
    let coarse = moduli.glass.noise * spacing.sqrt() > COARSE || spacing > SPARSE;
    if coarse {
        let text = format!(
            "the modulus of the glass scatters by {:.1e} every {spacing:.1} K: the smooth curve rounds off what changes within some kelvin, and bands of slopes cover less than they say",
            moduli.glass.noise
        );
        outcome.notes.push(Note::warning("coarse", text));
    }
    let refused = if method.annealed_to.is_none() {
        Some("the upper limit was sought, and the lowest of a noisy curve is too low; state annealed_to")
    } else if coarse {
        Some("the readings are too noisy or too few for the onset of the transition; the smooth curve rounds it off")
    } else {
        None
    };
    let mut limited = |key: &str, symbol: &str, unit: &str, number: Number| {
        outcome.estimates.push(match refused {
            Some(why) => Estimate::without_interval(key, symbol, number.0, unit, why).std_error(number.1),
            None => shown(key, symbol, unit, number),
        });
    };
    limited("annealed_concentration", "Δc", "", annealed);
    limited("heat_released", "Q", "J/kg", moduli.heat(from, to));
    if let Some(volume) = input.relaxation_volume {
        limited("density_change", "Δρ/ρ", "", ((volume - 1.0) * annealed.0, (volume - 1.0).abs() * annealed.1));
    }
    let share = annealed.0 / concentration.0;
    let why = "a ratio of two numbers above; neither α nor β changes it";
    outcome.estimates.push(Estimate::without_interval("annealed_share", "Δc/c", share, "", why));
    let text = "the intervals hold the noise of the moduli; concentrations go with 1/(αβ) and heats with 1/β, which are stated";
    outcome.notes.push(Note::info("constants", text));
}

/// Least squares of the measured heat flow over the predicted one, without constant.
fn slope(input: &Input, moduli: &Moduli) -> Option<f64> {
    let (t, w) = input.measured.as_ref()?;
    let inside = t.iter().zip(w).filter(|(t, _)| (input.range.0..=input.range.1).contains(*t));
    let (mut both, mut own) = (0.0, 0.0);
    for (t, w) in inside {
        let predicted = moduli.heat_flow(*t).0;
        both += predicted * w;
        own += predicted * predicted;
    }
    (own > 0.0).then(|| both / own)
}

fn tables(curves: &Curves) -> Vec<Table> {
    let ends = |numbers: &[Number], sign: f64| numbers.iter().map(|(v, s)| v + sign * NORMAL_95 * s).collect::<Vec<f64>>();
    let values = |numbers: &[Number]| numbers.iter().map(|number| number.0).collect::<Vec<f64>>();
    let mut tables = vec![
        Table::new("defects", "Concentration and heat flow taken up over temperature, with 95 % bands")
            .with_numbers("temperature", "K", curves.temperature.clone())
            .with_numbers("concentration", "", values(&curves.concentration))
            .with_numbers("concentration_lo", "", ends(&curves.concentration, -1.0))
            .with_numbers("concentration_hi", "", ends(&curves.concentration, 1.0))
            .with_numbers("heat_flow", "W/kg", values(&curves.heat_flow))
            .with_numbers("heat_flow_lo", "W/kg", ends(&curves.heat_flow, -1.0))
            .with_numbers("heat_flow_hi", "W/kg", ends(&curves.heat_flow, 1.0)),
    ];
    if !curves.spectrum.is_empty() {
        let spectrum: Vec<Number> = curves.spectrum.iter().map(|row| row.1).collect();
        tables.push(
            Table::new("spectrum", "Spectrum of the energies at which defects anneal out, with 95 % bands")
                .with_numbers("energy", "J", curves.spectrum.iter().map(|row| row.0).collect())
                .with_numbers("density", "1/J", values(&spectrum))
                .with_numbers("density_lo", "1/J", ends(&spectrum, -1.0))
                .with_numbers("density_hi", "1/J", ends(&spectrum, 1.0)),
        );
    }
    tables
}
