//! The sign-in routes as a filter, so that what wraps filters wraps them too.

use std::pin::pin;

use auth_core::Context;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use warp::{Filter, Rejection, Reply as _, reply::Response};

use crate::{Reply, context};

/// Serves a sign-in route, which the service has put into the context.
pub(crate) fn routes()
-> impl Filter<Extract = (Response,), Error = Rejection> + Clone + Send + Sync + 'static {
    context().and(warp::body::stream()).and_then(serve)
}

async fn serve<B: Buf>(
    cx: Context,
    body: impl Stream<Item = Result<B, warp::Error>>,
) -> Result<Response, Rejection> {
    let (Some(route), Some(head)) = (cx.get(), cx.request().cloned()) else {
        return Err(warp::reject::not_found());
    };
    let read_body = |limit_bytes| read(body, limit_bytes);
    Ok(Reply(cx.auth().serve(route, head, read_body).await).into_response())
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
