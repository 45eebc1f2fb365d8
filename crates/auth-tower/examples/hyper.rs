//! Sign-in on plain hyper, without a framework: `cargo run -p auth-tower --example hyper`, then
//!
//! ```sh
//! curl -i localhost:3002/auth/signup -H 'st-auth-mode: header' -d '{"formFields":[
//!     {"id":"email","value":"ada@example.com"},{"id":"password","value":"correct1horse"}]}'
//! curl -i localhost:3002/whoami -H "authorization: Bearer $TOKEN"   # its st-access-token
//! curl -i -X POST localhost:3002/sign-out-everywhere -H "authorization: Bearer $TOKEN"
//! ```

use std::{convert::Infallible, error::Error as StdError, pin::pin};

use auth_core::{
    AppInfo, Auth,
    core::EngineConfig,
    recipes::{
        emailpassword::EmailPasswordRecipe,
        session::{Session, SessionOptions, SessionRecipe},
    },
};
use auth_tower::{AuthLayer, context, defer, require_session};
use bytes::Bytes;
use http::{Extensions, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::net::TcpListener;
use tower::{ServiceBuilder, service_fn};

const ADDRESS: &str = "127.0.0.1:3002";

type Answer = Response<Full<Bytes>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let url = format!("http://{ADDRESS}");
    let auth = Auth::builder(AppInfo::new("Plain hyper", &url, &url))
        .core(EngineConfig::sqlite_file("hyper.db"))
        .recipe(EmailPasswordRecipe::new())
        .recipe(SessionRecipe::new())
        .build()
        .await?;
    let app = ServiceBuilder::new().layer(AuthLayer::new(auth.clone())).service(service_fn(app));

    let listener = TcpListener::bind(ADDRESS).await?;
    println!("Listening on {url}");
    let (server, connections) = (Builder::new(TokioExecutor::new()), GracefulShutdown::new());
    let mut shutdown = pin!(tokio::signal::ctrl_c());
    loop {
        let (stream, _) = tokio::select! {
            accepted = listener.accept() => accepted?,
            _ = &mut shutdown => break,
        };
        let service = TowerToHyperService::new(app.clone());
        let connection = server.serve_connection(TokioIo::new(stream), service).into_owned();
        tokio::spawn(connections.watch(connection));
    }
    connections.shutdown().await;
    auth.shutdown().await;
    Ok(())
}

/// The application: what the layer passes on to it.
async fn app(request: Request<Incoming>) -> Result<Answer, Infallible> {
    let extensions = request.extensions();
    let answer = match (request.method(), request.uri().path()) {
        (&Method::GET, "/whoami") => whoami(extensions).await,
        (&Method::POST, "/sign-out-everywhere") => sign_out_everywhere(extensions).await,
        _ => Err(text(StatusCode::NOT_FOUND, "not found")),
    };
    Ok(answer.unwrap_or_else(|refused| refused))
}

async fn whoami(extensions: &Extensions) -> Result<Answer, Answer> {
    let session = require_session(extensions, &SessionOptions::new()).await?;
    Ok(text(StatusCode::OK, session.get_user_id().as_str()))
}

async fn sign_out_everywhere(extensions: &Extensions) -> Result<Answer, Answer> {
    // A session that has ended elsewhere may not end the others.
    let options = SessionOptions::new().check_database(true);
    let session: Session = require_session(extensions, &options).await?;
    let sessions = context(extensions)?.session().map_err(defer)?;
    let user_id = session.get_user_id();
    sessions.revoke_all_sessions_for_user(user_id).await.map_err(defer)?;
    session.revoke_session().await.map_err(defer)?;
    Ok(text(StatusCode::OK, "bye"))
}

fn text(status: StatusCode, text: &str) -> Answer {
    let mut answer = Response::new(text.to_owned().into());
    *answer.status_mut() = status;
    answer
}
