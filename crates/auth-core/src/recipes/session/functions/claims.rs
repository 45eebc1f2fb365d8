//! The functions about claims, without overrides (FDI §2.9).

use std::{borrow::Cow, sync::Arc};

use auth_protocol::{
    JsonObject, SessionHandle, TenantId,
    session::{
        MergeSessionClaims, MergeSessionClaimsResponse, UpdateSessionJwtData,
        UpdateSessionJwtDataResponse, merge_claims,
    },
};

use super::{
    super::{InvalidClaim, SessionInstance, claims::ClaimValidation, session::remove_protected},
    ClaimValueResult, FetchAndSetClaimInput, GetClaimValueInput, MergeIntoAccessTokenPayloadInput,
    RemoveClaimInput, SetClaimValueInput, ValidateClaimsInput, ValidatedClaims,
};
use crate::{Context, Result};

/// All refetches happen before any validation, and every failure is reported.
pub(super) async fn validate(cx: &Context, input: ValidateClaimsInput) -> Result<ValidatedClaims> {
    let original = &*input.access_token_payload;
    let mut payload = Cow::Borrowed(original);
    for validator in &input.claim_validators {
        let Some(claim) = validator.claim() else { continue };
        if validator.should_refetch(cx, &payload).await? {
            let subject =
                input.subject.clone().current_payload(Arc::new(payload.clone().into_owned()));
            claim.fetch_into(cx, &subject, payload.to_mut()).await?;
        }
    }
    let mut invalid_claims = Vec::new();
    for validator in &input.claim_validators {
        if let ClaimValidation::Invalid(reason) = validator.validate(cx, &payload).await? {
            invalid_claims.push(InvalidClaim { id: validator.id().to_owned(), reason });
        }
    }
    let update = match payload {
        Cow::Owned(changed) if changed != *original => Some(changed),
        _ => None,
    };
    Ok(ValidatedClaims::new(invalid_claims, update))
}

pub(super) async fn fetch_and_set(cx: &Context, input: FetchAndSetClaimInput) -> Result<bool> {
    let FetchAndSetClaimInput { session_handle, claim } = input;
    let functions = SessionInstance::of(cx)?.functions();
    let Some(information) = functions.get_session_information(cx, &session_handle).await? else {
        return Ok(false);
    };
    let mut update = JsonObject::new();
    claim.fetch_into(cx, &information.claim_subject(), &mut update).await?;
    write(cx, session_handle, update).await
}

pub(super) async fn set_value(cx: &Context, input: SetClaimValueInput) -> Result<bool> {
    let mut update = JsonObject::new();
    input.claim.add_json(&mut update, input.value, cx.core().now_ms())?;
    write(cx, input.session_handle, update).await
}

pub(super) async fn get_value(cx: &Context, input: GetClaimValueInput) -> Result<ClaimValueResult> {
    let functions = SessionInstance::of(cx)?.functions();
    Ok(match functions.get_session_information(cx, input.session_handle).await? {
        None => ClaimValueResult::SessionDoesNotExistError,
        Some(information) => ClaimValueResult::Ok(
            input.claim.json_from_payload(&information.custom_claims_in_access_token_payload),
        ),
    })
}

pub(super) async fn remove(cx: &Context, input: RemoveClaimInput) -> Result<bool> {
    let mut update = JsonObject::new();
    input.claim.remove_by_merge(&mut update);
    write(cx, input.session_handle, update).await
}

/// Writes claims by the outermost layer.
async fn write(cx: &Context, session_handle: SessionHandle, update: JsonObject) -> Result<bool> {
    let input = MergeIntoAccessTokenPayloadInput::new(session_handle, update);
    SessionInstance::of(cx)?.functions().merge_into_access_token_payload(cx, input).await
}

/// How long it isn't asked again whether a core has the operation.
const ASK_AGAIN_MS: i64 = 10 * 60 * 1000;

/// The core merges in one step, so that of two who write at once neither undoes what the other did.
/// Where it doesn't know how, the claims are read, merged and written, with as little in between as
/// can be.
pub(super) async fn merge(cx: &Context, input: MergeIntoAccessTokenPayloadInput) -> Result<bool> {
    let MergeIntoAccessTokenPayloadInput { session_handle, access_token_payload_update: update } =
        input;
    let instance = SessionInstance::of(cx)?;
    let now_ms = cx.core().now_ms();
    if !instance.core_lacks_merge(now_ms) {
        let operation =
            MergeSessionClaims { session_handle: session_handle.clone(), update: update.clone() };
        match cx.core().call(&TenantId::default(), operation).await {
            Ok(response) => return Ok(matches!(response, MergeSessionClaimsResponse::Ok { .. })),
            Err(error) if error.is_unknown_operation() => {
                instance.note_core_lacks_merge(now_ms.saturating_add(ASK_AGAIN_MS));
            }
            Err(error) => return Err(error.into()),
        }
    }
    cx.core().forget_reads();
    let functions = instance.functions();
    let Some(information) = functions.get_session_information(cx, &session_handle).await? else {
        return Ok(false);
    };
    let mut payload = information.custom_claims_in_access_token_payload;
    remove_protected(&mut payload);
    merge_claims(&mut payload, update);
    let operation = UpdateSessionJwtData { session_handle, user_data_in_jwt: payload };
    let response = cx.core().call(&TenantId::default(), operation).await?;
    Ok(matches!(response, UpdateSessionJwtDataResponse::Ok))
}
