//! Counts about means that depend on conditions: negative binomial, on known backgrounds, pillars as normal deviates.

use crate::core::dense::Cholesky;

/// Smallest `ln α` that is told from counting alone; below it α is zero.
const LOWEST: f64 = -9.0;
const HIGHEST: f64 = 4.0;
/// Nodes on either side of the middle of a pillar's deviate, in steps of so many of its standard deviations: the trapezoidal rule of
/// such a function is exact to a part in a million.
const NODES: i32 = 4;
const STEP: f64 = 1.2;
const MAX_STEPS: usize = 60;
/// Gain of a step below which the maximum is reached.
const LEAST_GAIN: f64 = 1e-6;
/// Change of `ln α` for the slope of the gradient.
const NUDGE: f64 = 1e-4;

/// Counts of one sign in one segment of one pillar.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Which pillar.
    pub pillar: usize,
    /// Events.
    pub count: f64,
    /// Observed time, s.
    pub exposure: f64,
    /// False alarms expected among them.
    pub background: f64,
    /// What the logarithm of the rate is linear in.
    pub covariates: Vec<f64>,
}

/// `N ~ NB(m, α)`, `m = exposure exp(β x + τ z) + background`, `z ~ N(0, 1)` per pillar, variance `m + α m²`.
///
/// Parameters are `β`, then `τ`, then `ln α`.
#[derive(Debug, Clone)]
pub struct Counting {
    pillars: Vec<Vec<Sparse>>,
    n_beta: usize,
}

/// A cell with the covariates that are not zero; the last stands for the deviate of its pillar.
#[derive(Debug, Clone)]
struct Sparse {
    cell: Cell,
    places: Vec<usize>,
    values: Vec<f64>,
}

/// A maximum of the likelihood.
#[derive(Debug, Clone, PartialEq)]
pub struct Maximum {
    /// `β`, `τ`, `ln α`.
    pub parameters: Vec<f64>,
    /// Logarithm of the likelihood, up to what depends on the counts alone.
    pub ln_likelihood: f64,
}

/// Logarithm of the likelihood with its slope and, but for `ln α`, its curvature with the sign reversed.
struct Local {
    value: f64,
    slope: Vec<f64>,
    curvature: Vec<f64>,
}

impl Local {
    /// Adds the logarithm of a sum over nodes, with its derivatives.
    fn mix(&mut self, nodes: &[Self], n: usize) {
        let top = nodes.iter().map(|node| node.value).fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = nodes.iter().map(|node| (node.value - top).exp()).sum();
        self.value += top + total.ln();
        let mut mean = vec![0.0; n + 1];
        for node in nodes {
            let weight = (node.value - top).exp() / total;
            mean.iter_mut().zip(&node.slope).for_each(|(mean, slope)| *mean += weight * slope);
            for i in 0..n {
                (0..n).for_each(|j| {
                    self.curvature[i * n + j] += weight * (node.curvature[i * n + j] - node.slope[i] * node.slope[j]);
                });
            }
        }
        for i in 0..n {
            (0..n).for_each(|j| self.curvature[i * n + j] += mean[i] * mean[j]);
        }
        self.slope.iter_mut().zip(mean).for_each(|(slope, mean)| *slope += mean);
    }
}

/// A cell at a mean: its term of the likelihood, and derivatives by `η` (once, twice with the sign reversed) and `ln α`.
struct Term {
    value: f64,
    by_eta: f64,
    curvature: f64,
    by_ln_alpha: f64,
}

impl Cell {
    fn term(&self, eta: f64, alpha: f64, falling: [f64; 2]) -> Term {
        let signal = self.exposure * eta.clamp(-60.0, 60.0).exp();
        let (n, m) = (self.count, (signal + self.background).max(1e-200));
        let more = 1.0 + alpha * m;
        // ln(1 + α m)/α, which is m where α is zero.
        let ln_more = if alpha * m < 1e-9 { m } else { (alpha * m).ln_1p() / alpha };
        let value = n * m.ln() - n * alpha * ln_more - ln_more + falling[0];
        let q = (n - m) / (m * more);
        let q_by_m = -(m * more + (n - m) * (1.0 + 2.0 * alpha * m)) / (m * more).powi(2);
        let by_alpha = if alpha * m < 1e-4 {
            m * m * (0.5 - 2.0 / 3.0 * alpha * m) - n * m / more
        } else {
            (ln_more - m / more) / alpha - n * m / more
        };
        Term {
            value,
            by_eta: signal * q,
            curvature: -(signal * q + signal * signal * q_by_m),
            by_ln_alpha: alpha * (by_alpha + falling[1]),
        }
    }

