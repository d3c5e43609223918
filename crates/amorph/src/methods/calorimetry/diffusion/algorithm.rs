//! Diffusion coefficients and viscosities over temperature: their law, and where their product leaves the relation of Stokes and Einstein.

use crate::core::fit::{ErrorScale, LeastSquares, Parameter};
use crate::core::random::{derive_seed, standard_normals};
use crate::core::stats::{CHI_SQUARED_95, NORMAL_95, student_t_quantile};
use crate::methods::calorimetry::ratio::Found;

/// Places at which a break is sought.
const PLACES: usize = 300;
/// The same for simulated series.
const COARSE: usize = 60;
/// Readings on either side of a break.
const EACH_SIDE: usize = 2;
/// Square of what rounding leaves of a logarithm.
const EXACT: f64 = 1e-24;
/// T0 lies below the coldest reading by this share at least.
const BELOW: f64 = 0.99;

/// Readings of a logarithm over temperature.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// Temperatures, K.
    pub temperatures: Vec<f64>,
    /// Natural logarithms.
    pub values: Vec<f64>,
    /// Their standard errors, where they are stated.
    pub errors: Option<Vec<f64>>,
}

/// `y = a + s B/(T - T0)`, s = -1 for a diffusion coefficient and 1 for a viscosity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Law {
    /// s.
    pub sign: f64,
    /// a.
    pub intercept: Found,
    /// `B T²/(T - T0)²` at `centre`, K: the activation energy over the gas constant.
    pub slope: Found,
    /// T0, K; absent for an Arrhenius law.
    pub t0: Option<Found>,
    /// Temperature whose inverse is the mean of all, K.
    pub centre: f64,
    /// Value at the centre.
    pub middle: f64,
    /// Sum of the squares of what is left, in errors where they are stated.
    pub sum: f64,
    /// Degrees of freedom.
    pub dof: f64,
    /// Akaike's criterion for small samples; infinite with too few readings.
    pub aicc: f64,
}

/// A constant, and a constant down to a break below which the values go along a line over 1/T.
#[derive(Debug, Clone, PartialEq)]
pub struct Break {
    /// The constant without a break.
    pub constant: Found,
    /// Where the break is, K.
    pub temperature: Found,
    /// The constant above it.
    pub plateau: Found,
    /// Slope over 1/T below it, K.
    pub slope: Found,
    /// Share of series without a break that look as broken.
    pub p: f64,
    /// Sums of the squares of what is left by both, in errors where they are stated.
    pub sums: [f64; 2],
}

impl Series {
    fn weights(&self) -> Vec<f64> {
        self.errors
            .as_ref()
            .map_or_else(|| vec![1.0; self.values.len()], |errors| errors.iter().map(|error| error.powi(-2)).collect())
    }

    /// Quantile of a two-sided 95 % interval and the variance of a reading of weight one.
    fn spread(&self, sum: f64, dof: f64) -> (f64, f64) {
        if self.errors.is_some() {
            (NORMAL_95, 1.0)
        } else {
            (student_t_quantile(0.975, dof.max(1.0)).unwrap_or(f64::INFINITY), sum / dof.max(1.0))
        }
    }

    /// Akaike's criterion with the correction for small samples.
    fn aicc(&self, sum: f64, parameters: usize) -> f64 {
        let n = self.values.len() as f64;
        // Unknown errors are a parameter more.
        let k = parameters as f64 + f64::from(u8::from(self.errors.is_none()));
        if n - k - 1.0 <= 0.0 {
            return f64::INFINITY;
        }
        let fit = if self.errors.is_some() { sum } else { n * (sum / n).max(f64::MIN_POSITIVE).ln() };
        fit + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0)
    }
}

impl Law {
    /// Value at a temperature.
    pub fn at(&self, temperature: f64) -> f64 {
        let t0 = self.t0.map_or(0.0, |t0| t0.value);
        self.middle + self.sign * self.b() * (1.0 / (temperature - t0) - 1.0 / (self.centre - t0))
    }

    /// B, K.
    pub fn b(&self) -> f64 {
        let t0 = self.t0.map_or(0.0, |t0| t0.value);
        self.slope.value * ((self.centre - t0) / self.centre).powi(2)
    }
}

