use crate::method::Refusal;

/// Why indents give no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum IndentationError {
    /// No test could be used.
    #[error("none of {total} tests can be used; the first: {first}")]
    NoUsableTest {
        /// All tests.
        total: usize,
        /// Why the first was left out.
        first: String,
    },
    /// Too few points.
    #[error("{what}: {found} points, at least {needed} are needed")]
    TooFewPoints {
        /// Of what.
        what: String,
        /// Points found.
        found: usize,
        /// Points needed.
        needed: usize,
    },
    /// The load does not fall.
    #[error("{test}: no unloading segment, the load never falls below {percent:.0} % of its maximum")]
    NoUnloading {
        /// The test.
        test: String,
        /// Lowest load after the maximum, per cent of it.
        percent: f64,
    },
    /// Too many impossible readings.
    #[error("{test}: {share:.0} % of the {what} are negative after the contact was found")]
    Negative {
        /// The test.
        test: String,
        /// Depths or loads.
        what: &'static str,
        /// Share, per cent.
        share: f64,
    },
    /// The area function gives no area.
    #[error("the area function gives {area:e} m^2 at a contact depth of {depth:e} m (coefficients {coefficients:?})")]
    NoArea {
        /// Area, m^2.
        area: f64,
        /// Contact depth, m.
        depth: f64,
        /// Coefficients in nm.
        coefficients: Vec<f64>,
    },
    /// No area function.
    #[error("no area function: none of the constants area_c0 to area_c8 is stated")]
    NoAreaFunction,
    /// A relation between constants that cannot be.
    #[error("{what} = {value:.6e} {rule}")]
    Impossible {
        /// What.
        what: &'static str,
        /// Its value, SI.
        value: f64,
        /// What must hold.
        rule: &'static str,
    },
    /// Only one strain rate.
    #[error("{found} strain rates; the rate sensitivity needs at least two that differ by a factor of 1.5")]
    SingleRate {
        /// Rates found.
        found: usize,
    },
    /// One rate and one temperature.
    #[error("a single series: rates differ by a factor of {rates:.2}, temperatures by {temperatures:.3}")]
    NoSeries {
        /// Largest over smallest rate.
        rates: f64,
        /// Largest over smallest temperature.
        temperatures: f64,
    },
    /// Touch points on a line.
    #[error("the touch points lie on a line: their triangle has {percent:.2} % of the square of its longest side")]
    Collinear {
        /// Area over square of the longest side, per cent.
        percent: f64,
    },
    /// No upstream sites.
    #[error("no sites were measured in this state")]
    NoSites,
    /// A law could not be fitted.
    #[error("{what} could not be fitted: {reason}")]
    NotFitted {
        /// What.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// A column with words that mean nothing.
    #[error("'{word}' in column '{column}' is neither event, none nor below")]
    UnknownStatus {
        /// The column.
        column: String,
        /// The word.
        word: String,
    },
}

impl Refusal for IndentationError {
    fn hint(&self) -> String {
        match self {
            Self::NoUsableTest { .. } => {
                "what the first test lacks is a channel (`amorph info` shows those there are; `columns` in the study names others) or a constant to state \
                 in the measurement"
            }
            Self::TooFewPoints { .. } => "measure longer or sample faster",
            Self::NoUnloading { .. } => "the modulus by Oliver and Pharr needs an unloading; use a record that has one",
            Self::Negative { .. } => "check the signs of load and depth and the contact point",
            Self::NoArea { .. } => "check the coefficients and their units: depth in nm, area in nm^2",
            Self::NoAreaFunction => {
                "state area_c0 and the other coefficients of the calibration; 24.5 is a perfect Berkovich tip"
            }
            Self::Impossible { .. } => "check the constant and its unit",
            Self::SingleRate { .. } => "measure at several rates, or jump between rates in one test",
            Self::NoSeries { .. } => {
                "its width is that of the structure or of heat, which one series cannot tell: measure at rates that differ by 3 or at temperatures that \
                 differ by 5 %"
            }
            Self::Collinear { .. } => "touch the surface at three corners of a triangle",
            Self::NoSites => "put \"indentation.anelastic_contact\" before it in `methods`",
            Self::NotFitted { .. } => "plot the data first; too few of them, or none that the law could describe",
            Self::UnknownStatus { .. } => "write event, none (no pop-in up to this load) or below (a pop-in before it)",
        }
        .to_owned()
    }
}
