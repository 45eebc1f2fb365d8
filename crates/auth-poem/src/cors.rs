//! CORS, for a website on another origin than the API.

use auth_core::Auth;
use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};

use crate::{Reply, convert::head};

/// Lets a website use this API with credentials. Add it last, after
/// [`AuthMiddleware`](crate::AuthMiddleware).
///
/// Poem's own CORS answers 401 to what comes from any other origin, the API's own pages too, and
/// forgets `Vary`.
///
/// ```
/// # fn app(auth: auth_core::Auth) -> impl poem::Endpoint {
/// use auth_poem::{AuthMiddleware, cors};
/// use poem::{EndpointExt, Route};
///
/// let cors = cors(&auth, ["https://www.example.com"]).allow_headers(["x-request-id"]);
/// Route::new().with(AuthMiddleware::new(auth)).with(cors)
/// # }
/// ```
pub fn cors(auth: &Auth, website_origins: impl IntoIterator<Item: Into<String>>) -> Cors {
    Cors(auth_core::http::Cors::new(auth, website_origins))
}

/// The middleware that [`cors`] makes.
#[derive(Clone, Debug)]
pub struct Cors(auth_core::http::Cors);

impl Cors {
    /// Lets websites send these headers too; see [`auth_core::http::Cors::allow_headers`].
    #[must_use]
    pub fn allow_headers<N: AsRef<str>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.allow_headers(names))
    }

    /// Lets websites read these headers too; see [`auth_core::http::Cors::expose_headers`].
    #[must_use]
    pub fn expose_headers<N: AsRef<str>>(self, names: impl IntoIterator<Item = N>) -> Self {
        Self(self.0.expose_headers(names))
    }
}

impl<E: Endpoint> Middleware<E> for Cors {
    type Output = CorsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CorsEndpoint { cors: self.0.clone(), inner }
    }
}

/// The endpoint that [`Cors`] wraps around the application.
#[derive(Debug)]
pub struct CorsEndpoint<E> {
    cors: auth_core::http::Cors,
    inner: E,
}

impl<E: Endpoint> Endpoint for CorsEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let head = head(&request);
        if let Some(answer) = self.cors.preflight_response(&head) {
            return Ok(Reply(answer).into_response());
        }
        let mut response = self.inner.get_response(request).await;
        self.cors.apply_to(&head, response.headers_mut());
        Ok(response)
    }
}
