//! After the credentials were right.

use auth_protocol::{RecipeUserId, TenantId, User};

use crate::{
    Context, Result,
    recipes::{
        multifactorauth::{FactorId, MarkFactorAsCompleteInSessionInput, MultiFactorAuthInstance},
        session::{NewSessionInput, Session, create_new_session, end_replaced},
    },
};

/// Keeps the session where it belongs to the user that signed in, else starts a new one and ends
/// those that the request came with; notes the factor in it.
pub async fn post_auth_checks(
    cx: &Context,
    user: &User,
    recipe_user_id: RecipeUserId,
    factor_id: FactorId,
    tenant_id: &TenantId,
    session: Option<Session>,
) -> Result<Session> {
    let kept = session.filter(|it| user.login_method(it.get_recipe_user_id()).is_some());
    let session = if let Some(session) = kept {
        session
    } else {
        let input = NewSessionInput::new(recipe_user_id).tenant_id(tenant_id);
        let new = create_new_session(cx, input, Some(user)).await?;
        end_replaced(cx, &new).await?;
        new
    };
    if let Some(instance) = MultiFactorAuthInstance::find(cx) {
        let done = MarkFactorAsCompleteInSessionInput::new(session.clone(), factor_id);
        instance.functions().mark_factor_as_complete_in_session(cx, done).await?;
    }
    Ok(session)
}
