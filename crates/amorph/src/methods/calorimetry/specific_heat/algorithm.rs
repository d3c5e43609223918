//! Heat capacity from three runs: sample, empty pans, sapphire.

/// Rising temperatures with values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// Temperatures, K, rising.
    pub x: Vec<f64>,
    /// Values.
    pub y: Vec<f64>,
}

/// What the three runs give.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calibrated {
    /// Temperatures, K.
    pub temperature: Vec<f64>,
    /// Heat capacity of the sample, J/(kg K).
    pub specific_heat: Vec<f64>,
    /// Heat that sapphire took up over that which the instrument shows.
    pub factor: Vec<f64>,
}

impl Curve {
    /// Value at a temperature, between neighbours; `None` outside.
    pub fn at(&self, temperature: f64) -> Option<f64> {
        let k = self.x.partition_point(|x| *x < temperature);
        let after = *self.x.get(k)?;
        if after == temperature {
            return self.y.get(k).copied();
        }
        let before = k.checked_sub(1)?;
        let share = (temperature - self.x[before]) / (after - self.x[before]);
        Some(self.y[before] + share * (self.y[k] - self.y[before]))
    }

    /// First and last temperature, K.
    pub fn range(&self) -> (f64, f64) {
        (self.x.first().copied().unwrap_or(f64::NAN), self.x.last().copied().unwrap_or(f64::NAN))
    }
}

/// `cp = cp_sap (m_sap/m_s) (P_s - P_e)/(P_sap - P_e)` at the temperatures of the sample at which all four are known; runs are heats per kelvin, J/K;
/// masses in kg.
pub fn calibrated(
    [sample, empty, sapphire]: [&Curve; 3],
    reference: &Curve,
    sample_mass: f64,
    sapphire_mass: f64,
) -> Calibrated {
    let mut found = Calibrated::default();
    for (t, own) in sample.x.iter().zip(&sample.y) {
        let all = (empty.at(*t), sapphire.at(*t), reference.at(*t));
        let (Some(empty), Some(sapphire), Some(reference)) = all else { continue };
        let factor = reference * sapphire_mass / (sapphire - empty);
        found.temperature.push(*t);
        found.specific_heat.push(factor * (own - empty) / sample_mass);
        found.factor.push(factor);
    }
    found
}

/// A straight line about `at` over `half` to both sides: value there and the scatter of a sample about it; `None` with fewer than five samples.
pub fn local(x: &[f64], y: &[f64], at: f64, half: f64) -> Option<(f64, f64)> {
    let rows = x.partition_point(|t| *t < at - half)..x.partition_point(|t| *t <= at + half);
    let (x, y) = (&x[rows.clone()], &y[rows]);
    if x.len() < 5 {
        return None;
    }
    let line = crate::methods::calorimetry::lines::Line::through(x, y);
    let sum = x.iter().zip(y).map(|(t, y)| (y - line.at(*t)).powi(2)).sum::<f64>();
    Some((line.at(at), (sum / (x.len() as f64 - 2.0)).sqrt()))
}
