use super::Problem;
use crate::core::dense::Cholesky;

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Response {
    /// Storage and loss modulus over the angular frequency, Pa.
    #[default]
    Dynamic,
    /// A compliance over the time since the stress was put on, 1/Pa: `J(t) = Σ L h (1 - exp(-t/(a s)))`.
    Creep,
    /// A modulus over the time since the strain was put on, Pa: `M(t) = Σ H h exp(-t/(a s))`.
    Relaxation,
}

impl Response {
    /// How many numbers a reading has.
    pub fn channels(self) -> usize {
        if self == Self::Dynamic { 2 } else { 1 }
    }

    /// What a time `s` gives at `y = t/(a s)`, and its derivative with respect to `ln a`; not for [`Self::Dynamic`].
    pub(super) fn share(self, y: f64) -> (f64, f64) {
        let left = (-y).exp();
        let fall = if y < 1e3 { y * left } else { 0.0 };
        if self == Self::Creep { (-(-y).exp_m1(), -fall) } else { (left, fall) }
    }
}

/// The readings of one temperature.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// ln of the angular frequency (rad/s), rising; for a response over time of 1/t.
    pub ln_omega: Vec<f64>,
    /// Storage modulus, Pa; for a response over time its values.
    pub storage: Vec<f64>,
    /// Loss modulus, Pa; empty for a response over time.
    pub loss: Vec<f64>,
}

impl Curve {
    /// With moduli multiplied by the exponential of a number.
    pub fn scaled(&self, ln_factor: f64) -> Self {
        let scaled = |values: &[f64]| values.iter().map(|value| value * ln_factor.exp()).collect();
        Self { ln_omega: self.ln_omega.clone(), storage: scaled(&self.storage), loss: scaled(&self.loss) }
    }
}

/// How readings err.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoiseModel {
    /// A share of the modulus, and the phase by an angle.
    ModulusAndPhase,
    /// A share of the storage and a share of the loss modulus.
    Relative,
}

impl NoiseModel {
    /// Both residuals of a reading, and what a change of the modulus by `(d', d'')` adds to them is
    /// `(a d' + b d'', c d' + d d'')`.
    pub fn residual(self, model: (f64, f64), data: (f64, f64)) -> ([f64; 2], [f64; 4]) {
        match self {
            Self::ModulusAndPhase => {
                let square = model.0 * model.0 + model.1 * model.1;
                let size = 0.5 * (square / (data.0 * data.0 + data.1 * data.1)).ln();
                let angle = (model.1 * data.0 - model.0 * data.1).atan2(model.0 * data.0 + model.1 * data.1);
                let (p, q) = (model.0 / square, model.1 / square);
                ([size, angle], [p, q, -q, p])
            }
            Self::Relative => {
                let ratios = [(model.0 / data.0).ln(), (model.1 / data.1).ln()];
                (ratios, [1.0 / model.0, 0.0, 0.0, 1.0 / model.1])
            }
        }
    }

    /// What the logarithm of the density of readings in `(ln M', ln M'')` has beyond that of both residuals; `None` where a loss of
    /// zero or less has no density there.
    pub fn ln_density(self, curves: &[Curve]) -> Option<f64> {
        let readings = || curves.iter().flat_map(|curve| curve.storage.iter().zip(&curve.loss));
        match self {
            Self::Relative => readings().all(|(_, loss)| *loss > 0.0).then_some(0.0),
            Self::ModulusAndPhase => {
                Some(readings().map(|(storage, loss)| (storage * loss.abs() / (storage * storage + loss * loss)).ln()).sum())
            }
        }
    }

    /// What a change of `ln b` adds to both residuals.
    fn vertical(self) -> [f64; 2] {
        match self {
            Self::ModulusAndPhase => [1.0, 0.0],
            Self::Relative => [1.0, 1.0],
        }
    }
}

/// Where everything stands among the parameters: `m` nodes, then shifts, then verticals.
pub(super) struct Layout {
    pub ln_times: Vec<f64>,
    pub times: Vec<f64>,
    pub step: f64,
    /// Nodes that the prior on second differences holds; others apart from them may follow.
    pub smooth: usize,
    pub m: usize,
    pub n: usize,
    /// `θ` that is likely beforehand of the nodes apart: rest or flow, and for creep what happens at once.
    apart: Vec<f64>,
    /// Place of the shift and of the vertical of every curve.
    pub places: Vec<(Option<usize>, Option<usize>)>,
}

