//! Errors that a service returns.

use auth_core::adapter_error;
use bytes::Bytes;
use http::Response;

use crate::defer;

adapter_error! {
    /// An error of this library as a service's own: `?` makes it from [`auth_core::Error`], and the
    /// response that is made of it is answered by the layer with the status, body and cleared tokens
    /// that the wire defines.
    ///
    /// ```
    /// use auth_core::recipes::session::Session;
    /// use auth_tower::AuthError;
    /// use bytes::Bytes;
    /// use http::Response;
    /// use http_body_util::Full;
    ///
    /// async fn sign_out_everywhere(session: Session) -> Response<Full<Bytes>> {
    ///     async fn end(session: &Session) -> Result<Response<Full<Bytes>>, AuthError> {
    ///         session.revoke_session().await?;
    ///         Ok(Response::new("bye".into()))
    ///     }
    ///     end(&session).await.unwrap_or_else(Response::from)
    /// }
    /// ```
    pub struct AuthError;
}

impl<B: From<Bytes>> From<AuthError> for Response<B> {
    fn from(error: AuthError) -> Self {
        defer(error.0)
    }
}
