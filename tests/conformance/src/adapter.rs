//! What the suite needs of a framework.

use std::net::SocketAddr;

use auth_core::Auth;
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;

/// A framework's adapter under test.
pub trait Adapter: Send + Sync {
    /// The framework's name, as trials show it.
    fn name(&self) -> &'static str;

    /// Serves the [test application](crate::app) on a loopback address, in the current runtime.
    fn serve(&self, auth: Auth) -> BoxFuture<'static, RunningServer>;
}

/// A server that stops when it is dropped.
#[derive(Debug)]
pub struct RunningServer {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl RunningServer {
    /// A server on this address that lives as long as the task.
    pub fn new(address: SocketAddr, task: JoinHandle<()>) -> Self {
        Self { address, task }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
