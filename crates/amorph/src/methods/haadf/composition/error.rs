use crate::method::Refusal;

/// Why there is no composition.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum CompositionError {
    /// Neither windows nor an edge.
    #[error("element {element}: no window of the {what}, and edge_energy_{element} is not stated")]
    NoWindow { element: &'static str, what: &'static str },
    /// A window beyond the axis.
    #[error(
        "element {element}: the window of the {what} runs from {from:.1} to {to:.1} eV, the energy axis from {first:.1} to {last:.1} eV"
    )]
    OutOfRange { element: &'static str, what: &'static str, from: f64, to: f64, first: f64, last: f64 },
    /// A window that is none, or too short.
    #[error(
        "element {element}: the window of the {what} from {from:.1} to {to:.1} eV has {channels} channels; at least {needed} are needed"
    )]
    TooFewChannels { element: &'static str, what: &'static str, from: f64, to: f64, channels: usize, needed: usize },
    /// Windows in the wrong order.
    #[error("element {element}: {what}")]
    Order { element: &'static str, what: String },
    /// Windows of the two elements on top of each other.
    #[error(
        "the windows of A ({a_from:.1} to {a_to:.1} eV) and B ({b_from:.1} to {b_to:.1} eV) overlap: electrons would count twice"
    )]
    Overlap { a_from: f64, a_to: f64, b_from: f64, b_to: f64 },
    /// A cross section for a window that nobody stated.
    #[error("{constant} holds for one signal window, and signal_{element}_ev is not stated")]
    WindowOfCrossSection { constant: &'static str, element: &'static str },
    /// One cross section of two.
    #[error("{stated} is stated and {missing} is not; a ratio needs both")]
    OneCrossSection { stated: &'static str, missing: &'static str },
    /// Nothing to work with.
    #[error("none of the {places} positions has a usable background: {reasons}")]
    NoPlace { places: usize, reasons: String },
}

impl Refusal for CompositionError {
    fn hint(&self) -> String {
        match self {
            Self::NoWindow { .. } => {
                "state edge_energy_a and edge_energy_b (Ni L about 855 eV, Zr L about 2222 eV), or all four windows in eV"
                    .to_owned()
            }
            Self::OutOfRange { .. } => {
                "choose an edge that was recorded; `amorph info <file>` shows the limits of the axis".to_owned()
            }
            Self::TooFewChannels { .. } => "widen the window; its first energy must be below its last".to_owned(),
            Self::Order { .. } => {
                "put the window of the background before the edge and that of the signal behind it".to_owned()
            }
            Self::Overlap { .. } => "end the windows of the lower edge before those of the higher one begin".to_owned(),
            Self::WindowOfCrossSection { .. } => "state the window for which the cross section was calculated".to_owned(),
            Self::OneCrossSection { .. } => {
                "state cross sections of both elements for the same angles and their windows, or k_factor, or mean_fraction_a"
                    .to_owned()
            }
            Self::NoPlace { .. } => {
                "check that the values are counts above the dark level and that the windows lie before and behind the edges"
                    .to_owned()
            }
        }
    }
}
