//! `POST /recipe/signinup/code/consume`

use auth_protocol::{
    RecipeId, RecipeUserId, TenantScope,
    passwordless::{ConsumeCode, ConsumeCodeResponse as Response},
};

use super::{
    contact::Contact,
    rows::{self, DeviceRow},
    verify::{Proof, Verdict, verify},
};
use crate::{
    Engine, EngineError, Handle, activity,
    storage::{Tx, in_tx},
    tenancy::require_tenant,
    user::{
        self,
        identity::{self, Identity, NewMethod},
    },
};

impl Handle<ConsumeCode> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ConsumeCode,
    ) -> Result<Response, EngineError> {
        let proof = Proof::read(operation.0)?;
        let now_ms = self.clock().now_ms();
        let new_id = RecipeUserId::from(self.random().uuid()?.to_string());
        let body = in_tx!(scope, proof, new_id, |tx| {
            require_tenant(tx, &scope).await?;
            match verify(tx, &scope, &proof, now_ms).await? {
                Verdict::Right { device, code_id } => {
                    // Who deletes the code has consumed it.
                    if !rows::delete_code(tx, &scope, &code_id).await? {
                        return Ok(Response::RestartFlowError);
                    }
                    sign_in(tx, &scope, device, new_id, now_ms).await
                }
                Verdict::Restart => Ok(Response::RestartFlowError),
                Verdict::Expired(attempts) => Ok(Response::ExpiredUserInputCodeError {
                    failed_code_input_attempt_count: attempts.failed,
                    maximum_code_input_attempts: attempts.max,
                }),
                Verdict::Incorrect(attempts) => Ok(Response::IncorrectUserInputCodeError {
                    failed_code_input_attempt_count: attempts.failed,
                    maximum_code_input_attempts: attempts.max,
                }),
            }
        });
        let response = self.store().write(body).await?;
        if let Response::Ok { user, .. } = &response {
            // The time was written along with the rest; remembered, it isn't written again soon.
            self.activity().is_due(&scope.app, &user.id, now_ms);
        }
        Ok(response)
    }
}

/// Finds or creates the user that has the device's contact, which is proved now.
async fn sign_in(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    device: DeviceRow,
    new_id: RecipeUserId,
    now_ms: i64,
) -> Result<Response, EngineError> {
    let contact = &device.contact;
    rows::delete_devices_of_contact(tx, scope, contact).await?;
    let identity =
        Identity { recipe: RecipeId::Passwordless, kind: contact.kind(), value: contact.value() };
    let mut known = identity::find(tx, scope, &identity).await?;
    if known.is_none() {
        let method = NewMethod { id: &new_id, identity, time_joined: now_ms };
        if !identity::insert(tx, scope, &method).await? {
            // Another device of the same contact was quicker.
            known = identity::find(tx, scope, &identity).await?;
        }
    }
    let created_new_user = known.is_none();
    let recipe_user_id = known.unwrap_or(new_id);
    if let Contact::Email(address) = contact {
        identity::set_email_verified(tx, &scope.app, &recipe_user_id, address).await?;
    }
    let user = user::find(tx, &scope.app, &recipe_user_id.clone().into()).await?;
    let user = user.ok_or_else(|| {
        EngineError::Internal("a user vanished while its code was consumed".to_owned())
    })?;
    activity::touch(tx, &scope.app, &user.id, now_ms).await?;
    Ok(Response::Ok { created_new_user, user, recipe_user_id, consumed_device: device.into() })
}
