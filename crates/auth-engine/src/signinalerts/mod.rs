//! Sign-ins that are out of the ordinary: the networks that users sign in from, and the tokens by
//! which owners end what wasn't them (an extension).

mod create_alert;
mod login;
mod networks;
mod note_network;
mod use_alert;

use std::time::Duration;

use crate::{
    clock::saturating_ms,
    jobs::ExpiryJob,
    parts::{Goes, Part, user_table},
    storage::Migration,
};

/// As long as a device is known.
const NETWORKS_ARE_KEPT: Duration = Duration::from_secs(400 * 24 * 60 * 60);

pub(crate) const PART: Part = Part {
    migrations: &[Migration {
        version: 13,
        name: "networks that users sign in from, and alerts about others",
        sql: include_str!("0013_sign_in_alerts.sql"),
    }],
    tables: &[
        // Keyed digests of the networks that each login method was used from.
        user_table!("sign_in_networks", "user_id", Goes::LoginMethod),
        // Digests of the tokens by which owners end all sessions.
        user_table!("sign_in_alerts", "user_id", Goes::LoginMethod).in_tenants(),
    ],
    jobs: &[
        ExpiryJob {
            name: "networks that nobody signs in from any more",
            every: Duration::from_secs(12 * 60 * 60),
            before_ms: |engine| {
                engine.clock.now_ms().saturating_sub(saturating_ms(NETWORKS_ARE_KEPT))
            },
            sql: "DELETE FROM sign_in_networks WHERE last_used_at < $1 \
                AND (app_id, user_id, network) IN \
                (SELECT app_id, user_id, network FROM sign_in_networks \
                 WHERE last_used_at < $1 ORDER BY last_used_at LIMIT 1000)",
        },
        ExpiryJob {
            name: "expired alerts of sign-ins",
            every: Duration::from_secs(60 * 60),
            before_ms: |engine| engine.clock.now_ms(),
            sql: "DELETE FROM sign_in_alerts WHERE (app_id, tenant_id, token) IN \
                (SELECT app_id, tenant_id, token FROM sign_in_alerts \
                 WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)",
        },
    ],
    ..Part::EMPTY
};
