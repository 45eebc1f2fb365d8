//! Two-factor sign-in with axum: `cargo run -p example-axum`, then open the address it prints.

use std::{process::ExitCode, sync::Arc};

use auth_axum::{AuthError, AuthLayer, Reply, Session, cors_layer, verify_session};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::Uri,
    routing::{get, post},
};
use example_shared::{
    App, report,
    second_factor::{any_session, second_factor_done},
    start, stop_signal,
};

type Shared = State<Arc<App>>;
type Answer = Result<Reply, AuthError>;

#[tokio::main]
async fn main() -> ExitCode {
    report(serve().await)
}

async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let (options, app) = start().await?;
    let auth = app.auth().clone();
    let app = Arc::new(app);

    let with_any_session = Router::new()
        .route("/sessioninfo", get(session_info))
        .route("/second-factor/code", post(send_code))
        .route("/second-factor", post(confirm_code))
        .route("/sign-out-everywhere", post(sign_out_everywhere))
        .route_layer(verify_session(any_session()));
    let with_second_factor = Router::new()
        .route("/vault", get(protected))
        .route_layer(verify_session(second_factor_done()));
    let website = options.website_domain();
    let router = Router::new()
        .merge(with_any_session)
        .merge(with_second_factor)
        .route("/protected", get(protected)) // by the global validators
        .route("/addRequiredFactor", post(add_required_factor))
        .fallback(get(page))
        .with_state(app)
        .layer(AuthLayer::new(auth.clone()))
        .layer(cors_layer(&auth, [website]));

    let listener = tokio::net::TcpListener::bind(options.addr).await?;
    println!("Open {}", options.website_domain());
    auth_axum::serve(listener, router, stop_signal()).await;
    auth.shutdown().await;
    Ok(())
}

async fn session_info(State(app): Shared, session: Session) -> Answer {
    Ok(Reply(app.session_info(&session).await?))
}

async fn protected(State(app): Shared, session: Session) -> Reply {
    Reply(app.protected(&session))
}

async fn send_code(State(app): Shared, session: Session, body: Bytes) -> Answer {
    Ok(Reply(app.send_code(&session, &body).await?))
}

async fn confirm_code(State(app): Shared, session: Session, body: Bytes) -> Answer {
    Ok(Reply(app.confirm_code(&session, &body).await?))
}

async fn add_required_factor(State(app): Shared, session: Session, body: Bytes) -> Answer {
    Ok(Reply(app.add_required_factor(&session, &body).await?))
}

async fn sign_out_everywhere(State(app): Shared, session: Session) -> Answer {
    Ok(Reply(app.sign_out_everywhere(&session).await?))
}

async fn page(State(app): Shared, uri: Uri) -> Reply {
    Reply(app.page(uri.path()).await)
}
