//! What the engine must know of the keys that sign.

use std::time::Duration;

use crate::{
    jobs::ExpiryJob,
    parts::{Part, Table},
    storage::Migration,
};

pub(crate) const PART: Part = Part {
    migrations: &[Migration {
        version: 8,
        name: "signing keys that are withdrawn",
        sql: include_str!("0008_withdrawn_keys.sql"),
    }],
    tables: &[
        // The rotating keys that sign access tokens.
        Table::of_apps("session_access_token_signing_keys"),
        // The keys that don't rotate.
        Table::of_apps("jwt_signing_keys"),
    ],
    jobs: &[ExpiryJob {
        name: "signing keys past their last token",
        every: Duration::from_secs(24 * 60 * 60),
        // A key verifies for its interval, and twice the validity of the tokens that it signed.
        before_ms: |engine| engine.keys.oldest_verifying().unwrap_or(i64::MIN),
        sql: "DELETE FROM session_access_token_signing_keys WHERE (app_id, created_at_time) IN \
            (SELECT app_id, created_at_time FROM session_access_token_signing_keys \
             WHERE created_at_time < $1 ORDER BY created_at_time LIMIT 1000)",
    }],
    ..Part::EMPTY
};
