//! That nobody loses the last way into their account.

use auth_protocol::{RecipeId, User};

use crate::{
    Context, Result,
    recipes::{
        multifactorauth::{FactorsInTenant, factors},
        session::Session,
    },
};

/// What a user is told whose last passkey stays.
pub(super) const LAST_WAY: &str = "This passkey is the only way into your account. Add another one, or another way to sign in, first.";

/// Whether a session's user could begin a sign-in in the session's tenant without any passkey. By mail
/// a passkey could be replaced, but nobody means that who removes one.
pub(super) async fn has_other_way(cx: &Context, session: &Session, user: &User) -> Result<bool> {
    let tenant_id = session.get_tenant_id();
    let in_tenant = FactorsInTenant::of(cx, tenant_id).await?;
    let others = user.login_methods.iter().filter(|method| {
        method.recipe_id != RecipeId::Webauthn && method.tenant_ids.contains(tenant_id)
    });
    let mut ids = others.flat_map(|method| factors::signed_in_by(cx, user, &method.recipe_user_id));
    Ok(ids.any(|id| in_tenant.may_start_with(cx, &id)))
}