/// The Arrhenius law; `None` where the temperatures do not differ or the values go the wrong way.
pub fn arrhenius(series: &Series, sign: f64) -> Option<Law> {
    let weights = series.weights();
    let total: f64 = weights.iter().sum();
    let mean = |of: &dyn Fn(usize) -> f64| (0..weights.len()).map(|i| weights[i] * of(i)).sum::<f64>() / total;
    let inverse = |i: usize| 1.0 / series.temperatures[i];
    let (x0, y0) = (mean(&inverse), mean(&|i| series.values[i]));
    let sxx = total * mean(&|i| (inverse(i) - x0).powi(2));
    let sxy = total * mean(&|i| (inverse(i) - x0) * (series.values[i] - y0));
    let slope = sign * sxy / sxx;
    if !(sxx > 0.0 && slope > 0.0 && slope.is_finite()) {
        return None;
    }
    let sum = total * mean(&|i| (series.values[i] - y0 - sign * slope * (inverse(i) - x0)).powi(2));
    let dof = series.values.len() as f64 - 2.0;
    let (quantile, variance) = series.spread(sum, dof);
    let found = |value: f64, variance_of: f64| {
        let error = (variance * variance_of).sqrt();
        Found { value, error, interval: (dof >= 1.0).then_some((value - quantile * error, value + quantile * error)) }
    };
    Some(Law {
        sign,
        intercept: found(y0 - sign * slope * x0, 1.0 / total + x0 * x0 / sxx),
        slope: found(slope, 1.0 / sxx),
        t0: None,
        centre: 1.0 / x0,
        middle: y0,
        sum,
        dof,
        aicc: series.aicc(sum, 2),
    })
}

/// The law of Vogel, Fulcher and Tammann; `None` where it does not fit or there are too few readings.
pub fn vft(series: &Series, sign: f64) -> Option<Law> {
    let line = arrhenius(series, sign)?;
    let n = series.values.len();
    if !series.aicc(1.0, 3).is_finite() {
        return None;
    }
    let coldest = series.temperatures.iter().copied().fold(f64::INFINITY, f64::min);
    let centre = line.centre;
    let residuals = |p: &[f64]| {
        let b = p[1].exp() * ((centre - p[2]) / centre).powi(2);
        let one = |i: usize| {
            let away = 1.0 / (series.temperatures[i] - p[2]) - 1.0 / (centre - p[2]);
            (series.values[i] - p[0] - sign * b * away) / series.errors.as_ref().map_or(1.0, |errors| errors[i])
        };
        (0..n).map(one).collect::<Vec<f64>>()
    };
    let scale = if series.errors.is_some() { ErrorScale::Absolute } else { ErrorScale::Residuals };
    let problems = [0.2, 0.6, 0.9].map(|share: f64| {
        let parameters = vec![
            Parameter::new("value", line.middle).scale(1.0),
            Parameter::new("ln slope", line.slope.value.ln()).scale(0.3),
            Parameter::new("T0", share * coldest).scale(0.1 * coldest).within(0.0, BELOW * coldest),
        ];
        LeastSquares::new(parameters).error_scale(scale).tolerance(1e-12)
    });
    let (problem, fitted) = LeastSquares::best_of(problems, &residuals).ok()?;
    let profile = |index: usize| {
        let ends = problem.profile_interval(&residuals, &fitted, index, 0.95).ok()?;
        Some((ends.lower?, ends.upper?))
    };
    let p = &fitted.params;
    let slope = p[1].exp();
    let t0 = Found { value: p[2], error: fitted.std_errors[2], interval: profile(2) };
    let b = slope * ((centre - p[2]) / centre).powi(2);
    let intercept = Found { value: p[0] - sign * b / (centre - p[2]), error: f64::NAN, interval: None };
    Some(Law {
        sign,
        intercept,
        slope: Found {
            value: slope,
            error: slope * fitted.std_errors[1],
            interval: profile(1).map(|(lo, hi)| (lo.exp(), hi.exp())),
        },
        t0: Some(t0),
        centre,
        middle: p[0],
        sum: fitted.residual_sum,
        dof: fitted.dof as f64,
        aicc: series.aicc(fitted.residual_sum, 3),
    })
}

/// A constant with a line below a break at `place` (1/K): constant, slope, their variances for weights of one, sum of squares.
fn broken(inverse: &[f64], values: &[f64], weights: &[f64], place: f64) -> Option<([f64; 2], [f64; 2], f64)> {
    let total: f64 = weights.iter().sum();
    let (mut zm, mut ym) = (0.0, 0.0);
    for i in 0..values.len() {
        zm += weights[i] * (inverse[i] - place).max(0.0);
        ym += weights[i] * values[i];
    }
    zm /= total;
    ym /= total;
    let (mut szz, mut szy, mut syy) = (0.0, 0.0, 0.0);
    for i in 0..values.len() {
        let (z, y) = ((inverse[i] - place).max(0.0) - zm, values[i] - ym);
        szz += weights[i] * z * z;
        szy += weights[i] * z * y;
        syy += weights[i] * y * y;
    }
    let slope = szy / szz;
    let sum = (syy - slope * szy).max(0.0);
    (szz > 0.0).then_some(([ym - slope * zm, slope], [1.0 / total + zm * zm / szz, 1.0 / szz], sum))
}

