//! What the suite runs on.

use auth_engine::EngineConfig;
use tempfile::TempDir;

/// A kind of storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// SQLite in memory.
    SqliteMemory,
    /// SQLite in a file.
    SqliteFile,
}

/// An engine's configuration on a fresh database, and the directory that goes away with it.
pub struct OpenStorage {
    /// The configuration.
    pub config: EngineConfig,
    /// Where the file lies.
    pub directory: Option<TempDir>,
}

impl Storage {
    /// Every storage.
    pub const ALL: [Self; 2] = [Self::SqliteMemory, Self::SqliteFile];

    /// The name, as trials show it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SqliteMemory => "sqlite-memory",
            Self::SqliteFile => "sqlite-file",
        }
    }

    /// A fresh database.
    pub fn open(self) -> OpenStorage {
        match self {
            Self::SqliteMemory => {
                OpenStorage { config: EngineConfig::in_memory(), directory: None }
            }
            Self::SqliteFile => {
                let directory = TempDir::new().expect("a temporary directory");
                let config = EngineConfig::sqlite_file(directory.path().join("auth.db"));
                OpenStorage { config, directory: Some(directory) }
            }
        }
    }
}
