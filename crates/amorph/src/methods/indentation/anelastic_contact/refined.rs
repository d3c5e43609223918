//! Refits of a contact where plain least squares of a load that acts at once do not suit: outliers, correlated noise, an indenter
//! with inertia.

use super::algorithm::{ContactFit, Loading, Model, neighbour_correlation, predicted};
use crate::core::fit::{LeastSquares, Loss, Parameter};

/// The moving part of the indenter: `m h'' + c h' + k h` is missing in the force on the sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transducer {
    /// Mass, kg.
    pub mass: f64,
    /// Damping, N s/m.
    pub damping: f64,
    /// Stiffness of the suspension that the load still holds, N/m.
    pub stiffness: f64,
}

/// What is refitted.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Refinement {
    /// How residuals count.
    pub loss: Loss,
    /// Whether the noise is correlated from sample to sample.
    pub correlated: bool,
    /// Inertia and damping, where they are known.
    pub transducer: Option<Transducer>,
}

impl Refinement {
    /// Whether it differs from plain least squares.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// Passes in which the correlation of the noise settles.
const PASSES: usize = 3;

/// A fit refitted from where it stands; absent where that does not converge.
pub fn refine(loading: &Loading<'_>, start: &ContactFit, refinement: &Refinement) -> Option<ContactFit> {
    let noise = start.noise().max(1e-15);
    let mut correlation = 0.0;
    let mut fit = *start;
    for _ in 0..if refinement.correlated { PASSES } else { 1 } {
        fit = pass(loading, &fit, refinement, correlation, noise)?;
        let residuals: Vec<f64> = depth(loading, &fit, refinement).iter().zip(loading.depth).map(|(m, h)| h - m).collect();
        fit.residual_sum = residuals.iter().map(|r| r * r).sum();
        correlation = neighbour_correlation(&residuals).clamp(0.0, 0.98);
    }
    Some(fit)
}

/// Depth of a fit with the dynamics that were asked for, m.
pub fn depth(loading: &Loading<'_>, fit: &ContactFit, refinement: &Refinement) -> Vec<f64> {
    match refinement.transducer {
        None => predicted(loading, fit),
        Some(transducer) => moving(loading, fit, transducer),
    }
}

fn pass(
    loading: &Loading<'_>,
    start: &ContactFit,
    refinement: &Refinement,
    correlation: f64,
    noise: f64,
) -> Option<ContactFit> {
    let length = loading.time[loading.time.len() - 1] - loading.time[0];
    let of = |p: &[f64]| ContactFit {
        scale: p[0].exp(),
        ln_time: p[1],
        delayed_share: p[2],
        offset: p[3] * noise,
        drift: p[4] * noise / length,
        ..*start
    };
    let model = |p: &[f64]| -> Vec<f64> {
        let shown = depth(loading, &of(p), refinement);
        let r: Vec<f64> = loading.depth.iter().zip(shown).map(|(h, m)| (h - m) / noise).collect();
        // Differences to what the sample before lets expect: white where the noise is autoregressive.
        let first = r[0] * (1.0 - correlation * correlation).sqrt();
        std::iter::once(first).chain(r.windows(2).map(|pair| pair[1] - correlation * pair[0])).collect()
    };
    let unless = |parameter: Parameter, free: bool| if free { parameter } else { parameter.fixed() };
    let (time, share) = match start.model {
        Model::Elastic => (0.0, 0.0),
        Model::Kelvin => (start.ln_time, 1.0),
        Model::StandardLinear => (start.ln_time, start.delayed_share.clamp(1e-6, 1.0 - 1e-6)),
    };
    let parameters = vec![
        Parameter::new("ln scale", start.scale.ln()).scale(0.01),
        unless(Parameter::new("ln time", time).scale(0.1), start.model != Model::Elastic),
        match start.model {
            Model::StandardLinear => Parameter::new("delayed share", share).within(0.0, 1.0),
            Model::Elastic | Model::Kelvin => Parameter::new("delayed share", share).fixed(),
        },
        unless(Parameter::new("offset", start.offset / noise), loading.offset),
        unless(Parameter::new("drift", start.drift * length / noise), loading.drift),
    ];
    let found = LeastSquares::new(parameters).loss(refinement.loss).fit(&model).ok()?;
    let mut covariance = [[0.0; 3]; 3];
    for (i, row) in covariance.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            *cell = found.covariance[[i, j]];
        }
    }
    Some(ContactFit { covariance, ..of(&found.params) })
}

/// Steps of the integration per time constant of the system.
const STEPS: f64 = 5.0;

/// Solves `m h'' + c h' + k h + F = P` from rest at contact, by the classical Runge-Kutta method; `F` is the force of the contact.
fn moving(loading: &Loading<'_>, fit: &ContactFit, part: Transducer) -> Vec<f64> {
    let (share, tau) = (fit.delayed_share, if fit.model == Model::Elastic { 0.0 } else { fit.ln_time.exp() });
    // q = (h/c)^(3/2) = (1 - w) F + w y with y' = (F - y)/tc; without an instantaneous part F = q + tc q'.
    let inverse = fit.scale.powf(-1.5);
    let force = |h: f64, v: f64, y: f64| {
        let (h, opening) = (h.max(0.0), if h > 0.0 { v } else { 0.0 });
        let q = inverse * h.powf(1.5);
        if share < 1.0 { (q - share * y) / (1.0 - share) } else { q + 1.5 * inverse * tau * h.sqrt() * opening }
    };
    let deepest = loading.depth.iter().fold(0.0, |a: f64, h| a.max(h - fit.offset)).max(1e-12);
    let slope = 1.5 * inverse * deepest.sqrt();
    let stiffest = slope / if share < 1.0 { 1.0 - share } else { 1.0 } + part.stiffness;
    let damping = part.damping + if share < 1.0 { 0.0 } else { slope * tau };
    let rate = (stiffest / part.mass).sqrt().max(damping / part.mass);
    let mut state = [0.0; 3];
    let start = loading.time[0];
    let shown = |h: f64, t: f64| h + fit.offset + fit.drift * (t - start);
    let mut depth = Vec::with_capacity(loading.time.len());
    depth.push(shown(0.0, start));
    for (t, p) in loading.time.windows(2).zip(loading.load.windows(2)) {
        let length = t[1] - t[0];
        let n = (STEPS * rate * length).ceil().clamp(1.0, 4096.0);
        let dt = length / n;
        for sub in 0..n as usize {
            let derivative = |s: [f64; 3], at: f64| {
                let f = force(s[0], s[1], s[2]);
                let load = p[0] + (p[1] - p[0]) * (sub as f64 + at) / n;
                let acceleration = (load - part.damping * s[1] - part.stiffness * s[0] - f) / part.mass;
                [s[1], acceleration, if tau > 0.0 { (f - s[2]) / tau } else { 0.0 }]
            };
            let add = |k: [f64; 3], share: f64| -> [f64; 3] { std::array::from_fn(|i| state[i] + share * dt * k[i]) };
            let k1 = derivative(state, 0.0);
            let k2 = derivative(add(k1, 0.5), 0.5);
            let k3 = derivative(add(k2, 0.5), 0.5);
            let k4 = derivative(add(k3, 1.0), 1.0);
            state = std::array::from_fn(|i| state[i] + dt / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]));
        }
        depth.push(shown(state[0], t[1]));
    }
    depth
}
