#![allow(clippy::unwrap_used)]
use std::io::Write as _;

use amorph_core::data::{AxisRole, Data, Pixels};

use super::*;

const SHAPE: [usize; 4] = [3, 4, 5, 7];

/// A signal of 3 x 4 frames of 5 x 7 in chunks that divide no axis evenly.
fn store(folder: &Path, compressor: &str, big_endian: bool, separator: &str, pack: &dyn Fn(&[u8]) -> Vec<u8>) -> PathBuf {
    const CHUNKS: [usize; 4] = [2, 3, 2, 4];
    let path = folder.join("signal.zspy");
    let data = path.join("Experiments/ramp/data");
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(path.join(".zgroup"), r#"{"zarr_format":2}"#).unwrap();
    let order = if big_endian { '>' } else { '<' };
    let described = format!(
        r#"{{"zarr_format":2,"shape":[3,4,5,7],"chunks":[2,3,2,4],"dtype":"{order}u2","compressor":{compressor},"fill_value":9,"filters":null,"order":"C","dimension_separator":"{separator}"}}"#
    );
    std::fs::write(data.join(".zarray"), described).unwrap();
    let axes = [("y", "nm", 0.5), ("x", "nm", 0.5), ("ky", "1/nm", 0.02), ("kx", "1/nm", 0.02)];
    for (index, (name, unit, scale)) in axes.iter().enumerate() {
        let axis = path.join(format!("Experiments/ramp/axis-{index}"));
        std::fs::create_dir_all(&axis).unwrap();
        let navigate = index < 2;
        let text = format!(r#"{{"name":"{name}","units":"{unit}","scale":{scale},"offset":0.0,"navigate":{navigate}}}"#);
        std::fs::write(axis.join(".zattrs"), text).unwrap();
    }
    let pixels = crate::testfiles::ramp(&SHAPE);
    let counts: [usize; 4] = std::array::from_fn(|axis| SHAPE[axis].div_ceil(CHUNKS[axis]));
    for number in 0..counts.iter().product() {
        let places = |mut number: usize, of: [usize; 4]| {
            let mut place = [0; 4];
            for axis in (0..4).rev() {
                place[axis] = number % of[axis];
                number /= of[axis];
            }
            place
        };
        let chunk = places(number, counts);
        let mut bytes = Vec::new();
        for inside in 0..CHUNKS.iter().product() {
            let at: [usize; 4] = std::array::from_fn(|axis| chunk[axis] * CHUNKS[axis] + places(inside, CHUNKS)[axis]);
            let is_inside = (0..4).all(|axis| at[axis] < SHAPE[axis]);
            let index = ((at[0] * 4 + at[1]) * 5 + at[2]) * 7 + at[3];
            let value = if is_inside { pixels[index] } else { 0 };
            bytes.extend(if big_endian { value.to_be_bytes() } else { value.to_le_bytes() });
        }
        let name = data.join(chunk.map(|place| place.to_string()).join(separator));
        std::fs::create_dir_all(name.parent().unwrap()).unwrap();
        std::fs::write(name, pack(&bytes)).unwrap();
    }
    path
}

fn pixels(path: &Path) -> Pixels {
    let loaded = crate::open(path).unwrap();
    let Data::Scan(scan) = &loaded.data else { panic!("a scan is expected") };
    assert_eq!((scan.shape(), scan.n_present, loaded.source.format.as_str()), (SHAPE, 12, "zspy"));
    assert_eq!(scan.axes[3].role, AxisRole::DetectorX);
    assert!((scan.axes[3].usable_step("1/m").unwrap() / 0.02e9 - 1.0).abs() < 1e-12);
    let mut found = Pixels::empty(scan.pixel);
    scan.read(0..12, &mut found).unwrap();
    found
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn stores_are_read_in_every_packing() {
    let expected = Pixels::U16(crate::testfiles::ramp(&SHAPE));
    for (big_endian, separator) in [(false, "."), (true, "."), (false, "/")] {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(pixels(&store(folder.path(), "null", big_endian, separator, &|bytes| bytes.to_vec())), expected);
    }
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(pixels(&store(folder.path(), r#"{"id":"zlib","level":1}"#, false, ".", &zlib)), expected);
    // Blosc without packing: the header says so.
    let bare = |bytes: &[u8]| {
        let mut out = vec![2, 1, 2, 2];
        for word in [bytes.len(), bytes.len(), bytes.len() + 16] {
            out.extend((word as u32).to_le_bytes());
        }
        out.extend(bytes);
        out
    };
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(pixels(&store(folder.path(), r#"{"id":"blosc","cname":"lz4","shuffle":1}"#, false, ".", &bare)), expected);
}

#[test]
fn a_chunk_that_is_absent_holds_the_fill_value() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path(), "null", false, ".", &|bytes| bytes.to_vec());
    let hash = |path: &Path| crate::open(path).unwrap().source.sha256;
    let before = hash(&path);
    // Frames (2, 3), rows 4, columns 4 to 6.
    std::fs::remove_file(path.join("Experiments/ramp/data/1.1.2.1")).unwrap();
    let Pixels::U16(found) = pixels(&path) else { panic!("counts are expected") };
    let mut expected = crate::testfiles::ramp(&SHAPE);
    let last = expected.len();
    expected[last - 3..].fill(9);
    assert_eq!(found, expected);
    assert_ne!(hash(&path), before);
}

#[test]
fn bad_stores_say_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = store(folder.path(), "null", false, ".", &|bytes| bytes.to_vec());
    let described = path.join("Experiments/ramp/data/.zarray");
    let good = std::fs::read_to_string(&described).unwrap();
    let message = |from: &str, to: &str| {
        std::fs::write(&described, good.replace(from, to)).unwrap();
        crate::open(&path).unwrap_err().to_string()
    };
    for (from, to, word) in [
        ("null,\"fill", "{\"id\":\"blosc\",\"cname\":\"zstd\"},\"fill", "blosc zstd"),
        ("\"zarr_format\":2", "\"zarr_format\":3", "zarr version 3"),
        ("\"C\"", "\"F\"", "order \"F\""),
        ("[2,3,2,4]", "[2,3,0,4]", "chunks"),
        ("[2,3,2,4]", "[2,3,2,4000000000]", "chunks"),
        ("[3,4,5,7]", "[3,4,5,7000000000000]", "chunks"),
        ("[3,4,5,7]", "[3,-4,5,7]", "whole numbers"),
        ("<u2", "<c8", "c8"),
        ("{", "", "JSON"),
    ] {
        let text = message(from, to);
        assert!(text.contains(word) && text.contains(".zarray"), "{to}: {text}");
    }
    std::fs::write(&described, &good).unwrap();
    std::fs::write(path.join("Experiments/ramp/data/0.0.0.0"), b"short").unwrap();
    let loaded = crate::open(&path).unwrap();
    let Data::Scan(scan) = &loaded.data else { panic!("a scan is expected") };
    let error = scan.read(0..1, &mut Pixels::empty(scan.pixel)).unwrap_err().to_string();
    assert!(error.contains("0.0.0.0") && error.contains("5 bytes"), "{error}");
    std::fs::remove_dir_all(path.join("Experiments")).unwrap();
    assert!(crate::open(&path).unwrap_err().to_string().contains("Experiments"));
}
