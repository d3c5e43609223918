use super::{COLUMNS, Kind, LiteratureValue};

/// Published values as CSV with the columns of [`COLUMNS`], as [`parse`](super::parse) reads them.
pub fn to_csv<'a>(values: impl IntoIterator<Item = &'a LiteratureValue>) -> String {
    let mut text = format!("{}\n", COLUMNS.join(","));
    for value in values {
        let cells: Vec<String> = cells(value).iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// The cells of a row, in the order of the columns.
fn cells(value: &LiteratureValue) -> [String; COLUMNS.len()] {
    let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let (sequence, step) = value.sequence.clone().map_or_else(Default::default, |(name, step)| (name, step.to_string()));
    let kind = match value.kind {
        Kind::Value => "value",
        Kind::Approximate => "approximate",
        Kind::Range => "range",
        Kind::Bound => "bound",
        Kind::Text => "text",
    };
    let origin = if value.is_computed { "computed" } else { "printed" };
    [
        value.id.clone(),
        value.quantity.clone(),
        value.key.clone(),
        value.alloy.clone(),
        value.property.clone(),
        value.symbol.clone(),
        number(value.value),
        number(value.lo),
        number(value.hi),
        number(value.std_error),
        value.unit.symbol().to_owned(),
        kind.to_owned(),
        value.as_printed.clone(),
        value.condition.clone(),
        origin.to_owned(),
        value.source.tag().to_owned(),
        sequence,
        step,
    ]
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}