/// Sums of squares and products of residuals and derivatives, by channel.
pub(super) struct Normal {
    products: [Vec<f64>; 2],
    gradients: [Vec<f64>; 2],
    squares: [f64; 2],
    readings: f64,
    channels: usize,
}

/// Derivatives of both residuals of one reading.
pub(super) struct Row {
    pub residual: [f64; 2],
    pub nodes: [Vec<f64>; 2],
    pub shift: [f64; 2],
    pub vertical: [f64; 2],
}

impl Layout {
    pub fn of(curves: &[Curve], problem: &Problem, reach: f64, per_decade: f64) -> Self {
        let decade = std::f64::consts::LN_10;
        let reduced =
            curves.iter().zip(&problem.shifts).flat_map(|(curve, shift)| curve.ln_omega.iter().map(move |w| w + shift));
        let (lo, hi) = reduced.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), w| (w.min(lo), w.max(hi)));
        let step = decade / per_decade;
        let first = -hi - reach * decade;
        let smooth = ((hi - lo + 2.0 * reach * decade) / step).ceil() as usize + 1;
        let mut ln_times: Vec<f64> = (0..smooth).map(|j| first + j as f64 * step).collect();
        let values = || curves.iter().flat_map(|curve| &curve.storage).copied();
        let (smallest, largest) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
        let mut apart = Vec::new();
        if problem.plateau {
            let never = first + smooth as f64 * step + NEVER;
            ln_times.push(never);
            if problem.response == Response::Creep {
                // So slow that it flows, and so fast that it has happened.
                apart.push((largest / step).ln() + never + lo - 1.0);
                ln_times.push(first - NEVER);
            }
            apart.push((smallest / step).ln() - 1.0);
        }
        let m = ln_times.len();
        let mut n = m;
        let mut places = vec![(None, None); curves.len()];
        let others = |k: &usize| *k != problem.reference;
        if problem.free_shifts {
            for k in (0..curves.len()).filter(others) {
                places[k].0 = Some(n);
                n += 1;
            }
        }
        if problem.free_verticals {
            for k in (0..curves.len()).filter(others) {
                places[k].1 = Some(n);
                n += 1;
            }
        }
        Self { times: ln_times.iter().map(|t| t.exp()).collect(), ln_times, step, smooth, m, n, apart, places }
    }

    /// The loss times `2/π` at the frequency of each node, or the slope over ln t; the nearest reading where there is none.
    pub fn start(&self, curves: &[Curve], problem: &Problem) -> Vec<f64> {
        let mut readings: Vec<(f64, f64)> = Vec::new();
        for (k, curve) in curves.iter().enumerate() {
            let (shift, vertical) = (problem.shifts[k], problem.verticals[k]);
            let loss = |i: usize| match problem.response {
                Response::Dynamic => curve.loss[i].max(1e-4 * curve.storage[i].abs()),
                _ => slope(curve, i).abs().max(1e-2 * curve.storage[i]) * std::f64::consts::FRAC_PI_2,
            };
            let losses = (0..curve.ln_omega.len()).map(loss);
            readings.extend(curve.ln_omega.iter().zip(losses).map(|(w, loss)| (-(w + shift), loss * (-vertical).exp())));
        }
        readings.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut parameters = vec![0.0; self.n];
        for (parameter, time) in parameters.iter_mut().zip(&self.ln_times) {
            let (from, to) = (time - 0.75 * self.step, time + 0.75 * self.step);
            let first = readings.partition_point(|(t, _)| *t < from);
            let end = readings.partition_point(|(t, _)| *t <= to);
            let near = match readings.get(first..end) {
                Some(near) if !near.is_empty() => near,
                _ => {
                    let nearest = first.min(readings.len() - 1);
                    &readings[nearest..=nearest]
                }
            };
            let mean = near.iter().map(|(_, loss)| loss).sum::<f64>() / near.len() as f64;
            *parameter = (mean * std::f64::consts::FRAC_2_PI).ln();
        }
        parameters[self.smooth..self.m].copy_from_slice(&self.apart);
        for (k, (shift, vertical)) in self.places.iter().enumerate() {
            if let Some(place) = shift {
                parameters[*place] = problem.shifts[k];
            }
            if let Some(place) = vertical {
                parameters[*place] = problem.verticals[k];
            }
        }
        parameters
    }

    /// `ln a_k` and `ln b_k`.
    pub fn shifts(&self, problem: &Problem, parameters: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let of = |place: Option<usize>, held: f64| place.map_or(held, |place| parameters[place]);
        let shifts = self.places.iter().zip(&problem.shifts).map(|((place, _), held)| of(*place, *held)).collect();
        let verticals = self.places.iter().zip(&problem.verticals).map(|((_, place), held)| of(*place, *held)).collect();
        (shifts, verticals)
    }

    /// Calls `each` with curve, number of the reading and its row.
    pub fn rows(&self, curves: &[Curve], problem: &Problem, parameters: &[f64], mut each: impl FnMut(usize, usize, &Row)) {
        let weights: Vec<f64> = parameters[..self.m].iter().map(|theta| theta.exp() * self.step).collect();
        let (shifts, verticals) = self.shifts(problem, parameters);
        let empty = || vec![0.0; self.m];
        let mut row =
            Row { residual: [0.0; 2], nodes: [empty(), empty()], shift: [0.0; 2], vertical: problem.noise.vertical() };
        let mut terms = (empty(), empty());
        for (k, curve) in curves.iter().enumerate() {
            let factor = verticals[k].exp();
            if problem.response != Response::Dynamic {
                for (i, ln_omega) in curve.ln_omega.iter().enumerate() {
                    self.over_time(problem.response, ln_omega + shifts[k], &weights, &mut row);
                    let model = row.nodes[0].iter().sum::<f64>();
                    row.residual = [(factor * model / curve.storage[i]).ln(), 0.0];
                    row.shift[0] /= model;
                    row.nodes[0].iter_mut().for_each(|node| *node /= model);
                    each(k, i, &row);
                }
                continue;
            }
            for (i, ln_omega) in curve.ln_omega.iter().enumerate() {
                let omega = (ln_omega + shifts[k]).exp();
                let (mut storage, mut loss, mut d_storage, mut d_loss) = (0.0, 0.0, 0.0, 0.0);
                let nodes = self.times.iter().zip(&weights).zip(terms.0.iter_mut().zip(&mut terms.1));
                for ((time, weight), (re, im)) in nodes {
                    let x = omega * time;
                    let share = 1.0 / (1.0 + x * x);
                    *im = weight * x * share;
                    *re = *im * x;
                    storage += *re;
                    loss += *im;
                    d_storage += 2.0 * *re * share;
                    d_loss += *im * (2.0 * share - 1.0);
                }
                let (model, data) = ((factor * storage, factor * loss), (curve.storage[i], curve.loss[i]));
                let (residual, [a, b, c, d]) = problem.noise.residual(model, data);
                row.residual = residual;
                row.shift = [factor * (a * d_storage + b * d_loss), factor * (c * d_storage + d * d_loss)];
                let [first, second] = &mut row.nodes;
                let targets = first.iter_mut().zip(second).zip(terms.0.iter().zip(&terms.1));
                for ((first, second), (re, im)) in targets {
                    *first = factor * (a * re + b * im);
                    *second = factor * (c * re + d * im);
                }
                each(k, i, &row);
            }
        }
    }

    /// What every node adds to a response over time, and the derivative of their sum with respect to the shift.
    fn over_time(&self, response: Response, ln_omega: f64, weights: &[f64], row: &mut Row) {
        let rate = (-ln_omega).exp();
        row.shift = [0.0; 2];
        for ((time, weight), node) in self.times.iter().zip(weights).zip(&mut row.nodes[0]) {
            let (share, slope) = response.share(rate / time);
            *node = weight * share;
            row.shift[0] += weight * slope;
        }
    }

    pub fn normal(&self, curves: &[Curve], problem: &Problem, parameters: &[f64]) -> Normal {
        let (n, m) = (self.n, self.m);
        let zeros = || [vec![0.0; n * n], vec![0.0; n * n]];
        let mut normal = Normal {
            products: zeros(),
            gradients: [vec![0.0; n], vec![0.0; n]],
            squares: [0.0; 2],
            readings: 0.0,
            channels: problem.response.channels(),
        };
        self.rows(curves, problem, parameters, |k, _, row| {
            normal.readings += 1.0;
            for channel in 0..normal.channels {
                let (r, nodes) = (row.residual[channel], &row.nodes[channel]);
                let (products, gradient) = (&mut normal.products[channel], &mut normal.gradients[channel]);
                normal.squares[channel] += r * r;
                for (j, value) in nodes.iter().enumerate() {
                    gradient[j] += value * r;
                    let target = &mut products[j * n..j * n + j + 1];
                    target.iter_mut().zip(nodes).for_each(|(sum, other)| *sum += value * other);
                }
                let (shift, vertical) = self.places[k];
                let extra = [(shift, row.shift[channel]), (vertical, row.vertical[channel])];
                for (index, (place, value)) in extra.into_iter().enumerate() {
                    let Some(place) = place else { continue };
                    gradient[place] += value * r;
                    let target = &mut products[place * n..place * n + m];
                    target.iter_mut().zip(nodes).for_each(|(sum, other)| *sum += value * other);
                    products[place * n + place] += value * value;
                    if let (1, (Some(other), factor)) = (index, extra[0]) {
                        products[place * n + other] += value * factor;
                    }
                }
            }
        });
        for products in &mut normal.products {
            for i in 0..n {
                for j in 0..i {
                    products[j * n + i] = products[i * n + j];
                }
            }
        }
        normal
    }

    pub fn residuals(&self, curves: &[Curve], problem: &Problem, parameters: &[f64], noise: [f64; 2]) -> Vec<[Vec<f64>; 2]> {
        let mut residuals = vec![[Vec::new(), Vec::new()]; curves.len()];
        self.rows(curves, problem, parameters, |k, _, row| {
            (0..problem.response.channels())
                .for_each(|channel| residuals[k][channel].push(row.residual[channel] / noise[channel]));
        });
        residuals
    }

    /// Second differences of `θ`, per unit of `ln s` and of its step.
    fn differences<'a>(&'a self, theta: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        let scale = self.step.powf(-1.5);
        theta[..self.smooth].windows(3).map(move |w| scale * (w[0] - 2.0 * w[1] + w[2]))
    }

    /// `∫ (d²θ/d(ln s)²)² d ln s`.
    pub fn penalty(&self, theta: &[f64]) -> f64 {
        self.differences(theta).map(|d| d * d).sum()
    }

    /// How far the nodes apart are from what is likely beforehand, in standard deviations.
    fn offsets<'a>(&'a self, theta: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        theta[self.smooth..self.m].iter().zip(&self.apart).map(|(theta, likely)| (theta - likely) / APART_WIDTH)
    }

    /// Adds `λP` to a matrix of all parameters and `λPθ` to a gradient.
    fn add_penalty(&self, matrix: &mut [f64], gradient: &mut [f64], theta: &[f64], strength: f64) {
        let scale = self.step.powf(-1.5);
        for (i, difference) in self.differences(theta).enumerate() {
            for (a, u) in [1.0, -2.0, 1.0].into_iter().enumerate() {
                gradient[i + a] += strength * scale * u * difference;
                for (b, v) in [1.0, -2.0, 1.0].into_iter().enumerate() {
                    matrix[(i + a) * self.n + i + b] += strength * scale * scale * u * v;
                }
            }
        }
    }

    /// Trace of `C P`.
    pub fn penalty_trace(&self, covariance: &[f64]) -> f64 {
        let scale = self.step.powi(-3);
        let at = |i: usize, j: usize| covariance[i * self.n + j];
        let term = |i: usize| {
            let weights = [1.0, -2.0, 1.0];
            let pairs = (0..3).flat_map(|a| (0..3).map(move |b| (a, b)));
            pairs.map(|(a, b)| weights[a] * weights[b] * at(i + a, i + b)).sum::<f64>()
        };
        scale * (0..self.smooth - 2).map(term).sum::<f64>()
    }
}

