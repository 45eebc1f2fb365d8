//! Errors on poem's error channel.

use auth_core::adapter_error;

adapter_error! {
    /// An error of this library as a handler's or an extractor's error: `?` makes it from
    /// [`auth_core::Error`], and the middleware answers it with the status, body and cleared tokens
    /// that the wire defines.
    ///
    /// ```
    /// use auth_poem::{AuthError, Session};
    /// use poem::handler;
    ///
    /// #[handler]
    /// async fn sign_out_everywhere(session: Session) -> Result<&'static str, AuthError> {
    ///     session.revoke_session().await?;
    ///     Ok("bye")
    /// }
    /// ```
    ///
    /// The application's own `catch_error` doesn't see it. A `catch_all_error` does, as an error with
    /// its status: `into_response` hands it on to the middleware, and any other response is the
    /// application's own.
    ///
    /// ```
    /// # use auth_core::{AppInfo, Auth, core::EngineConfig, recipes::session::SessionRecipe};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let app_info = AppInfo::new("Test", "http://localhost:3001", "http://localhost:3001");
    /// # let core = EngineConfig::in_memory();
    /// # let auth = Auth::builder(app_info).core(core).recipe(SessionRecipe::new()).build().await?;
    /// # #[poem::handler]
    /// # fn whoami(session: auth_poem::Session) -> String { session.get_user_id().to_string() }
    /// use auth_poem::{AuthError, AuthMiddleware};
    /// use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route, get};
    ///
    /// async fn show(error: poem::Error) -> Response {
    ///     if error.is::<AuthError>() {
    ///         return error.into_response();
    ///     }
    ///     format!("Sorry: {error}").with_status(error.status()).into_response()
    /// }
    ///
    /// let routes = Route::new().at("/whoami", get(whoami));
    /// let app = routes.catch_all_error(show).with(AuthMiddleware::new(auth));
    ///
    /// let ours = app.get_response(Request::builder().uri_str("/whoami").finish()).await;
    /// assert_eq!(ours.into_body().into_string().await?, r#"{"message":"unauthorised"}"#);
    /// let own = app.get_response(Request::builder().uri_str("/nowhere").finish()).await;
    /// assert_eq!(own.into_body().into_string().await?, "Sorry: not found");
    /// # Ok(())
    /// # }
    /// ```
    pub struct AuthError;
}

impl From<AuthError> for poem::Error {
    /// The response that poem makes of it carries the error to the middleware: answering it may
    /// need the core, which poem can't wait for here.
    fn from(error: AuthError) -> Self {
        let mut channel = Self::new(error.clone(), error.status());
        // What is wrong is for the log, not for a page that shows errors.
        channel.set_error_message(error.status().to_string());
        channel.set_data(error);
        channel
    }
}
