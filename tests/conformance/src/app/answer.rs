//! What a route gives back.

use std::{convert::Infallible, fmt};

use bytes::Bytes;
use futures_util::stream::BoxStream;
use serde_json::Value;

/// A route's answer.
#[derive(Debug, Default)]
pub struct Answer {
    /// The status code; 200 unless it is set.
    pub status: Option<u16>,
    /// Header lines of the application's own; several of one name stay several.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: AnswerBody,
}

/// The body of an answer.
pub enum AnswerBody {
    /// All of it.
    Whole(Bytes),
    /// Pieces, each to be sent as soon as it is there.
    Pieces(BoxStream<'static, Result<Bytes, Infallible>>),
}

impl Answer {
    pub(super) fn json(body: &Value) -> Self {
        Self::default()
            .header("content-type", "application/json; charset=utf-8")
            .body(body.to_string())
    }

    pub(super) fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(super) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = AnswerBody::Whole(body.into());
        self
    }
}

impl Default for AnswerBody {
    fn default() -> Self {
        Self::Whole(Bytes::new())
    }
}

impl fmt::Debug for AnswerBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(body) => write!(f, "Whole({} bytes)", body.len()),
            Self::Pieces(_) => f.write_str("Pieces"),
        }
    }
}
