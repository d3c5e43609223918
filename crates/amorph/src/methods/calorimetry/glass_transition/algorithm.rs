//! Glass transition of one heating scan, by four definitions.

use super::steps::{Second, Slope, Steps, chance, second, two_sigmoids};
use crate::core::random::derive_seed;
use crate::methods::calorimetry::CalorimetryError;
use crate::methods::calorimetry::curve::{LocalQuadratics, integral, local_polynomial};
use crate::methods::calorimetry::lines::{Line, Place, place, straight};
use crate::methods::calorimetry::noise::{Bins, Noise};

/// How a transition is sought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Search {
    /// Half of the width of the local polynomials, K.
    pub smoothing: f64,
    /// Line of the glass, K; sought where absent.
    pub glass: Option<(f64, f64)>,
    /// Line of the liquid, K; sought where absent.
    pub liquid: Option<(f64, f64)>,
    /// Shortest line, K.
    pub least: f64,
    /// Probability of noise below which a second step is sought.
    pub significance: f64,
}

/// A transition; temperatures in K, heat capacities in J/(kg K).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transition {
    /// Where the tangent of the steepest rise meets the line of the glass.
    pub onset: f64,
    /// Where half of the step is done.
    pub half: f64,
    /// Steepest rise.
    pub inflection: f64,
    /// Temperature of a liquid with the enthalpy of the glass.
    pub fictive: f64,
    /// Step at the fictive temperature.
    pub step: f64,
    /// Height of the overshoot above the line of the liquid; NaN without one.
    pub overshoot: f64,
    /// Where it is highest.
    pub peak: f64,
    /// Its area, J/kg.
    pub area: f64,
    /// Line of the glass.
    pub glass: Line,
    /// Line of the liquid.
    pub liquid: Line,
}

/// A transition with the spread of its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The transition.
    pub transition: Transition,
    /// Stretch of the glass and of the liquid, K.
    pub windows: [(f64, f64); 2],
    /// Where the scan was used, and whether crystallisation follows.
    pub place: Place,
    /// The smoothed heat capacity.
    pub smooth: Vec<f64>,
    /// The transition again and again with other noise and other limits of the lines.
    pub replicates: Vec<Transition>,
    /// Standard deviation of the white and of the 1/f noise.
    pub noise: (f64, f64),
    /// Whether there is a second step.
    pub steps: Option<Steps>,
}

/// Share of a straight stretch that is left out beside the transition: tails below the noise bend it.
const NEAR: f64 = 0.35;
/// Share of a line by which its ends are moved.
const MOVED: f64 = 0.25;

