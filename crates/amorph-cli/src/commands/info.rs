use std::process::ExitCode;

use amorph::core::unit::{Unit, format_significant};
use amorph::io::{ChannelInfo, FileInfo};
use serde_json::json;

use crate::args::Info;
use crate::failure::Failure;
use crate::show;

/// Shows what is in every file; files that cannot be read do not hide the others.
pub fn run(arguments: &Info) -> Result<ExitCode, Failure> {
    let mut unreadable = 0;
    let mut listed = Vec::new();
    for path in &arguments.files {
        match amorph::io::open(path) {
            Ok(loaded) if arguments.json => listed.push(as_json(&FileInfo::of(&loaded), &loaded.metadata)),
            Ok(loaded) => {
                println!("{}", as_text(&FileInfo::of(&loaded)));
                if arguments.metadata {
                    let row = |e: &amorph::core::data::MetadataEntry| vec![e.section.clone(), e.key.clone(), e.value.clone()];
                    println!("{}\n", show::rows(&["section", "key", "value"], loaded.metadata.entries.iter().map(row)));
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
    Ok(if unreadable == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn as_text(info: &FileInfo) -> String {
    let version = info.source.format_version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
    let mut text = format!("{}\n{}{version}, SHA-256 {}\n", info.source.path, info.source.format, &info.source.sha256[..16]);
    if !info.channels.is_empty() {
        let header = ["#", "channel", "is", "direction", "pixels", "size", "range", "mean", "rms", "levelled"];
        text.push_str(&show::rows(&header, info.channels.iter().map(channel)));
        text.push('\n');
    }
    if !info.columns.is_empty() {
        let row = |(name, unit, n): &(String, Unit, usize)| vec![name.clone(), unit.to_string(), n.to_string()];
        text.push_str(&show::rows(&["column", "unit", "rows"], info.columns.iter().map(row)));
        text.push('\n');
    }
    text.push_str(&constants(info));
    for note in &info.notes {
        text.push_str(&format!("note: {}\n", note.message));
    }
    text
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
        text.push_str(&format!("placeholders that nobody calibrated (state the real values in the study)\n{table}\n"));
    }
    let absent = info.constants.absent.iter().map(|c| vec![c.key.to_owned(), c.place.to_owned()]);
    if absent.len() > 0 && !info.channels.is_empty() {
        let table = show::rows(&["key", "where it is found"], absent);
        text.push_str(&format!("not in the file, needed for dissipated energies\n{table}\n"));
    }
    text
}

fn channel(channel: &ChannelInfo) -> Vec<String> {
    let display = channel.unit.preferred(channel.max.abs().max(channel.min.abs()));
    let shown = |value: f64| format_significant(display.convert_si(channel.unit.to_si(value)), 4);
    let size = channel.extent.as_ref().map_or("unknown".to_owned(), |extent| {
        let metre = extent.unit.preferred(extent.unit.to_si(extent.x_size()));
        let side = |value: f64| format_significant(metre.convert_si(extent.unit.to_si(value)), 4);
        format!("{} × {} {metre}", side(extent.x_size()), side(extent.y_size()))
    });
    vec![
        channel.index.to_string(),
        channel.name.clone(),
        channel.quantity.clone(),
        channel.direction.clone().unwrap_or_default(),
        format!("{} × {}", channel.columns, channel.rows),
        size,
        format!("{} … {} {display}", shown(channel.min), shown(channel.max)),
        format!("{} {display}", shown(channel.mean)),
        format!("{} {display}", shown(channel.rms)),
        channel.levelled_by_instrument.clone().unwrap_or_default(),
    ]
}

fn as_json(info: &FileInfo, metadata: &amorph::core::data::Metadata) -> serde_json::Value {
    let channel = |c: &ChannelInfo| {
        json!({
            "index": c.index, "name": c.name, "quantity": c.quantity, "direction": c.direction, "unit": c.unit,
            "columns": c.columns, "rows": c.rows, "extent": c.extent, "min": c.min, "max": c.max, "mean": c.mean,
            "rms": c.rms, "least_significant_bit": c.least_significant_bit,
            "levelled_by_instrument": c.levelled_by_instrument, "invalid": c.invalid,
        })
    };
    json!({
        "source": info.source,
        "channels": info.channels.iter().map(channel).collect::<Vec<_>>(),
        "columns": info.columns.iter().map(|(name, unit, rows)| json!({ "name": name, "unit": unit, "rows": rows })).collect::<Vec<_>>(),
        "constants": info.constants.found,
        "placeholders": info.constants.placeholders,
        "absent": info.constants.absent.iter().map(|c| json!({ "key": c.key, "place": c.place })).collect::<Vec<_>>(),
        "notes": info.notes,
        "metadata": metadata,
    })
}
