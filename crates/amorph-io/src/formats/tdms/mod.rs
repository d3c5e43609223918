//! LabVIEW TDMS; the layout is described in `SPEC.md`.

mod data;
mod metadata;
mod scale;

use amorph_core::data::{Metadata, RecordingRole, Repair, Segment, SegmentKind, SegmentOrigin, Test, TraceQuantity};
use amorph_core::outcome::Note;

use self::metadata::{Index, Value};
use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::names::quantity;
use crate::traces::{Builder, RawColumn, RawTable, TraceInput, chosen, parsed};

pub(crate) const FORMAT: Format = Format {
    id: "tdms",
    title: "LabVIEW TDMS",
    endings: &[".tdms"],
    magic: "`TDSm`",
    channels: "any; a test per group, time from a channel or from `wf_increment`",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(b"TDSm"),
    read: Reader::Traces(read),
};

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options) = (input.file, input.options);
    let index = Index::read(file, input.source, input.length)?;
    let mut head = Metadata::default();
    index.properties("/").iter().for_each(|(key, value)| head.push("", key, &value.to_string()));
    let mut builder = Builder::new(file, options);
    let mut values = data::read(file, input.source, &index)?;
    let mut groups = Vec::new();
    for group in index.groups() {
        let mut columns = Vec::new();
        let mut repairs = Vec::new();
        for channel in index.channels(&group) {
            let Some(numbers) = values.take(&channel.path) else {
                let message = format!("channel '{}' of group '{group}' holds text and was left out", channel.name);
                builder.notes.push(Note::info("channel_left_out", message));
                continue;
            };
            let numbers = scale::apply(file, &channel, numbers, &mut repairs)?;
            let text = |key: &str| channel.property(key).map(Value::to_string).filter(|text| !text.is_empty());
            let unit = text("unit_string").or_else(|| text("NI_UnitDescription"));
            let time = if channel.is_timestamp { Some(TraceQuantity::Time) } else { None };
            let unit = if channel.is_timestamp { Some("s".to_owned()) } else { unit };
            columns.push((channel, RawColumn { name: String::new(), unit, values: numbers, quantity: time }));
        }
        if columns.iter().any(|(_, column)| !column.values.is_empty()) {
            groups.push(Group::of(&index, group, columns, repairs));
        }
    }
    if groups.is_empty() {
        return Err(IoError::NoTests {
            file: file.to_owned(),
            wanted: "no group holds a channel with numbers".to_owned(),
            found: index.groups().into_iter().map(|group| format!("group '{group}'")).collect(),
            remedy: "",
        });
    }
    let mut tests = Vec::new();
    for group in joined(groups) {
        tests.push(group.test(&mut builder)?);
    }
    let tests = chosen(file, tests, &options.tests)?;
    Ok(parsed(tests, head, Some(index.version.to_string()), builder.notes))
}

/// A group on its way to a test.
struct Group {
    name: String,
    head: Metadata,
    columns: Vec<RawColumn>,
    /// Columns of another length than most.
    others: Vec<RawColumn>,
    repairs: Vec<Repair>,
    segments: Vec<Segment>,
    /// Begin and step of the waveform, where time is no channel.
    clock: Option<(f64, f64)>,
}

impl Group {
    fn of(index: &Index, name: String, columns: Vec<(metadata::Channel, RawColumn)>, repairs: Vec<Repair>) -> Self {
        let mut head = Metadata::default();
        index.properties(&metadata::group_path(&name)).iter().for_each(|(key, value)| head.push("", key, &value.to_string()));
        for (channel, _) in &columns {
            channel.properties.iter().for_each(|(key, value)| head.push(&channel.name, key, &value.to_string()));
        }
        let clock = columns.iter().find_map(|(channel, _)| {
            let step = channel.number("wf_increment").filter(|step| *step > 0.0)?;
            Some((channel.number("wf_start_offset").unwrap_or(0.0), step))
        });
        let rows = columns.iter().map(|(_, column)| column.values.len()).max().unwrap_or(0);
        let named = columns.into_iter().map(|(channel, column)| RawColumn { name: channel.name, ..column });
        let (columns, others): (Vec<_>, Vec<_>) = named.partition(|column| column.values.len() == rows);
        let has_time = |column: &RawColumn| {
            column.quantity == Some(TraceQuantity::Time)
                || quantity(&column.name).is_some_and(|(q, _)| q == TraceQuantity::Time)
        };
        let clock = clock.filter(|_| !columns.iter().any(has_time));
        Self { name, head, columns, others, repairs, segments: Vec::new(), clock }
    }

    fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// Whether `next` goes on where this one ends: the same channels, the clock running through.
    fn continues_in(&self, next: &Self) -> bool {
        let same = |a: &[RawColumn], b: &[RawColumn]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.name == b.name && a.unit == b.unit)
        };
        let runs = match (self.clock, next.clock) {
            (Some((begin, step)), Some((next, other))) => {
                let end = begin + step * self.rows() as f64;
                step == other && next != begin && (next - end).abs() < 1.5 * step
            }
            _ => false,
        };
        same(&self.columns, &next.columns) && self.others.is_empty() && next.others.is_empty() && runs
    }

    fn join(&mut self, next: Self) {
        let rows = self.rows();
        let segment = |first, end| Segment { kind: SegmentKind::Other, first, end, origin: SegmentOrigin::File, demand: None };
        if self.segments.is_empty() {
            self.segments.push(segment(0, rows));
        }
        self.segments.push(segment(rows, rows + next.rows()));
        let text = format!("group '{}' goes on where '{}' ends and is joined to it", next.name, self.name);
        self.repairs.push(Repair { kind: "joined".to_owned(), rows: next.rows(), first: rows, text });
        for (column, more) in self.columns.iter_mut().zip(next.columns) {
            column.values.extend(more.values);
        }
    }

    fn test(mut self, builder: &mut Builder<'_>) -> Result<Test, IoError> {
        if let Some((begin, step)) = self.clock {
            let values = (0..self.rows()).map(|row| begin + step * row as f64).collect();
            let unit = Some("s".to_owned());
            self.columns.push(RawColumn { name: "wf_increment".to_owned(), unit, values, quantity: Some(TraceQuantity::Time) });
        }
        let mut table = RawTable::new(&self.name, RecordingRole::Test, self.columns);
        (table.segments, table.repairs) = (self.segments, self.repairs);
        let mut tables = vec![builder.recording(&self.name, table)?];
        for column in self.others {
            let name = column.name.clone();
            tables.push(builder.recording(&self.name, RawTable::new(&name, RecordingRole::Auxiliary, vec![column]))?);
        }
        Ok(Test { name: self.name, head: self.head, tables, ..Test::default() })
    }
}

fn joined(groups: Vec<Group>) -> Vec<Group> {
    let mut joined: Vec<Group> = Vec::new();
    for group in groups {
        match joined.last_mut() {
            Some(last) if last.continues_in(&group) => last.join(group),
            _ => joined.push(group),
        }
    }
    joined
}

/// Groups, channels and numbers of samples, from the heads alone.
pub(crate) fn list(
    file: &str,
    source: &mut dyn crate::traces::Bytes,
    length: u64,
) -> Result<Vec<(String, String, u64)>, IoError> {
    let index = Index::read(file, source, length)?;
    let mut found = Vec::new();
    for group in index.groups() {
        for channel in index.channels(&group) {
            found.push((group.clone(), channel.name.clone(), index.samples(&channel.path)));
        }
    }
    Ok(found)
}
