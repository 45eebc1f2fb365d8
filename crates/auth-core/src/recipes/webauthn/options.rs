//! Options, as the core makes them.

use auth_protocol::{
    TenantId,
    webauthn::{
        CreatePasskeyRegistrationOptions, CreatePasskeyRegistrationOptionsResponse,
        CreatePasskeySignInOptions, CreatePasskeySignInOptionsResponse,
    },
};

use super::{
    GetUserFromRecoverAccountTokenInput, PasskeyFor, RegisterOptionsInput, RegisterOptionsOutcome,
    SignInOptionsInput, SignInOptionsOutcome, WebAuthnInstance, instance::Settings, policy::Policy,
};
use crate::{Context, Result};

pub(super) async fn to_register(
    cx: &Context,
    input: RegisterOptionsInput,
) -> Result<RegisterOptionsOutcome> {
    use CreatePasskeyRegistrationOptionsResponse as Answer;
    use RegisterOptionsOutcome as Outcome;
    let instance = WebAuthnInstance::of(cx)?;
    let RegisterOptionsInput { passkey_for, tenant_id, .. } = input;
    let email = match passkey_for {
        PasskeyFor::Email(email) => {
            let email = email.trim().to_owned();
            if let Some(err) = instance.email_problem(cx, &email, &tenant_id).await? {
                return Ok(Outcome::InvalidEmail { err });
            }
            email
        }
        PasskeyFor::RecoverAccountToken(token) => {
            let input = GetUserFromRecoverAccountTokenInput::new(token).tenant_id(&tenant_id);
            let found = instance.functions.get_user_from_recover_account_token(cx, input).await?;
            match found.email() {
                Some(email) => email.to_owned(),
                None => return Ok(Outcome::RecoverAccountTokenInvalid),
            }
        }
    };
    let Settings { site, policy, .. } = &instance.settings;
    let request = CreatePasskeyRegistrationOptions {
        email,
        display_name: input.display_name,
        relying_party_name: or(input.relying_party_name, || site.name(cx, &tenant_id)),
        relying_party_id: or(input.relying_party_id, || site.id(cx, &tenant_id)),
        origin: match input.origin {
            Some(origin) => origin,
            None => site.origin(cx, &tenant_id)?,
        },
        related_origins: related_origins(policy),
        timeout: Some(input.timeout_ms.unwrap_or(policy.timeout_ms).into()),
        attestation: Some(or(input.attestation, || policy.attestation.as_str())),
        resident_key: Some(or(input.resident_key, || policy.resident_key.as_str())),
        user_verification: Some(or(input.user_verification, || policy.user_verification.as_str())),
        user_presence: Some(input.user_presence),
        supported_algorithm_ids: input
            .supported_algorithm_ids
            .or_else(|| Some(policy.algorithm_ids.clone())),
    };
    Ok(match cx.core().call(&tenant_id, request).await? {
        Answer::Ok(options) => Outcome::Ok(options),
        Answer::InvalidOptionsError { reason } => {
            tracing::warn!(reason, "options by which a passkey is made are refused");
            Outcome::InvalidOptions { reason }
        }
    })
}

pub(super) async fn to_sign_in(
    cx: &Context,
    input: SignInOptionsInput,
) -> Result<SignInOptionsOutcome> {
    use CreatePasskeySignInOptionsResponse as Answer;
    use SignInOptionsOutcome as Outcome;
    let Settings { site, policy, .. } = &WebAuthnInstance::of(cx)?.settings;
    let tenant_id: TenantId = input.tenant_id;
    let request = CreatePasskeySignInOptions {
        relying_party_id: or(input.relying_party_id, || site.id(cx, &tenant_id)),
        relying_party_name: or(input.relying_party_name, || site.name(cx, &tenant_id)),
        origin: match input.origin {
            Some(origin) => origin,
            None => site.origin(cx, &tenant_id)?,
        },
        related_origins: related_origins(policy),
        timeout: Some(input.timeout_ms.unwrap_or(policy.timeout_ms).into()),
        user_verification: Some(or(input.user_verification, || policy.user_verification.as_str())),
        user_presence: Some(input.user_presence),
    };
    Ok(match cx.core().call(&tenant_id, request).await? {
        Answer::Ok(options) => Outcome::Ok(options),
        Answer::InvalidOptionsError { reason } => {
            tracing::warn!(reason, "options by which a passkey is used are refused");
            Outcome::InvalidOptions { reason }
        }
    })
}

/// Nothing where there are none, for cores that don't know them.
fn related_origins(policy: &Policy) -> Option<Vec<String>> {
    Some(policy.related_origins.clone()).filter(|origins| !origins.is_empty())
}

fn or<U: Into<String>>(said: Option<String>, usual: impl FnOnce() -> U) -> String {
    said.unwrap_or_else(|| usual().into())
}
