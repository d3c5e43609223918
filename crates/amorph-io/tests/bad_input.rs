//! Every row of the table "Bad input" of spec 12, section 7, and of section 2 on sidecars.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use amorph_core::data::{Data, Metadata};
use amorph_io::testfiles::{
    Depth, IbwNumbers, MdtFrames, NidBits, ParkScan, SlowAxis, WsxmScan, ibw_bytes, jpk_bytes, mdt_bytes, nanoscope_bytes,
    nid_bytes, park_bytes, sxm_bytes, wsxm_bytes,
};
use amorph_io::{IoError, duplicate_notes, open, open_bytes};
use common::{SIDECAR, both_ways, map, maps, maps_of, note};

fn refusal(bytes: &[u8], sidecar: Option<&str>) -> IoError {
    open_bytes("scan", bytes, sidecar.map(|text| ("scan.json", text.as_bytes()))).unwrap_err()
}

fn message(bytes: &[u8], sidecar: Option<&str>) -> String {
    refusal(bytes, sidecar).to_string()
}

fn contains(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "'{word}' is not in: {message}");
    }
}

/// The bytes of a text file in which `old` occurs, with `new` instead.
fn replaced(bytes: &[u8], old: &str, new: &str) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|window| window == old.as_bytes()).unwrap();
    [&bytes[..at], new.as_bytes(), &bytes[at + old.len()..]].concat()
}

#[test]
fn a_truncated_block_is_an_error_and_complete_channels_remain() {
    let bytes = nanoscope_bytes("f", &maps(), Depth::Two).unwrap();
    let loaded = open_bytes("scan", &bytes[..bytes.len() - 5], None).unwrap();
    assert_eq!(maps_of(&loaded).len(), 2);
    contains(&loaded.notes[0].message, &["channel 2", "384 bytes", "379"]);
    let one = nanoscope_bytes("f", &maps()[..1], Depth::Two).unwrap();
    contains(&message(&one[..one.len() - 5], None), &["scan", "channel 0 (Height)", "384", "379"]);

    let numbers = IbwNumbers::default();
    let bytes = ibw_bytes("f", &maps(), &note(), numbers).unwrap();
    let loaded = open_bytes("scan", &bytes[..384 + 2 * 768 + 100], None).unwrap();
    assert_eq!(maps_of(&loaded).len(), 2);
    contains(&loaded.notes.iter().map(|note| note.message.clone()).collect::<String>(), &["channel 2", "768", "100"]);
    contains(&message(&bytes[..384 + 100], None), &["channel 0", "768", "100"]);

    let container = amorph_io::formats::gwy::Container::of_maps(&maps(), &Metadata::default()).to_bytes();
    let loaded = open_bytes("scan", &container[..container.len() / 2], None).unwrap();
    assert!(!maps_of(&loaded).is_empty() && loaded.notes.iter().any(|note| note.code == "channel_unreadable"));
}

