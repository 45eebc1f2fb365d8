//! Claims that are merged into a session's row.

use auth_protocol::{
    JsonObject, SessionHandle, TenantId,
    session::{
        MergeSessionClaims, MergeSessionClaimsResponse, UpdateSessionJwtData,
        UpdateSessionJwtDataResponse,
    },
};

use super::super::{
    SessionInstance,
    tokens::{merge as merge_payload, remove_protected},
};
use crate::{Context, Result};

/// How long it isn't asked again whether a core has the operation.
const ASK_AGAIN_MS: i64 = 10 * 60 * 1000;

/// The core merges in one step, so that of two who write at once neither undoes what the other did.
/// Where it doesn't know how, the claims are read, merged and written, with as little in between as
/// can be.
pub(super) async fn merge(
    cx: &Context,
    session_handle: &SessionHandle,
    update: JsonObject,
) -> Result<bool> {
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
    let Some(information) =
        instance.functions().get_session_information(cx, session_handle).await?
    else {
        return Ok(false);
    };
    let mut payload = information.custom_claims_in_access_token_payload;
    remove_protected(&mut payload);
    merge_payload(&mut payload, update);
    let operation =
        UpdateSessionJwtData { session_handle: session_handle.clone(), user_data_in_jwt: payload };
    let response = cx.core().call(&TenantId::default(), operation).await?;
    Ok(matches!(response, UpdateSessionJwtDataResponse::Ok))
}
