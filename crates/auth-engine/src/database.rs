//! Where the data is kept.

#[cfg(feature = "sqlite")]
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::ConfigError;
#[cfg(feature = "postgres")]
use crate::PostgresUrl;

/// The database that an engine works on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Database {
    /// A SQLite file, created if it isn't there; its directory must be.
    #[cfg(feature = "sqlite")]
    SqliteFile(PathBuf),
    /// SQLite in memory: gone when the engine stops. For tests and trials.
    #[cfg(feature = "sqlite")]
    InMemory,
    /// A PostgreSQL database, which any number of processes may share.
    #[cfg(feature = "postgres")]
    Postgres(PostgresUrl),
}

impl FromStr for Database {
    type Err = ConfigError;

    /// Reads a URL: `sqlite:auth.db` or `sqlite://auth.db` for a relative path,
    /// `sqlite:/var/lib/auth.db` or `sqlite:///var/lib/auth.db` for an absolute one,
    /// `sqlite::memory:` for none; `postgres://` or `postgresql://` in libpq's form, with
    /// `sslmode` (`disable`, `prefer`, which is the default, `require`, `verify-ca`,
    /// `verify-full`), `sslrootcert`, `sslcert` and `sslkey` among its parameters. Of several hosts,
    /// with commas between, the one that takes writes is used, whatever `target_session_attrs` says.
    /// `pool_mode=transaction` (or `pgbouncer=true`) and `pool_mode=session` say what kind of pooler
    /// stands before the server; without it this is found out.
    ///
    /// ```
    /// use auth_engine::Database;
    ///
    /// assert_eq!("sqlite:auth.db".parse(), Ok(Database::SqliteFile("auth.db".into())));
    /// assert_eq!("sqlite::memory:".parse(), Ok(Database::InMemory));
    /// assert!("mysql://localhost/auth".parse::<Database>().is_err());
    /// ```
    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let url = url.trim();
        // A URL may hold a password, so only its scheme is shown.
        match url.split_once(':') {
            Some(("sqlite", path)) => sqlite(path),
            Some(("", _)) => Err(wrong("it has no scheme before its `:`")),
            Some(("postgres" | "postgresql", _)) => postgres(url),
            Some((scheme, _)) => Err(wrong(format!("the scheme `{}:` is unknown", scheme.trim()))),
            None => Err(wrong("it has no scheme")),
        }
    }
}

#[cfg(feature = "sqlite")]
fn sqlite(path: &str) -> Result<Database, ConfigError> {
    let path = path.strip_prefix("//").unwrap_or(path);
    match path {
        ":memory:" => Ok(Database::InMemory),
        "" => Err(wrong("the path is empty")),
        _ if path.contains('?') => Err(wrong("parameters after `?` are not understood")),
        _ if is_special(Path::new(path)) => {
            Err(wrong("SQLite itself reads something into a path that starts so"))
        }
        _ if path.contains('\0') => Err(wrong("the path holds a NUL character")),
        _ => Ok(Database::SqliteFile(PathBuf::from(path))),
    }
}

/// Whether SQLite takes a path for something else than a file of that name: a database in memory,
/// or a URI with parameters.
#[cfg(feature = "sqlite")]
pub(crate) fn is_special(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.starts_with(':') || path.starts_with("file:"))
}

#[cfg(not(feature = "sqlite"))]
fn sqlite(_path: &str) -> Result<Database, ConfigError> {
    Err(ConfigError::new(
        "database",
        "this program was built without SQLite",
        "a PostgreSQL database, or a build with the feature `sqlite`",
    ))
}

#[cfg(feature = "postgres")]
fn postgres(url: &str) -> Result<Database, ConfigError> {
    url.parse().map(Database::Postgres)
}

#[cfg(not(feature = "postgres"))]
fn postgres(_url: &str) -> Result<Database, ConfigError> {
    Err(ConfigError::new(
        "database",
        "this program was built without PostgreSQL",
        "a SQLite database, or a build with the feature `postgres`",
    ))
}

fn wrong(problem: impl Into<String>) -> ConfigError {
    ConfigError::new(
        "database",
        problem,
        "`sqlite:` and a path, such as `sqlite:auth.db`, or `sqlite::memory:`, or \
         `postgres://user:password@host/name`",
    )
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::Database;

    #[test]
    fn what_sqlite_would_read_something_into_is_no_path() {
        for url in [":memory:", "sqlite::memory", "sqlite:file::memory:", "sqlite://file:auth.db"] {
            let error = url.parse::<Database>().unwrap_err().to_string();
            assert!(error.contains("or `sqlite::memory:`"), "{url}: {error}");
        }
        for url in ["sqlite:./:memory:", "sqlite:files/auth.db", "sqlite:/file:auth.db"] {
            assert!(matches!(url.parse(), Ok(Database::SqliteFile(_))), "{url}");
        }
        assert_eq!("sqlite://:memory:".parse(), Ok(Database::InMemory));
    }
}
