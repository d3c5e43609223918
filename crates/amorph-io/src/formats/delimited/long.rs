//! Text with more rows than belong in memory: an index of places in the file, from which rows are read when they are asked for.

use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use amorph_core::data::{
    Data, DataError, LongRecord, Metadata, Recording, RecordingRole, RowSource, Segment, SegmentOrigin, TraceQuantity,
};
use amorph_core::outcome::Note;
use sha2::{Digest as _, Sha256};

use super::{head_text, raw_columns};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::decode::Encoding;
use crate::traces::rows::Rows;
use crate::traces::{
    Builder, Layout, Lines, RawColumn, RawTable, SegmentRange, StatedSegment, TraceOptions, head_lines, parsed, test_name,
};

/// Rows between two places of the index.
const APART: usize = 1 << 14;
/// Numbers that take more than this are left in the file, bytes.
const LONG: u64 = 1 << 30;

/// Whether the rows of a file stay in it: as the user says, else where their numbers take more than 1 GiB.
pub(crate) fn is_long(file: &str, head: &[u8], length: u64, options: &TraceOptions) -> Result<Option<Layout>, IoError> {
    if options.in_stretches == Some(false)
        || !options.sets.is_empty()
        || !matches!(Encoding::of(head), Encoding::Utf8 | Encoding::Latin1)
    {
        return Ok(None);
    }
    let sample = head_lines(head, length > head.len() as u64);
    let Some(layout) = Layout::of(file, &sample, options)? else { return Ok(None) };
    let bytes = 8 * layout.columns.len() as u64 * (length / layout.line_length as u64);
    Ok((options.in_stretches == Some(true) || bytes > LONG).then_some(layout))
}

/// Goes through the file once; returns the record and the SHA-256 of the file.
pub(crate) fn open(
    path: &Path,
    file: &str,
    head: &[u8],
    layout: Layout,
    options: &TraceOptions,
) -> Result<(Parsed, String), IoError> {
    let failed = |source| IoError::Read { file: file.to_owned(), source };
    let mut source = Hashed { source: File::open(path).map_err(failed)?, hash: Sha256::new() };
    let skipped = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    source.read_exact(&mut vec![0; skipped]).map_err(failed)?;
    let (places, n_rows) = index(file, &layout, &mut source, skipped as u64)?;
    let hash = format!("{:x}", source.hash.finalize());
    let mut metadata = Metadata::default();
    let sample = head_lines(head, true);
    head_text(&sample[..layout.header.min(sample.len())], &mut metadata);
    metadata.push("", "encoding", Encoding::of(head).name());
    let own = TraceOptions { segments: Vec::new(), ..options.clone() };
    let rows = Arc::new(TextRows { path: path.to_owned(), file: file.to_owned(), layout, places, options: own });
    // What is wrong with columns, units and signs shows in the first rows.
    let mut builder = Builder { several_allowed: false, ..Builder::new(file, &rows.options) };
    let first = rows.columns(0..APART.min(n_rows))?;
    let name = test_name(file);
    let beginning = builder.recording(&name, RawTable::new("test", RecordingRole::Test, first))?;
    let mut notes = builder.notes;
    notes.push(Note::info(
        "long_record",
        format!("{n_rows} rows stay in the file and are read in stretches; `in_stretches = false` takes them into memory"),
    ));
    let mut channels = beginning.channels;
    channels.iter_mut().for_each(|channel| channel.values = Vec::new());
    let mut record = LongRecord::new(&name, n_rows, channels, rows);
    record.segments = stated(file, &record, &options.segments)?;
    let mut parsed = parsed(Vec::new(), metadata, None, notes);
    parsed.data = Data::LongRecord(record);
    Ok((parsed, hash))
}

/// Bytes that are hashed as they are read.
struct Hashed {
    source: File,
    hash: Sha256,
}

impl Read for Hashed {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.source.read(out)?;
        self.hash.update(&out[..n]);
        Ok(n)
    }
}

/// A place in the file at which a row begins: its first byte, and the number of the line before it.
type Place = (u64, usize);

