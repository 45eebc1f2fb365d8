//! `POST /recipe/webauthn/options/signin`

use auth_protocol::{
    TenantScope,
    webauthn::{
        CreatePasskeySignInOptions, CreatePasskeySignInOptionsResponse as Response, SignInOptions,
    },
};

use super::{
    asked::{PREFERENCES, one_of, related_origins, site, timeout},
    options::{Options, challenge},
};
use crate::{Engine, EngineError, Handle, storage::in_tx, tenancy::of_known_tenant};

impl Handle<CreatePasskeySignInOptions> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CreatePasskeySignInOptions,
    ) -> Result<Response, EngineError> {
        let (id, name) = (&operation.relying_party_id, &operation.relying_party_name);
        let verification = operation.user_verification.as_deref();
        let verification = one_of("userVerification", verification, "preferred", &PREFERENCES);
        let asked =
            related_origins(operation.related_origins.as_deref()).and_then(|related_origins| {
                site(id, name, &operation.origin, &related_origins)?;
                Ok((timeout(operation.timeout)?, verification?.to_owned(), related_origins))
            });
        let (timeout, user_verification, related_origins) = match asked {
            Ok(asked) => asked,
            Err(reason) => return Ok(Response::InvalidOptionsError { reason }),
        };
        let created_at = self.clock().now_ms();
        let options = Options {
            id: self.random().uuid()?.to_string(),
            challenge: challenge(self.random())?,
            user: None,
            rp_id: operation.relying_party_id,
            rp_name: operation.relying_party_name,
            origin: operation.origin,
            related_origins,
            algorithms: Vec::new(),
            user_presence: operation.user_presence.unwrap_or(false),
            user_verification,
            created_at,
            expires_at: created_at.saturating_add(timeout),
            used_by: None,
        };
        let body = in_tx!(scope, options, |tx| { options.insert(tx, &scope).await });
        of_known_tenant(scope, self.store().write(body).await)?;
        Ok(Response::Ok(SignInOptions {
            webauthn_generated_options_id: options.id,
            relying_party_id: options.rp_id,
            challenge: options.challenge,
            timeout,
            user_verification: options.user_verification,
            user_presence: options.user_presence,
            created_at,
            expires_at: options.expires_at,
        }))
    }
}
