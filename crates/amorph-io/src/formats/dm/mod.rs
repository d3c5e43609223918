//! DigitalMicrograph files; the layout is in `SPEC.md`.

mod tags;

use std::sync::Arc;

use amorph_core::data::{Data, Metadata};
use amorph_core::outcome::Note;

use self::tags::{Array, Tag};
use super::{Format, Reader};
use crate::IoError;
use crate::bytes::Element;
use crate::frames::{Cube, FileFrames, FrameInput, RawAxis, several};
use crate::maps::Parsed;

pub(crate) const FORMAT: Format = Format {
    id: "dm",
    title: "DigitalMicrograph",
    endings: &[".dm3", ".dm4"],
    magic: "32-bit version 3 or 4, then (after the length) the byte order 0 or 1, big-endian",
    channels: "images, spectra, spectrum images, stacks, scans; the thumbnail is left out",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises,
    read: Reader::Frames(read),
};

/// Entries of the tags of an image that are kept as metadata.
const METADATA_MAX: usize = 2000;
/// Images of one file.
const IMAGES_MAX: usize = 64;

fn recognises(bytes: &[u8]) -> bool {
    matches!(bytes, [0, 0, 0, 3, _, _, _, _, 0, 0, 0, 0 | 1, ..] | [0, 0, 0, 4, _, _, _, _, _, _, _, _, 0, 0, 0, 0 | 1, ..])
}

/// An image of the file.
struct Image<'a> {
    index: usize,
    name: String,
    tags: &'a Tag,
    kind: u32,
    /// Fastest first, as in the file.
    dimensions: Vec<usize>,
    array: Option<&'a Array>,
}

fn read(input: &FrameInput<'_>) -> Result<Option<Parsed>, IoError> {
    let (version, big_endian, root) = tags::parse(input)?;
    let images = images(&root);
    let mut notes = Vec::new();
    let mut metadata = Metadata::default();
    let real: Vec<&Image<'_>> = images
        .iter()
        .filter(|image| {
            // With more than one image the first is the thumbnail.
            let is_thumbnail = image.kind == 23 || (images.len() > 1 && image.index == 0);
            let shape: Vec<String> = image.dimensions.iter().rev().map(usize::to_string).collect();
            let role = if is_thumbnail { "thumbnail, left out" } else { "image" };
            metadata.push(
                "images",
                &format!("image {}", image.index),
                &format!("{role}: '{}', {}, type {}", image.name, shape.join(" x "), image.kind),
            );
            !is_thumbnail
        })
        .collect();
    let mut cubes = Vec::new();
    let mut failures = Vec::new();
    for image in &real {
        match cube(input, image, big_endian) {
            Ok(cube) => cubes.push((*image, cube)),
            Err(error) => failures.push(error),
        }
    }
    // One array of many frames, or all the images.
    let largest = cubes.iter().enumerate().max_by_key(|(index, (_, cube))| {
        (cube.axes.iter().fold(1usize, |n, axis| n.saturating_mul(axis.n)), usize::MAX - index)
    });
    let Some((largest, _)) = largest else {
        let none = IoError::NoImages {
            file: input.file.to_owned(),
            found: images.iter().map(|i| format!("type {}", i.kind)).collect(),
        };
        return Err(failures.into_iter().next().unwrap_or(none));
    };
    notes.extend(failures.iter().map(|error| Note::warning("channel_unreadable", error.to_string())));
    let all_images = cubes.iter().all(|(_, cube)| cube.axes.len() == 2);
    for (image, _) in cubes.iter().enumerate().filter(|(index, _)| all_images || *index == largest).map(|(_, cube)| cube) {
        flatten(image.tags, &format!("image {}", image.index), &mut String::new(), &mut metadata);
    }
    let mut parsed = if all_images {
        let built: Result<Vec<_>, IoError> = cubes.into_iter().map(|(_, cube)| cube.build(input)).collect();
        let (maps, constants, said, axes) = several(built?);
        metadata.entries.extend(axes.entries);
        Parsed { format_version: None, data: Data::Maps(maps), metadata, constants, notes: said }
    } else {
        if cubes.len() > 1 {
            let message =
                format!("{}: the largest of {} arrays is read; the others are listed in the metadata", input.file, cubes.len());
            notes.push(Note::info("other_images", message));
        }
        cubes.swap_remove(largest).1.parsed(input, None, metadata)?
    };
    parsed.format_version = Some(version.to_string());
    parsed.notes.extend(notes);
    Ok(Some(parsed))
}

fn images(root: &Tag) -> Vec<Image<'_>> {
    let list = root.at("ImageList").map_or(&[][..], Tag::children);
    list.iter().take(IMAGES_MAX).enumerate().filter_map(|(index, (_, tags))| image_of(index, tags)).collect()
}

