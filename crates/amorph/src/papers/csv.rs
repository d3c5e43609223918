/// Rows of comma-separated text without its header, quotes undone; fields that a row lacks are empty.
pub(super) fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().skip(1).filter(|line| !line.is_empty()).map(fields).collect()
}

fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        let last = fields.len() - 1;
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                fields[last].push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields[last].push(other),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_commas_and_empty_fields() {
        let found = rows("a,b,c\n\"x, \"\"y\"\"\",,z\n");
        assert_eq!(found, [["x, \"y\"", "", "z"]]);
    }
}
