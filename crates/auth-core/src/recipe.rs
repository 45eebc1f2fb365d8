//! What a recipe is to the rest of the crate.

use std::{any::Any, sync::Arc};

use async_trait::async_trait;
use auth_protocol::{RecipeUserId, TenantId, User};
use futures_util::future::BoxFuture;
use http::Method;
use serde::Serialize;

use crate::{
    ConfigError, Context, Response, Result,
    app_info::NormalisedAppInfo,
    factors::{FactorId, Factors, TenantFactors},
    recipes::session::{
        Session,
        claims::{AnyClaim, ClaimValidator},
    },
};

/// What an application writes into the recipe list: a recipe's settings.
pub trait RecipeConfig: Send + 'static {
    /// The recipe that the settings make.
    type Recipe: Recipe;

    /// Checks the settings and makes the recipe.
    fn build(self, setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError>;
}

/// What a recipe may look at while it is being made.
pub struct Setup<'a> {
    /// The application, normalised.
    pub app_info: &'a NormalisedAppInfo,
}

/// A recipe in use.
#[async_trait]
pub trait Recipe: Any + Send + Sync {
    /// The recipe's id, as in the `rid` header.
    fn id(&self) -> &'static str;

    /// The routes that it serves, without those that the application disabled.
    fn routes(&self) -> Vec<Route> {
        Vec::new()
    }

    /// The recipes that must stand in the recipe list beside it: without them it would fail at a
    /// request, when a user is made already.
    fn required_recipes(&self) -> &'static [RequiredRecipe] {
        &[]
    }

    /// What only shows once the handle is built, such as what functions of the application give, or
    /// settings that don't go with the other recipes: asked for once at the start, with a request
    /// that nobody sent.
    ///
    /// # Errors
    /// The setting that can't work.
    fn check(&self, _cx: &Context) -> Result<(), ConfigError> {
        Ok(())
    }

    /// The factors that it offers; a recipe that has some implements [`Factors`] and gives itself.
    fn factors(&self) -> Option<&dyn Factors> {
        None
    }

    /// Whether it asks [which devices are known](crate::limits::is_known_device): they are made so
    /// without limits as well, then.
    fn regards_known_devices(&self) -> bool {
        false
    }

    /// Claims that it adds to every new session.
    fn session_claims(&self) -> Vec<Arc<dyn AnyClaim>> {
        Vec::new()
    }

    /// Claims of a session that are worked out anew when it is refreshed, where it has them.
    fn claims_at_refresh(&self) -> Vec<Arc<dyn AnyClaim>> {
        Vec::new()
    }

    /// Validators that every session check runs unless it is told otherwise; asked for once, when
    /// the handle is built.
    fn global_claim_validators(&self) -> Vec<Arc<dyn ClaimValidator>> {
        Vec::new()
    }

    /// Whether a login method may become another user's by its own proof alone; one recipe that
    /// says no is enough. Afterwards whoever has that proof is the other user: a recipe that asks
    /// more of the method's user says no.
    async fn may_move(&self, _cx: &Context, _of: LoginMethodMove<'_>) -> Result<bool> {
        Ok(true)
    }

    /// The factors that this recipe keeps for a tenant, as a core stores them (CDI §6.3): they count
    /// before those of the program. `None` from a recipe that keeps none.
    ///
    /// # Errors
    /// [`Error::TenantNotFound`](crate::Error::TenantNotFound) from the one that knows the tenants.
    async fn tenant_factors(
        &self,
        _cx: &Context,
        _tenant_id: &TenantId,
    ) -> Result<Option<TenantFactors>> {
        Ok(None)
    }

    /// The third parties by which users of a tenant sign in through this recipe, as front ends show
    /// them (FDI §1.8); by the clients of a type, where the front end names one.
    async fn login_providers(
        &self,
        _cx: &Context,
        _tenant_id: &TenantId,
        _client_type: Option<&str>,
    ) -> Result<Vec<LoginProvider>> {
        Ok(Vec::new())
    }

    /// The third parties that this recipe keeps for a tenant, as a core stores them (CDI §6.4). Where
    /// any recipe keeps some, they are the tenant's and no others are (FDI §1.2).
    #[cfg(feature = "thirdparty")]
    async fn third_party_providers(
        &self,
        _cx: &Context,
        _tenant_id: &TenantId,
    ) -> Result<Vec<auth_providers::ProviderConfig>> {
        Ok(Vec::new())
    }

    /// Is told of a sign-in or sign-up that began a session, before it is answered. It must keep nobody
    /// waiting: what takes time belongs [behind the answer](Context::after_answer).
    fn signed_in(&self, _cx: &Context, _of: SignedIn<'_>) {}

    /// Whether a third party can be used as it is about to be stored for a tenant.
    ///
    /// # Errors
    /// [`Error::BadInput`](crate::Error::BadInput) with what is wrong.
    #[cfg(feature = "thirdparty")]
    fn check_stored_provider(&self, _config: &auth_providers::ProviderConfig) -> Result<()> {
        Ok(())
    }

    /// Is told that a login method was linked to a user, before the application is. Whether it changed
    /// something about the user's login methods: then they are read anew.
    async fn account_linked(&self, _cx: &Context, _of: LinkedLoginMethod<'_>) -> Result<bool> {
        Ok(false)
    }
}

