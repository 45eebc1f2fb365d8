//! The application under test, without its framework: routes, and what each does.
//!
//! An [adapter](crate::Adapter) mounts every one of a [`Site`]'s routes by its framework's means:
//! the guard decides how the session is asked for, and the handler hands what it has to
//! [`AppRoute::run`].

mod actions;
mod answer;
mod claims;
mod methods;
mod probe;
mod routes;
mod site;
mod upload;

use auth_core::{
    Context, Error,
    recipes::session::{Session, SessionOptions},
};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, future::BoxFuture};
use http::Method;

pub use answer::{Answer, AnswerBody};
pub use claims::{CODES, LEVEL, SECOND_FACTOR, SecondFactorPending, SecondFactorRequired};
pub use probe::Probe;
pub use site::Site;
pub use upload::checksum;

/// A route of the application.
#[derive(Clone)]
pub struct AppRoute {
    /// The method; `None` for all of them.
    pub method: Option<Method>,
    /// The path, without parameters, below the site's prefix.
    pub path: &'static str,
    /// How its session is asked for.
    pub guard: Guard,
    action: Action,
    probe: Probe,
}

/// How a route asks for its session.
#[derive(Clone)]
pub enum Guard {
    /// Not at all.
    None,
    /// By the framework's extractor, guard or filter for a session that must be there.
    Required,
    /// By the one for a session that may be there.
    Optional,
    /// By the framework's means for a route's own options.
    Options(SessionOptions),
}

#[derive(Clone, Copy)]
enum Action {
    /// Reads the body first, however long it is.
    OnTheWhole(fn(Call) -> BoxFuture<'static, Result<Answer, Error>>),
    /// Takes the body piece by piece as it arrives, and gives its length and checksum.
    Upload,
}

/// A request to a route.
struct Call {
    cx: Context,
    session: Option<Session>,
    body: Bytes,
    probe: Probe,
}

impl AppRoute {
    /// Does what the route does. The future can be sent where the body can.
    ///
    /// # Errors
    /// Whatever a handler may return to the adapter; a body that ends early is one.
    pub async fn run<S, E>(
        &self,
        cx: Context,
        session: Option<Session>,
        body: S,
    ) -> Result<Answer, Error>
    where
        S: Stream<Item = Result<Bytes, E>>,
    {
        let mut body = std::pin::pin!(body);
        let ended_early = |_| Error::bad_input("the body ended early");
        match self.action {
            Action::OnTheWhole(act) => {
                let mut whole = BytesMut::new();
                while let Some(piece) = body.next().await {
                    whole.extend_from_slice(&piece.map_err(ended_early)?);
                }
                act(Call { cx, session, body: whole.freeze(), probe: self.probe.clone() }).await
            }
            Action::Upload => {
                let mut upload = self.probe.begin_upload();
                while let Some(piece) = body.next().await {
                    upload.take(&piece.map_err(ended_early)?);
                }
                Ok(upload.finish())
            }
        }
    }
}
