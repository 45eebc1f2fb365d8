//! Which database a tenant's settings name (CDI §7, the keys that begin with `postgresql_`).
//!
//! What a tenant doesn't say is as in the engine's own database, where that is on PostgreSQL, as long as
//! the tenant names no server: who may set up tenants needn't know the engine's password, and can't
//! have it sent elsewhere.

use std::time::Duration;

use auth_protocol::JsonObject;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tokio_postgres::config::Host;

use crate::{ConfigError, Database, PostgresUrl, postgres_url::Schema};

/// What every key begins with that is about a tenant's database.
const PREFIX: &str = "postgresql_";

const URI: &str = "postgresql_connection_uri";
const SCHEME: &str = "postgresql_connection_scheme";
const HOST: &str = "postgresql_host";
const PORT: &str = "postgresql_port";
const USER: &str = "postgresql_user";
const PASSWORD: &str = "postgresql_password";
const NAME: &str = "postgresql_database_name";
const SCHEMA: &str = "postgresql_table_schema";
const ATTRIBUTES: &str = "postgresql_connection_attributes";
const TABLES: &str = "postgresql_table_names_prefix";
const POOL_SIZE: &str = "postgresql_connection_pool_size";
const IDLE_TIMEOUT: &str = "postgresql_idle_connection_timeout";
const FEWEST_IDLE: &str = "postgresql_minimum_idle_connections";

const DEFAULT_POOL_SIZE: usize = 10;
const DEFAULT_IDLE_TIMEOUT_MS: u64 = 60_000;
const LARGEST_POOL: u64 = 1000;
const LONGEST_IDLE_TIMEOUT_MS: u64 = 24 * 60 * 60 * 1000;

/// A database other than the engine's own. Two that are equal are reached in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(super) url: PostgresUrl,
    /// How many connections it may have.
    pub(super) most: usize,
    /// After how long a connection that nobody uses is closed.
    pub(super) idle_timeout: Duration,
}

impl Target {
    /// The database that settings name; none where it is the engine's own.
    ///
    /// # Errors
    /// The first key that can't be used.
    pub(crate) fn of(home: &Database, settings: &JsonObject) -> Result<Option<Self>, ConfigError> {
        if !settings.keys().any(|key| key.starts_with(PREFIX)) {
            return Ok(None);
        }
        let home = match home {
            Database::Postgres(url) => Some(url),
            #[allow(unreachable_patterns, reason = "a build without SQLite has no other")]
            _ => None,
        };
        let settings = Settings(settings);
        let most = settings.number(POOL_SIZE, 1, LARGEST_POOL)?;
        let most = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(DEFAULT_POOL_SIZE);
        let idle_ms = settings.number(IDLE_TIMEOUT, 0, LONGEST_IDLE_TIMEOUT_MS)?;
        // Connections are opened when they are wanted; the number is looked at all the same.
        let fewest_at_most = u64::try_from(most).unwrap_or(LARGEST_POOL);
        settings.number(FEWEST_IDLE, 0, fewest_at_most)?;
        if settings.text(TABLES)?.is_some_and(|prefix| !prefix.is_empty()) {
            let expected = format!("no prefix, and a schema by `{SCHEMA}` instead");
            return Err(ConfigError::new(TABLES, "tables have no prefix here", expected));
        }
        let mut url = match home {
            Some(home) if !settings.names_a_server() => settings.beside(home)?,
            _ => settings.elsewhere()?,
        };
        if let Some(schema) = settings.text(SCHEMA)? {
            let schema = Schema::parse(&schema);
            url.schema = Some(schema.map_err(|error| {
                ConfigError::new(SCHEMA, "it is no name that can be used", error.expected)
            })?);
        }
        if home.is_some_and(|home| home.place() == url.place()) {
            return Ok(None);
        }
        let idle_timeout = Duration::from_millis(idle_ms.unwrap_or(DEFAULT_IDLE_TIMEOUT_MS));
        Ok(Some(Self { url, most, idle_timeout }))
    }

    /// What tells it from every other database.
    pub(crate) fn place(&self) -> String {
        self.url.place()
    }

