//! The embedded core: users, passwords, sessions and keys, on SQLite or PostgreSQL.
//!
//! An [`Engine`] answers the operations of [`auth_protocol`], each by [`Engine::handle`]. It keeps its
//! data in one SQLite file (or in memory), with no server beside it; or in PostgreSQL, which any
//! number of processes may share. [`Database`] says which, and reads it from a URL. A build may
//! leave one of them out, by the features `sqlite` and `postgres`.
//!
//! ```
//! use auth_engine::{Engine, EngineConfig};
//! use auth_protocol::{TenantScope, user::CountUsers, user::CountUsersResponse};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), auth_engine::EngineError> {
//! let engine = Engine::open(EngineConfig::in_memory()).await?;
//! let CountUsersResponse::Ok { count, .. } =
//!     engine.handle(&TenantScope::default(), CountUsers::default()).await?;
//! assert_eq!(count, 0);
//! engine.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # What can be watched
//!
//! [`Engine::health`] asks the database. Through the facade of the crate `metrics` the engine counts:
//!
//! | metric | kind | labels |
//! |---|---|---|
//! | `auth_operations_total` | counter | `operation`; `outcome`: `ok`, `refused`, `unavailable`, `failed` |
//! | `auth_operation_seconds` | histogram | `operation` |
//! | `auth_group_commit_size` | histogram: transactions that share a commit on SQLite | |
//! | `auth_transaction_retries_total` | counter, on PostgreSQL | |
//! | `auth_pool_connections` | gauge, on PostgreSQL | `state`: `open`, `in_use` |
//! | `auth_pool_waiting` | gauge, on PostgreSQL | |
//! | `auth_pool_wait_seconds` | histogram, on PostgreSQL | |
//! | `auth_tenant_databases` | gauge: databases of tenants that are in use | `state`: `open`, `down` |
//! | `auth_tenant_database_connections` | gauge: the connections to all of them | |
//! | `auth_hashing_queue_length` | gauge | |
//! | `auth_hashing_wait_seconds` | histogram | |
//! | `auth_hashing_refused_total` | counter: passwords that would have waited too long | |
//!
//! Each operation is a `tracing` span at the level `debug`, with its name, app and tenant. At the
//! level `trace` the target `auth_engine::sql` names each statement, without its parameters.

#[cfg(not(any(feature = "sqlite", feature = "postgres")))]
compile_error!("auth-engine needs a storage: its feature `sqlite`, `postgres`, or both");

#[cfg(test)]
extern crate self as auth_engine; // `common` names it

mod accountlinking;
mod activity;
mod attempts;
mod audit;
mod clock;
#[cfg(test)]
#[path = "../tests/common/mod.rs"]
mod common;
mod config;
mod core_config;
mod database;
mod digest;
mod emailpassword;
mod emailverification;
mod engine;
mod error;
mod handle;
mod hashing;
mod health;
mod jobs;
mod jwt;
mod keys;
mod limits;
mod many_users;
mod measure;
mod multitenancy;
mod normalise;
mod parts;
mod passwordless;
mod placement;
#[cfg_attr(not(feature = "postgres"), path = "pools/absent.rs")]
mod pools;
#[cfg(feature = "postgres")]
mod postgres_url;
mod random;
mod recoverycode;
mod session;
mod signinalerts;
mod storage;
mod tenancy;
mod thirdparty;
mod totp;
mod user;
mod user_id_mapping;
mod usermetadata;
mod userroles;
mod webauthn;

pub use clock::Clock;
pub use config::{
    ConfigError, EngineConfig, PasswordHashingConfig, SigningAlgorithm, TokenReuseBehaviour,
    TooManySessions,
};
pub use core_config::{CoreKey, CoreKeyScope, core_keys};
pub use database::Database;
pub use engine::Engine;
pub use error::{EngineError, StorageError};
pub use handle::Answers;
use handle::Handle;
pub use health::{Health, PoolHealth};
pub use pools::TenantDatabaseHealth;
#[cfg(feature = "postgres")]
pub use postgres_url::PostgresUrl;
pub use random::Random;
pub use tenancy::Missing;
