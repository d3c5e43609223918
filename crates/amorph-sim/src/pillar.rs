//! A micropillar pressed by a flat punch while a current runs through it.

use amorph_core::data::{Channel, Recording, Segment, SegmentKind, SegmentOrigin, TraceQuantity};
use amorph_core::random::{Rng, derive_seed, rng, standard_normals};
use rand::RngExt;
use rand_distr::{Distribution, Exp1};

use crate::SimulationError;
use crate::events::truncated_power_law;

/// The pillar and its circuit. SI.
#[derive(Debug, Clone, PartialEq)]
pub struct Pillar {
    /// Diameter of the top, m.
    pub top_diameter: f64,
    /// Height, m.
    pub height: f64,
    /// Young's modulus, Pa.
    pub youngs_modulus: f64,
    /// Poisson ratio.
    pub poisson_ratio: f64,
    /// Resistance of everything but the pillar, Ω.
    pub series_resistance: f64,
    /// Resistance of the contact under the peak load, Ω; it goes with the inverse root of the load (Holm), down to a hundredth of it.
    pub contact_resistance: f64,
    /// Resistance of the unloaded pillar, Ω.
    pub pillar_resistance: f64,
    /// Voltage that is kept, V.
    pub voltage: f64,
}

/// Ramp, hold and return, sampled evenly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadFunction {
    /// Highest load, N.
    pub peak: f64,
    /// Duration of each of the three segments, s.
    pub segment: f64,
    /// Samples per second, 1/s.
    pub rate: f64,
}

/// What the instrument adds.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceNoise {
    /// Standard deviation of ln I.
    pub ln_current: f64,
    /// Memory of that noise from one sample to the next.
    pub memory: f64,
    /// Random walk of ln I per square root of a second.
    pub drift: f64,
    /// Standard deviation of noise of ln I whose power goes with the inverse frequency.
    pub flicker: f64,
    /// Step of ln I between two levels, and how often it changes per second, 1/s.
    pub telegraph: [f64; 2],
    /// Step of the digitiser of the current, A; 0 for none.
    pub current_step: f64,
    /// Standard deviation of the depth, m.
    pub depth: f64,
    /// Standard deviation of the load, N.
    pub load: f64,
}

/// Spikes of the resistivity and pop-ins of the depth.
#[derive(Debug, Clone, PartialEq)]
pub struct EventLaw {
    /// Spikes per second that raise and that lower the resistivity, in ramp, hold and return, 1/s.
    pub rates: [[f64; 2]; 3],
    /// Exponent of their sizes.
    pub exponent: f64,
    /// Smallest relative change of the resistivity.
    pub smallest: f64,
    /// Cut-off of the sizes.
    pub cutoff: f64,
    /// Longest spike, samples; every duration from one sample on is as likely.
    pub longest: usize,
    /// Pop-ins per second of loading, 1/s.
    pub pop_in_rate: f64,
    /// Mean depth of a pop-in above 2 nm, m.
    pub pop_in_depth: f64,
}

/// A spike as it happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrueSpike {
    /// Its first sample.
    pub index: usize,
    /// Relative change of the resistivity, with its sign.
    pub size: f64,
    /// Samples it lasts.
    pub width: usize,
}

/// A pop-in as it happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TruePopIn {
    /// Its first sample.
    pub index: usize,
    /// Depth, m.
    pub depth: f64,
    /// Samples it takes.
    pub width: usize,
}

/// A recorded test and what is true of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PillarTest {
    /// Time, load, depth, current and voltage, with the segments.
    pub recording: Recording,
    /// The spikes, in order.
    pub spikes: Vec<TrueSpike>,
    /// The pop-ins, in order.
    pub pop_ins: Vec<TruePopIn>,
    /// ln ρ/ρ₀ at every sample.
    pub ln_resistivity: Vec<f64>,
}

impl Default for Pillar {
    fn default() -> Self {
        Self {
            top_diameter: 2.074e-6,
            height: 5e-6,
            youngs_modulus: 88e9,
            poisson_ratio: 1.0 / 3.0,
            series_resistance: 0.0,
            contact_resistance: 0.0,
            pillar_resistance: 2500.0,
            voltage: 5.0,
        }
    }
}

impl Default for LoadFunction {
    fn default() -> Self {
        Self { peak: 2e-3, segment: 10.0, rate: 1000.0 }
    }
}

impl Default for TraceNoise {
    fn default() -> Self {
        Self { ln_current: 1e-4, memory: 0.7, drift: 1e-3, depth: 0.5e-9, load: 0.2e-6, ..Self::SILENT }
    }
}

