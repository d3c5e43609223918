use super::algorithm::{Distribution, Transform, coordination, distribution, first_minimum, first_peak};
use super::{Input, PairDistribution};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::core::unit::Unit;

/// Share of the largest Q up to which everything is done again: what the end of the range does.
const LESS: f64 = 0.9;

pub(super) fn outcome(method: &PairDistribution, input: &Input) -> Outcome {
    let (q, s) = (&input.pattern.q, &input.pattern.values[0]);
    let errors = input.pattern.errors.as_ref().map(|errors| errors[0].as_slice());
    let density = input.number_density.value;
    let transform = Transform::new(q, method.window, method.extrapolation, density);
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
    if inside > 0 {
        let square = found.g[..inside].iter().map(|g| g * g).sum::<f64>() / inside as f64;
        let why = "a check of the normalisation, not a property of the glass";
        estimates.push(Estimate::without_interval("ripple", "δg", square.sqrt(), "", why));
    }
    let shorter = q.partition_point(|value| *value <= LESS * q[q.len() - 1]);
    let less = Transform::new(&q[..shorter], method.window, method.extrapolation, density);
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
        tables: vec![table(&found, density)],
        figures: vec![figure(q, s, &found)],
        notes,
        ..Outcome::default()
    }
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

fn figure(q: &[f64], s: &[f64], found: &Distribution) -> Figure {
    let factor = Panel::new("", Axis::linear("Q", Unit::of("1/Å")), Axis::linear("structure factor", Unit::one()))
        .with(Mark::line("S(Q)", Role::Data, q.to_vec(), s.to_vec()));
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
