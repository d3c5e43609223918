/// So many identical extreme values in a row are a saturated channel.
const SATURATED_MIN: usize = 5;
/// So many identical values in a row of a channel that otherwise moves are missing data.
const STUCK_MIN: usize = 10;

/// Rows over which a channel does not change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standstill {
    /// First row.
    pub first: usize,
    /// One past the last row.
    pub end: usize,
    /// The value.
    pub value: f64,
    /// What it means.
    pub kind: StandstillKind,
}

/// What a [`Standstill`] means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandstillKind {
    /// At the least or the greatest value of the channel: the end of its range.
    Saturated,
    /// Elsewhere, in a channel that otherwise moves.
    Stuck,
    /// The whole channel: unconnected, or at the end of its range.
    Constant,
}

/// Stretches of at least 5 identical extreme values, or of at least 10 identical values of a channel that moves at more than
/// half of its samples.
pub fn standstills(values: &[f64]) -> Vec<Standstill> {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let (least, greatest) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    if least == greatest && values.len() >= SATURATED_MIN {
        return vec![Standstill { first: 0, end: values.len(), value: least, kind: StandstillKind::Constant }];
    }
    let still = values.windows(2).filter(|pair| pair[0] == pair[1]).count();
    let moves = 2 * still < values.len();
    let mut found = Vec::new();
    let mut first = 0;
    while first < values.len() {
        let value = values[first];
        let n = values[first..].iter().take_while(|other| **other == value).count().max(1);
        let extreme = value == least || value == greatest;
        if extreme && moves && n >= SATURATED_MIN {
            found.push(Standstill { first, end: first + n, value, kind: StandstillKind::Saturated });
        } else if moves && n >= STUCK_MIN {
            found.push(Standstill { first, end: first + n, value, kind: StandstillKind::Stuck });
        }
        first += n;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(n: usize) -> Vec<f64> {
        (0..n).map(|i| (i as f64 * 0.37).sin()).collect()
    }

    #[test]
    fn saturated_and_stuck_stretches_are_told_apart() {
        let mut values = wave(300);
        values[40..46].fill(1.5);
        values[100..112].fill(0.2);
        values[200..204].fill(1.5);
        let told: Vec<_> = standstills(&values).iter().map(|still| (still.first, still.end, still.kind)).collect();
        assert_eq!(told, [(40, 46, StandstillKind::Saturated), (100, 112, StandstillKind::Stuck)]);
    }

    #[test]
    fn a_constant_channel_is_one_standstill_and_a_coarse_one_none() {
        assert_eq!(standstills(&[3.0; 20])[0].kind, StandstillKind::Constant);
        let coarse: Vec<f64> = wave(300).iter().map(|value| value.round()).collect();
        assert_eq!(standstills(&coarse), []);
        assert_eq!(standstills(&[]), []);
        assert_eq!(standstills(&[f64::NAN; 30]), []);
    }
}
