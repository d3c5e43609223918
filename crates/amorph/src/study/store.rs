use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::plan::hex;
use crate::core::data::Map;
use crate::core::dossier::FailureRecord;
use crate::core::outcome::Outcome;

/// Results of a study: one SQLite file, and arrays beside it as plain `.npy` files named by their content.
///
/// Everything is written so that a process killed at any instant leaves a store that can be resumed: arrays go to a
/// temporary name and are renamed, outcomes are inserted in one transaction once their arrays are there.
pub struct Store {
    connection: Connection,
    folder: PathBuf,
}

/// What can go wrong with a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database.
    #[error("results store '{path}': {source}; if the file is damaged, delete the folder and run again")]
    Database {
        /// Path of the database.
        path: String,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// A file of the store.
    #[error("cannot write or read '{path}': {source}")]
    File {
        /// The path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// An array of the store.
    #[error("array '{path}' of the results store cannot be used: {message}; delete the results folder and run again")]
    Array {
        /// The path.
        path: String,
        /// Why.
        message: String,
    },
    /// An outcome cannot be read.
    #[error("the outcome of job {key} in '{path}' cannot be read: {source}; delete the results folder and run again")]
    Outcome {
        /// The job.
        key: String,
        /// Path of the database.
        path: String,
        /// Why.
        source: serde_json::Error,
    },
    /// The store was written by a newer Amorph.
    #[error(
        "'{path}' was written by a newer version of Amorph (store version {found}, this program knows {known}); update Amorph"
    )]
    TooNew {
        /// Path of the database.
        path: String,
        /// Its version.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
}

