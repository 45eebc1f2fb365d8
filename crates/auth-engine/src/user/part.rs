//! What the engine must know of the users themselves.

use crate::{
    parts::{Goes, Part, Table, user_table},
    storage::Migration,
};

pub(crate) const PART: Part = Part {
    migrations: &[Migration {
        version: 14,
        name: "users of tenants, their number, and what a search reads",
        sql: include_str!("0014_users_of_tenants.sql"),
    }],
    tables: &[
        // One row for each login method: its recipe, its user, and when both joined. The row that is
        // locked when a user changes.
        user_table!("app_id_to_user_id", "user_id", Goes::OtherRow),
        // Reservations: the identities of each login method in each tenant that it works in. The
        // primary key makes an identity unique in its recipe and tenant.
        user_table!("recipe_user_tenants", "recipe_user_id", Goes::LoginMethod).in_tenants(),
        // The same once for each login method.
        user_table!("recipe_user_account_infos", "recipe_user_id", Goes::LoginMethod),
        // Which primary user owns an identity in a tenant.
        user_table!("primary_user_tenants", "primary_user_id", Goes::OtherRow),
        // The users of each tenant with the recipes of their login methods there, for lists.
        user_table!("tenant_users", "user_id", Goes::OtherRow),
        // How many users there are, by recipes.
        Table::of_tenants("user_counts"),
    ],
    ..Part::EMPTY
};
