//! Rates of signed events over segments, stress rate and pillars.

use super::likelihood::{Cell, Counting, Maximum};
use crate::core::stats::{CHI_SQUARED_95, chi_squared_tail, student_t_quantile, student_t_tail};

/// Search steps towards the end of an interval, the first of them, and how close to the threshold the last must come.
const MAX_STEPS: usize = 40;
const FIRST_STEP: f64 = 0.4;
const NEAR: f64 = 5e-3;
/// Fewest events of each sign beyond the false alarms, for a kind of segment to have a ratio of rates.
pub const FEWEST_EVENTS: f64 = 3.0;
/// Fewest pillars between which a scatter is looked for.
pub const FEWEST_PILLARS: usize = 3;

/// How pillars enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pillars {
    /// As normal deviates of the logarithm of the rates.
    Random,
    /// Each with a level of its own.
    Fixed,
    /// All alike.
    Alike,
}

/// One segment of one pillar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Which pillar, from zero without gaps.
    pub pillar: usize,
    /// Which kind of segment, from zero without gaps.
    pub kind: usize,
    /// Observed time, s.
    pub exposure: f64,
    /// `ln(|stress rate|/reference)`; zero where the load is held.
    pub ln_drive: f64,
    /// Rising and falling events.
    pub found: [usize; 2],
    /// False alarms expected among them.
    pub background: [f64; 2],
}

/// What the rates are modelled by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Kinds of segments.
    pub kinds: usize,
    /// Whether rates go with a power of the stress rate.
    pub drive: bool,
    /// How pillars enter.
    pub pillars: Pillars,
}

/// A parameter with its 95 % interval; an end that is not reached is infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// Most likely value.
    pub value: f64,
    /// Where twice the log likelihood has fallen by the square of Student's t.
    pub interval: (f64, f64),
}

/// What the counts say.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    /// `ln(rising/falling)` of every kind, with the probability of a larger one at equal rates.
    pub ratios: Vec<(Known, f64)>,
    /// `ln rate` of both signs of every kind, of the median pillar at the reference stress rate, 1/s.
    pub rates: Vec<[Known; 2]>,
    /// Power of the rates with the stress rate.
    pub exponent: Option<Known>,
    /// Standard deviation of `ln rate` between pillars, and the probability of such a gain where they are alike.
    pub scatter: Option<(f64, f64)>,
    /// Variance beyond counting over the square of the mean, and the probability of such a gain where there is none; `None` where there is
    /// nothing to tell it from.
    pub dispersion: Option<(f64, f64)>,
    /// Probability of ratios so different where all kinds have the same.
    pub same_ratio_p: Option<f64>,
    /// Degrees of freedom of Student's t within pillars and between them; infinite where nothing but counting scatters.
    pub dof: [f64; 2],
}

/// How the two signs of a kind are coded.
#[derive(Clone, Copy, PartialEq)]
enum Coding {
    /// A rate for each sign.
    Rates,
    /// A mean and a ratio.
    Ratios,
    /// A mean for each kind and one ratio for all.
    OneRatio,
}

fn covariates(plan: &Plan, coding: Coding, row: &Row, sign: usize, pillars: usize) -> Vec<f64> {
    let half = [0.5, -0.5][sign];
    let mut x = vec![0.0; 2 * plan.kinds];
    match coding {
        Coding::Rates => x[2 * row.kind + sign] = 1.0,
        Coding::Ratios => {
            x[2 * row.kind] = 1.0;
            x[2 * row.kind + 1] = half;
        }
        Coding::OneRatio => {
            x.truncate(plan.kinds + 1);
            x[row.kind] = 1.0;
            x[plan.kinds] = half;
        }
    }
    if plan.drive {
        x.push(row.ln_drive);
    }
    if plan.pillars == Pillars::Fixed {
        // Levels about their mean: the last is minus the sum of the others.
        x.extend((0..pillars - 1).map(|pillar| match row.pillar {
            own if own == pillar => 1.0,
            own if own + 1 == pillars => -1.0,
            _ => 0.0,
        }));
    }
    x
}

/// A coding with its maximum.
struct Fitted {
    counting: Counting,
    held: Vec<(usize, f64)>,
    best: Maximum,
}

