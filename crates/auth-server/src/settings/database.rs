//! Which database: by this server's own setting, or by the reference's for PostgreSQL.

use auth_engine::Database;
use url::Url;

use super::{SettingError, SettingsSource};

const URI: &str = "postgresql_connection_uri";

/// The reference's parts of an address, which stand in for those of the URI.
const PARTS: [&str; 5] = [
    "postgresql_host",
    "postgresql_port",
    "postgresql_user",
    "postgresql_password",
    "postgresql_database_name",
];

/// What the reference takes where nothing is said.
const DEFAULT_URI: &str = "postgresql://localhost:5432/supertokens";

pub(super) fn database(source: &SettingsSource) -> Result<Database, SettingError> {
    let own = source.get("database");
    let Some(first) = [URI].into_iter().chain(PARTS).find(|name| source.get(name).is_some()) else {
        return Ok(own.unwrap_or("sqlite:auth.db").parse()?);
    };
    if own.is_some() {
        let problem = "it is set beside `database`";
        return Err(SettingError::new(first, problem, "one of them"));
    }
    let uri = source.get(URI);
    if PARTS.iter().all(|name| source.get(name).is_none()) {
        return read(uri.unwrap_or(DEFAULT_URI), URI);
    }
    let expected = "`postgresql://user:password@host:5432/name`";
    let mut url = Url::parse(uri.unwrap_or(DEFAULT_URI))
        .map_err(|_| SettingError::new(URI, "it is no URI", expected))?;
    for name in PARTS {
        let Some(value) = source.get(name) else { continue };
        let is_set = match name {
            "postgresql_host" => url.set_host(Some(value)).is_ok(),
            "postgresql_port" => url.set_port(value.parse().ok()).is_ok(),
            "postgresql_user" => url.set_username(value).is_ok(),
            "postgresql_password" => url.set_password(Some(value)).is_ok(),
            _ => url.path_segments_mut().is_ok_and(|mut path| {
                path.clear().push(value);
                true
            }),
        };
        if !is_set {
            let problem = "it can't be a part of the database's address";
            return Err(SettingError::new(name, problem, expected));
        }
    }
    read(url.as_str(), first)
}

/// An error names the setting that a person has written.
fn read(url: &str, name: &str) -> Result<Database, SettingError> {
    url.parse().map_err(|error| SettingError { name: name.to_owned(), ..SettingError::from(error) })
}
