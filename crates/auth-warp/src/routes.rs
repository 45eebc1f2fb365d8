//! The sign-in routes as a filter, so that what wraps filters wraps them too.

use std::pin::pin;

use auth_core::{Context, Request, RouteMatch};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use warp::{Filter, Rejection, Reply as _, reply::Response};

use crate::{Reply, context};

/// A sign-in route with the request's head, as the layer leaves them in the extensions.
pub(crate) type Found = (RouteMatch, Request);

/// Serves a sign-in route.
pub(crate) fn routes()
-> impl Filter<Extract = (Response,), Error = Rejection> + Clone + Send + Sync + 'static {
    context().and(warp::ext::get::<Found>()).and(warp::body::stream()).then(serve)
}

async fn serve<B: Buf>(
    cx: Context,
    (route, head): Found,
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