fn image_of(index: usize, tags: &Tag) -> Option<Image<'_>> {
    let dimensions = tags.at("ImageData/Dimensions")?.children().iter().map(|(_, tag)| match tag {
        Tag::Number(n) if *n >= 0.0 && *n < 9e15 => Some(*n as usize),
        _ => None,
    });
    Some(Image {
        index,
        name: tags.text("Name").unwrap_or_default().to_owned(),
        tags,
        kind: tags.number("ImageData/DataType").unwrap_or(0.0) as u32,
        dimensions: dimensions.collect::<Option<Vec<usize>>>()?,
        array: match tags.at("ImageData/Data") {
            Some(Tag::Array(array) | Tag::Text(_, array)) => Some(array),
            _ => None,
        },
    })
}

fn cube(input: &FrameInput<'_>, image: &Image<'_>, big_endian: bool) -> Result<Cube, IoError> {
    let element = element(image.kind).ok_or_else(|| IoError::ElementType {
        file: input.file.to_owned(),
        found: format!("{} in image {}", type_name(image.kind), image.index),
    })?;
    let array = image.array.ok_or_else(|| IoError::MissingField {
        file: input.file.to_owned(),
        field: "ImageData/Data".to_owned(),
        place: format!("image {}", image.index),
    })?;
    let mut axes: Vec<RawAxis> = image.dimensions.iter().enumerate().map(|(j, n)| axis(image.tags, j, *n)).collect();
    // A spectrum is stored as an image of one row.
    while axes.len() > 1 && axes.last().is_some_and(|axis| axis.n == 1) {
        axes.pop();
    }
    axes.reverse();
    let too_large = || IoError::TooLarge {
        file: input.file.to_owned(),
        field: format!("the dimensions of image {}", image.index),
        claimed: format!("{:?}", image.dimensions),
        available: array.bytes / element.size() as u64,
    };
    let len = axes.iter().try_fold(1usize, |product, axis| product.checked_mul(axis.n)).filter(|len| *len > 0);
    let bytes = len.and_then(|len| len.checked_mul(element.size())).ok_or_else(too_large)?;
    if bytes as u64 != array.bytes {
        return Err(too_large());
    }
    let frame_len: usize = axes[axes.len().saturating_sub(2)..].iter().map(|axis| axis.n).product();
    let source = FileFrames {
        file: input.file.to_owned(),
        storage: input.storage.clone(),
        first: array.offset,
        stride: (frame_len * element.size()) as u64,
        frame_len,
        element,
        big_endian,
        from_bottom: None,
    };
    Ok(Cube {
        axes,
        element,
        n_present: (bytes / (frame_len * element.size())) as u64,
        source: Arc::new(source),
        name: image.name.clone(),
        value_unit: image.tags.text("ImageData/Calibrations/Brightness/Units").unwrap_or_default().to_owned(),
    })
}

/// `position = scale * (index - origin)`.
fn axis(tags: &Tag, j: usize, n: usize) -> RawAxis {
    let at = |name: &str| format!("ImageData/Calibrations/Dimension/{j}/{name}");
    let scale = tags.number(&at("Scale"));
    let origin = tags.number(&at("Origin")).unwrap_or(0.0);
    RawAxis {
        unit: tags.text(&at("Units")).unwrap_or_default().to_owned(),
        offset: scale.map(|scale| -scale * origin),
        scale,
        n,
        ..RawAxis::default()
    }
}

fn element(kind: u32) -> Option<Element> {
    Some(match kind {
        1 => Element::I16,
        2 => Element::F32,
        6 | 14 => Element::U8,
        7 => Element::I32,
        9 => Element::I8,
        10 => Element::U16,
        11 => Element::U32,
        12 => Element::F64,
        39 => Element::I64,
        40 => Element::U64,
        _ => return None,
    })
}

fn type_name(kind: u32) -> String {
    match kind {
        3 | 13 => "complex numbers".to_owned(),
        23 => "a colour picture".to_owned(),
        other => format!("type {other}"),
    }
}

/// The tags of an image as metadata, without its arrays.
fn flatten(tag: &Tag, section: &str, path: &mut String, metadata: &mut Metadata) {
    for (name, child) in tag.children() {
        if metadata.entries.len() >= METADATA_MAX {
            return;
        }
        let length = path.len();
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(name);
        match child {
            Tag::Group(_) => flatten(child, section, path, metadata),
            Tag::Number(value) => metadata.push(section, path, &value.to_string()),
            Tag::Text(text, _) if path == "ImageData/Data" && !text.is_empty() => {}
            Tag::Text(text, _) | Tag::Struct(text) => metadata.push(section, path, text),
            Tag::Array(_) => {}
        }
        path.truncate(length);
    }
}