impl Default for EventLaw {
    fn default() -> Self {
        Self {
            rates: [[3.0, 2.0], [2.0, 2.0], [1.5, 2.5]],
            exponent: 1.5,
            smallest: 5e-4,
            cutoff: 1e-2,
            longest: 4,
            pop_in_rate: 0.3,
            pop_in_depth: 4e-9,
        }
    }
}

impl TraceNoise {
    /// None at all.
    pub const SILENT: Self = Self {
        ln_current: 0.0,
        memory: 0.0,
        drift: 0.0,
        flicker: 0.0,
        telegraph: [0.0, 0.0],
        current_step: 0.0,
        depth: 0.0,
        load: 0.0,
    };

    /// What is added to ln I at `n` samples, `rate` of them per second.
    fn of_current(&self, n: usize, rate: f64, seed: u64) -> Vec<f64> {
        let draws = |what: &str| standard_normals(derive_seed(seed, &[what.into()]), n);
        let (white, walk) = (draws("current"), draws("drift"));
        let innovation = self.ln_current * (1.0 - self.memory * self.memory).sqrt();
        let step = self.drift / rate.sqrt();
        let (mut slow, mut coloured) = (0.0, 0.0);
        let mut values: Vec<f64> = white
            .iter()
            .zip(&walk)
            .map(|(white, walk)| {
                slow += step * walk;
                coloured = self.memory * coloured + innovation * white;
                slow + coloured
            })
            .collect();
        if self.flicker > 0.0 {
            self.add_flicker(&mut values, derive_seed(seed, &["flicker".into()]));
        }
        if self.telegraph.iter().all(|value| *value > 0.0) {
            self.add_telegraph(&mut values, rate, derive_seed(seed, &["telegraph".into()]));
        }
        values
    }

    /// Relaxations of equal weight whose times double: their powers add up to 1/f from the sampling to a thousandth of it.
    fn add_flicker(&self, values: &mut [f64], seed: u64) {
        const RELAXATIONS: usize = 12;
        for k in 0..RELAXATIONS {
            let memory = 1.0 - 0.5f64.powi(k as i32 + 1);
            let scale = self.flicker / (RELAXATIONS as f64).sqrt();
            let draws = standard_normals(derive_seed(seed, &[k.into()]), values.len());
            let mut level = scale * draws.first().copied().unwrap_or(0.0);
            for (value, draw) in values.iter_mut().zip(&draws) {
                level = memory * level + scale * (1.0 - memory * memory).sqrt() * draw;
                *value += level;
            }
        }
    }

    fn add_telegraph(&self, values: &mut [f64], rate: f64, seed: u64) {
        let [size, changes] = self.telegraph;
        let mut rng = rng(seed);
        let mut level = 0.5 * size;
        for value in values {
            if rng.random::<f64>() < changes / rate {
                level = -level;
            }
            *value += level;
        }
    }
}

impl Pillar {
    /// Resistance over that of the unloaded pillar, without events: L/A of an elastic pillar.
    fn geometry(&self, strain: f64) -> f64 {
        (1.0 - strain) / (1.0 + self.poisson_ratio * strain).powi(2)
    }

