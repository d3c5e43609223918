//! The XML index of LabVIEW's older pair of files: refused with what to do.

use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::TraceInput;

pub(crate) const FORMAT: Format = Format {
    id: "labview-tdm",
    title: "LabVIEW TDM index",
    endings: &[".tdm"],
    magic: "XML with `usi:tdm` as its root",
    channels: "none: the pair is refused with a message; its successor TDMS is read",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises,
    read: Reader::Traces(read),
};

fn recognises(bytes: &[u8]) -> bool {
    const ROOT: &[u8] = b"<usi:tdm";
    let head = &bytes[..bytes.len().min(4096)];
    head.trim_ascii_start().starts_with(b"<") && head.windows(ROOT.len()).any(|window| window == ROOT)
}

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    Err(IoError::Unsupported {
        file: input.file.to_owned(),
        found: "an index of LabVIEW TDM, whose numbers are in a second file (.tdx),".to_owned(),
        remedy: "save it as TDMS, in LabVIEW or DIAdem, or export it as text, and open that",
    })
}
