use std::io::Read;

use crate::IoError;

const CHUNK: usize = 1 << 20;
/// No table of traces has longer lines.
const LINE_MAX: usize = 1 << 24;

/// The lines of a text, one after the other, read in pieces; LF, CRLF and CR end a line, also mixed.
pub(crate) struct Lines<'a> {
    file: &'a str,
    source: &'a mut dyn Read,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    finished: bool,
    /// Whether a LF that comes next belongs to the CR before it.
    after_cr: bool,
    number: usize,
    /// Bytes that are no longer in the buffer.
    gone: u64,
    /// The line that `unread` put back.
    held: Option<std::ops::Range<usize>>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(file: &'a str, source: &'a mut dyn Read) -> Self {
        Self {
            file,
            source,
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
            finished: false,
            after_cr: false,
            number: 0,
            gone: 0,
            held: None,
        }
    }

    /// Number of the line given last, from 1.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// Bytes from the beginning of the source to the next line, unless that was only looked at.
    pub(crate) fn position(&self) -> u64 {
        self.gone + self.start as u64
    }

    /// The next line, without its end.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, IoError> {
        if let Some(range) = self.held.take() {
            self.number += 1;
            return Ok(Some(&self.buffer[range]));
        }
        let Some(range) = self.find()? else { return Ok(None) };
        self.number += 1;
        Ok(Some(&self.buffer[range]))
    }

    /// The next line stays where it is: what it is, decides who reads it.
    pub(crate) fn peek(&mut self) -> Result<Option<&[u8]>, IoError> {
        if self.held.is_none() {
            self.held = self.find()?;
        }
        Ok(self.held.clone().map(|range| &self.buffer[range]))
    }

    fn find(&mut self) -> Result<Option<std::ops::Range<usize>>, IoError> {
        let mut searched = self.start;
        loop {
            if self.after_cr && self.start < self.end {
                if self.buffer[self.start] == b'\n' {
                    self.start += 1;
                }
                searched = searched.max(self.start);
                self.after_cr = false;
            }
            let rest = &self.buffer[searched.min(self.end)..self.end];
            if let Some(at) = rest.iter().position(|&byte| byte == b'\n' || byte == b'\r') {
                let at = searched + at;
                let line = self.start..at;
                self.after_cr = self.buffer[at] == b'\r';
                self.start = at + 1;
                return Ok(Some(line));
            }
            if self.finished {
                if self.start == self.end {
                    return Ok(None);
                }
                let line = self.start..self.end;
                self.start = self.end;
                return Ok(Some(line));
            }
            let kept = self.end - self.start;
            self.refill()?;
            searched = self.start + kept;
        }
    }

    fn refill(&mut self) -> Result<(), IoError> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.gone += self.start as u64;
        self.end -= self.start;
        self.start = 0;
        if self.end == self.buffer.len() {
            if self.buffer.len() >= LINE_MAX {
                return Err(IoError::TooLarge {
                    file: self.file.to_owned(),
                    field: format!("line {}", self.number + 1),
                    claimed: format!("more than {LINE_MAX} characters"),
                    available: LINE_MAX as u64,
                });
            }
            self.buffer.resize(2 * self.buffer.len(), 0);
        }
        let failed = |source| IoError::Read { file: self.file.to_owned(), source };
        let n = self.source.read(&mut self.buffer[self.end..]).map_err(failed)?;
        self.end += n;
        self.finished = n == 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Gives one byte at a time: every boundary of pieces is met.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            out[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn all_ends_of_lines_are_understood_also_mixed() {
        let mut source = Drip(b"a\r\nb\nc\rd\r\r\n\ne");
        let mut lines = Lines::new("f", &mut source);
        let mut found = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            found.push(String::from_utf8(line.to_vec()).unwrap());
        }
        assert_eq!(found, ["a", "b", "c", "d", "", "", "e"]);
        assert_eq!(lines.number(), 7);
        assert_eq!(lines.position(), 13);
    }

    #[test]
    fn a_line_can_be_looked_at_before_it_is_taken() {
        let mut source = &b"1\n2\n"[..];
        let mut lines = Lines::new("f", &mut source);
        assert_eq!(lines.peek().unwrap(), Some(&b"1"[..]));
        assert_eq!(lines.next().unwrap(), Some(&b"1"[..]));
        assert_eq!(lines.number(), 1);
        assert_eq!(lines.next().unwrap(), Some(&b"2"[..]));
        assert_eq!(lines.next().unwrap(), None);
    }
}
