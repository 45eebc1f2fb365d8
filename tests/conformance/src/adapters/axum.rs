//! The test application on axum.

use std::net::{Ipv4Addr, SocketAddr};

use auth_axum::{AuthContext, AuthError, AuthLayer, Session, cors_layer, verify_session};
use auth_core::Context;
use axum::{
    Router,
    body::Body,
    http::{HeaderValue, Response},
    routing::{MethodFilter, MethodRouter, any, on},
};
use futures_util::future::BoxFuture;
use tower::util::option_layer;

use crate::{
    Adapter, RunningServer,
    app::{Answer, AnswerBody, AppRoute, Guard, Site},
};

/// `auth-axum`.
#[derive(Debug)]
pub struct Axum;

impl Adapter for Axum {
    fn name(&self) -> &'static str {
        "axum"
    }

    fn has_http2(&self) -> bool {
        true
    }

    fn serve(&self, site: Site) -> BoxFuture<'static, RunningServer> {
        Box::pin(async move {
            let router = mount(&site).into_make_service_with_connect_info::<SocketAddr>();
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

fn mount(site: &Site) -> Router {
    let router = site
        .routes()
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, handler(route)))
        .layer(AuthLayer::new(site.auth.clone()));
    let router = match site.prefix {
        "" => router,
        prefix => Router::new().nest_service(prefix, router),
    };
    router.layer(option_layer(site.website.map(|website| cors_layer(&site.auth, [website]))))
}

fn handler(route: AppRoute) -> MethodRouter {
    let filter = route.method.clone();
    let filter = filter.map(|method| MethodFilter::try_from(method).expect("a known method"));
    match route.guard.clone() {
        Guard::None => {
            at(filter, move |AuthContext(cx): AuthContext, body: Body| run(route, cx, None, body))
        }
        Guard::Required => {
            at(filter, move |AuthContext(cx): AuthContext, session: Session, body: Body| {
                run(route, cx, Some(session), body)
            })
        }
        Guard::Optional => optional(filter, route),
        // A route layer leaves the answer to other methods alone; `any` has none.
        Guard::Options(options) if filter.is_some() => {
            optional(filter, route).route_layer(verify_session(options))
        }
        Guard::Options(options) => optional(filter, route).layer(verify_session(options)),
    }
}

fn optional(filter: Option<MethodFilter>, route: AppRoute) -> MethodRouter {
    at(filter, move |AuthContext(cx): AuthContext, session: Option<Session>, body: Body| {
        run(route, cx, session, body)
    })
}

fn at<H, T>(filter: Option<MethodFilter>, handler: H) -> MethodRouter
where
    H: axum::handler::Handler<T, ()>,
    T: 'static,
{
    match filter {
        Some(filter) => on(filter, handler),
        None => any(handler),
    }
}

async fn run(
    route: AppRoute,
    cx: Context,
    session: Option<Session>,
    body: Body,
) -> Result<Response<Body>, AuthError> {
    let session = session.map(|session| session.0);
    Ok(respond(route.run(cx, session, body.into_data_stream()).await?))
}

fn respond(answer: Answer) -> Response<Body> {
    let mut response = Response::new(match answer.body {
        AnswerBody::Whole(body) => Body::from(body),
        AnswerBody::Pieces(pieces) => Body::from_stream(pieces),
    });
    if let Some(status) = answer.status {
        *response.status_mut() = status.try_into().expect("a status");
    }
    for (name, value) in answer.headers {
        response.headers_mut().append(name, HeaderValue::try_from(value).expect("a value"));
    }
    response
}
