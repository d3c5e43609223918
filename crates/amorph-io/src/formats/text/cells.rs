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
    /// A mark; `closing` where it also stands at the end of the first line, so that it opens no further cell.
    Character { mark: char, closing: bool },
    /// One or more blanks.
    Blanks,
}

impl Separator {
    /// The strongest separator of a line: a tab, else a semicolon, a comma, blanks.
    pub(super) fn of(line: &str) -> Self {
        let mark = ['\t', ';', ','].into_iter().find(|mark| line.contains(*mark));
        mark.map_or(Self::Blanks, |mark| Self::Character { mark, closing: line.ends_with(mark) })
    }

    /// Whether a comma may be a decimal mark.
    pub(super) fn decimal_comma(self) -> bool {
        !matches!(self, Self::Character { mark: ',', .. })
    }

    /// The cells of a line.
    pub(super) fn split(self, line: &str) -> impl Iterator<Item = &str> + Clone {
        let (marked, blank) = match self {
            Self::Character { mark, closing } => {
                let line = if closing { line.strip_suffix(mark).unwrap_or(line) } else { line };
                (Some(line.split(mark).map(str::trim)), None)
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
        assert_eq!(Separator::of("1,5;2,5"), Separator::Character { mark: ';', closing: false });
        assert_eq!(Separator::of("1.5 2.5"), Separator::Blanks);
        assert_eq!(number("1,5", true), Some(1.5));
        assert_eq!(number("1,5", false), None);
        assert_eq!(number("1,500,0", true), None);
        let cells = |first: &str, line: &str| Separator::of(first).split(line).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(cells("1, 2,3,", "4, 5,6,"), ["4", "5", "6"]);
        assert_eq!(cells("a,b,c", "4,5,"), ["4", "5", ""]);
    }
}
