//! What the engine must know of sessions.

use std::time::Duration;

use crate::{
    jobs::ExpiryJob,
    parts::{Goes, Part, user_table},
    storage::Migration,
};

pub(crate) const PART: Part = Part {
    migrations: &[Migration {
        version: 17,
        name: "devices of sessions",
        sql: include_str!("0017_devices_of_sessions.sql"),
    }],
    // One row for each session: digests of its refresh tokens, its data, its end, and the key of
    // the device that it is bound to.
    tables: &[user_table!("session_info", "user_id", Goes::LoginMethod)
        .in_tenants()
        .in_use_as("Session")
        .adopted_by(&["UPDATE session_info SET user_id = $2 WHERE app_id = $1 AND user_id = $3"])],
    jobs: &[ExpiryJob {
        name: "expired sessions",
        every: Duration::from_secs(12 * 60 * 60),
        before_ms: |engine| engine.clock.now_ms(),
        sql: "DELETE FROM session_info WHERE (app_id, tenant_id, session_handle) IN \
            (SELECT app_id, tenant_id, session_handle FROM session_info \
             WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)",
    }],
    ..Part::EMPTY
};
