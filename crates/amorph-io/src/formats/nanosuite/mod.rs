//! Descriptions of test methods that NanoSuite exports as text: they hold no measurement.

use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::{TraceInput, head_lines, is_text};

pub(crate) const FORMAT: Format = Format {
    id: "nanosuite-method",
    title: "NanoSuite method description",
    endings: &[".txt"],
    magic: "`Method Name :` in the first line",
    channels: "none: a method is refused with a message",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises,
    read: Reader::Traces(read),
};

fn recognises(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    is_text(head) && head_lines(head, false).iter().take(3).any(|line| line.trim_start().starts_with("Method Name :"))
}

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    Err(IoError::Unsupported {
        file: input.file.to_owned(),
        found: "a method file, which describes how to measure and holds no measurement,".to_owned(),
        remedy: "export the tests themselves from NanoSuite (File > Export to Excel) and open that workbook",
    })
}
