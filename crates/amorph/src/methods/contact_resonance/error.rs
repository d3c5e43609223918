use crate::method::Refusal;

/// Why contact resonances give no stiffness or modulus.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ContactResonanceError {
    /// A frequency map without the number of its mode.
    #[error("a map of contact-resonance frequencies does not say which flexural mode it belongs to")]
    ModeNotStated,
    /// A lever that is no beam.
    #[error("lever_shape = 'v_shaped': the equations are those of a uniform beam")]
    VShaped,
    /// Lists of different length.
    #[error("the list of mode {mode} has {second} points, that of the first mode {first}")]
    ListsDiffer {
        /// Points of the first mode.
        first: usize,
        /// The other mode.
        mode: usize,
        /// Its points.
        second: usize,
    },
    /// The tip position is not between the clamp and the end.
    #[error("tip_position = {found} is not above 0 and at most 1")]
    TipOffLever {
        /// What was stated.
        found: f64,
    },
    /// The tip sits on a node of the mode.
    #[error("at tip_position = {tip_position} the tip sits on a node of mode {mode}, which does not feel the contact")]
    TipOnNode {
        /// Where.
        tip_position: f64,
        /// The mode.
        mode: usize,
    },
    /// Too many frequencies are outside the branch of their mode.
    #[error(
        "{:.1} % of the frequencies of mode {mode} lie outside its branch, {free:.6e} to {pinned:.6e} Hz ({below} below, {above} above, of {total}): wrong mode or f_0?",
        100.0 * (*below + *above) as f64 / *total as f64
    )]
    NoSolution {
        /// The mode.
        mode: usize,
        /// Frequencies below that of the free lever.
        below: usize,
        /// Frequencies above that of the pinned lever.
        above: usize,
        /// All frequencies.
        total: usize,
        /// Free frequency, Hz.
        free: f64,
        /// Frequency of the lever with a pinned tip, Hz.
        pinned: f64,
    },
    /// The reference frequency is outside the branch.
    #[error(
        "the reference frequency of mode {mode}, {found:.6e} Hz, lies outside its branch, {free:.6e} to {pinned:.6e} Hz: wrong mode or f_0?"
    )]
    ReferenceOutside {
        /// The mode.
        mode: usize,
        /// The reference frequency, Hz.
        found: f64,
        /// Free frequency, Hz.
        free: f64,
        /// Frequency of the lever with a pinned tip, Hz.
        pinned: f64,
    },
    /// The tip position should come from two modes but does not.
    #[error("no tip position was found from two modes for this measurement")]
    NoFittedPosition,
    /// The stiffness of the two modes agrees at no tip position.
    #[error(
        "the stiffnesses of modes {} and {} agree at no tip position between {from} and {to}: their ratio runs from {at_from:.3} to {at_to:.3}",
        modes.0, modes.1
    )]
    NoCrossing {
        /// The modes.
        modes: (usize, usize),
        /// Lowest position tried.
        from: f64,
        /// Highest position tried.
        to: f64,
        /// Ratio of the stiffnesses at the lowest position.
        at_from: f64,
        /// Ratio at the highest.
        at_to: f64,
    },
    /// They agree at several.
    #[error("the stiffnesses of the two modes agree at several tip positions: {}", list(found))]
    SeveralCrossings {
        /// The positions.
        found: Vec<f64>,
    },
    /// One mode does not tell where the tip is.
    #[error("{found} mode was measured; the tip position follows from two")]
    TwoModesNeeded {
        /// Modes there are.
        found: usize,
    },
    /// Nothing is left.
    #[error("no pixel has a contact stiffness")]
    NothingLeft,
    /// A map without places that differ.
    #[error("no state named '{state}' has an indentation modulus")]
    NoState {
        /// The state.
        state: String,
        /// States with one.
        known: Vec<String>,
    },
    /// The study does not say which states are treated.
    #[error("it is not stated which states are untreated and treated")]
    StatesNotStated {
        /// States with a modulus.
        known: Vec<String>,
    },
    /// Too few maps.
    #[error("state '{state}' has {found} map(s) with an indentation modulus; at least 2 are needed")]
    TooFewSites {
        /// The state.
        state: String,
        /// Its maps.
        found: usize,
    },
    /// Sites that cannot be paired.
    #[error("{treated} treated and {untreated} untreated maps cannot be paired")]
    CannotPair {
        /// Treated maps.
        treated: usize,
        /// Untreated maps.
        untreated: usize,
    },
    /// Nothing untreated is left of the map.
    #[error("the zones cover {:.0} % of the map, which leaves no untreated surroundings to compare with", 100.0 * fraction)]
    NothingUntreated {
        /// Share of the map inside zones.
        fraction: f64,
    },
}

fn list(positions: &[f64]) -> String {
    positions.iter().map(|position| format!("{position:.4}")).collect::<Vec<_>>().join(", ")
}

impl Refusal for ContactResonanceError {
    fn hint(&self) -> String {
        match self {
            Self::ModeNotStated => {
                "add \"mode\": 1 (or 2, 3) to its sidecar, or choose in the study: channels = { contact_resonance_frequency_mode_1 = 0 }".to_owned()
            }
            Self::VShaped => "calibrate a V-shaped lever by finite elements of its own; this method does not".to_owned(),
            Self::ListsDiffer { .. } => "give every point a frequency of every mode (NaN where there is none)".to_owned(),
            Self::TipOffLever { .. } => "tip_position is L1/L, the distance of the tip from the clamp over the length".to_owned(),
            Self::TipOnNode { .. } => "leave this mode out".to_owned(),
            Self::NoSolution { .. } => "check the number of the mode, its free frequency and the tip position".to_owned(),
            Self::ReferenceOutside { .. } => "check the reference frequency and the number of its mode".to_owned(),
            Self::NoFittedPosition => {
                "put \"contact_resonance.tip_position\" into the methods of the measurement and read its message, or state tip_position".to_owned()
            }
            Self::NoCrossing { .. } => {
                "check modes and free frequencies; widen `lowest`; a lever that is no uniform beam, a heavy tip or a lateral stiffness also part the curves. No end of the range is taken instead".to_owned()
            }
            Self::SeveralCrossings { .. } => "narrow `lowest` and `highest` to the one that a side view of the lever allows".to_owned(),
            Self::TwoModesNeeded { .. } => "state tip_position, or measure a second mode at the same places".to_owned(),
            Self::NothingLeft => "`amorph info <file>` shows what the maps hold".to_owned(),
            Self::NoState { known, .. } | Self::StatesNotStated { known } => format!(
                "state `treated` and `untreated` under [method.\"contact_resonance.treatment\"]; states with a modulus: {}",
                if known.is_empty() { "none".to_owned() } else { known.join(", ") }
            ),
            Self::TooFewSites { .. } => "measure at least three sites: pixels of one map are not replicates".to_owned(),
            Self::CannotPair { .. } => "set paired = false, or measure every site before and after".to_owned(),
            Self::NothingUntreated { .. } => "raise `threshold`, or map a larger area around the treated place".to_owned(),
        }
    }
}
