//! The test application on poem.

use std::{collections::BTreeMap, io, net::Ipv4Addr};

use auth_poem::{
    AuthContext, AuthError, AuthMiddleware, OptionalSession, Session, cors, verify_session,
};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use poem::{
    Body, Endpoint, EndpointExt, FromRequest, IntoEndpoint, Request, Response, Route, RouteMethod,
    Server, endpoint::BoxEndpoint, http::HeaderValue, listener::TcpAcceptor,
};

use crate::{
    Adapter, RunningServer,
    app::{Answer, AnswerBody, AppRoute, Guard, Site},
};

/// `auth-poem`.
#[derive(Debug)]
pub struct Poem;

impl Adapter for Poem {
    fn name(&self) -> &'static str {
        "poem"
    }

    fn has_http2(&self) -> bool {
        true
    }

    fn serve(&self, site: Site) -> BoxFuture<'static, RunningServer> {
        Box::pin(async move {
            let routes = mount(&site);
            let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
            let listener = listener.expect("a free port");
            let address = listener.local_addr().expect("an address");
            let acceptor = TcpAcceptor::from_tokio(listener).expect("an acceptor");
            let task = tokio::spawn(async move {
                Server::new_with_acceptor(acceptor).run(routes).await.expect("the server runs");
            });
            RunningServer::new(address, task)
        })
    }
}

fn mount(site: &Site) -> BoxEndpoint<'static> {
    let (mut by_path, mut routes) = (BTreeMap::<_, RouteMethod>::new(), Route::new());
    for route in site.routes() {
        let path = route.path;
        match route.method.clone() {
            Some(method) => {
                let methods = by_path.remove(path).unwrap_or_default();
                by_path.insert(path, methods.method(method, endpoint(route)));
            }
            None => routes = routes.at(path, endpoint(route)),
        }
    }
    let routes =
        by_path.into_iter().fold(routes, |routes, (path, methods)| routes.at(path, methods));
    let application = routes.with(AuthMiddleware::new(site.auth.clone()));
    let application = match site.prefix {
        "" => application.boxed(),
        prefix => Route::new().nest(prefix, application).boxed(),
    };
    match site.website {
        None => application,
        Some(website) => application.with(cors(&site.auth, [website])).boxed(),
    }
}

fn endpoint(route: AppRoute) -> BoxEndpoint<'static> {
    match route.guard.clone() {
        Guard::Options(options) => Handler(route).with(verify_session(options)).boxed(),
        _ => Handler(route).into_endpoint().boxed(),
    }
}

struct Handler(AppRoute);

impl Endpoint for Handler {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let (request, mut body) = request.split();
        let AuthContext(cx) = AuthContext::from_request(&request, &mut body).await?;
        let session = match self.0.guard {
            Guard::None => None,
            Guard::Required => Some(Session::from_request(&request, &mut body).await?),
            Guard::Optional | Guard::Options(_) => {
                <OptionalSession>::from_request(&request, &mut body).await?.0
            }
        };
        let session = session.map(|session| session.0);
        let body = body.take()?.into_bytes_stream();
        Ok(respond(self.0.run(cx, session, body).await.map_err(AuthError::from)?))
    }
}

fn respond(answer: Answer) -> Response {
    let mut response = Response::from(match answer.body {
        AnswerBody::Whole(body) => Body::from_bytes(body),
        AnswerBody::Pieces(pieces) => {
            Body::from_bytes_stream(pieces.map(|Ok(piece)| io::Result::Ok(piece)))
        }
    });
    if let Some(status) = answer.status {
        response.set_status(status.try_into().expect("a status"));
    }
    for (name, value) in answer.headers {
        response.headers_mut().append(name, HeaderValue::try_from(value).expect("a value"));
    }
    response
}
