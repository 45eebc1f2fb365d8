//! What the engine must know of apps and tenants.

use crate::{
    parts::{Part, Table},
    storage::Migration,
};

pub(crate) const PART: Part = Part {
    migrations: &[
        Migration {
            version: 1,
            name: "users, passwords, sessions, keys and metadata",
            // Of several parts, from before there were any.
            sql: include_str!("../storage/migrations/0001_first.sql"),
        },
        Migration {
            version: 12,
            name: "what is set for tenants",
            sql: include_str!("0012_tenants.sql"),
        },
    ],
    tables: &[
        // The apps; `public` from the start.
        Table::of_apps("apps"),
        // The tenants of each app; `public` from the start.
        Table::of_tenants("tenants"),
        // Single values of a tenant, such as the key that seals refresh tokens.
        Table::of_tenants("key_value"),
        // What is set for a tenant, and its third parties.
        Table::of_tenants("tenant_configs"),
        Table::of_tenants("tenant_third_parties"),
        // How often any of this was changed.
        Table::of_apps("tenant_changes"),
    ],
    ..Part::EMPTY
};
