//! `POST /recipe/accountlinking/user/primary`

use auth_protocol::{
    AppId, RecipeUserId, TenantScope, UserId,
    accountlinking::{CreatePrimaryUser, CreatePrimaryUserResponse as Response},
    audit::AuditKind,
};

use super::membership::{
    ALREADY_LINKED, Conflict, Membership, complete, conflict, join, own_id, write,
};
use crate::{
    Engine, EngineError, Handle, activity,
    audit::Event,
    storage::{Tx, in_tx},
    tenancy::require_app,
    user_id_mapping::shown,
};

impl Handle<CreatePrimaryUser> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreatePrimaryUser,
    ) -> Result<Response, EngineError> {
        let id = operation.recipe_user_id;
        let now_ms = self.clock().now_ms();
        let engine = self.clone();
        let audit = self.audit();
        let body = in_tx!(scope, engine, id, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let own = own_id(tx, &scope.app, &id.into()).await?;
            let response = create(tx, &scope.app, &own).await?;
            if matches!(response, Response::Ok { .. })
                && engine.activity().is_due(&scope.app, &own, now_ms)
            {
                activity::touch(tx, &scope.app, &own, now_ms).await?;
            }
            if let Response::Ok { was_already_a_primary_user: false, .. } = &response {
                let event = Event::succeeded(AuditKind::PrimaryUserCreated).user(&own);
                audit.append_to_app(tx, &scope.app, event).await?;
            }
            Ok(response)
        });
        write(self, body).await
    }
}

async fn create(tx: &mut Tx<'_>, app: &AppId, user_id: &UserId) -> Result<Response, EngineError> {
    let id = &RecipeUserId::from(user_id.clone());
    let row = Membership::lock(tx, app, user_id, user_id).await?;
    if row.is_linked() {
        return Ok(Response::RecipeUserIdAlreadyLinkedWithPrimaryUserIdError {
            primary_user_id: shown(tx, app, row.primary).await?,
            description: ALREADY_LINKED.to_owned(),
        });
    }
    let was_already_a_primary_user = row.is_linked_or_primary;
    if !was_already_a_primary_user {
        if let Some(found) = conflict(tx, app, user_id, id).await? {
            let Conflict { primary_user_id, description } = found;
            return Ok(Response::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError {
                primary_user_id,
                description,
            });
        }
        join(tx, app, user_id, id).await?;
    }
    let user = complete(tx, app, user_id).await?;
    Ok(Response::Ok { user, was_already_a_primary_user })
}
