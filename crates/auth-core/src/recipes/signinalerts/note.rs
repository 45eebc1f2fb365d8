//! Where a sign-in comes from.

use auth_protocol::signinalerts::{NoteSignInNetwork, NoteSignInNetworkResponse};

use super::{
    NetworkStanding, NoteSignInInput, NoteSignInOutcome, SendAlertOutcome, SignInAlertsInstance,
    SignInFacts, network, user_agent,
};
use crate::{Context, Result, limits};

pub(super) async fn base(cx: &Context, input: NoteSignInInput) -> Result<NoteSignInOutcome> {
    let instance = SignInAlertsInstance::of(cx)?;
    let time_ms = cx.core().now_ms();
    let address = cx.client_address();
    let network = address.map(network::of);
    let network_standing = match &network {
        None => NetworkStanding::Unknown,
        Some(network) => {
            let recipe_user_id = input.recipe_user_id.clone();
            let note = NoteSignInNetwork { recipe_user_id, network: network.clone() };
            match cx.core().call(&input.tenant_id, note).await {
                Ok(NoteSignInNetworkResponse::Ok { is_known: true, .. }) => NetworkStanding::Known,
                Ok(NoteSignInNetworkResponse::Ok { others_known: 0, .. }) => NetworkStanding::First,
                Ok(NoteSignInNetworkResponse::Ok { .. }) => NetworkStanding::New,
                Ok(NoteSignInNetworkResponse::UnknownUserIdError) => {
                    return Ok(NoteSignInOutcome::Suspicious(SendAlertOutcome::UnknownUser));
                }
                Err(error) if error.is_unknown_operation() => {
                    instance.tell_not_supported();
                    return Ok(NoteSignInOutcome::NotSupported);
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    if input.created_new_user {
        return Ok(NoteSignInOutcome::Usual);
    }
    let device = cx.request().and_then(|request| request.header("user-agent"));
    let facts = SignInFacts {
        is_known_device: limits::is_known_device(cx, &input.tenant_id, &input.user).await,
        user: input.user,
        recipe_user_id: input.recipe_user_id,
        tenant_id: input.tenant_id,
        session_handle: input.session_handle,
        time_ms,
        address,
        device: device.and_then(user_agent::in_words),
        network,
        network_standing,
    };
    if !instance.functions().is_suspicious(cx, facts.clone()).await? {
        return Ok(NoteSignInOutcome::Usual);
    }
    Ok(NoteSignInOutcome::Suspicious(instance.functions().send_alert(cx, facts).await?))
}
