//! The thread that writes, and commits many transactions together.

use tokio::sync::mpsc;

use super::{connection::SqliteConnection, job::Job};
use crate::{StorageError, measure, storage::Tx};

/// How many transactions share a commit at most, so that the first doesn't wait for ever.
const LARGEST_GROUP: usize = 256;

type Jobs = mpsc::Receiver<Box<dyn Job>>;

/// Serves the queue until its last sender is gone.
pub(super) fn run(mut connection: SqliteConnection, mut queue: Jobs) {
    while let Some(first) = queue.blocking_recv() {
        commit_group(&mut connection, first, &mut queue);
    }
}

/// Runs a transaction, and those that are queued behind it, with a single commit.
///
/// Each has a savepoint of its own, so that one that fails takes nothing with it. No caller gets an
/// answer before the commit: until then, what a transaction has read may not have happened.
fn commit_group(connection: &mut SqliteConnection, first: Box<dyn Job>, queue: &mut Jobs) {
    if let Err(error) = connection.control("BEGIN IMMEDIATE") {
        // The others in the queue would each wait as long for the same lock. They are taken out
        // before the first answer, as a caller who has it may already be back with a new one.
        let mut failed = vec![first];
        failed.extend(std::iter::from_fn(|| queue.try_recv().ok()).take(LARGEST_GROUP));
        for job in failed {
            job.settle(Err(error.clone()));
        }
        return;
    }
    let mut group = Vec::new();
    let mut next = Some(first);
    let mut outcome = Ok(());
    while let Some(mut job) = next.take() {
        if !job.is_abandoned() {
            outcome = in_savepoint(connection, &mut *job);
            group.push(job);
        }
        if outcome.is_ok() && group.len() < LARGEST_GROUP {
            next = queue.try_recv().ok();
        }
    }
    let outcome = outcome.and_then(|()| connection.control("COMMIT"));
    if outcome.is_err()
        && connection.in_transaction()
        && let Err(error) = connection.control("ROLLBACK")
    {
        tracing::error!(%error, "a failed transaction couldn't be rolled back");
    }
    measure::group_commit(group.len());
    for job in group {
        job.settle(outcome.clone());
    }
}

/// Runs one transaction. An error means that the whole group is lost with it.
fn in_savepoint(connection: &mut SqliteConnection, job: &mut dyn Job) -> Result<(), StorageError> {
    connection.control("SAVEPOINT job")?;
    let keep = job.run(&mut Tx::sqlite(connection));
    if !connection.in_transaction() {
        return Err(job.storage_error().unwrap_or_else(|| {
            StorageError::Other("the database ended the transaction".to_owned())
        }));
    }
    if !keep {
        connection.control("ROLLBACK TO job")?;
    }
    connection.control("RELEASE job")
}
