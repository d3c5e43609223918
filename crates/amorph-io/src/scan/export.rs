//! Frames of any format as a `.npy` array with its axes beside it, or as a TIFF stack.

use std::io::Write as _;
use std::ops::Range;
use std::path::Path;

use amorph_core::data::{Data, DataError, Metadata, MetadataEntry, PixelType, Pixels, ScanAxis};
use amorph_core::unit::Unit;

use crate::IoError;
use crate::formats::npy::header_bytes;
use crate::sidecar::{self, ScanFormat, ScanSidecar, SidecarAxis};
use crate::write::{stream_atomically, write_atomically};

/// Bytes of frames that are held at a time.
const PIECE: usize = 16 << 20;

/// A scan or a stack, as far as its rows are whole.
struct Frames<'a> {
    data: &'a Data,
    metadata: &'a Metadata,
    name: &'a str,
    axes: Vec<ScanAxis>,
    pixel: PixelType,
    shape: Vec<usize>,
    n: usize,
    len: usize,
}

impl<'a> Frames<'a> {
    fn of(file: &str, data: &'a Data, metadata: &'a Metadata) -> Result<Self, IoError> {
        let refused = |found: String, remedy| IoError::Unsupported { file: file.to_owned(), found, remedy };
        let (mut axes, pixel, n_present, name) = match data {
            Data::Scan(scan) => (scan.axes.to_vec(), scan.pixel, scan.n_present, &scan.name),
            Data::Stack(stack) => (stack.axes.clone(), stack.pixel, stack.n_present, &stack.name),
            other => return Err(refused(format!("writing {} as frames", other.kind()), "choose a file of frames")),
        };
        if let Some((whole, rows)) = whole_rows(data)
            && whole < rows
        {
            if whole == 0 {
                let found = format!("writing {name}, of which {n_present} frames are there and no row is whole,");
                return Err(refused(found, "copy the file again"));
            }
            axes[0].n = whole;
        }
        let shape: Vec<usize> = axes.iter().map(|axis| axis.n).collect();
        let (outer, frame) = shape.split_at(shape.len().saturating_sub(2));
        let (n, len): (usize, usize) = (outer.iter().product(), frame.iter().product());
        Ok(Self { data, metadata, name, axes, pixel, n, len, shape })
    }

    fn bytes(&self) -> usize {
        self.len * self.pixel.size()
    }

    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        match self.data {
            Data::Scan(scan) => scan.read(frames, pixels),
            Data::Stack(stack) => stack.read(frames, pixels),
            _ => Ok(()),
        }
    }

    /// Writes the head and all frames, `per_piece` at a time, each piece with what comes after it.
    fn stream(
        &self,
        path: &Path,
        head: &[u8],
        per_piece: usize,
        after: impl Fn(usize) -> Vec<u8>,
        progress: impl Fn(usize, usize),
    ) -> Result<(), IoError> {
        let file = path.display().to_string();
        stream_atomically(path, |out| {
            let failed = |source| IoError::Write { file: file.clone(), source };
            out.write_all(head).map_err(failed)?;
            let mut pixels = Pixels::empty(self.pixel);
            for first in (0..self.n).step_by(per_piece) {
                let end = (first + per_piece).min(self.n);
                let unreadable = |source| IoError::Map { file: file.clone(), source: Box::new(source) };
                self.read(first..end, &mut pixels).map_err(unreadable)?;
                out.write_all(&bytes_of(&pixels)).map_err(failed)?;
                out.write_all(&after(first)).map_err(failed)?;
                progress(end, self.n);
            }
            Ok(())
        })
    }

    fn write_sidecar(&self, path: &Path, axes: Option<Vec<SidecarAxis>>) -> Result<(), IoError> {
        let scan_shape = matches!(self.data, Data::Scan(_)).then(|| [self.shape[0], self.shape[1]]);
        let metadata = carried(self.metadata).cloned().collect();
        let beside = ScanSidecar { format: ScanFormat::V1, scan_shape, axes, metadata };
        let beside_path = sidecar::path_of(path);
        let text = serde_json::to_vec_pretty(&beside)
            .map_err(|source| IoError::SidecarSyntax { file: beside_path.display().to_string(), source })?;
        write_atomically(&beside_path, &text)
    }
}

/// What a file says about the instrument: everything but its axes, which are written as such.
pub(super) fn carried(metadata: &Metadata) -> impl Iterator<Item = &MetadataEntry> {
    metadata.entries.iter().filter(|entry| entry.section != "axes")
}

