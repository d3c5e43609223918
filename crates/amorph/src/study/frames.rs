//! What a measurement says about its files of detector frames: the shape of the scan, and the layout of bare numbers.

use super::node::{Node, Value};
use super::problem::{Problem, ProblemKind};
use super::reader::Reader;
use crate::io::{FrameOptions, RawLayout, RawPixel};

/// Keys of a measurement that are about files of detector frames.
pub(super) const FRAME_KEYS: &[&str] = &[
    "scan_shape",
    "skip_frames",
    "flyback_frames",
    "slice",
    "partial",
    "detector_shape",
    "pixel",
    "byte_order",
    "header_bytes",
    "gap_bytes",
];

/// Takes the keys about frames out of a measurement.
pub(super) fn read(reader: &mut Reader<'_>) -> FrameOptions {
    let (scan, detector) = (reader.node("scan_shape"), reader.node("detector_shape"));
    let skip_frames = count(reader, "skip_frames").unwrap_or(0);
    let flyback_frames = count(reader, "flyback_frames").unwrap_or(0);
    let slice = count(reader, "slice");
    let partial = reader.flag("partial").unwrap_or(false);
    let (pixel, order) = (reader.word("pixel"), reader.word("byte_order"));
    let header_bytes = reader.whole_number("header_bytes");
    let gap_bytes = reader.whole_number("gap_bytes");
    let is_bare = detector.is_some() || pixel.is_some() || order.is_some();
    if is_bare {
        reader.require("detector_shape", detector.is_some(), "detector_shape = [256, 256]   (rows, columns)");
        reader.require("pixel", pixel.is_some(), "pixel = \"uint16\"");
        reader.require("byte_order", order.is_some(), "byte_order = \"little\"   (or \"big\")");
    }
    let problems = reader.problems();
    let scan_shape = scan.and_then(|node| shape("scan_shape", &node, problems));
    let detector_shape = detector.and_then(|node| shape("detector_shape", &node, problems));
    let pixel = pixel.and_then(|(word, span)| {
        let found = RawPixel::parse(&word);
        if found.is_none() {
            let known = RawPixel::NAMES.iter().map(|name| (*name).to_owned()).collect();
            problems.push(Problem { span, kind: ProblemKind::UnknownWord { what: "type of pixel", found: word, known } });
        }
        found
    });
    let big_endian = order.and_then(|(word, span)| match word.as_str() {
        "little" => Some(false),
        "big" => Some(true),
        _ => {
            let known = vec!["little".to_owned(), "big".to_owned()];
            problems.push(Problem { span, kind: ProblemKind::UnknownWord { what: "byte order", found: word, known } });
            None
        }
    });
    let raw = match (detector_shape, pixel, big_endian) {
        (Some(detector_shape), Some(pixel), Some(big_endian)) => Some(RawLayout {
            detector_shape,
            pixel,
            big_endian,
            header_bytes: header_bytes.unwrap_or(0),
            gap_bytes: gap_bytes.unwrap_or(0),
        }),
        _ => None,
    };
    FrameOptions { scan_shape, skip_frames, flyback_frames, slice, partial, raw }
}

fn count(reader: &mut Reader<'_>, key: &'static str) -> Option<usize> {
    reader.whole_number(key).and_then(|count| usize::try_from(count).ok())
}

fn shape(key: &str, node: &Node, problems: &mut Vec<Problem>) -> Option<[usize; 2]> {
    let positive = |node: &Node| match node.value {
        Value::Integer(n) if n > 0 => usize::try_from(n).ok(),
        _ => None,
    };
    if let Value::List(items) = &node.value
        && let [rows, columns] = &items[..]
        && let (Some(rows), Some(columns)) = (positive(rows), positive(columns))
    {
        return Some([rows, columns]);
    }
    let expected = "two whole numbers above zero: [rows, columns]";
    let kind = ProblemKind::WrongKind { key: key.to_owned(), expected, found: node.kind() };
    problems.push(Problem { span: node.span.clone(), kind });
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::study::trace_options;

    #[test]
    fn shapes_and_layouts_are_read() {
        let said = "scan_shape = [2, 4]\nflyback_frames = 1\ndetector_shape = [16, 8]\npixel = \"uint16\"\nbyte_order = \"big\"\ngap_bytes = 6";
        let frames = trace_options(said).unwrap().frames;
        assert_eq!((frames.scan_shape, frames.skip_frames, frames.flyback_frames), (Some([2, 4]), 0, 1));
        let raw = frames.raw.unwrap();
        assert!(!frames.partial && trace_options("partial = true").unwrap().frames.partial);
        assert_eq!((raw.detector_shape, raw.big_endian, raw.header_bytes, raw.gap_bytes), ([16, 8], true, 0, 6));
    }

    #[test]
    fn mistakes_have_their_place() {
        for (said, word) in [
            ("scan_shape = [2]", "scan_shape"),
            ("scan_shape = [0, 4]", "scan_shape"),
            ("scan_shape = 8", "two whole numbers"),
            ("detector_shape = [16, 8]", "pixel"),
            ("detector_shape = [16, 8]\npixel = \"u16\"\nbyte_order = \"little\"", "uint16"),
            ("detector_shape = [16, 8]\npixel = \"uint8\"\nbyte_order = \"native\"", "byte order"),
            ("skip_frames = -1", "skip_frames"),
            ("partial = 1", "true or false"),
        ] {
            let message = format!("{:?}", trace_options(said).unwrap_err());
            assert!(message.contains(word), "{said}: {message}");
        }
    }
}