/// Change of a response over time with ln t at a reading, from its neighbours.
fn slope(curve: &Curve, i: usize) -> f64 {
    let (a, b) = (i.saturating_sub(1), (i + 1).min(curve.ln_omega.len() - 1));
    let step = curve.ln_omega[b] - curve.ln_omega[a];
    if step > 0.0 { (curve.storage[b] - curve.storage[a]) / step } else { 0.0 }
}

/// A time so much longer (ln) than any other that nothing of it relaxes.
const NEVER: f64 = 25.0;
/// Standard deviation of ln of a node apart beforehand.
const APART_WIDTH: f64 = 3.0;

/// Weakest prior on every parameter: it decides nothing and keeps the matrix positive.
const RIDGE: f64 = 1e-8;

impl Normal {
    pub fn objective(&self, layout: &Layout, parameters: &[f64], noise: [f64; 2], strength: f64) -> f64 {
        let squares = self.squares[0] / noise[0].powi(2) + self.squares[1] / noise[1].powi(2);
        squares + strength * layout.penalty(parameters) + layout.offsets(parameters).map(|offset| offset * offset).sum::<f64>()
    }

    /// Matrix and gradient of half the objective.
    pub fn system(&self, layout: &Layout, parameters: &[f64], noise: [f64; 2], strength: f64) -> (Vec<f64>, Vec<f64>) {
        let [u, v] = noise.map(|sigma| sigma.powi(-2));
        let sum = |(a, b): (&f64, &f64)| u * a + v * b;
        let mut matrix: Vec<f64> = self.products[0].iter().zip(&self.products[1]).map(sum).collect();
        let mut gradient: Vec<f64> = self.gradients[0].iter().zip(&self.gradients[1]).map(sum).collect();
        layout.add_penalty(&mut matrix, &mut gradient, parameters, strength);
        (0..layout.n).for_each(|i| matrix[i * layout.n + i] += RIDGE);
        for (node, offset) in (layout.smooth..).zip(layout.offsets(parameters)) {
            matrix[node * layout.n + node] += APART_WIDTH.powi(-2);
            gradient[node] += offset / APART_WIDTH;
        }
        (matrix, gradient)
    }

