//! What the suite runs on.

use auth_engine::EngineConfig;
use tempfile::TempDir;
use test_postgres::{SERVER_VARIABLE, TestDatabase};

/// A kind of storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// SQLite in memory.
    SqliteMemory,
    /// SQLite in a file.
    SqliteFile,
    /// PostgreSQL.
    Postgres,
    /// An engine on SQLite in memory, served over CDI to an application that has only its address.
    Remote,
}

/// An engine's configuration on a fresh database, and what goes away with it.
pub struct OpenStorage {
    /// The configuration.
    pub config: EngineConfig,
    /// The data.
    pub data: Data,
}

/// Where a database's data are; gone when this is dropped.
#[derive(Debug)]
pub enum Data {
    /// In memory.
    Memory,
    /// In a file of this directory.
    Directory(TempDir),
    /// In a database of the server's.
    Database(TestDatabase),
}

impl Storage {
    /// Every storage that can be used: PostgreSQL only where the environment names a server.
    pub fn available() -> Vec<Self> {
        let mut all = vec![Self::SqliteMemory, Self::SqliteFile, Self::Remote];
        match std::env::var_os(SERVER_VARIABLE) {
            Some(_) => all.push(Self::Postgres),
            None => eprintln!("not run on postgres: `cargo xtask test` starts a server for it"),
        }
        all
    }

    /// The name, as trials show it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SqliteMemory => "sqlite-memory",
            Self::SqliteFile => "sqlite-file",
            Self::Postgres => "postgres",
            Self::Remote => "remote",
        }
    }

    /// A fresh database.
    pub fn open(self) -> OpenStorage {
        match self {
            Self::SqliteMemory | Self::Remote => {
                OpenStorage { config: EngineConfig::in_memory(), data: Data::Memory }
            }
            Self::SqliteFile => {
                let directory = TempDir::new().expect("a temporary directory");
                let config = EngineConfig::sqlite_file(directory.path().join("auth.db"));
                OpenStorage { config, data: Data::Directory(directory) }
            }
            Self::Postgres => {
                let database = TestDatabase::create();
                let url = database.url().parse().expect("a URL");
                OpenStorage { config: EngineConfig::new(url), data: Data::Database(database) }
            }
        }
    }
}