    /// `Σ ln(1 + α k)` over `k < n` and its derivative by α: what depends on the dispersion alone.
    fn falling(&self, alpha: f64) -> [f64; 2] {
        if alpha == 0.0 {
            return [0.0; 2];
        }
        (0..self.count as usize).fold([0.0; 2], |[value, slope], k| {
            let k = k as f64;
            [value + (alpha * k).ln_1p(), slope + k / (1.0 + alpha * k)]
        })
    }
}

fn alpha(parameter: f64) -> f64 {
    if parameter <= LOWEST { 0.0 } else { parameter.exp() }
}

impl Counting {
    /// Of cells with `n_beta` covariates each.
    pub fn new(cells: &[Cell], n_beta: usize) -> Self {
        let n = cells.iter().map(|cell| cell.pillar + 1).max().unwrap_or(0);
        let mut pillars = vec![Vec::new(); n];
        for cell in cells {
            let filled = cell.covariates.iter().copied().enumerate().filter(|(_, x)| *x != 0.0);
            let (places, values) = filled.chain([(n_beta, 0.0)]).unzip();
            pillars[cell.pillar].push(Sparse { cell: cell.clone(), places, values });
        }
        Self { pillars, n_beta }
    }

    /// Place of `τ` among the parameters.
    pub fn scatter_place(&self) -> usize {
        self.n_beta
    }

    /// Place of `ln α`.
    pub fn dispersion_place(&self) -> usize {
        self.n_beta + 1
    }

    /// Held parameters of pillars that are all alike.
    pub fn alike(&self) -> (usize, f64) {
        (self.scatter_place(), 0.0)
    }

    /// Held parameters of counts that scatter as counting does.
    pub fn counting_alone(&self) -> (usize, f64) {
        (self.dispersion_place(), LOWEST)
    }

    /// Adds a pillar's part.
    fn add(&self, cells: &[Sparse], parameters: &[f64], into: &mut Local) {
        let (n, alpha, tau) = (self.n_beta + 1, alpha(parameters[self.n_beta + 1]), parameters[self.n_beta]);
        let eta = |sparse: &Sparse| -> f64 {
            let known = sparse.places.iter().zip(&sparse.values).filter(|(place, _)| **place < self.n_beta);
            known.map(|(place, x)| parameters[*place] * x).sum()
        };
        let etas: Vec<f64> = cells.iter().map(eta).collect();
        let falling: Vec<[f64; 2]> = cells.iter().map(|sparse| sparse.cell.falling(alpha)).collect();
        let terms = |z: f64| {
            let all = cells.iter().zip(&etas).zip(&falling);
            all.map(move |((sparse, eta), falling)| sparse.cell.term(eta + tau * z, alpha, *falling))
        };
        let (middle, width) = if tau == 0.0 { (0.0, 0.0) } else { middle(tau, &terms) };
        let nodes = if tau == 0.0 { 0 } else { NODES };
        let mut found: Vec<Local> = Vec::with_capacity(2 * NODES as usize + 1);
        for k in -nodes..=nodes {
            let z = middle + f64::from(k) * STEP * width;
            let mut node = Local { value: -0.5 * z * z, slope: vec![0.0; n + 1], curvature: vec![0.0; n * n] };
            for (sparse, term) in cells.iter().zip(terms(z)) {
                node.value += term.value;
                node.slope[n] += term.by_ln_alpha;
                let x = |place: usize, value: f64| if place == self.n_beta { z } else { value };
                for (i, a) in sparse.places.iter().zip(&sparse.values) {
                    node.slope[*i] += term.by_eta * x(*i, *a);
                    let both = term.curvature * x(*i, *a);
                    for (j, b) in sparse.places.iter().zip(&sparse.values) {
                        node.curvature[i * n + j] += both * x(*j, *b);
                    }
                }
            }
            found.push(node);
        }
        into.value += if tau == 0.0 { 0.0 } else { (STEP * width).ln() - 0.5 * (2.0 * std::f64::consts::PI).ln() };
        into.mix(&found, n);
    }

