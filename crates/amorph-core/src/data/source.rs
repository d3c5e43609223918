use serde::{Deserialize, Serialize};

use crate::unit::Quantity;

/// Where data came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The path as the user gave it.
    pub path: String,
    /// SHA-256 of the file (and of its sidecar, when one was read), hexadecimal.
    pub sha256: String,
    /// Short name of the format, for instance `nanoscope`.
    pub format: String,
    /// Version of the format, where the file tells.
    pub format_version: Option<String>,
}

/// Everything a file says beside its values, in file order and as written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Metadata {
    /// The entries.
    pub entries: Vec<MetadataEntry>,
}

/// One statement of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataEntry {
    /// Section of the file, empty where there are none.
    pub section: String,
    /// Key as written.
    pub key: String,
    /// Value as written.
    pub value: String,
}

impl Metadata {
    /// Adds an entry.
    pub fn push(&mut self, section: &str, key: &str, value: &str) {
        self.entries.push(MetadataEntry { section: section.to_owned(), key: key.to_owned(), value: value.to_owned() });
    }

    /// The first value under `key`, in any section.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.value.as_str())
    }
}

/// A calibration constant that a file states.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundConstant {
    /// The name that methods use, for instance `spring_constant`.
    pub key: String,
    /// Its value.
    pub quantity: Quantity,
    /// Where in the file, for instance `note key SpringConstant`.
    pub place: String,
    /// Whether it can be believed.
    pub status: ConstantStatus,
}

/// Whether a stated constant was ever measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstantStatus {
    /// The file states it.
    Stated,
    /// The manufacturer's default that nobody has replaced; refused without an explicit value.
    Placeholder {
        /// How that is known.
        reason: String,
    },
}
