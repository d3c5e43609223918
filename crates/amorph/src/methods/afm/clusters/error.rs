use crate::method::Refusal;

/// Why there are no clusters.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ClustersError {
    /// The level leaves nothing.
    #[error("no pixel of the {map} map is at or below {level:.4}; its lowest value is {lowest:.4}")]
    NothingBelow {
        /// The map.
        map: String,
        /// The level.
        level: f64,
        /// The lowest value.
        lowest: f64,
    },
    /// The level takes everything.
    #[error("every pixel of the {map} map is at or below {level:.4}; its highest value is {highest:.4}")]
    EverythingBelow {
        /// The map.
        map: String,
        /// The level.
        level: f64,
        /// The highest value.
        highest: f64,
    },
}

impl Refusal for ClustersError {
    fn hint(&self) -> String {
        "choose `level` within the range of the map, or mode = \"area\" with the share of the area that counts as dense"
            .to_owned()
    }
}
