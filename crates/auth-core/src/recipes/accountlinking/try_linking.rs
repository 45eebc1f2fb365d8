//! Linking by a common identity, at sign-up, sign-in and password reset (FDI §7.3).

use auth_protocol::{
    LoginMethod, TenantId, User,
    accountlinking::{CreatePrimaryUserResponse, LinkAccountsResponse},
};

use super::{
    AccountLinkingInstance, AutomaticLinking, LinkAccountsInput, ListUsersByAccountInfoInput,
    NewAccountInfo, allowed::only_primary,
};
use crate::{
    Context, Error, LoginMethodMove, Result, factors::is_made_up_email, recipes::session::Session,
};

/// How often it is tried again that others come before.
const TRIES: usize = 100;

/// What one try came to.
enum Try {
    Done(User),
    /// Somebody else changed what was found.
    Again,
}

/// Links a user to the one it belongs with, or makes it a primary user, as far as the application
/// permits; gives the user that it then is part of.
///
/// Where the application demands verification, both sides must have proved the address or number
/// that they share.
pub(crate) async fn try_linking(
    cx: &Context,
    tenant_id: &TenantId,
    user: User,
    session: Option<&Session>,
) -> Result<User> {
    if !AccountLinkingInstance::of(cx)?.is_linking_defined() {
        return Ok(user);
    }
    for _ in 0..TRIES {
        if let Try::Done(user) = attempt(cx, tenant_id, &user, session).await? {
            return Ok(user);
        }
    }
    Err(Error::other("accounts changed too often while they were being linked"))
}

async fn attempt(
    cx: &Context,
    tenant_id: &TenantId,
    user: &User,
    session: Option<&Session>,
) -> Result<Try> {
    if let Some(primary) = primary_user_for(cx, tenant_id, user).await? {
        if primary.id == user.id {
            return Ok(Try::Done(user.clone()));
        }
        return link(cx, tenant_id, user, &primary, session).await;
    }
    if let Some(oldest) = oldest_other_user(cx, tenant_id, user).await?
        && let Some(answer) = becomes_primary(cx, tenant_id, &oldest, session).await?
        && answer.by_common_address().is_some()
        && may_join(cx, tenant_id, user, &oldest).await?
    {
        return match create_primary(cx, &oldest).await? {
            Some(primary) => link(cx, tenant_id, user, &primary, session).await,
            None => Ok(Try::Again),
        };
    }
    if should_become_primary(cx, tenant_id, user, session).await? {
        let has_made_up_email = first_method(user)?.email.as_deref().is_some_and(is_made_up_email);
        return Ok(match create_primary(cx, user).await? {
            Some(primary) => Try::Done(primary),
            // Nobody is found by such an address, and yet another primary user may have it.
            None if has_made_up_email => Try::Done(user.clone()),
            None => Try::Again,
        });
    }
    Ok(Try::Done(user.clone()))
}

/// Links where the application permits it; otherwise the user stays as it is.
async fn link(
    cx: &Context,
    tenant_id: &TenantId,
    user: &User,
    primary: &User,
    session: Option<&Session>,
) -> Result<Try> {
    let method = first_method(user)?;
    let account = NewAccountInfo::of(method);
    let instance = AccountLinkingInstance::of(cx)?;
    let answer = instance.ask(cx, account.clone(), Some(primary), session, tenant_id).await?;
    let Some(should_require_verification) = answer.by_common_address() else {
        return Ok(Try::Done(user.clone()));
    };
    let is_proved = || {
        let mut others = primary.login_methods.iter();
        method.verified && others.any(|other| other.verified && account.is_reached_by(other))
    };
    if should_require_verification && !is_proved() {
        return Ok(Try::Done(user.clone()));
    }
    if !may_join(cx, tenant_id, user, primary).await? {
        return Ok(Try::Done(user.clone()));
    }
    let input = LinkAccountsInput::new(&method.recipe_user_id, &primary.id);
    Ok(match cx.accountlinking()?.link_accounts(input).await? {
        LinkAccountsResponse::Ok { user, .. }
        | LinkAccountsResponse::RecipeUserIdAlreadyLinkedWithAnotherPrimaryUserIdError {
            user,
            ..
        } => Try::Done(user),
        _ => Try::Again,
    })
}

/// Whether a user that has shown one proof may become part of another one: not where it has other
/// factors, or some are required of it.
async fn may_join(cx: &Context, tenant_id: &TenantId, user: &User, target: &User) -> Result<bool> {
    let recipe_user_id = &first_method(user)?.recipe_user_id;
    may_move(cx, LoginMethodMove { user, recipe_user_id, target, tenant_id, session: None }).await
}

/// Whether every recipe in use lets a login method become another user's by its own proof alone.
pub(crate) async fn may_move(cx: &Context, of: LoginMethodMove<'_>) -> Result<bool> {
    for recipe in cx.auth().recipes() {
        if !recipe.may_move(cx, of).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn create_primary(cx: &Context, user: &User) -> Result<Option<User>> {
    let id = &first_method(user)?.recipe_user_id;
    Ok(match cx.accountlinking()?.create_primary_user(id).await? {
        CreatePrimaryUserResponse::Ok { user, .. } => Some(user),
        _ => None,
    })
}

/// The primary user that has an identity of this user, or this user where it is primary.
pub(super) async fn primary_user_for(
    cx: &Context,
    tenant_id: &TenantId,
    user: &User,
) -> Result<Option<User>> {
    if user.is_primary_user {
        return Ok(Some(user.clone()));
    }
    let users = sharing(cx, tenant_id, user).await?;
    only_primary(&users).map(Option::<&User>::cloned)
}

async fn oldest_other_user(
    cx: &Context,
    tenant_id: &TenantId,
    user: &User,
) -> Result<Option<User>> {
    let users = sharing(cx, tenant_id, user).await?;
    Ok(users.into_iter().filter(|other| other.id != user.id).min_by_key(|other| other.time_joined))
}

async fn sharing(cx: &Context, tenant_id: &TenantId, user: &User) -> Result<Vec<User>> {
    let account_info = NewAccountInfo::of(first_method(user)?).search();
    let search = ListUsersByAccountInfoInput::new(account_info).tenant_id(tenant_id);
    cx.accountlinking()?.list_users_by_account_info(search).await
}

/// Whether the application makes a user primary that isn't.
pub(crate) async fn should_become_primary(
    cx: &Context,
    tenant_id: &TenantId,
    user: &User,
    session: Option<&Session>,
) -> Result<bool> {
    Ok(becomes_primary(cx, tenant_id, user, session).await?.is_some())
}

/// What the application answers where it makes a user primary that isn't.
async fn becomes_primary(
    cx: &Context,
    tenant_id: &TenantId,
    user: &User,
    session: Option<&Session>,
) -> Result<Option<AutomaticLinking>> {
    let method = first_method(user)?;
    let account = NewAccountInfo::of(method);
    let answer = AccountLinkingInstance::of(cx)?.ask(cx, account, None, session, tenant_id).await?;
    let becomes = answer.where_confirmed().is_some_and(|must| method.verified || !must);
    Ok(becomes.then_some(answer))
}

/// A user that isn't primary has one login method.
fn first_method(user: &User) -> Result<&LoginMethod> {
    user.login_methods.first().ok_or_else(|| Error::other("a user has no login method"))
}
