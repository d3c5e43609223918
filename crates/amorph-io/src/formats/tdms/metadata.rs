use std::collections::HashMap;
use std::io::{Read as _, SeekFrom};

use crate::IoError;
use crate::bytes::Cursor;
use crate::traces::Bytes;

const LEAD_IN: u64 = 28;
/// Marks a segment that was being written when the program stopped.
const UNFINISHED: u64 = u64::MAX;
const NO_DATA: u32 = u32::MAX;
const SAME_AS_BEFORE: u32 = 0;
const DAQMX: [u32; 2] = [0x1269, 0x126a];
/// Objects of a segment beyond this are damage.
const NESTING: &str = "the objects of a segment";

/// How numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    Bool,
    Timestamp,
    Text,
}

impl Kind {
    fn of(code: u32) -> Option<Self> {
        Some(match code {
            1 => Self::I8,
            2 => Self::I16,
            3 => Self::I32,
            4 => Self::I64,
            5 => Self::U8,
            6 => Self::U16,
            7 => Self::U32,
            8 => Self::U64,
            9 | 0x19 => Self::F32,
            10 | 0x1a => Self::F64,
            0x20 => Self::Text,
            0x21 => Self::Bool,
            0x44 => Self::Timestamp,
            _ => return None,
        })
    }

    /// Bytes of one value; texts have none of their own.
    pub(super) fn size(self) -> u64 {
        match self {
            Self::I8 | Self::U8 | Self::Bool => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
            Self::Timestamp => 16,
            Self::Text => 0,
        }
    }
}

/// A property.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Number(f64),
    Whole(i128),
    Text(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value}"),
            Self::Whole(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Values of one channel in one chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub kind: Kind,
    pub count: u64,
    /// Bytes, for texts.
    pub bytes: u64,
}

/// A stretch of raw data.
#[derive(Debug)]
pub(super) struct Stretch {
    pub start: u64,
    pub length: u64,
    pub interleaved: bool,
    pub big_endian: bool,
    /// Index into the paths, and what a chunk holds of it.
    pub blocks: Vec<(usize, Block)>,
}

/// A channel with its properties.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub path: String,
    pub name: String,
    pub properties: Vec<(String, Value)>,
    pub is_timestamp: bool,
}

impl Channel {
    pub(super) fn property(&self, key: &str) -> Option<&Value> {
        self.properties.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        match self.property(key)? {
            Value::Number(value) => Some(*value),
            Value::Whole(value) => Some(*value as f64),
            Value::Text(_) => None,
        }
    }
}

/// Everything in the file but its numbers.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub version: u32,
    pub paths: Vec<String>,
    known: HashMap<String, usize>,
    properties: Vec<Vec<(String, Value)>>,
    pub stretches: Vec<Stretch>,
    kinds: HashMap<usize, Kind>,
}

pub(super) fn group_path(name: &str) -> String {
    format!("/'{}'", name.replace('\'', "''"))
}

/// The parts of `/'group'/'channel'`, in which a quote is written twice.
fn parts(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut characters = path.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '\'' {
            continue;
        }
        let mut part = String::new();
        while let Some(c) = characters.next() {
            match c {
                '\'' if characters.peek() == Some(&'\'') => {
                    characters.next();
                    part.push('\'');
                }
                '\'' => break,
                other => part.push(other),
            }
        }
        parts.push(part);
    }
    parts
}

