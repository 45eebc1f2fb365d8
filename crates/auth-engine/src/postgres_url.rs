//! Which PostgreSQL server, and how to reach it.

use std::{fmt, path::PathBuf, str::FromStr};

use percent_encoding::percent_decode_str;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use crate::ConfigError;

/// A PostgreSQL database, as its URL names it. `Debug` shows no password.
///
/// ```
/// use auth_engine::PostgresUrl;
///
/// let url: PostgresUrl = "postgres://auth:secret@db.example.com/auth?sslmode=verify-full".parse()?;
/// assert_eq!(format!("{url:?}"), "postgres://auth@db.example.com:5432/auth");
/// # Ok::<(), auth_engine::ConfigError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl {
    pub(crate) config: Box<tokio_postgres::Config>,
    pub(crate) tls: TlsMode,
    /// The authorities that are trusted instead of the system's.
    pub(crate) root_certificates: Option<PathBuf>,
    /// What this side shows of itself.
    pub(crate) client_certificate: Option<ClientCertificate>,
    /// What stands between; found out where it isn't said.
    pub(crate) pool_mode: Option<PoolMode>,
    /// The schema that the tables are in; the server's choice where it isn't said.
    pub(crate) schema: Option<Schema>,
    pub(crate) isolation: Isolation,
}

/// The name of a schema, in letters that need no care wherever it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Schema(String);

/// How far transactions that write are kept apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Isolation {
    /// `READ COMMITTED`, with the locks and constraints that make it enough.
    #[default]
    ReadCommitted,
    /// `SERIALIZABLE`, as some distributed engines have nothing else: what got into another
    /// transaction's way is run again.
    Serializable,
}

/// For how long a pooler such as `PgBouncer` lends a connection to the server: its `pool_mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PoolMode {
    /// As long as the client stays.
    Session,
    /// For one transaction.
    Transaction,
}

/// The files of a certificate and of its private key.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ClientCertificate {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// How a connection is protected: libpq's `sslmode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TlsMode {
    /// Never encrypted.
    Disable,
    /// Encrypted where the server can, whoever it is.
    Prefer,
    /// Encrypted, whoever the server is.
    Require,
    /// Encrypted, and the server's certificate is by a trusted authority.
    VerifyCa,
    /// As before, and the certificate is for the host in the URL.
    VerifyFull,
}

impl FromStr for PostgresUrl {
    type Err = ConfigError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let (rest, parameters) = split_parameters(url.trim());
        let (mut mode, mut authorities) = (None, Authorities::NotNamed);
        let (mut certificate, mut key) = (None, None);
        let (mut pool_mode, mut schema, mut isolation) = (None, None, Isolation::default());
        let mut others = Vec::new();
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("sslmode", text)) => mode = Some(TlsMode::parse(text)?),
                Some(("sslrootcert", path)) => authorities = Authorities::parse(path),
                Some(("sslcert", path)) => certificate = file(path),
                Some(("sslkey", path)) => key = file(path),
                Some(("pool_mode", text)) => pool_mode = Some(PoolMode::parse(text)?),
                // As other programs name it.
                Some(("pgbouncer", "true")) => pool_mode = Some(PoolMode::Transaction),
                Some(("schema", name)) => schema = Some(Schema::parse(name)?),
                Some(("isolation", level)) => isolation = Isolation::parse(level)?,
                Some(("target_session_attrs", wanted)) => check_wanted(wanted)?,
                _ => others.push(parameter),
            }
        }
        let tls = authorities.check(mode)?;
        let root_certificates = authorities.into_file();
        let client_certificate = ClientCertificate::of_both(certificate, key)?;
        let text = format!("{rest}?{}", others.join("&"));
        // The parser's errors name the parameter that is wrong, never its value.
        let mut config: tokio_postgres::Config =
            text.parse().map_err(|error: tokio_postgres::Error| wrong(describe(&error)))?;
        config.ssl_mode(match tls {
            TlsMode::Disable => SslMode::Disable,
            TlsMode::Prefer => SslMode::Prefer,
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
        });
        check_hosts(&config)?;
        if config.get_hosts().len() > 1 {
            // The others may be standbys.
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        if config.get_dbname().is_none_or(str::is_empty) {
            return Err(wrong("it names no database"));
        }
        Ok(Self {
            config: Box::new(config),
            tls,
            root_certificates,
            client_certificate,
            pool_mode,
            schema,
            isolation,
        })
    }
}

