//! What the suite needs of a framework.

use std::{fmt, net::SocketAddr};

use futures_util::future::BoxFuture;
use tokio::{
    io::{AsyncRead, AsyncWrite, DuplexStream},
    net::TcpStream,
    task::JoinHandle,
};

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
/// * Where [`Site::website`] is set, CORS for it lies around everything, by the adapter's means.
/// * Headers that the framework adds to every response by itself are turned off, `date` and
///   `server` excepted.
pub trait Adapter: Send + Sync {
    /// The framework's name, as trials show it.
    fn name(&self) -> &'static str;

    /// Whether the server speaks HTTP/2 to clients that begin with it (prior knowledge, no TLS).
    fn has_http2(&self) -> bool {
        false
    }

    /// Whether the framework shows header lines that aren't text.
    fn shows_bytes(&self) -> bool {
        true
    }

    /// Serves the [test application](crate::app) on a free port of the loopback address. It is
    /// called within a current-thread tokio runtime; a framework that wants another starts it.
    fn serve(&self, site: Site) -> BoxFuture<'static, RunningServer>;
}

/// Both ways of a connection.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A server that stops when it is dropped.
pub struct RunningServer {
    door: Door,
    stop: Option<Box<dyn FnOnce() + Send>>,
}

enum Door {
    Address(SocketAddr),
    InProcess(Box<dyn Fn(DuplexStream) + Send + Sync>),
}

/// How much of a message waits for its reader, in process.
const IN_PROCESS_BUFFER_BYTES: usize = 64 * 1024;

impl RunningServer {
    /// A server on this address that lives as long as the task.
    pub fn new(address: SocketAddr, task: JoinHandle<()>) -> Self {
        Self::stopped_by(address, move || task.abort())
    }

    /// A server on this address that stops, now or soon, when it is told to.
    pub fn stopped_by(address: SocketAddr, stop: impl FnOnce() + Send + 'static) -> Self {
        Self { door: Door::Address(address), stop: Some(Box::new(stop)) }
    }

    /// A server without an address, which gets its end of each connection.
    pub fn in_process(accept: impl Fn(DuplexStream) + Send + Sync + 'static) -> Self {
        Self { door: Door::InProcess(Box::new(accept)), stop: None }
    }

    /// Connects to it.
    pub(crate) async fn connect(&self) -> Box<dyn Stream> {
        match &self.door {
            Door::Address(address) => {
                let stream = TcpStream::connect(address).await.expect("the server listens");
                stream.set_nodelay(true).expect("a connected socket");
                Box::new(stream)
            }
            Door::InProcess(accept) => {
                let (ours, theirs) = tokio::io::duplex(IN_PROCESS_BUFFER_BYTES);
                accept(theirs);
                Box::new(ours)
            }
        }
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
        let address = match &self.door {
            Door::Address(address) => Some(address),
            Door::InProcess(_) => None,
        };
        f.debug_struct("RunningServer").field("address", &address).finish_non_exhaustive()
    }
}
