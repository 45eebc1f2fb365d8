//! The sign-in routes as a filter, so that what wraps filters wraps them too.

use std::pin::pin;

use auth_core::{Context, Request, RouteMatch};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use http::Extensions;
use warp::{Filter, Rejection, Reply as _, reply::Response};

use crate::{Reply, context};

/// Serves a sign-in route, which [`mark`] has found.
pub(crate) fn routes()
-> impl Filter<Extract = (Response,), Error = Rejection> + Clone + Send + Sync + 'static {
    context().and(warp::ext::get()).and(warp::body::stream()).then(serve)
}

/// Whether a request is for a sign-in route; if so, [`routes`] finds the route with it.
pub(crate) fn mark(extensions: &mut Extensions) -> bool {
    let route = extensions.get::<Context>().and_then(|cx| {
        let head = cx.request()?;
        Some(Found { head: head.clone(), route: cx.auth().route_of(head)? })
    });
    let is_found = route.is_some();
    if let Some(route) = route {
        extensions.insert(route);
    }
    is_found
}

#[derive(Clone)]
struct Found {
    head: Request,
    route: RouteMatch,
}

async fn serve<B: Buf>(
    cx: Context,
    Found { head, route }: Found,
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
