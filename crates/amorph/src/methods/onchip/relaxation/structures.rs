//! What every structure of a chip says, freed of what moves all of them alike.

use super::algorithm::{FullLaw, LogLaw, Relaxing, full_law, log_law};
use crate::core::stats::random_effects;
use crate::methods::onchip::mechanics::{Chip, Specimen};

/// Elastic structures that a shift of sessions takes.
const ELASTIC: usize = 10;
/// Readings whose times differ by less belong to one session.
const ONE_SESSION: f64 = 0.01;

/// How far the image of each session is off, from structures that do not relax.
#[derive(Debug, Clone, PartialEq)]
pub struct Sessions {
    /// s.
    pub times: Vec<f64>,
    /// About the mean of all sessions, m.
    pub shifts: Vec<f64>,
    /// Standard error of each, m.
    pub error: f64,
    /// Error of the gain per unit of ln t that all structures share through the shifts, m.
    pub gain_error: f64,
    /// Elastic structures.
    pub n: usize,
    /// Sum of the squares of the shifts in errors, with one degree of freedom less than there are sessions.
    pub chi_squared: f64,
}

/// One shift per session from the structures below a strain; `None` for fewer than ten that were read in every session, and for one session.
pub fn sessions(specimens: &[Specimen], chip: &Chip, elastic_below: f64) -> Option<Sessions> {
    let is_elastic = |specimen: &&Specimen| {
        let first = specimen.readings.first().and_then(|reading| chip.state(&specimen.geometry, reading.displacement));
        first.is_some_and(|state| state.strain < elastic_below)
    };
    let elastic: Vec<&Specimen> = specimens.iter().filter(is_elastic).collect();
    let longest = elastic.iter().max_by_key(|specimen| specimen.readings.len())?;
    let times: Vec<f64> = longest.readings.iter().map(|reading| reading.time).collect();
    let is_read = |specimen: &&&Specimen| {
        specimen.readings.len() == times.len()
            && specimen.readings.iter().zip(&times).all(|(reading, time)| (reading.time / time - 1.0).abs() < ONE_SESSION)
    };
    let elastic: Vec<&&Specimen> = elastic.iter().filter(is_read).collect();
    let n = times.len();
    if elastic.len() < ELASTIC || n < 2 {
        return None;
    }
    let (mut shifts, mut total) = (vec![0.0; n], 0.0);
    for specimen in &elastic {
        let weight = n as f64 / specimen.readings.iter().map(|reading| reading.error.powi(2)).sum::<f64>();
        let mean = specimen.readings.iter().map(|reading| reading.displacement).sum::<f64>() / n as f64;
        total += weight;
        for (shift, reading) in shifts.iter_mut().zip(&specimen.readings) {
            *shift += weight * (reading.displacement - mean);
        }
    }
    shifts.iter_mut().for_each(|shift| *shift /= total);
    let ln: Vec<f64> = times.iter().map(|time| time.ln()).collect();
    let mean = ln.iter().sum::<f64>() / n as f64;
    let spread: f64 = ln.iter().map(|x| (x - mean).powi(2)).sum();
    Some(Sessions {
        chi_squared: shifts.iter().map(|shift| shift * shift * total).sum(),
        times,
        shifts,
        error: ((1.0 - 1.0 / n as f64) / total).sqrt(),
        gain_error: (total * spread).powf(-0.5),
        n: elastic.len(),
    })
}

impl Sessions {
    /// Readings as they would be had no session been off.
    pub fn corrected(&self, specimens: &[Specimen]) -> Vec<Specimen> {
        let mut corrected = specimens.to_vec();
        for reading in corrected.iter_mut().flat_map(|specimen| &mut specimen.readings) {
            let session = self.times.iter().position(|time| (reading.time / time - 1.0).abs() < ONE_SESSION);
            reading.displacement -= session.map_or(0.0, |session| self.shifts[session]);
        }
        corrected
    }
}

/// The laws of one structure; they need no constant of the chip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// The line in ln t.
    pub law: LogLaw,
    /// The law with its early part, of five readings or more.
    pub full: Option<FullLaw>,
    /// Displacement per unit of ln t that counts, m.
    pub gain: f64,
    /// Its standard error, m.
    pub gain_error: f64,
    /// Displacement at the first time on the line, which all readings tell better than the first alone, m.
    pub first: f64,
    /// Standard error of the first reading, m.
    pub first_error: f64,
}

/// The laws of a structure; `None` for fewer than two times.
pub fn fit(specimen: &Specimen) -> Option<Fitted> {
    let readings = &specimen.readings;
    let times: Vec<f64> = readings.iter().map(|reading| reading.time).collect();
    let displacements: Vec<f64> = readings.iter().map(|reading| reading.displacement).collect();
    let errors: Vec<f64> = readings.iter().map(|reading| reading.error).collect();
    let law = log_law(&times, &displacements, &errors)?;
    let full = full_law(&times, &displacements, &errors);
    // With early data the law with its start fits better; its gain is then the one that counts.
    let gain = match full.filter(|full| full.misfit + 4.0 < law.misfit) {
        Some(full) => full.gain,
        None => law.gain,
    };
    let noise = (law.misfit / (law.n as f64 - 2.0).max(1.0)).max(1.0).sqrt();
    let inflation = if law.n > 4 { noise } else { 1.0 };
    let first = law.start + law.gain * times[0].ln();
    Some(Fitted { law, full, gain, gain_error: law.error * inflation, first, first_error: errors[0] })
}

