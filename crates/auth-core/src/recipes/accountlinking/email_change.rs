//! Whether a login method may get another email address (FDI §7).

use auth_protocol::{LoginMethod, RecipeUserId, TenantId, User, UserId, normalise_email};

use super::{AccountLinkingInstance, IsEmailChangeAllowedInput, NewAccountInfo, users_with_email};
use crate::{
    Context, Result, delivery::EmailChangedEmail, factors::real_email, recipes::session::Session,
};

/// Whether a login method may get another email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmailChange {
    /// It may.
    Allowed,
    /// Another primary user has the address.
    PrimaryUserConflict,
    /// With an address that isn't verified it could take another account over, or lie in wait.
    AccountTakeoverRisk,
}

impl EmailChange {
    /// Why it may not, for people.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Allowed => None,
            Self::PrimaryUserConflict => Some(
                "New email cannot be applied to existing account because of there is another \
                 primary user with the same email address.",
            ),
            Self::AccountTakeoverRisk => Some(
                "New email cannot be applied to existing account because of account takeover risks.",
            ),
        }
    }
}

/// Why a login method doesn't get the address that it is to have.
pub(crate) enum EmailRefusal {
    /// There is no such login method.
    UnknownUserId,
    /// It may not.
    NotAllowed {
        /// Why, for people.
        reason: String,
    },
}

/// The address of a login method that is about to get another one.
pub(crate) struct OldAddress {
    user_id: UserId,
    recipe_user_id: RecipeUserId,
    tenant_id: TenantId,
    email: String,
}

/// The address that a login method has, where mail reaches it.
pub(crate) async fn address_of(cx: &Context, id: &RecipeUserId) -> Result<Option<OldAddress>> {
    let user = cx.accountlinking()?.get_user(UserId::from(id.clone())).await?;
    Ok(user.and_then(|user| {
        let method = user.login_method(id)?;
        Some(OldAddress {
            user_id: user.id.clone(),
            recipe_user_id: method.recipe_user_id.clone(),
            tenant_id: method.tenant_ids.first().cloned().unwrap_or_default(),
            email: real_email(method)?,
        })
    }))
}

impl OldAddress {
    /// The mail that goes there, where the new address is another one, or where there is none.
    pub(crate) fn mail(self, new_email: Option<&str>) -> Option<EmailChangedEmail> {
        let is_same = |new: &str| normalise_email(new) == normalise_email(&self.email);
        if new_email.is_some_and(is_same) {
            return None;
        }
        let Self { user_id, recipe_user_id, tenant_id, email } = self;
        let mail = EmailChangedEmail::new(tenant_id, user_id, recipe_user_id, email);
        Some(match new_email {
            Some(new_email) => mail.new_email(new_email),
            None => mail,
        })
    }
}

/// What a recipe asks before it gives a login method another address.
pub(crate) async fn refusal(
    cx: &Context,
    recipe_user_id: &RecipeUserId,
    new_email: &str,
    is_verified: bool,
) -> Result<Option<EmailRefusal>> {
    let linking = cx.accountlinking()?;
    if linking.get_user(UserId::from(recipe_user_id.clone())).await?.is_none() {
        return Ok(Some(EmailRefusal::UnknownUserId));
    }
    let input = IsEmailChangeAllowedInput::new(recipe_user_id, new_email).is_verified(is_verified);
    let change = linking.is_email_change_allowed(input).await?;
    Ok(change.reason().map(|reason| EmailRefusal::NotAllowed { reason: reason.to_owned() }))
}

pub(super) async fn check(
    cx: &Context,
    user: &User,
    recipe_user_id: &RecipeUserId,
    new_email: &str,
    is_verified: bool,
    session: Option<&Session>,
) -> Result<EmailChange> {
    for tenant_id in &user.tenant_ids {
        let change =
            in_tenant(cx, user, recipe_user_id, new_email, is_verified, session, tenant_id).await?;
        if change != EmailChange::Allowed {
            return Ok(change);
        }
    }
    Ok(EmailChange::Allowed)
}

async fn in_tenant(
    cx: &Context,
    user: &User,
    recipe_user_id: &RecipeUserId,
    new_email: &str,
    is_verified: bool,
    session: Option<&Session>,
    tenant_id: &TenantId,
) -> Result<EmailChange> {
    let users = users_with_email(cx, tenant_id, new_email).await?;
    let others: Vec<&User> = users.iter().filter(|other| other.id != user.id).collect();
    let other_primary = others.iter().find(|other| other.is_primary_user).copied();
    let Some(method) = user.login_method(recipe_user_id) else { return Ok(EmailChange::Allowed) };
    let asked = async |account: &LoginMethod, with: &User| {
        let account = NewAccountInfo::of(account);
        let instance = AccountLinkingInstance::of(cx)?;
        let answer = instance.ask(cx, account, Some(with), session, tenant_id).await?;
        Ok(match answer.where_confirmed() {
            Some(true) => EmailChange::AccountTakeoverRisk,
            _ => EmailChange::Allowed,
        })
    };
    if user.is_primary_user {
        if other_primary.is_some() {
            return Ok(EmailChange::PrimaryUserConflict);
        }
        let is_own = user
            .login_methods
            .iter()
            .any(|method| method.verified && method.has_same_email_as(new_email));
        if is_verified || is_own {
            return Ok(EmailChange::Allowed);
        }
        // Each of the others could be linked to this user by the address.
        for account in others.iter().filter_map(|other| other.login_methods.first()) {
            let change = asked(account, user).await?;
            if change != EmailChange::Allowed {
                return Ok(change);
            }
        }
        return Ok(EmailChange::Allowed);
    }
    if is_verified || method.has_same_email_as(new_email) {
        return Ok(EmailChange::Allowed);
    }
    match other_primary {
        Some(primary) => asked(method, primary).await,
        None => Ok(EmailChange::Allowed),
    }
}
