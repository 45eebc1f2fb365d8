//! The test application on Rocket.

use std::{io::Cursor, net::Ipv4Addr, sync::Mutex};

use auth_core::{Context, recipes::session};
use auth_rocket::{AuthContext, AuthError, AuthFairing, OptionalSession, Session, verify_session};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, future::BoxFuture, stream};
use rocket::{
    Build, Catcher, Config, Data, Request, Response, Route, catcher,
    config::{LogLevel, Shutdown},
    data::ByteUnit,
    fairing::AdHoc,
    http::{Method, Status},
    outcome::try_outcome,
    request,
    response::{Responder, stream::ByteStream},
    route::{Handler, Outcome},
    shield::Shield,
    tokio::io::{AsyncRead, AsyncReadExt},
};
use tokio::sync::oneshot;

use crate::{
    Adapter, RunningServer,
    app::{Answer, AnswerBody, AppRoute, Guard, Site},
};

const METHODS: [Method; 9] = [
    Method::Get,
    Method::Put,
    Method::Post,
    Method::Delete,
    Method::Options,
    Method::Head,
    Method::Trace,
    Method::Connect,
    Method::Patch,
];

/// `auth-rocket`.
#[derive(Debug)]
pub struct Rocket;

impl Adapter for Rocket {
    fn name(&self) -> &'static str {
        "rocket"
    }

    fn has_http2(&self) -> bool {
        true
    }

    fn shows_bytes(&self) -> bool {
        false
    }

    fn serve(&self, site: Site) -> BoxFuture<'static, RunningServer> {
        Box::pin(async move {
            let (started, is_started) = oneshot::channel();
            let started = Mutex::new(Some(started));
            let rocket = mount(&site).attach(AdHoc::on_liftoff("started", move |rocket| {
                let started = started.lock().expect("nobody panics").take();
                let port = rocket.config().port;
                Box::pin(async move { started.expect("once").send(port).expect("awaited") })
            }));
            let task = tokio::spawn(async move {
                rocket.launch().await.expect("the server runs");
            });
            let port = is_started.await.expect("the server starts");
            RunningServer::new((Ipv4Addr::LOCALHOST, port).into(), task)
        })
    }
}

fn mount(site: &Site) -> rocket::Rocket<Build> {
    let config = Config {
        address: Ipv4Addr::LOCALHOST.into(),
        port: 0,
        log_level: LogLevel::Off,
        shutdown: Shutdown { ctrlc: false, signals: [].into(), ..Shutdown::default() },
        ..Config::debug_default()
    };
    let routes: Vec<Route> = site.routes().iter().flat_map(route).collect();
    let base = if site.prefix.is_empty() { "/" } else { site.prefix };
    let fairing = AuthFairing::new(site.auth.clone());
    let fairing = match site.website {
        None => fairing,
        Some(website) => fairing.cors([website]),
    };
    rocket::custom(config)
        .attach(Shield::new())
        .attach(fairing)
        .mount(base, routes)
        .register("/", [Catcher::new(400, unknown_method)])
}

/// Rocket refuses methods that it doesn't know before it looks for a route, by 400 and without
/// its fairings; the others' answer is this.
fn unknown_method<'r>(_: Status, _: &'r Request<'_>) -> catcher::BoxFuture<'r> {
    Box::pin(async { Response::build().status(Status::MethodNotAllowed).ok() })
}

fn route(route: &AppRoute) -> Vec<Route> {
    let wanted = route.method.as_ref().map(http::Method::as_str);
    METHODS
        .into_iter()
        .filter(|method| wanted.is_none_or(|wanted| wanted == method.as_str()))
        .map(|method| Route::new(method, route.path, OneRoute(route.clone())))
        .collect()
}

#[derive(Clone)]
struct OneRoute(AppRoute);

#[rocket::async_trait]
impl Handler for OneRoute {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        match self.guarded(request).await {
            request::Outcome::Success((cx, session)) => {
                let body = pieces(data.open(ByteUnit::max_value()));
                let answer = self.0.run(cx, session, body).await;
                Outcome::from(request, answer.map(Answered).map_err(AuthError::from))
            }
            request::Outcome::Error((status, _)) => Outcome::Error(status),
            request::Outcome::Forward(status) => Outcome::forward(data, status),
        }
    }
}

impl OneRoute {
    async fn guarded(
        &self,
        request: &Request<'_>,
    ) -> request::Outcome<(Context, Option<session::Session>), AuthError> {
        let AuthContext(cx) = try_outcome!(request.guard().await);
        let session = match &self.0.guard {
            Guard::None => None,
            Guard::Required => Some(try_outcome!(request.guard::<Session>().await).0),
            Guard::Optional => try_outcome!(request.guard::<OptionalSession>().await).0,
            Guard::Options(options) => try_outcome!(verify_session(request, options).await),
        };
        request::Outcome::Success((cx, session))
    }
}

fn pieces(body: impl AsyncRead + Unpin) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::unfold(body, |mut body| async move {
        let mut piece = BytesMut::with_capacity(16 * 1024);
        match body.read_buf(&mut piece).await {
            Ok(0) => None,
            Ok(_) => Some((Ok(piece.freeze()), body)),
            Err(error) => Some((Err(error), body)),
        }
    })
}

struct Answered(Answer);

impl<'r> Responder<'r, 'r> for Answered {
    fn respond_to(self, request: &'r Request<'_>) -> rocket::response::Result<'r> {
        let Answer { status, headers, body } = self.0;
        let mut response = match body {
            AnswerBody::Whole(body) => {
                Response::build().sized_body(body.len(), Cursor::new(body)).finalize()
            }
            AnswerBody::Pieces(pieces) => {
                let pieces = pieces.map(|piece| match piece {
                    Ok(piece) => piece,
                    Err(never) => match never {},
                });
                let mut response = ByteStream(pieces).respond_to(request)?;
                response.remove_header("content-type");
                response
            }
        };
        response.set_status(Status::new(status.unwrap_or(200)));
        for (name, value) in headers {
            response.adjoin_raw_header(name, value);
        }
        Ok(response)
    }
}
