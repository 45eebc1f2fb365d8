//! `GET /recipe/user` with `rid: emailpassword`

use auth_protocol::{
    RecipeId, TenantScope,
    emailpassword::{GetEmailPasswordUser, GetEmailPasswordUserResponse as Response},
};

use super::rows::find;
use crate::{
    Engine, EngineError, Handle,
    normalise::email,
    storage::in_tx,
    tenancy::{require_app, require_tenant},
    user,
};

impl Handle<GetEmailPasswordUser> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetEmailPasswordUser,
    ) -> Result<Response, EngineError> {
        let refuse = |text: &str| Err(EngineError::BadRequest(text.to_owned()));
        match (operation.user_id, operation.email) {
            (Some(id), None) => {
                let body = in_tx!(scope, id, |tx| {
                    require_app(tx, &scope.app).await?;
                    user::find_by_any_id(tx, &scope.app, &id).await
                });
                let found = self.store().read(body).await?.filter(|(known, user)| {
                    let method = user.login_method(&known.shown_id);
                    method.is_some_and(|method| method.recipe_id == RecipeId::EmailPassword)
                });
                Ok(found.map_or(Response::UnknownUserIdError, |(_, user)| Response::Ok { user }))
            }
            (None, Some(address)) => {
                let address = email(&address);
                let body = in_tx!(scope, address, |tx| {
                    require_tenant(tx, &scope).await?;
                    let Some((id, _)) = find(tx, &scope, &address).await? else { return Ok(None) };
                    user::find(tx, &scope.app, &id.into()).await
                });
                let found = self.store().read(body).await?;
                Ok(found.map_or(Response::UnknownEmailError, |(_, user)| Response::Ok { user }))
            }
            (Some(_), Some(_)) => refuse("Please provide only one of userId or email"),
            (None, None) => refuse("Please provide one of userId or email"),
        }
    }
}