    /// A test of this pillar.
    ///
    /// The current is V/(R_series + R_pillar (ρ/ρ₀) (1-e)/(1+νe)²): without series resistance and noise the exact inverse of the
    /// apparent change of the resistivity.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for lengths, loads, rates and sizes that are not positive.
    pub fn press(
        &self,
        load: &LoadFunction,
        noise: &TraceNoise,
        events: &EventLaw,
        seed: u64,
    ) -> Result<PillarTest, SimulationError> {
        let positive = SimulationError::require_positive;
        positive("top_diameter", self.top_diameter)?;
        positive("height", self.height)?;
        positive("youngs_modulus", self.youngs_modulus)?;
        positive("pillar_resistance", self.pillar_resistance)?;
        positive("voltage", self.voltage)?;
        SimulationError::require_not_negative("series_resistance", self.series_resistance)?;
        SimulationError::require_not_negative("contact_resistance", self.contact_resistance)?;
        SimulationError::require_not_negative("current_step", noise.current_step)?;
        positive("peak", load.peak)?;
        positive("segment", load.segment)?;
        positive("rate", load.rate)?;
        let per_segment = (load.segment * load.rate).round() as usize;
        let n = 3 * per_segment;
        let spikes = spikes(events, load, per_segment, derive_seed(seed, &["spikes".into()]))?;
        let pop_ins = pop_ins(events, load, per_segment, derive_seed(seed, &["pop-ins".into()]))?;
        let mut ln_resistivity = vec![0.0; n];
        for spike in &spikes {
            let end = (spike.index + spike.width).min(n);
            ln_resistivity[spike.index..end].iter_mut().for_each(|value| *value += spike.size);
        }
        let area = std::f64::consts::PI / 4.0 * self.top_diameter.powi(2);
        let stiffness = self.youngs_modulus * area / self.height;
        let mut jumps = vec![0.0; n];
        for pop_in in &pop_ins {
            for offset in 0..pop_in.width {
                if let Some(jump) = jumps.get_mut(pop_in.index + offset) {
                    *jump += pop_in.depth / pop_in.width as f64;
                }
            }
        }
        let draws = |what: &str| standard_normals(derive_seed(seed, &["noise".into(), what.into()]), n);
        let (of_depth, of_load) = (draws("depth"), draws("load"));
        let of_current = noise.of_current(n, load.rate, derive_seed(seed, &["noise".into()]));
        let mut plastic = 0.0;
        let mut columns: [Vec<f64>; 5] = std::array::from_fn(|_| Vec::with_capacity(n));
        for t in 0..n {
            let demand = load.at(t, per_segment);
            plastic += jumps[t];
            let depth = demand / stiffness + plastic;
            let contact = self.contact_resistance / (demand / load.peak).max(0.01).sqrt();
            let resistance = self.series_resistance
                + contact
                + self.pillar_resistance * ln_resistivity[t].exp() * self.geometry(depth / self.height);
            let values = [
                t as f64 / load.rate,
                demand + noise.load * of_load[t],
                depth + noise.depth * of_depth[t],
                digitised(self.voltage / resistance * of_current[t].exp(), noise.current_step),
                self.voltage,
            ];
            columns.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        }
        let quantities =
            [TraceQuantity::Time, TraceQuantity::Load, TraceQuantity::Depth, TraceQuantity::Current, TraceQuantity::Voltage];
        let channels = quantities.into_iter().zip(columns).map(|(quantity, values)| Channel::new(quantity, values)).collect();
        let kinds = [SegmentKind::Load, SegmentKind::Hold, SegmentKind::Unload];
        let segments = kinds.into_iter().enumerate().map(|(index, kind)| Segment {
            kind,
            first: index * per_segment,
            end: (index + 1) * per_segment,
            origin: SegmentOrigin::File,
            demand: None,
        });
        let recording = Recording { segments: segments.collect(), ..Recording::of_test(channels) };
        Ok(PillarTest { recording, spikes, pop_ins, ln_resistivity })
    }
}

fn digitised(value: f64, step: f64) -> f64 {
    if step > 0.0 { (value / step).round() * step } else { value }
}

impl LoadFunction {
    /// Demanded load at a sample.
    fn at(&self, sample: usize, per_segment: usize) -> f64 {
        let within = (sample % per_segment) as f64 / per_segment as f64;
        match sample / per_segment {
            0 => self.peak * within,
            1 => self.peak,
            _ => self.peak * (1.0 - within),
        }
    }
}

fn spikes(law: &EventLaw, load: &LoadFunction, per_segment: usize, seed: u64) -> Result<Vec<TrueSpike>, SimulationError> {
    let mut rng = rng(seed);
    let mut found = Vec::new();
    for (segment, rates) in law.rates.iter().enumerate() {
        for (rate, sign) in rates.iter().zip([1.0, -1.0]) {
            SimulationError::require_not_negative("rates", *rate)?;
            for at in arrivals(*rate, load, per_segment, &mut rng) {
                let index = segment * per_segment + at;
                found.push(TrueSpike { index, size: sign, width: rng.random_range(1..=law.longest.max(1)) });
            }
        }
    }
    found.sort_by_key(|spike| spike.index);
    let sizes = truncated_power_law(law.exponent, law.smallest, law.cutoff, found.len(), derive_seed(seed, &["sizes".into()]))?;
    found.iter_mut().zip(sizes).for_each(|(spike, size)| spike.size *= size);
    Ok(found)
}

/// Samples of independent events within a segment.
fn arrivals(rate: f64, load: &LoadFunction, per_segment: usize, rng: &mut Rng) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0.0;
    loop {
        let wait: f64 = Exp1.sample(rng);
        // Without events the first wait is endless.
        at += wait * load.rate / rate;
        if at.is_nan() || at >= per_segment as f64 {
            return found;
        }
        found.push(at as usize);
    }
}