/// Least sum with a break, over `count` places between the ends.
fn least(inverse: &[f64], values: &[f64], weights: &[f64], (from, to): (f64, f64), count: usize) -> f64 {
    let place = |k: usize| from + (to - from) * k as f64 / (count - 1) as f64;
    let sums = (0..count).filter_map(|k| broken(inverse, values, weights, place(k)).map(|found| found.2));
    sums.fold(f64::INFINITY, f64::min)
}

/// Looks for a break in values that should be constant; `draws` series without one tell how often chance looks as broken. `None` with fewer than
/// six different temperatures.
pub fn find_break(series: &Series, draws: usize, seed: u64) -> Option<Break> {
    let n = series.values.len();
    let weights = series.weights();
    let inverse: Vec<f64> = series.temperatures.iter().map(|t| 1.0 / t).collect();
    let mut order = inverse.clone();
    order.sort_by(f64::total_cmp);
    order.dedup_by(|a, b| (*a - *b).abs() < 1e-9 * b.abs());
    if order.len() < 2 * EACH_SIDE + 2 {
        return None;
    }
    let ends = (order[EACH_SIDE - 1], order[order.len() - EACH_SIDE]);
    let place = |k: usize| ends.0 + (ends.1 - ends.0) * k as f64 / (PLACES - 1) as f64;
    let total: f64 = weights.iter().sum();
    let mean = |values: &[f64]| values.iter().zip(&weights).map(|(v, w)| v * w).sum::<f64>() / total;
    let flat = |values: &[f64]| {
        let centre = mean(values);
        values.iter().zip(&weights).map(|(v, w)| w * (v - centre).powi(2)).sum::<f64>()
    };
    let known = series.errors.is_some();
    // Below this there is nothing but rounding.
    let rounding = n as f64 * EXACT;
    let gain = |plain: f64, with: f64| if known { plain - with } else { (plain - with) / with.max(rounding) };
    // The test: both sides of the comparison on the same coarse places.
    let own = gain(flat(&series.values), least(&inverse, &series.values, &weights, ends, COARSE));
    let as_broken = |draw: usize| {
        let normals = standard_normals(derive_seed(seed, &["break".into(), draw.into()]), n);
        let values: Vec<f64> = normals.iter().zip(&weights).map(|(z, w)| z / w.sqrt()).collect();
        gain(flat(&values), least(&inverse, &values, &weights, ends, COARSE)) >= own
    };
    let p = (1 + (0..draws).filter(|draw| as_broken(*draw)).count()) as f64 / (draws + 1) as f64;
    // The fit and its profile.
    let all: Vec<_> =
        (0..PLACES).filter_map(|k| Some((place(k), broken(&inverse, &series.values, &weights, place(k))?))).collect();
    let best = *all.iter().min_by(|a, b| a.1.2.total_cmp(&b.1.2))?;
    let dof = n as f64 - 3.0;
    let limit =
        if known { CHI_SQUARED_95 } else { best.1.2 / dof * student_t_quantile(0.975, dof).unwrap_or(f64::INFINITY).powi(2) };
    let within = |place: &&(f64, ([f64; 2], [f64; 2], f64))| place.1.2 - best.1.2 <= limit;
    let (lo, hi) =
        all.iter().filter(within).fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), at| (lo.min(at.0), hi.max(at.0)));
    let step = (ends.1 - ends.0) / (PLACES - 1) as f64;
    let open = lo < ends.0 + 0.5 * step || hi > ends.1 - 0.5 * step;
    let temperature = 1.0 / best.0;
    // Places between two of the grid may do as well.
    let reach = ((1.0 / (hi + step), 1.0 / (lo - step)), (1.0 / lo - 1.0 / hi) / (2.0 * NORMAL_95));
    let coefficient = |index: usize| {
        let end = all.iter().filter(within).fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), (_, (c, v, sum))| {
            let half = ((limit - (sum - best.1.2)) * v[index]).sqrt();
            (lo.min(c[index] - half), hi.max(c[index] + half))
        });
        Found { value: best.1.0[index], error: (end.1 - end.0) / (2.0 * NORMAL_95), interval: (!open).then_some(end) }
    };
    let plain = flat(&series.values);
    let (quantile, variance) = series.spread(plain, n as f64 - 1.0);
    let error = (variance / total).sqrt();
    let centre = mean(&series.values);
    Some(Break {
        constant: Found { value: centre, error, interval: Some((centre - quantile * error, centre + quantile * error)) },
        temperature: Found { value: temperature, error: reach.1, interval: (!open).then_some(reach.0) },
        plateau: coefficient(0),
        slope: coefficient(1),
        p,
        sums: [plain, best.1.2],
    })
}
