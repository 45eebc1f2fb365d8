//! What the engine must know of each of its parts: a recipe, or something that several share.
//!
//! A part says it itself, in its own folder, as a [`Part`]. The migrations, the expiry jobs, the
//! deletion and the mapping of users, and the code that puts users together go through [`PARTS`] and
//! name no recipe.

mod table;
#[cfg(test)]
mod tests;

use auth_protocol::RecipeId;

pub(crate) use self::table::{Goes, InUse, Rows, Table, UserRows, user_table};
use crate::{
    activity, attempts, audit, emailpassword, emailverification,
    jobs::{Duty, ExpiryJob},
    keys, limits, multitenancy, passwordless, recoverycode, session, signinalerts,
    storage::Migration,
    thirdparty, totp, user,
    user::IdentityKind,
    user_id_mapping, usermetadata, userroles, webauthn,
};

/// Every part. Where several have data of a user, a refusal names the first.
pub(crate) const PARTS: &[&Part] = &[
    &multitenancy::PART,
    &user::PART,
    &user_id_mapping::PART,
    &activity::PART,
    &emailpassword::PART,
    &passwordless::PART,
    &thirdparty::PART,
    &webauthn::PART,
    &session::PART,
    &usermetadata::PART,
    &userroles::PART,
    &emailverification::PART,
    &attempts::PART,
    &totp::PART,
    &recoverycode::PART,
    &keys::PART,
    &audit::PART,
    &limits::PART,
    &signinalerts::PART,
];

/// What a part says of itself.
pub(crate) struct Part {
    /// The steps of the schema that it brings.
    pub(crate) migrations: &'static [Migration],
    /// Every table that it has, whichever migration made it.
    pub(crate) tables: &'static [Table],
    /// What it tidies up while the engine runs.
    pub(crate) jobs: &'static [ExpiryJob],
    /// What else it does while the engine runs.
    pub(crate) duties: &'static [Duty],
    /// The login methods that it adds.
    pub(crate) login: Option<LoginMethods>,
    /// Statements about a login method (`$1` the app, `$2` its own id) that is about to be deleted;
    /// its rows are all still there.
    pub(crate) before_deletion: &'static [&'static str],
}

impl Part {
    /// A part that has nothing.
    pub(crate) const EMPTY: Self = Self {
        migrations: &[],
        tables: &[],
        jobs: &[],
        duties: &[],
        login: None,
        before_deletion: &[],
    };
}

/// The login methods of a recipe.
pub(crate) struct LoginMethods {
    pub(crate) recipe: RecipeId,
    /// What may identify one.
    pub(crate) identities: &'static [IdentityKind],
    /// Those of them that no login method gets before it has proved them.
    pub(crate) proved: &'static [IdentityKind],
}

impl LoginMethods {
    /// The login methods of a recipe, if a part adds them.
    pub(crate) fn of(recipe: RecipeId) -> Option<&'static Self> {
        Self::all().find(|login| login.recipe == recipe)
    }

    /// Those of every part that adds some.
    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        PARTS.iter().filter_map(|part| part.login.as_ref())
    }
}

/// Every table.
pub(crate) fn tables() -> impl Iterator<Item = &'static Table> {
    PARTS.iter().flat_map(|part| part.tables)
}

/// Every table that has rows of users.
pub(crate) fn tables_of_users() -> impl Iterator<Item = &'static UserRows> {
    tables().filter_map(|table| match &table.rows {
        Rows::User(rows) => Some(rows),
        Rows::App | Rows::Tenant { .. } => None,
    })
}