    /// Errors of both channels and strength of the prior that the data ask for.
    pub fn update(&self, layout: &Layout, parameters: &[f64], noise: [f64; 2], strength: f64) -> Option<([f64; 2], f64)> {
        let (matrix, _) = self.system(layout, parameters, noise, strength);
        let covariance = Cholesky::of(&matrix, layout.n)?.inverse();
        let mut next = noise;
        for channel in 0..self.channels {
            let used: f64 =
                covariance.iter().zip(&self.products[channel]).map(|(c, p)| c * p).sum::<f64>() / noise[channel].powi(2);
            let free = (self.readings - used).max(1.0);
            // Numbers of a file have a few digits; a model without error has none to fit to.
            next[channel] = (self.squares[channel] / free).sqrt().max(1e-7);
        }
        let determined = (layout.smooth as f64 - 2.0 - strength * layout.penalty_trace(&covariance)).max(0.1);
        let strength = (determined / layout.penalty(parameters).max(1e-12)).clamp(1e-6, 1e8);
        Some((next, strength))
    }

    /// Sum of squares over their errors, parameters that the data determine, and how many numbers there are.
    pub fn misfit(&self, covariance: &[f64], noise: [f64; 2]) -> (f64, f64, f64) {
        let (mut squares, mut used) = (0.0, 0.0);
        for (channel, sigma) in noise.iter().enumerate().take(self.channels) {
            let weight = sigma.powi(-2);
            squares += weight * self.squares[channel];
            used += weight * covariance.iter().zip(&self.products[channel]).map(|(c, p)| c * p).sum::<f64>();
        }
        (squares, used, self.channels as f64 * self.readings)
    }

    pub fn ln_evidence(&self, layout: &Layout, parameters: &[f64], noise: [f64; 2], strength: f64, matrix: &[f64]) -> f64 {
        let ln_determinant = match Cholesky::of(matrix, layout.n) {
            Some(cholesky) => cholesky.ln_determinant(),
            None => return f64::NEG_INFINITY,
        };
        let readings = self.readings * noise[..self.channels].iter().map(|sigma| sigma.ln()).sum::<f64>();
        let plateau = -(layout.apart.len() as f64) * APART_WIDTH.ln();
        let prior = 0.5 * (layout.smooth as f64 - 2.0) * strength.ln() + plateau;
        -0.5 * self.objective(layout, parameters, noise, strength) - readings + prior - 0.5 * ln_determinant
    }
}
