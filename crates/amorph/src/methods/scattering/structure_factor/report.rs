use super::algorithm::{Scale, first_halo};
use super::{Input, Normalisation, StructureFactor};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::methods::scattering::patterns::{PatternError, is_plausible};
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
    if !(scale.factor > 0.0 && scale.factor.is_finite()) {
        return Err(PatternError::NoScale { scale: scale.factor }.into());
    }
    let mut notes = input.notes.clone();
    let apart = scales.integral.factor / scales.large_q.factor - 1.0;
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
        .map(|errors| errors.iter().zip(&counts.atoms).map(|(error, free)| scale.factor * error / free.square_mean).collect());
    let why = "set by the range of Q, the background and the density more than by noise";
    let mut estimates = vec![
        Estimate::without_interval("scale_integral", "α", scales.integral.factor, "", why),
        Estimate::without_interval("scale_large_q", "α_∞", scales.large_q.factor, "", why),
    ];
    if counts.has_offset {
        let share = scale.offset / counts.atoms[counts.atoms.len() - 1].mean_square;
        estimates.push(Estimate::without_interval("constant_share", "β", share, "", why));
        notes.extend(of_electrons(share, &counts.q, &s));
    }
    estimates.extend(halo(&counts.q, &s, error.as_deref(), &mut notes));
    Ok(Outcome {
        estimates,
        tables: vec![table(input, &s, error, scale)],
        figures: vec![figure(input, &s, scale)],
        notes,
        ..Outcome::default()
    })
}

/// What there is to say about a pattern of electrons.
fn of_electrons(share: f64, q: &[f64], s: &[f64]) -> Vec<Note> {
    let mut notes = Vec::new();
    if share < -DOUBT {
        let message = format!(
            "the constant below the counts is negative, {:.0} % of what free atoms scatter at the largest Q: is the background too large, or the range of Q too short?",
            100.0 * share
        );
        notes.push(Note::warning("negative_constant", message));
    }
    if !is_plausible(q, s) {
        let message = "S(Q) is not highest between 1 and 6 1/Å, where first halos of metallic glasses lie: is the column Q, 1/d or sin θ/λ, and is the direct beam left out (smallest_q)?";
        notes.push(Note::warning("implausible_axis", message));
    }
    notes
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

fn table(input: &Input, s: &[f64], error: Option<Vec<f64>>, scale: Scale) -> Table {
    let counts = &input.counts;
    let table = Table::new("structure_factor", "Structure factor")
        .with_numbers("q", "1/m", counts.q.clone())
        .with_numbers("s_q", "", s.to_vec())
        .with_numbers("phi", "1/m", counts.q.iter().zip(s).map(|(q, s)| q * (s - 1.0)).collect())
        .with_numbers("intensity", "", counts.intensity.iter().map(|value| scale.factor * value - scale.offset).collect())
        .with_numbers("free_atoms", "", counts.atoms.iter().map(|free| free.mean_square).collect())
        .with_numbers("compton", "", counts.atoms.iter().map(|free| free.incoherent).collect());
    match error {
        Some(error) => table.with_numbers("s_q_error", "", error),
        None => table,
    }
}

fn figure(input: &Input, s: &[f64], scale: Scale) -> Figure {
    let counts = &input.counts;
    let axis = || Axis::linear("Q", Unit::of("1/Å"));
    let free: Vec<f64> = counts.atoms.iter().map(|free| free.mean_square + free.incoherent).collect();
    let compton: Vec<f64> = counts.atoms.iter().map(|free| free.incoherent).collect();
    let scaled = |values: &[f64], offset: f64| values.iter().map(|value| scale.factor * value - offset).collect::<Vec<f64>>();
    let measured =
        Mark::line("measured, less background", Role::Data, counts.q.clone(), scaled(&counts.intensity, scale.offset));
    let mut pattern = if counts.has_offset {
        // Electrons scatter a thousand times less at the end than at the beginning.
        Panel::new("", axis(), Axis::log("intensity (Å²)", Unit::one())).with(measured).with(Mark::line(
            "free atoms",
            Role::Model,
            counts.q.clone(),
            free,
        ))
    } else {
        Panel::new("", axis(), Axis::linear("intensity (electrons²)", Unit::one()))
            .with(measured)
            .with(Mark::line("free atoms and Compton", Role::Model, counts.q.clone(), free))
            .with(Mark::line("Compton", Role::Reference, counts.q.clone(), compton))
    };
    if let Some(background) = &input.background {
        pattern = pattern.with(Mark::line("background", Role::Series(1), counts.q.clone(), scaled(background, 0.0)));
    }
    let factor = Panel::new("", axis(), Axis::linear("structure factor", Unit::one()))
        .with(Mark::line("S(Q)", Role::Data, counts.q.clone(), s.to_vec()))
        .with(Mark::line("1", Role::Reference, vec![counts.q[0], counts.q[counts.q.len() - 1]], vec![1.0, 1.0]));
    Figure {
        key: "structure_factor".to_owned(),
        title: "From counts to the structure factor".to_owned(),
        caption: "Counts in the units of free atoms beside what these would scatter, and the structure factor, which goes to one at large Q."
            .to_owned(),
        panels: vec![pattern, factor],
    }
}