#[test]
fn every_truncated_format_names_the_channel_and_keeps_the_complete_ones() {
    let (several, one) = (both_ways(), map("height", "m", 1e-9));
    let pixels = 12 * 16;
    // Bytes at the end that are no data of the last channel, bytes of one channel, channels.
    for (name, bytes, tail, size, kept) in [
        ("nid", nid_bytes("f", &several, NidBits::Sixteen).unwrap(), 0, 2 * pixels, 3),
        ("nid", nid_bytes("f", &several, NidBits::ThirtyTwo).unwrap(), 0, 4 * pixels, 3),
        ("sxm", sxm_bytes("f", &several, SlowAxis::Up).unwrap(), 0, 4 * pixels, 3),
        ("wsxm", wsxm_bytes("f", &one, &WsxmScan::default()).unwrap(), 0, 8 * pixels, 0),
    ] {
        let cut = &bytes[..bytes.len() - tail - 10];
        let (expected, found) = (format!("{size} bytes"), (size - 10).to_string());
        let label = format!("channel {kept}");
        if kept == 0 {
            contains(&message(cut, None), &["scan", &label, &expected, &found]);
        } else {
            let loaded = open_bytes("scan", cut, None).unwrap();
            assert_eq!(maps_of(&loaded).len(), kept, "{name}");
            let note = loaded.notes.iter().find(|note| note.code == "channel_unreadable").unwrap();
            contains(&note.message, &[&label, &expected, &found]);
            let first = &bytes[..bytes.len() - tail - size * kept - 10];
            contains(&message(first, None), &["scan", "channel 0", &expected, &found]);
        }
    }
    // In TIFF files the data are followed by what describes them.
    let jpk = jpk_bytes("f", &several).unwrap();
    let loaded = open_bytes("scan", &jpk[..jpk.len() - 500], None).unwrap();
    assert_eq!(maps_of(&loaded).len(), 3);
    contains(&loaded.notes[0].message, &["channel 3", "768 bytes"]);
    let park = park_bytes("f", &one, &ParkScan::default()).unwrap();
    contains(&message(&park[..park.len() - 10], None), &["the Park header", "580 bytes", "570"]);
    contains(&message(&park[..park.len() - 600], None), &["the Park header", "580 bytes"]);
    let mdt = mdt_bytes("f", &several, MdtFrames::Arrays).unwrap();
    let loaded = open_bytes("scan", &mdt[..mdt.len() - 100], None).unwrap();
    assert_eq!(maps_of(&loaded).len(), 3);
    contains(&loaded.notes.iter().map(|note| note.message.clone()).collect::<String>(), &["frame 4", "bytes"]);
}

#[test]
fn absurd_sizes_of_every_format_are_refused() {
    let one = map("height", "m", 1e-9);
    let nid = nid_bytes("f", std::slice::from_ref(&one), NidBits::Sixteen).unwrap();
    contains(&message(&replaced(&nid, "Points=16", "Points=-6"), None), &["Points", "'-6'"]);
    contains(&message(&replaced(&nid, "Points=16", "Points=9000000000000000000"), None), &["Points times Lines", "9000000000"]);
    contains(&message(&replaced(&nid, "SaveBits=16", "SaveBits=24"), None), &["SaveBits", "'24'"]);
    let sxm = sxm_bytes("f", std::slice::from_ref(&one), SlowAxis::Up).unwrap();
    contains(&message(&replaced(&sxm, "  16  12", "  99999  99999"), None), &["channel 0", "39999200004"]);
    contains(&message(&replaced(&sxm, "  16  12", "  -6  12"), None), &[":SCAN_PIXELS:", "-6"]);
    contains(&message(&replaced(&sxm, ":SCAN_RANGE:", ":SCAN_RANGF:"), None), &[":SCAN_RANGE: is missing"]);
    let wsxm = wsxm_bytes("f", &one, &WsxmScan::default()).unwrap();
    contains(&message(&replaced(&wsxm, "columns: 16", "columns: 0"), None), &["Number of columns", "'0'"]);
    contains(&message(&replaced(&wsxm, "Type: double", "Type: octupl"), None), &["octupl"]);
    contains(&message(&replaced(&wsxm, "SxM Image file", "SxM Curve file"), None), &["no image", "SxM Curve file"]);
    let mut jpk = jpk_bytes("f", std::slice::from_ref(&one)).unwrap();
    let at = jpk.windows(12).rposition(|entry| entry[..8] == [1, 1, 0, 4, 0, 0, 0, 1]).unwrap();
    jpk[at + 8..at + 12].copy_from_slice(&[0xff; 4]);
    contains(&message(&jpk, None), &["data blocks", "274877906"]);
    let mut park = park_bytes("f", &one, &ParkScan::default()).unwrap();
    let header = park.len() - 580;
    park[header + 100..header + 104].copy_from_slice(&[0xff; 4]);
    contains(&message(&park, None), &["channel 0 (Topography)", "768 bytes", "4294967295 x 12"]);
    let mut mdt = mdt_bytes("f", std::slice::from_ref(&one), MdtFrames::Scanned).unwrap();
    let frame = 33 + u32::from_le_bytes([mdt[33], mdt[34], mdt[35], mdt[36]]) as usize;
    mdt[frame..frame + 4].copy_from_slice(&5u32.to_le_bytes());
    contains(&message(&mdt, None), &["the size of frame 1", "'5'", "22 bytes"]);
}

