use crate::IoError;

/// A bounds-checked walk through the bytes of a file.
#[derive(Clone)]
pub(crate) struct Cursor<'a> {
    file: &'a str,
    bytes: &'a [u8],
    position: usize,
    big_endian: bool,
}

macro_rules! number {
    ($name:ident, $type:ty, $size:literal) => {
        pub(crate) fn $name(&mut self, field: &str) -> Result<$type, IoError> {
            let mut raw = [0u8; $size];
            raw.copy_from_slice(self.take($size, field)?);
            Ok(if self.big_endian { <$type>::from_be_bytes(raw) } else { <$type>::from_le_bytes(raw) })
        }
    };
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(file: &'a str, bytes: &'a [u8], big_endian: bool) -> Self {
        Self { file, bytes, position: 0, big_endian }
    }

    pub(crate) fn file(&self) -> &'a str {
        self.file
    }

    pub(crate) fn is_big_endian(&self) -> bool {
        self.big_endian
    }

    pub(crate) fn remaining(&self) -> usize {
        self.bytes.len() - self.position
    }

    /// The next `count` bytes.
    pub(crate) fn take(&mut self, count: usize, field: &str) -> Result<&'a [u8], IoError> {
        if count > self.remaining() {
            return Err(IoError::Truncated {
                file: self.file.to_owned(),
                part: field.to_owned(),
                expected: count as u64,
                found: self.remaining() as u64,
            });
        }
        let taken = &self.bytes[self.position..self.position + count];
        self.position += count;
        Ok(taken)
    }

    /// Moves to an absolute position.
    pub(crate) fn seek(&mut self, position: usize, field: &str) -> Result<(), IoError> {
        self.position = 0;
        self.take(position, field).map(|_| ())
    }

    /// The bytes up to the next NUL, which is passed over.
    pub(crate) fn until_nul(&mut self, field: &str) -> Result<&'a [u8], IoError> {
        let rest = &self.bytes[self.position..];
        let end = rest.iter().position(|&byte| byte == 0).ok_or_else(|| IoError::Truncated {
            file: self.file.to_owned(),
            part: format!("{field} (its closing NUL)"),
            expected: rest.len() as u64 + 1,
            found: rest.len() as u64,
        })?;
        self.position += end + 1;
        Ok(&rest[..end])
    }

    number!(u8, u8, 1);
    number!(i16, i16, 2);
    number!(u16, u16, 2);
    number!(i32, i32, 4);
    number!(u32, u32, 4);
    number!(i64, i64, 8);
    number!(u64, u64, 8);
    number!(f32, f32, 4);
    number!(f64, f64, 8);
}

/// UTF-16 text, little-endian, up to the first NUL.
pub(crate) fn utf16(bytes: &[u8]) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|raw| u16::from_le_bytes(*raw)).take_while(|unit| *unit != 0);
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Latin-1 text: every byte is the character of the same number.
pub(crate) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// `rows * columns * size` bytes, or `None` where that overflows.
pub(crate) fn block_size(columns: u64, rows: u64, size: u64) -> Option<u64> {
    columns.checked_mul(rows)?.checked_mul(size)
}

/// Numbers of the file, as `f64`, in file order.
pub(crate) fn decode(kind: Element, big_endian: bool, bytes: &[u8]) -> Vec<f64> {
    macro_rules! each {
        ($type:ty, $size:literal) => {{
            let chunks = bytes.as_chunks::<$size>().0.iter();
            if big_endian {
                chunks.map(|raw| <$type>::from_be_bytes(*raw) as f64).collect()
            } else {
                chunks.map(|raw| <$type>::from_le_bytes(*raw) as f64).collect()
            }
        }};
    }
    match kind {
        Element::I8 => bytes.iter().map(|&byte| f64::from(byte as i8)).collect(),
        Element::U8 => bytes.iter().map(|&byte| f64::from(byte)).collect(),
        Element::I16 => each!(i16, 2),
        Element::U16 => each!(u16, 2),
        Element::I32 => each!(i32, 4),
        Element::U32 => each!(u32, 4),
        Element::I64 => each!(i64, 8),
        Element::U64 => each!(u64, 8),
        Element::F32 => each!(f32, 4),
        Element::F64 => each!(f64, 8),
    }
}

/// How one number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
}

impl Element {
    /// The least and the greatest number of an integer type, at which a digitiser saturates.
    pub(crate) fn limits(self) -> Option<(f64, f64)> {
        Some(match self {
            Self::I8 => (f64::from(i8::MIN), f64::from(i8::MAX)),
            Self::U8 => (0.0, f64::from(u8::MAX)),
            Self::I16 => (f64::from(i16::MIN), f64::from(i16::MAX)),
            Self::U16 => (0.0, f64::from(u16::MAX)),
            Self::I32 => (f64::from(i32::MIN), f64::from(i32::MAX)),
            Self::U32 => (0.0, f64::from(u32::MAX)),
            Self::I64 | Self::U64 | Self::F32 | Self::F64 => return None,
        })
    }

    /// Bytes of one number.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }
}
