//! `GET /recipe/accountlinking/user/link/check`

use auth_protocol::{
    TenantScope, UserId,
    accountlinking::{CanLinkAccounts, CanLinkAccountsResponse as Response},
};

use super::membership::{ALREADY_LINKED, Conflict, Membership, conflict};
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_app};

impl Handle<CanLinkAccounts> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CanLinkAccounts,
    ) -> Result<Response, EngineError> {
        let body = in_tx!(scope, operation, |tx| {
            require_app(tx, &scope.app).await?;
            let CanLinkAccounts { recipe_user_id: id, primary_user_id } = &operation;
            let target = Membership::find(tx, &scope.app, primary_user_id).await?;
            if !target.is_linked_or_primary {
                return Ok(Response::InputUserIsNotAPrimaryUser);
            }
            let row = Membership::find(tx, &scope.app, &UserId::from(id.clone())).await?;
            if row.is_linked_or_primary {
                return Ok(match row.primary == target.primary {
                    true => Response::Ok { accounts_already_linked: true },
                    false => Response::RecipeUserIdAlreadyLinkedWithAnotherPrimaryUserIdError {
                        primary_user_id: row.primary,
                        description: ALREADY_LINKED.to_owned(),
                    },
                });
            }
            Ok(match conflict(tx, &scope.app, &target.primary, id).await? {
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