    /// The key to name where it can't be reached.
    pub(crate) fn key(settings: &JsonObject) -> &'static str {
        let is_set = |key: &&&str| settings.get(**key).is_some_and(|value| !value.is_null());
        [URI, HOST, PORT, NAME, SCHEMA, USER].iter().find(is_set).copied().unwrap_or(URI)
    }
}

struct Settings<'a>(&'a JsonObject);

impl Settings<'_> {
    fn text(&self, key: &'static str) -> Result<Option<String>, ConfigError> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(ConfigError::new(key, "it is neither a text nor a number", "a text")),
        }
    }

    fn number(&self, key: &'static str, least: u64, most: u64) -> Result<Option<u64>, ConfigError> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        match text.parse() {
            Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
            _ => {
                let expected = format!("a whole number from {least} to {most}");
                Err(ConfigError::new(key, "it is out of range, or no number", expected))
            }
        }
    }

    /// Whether a server is named, which then gets nothing of the engine's own credentials.
    fn names_a_server(&self) -> bool {
        [URI, HOST, PORT].iter().any(|key| self.0.get(*key).is_some_and(|value| !value.is_null()))
    }

    /// On the engine's own server, in another database or schema, or as another user.
    fn beside(&self, home: &PostgresUrl) -> Result<PostgresUrl, ConfigError> {
        let mut url = home.clone();
        let password = self.text(PASSWORD)?;
        if let Some(user) = self.text(USER)? {
            url.config.user(user);
            // The other user's own, or none.
            url.config.password(password.as_deref().unwrap_or_default());
        } else if let Some(password) = password {
            url.config.password(password);
        }
        if let Some(name) = self.text(NAME)? {
            let is_empty = name.is_empty();
            url.config.dbname(name);
            if is_empty {
                return Err(ConfigError::new(NAME, "it is empty", "the name of a database"));
            }
        }
        Ok(url)
    }

    /// On a server that is named, or on the reference's default.
    fn elsewhere(&self) -> Result<PostgresUrl, ConfigError> {
        if let Some(scheme) = self.text(SCHEME)?
            && !["postgres", "postgresql"].contains(&scheme.as_str())
        {
            return Err(ConfigError::new(SCHEME, "it is unknown", "`postgresql`"));
        }
        let uri = self.text(URI)?;
        let named = uri.as_deref().map(|uri| parse(URI, uri)).transpose()?;
        let mut parameters = uri.as_deref().map(parameters).unwrap_or_default().to_owned();
        if let Some(attributes) = self.text(ATTRIBUTES)? {
            parameters = format!("{parameters}&{attributes}");
        }
        let authority = self.authority(named.as_ref())?;
        let name = match (self.text(NAME)?, &named) {
            (Some(name), _) => name,
            (None, Some(url)) => url.name().to_owned(),
            (None, None) => "supertokens".to_owned(),
        };
        let name = encoded(&name);
        let key = [ATTRIBUTES, URI, HOST].into_iter().find(|key| self.0.contains_key(*key));
        let text = format!("postgresql://{authority}/{name}?{parameters}");
        let mut url = parse(key.unwrap_or(URI), &text)?;
        if url.config.get_password().is_none() {
            // So that what the environment has for the engine's own database isn't sent.
            url.config.password("");
        }
        Ok(url)
    }

    /// `user:password@host:port`: what a key says, else what the URL says.
    fn authority(&self, named: Option<&PostgresUrl>) -> Result<String, ConfigError> {
        let own = named.map(|url| &url.config);
        let user = self.text(USER)?;
        let password = match (self.text(PASSWORD)?, &user) {
            (Some(password), _) => Some(password),
            (None, Some(_)) => None,
            (None, None) => {
                let bytes = own.and_then(|own| own.get_password());
                bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            }
        };
        let user = user.or_else(|| own.and_then(|own| own.get_user()).map(str::to_owned));
        let credentials = match (&user, &password) {
            (None, _) => String::new(),
            (Some(user), None) => format!("{}@", encoded(user)),
            (Some(user), Some(password)) => format!("{}:{}@", encoded(user), encoded(password)),
        };
        let port = self.number(PORT, 1, u64::from(u16::MAX))?;
        let servers = match (self.text(HOST)?, port, own) {
            (None, None, Some(own)) => {
                let ports = own.get_ports();
                let servers = own.get_hosts().iter().enumerate().map(|(index, host)| {
                    let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
                    format!("{}:{port}", bracketed(host))
                });
                servers.collect::<Vec<_>>().join(",")
            }
            (host, port, own) => {
                let host = match host {
                    Some(host) => checked_host(host)?,
                    None => own
                        .and_then(|own| own.get_hosts().first())
                        .map_or_else(|| "localhost".to_owned(), bracketed),
                };
                let first = own.and_then(|own| own.get_ports().first());
                let port = port.or(first.map(|port| u64::from(*port))).unwrap_or(5432);
                format!("{host}:{port}")
            }
        };
        Ok(format!("{credentials}{servers}"))
    }
}

