use amorph_core::unit::Unit;

use crate::IoError;
use crate::bytes::Cursor;

const HEADER: usize = 22;

/// One frame of the file.
pub(super) struct Frame<'a> {
    pub file: &'a str,
    pub number: usize,
    pub kind: Kind,
    pub version: String,
    pub date: String,
    /// Bytes of the variables that come first; older frames.
    pub variables: usize,
    /// Everything behind the frame's header.
    pub content: &'a [u8],
}

/// What a frame is.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// An image with 16-bit digits.
    Scanned,
    /// A self-describing array, which may be an image.
    Array,
    /// A text of the user.
    Text,
    /// Data that are no image.
    Other(&'static str),
}

impl<'a> Frame<'a> {
    /// Reads the frame at the cursor and moves behind it.
    pub(super) fn parse(cursor: &mut Cursor<'a>, number: usize) -> Result<Self, IoError> {
        let label = format!("frame {number}");
        let size = cursor.u32(&label)? as usize;
        let kind = match cursor.u16(&label)? {
            0 => Kind::Scanned,
            1 => Kind::Other("spectroscopy"),
            3 => Kind::Text,
            105 | 106 => Kind::Array,
            107 => Kind::Other("palette"),
            190 => Kind::Other("curves"),
            201 => Kind::Other("curves of an older kind"),
            _ => Kind::Other("a frame of an unknown type"),
        };
        let (major, minor) = (cursor.u8(&label)?, cursor.u8(&label)?);
        let mut date = [0u16; 6];
        for part in &mut date {
            *part = cursor.u16(&label)?;
        }
        let variables = usize::from(cursor.u16(&label)?);
        if size < HEADER {
            return Err(IoError::Field {
                file: cursor.file().to_owned(),
                field: format!("the size of {label}"),
                found: size.to_string(),
                needed: "at least the 22 bytes of its header",
            });
        }
        let content = cursor.take(size - HEADER, &format!("the content of {label}"))?;
        let [year, month, day, hour, minute, second] = date;
        Ok(Self {
            file: cursor.file(),
            number,
            kind,
            version: format!("{major}.{minor}"),
            date: format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
            variables,
            content,
        })
    }

    /// A walk through the content.
    pub(super) fn cursor(&self) -> Cursor<'a> {
        Cursor::new(self.file, self.content, false)
    }

    pub(super) fn wrong(&self, field: &str, found: String, needed: &'static str) -> IoError {
        IoError::Field { file: self.file.to_owned(), field: format!("{field} of frame {}", self.number), found, needed }
    }
}

/// The unit behind a code.
pub(super) fn unit_of(code: i64) -> Unit {
    const UNITS: [(i64, &str); 33] = [
        (-5, "m"),
        (-4, "cm"),
        (-3, "mm"),
        (-2, "um"),
        (-1, "nm"),
        (0, "1e-10 m"),
        (1, "nA"),
        (2, "V"),
        (3, ""),
        (4, "kHz"),
        (5, "deg"),
        (6, "%"),
        (8, "V"),
        (9, "s"),
        (10, "ms"),
        (11, "us"),
        (12, "ns"),
        (20, "A"),
        (21, "mA"),
        (22, "uA"),
        (23, "nA"),
        (24, "pA"),
        (25, "V"),
        (26, "mV"),
        (27, "uV"),
        (28, "nV"),
        (29, "pV"),
        (30, "N"),
        (31, "mN"),
        (32, "uN"),
        (33, "nN"),
        (34, "pN"),
        (1170, "Hz"),
    ];
    match UNITS.iter().find(|(known, _)| *known == code) {
        Some((_, symbol)) => Unit::parse(symbol).unwrap_or_else(|_| Unit::unknown(symbol)),
        None => Unit::unknown(&format!("unit code {code}")),
    }
}
