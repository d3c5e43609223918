use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::{derive_seed, standard_normals};

use amorph_core::constants::GAS;

use super::{Slowing, StretchedKernel, Tnm};
use crate::SimulationError;

/// A calorimeter with a glass in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Dsc {
    /// What relaxes; the steps of all add up.
    pub relaxing: Vec<Relaxing>,
    /// Heat capacity of the glass at `reference` (J/(kg K)) and its slope (J/(kg K^2)).
    pub glass: [f64; 2],
    /// Temperature where the lines of the heat capacities are stated, K.
    pub reference: f64,
    /// What is done to the sample.
    pub program: Program,
    /// Time between samples, s.
    pub interval: f64,
    /// Mass of the sample, kg.
    pub mass: f64,
    /// Baseline of the instrument in W/kg: at `reference`, per K, per K^2.
    pub baseline: [f64; 3],
    /// Time constant of the sensor, s.
    pub lag: f64,
    /// Standard deviation of the white noise, W/kg.
    pub noise: f64,
    /// Standard deviation of the noise with a spectrum of 1/f per octave, W/kg.
    pub flicker: f64,
    /// Crystallisation, where there is one.
    pub crystallisation: Option<Crystallisation>,
    /// Direction of exothermic signals in the record.
    pub sign: HeatSign,
    /// Whether the record holds the heat flow per mass.
    pub per_mass: bool,
}

/// A process with its step of the heat capacity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relaxing {
    /// Its relaxation.
    pub tnm: Tnm,
    /// Step of the heat capacity at the reference (J/(kg K)) and its slope (J/(kg K^2)).
    pub step: [f64; 2],
}

/// What is done to a sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// Temperature of equilibrium at which it begins, K.
    pub start: f64,
    /// The stages.
    pub stages: Vec<Stage>,
    /// Number of the first stage that is recorded.
    pub recorded_from: usize,
}

/// One stage of a program.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stage {
    /// To a temperature (K) at a rate (K/s, positive).
    Ramp {
        /// Temperature at its end, K.
        to: f64,
        /// Absolute rate, K/s.
        rate: f64,
    },
    /// Hold, s.
    Hold(f64),
}

/// Direction of exothermic signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeatSign {
    /// Exothermic signals are positive.
    ExoUp,
    /// Endothermic signals are positive.
    EndoUp,
}

/// A reaction of first order on heating: `dα/dt = k0 exp(-E/RT) (1 - α)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crystallisation {
    /// k0, 1/s.
    pub prefactor: f64,
    /// E, J/mol.
    pub energy: f64,
    /// Heat that it releases, J/kg.
    pub enthalpy: f64,
}

/// A record and what lies behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct DscTest {
    /// Time, temperature and heat flow.
    pub record: Record,
    /// Time of the samples, s.
    pub time: Vec<f64>,
    /// Their temperature, K.
    pub temperature: Vec<f64>,
    /// Heat capacity of the sample, J/(kg K): the derivative of its enthalpy, crystallisation left out; NaN where the temperature rests.
    pub heat_capacity: Vec<f64>,
    /// Fictive temperature of the first process, K.
    pub fictive: Vec<f64>,
    /// Enthalpy of the sample, J/kg, crystallisation left out.
    pub enthalpy: Vec<f64>,
}

impl Default for Dsc {
    /// A glass with a transition at 625 K, cooled and heated at 20 K/min; the heating is recorded.
    fn default() -> Self {
        let slowing = Slowing::Narayanaswamy;
        let tnm = Tnm { ln_prefactor: -120.0, enthalpy: 120.0 * GAS * 650.0, nonlinearity: 0.6, exponent: 0.5, slowing };
        Self {
            relaxing: vec![Relaxing { tnm, step: [180.0, -0.2] }],
            glass: [330.0, 0.1],
            reference: 620.0,
            program: Program::cycle(700.0, 480.0, 20.0 / 60.0, 20.0 / 60.0),
            interval: 1.5,
            mass: 20e-6,
            baseline: [5.0, 0.02, 0.0],
            lag: 0.0,
            noise: 0.3,
            flicker: 0.0,
            crystallisation: None,
            sign: HeatSign::EndoUp,
            per_mass: true,
        }
    }
}

impl Program {
    /// Cooling and heating between two temperatures; the heating is recorded.
    pub fn cycle(high: f64, low: f64, cooling: f64, heating: f64) -> Self {
        let stages = vec![Stage::Ramp { to: low, rate: cooling }, Stage::Ramp { to: high, rate: heating }];
        Self { start: high, stages, recorded_from: 1 }
    }