impl Index {
    /// Walks over the heads of all segments.
    pub(super) fn read(file: &str, source: &mut dyn Bytes, length: u64) -> Result<Self, IoError> {
        let mut index = Self::default();
        let mut active: Vec<(usize, Option<Block>)> = Vec::new();
        let mut last: HashMap<usize, Block> = HashMap::new();
        let mut start = 0;
        while start + LEAD_IN <= length {
            let lead = at(file, source, start, LEAD_IN)?;
            if !lead.starts_with(b"TDSm") {
                return Err(IoError::Damaged {
                    file: file.to_owned(),
                    part: format!("the segment at byte {start}"),
                    reason: "it does not begin with 'TDSm'".to_owned(),
                });
            }
            let toc = u32::from_le_bytes([lead[4], lead[5], lead[6], lead[7]]);
            let flag = |bit: u32| toc >> bit & 1 == 1;
            let (has_metadata, new_list, has_data, interleaved, big_endian) = (flag(1), flag(2), flag(3), flag(5), flag(6));
            if flag(7) {
                return Err(daqmx(file));
            }
            let mut cursor = Cursor::new(file, &lead[8..], big_endian);
            index.version = cursor.u32("version")?;
            let (next, raw) = (cursor.u64("next segment offset")?, cursor.u64("raw data offset")?);
            let body = start + LEAD_IN;
            let end = if next == UNFINISHED { length } else { body.saturating_add(next) };
            let data = body.saturating_add(raw);
            if data > end || end > length.max(data) && data > length {
                return Err(IoError::TooLarge {
                    file: file.to_owned(),
                    field: format!("the head of the segment at byte {start}"),
                    claimed: format!("{raw} bytes"),
                    available: length - body,
                });
            }
            if new_list {
                active.clear();
            }
            if has_metadata {
                let head = at(file, source, body, raw)?;
                index.objects(&mut Cursor::new(file, &head, big_endian), &mut active, &mut last)?;
            }
            if has_data {
                let blocks: Vec<_> = active.iter().filter_map(|(path, block)| Some((*path, (*block)?))).collect();
                let length = end.min(length) - data.min(end.min(length));
                index.stretches.push(Stretch { start: data, length, interleaved, big_endian, blocks });
            }
            if next == UNFINISHED || end <= start {
                break;
            }
            start = end;
        }
        Ok(index)
    }

    fn path(&mut self, path: &str) -> usize {
        if let Some(index) = self.known.get(path) {
            return *index;
        }
        self.paths.push(path.to_owned());
        self.properties.push(Vec::new());
        self.known.insert(path.to_owned(), self.paths.len() - 1);
        self.paths.len() - 1
    }

    fn objects(
        &mut self,
        cursor: &mut Cursor<'_>,
        active: &mut Vec<(usize, Option<Block>)>,
        last: &mut HashMap<usize, Block>,
    ) -> Result<(), IoError> {
        for _ in 0..cursor.u32(NESTING)? {
            let path = text(cursor, "object path")?;
            let path = self.path(&path);
            let block = match cursor.u32("raw data index")? {
                NO_DATA => None,
                SAME_AS_BEFORE => last.get(&path).copied(),
                code if DAQMX.contains(&code) => return Err(daqmx(cursor.file())),
                _ => Some(block(cursor)?),
            };
            if let Some(block) = block {
                last.insert(path, block);
                self.kinds.insert(path, block.kind);
            }
            match active.iter_mut().find(|(known, _)| *known == path) {
                Some((_, known)) => *known = block,
                None => active.push((path, block)),
            }
            for _ in 0..cursor.u32("number of properties")? {
                let name = text(cursor, "property name")?;
                let value = value(cursor, &name)?;
                let properties = &mut self.properties[path];
                match properties.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, known)) => *known = value,
                    None => properties.push((name, value)),
                }
            }
        }
        Ok(())
    }

    /// Properties of an object; none for one that is not there.
    pub(super) fn properties(&self, path: &str) -> &[(String, Value)] {
        self.known.get(path).map_or(&[][..], |index| &self.properties[*index])
    }

    /// Groups, also those that only their channels name.
    pub(super) fn groups(&self) -> Vec<String> {
        let mut groups: Vec<String> = Vec::new();
        for name in self.paths.iter().filter_map(|path| parts(path).into_iter().next()) {
            if !groups.contains(&name) {
                groups.push(name);
            }
        }
        groups
    }

    /// Channels of a group, in file order.
    pub(super) fn channels(&self, group: &str) -> Vec<Channel> {
        let mut channels = Vec::new();
        for (index, path) in self.paths.iter().enumerate() {
            if let [of, name] = &parts(path)[..]
                && of == group
            {
                let is_timestamp = self.kinds.get(&index) == Some(&Kind::Timestamp);
                let properties = self.properties[index].clone();
                channels.push(Channel { path: path.clone(), name: name.clone(), properties, is_timestamp });
            }
        }
        channels
    }

    /// Samples of a channel, by the heads and the lengths of the raw data.
    pub(super) fn samples(&self, path: &str) -> u64 {
        let Some(&index) = self.known.get(path) else { return 0 };
        self.stretches.iter().map(|stretch| stretch.samples(index)).sum()
    }
}

