use amorph::io::{ConstantPlace, Format, formats};

/// The page of file formats: which there are, how each is laid out, where its constants are.
pub fn page() -> String {
    let mut text = String::from(
        "# File formats\n\nGenerated from the readers; `amorph formats` shows the same.\n\nA file is recognised by its \
         first bytes, never by its ending. Values come out in SI (phases in degrees), rows from the top, with everything \
         the file says kept as metadata. A unit or a size that a file does not state is absent, never guessed: a sidecar \
         `<file>.json` supplies or corrects it. `amorph info` lists what a file holds, `amorph convert` writes it in \
         another format. Other formats: open the file in Gwyddion and save it as `.gwy` or `.gsf`.\n\n\
         | format | what it is | endings | written | recognised by | channels of a file |\n|---|---|---|---|---|---|\n",
    );
    for format in formats() {
        text.push_str(&format!(
            "| [`{}`](#{}) | {} | {} | {} | {} | {} |\n",
            format.id,
            anchor(format.layout),
            format.title,
            format.endings.iter().map(|ending| format!("`{ending}`")).collect::<Vec<_>>().join(" "),
            if format.can_write { "yes" } else { "no" },
            code(format.magic),
            format.channels,
        ));
    }
    for format in formats() {
        text.push_str(&section(format));
    }
    text
}

/// The layout, one heading lower, and the constants.
fn section(format: &Format) -> String {
    let layout = format.layout.trim().replacen("# ", "## ", 1);
    let row = |place: &ConstantPlace| format!("| `{}` | {} |\n", place.key, place.place.replace('|', "\\|"));
    let rows: String = format.constants.iter().map(row).collect();
    format!("\n{layout}\n\n### Constants of `{}`\n\n| constant | where it is found |\n|---|---|\n{rows}", format.id)
}

/// The anchor that Markdown programs make of the first heading.
fn anchor(layout: &str) -> String {
    let heading = layout.lines().next().unwrap_or_default().trim_start_matches("# ").to_lowercase();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// As code; backslashes of a table cell stay as they are inside.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}