#[test]
fn tiff_pictures_and_archives_are_refused_by_name() {
    // One directory with a width, a height and nothing of a microscope.
    let picture = b"II*\0\x08\0\0\0\x01\0\x00\x01\x04\0\x01\0\0\0\x10\0\0\0\0\0\0\0";
    contains(&message(picture, None), &["a TIFF picture of 1 bits", "in strips"]);
    contains(&message(b"PK\x03\x04............", None), &["the archive is damaged", "Zip", "copy the file again"]);
    contains(&message(b"\x89HDF\r\n\x1a\n", None), &["the file is damaged"]);
    // A directory that points to itself.
    let one = map("height", "m", 1e-9);
    let mut endless = park_bytes("f", &one, &ParkScan::default()).unwrap();
    let entries = usize::from(u16::from_le_bytes([endless[8], endless[9]]));
    endless[10 + 12 * entries..14 + 12 * entries].copy_from_slice(&8u32.to_le_bytes());
    assert_eq!(maps_of(&open_bytes("scan", &endless, None).unwrap()).len(), 1);
}

#[test]
fn frames_that_are_no_images_are_listed_in_every_format() {
    let maps = both_ways();
    let nid = nid_bytes("f", &maps, NidBits::Sixteen).unwrap();
    let loaded = open_bytes("scan", &replaced(&nid, "Frame=Scan backward", "Frame=Spec backward"), None).unwrap();
    assert_eq!(maps_of(&loaded).len(), 3);
    contains(&loaded.notes[0].message, &["Spec backward Z-Axis", "not supported"]);
    let mdt = open_bytes("scan", &mdt_bytes("f", &maps, MdtFrames::Scanned).unwrap(), None).unwrap();
    contains(&mdt.notes.iter().map(|note| note.message.clone()).collect::<String>(), &["frame 5: curves", "not supported"]);
    // Only curves: all other frames are taken away.
    let mdt = mdt_bytes("f", &maps[..1], MdtFrames::Scanned).unwrap();
    let mut only = mdt[..33].to_vec();
    only[12] = 0;
    only.extend(&mdt[mdt.len() - 62..]);
    contains(&message(&only, None), &["no image", "curves"]);
}

#[test]
fn an_unfinished_nanosurf_scan_is_noted() {
    let nid = nid_bytes("f", &[map("height", "m", 1e-9)], NidBits::Sixteen).unwrap();
    let loaded = open_bytes("scan", &replaced(&nid, "CurLine=11", "CurLine=7"), None).unwrap();
    contains(&loaded.notes[0].message, &["channel 0 (Z-Axis)", "8 of 12 lines"]);
}

#[test]
fn a_flat_wsxm_image_has_no_scale() {
    let mut flat = map("height", "m", 1e-9);
    flat.values.fill(2e-9);
    let loaded = open_bytes("scan", &wsxm_bytes("f", &flat, &WsxmScan::default()).unwrap(), None).unwrap();
    assert!(maps_of(&loaded)[0].values.iter().all(|value| *value == 0.0));
    assert!(loaded.notes.iter().any(|note| note.code == "flat_channel"));
}

#[test]
fn absurd_sizes_are_refused() {
    let bytes = nanoscope_bytes("f", &maps()[..1], Depth::Two).unwrap();
    contains(&message(&replaced(&bytes, "Samps/line: 16", "Samps/line: -1"), None), &["Samps/line", "'-1'"]);
    let overflow = "Samps/line: 18446744073709551615";
    contains(&message(&replaced(&bytes, "Samps/line: 16", overflow), None), &["384", "18446744073709551615"]);
    let gsf = b"Gwyddion Simple Field 1.0\nXRes = 18446744073709551615\nYRes = 2\n\0\0\0\0";
    contains(&message(gsf, None), &["XRes"]);
    let gsf = b"Gwyddion Simple Field 1.0\nYRes = 2\n\0\0\0\0";
    contains(&message(gsf, None), &["XRes is missing"]);
}

#[test]
fn a_data_length_that_does_not_fit_names_its_three_numbers() {
    let bytes = nanoscope_bytes("f", &maps()[..1], Depth::Two).unwrap();
    let wrong = replaced(&bytes, "Number of lines: 12", "Number of lines: 11");
    contains(&message(&wrong, None), &["384 bytes", "16 x 11", "352", "704"]);
}

