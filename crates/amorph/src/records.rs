//! Comma-separated text as rows of cells, for the tables that are compiled in and those that users write.

/// The rows as cells, quotes undone, each with the line it starts in; rows may differ in length, empty lines are left out.
pub(crate) fn records(text: &str) -> Vec<(usize, Vec<String>)> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    // Text from memory is valid UTF-8 and rows may have any length: nothing is left that could fail.
    let records = reader.records().filter_map(Result::ok);
    let numbered = records.map(|record| {
        let start = record.position().map_or(0, |position| position.byte() as usize);
        (line_of(text, start), record.iter().map(str::to_owned).collect())
    });
    numbered.collect()
}

/// The rows without the first.
pub(crate) fn rows_below_header(text: &str) -> Vec<Vec<String>> {
    records(text).into_iter().skip(1).map(|(_, cells)| cells).collect()
}

/// Line, from 1, of the first character at or after `start` that is not a line end.
fn line_of(text: &str, start: usize) -> usize {
    let blank = text[start..].bytes().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    1 + text[..start + blank].bytes().filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_commas_empty_fields_and_lines() {
        let found = records("\u{feff}a,b,c\r\n\n\"x, \"\"y\"\"\",,z\n\"two\nlines\",1\n\n3");
        let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 3, 4, 7]);
        let cells: Vec<Vec<String>> = found.into_iter().map(|(_, cells)| cells).collect();
        assert_eq!(cells[0], ["a", "b", "c"]);
        assert_eq!(cells[1], ["x, \"y\"", "", "z"]);
        assert_eq!(cells[2], ["two\nlines", "1"]);
        assert_eq!(cells[3], ["3"]);
    }
}