/// Finds the transition in a heat capacity (J/(kg K)) over rising temperature (K); `replicates` times with noise for the errors.
///
/// # Errors
/// [`CalorimetryError`] without a step or without lines beside it.
pub fn transition(x: &[f64], y: &[f64], search: &Search, replicates: usize, seed: u64) -> Result<Found, CalorimetryError> {
    let (lo, hi) = (x.first().copied().unwrap_or(f64::NAN), x.last().copied().unwrap_or(f64::NAN));
    let none = CalorimetryError::NoLine { side: "around", needed: search.least, lo, hi };
    let place = place(x, y, search.smoothing).ok_or(none)?;
    let gap = 2.0 * search.smoothing;
    let glass = match search.glass {
        Some(window) => window,
        None => {
            let (a, b) = straight(x, y, (lo, place.steepest - gap), search.least, "below")?;
            (a, b - ((b - a) * NEAR).min((b - a) - search.least).max(0.0))
        }
    };
    let liquid = match search.liquid {
        Some(window) => window,
        None => {
            let (a, b) = straight(x, y, (place.steepest + gap, place.end), search.least, "above")?;
            (a + ((b - a) * NEAR).min((b - a) - search.least).max(0.0), b)
        }
    };
    let windows = [glass, liquid];
    let local = LocalQuadratics::of(x, x.iter().copied(), search.smoothing);
    let smooth = local.smoothed(y);
    let found = numbers(x, y, windows, place.steepest, (search.smoothing, &local))?;
    let rows = windows.map(|(a, b)| (x.partition_point(|t| *t < a), x.partition_point(|t| *t <= b)));
    let too_few = CalorimetryError::TooFew { what: "samples on the lines", found: rows[0].1 - rows[0].0, needed: 12 };
    let noise = noise_about(x, y, windows, found.half).ok_or(too_few)?;
    let error = noise.sizes().0 / ((rows[0].1 - rows[0].0).min(rows[1].1 - rows[1].0) as f64).sqrt();
    if found.step < 0.0 && -found.step > 5.0 * error {
        return Err(CalorimetryError::StepDown(-1e-3 * found.step));
    }
    if found.step < 5.0 * error {
        return Err(CalorimetryError::NoStep { step: 1e-3 * found.step, error: 1e-3 * error });
    }
    let model = model(x, &smooth, &found, windows);
    let drawer = noise.drawer(x);
    let again = |number: usize| {
        let seed = derive_seed(seed, &["replicate".into(), number.into()]);
        let y: Vec<f64> = drawer.draw(seed).into_iter().zip(&model).map(|(e, m)| e + m).collect();
        let shift = crate::core::random::standard_normals(derive_seed(seed, &["limits".into()]), 4);
        let uniform = |k: usize| MOVED * crate::core::stats::normal_cdf(shift[k]);
        let moved = |w: (f64, f64), k: usize| (w.0 + uniform(k) * (w.1 - w.0), w.1 - uniform(k + 1) * (w.1 - w.0));
        let stated = |k: usize, given: Option<(f64, f64)>| given.unwrap_or_else(|| moved(windows[k], 2 * k));
        let windows = [stated(0, search.glass), stated(1, search.liquid)];
        numbers(x, &y, windows, found.inflection, (search.smoothing, &local)).ok()
    };
    let steps = second_step(x, y, search, (&found, windows, &place), &noise, replicates, seed);
    let replicates = (0..replicates).filter_map(again).collect();
    Ok(Found { transition: found, windows, place, smooth, replicates, noise: noise.sizes(), steps })
}

/// A second rise of the heat capacity, against draws of nothing but noise.
fn second_step(
    x: &[f64],
    y: &[f64],
    search: &Search,
    (found, windows, place): (&Transition, [(f64, f64); 2], &Place),
    noise: &Noise,
    draws: usize,
    seed: u64,
) -> Option<Steps> {
    let half = search.smoothing;
    let range = (x.first()? + half, place.end - half);
    // A slope that is that of a line is no rise. A sought line of the liquid may lie on a second step, the end of the scan does not.
    let last = Line::through_within(x, y, (place.end - search.least, place.end));
    let floor = found.glass.slope.max(if search.liquid.is_some() { found.liquid.slope } else { last.slope });
    let slope = Slope::of(x, half, range);
    let second = second(&slope.along(y), floor)?;
    let outside = outside(x, y, search, place, &second);
    let inside = second.main.min(second.other) > windows[0].1 && second.main.max(second.other) < windows[1].0;
    // Lines on a step make noise of it.
    let own = if inside { None } else { outside.and_then(|windows| noise_about(x, y, windows, found.half)) };
    let drawer = own.as_ref().unwrap_or(noise).drawer(x);
    let as_far = |number: &usize| {
        let drawn = drawer.draw(derive_seed(seed, &["step".into(), (*number).into()]));
        chance(&slope.along(&drawn)) >= second.rise
    };
    let p = (1 + (0..draws).filter(as_far).count()) as f64 / (draws + 1) as f64;
    let two = outside.filter(|_| p <= search.significance).and_then(|windows| {
        let lines = windows.map(|window| Line::through_within(x, y, window));
        let rows = x.partition_point(|t| *t < windows[0].0)..x.partition_point(|t| *t <= windows[1].1);
        two_sigmoids(&x[rows.clone()], &y[rows], lines, &second, half)
    });
    Some(Steps { second, p, two })
}