impl Fitted {
    fn of(rows: &[Row], plan: &Plan, coding: Coding, is_counting: bool) -> Option<Self> {
        let pillars = rows.iter().map(|row| row.pillar + 1).max()?;
        let cell = |row: &Row, sign: usize| Cell {
            pillar: row.pillar,
            count: row.found[sign] as f64,
            exposure: row.exposure,
            background: row.background[sign],
            covariates: covariates(plan, coding, row, sign, pillars),
        };
        let cells: Vec<Cell> = rows.iter().flat_map(|row| [cell(row, 0), cell(row, 1)]).collect();
        let n = cells.first()?.covariates.len();
        let counting = Counting::new(&cells, n);
        let mut held = Vec::new();
        if plan.pillars != Pillars::Random {
            held.push(counting.alike());
        }
        if is_counting {
            held.push(counting.counting_alone());
        }
        let mut start = vec![0.0; n + 2];
        for kind in 0..plan.kinds {
            let here = || rows.iter().filter(|row| row.kind == kind);
            let level = |sign: usize| {
                let events: f64 = here().map(|row| row.found[sign] as f64 - row.background[sign]).sum();
                (events.max(0.5) / here().map(|row| row.exposure).sum::<f64>()).ln()
            };
            let (rising, falling) = (level(0), level(1));
            match coding {
                Coding::Rates => (start[2 * kind], start[2 * kind + 1]) = (rising, falling),
                Coding::Ratios => (start[2 * kind], start[2 * kind + 1]) = (0.5 * (rising + falling), rising - falling),
                Coding::OneRatio => start[kind] = 0.5 * (rising + falling),
            }
        }
        (start[n], start[n + 1]) = (0.3, -3.0);
        let best = counting.maximum(&start, &held)?;
        Some(Self { counting, held, best })
    }

    /// The maximum with more parameters held, from a start.
    fn with(&self, start: &[f64], more: &[(usize, f64)]) -> Option<Maximum> {
        let held: Vec<(usize, f64)> = self.held.iter().chain(more).copied().collect();
        self.counting.maximum(start, &held)
    }

    /// By how much twice the log likelihood falls where more is held.
    fn fall(&self, more: &[(usize, f64)]) -> f64 {
        let found = self.with(&self.best.parameters, more);
        found.map_or(f64::INFINITY, |found| (2.0 * (self.best.ln_likelihood - found.ln_likelihood)).max(0.0))
    }

    /// Variance beyond counting over the square of the mean.
    fn excess(&self) -> f64 {
        let (place, least) = self.counting.counting_alone();
        let ln = self.best.parameters[place];
        if ln <= least { 0.0 } else { ln.exp() }
    }

    /// By how much the fall of twice the log likelihood at the ends of an interval is larger where the scatter is fitted along: `n ln(1 + t²/dof)`
    /// over `t²` in a normal regression, as far as the scatter and not counting makes the error.
    fn wider(&self, rows: &[Row], squared: f64, dof: f64) -> f64 {
        let cells = 2.0 * rows.len() as f64;
        let events: usize = rows.iter().map(|row| row.found[0] + row.found[1]).sum();
        let of_scatter = self.excess() * events as f64 / cells;
        let share = of_scatter / (1.0 + of_scatter);
        1.0 + share * (cells * (squared / dof).ln_1p() / squared - 1.0).max(0.0)
    }

    /// Degrees of freedom of what is compared between pillars: those of their number as far as their scatter makes the error, and those within
    /// pillars as far as counting makes it.
    fn between(&self, rows: &[Row], [within, between]: [f64; 2]) -> f64 {
        let scatter = self.best.parameters[self.counting.scatter_place()].powi(2);
        let excess = self.excess();
        let pillars = rows.iter().map(|row| row.pillar + 1).max().unwrap_or(1);
        let of_counting = |pillar: usize| {
            let here = || rows.iter().filter(|row| row.pillar == pillar);
            let events: usize = here().map(|row| row.found[0] + row.found[1]).sum();
            1.0 / (events as f64).max(1.0) + excess / (2.0 * here().count() as f64).max(1.0)
        };
        let counting = (0..pillars).map(of_counting).sum::<f64>() / pillars as f64;
        let share = scatter / (scatter + counting);
        (between / share).clamp(between, within)
    }

    /// The interval of a parameter, up to a fall of twice the log likelihood.
    fn known(&self, place: usize, threshold: f64) -> Known {
        let value = self.best.parameters[place];
        let interval = (self.end(place, -FARTHEST, threshold), self.end(place, FARTHEST, threshold));
        Known { value, interval }
    }

    /// Where twice the log likelihood has fallen by the threshold on the way to a limit; infinite where it has not.
    ///
    /// The root of the fall is nearly proportional to the distance: a few steps scaled by it, within a bracket, are enough.
    fn end(&self, place: usize, limit: f64, threshold: f64) -> f64 {
        let value = self.best.parameters[place];
        let (most, side) = ((limit - value).abs(), (limit - value).signum());
        let mut start = self.best.parameters.clone();
        let (mut inner, mut outer, mut distance) = (0.0, f64::INFINITY, FIRST_STEP.min(most));
        for _ in 0..MAX_STEPS {
            let fall = match self.with(&start, &[(place, value + side * distance)]) {
                Some(found) => {
                    start = found.parameters;
                    2.0 * (self.best.ln_likelihood - found.ln_likelihood)
                }
                None => f64::INFINITY,
            };
            if (fall - threshold).abs() < NEAR * threshold {
                return value + side * distance;
            }
            if fall < threshold {
                inner = distance;
                if distance >= most {
                    return side * f64::INFINITY;
                }
            } else {
                outer = distance;
            }
            let scaled = distance * (threshold / fall.max(0.02 * threshold)).sqrt();
            let bounded = if outer.is_finite() { 0.5 * (inner + outer) } else { (2.0 * inner).min(most) };
            distance = if scaled > inner && scaled < outer.min(most) { scaled } else { bounded };
        }
        value + side * distance
    }
}

