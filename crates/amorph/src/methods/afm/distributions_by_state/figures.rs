//! Densities of the states on a linear and a logarithmic axis, and their low tails.

use super::DistributionsByState;
use super::algorithm::Pool;
use super::input::Input;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

/// Share of the pixels left out at each side of the linear axis.
const TRIMMED: f64 = 2e-4;
/// Points of a line at most.
const MOST_POINTS: usize = 400;

pub(super) fn all(method: &DistributionsByState, input: &Input, pool: &Pool) -> Vec<Figure> {
    let si = if input.unit.is_known() { input.unit.clone() } else { Unit::one() };
    let reference = pool.pooled(input.reference);
    let unit = si.preferred(si.to_si(pool.quantile(&reference, 0.5)));
    let drawing = Drawing { input, pool, si, unit };
    vec![drawing.densities(method, &reference), drawing.low_tails(method, &reference)]
}

struct Drawing<'a> {
    input: &'a Input,
    pool: &'a Pool,
    si: Unit,
    unit: Unit,
}

impl Drawing<'_> {
    fn x_axis(&self) -> Axis {
        Axis::linear(&self.input.quantity.replace('_', " "), self.unit.clone())
    }

    fn densities(&self, method: &DistributionsByState, reference: &[f64]) -> Figure {
        let inverse = match self.unit.symbol() {
            "" => Unit::one(),
            symbol if symbol.contains([' ', '/']) => Unit::of(&format!("1/({symbol})")),
            symbol => Unit::of(&format!("1/{symbol}")),
        };
        let states = 0..self.input.states.len();
        let ends = |p: f64| states.clone().map(move |state| self.pool.quantile(&self.pool.pooled(state), p));
        let low = self.si.to_si(ends(TRIMMED).fold(f64::INFINITY, f64::min));
        let high = self.si.to_si(ends(1.0 - TRIMMED).fold(f64::NEG_INFINITY, f64::max));
        let mut linear = Panel::new("", self.x_axis().within(low, high), Axis::linear("probability density", inverse.clone()));
        let mut logarithmic = Panel::new("", self.x_axis(), Axis::log("probability density", inverse));
        for state in states {
            let name = &self.input.states[state].name;
            let role = Role::Series(state as u16);
            let (x, mean, lo, hi) = self.density(state);
            if self.input.states[state].sites.len() > 1 {
                let band = Mark::Band { name: String::new(), role, x: x.clone(), lo, hi };
                linear = linear.with(band);
            }
            linear = linear.with(Mark::line(name, role, x.clone(), mean.clone()));
            let (x, mean) = x.into_iter().zip(mean).filter(|(_, density)| *density > 0.0).unzip();
            logarithmic = logarithmic.with(Mark::line(name, role, x, mean));
        }
        let threshold = self.si.to_si(self.pool.quantile(reference, 1.0 - method.area_fraction));
        let name = format!("top {:.0} % of {}", 100.0 * method.area_fraction, self.input.states[self.input.reference].name);
        let rule = || Mark::Rule { name: name.clone(), role: Role::Highlight, axis: RuleAxis::X, at: threshold };
        Figure {
            key: "densities".to_owned(),
            title: "Distributions of the states".to_owned(),
            caption: "Probability density of each state, every site with equal weight, on a linear and on a logarithmic axis. Bands: \
                      standard deviation between sites. Vertical line: the level above which the brightest pixels of the reference lie."
                .to_owned(),
            panels: vec![linear.with(rule()), logarithmic.with(rule())],
        }
    }

    /// Centres of the bins, mean density and the band of one standard deviation between sites, SI; neighbouring bins joined
    /// where there are more than can be seen.
    fn density(&self, state: usize) -> (Vec<f64>, Vec<f64>, Vec<f64>, Vec<f64>) {
        let scale = self.si.scale();
        let densities = self.pool.density(state);
        let centres = self.pool.centres();
        let group = densities.len().div_ceil(MOST_POINTS).max(1);
        let (mut x, mut mean, mut lo, mut hi) = (vec![], vec![], vec![], vec![]);
        for (places, values) in centres.chunks(group).zip(densities.chunks(group)) {
            let n = places.len() as f64;
            let (sum, spread) = values.iter().fold((0.0, 0.0), |(a, b), (mean, sd)| (a + mean, b + sd));
            x.push(self.si.to_si(places.iter().sum::<f64>() / n));
            mean.push(sum / n / scale);
            lo.push((sum - spread).max(0.0) / n / scale);
            hi.push((sum + spread) / n / scale);
        }
        (x, mean, lo, hi)
    }

    fn low_tails(&self, method: &DistributionsByState, reference: &[f64]) -> Figure {
        let end = self.pool.quantile(reference, method.low_tail);
        let shown = self.pool.quantile(reference, (1.5 * method.low_tail).min(0.75));
        let mut panel = Panel::new("", self.x_axis(), Axis::linear("share of pixels below", Unit::one()));
        for (state, named) in self.input.states.iter().enumerate().filter(|(state, _)| Some(*state) != self.input.noise) {
            let cumulated = self.pool.pooled(state);
            let points: Vec<(f64, f64)> = (0..cumulated.len())
                .map(|place| (self.pool.level(place), cumulated[place]))
                .filter(|(level, share)| *level <= shown && *share > 1e-4)
                .collect();
            let every = points.len().div_ceil(MOST_POINTS).max(1);
            let (x, y) = points.into_iter().step_by(every).map(|(x, y)| (self.si.to_si(x), y)).unzip();
            panel = panel.with(Mark::line(&named.name, Role::Series(state as u16), x, y));
        }
        let name = format!("end of the low tail ({:.0} %)", 100.0 * method.low_tail);
        panel = panel.with(Mark::Rule { name, role: Role::Highlight, axis: RuleAxis::X, at: self.si.to_si(end) });
        Figure {
            key: "low_tails".to_owned(),
            title: "Low tails".to_owned(),
            caption:
                "Share of the pixels below a level. The largest vertical distance left of the line is D; curves on top of each \
                      other are regions that the treatment has left as they were."
                    .to_owned(),
            panels: vec![panel],
        }
    }
}
