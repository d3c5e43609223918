//! Images and stacks in TIFF; the layout is in `SPEC.md`.

mod pages;

use std::ops::Range;
use std::sync::Arc;

use amorph_core::data::{DataError, FrameSource, Metadata, Pixels};
use amorph_core::outcome::Note;

use self::pages::{Page, Tag, walk};
use super::{Format, Reader};
use crate::IoError;
use crate::bytes::Element;
use crate::frames::pixels::read_pixels;
use crate::frames::{AxisKind, Cube, FileFrames, FrameInput, RawAxis, Storage, unreadable};
use crate::maps::Parsed;

pub(crate) const FORMAT: Format = Format {
    id: "tiff",
    title: "TIFF image or stack",
    endings: &[".tif", ".tiff"],
    magic: "`II*`, `MM.*` or BigTIFF, without the private tags of Park Systems and JPK",
    channels: "an image, a stack, or with `scan_shape` a scan",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| matches!(bytes, [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..]),
    read: Reader::Frames(read),
};

const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const BITS: u16 = 258;
const COMPRESSION: u16 = 259;
const DESCRIPTION: u16 = 270;
const STRIP_OFFSETS: u16 = 273;
const SAMPLES: u16 = 277;
const STRIP_LENGTHS: u16 = 279;
const X_RESOLUTION: u16 = 282;
const Y_RESOLUTION: u16 = 283;
const TILE_OFFSETS: u16 = 324;
const SAMPLE_FORMAT: u16 = 339;
/// Tags by which two makers of scanning probes keep data of their own.
const OTHERS: [u16; 3] = [50432, 0x8000, 0x8042];

/// What all pages of a stack have in common.
#[derive(Clone, Copy, PartialEq)]
struct Shape {
    rows: usize,
    columns: usize,
    element: Element,
}

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let (pages, big_endian, damage) = walk(input)?;
    let Some(first) = pages.first() else { return Ok(None) };
    if OTHERS.iter().any(|tag| first.tag(*tag).is_some()) {
        return Ok(None);
    }
    let shape = shape(input, first)?;
    if let Some(IoError::Truncated { .. }) = damage
        && !input.options.frames.partial
    {
        let (file, found) = (input.file.to_owned(), pages.len() as u64);
        return Err(IoError::FramesMissing { file, promised: None, found });
    }
    let mut notes: Vec<Note> = damage.iter().map(|error| Note::warning("channel_unreadable", error.to_string())).collect();
    let alike: Vec<&Page> =
        pages.iter().take_while(|page| self::shape(input, page).is_ok_and(|other| other == shape)).collect();
    if alike.len() < pages.len() {
        let message =
            format!("{}: pages from {} on differ in size or type from the first, and were left out", input.file, alike.len());
        notes.push(Note::warning("other_images", message));
    }
    let description = first.tag(DESCRIPTION).and_then(Tag::text).unwrap_or_default();
    let mut metadata = Metadata::default();
    for line in description.lines().take(500) {
        match line.split_once('=').filter(|_| !line.starts_with('<')) {
            Some((key, value)) => metadata.push("description", key.trim(), value.trim()),
            None => metadata.push("description", "", &line.chars().take(2000).collect::<String>()),
        }
    }
    let frame_len = shape.rows * shape.columns;
    let frame_bytes = (frame_len * shape.element.size()) as u64;
    let mut frames: Vec<Vec<Range<u64>>> = Vec::new();
    for page in &alike {
        frames.push(strips(input, page, frame_bytes)?);
    }
    // ImageJ keeps long stacks behind one page.
    let stated = metadata.get("images").and_then(|text| text.parse::<usize>().ok()).unwrap_or(1);
    let (n, n_present, source): (usize, u64, Arc<dyn FrameSource>) = match &frames[..] {
        [strips] if stated > 1 && strips.windows(2).all(|pair| pair[0].end == pair[1].start) => {
            let source = FileFrames {
                file: input.file.to_owned(),
                storage: input.storage.clone(),
                first: strips.first().map_or(0, |strip| strip.start),
                stride: frame_bytes,
                frame_len,
                element: shape.element,
                big_endian,
                from_bottom: None,
            };
            (stated, source.n_complete().min(stated as u64), Arc::new(source))
        }
        _ => {
            let whole = |strips: &&Vec<Range<u64>>| strips.iter().all(|strip| strip.end <= input.storage.length());
            let n_present = frames.iter().take_while(whole).count() as u64;
            let (file, storage) = (input.file.to_owned(), input.storage.clone());
            let n = frames.len();
            (n, n_present, Arc::new(Strips { file, storage, frames, frame_len, element: shape.element, big_endian }))
        }
    };
    let mut axes = axes(&metadata, &description, first, shape);
    if n > 1 || input.scan_shape.is_some() {
        axes.insert(0, RawAxis { name: "frame".to_owned(), ..RawAxis::of(n, AxisKind::Time) });
    }
    let cube = Cube { axes, element: shape.element, n_present, source, name: String::new(), value_unit: String::new() };
    let mut parsed = cube.parsed(input, None, metadata)?;
    parsed.notes.extend(notes);
    Ok(Some(parsed))
}

