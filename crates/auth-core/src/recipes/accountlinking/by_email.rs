//! Whose an address is.

use auth_protocol::{LoginMethod, RecipeId, TenantId, User, user::ListUsersByAccountInfo};

use super::ListUsersByAccountInfoInput;
use crate::{Context, Result};

/// The users with an address in a tenant, oldest first.
pub(crate) async fn users_with_email(
    cx: &Context,
    tenant_id: &TenantId,
    email: &str,
) -> Result<Vec<User>> {
    let info = ListUsersByAccountInfo {
        email: Some(email.to_owned()),
        ..ListUsersByAccountInfo::default()
    };
    let input = ListUsersByAccountInfoInput::new(info).tenant_id(tenant_id);
    cx.accountlinking()?.list_users_by_account_info(input).await
}

/// A user's login method of a recipe with this address in this tenant.
pub(crate) fn method_with_email<'u>(
    user: &'u User,
    recipe_id: RecipeId,
    tenant_id: &TenantId,
    email: &str,
) -> Option<&'u LoginMethod> {
    user.login_methods.iter().find(|method| {
        method.recipe_id == recipe_id
            && method.has_same_email_as(email)
            && method.tenant_ids.contains(tenant_id)
    })
}