impl TlsMode {
    fn parse(mode: &str) -> Result<Self, ConfigError> {
        match mode {
            "disable" => Ok(Self::Disable),
            "prefer" => Ok(Self::Prefer),
            "require" => Ok(Self::Require),
            "verify-ca" => Ok(Self::VerifyCa),
            "verify-full" => Ok(Self::VerifyFull),
            _ => Err(ConfigError::new(
                "database",
                "`sslmode` in its URL is unknown",
                "`disable`, `prefer`, `require`, `verify-ca` or `verify-full`",
            )),
        }
    }
}

impl PoolMode {
    fn parse(mode: &str) -> Result<Self, ConfigError> {
        match mode {
            "session" => Ok(Self::Session),
            "transaction" => Ok(Self::Transaction),
            _ => Err(ConfigError::new(
                "database",
                "`pool_mode` in its URL is unknown",
                "`transaction` or `session`, as the pooler has it",
            )),
        }
    }
}

impl Schema {
    /// PostgreSQL cuts longer names off.
    const LONGEST: usize = 63;

    pub(crate) fn parse(name: &str) -> Result<Self, ConfigError> {
        let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
        let is_plain = name.bytes().all(|byte| is_letter(byte) || byte.is_ascii_digit());
        let begins_well = name.bytes().next().is_some_and(is_letter) && !name.starts_with("pg_");
        if is_plain && begins_well && name.len() <= Self::LONGEST {
            return Ok(Self(name.to_owned()));
        }
        Err(ConfigError::new(
            "database",
            "`schema` in its URL is no name that can be used",
            "1 to 63 letters, digits and underscores, with no digit and no `pg_` at the front",
        ))
    }

    /// As it is, without quotation marks.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As SQL has it: with capitals, too.
    pub(crate) fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }
}

impl Isolation {
    fn parse(level: &str) -> Result<Self, ConfigError> {
        match level {
            "read-committed" => Ok(Self::ReadCommitted),
            "serializable" => Ok(Self::Serializable),
            _ => Err(ConfigError::new(
                "database",
                "`isolation` in its URL is unknown",
                "`read-committed`, which also holds without it, or `serializable`",
            )),
        }
    }
}

/// The engine writes, whatever is asked for: of several hosts the primary is taken.
fn check_wanted(target_session_attrs: &str) -> Result<(), ConfigError> {
    match target_session_attrs {
        "any" | "read-write" | "primary" => Ok(()),
        _ => Err(ConfigError::new(
            "database",
            "`target_session_attrs` in its URL wants a server that takes no writes",
            "`read-write` or `primary`, which is also what holds without it",
        )),
    }
}

impl ClientCertificate {
    /// One says nothing without the other; libpq has a default for the key, which is no help where
    /// a service has no home.
    fn of_both(
        certificate: Option<PathBuf>,
        key: Option<PathBuf>,
    ) -> Result<Option<Self>, ConfigError> {
        let missing = match (certificate, key) {
            (None, None) => return Ok(None),
            (Some(certificate), Some(key)) => return Ok(Some(Self { certificate, key })),
            (Some(_), None) => "`sslcert` in its URL has no `sslkey` beside it",
            (None, Some(_)) => "`sslkey` in its URL has no `sslcert` beside it",
        };
        Err(ConfigError::new("database", missing, "both of them, or neither"))
    }
}

/// The file that a parameter names.
fn file(path: &str) -> Option<PathBuf> {
    let path = percent_decode_str(path).decode_utf8_lossy();
    (!path.is_empty()).then(|| PathBuf::from(path.as_ref()))
}

/// What `sslrootcert` names.
enum Authorities {
    NotNamed,
    System,
    File(PathBuf),
}

impl Authorities {
    fn parse(path: &str) -> Self {
        match file(path) {
            None => Self::NotNamed,
            Some(path) if path.as_os_str() == "system" => Self::System,
            Some(path) => Self::File(path),
        }
    }

    /// The mode, as libpq understands it beside these; but who names authorities and no mode wants
    /// them asked, where libpq would do without encryption if need be.
    fn check(&self, mode: Option<TlsMode>) -> Result<TlsMode, ConfigError> {
        match (self, mode) {
            (Self::NotNamed, mode) => Ok(mode.unwrap_or(TlsMode::Prefer)),
            (_, None | Some(TlsMode::VerifyFull)) => Ok(TlsMode::VerifyFull),
            // Everybody gets a certificate for some host from one of the system's authorities.
            (Self::System, Some(_)) => Err(ConfigError::new(
                "database",
                "`sslrootcert=system` in its URL has a weaker `sslmode` beside it",
                "`sslmode=verify-full`",
            )),
            (Self::File(_), Some(TlsMode::Require)) => Ok(TlsMode::VerifyCa),
            (Self::File(_), Some(mode)) => Ok(mode),
        }
    }

