//! What the layer gives to extractors, guards and errors of the same request.

use std::sync::{Arc, OnceLock};

use auth_core::{Auth, Context, ResponseChanges};
use axum::http::{HeaderMap, Method, request::Parts};

use crate::convert;

#[derive(Clone)]
pub(crate) struct Scope(Arc<Inner>);

struct Inner {
    auth: Auth,
    changes: ResponseChanges,
    cx: OnceLock<Context>,
}

impl Scope {
    pub(crate) fn new(auth: Auth) -> Self {
        Self(Arc::new(Inner { auth, changes: ResponseChanges::default(), cx: OnceLock::new() }))
    }

    pub(crate) fn auth(&self) -> &Auth {
        &self.0.auth
    }

    pub(crate) fn changes(&self) -> &ResponseChanges {
        &self.0.changes
    }

    /// The request's context, made at its first use: most requests need none.
    pub(crate) fn context(&self, parts: &Parts) -> &Context {
        self.0.cx.get_or_init(|| {
            let request = Arc::new(convert::request(parts));
            Context::for_request(self.0.auth.clone(), request, self.0.changes.clone())
        })
    }

    /// The request's context. Where nothing asked for it before, the request is gone by now, but
    /// the changes still reach the response.
    pub(crate) fn late_context(&self) -> &Context {
        self.0.cx.get_or_init(|| {
            let request = Arc::new(auth_core::Request::new(Method::GET, "/", HeaderMap::new()));
            Context::for_request(self.0.auth.clone(), request, self.0.changes.clone())
        })
    }
}
