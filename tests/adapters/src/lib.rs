//! What the adapters' own tests share. Routes and sessions themselves are proved by the conformance
//! suite, over sockets.

// A check fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::missing_panics_doc)]

mod cors;

use auth_core::{
    AppInfo, Auth, Context, Result,
    core::EngineConfig,
    protocol::RecipeUserId,
    recipes::{
        emailpassword::EmailPasswordRecipe,
        session::{AllSessionTokens, NewSessionInput, Session, SessionRecipe},
    },
};

pub use cors::expect_cors;

/// The website of [`auth`].
pub const WEBSITE: &str = "https://www.example.com";

/// The body of a refusal.
pub const UNAUTHORISED: &str = r#"{"message":"unauthorised"}"#;

/// Sign-in by email and password, on a core in memory.
pub async fn auth() -> Auth {
    Auth::builder(AppInfo::new("Test", "https://api.example.com", WEBSITE))
        .core(EngineConfig::in_memory())
        .recipe(EmailPasswordRecipe::new())
        .recipe(SessionRecipe::new())
        .build()
        .await
        .expect("the configuration is right")
}

/// The tokens of a new session of the user `ada`.
pub async fn tokens(auth: &Auth) -> AllSessionTokens {
    let sessions = auth.session().expect("the recipe is there");
    let input = NewSessionInput::new("ada").disable_anti_csrf(true);
    let session =
        sessions.create_new_session_without_request_response(input).await.expect("a session");
    session.get_all_session_tokens_dangerously().expect("tokens")
}

/// The `Authorization` header of a new session of the user `ada`.
pub async fn bearer(auth: &Auth) -> String {
    format!("Bearer {}", tokens(auth).await.access_token.expose_secret())
}

/// Starts a session of the user `ada`, as a handler does.
///
/// # Errors
/// Those of the core.
pub async fn sign_in(cx: &Context) -> Result<Session> {
    cx.session()?.create_new_session(RecipeUserId::new("ada")).await
}
