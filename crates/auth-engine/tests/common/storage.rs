//! A database that a test can look into past the engine.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use auth_engine::EngineConfig;
use rusqlite::types::ValueRef;
use tempfile::TempDir;
use test_postgres::TestDatabase;

use super::cheap;

/// A file, or a database on PostgreSQL where the run is told to; gone when this is dropped.
pub(crate) enum TestStorage {
    Sqlite(TempDir),
    Postgres(TestDatabase),
}

impl TestStorage {
    pub(crate) fn new() -> Self {
        match TestDatabase::if_wanted() {
            Some(database) => Self::Postgres(database),
            None => Self::Sqlite(tempfile::tempdir().unwrap()),
        }
    }

    /// The same without tables.
    pub(crate) fn empty() -> Self {
        match Self::new() {
            Self::Postgres(_) => Self::Postgres(TestDatabase::create_empty()),
            Self::Sqlite(folder) => Self::Sqlite(folder),
        }
    }

    /// Each engine of this configuration works on the same database.
    pub(crate) fn config(&self) -> EngineConfig {
        cheap(match self {
            Self::Sqlite(folder) => EngineConfig::sqlite_file(file(folder)),
            Self::Postgres(database) => EngineConfig::new(database.url().parse().unwrap()),
        })
    }

    /// Runs statements.
    pub(crate) fn execute(&self, sql: &str) {
        self.try_execute(sql).unwrap();
    }

    pub(crate) fn try_execute(&self, sql: &str) -> Result<(), String> {
        match self {
            Self::Sqlite(folder) => {
                let connection = rusqlite::Connection::open(file(folder)).unwrap();
                connection.execute_batch(sql).map_err(|error| error.to_string())
            }
            Self::Postgres(database) => database.try_psql(sql).map(drop),
        }
    }

    pub(crate) fn count(&self, table: &str) -> i64 {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        match self {
            Self::Sqlite(folder) => {
                let connection = rusqlite::Connection::open(file(folder)).unwrap();
                connection.query_row(&sql, [], |row| row.get(0)).unwrap()
            }
            Self::Postgres(database) => database.psql(&sql).trim().parse().unwrap(),
        }
    }

    /// Every table with its columns.
    pub(crate) fn columns(&self) -> BTreeMap<String, BTreeSet<String>> {
        let sql = match self {
            Self::Sqlite(_) => {
                "SELECT t.name || ' ' || c.name FROM sqlite_master t, pragma_table_info(t.name) c \
                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
            }
            Self::Postgres(_) => {
                "SELECT table_name || ' ' || column_name FROM information_schema.columns \
                 WHERE table_schema = 'public'"
            }
        };
        let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in self.lines(sql) {
            let (table, column) = line.split_once(' ').unwrap();
            tables.entry(table.to_owned()).or_default().insert(column.to_owned());
        }
        tables
    }

    /// Every table that has a column in which users' ids are.
    pub(crate) fn tables_of_users(&self) -> BTreeSet<String> {
        let is_of_users =
            |columns: &BTreeSet<String>| columns.iter().any(|column| column.contains("user_id"));
        let tables = self.columns().into_iter().filter(|(_, columns)| is_of_users(columns));
        tables.map(|(table, _)| table).collect()
    }

    /// Every table that has one of the texts in any column of any row, whatever the column is for.
    pub(crate) fn tables_with(&self, texts: &[&str]) -> BTreeSet<String> {
        let sql = match self {
            Self::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Self::Postgres(_) => "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
        };
        let has = |table: &String| {
            let rows = match self {
                Self::Sqlite(_) => self.lines(&format!("SELECT * FROM {table}")),
                Self::Postgres(_) => self.lines(&format!("SELECT t::TEXT FROM {table} AS t")),
            };
            rows.iter().any(|row| texts.iter().any(|text| row.contains(text)))
        };
        self.lines(sql).into_iter().filter(has).collect()
    }

    /// The rows of a query, each as a text.
    pub(crate) fn lines(&self, sql: &str) -> Vec<String> {
        match self {
            Self::Sqlite(folder) => {
                let connection = rusqlite::Connection::open(file(folder)).unwrap();
                let mut statement = connection.prepare(sql).unwrap();
                let columns = statement.column_count();
                let text = |row: &rusqlite::Row<'_>| {
                    let values = (0..columns).map(|column| match row.get_ref(column)? {
                        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
                            Ok(String::from_utf8_lossy(bytes).into_owned())
                        }
                        _ => Ok(String::new()),
                    });
                    values.collect::<rusqlite::Result<Vec<_>>>().map(|values| values.join("\t"))
                };
                let rows = statement.query_map([], text).unwrap();
                rows.map(|row| row.unwrap().trim_end().to_owned()).collect()
            }
            Self::Postgres(database) => database.psql(sql).lines().map(str::to_owned).collect(),
        }
    }

    /// Whether a text stands in the database, once the engine is shut down: anywhere in the file,
    /// or in a column of any row.
    pub(crate) fn holds(&self, text: &str) -> bool {
        match self {
            Self::Sqlite(folder) => {
                let bytes = std::fs::read(file(folder)).unwrap();
                bytes.windows(text.len()).any(|window| window == text.as_bytes())
            }
            Self::Postgres(database) => {
                let tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
                let rows: String = database
                    .psql(tables)
                    .lines()
                    .map(|table| database.psql(&format!("SELECT t::TEXT FROM {table} AS t")))
                    .collect();
                let as_bytes_are_shown =
                    text.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
                rows.contains(text) || rows.contains(&as_bytes_are_shown)
            }
        }
    }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("auth.db")
}
