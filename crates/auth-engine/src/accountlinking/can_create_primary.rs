//! `GET /recipe/accountlinking/user/primary/check`

use auth_protocol::{
    TenantScope,
    accountlinking::{CanCreatePrimaryUser, CanCreatePrimaryUserResponse as Response},
};

use super::membership::{ALREADY_LINKED, Conflict, Membership, conflict, own_id};
use crate::{
    Engine, EngineError, Handle, storage::in_tx, tenancy::require_app, user_id_mapping::shown,
};

impl Handle<CanCreatePrimaryUser> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CanCreatePrimaryUser,
    ) -> Result<Response, EngineError> {
        let id = operation.recipe_user_id;
        let body = in_tx!(scope, id, |tx| {
            require_app(tx, &scope.app).await?;
            let user_id = own_id(tx, &scope.app, &id.into()).await?;
            let row = Membership::find(tx, &scope.app, &user_id).await?;
            if row.is_linked() {
                return Ok(Response::RecipeUserIdAlreadyLinkedWithPrimaryUserIdError {
                    primary_user_id: shown(tx, &scope.app, row.primary).await?,
                    description: ALREADY_LINKED.to_owned(),
                });
            }
            if row.is_linked_or_primary {
                return Ok(Response::Ok { was_already_a_primary_user: true });
            }
            Ok(match conflict(tx, &scope.app, &user_id, &user_id.clone().into()).await? {
                Some(Conflict { primary_user_id, description }) => {
                    Response::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError {
                        primary_user_id,
                        description,
                    }
                }
                None => Response::Ok { was_already_a_primary_user: false },
            })
        });
        self.store().read(body).await
    }
}
