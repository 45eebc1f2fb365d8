//! The test application on axum.

use std::net::Ipv4Addr;

use auth_axum::{AuthContext, AuthError, AuthLayer, Session, verify_session};
use auth_core::Auth;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::DefaultBodyLimit,
    http::{HeaderValue, Response},
    routing::{MethodFilter, MethodRouter, any, on},
};
use futures_util::future::BoxFuture;

use crate::{
    Adapter, RunningServer,
    app::{Answer, AppRoute, Call, Guard, routes},
};

/// `auth-axum`.
#[derive(Debug)]
pub struct Axum;

impl Adapter for Axum {
    fn name(&self) -> &'static str {
        "axum"
    }

    fn serve(&self, auth: Auth) -> BoxFuture<'static, RunningServer> {
        Box::pin(async move {
            let router = routes()
                .into_iter()
                .fold(Router::new(), |router, route| router.route(route.path, handler(route)))
                .layer(DefaultBodyLimit::disable())
                .layer(AuthLayer::new(auth));
            let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
            let listener = listener.expect("a free port");
            let address = listener.local_addr().expect("an address");
            let task = tokio::spawn(async move {
                axum::serve(listener, router).await.expect("the server runs");
            });
            RunningServer::new(address, task)
        })
    }
}

fn handler(route: AppRoute) -> MethodRouter {
    let AppRoute { method, guard, action, .. } = route;
    let run = move |AuthContext(cx): AuthContext, session: Option<Session>, body: Bytes| async move {
        let session = session.map(|session| session.0);
        Ok::<_, AuthError>(respond(action(Call { cx, session, body }).await?))
    };
    let filter = method.map(|method| MethodFilter::try_from(method).expect("a known method"));
    match guard {
        Guard::None => mount(filter, move |cx: AuthContext, body: Bytes| run(cx, None, body)),
        Guard::Required => mount(filter, move |cx: AuthContext, session: Session, body: Bytes| {
            run(cx, Some(session), body)
        }),
        Guard::Optional => mount(filter, run),
        Guard::Options(options) => mount(filter, run).layer(verify_session(options)),
    }
}

fn mount<H, T>(filter: Option<MethodFilter>, handler: H) -> MethodRouter
where
    H: axum::handler::Handler<T, ()>,
    T: 'static,
{
    match filter {
        Some(filter) => on(filter, handler),
        None => any(handler),
    }
}

fn respond(answer: Answer) -> Response<Body> {
    let mut response = Response::new(Body::from(answer.body));
    if let Some(status) = answer.status {
        *response.status_mut() = status.try_into().expect("a status");
    }
    for (name, value) in answer.headers {
        response.headers_mut().append(name, HeaderValue::try_from(value).expect("a value"));
    }
    response
}
