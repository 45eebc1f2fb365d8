//! The handle.

use std::{
    any::{Any, TypeId},
    fmt,
    ops::Deref,
    sync::{Arc, Weak},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderName, Method, StatusCode};
use serde_json::json;

use crate::{
    Context, Error, Recipe, Request, Response, Result,
    app_info::NormalisedAppInfo,
    captcha::{self, CaptchaInstance},
    client_address::ClientAddresses,
    core::{Core, CoreInContext},
    delivery::Background,
    error_handler,
    events::{Consumer, Consumers},
    limits::LimitsInUse,
    middleware,
    recipes::session::{ClaimValidators, SessionInstance, claims::ClaimValidator},
    routes::{RouteMatch, RouteTable},
};

/// Sign-in for one application: cheap to clone, given to the framework's adapter.
///
/// There are no globals: two handles in one process are two applications.
#[derive(Clone)]
pub struct Auth(AuthInContext);

/// The handle as a [`Context`] has it: what needs no context, or is given one.
///
/// The functions of recipes aren't here, because they would start in a context of their own, and
/// overrides would lose the request, the user context, and what was read from the core already.
/// In a context they are those of the context: [`Context::get_user`], [`Context::session`], ….
///
/// ```compile_fail,E0599
/// # use auth_core::{Context, Result, protocol::{User, UserId}};
/// async fn forgets_the_context(cx: &Context, id: &UserId) -> Result<Option<User>> {
///     cx.auth().get_user(id).await
/// }
/// ```
///
/// ```
/// # use auth_core::{Context, Result, protocol::{User, UserId}};
/// async fn keeps_it(cx: &Context, id: &UserId) -> Result<Option<User>> {
///     cx.get_user(id).await
/// }
/// ```
#[derive(Clone)]
pub struct AuthInContext(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) app_info: NormalisedAppInfo,
    pub(crate) core: Core,
    pub(crate) recipes: Recipes,
    /// Among the recipes, too; here because every session check needs it several times.
    pub(crate) session: Option<Arc<SessionInstance>>,
    pub(crate) routes: RouteTable,
    pub(crate) background: Background,
    /// What delivers events.
    pub(crate) consumers: Consumers,
    pub(crate) client_addresses: ClientAddresses,
    pub(crate) limits: LimitsInUse,
    /// Those of every recipe.
    pub(crate) global_claim_validators: ClaimValidators,
}

/// The recipes in use, found by their type.
#[derive(Default)]
pub(crate) struct Recipes {
    pub(crate) list: Vec<Arc<dyn Recipe>>,
    /// Few enough that a list is searched faster than a map.
    pub(crate) by_type: Vec<(TypeId, Arc<dyn Any + Send + Sync>)>,
}

impl Recipes {
    pub(crate) fn has<R: Recipe>(&self) -> bool {
        self.by_type.iter().any(|(kind, _)| *kind == TypeId::of::<R>())
    }

    pub(crate) fn get<R: Recipe>(&self) -> Option<Arc<R>> {
        let (_, recipe) = self.by_type.iter().find(|(kind, _)| *kind == TypeId::of::<R>())?;
        Arc::clone(recipe).downcast().ok()
    }
}

impl Auth {
    /// How long [`serve`](AuthInContext::serve) waits for a body.
    pub const BODY_TIMEOUT: Duration = Duration::from_secs(30);

    /// How long [`Self::shutdown`] waits for mails and messages that are still being sent.
    pub const SHUTDOWN_LIMIT: Duration = Duration::from_secs(10);

    pub(crate) fn from_inner(inner: Inner) -> Self {
        Self(AuthInContext(Arc::new(inner)))
    }

    /// The handle as long as somebody has it.
    pub(crate) fn upgrade(inner: &Weak<Inner>) -> Option<Self> {
        inner.upgrade().map(|inner| Self(AuthInContext(inner)))
    }

    pub(crate) fn downgrade(&self) -> Weak<Inner> {
        Arc::downgrade(&self.0.0)
    }

    pub(crate) fn into_in_context(self) -> AuthInContext {
        self.0
    }

    /// The core.
    pub fn core(&self) -> &Core {
        &self.0.0.core
    }

    pub(crate) async fn start_consumer(&self, consumer: Consumer) {
        self.0.0.consumers.start(self, consumer).await;
    }

    /// A fresh context outside of a request.
    pub fn context(&self) -> Context {
        Context::new(self.0.clone(), None)
    }

    /// The answer of a health route, which an application mounts where it likes: 200 with the
    /// status `OK` where the core can serve, 503 with `UNAVAILABLE` where it can't. It says no more,
    /// because such a route is often open to everybody; the reason is logged.
    pub async fn health(&self) -> Response {
        match self.core().health().await {
            Ok(()) => Response::status_only("OK"),
            Err(error) => {
                tracing::warn!(%error, "the core can't serve");
                let body = json!({ "status": "UNAVAILABLE" });
                Response::json(StatusCode::SERVICE_UNAVAILABLE, &body)
            }
        }
    }