/// Places of every `APART`-th row, and the number of rows; a last row that is cut off is none.
fn index(file: &str, layout: &Layout, source: &mut dyn Read, skipped: u64) -> Result<(Vec<Place>, usize), IoError> {
    let mut lines = Lines::new(file, source);
    for _ in 0..layout.first {
        lines.next()?;
    }
    let (mut places, mut n_rows) = (Vec::new(), 0);
    let mut last = Vec::new();
    loop {
        let place = (skipped + lines.position(), lines.number());
        let Some(line) = lines.next()? else { break };
        if is_row(line) {
            if n_rows % APART == 0 {
                places.push(place);
            }
            last.clear();
            last.extend_from_slice(line);
            n_rows += 1;
        }
    }
    let is_cut = n_rows > 0 && layout.style.fields(&last).count() < layout.columns.len();
    Ok((places, n_rows - usize::from(is_cut)))
}

fn is_row(line: &[u8]) -> bool {
    !line.trim_ascii().is_empty() && line.first() != Some(&b'#')
}

/// A text and where its rows are.
#[derive(Debug)]
struct TextRows {
    path: PathBuf,
    file: String,
    layout: Layout,
    places: Vec<Place>,
    options: TraceOptions,
}

impl TextRows {
    /// The columns over `rows`, as they stand in the file.
    fn columns(&self, rows: Range<usize>) -> Result<Vec<RawColumn>, IoError> {
        let failed = |source| IoError::Read { file: self.file.clone(), source };
        let mut read = Rows::new(&self.file, self.layout.style, self.layout.columns.len(), rows.len() as u64)?;
        if let Some((byte, line)) = self.places.get(rows.start / APART).filter(|_| !rows.is_empty()) {
            let mut source = File::open(&self.path).map_err(failed)?;
            source.seek(SeekFrom::Start(*byte)).map_err(failed)?;
            let mut lines = Lines::new(&self.file, &mut source);
            let mut before = rows.start % APART;
            while read.len() < rows.len() {
                let number = line + lines.number() + 1;
                let Some(line) = lines.next()? else { break };
                if !is_row(line) {
                    continue;
                }
                if before > 0 {
                    before -= 1;
                } else {
                    read.push(line, number);
                }
            }
        }
        if read.len() < rows.len() {
            let changed = std::io::Error::other("the file is shorter than when it was opened");
            return Err(failed(changed));
        }
        let (values, _) = read.finish_part();
        Ok(raw_columns(&self.layout, values))
    }

    fn recording(&self, rows: Range<usize>) -> Result<Recording, IoError> {
        let columns = self.columns(rows)?;
        let mut builder = Builder { several_allowed: false, is_part: true, ..Builder::new(&self.file, &self.options) };
        builder.recording("", RawTable::new("test", RecordingRole::Test, columns))
    }
}

impl RowSource for TextRows {
    fn read(&self, rows: Range<usize>) -> Result<Recording, DataError> {
        self.recording(rows.clone()).map_err(|error| DataError::UnreadableRows {
            file: self.file.clone(),
            first: rows.start,
            end: rows.end,
            reason: error.to_string(),
        })
    }
}

/// Segments that the user states; times are looked up in the file.
fn stated(file: &str, record: &LongRecord, segments: &[StatedSegment]) -> Result<Vec<Segment>, IoError> {
    let wrong = |problem: String| IoError::TraceOption { file: file.to_owned(), option: "segments", problem };
    let n = record.n_rows;
    let mut found = Vec::with_capacity(segments.len());
    for segment in segments {
        let (first, end) = match segment.range {
            SegmentRange::Rows(first, end) => (first, end),
            SegmentRange::Time(from, to) => {
                let row = |time| row_at(record, time).map_err(|error| wrong(format!("are stated by time, but {error}")));
                (row(from)?, row(to)?)
            }
        };
        if first >= end || end > n {
            let kind = segment.kind.word();
            return Err(wrong(format!("state a {kind} over rows {first} to {end}, but there are {n} rows, counted from 0")));
        }
        found.push(Segment { kind: segment.kind, first, end, origin: SegmentOrigin::Stated, demand: None });
    }
    Ok(found)
}

/// The first row at or after a time, by halving: time runs on in a record of one test.
fn row_at(record: &LongRecord, time: f64) -> Result<usize, DataError> {
    let (mut low, mut high) = (0, record.n_rows);
    while low < high {
        let middle = low + (high - low) / 2;
        let found = record.read(middle..middle + 1)?.values(TraceQuantity::Time)?[0];
        if found < time {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
