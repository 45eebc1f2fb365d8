//! The test application on plain hyper.

use std::{convert::Infallible, net::Ipv4Addr, sync::Arc};

use auth_core::recipes::session::SessionOptions;
use auth_tower::{AuthLayer, context, defer, guard_session, require_session, verify_session};
// A body of bytes or of a stream; nothing else here is axum's, but the settings of CORS.
use axum::body::Body;
use futures_util::future::BoxFuture;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tower::{ServiceBuilder, ServiceExt, service_fn};

use crate::{
    Adapter, RunningServer,
    app::{Answer, AnswerBody, AppRoute, Guard, Site},
};

/// `auth-tower` on hyper, without a framework.
#[derive(Debug)]
pub struct Hyper;

impl Adapter for Hyper {
    fn name(&self) -> &'static str {
        "hyper"
    }

    fn has_http2(&self) -> bool {
        true
    }

    fn serve(&self, site: Site) -> BoxFuture<'static, RunningServer> {
        Box::pin(async move {
            let routes: Arc<[AppRoute]> = site.routes().into();
            let application = service_fn(move |request| {
                let routes = Arc::clone(&routes);
                Box::pin(async move {
                    let answer = answer(&routes, site.prefix, request).await;
                    Ok::<_, Infallible>(answer.unwrap_or_else(|refused| refused))
                }) as BoxFuture<'static, _>
            });
            let cors = site.website.map(|website| auth_axum::cors_layer(&site.auth, [website]));
            let service = ServiceBuilder::new()
                .option_layer(cors)
                .layer(AuthLayer::new(site.auth))
                .service(application);
            let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
            let listener = listener.expect("a free port");
            let address = listener.local_addr().expect("an address");
            let task = tokio::spawn(async move {
                let server = Builder::new(TokioExecutor::new());
                loop {
                    let (stream, client) = listener.accept().await.expect("a connection");
                    let service = service.clone().map_request(move |mut request: Request<_>| {
                        request.extensions_mut().insert(client);
                        request
                    });
                    let service = TowerToHyperService::new(service);
                    let connection = server.serve_connection(TokioIo::new(stream), service);
                    tokio::spawn(connection.into_owned());
                }
            });
            RunningServer::new(address, task)
        })
    }
}

#[allow(clippy::result_large_err, reason = "what refuses a request is a whole response")]
async fn answer(
    routes: &[AppRoute],
    prefix: &str,
    request: Request<Incoming>,
) -> Result<Response<Body>, Response<Body>> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().strip_prefix(prefix);
    let here: Vec<_> = routes.iter().filter(|route| Some(route.path) == path).collect();
    let has_method =
        |route: &&&AppRoute| route.method.as_ref().is_none_or(|method| *method == parts.method);
    let Some(route) = here.iter().find(has_method) else {
        let status = match here.is_empty() {
            true => StatusCode::NOT_FOUND,
            false => StatusCode::METHOD_NOT_ALLOWED,
        };
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = status;
        return Err(answer);
    };
    let cx = context(&parts.extensions)?.clone();
    let options = SessionOptions::new();
    let session = match &route.guard {
        Guard::None => None,
        Guard::Required => Some(require_session(&parts.extensions, &options).await?),
        Guard::Optional => verify_session(&parts.extensions, &options.optional()).await?,
        Guard::Options(options) => guard_session(&parts.extensions, options).await?,
    };
    let answer = route.run(cx, session, body.into_data_stream()).await.map_err(defer)?;
    Ok(respond(answer))
}

fn respond(answer: Answer) -> Response<Body> {
    let mut response = Response::new(match answer.body {
        AnswerBody::Whole(body) => body.into(),
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