    /// As [`Self::cycle`], with a hold at a temperature for a time (s) on the way.
    pub fn annealed(high: f64, low: f64, rates: [f64; 2], at: f64, duration: f64) -> Self {
        let [cooling, heating] = rates;
        let stages = vec![
            Stage::Ramp { to: at, rate: cooling },
            Stage::Hold(duration),
            Stage::Ramp { to: low, rate: cooling },
            Stage::Ramp { to: high, rate: heating },
        ];
        Self { start: high, stages, recorded_from: 3 }
    }

    /// Nodes (time, temperature) every `interval` seconds, and the first of the recorded ones.
    fn nodes(&self, interval: f64) -> (Vec<(f64, f64)>, usize) {
        let mut nodes = vec![(0.0, self.start)];
        let mut recorded = 0;
        let (mut time, mut temperature) = (0.0, self.start);
        for (number, stage) in self.stages.iter().enumerate() {
            if number == self.recorded_from {
                recorded = nodes.len() - 1;
            }
            let (to, duration) = match *stage {
                Stage::Ramp { to, rate } => (to, (to - temperature).abs() / rate),
                Stage::Hold(duration) => (temperature, duration),
            };
            // What is not recorded needs no samples of its own.
            let n = if number < self.recorded_from { 1 } else { (duration / interval).round().max(1.0) as usize };
            let share = |i: usize| i as f64 / n as f64;
            nodes.extend((1..=n).map(|i| (time + share(i) * duration, temperature + share(i) * (to - temperature))));
            time += duration;
            temperature = to;
        }
        (nodes, recorded)
    }
}

impl Dsc {
    fn check(&self) -> Result<(), SimulationError> {
        for (name, value) in [("interval", self.interval), ("mass", self.mass), ("start", self.program.start)] {
            SimulationError::require_positive(name, value)?;
        }
        for (name, value) in [("lag", self.lag), ("noise", self.noise), ("flicker", self.flicker)] {
            SimulationError::require_not_negative(name, value)?;
        }
        for stage in &self.program.stages {
            match *stage {
                Stage::Ramp { to, rate } => {
                    SimulationError::require_positive("to", to)?;
                    SimulationError::require_positive("rate", rate)?;
                }
                Stage::Hold(duration) => SimulationError::require_positive("hold", duration)?,
            }
        }
        self.relaxing.iter().try_for_each(|process| process.tnm.check())
    }

    /// Heat capacity of the glass, J/(kg K).
    pub fn glass_at(&self, temperature: f64) -> f64 {
        self.glass[0] + self.glass[1] * (temperature - self.reference)
    }

    /// Heat capacity of the liquid, J/(kg K).
    pub fn liquid_at(&self, temperature: f64) -> f64 {
        self.glass_at(temperature)
            + self
                .relaxing
                .iter()
                .map(|process| process.step[0] + process.step[1] * (temperature - self.reference))
                .sum::<f64>()
    }