impl Stretch {
    /// Bytes of one chunk.
    pub(super) fn chunk(&self) -> u64 {
        self.blocks.iter().fold(0u64, |sum, (_, block)| sum.saturating_add(block.bytes))
    }

    fn samples(&self, path: usize) -> u64 {
        let chunk = self.chunk();
        let of = self.blocks.iter().filter(|(index, _)| *index == path);
        let whole = |block: &Block| (self.length / chunk).saturating_mul(block.count);
        if chunk == 0 { 0 } else { of.map(|(_, block)| whole(block)).sum() }
    }
}

fn at(file: &str, source: &mut dyn Bytes, start: u64, count: u64) -> Result<Vec<u8>, IoError> {
    let failed = |source| IoError::Read { file: file.to_owned(), source };
    source.seek(SeekFrom::Start(start)).map_err(failed)?;
    let mut bytes = Vec::new();
    source.take(count).read_to_end(&mut bytes).map_err(failed)?;
    if (bytes.len() as u64) < count {
        let part = format!("the head of the segment at byte {start}");
        return Err(IoError::Truncated { file: file.to_owned(), part, expected: count, found: bytes.len() as u64 });
    }
    Ok(bytes)
}

fn block(cursor: &mut Cursor<'_>) -> Result<Block, IoError> {
    let code = cursor.u32("data type")?;
    let dimension = cursor.u32("dimension")?;
    let count = cursor.u64("number of values")?;
    let unsupported = |found: String| IoError::ElementType { file: cursor.file().to_owned(), found };
    let kind = Kind::of(code).ok_or_else(|| unsupported(format!("TDMS data type {code:#x}")))?;
    if dimension != 1 {
        return Err(unsupported(format!("arrays of {dimension} dimensions")));
    }
    let bytes = match kind {
        Kind::Text => cursor.u64("bytes of texts")?,
        _ => count.saturating_mul(kind.size()),
    };
    Ok(Block { kind, count, bytes })
}

fn text(cursor: &mut Cursor<'_>, field: &str) -> Result<String, IoError> {
    let length = cursor.u32(field)?;
    let bytes = cursor.take(length as usize, field)?;
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// Seconds since 1904 of a timestamp.
pub(super) fn seconds(fraction: u64, whole: i64) -> f64 {
    whole as f64 + fraction as f64 / 2.0f64.powi(64)
}

fn value(cursor: &mut Cursor<'_>, name: &str) -> Result<Value, IoError> {
    let code = cursor.u32(name)?;
    let kind = Kind::of(code).ok_or_else(|| IoError::ElementType {
        file: cursor.file().to_owned(),
        found: format!("TDMS data type {code:#x} of property '{name}'"),
    })?;
    Ok(match kind {
        Kind::I8 => Value::Whole(i128::from(cursor.u8(name)? as i8)),
        Kind::U8 | Kind::Bool => Value::Whole(i128::from(cursor.u8(name)?)),
        Kind::I16 => Value::Whole(i128::from(cursor.i16(name)?)),
        Kind::U16 => Value::Whole(i128::from(cursor.u16(name)?)),
        Kind::I32 => Value::Whole(i128::from(cursor.i32(name)?)),
        Kind::U32 => Value::Whole(i128::from(cursor.u32(name)?)),
        Kind::I64 => Value::Whole(i128::from(cursor.i64(name)?)),
        Kind::U64 => Value::Whole(i128::from(cursor.u64(name)?)),
        Kind::F32 => Value::Number(f64::from(cursor.f32(name)?)),
        Kind::F64 => Value::Number(cursor.f64(name)?),
        Kind::Text => Value::Text(text(cursor, name)?),
        Kind::Timestamp if cursor.is_big_endian() => {
            let (whole, fraction) = (cursor.i64(name)?, cursor.u64(name)?);
            Value::Number(seconds(fraction, whole))
        }
        Kind::Timestamp => {
            let (fraction, whole) = (cursor.u64(name)?, cursor.i64(name)?);
            Value::Number(seconds(fraction, whole))
        }
    })
}

fn daqmx(file: &str) -> IoError {
    IoError::Unsupported {
        file: file.to_owned(),
        found: "DAQmx raw data in a TDMS file".to_owned(),
        remedy: "log scaled waveforms from LabVIEW, or convert the file with its TDMS tools",
    }
}
