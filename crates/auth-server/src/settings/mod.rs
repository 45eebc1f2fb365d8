//! The settings of the binary, by the reference's names (CDI §7).
//!
//! They come from a file in the form of the reference's `config.yaml` and from the environment,
//! which counts more. What the reference knows and this server has no use for is checked and told
//! of, so that a file can be taken over as it is.

mod database;
mod key;
mod keys;
mod own;
mod read;
mod source;

use auth_engine::{ConfigError, Database, EngineConfig};

pub use self::{own::own_settings, source::SettingsSource};
use crate::ServerConfig;

/// Where the logs go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogTarget {
    /// To the terminal.
    Terminal,
    /// To the end of a file.
    File(std::path::PathBuf),
}

/// What is logged, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// The least important level that is logged.
    pub level: tracing_subscriber::filter::LevelFilter,
    /// Where notes go.
    pub info: LogTarget,
    /// Where warnings and errors go.
    pub error: LogTarget,
    /// Whether each line is a JSON object.
    pub structured: bool,
}

/// A setting that can't be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error("`{name}`: {problem}; expected {expected}")]
#[non_exhaustive]
pub struct SettingError {
    /// The setting's name.
    pub name: String,
    /// What is wrong with it. It doesn't show the value of a secret.
    pub problem: String,
    /// What would be right.
    pub expected: String,
}

impl SettingError {
    pub(crate) fn new(
        name: impl Into<String>,
        problem: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self { name: name.into(), problem: problem.into(), expected: expected.into() }
    }
}

impl From<ConfigError> for SettingError {
    fn from(error: ConfigError) -> Self {
        Self::new(error.field, error.problem, error.expected)
    }
}

/// Everything that the binary may be told.
///
/// ```
/// use auth_server::{Settings, SettingsSource};
///
/// # fn main() -> Result<(), auth_server::SettingError> {
/// let source = SettingsSource::new().with_file("port: 4567\naccess_token_validity: 600")?;
/// let settings = Settings::read(&source)?;
/// assert_eq!(settings.port, 4567);
/// let wrong = SettingsSource::new().with_file("access_token_validity: 0")?;
/// assert!(Settings::read(&wrong).unwrap_err().to_string().contains("access_token_validity"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The host to listen on; `localhost` unless set.
    pub host: String,
    /// The port to listen on; 3567 unless set, 0 for any that is free.
    pub port: u16,
    /// How the engine is served.
    pub server: ServerConfig,
    /// The database; the file `auth.db` unless set.
    pub database: Database,
    /// The engine, on that database.
    pub engine: EngineConfig,
    /// The logs.
    pub log: LogSettings,
    /// Settings that have no effect here, each with the reason.
    pub without_effect: Vec<(&'static str, &'static str)>,
}
