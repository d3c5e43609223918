use amorph_core::data::Direction;

use crate::IoError;
use crate::bytes::latin1;
use crate::formats::Input;

const END: &[u8] = b":SCANIT_END:";
/// The bytes in front of the data.
const MARK: &[u8] = b"\x1a\x04";
/// No header seen exceeds 20 kB.
const HEADER_MAX: usize = 512 << 10;

/// The `:KEY:` blocks of the text in front of the data.
pub(super) struct Header {
    pub file: String,
    pub blocks: Vec<(String, String)>,
    /// Where the data begin.
    pub data: usize,
}

/// One line of `:DATA_INFO:`.
pub(super) struct Channel {
    pub name: String,
    pub unit: String,
    directions: &'static [Direction],
}

impl Channel {
    /// The images it has, in file order.
    pub(super) fn directions(&self) -> &'static [Direction] {
        self.directions
    }
}

impl Header {
    pub(super) fn parse(input: &Input<'_>) -> Result<Self, IoError> {
        let searched = &input.bytes[..input.bytes.len().min(HEADER_MAX)];
        let find = |from: usize, what: &[u8], name: &str| {
            let found = searched[from..].windows(what.len()).position(|window| window == what);
            found.map(|at| from + at).ok_or_else(|| IoError::Truncated {
                file: input.file.to_owned(),
                part: format!("the header ({name})"),
                expected: searched.len() as u64 + 1,
                found: searched.len() as u64,
            })
        };
        let end = find(0, END, "its line ':SCANIT_END:'")?;
        let data = find(end, MARK, "the bytes 1A 04 in front of the data")? + MARK.len();
        let mut blocks: Vec<(String, String)> = Vec::new();
        for line in latin1(&input.bytes[..end]).lines() {
            let line = line.trim_end();
            match line.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')).filter(|key| !key.is_empty()) {
                Some(key) => blocks.push((key.to_owned(), String::new())),
                None => {
                    if let Some((_, value)) = blocks.last_mut() {
                        if !value.is_empty() {
                            value.push('\n');
                        }
                        value.push_str(line);
                    }
                }
            }
        }
        Ok(Self { file: input.file.to_owned(), blocks, data })
    }

    /// The lines under a key.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.blocks.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    pub(super) fn required(&self, key: &str) -> Result<&str, IoError> {
        self.get(key).ok_or_else(|| IoError::MissingField {
            file: self.file.clone(),
            field: format!(":{key}:"),
            place: "the header".to_owned(),
        })
    }

    pub(super) fn wrong(&self, key: &str, found: &str, needed: &'static str) -> IoError {
        IoError::Field { file: self.file.clone(), field: format!(":{key}:"), found: found.to_owned(), needed }
    }

    /// Two values under a key.
    pub(super) fn two<T>(&self, key: &str, parse: impl Fn(&str) -> Option<T>) -> Result<[T; 2], IoError> {
        let text = self.required(key)?;
        let mut values = text.split_whitespace().map(parse);
        match (values.next().flatten(), values.next().flatten()) {
            (Some(first), Some(second)) => Ok([first, second]),
            _ => Err(self.wrong(key, text.trim(), "two positive numbers")),
        }
    }

    /// The table of channels; its first line names the columns.
    pub(super) fn channels(&self) -> Result<Vec<Channel>, IoError> {
        let table = self.required("DATA_INFO")?;
        let mut lines = table.lines().filter(|line| !line.trim().is_empty());
        let columns: Vec<&str> = lines.next().unwrap_or_default().split('\t').map(str::trim).collect();
        let column = |name: &str| {
            columns.iter().position(|column| *column == name).ok_or_else(|| {
                self.wrong("DATA_INFO", &columns.join(" "), "columns named Name, Unit and Direction, separated by tabs")
            })
        };
        let (name, unit, direction) = (column("Name")?, column("Unit")?, column("Direction")?);
        let channel = |line: &str| {
            let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
            let cell = |index: usize| cells.get(index).copied().unwrap_or_default().to_owned();
            let directions: &'static [Direction] = match cell(direction).as_str() {
                "both" => &[Direction::Trace, Direction::Retrace],
                "forward" | "fwd" => &[Direction::Trace],
                "backward" | "bwd" => &[Direction::Retrace],
                _ => return Err(self.wrong("DATA_INFO", line.trim(), "a direction: both, forward or backward")),
            };
            Ok(Channel { name: cell(name), unit: cell(unit), directions })
        };
        lines.map(channel).collect()
    }
}
