use std::path::Path;
use std::process::ExitCode;

use amorph::core::data::{Data, DataError, Loaded, Metadata, MetadataEntry, ScanAxis, overview};
use amorph::core::outcome::Severity;
use amorph::core::unit::{Unit, format_significant};
use amorph::io::{ChannelInfo, FileInfo, ScanInfo};
use amorph_report::{Theme, png, svg};
use serde_json::json;

use super::info_traces;
use crate::args::Info;
use crate::failure::{Failure, write};
use crate::{progress, show};

/// Shows what is in every file; files that cannot be read do not hide the others.
pub fn run(arguments: &Info) -> Result<ExitCode, Failure> {
    if let (Some(picture), [_, _, ..]) = (&arguments.picture, &arguments.files[..]) {
        let problem = "a sheet shows the channels of one file; name one file".to_owned();
        return Err(Failure::Target { path: picture.display().to_string(), problem });
    }
    let in_short = arguments.files.len() > 1 && !arguments.full && !arguments.metadata;
    let traces = super::options(&arguments.set, arguments.partial)?;
    let mut unreadable = 0;
    let mut listed = Vec::new();
    let mut lines = Vec::new();
    for path in &arguments.files {
        if arguments.list
            && let Some(channels) = amorph::io::list_channels(path)?
        {
            let row = |(group, channel, n): (String, String, u64)| vec![group, channel, n.to_string()];
            println!("{}", show::rows(&["group", "channel", "samples"], channels.into_iter().map(row)));
            continue;
        }
        match amorph::io::look_with(path, &traces) {
            Ok(loaded) => {
                let info = FileInfo::of(&loaded);
                match (arguments.json, in_short) {
                    (true, _) => listed.push(as_json(&info, &loaded.metadata)),
                    (false, true) => lines.push(line(path, &info)),
                    (false, false) => print_full(&info, &loaded, arguments.metadata),
                }
                if let Some(picture) = &arguments.picture {
                    draw(picture, path, &loaded)?;
                }
            }
            Err(error) => {
                eprintln!("error: {error}");
                unreadable += 1;
            }
        }
    }
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&listed).unwrap_or_default());
    }
    if !lines.is_empty() {
        let header = ["file", "format", "channels", "pixels", "size", "constants", "notes"];
        println!("{}", show::rows(&header, lines));
    }
    Ok(if unreadable == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// One file of many.
fn line(path: &Path, info: &FileInfo) -> Vec<String> {
    let warnings = info.notes.iter().filter(|note| note.severity >= Severity::Warning).count();
    let (what, pixels, size) = match (&info.channels[..], &info.scan) {
        ([], Some(scan)) => ("scan".to_owned(), shape(scan), bytes(scan.bytes)),
        ([], None) if !info.tests.is_empty() => info_traces::in_short(&info.tests),
        ([], None) => {
            let rows = info.columns.first().map_or(0, |(_, _, rows)| *rows);
            (format!("table of {} columns", info.columns.len()), format!("{rows} rows"), String::new())
        }
        ([first, ..], _) => {
            let names: Vec<String> = info.channels.iter().map(short_name).collect();
            (names.join(", "), format!("{} × {}", first.columns, first.rows), size(first))
        }
    };
    let constants = info.constants.found.iter().map(|constant| constant.key.clone()).collect::<Vec<_>>().join(", ");
    let notes = if warnings == 0 { String::new() } else { format!("{warnings} warnings") };
    vec![path.display().to_string(), info.source.format.clone(), what, pixels, size, constants, notes]
}

fn short_name(channel: &ChannelInfo) -> String {
    match channel.direction.as_deref() {
        Some("trace") => format!("{} →", channel.name),
        Some("retrace") => format!("{} ←", channel.name),
        _ => channel.name.clone(),
    }
}

fn print_full(info: &FileInfo, loaded: &Loaded, metadata: bool) {
    println!("{}", as_text(info, &loaded.metadata));
    if metadata {
        let row = |e: &MetadataEntry| vec![e.section.clone(), e.key.clone(), e.value.clone()];
        println!("{}\n", show::rows(&["section", "key", "value"], loaded.metadata.entries.iter().map(row)));
    }
}

/// Writes the contact sheet of all channels.
fn draw(picture: &Path, file: &Path, loaded: &Loaded) -> Result<(), Failure> {
    let title = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let drawing = match &loaded.data {
        Data::Maps(maps) => svg::sheet(&title, maps, Theme::Light)?,
        Data::Record(record) => info_traces::drawing(&title, record)?,
        Data::Scan(_) | Data::Stack(_) => {
            let refused = |error: DataError| Failure::Source { path: file.display().to_string(), problem: error.to_string() };
            let pictures = overview(&loaded.data, progress::counter("frames")).map_err(refused)?;
            svg::sheet(&title, &pictures.unwrap_or_default(), Theme::Light)?
        }
        other => {
            let problem =
                format!("it holds a {}, neither maps, frames nor traces in memory: there is nothing to draw", other.kind());
            return Err(Failure::Source { path: file.display().to_string(), problem });
        }
    };
    match picture.extension().and_then(|ending| ending.to_str()) {
        Some("svg") => write(picture, drawing),
        Some("png") => write(picture, png::rasterise(&drawing, 2.0)?),
        _ => {
            let problem = "a picture ends in .png or .svg".to_owned();
            Err(Failure::Target { path: picture.display().to_string(), problem })
        }
    }
}

fn as_text(info: &FileInfo, metadata: &Metadata) -> String {
    let version = info.source.format_version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let hash = info.source.sha256.get(..16).unwrap_or("not computed for a look at a large file");
    let mut text = format!("{}\n{}{version}, SHA-256 {hash}\n", info.source.path, info.source.format);
    if !info.channels.is_empty() {
        let header =
            ["#", "channel", "is", "direction", "pixels", "size", "range", "mean", "rms", "LSB", "levelled", "invalid"];
        text.push_str(&show::rows(&header, info.channels.iter().map(channel)));
        text.push('\n');
    }
    if !info.columns.is_empty() {
        let row = |(name, unit, n): &(String, Unit, usize)| vec![name.clone(), unit.to_string(), n.to_string()];
        text.push_str(&show::rows(&["column", "unit", "rows"], info.columns.iter().map(row)));
        text.push('\n');
    }
    if let Some(scan) = &info.scan {
        text.push_str(&frames(scan));
    } else {
        let statements = loaded_axes(metadata);
        if !statements.is_empty() {
            text.push_str(&show::rows(&["axis", "as written in the file"], statements));
            text.push('\n');
        }
    }
    text.push_str(&info_traces::as_text(&info.tests));
    text.push_str(&constants(info));
    for note in &info.notes {
        text.push_str(&format!("note: {}\n", note.message));
    }
    text
}

/// Axes with their calibration and where it comes from, then the frames.
fn frames(scan: &ScanInfo) -> String {
    let axis = |(index, axis): (usize, &ScanAxis)| {
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| format_significant(value, 6));
        let source = match (&axis.implausible, axis.step) {
            (Some(_), _) => "file, implausible, not used",
            (None, Some(_)) => "file",
            (None, None) => "none",
        };
        let unit = if axis.step.is_some() { axis.unit.to_string() } else { String::new() };
        let role = axis.role.word().to_owned();
        vec![
            index.to_string(),
            role,
            axis.name.clone(),
            axis.n.to_string(),
            number(axis.step),
            number(axis.offset),
            unit,
            source.to_owned(),
        ]
    };
    let header = ["axis", "runs over", "name", "size", "step", "offset", "unit", "calibration"];
    let row = vec![scan.pixel.clone(), bytes(scan.bytes), format!("{} of {}", scan.frames_present, scan.frames)];
    let axes = show::rows(&header, scan.axes.iter().enumerate().map(axis));
    format!("{axes}\n{}\n", show::rows(&["pixel", "size", "frames"], [row]))
}

