//! Whether somebody may sign up or in (FDI §7.2).
//!
//! Where accounts with the same address are linked, an account whose address isn't proved could
//! take another one over, or lie in wait for it.

use auth_protocol::{TenantId, User};

use super::{AccountLinkingInstance, AutomaticLinking, NewAccountInfo};
use crate::{Context, Error, Result, recipes::session::Session};

/// Who wants to sign up or in.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    /// What identifies the account.
    pub(crate) account: &'a NewAccountInfo,
    /// The users that have it in the tenant: looked up once, whether or not there are any.
    pub(crate) users: &'a [User],
    /// The tenant.
    pub(crate) tenant_id: &'a TenantId,
    /// The session that the request came with.
    pub(crate) session: Option<&'a Session>,
}

pub(crate) async fn is_sign_up_allowed(
    cx: &Context,
    asker: Asker<'_>,
    is_verified: bool,
) -> Result<bool> {
    if asker.account.email.is_some() && asker.account.phone_number.is_some() {
        return Err(Error::other("ask about an email address or a phone number, not both"));
    }
    check(cx, asker, is_verified, None).await
}

pub(crate) async fn is_sign_in_allowed(
    cx: &Context,
    asker: Asker<'_>,
    user: &User,
    sign_in_verifies: bool,
) -> Result<bool> {
    let is_verified = user.login_methods.first().is_some_and(|method| method.verified);
    if user.is_primary_user || is_verified || sign_in_verifies {
        return Ok(true);
    }
    check(cx, asker, is_verified, Some(user)).await
}

async fn check(
    cx: &Context,
    asker: Asker<'_>,
    is_verified: bool,
    signing_in: Option<&User>,
) -> Result<bool> {
    let Asker { account, users, tenant_id, session } = asker;
    if users.iter().all(|user| signing_in.is_some_and(|own| own.id == user.id)) {
        return Ok(true);
    }
    let primary = only_primary(users)?;
    let answer = AccountLinkingInstance::of(cx)?
        .ask(cx, account.clone(), primary, session, tenant_id)
        .await?;
    if answer != (AutomaticLinking::Yes { should_require_verification: true }) {
        return Ok(true);
    }
    let is_session_user =
        |user: &User| session.is_some_and(|session| *session.get_user_id() == user.id);
    let has_verified = |user: &User| {
        user.login_methods.iter().any(|method| method.verified && account.is_reached_by(method))
    };
    Ok(match primary {
        Some(primary) => is_verified && (is_session_user(primary) || has_verified(primary)),
        // Who signs in is one of them: an unproved account beside another one lies in wait.
        None => users.iter().all(|user| is_session_user(user) || has_verified(user)),
    })
}

/// The primary user among users that share an identity; the core permits no two.
pub(super) fn only_primary(users: &[User]) -> Result<Option<&User>> {
    let mut primary = users.iter().filter(|user| user.is_primary_user);
    match (primary.next(), primary.next()) {
        (found, None) => Ok(found),
        (_, Some(_)) => Err(Error::other(
            "two primary users share an identity; ask about one email address, phone number or \
             third-party account at a time",
        )),
    }
}
