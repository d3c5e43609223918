use super::algorithm::{Distribution, Transform, coordination, distribution, first_minimum, first_peak};
use super::origin::Extrapolation;
use super::{Input, PairDistribution};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::core::unit::{Unit, format_significant};

/// Share of the largest Q up to which everything is done again: what the end of the range does.
const LESS: f64 = 0.9;
/// A correction of the structure factor above this is no small one.
const LARGE_CHANGE: f64 = 0.1;

pub(super) fn outcome(method: &PairDistribution, input: &Input) -> Outcome {
    let (q, s) = (&input.pattern.q, &input.pattern.values[0]);
    let errors = input.pattern.errors.as_ref().map(|errors| errors[0].as_slice());
    let density = input.number_density.value;
    let transform = method.transform(q, density);
    let n = (method.largest_distance.value / method.step.value).floor() as usize;
    let radius: Vec<f64> = (1..=n).map(|k| k as f64 * method.step.value).collect();
    let found = distribution(&transform, s, errors, &radius);
    let mut notes = Vec::new();
    if !input.is_plausible {
        let message = "the highest value is not between 1 and 6 1/Å, where first halos of metallic glasses lie: is the axis Q?";
        notes.push(Note::warning("implausible_axis", message));
    }
    if errors.is_none() {
        notes.push(Note::info(
            "no_errors",
            "without a column of errors g(r) has no band and the coordination number no interval",
        ));
    }
    let mut estimates = vec![peak_of_s(q, s), {
        let why = "set by the range of Q";
        let value = std::f64::consts::TAU / q.last().copied().unwrap_or(1.0);
        Estimate::without_interval("resolution", "Δr", value, "m", why)
    }];
    let inside = found.radius.partition_point(|radius| *radius < method.shortest_distance.value);
    let why_check = "a check of the normalisation, not a property of the glass";
    if inside > 0 {
        estimates.push(Estimate::without_interval("ripple", "δg", root_mean_square(&found.g[..inside]), "", why_check));
    }
    let corrected = (method.low_r_steps > 0).then(|| transform.corrected(s));
    if let Some(corrected) = &corrected {
        let change: Vec<f64> = corrected.iter().zip(s).map(|(corrected, s)| s - corrected).collect();
        if inside > 0 {
            let plain = Transform::new(q, method.window, method.extrapolation, density);
            let before = root_mean_square(&distribution(&plain, s, None, &radius[..inside]).g);
            estimates.push(Estimate::without_interval("ripple_before", "δg₀", before, "", why_check));
        }
        estimates.push(Estimate::without_interval("low_r_change", "δS", root_mean_square(&change), "", why_check));
        notes.extend(of_correction(method, &change, errors));
    }
    let shorter = q.partition_point(|value| *value <= LESS * q[q.len() - 1]);
    let less = method.transform(&q[..shorter], density);
    let of_less = distribution(&less, &s[..shorter], None, &radius);
    let peak = first_peak(&found.radius[inside..], &found.g[inside..]);
    if let Some((distance, height)) = peak {
        let why = "the window and the resolution move it by more than noise";
        let other = first_peak(&of_less.radius[inside..], &of_less.g[inside..]);
        for (key, symbol, unit, value, other) in [
            ("first_peak_r", "r₁", "m", distance, other.map(|other| other.0)),
            ("first_peak_height", "g₁", "", height, other.map(|other| other.1)),
        ] {
            let estimate = Estimate::without_interval(key, symbol, value, unit, why);
            estimates.push(match other {
                Some(other) => estimate.systematic_error((other - value).abs()),
                None => estimate,
            });
        }
    }
    let range = match &method.coordination_range {
        Some([lo, hi]) => Some([lo.value, hi.value]),
        None => peak.and_then(|(distance, _)| Some([0.5 * distance, first_minimum(&found.radius, &found.g, distance)?])),
    };
    if let Some(range) = range {
        let neighbours = coordination(&transform, s, errors, range, density);
        let text = format!("neighbours are counted from {:.3} to {:.3} Å", 1e10 * range[0], 1e10 * range[1]);
        notes.push(Note::info("coordination_range", text));
        let estimate = if neighbours.error.is_finite() {
            let half = NORMAL_95 * neighbours.error;
            let interval = (neighbours.number - half, neighbours.number + half);
            Estimate::with_interval("coordination_number", "CN", neighbours.number, "", interval, Basis::Propagated)
                .std_error(neighbours.error)
        } else {
            Estimate::without_interval("coordination_number", "CN", neighbours.number, "", "the errors of S(Q) are not stated")
        };
        // Only the uniform part goes with the density: the peaks of ρ₀ (g - 1) do not.
        let uniform = 4.0 / 3.0 * std::f64::consts::PI * (range[1].powi(3) - range[0].powi(3));
        let of_density = input.number_density.std_error.map_or(0.0, |error| uniform * error);
        let of_range = coordination(&less, &s[..shorter], None, range, density).number - neighbours.number;
        estimates.push(estimate.systematic_error(of_density.hypot(of_range)));
    }
    Outcome {
        estimates,
        tables: std::iter::once(table(&found, density))
            .chain(corrected.as_ref().map(|corrected| of_q(q, s, corrected)))
            .collect(),
        figures: vec![figure(q, s, corrected, &found)],
        notes,
        ..Outcome::default()
    }
}

