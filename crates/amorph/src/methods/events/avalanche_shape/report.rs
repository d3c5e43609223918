use super::algorithm::{Burst, FEWEST_SAMPLES, Known, Shape, by_size, complete_from, shape, size_duration};
use super::figures;
use super::input::Input;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Probability;

/// Classes of durations, of equal numbers.
const CLASSES: usize = 4;
/// Fewest avalanches of one, and of those that are large enough for the shape at a size.
const FEWEST_OF_CLASS: usize = 30;
/// Durations must span a factor for a power.
const LEAST_SPAN: f64 = 2.0;

/// Avalanches of like duration.
pub(super) struct Class<'a> {
    pub bursts: Vec<&'a Burst>,
    pub durations: [f64; 2],
    pub shape: Option<Shape>,
}

pub(super) fn outcome(input: &Input) -> Outcome {
    let mut notes = input.notes.clone();
    let mut long: Vec<&Burst> = input.bursts.iter().filter(|burst| burst.velocity.len() >= FEWEST_SAMPLES).collect();
    long.sort_by(|a, b| a.duration().total_cmp(&b.duration()));
    let span = long[long.len() - 1].duration() / long[0].duration();
    let power = size_duration(&long).filter(|_| span >= LEAST_SPAN);
    if power.is_none() {
        let message =
            format!("durations span a factor of {span:.2} only: no power of sizes with durations, two is taken for the shape");
        notes.push(Note::refused("one_duration", message));
    }
    let exponent = power.map_or(2.0, |power| power.value);
    let whole = shape(&long, exponent);
    let classes = classes(&long, exponent);
    let from = complete_from(&input.bursts);
    let large: Vec<&Burst> = long.iter().copied().filter(|burst| burst.size() >= from).collect();
    let sized = by_size(&large).filter(|_| large.len() >= FEWEST_OF_CLASS);
    if sized.is_none() {
        let message = format!(
            "{} avalanches of a size of which hardly any has fewer than {FEWEST_SAMPLES} samples; {FEWEST_OF_CLASS} are needed for the shape at a size",
            large.len()
        );
        notes.push(Note::refused("too_few_large", message));
    }
    notes.extend(whole.as_ref().map(verdict));
    let mut figures = vec![figures::by_duration(&classes, whole.as_ref(), exponent)];
    figures.extend(sized.map(|_| figures::by_size(&large)));
    figures.push(figures::sizes(input, &long, power.as_ref()));
    Outcome {
        estimates: estimates(&long, power, whole.as_ref(), &large, sized),
        tables: vec![table(&classes)],
        figures,
        notes,
        ..Outcome::default()
    }
}

fn verdict(shape: &Shape) -> Note {
    if shape.parabola_p < 0.05 {
        let message = format!(
            "the average shape is no parabola (p {:.1e}): mean-field theory, or the ends and the noise of the avalanches, must be looked at",
            Probability(shape.parabola_p)
        );
        return Note::warning("no_parabola", message);
    }
    Note::info("parabola", format!("a parabola, the shape of mean-field theory, is compatible (p = {:.2})", shape.parabola_p))
}

fn classes<'a>(sorted: &[&'a Burst], exponent: f64) -> Vec<Class<'a>> {
    let n = (sorted.len() / FEWEST_OF_CLASS).clamp(1, CLASSES);
    let class = |part: &[&'a Burst]| Class {
        bursts: part.to_vec(),
        durations: [part[0].duration(), part[part.len() - 1].duration()],
        shape: shape(part, exponent),
    };
    sorted.chunks(sorted.len().div_ceil(n)).map(class).collect()
}

fn estimates(
    long: &[&Burst],
    power: Option<Known>,
    whole: Option<&Shape>,
    large: &[&Burst],
    sized: Option<Known>,
) -> Vec<Estimate> {
    let of = |key: &str, symbol: &str, known: &Known, n: usize| {
        Estimate::with_interval(key, symbol, known.value, "", known.interval, Basis::Replicate)
            .std_error(known.error)
            .n(n as f64)
    };
    let mut all = Vec::new();
    all.extend(power.map(|power| of("size_duration_exponent", "γ", &power, long.len())));
    if let Some(shape) = whole {
        all.push(of("shape_asymmetry", "A", &shape.asymmetry, long.len()));
        all.push(of("shape_exponent", "a", &shape.power, long.len()));
        all.push(Estimate::without_interval("parabola_p", "p", shape.parabola_p, "", "a probability").n(long.len() as f64));
    }
    all.extend(sized.map(|sized| {
        let why = "how often an interval of it covers has not been measured; mean-field theory has 4/π";
        Estimate::without_interval("rate_by_size_ratio", "⟨x²⟩/⟨x⟩²", sized.value, "", why)
            .std_error(sized.error)
            .n(large.len() as f64)
    }));
    all
}

fn table(classes: &[Class<'_>]) -> Table {
    let column = |value: &dyn Fn(&Class<'_>) -> f64| classes.iter().map(value).collect::<Vec<f64>>();
    let of = |value: fn(&Shape) -> f64| column(&|class| class.shape.as_ref().map_or(f64::NAN, value));
    Table::new("shapes", "Average shapes by duration")
        .with_numbers("shortest", "s", column(&|class| class.durations[0]))
        .with_numbers("longest", "s", column(&|class| class.durations[1]))
        .with_numbers("avalanches", "", column(&|class| class.bursts.len() as f64))
        .with_numbers("asymmetry", "", of(|shape| shape.asymmetry.value))
        .with_numbers("asymmetry_lo", "", of(|shape| shape.asymmetry.interval.0))
        .with_numbers("asymmetry_hi", "", of(|shape| shape.asymmetry.interval.1))
        .with_numbers("exponent", "", of(|shape| shape.power.value))
        .with_numbers("exponent_lo", "", of(|shape| shape.power.interval.0))
        .with_numbers("exponent_hi", "", of(|shape| shape.power.interval.1))
        .with_numbers("parabola_p", "", of(|shape| shape.parabola_p))
}
