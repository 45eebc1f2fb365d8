//! `GET /recipe/user` with `rid: thirdparty`

use auth_protocol::{
    RecipeId, TenantScope,
    thirdparty::{GetThirdPartyUser, GetThirdPartyUserResponse as Response},
};

use super::account::OwnedAccount;
use crate::{
    Engine, EngineError, Handle,
    storage::in_tx,
    tenancy::{require_app, require_tenant},
    user::{self, identity},
};

impl Handle<GetThirdPartyUser> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetThirdPartyUser,
    ) -> Result<Response, EngineError> {
        let GetThirdPartyUser { user_id, third_party_id, third_party_user_id } = operation;
        match (user_id, third_party_id, third_party_user_id) {
            (Some(id), None, None) => {
                let body = in_tx!(scope, id, |tx| {
                    require_app(tx, &scope.app).await?;
                    user::find_by_any_id(tx, &scope.app, &id).await
                });
                let found = self.store().read(body).await?.filter(|(known, user)| {
                    let method = user.login_method(&known.shown_id);
                    method.is_some_and(|method| method.recipe_id == RecipeId::ThirdParty)
                });
                Ok(found.map_or(Response::UnknownUserIdError, |(_, user)| Response::Ok { user }))
            }
            (None, Some(third_party), Some(user_id)) => {
                let account = OwnedAccount::new(third_party, user_id)?;
                let body = in_tx!(scope, account, |tx| {
                    require_tenant(tx, &scope).await?;
                    match identity::find(tx, &scope, &account.identity()).await? {
                        Some(id) => user::find(tx, &scope.app, &id.into()).await,
                        None => Ok(None),
                    }
                });
                let found = self.store().read(body).await?;
                Ok(found.map_or(Response::UnknownThirdPartyUserError, |(_, user)| Response::Ok {
                    user,
                }))
            }
            _ => {
                let text = "Please provide one of userId or (thirdPartyId & thirdPartyUserId)";
                Err(EngineError::BadRequest(text.to_owned()))
            }
        }
    }
}
