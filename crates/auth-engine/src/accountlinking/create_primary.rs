//! `POST /recipe/accountlinking/user/primary`

use auth_protocol::{
    RecipeUserId, TenantScope, UserId,
    accountlinking::{CreatePrimaryUser, CreatePrimaryUserResponse as Response},
};

use super::membership::{ALREADY_LINKED, Conflict, Membership, conflict, join, write};
use crate::{
    Engine, EngineError, Handle, activity,
    storage::{Tx, in_tx},
    tenancy::require_app,
    user,
};

impl Handle<CreatePrimaryUser> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreatePrimaryUser,
    ) -> Result<Response, EngineError> {
        let id = operation.recipe_user_id;
        let now_ms = self.clock().now_ms();
        let due = self.activity().is_due(&scope.app, &UserId::from(id.clone()), now_ms);
        let body = in_tx!(scope, id, |tx| {
            require_app(tx, &scope.app).await?;
            let response = create(tx, &scope, &id).await?;
            if due && matches!(response, Response::Ok { .. }) {
                activity::touch(tx, &scope.app, &id.into(), now_ms).await?;
            }
            Ok(response)
        });
        write(self, body).await
    }
}

async fn create(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    id: &RecipeUserId,
) -> Result<Response, EngineError> {
    let app = &scope.app;
    let user_id = UserId::from(id.clone());
    let row = Membership::lock(tx, app, &user_id, &user_id).await?;
    if row.is_linked() {
        return Ok(Response::RecipeUserIdAlreadyLinkedWithPrimaryUserIdError {
            primary_user_id: row.primary,
            description: ALREADY_LINKED.to_owned(),
        });
    }
    let was_already_a_primary_user = row.is_linked_or_primary;
    if !was_already_a_primary_user {
        if let Some(found) = conflict(tx, app, &user_id, id).await? {
            let Conflict { primary_user_id, description } = found;
            return Ok(Response::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError {
                primary_user_id,
                description,
            });
        }
        join(tx, app, &user_id, id).await?;
    }
    let user = user::find(tx, app, &user_id).await?.ok_or_else(|| {
        EngineError::BadRequest("The user has no login method any more".to_owned())
    })?;
    Ok(Response::Ok { user, was_already_a_primary_user })
}