#[test]
fn sidecars_are_mandatory_for_numbers_without_units() {
    let matrix = b"1,2,3\n4,5,6\n";
    contains(&message(matrix, None), &["scan.json", "amorph-map-1", "x_size"]);
    for field in ["channel", "value_unit", "x_size", "y_size", "xy_unit", "first_row"] {
        let mut sidecar: serde_json::Value = serde_json::from_str(SIDECAR).unwrap();
        sidecar.as_object_mut().unwrap().remove(field);
        contains(&message(matrix, Some(&sidecar.to_string())), &["scan.json", field, "missing", "amorph-map-1"]);
    }
    let changed = |old: &str, new: &str| SIDECAR.replace(old, new);
    contains(
        &message(matrix, Some(&changed("\"value_unit\":\"nm\"", "\"value_unit\":\"nanometers\""))),
        &["value_unit", "unknown unit"],
    );
    contains(&message(matrix, Some(&changed("\"xy_unit\":\"nm\"", "\"xy_unit\":\"V\""))), &["xy_unit", "a length"]);
    contains(&message(matrix, Some(&changed("400", "-400"))), &["x_size", "-400", "positive"]);
    contains(&message(matrix, Some(&changed("top", "left"))), &["first_row", "'left'", "bottom"]);
    contains(&message(matrix, Some(&changed("first_row", "firstrow"))), &["firstrow", "not known"]);
    contains(&message(matrix, Some("{")), &["scan.json", "JSON", "line 1"]);
    contains(&message(matrix, Some(&changed("amorph-map-1", "amorph-tapping-1"))), &["format", "amorph-tapping-1"]);
}

#[test]
fn text_with_wrong_cells_is_refused_with_row_and_column() {
    contains(&message(b"# c\n1,2,3\n4,5\n", Some(SIDECAR)), &["row 3", "2 fields", "3 are expected"]);
    contains(&message(b"1,2,3\n4,x,6\n", Some(SIDECAR)), &["row 2, column 2", "'x'"]);
    contains(&message(b"name,size\na,1\nb,\"x\"\n", None), &["row 3, column 2", "'x'"]);
    contains(&message(b"", None), &["empty"]);
    contains(&message(b"# only a comment\n", Some(SIDECAR)), &["empty"]);
}

#[test]
fn unknown_formats_are_named_with_the_way_out() {
    let message = message(b"\x89PNG\r\n\x1a\n\0\0\0\0\0", None);
    contains(&message, &["'.PNG", "89 50 4e 47", "Nanoscope", ".gwy", ".ibw", ".gsf", ".npy", "Gwyddion"]);
    // A sidecar or a page given as data is not a table.
    contains(&self::message(b"{ \"a\": [1, 2] }\n", None), &["unknown format", "'{."]);
    contains(&self::message(b"?*File list\r\n", None), &["Nanoscope", "text variant", ".gsf"]);
}

#[test]
fn force_curves_are_listed_and_images_still_read() {
    let bytes = nanoscope_bytes("f", &maps()[..1], Depth::Two).unwrap();
    let with_force = replaced(&bytes, "\\*File list end\r\n\x1a", "\\*Ciao force image list\r\n\\Data offset: 1\r\n\x1a");
    let loaded =
        open_bytes("scan", &with_force[..4096].iter().chain(&bytes[4096..]).copied().collect::<Vec<u8>>(), None).unwrap();
    assert_eq!(maps_of(&loaded).len(), 1);
    contains(&loaded.notes[0].message, &["force", "not supported"]);
    let only_force = b"\\*File list\r\n\\*Ciao force image list\r\n\\Data offset: 1\r\n\x1a";
    contains(&message(only_force, None), &["no image", "force"]);
}