    /// The file; none for the system's own authorities.
    fn into_file(self) -> Option<PathBuf> {
        match self {
            Self::NotNamed | Self::System => None,
            Self::File(path) => Some(path),
        }
    }
}

impl PostgresUrl {
    pub(crate) fn user(&self) -> &str {
        self.config.get_user().unwrap_or("(none)")
    }

    pub(crate) fn name(&self) -> &str {
        self.config.get_dbname().unwrap_or("(none)")
    }

    /// What tells it from every other database: servers, name and schema, whoever connects.
    pub(crate) fn place(&self) -> String {
        let schema = self.schema.as_ref().map_or("public", Schema::as_str);
        format!("{}/{}/{schema}", self.servers().to_lowercase(), self.name())
    }

    /// `host:port`, several of them with commas between.
    pub(crate) fn servers(&self) -> String {
        let ports = self.config.get_ports();
        let servers = self.config.get_hosts().iter().enumerate().map(|(index, host)| {
            let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
            match host {
                Host::Tcp(name) => format!("{name}:{port}"),
                #[cfg(unix)]
                Host::Unix(path) => format!("{}:{port}", path.display()),
            }
        });
        servers.collect::<Vec<_>>().join(",")
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres://{}@{}/{}", self.user(), self.servers(), self.name())?;
        match &self.schema {
            Some(schema) => write!(f, "?schema={}", schema.as_str()),
            None => Ok(()),
        }
    }
}

/// Splits at the `?`, which a password may hold as well.
fn split_parameters(url: &str) -> (&str, &str) {
    let host = url.find('@').map_or(0, |at| at + 1);
    match url.get(host..).and_then(|rest| rest.find('?')) {
        Some(end) => {
            let (rest, parameters) = url.split_at(host + end);
            (rest, parameters.trim_start_matches('?'))
        }
        None => (url, ""),
    }
}

fn check_hosts(config: &tokio_postgres::Config) -> Result<(), ConfigError> {
    let hosts = config.get_hosts();
    if hosts.is_empty() {
        return Err(wrong("it names no host"));
    }
    let holds_at = |host: &Host| matches!(host, Host::Tcp(name) if name.contains('@'));
    if hosts.iter().any(holds_at) {
        return Err(wrong("the user or the password holds an `@` that isn't written as `%40`"));
    }
    Ok(())
}

fn wrong(problem: impl Into<String>) -> ConfigError {
    ConfigError::new(
        "database",
        problem,
        "a URL such as `postgres://user:password@host:5432/name?sslmode=verify-full`",
    )
}

