//! For whom a link is made.

use auth_protocol::{RecipeId, RecipeUserId, TenantId, User, UserId};

use crate::{
    Context, Result,
    recipes::accountlinking::{
        AccountLinkingInstance, NewAccountInfo,
        allowed::{self, Asker},
        method_with_email, try_linking, users_with_email,
    },
};

/// An id that no user has.
pub(crate) const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// What was lost.
#[derive(Clone, Copy)]
pub(crate) struct Lost<'a> {
    /// The recipe whose login method it opens.
    pub(crate) recipe_id: RecipeId,
    /// The tenant.
    pub(crate) tenant_id: &'a TenantId,
    /// The address, normalised.
    pub(crate) email: &'a str,
    /// Whether the oldest user with the address counts as the one to be linked to where none is primary.
    pub(crate) regards_oldest: bool,
}

/// For whom a token is made.
pub(crate) struct Account {
    /// The login method that the token is for, or the user that gets one by it.
    pub(crate) token_for: UserId,
    /// Whom the mail is for.
    pub(crate) user_id: UserId,
    /// The login method, where there is one.
    pub(crate) recipe_user_id: Option<RecipeUserId>,
}

/// What the request for a link comes to.
pub(crate) enum Target {
    /// Nothing is sent, which isn't told.
    Nobody,
    /// It would let somebody into an account that isn't theirs.
    NotAllowed,
    /// A link is sent.
    Account(Account),
}

impl Account {
    fn method(id: &RecipeUserId, user_id: &UserId) -> Target {
        Target::Account(Self {
            token_for: UserId::from(id.clone()),
            user_id: user_id.clone(),
            recipe_user_id: Some(id.clone()),
        })
    }
}

/// For whom a link is made that goes to an address.
pub(crate) async fn find_target(cx: &Context, lost: Lost<'_>) -> Result<Target> {
    let Lost { recipe_id, tenant_id, email, .. } = lost;
    let users = users_with_email(cx, tenant_id, email).await?;
    let method_of = |user| method_with_email(user, recipe_id, tenant_id, email);
    let own = users.iter().find_map(|user| Some((user, method_of(user)?)));
    let alone = || match own {
        Some((user, method)) => Account::method(&method.recipe_user_id, &user.id),
        None => Target::Nobody,
    };
    let Some(candidate) = linking_candidate(cx, lost, &users, own.map(|(user, _)| user)).await?
    else {
        return Ok(alone());
    };
    if is_takeover_risk(candidate, recipe_id, email) {
        return Ok(Target::NotAllowed);
    }
    if let Some((user, method)) = own
        && user.id == candidate.id
        && candidate.is_primary_user
    {
        return Ok(Account::method(&method.recipe_user_id, &candidate.id));
    }
    let account = match own {
        Some((_, method)) => NewAccountInfo::of(method),
        None => NewAccountInfo::new(recipe_id).email(email),
    };
    let answer = AccountLinkingInstance::of(cx)?
        .ask(cx, account.clone(), Some(candidate), None, tenant_id)
        .await?;
    // A link in a mail is no session in which a link of accounts could be confirmed.
    if answer.by_common_address().is_none() {
        return Ok(alone());
    }
    if let Some((_, method)) = own {
        return Ok(Account::method(&method.recipe_user_id, &candidate.id));
    }
    // Who follows the link proves the address, and gets a login method for the account.
    let asker = Asker { account: &account, users: &users, tenant_id, session: None };
    if !allowed::is_sign_up_allowed(cx, asker, true).await? {
        return Ok(Target::Nobody);
    }
    let user_id = candidate.id.clone();
    Ok(Target::Account(Account { token_for: user_id.clone(), user_id, recipe_user_id: None }))
}

/// The user with which the login method is linked, or would be.
async fn linking_candidate<'u>(
    cx: &Context,
    lost: Lost<'_>,
    users: &'u [User],
    own: Option<&User>,
) -> Result<Option<&'u User>> {
    if let Some(primary) = users.iter().find(|user| user.is_primary_user) {
        return Ok(Some(primary));
    }
    let Some(oldest) = users.iter().min_by_key(|user| user.time_joined) else { return Ok(None) };
    if !lost.regards_oldest || users.len() == 1 && own.is_some() {
        return Ok(None);
    }
    let becomes = try_linking::should_become_primary(cx, lost.tenant_id, oldest, None).await?;
    Ok(becomes.then_some(oldest))
}

/// Whether an address that isn't verified would open an account that has other identities, or ways in
/// by other recipes: whoever made it knows those.
pub(crate) fn is_takeover_risk(user: &User, recipe_id: RecipeId, email: &str) -> bool {
    let is_verified =
        user.login_methods.iter().any(|method| method.verified && method.has_same_email_as(email));
    let of_recipe = user.login_methods.iter().filter(|it| it.recipe_id == recipe_id).count();
    let has_others = !user.phone_numbers.is_empty()
        || user.login_methods.iter().any(|it| it.email.is_some() && !it.has_same_email_as(email))
        || of_recipe > 0 && of_recipe < user.login_methods.len();
    !is_verified && has_others
}
