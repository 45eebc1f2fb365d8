//! Whether a pooler stands between us and the server, and what holds then.
//!
//! A pooler in transaction mode lends its connections to the server for one transaction each. A
//! statement that was prepared, or a setting that was made, is then met by whoever is lent the
//! connection next, in this process or in another. So nothing of either kind is used behind one:
//! statements are sent with their text, and limits are those of their transaction.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tokio_postgres::{Error, error::SqlState};

use super::connection::Mode;
use crate::{
    EngineConfig, PostgresUrl,
    postgres_url::{Isolation, PoolMode, Schema},
};

/// A setting that is ours alone: where a connection knows it, the server has got what was sent when
/// we connected.
pub(super) const MARK: &str = "auth_engine.direct";

/// The setting that names the schema.
const SEARCH_PATH: &str = "search_path";

/// What is known of the way to the server, and the settings that the server is told: limits, so that
/// it stops working for a caller who has given up, and the schema. A pooler in transaction mode is
/// told them with the beginning of each transaction, in the same packet, so that they cost no round
/// trip and reach nobody else.
pub(super) struct Pooling {
    told: Option<PoolMode>,
    is_found: AtomicBool,
    settings: Vec<(&'static str, String)>,
    begin_read: [String; 2],
    begin_write: [String; 2],
}

impl Pooling {
    pub(super) fn new(url: &PostgresUrl, config: &EngineConfig) -> Self {
        // 0 would mean no limit.
        let ms = |duration: Duration| duration.as_millis().clamp(1, i32::MAX as u128).to_string();
        let operation = ms(config.database_operation_timeout);
        let mut settings = vec![
            ("statement_timeout", operation.clone()),
            ("lock_timeout", ms(config.database_busy_timeout)),
            ("idle_in_transaction_session_timeout", operation),
        ];
        settings.extend(url.schema.as_ref().map(|schema| (SEARCH_PATH, schema.quoted())));
        let local = each(&settings, |name, value| format!("; SET LOCAL {name} = {value}"));
        // Each statement that is prepared finds its rows by the same index whatever it is asked: to
        // plan it anew each time would cost more than to run it.
        settings.push(("plan_cache_mode", "force_generic_plan".to_owned()));
        let (write, read) = match url.isolation {
            Isolation::ReadCommitted => ("READ COMMITTED", "REPEATABLE READ"),
            Isolation::Serializable => ("SERIALIZABLE", "SERIALIZABLE"),
        };
        // What a standby refuses comes after the transaction's beginning, so that the statement that
        // is sent with it is refused as well, and not run by itself.
        let write = format!("BEGIN ISOLATION LEVEL {write}; SET TRANSACTION READ WRITE");
        // The connection may have come to lead to a standby, which lags behind.
        let pooled_read = format!(
            "BEGIN ISOLATION LEVEL {read}; SET TRANSACTION READ WRITE; SET TRANSACTION READ ONLY"
        );
        Self {
            told: url.pool_mode,
            is_found: AtomicBool::new(false),
            settings,
            begin_read: [
                format!("BEGIN ISOLATION LEVEL {read} READ ONLY"),
                format!("{pooled_read}{local}"),
            ],
            begin_write: [write.clone(), format!("{write}{local}")],
        }
    }

    /// What sets the schema for a transaction, where there is one to set and no connection keeps it.
    pub(super) fn local_schema(url: &PostgresUrl) -> String {
        let schema = url.schema.as_ref().map(Schema::quoted);
        schema.map_or_else(String::new, |name| format!("SET LOCAL {SEARCH_PATH} = {name}"))
    }

    /// Whether another client may be lent the connection between two transactions.
    pub(super) fn is_by_transaction(&self) -> bool {
        match self.told {
            Some(PoolMode::Transaction) => true,
            Some(PoolMode::Session) | None => self.is_found.load(Ordering::Relaxed),
        }
    }

    /// Takes note of a pooler that nobody told of.
    pub(super) fn found(&self, by: &str) {
        if !self.is_found.swap(true, Ordering::Relaxed) {
            tracing::info!(
                by,
                "a pooler stands before PostgreSQL: no prepared statements are used, and no \
                 settings of the session"
            );
        }
    }

    /// What the server is told in the packet that opens a connection; a pooler refuses it, or leaves
    /// it out.
    pub(super) fn startup_options(&self) -> Option<String> {
        if self.told.is_some() || self.is_by_transaction() {
            return None;
        }
        let settings = each(&self.settings, |name, value| format!("-c {name}={value} "));
        Some(format!("{settings}-c {MARK}=on"))
    }

    /// What is set once for a connection of a pooler in session mode, which resets it afterwards.
    pub(super) fn session_settings(&self) -> Option<String> {
        let holds = self.told == Some(PoolMode::Session) && !self.is_by_transaction();
        holds.then(|| each(&self.settings, |name, value| format!("SET {name} = {value};")))
    }

    /// How a transaction begins; a single statement that reads may do without, where the limits are
    /// the connection's.
    ///
    /// A transaction that reads sees one state of the database, as a single statement does by
    /// itself. One that writes sees, statement by statement, what others have committed, and waits
    /// for their row locks.
    pub(super) fn begin(&self, mode: Mode) -> Option<&str> {
        let by_transaction = self.is_by_transaction();
        let [direct, pooled] = match mode {
            Mode::ReadOne if !by_transaction => return None,
            Mode::ReadOne | Mode::Read => &self.begin_read,
            Mode::Write => &self.begin_write,
        };
        Some(if by_transaction { pooled } else { direct })
    }
}

fn each(
    settings: &[(&'static str, String)],
    write: impl Fn(&'static str, &str) -> String,
) -> String {
    settings.iter().map(|(name, value)| write(name, value)).collect()
}

/// Whether a connection was refused for what was sent with its opening. `PgBouncer` calls it a
/// violation of the protocol, others a feature that they lack.
pub(super) fn refuses_options(error: &Error) -> bool {
    error.code().is_some_and(|code| {
        *code == SqlState::PROTOCOL_VIOLATION || *code == SqlState::FEATURE_NOT_SUPPORTED
    })
}