fn pop_ins(law: &EventLaw, load: &LoadFunction, per_segment: usize, seed: u64) -> Result<Vec<TruePopIn>, SimulationError> {
    SimulationError::require_not_negative("pop_in_rate", law.pop_in_rate)?;
    SimulationError::require_not_negative("pop_in_depth", law.pop_in_depth)?;
    let mut rng = rng(seed);
    let places = arrivals(law.pop_in_rate, load, per_segment, &mut rng);
    let pop_in = |index: usize| {
        let size: f64 = Exp1.sample(&mut rng);
        TruePopIn { index, depth: 2e-9 + law.pop_in_depth * size, width: rng.random_range(1..=8) }
    };
    Ok(places.into_iter().map(pop_in).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn without_noise_the_current_gives_the_resistivity_back() {
        let pillar = Pillar::default();
        let test = pillar.press(&LoadFunction::default(), &TraceNoise::SILENT, &EventLaw::default(), 3).unwrap();
        let depth = test.recording.values(TraceQuantity::Depth).unwrap();
        let current = test.recording.values(TraceQuantity::Current).unwrap();
        let first = pillar.voltage / pillar.pillar_resistance;
        for (t, truth) in test.ln_resistivity.iter().enumerate() {
            let strain = depth[t] / pillar.height;
            let geometry = 2.0 * (pillar.poisson_ratio * strain).ln_1p() - (-strain).ln_1p();
            assert!((-(current[t] / first).ln() + geometry - truth).abs() < 1e-12);
        }
        assert!(test.spikes.len() > 80 && !test.pop_ins.is_empty());
    }

    #[test]
    fn the_law_is_obeyed() {
        let law = EventLaw { rates: [[0.0, 0.0], [50.0, 20.0], [0.0, 0.0]], ..EventLaw::default() };
        let test = Pillar::default().press(&LoadFunction::default(), &TraceNoise::default(), &law, 5).unwrap();
        let rising = test.spikes.iter().filter(|spike| spike.size > 0.0).count() as f64;
        let falling = test.spikes.len() as f64 - rising;
        assert!((rising - 500.0).abs() < 4.0 * 500f64.sqrt() && (falling - 200.0).abs() < 4.0 * 200f64.sqrt());
        assert!(test.spikes.iter().all(|spike| spike.index >= 10_000 && spike.index < 20_000));
        assert!(test.spikes.iter().all(|spike| spike.size.abs() >= 5e-4 && (1..=4).contains(&spike.width)));
    }

    #[test]
    fn the_digitiser_and_noise_of_two_levels_show() {
        let silent = EventLaw { rates: [[0.0; 2]; 3], pop_in_rate: 0.0, ..EventLaw::default() };
        let noise = TraceNoise { telegraph: [1e-3, 5.0], current_step: 1e-7, ..TraceNoise::SILENT };
        let test = Pillar::default().press(&LoadFunction::default(), &noise, &silent, 2).unwrap();
        let current = test.recording.values(TraceQuantity::Current).unwrap();
        assert!(current.iter().all(|value| (value / 1e-7 - (value / 1e-7).round()).abs() < 1e-6));
        let jumps = current[10_000..20_000].windows(2).filter(|pair| (pair[1] / pair[0]).ln().abs() > 8e-4).count();
        assert!((20..90).contains(&jumps), "{jumps}");
    }

    #[test]
    fn flicker_has_equal_power_in_every_octave() {
        let noise = TraceNoise { flicker: 1.0, ..TraceNoise::SILENT };
        let values = noise.of_current(1 << 17, 1000.0, 4);
        let variance = |apart: usize| {
            let n = values.len() - 2 * apart;
            let mean = |from: usize| values[from..from + apart].iter().sum::<f64>() / apart as f64;
            let each = (0..n).step_by(apart).map(|from| (mean(from + apart) - mean(from)).powi(2));
            let all: Vec<f64> = each.collect();
            all.iter().sum::<f64>() / all.len() as f64
        };
        // The Allan variance of 1/f noise does not depend on the time of averaging.
        let ratios: Vec<f64> = [8, 32, 128].iter().map(|apart| variance(4 * apart) / variance(*apart)).collect();
        assert!(ratios.iter().all(|ratio| (0.7..1.4).contains(ratio)), "{ratios:?}");
    }

    #[test]
    fn impossible_pillars_are_refused() {
        let pillar = Pillar { height: 0.0, ..Pillar::default() };
        let error = pillar.press(&LoadFunction::default(), &TraceNoise::default(), &EventLaw::default(), 1).unwrap_err();
        assert!(error.to_string().starts_with("`height` is 0"), "{error}");
    }
}
