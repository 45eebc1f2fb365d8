//! The middleware.

use auth_core::{Auth, Context};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};

use crate::{
    AuthError, Reply,
    convert::{head, replace},
};

/// Serves every sign-in route, and carries the session's tokens into the application's responses.
///
/// Errors of the application's endpoints become responses here, as in poem's `Cors`, so that those
/// carry the tokens too: whatever catches errors goes within. The addresses of clients are those that
/// poem has of its sockets (`remote_addr`).
///
/// ```
/// # fn app(auth: auth_core::Auth) -> impl poem::Endpoint {
/// use auth_poem::AuthMiddleware;
/// use poem::{EndpointExt, IntoResponse, Response, Route};
///
/// async fn show(error: poem::Error) -> Response {
///     error.into_response()
/// }
///
/// Route::new().catch_all_error(show).with(AuthMiddleware::new(auth))
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AuthMiddleware {
    auth: Auth,
}

impl AuthMiddleware {
    /// A middleware for this handle.
    pub fn new(auth: Auth) -> Self {
        Self { auth }
    }
}

impl<E: Endpoint> Middleware<E> for AuthMiddleware {
    type Output = AuthEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        AuthEndpoint { auth: self.auth.clone(), inner }
    }
}

/// The endpoint that [`AuthMiddleware`] wraps around the application.
#[derive(Debug)]
pub struct AuthEndpoint<E> {
    auth: Auth,
    inner: E,
}

impl<E: Endpoint> Endpoint for AuthEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let head = head(&request);
        if let Some(route) = self.auth.route_of(&head) {
            let body = request.take_body();
            let read_body =
                |limit_bytes| async move { body.into_bytes_limit(limit_bytes).await.ok() };
            // Boxed, so that other requests' futures aren't as large.
            let answer = Box::pin(self.auth.serve(route, head, read_body)).await;
            return Ok(Reply(answer).into_response());
        }
        let cx = Context::for_request(self.auth.clone(), head);
        request.set_data(cx.clone());
        let mut response = self.inner.get_response(request).await;
        if let Some(error) = response.extensions_mut().remove::<AuthError>() {
            replace(&mut response, Box::pin(self.auth.error_response(&cx, &error)).await);
        }
        cx.changes().apply_to(response.headers_mut());
        Ok(response)
    }
}
