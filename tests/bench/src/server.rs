//! The measured server: axum with a bare route, a protected one, and sign-in.

use std::{fs, path::PathBuf};

use auth_axum::{AuthLayer, Session};
use auth_core::{
    AppInfo, Auth,
    core::EngineConfig,
    protocol::{Secret, TenantId, UserId},
    recipes::{emailpassword::EmailPasswordRecipe, session::SessionRecipe},
};
use axum::{Router, routing::get};
use clap::Args;

use crate::Outcome;

/// How many users and sessions are there from the start.
pub(crate) const SESSIONS: usize = 4_000;

#[derive(Args)]
pub(crate) struct Arguments {
    #[arg(long)]
    threads: usize,
    /// Holds the database, and receives the tokens
    #[arg(long)]
    folder: PathBuf,
}

pub(crate) fn serve(arguments: &Arguments) -> Outcome<()> {
    let mut builder = match arguments.threads {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    builder.enable_all().build()?.block_on(run(arguments))
}

async fn run(arguments: &Arguments) -> Outcome<()> {
    let auth = Auth::builder(AppInfo::new("bench", "http://localhost", "http://localhost"))
        .core(EngineConfig::sqlite_file(arguments.folder.join("bench.db")))
        .recipe(EmailPasswordRecipe::new())
        .recipe(SessionRecipe::new())
        .build()
        .await?;
    let (mut access, mut refresh) = (Vec::new(), Vec::new());
    for number in 0..SESSIONS {
        let session = auth
            .session()?
            .create_new_session_without_request_response(
                &TenantId::default(),
                UserId::new(format!("user-{number}")).into(),
                auth_core::protocol::JsonObject::new(),
                auth_core::protocol::JsonObject::new(),
                true,
            )
            .await?;
        let tokens = session.get_all_session_tokens_dangerously()?;
        access.push(tokens.access_token.into_exposed());
        refresh.extend(tokens.refresh_token.map(Secret::into_exposed));
    }
    fs::write(arguments.folder.join("access"), access.join("\n"))?;
    fs::write(arguments.folder.join("refresh"), refresh.join("\n"))?;
    let router = Router::new()
        .route("/protected", get(async |session: Session| session.get_user_id().to_string()))
        .layer(AuthLayer::new(auth))
        .route("/bare", get(async || "user-0"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}
