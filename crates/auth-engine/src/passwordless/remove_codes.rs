//! `POST /recipe/signinup/codes/remove`

use auth_protocol::{
    TenantScope,
    passwordless::{RemoveCodes, RemoveCodesResponse},
};

use super::{contact::Contact, exactly_one, rows};
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::require_tenant};

impl Handle<RemoveCodes> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RemoveCodes,
    ) -> Result<RemoveCodesResponse, EngineError> {
        let contact = exactly_one(
            [
                operation.email.map(|address| Contact::email(&address)),
                operation.phone_number.map(|number| Contact::phone(&number)),
            ],
            "email or phoneNumber",
        )??;
        let body = in_tx!(scope, contact, |tx| {
            require_tenant(tx, &scope).await?;
            rows::delete_devices_of_contact(tx, &scope, &contact).await?;
            Ok(RemoveCodesResponse::Ok)
        });
        self.store().write(body).await
    }
}
