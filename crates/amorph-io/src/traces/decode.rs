//! Which characters the bytes of a text are.

use crate::bytes::latin1;

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Little,
    Utf16Big,
    Latin1,
}

impl Encoding {
    /// By its byte-order mark, else UTF-8 where the bytes are that, else Windows-1252.
    pub(crate) fn of(head: &[u8]) -> Self {
        match head {
            [0xef, 0xbb, 0xbf, ..] => Self::Utf8,
            [0xff, 0xfe, ..] => Self::Utf16Little,
            [0xfe, 0xff, ..] => Self::Utf16Big,
            _ => match std::str::from_utf8(head) {
                Ok(_) => Self::Utf8,
                // The head may end amid a character.
                Err(error) if error.error_len().is_none() && error.valid_up_to() + 4 > head.len() => Self::Utf8,
                Err(_) => Self::Latin1,
            },
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Little => "UTF-16 LE",
            Self::Utf16Big => "UTF-16 BE",
            Self::Latin1 => "Windows-1252",
        }
    }
}

/// The text of some bytes that are UTF-8 or Windows-1252.
pub(crate) fn text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| windows1252(bytes), str::to_owned)
}

/// Windows-1252 differs from Latin-1 where that has control characters; only signs that stand in heads matter.
fn windows1252(bytes: &[u8]) -> String {
    let special = |c: char| match c {
        '\u{80}' => '€',
        '\u{91}' | '\u{92}' => '\'',
        '\u{93}' | '\u{94}' => '"',
        '\u{96}' | '\u{97}' => '-',
        other => other,
    };
    latin1(bytes).chars().map(special).collect()
}

/// UTF-16 as UTF-8, without the byte-order mark.
pub(crate) fn utf16_as_utf8(bytes: &[u8], big_endian: bool) -> Vec<u8> {
    let pairs = bytes.as_chunks::<2>().0.iter();
    let units = pairs.map(|pair| if big_endian { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) });
    let characters = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
    characters.filter(|c| *c != '\u{feff}').collect::<String>().into_bytes()
}