/// Positions of the slowest axis of frames at which all frames are there, and how many there should be; `None` for data of other kinds.
pub fn whole_rows(data: &Data) -> Option<(usize, usize)> {
    let (rows, n_frames, n_present) = match data {
        Data::Scan(scan) => (scan.axes[0].n, scan.n_frames(), scan.n_present),
        Data::Stack(stack) => (stack.axes.first()?.n, stack.n_frames(), stack.n_present),
        _ => return None,
    };
    let per_row = n_frames.checked_div(rows)?.max(1);
    Some((n_present / per_row, rows))
}

/// Writes a scan or a stack of frames as `.npy` in its own type of pixels, little-endian and in C order, and its axes and what `metadata`
/// says as the sidecar `<path>.json`; read again, the same frames and axes come back. Frames go through memory in pieces of 16 MiB; `progress` is told how
/// many of how many are written. Of a file that is cut short the rows that are whole are written ([`whole_rows`]).
///
/// # Errors
/// [`IoError::Unsupported`] for data of other kinds and where no row is whole, [`IoError::Map`] for frames that cannot be read,
/// [`IoError::Write`].
pub fn write_frames(path: &Path, data: &Data, metadata: &Metadata, progress: impl Fn(usize, usize)) -> Result<(), IoError> {
    let frames = Frames::of(&path.display().to_string(), data, metadata)?;
    let per_piece = (PIECE / frames.bytes().max(1)).clamp(1, frames.n.max(1));
    let head = header_bytes(descr(frames.pixel), &frames.shape);
    frames.stream(path, &head, per_piece, |_| Vec::new(), progress)?;
    frames.write_sidecar(path, Some(frames.axes.iter().map(described).collect()))
}

/// Writes a scan or a stack of frames as TIFF, a page for every frame in its own type of pixels, as BigTIFF above 4 GiB; the shape of a scan
/// and `metadata` go into the sidecar `<path>.json`, which a stack has none of. The frames come back as they are, steps and units of the axes do not.
///
/// # Errors
/// As [`write_frames`].
pub fn write_frames_tiff(
    path: &Path,
    data: &Data,
    metadata: &Metadata,
    progress: impl Fn(usize, usize),
) -> Result<(), IoError> {
    let frames = Frames::of(&path.display().to_string(), data, metadata)?;
    let page = Page { wide: false, bytes: frames.bytes() as u64, shape: &frames.shape, pixel: frames.pixel };
    let page = Page { wide: page.stride().saturating_mul(frames.n as u64) > u64::from(u32::MAX) - 64, ..page };
    frames.stream(path, &page.head(), 1, |frame| page.directory(frame as u64, frame + 1 == frames.n), progress)?;
    if matches!(data, Data::Scan(_)) { frames.write_sidecar(path, None) } else { Ok(()) }
}

/// Writes a scan or a stack of frames as a HyperSpy file, pixels in one piece and in their own type; the axes keep name, step, offset and
/// unit, and what is scan, time or depth navigates. What `metadata` says becomes `original_metadata`, a group for every section, as far
/// as it has room there: 2000 statements of at most 16 KiB. An axis without a step has the scale 1 and no unit, as HyperSpy has it.
///
/// # Errors
/// As [`write_frames`].
pub fn write_frames_hspy(
    path: &Path,
    data: &Data,
    metadata: &Metadata,
    progress: impl Fn(usize, usize),
) -> Result<(), IoError> {
    let frames = Frames::of(&path.display().to_string(), data, metadata)?;
    let per_piece = (PIECE / frames.bytes().max(1)).clamp(1, frames.n.max(1));
    let head = super::hspy::head(frames.name, &frames.axes, frames.pixel, metadata);
    frames.stream(path, &head, per_piece, |_| Vec::new(), progress)
}

/// Tags of a page.
const TAGS: u64 = 10;

/// A page of a TIFF file: the pixels, then their directory.
struct Page<'a> {
    /// BigTIFF.
    wide: bool,
    /// Of the pixels.
    bytes: u64,
    shape: &'a [usize],
    pixel: PixelType,
}