/// Each migration brings the store from version `index` to `index + 1`.
const MIGRATIONS: &[&str] = &["CREATE TABLE outcome (
    key TEXT PRIMARY KEY,
    method TEXT NOT NULL,
    state TEXT NOT NULL,
    item TEXT NOT NULL,
    outcome TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE failure (
    key TEXT PRIMARY KEY,
    record TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE run (
    key TEXT NOT NULL,
    finished TEXT NOT NULL,
    seconds REAL NOT NULL
);"];

impl Store {
    /// Opens the store in `folder`, making it when absent.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let arrays = folder.join("arrays");
        std::fs::create_dir_all(&arrays).map_err(|source| file_error(&arrays, source))?;
        let path = folder.join("results.sqlite");
        let database = |source| StoreError::Database { path: path.display().to_string(), source };
        let connection = Connection::open(&path).map_err(database)?;
        let mut store = Self { connection, folder: folder.to_owned() };
        store.migrate()?;
        Ok(store)
    }

    /// Opens the store only if there is one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open_existing(folder: &Path) -> Result<Option<Self>, StoreError> {
        if folder.join("results.sqlite").is_file() { Self::open(folder).map(Some) } else { Ok(None) }
    }

    fn migrate(&mut self) -> Result<(), StoreError> {
        let known = MIGRATIONS.len() as u32;
        let set_up = |connection: &mut Connection| -> rusqlite::Result<u32> {
            connection.busy_timeout(std::time::Duration::from_secs(30))?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            let version: u32 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            for migration in MIGRATIONS.iter().skip(version as usize) {
                transaction.execute_batch(migration)?;
            }
            if version < known {
                transaction.pragma_update(None, "user_version", known)?;
            }
            transaction.commit()?;
            Ok(version)
        };
        let found = set_up(&mut self.connection).map_err(|source| self.database_error(source))?;
        if found > known {
            return Err(StoreError::TooNew { path: self.path(), found, known });
        }
        Ok(())
    }

    /// Whether the outcome of a job is there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn has(&self, key: &str) -> Result<bool, StoreError> {
        let query = "SELECT 1 FROM outcome WHERE key = ?1";
        let found = self.connection.query_row(query, [key], |_| Ok(())).optional();
        found.map(|row| row.is_some()).map_err(|source| self.database_error(source))
    }

    /// The outcome of a job with its arrays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn load(&self, key: &str) -> Result<Option<Outcome>, StoreError> {
        let mut outcome = self.load_without_pixels(key)?;
        outcome.iter_mut().try_for_each(|outcome| self.load_pixels(outcome))?;
        Ok(outcome)
    }

    /// Fills in the pixels of the maps of an outcome.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn load_pixels(&self, outcome: &mut Outcome) -> Result<(), StoreError> {
        outcome.maps.iter_mut().try_for_each(|map| self.load_map(map))
    }

    /// Fills in the pixels of a map.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn load_map(&self, map: &mut Map) -> Result<(), StoreError> {
        if let Some(array) = &map.array {
            let path = self.array_path(array);
            map.values = crate::io::formats::npy::read_f64(&path)
                .map_err(|error| StoreError::Array { path: path.display().to_string(), message: error.to_string() })?;
        }
        Ok(())
    }

    /// The outcome of a job; its maps have no pixels.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn load_without_pixels(&self, key: &str) -> Result<Option<Outcome>, StoreError> {
        let query = "SELECT outcome FROM outcome WHERE key = ?1";
        let text: Option<String> = self
            .connection
            .query_row(query, [key], |row| row.get(0))
            .optional()
            .map_err(|source| self.database_error(source))?;
        text.map(|text| self.decode(key, &text)).transpose()
    }

    fn decode<T: serde::de::DeserializeOwned>(&self, key: &str, text: &str) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|source| StoreError::Outcome { key: key.to_owned(), path: self.path(), source })
    }

    fn encode<T: serde::Serialize>(&self, key: &str, value: &T) -> Result<String, StoreError> {
        serde_json::to_string(value).map_err(|source| StoreError::Outcome { key: key.to_owned(), path: self.path(), source })
    }

    /// Keeps the outcome of a job. Masked pixels of its maps become NaN, so that a stored map equals the one in memory.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save(&self, key: &str, state: &str, item: &str, outcome: &mut Outcome, seconds: f64) -> Result<(), StoreError> {
        for map in &mut outcome.maps {
            if let Some(mask) = map.mask.take() {
                ndarray::Zip::from(&mut map.values).and(&mask).for_each(|value, &masked| {
                    if masked {
                        *value = f64::NAN;
                    }
                });
            }
            let name = array_name(&map.values);
            let path = self.array_path(&name);
            if !path.is_file() {
                crate::io::formats::npy::write_f64(&path, &map.values)
                    .map_err(|error| StoreError::Array { path: path.display().to_string(), message: error.to_string() })?;
            }
            map.array = Some(name);
        }
        let text = self.encode(key, outcome)?;
        let insert = || -> rusqlite::Result<()> {
            let transaction = self.connection.unchecked_transaction()?;
            let statement = "INSERT OR REPLACE INTO outcome (key, method, state, item, outcome) VALUES (?1, ?2, ?3, ?4, ?5)";
            transaction.execute(statement, params![key, outcome.provenance.method, state, item, text])?;
            transaction.execute("DELETE FROM failure WHERE key = ?1", [key])?;
            let statement = "INSERT INTO run (key, finished, seconds) VALUES (?1, datetime('now'), ?2)";
            transaction.execute(statement, params![key, seconds])?;
            transaction.commit()
        };
        insert().map_err(|source| self.database_error(source))
    }

    /// Remembers that a job gave no result.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_failure(&self, key: &str, failure: &FailureRecord) -> Result<(), StoreError> {
        let text = self.encode(key, failure)?;
        let statement = "INSERT OR REPLACE INTO failure (key, record) VALUES (?1, ?2)";
        self.connection.execute(statement, params![key, text]).map(drop).map_err(|source| self.database_error(source))
    }

    /// Why a job gave no result, if it was tried.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn failure(&self, key: &str) -> Result<Option<FailureRecord>, StoreError> {
        let query = "SELECT record FROM failure WHERE key = ?1";
        let text: Option<String> = self
            .connection
            .query_row(query, [key], |row| row.get(0))
            .optional()
            .map_err(|source| self.database_error(source))?;
        text.map(|text| self.decode(key, &text)).transpose()
    }

    /// Removes what none of `keys` refers to: outcomes of other parameters, and arrays left by a killed process.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_only(&self, keys: &[&str]) -> Result<(), StoreError> {
        let stored = self.keys()?;
        for key in stored.iter().filter(|key| !keys.contains(&key.as_str())) {
            for statement in ["DELETE FROM outcome WHERE key = ?1", "DELETE FROM failure WHERE key = ?1"] {
                self.connection.execute(statement, [key]).map_err(|source| self.database_error(source))?;
            }
        }
        self.remove_unused_arrays()
    }

    fn remove_unused_arrays(&self) -> Result<(), StoreError> {
        let mut used = std::collections::BTreeSet::new();
        for key in self.keys()? {
            let maps = self.load_without_pixels(&key)?.map(|outcome| outcome.maps).unwrap_or_default();
            used.extend(maps.into_iter().filter_map(|map| map.array).map(|array| format!("{array}.npy")));
        }
        let folder = self.folder.join("arrays");
        let entries = std::fs::read_dir(&folder).map_err(|source| file_error(&folder, source))?;
        for entry in entries.flatten() {
            if !used.contains(&*entry.file_name().to_string_lossy()) {
                std::fs::remove_file(entry.path()).map_err(|source| file_error(&entry.path(), source))?;
            }
        }
        Ok(())
    }

    /// Keys of all outcomes and failures, sorted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keys(&self) -> Result<Vec<String>, StoreError> {
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut statement =
                self.connection.prepare("SELECT key FROM outcome UNION SELECT key FROM failure ORDER BY key")?;
            statement.query_map([], |row| row.get(0))?.collect()
        };
        read().map_err(|source| self.database_error(source))
    }

    /// A digest of everything the store says, for comparing two stores; times of runs do not count.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn digest(&self) -> Result<String, StoreError> {
        let mut hasher = Sha256::new();
        let mut read = || -> rusqlite::Result<()> {
            let query = "SELECT key || method || state || item || outcome FROM outcome
                UNION ALL SELECT key || record FROM failure ORDER BY 1";
            let mut statement = self.connection.prepare(query)?;
            for row in statement.query_map([], |row| row.get::<_, String>(0))? {
                hasher.update(row?);
            }
            Ok(())
        };
        read().map_err(|source| self.database_error(source))?;
        Ok(hex(&hasher.finalize()))
    }

    /// Path of an array.
    pub fn array_path(&self, array: &str) -> PathBuf {
        self.folder.join("arrays").join(format!("{array}.npy"))
    }

    fn path(&self) -> String {
        self.folder.join("results.sqlite").display().to_string()
    }

    fn database_error(&self, source: rusqlite::Error) -> StoreError {
        StoreError::Database { path: self.path(), source }
    }
}

fn array_name(values: &ndarray::Array2<f64>) -> String {
    let mut hasher = Sha256::new();
    let (rows, columns) = values.dim();
    hasher.update((rows as u64).to_le_bytes());
    hasher.update((columns as u64).to_le_bytes());
    let mut bytes = Vec::with_capacity(columns * 8);
    for row in values.rows() {
        bytes.clear();
        bytes.extend(row.iter().flat_map(|value| value.to_le_bytes()));
        hasher.update(&bytes);
    }
    hex(&hasher.finalize())
}

fn file_error(path: &Path, source: std::io::Error) -> StoreError {
    StoreError::File { path: path.display().to_string(), source }
}
