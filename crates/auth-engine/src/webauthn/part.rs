//! What the engine must know of this recipe.

use std::time::Duration;

use auth_protocol::RecipeId;

use crate::{
    jobs::ExpiryJob,
    parts::{Goes, LoginMethods, Part, Table, user_table},
    storage::Migration,
    user::IdentityKind,
};

const HOUR: Duration = Duration::from_secs(60 * 60);

pub(crate) const PART: Part = Part {
    migrations: &[
        Migration { version: 15, name: "passkeys", sql: include_str!("0015_passkeys.sql") },
        Migration {
            version: 16,
            name: "names of passkeys, and related origins",
            sql: include_str!("0016_names_and_related_origins.sql"),
        },
    ],
    tables: &[
        // Passkeys and their names; before their login methods, whom their rows refer to.
        user_table!("webauthn_credentials", "user_id", Goes::LoginMethod),
        // Address and site of a login method.
        user_table!("webauthn_users", "user_id", Goes::LoginMethod),
        // Digests of the recovery tokens that may still be used.
        user_table!("webauthn_account_recovery_tokens", "user_id", Goes::LoginMethod).in_tenants(),
        // Challenges that browsers were given.
        Table::of_tenants_outliving(
            "webauthn_generated_options",
            "whoever typed an address asked for them; they expire within minutes",
        ),
    ],
    jobs: &[
        ExpiryJob {
            name: "expired options of passkeys",
            every: HOUR,
            before_ms: |engine| engine.clock.now_ms(),
            sql: "DELETE FROM webauthn_generated_options WHERE (app_id, tenant_id, id) IN \
                (SELECT app_id, tenant_id, id FROM webauthn_generated_options \
                 WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)",
        },
        ExpiryJob {
            name: "expired passkey recovery tokens",
            every: HOUR,
            before_ms: |engine| engine.clock.now_ms(),
            sql: "DELETE FROM webauthn_account_recovery_tokens \
                WHERE (app_id, tenant_id, token) IN \
                (SELECT app_id, tenant_id, token FROM webauthn_account_recovery_tokens \
                 WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)",
        },
    ],
    login: Some(LoginMethods {
        recipe: RecipeId::Webauthn,
        identities: &[IdentityKind::Email],
        proved: &[],
    }),
    ..Part::EMPTY
};