    fn local(&self, parameters: &[f64]) -> Local {
        let n = self.n_beta + 1;
        let mut local = Local { value: 0.0, slope: vec![0.0; n + 1], curvature: vec![0.0; n * n] };
        self.pillars.iter().filter(|cells| !cells.is_empty()).for_each(|cells| self.add(cells, parameters, &mut local));
        local
    }

    /// The maximum with some parameters held, by damped Newton steps from a start; `None` where it runs away.
    pub fn maximum(&self, start: &[f64], held: &[(usize, f64)]) -> Option<Maximum> {
        let n = self.n_beta + 2;
        let mut at = start.to_vec();
        held.iter().for_each(|(place, value)| at[*place] = *value);
        let is_held = |place: usize| held.iter().any(|(held, _)| *held == place);
        let mut here = self.local(&at);
        // The curvature along ln α comes from two slopes; it changes slowly and is renewed where ln α has moved.
        let (mut along, mut from) = (vec![0.0; n], f64::NAN);
        for _ in 0..MAX_STEPS {
            if !is_held(n - 1) && (from.is_nan() || (at[n - 1] - from).abs() > 0.1) {
                let mut nudged = at.clone();
                nudged[n - 1] += NUDGE;
                let beside = self.local(&nudged);
                along = here.slope.iter().zip(&beside.slope).map(|(here, beside)| (here - beside) / NUDGE).collect();
                from = at[n - 1];
            }
            let is_out = |place: usize| {
                let slope = here.slope[place];
                let down = place == n - 1 && at[place] <= LOWEST && slope <= 0.0;
                let up = place == n - 1 && at[place] >= HIGHEST && slope >= 0.0;
                is_held(place) || down || up
            };
            let free: Vec<usize> = (0..n).filter(|place| !is_out(*place)).collect();
            let curvature =
                |i: usize, j: usize| if i.max(j) == n - 1 { along[i.min(j)] } else { here.curvature[i * (n - 1) + j] };
            let Some((step, gain)) = damped(&free, &here.slope, &curvature) else { break };
            let next = (0..30).find_map(|halvings| {
                let share = 0.5f64.powi(halvings);
                let mut next = at.clone();
                free.iter().zip(&step).for_each(|(place, step)| next[*place] += (share * step).clamp(-1.5, 1.5));
                next[n - 1] = next[n - 1].clamp(LOWEST, HIGHEST);
                let there = self.local(&next);
                (there.value > here.value).then_some((next, there))
            });
            let Some((next, there)) = next else { break };
            (at, here) = (next, there);
            if gain < LEAST_GAIN {
                break;
            }
        }
        at[self.n_beta] = at[self.n_beta].abs();
        (here.value.is_finite() && at.iter().all(|value| value.abs() < 50.0))
            .then_some(Maximum { parameters: at, ln_likelihood: here.value })
    }
}

/// Where the density of a pillar's deviate has its maximum, and its width.
fn middle<I: Iterator<Item = Term>>(tau: f64, terms: &impl Fn(f64) -> I) -> (f64, f64) {
    let mut z = 0.0;
    let mut information = 1.0;
    for _ in 0..30 {
        let (mut slope, mut curvature) = (-z, 1.0);
        for term in terms(z) {
            slope += tau * term.by_eta;
            curvature += tau * tau * term.curvature.max(0.0);
        }
        information = curvature;
        let step: f64 = (slope / curvature).clamp(-1.0, 1.0);
        z += step;
        if step.abs() < 1e-6 {
            break;
        }
    }
    (z, information.sqrt().recip())
}

/// Newton's step over the free parameters, with as much added to the diagonal as makes it go up, and its gain.
fn damped(free: &[usize], slope: &[f64], curvature: &impl Fn(usize, usize) -> f64) -> Option<(Vec<f64>, f64)> {
    let right: Vec<f64> = free.iter().map(|place| slope[*place]).collect();
    let matrix: Vec<f64> = free.iter().flat_map(|i| free.iter().map(|j| curvature(*i, *j))).collect();
    let n = free.len();
    let largest = (0..n).map(|i| matrix[i * n + i].abs()).fold(1e-6, f64::max);
    [0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0].into_iter().find_map(|damping| {
        let mut here = matrix.clone();
        (0..n).for_each(|i| here[i * n + i] += damping * largest);
        let step = Cholesky::of(&here, n)?.solve(&right);
        let gain: f64 = step.iter().zip(&right).map(|(a, b)| a * b).sum();
        (gain.is_finite() && gain >= 0.0).then_some((step, gain))
    })
}
