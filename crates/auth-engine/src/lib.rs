//! The embedded core: users, passwords, sessions and keys, on SQLite or PostgreSQL.
//!
//! An [`Engine`] answers the operations of [`auth_protocol`], each through [`Handle`]. It keeps its
//! data in one SQLite file (or in memory), with no server beside it; or in PostgreSQL, which any
//! number of processes may share. [`Database`] says which, and reads it from a URL.
//!
//! ```
//! use auth_engine::{Engine, EngineConfig, Handle};
//! use auth_protocol::{TenantScope, user::CountUsers, user::CountUsersResponse};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), auth_engine::EngineError> {
//! let engine = Engine::open(EngineConfig::in_memory()).await?;
//! let CountUsersResponse::Ok { count } =
//!     engine.handle(&TenantScope::default(), CountUsers::default()).await?;
//! assert_eq!(count, 0);
//! engine.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod accountlinking;
mod activity;
mod attempts;
mod clock;
mod config;
mod database;
mod digest;
mod emailpassword;
mod engine;
mod error;
mod handle;
mod hashing;
mod jobs;
mod jwt;
mod keys;
mod multitenancy;
mod normalise;
mod passwordless;
#[cfg(feature = "postgres")]
mod postgres_url;
mod random;
mod recoverycode;
mod session;
mod storage;
mod tenancy;
mod totp;
mod user;
mod usermetadata;

pub use clock::Clock;
pub use config::{
    ConfigError, EngineConfig, PasswordHashingConfig, SigningAlgorithm, TokenReuseBehaviour,
};
pub use database::Database;
pub use engine::Engine;
pub use error::{EngineError, StorageError};
pub use handle::Handle;
#[cfg(feature = "postgres")]
pub use postgres_url::PostgresUrl;
pub use random::Random;
