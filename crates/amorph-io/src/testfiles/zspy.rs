//! HyperSpy signals in zarr.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Name, scale, unit, and whether it is an axis of navigation.
type Axis<'a> = (&'a str, f64, &'a str, bool);

/// The files of a zarr store with one signal of counts, `Experiments/ramp`, by their names in it; a chunk is a frame. Chunks are packed
/// with zlib where `packed`.
pub fn zspy_members(shape: &[usize], axes: &[Axis<'_>], packed: bool, pixels: &[u16]) -> Vec<(String, Vec<u8>)> {
    let group = br#"{"zarr_format":2}"#.to_vec();
    let mut members = vec![(".zgroup".to_owned(), group.clone()), ("Experiments/.zgroup".to_owned(), group)];
    for (index, (name, scale, unit, navigates)) in axes.iter().enumerate() {
        let text = format!(r#"{{"name":"{name}","scale":{scale},"offset":0.0,"units":"{unit}","navigate":{navigates}}}"#);
        members.push((format!("Experiments/ramp/axis-{index}/.zattrs"), text.into_bytes()));
    }
    let n_outer = shape.len().saturating_sub(2);
    let (outer, frame) = shape.split_at(n_outer);
    let chunks: Vec<usize> = outer.iter().map(|_| 1).chain(frame.iter().copied()).collect();
    let compressor = if packed { r#"{"id":"zlib","level":1}"# } else { "null" };
    let described = format!(
        r#"{{"zarr_format":2,"shape":{shape:?},"chunks":{chunks:?},"dtype":"<u2","compressor":{compressor},"fill_value":0,"filters":null,"order":"C"}}"#
    );
    members.push(("Experiments/ramp/data/.zarray".to_owned(), described.into_bytes()));
    for (number, values) in pixels.chunks(frame.iter().product::<usize>().max(1)).enumerate() {
        let mut rest = number;
        let mut place = vec![0; shape.len()];
        for (at, n) in place.iter_mut().zip(outer).rev() {
            *at = rest % n;
            rest /= n;
        }
        let name: Vec<String> = place.iter().map(usize::to_string).collect();
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        members.push((format!("Experiments/ramp/data/{}", name.join(".")), if packed { zlib(&bytes) } else { bytes }));
    }
    members
}

/// The same as one archive, its members in the folder `root` (empty, or a name with `/` at its end), stored or deflated.
pub fn zspy_bytes(root: &str, members: &[(String, Vec<u8>)], deflated: bool) -> Vec<u8> {
    let method = if deflated { CompressionMethod::Deflated } else { CompressionMethod::Stored };
    let options = SimpleFileOptions::default().compression_method(method);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let written = archive.start_file(format!("{root}{name}"), options).is_ok() && archive.write_all(bytes).is_ok();
        debug_assert!(written, "memory takes every member");
    }
    archive.finish().map(Cursor::into_inner).unwrap_or_default()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let written = encoder.write_all(bytes);
    debug_assert!(written.is_ok(), "memory takes every byte");
    encoder.finish().unwrap_or_default()
}
