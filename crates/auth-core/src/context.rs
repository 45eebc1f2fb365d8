//! What travels with a request through functions, APIs and overrides.

use std::{
    any::{Any, type_name},
    fmt,
    net::IpAddr,
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use auth_protocol::JsonObject;
use http::Extensions;
use parking_lot::Mutex;

#[cfg(feature = "remote")]
use crate::core::CallCache;
use crate::{Auth, AuthInContext, Error, Recipe, Request, ResponseChanges, Result, caller::Served};

/// The context of one request, or of one call outside a request.
///
/// It carries the handle, the request, the changes to the response, and whatever the application
/// puts into it for its own overrides (the *user context*). Clones share all of that.
///
/// A base function that calls another function does so through the context, so that it reaches
/// the application's override.
#[derive(Clone)]
pub struct Context(Arc<Inner>);

struct Inner {
    exchange: Arc<Exchange>,
    values: Mutex<Extensions>,
    handed_on: HandedOn,
    #[cfg(feature = "remote")]
    core_calls: CallCache,
}

/// What was found in front of the handler.
#[derive(Default)]
struct HandedOn {
    /// Looked at first: in front of most handlers nothing was, and this stands in front of all.
    is_there: AtomicBool,
    found: Mutex<Option<Arc<dyn Any + Send + Sync>>>,
}

/// The request and its response.
struct Exchange {
    auth: AuthInContext,
    request: Option<Request>,
    /// Found when it is first asked for.
    client_address: OnceLock<Option<IpAddr>>,
    changes: ResponseChanges,
    served: Served,
}

impl Context {
    /// A context for a request; what it [changes](Self::changes) is for that request's response.
    pub fn for_request(auth: Auth, request: Request) -> Self {
        Self::new(auth.into_in_context(), Some(request))
    }

    pub(crate) fn new(auth: AuthInContext, request: Option<Request>) -> Self {
        let (client_address, changes) = (OnceLock::new(), ResponseChanges::default());
        let served = Served::default();
        Self::of_exchange(Arc::new(Exchange { auth, request, client_address, changes, served }))
    }

    /// A fresh context of the same request and response.
    fn of_exchange(exchange: Arc<Exchange>) -> Self {
        Self(Arc::new(Inner {
            exchange,
            values: Mutex::default(),
            handed_on: HandedOn::default(),
            #[cfg(feature = "remote")]
            core_calls: CallCache::default(),
        }))
    }

    /// The context, for what it may itself hold.
    pub(crate) fn to_kept(&self) -> KeptContext {
        KeptContext { exchange: Arc::clone(&self.0.exchange), whole: Arc::downgrade(&self.0) }
    }

    /// The handle, without the functions that would forget this context.
    pub fn auth(&self) -> &AuthInContext {
        &self.0.exchange.auth
    }

    /// A recipe in use, by its type:
    ///
    /// ```
    /// # use auth_core::{Context, Recipe, Result};
    /// struct Greeter { greeting: String }
    /// impl Recipe for Greeter {
    ///     fn id(&self) -> &'static str {
    ///         "greeter"
    ///     }
    /// }
    ///
    /// fn greet(cx: &Context) -> Result<String> {
    ///     Ok(cx.recipe::<Greeter>()?.greeting.clone())
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::RecipeMissing`](crate::Error::RecipeMissing) where it isn't in the recipe list.
    pub fn recipe<R: Recipe>(&self) -> Result<&R> {
        self.auth().find_recipe().ok_or(Error::RecipeMissing(type_name::<R>()))
    }

    /// Does something after the answer, such as sending a mail, so that a slow or failing server
    /// neither delays nor fails the request. `what` names it in the log where it fails; the error
    /// must carry no secrets. Work is bounded: what takes longer than a minute is given up, and what
    /// comes while a thousand others wait is dropped, both with a line in the log.
    /// [`Auth::shutdown`] waits for it.
    pub fn after_answer(
        &self,
        what: &'static str,
        work: impl Future<Output = Result<()>> + Send + 'static,
    ) {
        self.auth().background().run(what, work);
    }

    /// As [`Self::after_answer`], for work that shows whether there is an account: it starts some
    /// time later, never the same, so that it slows neither this answer nor a certain later one.
    pub fn after_answer_unseen(
        &self,
        what: &'static str,
        work: impl Future<Output = Result<()>> + Send + 'static,
    ) {
        self.auth().background().run_unseen(what, work);
    }

    /// The request; `None` outside of one.
    pub fn request(&self) -> Option<&Request> {
        self.0.exchange.request.as_ref()
    }

    /// The address of who sent the request: the socket's, or what
    /// [trusted proxies](crate::AuthBuilder::trusted_proxies) say, and a version 4 one never within
    /// version 6. `None` outside of a request, and where the adapter isn't given the socket's address,
    /// which the log tells once.
    pub fn client_address(&self) -> Option<IpAddr> {
        let request = self.request()?;
        let find = || self.auth().client_addresses().of(request);
        *self.0.exchange.client_address.get_or_init(find)
    }

    /// The body of the request as a JSON object; empty outside of a request, and where the body is
    /// empty or JSON that is no object.
    ///
    /// # Errors
    /// [`Error::BadInput`](crate::Error::BadInput) where it is no JSON in UTF-8: 400.
    pub fn json_body(&self) -> Result<JsonObject> {
        self.request().map_or_else(|| Ok(JsonObject::new()), Request::json_object)
    }

    /// What will be changed in the response.
    pub fn changes(&self) -> &ResponseChanges {
        &self.0.exchange.changes
    }

    /// What is known of the request that is being served.
    pub(crate) fn served(&self) -> &Served {
        &self.0.exchange.served
    }

    #[cfg(feature = "remote")]
    pub(crate) fn call_cache(&self) -> &CallCache {
        &self.0.core_calls
    }

    /// Hands on what was found in front of the handler, in place of what was before.
    pub(crate) fn hand_on<T: Any + Send + Sync>(&self, found: Arc<T>) {
        *self.0.handed_on.found.lock() = Some(found);
        self.0.handed_on.is_there.store(true, Ordering::Release);
    }

    /// What was found in front of the handler.
    pub(crate) fn handed_on<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let HandedOn { is_there, found } = &self.0.handed_on;
        if !is_there.load(Ordering::Acquire) {
            return None;
        }
        found.lock().clone()?.downcast().ok()
    }

    /// Puts a value into the user context; there is one for each type.
    pub fn insert<T: Clone + Send + Sync + 'static>(&self, value: T) {
        self.0.values.lock().insert(value);
    }

    /// Reads a value of the user context.
    pub fn get<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        self.0.values.lock().get::<T>().cloned()
    }
}

/// A context that a value in the user context may keep: the two don't keep each other for ever.
pub(crate) struct KeptContext {
    exchange: Arc<Exchange>,
    whole: Weak<Inner>,
}

impl KeptContext {
    /// The context; once nobody else has it any more, a fresh one of the same request and response.
    pub(crate) fn context(&self) -> Context {
        match self.whole.upgrade() {
            Some(whole) => Context(whole),
            None => Context::of_exchange(Arc::clone(&self.exchange)),
        }
    }

    pub(crate) fn is(&self, cx: &Context) -> bool {
        std::ptr::eq(self.whole.as_ptr(), Arc::as_ptr(&cx.0))
    }

    /// Whether it is of the same request and response.
    pub(crate) fn shares_exchange_with(&self, cx: &Context) -> bool {
        Arc::ptr_eq(&self.exchange, &cx.0.exchange)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("request", &self.request()).finish_non_exhaustive()
    }
}
