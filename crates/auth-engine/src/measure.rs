//! What the engine counts, by the facade of the crate `metrics`: an application that installs a
//! recorder sees it, and without one it costs next to nothing.

use std::time::Instant;

use auth_protocol::{Operation, TenantScope};
use metrics::{counter, gauge, histogram};
use tracing::Instrument;

#[cfg(feature = "postgres")]
use crate::PoolHealth;
use crate::{
    Engine, EngineError,
    handle::{Answers, counted::Counted},
};

impl Engine {
    /// Carries an operation out in an app and tenant, counted and in a span of its own. The span has
    /// the operation's name, app and tenant, and nothing of its contents.
    ///
    /// What the wire reports with HTTP 200 is in the response's variants.
    ///
    /// # Errors
    /// The operation was refused or couldn't be done, and nothing was written.
    pub async fn handle<O: Operation>(
        &self,
        scope: &TenantScope,
        operation: O,
    ) -> Result<O::Response, EngineError>
    where
        Self: Answers<O>,
    {
        let start = Instant::now();
        let span = tracing::debug_span!(
            "operation",
            name = O::NAME,
            app = %scope.app,
            tenant = %scope.tenant
        );
        let answer = self.carry_out(scope, operation, Counted(())).instrument(span).await;
        let outcome = match &answer {
            Ok(_) => "ok",
            Err(
                EngineError::BadRequest(_)
                | EngineError::Forbidden(_)
                | EngineError::TenantOrAppNotFound(_),
            ) => "refused",
            Err(error) if error.is_unavailable() => "unavailable",
            Err(_) => "failed",
        };
        counter!("auth_operations_total", "operation" => O::NAME, "outcome" => outcome)
            .increment(1);
        histogram!("auth_operation_seconds", "operation" => O::NAME).record(start.elapsed());
        answer
    }
}

/// How many transactions shared a commit.
#[cfg(feature = "sqlite")]
pub(crate) fn group_commit(transactions: usize) {
    let transactions = u32::try_from(transactions).unwrap_or(u32::MAX);
    histogram!("auth_group_commit_size").record(f64::from(transactions));
}

/// A transaction is run again.
#[cfg(feature = "postgres")]
pub(crate) fn retry() {
    counter!("auth_transaction_retries_total").increment(1);
}

/// The state of the engine's own pool when a connection was taken, and since when it had been waited
/// for. The pools of tenants' databases are many, and have their waits counted alone.
#[cfg(feature = "postgres")]
pub(crate) fn pool(state: Option<PoolHealth>, since: Instant) {
    histogram!("auth_pool_wait_seconds").record(since.elapsed());
    let Some(state) = state else { return };
    gauge!("auth_pool_connections", "state" => "open").set(number(state.open));
    gauge!("auth_pool_connections", "state" => "in_use").set(number(state.in_use));
    gauge!("auth_pool_waiting").set(number(state.waiting));
}

/// The databases of tenants: how many are open and how many can't be reached, and the connections of
/// all of them.
#[cfg(feature = "postgres")]
pub(crate) fn tenant_databases(open: usize, down: usize, connections: usize) {
    gauge!("auth_tenant_databases", "state" => "open").set(number(open));
    gauge!("auth_tenant_databases", "state" => "down").set(number(down));
    gauge!("auth_tenant_database_connections").set(number(connections));
}

#[cfg(feature = "postgres")]
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A password isn't hashed, because too many wait.
pub(crate) fn refused_password() {
    counter!("auth_hashing_refused_total").increment(1);
}

/// A password that waits for a thread to hash it; counted until it is dropped.
pub(crate) struct InHashingQueue(Instant);

impl InHashingQueue {
    pub(crate) fn enter() -> Self {
        gauge!("auth_hashing_queue_length").increment(1.0);
        Self(Instant::now())
    }

    /// It is its turn.
    pub(crate) fn leave(self) {
        histogram!("auth_hashing_wait_seconds").record(self.0.elapsed());
    }
}

impl Drop for InHashingQueue {
    fn drop(&mut self) {
        gauge!("auth_hashing_queue_length").decrement(1.0);
    }
}
