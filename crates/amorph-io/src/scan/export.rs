//! Frames of any format as a `.npy` array with its axes beside it.

use std::io::Write as _;
use std::path::Path;

use amorph_core::data::{Data, DataError, PixelType, Pixels, ScanAxis};
use amorph_core::unit::Unit;

use crate::IoError;
use crate::formats::npy::header_bytes;
use crate::sidecar::{self, ScanFormat, ScanSidecar, SidecarAxis};
use crate::write::{stream_atomically, write_atomically};

/// Bytes of frames that are held at a time.
const PIECE: usize = 16 << 20;

/// Writes a scan or a stack of frames as `.npy` in its own type of pixels, little-endian and in C order, and its axes as the sidecar
/// `<path>.json`; read again, the same frames and axes come back. Frames go through memory in pieces of 16 MiB; `progress` is told how many of
/// how many are written.
///
/// # Errors
/// [`IoError::Unsupported`] for data of other kinds and for frames that are missing, [`IoError::Map`] for frames that cannot be read,
/// [`IoError::Write`].
pub fn write_frames(path: &Path, data: &Data, progress: impl Fn(usize, usize)) -> Result<(), IoError> {
    let file = path.display().to_string();
    let refused = |found: String, remedy| IoError::Unsupported { file: file.clone(), found, remedy };
    let (axes, pixel, n_present, name) = match data {
        Data::Scan(scan) => (&scan.axes[..], scan.pixel, scan.n_present, &scan.name),
        Data::Stack(stack) => (&stack.axes[..], stack.pixel, stack.n_present, &stack.name),
        other => return Err(refused(format!("writing {} as frames", other.kind()), "choose a file of frames")),
    };
    let shape: Vec<usize> = axes.iter().map(|axis| axis.n).collect();
    let (outer, frame) = shape.split_at(shape.len().saturating_sub(2));
    let (n_frames, frame_len): (usize, usize) = (outer.iter().product(), frame.iter().product());
    if n_present < n_frames {
        let found = format!("writing {name}, of which only {n_present} of {n_frames} frames are there,");
        return Err(refused(found, "state the shape of the part that is whole (scan_shape)"));
    }
    let read = |frames: std::ops::Range<usize>, pixels: &mut Pixels| -> Result<(), DataError> {
        match data {
            Data::Scan(scan) => scan.read(frames, pixels),
            Data::Stack(stack) => stack.read(frames, pixels),
            _ => Ok(()),
        }
    };
    let per_piece = (PIECE / (frame_len * pixel.size()).max(1)).clamp(1, n_frames.max(1));
    stream_atomically(path, |out| {
        let failed = |source| IoError::Write { file: file.clone(), source };
        out.write_all(&header_bytes(descr(pixel), &shape)).map_err(failed)?;
        let mut pixels = Pixels::empty(pixel);
        for first in (0..n_frames).step_by(per_piece) {
            let end = (first + per_piece).min(n_frames);
            let unreadable = |source| IoError::Map { file: file.clone(), source: Box::new(source) };
            read(first..end, &mut pixels).map_err(unreadable)?;
            out.write_all(&bytes_of(&pixels)).map_err(failed)?;
            progress(end, n_frames);
        }
        Ok(())
    })?;
    let is_scan = matches!(data, Data::Scan(_));
    let beside = ScanSidecar {
        format: ScanFormat::V1,
        scan_shape: is_scan.then(|| [shape[0], shape[1]]),
        axes: Some(axes.iter().map(described).collect()),
    };
    let beside_path = sidecar::path_of(path);
    let text = serde_json::to_vec_pretty(&beside)
        .map_err(|source| IoError::SidecarSyntax { file: beside_path.display().to_string(), source })?;
    write_atomically(&beside_path, &text)
}

fn described(axis: &ScanAxis) -> SidecarAxis {
    SidecarAxis {
        role: axis.role.word().to_owned(),
        name: axis.name.clone(),
        unit: if axis.unit == Unit::one() { String::new() } else { axis.unit.to_string() },
        scale: axis.step,
        offset: axis.offset,
    }
}

fn descr(pixel: PixelType) -> &'static str {
    match pixel {
        PixelType::U8 => "|u1",
        PixelType::U16 => "<u2",
        PixelType::U32 => "<u4",
        PixelType::I16 => "<i2",
        PixelType::I32 => "<i4",
        PixelType::F32 => "<f4",
        PixelType::F64 => "<f8",
    }
}

fn bytes_of(pixels: &Pixels) -> Vec<u8> {
    match pixels {
        Pixels::U8(values) => values.clone(),
        Pixels::U16(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        Pixels::U32(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        Pixels::I16(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        Pixels::I32(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        Pixels::F32(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        Pixels::F64(values) => values.iter().flat_map(|value| value.to_le_bytes()).collect(),
    }
}
