//! Two-factor sign-in with warp: `cargo run -p example-warp`, then open the address it prints.

use std::{process::ExitCode, sync::Arc};

use auth_core::recipes::session::Session;
use auth_warp::{AuthError, AuthService, Reply, cors, session, session_with};
use bytes::Bytes;
use example_shared::{
    App, report,
    second_factor::{any_session, second_factor_done},
    start, stop_signal,
};
use warp::{
    Filter,
    path::{self, FullPath},
};

type Shared = Arc<App>;
type Answer = Result<Reply, AuthError>;

const BODY_LIMIT_BYTES: u64 = 64 * 1024;

#[tokio::main]
async fn main() -> ExitCode {
    report(serve().await)
}

async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let (options, app) = start().await?;
    let auth = app.auth().clone();

    let app = Arc::new(app);
    let app = warp::any().map(move || Arc::clone(&app));
    let get = warp::get().and(app.clone());
    let post = warp::post().and(app);
    let any_session = session_with(any_session());
    let body = warp::body::content_length_limit(BODY_LIMIT_BYTES).and(warp::body::bytes());
    // The session comes after the path and the method: a refusal is an answer.
    let routes = warp::path!("sessioninfo")
        .and(get.clone().and(any_session.clone()).then(session_info))
        .or(warp::path!("second-factor" / "code")
            .and(post.clone().and(any_session.clone()).and(body).then(send_code)))
        .or(warp::path!("second-factor")
            .and(post.clone().and(any_session.clone()).and(body).then(confirm_code)))
        .or(warp::path!("addRequiredFactor")
            .and(post.clone().and(session()).and(body).then(add_required_factor)))
        .or(warp::path!("sign-out-everywhere").and(post.and(any_session).then(sign_out_everywhere)))
        .or(warp::path!("vault")
            .and(get.clone().and(session_with(second_factor_done())).then(protected)))
        .or(warp::path!("protected").and(get.clone().and(session()).then(protected)))
        .or(get.and(path::full()).then(page));
    let service =
        AuthService::new(auth.clone(), routes).cors(cors(&auth, [&*options.website_domain()]));

    let listener = tokio::net::TcpListener::bind(options.addr).await?;
    println!("Open {}", options.website_domain());
    auth_warp::serve(listener, service, stop_signal()).await;
    auth.shutdown().await;
    Ok(())
}

async fn session_info(app: Shared, session: Session) -> Answer {
    Ok(Reply(app.session_info(&session).await?))
}

async fn protected(app: Shared, session: Session) -> Reply {
    Reply(app.protected(&session))
}

async fn send_code(app: Shared, session: Session, body: Bytes) -> Answer {
    Ok(Reply(app.send_code(&session, &body).await?))
}

async fn confirm_code(app: Shared, session: Session, body: Bytes) -> Answer {
    Ok(Reply(app.confirm_code(&session, &body).await?))
}

async fn add_required_factor(app: Shared, session: Session, body: Bytes) -> Answer {
    Ok(Reply(app.add_required_factor(&session, &body).await?))
}

async fn sign_out_everywhere(app: Shared, session: Session) -> Answer {
    Ok(Reply(app.sign_out_everywhere(&session).await?))
}

async fn page(app: Shared, path: FullPath) -> Reply {
    Reply(app.page(path.as_str()).await)
}
