use std::ops::Range;
use std::str::FromStr;

/// One of several equal parts of a calculation, written `2/8`; the parts count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    of: usize,
}

/// A shard that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{found}' is not a shard; write it as '2/8': the second of eight")]
pub struct ShardError {
    found: String,
}

impl Shard {
    /// All of it.
    pub const WHOLE: Self = Self { index: 1, of: 1 };

    /// Part `index` of `of`, from 1.
    ///
    /// # Errors
    /// [`ShardError`] unless 1 <= `index` <= `of`.
    pub fn new(index: usize, of: usize) -> Result<Self, ShardError> {
        if (1..=of).contains(&index) { Ok(Self { index, of }) } else { Err(ShardError { found: format!("{index}/{of}") }) }
    }

    /// This part of `n` things in order; the parts are disjoint, cover everything and differ by at most one in size.
    pub fn range(self, n: usize) -> Range<usize> {
        let edge = |part: usize| (n as u128 * part as u128 / self.of as u128) as usize;
        edge(self.index - 1)..edge(self.index)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/').and_then(|(index, of)| Some((index.trim().parse().ok()?, of.trim().parse().ok()?)));
        let (index, of) = parts.ok_or_else(|| ShardError { found: text.to_owned() })?;
        Self::new(index, of)
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}