    /// Ends the delivery of events, and waits for the mails and messages that are still being sent,
    /// for [`Self::SHUTDOWN_LIMIT`] (10 s) each at most; then stops the core's background work and waits
    /// until everything acknowledged is on disk.
    pub async fn shutdown(&self) {
        self.0.0.consumers.finish(Self::SHUTDOWN_LIMIT).await;
        self.background().finish(Self::SHUTDOWN_LIMIT).await;
        self.core().shutdown().await;
    }
}

impl Deref for Auth {
    type Target = AuthInContext;

    fn deref(&self) -> &AuthInContext {
        &self.0
    }
}

impl AuthInContext {
    /// The application's name, domains and paths, normalised.
    pub fn app_info(&self) -> &NormalisedAppInfo {
        &self.0.app_info
    }

    /// Whether a recipe with this id is in the recipe list.
    pub fn is_recipe_initialized(&self, recipe_id: &str) -> bool {
        self.0.recipes.list.iter().any(|recipe| recipe.id() == recipe_id)
    }

    /// The recipes in use: those of the application in its order, then those that are always there.
    pub fn recipes(&self) -> &[Arc<dyn Recipe>] {
        &self.0.recipes.list
    }

    /// The validators that recipes add to every session check.
    pub(crate) fn global_claim_validators(&self) -> &[Arc<dyn ClaimValidator>] {
        &self.0.global_claim_validators
    }

    pub(crate) fn session_recipe(&self) -> Option<&SessionInstance> {
        self.0.session.as_deref()
    }

    pub(crate) fn recipe<R: Recipe>(&self, id: &'static str) -> Result<&R> {
        self.find_recipe().ok_or(Error::RecipeMissing(id))
    }

    /// A recipe in use, by its type; `None` where it isn't in the recipe list.
    pub fn find_recipe<R: Recipe>(&self) -> Option<&R> {
        let mut recipes = self.0.recipes.by_type.iter();
        let (_, recipe) = recipes.find(|(kind, _)| *kind == TypeId::of::<R>())?;
        recipe.downcast_ref()
    }

    /// The request headers that a browser on another origin must be allowed to send.
    pub fn get_all_cors_headers(&self) -> Vec<HeaderName> {
        let captcha = self.find_recipe::<CaptchaInstance>().map(|_| captcha::HEADER);
        middleware::cors_headers().into_iter().chain(captcha).collect()
    }

    /// Finds the route for a request, before its body is read; `None` means that the request is
    /// the application's own and passes on unread.
    pub fn route(&self, method: &Method, path: &str, rid: Option<&str>) -> Option<RouteMatch> {
        self.0.routes.find(method, path, || rid)
    }

    /// As [`Self::route`], for a request's head.
    pub fn route_of(&self, head: &Request) -> Option<RouteMatch> {
        let routes = &self.0.routes;
        if !routes.may_serve(head) {
            return None;
        }
        routes.find(head.method(), head.path(), || head.header("rid"))
    }

    /// Serves a request that [`Self::route`] found a route for. Errors become responses.
    pub async fn handle(&self, route: RouteMatch, request: Request) -> Response {
        let body = request.body().clone();
        middleware::handle(self, route, request, Some(body)).await
    }

    /// As [`Self::handle`], for a request whose body is still to be read: `read_body` gets the
    /// route's limit in bytes, and gives `None` where the body is larger, which is answered with
    /// 413, or can't be read to its end, where nobody waits for the answer. One that takes longer
    /// than [`Auth::BODY_TIMEOUT`] (30 s) to arrive is answered with 408.
    pub async fn serve<F>(
        &self,
        route: RouteMatch,
        head: Request,
        read_body: impl FnOnce(usize) -> F,
    ) -> Response
    where
        F: Future<Output = Option<Bytes>>,
    {
        let reading = read_body(route.body_limit_bytes());
        let Ok(body) = tokio::time::timeout(Auth::BODY_TIMEOUT, reading).await else {
            let message = "the request's body took too long to arrive";
            return Response::message(StatusCode::REQUEST_TIMEOUT, message);
        };
        middleware::handle(self, route, head, body).await
    }

    /// Turns an error into the response that the wire defines for it, tokens cleared included.
    pub async fn error_response(&self, cx: &Context, error: &Error) -> Response {
        error_handler::respond(cx, error).await
    }

    /// Where requests come from.
    pub(crate) fn client_addresses(&self) -> &ClientAddresses {
        &self.0.client_addresses
    }

    pub(crate) fn limits(&self) -> &LimitsInUse {
        &self.0.limits
    }

    /// Work that goes on after an answer.
    pub(crate) fn background(&self) -> &Background {
        &self.0.background
    }
}

// Here, because nobody else may have the core without a context.
impl Context {
    /// The core. What is read from a remote one is kept for as long as the context is.
    pub fn core(&self) -> CoreInContext<'_> {
        CoreInContext::new(&self.auth().0.core, self)
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Auth")
            .field("app_name", &self.app_info().app_name)
            .field("recipes", &self.recipes().iter().map(|r| r.id()).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for AuthInContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Auth(self.clone()).fmt(f)
    }
}
