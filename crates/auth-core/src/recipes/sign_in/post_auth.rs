//! After the credentials were right.

use auth_protocol::{RecipeUserId, TenantId, User};

use crate::{
    Context, Result, SignedIn,
    recipes::{
        multifactorauth::{FactorId, MarkFactorAsCompleteInSessionInput, MultiFactorAuthInstance},
        session::{NewSessionInput, Session, create_new_session, end_replaced},
    },
};

/// A sign-in or sign-up whose credentials were right.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PostAuth<'a> {
    /// The user.
    pub user: &'a User,
    /// The login method.
    pub recipe_user_id: RecipeUserId,
    /// By which factor.
    pub factor_id: FactorId,
    /// The session's tenant, or else the path's.
    pub tenant_id: &'a TenantId,
    /// The session that the request came with.
    pub session: Option<Session>,
    /// Whether the login method is new.
    pub created_new_recipe_user: bool,
}

impl<'a> PostAuth<'a> {
    /// A sign-in without a session.
    pub fn new(
        tenant_id: &'a TenantId,
        user: &'a User,
        recipe_user_id: RecipeUserId,
        factor_id: FactorId,
    ) -> Self {
        let (session, created_new_recipe_user) = (None, false);
        Self { user, recipe_user_id, factor_id, tenant_id, session, created_new_recipe_user }
    }

    /// The session that the request came with.
    #[must_use]
    pub fn session(mut self, session: Option<Session>) -> Self {
        self.session = session;
        self
    }

    /// Whether the login method is new.
    #[must_use]
    pub fn created_new_recipe_user(mut self, is_new: bool) -> Self {
        self.created_new_recipe_user = is_new;
        self
    }
}

/// Keeps the session where it belongs to the user that signed in, else starts a new one, ends those
/// that the request came with, and [tells the recipes](crate::Recipe::signed_in); notes the factor in it.
pub async fn post_auth_checks(cx: &Context, of: PostAuth<'_>) -> Result<Session> {
    let PostAuth { user, recipe_user_id, factor_id, tenant_id, session, .. } = of;
    let kept = session.filter(|it| user.login_method(it.get_recipe_user_id()).is_some());
    let is_kept = kept.is_some();
    let session = if let Some(session) = kept {
        session
    } else {
        let input = NewSessionInput::new(recipe_user_id.clone()).tenant_id(tenant_id);
        let new = create_new_session(cx, input, Some(user)).await?;
        end_replaced(cx, &new).await?;
        new
    };
    if let Some(instance) = MultiFactorAuthInstance::find(cx) {
        let done = MarkFactorAsCompleteInSessionInput::new(session.clone(), factor_id.clone());
        instance.functions().mark_factor_as_complete_in_session(cx, done).await?;
    }
    if !is_kept {
        let signed_in = SignedIn {
            user,
            recipe_user_id: &recipe_user_id,
            factor_id: &factor_id,
            tenant_id,
            session: &session,
            // One that was linked to a user who was there before is a way in to that user.
            created_new_user: of.created_new_recipe_user && user.login_methods.len() == 1,
        };
        for recipe in cx.auth().recipes() {
            recipe.signed_in(cx, signed_in);
        }
    }
    Ok(session)
}
