/// What a user says about a file of detector frames. What is absent comes from the file, or is an error; nothing is guessed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrameOptions {
    /// Rows and columns of the scan that a series of frames is.
    pub scan_shape: Option<[usize; 2]>,
    /// Frames before the first position of the scan.
    pub skip_frames: usize,
    /// Frames after every row of the scan, while the probe flies back.
    pub flyback_frames: usize,
    /// Which scan of a file with several, for instance one for every thickness; counted from 0.
    pub slice: Option<usize>,
    /// Whether the complete frames of a file that is cut short are read; without it such a file is refused.
    pub partial: bool,
    /// How a file without a header is laid out.
    pub raw: Option<RawLayout>,
}

/// Layout of a file of bare numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawLayout {
    /// Rows and columns of one frame.
    pub detector_shape: [usize; 2],
    /// Type of one pixel.
    pub pixel: RawPixel,
    /// Whether the first byte of a number is its highest.
    pub big_endian: bool,
    /// Bytes before the first frame.
    pub header_bytes: u64,
    /// Bytes between one frame and the next.
    pub gap_bytes: u64,
}

/// Type of the numbers in a file without a header, named as NumPy names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawPixel(pub(crate) crate::bytes::Element);

impl RawPixel {
    /// The names that are known.
    pub const NAMES: [&'static str; 10] =
        ["uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float32", "float64"];

    /// The type of this name.
    pub fn parse(name: &str) -> Option<Self> {
        use crate::bytes::Element;
        Some(Self(match name {
            "uint8" => Element::U8,
            "uint16" => Element::U16,
            "uint32" => Element::U32,
            "uint64" => Element::U64,
            "int8" => Element::I8,
            "int16" => Element::I16,
            "int32" => Element::I32,
            "int64" => Element::I64,
            "float32" => Element::F32,
            "float64" => Element::F64,
            _ => return None,
        }))
    }
}
