//! What the engine must know of this recipe.

use std::time::Duration;

use auth_protocol::RecipeId;

use crate::{
    jobs::ExpiryJob,
    parts::{LoginMethods, Part, Table},
    storage::Migration,
    user::IdentityKind,
};

pub(crate) const PART: Part = Part {
    migrations: &[
        Migration {
            version: 3,
            name: "passwordless devices and codes",
            sql: include_str!("0003_devices_and_codes.sql"),
        },
        Migration {
            version: 7,
            name: "one good code of a device, and what a contact has used of its budgets",
            sql: include_str!("0007_code_budgets.sql"),
        },
    ],
    tables: &[
        // Browsers that requested codes: digests of their ids, whom the codes are for, and how many
        // wrong ones were typed in.
        Table::of_tenants("passwordless_devices"),
        // Digests of the codes that may still be used.
        Table::of_tenants("passwordless_codes"),
    ],
    jobs: &[ExpiryJob {
        name: "passwordless devices with only expired codes",
        every: Duration::from_secs(60 * 60),
        before_ms: |engine| engine.clock.now_ms(),
        // The outer condition is for a device that gets a new code meanwhile.
        sql: "DELETE FROM passwordless_devices WHERE expires_at < $1 \
                AND (app_id, tenant_id, device_id_hash) IN \
                (SELECT app_id, tenant_id, device_id_hash FROM passwordless_devices \
                 WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)",
    }],
    login: Some(LoginMethods {
        recipe: RecipeId::Passwordless,
        identities: &[IdentityKind::Email, IdentityKind::Phone],
        // A phone number gets here only by a code that was sent to it.
        proved: &[IdentityKind::Phone],
    }),
    // A code that was sent to a user who is gone would make a new one.
    duties: &[],
    before_deletion: &["DELETE FROM passwordless_devices WHERE app_id = $1 \
        AND (tenant_id, account_info_type, account_info_value) IN \
            (SELECT t.tenant_id, t.account_info_type, t.account_info_value \
             FROM recipe_user_tenants t WHERE t.app_id = $1 AND t.recipe_user_id = $2 \
                AND t.recipe_id = 'passwordless')"],
};
