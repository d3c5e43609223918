/// What keeps a figure or a report from being rendered.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A figure shows a map that its outcome does not have.
    #[error("figure '{figure}' shows the map '{wanted}', which the result does not have; its maps are: {}", if found.is_empty() { "none".to_owned() } else { found.join(", ") })]
    MissingMap {
        /// Key of the figure.
        figure: String,
        /// The map it asks for.
        wanted: String,
        /// The maps there are.
        found: Vec<String>,
    },
    /// The pixels of a map were not loaded.
    #[error("figure '{figure}' shows the map '{map}', whose pixels are not loaded")]
    EmptyMap {
        /// Key of the figure.
        figure: String,
        /// The map.
        map: String,
    },
    /// The columns of a mark differ in length.
    #[error("figure '{figure}', mark '{mark}': {expected} values are needed for {what}, {found} were given")]
    UnequalLengths {
        /// Key of the figure.
        figure: String,
        /// Name or kind of the mark.
        mark: String,
        /// Which column.
        what: &'static str,
        /// Length found.
        found: usize,
        /// Length needed.
        expected: usize,
    },
    /// A figure would be larger than a picture can be.
    #[error(
        "the picture would have {width} x {height} pixels; at most {limit} on a side are possible, so choose a smaller scale"
    )]
    TooLarge {
        /// Width in pixels.
        width: f64,
        /// Height in pixels.
        height: f64,
        /// The largest side.
        limit: u32,
    },
    /// The drawing could not be turned into pixels.
    #[error("the drawing could not be rasterised")]
    Rasterise(#[from] resvg::usvg::Error),
    /// Pixels could not be written as PNG.
    #[error("pixels could not be written as PNG")]
    Encode(#[from] ::png::EncodingError),
    /// A value could not be written as JSON.
    #[error("a value could not be written as JSON")]
    Json(#[from] serde_json::Error),
}
