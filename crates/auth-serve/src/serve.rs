//! The server.

use std::{error::Error, net::SocketAddr, pin::pin, time::Duration};

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, task::JoinSet, time::timeout};
use tokio_io_timeout::TimeoutStream;
use tower::{Service, ServiceExt};

use crate::Limits;

/// How long to wait before another connection is accepted, where the system has no room for one.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every request that had begun was answered.
    InTime,
    /// Some took too long, and were cut off.
    CutOff,
}

/// Runs a service on a listener, by HTTP/1.1 and HTTP/2, until `stop` is ready; then lets the
/// requests that have begun end. The [`Limits`] are the default ones. Each request has the client's
/// `std::net::SocketAddr` in its extensions.
///
/// ```
/// use auth_serve::{serve, stop_signal};
/// use http::{Request, Response};
/// use hyper::body::Incoming;
///
/// # async fn run() -> std::io::Result<()> {
/// let service = tower::service_fn(|_: Request<Incoming>| async {
///     Ok::<_, std::convert::Infallible>(Response::new("hello".to_owned()))
/// });
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:3001").await?;
/// serve(listener, service, stop_signal()).await;
/// # Ok(())
/// # }
/// ```
pub async fn serve<S, B, E>(listener: TcpListener, service: S, stop: impl Future<Output = ()>)
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = E> + Clone + Send + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let limits = Limits::default();
    if serve_with(listener, limits, |_| service.clone(), stop).await == Ended::CutOff {
        tracing::warn!("requests that took longer than {:?} were cut off", limits.shutdown);
    }
}

/// The same with other limits, and a service for each client's address.
pub async fn serve_with<S, B, E>(
    listener: TcpListener,
    limits: Limits,
    service_for: impl Fn(SocketAddr) -> S,
    stop: impl Future<Output = ()>,
) -> Ended
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = E> + Clone + Send + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let mut server = Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(limits.head);
    server.http2().timer(TokioTimer::new());
    let graceful = GracefulShutdown::new();
    // Those that are left over end with it.
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = &mut stop => break,
        };
        let Ok((stream, client)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection can't be set to send at once");
        }
        let mut stream = TimeoutStream::new(stream);
        stream.set_read_timeout(Some(limits.idle));
        stream.set_write_timeout(Some(limits.idle));
        let service = service_for(client).map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(client);
            request
        });
        let service = TowerToHyperService::new(service);
        let io = TokioIo::new(Box::pin(stream));
        let connection = server.serve_connection_with_upgrades(io, service).into_owned();
        let connection = graceful.watch(connection);
        connections.spawn(async move {
            // One that fails is its client's affair.
            let _ = connection.await;
        });
    }
    drop(listener);
    match timeout(limits.shutdown, graceful.shutdown()).await {
        Ok(()) => Ended::InTime,
        Err(_) => Ended::CutOff,
    }
}
