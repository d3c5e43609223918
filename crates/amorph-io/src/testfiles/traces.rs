use std::fmt::Write as _;

use amorph_core::data::{Channel, Recording, SegmentKind, TraceQuantity};
use amorph_core::unit::Unit;

use crate::IoError;

/// How a delimited text is written.
#[derive(Debug, Clone, PartialEq)]
pub struct TextDialect {
    /// Separator of the columns.
    pub delimiter: char,
    /// Decimal mark.
    pub decimal: char,
    /// Characters of the text.
    pub encoding: TextEncoding,
    /// Whether a byte-order mark comes first (always before UTF-16).
    pub byte_order_mark: bool,
    /// Where the units stand.
    pub units: UnitPlace,
    /// What stands for a missing value.
    pub missing: &'static str,
    /// Line end.
    pub line_end: &'static str,
    /// What is wrong with the file.
    pub defects: Vec<TextDefect>,
}

/// Characters of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, little-endian.
    Utf16,
    /// Latin-1.
    Latin1,
}

/// Where the units of columns stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitPlace {
    /// `Load (mN)`.
    Round,
    /// `Load [mN]`.
    Square,
    /// `Load, mN`.
    Comma,
    /// `Load_mN`.
    Underscore,
    /// `Load / mN`.
    Slash,
    /// In a row below the names.
    Row,
    /// Nowhere.
    Nowhere,
}

/// What can be wrong with a text, on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextDefect {
    /// The last row is cut after its first field.
    Truncated,
    /// Time begins again at this row.
    TimeRestart(usize),
}

impl Default for TextDialect {
    fn default() -> Self {
        Self {
            delimiter: ',',
            decimal: '.',
            encoding: TextEncoding::Utf8,
            byte_order_mark: false,
            units: UnitPlace::Round,
            missing: "",
            line_end: "\n",
            defects: Vec::new(),
        }
    }
}

/// The unit that instruments write for a quantity.
fn unit_of(channel: &Channel) -> &'static str {
    match channel.quantity {
        TraceQuantity::Time => "s",
        TraceQuantity::Load => "uN",
        TraceQuantity::Depth | TraceQuantity::ContactDepth | TraceQuantity::Position => "nm",
        TraceQuantity::Current => "uA",
        TraceQuantity::Voltage => "V",
        TraceQuantity::Phase => "deg",
        TraceQuantity::Frequency => "Hz",
        TraceQuantity::ContactStiffness | TraceQuantity::LossStiffness => "N/m",
        TraceQuantity::ContactArea => "nm^2",
        TraceQuantity::StrainRate => "1/s",
        TraceQuantity::Temperature => "K",
        TraceQuantity::HeatFlow => "mW",
        TraceQuantity::SpecificHeatFlow => "W/g",
        TraceQuantity::SpecificHeat | TraceQuantity::SpecificHeatLoss => "J/(g K)",
        TraceQuantity::TanDelta | TraceQuantity::Strain | TraceQuantity::Other => "-",
        _ => "GPa",
    }
}

fn written(channel: &Channel, unit: &str) -> Vec<f64> {
    let scale = Unit::of(unit).scale() / channel.unit.scale();
    channel.values.iter().map(|value| value / scale).collect()
}

fn name_of(quantity: TraceQuantity) -> &'static str {
    match quantity {
        TraceQuantity::Time => "Time",
        TraceQuantity::Load => "Load",
        TraceQuantity::Depth => "Depth",
        TraceQuantity::Current => "Current",
        TraceQuantity::Voltage => "Voltage",
        other => other.word(),
    }
}

fn cut_short(text: &mut String, delimiter: char, line_end: &str) {
    let body = text.trim_end_matches(['\r', '\n']).len();
    let start = text[..body].rfind(line_end).map_or(0, |at| at + line_end.len());
    if let Some(at) = text[start..body].find(delimiter) {
        text.truncate(start + at);
    }
}

