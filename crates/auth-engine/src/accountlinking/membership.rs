//! Whom a login method belongs to, and what stands in the way of a change.

use auth_protocol::{AppId, RecipeUserId, User, UserId};
use futures_util::future::BoxFuture;

use crate::{
    Engine, EngineError,
    storage::{Row, Tx, params},
    user::{self, IdentityKind, reservation},
    user_id_mapping::Known,
};

pub(super) const ALREADY_LINKED: &str = "This user ID is already linked to another user ID";

/// How often a write is tried that others come before.
const TRIES: usize = 10;

/// In the order of the ids, so that two who want the same rows don't wait for each other.
const LOCK: &str = "SELECT user_id, primary_or_recipe_user_id, is_linked_or_is_a_primary_user \
    FROM app_id_to_user_id WHERE app_id = $1 AND user_id IN ($2, $3) ORDER BY user_id FOR UPDATE";

const FIND: &str = "SELECT user_id, primary_or_recipe_user_id, is_linked_or_is_a_primary_user \
    FROM app_id_to_user_id WHERE app_id = $1 AND user_id = $2";

/// A login method's row.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    pub(super) id: UserId,
    pub(super) primary: UserId,
    pub(super) is_linked_or_primary: bool,
}

impl Membership {
    fn from_row(row: &Row) -> Result<Self, EngineError> {
        Ok(Self {
            id: row.get("user_id")?,
            primary: row.get("primary_or_recipe_user_id")?,
            is_linked_or_primary: row.get("is_linked_or_is_a_primary_user")?,
        })
    }

    /// Whether it belongs to a user other than itself.
    pub(super) fn is_linked(&self) -> bool {
        self.is_linked_or_primary && self.id != self.primary
    }

    /// The row of an id.
    pub(super) async fn find(
        tx: &mut Tx<'_>,
        app: &AppId,
        id: &UserId,
    ) -> Result<Self, EngineError> {
        let row = tx.query_opt(FIND, params![app, id]).await?.ok_or_else(unknown_user)?;
        Self::from_row(&row)
    }

    /// The row of an id, and that of the user it belongs to, locked until the transaction's end.
    pub(super) async fn lock(
        tx: &mut Tx<'_>,
        app: &AppId,
        id: &UserId,
        other: &UserId,
    ) -> Result<Self, EngineError> {
        let rows = tx.query(LOCK, params![app, id, other]).await?;
        let rows: Vec<Self> = rows.iter().map(Self::from_row).collect::<Result<_, _>>()?;
        rows.into_iter().find(|row| row.id == *id).ok_or_else(unknown_user)
    }
}

/// The core's own id of a login method that a caller names.
pub(super) async fn own_id(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
) -> Result<UserId, EngineError> {
    Known::by_any_id(tx, app, id).await?.map(|known| known.id).ok_or_else(unknown_user)
}

/// An identity that belongs to another primary user.
#[derive(Clone, Debug)]
pub(super) struct Conflict {
    /// As callers know it.
    pub(super) primary_user_id: UserId,
    pub(super) description: String,
}

