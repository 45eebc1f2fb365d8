//! A passkey that was made, held against the options.

use auth_protocol::{JsonObject, TenantScope, webauthn::RegistrationCredential};
use auth_webauthn::{RegistrationResponse, verify_registration};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::{
    options::Options,
    passkeys::NewPasskey,
    refusal::{Refusal, credential_id, decode, read},
};
use crate::{Engine, EngineError, storage::in_tx, tenancy::require_tenant};

/// An authenticator has few; what a browser names beyond that is left out.
const MAX_TRANSPORTS: usize = 8;
const MAX_TRANSPORT_BYTES: usize = 32;

/// A passkey that may be stored, with the options that it was made by and the address that they are
/// for.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) options: Options,
    pub(super) email: String,
    pub(super) passkey: NewPasskey,
    /// Whether the authenticator asked for a PIN, a fingerprint or the like.
    pub(super) user_verified: bool,
}

/// Reads the options, and verifies the answer.
pub(super) async fn verify(
    engine: &Engine,
    scope: &TenantScope,
    options_id: &str,
    credential: JsonObject,
) -> Result<Result<Made, Refusal>, EngineError> {
    let id = options_id.to_owned();
    let body = in_tx!(scope, id, |tx| {
        require_tenant(tx, &scope).await?;
        Options::find(tx, &scope, &id).await
    });
    let Some(options) = engine.store().read(body).await? else {
        return Ok(Err(Refusal::NoOptions));
    };
    Ok(hold(options, credential, engine.clock().now_ms()))
}

fn hold(options: Options, credential: JsonObject, now_ms: i64) -> Result<Made, Refusal> {
    options.check(true, now_ms)?;
    let (email, user_handle) = options.user.clone().unwrap_or_default();
    let RegistrationCredential { id, raw_id, r#type, response } = read(credential)?;
    let bytes = credential_id(&id, raw_id.as_deref(), &r#type)?;
    let client_data_json = decode("clientDataJSON", &response.client_data_json)?;
    let attestation_object = decode("attestationObject", &response.attestation_object)?;
    let registered = options.hold_against(|expected| {
        let response = RegistrationResponse {
            credential_id: &bytes,
            client_data_json: &client_data_json,
            attestation_object: &attestation_object,
        };
        Ok(verify_registration(&expected, &options.algorithms, &response)?)
    })?;
    let mut transports = response.transports.unwrap_or_default();
    transports.retain(|transport| transport.len() <= MAX_TRANSPORT_BYTES);
    transports.truncate(MAX_TRANSPORTS);
    let passkey = NewPasskey {
        id,
        rp_id: options.rp_id.clone(),
        user_handle,
        public_key: BASE64_URL_SAFE_NO_PAD.encode(&registered.public_key),
        counter: registered.counter.into(),
        aaguid: Uuid::from_bytes(registered.aaguid).to_string(),
        is_backup_eligible: registered.backup_eligible,
        is_backed_up: registered.backed_up,
        transports,
        created_at: now_ms,
    };
    Ok(Made { options, email, passkey, user_verified: registered.user_verified })
}