/// Axes of images and spectra, which are written down with the metadata.
fn loaded_axes(metadata: &Metadata) -> Vec<Vec<String>> {
    let axes = metadata.entries.iter().filter(|entry| entry.section == "axes");
    axes.map(|entry| vec![entry.key.clone(), entry.value.clone()]).collect()
}

fn shape(scan: &ScanInfo) -> String {
    scan.shape().iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}

fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let step = (0..UNITS.len() - 1).take_while(|step| count >> (10 * (step + 1)) > 0).count();
    format!("{} {}", format_significant(count as f64 / (1u64 << (10 * step)) as f64, 4), UNITS[step])
}

fn constants(info: &FileInfo) -> String {
    let mut text = String::new();
    let found = info.constants.found.iter().map(|c| vec![c.key.clone(), show::quantity(&c.quantity), c.place.clone()]);
    if found.len() > 0 {
        text.push_str(&format!("constants in the file\n{}\n", show::rows(&["key", "value", "from"], found)));
    }
    let placeholders =
        info.constants.placeholders.iter().map(|c| vec![c.key.clone(), show::quantity(&c.quantity), c.place.clone()]);
    if placeholders.len() > 0 {
        let table = show::rows(&["key", "value", "from"], placeholders);
        text.push_str(&format!("not calibrated as far as the file tells (state the real values in the study)\n{table}\n"));
    }
    let absent = info.constants.absent.iter().map(|c| vec![c.key.to_owned(), c.place.to_owned()]);
    if absent.len() > 0 && !info.channels.is_empty() {
        let table = show::rows(&["key", "where it is found"], absent);
        text.push_str(&format!("not in the file, needed for dissipated energies\n{table}\n"));
    }
    text
}

