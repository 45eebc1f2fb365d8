//! What the suite needs of a framework.

use std::{fmt, net::SocketAddr};

use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;

use crate::app::Site;

/// A framework's adapter under test.
///
/// An implementation mounts [`Site::routes`] by its framework's means and with the adapter's
/// middleware around them, and is done: it knows no case. What it must see to:
///
/// * Everything, the middleware included, lies below [`Site::prefix`].
/// * A handler asks for its session as its route's [`Guard`](crate::app::Guard) says, each by the
///   means that the adapter has for it, and gives the context, the session and the body, as a
///   stream of whatever pieces arrive, to [`AppRoute::run`](crate::app::AppRoute::run). An error
///   of that goes the way that the adapter has for its errors.
/// * Bodies have no limit of the framework's, and the pieces aren't put together on their way, nor
///   are those of a [streamed answer](crate::app::AnswerBody).
/// * An answer's header lines are appended, so that several of one name stay several.
/// * What no route serves, the framework answers itself with 404 or 405.
/// * Headers that the framework adds to every response by itself are turned off, `date` and
///   `server` excepted.
pub trait Adapter: Send + Sync {
    /// The framework's name, as trials show it.
    fn name(&self) -> &'static str;

    /// Whether the server speaks HTTP/2 to clients that begin with it (prior knowledge, no TLS).
    fn has_http2(&self) -> bool {
        false
    }

    /// Serves the [test application](crate::app) on a free port of the loopback address. It is
    /// called within a current-thread tokio runtime; a framework that wants another starts it.
    fn serve(&self, site: Site) -> BoxFuture<'static, RunningServer>;
}

/// A server that stops when it is dropped.
pub struct RunningServer {
    address: SocketAddr,
    stop: Option<Box<dyn FnOnce() + Send>>,
}

impl RunningServer {
    /// A server on this address that lives as long as the task.
    pub fn new(address: SocketAddr, task: JoinHandle<()>) -> Self {
        Self::stopped_by(address, move || task.abort())
    }

    /// A server on this address that stops, now or soon, when it is told to.
    pub fn stopped_by(address: SocketAddr, stop: impl FnOnce() + Send + 'static) -> Self {
        Self { address, stop: Some(Box::new(stop)) }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop();
        }
    }
}

impl fmt::Debug for RunningServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunningServer").field("address", &self.address).finish_non_exhaustive()
    }
}
