//! The durable storages that the same work is measured on.

use tempfile::TempDir;
use test_postgres::{Durability, MISSING, Server};

use crate::Outcome;

/// A folder for SQLite, and a PostgreSQL server where that is installed.
pub(super) struct Storages {
    folder: TempDir,
    server: Option<Server>,
}

impl Storages {
    pub(super) fn start() -> Outcome<Self> {
        let server = Server::start(Durability::Full);
        if server.is_none() {
            println!("skipped on PostgreSQL: {MISSING}");
        }
        Ok(Self { folder: tempfile::tempdir()?, server })
    }

    /// The storages' names with the URL of a new database on each. Its name is a lower-case word.
    pub(super) fn databases(&self, name: &str) -> Vec<(&'static str, String)> {
        let file = self.folder.path().join(name).with_extension("db");
        let mut all = vec![("SQLite", format!("sqlite:{}", file.display()))];
        if let Some(server) = &self.server {
            server.psql("postgres", &format!("CREATE DATABASE {name}"));
            all.push(("PostgreSQL", server.url(name)));
        }
        all
    }
}
