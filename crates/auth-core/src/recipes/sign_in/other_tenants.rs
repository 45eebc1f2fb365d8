//! Login methods that the session's user has in other tenants alone (FDI §1.0).

use auth_protocol::{
    LoginMethod, TenantId, User, multitenancy::AssociateUserToTenantResponse as Response,
};

use super::auth_type::assert_is_there;
use crate::{
    Context, Result,
    recipes::session::{Session, SessionError},
};

/// The session's user, where it is primary and has a login method in another tenant and none in this one
/// that is it. It signs in by that once its proof has [brought](bring_into_tenant) it here.
pub async fn user_with_method_elsewhere(
    cx: &Context,
    tenant_id: &TenantId,
    session: Option<&Session>,
    is_it: impl Fn(&LoginMethod) -> bool + Send,
) -> Result<Option<User>> {
    let Some(session) = session else { return Ok(None) };
    let user = cx.accountlinking()?.get_user(session.get_user_id()).await?;
    let user =
        user.ok_or_else(|| SessionError::unauthorised("the session's user doesn't exist"))?;
    let has_it = |here: bool| {
        let mut methods = user.login_methods.iter().filter(|method| is_it(method));
        methods.any(|method| method.tenant_ids.contains(tenant_id) == here)
    };
    Ok((user.is_primary_user && has_it(false) && !has_it(true)).then_some(user))
}

/// Lets a login method of the session's user sign in to the session's tenant, too, where it is in others
/// alone and `is_proved` says of one of those that the credentials are right there. Whether somebody may
/// be known in the tenant now by whom nobody was known before.
pub async fn bring_into_tenant<F>(
    cx: &Context,
    tenant_id: &TenantId,
    session: Option<&Session>,
    is_it: impl Fn(&LoginMethod) -> bool + Send + Sync,
    is_proved: impl Fn(TenantId) -> F + Send,
) -> Result<bool>
where
    F: Future<Output = Result<bool>> + Send,
{
    let found = user_with_method_elsewhere(cx, tenant_id, session, &is_it).await?;
    let (Some(user), Some(session)) = (found, session) else { return Ok(false) };
    assert_is_there(cx, session).await?;
    for method in user.login_methods.iter().filter(|method| is_it(method)) {
        let Some(there) = method.tenant_ids.first() else { continue };
        if !is_proved(there.clone()).await? {
            continue;
        }
        let wanted = (tenant_id, &method.recipe_user_id);
        match cx.multitenancy()?.associate_user_to_tenant(wanted).await? {
            Response::AssociationNotAllowedError { reason } => {
                tracing::debug!(%reason, "a login method stays out of the session's tenant");
            }
            // It is here, or another one is that somebody made meanwhile.
            _ => return Ok(true),
        }
    }
    Ok(false)
}
