//! The engine served over the Core Driver Interface (CDI): one core for every language.
//!
//! The SDKs of the reference system for Node.js, Python and Go speak to this server as they speak to
//! the reference's own core. Every operation of [`auth_protocol`] is served, from one table made of
//! their types.
//!
//! The binary reads its [`Settings`] and serves; a program of its own can do the same, or put the
//! [`Server::router`] into a larger one:
//!
//! ```
//! use auth_engine::{Engine, EngineConfig};
//! use auth_server::{ApiKeys, Server, ServerConfig};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::open(EngineConfig::in_memory()).await?;
//! let config = ServerConfig::new().api_keys(ApiKeys::parse("kDsT3bA7xwWmQ0uR5vHy")?);
//! let router = Server::new(engine, config).router();
//! # drop(router);
//! # Ok(())
//! # }
//! ```

mod answer;
mod config;
mod request;
mod routes;
mod serve;
mod server;
mod settings;
mod wire;

pub use config::ServerConfig;
pub use request::{ApiKeyError, ApiKeys, ClientRules};
pub use server::{Server, Versions};
pub use settings::{LogSettings, LogTarget, SettingError, Settings, SettingsSource, own_settings};
