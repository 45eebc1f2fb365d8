//! `GET /recipe/user` with `rid: passwordless`

use auth_protocol::{
    RecipeId, TenantScope, UserId,
    passwordless::{GetPasswordlessUser, GetPasswordlessUserResponse as Response},
};

use super::contact::Contact;
use crate::{
    Engine, EngineError, Handle,
    storage::in_tx,
    tenancy::{require_app, require_tenant},
    user::{self, identity},
};

impl Handle<GetPasswordlessUser> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: GetPasswordlessUser,
    ) -> Result<Response, EngineError> {
        let GetPasswordlessUser { user_id, email, phone_number } = operation;
        match (user_id, email, phone_number) {
            (Some(id), None, None) => self.passwordless_user_by_id(scope, id).await,
            (None, Some(email), None) => {
                let contact = Contact::email(&email)?;
                self.passwordless_user_of(scope, contact, Response::UnknownEmailError).await
            }
            (None, None, Some(number)) => {
                let contact = Contact::phone(&number)?;
                self.passwordless_user_of(scope, contact, Response::UnknownPhoneNumberError).await
            }
            _ => {
                let text = "Please provide exactly one of userId, email or phoneNumber";
                Err(EngineError::BadRequest(text.to_owned()))
            }
        }
    }
}

impl Engine {
    async fn passwordless_user_by_id(
        &self,
        scope: &TenantScope,
        id: UserId,
    ) -> Result<Response, EngineError> {
        let body = in_tx!(scope, id, |tx| {
            require_app(tx, &scope.app).await?;
            user::find_by_any_id(tx, &scope.app, &id).await
        });
        let found = self.store().read(body).await?.filter(|(known, user)| {
            let method = user.login_method(&known.shown_id);
            method.is_some_and(|method| method.recipe_id == RecipeId::Passwordless)
        });
        Ok(found.map_or(Response::UnknownUserIdError, |(_, user)| Response::Ok { user }))
    }

    async fn passwordless_user_of(
        &self,
        scope: &TenantScope,
        contact: Contact,
        unknown: Response,
    ) -> Result<Response, EngineError> {
        let body = in_tx!(scope, contact, |tx| {
            require_tenant(tx, &scope).await?;
            match identity::find(tx, &scope, &contact.identity()).await? {
                Some(id) => user::find(tx, &scope.app, &id.into()).await,
                None => Ok(None),
            }
        });
        let found = self.store().read(body).await?;
        Ok(found.map_or(unknown, |(_, user)| Response::Ok { user }))
    }
}
