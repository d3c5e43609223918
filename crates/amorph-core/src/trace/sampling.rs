use crate::stats::median_in_place;

/// Steps within this share of the first of a stretch are the same step, written with few digits.
const SAME_STEP: f64 = 0.02;
/// Fewer equal steps in a row are no stretch.
const STRETCH_MIN: usize = 8;
/// A step so many times the usual one is a gap.
pub(crate) const GAP: f64 = 5.0;

/// How time was sampled.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sampling {
    /// Smallest step greater than zero, s; NaN without one.
    pub step_min: f64,
    /// Median step, s.
    pub step_median: f64,
    /// Greatest step, s.
    pub step_max: f64,
    /// Stretches of constant step.
    pub stretches: Vec<Stretch>,
    /// Pauses.
    pub gaps: Vec<Gap>,
    /// Samples at the same time as the one before.
    pub repeated: usize,
    /// Samples earlier than the one before.
    pub backwards: usize,
}

/// Rows between which the step of time is constant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// First row.
    pub first: usize,
    /// One past the last row.
    pub end: usize,
    /// The step, s.
    pub step: f64,
}

/// A pause: a step of more than five usual ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// The last row before it.
    pub after: usize,
    /// How long, s.
    pub duration: f64,
}

/// Describes the sampling of time. Nothing is resampled.
///
/// A gap is a step of more than 5 times the median of its stretch; outside a stretch, of all steps.
pub fn sampling(time: &[f64]) -> Sampling {
    let steps: Vec<f64> = time.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut positive: Vec<f64> = steps.iter().copied().filter(|step| step.is_finite() && *step > 0.0).collect();
    let step_median = median_in_place(&mut positive);
    let stretches = stretches(&steps);
    Sampling {
        step_min: positive.iter().copied().fold(f64::NAN, f64::min),
        step_median,
        step_max: positive.iter().copied().fold(f64::NAN, f64::max),
        gaps: gaps(&steps, &stretches, step_median),
        stretches,
        repeated: steps.iter().filter(|step| **step == 0.0).count(),
        backwards: steps.iter().filter(|step| **step < 0.0).count(),
    }
}

fn stretches(steps: &[f64]) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut first = 0;
    while first < steps.len() {
        let step = steps[first];
        if !(step > 0.0 && step.is_finite()) {
            first += 1;
            continue;
        }
        let same = |other: &f64| (other - step).abs() <= SAME_STEP * step;
        let n = steps[first..].iter().take_while(|other| same(other)).count();
        if n >= STRETCH_MIN {
            let mean = steps[first..first + n].iter().sum::<f64>() / n as f64;
            found.push(Stretch { first, end: first + n + 1, step: mean });
        }
        first += n;
    }
    found
}

fn gaps(steps: &[f64], stretches: &[Stretch], median: f64) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut stretch = 0;
    for (after, &duration) in steps.iter().enumerate() {
        // The stretch that ends here or a little earlier says what is usual.
        while stretch + 1 < stretches.len() && stretches[stretch + 1].first <= after {
            stretch += 1;
        }
        let usual = stretches.get(stretch).filter(|stretch| stretch.first <= after).map_or(median, |stretch| stretch.step);
        if duration > GAP * usual {
            gaps.push(Gap { after, duration });
        }
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_gaps_and_repetitions_are_told() {
        let mut time: Vec<f64> = (0..400).map(|i| 0.01 * f64::from(i)).collect();
        let last = time[399];
        time.extend((1..200).map(|i| last + 0.005 * f64::from(i)));
        let last = time[time.len() - 1];
        time.extend((0..20).map(|i| last + 1.0 + 0.005 * f64::from(i)));
        time.push(time[time.len() - 1]);
        let told = sampling(&time);
        assert_eq!(told.stretches.len(), 3, "{told:?}");
        assert_eq!((told.stretches[0].first, told.stretches[0].end), (0, 400));
        assert!((told.stretches[0].step - 0.01).abs() < 1e-9 && (told.stretches[1].step - 0.005).abs() < 1e-9);
        assert_eq!(told.gaps.len(), 1);
        assert_eq!(told.gaps[0].after, 598);
        assert!((told.gaps[0].duration - 1.0).abs() < 1e-9);
        assert_eq!((told.repeated, told.backwards), (1, 0));
    }

    #[test]
    fn time_without_steps_says_so() {
        assert!(sampling(&[]).step_median.is_nan());
        let told = sampling(&[1.0; 5]);
        assert!(told.step_median.is_nan());
        assert_eq!(told.repeated, 4);
        assert_eq!(sampling(&[0.0, 1.0, 0.5]).backwards, 1);
    }
}
