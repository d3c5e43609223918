//! The lossless text of a record in SI, which is read again bit for bit; its layout is in `formats/traces_csv/SPEC.md`.

use std::io::Write as _;
use std::path::Path;

use amorph_core::data::{Loaded, Record, Recording, Test};
use serde_json::json;

use crate::IoError;
use crate::write::write_atomically;

/// First line of the text.
pub(crate) const MAGIC: &str = "# amorph-traces-1";

/// Writes a record as text in SI: comment lines with provenance, then for every table a comment with everything but its
/// numbers, a line of names with units, and the rows. Numbers have as many digits as it takes to read the same 64 bits
/// again; missing ones are empty.
///
/// # Errors
/// [`IoError::Write`].
pub fn write_record(path: &Path, loaded: &Loaded, record: &Record) -> Result<(), IoError> {
    write_atomically(path, &record_bytes(loaded, record))
}

/// The bytes of [`write_record`].
pub fn record_bytes(loaded: &Loaded, record: &Record) -> Vec<u8> {
    let source = &loaded.source;
    let mut out = Vec::new();
    line(&mut out, MAGIC);
    let provenance = json!({
        "path": source.path, "sha256": source.sha256, "format": source.format, "format_version": source.format_version,
        "program": concat!("amorph ", env!("CARGO_PKG_VERSION")),
    });
    line(&mut out, &format!("# source: {provenance}"));
    for note in &loaded.notes {
        line(&mut out, &format!("# note: {}", json!({ "code": note.code, "message": note.message })));
    }
    for entry in &loaded.metadata.entries {
        line(&mut out, &format!("# metadata: {}", json!([entry.section, entry.key, entry.value])));
    }
    for test in &record.tests {
        let head = Test { tables: Vec::new(), ..test.clone() };
        line(&mut out, &format!("# test: {}", json!(head)));
        test.tables.iter().for_each(|table| write_table(&mut out, table));
    }
    out
}

fn line(out: &mut Vec<u8>, text: &str) {
    out.extend(text.as_bytes());
    out.push(b'\n');
}

fn write_table(out: &mut Vec<u8>, table: &Recording) {
    let channels: Vec<_> = table
        .channels
        .iter()
        .map(|c| {
            json!({ "name": c.name, "quantity": c.quantity, "unit_in_file": c.unit_in_file, "unit": c.unit, "factor": c.factor,
                "quantisation": c.quantisation })
        })
        .collect();
    let head = json!({
        "name": table.name, "role": table.role, "rows": table.n_rows(), "channels": channels, "segments": table.segments,
        "repairs": table.repairs,
    });
    line(out, &format!("# table: {head}"));
    let names: Vec<String> =
        table.channels.iter().map(|c| format!("\"{} ({})\"", c.name.replace(['"', '\n', '\r'], "'"), c.unit)).collect();
    line(out, &names.join(","));
    for row in 0..table.n_rows() {
        for (index, channel) in table.channels.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            let value = channel.values.get(row).copied().unwrap_or(f64::NAN);
            if value.is_finite() {
                // Writing to memory cannot fail.
                let _ = write!(out, "{value:e}");
            }
        }
        out.push(b'\n');
    }
}
