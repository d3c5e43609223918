//! Small files made by the writers, and one made by hand.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use amorph_core::data::{Channel, Recording, TraceQuantity};
use amorph_core::data::{Data, Direction, Extent, Loaded, Map, Metadata};
use amorph_core::unit::Unit;
use amorph_io::testfiles::{
    Depth, IbwNumbers, MdtFrames, NidBits, ParkNumbers, ParkScan, SlowAxis, TdmsLayout, TextDialect, TextEncoding, WsxmNumbers,
    WsxmScan, blo_bytes, dectris_bytes, delimited_bytes, dm_bytes, emd_bytes, hld_bytes, hspy_bytes, ibw_bytes, jpk_bytes,
    mat_bytes, mdt_bytes, mib_bytes, mrc_bytes, nanoscope_bytes, nid_bytes, park_bytes, ramp, ser_bytes, sxm_bytes, tdms_bytes,
    tiff_bytes, triboscan_bytes, velox_bytes, wsxm_bytes, zspy_bytes, zspy_members,
};
use ndarray::Array2;

pub const SIDECAR: &str = r#"{"format":"amorph-map-1","channel":"height","value_unit":"nm","x_size":400,"y_size":300,"xy_unit":"nm","first_row":"top"}"#;

/// 12 rows, 16 columns, no symmetry, 400 nm x 300 nm.
pub fn map(quantity: &str, unit: &str, scale: f64) -> Map {
    let values = Array2::from_shape_fn((12, 16), |(row, column)| {
        scale * ((row * 16 + column) as f64 * 0.731).sin() + scale * (row as f64 - 0.3 * column as f64)
    });
    let mut map = Map::new(quantity, values, Unit::of(unit), Some(Extent::metres(400e-9, 300e-9)));
    map.direction = Some(Direction::Retrace);
    map
}

pub fn maps() -> Vec<Map> {
    vec![map("height", "m", 1e-9), map("phase", "deg", 3.0), map("amplitude", "m", 2e-9)]
}

/// Height and phase, trace and retrace: no two alike.
pub fn both_ways() -> Vec<Map> {
    let mut maps = Vec::new();
    for (quantity, unit, scale) in [("height", "m", 1e-9), ("phase", "deg", 3.0)] {
        for (direction, factor) in [(Direction::Trace, 1.0), (Direction::Retrace, 1.3)] {
            let mut map = map(quantity, unit, scale * factor);
            map.direction = Some(direction);
            maps.push(map);
        }
    }
    maps
}

pub fn note() -> Vec<(&'static str, String)> {
    let text = |key, value: &str| (key, value.to_owned());
    vec![text("SpringConstant", "27.9"), text("ThermalQ", "471"), text("FreeAirAmplitude", "0.8"), text("AmpInvOLS", "4.1e-08")]
}

/// A version 2 wave: 40 points, 1e-3 s apart, in V, with a note.
pub fn wave_2(big_endian: bool) -> Vec<u8> {
    let points = 40usize;
    let mut bytes = vec![0u8; 126];
    let mut put = |at: usize, raw: &[u8]| {
        let mut raw = raw.to_vec();
        if big_endian {
            raw.reverse();
        }
        bytes[at..at + raw.len()].copy_from_slice(&raw);
    };
    put(0, &2i16.to_le_bytes());
    put(2, &((110 + 4 * points + 16) as i32).to_le_bytes());
    put(6, &9i32.to_le_bytes());
    put(16, &2i16.to_le_bytes());
    put(16 + 42, &(points as i32).to_le_bytes());
    put(16 + 48, &1e-3f64.to_le_bytes());
    put(16 + 56, &0.5f64.to_le_bytes());
    bytes[22..25].copy_from_slice(b"abc");
    bytes[16 + 34] = b'V';
    bytes[16 + 38] = b's';
    for index in 0..points {
        let value = index as f32 * 0.25;
        bytes.extend(if big_endian { value.to_be_bytes() } else { value.to_le_bytes() });
    }
    bytes.extend([0; 16]);
    bytes.extend(b"Key: 12.5");
    bytes
}

