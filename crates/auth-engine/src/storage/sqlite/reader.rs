//! The threads that read.

use parking_lot::Mutex;
use tokio::sync::mpsc;

use super::{connection::SqliteConnection, job::Job};
use crate::storage::Tx;

/// Serves the queue, together with other threads, until its last sender is gone.
pub(super) fn run(connection: &mut SqliteConnection, queue: &Mutex<mpsc::Receiver<Box<dyn Job>>>) {
    loop {
        let next = queue.lock().blocking_recv();
        let Some(mut job) = next else { return };
        if job.is_abandoned() {
            continue;
        }
        // A transaction, so that all that the body reads belongs to one state of the database.
        let mut outcome = connection.control("BEGIN");
        if outcome.is_ok() {
            job.run(&mut Tx::sqlite(connection));
            if connection.in_transaction() {
                outcome = connection.control("ROLLBACK");
            }
        }
        job.settle(outcome);
    }
}
