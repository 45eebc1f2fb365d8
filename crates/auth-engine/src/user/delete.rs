//! `POST /user/remove`

use auth_protocol::{
    AppId, TenantScope, UserId,
    user::{DeleteUser, DeleteUserResponse},
};

use super::reservation;
use crate::{
    Engine, EngineError, Handle,
    parts::{Goes, PARTS, tables_of_users},
    storage::{Tx, in_tx, params},
    tenancy::require_app,
    user_id_mapping::{Known, ids_of_data},
};

/// The login methods of a user that still have an identity.
const LOCK_GROUP: &str = "SELECT u.user_id, EXISTS (SELECT 1 FROM recipe_user_account_infos i \
    WHERE i.app_id = u.app_id AND i.recipe_user_id = u.user_id) AS has_identity \
    FROM app_id_to_user_id u WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2 \
    ORDER BY u.user_id FOR UPDATE";

impl Handle<DeleteUser> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: DeleteUser,
    ) -> Result<DeleteUserResponse, EngineError> {
        let body = in_tx!(scope, operation, |tx| {
            require_app(tx, &scope.app).await?;
            let (app, id) = (&scope.app, &operation.user_id);
            let Some(Known { id, primary, .. }) = Known::by_any_id(tx, app, id).await? else {
                // Sessions and data under an id that the core doesn't know are of somebody whom
                // the application knows (CDI §5.4).
                return Ok(DeleteUserResponse::Ok);
            };
            let mut group: Vec<UserId> = Vec::new();
            let mut others_remain = false;
            for row in tx.query(LOCK_GROUP, params![app, primary]).await? {
                let member: UserId = row.get("user_id")?;
                others_remain |= member != id && row.get::<bool>("has_identity")?;
                group.push(member);
            }
            if others_remain && !operation.remove_all_linked_accounts {
                delete_member(tx, app, &primary, &id).await?;
            } else {
                delete_group(tx, app, &primary, &group).await?;
            }
            Ok(DeleteUserResponse::Ok)
        });
        self.store().write(body).await
    }
}

/// Deletes every login method of a user, and the user.
pub(crate) async fn delete_group(
    tx: &mut Tx<'_>,
    app: &AppId,
    primary: &UserId,
    group: &[UserId],
) -> Result<(), EngineError> {
    // In one statement, because the members refer to their head.
    const SQL: &str =
        "DELETE FROM app_id_to_user_id WHERE app_id = $1 AND primary_or_recipe_user_id = $2";
    for id in group {
        end_login_method(tx, app, id).await?;
        forget(tx, app, id).await?;
    }
    tx.execute(SQL, params![app, primary]).await?;
    Ok(())
}

/// Deletes one login method of several. The head's own row stays, as it is the group's id.
pub(crate) async fn delete_member(
    tx: &mut Tx<'_>,
    app: &AppId,
    primary: &UserId,
    id: &UserId,
) -> Result<(), EngineError> {
    const SQL: &str = "DELETE FROM app_id_to_user_id WHERE app_id = $1 AND user_id = $2";
    end_login_method(tx, app, id).await?;
    reservation::release_unused(tx, app, primary).await?;
    if id == primary {
        return Ok(());
    }
    forget(tx, app, id).await?;
    tx.execute(SQL, params![app, id]).await?;
    Ok(())
}

/// Deletes what is there to sign in by a login method, and what came of it.
async fn end_login_method(tx: &mut Tx<'_>, app: &AppId, id: &UserId) -> Result<(), EngineError> {
    for sql in PARTS.iter().flat_map(|part| part.before_deletion) {
        tx.execute(sql, params![app, id]).await?;
    }
    delete_rows(tx, app, id, Goes::LoginMethod).await
}

/// Deletes what is kept about a user outside of its login methods.
async fn forget(tx: &mut Tx<'_>, app: &AppId, id: &UserId) -> Result<(), EngineError> {
    delete_rows(tx, app, id, Goes::OwnId).await?;
    for chosen in ids_of_data(tx, app, id).await? {
        delete_rows(tx, app, &chosen, Goes::ChosenId).await?;
    }
    Ok(())
}

async fn delete_rows(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
    goes: Goes,
) -> Result<(), EngineError> {
    for rows in tables_of_users().filter(|rows| rows.goes == goes) {
        tx.execute(rows.delete, params![app, id]).await?;
    }
    Ok(())
}
