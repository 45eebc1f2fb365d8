//! Whose rows a table has.

use auth_protocol::CdiVersion;

/// A table of a part.
pub(crate) struct Table {
    #[cfg_attr(not(test), allow(dead_code, reason = "held against the schema by the tests"))]
    pub(crate) name: &'static str,
    pub(crate) rows: Rows,
}

/// Whose the rows of a table are.
pub(crate) enum Rows {
    /// An app's, or nobody's.
    App,
    /// A tenant's, and of no user whom they name by an id.
    Tenant {
        /// Why something that a user is known by may stay in it when the user is deleted.
        #[cfg_attr(not(test), allow(dead_code, reason = "held against the schema by the tests"))]
        outlive_users: Option<&'static str>,
    },
    /// Users'.
    User(UserRows),
}

/// The rows of users in a table. In the statements `$1` is the app and `$2` the user's id.
pub(crate) struct UserRows {
    /// The column in which the user's id is.
    #[cfg_attr(not(test), allow(dead_code, reason = "held against the schema by the tests"))]
    pub(crate) column: &'static str,
    pub(crate) goes: Goes,
    /// Deletes a user's rows.
    pub(crate) delete: &'static str,
    /// Whether each row is of one tenant.
    pub(crate) in_tenants: bool,
    /// Deletes a user's rows in a tenant, `$3`, where rows are of one.
    pub(crate) delete_in_tenant: &'static str,
    /// Finds whether there is one.
    pub(crate) find: &'static str,
    /// Gives what was kept under an id that the core didn't know, `$3`, to the user, `$2`, that is
    /// mapped to it.
    pub(crate) adopt: &'static [&'static str],
    /// Set where the rows keep a user's id from being mapped.
    pub(crate) in_use: Option<InUse>,
}

/// Under which id of a user rows are kept, and when they go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goes {
    /// Under the core's own id of a login method, until nobody can sign in by that any more; the id
    /// may stay as that of a group.
    LoginMethod,
    /// Under the core's own id, until nobody is known by it.
    OwnId,
    /// Under the core's own id: they go with another row, by a foreign key, or are that row.
    OtherRow,
    /// Under whatever id a caller chose, known to the core or not, until the user is gone that has
    /// it.
    ChosenId,
    /// Under any id. The rows stay: the audit log takes out of them what tells of the user.
    Erased,
}

/// How a mapping is refused for the sake of rows that it would hide.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InUse {
    /// The recipe as refusals name it.
    pub(crate) recipe: &'static str,
    /// From which version on they are no reason by themselves.
    pub(crate) allowed_alone_from: Option<CdiVersion>,
}

impl Table {
    /// A table of apps.
    pub(crate) const fn of_apps(name: &'static str) -> Self {
        Self { name, rows: Rows::App }
    }

    /// A table of tenants, in which nothing of a user may stay who is deleted.
    pub(crate) const fn of_tenants(name: &'static str) -> Self {
        Self { name, rows: Rows::Tenant { outlive_users: None } }
    }

    /// A table of tenants, with the reason why rows may stay that tell of a user who is deleted.
    pub(crate) const fn of_tenants_outliving(name: &'static str, reason: &'static str) -> Self {
        Self { name, rows: Rows::Tenant { outlive_users: Some(reason) } }
    }

    /// The same table, each of whose rows is of one tenant: it goes when the user leaves that.
    pub(crate) const fn in_tenants(mut self) -> Self {
        if let Rows::User(rows) = &mut self.rows {
            rows.in_tenants = true;
        }
        self
    }

    /// The same table, whose rows are given to a user by these statements when an id is mapped.
    pub(crate) const fn adopted_by(mut self, statements: &'static [&'static str]) -> Self {
        if let Rows::User(rows) = &mut self.rows {
            rows.adopt = statements;
        }
        self
    }

    /// The same table, whose rows keep an id from being mapped.
    pub(crate) const fn in_use_as(mut self, recipe: &'static str) -> Self {
        if let Rows::User(rows) = &mut self.rows {
            rows.in_use = Some(InUse { recipe, allowed_alone_from: None });
        }
        self
    }

    /// The same table, whose rows don't do so by themselves from a version on.
    pub(crate) const fn allowed_alone_from(mut self, version: CdiVersion) -> Self {
        if let Rows::User(UserRows { in_use: Some(in_use), .. }) = &mut self.rows {
            in_use.allowed_alone_from = Some(version);
        }
        self
    }
}

/// A table of users: its name, the column of their ids, and when the rows go.
/// `user_table!("user_roles", "user_id", Goes::ChosenId)` writes its statements, such as
/// `DELETE FROM user_roles WHERE app_id = $1 AND user_id = $2`.
macro_rules! user_table {
    ($name:literal, $column:literal, $goes:expr) => {
        $crate::parts::Table {
            name: $name,
            rows: $crate::parts::Rows::User($crate::parts::UserRows {
                column: $column,
                goes: $goes,
                delete: concat!("DELETE FROM ", $name, " WHERE app_id = $1 AND ", $column, " = $2"),
                in_tenants: false,
                delete_in_tenant: concat!(
                    "DELETE FROM ",
                    $name,
                    " WHERE app_id = $1 AND ",
                    $column,
                    " = $2 AND tenant_id = $3"
                ),
                find: concat!(
                    "SELECT 1 FROM ",
                    $name,
                    " WHERE app_id = $1 AND ",
                    $column,
                    " = $2 LIMIT 1"
                ),
                adopt: &[],
                in_use: None,
            }),
        }
    };
}
pub(crate) use user_table;
