use std::ops::Range;
use std::sync::Arc;

use super::{Channel, DataError, Recording, Segment, TraceQuantity};

/// A test with so many samples that they stay in their file: [`LongRecord::read`] brings rows of it.
#[derive(Debug, Clone)]
pub struct LongRecord {
    /// Name of the test.
    pub name: String,
    /// Number of samples.
    pub n_rows: usize,
    /// The channels, without their values.
    pub channels: Vec<Channel>,
    /// Segments that the user states; empty where nobody does.
    pub segments: Vec<Segment>,
    source: Arc<dyn RowSource>,
}

/// Where the rows of a [`LongRecord`] are. Readers implement it; [`LongRecord::read`] calls it with ranges that exist.
pub trait RowSource: std::fmt::Debug + Send + Sync {
    /// The channels over `rows`, in SI. May be called from several threads.
    ///
    /// # Errors
    /// [`DataError::Unreadable`].
    fn read(&self, rows: Range<usize>) -> Result<Recording, DataError>;
}

impl LongRecord {
    /// A record of `n_rows` samples of these channels (without values), which `source` brings.
    pub fn new(name: &str, n_rows: usize, channels: Vec<Channel>, source: Arc<dyn RowSource>) -> Self {
        Self { name: name.to_owned(), n_rows, channels, segments: Vec::new(), source }
    }

    /// The channels over `rows`, in SI. Segments and repairs of the whole are not in it.
    ///
    /// # Errors
    /// [`DataError::NoSuchRows`], [`DataError::Unreadable`].
    pub fn read(&self, rows: Range<usize>) -> Result<Recording, DataError> {
        if rows.start > rows.end || rows.end > self.n_rows {
            return Err(DataError::NoSuchRows { first: rows.start, end: rows.end, n_rows: self.n_rows });
        }
        self.source.read(rows)
    }

    /// Whether there is exactly one channel of this quantity.
    pub fn has(&self, quantity: TraceQuantity) -> bool {
        self.channels.iter().filter(|channel| channel.quantity == quantity).count() == 1
    }

    /// What its numbers would take in memory, bytes.
    pub fn bytes(&self) -> u64 {
        8 * self.n_rows as u64 * self.channels.len() as u64
    }
}
