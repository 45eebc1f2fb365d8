//! Two-factor sign-in with poem: `cargo run -p example-poem`, then open the address it prints.

#![allow(clippy::needless_pass_by_value)] // handlers take what they extract

mod patient;

use std::{process::ExitCode, sync::Arc, time::Duration};

use auth_poem::{AuthError, AuthMiddleware, Reply, Session, cors, verify_session};
use example_shared::{
    App, report,
    second_factor::{any_session, second_factor_done},
    start, stop_signal,
};
use poem::{
    EndpointExt, Route, Server, get, handler,
    http::Uri,
    listener::{Listener, TcpListener},
    middleware::SizeLimit,
    post,
    web::Data,
};

use crate::patient::Patient;

type Shared<'a> = Data<&'a Arc<App>>;
type Answer = Result<Reply, AuthError>;

const BODY_LIMIT_BYTES: usize = 64 * 1024;

/// How long requests that have begun may take once the server is to end.
const SHUTDOWN: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> ExitCode {
    report(serve().await)
}

async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let (options, app) = start().await?;
    let auth = app.auth().clone();

    let any = verify_session(any_session());
    let website = options.website_domain();
    let limit = SizeLimit::new(BODY_LIMIT_BYTES);
    let routes = Route::new()
        .at("/sessioninfo", get(session_info.with(&any)))
        .at("/second-factor/code", post(send_code.with(&limit).with(&any)))
        .at("/second-factor", post(confirm_code.with(&limit).with(&any)))
        .at("/sign-out-everywhere", post(sign_out_everywhere.with(&any)))
        .at("/vault", get(protected.with(verify_session(second_factor_done()))))
        .at("/protected", get(protected)) // by the global validators
        .at("/addRequiredFactor", post(add_required_factor))
        .nest("/", get(page))
        .data(Arc::new(app))
        .with(AuthMiddleware::new(auth.clone()))
        .with(cors(&auth, [website]));

    let acceptor = TcpListener::bind(options.addr).into_acceptor().await?;
    println!("Open {}", options.website_domain());
    let server = Server::new_with_acceptor(Patient(acceptor));
    server.run_with_graceful_shutdown(routes, stop_signal(), Some(SHUTDOWN)).await?;
    auth.shutdown().await;
    Ok(())
}

#[handler]
async fn session_info(app: Shared<'_>, session: Session) -> Answer {
    Ok(Reply(app.session_info(&session).await?))
}

#[handler]
fn protected(app: Shared<'_>, session: Session) -> Reply {
    Reply(app.protected(&session))
}

#[handler]
async fn send_code(app: Shared<'_>, session: Session, body: Vec<u8>) -> Answer {
    Ok(Reply(app.send_code(&session, &body).await?))
}

#[handler]
async fn confirm_code(app: Shared<'_>, session: Session, body: Vec<u8>) -> Answer {
    Ok(Reply(app.confirm_code(&session, &body).await?))
}

#[handler]
async fn add_required_factor(app: Shared<'_>, session: Session, body: Vec<u8>) -> Answer {
    Ok(Reply(app.add_required_factor(&session, &body).await?))
}

#[handler]
async fn sign_out_everywhere(app: Shared<'_>, session: Session) -> Answer {
    Ok(Reply(app.sign_out_everywhere(&session).await?))
}

#[handler]
async fn page(app: Shared<'_>, uri: &Uri) -> Reply {
    Reply(app.page(uri.path()).await)
}
