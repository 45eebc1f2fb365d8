//! `GET /recipe/accountlinking/user/link/check`

use auth_protocol::{
    TenantScope,
    accountlinking::{CanLinkAccounts, CanLinkAccountsResponse as Response},
};

use super::membership::{ALREADY_LINKED, Conflict, Membership, conflict, own_id};
use crate::{
    Engine, EngineError, Handle, storage::in_tx, tenancy::require_app, user_id_mapping::shown,
};

impl Handle<CanLinkAccounts> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CanLinkAccounts,
    ) -> Result<Response, EngineError> {
        let body = in_tx!(scope, operation, |tx| {
            require_app(tx, &scope.app).await?;
            let app = &scope.app;
            let head = own_id(tx, app, &operation.primary_user_id).await?;
            let target = Membership::find(tx, app, &head).await?;
            let id = own_id(tx, app, &operation.recipe_user_id.into()).await?;
            if !target.is_linked_or_primary {
                return Ok(Response::InputUserIsNotAPrimaryUser);
            }
            let row = Membership::find(tx, app, &id).await?;
            if row.is_linked_or_primary {
                return Ok(match row.primary == target.primary {
                    true => Response::Ok { accounts_already_linked: true },
                    false => Response::RecipeUserIdAlreadyLinkedWithAnotherPrimaryUserIdError {
                        primary_user_id: shown(tx, app, row.primary).await?,
                        description: ALREADY_LINKED.to_owned(),
                    },
                });
            }
            Ok(match conflict(tx, app, &target.primary, &id.into()).await? {
                Some(Conflict { primary_user_id, description }) => {
                    Response::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError {
                        primary_user_id,
                        description,
                    }
                }
                None => Response::Ok { accounts_already_linked: false },
            })
        });
        self.store().read(body).await
    }
}
