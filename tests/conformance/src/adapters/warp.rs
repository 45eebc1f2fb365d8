//! The test application on warp.

use std::net::Ipv4Addr;

use auth_core::{Context, recipes::session::Session};
use auth_warp::{
    AuthError, AuthService, context, cors, optional_session, serve, session, verify_session,
};
use bytes::{Buf, Bytes};
use futures_util::{Stream, StreamExt, TryStreamExt, future::BoxFuture, stream};
use http::{HeaderValue, Method};
use parking_lot::Mutex;
use warp::{Filter, Reply, filters::BoxedFilter, reply::Response};

use crate::{
    Adapter, RunningServer,
    app::{Answer, AnswerBody, AppRoute, Guard, Site},
};

/// `auth-warp`.
#[derive(Debug)]
pub struct Warp;

impl Adapter for Warp {
    fn name(&self) -> &'static str {
        "warp"
    }

    fn has_http2(&self) -> bool {
        true
    }

    fn serve(&self, site: Site) -> BoxFuture<'static, RunningServer> {
        Box::pin(async move {
            let service = mount(&site);
            let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
            let listener = listener.expect("a free port");
            let address = listener.local_addr().expect("an address");
            let task = tokio::spawn(serve(listener, service, std::future::pending()));
            RunningServer::new(address, task)
        })
    }
}

fn mount(site: &Site) -> AuthService {
    let nothing = warp::any().and_then(async || Err::<Response, _>(warp::reject())).boxed();
    let application = site.routes().into_iter().fold(nothing, |application, route| {
        let filter = segments(site.prefix).and(segments(route.path)).and(warp::path::end());
        application.or(filter.and(handler(route))).unify().boxed()
    });
    let service = AuthService::new(site.auth.clone(), application);
    match site.website {
        None => service,
        Some(website) => service.cors(cors(&site.auth, [website])),
    }
}

fn segments(path: &'static str) -> BoxedFilter<()> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.fold(warp::any().boxed(), |path, segment| path.and(warp::path(segment)).boxed())
}

fn method(method: Option<Method>) -> BoxedFilter<()> {
    match method {
        None => warp::any().boxed(),
        Some(Method::GET) => warp::get().boxed(),
        Some(Method::POST) => warp::post().boxed(),
        Some(method) => panic!("no route has the method {method}"),
    }
}

fn handler(route: AppRoute) -> BoxedFilter<(Response,)> {
    let session = match route.guard.clone() {
        Guard::None => warp::any().map(|| None).boxed(),
        Guard::Required => session().map(Some).boxed(),
        Guard::Optional => optional_session().boxed(),
        Guard::Options(options) => verify_session(options).boxed(),
    };
    method(route.method.clone())
        .and(session)
        .and(context())
        .and(warp::body::stream())
        .then(move |session, cx, body| run(route.clone(), session, cx, body))
        .map(Reply::into_response)
        .boxed()
}

async fn run<B: Buf>(
    route: AppRoute,
    session: Option<Session>,
    cx: Context,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Result<Response, AuthError> {
    let pieces = body.map_ok(|mut piece| piece.copy_to_bytes(piece.remaining()));
    Ok(respond(route.run(cx, session, pieces).await?))
}

fn respond(answer: Answer) -> Response {
    let mut response = match answer.body {
        AnswerBody::Whole(body) => Response::new(body.into()),
        AnswerBody::Pieces(pieces) => {
            // Warp wants streams that threads can share.
            let pieces = Mutex::new(pieces);
            let shared = stream::poll_fn(move |task| pieces.lock().poll_next_unpin(task));
            warp::reply::stream::<_, Bytes, _>(shared).into_response()
        }
    };
    if let Some(status) = answer.status {
        *response.status_mut() = status.try_into().expect("a status");
    }
    for (name, value) in answer.headers {
        response.headers_mut().append(name, HeaderValue::try_from(value).expect("a value"));
    }
    response
}
