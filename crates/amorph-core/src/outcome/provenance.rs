use serde::{Deserialize, Serialize};

/// How a result was made: enough to make it again.
///
/// It holds neither time nor machine, so that equal work gives equal records; the store keeps those beside it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Provenance {
    /// Version of Amorph.
    pub amorph_version: String,
    /// Method.
    pub method: String,
    /// Version of the method: it changes when the same input may give other numbers.
    pub method_version: u32,
    /// All parameters, defaults included.
    pub parameters: serde_json::Value,
    /// Files and channels used.
    pub inputs: Vec<InputRecord>,
    /// Constants used, and who said so.
    pub constants: Vec<ConstantRecord>,
    /// What the user changed on the command line or in a sidecar.
    pub overrides: Vec<String>,
    /// Keys of the jobs whose results were used.
    pub upstream: Vec<String>,
    /// Seed of the random numbers.
    pub seed: u64,
}

/// A file that went into a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRecord {
    /// Path as given.
    pub path: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Format.
    pub format: String,
}

/// A constant that went into a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConstantRecord {
    /// Name.
    pub key: String,
    /// Value as people write it.
    pub value: String,
    /// `study`, or the place in the instrument file.
    pub origin: String,
}
