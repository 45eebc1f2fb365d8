//! The application under test, without its framework: routes, and what each does.
//!
//! An adapter mounts every one of [`routes`] by its framework's means: the guard decides how the
//! session is asked for, and the handler hands a [`Call`] to the route's action.

mod actions;
mod claims;
mod routes;

use auth_core::{
    Context, Error,
    recipes::session::{Session, SessionOptions},
};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::Method;
use serde_json::Value;

pub use claims::{CODES, LEVEL, SECOND_FACTOR, SecondFactorPending};
pub use routes::routes;

/// A route of the application.
#[derive(Clone)]
pub struct AppRoute {
    /// The method; `None` for all of them.
    pub method: Option<Method>,
    /// The path, without parameters.
    pub path: &'static str,
    /// How its session is asked for.
    pub guard: Guard,
    /// What it does.
    pub action: Action,
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

/// What a route does.
pub type Action = fn(Call) -> BoxFuture<'static, Result<Answer, Error>>;

/// A request to a route.
pub struct Call {
    /// Its context.
    pub cx: Context,
    /// Its session.
    pub session: Option<Session>,
    /// Its body.
    pub body: Bytes,
}

/// A route's answer.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status code; 200 unless it is set.
    pub status: Option<u16>,
    /// Header lines of the application's own; several of one name stay several.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    fn json(body: &Value) -> Self {
        Self {
            status: None,
            headers: vec![("content-type", "application/json; charset=utf-8".to_owned())],
            body: body.to_string().into(),
        }
    }

    fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}
