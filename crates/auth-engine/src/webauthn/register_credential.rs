//! `POST /recipe/webauthn/user/credential/register`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    webauthn::{RegisterPasskey, RegisterPasskeyResponse as Response},
};

use super::{
    options::Options,
    refusal::{Refusal, refused},
    registration,
};
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    storage::{in_tx, params},
    user_id_mapping::Known,
};

const FIND: &str = "SELECT w.email FROM webauthn_users w \
    JOIN app_id_to_user_id u ON u.app_id = w.app_id AND u.user_id = w.user_id \
    WHERE w.app_id = $1 AND w.user_id = $2 FOR UPDATE";

impl Handle<RegisterPasskey> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: RegisterPasskey,
    ) -> Result<Response, EngineError> {
        let RegisterPasskey { recipe_user_id, webauthn_generated_options_id, credential } =
            operation;
        let made = registration::verify(self, scope, &webauthn_generated_options_id, credential);
        let made = match made.await? {
            Ok(made) => made,
            Err(refusal) => return Ok(refused!(Response, refusal)),
        };
        let audit = self.audit();
        let body = in_tx!(scope, made, recipe_user_id, audit, |tx| {
            if !Options::lock(tx, &scope, &made.options.id).await? {
                return Ok(Response::OptionsNotFoundError);
            }
            let id = recipe_user_id.into();
            let Some(known) = Known::by_any_id(tx, &scope.app, &id).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            let id = known.recipe_user_id();
            let Some(row) = tx.query_opt(FIND, params![scope.app, id]).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            if row.get::<String>("email")? != made.email {
                let reason = "The options are for another address".to_owned();
                return Ok(refused!(Response, Refusal::Options(reason)));
            }
            made.passkey.insert(tx, &scope.app, &id).await?;
            Options::delete(tx, &scope, &made.options.id).await?;
            let event = Event::succeeded(AuditKind::PasskeyAdded).user(&known.primary);
            audit.append(tx, &scope, event.fact("aaguid", &made.passkey.aaguid)).await?;
            Ok(Response::Ok {
                webauthn_credential_id: made.passkey.id,
                recipe_user_id: known.shown_id,
                email: made.email,
                relying_party_id: made.options.rp_id,
                relying_party_name: made.options.rp_name,
            })
        });
        match self.store().write(body).await {
            Err(error) if error.is_unique_violation() => Ok(Response::CredentialAlreadyExistsError),
            result => result,
        }
    }
}
