//! Which reflections belong together.

use serde::{Deserialize, Serialize};

use super::filter::{Peak, Reading};

/// What a pattern shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PatternClass {
    /// Two pairs of opposite reflections or more, not on one line.
    OnAxis,
    /// One pair.
    ThreeBeam,
    /// Reflections without a partner that would have been seen.
    TwoBeam,
    /// Reflections too weak to exclude a partner.
    TwoOrThreeBeam,
    /// The opposite position of a reflection is hidden, and no two pairs are seen.
    PartnerMasked,
    /// Not rejected.
    None,
    /// Nothing to judge.
    Unusable,
}

impl PatternClass {
    /// All of them, in the order of the numbers of the class map.
    pub const ALL: [Self; 7] =
        [Self::None, Self::TwoBeam, Self::ThreeBeam, Self::OnAxis, Self::TwoOrThreeBeam, Self::PartnerMasked, Self::Unusable];

    /// The word for tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::OnAxis => "on_axis",
            Self::ThreeBeam => "three_beam",
            Self::TwoBeam => "two_beam",
            Self::TwoOrThreeBeam => "two_or_three_beam",
            Self::PartnerMasked => "partner_masked",
            Self::None => "none",
            Self::Unusable => "unusable",
        }
    }

    /// Its number in the class map.
    pub fn number(self) -> usize {
        Self::ALL.iter().position(|class| *class == self).unwrap_or(0)
    }
}

/// When a peak is one, and when its partner is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Disk mean over the scale above which a peak is a reflection.
    pub peak: f64,
    /// Disk mean over the scale above which the opposite position has one too.
    pub partner: f64,
    /// Intensity of a disk that is found in four of five patterns.
    pub power: f64,
}

/// Directions closer than this are one line (sine of the angle).
pub(super) const ONE_LINE: f64 = 0.35;

/// Reflections of a pattern.
pub fn reflections(reading: &Reading, thresholds: &Thresholds) -> impl Iterator<Item = Peak> {
    let lowest = thresholds.peak;
    reading.peaks.iter().copied().filter(move |peak| f64::from(peak.value) > lowest)
}

/// The class of a pattern that was rejected, with the beam at `centre`.
pub fn classify(reading: &Reading, centre: [f64; 2], thresholds: &Thresholds) -> PatternClass {
    let mut lines: Vec<[f64; 2]> = Vec::new();
    let (mut hidden, mut strongest) = (false, 0.0f64);
    for peak in reflections(reading, thresholds) {
        strongest = strongest.max(f64::from(peak.value) - 1.0);
        let Some(partner) = peak.partner else {
            hidden = true;
            continue;
        };
        if f64::from(partner) <= thresholds.partner {
            continue;
        }
        let g = [f64::from(peak.position[0]) - centre[0], f64::from(peak.position[1]) - centre[1]];
        let length = g[0].hypot(g[1]).max(1e-9);
        let g = [g[0] / length, g[1] / length];
        if !lines.iter().any(|line| (line[0] * g[1] - line[1] * g[0]).abs() < ONE_LINE) {
            lines.push(g);
        }
    }
    match lines.len() {
        // A reflection whose partner is hidden may be a pair, or the second of two.
        0 | 1 if hidden => PatternClass::PartnerMasked,
        0 if strongest < thresholds.power => PatternClass::TwoOrThreeBeam,
        0 => PatternClass::TwoBeam,
        1 => PatternClass::ThreeBeam,
        _ => PatternClass::OnAxis,
    }
}