    /// One measurement.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<DscTest, SimulationError> {
        self.check()?;
        let (nodes, recorded) = self.program.nodes(self.interval);
        let n = nodes.len();
        if n < recorded + 2 {
            return Err(SimulationError::Parameter {
                name: "recorded_from",
                value: recorded as f64,
                allowed: "before the last stage ends",
            });
        }
        // Heat per time and enthalpy, J/kg.
        let mut power: Vec<f64> = (0..n).map(|i| self.glass_at(nodes[i].1) * heating(&nodes, i)).collect();
        let from = |t: f64| t - self.reference;
        let mut enthalpy: Vec<f64> =
            nodes.iter().map(|(_, t)| self.glass[0] * from(*t) + 0.5 * self.glass[1] * from(*t).powi(2)).collect();
        let mut fictive = vec![f64::NAN; n];
        for (number, process) in self.relaxing.iter().enumerate() {
            let kernel = StretchedKernel::new(process.tnm.exponent)?;
            let found = process.tnm.fictive(&kernel, &nodes);
            for i in 0..n {
                let above = found.temperature[i] - self.reference;
                power[i] += (process.step[0] + process.step[1] * above) * found.rate[i];
                enthalpy[i] += process.step[0] * above + 0.5 * process.step[1] * above * above;
            }
            if number == 0 {
                fictive = found.temperature;
            }
        }
        // Where the record begins the program turns: its first sample is that of the ramp which follows.
        if recorded > 0 {
            power[recorded] = power[recorded + 1];
        }
        let kept = &nodes[recorded..];
        let heat_capacity = (0..kept.len())
            .map(|i| {
                let rate = heating(&nodes, (recorded + i).max(recorded + 1));
                if rate == 0.0 { f64::NAN } else { power[recorded + i] / rate }
            })
            .collect();
        let time: Vec<f64> = kept.iter().map(|(time, _)| time - kept[0].0).collect();
        let temperature: Vec<f64> = kept.iter().map(|(_, t)| *t).collect();
        let signal = self.signal(kept, &power[recorded..], seed);
        let quantity = if self.per_mass { TraceQuantity::SpecificHeatFlow } else { TraceQuantity::HeatFlow };
        let channels = vec![
            Channel::new(TraceQuantity::Time, time.clone()),
            Channel::new(TraceQuantity::Temperature, temperature.clone()),
            Channel::new(quantity, signal),
        ];
        Ok(DscTest {
            record: Record::of_test("dsc", Recording::of_test(channels)),
            time,
            temperature,
            heat_capacity,
            fictive: fictive[recorded..].to_vec(),
            enthalpy: enthalpy[recorded..].to_vec(),
        })
    }

    /// What the instrument writes: reaction, baseline, lag, noise, sign and mass.
    fn signal(&self, nodes: &[(f64, f64)], power: &[f64], seed: u64) -> Vec<f64> {
        let white = standard_normals(derive_seed(seed, &["white".into()]), nodes.len());
        let flicker = flicker(derive_seed(seed, &["flicker".into()]), nodes.len());
        let reaction = self.reaction(nodes);
        let sign = if self.sign == HeatSign::EndoUp { 1.0 } else { -1.0 };
        let mut lagging = f64::NAN;
        (0..nodes.len())
            .map(|i| {
                let above = nodes[i].1 - self.reference;
                let real = power[i] - reaction[i] + self.baseline[0] + above * (self.baseline[1] + above * self.baseline[2]);
                if i == 0 || self.lag == 0.0 {
                    lagging = real;
                } else {
                    lagging += (real - lagging) * (1.0 - (-(nodes[i].0 - nodes[i - 1].0) / self.lag).exp());
                }
                let value = lagging + self.noise * white[i] + self.flicker * flicker[i];
                sign * value * if self.per_mass { 1.0 } else { self.mass }
            })
            .collect()
    }

    /// Heat per time that the reaction releases, W/kg.
    fn reaction(&self, nodes: &[(f64, f64)]) -> Vec<f64> {
        let Some(reaction) = self.crystallisation else { return vec![0.0; nodes.len()] };
        let rate = |t: f64| reaction.prefactor * (-reaction.energy / (GAS * t)).exp();
        let mut exposure = 0.0;
        let mut heat = vec![0.0];
        for pair in nodes.windows(2) {
            const PARTS: usize = 8;
            let dt = (pair[1].0 - pair[0].0) / PARTS as f64;
            let temperature = |part: f64| pair[0].1 + part / PARTS as f64 * (pair[1].1 - pair[0].1);
            exposure += (0..PARTS).map(|part| rate(temperature(part as f64 + 0.5)) * dt).sum::<f64>();
            heat.push(reaction.enthalpy * rate(pair[1].1) * (-exposure).exp());
        }
        heat
    }
}

/// Rate of the temperature at a node, K/s: of the interval before it.
fn heating(nodes: &[(f64, f64)], i: usize) -> f64 {
    let i = i.max(1);
    if nodes.len() < 2 { 0.0 } else { (nodes[i].1 - nodes[i - 1].1) / (nodes[i].0 - nodes[i - 1].0) }
}

/// Noise of variance one per octave over ten octaves: autoregressions an octave apart.
pub(super) fn flicker(seed: u64, n: usize) -> Vec<f64> {
    const OCTAVES: usize = 10;
    let mut sum = vec![0.0; n];
    for octave in 0..OCTAVES {
        let normals = standard_normals(derive_seed(seed, &[octave.into()]), n + 1);
        let keep = (-1.0 / 2f64.powi(octave as i32)).exp();
        let fresh = (1.0 - keep * keep).sqrt();
        let mut state = normals[n];
        for (value, normal) in sum.iter_mut().zip(&normals) {
            state = keep * state + fresh * normal;
            *value += state / (OCTAVES as f64).sqrt();
        }
    }
    sum
}
