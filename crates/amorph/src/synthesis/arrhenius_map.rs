//! All techniques between temperature and frequency, with the lines of the events that they find.

use super::assess::{Assessment, Status};
use super::finding::{Card, Finding};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;
use crate::theory::transition_kinetics::frequency_from_barrier;

/// Steps of a line.
const STEPS: u32 = 60;
/// Frequencies that any technique reaches, Hz; lines end there.
const REACH: [f64; 2] = [1e-6, 1e14];

/// The map; absent where no finding has both a temperature and a frequency.
pub(super) fn arrhenius_map(card: &Card, assessment: &Assessment) -> Option<Figure> {
    let points: Vec<Point> = assessment.rows.iter().filter_map(|row| point(card, row.finding, &row.status)).collect();
    if points.is_empty() {
        return None;
    }
    let temperatures = range(&points);
    let mut panel = Panel::new("", Axis::linear("1000/T", Unit::of("1/K")), Axis::log("frequency", Unit::of("Hz")));
    for (role, name) in [(Role::Data, "measured"), (Role::Null, "inconsistent"), (Role::Bound, "limit")] {
        let of_role = || points.iter().filter(|point| point.role == role);
        if of_role().next().is_some() {
            let x = of_role().map(|point| 1000.0 / point.temperature).collect();
            panel = panel.with(Mark::points(name, role, x, of_role().map(|point| point.frequency).collect()));
        }
    }
    let lines = card.findings.iter().filter(|finding| finding.bound.is_none());
    for (series, (finding, law)) in lines.filter_map(|finding| Some((finding, law(card, finding)?))).enumerate() {
        panel = panel.with(line(&finding.id, Role::Series(series as u16), temperatures, law));
    }
    Some(Figure {
        key: "arrhenius_map".to_owned(),
        title: "Arrhenius map".to_owned(),
        caption: "Where each technique stands between temperature and frequency, and the lines f = 2 ω₀ exp(-ΔG/kT) of the \
                  barriers that they find (slopes with their own prefactor). Techniques that see one event lie on one line."
            .to_owned(),
        panels: vec![panel],
    })
}

struct Point {
    temperature: f64,
    frequency: f64,
    role: Role,
}

fn point(card: &Card, index: usize, status: &Status) -> Option<Point> {
    let finding = &card.findings[index];
    let (temperature, frequency) = match finding.quantity.name {
        "barrier" => (finding.context.temperature?, finding.context.frequency?),
        "characteristic_frequency" => (finding.context.temperature?, finding.value),
        "relaxation_time" => (finding.context.temperature.or(card.settings.glass_transition)?, 1.0 / finding.value),
        _ => return None,
    };
    let role = match (finding.bound, status) {
        (Some(_), _) => Role::Bound,
        (None, Status::Inconsistent) => Role::Null,
        (None, _) => Role::Data,
    };
    Some(Point { temperature, frequency, role })
}

/// Temperatures that the lines span: those of the points, with room to either side.
fn range(points: &[Point]) -> [f64; 2] {
    let inverse = |temperature: f64| 1.0 / temperature;
    let hottest = points.iter().map(|point| inverse(point.temperature)).fold(f64::INFINITY, f64::min);
    let coldest = points.iter().map(|point| inverse(point.temperature)).fold(0.0, f64::max);
    let room = 0.05 * coldest.max(coldest - hottest);
    [hottest - room, coldest + room]
}

/// Frequency at a temperature according to a finding.
type Law = Box<dyn Fn(f64) -> f64>;

fn law(card: &Card, finding: &Finding) -> Option<Law> {
    let value = finding.value;
    match finding.quantity.name {
        "barrier" => {
            let attempt = finding.context.attempt_frequency.or(card.settings.attempt_frequency)?;
            Some(Box::new(move |temperature| frequency_from_barrier(value, temperature, attempt).unwrap_or(f64::NAN)))
        }
        "slope_energy" => {
            // 1/τ = exp(-E/kT)/τ₀ is the law of a barrier with 2 ω₀ = 1/τ₀.
            let attempt = 0.5 / finding.context.attempt_time?;
            Some(Box::new(move |temperature| frequency_from_barrier(value, temperature, attempt).unwrap_or(f64::NAN)))
        }
        _ => None,
    }
}

fn line(name: &str, role: Role, [from, to]: [f64; 2], law: Law) -> Mark {
    let inverse: Vec<f64> = (0..=STEPS).map(|i| from + (to - from) * f64::from(i) / f64::from(STEPS)).collect();
    let within = |frequency: f64| if (REACH[0]..=REACH[1]).contains(&frequency) { frequency } else { f64::NAN };
    let y = inverse.iter().map(|inverse| within(law(1.0 / inverse))).collect();
    Mark::Line { name: name.to_owned(), role, x: inverse.iter().map(|inverse| 1000.0 * inverse).collect(), y, dashed: true }
}
