//! `POST /recipe/accountlinking/user/unlink`

use auth_protocol::{
    AppId, RecipeUserId, TenantScope, UserId,
    accountlinking::{UnlinkAccount, UnlinkAccountResponse as Response},
    audit::AuditKind,
};

use super::membership::{Membership, end_sessions, own_id, set_time_joined};
use crate::{
    Engine, EngineError, Handle,
    audit::{Audit, Event},
    storage::{Tx, in_tx, params},
    tenancy::require_app,
    user::{self, counts, reservation},
};

const OTHERS: &str = "SELECT 1 FROM app_id_to_user_id \
    WHERE app_id = $1 AND primary_or_recipe_user_id = $2 AND user_id <> $3";

impl Handle<UnlinkAccount> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UnlinkAccount,
    ) -> Result<Response, EngineError> {
        let id = operation.recipe_user_id;
        let audit = self.audit();
        let body = in_tx!(scope, id, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let own = own_id(tx, &scope.app, &id.into()).await?;
            unlink(tx, &scope.app, own, &audit).await
        });
        self.store().write(body).await
    }
}

async fn unlink(
    tx: &mut Tx<'_>,
    app: &AppId,
    user_id: UserId,
    audit: &Audit,
) -> Result<Response, EngineError> {
    let id = &RecipeUserId::from(user_id.clone());
    let head = Membership::find(tx, app, &user_id).await?.primary;
    let row = Membership::lock(tx, app, &user_id, &head).await?;
    if !row.is_linked_or_primary {
        return Ok(Response::Ok { was_recipe_user_deleted: false, was_linked: false });
    }
    let head = row.primary;
    let has_others = tx.query_opt(OTHERS, params![app, head, user_id]).await?.is_some();
    let was_recipe_user_deleted = user_id == head && has_others;
    let gone = if was_recipe_user_deleted {
        // Its id is the others' user id.
        user::delete_member(tx, app, &head, &user_id).await?
    } else {
        stand_alone(tx, app, &head, id).await?
    };
    let ended = end_sessions(tx, app, id).await?;
    counts::settle(tx, app, &[&head, &user_id]).await?;
    let event = Event::succeeded(AuditKind::AccountUnlinked)
        .fact("sessions_ended", &ended)
        .fact("recipe_user_deleted", &was_recipe_user_deleted);
    if gone.is_empty() {
        let event = event.user(&head).detail("recipe_user", &user_id);
        audit.append_to_app(tx, app, event).await?;
    } else {
        audit.erase(tx, app, &gone, event.user(&user_id)).await?;
    }
    Ok(Response::Ok { was_recipe_user_deleted, was_linked: true })
}

async fn stand_alone(
    tx: &mut Tx<'_>,
    app: &AppId,
    head: &UserId,
    id: &RecipeUserId,
) -> Result<Vec<UserId>, EngineError> {
    const MEMBER: &str = "UPDATE app_id_to_user_id SET primary_or_recipe_user_id = user_id, \
        is_linked_or_is_a_primary_user = FALSE, primary_or_recipe_user_time_joined = time_joined \
        WHERE app_id = $1 AND user_id = $2";
    const INFOS: &str = "UPDATE recipe_user_account_infos SET primary_user_id = NULL \
        WHERE app_id = $1 AND recipe_user_id = $2";
    const IDENTITIES: &str =
        "DELETE FROM primary_user_tenants WHERE app_id = $1 AND primary_user_id = $2";
    const HAS_METHOD: &str = "SELECT 1 FROM app_id_to_user_id u \
        JOIN recipe_user_account_infos i ON i.app_id = u.app_id AND i.recipe_user_id = u.user_id \
        WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2";
    tx.execute(MEMBER, params![app, id]).await?;
    tx.execute(INFOS, params![app, id]).await?;
    if head.as_str() == id.as_str() {
        tx.execute(IDENTITIES, params![app, head]).await?;
        return Ok(Vec::new());
    }
    if tx.query_opt(HAS_METHOD, params![app, head]).await?.is_none() {
        // The group's id had outlived its own login method; now nobody needs it.
        counts::settle(tx, app, &[head, &id.clone().into()]).await?;
        return user::delete_group(tx, app, head, std::slice::from_ref(head)).await;
    }
    reservation::release_unused(tx, app, head).await?;
    set_time_joined(tx, app, head).await?;
    Ok(Vec::new())
}
