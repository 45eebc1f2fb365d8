//! A transaction on its way through a queue.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    task::{Context, Poll, Waker},
};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::oneshot;

use crate::{EngineError, StorageError, storage::Tx};

/// A transaction whose result type is forgotten, so that one queue holds them all.
pub(super) trait Job: Send {
    /// Whether nobody waits for the result any more.
    fn is_abandoned(&self) -> bool;

    /// Runs the body; true if what it wrote is to be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;

    /// What the database said when the body failed.
    fn storage_error(&self) -> Option<StorageError>;

    /// Hands the result to the caller. An `outcome` that is an error takes the place of a success
    /// that didn't last.
    fn settle(self: Box<Self>, outcome: Result<(), StorageError>);
}

/// A closure, the caller who waits for it, and the result in between.
pub(super) struct Pending<T, F> {
    body: F,
    result: Option<Result<T, EngineError>>,
    caller: oneshot::Sender<Result<T, EngineError>>,
}

/// Where the caller waits.
pub(super) type Answer<T> = oneshot::Receiver<Result<T, EngineError>>;

impl<T, F> Pending<T, F>
where
    F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>>,
{
    pub(super) fn new(body: F) -> (Self, Answer<T>) {
        let (caller, answer) = oneshot::channel();
        (Self { body, result: None, caller }, answer)
    }
}

impl<T, F> Job for Pending<T, F>
where
    T: Send,
    F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>> + Send,
{
    fn is_abandoned(&self) -> bool {
        self.caller.is_closed()
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        // Whatever a panic leaves half done in the database is rolled back.
        let result = catch_unwind(AssertUnwindSafe(|| {
            let result = poll_once((self.body)(tx));
            tx.finish(result)
        }));
        self.result.insert(result.unwrap_or_else(|_| internal("a transaction panicked"))).is_ok()
    }

    fn storage_error(&self) -> Option<StorageError> {
        match &self.result {
            Some(Err(EngineError::Storage(error))) => Some(error.clone()),
            _ => None,
        }
    }

    fn settle(self: Box<Self>, outcome: Result<(), StorageError>) {
        let result = match (self.result, outcome) {
            (Some(Ok(_)) | None, Err(error)) => Err(error.into()),
            (Some(result), _) => result,
            (None, Ok(())) => internal("a transaction was not run"),
        };
        // A caller that has gone needs no answer.
        let _ = self.caller.send(result);
    }
}

/// A transaction on SQLite never waits, so its future is ready at the first poll.
fn poll_once<T>(mut body: BoxFuture<'_, Result<T, EngineError>>) -> Result<T, EngineError> {
    match body.poll_unpin(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => internal("a transaction awaited something other than its own Tx"),
    }
}

fn internal<T>(text: &str) -> Result<T, EngineError> {
    Err(EngineError::Internal(text.to_owned()))
}