/// What stands in the way of the login methods of a primary user and one more being one user:
/// another primary user with any of their identities in any of their tenants.
pub(super) async fn conflict(
    tx: &mut Tx<'_>,
    app: &AppId,
    primary: &UserId,
    joining: &RecipeUserId,
) -> Result<Option<Conflict>, EngineError> {
    const SQL: &str = "SELECT COALESCE(m.external_user_id, p.primary_user_id) AS shown_id, \
            p.account_info_type \
        FROM app_id_to_user_id u \
        JOIN recipe_user_account_infos i ON i.app_id = u.app_id AND i.recipe_user_id = u.user_id \
        JOIN app_id_to_user_id v ON v.app_id = u.app_id \
            AND (v.primary_or_recipe_user_id = $2 OR v.user_id = $3) \
        JOIN recipe_user_tenants t ON t.app_id = v.app_id AND t.recipe_user_id = v.user_id \
        JOIN primary_user_tenants p ON p.app_id = t.app_id AND p.tenant_id = t.tenant_id \
            AND p.account_info_type = i.account_info_type \
            AND p.account_info_value = i.account_info_value \
        LEFT JOIN userid_mapping m ON m.app_id = p.app_id \
            AND m.supertokens_user_id = p.primary_user_id \
        WHERE u.app_id = $1 AND (u.primary_or_recipe_user_id = $2 OR u.user_id = $3) \
            AND p.primary_user_id <> $2 \
        ORDER BY p.account_info_type, p.primary_user_id LIMIT 1";
    let Some(row) = tx.query_opt(SQL, params![app, primary, joining]).await? else {
        return Ok(None);
    };
    let kind = match row.get("account_info_type")? {
        IdentityKind::Email => "email",
        IdentityKind::Phone => "phone number",
        IdentityKind::ThirdParty => "third party login",
    };
    let description = format!("This user's {kind} is already associated with another user ID");
    Ok(Some(Conflict { primary_user_id: row.get("shown_id")?, description }))
}

/// Makes a login method a member of a primary user, or its head, and gives that user its
/// identities.
///
/// # Errors
/// A unique violation where another primary user got one of them meanwhile.
pub(super) async fn join(
    tx: &mut Tx<'_>,
    app: &AppId,
    primary: &UserId,
    id: &RecipeUserId,
) -> Result<(), EngineError> {
    const MEMBER: &str = "UPDATE app_id_to_user_id SET primary_or_recipe_user_id = $2, \
        is_linked_or_is_a_primary_user = TRUE WHERE app_id = $1 AND user_id = $3";
    const INFOS: &str = "UPDATE recipe_user_account_infos SET primary_user_id = $2 \
        WHERE app_id = $1 AND recipe_user_id = $3";
    tx.execute(MEMBER, params![app, primary, id]).await?;
    tx.execute(INFOS, params![app, primary, id]).await?;
    reservation::own_all(tx, app, primary).await?;
    set_time_joined(tx, app, primary).await
}

/// A user joined when the first of its login methods did.
pub(super) async fn set_time_joined(
    tx: &mut Tx<'_>,
    app: &AppId,
    primary: &UserId,
) -> Result<(), EngineError> {
    const SQL: &str = "UPDATE app_id_to_user_id SET primary_or_recipe_user_time_joined = \
        (SELECT MIN(g.time_joined) FROM app_id_to_user_id g \
         WHERE g.app_id = $1 AND g.primary_or_recipe_user_id = $2) \
        WHERE app_id = $1 AND primary_or_recipe_user_id = $2";
    tx.execute(SQL, params![app, primary]).await?;
    Ok(())
}

/// Ends the sessions of a login method: they name the user that it belonged to until now.
pub(super) async fn end_sessions(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &RecipeUserId,
) -> Result<u64, EngineError> {
    const SQL: &str = "DELETE FROM session_info WHERE app_id = $1 AND user_id = $2";
    tx.execute(SQL, params![app, id]).await
}

/// A user by the core's own id, as callers know it.
pub(super) async fn complete(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
) -> Result<User, EngineError> {
    user::find(tx, app, id)
        .await?
        .map(|(_, user)| user)
        .ok_or_else(|| EngineError::BadRequest("The user has no login method any more".to_owned()))
}

/// Runs a transaction, and again where another one got an identity first: then that one's rows are
/// there, so that what is found is an answer.
pub(crate) async fn write<T, F>(engine: &Engine, body: F) -> Result<T, EngineError>
where
    T: Send + 'static,
    F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>>,
    F: Clone + Send + Sync + 'static,
{
    let mut result = engine.store().write(body.clone()).await;
    for _ in 1..TRIES {
        match &result {
            Err(error) if error.is_unique_violation() => {
                result = engine.store().write(body.clone()).await;
            }
            _ => break,
        }
    }
    result
}

fn unknown_user() -> EngineError {
    EngineError::BadRequest("Unknown user ID provided".to_owned())
}
