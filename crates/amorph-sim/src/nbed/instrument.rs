//! From a foil to counts.

use amorph_core::data::{Pixels, Scan4d};
use amorph_core::random::{Rng, derive_seed, rng};
use rand::RngExt;
use rand_distr::{Beta, Distribution, Poisson};

use super::{Nbed, NbedScan, Order, OrderClass, PatternTruth, Speckle};
use crate::SimulationError;

/// Counts of a hot pixel.
const HOT: u16 = 60_000;

impl Nbed {
    /// Scans the foil. One pattern depends on `seed` and its place in the scan alone.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`].
    pub fn measure(&self, seed: u64) -> Result<NbedScan, SimulationError> {
        self.check()?;
        let speckle = Speckle::new(self.detector, self.centre, self.grain * self.disk_radius, self.modes)?;
        let n = self.scan[0] * self.scan[1];
        let ordered = self.ordered(n, seed)?;
        let background = self.background();
        let bad = self.bad_pixels(seed);
        let mut pixels = Vec::with_capacity(n * background.len());
        let mut truth = Vec::with_capacity(n);
        let alike = self.friedel_fraction == 1.0;
        let shared =
            (self.overlap > 0.0).then(|| speckle.scan(self.scan, self.overlap, alike, derive_seed(seed, &["speckle".into()])));
        for (index, ordered) in ordered.iter().enumerate() {
            let mut rng = rng(derive_seed(seed, &["pattern".into(), index.into()]));
            let class = if *ordered { self.draw_class(&mut rng) } else { OrderClass::None };
            let reflections = self.draw_reflections(class, &mut rng);
            let pattern = PatternTruth { class, reflections };
            let thickness = self.thickness.get(index).copied().unwrap_or(1.0);
            let friedel = rng.random::<f64>() < self.friedel_fraction;
            let intensity = match &shared {
                Some(shared) => shared[index].clone(),
                None => speckle.sample(&mut rng, friedel),
            };
            let electrons = self.electrons(&pattern, &background, &intensity);
            pixels.extend(electrons.iter().zip(&bad).map(|(electrons, bad)| match bad {
                Some(value) => *value,
                None => self.counts(thickness * electrons, &mut rng),
            }));
            truth.push(pattern);
        }
        let shape = [self.scan[0], self.scan[1], self.detector[0], self.detector[1]];
        let scan = Scan4d::of_pixels(shape, Pixels::U16(pixels));
        Ok(NbedScan { scan, truth, masked: bad.iter().map(Option::is_some).collect() })
    }

    pub(super) fn ordered(&self, n: usize, seed: u64) -> Result<Vec<bool>, SimulationError> {
        let (fraction, overdispersion) = match &self.order {
            Order::Map(map) => return Ok(map.clone()),
            Order::Fraction { fraction, overdispersion } => (*fraction, *overdispersion),
        };
        let mut rng = rng(derive_seed(seed, &["order".into()]));
        let probability = if overdispersion > 0.0 && fraction > 0.0 && fraction < 1.0 {
            let odds = 1.0 / overdispersion - 1.0;
            let wrong = SimulationError::Parameter { name: "overdispersion", value: overdispersion, allowed: "below 1" };
            Beta::new(fraction * odds, (1.0 - fraction) * odds).map_err(|_| wrong)?.sample(&mut rng)
        } else {
            fraction
        };
        Ok((0..n).map(|_| rng.random::<f64>() < probability).collect())
    }

    /// Halo and direct beam of every pixel: the part that speckles, and the part that does not.
    fn background(&self) -> Vec<(f64, f64)> {
        let [rows, columns] = self.detector;
        let pixel = |i: usize| {
            let (y, x) = ((i / columns) as f64, (i % columns) as f64);
            let r = (y - self.centre[0]).hypot(x - self.centre[1]);
            let beam = self.direct_beam * self.dose * (self.disk_radius + 0.5 - r).clamp(0.0, 1.0);
            (self.halo(self.distance([y, x])), beam)
        };
        (0..rows * columns).map(pixel).collect()
    }

    fn electrons(&self, pattern: &PatternTruth, background: &[(f64, f64)], intensity: &[f64]) -> Vec<f64> {
        let mut electrons: Vec<f64> =
            background.iter().zip(intensity).map(|((halo, beam), intensity)| halo * intensity + beam).collect();
        let [rows, columns] = self.detector;
        for reflection in &pattern.reflections {
            let [y0, x0] = reflection.position;
            let peak = reflection.amplitude * self.halo(self.distance(reflection.position));
            let reach = self.disk_radius + 1.0;
            let range = |at: f64, n: usize| ((at - reach).max(0.0) as usize)..((at + reach).max(-1.0) as usize + 2).min(n);
            for y in range(y0, rows) {
                for x in range(x0, columns) {
                    let r = (y as f64 - y0).hypot(x as f64 - x0);
                    electrons[y * columns + x] += peak * (self.disk_radius + 0.5 - r).clamp(0.0, 1.0);
                }
            }
        }
        electrons
    }

    fn counts(&self, electrons: f64, rng: &mut Rng) -> u16 {
        let counted = Poisson::new(electrons).map_or(0.0, |poisson| poisson.sample(rng));
        (counted * self.gain).round().min(f64::from(u16::MAX)) as u16
    }

    /// The constant that a hidden, dead or hot pixel always shows.
    fn bad_pixels(&self, seed: u64) -> Vec<Option<u16>> {
        let [rows, columns] = self.detector;
        let hidden = |i: usize| {
            let stop = self.beam_stop?;
            let (y, x) = ((i / columns) as f64 - self.centre[0], (i % columns) as f64 - self.centre[1]);
            let along = x * stop.angle.cos() + y * stop.angle.sin();
            let across = y * stop.angle.cos() - x * stop.angle.sin();
            let round = along.hypot(across) <= 1.5 * self.disk_radius;
            (round || (along > 0.0 && across.abs() <= stop.half_width)).then_some(0)
        };
        let mut bad: Vec<Option<u16>> = (0..rows * columns).map(hidden).collect();
        let mut rng = rng(derive_seed(seed, &["bad pixels".into()]));
        for i in 0..self.bad_pixels {
            let at = rng.random_range(0..bad.len());
            bad[at] = Some(if i % 2 == 0 { 0 } else { HOT });
        }
        bad
    }
}
