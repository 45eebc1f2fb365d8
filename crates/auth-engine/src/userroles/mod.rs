//! Roles of users, and permissions of roles.

mod add_role;
mod create_role;
mod delete_role;
mod list_roles;
mod names;
mod part;
mod permissions_of_role;
mod remove_permissions;
mod remove_user_role;
mod roles_of_user;
mod roles_with_permission;
mod users_of_role;

use auth_protocol::AppId;

pub(crate) use self::part::PART;
use crate::{
    EngineError,
    storage::{Row, Tx, params},
};

/// A role's name as it is stored.
///
/// # Errors
/// It is none.
pub(crate) fn role_name(text: &str) -> Result<String, EngineError> {
    names::name("role", text)
}

/// Whether the app has the role, which is then locked: it stays until the transaction ends.
async fn exists(tx: &mut Tx<'_>, app: &AppId, role: &str) -> Result<bool, EngineError> {
    const SQL: &str = "SELECT 1 FROM roles WHERE app_id = $1 AND role = $2 FOR UPDATE";
    Ok(tx.query_opt(SQL, params![app, role]).await?.is_some())
}

/// One column of every row.
fn texts(rows: &[Row], column: &str) -> Result<Vec<String>, EngineError> {
    rows.iter().map(|row| row.get(column)).collect()
}
