//! What travels with a request through functions, APIs and overrides.

use std::{fmt, sync::Arc};

use auth_protocol::JsonObject;
use http::Extensions;
use parking_lot::Mutex;

#[cfg(feature = "remote")]
use crate::core::CallCache;
use crate::{Auth, Request, ResponseChanges, Result, core::CoreInContext};

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
    #[cfg(feature = "remote")]
    core_calls: CallCache,
}

/// A context without the values in it, so that one of those may keep the exchange.
pub(crate) struct Exchange {
    auth: Auth,
    request: Option<Request>,
    changes: ResponseChanges,
}

impl Context {
    /// A context for a request; what it [changes](Self::changes) is for that request's response.
    pub fn for_request(auth: Auth, request: Request) -> Self {
        Self::new(auth, Some(request))
    }

    pub(crate) fn new(auth: Auth, request: Option<Request>) -> Self {
        let changes = ResponseChanges::default();
        Self::of_exchange(Arc::new(Exchange { auth, request, changes }))
    }

    /// A fresh context of the same request and response.
    pub(crate) fn of_exchange(exchange: Arc<Exchange>) -> Self {
        Self(Arc::new(Inner {
            exchange,
            values: Mutex::default(),
            #[cfg(feature = "remote")]
            core_calls: CallCache::default(),
        }))
    }

    pub(crate) fn exchange(&self) -> &Arc<Exchange> {
        &self.0.exchange
    }

    /// The handle.
    pub fn auth(&self) -> &Auth {
        &self.0.exchange.auth
    }

    /// The request; `None` outside of one.
    pub fn request(&self) -> Option<&Request> {
        self.0.exchange.request.as_ref()
    }

    /// The body of the request as a JSON object; empty outside of a request.
    pub(crate) fn json_body(&self) -> Result<JsonObject> {
        self.request().map_or_else(|| Ok(JsonObject::new()), Request::json_object)
    }

    /// What will be changed in the response.
    pub fn changes(&self) -> &ResponseChanges {
        &self.0.exchange.changes
    }

    /// The core. What is read from a remote one is kept for as long as the context is.
    pub fn core(&self) -> CoreInContext<'_> {
        CoreInContext::new(self.auth().core(), self)
    }

    #[cfg(feature = "remote")]
    pub(crate) fn call_cache(&self) -> &CallCache {
        &self.0.core_calls
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

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("request", &self.request()).finish_non_exhaustive()
    }
}