/// Where a coefficient is given up.
const FARTHEST: f64 = 40.0;

/// Degrees of freedom within pillars and between them; `None` for the first where a scatter beyond counting cannot be told.
fn freedom(rows: &[Row], plan: &Plan, pillars: usize) -> Option<[f64; 2]> {
    let levels = if plan.pillars == Pillars::Alike { 0 } else { pillars - 1 };
    let within = (2 * rows.len()).checked_sub(2 * plan.kinds + usize::from(plan.drive) + levels).filter(|dof| *dof > 1)? as f64;
    let between = if plan.pillars == Pillars::Random { (pillars - 1 - usize::from(plan.drive)) as f64 } else { within };
    Some([within, between.min(within)])
}

/// Rates, their ratios and their scatter by maximum likelihood; `None` where the likelihood has no maximum.
///
/// Rows of kinds without [`FEWEST_EVENTS`] of each sign must not be among them. The dispersion is fitted always, zero included: a test
/// beforehand whether it is needed would miss it where tests are few, and make the intervals too narrow. Ratios of signs are compared
/// within pillars, rates and their power between them: that sets the degrees of freedom of the Student's t that stands for the normal quantile.
pub fn rates(rows: &[Row], plan: &Plan) -> Option<Rates> {
    let pillars = rows.iter().map(|row| row.pillar + 1).max()?;
    let known = freedom(rows, plan, pillars);
    let dof = known.unwrap_or([f64::INFINITY; 2]);
    let fitted = |coding| Fitted::of(rows, plan, coding, known.is_none());
    let (by_rate, by_ratio) = (fitted(Coding::Rates)?, fitted(Coding::Ratios)?);
    let dof = [dof[0], by_ratio.between(rows, dof)];
    let [within, between] = dof.map(|dof| match student_t_quantile(0.975, dof) {
        Ok(quantile) if dof.is_finite() => quantile * quantile,
        _ => CHI_SQUARED_95,
    });
    // The scatter beyond counting comes out too small beside many coefficients, as a variance about a regression does.
    let wider = if known.is_none() { 1.0 } else { by_ratio.wider(rows, within, dof[0]) };
    let between = if plan.pillars == Pillars::Random { between } else { wider * between };
    let tail = |fall: f64| match student_t_tail((fall / wider).sqrt(), dof[0]) {
        Ok(p) if dof[0].is_finite() => 2.0 * p,
        _ => chi_squared_tail(fall, 1.0).unwrap_or(f64::NAN),
    };
    let ratio = |kind: usize| (by_ratio.known(2 * kind + 1, wider * within), tail(by_ratio.fall(&[(2 * kind + 1, 0.0)])));
    // A parameter at the end of its range: half the weight is there.
    let half_tail = |fall: f64| chi_squared_tail(fall, 1.0).map_or(f64::NAN, |p| if fall > 0.0 { 0.5 * p } else { 1.0 });
    let scatter = (plan.pillars == Pillars::Random).then(|| {
        let (place, alike) = by_ratio.counting.alike();
        let (scatter, fall) = (by_ratio.best.parameters[place], by_ratio.fall(&[(place, alike)]));
        // A likelihood that does not fall knows no scatter, where its search ends somewhere near zero.
        (if fall > 1e-6 { scatter } else { alike }, half_tail(fall))
    });
    let dispersion = known.map(|_| {
        let alone = by_ratio.counting.counting_alone();
        (by_ratio.excess(), half_tail(by_ratio.fall(&[alone])))
    });
    let same_ratio_p = (plan.kinds > 1).then(|| {
        let one = fitted(Coding::OneRatio)?;
        let fall = (2.0 * (by_ratio.best.ln_likelihood - one.best.ln_likelihood)).max(0.0);
        // The tail of F with one or two degrees of freedom above.
        Some(match plan.kinds {
            2 => tail(fall),
            _ if dof[0].is_finite() => (1.0 + fall / wider / dof[0]).powf(-0.5 * dof[0]),
            _ => (-0.5 * fall).exp(),
        })
    });
    Some(Rates {
        ratios: (0..plan.kinds).map(ratio).collect(),
        rates: (0..plan.kinds).map(|kind| [0, 1].map(|sign| by_rate.known(2 * kind + sign, between))).collect(),
        exponent: plan.drive.then(|| by_rate.known(2 * plan.kinds, between)),
        scatter,
        dispersion,
        same_ratio_p: same_ratio_p.flatten(),
        dof,
    })
}