/// Lines of glass and liquid outside of both rises.
fn outside(x: &[f64], y: &[f64], search: &Search, place: &Place, second: &Second) -> Option<[(f64, f64); 2]> {
    let gap = 2.0 * search.smoothing;
    let (lo, hi) = (second.main.min(second.other) - gap, second.main.max(second.other) + gap);
    let sought = |range: (f64, f64), side: &'static str| straight(x, y, range, search.least, side).ok();
    let glass = search.glass.or_else(|| sought((*x.first()?, lo), "below"))?;
    let liquid = search.liquid.or_else(|| sought((hi, place.end), "above"))?;
    Some([glass, liquid])
}

/// Noise about a line on either side of `middle`.
fn noise_about(x: &[f64], y: &[f64], windows: [(f64, f64); 2], middle: f64) -> Option<Noise> {
    let rows = windows.map(|(a, b)| (x.partition_point(|t| *t < a), x.partition_point(|t| *t <= b)));
    let below = move |t: f64| f64::from(u8::from(t < middle));
    let columns: [&dyn Fn(f64) -> f64; 4] =
        [&below, &|t| below(t) * (t - middle), &|t| 1.0 - below(t), &|t| (1.0 - below(t)) * (t - middle)];
    Noise::about(Bins::of(x, y, &rows), &columns, x.last()? - x.first()?)
}

/// What the noise is laid on: the lines where they hold, the smoothed curve between.
fn model(x: &[f64], smooth: &[f64], found: &Transition, windows: [(f64, f64); 2]) -> Vec<f64> {
    let value = |(t, s): (&f64, &f64)| {
        if *t <= windows[0].1 {
            found.glass.at(*t)
        } else if *t >= windows[1].0 {
            found.liquid.at(*t)
        } else {
            *s
        }
    };
    x.iter().zip(smooth).map(value).collect()
}

/// All numbers for given lines; with the width of the smoothing and the smoothing at the samples.
fn numbers(
    x: &[f64],
    y: &[f64],
    windows: [(f64, f64); 2],
    near: f64,
    (smoothing, local): (f64, &LocalQuadratics),
) -> Result<Transition, CalorimetryError> {
    let [glass, liquid] = windows.map(|window| Line::through_within(x, y, window));
    let unclear =
        |what: &str| CalorimetryError::NotFitted { what: what.to_owned(), reason: "the step is not clear".to_owned() };
    let (from, to) = (windows[0].1, windows[1].0);
    let share = |t: f64| {
        let value = local_polynomial(x, y, t, smoothing, 2).map_or(f64::NAN, |c| c[0]);
        (value - glass.at(t)) / (liquid.at(t) - glass.at(t))
    };
    let (inflection, value, slope) = steepest(x, y, near, smoothing).ok_or_else(|| unclear("the steepest rise"))?;
    let onset = inflection - (value - glass.at(inflection)) / (slope - glass.slope);
    let half = crossing(share, near, smoothing).ok_or_else(|| unclear("half of the step"))?;
    // Areas between the lines, over the samples between both windows.
    let rows = x.partition_point(|t| *t < from)..x.partition_point(|t| *t <= to);
    let (inner, values) = (&x[rows.clone()], &y[rows.clone()]);
    let fictive = fictive(inner, values, &glass, &liquid).ok_or_else(|| unclear("the fictive temperature"))?;
    let step = liquid.at(fictive) - glass.at(fictive);
    let (overshoot, peak, area) = overshoot((inner, values), &liquid, half, smoothing, (local, rows.start));
    Ok(Transition { onset, half, inflection, fictive, step, overshoot, peak, area, glass, liquid })
}

/// Inflection of a local cubic: position, value, slope.
fn steepest(x: &[f64], y: &[f64], near: f64, smoothing: f64) -> Option<(f64, f64, f64)> {
    let mut at = near;
    let mut found = None;
    for _ in 0..12 {
        let c = local_polynomial(x, y, at, 1.7 * smoothing, 3)?;
        let shift = if c[3] < 0.0 { -c[2] / (3.0 * c[3]) } else { 0.0 };
        let shift = shift.clamp(-0.5 * smoothing, 0.5 * smoothing);
        at += shift;
        let value = c[0] + shift * (c[1] + shift * (c[2] + shift * c[3]));
        let slope = c[1] + shift * (2.0 * c[2] + 3.0 * shift * c[3]);
        found = (slope > 0.0).then_some((at, value, slope));
        if shift.abs() < 1e-4 || (at - near).abs() > 5.0 * smoothing {
            break;
        }
    }
    found
}

