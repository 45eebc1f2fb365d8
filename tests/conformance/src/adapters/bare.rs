//! The test application on auth-core alone, in process.

use std::{convert::Infallible, net::Ipv4Addr, sync::Arc};

use auth_core::{Auth, Context, Error, http::Cors, recipes::session::SessionOptions};
use bytes::Bytes;
use futures_util::{StreamExt, future::BoxFuture};
use http::{HeaderValue, Request, Response, StatusCode, request::Parts};
use http_body_util::{BodyExt, Collected, Full, Limited, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    body::{Frame, Incoming},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};

use crate::{
    Adapter, RunningServer,
    app::{Answer, AnswerBody, AppRoute, Guard, Site},
};

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// No adapter and no socket: what an adapter has to do, as [`auth_core`] says it. It is what the
/// suite runs on after a change of a line.
#[derive(Debug)]
pub struct Bare;

impl Adapter for Bare {
    fn name(&self) -> &'static str {
        "bare"
    }

    fn has_http2(&self) -> bool {
        true
    }

    fn serve(&self, site: Site) -> BoxFuture<'static, RunningServer> {
        let (routes, prefix) = (site.routes(), site.prefix);
        let cors = site.website.map(|website| Cors::new(&site.auth, [website]));
        let application = Arc::new(Application { auth: site.auth, cors, prefix, routes });
        let server = RunningServer::in_process(move |stream| {
            let application = Arc::clone(&application);
            let service = service_fn(move |request| {
                let application = Arc::clone(&application);
                async move { Ok::<_, Infallible>(application.answer(request).await) }
            });
            let mut server = Builder::new(TokioExecutor::new());
            server.http1().half_close(true);
            let connection = server.serve_connection(TokioIo::new(stream), service);
            tokio::spawn(connection.into_owned());
        });
        Box::pin(async { server })
    }
}

struct Application {
    auth: Auth,
    cors: Option<Cors>,
    prefix: &'static str,
    routes: Vec<AppRoute>,
}

impl Application {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let head = auth_core::Request::new(parts.method.clone(), target, &parts.headers)
            .with_peer_address(Some(Ipv4Addr::LOCALHOST.into()));
        let Some(cors) = &self.cors else { return self.inner(head, parts, body).await };
        if let Some(answer) = cors.preflight_response(&head) {
            return neutral(answer);
        }
        let mut answer = self.inner(head.clone(), parts, body).await;
        cors.apply_to(&head, answer.headers_mut());
        answer
    }

    /// What lies within CORS.
    async fn inner(
        &self,
        head: auth_core::Request,
        parts: Parts,
        body: Incoming,
    ) -> Response<Body> {
        if let Some(route) = self.auth.route_of(&head) {
            let read_body = |limit_bytes| async move {
                Limited::new(body, limit_bytes).collect().await.ok().map(Collected::to_bytes)
            };
            return neutral(self.auth.serve(route, head, read_body).await);
        }
        let cx = Context::for_request(self.auth.clone(), head);
        let mut answer = match self.own(&cx, &parts, body).await {
            Ok(answer) => answer,
            Err(error) => neutral(self.auth.error_response(&cx, &error).await),
        };
        cx.changes().apply_to(answer.headers_mut());
        answer
    }

    /// The route of a request, or the status that says that there is none.
    fn find(&self, parts: &Parts) -> Result<&AppRoute, StatusCode> {
        let path = parts.uri.path().strip_prefix(self.prefix);
        let mut missing = StatusCode::NOT_FOUND;
        for route in self.routes.iter().filter(|route| Some(route.path) == path) {
            if route.method.as_ref().is_none_or(|method| *method == parts.method) {
                return Ok(route);
            }
            missing = StatusCode::METHOD_NOT_ALLOWED;
        }
        Err(missing)
    }

    /// What the application's own routes answer.
    async fn own(
        &self,
        cx: &Context,
        parts: &Parts,
        body: Incoming,
    ) -> Result<Response<Body>, Error> {
        let route = match self.find(parts) {
            Ok(route) => route,
            Err(missing) => {
                let mut answer = Response::new(Body::default());
                *answer.status_mut() = missing;
                return Ok(answer);
            }
        };
        let options = SessionOptions::new();
        let session = match &route.guard {
            Guard::None => None,
            Guard::Required => Some(cx.require_session(&options).await?),
            Guard::Optional => cx.verify_session(&options.optional()).await?,
            Guard::Options(options) => cx.guard_session(options).await?,
        };
        route.run(cx.clone(), session, body.into_data_stream()).await.map(respond)
    }
}

fn neutral(response: auth_core::Response) -> Response<Body> {
    let mut converted = Response::new(Full::new(response.body).boxed_unsync());
    *converted.status_mut() = response.status;
    *converted.headers_mut() = response.headers;
    converted
}

fn respond(answer: Answer) -> Response<Body> {
    let mut response = Response::new(match answer.body {
        AnswerBody::Whole(body) => Full::new(body).boxed_unsync(),
        AnswerBody::Pieces(pieces) => {
            StreamBody::new(pieces.map(|piece| piece.map(Frame::data))).boxed_unsync()
        }
    });
    if let Some(status) = answer.status {
        *response.status_mut() = status.try_into().expect("a status");
    }
    for (name, value) in answer.headers {
        response.headers_mut().append(name, HeaderValue::try_from(value).expect("a value"));
    }
    response
}
