//! `POST /recipe/webauthn/signin`

use auth_protocol::{
    CdiVersion, JsonObject, RecipeId, TenantScope,
    audit::AuditKind,
    webauthn::{
        AssertionResponse, AuthenticationCredential, PasskeySignIn,
        PasskeySignInResponse as Response,
    },
};
use auth_webauthn::{Authenticated, AuthenticationResponse, Credential, verify_authentication};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{
    options::Options,
    passkeys::{StoredPasskey, set_used},
    refusal::{Refusal, credential_id, decode, read, refused},
};
use crate::{
    Engine, EngineError, Handle, activity,
    audit::{Event, short_digest},
    digest::sha256_hex,
    storage::in_tx,
    tenancy::require_tenant,
    user,
};

/// From here on, options are used up by the first answer (CDI §0.4).
const ONCE_FROM: CdiVersion = CdiVersion::V5_5;

impl Handle<PasskeySignIn> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: PasskeySignIn,
    ) -> Result<Response, EngineError> {
        let PasskeySignIn { webauthn_generated_options_id, credential, cdi_version } = operation;
        // Read without its id, it is no passkey that could be looked for.
        let answer = Answer::read(credential);
        let id = answer.as_ref().map(|answer| answer.id.clone()).unwrap_or_default();
        let options = webauthn_generated_options_id;
        let body = in_tx!(scope, options, id, |tx| {
            require_tenant(tx, &scope).await?;
            let Some(options) = Options::find(tx, &scope, &options).await? else {
                return Ok(None);
            };
            let stored = StoredPasskey::find(tx, &scope, &options.rp_id, &id).await?;
            Ok(Some((options, stored)))
        });
        let Some((options, stored)) = self.store().read(body).await? else {
            return Ok(Response::OptionsNotFoundError);
        };
        if let Err(refusal) = options.check(false, self.clock().now_ms()) {
            return Ok(refused!(Response, refusal));
        }
        let answer = match answer {
            Ok(answer) => answer,
            Err(refusal) => return Ok(refused!(Response, refusal)),
        };
        if options.used_by.as_ref().is_some_and(|used_by| *used_by != answer.digest) {
            return Ok(Response::OptionsNotFoundError);
        }
        let Some(stored) = stored else {
            self.write_refused_passkey(scope, None, &answer.id).await?;
            return Ok(Response::CredentialNotFoundError);
        };
        let used = match answer.hold(&options, &stored) {
            Ok(used) => used,
            Err(refusal) => {
                self.write_refused_passkey(scope, Some(&stored), &answer.id).await?;
                return Ok(refused!(Response, refusal));
            }
        };
        if !stored.is_in_tenant {
            return Ok(Response::UnknownUserIdError);
        }
        self.sign_in_by_passkey(scope, cdi_version, options, stored, answer, used).await
    }
}

impl Engine {
    async fn sign_in_by_passkey(
        &self,
        scope: &TenantScope,
        cdi_version: CdiVersion,
        options: Options,
        stored: StoredPasskey,
        answer: Answer,
        used: Authenticated,
    ) -> Result<Response, EngineError> {
        let twice = cdi_version < ONCE_FROM;
        let is_first = options.used_by.is_none();
        let now_ms = self.clock().now_ms();
        let audit = self.audit();
        let due = self.activity().is_due(&scope.app, &stored.primary, now_ms);
        let body = in_tx!(scope, options, stored, answer, used, audit, |tx| {
            if !options.use_up(tx, &scope, &answer.digest, twice).await? {
                return Ok(Response::OptionsNotFoundError);
            }
            let Some((known, user)) = user::find(tx, &scope.app, &stored.user_id).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            if is_first {
                let counter = used.counter.into();
                let passkey = (options.rp_id.as_str(), answer.id.as_str());
                let app = &scope.app;
                if !set_used(tx, app, passkey, counter, used.backed_up, now_ms).await? {
                    // Another answer was quicker, and counted further.
                    return Ok(Response::InvalidAuthenticatorError {
                        reason: "the counter went back".to_owned(),
                    });
                }
                let event = Event::signed_in(false, RecipeId::Webauthn).user(&known.primary);
                audit.append(tx, &scope, event).await?;
            }
            if due {
                activity::touch(tx, &scope.app, &known.primary, now_ms).await?;
            }
            let user_verified = Some(used.user_verified);
            Ok(Response::Ok { user, recipe_user_id: known.shown_id, user_verified })
        });
        self.store().write(body).await
    }

    /// Writes down a passkey that isn't the site's, or an answer that isn't its.
    async fn write_refused_passkey(
        &self,
        scope: &TenantScope,
        stored: Option<&StoredPasskey>,
        id: &str,
    ) -> Result<(), EngineError> {
        let audit = self.audit();
        if !audit.is_on() {
            return Ok(());
        }
        let event = Event::failed(AuditKind::SignIn).fact("recipe", &RecipeId::Webauthn);
        let event = match stored {
            Some(stored) => event.user_if_there(&stored.primary),
            None => event.fact("unknown", &short_digest(id)),
        };
        let body = in_tx!(scope, event, audit, |tx| { audit.append(tx, &scope, event).await });
        self.store().write(body).await
    }
}

/// What the browser answered, decoded.
#[derive(Clone)]
struct Answer {
    /// base64url.
    id: String,
    /// By which the same answer is known again.
    digest: String,
    id_bytes: Vec<u8>,
    client_data_json: Vec<u8>,
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
    user_handle: Option<Vec<u8>>,
}

impl Answer {
    fn read(credential: JsonObject) -> Result<Self, Refusal> {
        let AuthenticationCredential { id, raw_id, r#type, response } = read(credential)?;
        let id_bytes = credential_id(&id, raw_id.as_deref(), &r#type)?;
        let AssertionResponse { client_data_json, authenticator_data, signature, user_handle } =
            response;
        let parts = [&id, &client_data_json, &authenticator_data, &signature];
        let digest = sha256_hex(&parts.map(String::as_str).join("."));
        Ok(Self {
            id,
            digest,
            id_bytes,
            client_data_json: decode("clientDataJSON", &client_data_json)?,
            authenticator_data: decode("authenticatorData", &authenticator_data)?,
            signature: decode("signature", &signature)?,
            user_handle: user_handle.map(|handle| decode("userHandle", &handle)).transpose()?,
        })
    }

    /// Holds it against the options and the passkey.
    fn hold(&self, options: &Options, stored: &StoredPasskey) -> Result<Authenticated, Refusal> {
        let key = BASE64_URL_SAFE_NO_PAD.decode(&stored.public_key).unwrap_or_default();
        let handle = BASE64_URL_SAFE_NO_PAD.decode(&stored.user_handle).unwrap_or_default();
        let credential = Credential {
            id: &self.id_bytes,
            public_key: &key,
            counter: u32::try_from(stored.counter).unwrap_or(u32::MAX),
            backup_eligible: Some(stored.is_backup_eligible),
            user_handle: Some(&handle),
        };
        let response = AuthenticationResponse {
            credential_id: &self.id_bytes,
            client_data_json: &self.client_data_json,
            authenticator_data: &self.authenticator_data,
            signature: &self.signature,
            user_handle: self.user_handle.as_deref(),
        };
        options.hold_against(|expected| {
            // It has counted already for the answer that is shown once more.
            let expected = match &options.used_by {
                Some(_) => expected.accept_counter_going_back(),
                None => expected,
            };
            Ok(verify_authentication(&expected, &credential, &response)?)
        })
    }
}
