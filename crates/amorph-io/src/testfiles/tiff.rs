/// Builds a TIFF file directory by directory.
pub(super) struct TiffWriter {
    big_endian: bool,
    bytes: Vec<u8>,
    /// Where the offset of the next directory belongs.
    link: usize,
}

/// The content of an entry.
pub(super) enum Content {
    Bytes(Vec<u8>),
    Text(String),
    Shorts(Vec<u16>),
    Longs(Vec<u32>),
    Doubles(Vec<f64>),
    /// A block of data, stored uncounted, whose offset is the entry's value.
    Strip(Vec<u8>),
}

impl TiffWriter {
    pub(super) fn new(big_endian: bool) -> Self {
        let bytes = if big_endian { vec![b'M', b'M', 0, 42, 0, 0, 0, 0] } else { vec![b'I', b'I', 42, 0, 0, 0, 0, 0] };
        Self { big_endian, bytes, link: 4 }
    }

    fn short(&self, value: u16) -> [u8; 2] {
        if self.big_endian { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    fn long(&self, value: u32) -> [u8; 4] {
        if self.big_endian { value.to_be_bytes() } else { value.to_le_bytes() }
    }

    /// Adds a directory; what its entries point to follows it.
    pub(super) fn page(&mut self, entries: Vec<(u16, Content)>) {
        let start = self.bytes.len() as u32;
        let link = self.long(start);
        self.bytes[self.link..self.link + 4].copy_from_slice(&link);
        let table = self.bytes.len() + 2;
        let count = self.short(entries.len() as u16);
        self.bytes.extend(count);
        self.bytes.extend(vec![0; 12 * entries.len() + 4]);
        self.link = table + 12 * entries.len();
        for (index, (tag, content)) in entries.into_iter().enumerate() {
            let (kind, count, raw, is_strip) = self.encode(content);
            let mut entry = [self.short(tag), self.short(kind)].concat();
            entry.extend(self.long(count));
            if is_strip || raw.len() > 4 {
                entry.extend(self.long(self.bytes.len() as u32));
                self.bytes.extend(raw);
            } else {
                entry.extend(raw);
                entry.resize(12, 0);
            }
            self.bytes[table + 12 * index..table + 12 * (index + 1)].copy_from_slice(&entry);
        }
    }

    fn encode(&self, content: Content) -> (u16, u32, Vec<u8>, bool) {
        match content {
            Content::Bytes(bytes) => (1, bytes.len() as u32, bytes, false),
            Content::Text(text) => {
                let bytes = [text.as_bytes(), b"\0"].concat();
                (2, bytes.len() as u32, bytes, false)
            }
            Content::Shorts(values) => {
                let bytes = values.iter().flat_map(|value| self.short(*value)).collect();
                (3, values.len() as u32, bytes, false)
            }
            Content::Longs(values) => {
                let bytes = values.iter().flat_map(|value| self.long(*value)).collect();
                (4, values.len() as u32, bytes, false)
            }
            Content::Doubles(values) => {
                let raw = |value: &f64| if self.big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
                (12, values.len() as u32, values.iter().flat_map(raw).collect(), false)
            }
            Content::Strip(bytes) => (4, 1, bytes, true),
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}
