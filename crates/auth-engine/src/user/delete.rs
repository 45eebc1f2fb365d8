//! `POST /user/remove`

use auth_protocol::{
    AppId, TenantScope, UserId,
    user::{DeleteUser, DeleteUserResponse},
};

use super::reservation;
use crate::{
    Engine, EngineError, Handle,
    storage::{Tx, in_tx, params},
    tenancy::require_app,
    useridmapping::{Known, ids_of_data},
};

const SESSIONS: &str = "DELETE FROM session_info WHERE app_id = $1 AND user_id = $2";

/// What the core keeps about a user outside of its login methods, by its own id.
const OWN_DATA: [&str; 3] = [
    SESSIONS,
    "DELETE FROM emailverification_verified_emails WHERE app_id = $1 AND user_id = $2",
    "DELETE FROM user_last_active WHERE app_id = $1 AND user_id = $2",
];

/// What is kept under the id that a caller chose.
const CHOSEN_DATA: [&str; 5] = [
    "DELETE FROM user_roles WHERE app_id = $1 AND user_id = $2",
    "DELETE FROM user_metadata WHERE app_id = $1 AND user_id = $2",
    "DELETE FROM totp_user_devices WHERE app_id = $1 AND user_id = $2",
    "DELETE FROM recovery_codes WHERE app_id = $1 AND user_id = $2",
    "DELETE FROM second_factor_attempts WHERE app_id = $1 AND user_id = $2",
];

/// The login methods of a user that still have an identity.
const LOCK_GROUP: &str = "SELECT u.user_id, EXISTS (SELECT 1 FROM recipe_user_account_infos i \
    WHERE i.app_id = u.app_id AND i.recipe_user_id = u.user_id) \
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
                // the application knows (CDI 5.4).
                return Ok(DeleteUserResponse::Ok);
            };
            let mut group: Vec<UserId> = Vec::new();
            let mut others_remain = false;
            for row in tx.query(LOCK_GROUP, params![app, primary]).await? {
                let member: UserId = row.get(0)?;
                others_remain |= member != id && row.get::<bool>(1)?;
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

/// Deletes what is kept about a user of the core outside of its login methods.
async fn delete_other_data(tx: &mut Tx<'_>, app: &AppId, id: &UserId) -> Result<(), EngineError> {
    delete_own_data(tx, app, id).await?;
    for chosen in ids_of_data(tx, app, id).await? {
        delete_chosen_data(tx, app, &chosen).await?;
    }
    Ok(())
}

async fn delete_own_data(tx: &mut Tx<'_>, app: &AppId, id: &UserId) -> Result<(), EngineError> {
    for sql in OWN_DATA {
        tx.execute(sql, params![app, id]).await?;
    }
    Ok(())
}

async fn delete_chosen_data(tx: &mut Tx<'_>, app: &AppId, id: &UserId) -> Result<(), EngineError> {
    for sql in CHOSEN_DATA {
        tx.execute(sql, params![app, id]).await?;
    }
    Ok(())
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
        delete_other_data(tx, app, id).await?;
        delete_identities(tx, app, id).await?;
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
    const HASH: &str = "DELETE FROM emailpassword_users WHERE app_id = $1 AND user_id = $2";
    const ROW: &str = "DELETE FROM app_id_to_user_id WHERE app_id = $1 AND user_id = $2";
    delete_identities(tx, app, id).await?;
    reservation::release_unused(tx, app, primary).await?;
    tx.execute(HASH, params![app, id]).await?;
    if id == primary {
        // The id stays, as the others' user id, but nobody signs in by it any more.
        tx.execute(SESSIONS, params![app, id]).await?;
        return Ok(());
    }
    delete_other_data(tx, app, id).await?;
    tx.execute(ROW, params![app, id]).await?;
    Ok(())
}

async fn delete_identities(tx: &mut Tx<'_>, app: &AppId, id: &UserId) -> Result<(), EngineError> {
    const TENANTS: &str =
        "DELETE FROM recipe_user_tenants WHERE app_id = $1 AND recipe_user_id = $2";
    // A code that was sent to a user who is gone would make a new one.
    const DEVICES: &str = "DELETE FROM passwordless_devices WHERE app_id = $1 \
        AND (tenant_id, account_info_type, account_info_value) IN \
            (SELECT t.tenant_id, t.account_info_type, t.account_info_value \
             FROM recipe_user_tenants t WHERE t.app_id = $1 AND t.recipe_user_id = $2 \
                AND t.recipe_id = 'passwordless')";
    const INFOS: &str =
        "DELETE FROM recipe_user_account_infos WHERE app_id = $1 AND recipe_user_id = $2";
    tx.execute(DEVICES, params![app, id]).await?;
    tx.execute(TENANTS, params![app, id]).await?;
    tx.execute(INFOS, params![app, id]).await?;
    Ok(())
}