/// Stress and loss of a structure on a chip.
pub fn relaxing(fitted: &Fitted, specimen: &Specimen, chip: &Chip) -> Option<Relaxing> {
    let first = chip.state(&specimen.geometry, fitted.first)?;
    Some(Relaxing {
        stress: first.stress,
        stress_error: first.stiffness * fitted.first_error,
        loss: first.stiffness * fitted.gain,
        error: first.stiffness * fitted.gain_error,
    })
}

/// Rate of plastic strain at a time, 1/s: that of the displacement, and the elastic strain that the falling stress gives back. Without a
/// modulus `None`.
pub fn plastic_rate(fitted: &Fitted, specimen: &Specimen, chip: &Chip, time: f64) -> Option<f64> {
    let state = chip.state(&specimen.geometry, fitted.law.start + fitted.law.gain * time.ln())?;
    let modulus = chip.modulus.as_ref()?.value;
    let length = chip.free(&specimen.geometry).length;
    Some(fitted.gain / time * (1.0 / (length + fitted.first) + state.stiffness / modulus))
}

/// A mean over structures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// Its value.
    pub value: f64,
    /// 95 % interval.
    pub interval: (f64, f64),
    /// Standard error.
    pub error: f64,
}

/// Mean of a number per structure with a 95 % interval; scatter between structures counts where it is more than that of their errors.
pub fn mean(values: &[f64], errors: &[f64]) -> Option<Mean> {
    match values.len() {
        0 => None,
        1 | 2 => {
            let weights: Vec<f64> = errors.iter().map(|error| error.powi(-2)).collect();
            let total: f64 = weights.iter().sum();
            let value = values.iter().zip(&weights).map(|(value, weight)| value * weight).sum::<f64>() / total;
            let error = total.powf(-0.5);
            Some(Mean { value, interval: (value - 1.96 * error, value + 1.96 * error), error })
        }
        _ => {
            let pooled = random_effects(values, errors).ok()?;
            if pooled.sd == 0.0 {
                // No scatter beyond the errors, which are known.
                let error = errors.iter().map(|error| error.powi(-2)).sum::<f64>().powf(-0.5);
                return Some(Mean {
                    value: pooled.mean,
                    interval: (pooled.mean - 1.96 * error, pooled.mean + 1.96 * error),
                    error,
                });
            }
            Some(Mean { value: pooled.mean, interval: pooled.mean_interval, error: pooled.mean_std_error })
        }
    }
}

impl Mean {
    /// With an error that all structures share.
    pub fn with_common(self, common: f64) -> Self {
        let half = |half: f64| half.hypot(1.96 * common);
        let (lo, hi) = (half(self.value - self.interval.0), half(self.interval.1 - self.value));
        Self { interval: (self.value - lo, self.value + hi), error: self.error.hypot(common), ..self }
    }
}

/// A structure with what the errors of means over structures need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Response {
    /// Stress and loss.
    pub relaxing: Relaxing,
    /// Fall of the stress per displacement, Pa/m.
    pub stiffness: f64,
    /// [`LogLaw::lever`].
    pub lever: [f64; 2],
}

impl Response {
    /// Rate sensitivity with its standard error.
    ///
    /// m = A₁ K/σ, and K/σ rises with the displacement at the first time as d ln(K/σ)/du = K/σ (but for u/L_a): gain and displacement come
    /// from one line and err against each other, by (1 + 2 m (ln t₁ - mean) + m² var(u₁)/var(A₁)) of the variance of A₁ alone.
    pub fn sensitivity(&self) -> (f64, f64) {
        let m = self.relaxing.loss / self.relaxing.stress;
        let share = 1.0 + 2.0 * m * self.lever[0] + m * m * self.lever[1];
        (m, self.relaxing.error / self.relaxing.stress * share.max(0.0).sqrt())
    }
}

/// Rate sensitivity of structures; `gain_error` is what the shifts of the sessions leave in all their gains, m.
pub fn sensitivity_of(points: &[Response], gain_error: f64) -> Option<Mean> {
    let (values, errors): (Vec<f64>, Vec<f64>) = points.iter().map(Response::sensitivity).unzip();
    let shared = points.iter().map(|point| point.stiffness / point.relaxing.stress).sum::<f64>();
    Some(mean(&values, &errors)?.with_common(gain_error * shared / points.len() as f64))
}

/// Stress that structures lose per unit of ln t, Pa; `gain_error` as in [`sensitivity_of`].
pub fn loss_of(points: &[Response], gain_error: f64) -> Option<Mean> {
    let values: Vec<f64> = points.iter().map(|point| point.relaxing.loss).collect();
    let errors: Vec<f64> = points.iter().map(|point| point.relaxing.error).collect();
    let shared = points.iter().map(|point| point.stiffness).sum::<f64>();
    Some(mean(&values, &errors)?.with_common(gain_error * shared / points.len() as f64))
}

/// Slope of the rate sensitivity over stress in standard errors; `None` for fewer than four structures.
pub fn trend(points: &[Response]) -> Option<f64> {
    if points.len() < 4 {
        return None;
    }
    let weights: Vec<f64> = points.iter().map(|point| point.sensitivity().1.powi(-2)).collect();
    let total: f64 = weights.iter().sum();
    let place = |point: &Response| (point.relaxing.stress, point.sensitivity().0);
    let (mut x, mut y) = (0.0, 0.0);
    for (point, weight) in points.iter().zip(&weights) {
        x += weight * place(point).0 / total;
        y += weight * place(point).1 / total;
    }
    let (mut xx, mut xy) = (0.0, 0.0);
    for (point, weight) in points.iter().zip(&weights) {
        let (dx, dy) = (place(point).0 - x, place(point).1 - y);
        xx += weight * dx * dx;
        xy += weight * dx * dy;
    }
    (xx > 0.0).then(|| xy / xx.sqrt())
}
