use super::algorithm::first_halo;
use super::{Input, Normalisation, StructureFactor};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::methods::scattering::patterns::PatternError;
use crate::methods::scattering::peak_strain::algorithm::fit_peak;

/// Scales that differ by more than this doubt the background, the density or the range of Q.
const DOUBT: f64 = 0.1;

pub(super) fn outcome(method: &StructureFactor, input: &Input) -> Result<Outcome, MethodError> {
    let counts = &input.counts;
    let scales = counts.scales(method.large_q_share);
    let scale = match method.normalisation {
        Normalisation::Integral => scales.integral,
        Normalisation::LargeQ => scales.large_q,
    };
    if !(scale > 0.0 && scale.is_finite()) {
        return Err(PatternError::NoScale { scale }.into());
    }
    let mut notes = input.notes.clone();
    let apart = scales.integral / scales.large_q - 1.0;
    if apart.abs() > DOUBT {
        let message = format!(
            "the two rules for the scale differ by {:.0} %: check background_scale, number_density, and whether Q reaches far enough",
            100.0 * apart
        );
        notes.push(Note::warning("scales_differ", message));
    }
    if input.error.is_none() {
        notes.push(Note::info("no_errors", "without a column of errors S(Q) has none, nor has what is computed from it"));
    }
    let s = counts.structure_factor(scale);
    let error: Option<Vec<f64>> = input
        .error
        .as_ref()
        .map(|errors| errors.iter().zip(&counts.atoms).map(|(error, free)| scale * error / free.square_mean).collect());
    let why = "set by the range of Q, the background and the density more than by noise";
    let mut estimates = vec![
        Estimate::without_interval("scale_integral", "α", scales.integral, "", why),
        Estimate::without_interval("scale_large_q", "α_∞", scales.large_q, "", why),
    ];
    estimates.extend(halo(&counts.q, &s, error.as_deref(), &mut notes));
    Ok(Outcome {
        estimates,
        tables: vec![table(input, &s, error, scale)],
        figures: vec![figure(input, &s, scale)],
        notes,
        ..Outcome::default()
    })
}

/// Place, width and height of the first halo by a pseudo-Voigt curve on a straight line.
fn halo(q: &[f64], s: &[f64], errors: Option<&[f64]>, notes: &mut Vec<Note>) -> Vec<Estimate> {
    let Some(halo) = first_halo(q, s) else { return Vec::new() };
    if !halo.sharp.is_empty() {
        let places: Vec<String> = halo.sharp.iter().take(6).map(|q| format!("{:.3}", 1e-10 * q)).collect();
        let message = format!(
            "{} sharp peaks stand out of the pattern, at Q = {} 1/Å{}: crystals, or the holder; they were left out of the first halo",
            halo.sharp.len(),
            places.join(", "),
            if halo.sharp.len() > places.len() { " and further" } else { "" }
        );
        notes.push(Note::warning("sharp_peaks", message));
    }
    let of = |values: &[f64]| halo.rows.iter().map(|row| values[*row]).collect::<Vec<f64>>();
    let Some(peak) = fit_peak(&halo.q, &of(s), errors.map(of).as_deref()) else { return Vec::new() };
    let why = "the shape of the halo is not known: range and curve move it by more than noise";
    let place = Estimate::without_interval("first_peak_q", "Q₁", peak.place, "1/m", why).std_error(peak.error);
    let nearest = (0..q.len()).min_by(|a, b| (q[*a] - peak.place).abs().total_cmp(&(q[*b] - peak.place).abs())).unwrap_or(0);
    vec![
        place,
        Estimate::without_interval("first_peak_width", "ΔQ₁", peak.width, "1/m", why),
        Estimate::without_interval("first_peak_height", "S(Q₁)", s[nearest], "", why),
        Estimate::without_interval("correlation_length", "π/ΔQ₁", std::f64::consts::PI / peak.width, "m", why),
    ]
}

fn table(input: &Input, s: &[f64], error: Option<Vec<f64>>, scale: f64) -> Table {
    let counts = &input.counts;
    let table = Table::new("structure_factor", "Structure factor")
        .with_numbers("q", "1/m", counts.q.clone())
        .with_numbers("s_q", "", s.to_vec())
        .with_numbers("intensity", "", counts.intensity.iter().map(|value| scale * value).collect())
        .with_numbers("free_atoms", "", counts.atoms.iter().map(|free| free.mean_square).collect())
        .with_numbers("compton", "", counts.atoms.iter().map(|free| free.incoherent).collect());
    match error {
        Some(error) => table.with_numbers("s_q_error", "", error),
        None => table,
    }
}

fn figure(input: &Input, s: &[f64], scale: f64) -> Figure {
    let counts = &input.counts;
    let axis = || Axis::linear("Q", Unit::of("1/Å"));
    let free: Vec<f64> = counts.atoms.iter().map(|free| free.mean_square + free.incoherent).collect();
    let compton: Vec<f64> = counts.atoms.iter().map(|free| free.incoherent).collect();
    let scaled = |values: &[f64]| values.iter().map(|value| scale * value).collect::<Vec<f64>>();
    let mut pattern = Panel::new("", axis(), Axis::linear("intensity (electrons²)", Unit::one()))
        .with(Mark::line("measured, less background", Role::Data, counts.q.clone(), scaled(&counts.intensity)))
        .with(Mark::line("free atoms and Compton", Role::Model, counts.q.clone(), free))
        .with(Mark::line("Compton", Role::Reference, counts.q.clone(), compton));
    if let Some(background) = &input.background {
        pattern = pattern.with(Mark::line("background", Role::Series(1), counts.q.clone(), scaled(background)));
    }
    let factor = Panel::new("", axis(), Axis::linear("structure factor", Unit::one()))
        .with(Mark::line("S(Q)", Role::Data, counts.q.clone(), s.to_vec()))
        .with(Mark::line("1", Role::Reference, vec![counts.q[0], counts.q[counts.q.len() - 1]], vec![1.0, 1.0]));
    Figure {
        key: "structure_factor".to_owned(),
        title: "From counts to the structure factor".to_owned(),
        caption: "Counts in electron units beside what free atoms would scatter, and the structure factor, which goes to one at large Q."
            .to_owned(),
        panels: vec![pattern, factor],
    }
}