/// A recording as delimited text: names with units, one row per sample, with as many digits as it takes to read the same
/// numbers again.
pub fn delimited_bytes(recording: &Recording, dialect: &TextDialect) -> Vec<u8> {
    let end = dialect.line_end;
    let units: Vec<&str> = recording.channels.iter().map(unit_of).collect();
    let names = recording.channels.iter().zip(&units).map(|(channel, unit)| {
        let name = name_of(channel.quantity);
        let cell = match dialect.units {
            UnitPlace::Round => format!("{name} ({unit})"),
            UnitPlace::Square => format!("{name} [{unit}]"),
            UnitPlace::Comma => format!("{name}, {unit}"),
            UnitPlace::Underscore => format!("{name}_{unit}"),
            UnitPlace::Slash => format!("{name} / {unit}"),
            UnitPlace::Row | UnitPlace::Nowhere => name.to_owned(),
        };
        if cell.contains(dialect.delimiter) && dialect.delimiter != ' ' { format!("\"{cell}\"") } else { cell }
    });
    let delimiter = dialect.delimiter.to_string();
    let mut text = names.collect::<Vec<_>>().join(&delimiter) + end;
    if dialect.units == UnitPlace::Row {
        text += &(units.join(&delimiter) + end);
    }
    let mut columns: Vec<Vec<f64>> =
        recording.channels.iter().zip(&units).map(|(channel, unit)| written(channel, unit)).collect();
    for defect in &dialect.defects {
        let TextDefect::TimeRestart(row) = *defect else { continue };
        for (column, channel) in columns.iter_mut().zip(&recording.channels) {
            if channel.quantity == TraceQuantity::Time
                && let Some(&begin) = column.get(row)
            {
                column[row..].iter_mut().for_each(|value| *value -= begin);
            }
        }
    }
    for row in 0..recording.n_rows() {
        let cells = columns.iter().map(|column| match column.get(row) {
            Some(value) if value.is_finite() => value.to_string().replace('.', &dialect.decimal.to_string()),
            _ => dialect.missing.to_owned(),
        });
        text += &(cells.collect::<Vec<_>>().join(&delimiter) + end);
    }
    if dialect.defects.contains(&TextDefect::Truncated) {
        cut_short(&mut text, dialect.delimiter, end);
    }
    encoded(&text, dialect)
}

