//! Units, numbers and names as people set them.

use amorph_core::unit::{Unit, format_significant};

/// An integer as superscript characters.
pub fn superscript(value: i32) -> String {
    value.to_string().chars().map(superscript_character).collect()
}

fn superscript_character(character: char) -> char {
    match character {
        '-' | '−' => '⁻',
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        other => other,
    }
}

/// The symbol of a unit: `nm^2` becomes `nm²`, `ohm` becomes `Ω`, `deg` becomes `°`; empty for plain numbers.
pub fn unit(unit: &Unit) -> String {
    let mut shown = String::new();
    for (index, part) in unit.symbol().split('^').enumerate() {
        if index == 0 {
            shown.push_str(part);
            continue;
        }
        let end = part.find(|c: char| !(c.is_ascii_digit() || c == '-')).unwrap_or(part.len());
        // A fractional exponent has no superscript point; it stays as written.
        if end == 0 || part[end..].starts_with('.') {
            shown.push('^');
            shown.push_str(part);
        } else {
            shown.extend(part[..end].chars().map(superscript_character));
            shown.push_str(&part[end..]);
        }
    }
    let word = |text: &str| match text {
        "deg" => "°".to_owned(),
        "degC" => "°C".to_owned(),
        "ohm" | "Ohm" => "Ω".to_owned(),
        "Angstrom" | "angstrom" => "Å".to_owned(),
        other => other.to_owned(),
    };
    shown.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A label with its unit in parentheses: `distance r (nm)`.
pub fn label(text: &str, of: &Unit) -> String {
    let symbol = unit(of);
    match (text.is_empty(), symbol.is_empty()) {
        (_, true) => text.to_owned(),
        (true, false) => symbol,
        (false, false) => format!("{text} ({symbol})"),
    }
}

/// Numbers in running text: a true minus sign, and powers of ten instead of `e-20`.
///
/// The exponent must follow a digit or a closing parenthesis, so words are left alone.
pub fn number(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut shown = String::with_capacity(text.len());
    let mut index = 0;
    while index < characters.len() {
        let character = characters[index];
        let follows_number = index > 0 && (characters[index - 1].is_ascii_digit() || characters[index - 1] == ')');
        let exponent_end = if character == 'e' && follows_number { exponent_end(&characters, index) } else { None };
        if let Some(end) = exponent_end {
            shown.push_str(" × 10");
            shown.extend(characters[index + 1..end].iter().copied().filter(|c| *c != '+').map(superscript_character));
            index = end;
            continue;
        }
        let before_digit = characters.get(index + 1).is_some_and(char::is_ascii_digit);
        let starts_number = index == 0 || !characters[index - 1].is_alphanumeric();
        shown.push(if character == '-' && before_digit && starts_number { '−' } else { character });
        index += 1;
    }
    shown
}

/// Where the exponent that starts with the `e` at `start` ends, if it is one.
fn exponent_end(characters: &[char], start: usize) -> Option<usize> {
    let signed = matches!(characters.get(start + 1), Some('-' | '+'));
    let first = start + 1 + usize::from(signed);
    let digits = characters[first.min(characters.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let end = first + digits;
    let word_goes_on = characters.get(end).is_some_and(|c| c.is_alphanumeric());
    (digits > 0 && !word_goes_on).then_some(end)
}

/// A number with significant digits, set as in running text; `–` where it is missing.
pub fn significant(value: f64, digits: usize) -> String {
    if value.is_finite() { number(&format_significant(value, digits)) } else { "–".to_owned() }
}

/// A whole number as it is, any other with four significant digits.
pub fn count(value: f64) -> String {
    let whole = value.fract() == 0.0 && value.abs() < 1e9;
    if whole { number(&format!("{value:.0}")) } else { significant(value, 4) }
}

/// A key as words: `correlation_length` becomes `correlation length`.
pub fn words(key: &str) -> String {
    key.replace('_', " ")
}

/// A key as a heading: `correlation_length` becomes `Correlation length`.
pub fn heading(key: &str) -> String {
    let text = words(key);
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => text,
    }
}

/// Text cut to a number of characters, with an ellipsis in the middle.
pub fn shorten(text: &str, most: usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() <= most || most < 3 {
        return text.to_owned();
    }
    let head = most / 2;
    let tail = most - head - 1;
    let mut shown: String = characters[..head].iter().collect();
    shown.push('…');
    shown.extend(&characters[characters.len() - tail..]);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_set_with_superscripts_and_symbols() {
        for (written, shown) in
            [("nm^2", "nm²"), ("deg", "°"), ("1/s", "1/s"), ("MPa m^0.5", "MPa m^0.5"), ("Å^3", "Å³"), ("kg m^-3", "kg m⁻³")]
        {
            assert_eq!(unit(&Unit::of(written)), shown);
        }
        assert_eq!(label("distance", &Unit::of("nm")), "distance (nm)");
        assert_eq!(label("count", &Unit::one()), "count");
    }

    #[test]
    fn exponents_become_powers_of_ten_and_words_stay() {
        assert_eq!(number("(1.234 ± 0.012)e-20 J"), "(1.234 ± 0.012) × 10⁻²⁰ J");
        assert_eq!(number("-4.1e6"), "−4.1 × 10⁶");
        assert_eq!(number("[-1.5, 2e3]"), "[−1.5, 2 × 10³]");
        assert_eq!(number("site 3e-law, A1e2b, a-3"), "site 3e-law, A1e2b, a-3");
    }

    #[test]
    fn long_text_keeps_both_ends() {
        assert_eq!(shorten("abcdefghij", 5), "ab…ij");
        assert_eq!(shorten("abc", 5), "abc");
    }
}
