//! What the server knows about tables that have only just been filled.
//!
//! The server looks once a minute for tables to analyse. Until then it takes a new database's tables
//! for nearly empty: every key begins with the app, so that it reads all rows of the app where an
//! index would find the one. An application's first minute would suffer, and a test of its load.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio_postgres::SimpleQueryMessage;

use super::{PostgresStore, pool};

/// After this many commits of this process such tables are looked for, and again whenever their
/// number has doubled.
const FIRST_AFTER: u64 = 128;

/// Tables of this schema that have rows and were never analysed: `reltuples` is -1 then, and 0 before
/// PostgreSQL 14.
const UNKNOWN: &str = "SELECT quote_ident(relname) AS name FROM pg_class \
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' \
        AND reltuples <= 0 AND relpages = 0 AND pg_relation_size(oid) > 0";

/// How often this process has committed.
#[derive(Default)]
pub(super) struct Commits(AtomicU64);

impl Commits {
    /// Counts one; whether it is time to look.
    pub(super) fn count(&self) -> bool {
        let count = self.0.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        count >= FIRST_AFTER && count.is_power_of_two()
    }
}

impl PostgresStore {
    /// Has tables analysed that never were, beside what else is going on. Where it fails, or isn't
    /// allowed to this user, the server gets to it by itself.
    pub(super) fn analyse_new_tables(&self) {
        // Without a setting of the session nothing says in which schema they are.
        if self.0.has_schema && self.0.pooling.is_by_transaction() {
            return;
        }
        let store = self.clone();
        tokio::spawn(async move {
            let _in_use = store.0.in_use.read().await;
            let Ok(client) = pool::get(&store.0.pool).await else { return };
            let analysed = async {
                for message in client.simple_query(UNKNOWN).await? {
                    let SimpleQueryMessage::Row(row) = message else { continue };
                    let Some(table) = row.get("name") else { continue };
                    client.batch_execute(&format!("ANALYZE {table}")).await?;
                }
                Ok::<_, tokio_postgres::Error>(())
            };
            if let Err(error) = analysed.await {
                tracing::debug!(%error, "new tables could not be analysed");
            }
        });
    }
}