/// Where the share of the step passes one half, nearest to `near`; by secants that keep it between their ends (Illinois).
fn crossing(share: impl Fn(f64) -> f64, near: f64, smoothing: f64) -> Option<f64> {
    let step = 0.25 * smoothing;
    let bracket = (0..80).flat_map(|k| [near + step * f64::from(k), near - step * f64::from(k + 1)]);
    let (mut a, mut b) = bracket.map(|a| (a, a + step)).find(|(a, b)| share(*a) < 0.5 && share(*b) >= 0.5)?;
    let (mut below, mut above) = (share(a) - 0.5, share(b) - 0.5);
    let mut last = 0;
    for _ in 0..60 {
        let at = a - below * (b - a) / (above - below);
        let value = share(at) - 0.5;
        let moved = if value < 0.0 { at - a } else { b - at };
        if value < 0.0 {
            (a, below) = (at, value);
            above *= if last < 0 { 0.5 } else { 1.0 };
            last = -1;
        } else {
            (b, above) = (at, value);
            below *= if last > 0 { 0.5 } else { 1.0 };
            last = 1;
        }
        if value.abs() < 1e-12 || moved <= 0.0 || b - a < 1e-10 * step {
            return Some(at);
        }
    }
    Some(0.5 * (a + b))
}

/// Matching of areas: `∫_{Tf}^{b} (l - g) dT = ∫_a^b (cp - g) dT`.
fn fictive(x: &[f64], y: &[f64], glass: &Line, liquid: &Line) -> Option<f64> {
    let above: Vec<f64> = x.iter().zip(y).map(|(t, y)| y - glass.at(*t)).collect();
    let area = integral(x, &above);
    let b = *x.last()?;
    // Difference of the lines at b and its slope.
    let (d, s) = (liquid.at(b) - glass.at(b), liquid.slope - glass.slope);
    // d z - s z²/2 = area, z = b - Tf.
    let root = d * d - 2.0 * s * area;
    let z = if root >= 0.0 { 2.0 * area / (d + root.sqrt().copysign(d)) } else { f64::NAN };
    z.is_finite().then_some(b - z)
}

/// Height, place and area (J/kg) above the line of the liquid, of the samples from `origin` of those that are smoothed.
fn overshoot(
    (x, y): (&[f64], &[f64]),
    liquid: &Line,
    half: f64,
    smoothing: f64,
    (local, origin): (&LocalQuadratics, usize),
) -> (f64, f64, f64) {
    let first = x.partition_point(|t| *t < half);
    let above: Vec<f64> = x.iter().zip(y).map(|(t, y)| y - liquid.at(*t)).collect();
    let smooth = |i: usize| {
        // Samples beyond the ends do not count.
        let whole = local.reach(origin + i).is_some_and(|(first, end)| first >= origin && end <= origin + x.len());
        let value = if whole {
            local.value(origin + i, &above, origin)
        } else {
            local_polynomial(x, &above, x[i], smoothing, 2).map(|c| c[0])
        };
        value.unwrap_or(f64::NEG_INFINITY)
    };
    let heights: Vec<f64> = (first..x.len()).map(smooth).collect();
    let Some(top) = (0..heights.len()).max_by(|a, b| heights[*a].total_cmp(&heights[*b])) else {
        return (f64::NAN, f64::NAN, 0.0);
    };
    if heights[top] <= 0.0 {
        return (f64::NAN, f64::NAN, 0.0);
    }
    let begin = first + (0..top).rev().find(|i| heights[*i] <= 0.0).map_or(0, |i| i + 1);
    (heights[top], x[first + top], integral(&x[begin..], &above[begin..]))
}