fn describe(error: &tokio_postgres::Error) -> String {
    let source = std::error::Error::source(error);
    let detail = source.map_or_else(|| error.to_string(), ToString::to_string);
    format!("its URL can't be read ({detail})")
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::TargetSessionAttrs;

    use super::{Isolation, PoolMode, PostgresUrl, TlsMode};

    fn parse(url: &str) -> PostgresUrl {
        url.parse().unwrap()
    }

    #[test]
    fn each_sslmode_is_understood_and_libpqs_default_holds() {
        for (mode, expected) in [
            ("", TlsMode::Prefer),
            ("?sslmode=disable", TlsMode::Disable),
            ("?sslmode=prefer", TlsMode::Prefer),
            ("?sslmode=require", TlsMode::Require),
            ("?sslmode=verify-ca", TlsMode::VerifyCa),
            ("?connect_timeout=3&sslmode=verify-full", TlsMode::VerifyFull),
            ("?sslmode=require&sslrootcert=/etc/my%20ca.pem", TlsMode::VerifyCa),
            ("?sslmode=prefer&sslrootcert=/etc/my%20ca.pem", TlsMode::Prefer),
            ("?sslrootcert=/etc/my%20ca.pem", TlsMode::VerifyFull),
            ("?sslrootcert=system", TlsMode::VerifyFull),
            ("?sslrootcert=system&sslmode=verify-full", TlsMode::VerifyFull),
            ("?sslrootcert=&sslmode=require", TlsMode::Require),
        ] {
            assert_eq!(parse(&format!("postgresql://u:p@h/d{mode}")).tls, expected, "{mode}");
        }
        let url = parse("postgres://u:p@h/d?sslrootcert=/etc/my%20ca.pem");
        assert_eq!(url.root_certificates.unwrap().to_str(), Some("/etc/my ca.pem"));
        let url = parse("postgres://u:p@h/d?sslcert=/etc/my%20own.pem&sslkey=/etc/own.key");
        let own = url.client_certificate.unwrap();
        assert_eq!(own.certificate.to_str(), Some("/etc/my own.pem"));
        assert_eq!(own.key.to_str(), Some("/etc/own.key"));
        assert_eq!(url.tls, TlsMode::Prefer);
        assert!(parse("postgres://u:p@h/d?sslcert=&sslkey=").client_certificate.is_none());
    }

    #[test]
    fn a_poolers_mode_and_the_wish_for_a_primary_are_understood() {
        for (parameter, expected) in [
            ("", None),
            ("?pool_mode=transaction", Some(PoolMode::Transaction)),
            ("?pgbouncer=true", Some(PoolMode::Transaction)),
            ("?pool_mode=session", Some(PoolMode::Session)),
        ] {
            assert_eq!(parse(&format!("postgres://u:p@h/d{parameter}")).pool_mode, expected);
        }
        for wanted in ["any", "read-write", "primary"] {
            let url = parse(&format!("postgres://u:p@h1,h2:6432/d?target_session_attrs={wanted}"));
            let target = url.config.get_target_session_attrs();
            assert_eq!(target, TargetSessionAttrs::ReadWrite, "{wanted}");
        }
        let target = parse("postgres://u:p@h1,h2/d").config.get_target_session_attrs();
        assert_eq!(target, TargetSessionAttrs::ReadWrite);
    }

    #[test]
    fn a_schema_is_part_of_where_the_data_is_and_an_isolation_is_not() {
        let url = parse("postgres://u:p@H/d?schema=Tenant_1&isolation=serializable");
        assert_eq!(url.schema.as_ref().unwrap().quoted(), "\"Tenant_1\"");
        assert_eq!(url.isolation, Isolation::Serializable);
        assert_eq!(url.place(), "h:5432/d/Tenant_1");
        assert_eq!(format!("{url:?}"), "postgres://u@H:5432/d?schema=Tenant_1");
        let url = parse("postgres://v:q@h:5432/d?isolation=read-committed");
        assert_eq!(url.isolation, Isolation::ReadCommitted);
        assert_eq!(url.place(), "h:5432/d/public");
    }

    #[test]
    fn passwords_may_hold_anything_that_is_encoded_and_are_never_shown() {
        let url = parse("postgres://ada:hunter2%40%3F%2F@h1:1,h2:2/d?sslmode=disable");
        assert_eq!(url.config.get_password(), Some(b"hunter2@?/".as_slice()));
        assert_eq!(format!("{url:?}"), "postgres://ada@h1:1,h2:2/d");
        let url = parse("postgres://ada:hunter2?@h/d?sslmode=disable");
        assert_eq!(url.config.get_password(), Some(b"hunter2?".as_slice()));
    }

    #[test]
    fn what_is_wrong_is_named_without_the_password() {
        for (url, problem) in [
            ("postgres://u:hunter2@h/d?sslmode=maybe", "sslmode"),
            ("postgres://u:hunter2@h/d?sslmode=require&sslrootcert=system", "weaker `sslmode`"),
            ("postgres://u:hunter2@h/d?sslcert=/c", "`sslcert` in its URL has no `sslkey`"),
            ("postgres://u:hunter2@h/d?sslkey=/k", "`sslkey` in its URL has no `sslcert`"),
            ("postgres://u:hunter2@h/d?colour=red", "colour"),
            ("postgres://u:hunter2@h/d?pool_mode=statement", "`pool_mode`"),
            ("postgres://u:hunter2@h/d?target_session_attrs=standby", "`target_session_attrs`"),
            ("postgres://u:hunter2@h/d?schema=", "`schema`"),
            ("postgres://u:hunter2@h/d?schema=pg_temp", "`schema`"),
            ("postgres://u:hunter2@h/d?schema=1st", "`schema`"),
            ("postgres://u:hunter2@h/d?schema=a%22b", "`schema`"),
            ("postgres://u:hunter2@h/d?isolation=none", "`isolation`"),
            ("postgres://u:hunter2@h:port/d", "port"),
            ("postgres://u:hunter2@h", "names no database"),
            ("postgres:///d", "names no host"),
            ("postgres://u:hunter2@x@h/d", "%40"),
        ] {
            let error = url.parse::<PostgresUrl>().unwrap_err().to_string();
            assert!(error.starts_with("`database`: "), "{error}");
            assert!(error.contains(problem) && !error.contains("hunter2"), "{error}");
        }
    }
}