fn root_mean_square(values: &[f64]) -> f64 {
    (values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64).sqrt()
}

/// What the correction of small distances did to the structure factor, and whether that is in doubt.
fn of_correction(method: &PairDistribution, change: &[f64], errors: Option<&[f64]>) -> Vec<Note> {
    let all = root_mean_square(change);
    let beside = errors.map_or_else(String::new, |errors| {
        let over: Vec<f64> = change.iter().zip(errors).map(|(change, error)| change / error).collect();
        format!(", {} standard errors of its rows", format_significant(root_mean_square(&over), 2))
    });
    let message =
        format!("{} steps took {}{beside} off S(Q) (root mean square)", method.low_r_steps, format_significant(all, 2));
    let mut notes = vec![Note::info("low_r_correction", message)];
    if all > LARGE_CHANGE {
        let message = "the correction of small distances changes S(Q) much: look for its reason in background, normalisation or number_density first";
        notes.push(Note::warning("large_correction", message));
    }
    if method.extrapolation == Extrapolation::None {
        let message = "the correction of small distances takes what is missing below the first Q for an error of S(Q): state extrapolation = \"linear_zero\" or \"quadratic\"";
        notes.push(Note::warning("correction_without_extrapolation", message));
    }
    notes
}

fn of_q(q: &[f64], s: &[f64], corrected: &[f64]) -> Table {
    Table::new("corrected_structure_factor", "Structure factor before and after the correction of small distances")
        .with_numbers("q", "1/m", q.to_vec())
        .with_numbers("s_q", "", corrected.to_vec())
        .with_numbers("before", "", s.to_vec())
}

fn peak_of_s(q: &[f64], s: &[f64]) -> Estimate {
    let place = (0..q.len()).max_by(|a, b| s[*a].total_cmp(&s[*b])).unwrap_or(0);
    let why = "the highest value of the table: known to a step of Q";
    Estimate::without_interval("first_peak_q", "Q₁", q[place], "1/m", why)
}

fn table(found: &Distribution, density: f64) -> Table {
    let shell = |k: usize| 4.0 * std::f64::consts::PI * density * found.radius[k];
    let n = found.radius.len();
    let table = Table::new("g_r", "Pair distribution")
        .with_numbers("r", "m", found.radius.clone())
        .with_numbers("g", "", found.g.clone())
        .with_numbers("reduced_g", "1/m^2", (0..n).map(|k| shell(k) * (found.g[k] - 1.0)).collect())
        .with_numbers("radial_distribution", "1/m", (0..n).map(|k| shell(k) * found.radius[k] * found.g[k]).collect());
    if found.error.is_empty() { table } else { table.with_numbers("g_error", "", found.error.clone()) }
}

fn figure(q: &[f64], s: &[f64], corrected: Option<Vec<f64>>, found: &Distribution) -> Figure {
    let mut factor = Panel::new("", Axis::linear("Q", Unit::of("1/Å")), Axis::linear("structure factor", Unit::one()))
        .with(Mark::line("S(Q)", Role::Data, q.to_vec(), s.to_vec()));
    if let Some(corrected) = corrected {
        factor = factor.with(Mark::line("corrected", Role::Model, q.to_vec(), corrected));
    }
    let mut pairs = Panel::new("", Axis::linear("distance", Unit::of("Å")), Axis::linear("pair distribution", Unit::one()));
    if !found.error.is_empty() {
        let end = |sign: f64| found.g.iter().zip(&found.error).map(|(g, error)| g + sign * NORMAL_95 * error).collect();
        pairs = pairs.with(Mark::Band {
            name: "95 %".to_owned(),
            role: Role::Data,
            x: found.radius.clone(),
            lo: end(-1.0),
            hi: end(1.0),
        });
    }
    let pairs = pairs.with(Mark::line("g(r)", Role::Data, found.radius.clone(), found.g.clone()));
    Figure {
        key: "pair_distribution".to_owned(),
        title: "Structure factor and pair distribution".to_owned(),
        caption: "The structure factor, and the pair distribution with the band that the errors of the structure factor make."
            .to_owned(),
        panels: vec![factor, pairs],
    }
}
