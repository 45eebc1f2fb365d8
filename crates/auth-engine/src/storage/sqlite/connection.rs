//! One connection.

use std::{
    borrow::Cow,
    collections::HashMap,
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rusqlite::{
    Connection, ErrorCode, MAIN_DB, OpenFlags, ToSql,
    types::{ToSqlOutput, ValueRef},
};

use super::{SqliteOptions, translate::to_sqlite};
use crate::{
    StorageError,
    database::is_special,
    storage::{
        row::{ColumnNames, Row, Values},
        value::Value,
    },
};

/// More than the engine has statements, so that each is prepared once for each connection.
const STATEMENT_CACHE: usize = 256;

/// What is known of a statement.
struct Statement {
    /// In SQLite's dialect.
    sql: String,
    /// Of its columns, once it was run.
    names: Option<ColumnNames>,
}

/// A connection with its settings made.
pub(crate) struct SqliteConnection {
    connection: Connection,
    /// What is known of the statements, by the address of their text.
    statements: HashMap<(usize, usize), Statement>,
}

impl SqliteConnection {
    /// Opens the database to read and write it, and creates it where it isn't there.
    pub(super) fn open(options: &SqliteOptions) -> Result<Self, StorageError> {
        if let Some(path) = &options.path {
            if is_special(path) {
                let reason = "SQLite reads something into a path that starts so; for a database \
                              in memory use `Database::InMemory`, for a file put `./` before its \
                              name";
                return Err(StorageError::CannotOpen {
                    path: path.clone(),
                    reason: reason.to_owned(),
                });
            }
            create_for_its_owner(path);
        }
        let connection = connect(options, OpenFlags::SQLITE_OPEN_CREATE)?;
        // SQLite opens what it may not write as read-only without a word.
        if connection.is_readonly(MAIN_DB)? {
            return Err(StorageError::ReadOnly("it was opened read-only".to_owned()));
        }
        if options.path.is_some() {
            use_write_ahead_log(&connection, options.busy_timeout)?;
            connection.pragma_update(None, "synchronous", "FULL")?;
        }
        connection.pragma_update(None, "foreign_keys", true)?;
        if let Some(limit) = options.size_limit_bytes {
            let page: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let pages = limit.checked_div(page).unwrap_or(limit).max(1);
            connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
        }
        Ok(Self::new(connection))
    }

    /// Opens a database that is already there, only to read it.
    pub(super) fn open_to_read(options: &SqliteOptions) -> Result<Self, StorageError> {
        let connection = connect(options, OpenFlags::empty())?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(Self::new(connection))
    }

    fn new(connection: Connection) -> Self {
        connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
        Self { connection, statements: HashMap::new() }
    }

    /// Runs a statement and says how many rows it changed.
    pub(crate) fn execute(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<u64, StorageError> {
        let known = known(&mut self.statements, sql);
        let mut statement = self.connection.prepare_cached(&known.sql)?;
        let changed = statement.execute(rusqlite::params_from_iter(params))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    /// Runs a statement and gives all its rows.
    pub(crate) fn query(
        &mut self,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<Vec<Row>, StorageError> {
        let known = known(&mut self.statements, sql);
        let mut statement = self.connection.prepare_cached(&known.sql)?;
        let columns = statement.column_count();
        let names = known
            .names
            .get_or_insert_with(|| statement.column_names().into_iter().map(Box::from).collect());
        let mut rows = statement.query(rusqlite::params_from_iter(params))?;
        let mut result = Vec::new();
        while let Some(row) = rows.next()? {
            let mut values = Values::with_capacity(columns);
            for index in 0..columns {
                values.push(&value(row.get_ref(index)?));
            }
            result.push(Row::sqlite(names, values));
        }
        Ok(result)
    }

    /// Runs statements without parameters and results, written in SQLite's own dialect.
    pub(super) fn batch(&self, sql: &str) -> Result<(), StorageError> {
        Ok(self.connection.execute_batch(sql)?)
    }

    /// Runs one short statement that is used all the time, such as `COMMIT`.
    pub(super) fn control(&self, sql: &'static str) -> Result<(), StorageError> {
        self.connection.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Whether a transaction is open. Some errors, such as a full disk, make SQLite end it.
    pub(super) fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }
}

fn known<'m>(
    statements: &'m mut HashMap<(usize, usize), Statement>,
    sql: &'static str,
) -> &'m mut Statement {
    let address = (sql.as_ptr().addr(), sql.len());
    statements.entry(address).or_insert_with(|| Statement { sql: to_sqlite(sql), names: None })
}

/// Creates a new database so that only its owner can read it: it holds password hashes and signing
/// keys. SQLite gives its other files the same permissions. A file that is there keeps its own; why
/// one can't be created is told when SQLite opens it.
fn create_for_its_owner(path: &Path) {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(path);
}

fn connect(options: &SqliteOptions, more: OpenFlags) -> Result<Connection, StorageError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let opened = match &options.path {
        Some(path) => Connection::open_with_flags(path, flags).map_err(|e| cannot_open(path, e))?,
        None => Connection::open_in_memory_with_flags(flags)?,
    };
    opened.busy_timeout(options.busy_timeout)?;
    Ok(opened)
}

/// Adds what the operating system says to an error at opening.
fn cannot_open(path: &Path, error: rusqlite::Error) -> StorageError {
    if error.sqlite_error_code() != Some(ErrorCode::CannotOpen) {
        return error.into();
    }
    let reason = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => "it is a directory".to_owned(),
        _ => match fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
        {
            Ok(_) => error.to_string(),
            Err(reason) => reason.to_string(),
        },
    };
    StorageError::CannotOpen { path: path.to_owned(), reason }
}

/// Switches to the write-ahead log. SQLite doesn't wait for another process that is just doing the
/// same, so this does.
fn use_write_ahead_log(connection: &Connection, patience: Duration) -> Result<(), StorageError> {
    let start = Instant::now();
    loop {
        let mode: Result<String, _> =
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0));
        match mode.map_err(StorageError::from) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => {
                return Err(StorageError::Other(format!(
                    "its file system permits no write-ahead log (journal mode {mode})"
                )));
            }
            Err(StorageError::Locked(_)) if start.elapsed() < patience => {
                thread::sleep(Duration::from_millis(10));
            }
            Err(error) => return Err(error),
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Boolean(truth) => ValueRef::Integer(i64::from(*truth)),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn value(value: ValueRef<'_>) -> Value<'_> {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        // The schema has no such column; a whole number is the nearest.
        #[allow(clippy::cast_possible_truncation)]
        ValueRef::Real(number) => Value::Integer(number as i64),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => Value::Blob(Cow::Borrowed(bytes)),
    }
}
