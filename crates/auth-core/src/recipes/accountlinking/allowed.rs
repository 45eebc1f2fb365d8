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

/// Whether a sign-up or a sign-in is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    Refused,
    /// Only in a session of the user that has the address: the application links after confirmation.
    ToBeConfirmed,
}

pub(crate) async fn is_sign_up_allowed(
    cx: &Context,
    asker: Asker<'_>,
    is_verified: bool,
) -> Result<bool> {
    Ok(judge_sign_up(cx, asker, is_verified).await? == Verdict::Allowed)
}

pub(crate) async fn judge_sign_up(
    cx: &Context,
    asker: Asker<'_>,
    is_verified: bool,
) -> Result<Verdict> {
    if asker.account.email.is_some() && asker.account.phone_number.is_some() {
        return Err(Error::other("ask about an email address or a phone number, not both"));
    }
    judge(cx, asker, is_verified, None).await
}

/// `sign_in_verifies` says that signing in proves the address or number, as by a code that was sent
/// there.
pub(crate) async fn judge_sign_in(
    cx: &Context,
    asker: Asker<'_>,
    user: &User,
    sign_in_verifies: bool,
) -> Result<Verdict> {
    let is_verified = user.login_methods.first().is_some_and(|method| method.verified);
    if user.is_primary_user || is_verified {
        return Ok(Verdict::Allowed);
    }
    match judge(cx, asker, is_verified, Some(user)).await? {
        Verdict::Refused if sign_in_verifies => Ok(Verdict::Allowed),
        verdict => Ok(verdict),
    }
}

async fn judge(
    cx: &Context,
    asker: Asker<'_>,
    is_verified: bool,
    signing_in: Option<&User>,
) -> Result<Verdict> {
    let Asker { account, users, tenant_id, session } = asker;
    let is_signing_in = |user: &User| signing_in.is_some_and(|own| own.id == user.id);
    if users.iter().all(is_signing_in) {
        return Ok(Verdict::Allowed);
    }
    let primary = only_primary(users)?;
    let answer = AccountLinkingInstance::of(cx)?
        .ask(cx, account.clone(), primary, session, tenant_id)
        .await?;
    let is_allowed = match answer {
        AutomaticLinking::No | AutomaticLinking::Yes { should_require_verification: false } => true,
        AutomaticLinking::AfterConfirmation => {
            return Ok(match asker.proved_by_others(signing_in).next() {
                Some(_) => Verdict::ToBeConfirmed,
                None => Verdict::Allowed,
            });
        }
        AutomaticLinking::Yes { should_require_verification: true } => match primary {
            Some(primary) => {
                is_verified && (asker.is_session_user(primary) || asker.has_proved(primary))
            }
            // Who signs in is one of them: an unproved account beside another one lies in wait.
            None => users.iter().all(|user| asker.is_session_user(user) || asker.has_proved(user)),
        },
    };
    Ok(if is_allowed { Verdict::Allowed } else { Verdict::Refused })
}

impl<'a> Asker<'a> {
    fn is_session_user(&self, user: &User) -> bool {
        self.session.is_some_and(|session| *session.get_user_id() == user.id)
    }

    /// Whether a user has verified the address or number.
    fn has_proved(&self, user: &User) -> bool {
        user.login_methods.iter().any(|it| it.verified && self.account.is_reached_by(it))
    }

    /// The users that have verified the address or number, but for the session's and the one who signs
    /// in.
    pub(crate) fn proved_by_others(
        self,
        signing_in: Option<&'a User>,
    ) -> impl Iterator<Item = &'a User> {
        self.users.iter().filter(move |user| {
            let is_own = signing_in.is_some_and(|own| own.id == user.id);
            !is_own && !self.is_session_user(user) && self.has_proved(user)
        })
    }
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
