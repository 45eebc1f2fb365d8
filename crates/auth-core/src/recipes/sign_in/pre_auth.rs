//! What is checked before credentials are looked at.

use auth_protocol::{TenantId, User};

use super::{
    auth_type::{Account, AuthType, LinkingFailure, auth_type},
    reasons::Reasons,
};
use crate::{
    Context, Result,
    recipes::{
        accountlinking::{
            NewAccountInfo,
            allowed::{self, Asker},
        },
        multifactorauth::{FactorId, factors},
        session::Session,
    },
};

/// A sign-up or sign-in about to be made.
#[derive(Clone, Debug)]
pub(crate) struct PreAuth<'a> {
    /// Who.
    pub(crate) account: NewAccountInfo,
    /// What it is.
    pub(crate) kind: SignInKind<'a>,
    /// The users that have the account's identity in the tenant.
    pub(crate) users: &'a [User],
    /// The factors that it could stand for.
    pub(crate) factor_ids: Vec<FactorId>,
    /// The session's tenant, or else the path's.
    pub(crate) tenant_id: &'a TenantId,
    /// The session that the request came with.
    pub(crate) session: Option<&'a Session>,
    /// `shouldTryLinkingWithSessionUser`
    pub(crate) should_try_linking: Option<bool>,
    /// Whether the address or number is verified.
    pub(crate) is_verified: bool,
    /// Whether it will be by signing in, as by a code that was sent there.
    pub(crate) sign_in_verifies: bool,
    /// Whether nobody is signed in yet, as when a code is asked for, so that the session's user
    /// isn't made primary.
    pub(crate) check_only: bool,
}

/// Whether somebody new signs up or somebody known signs in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SignInKind<'a> {
    /// A new account.
    SignUp,
    /// The account's user.
    SignIn(&'a User),
}

/// A sign-up or sign-in that may be made.
#[derive(Clone, Debug)]
pub(crate) struct Permitted {
    /// Those of the factors that it may stand for; one at least.
    pub(crate) factor_ids: Vec<FactorId>,
    /// Whether it stands by itself, or is another factor of the session's user.
    pub(crate) is_first_factor: bool,
}

/// Why it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// `SIGN_UP_NOT_ALLOWED`
    SignUpNotAllowed,
    /// `SIGN_IN_NOT_ALLOWED`
    SignInNotAllowed,
    /// `LINKING_TO_SESSION_USER_FAILED`
    Linking(LinkingFailure),
}

impl Refusal {
    /// The reason that users are shown.
    pub(crate) fn reason(self, reasons: &Reasons) -> String {
        match self {
            Self::SignUpNotAllowed | Self::SignInNotAllowed => reasons.not_allowed(),
            Self::Linking(failure) => reasons.linking_failed(failure),
        }
    }
}

/// Decides whether a sign-up or sign-in may be made.
///
/// # Errors
/// A session error where a factor needs a session, or may not be set up in this one.
pub(crate) async fn pre_auth_checks(
    cx: &Context,
    input: PreAuth<'_>,
) -> Result<Result<Permitted, Refusal>> {
    let PreAuth { account, kind, users, tenant_id, session, .. } = input;
    let user = match kind {
        SignInKind::SignUp => None,
        SignInKind::SignIn(user) => Some(user),
    };
    let who = Account { info: &account, user };
    let auth_type = auth_type(cx, who, session, input.should_try_linking, input.check_only).await?;
    let session_user = match &auth_type {
        AuthType::FirstFactor => None,
        AuthType::Linked(user) | AuthType::ToBeLinked { session_user: user, .. } => Some(user),
        AuthType::Failed(failure) => return Ok(Err(Refusal::Linking(*failure))),
    };
    let factor_ids = match (&auth_type, session) {
        (AuthType::ToBeLinked { session_user, .. }, Some(session)) => {
            factors::permitted_to_set_up(cx, session, session_user, input.factor_ids).await?
        }
        (AuthType::Linked(_), _) => input.factor_ids,
        _ => factors::valid_first(cx, tenant_id, session.is_some(), input.factor_ids)?,
    };
    let asker = Asker { account: &account, users, tenant_id, session };
    match user {
        None => {
            let is_verified_by_session = session_user.is_some_and(|user| {
                let mut methods = user.login_methods.iter();
                methods.any(|method| method.verified && account.is_reached_by(method))
            });
            let is_verified = input.is_verified || input.sign_in_verifies || is_verified_by_session;
            if !allowed::is_sign_up_allowed(cx, asker, is_verified).await? {
                return Ok(Err(Refusal::SignUpNotAllowed));
            }
        }
        Some(user) => {
            if !allowed::is_sign_in_allowed(cx, asker, user, input.sign_in_verifies).await? {
                return Ok(Err(Refusal::SignInNotAllowed));
            }
        }
    }
    Ok(Ok(Permitted { factor_ids, is_first_factor: session_user.is_none() }))
}
