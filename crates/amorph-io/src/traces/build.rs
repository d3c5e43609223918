//! From columns of a file to a [`Recording`]: what they are, in SI, mended where that is sure, refused where it is not.

use amorph_core::data::{Channel, Metadata, Recording, RecordingRole, Repair, Segment, TraceQuantity};
use amorph_core::outcome::Note;
use amorph_core::trace::quantisation;
use amorph_core::unit::Unit;

use super::assign::{Assigned, assign};
use super::mend;
use super::options::{DepthSign, TraceOptions};
use super::segments;
use crate::IoError;

/// A column as a reader finds it.
#[derive(Debug, Default)]
pub(crate) struct RawColumn {
    /// Name in the file.
    pub name: String,
    /// Unit in the file.
    pub unit: Option<String>,
    /// Numbers as in the file; NaN where missing.
    pub values: Vec<f64>,
    /// What the format says that it is.
    pub quantity: Option<TraceQuantity>,
}

/// A table as a reader finds it.
#[derive(Debug)]
pub(crate) struct RawTable {
    pub name: String,
    pub role: RecordingRole,
    pub columns: Vec<RawColumn>,
    pub segments: Vec<Segment>,
    pub repairs: Vec<Repair>,
    /// Whether time already runs through, so that a fall is no restart.
    pub time_is_kept: bool,
}

impl RawTable {
    pub(crate) fn new(name: &str, role: RecordingRole, columns: Vec<RawColumn>) -> Self {
        Self { name: name.to_owned(), role, columns, segments: Vec::new(), repairs: Vec::new(), time_is_kept: false }
    }
}

/// What all tables of a file share while they are built.
pub(crate) struct Builder<'a> {
    pub file: &'a str,
    pub options: &'a TraceOptions,
    /// Whether two columns may claim the same quantity, as in formats whose further columns are known by their names.
    pub several_allowed: bool,
    /// Whether the rows are part of a longer table, whose time, signs and segments are judged as a whole.
    pub is_part: bool,
    pub notes: Vec<Note>,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(file: &'a str, options: &'a TraceOptions) -> Self {
        Self { file, options, several_allowed: true, is_part: false, notes: Vec::new() }
    }

    /// The recording of a table; `test` is for messages.
    pub(crate) fn recording(&mut self, test: &str, table: RawTable) -> Result<Recording, IoError> {
        let RawTable { name, role, columns, segments, mut repairs, time_is_kept } = table;
        let assigned = assign(self, &columns, role)?;
        let mut channels = Vec::with_capacity(columns.len());
        for (column, assigned) in columns.into_iter().zip(assigned) {
            channels.push(channel(column, assigned, &mut repairs));
        }
        let mut recording = Recording { name, role, channels, segments, repairs };
        mend::mend(&mut recording, time_is_kept || self.is_part);
        for channel in &mut recording.channels {
            channel.quantisation = quantisation(&channel.values);
        }
        if role == RecordingRole::Test {
            self.depth_sign(test, &mut recording)?;
        }
        if role == RecordingRole::Test && !self.is_part {
            segments::settle(self.file, test, &mut recording, &self.options.segments)?;
            self.notes.extend(super::checks::range_notes(test, &recording));
        }
        Ok(recording)
    }

    fn depth_sign(&self, test: &str, recording: &mut Recording) -> Result<(), IoError> {
        match self.options.depth_sign {
            Some(DepthSign::AsWritten) => Ok(()),
            Some(DepthSign::Inverted) => {
                let depths = recording.channels.iter_mut().filter(|channel| channel.quantity == TraceQuantity::Depth);
                depths.flat_map(|channel| &mut channel.values).for_each(|value| *value = -*value);
                recording.repairs.push(Repair {
                    kind: "depth_sign".to_owned(),
                    rows: recording.n_rows(),
                    first: 0,
                    text: "depth times -1, as stated".to_owned(),
                });
                Ok(())
            }
            None if self.is_part => Ok(()),
            None => match super::checks::inverted_depth(recording) {
                None => Ok(()),
                Some(correlation) => Err(IoError::DepthSign { file: self.file.to_owned(), test: test.to_owned(), correlation }),
            },
        }
    }
}

fn channel(column: RawColumn, assigned: Assigned, repairs: &mut Vec<Repair>) -> Channel {
    let Assigned { quantity, unit, target, scale, offset } = assigned;
    let RawColumn { name, unit: in_file, mut values, .. } = column;
    mend::sentinels(&name, &mut values, repairs);
    let factor = factor(&unit, &target);
    if scale != 1.0 || offset != 0.0 {
        values.iter_mut().for_each(|value| *value = *value * scale + offset);
        repairs.push(Repair {
            kind: "rescaled".to_owned(),
            rows: values.len(),
            first: 0,
            text: format!("'{name}' times {scale} plus {offset}, as stated"),
        });
    }
    if unit.is_known() && unit.to_si(0.0) != 0.0 {
        values.iter_mut().for_each(|value| *value = unit.to_si(*value));
    } else if factor != 1.0 {
        values.iter_mut().for_each(|value| *value *= factor);
    }
    let stated = match in_file {
        Some(text) if !text.is_empty() && crate::units::instrument_unit(&super::names::spelled(&text)) == unit => text,
        _ => unit.symbol().to_owned(),
    };
    Channel { name, quantity, unit_in_file: stated, unit: target, factor, quantisation: None, values }
}

fn factor(unit: &Unit, target: &Unit) -> f64 {
    if unit.is_compatible(target) && target.scale() != 0.0 { unit.scale() / target.scale() } else { 1.0 }
}

/// Everything that a reader of traces hands over.
pub(crate) fn parsed(
    tests: Vec<amorph_core::data::Test>,
    metadata: Metadata,
    format_version: Option<String>,
    notes: Vec<Note>,
) -> crate::maps::Parsed {
    crate::maps::Parsed {
        format_version,
        data: amorph_core::data::Data::Record(amorph_core::data::Record { tests }),
        metadata,
        constants: Vec::new(),
        notes,
    }
}
