//! What the engine must know of this recipe.

use crate::{
    parts::{Goes, Part, Table, user_table},
    storage::Migration,
};

pub(crate) const PART: Part = Part {
    migrations: &[Migration {
        version: 5,
        name: "roles and permissions",
        sql: include_str!("0005_user_roles.sql"),
    }],
    tables: &[
        // The roles of each app.
        Table::of_apps("roles"),
        // The permissions of each role.
        Table::of_apps("role_permissions"),
        // The roles of each user in a tenant; they go with the role.
        user_table!("user_roles", "user_id", Goes::ChosenId).in_tenants().in_use_as("UserRoles"),
    ],
    ..Part::EMPTY
};
