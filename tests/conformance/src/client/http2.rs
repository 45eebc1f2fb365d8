//! HTTP/2 by prior knowledge.

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http2::handshake;
use hyper_util::rt::{TokioExecutor, TokioIo};

use super::{Reply, Req};
use crate::adapter::Stream;

/// Sends a request by HTTP/2, and reads the whole response.
pub(crate) async fn exchange_http2(stream: Box<dyn Stream>, request: &Req) -> Reply {
    let (mut sender, connection) =
        handshake(TokioExecutor::new(), TokioIo::new(stream)).await.expect("HTTP/2 is spoken");
    let connection = tokio::spawn(connection);
    let uri: Uri = format!("http://api.example.com{}", request.target).parse().expect("a target");
    let mut builder = Request::builder().method(request.method.as_str()).uri(uri);
    for (name, value) in request.headers() {
        builder = builder.header(name, value);
    }
    let body = Full::new(Bytes::copy_from_slice(request.body_bytes()));
    let response = sender.send_request(builder.body(body).expect("a request")).await;
    let (head, body) = response.expect("a response").into_parts();
    let headers = head.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), value.to_str().expect("visible characters").to_owned())
    });
    let headers = headers.collect();
    let body = body.collect().await.expect("a whole body").to_bytes().to_vec();
    connection.abort();
    Reply { status: head.status.as_u16(), headers, body }
}
