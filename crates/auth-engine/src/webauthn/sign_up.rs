//! `POST /recipe/webauthn/signup`

use auth_protocol::{
    RecipeId, RecipeUserId, TenantScope,
    webauthn::{PasskeySignUp, PasskeySignUpResponse as Response},
};

use super::{options::Options, refusal::Refusal, refusal::refused, registration};
use crate::{
    Engine, EngineError, Handle, activity,
    audit::Event,
    storage::{in_tx, params},
    user::{
        self,
        identity::{self, Account, Identity, IdentityKind, NewMethod},
    },
};

const INSERT_USER: &str = "INSERT INTO webauthn_users (app_id, user_id, email, rp_id, time_joined) \
    VALUES ($1, $2, $3, $4, $5)";

impl Handle<PasskeySignUp> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: PasskeySignUp,
    ) -> Result<Response, EngineError> {
        let PasskeySignUp { webauthn_generated_options_id, credential } = operation;
        let made = registration::verify(self, scope, &webauthn_generated_options_id, credential);
        let made = match made.await? {
            Ok(made) => made,
            Err(refusal) => return Ok(refused!(Response, refusal)),
        };
        let now_ms = self.clock().now_ms();
        let id = RecipeUserId::from(self.random().uuid()?.to_string());
        let user_id = id.clone().into();
        let due = self.activity().is_due(&scope.app, &user_id, now_ms);
        let audit = self.audit();
        let body = in_tx!(scope, made, id, user_id, audit, |tx| {
            // Locked first, so that nobody else uses them meanwhile.
            if !Options::lock(tx, &scope, &made.options.id).await? {
                return Ok(Response::OptionsNotFoundError);
            }
            let identity = Identity {
                recipe: RecipeId::Webauthn,
                kind: IdentityKind::Email,
                value: &made.email,
                account: Account::default(),
            };
            let method = NewMethod { id: &id, identities: &[identity], time_joined: now_ms };
            if !identity::insert(tx, &scope, &method).await? {
                return Ok(Response::EmailAlreadyExistsError);
            }
            let rp_id = &made.options.rp_id;
            tx.execute(INSERT_USER, params![scope.app, id, made.email, rp_id, now_ms]).await?;
            made.passkey.insert(tx, &scope.app, &id).await?;
            Options::delete(tx, &scope, &made.options.id).await?;
            if due {
                activity::touch(tx, &scope.app, &user_id, now_ms).await?;
            }
            let Some((_, user)) = user::find(tx, &scope.app, &user_id).await? else {
                let text = "a user vanished while it signed up by a passkey";
                return Err(EngineError::Internal(text.to_owned()));
            };
            let event = Event::signed_in(true, RecipeId::Webauthn).user(&user_id);
            let event = event.fact("aaguid", &made.passkey.aaguid).detail("email", &made.email);
            audit.append(tx, &scope, event).await?;
            Ok(Response::Ok {
                user,
                webauthn_credential_id: made.passkey.id,
                relying_party_id: made.options.rp_id,
                relying_party_name: made.options.rp_name,
                recipe_user_id: id,
                user_verified: Some(made.user_verified),
            })
        });
        match self.store().write(body).await {
            Err(error) if error.is_unique_violation() => {
                let reason = "The passkey is registered already".to_owned();
                Ok(refused!(Response, Refusal::Credential(reason)))
            }
            result => result,
        }
    }
}