/// A sign-in or sign-up that was accepted.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SignedIn<'a> {
    /// The user.
    pub user: &'a User,
    /// The login method.
    pub recipe_user_id: &'a RecipeUserId,
    /// By which factor.
    pub factor_id: &'a FactorId,
    /// The tenant.
    pub tenant_id: &'a TenantId,
    /// The session that it began.
    pub session: &'a Session,
    /// Whether the user is new.
    pub created_new_user: bool,
}

/// A third party by which users sign in, as front ends show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LoginProvider {
    /// The id by which front ends name it.
    pub id: String,
    /// What its button says, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl LoginProvider {
    /// A third party by its id, and by what its button says.
    pub fn new(id: impl Into<String>, name: Option<String>) -> Self {
        Self { id: id.into(), name }
    }
}

/// A login method that has become a user's.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LinkedLoginMethod<'a> {
    /// The user.
    pub user: &'a User,
    /// The login method.
    pub recipe_user_id: &'a RecipeUserId,
}

/// A login method on its way to another user, with nothing shown but its own proof.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct LoginMethodMove<'a> {
    /// The user that it is now, which ends.
    pub user: &'a User,
    /// The login method.
    pub recipe_user_id: &'a RecipeUserId,
    /// Whose it would be.
    pub target: &'a User,
    /// The tenant.
    pub tenant_id: &'a TenantId,
    /// The target's session, where there is one.
    pub session: Option<&'a Session>,
}

/// A recipe that another one needs, and how it is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequiredRecipe {
    pub(crate) id: &'static str,
    pub(crate) settings: &'static str,
}

impl RequiredRecipe {
    /// The one that starts sessions.
    pub const SESSION: Self = Self::new("session", "SessionRecipe::new()");
    /// The one that knows which factors a sign-in needs.
    pub const MULTI_FACTOR_AUTH: Self =
        Self::new("multifactorauth", "MultiFactorAuthRecipe::new()");

    /// A recipe by its id, and by the settings that an application adds it with.
    pub const fn new(id: &'static str, settings: &'static str) -> Self {
        Self { id, settings }
    }
}

type Handler = Arc<dyn Fn(ApiCall) -> BoxFuture<'static, Result<Response>> + Send + Sync>;

/// A route of a recipe.
#[derive(Clone)]
pub struct Route {
    pub(crate) api: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) body_limit_bytes: usize,
    pub(crate) from_any_site: bool,
    pub(crate) is_at_root: bool,
    pub(crate) handler: Handler,
}

impl Route {
    /// The bodies of most routes: 64 KiB.
    pub const DEFAULT_BODY_LIMIT_BYTES: usize = 64 * 1024;

    /// A route by its API's name, method, and path below the base path and tenant.
    pub fn new<F, Fut>(api: &'static str, method: Method, path: &'static str, handler: F) -> Self
    where
        F: Fn(ApiCall) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Response>> + Send + 'static,
    {
        Self {
            api,
            method,
            path,
            body_limit_bytes: Self::DEFAULT_BODY_LIMIT_BYTES,
            from_any_site: false,
            is_at_root: false,
            handler: Arc::new(move |call| Box::pin(handler(call))),
        }
    }

    /// Takes requests with cookies from pages of any site, and of any content type: for a route that
    /// proves by other means where its request comes from, such as the form by which a provider sends
    /// its answer. By default such a request is refused with 403, unless its method is `GET`.
    #[must_use]
    pub fn from_any_site(mut self) -> Self {
        self.from_any_site = true;
        self
    }

    /// Puts the path at the root of the host, below no base path and no tenant: for what clients look
    /// for there, below `/.well-known/` (RFC 8615).
    #[must_use]
    pub fn at_root(mut self) -> Self {
        self.is_at_root = true;
        self
    }
}

/// A request that reached a route.
#[derive(Clone, Debug)]
pub struct ApiCall {
    /// The request's context.
    pub cx: Context,
    /// The tenant in the path, or `public`.
    pub tenant_id: TenantId,
}
