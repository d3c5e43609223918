//! Measured files for the tests of the families that read traces.

use crate::core::data::{Data, Loaded, Record};

/// A file of the reference data as a reader opens it; where it is not there the reason is printed and the test has nothing to do.
pub fn reference(name: &str) -> Option<Loaded> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/events").join(name);
    if !path.exists() {
        println!("skipped: {} is not here", path.display());
        return None;
    }
    Some(crate::io::open(&path).unwrap())
}

/// The tests of such a file.
pub fn reference_record(name: &str) -> Option<Record> {
    match reference(name)?.data {
        Data::Record(record) => Some(record),
        other => panic!("a record is expected, found {}", other.kind()),
    }
}