fn shape(input: &FrameInput<'_>, page: &Page) -> Result<Shape, IoError> {
    let number = |tag: u16| page.tag(tag).and_then(|tag| tag.numbers.first().copied());
    let unsupported = |found: String| IoError::Unsupported {
        file: input.file.to_owned(),
        found,
        remedy: "save it as TIFF without compression, in strips, with one number per pixel",
    };
    if let Some(compression) = number(COMPRESSION).filter(|compression| *compression != 1.0) {
        return Err(unsupported(format!("a TIFF picture of compression {compression}")));
    }
    if page.tag(TILE_OFFSETS).is_some() {
        return Err(unsupported("a TIFF picture in tiles".to_owned()));
    }
    if let Some(samples) = number(SAMPLES).filter(|samples| *samples != 1.0) {
        return Err(unsupported(format!("a TIFF picture of {samples} numbers per pixel")));
    }
    let (bits, format) = (number(BITS).unwrap_or(1.0), number(SAMPLE_FORMAT).unwrap_or(1.0));
    let element = match (bits as u32, format as u32) {
        (8, 1) => Element::U8,
        (16, 1) => Element::U16,
        (32, 1) => Element::U32,
        (8, 2) => Element::I8,
        (16, 2) => Element::I16,
        (32, 2) => Element::I32,
        (32, 3) => Element::F32,
        (64, 3) => Element::F64,
        _ => return Err(unsupported(format!("a TIFF picture of {bits} bits in sample format {format}"))),
    };
    let size = |tag: u16, name: &str| {
        let found = number(tag).filter(|n| (1.0..=1_048_576.0).contains(n)).map(|n| n as usize);
        found.ok_or_else(|| input.field(name, format!("{:?}", number(tag)), "1 to 1048576 pixels"))
    };
    Ok(Shape { rows: size(HEIGHT, "ImageLength")?, columns: size(WIDTH, "ImageWidth")?, element })
}

/// Where the pixels of a page are: strips, whose lengths must add up to the image.
fn strips(input: &FrameInput<'_>, page: &Page, frame_bytes: u64) -> Result<Vec<Range<u64>>, IoError> {
    let list = |tag: u16| page.tag(tag).map(|tag| tag.numbers.as_slice()).unwrap_or_default();
    let (offsets, lengths) = (list(STRIP_OFFSETS), list(STRIP_LENGTHS));
    let mut strips: Vec<Range<u64>> = Vec::with_capacity(offsets.len());
    let mut left = frame_bytes;
    for (index, offset) in offsets.iter().enumerate() {
        // A single strip may leave its length out.
        let length = lengths.get(index).map_or(left, |length| *length as u64).min(left);
        let start = *offset as u64;
        strips.push(start..start.saturating_add(length));
        left -= length;
    }
    if left > 0 {
        return Err(IoError::Truncated {
            file: input.file.to_owned(),
            part: "the strips of a page".to_owned(),
            expected: frame_bytes,
            found: frame_bytes - left,
        });
    }
    Ok(strips)
}

/// Rows and columns, with the calibration of ImageJ or OME; dots per inch of a printer are none.
fn axes(metadata: &Metadata, description: &str, page: &Page, shape: Shape) -> Vec<RawAxis> {
    let is_imagej = description.starts_with("ImageJ=");
    let unit = metadata.get("unit").filter(|_| is_imagej).map(|unit| unit.replace("\\u00B5", "µ"));
    let axis = |name: &str, n: usize, resolution: u16, size: &str| {
        let of_imagej = unit.clone().zip(page.tag(resolution).and_then(|tag| tag.numbers.first().copied()));
        let of_ome = attribute(description, size).and_then(|text| text.parse::<f64>().ok());
        let plain = RawAxis { name: name.to_owned(), n, ..RawAxis::default() };
        match (of_imagej, of_ome) {
            (Some((unit, density)), _) if density > 0.0 => {
                RawAxis { scale: Some(1.0 / density), offset: Some(0.0), unit, ..plain }
            }
            (_, Some(step)) => {
                let unit = attribute(description, &format!("{size}Unit")).unwrap_or("µm").to_owned();
                RawAxis { scale: Some(step), offset: Some(0.0), unit, ..plain }
            }
            _ => plain,
        }
    };
    vec![axis("y", shape.rows, Y_RESOLUTION, "PhysicalSizeY"), axis("x", shape.columns, X_RESOLUTION, "PhysicalSizeX")]
}

fn attribute<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    xml.split_once(&format!(" {name}=\""))?.1.split_once('"').map(|(value, _)| value)
}

/// Images in strips.
#[derive(Debug)]
struct Strips {
    file: String,
    storage: Storage,
    frames: Vec<Vec<Range<u64>>>,
    frame_len: usize,
    element: Element,
    big_endian: bool,
}

impl FrameSource for Strips {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        for (index, frame) in frames.enumerate() {
            let mut at = index * self.frame_len;
            for strip in self.frames.get(frame).map(Vec::as_slice).unwrap_or_default() {
                let count = (strip.end - strip.start) as usize / self.element.size();
                read_pixels(&self.storage, self.element, self.big_endian, strip.start, pixels, at..at + count)
                    .map_err(|error| unreadable(&self.file, frame, &error))?;
                at += count;
            }
        }
        Ok(())
    }
}