impl Page<'_> {
    fn first(&self) -> u64 {
        if self.wide { 16 } else { 8 }
    }

    /// Bytes of a directory, and of the zeros before it that bring it to an even place.
    fn directory_bytes(&self) -> u64 {
        self.bytes % 2 + if self.wide { 8 + 20 * TAGS + 8 } else { 2 + 12 * TAGS + 4 }
    }

    fn stride(&self) -> u64 {
        self.bytes + self.directory_bytes()
    }

    fn directory_place(&self, frame: u64) -> u64 {
        self.first() + frame * self.stride() + self.bytes + self.bytes % 2
    }

    fn offset(&self, value: u64) -> Vec<u8> {
        if self.wide { value.to_le_bytes().to_vec() } else { (value as u32).to_le_bytes().to_vec() }
    }

    fn head(&self) -> Vec<u8> {
        let mut head = b"II".to_vec();
        if self.wide {
            head.extend([43, 0, 8, 0, 0, 0]);
        } else {
            head.extend([42, 0]);
        }
        head.extend(self.offset(self.directory_place(0)));
        head
    }

    fn directory(&self, frame: u64, is_last: bool) -> Vec<u8> {
        const SHORT: u16 = 3;
        const LONG: u16 = 4;
        const LONG8: u16 = 16;
        let format = match self.pixel {
            PixelType::U8 | PixelType::U16 | PixelType::U32 => 1,
            PixelType::I16 | PixelType::I32 => 2,
            PixelType::F32 | PixelType::F64 => 3,
        };
        let place = if self.wide { LONG8 } else { LONG };
        let axis = |from_last: usize| self.shape[self.shape.len() - from_last] as u64;
        let tags: [(u16, u16, u64); TAGS as usize] = [
            (256, LONG, axis(1)),
            (257, LONG, axis(2)),
            (258, SHORT, 8 * self.pixel.size() as u64),
            (259, SHORT, 1),
            (262, SHORT, 1),
            (273, place, self.first() + frame * self.stride()),
            (277, SHORT, 1),
            (278, LONG, axis(2)),
            (279, place, self.bytes),
            (339, SHORT, format),
        ];
        let mut out = vec![0; (self.bytes % 2) as usize];
        out.extend(if self.wide { TAGS.to_le_bytes().to_vec() } else { (TAGS as u16).to_le_bytes().to_vec() });
        for (tag, kind, value) in tags {
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend(self.offset(1));
            out.extend(self.offset(value));
        }
        out.extend(self.offset(if is_last { 0 } else { self.directory_place(frame + 1) }));
        out
    }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use amorph_core::data::Scan4d;

    #[test]
    fn every_type_of_pixel_comes_back_from_tiff() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scan.tif");
        let shape = [2, 3, 3, 5];
        let numbers = || (0..90u8).map(|i| i.wrapping_mul(37));
        let kinds = [
            Pixels::U8(numbers().collect()),
            Pixels::U16(numbers().map(|i| 700 * u16::from(i % 90)).collect()),
            Pixels::U32(numbers().map(|i| 70_000 * u32::from(i)).collect()),
            Pixels::I16(numbers().map(|i| 200 - 3 * i16::from(i)).collect()),
            Pixels::I32(numbers().map(|i| 9 - 70_000 * i32::from(i)).collect()),
            Pixels::F32(numbers().map(|i| 0.5 - f32::from(i)).collect()),
            Pixels::F64(numbers().map(|i| 1e-9 - 3.0 * f64::from(i)).collect()),
        ];
        for pixels in kinds {
            let data = Data::Scan(Scan4d::of_pixels(shape, pixels.clone()));
            write_frames_tiff(&path, &data, &Metadata::default(), |_, _| {}).unwrap();
            let again = crate::open(&path).unwrap();
            let Data::Scan(scan) = &again.data else { panic!("a scan is expected") };
            let mut found = Pixels::empty(scan.pixel);
            scan.read(0..6, &mut found).unwrap();
            assert_eq!((scan.shape(), found), (shape, pixels));
        }
    }

    #[test]
    fn big_files_have_wide_offsets() {
        let shape = [2, 2, 3];
        let page = Page { wide: true, bytes: 6, shape: &shape, pixel: PixelType::U8 };
        let mut file = page.head();
        for frame in 0..2u8 {
            file.extend((0..6).map(|i| 10 * frame + i));
            file.extend(page.directory(u64::from(frame), frame == 1));
        }
        let again = crate::open_bytes("big", &file, None).unwrap();
        let Data::Stack(stack) = &again.data else { panic!("a stack is expected") };
        let mut found = Pixels::empty(stack.pixel);
        stack.read(0..2, &mut found).unwrap();
        assert_eq!((stack.shape(), found), (vec![2, 2, 3], Pixels::U8(vec![0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15])));
    }
}
