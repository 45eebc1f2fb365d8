//! Whether a sign-in is a first factor, or another one of the session's user.

use auth_protocol::{User, accountlinking::CreatePrimaryUserResponse};
use serde_json::json;

use crate::{
    Context, Error, Result,
    recipes::{
        accountlinking::{AccountLinkingInstance, NewAccountInfo},
        emailverification::EmailVerificationClaim,
        multifactorauth::MultiFactorAuthInstance,
        session::{InvalidClaim, Session, SessionError, claims::SessionClaim},
    },
};

/// Why an account can't be linked to the session's user (FDI §1.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinkingFailure {
    /// `EMAIL_VERIFICATION_REQUIRED`: neither side has verified the address that they share.
    EmailVerificationRequired,
    /// `RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR`
    RecipeUserIdAlreadyLinkedWithAnotherPrimaryUserId,
    /// `ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR`
    AccountInfoAlreadyAssociatedWithAnotherPrimaryUserId,
    /// `SESSION_USER_ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR`
    SessionUserAccountInfoAlreadyAssociatedWithAnotherPrimaryUserId,
    /// The account is a user of its own that has set up other factors, or of whom some are
    /// required: it would lose them, so that it isn't linked by one proof (an extension).
    FactorsRequired,
}

/// What a sign-in is to the session.
pub(super) enum AuthType {
    /// It stands by itself.
    FirstFactor,
    /// It is a login method of the session's user already.
    Linked(User),
    /// It becomes one.
    ToBeLinked { session_user: User, requires_verification: bool },
    /// It can't become one.
    Failed(LinkingFailure),
}

/// Who signs in, as far as it is known.
#[derive(Clone, Copy)]
pub(super) struct Account<'a> {
    pub(super) info: &'a NewAccountInfo,
    /// The user, where the account exists.
    pub(super) user: Option<&'a User>,
}

/// Tells a first factor from another one; makes the session's user primary on the way, unless
/// that is only to be checked.
pub(super) async fn auth_type(
    cx: &Context,
    account: Account<'_>,
    session: Option<&Session>,
    should_try_linking: Option<bool>,
    check_only: bool,
) -> Result<AuthType> {
    let Some(session) = session else {
        if should_try_linking == Some(true) {
            return Err(SessionError::unauthorised(
                "there is no session to whose user the account could be linked",
            )
            .into());
        }
        return Ok(AuthType::FirstFactor);
    };
    if should_try_linking == Some(false) {
        return Ok(AuthType::FirstFactor);
    }
    let linking = AccountLinkingInstance::of(cx)?;
    if !linking.is_linking_defined() {
        if should_try_linking == Some(true) || MultiFactorAuthInstance::find(cx).is_some() {
            return Err(Error::other(
                "a second factor is a login method that is linked to the session's user: set \
                 should_do_automatic_account_linking in the account linking recipe",
            ));
        }
        return Ok(AuthType::FirstFactor);
    }
    if let Some(user) = account.user
        && user.id == *session.get_user_id()
    {
        return Ok(AuthType::Linked(user.clone()));
    }
    // One text for either question that the application answers with no, as the wire has it.
    let refused = || match should_try_linking {
        Some(true) => Err(Error::bad_input(
            "shouldDoAutomaticAccountLinking returned false when making the session user primary \
             but shouldTryLinkingWithSessionUser is true",
        )),
        _ => Ok(AuthType::FirstFactor),
    };
    if !check_only {
        assert_is_there(cx, session).await?;
    }
    let session_user = match primary_session_user(cx, session, check_only).await? {
        SessionUser::Primary(user) => user,
        SessionUser::NotLinked => return refused(),
        SessionUser::Failed(failure) => return Ok(AuthType::Failed(failure)),
    };
    let tenant_id = session.get_tenant_id();
    let answer = linking
        .ask(cx, account.info.clone(), Some(&session_user), Some(session), tenant_id)
        .await?;
    match answer.where_confirmed() {
        Some(requires_verification) => {
            Ok(AuthType::ToBeLinked { session_user, requires_verification })
        }
        None => refused(),
    }
}

/// Whether a sign-in would be a first factor, without a change of the session's user.
pub async fn is_first_factor(
    cx: &Context,
    info: &NewAccountInfo,
    user: Option<&User>,
    session: Option<&Session>,
    should_try_linking: Option<bool>,
) -> Result<Result<bool, LinkingFailure>> {
    let account = Account { info, user };
    Ok(match auth_type(cx, account, session, should_try_linking, true).await? {
        AuthType::FirstFactor => Ok(true),
        AuthType::Linked(_) | AuthType::ToBeLinked { .. } => Ok(false),
        AuthType::Failed(failure) => Err(failure),
    })
}

enum SessionUser {
    Primary(User),
    /// The application doesn't want it to become primary.
    NotLinked,
    Failed(LinkingFailure),
}

/// The session's user, made primary where it isn't.
async fn primary_session_user(
    cx: &Context,
    session: &Session,
    check_only: bool,
) -> Result<SessionUser> {
    let gone = || Error::from(SessionError::unauthorised("the session's user doesn't exist"));
    let linking = cx.accountlinking()?;
    let user = linking.get_user(session.get_user_id()).await?.ok_or_else(gone)?;
    if user.is_primary_user {
        return Ok(SessionUser::Primary(user));
    }
    let method = user.login_methods.first().ok_or_else(gone)?;
    let answer = AccountLinkingInstance::of(cx)?
        .ask(cx, NewAccountInfo::of(method), None, Some(session), session.get_tenant_id())
        .await?;
    let Some(should_require_verification) = answer.where_confirmed() else {
        return Ok(SessionUser::NotLinked);
    };
    if check_only {
        return Ok(SessionUser::Primary(user));
    }
    if should_require_verification && !method.verified {
        return Err(verification_required(session).await?);
    }
    match linking.create_primary_user(&method.recipe_user_id).await? {
        CreatePrimaryUserResponse::Ok { user, .. } => Ok(SessionUser::Primary(user)),
        CreatePrimaryUserResponse::RecipeUserIdAlreadyLinkedWithPrimaryUserIdError { .. } => {
            Err(SessionError::unauthorised("the session's user was linked to another one").into())
        }
        CreatePrimaryUserResponse::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError {
            ..
        } => Ok(SessionUser::Failed(
            LinkingFailure::SessionUserAccountInfoAlreadyAssociatedWithAnotherPrimaryUserId,
        )),
    }
}

/// Sends the front end to the verification of the address, as that recipe's validator does.
async fn verification_required(session: &Session) -> Result<Error> {
    let claim = EmailVerificationClaim;
    if session.get_claim_value(&claim) != Some(false) {
        session.set_claim_value(&claim, false).await?;
    }
    let reason = json!({ "message": "wrong value", "expectedValue": true, "actualValue": false });
    let claim = InvalidClaim { id: claim.key().to_owned(), reason: Some(reason) };
    Ok(SessionError::InvalidClaims(vec![claim]).into())
}

/// An access token outlives its session: one that was ended, as by a new password, adds no account to
/// the user that it was of.
pub(super) async fn assert_is_there(cx: &Context, session: &Session) -> Result<()> {
    match cx.session()?.get_session_information(session.get_handle()).await? {
        Some(_) => Ok(()),
        None => Err(SessionError::unauthorised("the session has ended").into()),
    }
}