#[test]
fn infinite_values_and_marked_ones_are_counted_and_placed() {
    let sidecar = SIDECAR.replace("\"first_row\"", "\"invalid\":[-9999],\"first_row\"");
    let loaded = open_bytes("scan", b"1 2 inf\n-9999 nan 6\n-inf 1 2\n", Some(("s", sidecar.as_bytes()))).unwrap();
    let map = &maps_of(&loaded)[0];
    let counted: Vec<(&str, usize, (usize, usize))> =
        map.invalid.iter().map(|invalid| (invalid.reason.as_str(), invalid.count, invalid.first)).collect();
    assert_eq!(counted, [("missing", 1, (1, 1)), ("infinite", 2, (0, 2)), ("marked invalid in the sidecar", 1, (1, 0))]);
    assert_eq!(map.valid_values(), [1.0, 2.0, 6.0, 1.0, 2.0].map(|nm| nm * 1e-9));
}

#[test]
fn the_same_file_under_another_name_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["a.gsf", "b.gsf"].map(|name| folder.path().join(name));
    amorph_io::write_gsf(&first, &map("height", "m", 1e-9)).unwrap();
    std::fs::copy(&first, &second).unwrap();
    let sources = [open(&first).unwrap().source, open(&second).unwrap().source];
    contains(&duplicate_notes(&sources)[0].message, &["a.gsf", "b.gsf", &sources[0].sha256]);
    std::fs::write(folder.path().join("b.gsf.json"), r#"{"format":"amorph-map-1"}"#).unwrap();
    assert_ne!(open(&second).unwrap().source.sha256, sources[0].sha256);
}