/// Reads a URL of a tenant's, which may name no file of this machine: who sets tenants up is the
/// administrator of users, and perhaps not that of the machine.
fn parse(key: &'static str, url: &str) -> Result<PostgresUrl, ConfigError> {
    let url: PostgresUrl = match url.parse() {
        Ok(url) => url,
        Err(ConfigError { problem, expected, .. }) => {
            return Err(ConfigError::new(key, problem, expected));
        }
    };
    let expected = "a server's name and port, and an authority that the system trusts";
    let names_a_path = |host: &Host| !matches!(host, Host::Tcp(_));
    if url.config.get_hosts().iter().any(names_a_path) {
        return Err(ConfigError::new(key, "it names a socket of this machine", expected));
    }
    if url.root_certificates.is_some() || url.client_certificate.is_some() {
        return Err(ConfigError::new(key, "it names files of this machine", expected));
    }
    Ok(url)
}

/// A host as it stands in a URL; an address of IPv6 has colons.
fn bracketed(host: &Host) -> String {
    match host {
        Host::Tcp(name) if name.contains(':') && !name.starts_with('[') => format!("[{name}]"),
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(_) => "localhost".to_owned(),
    }
}

fn checked_host(host: String) -> Result<String, ConfigError> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    if !host.is_empty() && host.bytes().all(is_name) {
        return Ok(host);
    }
    Err(ConfigError::new(HOST, "it is no name of a server", "a name or an address"))
}

