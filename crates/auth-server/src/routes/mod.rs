//! What is served where.

mod api_version;
mod config;
mod features;
mod hello;
mod jwks;
mod metrics;
mod operation;
mod stats;
mod table;
mod tags;
mod telemetry;
mod tenant;
mod tenant_changes;
mod versions;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use http::Method;

pub(crate) use self::{
    hello::Buckets,
    stats::RequestStats,
    table::{RouteTable, Routes},
};
use crate::{
    answer::{CdiError, Reply},
    request::Call,
    server::Inner,
};

type Handler =
    Box<dyn Fn(Arc<Inner>, Call) -> BoxFuture<'static, Result<Reply, CdiError>> + Send + Sync>;

/// One method of a path.
pub(crate) struct Route {
    name: &'static str,
    method: Method,
    path: &'static str,
    rid: Option<&'static str>,
    is_open: bool,
    handler: Handler,
}

impl Route {
    fn new<F, Fut>(name: &'static str, method: Method, path: &'static str, handler: F) -> Self
    where
        F: Fn(Arc<Inner>, Call) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Reply, CdiError>> + Send + 'static,
    {
        let handler: Handler = Box::new(move |server, call| Box::pin(handler(server, call)));
        Self { name, method, path, rid: None, is_open: false, handler }
    }

    fn with_rid(mut self, rid: Option<&'static str>) -> Self {
        self.rid = rid;
        self
    }

    /// Serves the route without a key, too.
    fn open(mut self) -> Self {
        self.is_open = true;
        self
    }

    /// The operation's name.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Answers a call.
    pub(crate) fn run(
        &self,
        server: Arc<Inner>,
        call: Call,
    ) -> BoxFuture<'static, Result<Reply, CdiError>> {
        (self.handler)(server, call)
    }
}
