//! Clients that send half of something.
#![allow(clippy::unwrap_used)] // a failed test panics

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use auth_serve::{Ended, Limits, serve_with};
use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{Instant, timeout},
};

const SHORT: Duration = Duration::from_millis(300);

/// No test may wait for longer.
const PATIENCE: Duration = Duration::from_secs(30);

async fn start(limits: Limits) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<Ended>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let service = tower::service_fn(|request: Request<Incoming>| async {
        let body = request.into_body().collect().await;
        let answer = body.map_or("cut off".to_owned(), |body| body.to_bytes().len().to_string());
        Ok::<_, Infallible>(Response::new(answer))
    });
    let server = tokio::spawn(async move {
        serve_with(listener, limits, |_| service, async { stopped.await.unwrap() }).await
    });
    (address, stop, server)
}

async fn connect(address: SocketAddr, start: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(start.as_bytes()).await.unwrap();
    stream
}

const HALVES: [&str; 5] = [
    "",
    "P",
    "GET / HTTP/1.1\r\nhost: a\r\nx-half",
    "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhalf",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
];

#[tokio::test]
async fn whatever_stays_away_the_connection_is_closed() {
    let limits = Limits::default().head(SHORT).idle(SHORT * 2);
    let (address, _stop, _server) = start(limits).await;
    let idle = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    for half in HALVES.into_iter().chain([idle]) {
        let mut stream = connect(address, half).await;
        let closed = timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await;
        assert!(closed.is_ok(), "{half:?} holds a descriptor");
    }
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_has_no_longer() {
    let limits = Limits::default().head(SHORT).idle(PATIENCE);
    let (address, _stop, _server) = start(limits).await;
    let mut stream = connect(address, "GET / HTTP/1.1\r\n").await;
    let start = Instant::now();
    while stream.write_all(b"x").await.is_ok() {
        assert!(start.elapsed() < PATIENCE, "it is waited for");
        tokio::time::sleep(SHORT / 10).await;
    }
}

#[tokio::test]
async fn half_requests_do_not_keep_the_server_from_ending() {
    let (address, stop, server) = start(Limits::default().shutdown(SHORT)).await;
    let mut streams = Vec::new();
    for half in HALVES {
        streams.push(connect(address, half).await);
    }
    // One that is answered, so that the others have arrived.
    let mut whole = connect(address, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    whole.read_u8().await.unwrap();
    stop.send(()).unwrap();
    assert_eq!(timeout(PATIENCE, server).await.unwrap().unwrap(), Ended::CutOff);
    drop(streams);
}

#[tokio::test]
async fn what_has_begun_is_answered() {
    let (address, stop, server) = start(Limits::default()).await;
    let mut stream = connect(
        address,
        "POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n",
    )
    .await;
    // It wants the body.
    stream.read_u8().await.unwrap();
    stop.send(()).unwrap();
    while TcpStream::connect(address).await.is_ok() {}
    stream.write_all(b"ab").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.ends_with("\r\n\r\n2"), "{answer}");
    assert_eq!(server.await.unwrap(), Ended::InTime);
}