fn encoded(text: &str, dialect: &TextDialect) -> Vec<u8> {
    match dialect.encoding {
        TextEncoding::Utf8 if dialect.byte_order_mark => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        TextEncoding::Utf8 => text.as_bytes().to_vec(),
        TextEncoding::Latin1 => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
        TextEncoding::Utf16 => [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
    }
}

/// A recording as TriboScan exports it: date, count, names with units, six decimals. With current and voltage it is a NanoECR export.
///
/// # Errors
/// [`IoError::MissingField`] without load, depth and time.
pub fn triboscan_bytes(recording: &Recording) -> Result<Vec<u8>, IoError> {
    const ORDER: [TraceQuantity; 5] =
        [TraceQuantity::Depth, TraceQuantity::Load, TraceQuantity::Time, TraceQuantity::Current, TraceQuantity::Voltage];
    let channels = ORDER.iter().filter_map(|quantity| recording.channel(*quantity).ok()).collect::<Vec<_>>();
    need(recording, &ORDER[..3], "a TriboScan text")?;
    let mut text = format!("Mon Apr 29 10:41:06 2019\n\nNumber of Points = {}\n", recording.n_rows());
    let cell = |channel: &&Channel| format!("{} ({})", name_of(channel.quantity), unit_of(channel).replace('u', "\u{b5}"));
    text += &(channels.iter().map(cell).collect::<Vec<_>>().join("\t") + "\n");
    rows(&mut text, &channels, "\n");
    text += "\n\n\n\n";
    Ok(encoded(&text, &TextDialect { encoding: TextEncoding::Latin1, ..TextDialect::default() }))
}

/// A recording as the text of nanoDMA: the columns of the export that the recording has, in their order, with its blanks, tabs
/// and exponents of three digits.
///
/// # Errors
/// [`IoError::MissingField`] without time and depth.
pub fn nanodma_bytes(recording: &Recording) -> Result<Vec<u8>, IoError> {
    const COLUMNS: [(TraceQuantity, &str, &str); 11] = [
        (TraceQuantity::Time, "Test Time", "s"),
        (TraceQuantity::Depth, "Indent Disp.", "nm"),
        (TraceQuantity::Load, "Indent Load", "uN"),
        (TraceQuantity::Frequency, "Dynamic Freq.", "Hz"),
        (TraceQuantity::Phase, "Phase Shift", "deg"),
        (TraceQuantity::ReducedStorageModulus, "Storage Mod.", "GPa"),
        (TraceQuantity::ReducedLossModulus, "Loss Mod.", "GPa"),
        (TraceQuantity::Hardness, "Hardness", "GPa"),
        (TraceQuantity::TanDelta, "Tan-Delta", "-"),
        (TraceQuantity::ContactArea, "Contact Area", "nm^2"),
        (TraceQuantity::ContactDepth, "Contact Depth", "nm"),
    ];
    need(recording, &[TraceQuantity::Time, TraceQuantity::Depth], "a nanoDMA text")?;
    let found: Vec<(&Channel, &str, &str)> =
        COLUMNS.iter().filter_map(|(quantity, name, unit)| Some((recording.channel(*quantity).ok()?, *name, *unit))).collect();
    let mut text = "nanoDMA Text Export Version 1.00\n\n".to_owned();
    for (_, name, unit) in &found {
        let unit = if *unit == "-" { String::new() } else { format!(" ({})", unit.replace('u', "\u{b5}")) };
        text += &format!(" {name}{unit}\t");
    }
    text.push('\n');
    let columns: Vec<Vec<f64>> = found.iter().map(|(channel, _, unit)| written(channel, unit)).collect();
    for row in 0..recording.n_rows() {
        for column in &columns {
            text += &three_digit_exponent(column[row]);
            text.push('\t');
        }
        text.push('\n');
    }
    Ok(encoded(&text, &TextDialect { encoding: TextEncoding::Latin1, ..TextDialect::default() }))
}

/// `8.000877e-005` below a thousandth, else six decimals; what was not computed is 0.
fn three_digit_exponent(value: f64) -> String {
    if value.is_nan() || value == 0.0 {
        return "0.0".to_owned();
    }
    if value.abs() >= 1e-3 {
        return format!("{value:.6}");
    }
    let text = format!("{value:.6e}");
    match text.split_once("e-") {
        Some((mantissa, exponent)) => format!("{mantissa}e-{exponent:0>3}"),
        None => text,
    }
}

fn rows(text: &mut String, channels: &[&Channel], end: &str) {
    let columns: Vec<Vec<f64>> = channels.iter().map(|channel| written(channel, unit_of(channel))).collect();
    for row in 0..columns.first().map_or(0, Vec::len) {
        for (index, column) in columns.iter().enumerate() {
            let mark = if index == 0 { "" } else { "\t" };
            // Writing to a string cannot fail.
            let _ = write!(text, "{mark}{:.6}", column.get(row).copied().unwrap_or(f64::NAN));
        }
        text.push_str(end);
    }
}

fn need(recording: &Recording, quantities: &[TraceQuantity], place: &str) -> Result<(), IoError> {
    match quantities.iter().find(|quantity| !recording.has(**quantity)) {
        None => Ok(()),
        Some(quantity) => Err(IoError::MissingField {
            file: recording.name.clone(),
            field: format!("a channel of {}", quantity.word()),
            place: place.to_owned(),
        }),
    }
}

/// A recording as a Hysitron record: head with drift rate and segment table, a block of the approach, one of the drift, the test.
///
/// The segments of the recording become those of the head, with the load at their ends as demand.
///
/// # Errors
/// [`IoError::MissingField`] without load, depth and time.
pub fn hld_bytes(recording: &Recording, drift_rate: f64) -> Result<Vec<u8>, IoError> {
    const ORDER: [TraceQuantity; 3] = [TraceQuantity::Time, TraceQuantity::Depth, TraceQuantity::Load];
    need(recording, &ORDER, "a Hysitron record")?;
    let channels = ORDER.iter().filter_map(|quantity| recording.channel(*quantity).ok()).collect::<Vec<_>>();
    let end = "\r\n";
    let mut text = String::new();
    let mut line = |content: String| text += &(content + end);
    line("File Version: Hysitron HighLoad FBControls 6.1 Release".to_owned());
    line("Test Type: Indentation".to_owned());
    line("Time Stamp: Mon Dec 03 15:13:34 2018".to_owned());
    line(format!("Drift Rate: {} nm/s", drift_rate * 1e9));
    line(format!("Number of Segments: {}", recording.segments.len()));
    let (time, load) = (&channels[0].values, &channels[2].values);
    let of = |values: &[f64], row: usize| values.get(row).copied().unwrap_or(f64::NAN);
    for (number, segment) in recording.segments.iter().enumerate() {
        let last = segment.end.saturating_sub(1);
        let held = segment.kind == SegmentKind::Hold;
        let begin = of(load, segment.first);
        line(format!("Segment Number: {number}"));
        line("Segment Type: 0 LINEAR".to_owned());
        line(format!("Segment Begin Time: {} s", of(time, segment.first)));
        line(format!("Segment End Time: {} s", of(time, last)));
        line(format!("Segment Begin Demand: {} \u{b5}N", begin * 1e6));
        line(format!("Segment End Demand: {} \u{b5}N", 1e6 * if held { begin } else { of(load, last) }));
        line(format!("Segment Points: {}", segment.len()));
    }
    line("Sample Approach Data Points: 3".to_owned());
    line("Time_s\tMotorDisp_mm\tPiezo Extension_nm".to_owned());
    (0..3).for_each(|row| {
        line(format!("{:.3}\t{:.6}\t{:.3}", 0.024 * f64::from(row), 1e-6 * f64::from(row), -8.0 + f64::from(row)))
    });
    line("Drift Measurement Data Points: 4".to_owned());
    line("Time_s\tDisp_nm".to_owned());
    (0..4).for_each(|row| line(format!("{:.3}\t{:.6}", f64::from(row), drift_rate * 1e9 * f64::from(row))));
    line(format!("Test Data Points: {}", recording.n_rows()));
    line("Time_s\tDisp_nm\tForce_\u{b5}N".to_owned());
    rows(&mut text, &channels, end);
    Ok(encoded(&text, &TextDialect { encoding: TextEncoding::Latin1, ..TextDialect::default() }))
}