/// 40 samples of time, load and depth.
pub fn recording() -> Recording {
    let load = |i: usize| 1e-5 * i as f64;
    Recording::of_test(vec![
        Channel::new(TraceQuantity::Time, (0..40).map(|i| 0.1 * i as f64).collect()),
        Channel::new(TraceQuantity::Load, (0..40).map(load).collect()),
        Channel::new(TraceQuantity::Depth, (0..40).map(|i| 1e-6 * load(i).sqrt()).collect()),
    ])
}

/// Scale, origin and unit.
pub const DM_AXES: [(f32, f32, &str); 3] = [(1.0, -300.0, "eV"), (0.5, 0.0, "nm"), (0.5, 0.0, "nm")];
/// Name, scale, unit, and whether it is an axis of navigation.
pub const HSPY_AXES: [(&str, f64, &str, bool); 4] =
    [("y", 1.0, "", true), ("x", 1.0, "", true), ("dy", 0.05, "1 / nm", false), ("dx", 0.05, "1 / nm", false)];

fn zspy(shape: [usize; 4], packed: bool) -> Vec<u8> {
    zspy_bytes(if packed { "ramp.zspy/" } else { "" }, &zspy_members(&shape, &HSPY_AXES, packed, &ramp(&shape)), packed)
}

/// Name, bytes and sidecar.
pub type Fixture = (&'static str, Vec<u8>, Option<Vec<u8>>);

/// One file per reader and variant.
pub fn fixtures() -> Vec<Fixture> {
    let folder = tempfile::tempdir().unwrap();
    let written = |name: &str, write: &dyn Fn(&std::path::Path)| {
        let path = folder.path().join(name);
        write(&path);
        (std::fs::read(&path).unwrap(), std::fs::read(amorph_io::sidecar::path_of(&path)).ok())
    };
    let one = map("height", "m", 1e-9);
    let mut masked = maps();
    masked[0].mask = Some(Array2::from_shape_fn((12, 16), |(row, column)| row == column));
    let nanoscope = |depth| nanoscope_bytes("f", &maps(), depth).unwrap();
    let ibw = |double, big_endian| ibw_bytes("f", &maps(), &note(), IbwNumbers { double, big_endian }).unwrap();
    let park = |numbers| park_bytes("f", &one, &ParkScan { numbers, ..ParkScan::default() }).unwrap();
    let wsxm = |numbers| wsxm_bytes("f", &one, &WsxmScan { numbers, ..WsxmScan::default() }).unwrap();
    let (gwy, _) = written("f.gwy", &|path| amorph_io::write_gwy(path, &masked, &Metadata::default()).unwrap());
    let (gsf, _) = written("f.gsf", &|path| amorph_io::write_gsf(path, &one).unwrap());
    let (npy, npy_sidecar) = written("f.npy", &|path| amorph_io::write_npy(path, &one).unwrap());
    let (csv, csv_sidecar) = written("f.csv", &|path| amorph_io::write_csv(path, &one).unwrap());
    let points: String = (0..30).map(|i| format!("{} {} {}\n", 80 * (i % 5), 50 * (i / 5), i * i)).collect();
    let xyz = SIDECAR.replace("\"first_row\"", "\"layout\":\"xyz\",\"first_row\"");
    vec![
        ("nanoscope 2", nanoscope(Depth::Two), None),
        ("nanoscope 4", nanoscope(Depth::Four), None),
        ("ibw little", ibw(false, false), None),
        ("ibw big", ibw(true, true), None),
        ("ibw version 2", wave_2(false), None),
        ("park float", park(ParkNumbers::Float), None),
        ("park short", park(ParkNumbers::Short), None),
        ("jpk", jpk_bytes("f", &maps()).unwrap(), None),
        ("nid 16", nid_bytes("f", &both_ways(), NidBits::Sixteen).unwrap(), None),
        ("nid 32", nid_bytes("f", &both_ways(), NidBits::ThirtyTwo).unwrap(), None),
        ("wsxm double", wsxm(WsxmNumbers::Double), None),
        ("wsxm short", wsxm(WsxmNumbers::Short), None),
        ("sxm", sxm_bytes("f", &both_ways(), SlowAxis::Up).unwrap(), None),
        ("mdt arrays", mdt_bytes("f", &maps(), MdtFrames::Arrays).unwrap(), None),
        ("mdt scanned", mdt_bytes("f", &maps(), MdtFrames::Scanned).unwrap(), None),
        ("gwy", gwy, None),
        ("gsf", gsf, None),
        ("npy", npy, npy_sidecar),
        ("csv", csv, csv_sidecar),
        ("xyz", points.into_bytes(), Some(xyz.into_bytes())),
        ("triboscan", triboscan_bytes(&recording()).unwrap(), None),
        ("hld", hld_bytes(&recording(), 1e-10).unwrap(), None),
        ("delimited", delimited_bytes(&recording(), &TextDialect::default()), None),
        (
            "delimited UTF-16",
            delimited_bytes(
                &recording(),
                &TextDialect { encoding: TextEncoding::Utf16, delimiter: ';', ..TextDialect::default() },
            ),
            None,
        ),
        ("tdms", tdms_bytes("a", &recording(), TdmsLayout { segments: 3, ..TdmsLayout::default() }), None),
        (
            "tdms interleaved",
            tdms_bytes("a", &recording(), TdmsLayout { interleaved: true, big_endian: true, scaled: true, segments: 2 }),
            None,
        ),
        ("mib", mib_bytes([6, 5, 7], 2, &ramp(&[6, 5, 7])), None),
        ("blo", blo_bytes([2, 3, 6], true, &ramp(&[2, 3, 6, 6])), None),
        ("dm3", dm_bytes(3, &[3, 4, 5], &DM_AXES, &ramp(&[3, 4, 5])), None),
        ("dm4", dm_bytes(4, &[6, 7], &DM_AXES[1..], &ramp(&[6, 7])), None),
        ("hspy", hspy_bytes(&[2, 3, 4, 5], &HSPY_AXES, &ramp(&[2, 3, 4, 5])), None),
        ("zspy", zspy([2, 3, 4, 5], false), None),
        ("zspy packed", zspy([2, 3, 4, 5], true), None),
        ("emd", emd_bytes([2, 3, 4, 5], false, &ramp(&[2, 3, 4, 5])), None),
        ("emd gzip", emd_bytes([2, 3, 4, 5], true, &ramp(&[2, 3, 4, 5])), None),
        ("dectris", dectris_bytes([3, 4, 5], false, &ramp(&[3, 4, 5])), None),
        ("dectris gzip", dectris_bytes([3, 4, 5], true, &ramp(&[3, 4, 5])), None),
        ("velox", velox_bytes([3, 4, 5], &ramp(&[3, 4, 5])), None),
        ("mat", mat_bytes([3, 4, 5], true, false, &ramp(&[3, 4, 5])), None),
        ("mrc", mrc_bytes([3, 4, 5], false, true, &ramp(&[3, 4, 5])), None),
        ("ser", ser_bytes([3, 4, 5], false, &ramp(&[3, 4, 5])), None),
        ("tiff", tiff_bytes([3, 4, 5], false, &ramp(&[3, 4, 5])), None),
        ("tiff big", tiff_bytes([1, 4, 5], true, &ramp(&[4, 5])), None),
        ("trios json", include_bytes!("trios.json").to_vec(), None),
        ("table", b"name,size (nm),count\na,1.5,3\nb,2.5,\n".to_vec(), None),
        (
            "gwyddion text",
            b"# Channel: Height\n# Width: 400 nm\n# Height: 300 nm\n# Value units: m\n1 2 3\n4 5 6\n".to_vec(),
            None,
        ),
    ]
}

pub fn maps_of(loaded: &Loaded) -> &[Map] {
    match &loaded.data {
        Data::Maps(maps) => maps,
        other => panic!("maps are expected, found {}", other.kind()),
    }
}