/// What comes after a URL's `?`.
fn parameters(url: &str) -> &str {
    let host = url.find('@').map_or(0, |at| at + 1);
    let rest = url.get(host..).unwrap_or_default();
    rest.split_once('?').map_or("", |(_, parameters)| parameters)
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use auth_protocol::JsonObject;
    use serde_json::json;

    use super::Target;
    use crate::{ConfigError, Database};

    const HOME: &str = "postgres://own:secret1@db:5432/auth?sslmode=disable";

    fn target(settings: serde_json::Value) -> Result<Option<Target>, ConfigError> {
        let home: Database = HOME.parse().unwrap();
        let settings: JsonObject = serde_json::from_value(settings).unwrap();
        Target::of(&home, &settings)
    }

    fn password(target: &Target) -> &str {
        std::str::from_utf8(target.url.config.get_password().unwrap()).unwrap()
    }

    #[test]
    fn a_tenant_is_at_home_unless_its_settings_lead_elsewhere() {
        for settings in [
            json!({}),
            json!({ "access_token_validity": 60 }),
            json!({ "postgresql_connection_pool_size": 3, "postgresql_host": null }),
            json!({ "postgresql_database_name": "auth", "postgresql_table_schema": "public" }),
            json!({ "postgresql_connection_uri": "postgresql://other:x@DB/auth" }),
        ] {
            assert_eq!(target(settings.clone()).unwrap(), None, "{settings}");
        }
    }

    #[test]
    fn what_stays_on_the_engines_server_is_reached_as_the_engine_does() {
        let schema = target(json!({ "postgresql_table_schema": "t1" })).unwrap().unwrap();
        assert_eq!(schema.place(), "db:5432/auth/t1");
        assert_eq!((schema.url.user(), password(&schema)), ("own", "secret1"));
        assert_eq!((schema.most, schema.idle_timeout), (10, Duration::from_secs(60)));
        let name = json!({ "postgresql_database_name": "t1", "postgresql_password": "p2" });
        let name = target(name).unwrap().unwrap();
        assert_eq!((name.place().as_str(), password(&name)), ("db:5432/t1/public", "p2"));
        // Another user doesn't get its password.
        let other = json!({ "postgresql_database_name": "t1", "postgresql_user": "u2" });
        let other = target(other).unwrap().unwrap();
        assert_eq!((other.url.user(), password(&other)), ("u2", ""));
    }

    #[test]
    fn who_names_a_server_gets_nothing_of_the_engines_credentials() {
        for settings in [
            json!({ "postgresql_host": "evil.example.com" }),
            json!({ "postgresql_port": 5433 }),
            json!({ "postgresql_connection_uri": "postgres://evil.example.com/auth" }),
            json!({ "postgresql_host": "db" , "postgresql_database_name": "t1" }),
        ] {
            let found = target(settings.clone()).unwrap().unwrap();
            assert_ne!(found.url.user(), "own", "{settings}");
            assert_eq!(password(&found), "", "{settings}");
        }
    }

    #[test]
    fn each_key_says_what_the_url_would_and_wins() {
        let uri = "postgresql://u:p%40%3F@h1:1,h2:2/d?sslmode=disable&schema=s1";
        let found = target(json!({ "postgresql_connection_uri": uri })).unwrap().unwrap();
        assert_eq!(found.place(), "h1:1,h2:2/d/s1");
        assert_eq!((found.url.user(), password(&found)), ("u", "p@?"));
        let found = target(json!({
            "postgresql_connection_uri": uri,
            "postgresql_port": "7",
            "postgresql_user": "u:2",
            "postgresql_password": "p/2",
            "postgresql_table_schema": "s2",
            "postgresql_connection_attributes": "connect_timeout=3",
            "postgresql_connection_pool_size": 4,
            "postgresql_idle_connection_timeout": 5,
        }));
        let found = found.unwrap().unwrap();
        assert_eq!(found.place(), "h1:7/d/s2");
        assert_eq!((found.url.user(), password(&found)), ("u:2", "p/2"));
        assert_eq!((found.most, found.idle_timeout), (4, Duration::from_millis(5)));
        let timeout = found.url.config.get_connect_timeout();
        assert_eq!(timeout, Some(&Duration::from_secs(3)));
        let found = json!({ "postgresql_host": "[::1]", "postgresql_user": "u" });
        assert!(target(found).unwrap().unwrap().place().contains("::1"));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_key_and_without_the_password() {
        for (settings, key) in [
            (json!({ "postgresql_connection_uri": "mysql://u:hunter2@h/d" }), "_connection_uri`"),
            (json!({ "postgresql_connection_uri": "hunter2" }), "_connection_uri`"),
            (json!({ "postgresql_connection_uri": ["hunter2"] }), "_connection_uri`"),
            (json!({ "postgresql_connection_uri": "postgres://u:hunter2@%2Ftmp/d" }), "_uri`"),
            (
                json!({ "postgresql_connection_uri": "postgres://u:hunter2@h/d?sslrootcert=/etc/x" }),
                "_connection_uri`",
            ),
            (json!({ "postgresql_port": 0 }), "_port`"),
            (json!({ "postgresql_port": "many" }), "_port`"),
            (json!({ "postgresql_host": "h/d" }), "_host`"),
            (json!({ "postgresql_host": "u@h" }), "_host`"),
            (json!({ "postgresql_database_name": "" }), "_database_name`"),
            (json!({ "postgresql_table_schema": "a b" }), "_table_schema`"),
            (json!({ "postgresql_table_names_prefix": "x_" }), "_table_names_prefix`"),
            (json!({ "postgresql_connection_pool_size": 0 }), "_connection_pool_size`"),
            (json!({ "postgresql_minimum_idle_connections": 11 }), "_minimum_idle_connections`"),
            (json!({ "postgresql_idle_connection_timeout": -1 }), "_idle_connection_timeout`"),
            (
                json!({ "postgresql_host": "h", "postgresql_connection_scheme": "mysql" }),
                "_connection_scheme`",
            ),
            (
                json!({ "postgresql_host": "h", "postgresql_connection_attributes": "colour=red" }),
                "_connection_attributes`",
            ),
        ] {
            let error = target(settings.clone()).unwrap_err().to_string();
            assert!(error.starts_with("`postgresql_") && error.contains(key), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
