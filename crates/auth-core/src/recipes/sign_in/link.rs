//! The account that signed in comes together with the user it belongs to.

use auth_protocol::{
    RecipeUserId, TenantId, User, accountlinking::LinkAccountsResponse as Response,
};

use super::auth_type::{Account, AuthType, LinkingFailure, auth_type};
use crate::{
    Context, Error, LoginMethodMove, Result,
    recipes::{
        accountlinking::{LinkAccountsInput, NewAccountInfo, try_linking},
        emailverification,
        session::Session,
    },
};

/// How often it is tried again that the session's user stops being primary meanwhile.
const TRIES: usize = 10;

/// Links the account that signed in to the session's user where it is another factor of that one;
/// otherwise to the user that it shares an identity with, or makes it a primary user, as far as
/// the application permits. Gives the user that it then is part of.
pub async fn link(
    cx: &Context,
    tenant_id: &TenantId,
    user: User,
    recipe_user_id: &RecipeUserId,
    session: Option<&Session>,
    should_try_linking: Option<bool>,
) -> Result<Result<User, LinkingFailure>> {
    let user = match emailverification::share_proofs(cx, &user).await? {
        true => cx.accountlinking()?.get_user(&user.id).await?.unwrap_or(user),
        false => user,
    };
    let method = user
        .login_method(recipe_user_id)
        .ok_or_else(|| Error::other("a user lacks the login method that it signed in with"))?;
    let info = NewAccountInfo::of(method);
    for _ in 0..TRIES {
        let account = Account { info: &info, user: Some(&user) };
        let (session_user, requires_verification) =
            match auth_type(cx, account, session, should_try_linking, false).await? {
                AuthType::FirstFactor => {
                    return try_linking::try_linking(cx, tenant_id, user, session).await.map(Ok);
                }
                AuthType::Linked(user) => return Ok(Ok(user)),
                AuthType::Failed(failure) => return Ok(Err(failure)),
                AuthType::ToBeLinked { session_user, requires_verification } => {
                    (session_user, requires_verification)
                }
            };
        let is_proved = method.verified
            || session_user
                .login_methods
                .iter()
                .any(|method| method.verified && info.is_reached_by(method));
        if requires_verification && !is_proved {
            return Ok(Err(LinkingFailure::EmailVerificationRequired));
        }
        let target = &session_user;
        let moved = LoginMethodMove { user: &user, recipe_user_id, target, tenant_id, session };
        // The core doesn't link a primary user, and says so.
        if !user.is_primary_user && !try_linking::may_move(cx, moved).await? {
            return Ok(Err(LinkingFailure::FactorsRequired));
        }
        let input = LinkAccountsInput::new(recipe_user_id, &session_user.id);
        return Ok(match cx.accountlinking()?.link_accounts(input).await? {
            Response::Ok { user, .. } => Ok(user),
            Response::RecipeUserIdAlreadyLinkedWithAnotherPrimaryUserIdError { .. } => {
                Err(LinkingFailure::RecipeUserIdAlreadyLinkedWithAnotherPrimaryUserId)
            }
            Response::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserIdError { .. } => {
                Err(LinkingFailure::AccountInfoAlreadyAssociatedWithAnotherPrimaryUserId)
            }
            Response::InputUserIsNotAPrimaryUser => continue,
        });
    }
    Err(Error::other("the session's user changed too often while an account was linked to it"))
}
