//! A server.

use std::{convert::Infallible, pin::pin, time::Duration};

use http::Request;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::net::TcpListener;
use tower::Service;
use warp::reply::Response;

/// How long to wait before another connection is accepted, where the system has no room for one.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Runs an [`AuthService`](crate::AuthService) on a listener, by HTTP/1.1 and HTTP/2, until `shutdown` is
/// ready and the requests that have begun are answered. Clients' addresses aren't known to it:
/// `warp::addr::remote` gives `None`.
///
/// ```
/// # use warp::Filter;
/// # async fn run(auth: auth_core::Auth) -> std::io::Result<()> {
/// let service = auth_warp::AuthService::new(auth, warp::any().map(|| "hello"));
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:3001").await?;
/// auth_warp::serve(listener, service, std::future::pending()).await;
/// # Ok(())
/// # }
/// ```
pub async fn serve<S>(listener: TcpListener, service: S, shutdown: impl Future<Output = ()>)
where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible> + Clone,
    S: Send + 'static,
    S::Future: Send,
{
    let (server, connections) = (Builder::new(TokioExecutor::new()), GracefulShutdown::new());
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let service = TowerToHyperService::new(service.clone());
        let connection = server.serve_connection_with_upgrades(TokioIo::new(stream), service);
        // One that fails is its client's affair.
        tokio::spawn(connections.watch(connection.into_owned()));
    }
    drop(listener);
    connections.shutdown().await;
}
