//! Two-factor sign-in with actix-web: `cargo run -p example-actix`, then open the address it
//! prints.

use std::process::ExitCode;

use actix_web::{
    App, HttpServer,
    http::Uri,
    web::{Bytes, Data, get, post, resource},
};
use auth_actix::{AuthError, Reply, Session, auth_middleware, cors, verify_session};
use example_shared::{
    App as Example, report,
    second_factor::{any_session, second_factor_done},
    start, stop_signal,
};

type Shared = Data<Example>;
type Answer = Result<Reply, AuthError>;

/// How long requests that have begun may take once the server is to end.
const SHUTDOWN_SECS: u64 = 10;

#[actix_web::main]
async fn main() -> ExitCode {
    report(serve().await)
}

async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    let (options, example) = start().await?;
    let (auth, website) = (example.auth().clone(), options.website_domain());
    let example = Data::new(example);
    let server = HttpServer::new({
        let auth = auth.clone();
        move || {
            let any = || verify_session(any_session());
            App::new()
                .app_data(example.clone())
                .route("/sessioninfo", get().to(session_info).wrap(any()))
                .route("/second-factor/code", post().to(send_code).wrap(any()))
                .route("/second-factor", post().to(confirm_code).wrap(any()))
                .route("/sign-out-everywhere", post().to(sign_out_everywhere).wrap(any()))
                .route("/vault", get().to(protected).wrap(verify_session(second_factor_done())))
                .route("/protected", get().to(protected)) // by the global validators
                .route("/addRequiredFactor", post().to(add_required_factor))
                .service(resource("/{path:.*}").get(page))
                .wrap(auth_middleware(auth.clone()))
                .wrap(cors(&auth, [&website]))
        }
    });
    // It waits for heads for 5 s by itself, and for the next request as long.
    let server = server.shutdown_signal(stop_signal()).shutdown_timeout(SHUTDOWN_SECS);
    let server = server.bind(options.addr)?;
    println!("Open {}", options.website_domain());
    server.run().await?;
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

async fn page(app: Shared, uri: Uri) -> Reply {
    Reply(app.page(uri.path()).await)
}
