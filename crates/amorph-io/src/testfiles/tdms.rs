use amorph_core::data::Recording;

/// How the raw data of a TDMS file are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TdmsLayout {
    /// Sample by sample instead of channel by channel.
    pub interleaved: bool,
    /// Big-endian instead of little-endian.
    pub big_endian: bool,
    /// Segments that the samples are written in; at least one.
    pub segments: usize,
    /// 16-bit integers with a linear scale instead of 64-bit floats.
    pub scaled: bool,
}

/// A recording as one group of a TDMS file: values in SI, units as properties.
pub fn tdms_bytes(group: &str, recording: &Recording, layout: TdmsLayout) -> Vec<u8> {
    let segments = layout.segments.max(1);
    let rows = recording.n_rows();
    let mut bytes = Vec::new();
    for segment in 0..segments {
        let (first, end) = (rows * segment / segments, rows * (segment + 1) / segments);
        let head = if segment == 0 {
            metadata(group, recording, layout, end - first)
        } else {
            repeated(group, recording, layout, end - first)
        };
        let data = raw(recording, layout, first, end);
        let toc = 0b1110u32 & if segment == 0 { 0b1110 } else { 0b1010 }
            | u32::from(layout.interleaved) << 5
            | u32::from(layout.big_endian) << 6;
        bytes.extend(b"TDSm");
        bytes.extend(toc.to_le_bytes());
        let mut out = Out { bytes: Vec::new(), big_endian: layout.big_endian };
        out.u32(4713);
        out.u64((head.len() + data.len()) as u64);
        out.u64(head.len() as u64);
        bytes.extend(out.bytes);
        bytes.extend(head);
        bytes.extend(data);
    }
    bytes
}

struct Out {
    bytes: Vec<u8>,
    big_endian: bool,
}

impl Out {
    fn put(&mut self, little: &[u8]) {
        if self.big_endian {
            self.bytes.extend(little.iter().rev());
        } else {
            self.bytes.extend(little);
        }
    }

    fn u32(&mut self, value: u32) {
        self.put(&value.to_le_bytes());
    }

    fn u64(&mut self, value: u64) {
        self.put(&value.to_le_bytes());
    }

    fn f64(&mut self, value: f64) {
        self.put(&value.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.u32(u32::try_from(text.len()).unwrap_or(u32::MAX));
        self.bytes.extend(text.as_bytes());
    }

    fn property(&mut self, name: &str, value: &str) {
        self.text(name);
        self.u32(0x20);
        self.text(value);
    }

    fn number(&mut self, name: &str, value: f64) {
        self.text(name);
        self.u32(10);
        self.f64(value);
    }
}

fn index(out: &mut Out, layout: TdmsLayout, rows: usize) {
    out.u32(20);
    out.u32(if layout.scaled { 2 } else { 10 });
    out.u32(1);
    out.u64(rows as u64);
}

fn path(group: &str, name: &str) -> String {
    format!("/'{group}'/'{}'", name.replace('\'', "''"))
}

/// Step of the 16-bit integers that hold a channel.
fn step(values: &[f64]) -> f64 {
    let largest = values.iter().filter(|value| value.is_finite()).fold(0.0f64, |a, b| a.max(b.abs()));
    if largest > 0.0 { largest / 32000.0 } else { 1.0 }
}

fn metadata(group: &str, recording: &Recording, layout: TdmsLayout, rows: usize) -> Vec<u8> {
    let mut out = Out { bytes: Vec::new(), big_endian: layout.big_endian };
    out.u32(u32::try_from(recording.channels.len() + 2).unwrap_or(2));
    out.text("/");
    out.u32(u32::MAX);
    out.u32(1);
    out.property("title", "a recording");
    out.text(&format!("/'{group}'"));
    out.u32(u32::MAX);
    out.u32(0);
    for channel in &recording.channels {
        out.text(&path(group, &channel.name));
        index(&mut out, layout, rows);
        out.u32(if layout.scaled { 6 } else { 1 });
        out.property("unit_string", channel.unit.symbol());
        if layout.scaled {
            out.property("NI_Scaling_Status", "unscaled");
            out.text("NI_Number_Of_Scales");
            out.u32(7);
            out.u32(1);
            out.property("NI_Scale[0]_Scale_Type", "Linear");
            out.number("NI_Scale[0]_Linear_Slope", step(&channel.values));
            out.number("NI_Scale[0]_Linear_Y_Intercept", 0.0);
        }
    }
    out.bytes
}

/// Objects of a further segment, whose number of values differs.
fn repeated(group: &str, recording: &Recording, layout: TdmsLayout, rows: usize) -> Vec<u8> {
    let mut out = Out { bytes: Vec::new(), big_endian: layout.big_endian };
    out.u32(u32::try_from(recording.channels.len()).unwrap_or(0));
    for channel in &recording.channels {
        out.text(&path(group, &channel.name));
        index(&mut out, layout, rows);
        out.u32(0);
    }
    out.bytes
}

fn raw(recording: &Recording, layout: TdmsLayout, first: usize, end: usize) -> Vec<u8> {
    let mut out = Out { bytes: Vec::new(), big_endian: layout.big_endian };
    let steps: Vec<f64> = recording.channels.iter().map(|channel| step(&channel.values)).collect();
    let mut put = |column: usize, row: usize| {
        let value = recording.channels[column].values.get(row).copied().unwrap_or(f64::NAN);
        match layout.scaled {
            true => out.put(&((value / steps[column]).round() as i16).to_le_bytes()),
            false => out.f64(value),
        }
    };
    let columns = recording.channels.len();
    if layout.interleaved {
        (first..end).for_each(|row| (0..columns).for_each(|column| put(column, row)));
    } else {
        (0..columns).for_each(|column| (first..end).for_each(|row| put(column, row)));
    }
    out.bytes
}
