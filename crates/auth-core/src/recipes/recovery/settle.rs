//! After a new password or passkey.

use auth_protocol::{RecipeUserId, TenantId, User, UserId};

use crate::{
    Context, Result,
    recipes::{accountlinking::try_linking, emailverification::mark_verified},
};

/// Notes that a login method has proved the address to which the link came, and links it as far as the
/// application permits. The user that it then is part of; `None` where it is gone.
pub(crate) async fn settle(
    cx: &Context,
    tenant_id: &TenantId,
    id: RecipeUserId,
    email: &str,
) -> Result<Option<User>> {
    mark_verified(cx, tenant_id, &id, email).await?;
    match cx.accountlinking()?.get_user(UserId::from(id)).await? {
        Some(user) if !user.is_primary_user => {
            try_linking::try_linking(cx, tenant_id, user, None).await.map(Some)
        }
        user => Ok(user),
    }
}
