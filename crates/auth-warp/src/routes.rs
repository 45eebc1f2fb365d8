//! The sign-in routes as a filter, so that what wraps filters wraps them too.

use std::pin::pin;

use auth_core::{Context, Request, RouteMatch};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use warp::{Filter, Rejection, Reply as _, reply::Response};

use crate::{Reply, context};

/// Serves the sign-in routes; any other request is rejected unread, for a filter after this one.
pub(crate) fn routes()
-> impl Filter<Extract = (Response,), Error = Rejection> + Clone + Send + Sync + 'static {
    context()
        .and_then(async |cx: Context| match find(&cx) {
            Some(route) => Ok((cx, route)),
            None => Err(warp::reject::not_found()),
        })
        .untuple_one()
        .and(warp::body::stream())
        .then(serve)
}

fn find(cx: &Context) -> Option<(Request, RouteMatch)> {
    let head = cx.request()?;
    let route = cx.auth().route(head.method(), head.path(), head.header("rid"))?;
    Some((Request::clone(head), route))
}

async fn serve<B: Buf>(
    cx: Context,
    (head, route): (Request, RouteMatch),
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Response {
    let read_body = |limit_bytes| read(body, limit_bytes);
    Reply(cx.auth().serve(route, head, read_body).await).into_response()
}

/// Reads a body up to a limit.
async fn read<B: Buf>(
    body: impl Stream<Item = Result<B, warp::Error>>,
    limit_bytes: usize,
) -> Option<Bytes> {
    let (mut body, mut whole) = (pin!(body), BytesMut::new());
    while let Some(piece) = body.next().await {
        whole.put(piece.ok()?);
        if whole.len() > limit_bytes {
            return None;
        }
    }
    Some(whole.freeze())
}
