use std::process::ExitCode;

use amorph::io::{ConstantPlace, Format, formats};
use amorph::method::nearest;
use serde_json::{Value, json};

use crate::args::Formats;
use crate::failure::Failure;
use crate::show;

/// Lists the file formats, or shows one.
pub fn run(arguments: &Formats) -> Result<ExitCode, Failure> {
    let chosen: Vec<&Format> = match &arguments.format {
        None => formats().to_vec(),
        Some(word) => vec![find(word)?],
    };
    match (&arguments.format, arguments.json) {
        (_, true) => {
            let described: Vec<Value> = chosen.iter().map(|format| describe(format)).collect();
            println!("{}", serde_json::to_string_pretty(&described).unwrap_or_default());
        }
        (None, false) => println!("{}", list(&chosen)),
        (Some(_), false) => chosen.iter().for_each(|format| println!("{}", show_one(format))),
    }
    Ok(ExitCode::SUCCESS)
}

/// A format by its id or one of its endings.
fn find(word: &str) -> Result<&'static Format, Failure> {
    let bare = word.trim_start_matches('.').to_lowercase();
    let is_named = |format: &&&Format| format.id == word;
    let has_ending = |format: &&&Format| format.endings.iter().any(|ending| ending.trim_start_matches('.') == bare);
    formats().iter().find(is_named).or_else(|| formats().iter().find(has_ending)).copied().ok_or_else(|| Failure::Unknown {
        what: "file format",
        word: word.to_owned(),
        nearest: nearest(&bare, formats().iter().map(|format| format.id)).map(str::to_owned),
    })
}

fn list(formats: &[&Format]) -> String {
    let yes = |flag: bool| if flag { "yes" } else { "" }.to_owned();
    let row = |format: &&Format| {
        vec![
            format.id.to_owned(),
            format.title.to_owned(),
            format.endings.join(" "),
            "yes".to_owned(),
            yes(format.can_write),
            format.magic.to_owned(),
            format.channels.to_owned(),
        ]
    };
    let header = ["format", "what it is", "endings", "read", "written", "recognised by", "channels of a file"];
    let table = show::rows(&header, formats.iter().map(row));
    format!("{table}\n\n`amorph formats <format>` shows where the constants are and how the file is laid out.")
}

fn show_one(format: &Format) -> String {
    let place = |place: &ConstantPlace| vec![place.key.to_owned(), place.place.to_owned()];
    let constants = show::rows(&["constant", "where it is found"], format.constants.iter().map(place));
    let constants = if format.constants.is_empty() { String::new() } else { format!("{constants}\n\n") };
    format!("{}\nrecognised by: {}\n\n{constants}{}", format.label(), format.magic, format.layout.trim())
}

fn describe(format: &Format) -> Value {
    let constants: Vec<Value> =
        format.constants.iter().map(|place| json!({ "key": place.key, "place": place.place })).collect();
    json!({
        "id": format.id,
        "title": format.title,
        "endings": format.endings,
        "magic": format.magic,
        "channels": format.channels,
        "read": true,
        "written": format.can_write,
        "needs_sidecar": format.needs_sidecar,
        "constants": constants,
        "layout": format.layout,
    })
}
