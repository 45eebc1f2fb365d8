//! The mail to the owner.

use auth_protocol::{
    Secret,
    signinalerts::{CreateSignInAlert, CreateSignInAlertResponse},
};

use super::{
    NetworkStanding, SendAlertOutcome, SignInAlertEmail, SignInAlertsInstance, SignInFacts,
};
use crate::{
    Context, Error, Result,
    factors::address_of_owner,
    limits::{self, Action, Attempt},
};

pub(super) const PATH: &str = "/signinalerts/end";

pub(super) async fn base(cx: &Context, facts: SignInFacts) -> Result<SendAlertOutcome> {
    let instance = SignInAlertsInstance::of(cx)?;
    let settings = &instance.settings;
    let email = address_of_owner(&facts.user, Some(&facts.recipe_user_id));
    let may_mail = email.is_some() && is_within_limits(cx, &facts).await?;
    let lifetime_ms = i64::try_from(settings.link_lifetime.as_millis()).unwrap_or(i64::MAX);
    let alert = CreateSignInAlert {
        recipe_user_id: facts.recipe_user_id.clone(),
        session_handle: facts.session_handle.clone(),
        network: facts.network.clone(),
        is_new_device: !facts.is_known_device,
        is_new_network: facts.network_standing == NetworkStanding::New,
        lifetime_ms: may_mail.then_some(lifetime_ms),
    };
    let token = match cx.core().call(&facts.tenant_id, alert).await {
        Ok(CreateSignInAlertResponse::Ok { token }) => token,
        Ok(CreateSignInAlertResponse::UnknownUserIdError) => {
            return Ok(SendAlertOutcome::UnknownUser);
        }
        Err(error) if error.is_unknown_operation() => {
            instance.tell_not_supported();
            None
        }
        Err(error) => return Err(error.into()),
    };
    let Some(email) = email else { return Ok(SendAlertOutcome::NoAddress) };
    let Some(token) = token else { return Ok(SendAlertOutcome::LimitReached) };
    let link = link(cx, &facts, &token)?;
    let mail = SignInAlertEmail::new(&facts, email, link).link_lifetime(settings.link_lifetime);
    settings.email_delivery.send_email(cx, mail).await?;
    Ok(SendAlertOutcome::Sent)
}

async fn is_within_limits(cx: &Context, facts: &SignInFacts) -> Result<bool> {
    let attempt = Attempt::new(Action::SignInAlert).user(&facts.user.id).sends_mail();
    match limits::count(cx, &facts.tenant_id, attempt).await {
        Ok(()) => Ok(true),
        Err(Error::LimitReached { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// To the page of ours, or to the website's.
fn link(cx: &Context, facts: &SignInFacts, token: &Secret) -> Result<Secret> {
    let token = ("token", token.expose_secret());
    let tenant_id = &facts.tenant_id;
    let link = match &SignInAlertsInstance::of(cx)?.settings.website_page {
        Some(page) => cx.website_link(page, &[token, ("tenantId", tenant_id.as_str())])?,
        None => cx.api_link(tenant_id, PATH, &[token]),
    };
    Ok(link.into())
}
