//! The test application on actix-web.

use std::{net::Ipv4Addr, thread};

use actix_web::{
    App, HttpResponse, HttpServer, Route,
    dev::ServerHandle,
    http::{Method, StatusCode},
    middleware::Condition,
    web::{self, Payload, ServiceConfig},
};
use auth_actix::{
    AuthContext, AuthError, OptionalSession, Session, auth_middleware, cors, verify_session,
};
use auth_core::Context;
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use crate::{
    Adapter, RunningServer,
    app::{Answer, AnswerBody, AppRoute, Guard, Site},
};

/// `auth-actix`.
#[derive(Debug)]
pub struct Actix;

impl Adapter for Actix {
    fn name(&self) -> &'static str {
        "actix"
    }

    fn has_http2(&self) -> bool {
        true
    }

    fn serve(&self, site: Site) -> BoxFuture<'static, RunningServer> {
        Box::pin(async move {
            let (started, is_started) = oneshot::channel();
            // The server has a runtime of its own, whose futures stay on its threads.
            thread::spawn(move || actix_web::rt::System::new().block_on(run(site, started)));
            let (address, handle) = is_started.await.expect("the server starts");
            RunningServer::stopped_by(address, move || drop(handle.stop(false)))
        })
    }
}

async fn run(site: Site, started: oneshot::Sender<(std::net::SocketAddr, ServerHandle)>) {
    let server = HttpServer::new(move || {
        let middleware = auth_middleware(site.auth.clone());
        let scope = web::scope(site.prefix).configure(|app| mount(app, &site)).wrap(middleware);
        let cors = Condition::new(site.website.is_some(), cors(&site.auth, site.website));
        App::new().service(scope).wrap(cors)
    });
    let server = server.workers(1).disable_signals();
    let server = server.bind_auto_h2c((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = server.addrs()[0];
    let server = server.run();
    if started.send((address, server.handle())).is_ok() {
        server.await.expect("the server runs");
    }
}

fn mount(app: &mut ServiceConfig, site: &Site) {
    for route in site.routes() {
        app.route(route.path, handler(route));
    }
}

fn handler(route: AppRoute) -> Route {
    let at = match &route.method {
        Some(method) => {
            web::method(Method::from_bytes(method.as_str().as_bytes()).expect("a method"))
        }
        None => web::route(),
    };
    match route.guard.clone() {
        Guard::None => {
            at.to(move |cx: AuthContext, body: Payload| run_route(route.clone(), cx.0, None, body))
        }
        Guard::Required => at.to(move |cx: AuthContext, session: Session, body: Payload| {
            run_route(route.clone(), cx.0, Some(session), body)
        }),
        Guard::Optional => optional(at, route),
        Guard::Options(options) => optional(at, route).wrap(verify_session(options)),
    }
}

fn optional(at: Route, route: AppRoute) -> Route {
    at.to(move |cx: AuthContext, session: OptionalSession, body: Payload| {
        run_route(route.clone(), cx.0, session.0, body)
    })
}

async fn run_route(
    route: AppRoute,
    cx: Context,
    session: Option<Session>,
    body: Payload,
) -> Result<HttpResponse, AuthError> {
    let session = session.map(|session| session.0);
    Ok(respond(route.run(cx, session, body).await?))
}

fn respond(answer: Answer) -> HttpResponse {
    let status = answer.status.map_or(Ok(StatusCode::OK), StatusCode::from_u16);
    let mut response = HttpResponse::build(status.expect("a status"));
    for header in answer.headers {
        response.append_header(header);
    }
    match answer.body {
        AnswerBody::Whole(body) => response.body(body),
        AnswerBody::Pieces(pieces) => response.streaming(pieces),
    }
}
