//! SQLite: one thread that writes, a few that read.

mod connection;
mod error;
mod job;
mod migrate;
mod reader;
mod statistics;
mod translate;
mod writer;

use std::{
    num::NonZero,
    path::PathBuf,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

pub(super) use connection::SqliteConnection;
use futures_util::future::BoxFuture;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{mpsc, oneshot};

use self::job::{Job, Pending};
use super::Tx;
use crate::EngineError;

/// How many transactions may wait before their callers do.
const QUEUE_LENGTH: usize = 1024;

/// What to open, and how.
#[derive(Clone, Debug)]
pub(crate) struct SqliteOptions {
    /// The file; `None` for a database in memory.
    pub(crate) path: Option<PathBuf>,
    /// How long to wait for another process's lock.
    pub(crate) busy_timeout: Duration,
    /// The size that the file may grow to.
    pub(crate) size_limit_bytes: Option<u64>,
}

/// A queue of transactions; gone once the store is closed.
type Queue = RwLock<Option<mpsc::Sender<Box<dyn Job>>>>;

/// The threads that hold the connections. They end when the last clone is dropped.
#[derive(Clone)]
pub(crate) struct SqliteStore(Arc<Shared>);

struct Shared {
    writer: Queue,
    /// In memory there is only the writer's connection.
    readers: Option<Queue>,
    /// The writer, then the readers.
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl SqliteStore {
    pub(super) async fn open(options: SqliteOptions, now_ms: i64) -> Result<Self, EngineError> {
        let (writes, write_queue) = mpsc::channel(QUEUE_LENGTH);
        let (opened, wait_until_opened) = oneshot::channel();
        let on_file = options.path.is_some();
        let reader_options = options.clone();
        let mut threads = vec![spawn("auth-db-writer", move || {
            match open_and_migrate(&options, now_ms) {
                Ok(connection) => {
                    // A caller that has gone has also dropped the queue.
                    let _ = opened.send(Ok(()));
                    writer::run(connection, write_queue);
                }
                Err(error) => drop(opened.send(Err(error))),
            }
        })?];
        wait_until_opened.await.map_err(|_| thread_ended())??;

        let readers = if on_file {
            let (reads, read_queue) = mpsc::channel(QUEUE_LENGTH);
            let read_queue = Arc::new(Mutex::new(read_queue));
            let count = thread::available_parallelism().map_or(2, NonZero::get).clamp(2, 8);
            for _ in 0..count {
                let mut connection = SqliteConnection::open_to_read(&reader_options)?;
                let queue = read_queue.clone();
                threads
                    .push(spawn("auth-db-reader", move || reader::run(&mut connection, &queue))?);
            }
            Some(RwLock::new(Some(reads)))
        } else {
            None
        };
        Ok(Self(Arc::new(Shared {
            writer: RwLock::new(Some(writes)),
            readers,
            threads: Mutex::new(threads),
        })))
    }

    pub(super) async fn write<T, F>(&self, body: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>>,
        F: Send + Sync + 'static,
    {
        submit(&self.0.writer, body).await
    }

    pub(super) async fn read<T, F>(&self, body: F) -> Result<T, EngineError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>>,
        F: Send + Sync + 'static,
    {
        submit(self.0.readers.as_ref().unwrap_or(&self.0.writer), body).await
    }

    /// The threads, to see that they end by themselves.
    #[cfg(test)]
    pub(super) fn take_threads(&self) -> Vec<JoinHandle<()>> {
        std::mem::take(&mut *self.0.threads.lock())
    }

    pub(super) async fn close(&self) {
        // A thread ends when its queue is empty and has no sender left. The writer's connection is
        // the last to close, because only it can move the log into the database file.
        let mut threads = std::mem::take(&mut *self.0.threads.lock());
        let readers = threads.split_off(threads.len().min(1));
        if let Some(queue) = &self.0.readers {
            queue.write().take();
        }
        join(readers).await;
        self.0.writer.write().take();
        join(threads).await;
    }
}

async fn join(threads: Vec<JoinHandle<()>>) {
    let joined = tokio::task::spawn_blocking(move || {
        threads.into_iter().map(JoinHandle::join).filter(Result::is_err).count()
    });
    if joined.await.is_ok_and(|panicked| panicked == 0) {
        return;
    }
    tracing::error!("a database thread ended with a panic");
}

fn open_and_migrate(options: &SqliteOptions, now_ms: i64) -> Result<SqliteConnection, EngineError> {
    let mut connection = SqliteConnection::open(options)?;
    migrate::migrate(&mut connection, now_ms)?;
    Ok(connection)
}

async fn submit<T, F>(queue: &Queue, body: F) -> Result<T, EngineError>
where
    T: Send + 'static,
    F: for<'t> Fn(&'t mut Tx<'_>) -> BoxFuture<'t, Result<T, EngineError>>,
    F: Send + Sync + 'static,
{
    let sender = queue.read().clone().ok_or(EngineError::ShuttingDown)?;
    let (job, answer) = Pending::new(body);
    sender.send(Box::new(job)).await.map_err(|_| thread_ended())?;
    // Not to hold the queue open while waiting for the answer.
    drop(sender);
    answer.await.map_err(|_| thread_ended())?
}

fn thread_ended() -> EngineError {
    EngineError::Internal("the database thread has ended".to_owned())
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, EngineError> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(|error| EngineError::Internal(format!("no thread for the database: {error}")))
}
