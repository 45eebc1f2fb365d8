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
            allowed::{self, Asker, Verdict},
        },
        multifactorauth::{FactorId, FactorsInTenant, factors},
        session::Session,
    },
};

/// A sign-up or sign-in about to be made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PreAuth<'a> {
    /// Who.
    pub account: NewAccountInfo,
    /// What it is.
    pub kind: SignInKind<'a>,
    /// The users that have the account's identity in the tenant.
    pub users: &'a [User],
    /// The factors that it could stand for.
    pub factor_ids: Vec<FactorId>,
    /// The session's tenant, or else the path's.
    pub tenant_id: &'a TenantId,
    /// The session that the request came with.
    pub session: Option<&'a Session>,
    /// `shouldTryLinkingWithSessionUser`
    pub should_try_linking: Option<bool>,
    /// Whether the address or number is verified.
    pub is_verified: bool,
    /// Whether it will be by signing in, as by a code that was sent there.
    pub sign_in_verifies: bool,
    /// Whether nobody is signed in yet, as when a code is asked for, so that the session's user
    /// isn't made primary.
    pub check_only: bool,
}

impl<'a> PreAuth<'a> {
    /// A sign-up or sign-in without a session, by an address or number that isn't verified.
    pub fn new(
        tenant_id: &'a TenantId,
        account: NewAccountInfo,
        kind: SignInKind<'a>,
        users: &'a [User],
        factor_ids: impl IntoIterator<Item = FactorId>,
    ) -> Self {
        Self {
            account,
            kind,
            users,
            factor_ids: factor_ids.into_iter().collect(),
            tenant_id,
            session: None,
            should_try_linking: None,
            is_verified: false,
            sign_in_verifies: false,
            check_only: false,
        }
    }

    /// The session that the request came with, and `shouldTryLinkingWithSessionUser`.
    #[must_use]
    pub fn session(
        mut self,
        session: Option<&'a Session>,
        should_try_linking: Option<bool>,
    ) -> Self {
        self.session = session;
        self.should_try_linking = should_try_linking;
        self
    }

    /// Whether the address or number is verified.
    #[must_use]
    pub fn verified(mut self, is_verified: bool) -> Self {
        self.is_verified = is_verified;
        self
    }

    /// To sign in proves the address or number, as by a code that was sent there.
    #[must_use]
    pub fn verifies(mut self) -> Self {
        self.sign_in_verifies = true;
        self
    }

    /// Nobody is signed in yet, as when a code is asked for.
    #[must_use]
    pub fn check_only(mut self) -> Self {
        self.check_only = true;
        self
    }
}

/// Whether somebody new signs up or somebody known signs in.
#[derive(Clone, Copy, Debug)]
pub enum SignInKind<'a> {
    /// A new account.
    SignUp,
    /// The account's user.
    SignIn(&'a User),
}

/// A sign-up or sign-in that may be made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Permitted {
    /// Those of the factors that it may stand for; one at least.
    pub factor_ids: Vec<FactorId>,
    /// Whether it stands by itself, or is another factor of the session's user.
    pub is_first_factor: bool,
}

/// Why it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// `SIGN_UP_NOT_ALLOWED`
    SignUpNotAllowed,
    /// `SIGN_IN_NOT_ALLOWED`
    SignInNotAllowed,
    /// `LINKING_TO_SESSION_USER_FAILED`
    Linking(LinkingFailure),
}

impl Refusal {
    /// The reason that users are shown.
    pub fn reason(self, reasons: &Reasons) -> String {
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
pub async fn pre_auth_checks(
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
        _ => factors::valid_first(cx, tenant_id, session.is_some(), input.factor_ids).await?,
    };
    let is_verified_by_session = session_user.is_some_and(|user| {
        let mut methods = user.login_methods.iter();
        methods.any(|method| method.verified && account.is_reached_by(method))
    });
    let asker = Asker { account: &account, users, tenant_id, session };
    let is_verified = input.is_verified || input.sign_in_verifies || is_verified_by_session;
    match judge(cx, asker, kind, is_verified, input.sign_in_verifies).await? {
        Verdict::Allowed => {}
        // Who asks for a code proves the address by it: whether it must be confirmed, they are told then.
        Verdict::ToBeConfirmed if input.check_only => {}
        Verdict::Refused | Verdict::ToBeConfirmed => {
            return Ok(Err(match kind {
                SignInKind::SignUp => Refusal::SignUpNotAllowed,
                SignInKind::SignIn(_) => Refusal::SignInNotAllowed,
            }));
        }
    }
    Ok(Ok(Permitted { factor_ids, is_first_factor: session_user.is_none() }))
}

/// Asks of a sign-in without a session to an account that isn't there what is asked where it is, so that
/// neither the answer nor its time tells them apart.
///
/// # Errors
/// As [`pre_auth_checks`] where no sign-in may begin with any of the factors.
pub async fn pre_auth_checks_of_nobody(
    cx: &Context,
    tenant_id: &TenantId,
    factor_ids: impl IntoIterator<Item = FactorId>,
) -> Result<()> {
    let factor_ids = factor_ids.into_iter().collect();
    factors::valid_first(cx, tenant_id, false, factor_ids).await.map(drop)
}

async fn judge(
    cx: &Context,
    asker: Asker<'_>,
    kind: SignInKind<'_>,
    is_verified: bool,
    sign_in_verifies: bool,
) -> Result<Verdict> {
    match kind {
        SignInKind::SignUp => allowed::judge_sign_up(cx, asker, is_verified).await,
        SignInKind::SignIn(user) => allowed::judge_sign_in(cx, asker, user, sign_in_verifies).await,
    }
}

/// Where a sign-up or sign-in was refused because the application links
/// [after confirmation](crate::recipes::accountlinking::AutomaticLinking::AfterConfirmation): the factors
/// by which the user signs in that has the address already. For who has just proved the address, and
/// nobody else.
pub async fn confirm_with(cx: &Context, input: &PreAuth<'_>) -> Result<Option<Vec<FactorId>>> {
    let PreAuth { account, kind, users, tenant_id, session, .. } = input;
    let asker = Asker { account, users, tenant_id, session: *session };
    let is_verified = input.is_verified || input.sign_in_verifies;
    let verdict = judge(cx, asker, *kind, is_verified, input.sign_in_verifies).await?;
    if verdict != Verdict::ToBeConfirmed || !is_verified {
        return Ok(None);
    }
    let signing_in = match kind {
        SignInKind::SignUp => None,
        SignInKind::SignIn(user) => Some(*user),
    };
    let mut ids = Vec::new();
    // The primary user, where there is one: the account can be linked to no other.
    let mut others: Vec<&User> = asker.proved_by_others(signing_in).collect();
    others.sort_by_key(|user| !user.is_primary_user);
    let Some(user) = others.first() else { return Ok(None) };
    let in_tenant = FactorsInTenant::of(cx, tenant_id).await?;
    for method in user.login_methods.iter().filter(|it| it.tenant_ids.contains(tenant_id)) {
        for id in factors::signed_in_by(cx, user, &method.recipe_user_id) {
            if !ids.contains(&id) && in_tenant.may_start_with(cx, &id) {
                ids.push(id);
            }
        }
    }
    Ok(Some(ids))
}
