/// One line of data.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Line in the file, from 1.
    pub number: usize,
    pub text: &'a str,
}

/// Lines that are neither empty nor comments.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> + Clone {
    let numbered =
        text.lines().enumerate().map(|(index, text)| Line { number: index + 1, text: text.trim_matches([' ', '\r']) });
    numbered.filter(|line| !line.text.trim().is_empty() && !line.text.starts_with('#'))
}

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    Character(char),
    Blanks,
}

impl Separator {
    /// The strongest separator of a line: a tab, else a semicolon, a comma, blanks.
    pub(super) fn of(line: &str) -> Self {
        ['\t', ';', ','].into_iter().find(|mark| line.contains(*mark)).map_or(Self::Blanks, Self::Character)
    }

    /// Whether a comma may be a decimal mark.
    pub(super) fn decimal_comma(self) -> bool {
        self != Self::Character(',')
    }

    /// The cells of a line; a separator at the end of a line closes it and opens no further cell.
    pub(super) fn split(self, line: &str) -> impl Iterator<Item = &str> + Clone {
        let (marked, blank) = match self {
            Self::Character(mark) => {
                (Some(line.trim_end().strip_suffix(mark).unwrap_or(line).split(mark).map(str::trim)), None)
            }
            Self::Blanks => (None, Some(line.split_whitespace())),
        };
        marked.into_iter().flatten().chain(blank.into_iter().flatten())
    }
}

/// A number, `nan` or `inf`; with a decimal comma where that is allowed.
pub(super) fn number(cell: &str, decimal_comma: bool) -> Option<f64> {
    if let Ok(value) = cell.parse() {
        return Some(value);
    }
    if decimal_comma && cell.contains(',') && !cell.contains('.') {
        return cell.replacen(',', ".", 1).parse().ok();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_and_decimal_commas() {
        assert_eq!(Separator::of("1,5;2,5"), Separator::Character(';'));
        assert_eq!(Separator::of("1.5 2.5"), Separator::Blanks);
        assert_eq!(number("1,5", true), Some(1.5));
        assert_eq!(number("1,5", false), None);
        assert_eq!(number("1,500,0", true), None);
        assert_eq!(Separator::Character(',').split("1, 2,3,").collect::<Vec<_>>(), ["1", "2", "3"]);
    }
}