fn size(channel: &ChannelInfo) -> String {
    channel.extent.as_ref().map_or("unknown".to_owned(), |extent| {
        let metre = extent.unit.preferred(extent.unit.to_si(extent.x_size()));
        let side = |value: f64| format_significant(metre.convert_si(extent.unit.to_si(value)), 4);
        format!("{} × {} {metre}", side(extent.x_size()), side(extent.y_size()))
    })
}

fn channel(channel: &ChannelInfo) -> Vec<String> {
    let display = channel.unit.preferred(channel.max.abs().max(channel.min.abs()));
    let kept = |value: f64| if channel.unit.is_known() { channel.unit.to_si(value) } else { value };
    let shown = |value: f64| format_significant(display.convert_si(kept(value)), 4);
    let step = channel.least_significant_bit.map(|step| {
        let unit = channel.unit.preferred(kept(step));
        format!("{} {unit}", format_significant(unit.convert_si(kept(step)), 3))
    });
    let invalid = channel.invalid.iter().map(|invalid| format!("{} {}", invalid.count, invalid.reason));
    vec![
        channel.index.to_string(),
        channel.name.clone(),
        channel.quantity.clone(),
        channel.direction.clone().unwrap_or_default(),
        format!("{} × {}", channel.columns, channel.rows),
        size(channel),
        format!("{} … {} {display}", shown(channel.min), shown(channel.max)),
        format!("{} {display}", shown(channel.mean)),
        format!("{} {display}", shown(channel.rms)),
        step.unwrap_or_default(),
        channel.levelled_by_instrument.clone().unwrap_or_default(),
        invalid.collect::<Vec<_>>().join(", "),
    ]
}

fn as_json(info: &FileInfo, metadata: &Metadata) -> serde_json::Value {
    let channel = |c: &ChannelInfo| {
        json!({
            "index": c.index, "name": c.name, "quantity": c.quantity, "direction": c.direction, "unit": c.unit,
            "columns": c.columns, "rows": c.rows, "extent": c.extent, "min": c.min, "max": c.max, "mean": c.mean,
            "rms": c.rms, "least_significant_bit": c.least_significant_bit,
            "levelled_by_instrument": c.levelled_by_instrument, "invalid": c.invalid,
        })
    };
    let axis = |axis: &ScanAxis| {
        json!({
            "role": axis.role.word(), "name": axis.name, "n": axis.n, "step": axis.step, "offset": axis.offset,
            "unit": axis.unit, "implausible": axis.implausible,
        })
    };
    let scan = |scan: &ScanInfo| {
        json!({
            "shape": scan.shape(), "axes": scan.axes.iter().map(axis).collect::<Vec<_>>(), "pixel": scan.pixel,
            "bytes": scan.bytes, "frames": scan.frames, "frames_present": scan.frames_present,
        })
    };
    json!({
        "source": info.source,
        "channels": info.channels.iter().map(channel).collect::<Vec<_>>(),
        "columns": info.columns.iter().map(|(name, unit, rows)| json!({ "name": name, "unit": unit, "rows": rows })).collect::<Vec<_>>(),
        "scan": info.scan.as_ref().map(scan),
        "tests": info_traces::as_json(&info.tests),
        "constants": info.constants.found,
        "placeholders": info.constants.placeholders,
        "absent": info.constants.absent.iter().map(|c| json!({ "key": c.key, "place": c.place })).collect::<Vec<_>>(),
        "notes": info.notes,
        "metadata": metadata,
    })
}
