use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::Paper;

/// Where a value is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// One of the papers of the table that is compiled in.
    Paper(Paper),
    /// As a user's file names it.
    Named(String),
}

impl Source {
    /// From a cell: the short name of a paper, else the words of the cell.
    pub fn of(text: &str) -> Self {
        Paper::from_tag(text).map_or_else(|| Self::Named(text.to_owned()), Self::Paper)
    }

    /// For legends: `Lu et al. 2016`.
    pub fn short(&self) -> &str {
        match self {
            Self::Paper(paper) => paper.short(),
            Self::Named(name) => name,
        }
    }

    /// For captions and lists of references.
    pub fn reference(&self) -> &str {
        match self {
            Self::Paper(paper) => paper.reference(),
            Self::Named(name) => name,
        }
    }

    /// As the table names it: `L16`.
    pub fn tag(&self) -> &str {
        match self {
            Self::Paper(paper) => paper.tag(),
            Self::Named(name) => name,
        }
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut source = serializer.serialize_struct("Source", 3)?;
        source.serialize_field("tag", self.tag())?;
        source.serialize_field("short", self.short())?;
        source.serialize_field("reference", self.reference())?;
        source.end()
    }
}
