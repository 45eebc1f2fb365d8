//! Whether a user is to be offered a passkey after another sign-in.

use std::time::Duration;

use auth_protocol::{RecipeId, User};
use serde::{Deserialize, Serialize};

use crate::{
    Context, Result,
    factors::{FactorId, real_email},
    recipes::{
        accountlinking::{AccountLinkingInstance, NewAccountInfo},
        multifactorauth::{FactorsInTenant, MultiFactorAuthClaim},
        session::{Session, SessionError},
    },
};

/// The root key of a user's metadata. It is this recipe's alone, so that nothing else is written over
/// with it.
const METADATA_KEY: &str = "_passkeyPromotion";

/// How long who said "not now" is left alone.
const PAUSE: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// What a user said to the offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum PasskeyPromotionAnswer {
    /// Not now: the user is asked again in two weeks.
    Later,
    /// The user isn't asked again.
    Never,
}

/// As it stands in the user's metadata.
#[derive(Debug, Serialize, Deserialize)]
struct Answered {
    answer: PasskeyPromotionAnswer,
    /// When, in milliseconds since the epoch.
    at: i64,
}

/// The address that a passkey is to be offered for; `None` where none is.
pub(super) async fn offer(cx: &Context, session: &Session) -> Result<Option<String>> {
    // Whoever lacks a factor can't add one, and has something else to do.
    let value = session.get_claim_value(&MultiFactorAuthClaim);
    if value.is_some_and(|value| !value.is_satisfied) {
        return Ok(None);
    }
    let user = cx.accountlinking()?.get_user(session.get_user_id()).await?;
    let user =
        user.ok_or_else(|| SessionError::unauthorised("the session's user doesn't exist"))?;
    if !user.webauthn.credential_ids.is_empty() || was_answered(cx, &user).await? {
        return Ok(None);
    }
    let in_tenant = FactorsInTenant::of(cx, session.get_tenant_id()).await?;
    if !in_tenant.may_start_with(cx, &FactorId::WEBAUTHN) {
        return Ok(None);
    }
    // One whose passkeys are all gone gets another.
    let own = user.login_methods.iter().find(|it| it.recipe_id == RecipeId::Webauthn);
    if let Some(email) = own.and_then(|method| method.email.clone()) {
        return Ok(Some(email));
    }
    let signed_in_by = user.login_method(session.get_recipe_user_id()).and_then(real_email);
    let email = signed_in_by.or_else(|| user.login_methods.iter().find_map(real_email));
    let Some(email) = email else { return Ok(None) };
    Ok(can_be_linked(cx, session, &user, &email).await?.then_some(email))
}

/// Whether the answer still stands.
async fn was_answered(cx: &Context, user: &User) -> Result<bool> {
    let metadata = cx.usermetadata()?.get_user_metadata(&user.id).await?;
    let answered = metadata.get(METADATA_KEY).and_then(|it| Answered::deserialize(it).ok());
    let pause_ms = i64::try_from(PAUSE.as_millis()).unwrap_or(i64::MAX);
    Ok(answered.is_some_and(|answered| match answered.answer {
        PasskeyPromotionAnswer::Never => true,
        PasskeyPromotionAnswer::Later => cx.core().now_ms().saturating_sub(answered.at) < pause_ms,
    }))
}

/// Whether a login method with this address would be linked to the session's user, as its sign-up asks.
async fn can_be_linked(cx: &Context, session: &Session, user: &User, email: &str) -> Result<bool> {
    let linking = AccountLinkingInstance::of(cx)?;
    let tenant_id = session.get_tenant_id();
    let is_verified =
        |method: &auth_protocol::LoginMethod| method.verified && method.has_same_email_as(email);
    let is_verified = user.login_methods.iter().any(is_verified);
    if !user.is_primary_user {
        let Some(method) = user.login_methods.first() else { return Ok(false) };
        let account = NewAccountInfo::of(method);
        let answer = linking.ask(cx, account, None, Some(session), tenant_id).await?;
        match answer.where_confirmed() {
            None => return Ok(false),
            Some(requires_verification) if requires_verification && !method.verified => {
                return Ok(false);
            }
            Some(_) => {}
        }
    }
    let account = NewAccountInfo::new(RecipeId::Webauthn).email(email);
    let answer = linking.ask(cx, account, Some(user), Some(session), tenant_id).await?;
    Ok(answer.where_confirmed().is_some_and(|requires| !requires || is_verified))
}

/// Keeps what the session's user said.
pub(super) async fn keep(
    cx: &Context,
    session: &Session,
    answer: PasskeyPromotionAnswer,
) -> Result<()> {
    let answered = Answered { answer, at: cx.core().now_ms() };
    cx.usermetadata()?.set_value(session.get_user_id(), METADATA_KEY, answered).await
}