#[test]
fn overrides_are_noted_with_old_and_new_value() {
    let bytes = nanoscope_bytes("f", &[map("amplitude_error", "V", 1e-3)], Depth::Two).unwrap();
    let plain = open_bytes("scan", &bytes, None).unwrap();
    let sidecar = r#"{"format":"amorph-map-1","value_unit":"mV","x_size":1,"y_size":2,"xy_unit":"um","first_row":"bottom"}"#;
    let loaded = open_bytes("scan", &bytes, Some(("scan.json", sidecar.as_bytes()))).unwrap();
    let (before, after) = (&maps_of(&plain)[0], &maps_of(&loaded)[0]);
    assert_eq!(after.size().unwrap(), (1e-6, 2e-6));
    assert!((after.values[[11, 3]] / before.values[[0, 3]] - 1e-3).abs() < 1e-12);
    assert_eq!(loaded.notes.iter().filter(|note| note.code == "metadata_overridden").count(), 3);
    contains(&loaded.notes[0].message, &["value_unit", "'mV'", "'V'", "scan.json"]);
    let several = nanoscope_bytes("f", &maps(), Depth::Two).unwrap();
    contains(&message(&several, Some(r#"{"format":"amorph-map-1","value_unit":"mV"}"#)), &["value_unit", "index"]);
    let meant = r#"{"format":"amorph-map-1","value_unit":"rad","index":1}"#;
    let loaded = open_bytes("scan", &several, Some(("scan.json", meant.as_bytes()))).unwrap();
    assert_eq!(maps_of(&loaded)[1].unit.symbol(), "deg");
    assert_eq!(loaded.notes.len(), 1);
}

#[test]
fn saturated_pixels_are_masked_and_counted() {
    let mut clipped = map("height", "m", 1e-9);
    clipped.least_significant_bit = Some(1e-12);
    clipped.values[[2, 5]] = 1.0;
    clipped.values[[4, 1]] = -1.0;
    let loaded = open_bytes("scan", &nanoscope_bytes("f", &[clipped], Depth::Two).unwrap(), None).unwrap();
    let map = &maps_of(&loaded)[0];
    assert_eq!((map.invalid[0].reason.as_str(), map.invalid[0].count, map.invalid[0].first), ("saturated", 2, (2, 5)));
    assert_eq!(map.valid_values().len(), 12 * 16 - 2);
}

#[test]
fn refused_kinds_of_npy() {
    let npy = |kind: &str, shape: &str, data: &[u8]| {
        let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n");
        [&b"\x93NUMPY\x01\x00"[..], &(header.len() as u16).to_le_bytes(), header.as_bytes(), data].concat()
    };
    for kind in ["<c16", "|O", "<U3", "<f2"] {
        contains(&message(&npy(kind, "(2, 2)", &[0; 64]), Some(SIDECAR)), &[kind, "not supported"]);
    }
    contains(&message(&npy("<f8", "(2, 2, 1)", &[0; 32]), Some(SIDECAR)), &["[2, 2, 1]", "two-dimensional"]);
    contains(&message(&npy("<f8", "(2, 2)", &[0; 31]), Some(SIDECAR)), &["32", "31"]);
    let mask = open_bytes("scan", &npy("|b1", "(2, 2)", &[0, 1, 1, 0]), Some(("s", SIDECAR.as_bytes()))).unwrap();
    assert_eq!(maps_of(&mask)[0].values.iter().filter(|value| **value > 0.0).count(), 2);
    let big = open_bytes("scan", &npy(">i2", "(1, 2)", &[1, 0, 0, 1]), Some(("s", SIDECAR.as_bytes()))).unwrap();
    assert_eq!(maps_of(&big)[0].values, ndarray::array![[256e-9, 1e-9]]);
    let fortran = replaced(&npy("<i2", "(2, 2)", &[1, 0, 2, 0, 3, 0, 4, 0]), "False", "True ");
    let fortran = open_bytes("scan", &fortran, Some(("s", SIDECAR.as_bytes()))).unwrap();
    let in_nm = maps_of(&fortran)[0].values.mapv(|value| (value * 1e9).round());
    assert_eq!(in_nm, ndarray::array![[1.0, 3.0], [2.0, 4.0]]);
}

#[test]
fn grids_of_points_are_recovered_or_refused() {
    let sidecar =
        SIDECAR.replace("\"first_row\"", "\"layout\":\"xyz\",\"first_row\"").replace("400", "40").replace("300", "20");
    // Two rows, the upper one has the larger y; out of order, with a hole.
    let points = b"30 10 8\n0 0 1\n10 0 2\n20 0 3\n0 10 5\n10 10 6\n30 0 4\n";
    let loaded = open_bytes("scan", points, Some(("s", sidecar.as_bytes()))).unwrap();
    let map = &maps_of(&loaded)[0];
    assert_eq!(map.shape(), (2, 4));
    let in_nm: Vec<f64> = map.values.iter().map(|value| (value * 1e9).round()).collect();
    assert_eq!((&in_nm[..2], &in_nm[3..]), (&[5.0, 6.0][..], &[8.0, 1.0, 2.0, 3.0, 4.0][..]));
    assert!(in_nm[2].is_nan());
    let twice = b"0 0 1\n10 0 2\n0 10 3\n10 10 4\n0 0 5\n";
    let fitting = sidecar.replace("40", "20");
    contains(&message(twice, Some(&fitting)), &["rectangular grid", "twice"]);
    contains(&message(b"0 0 1\n10 0 2\n0 10 3\n13.7 10 4\n", Some(&fitting)), &["x"]);
    contains(&message(points, Some(&sidecar.replace("40", "41"))), &["x_size", "41", "40"]);
}

#[test]
fn tables_have_units_and_text_columns() {
    let text = "name;size (nm);angle [deg];count\nfirst;1,5;30;3\n\"se;cond\";2,5;;4\n";
    let loaded = open_bytes("table", text.as_bytes(), None).unwrap();
    let Data::Table(table) = &loaded.data else { panic!("a table is expected") };
    let (unit, sizes) = table.numbers("size").unwrap();
    assert_eq!((unit.symbol(), sizes), ("m", &[1.5 * 1e-9, 2.5 * 1e-9][..]));
    let (unit, angles) = table.numbers("angle").unwrap();
    assert!(unit.symbol() == "deg" && angles[0] == 30.0 && angles[1].is_nan());
    assert!(table.numbers("name").is_err());
    assert_eq!(table.n_rows(), 2);
}

#[test]
fn gwyddion_text_needs_no_sidecar() {
    let text = "# Kanal: Phase (Forward)\n# Breite: 0,4 µm\n# Höhe: 300 nm\n# Werteinheiten: deg\n1\t2\n3\t4\n";
    let loaded = open_bytes("text", text.as_bytes(), None).unwrap();
    let map = &maps_of(&loaded)[0];
    assert_eq!((map.quantity.as_str(), map.unit.symbol()), ("phase", "deg"));
    assert!((map.size().unwrap().0 - 400e-9).abs() < 1e-18);
    assert_eq!(map.values, ndarray::array![[1.0, 2.0], [3.0, 4.0]]);
}
